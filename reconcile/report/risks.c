/* SPDX-License-Identifier: MIT */
#include "report/risks.h"

#include "base/text.h"

const char *const danger_words[] = {
	[DANGER_NONE] = "none",
	[DANGER_REVIEW] = "review",
	[DANGER_DESTRUCTIVE] = "destructive",
};

const char *const danger_titles[] = {
	[DANGER_NONE] = "Without known risk",
	[DANGER_REVIEW] = "To be reviewed",
	[DANGER_DESTRUCTIVE] = "Destructive",
};

bool risk_group_next(const struct plan *plan, struct risk_group *group)
{
	const struct risk *end = plan->risks + plan->risk_count;
	const struct risk *first =
		group->risks ? group->risks + group->length : plan->risks;
	const struct risk *risk = NULL;

	if (first == end)
		return false;
	*group = (struct risk_group){
		.row = &risk_rows[first->kind],
		.risks = first,
	};
	while (first + group->length < end &&
	       first[group->length].kind == first->kind)
		group->length++;
	while ((risk = risk_next(group, risk)))
		group->count += risk->count;
	return true;
}

const struct risk *risk_next(const struct risk_group *group,
                             const struct risk *risk)
{
	const struct risk *end = group->risks + group->length;

	if (!risk)
		return group->risks;
	for (risk++; risk < end; risk++) {
		if (!risk->address ||
		    !str_equal(risk->address, risk[-1].address))
			return risk;
	}
	return NULL;
}

const char *risk_subject(const struct risk *risk)
{
	return risk->address ? risk->address : risk->text;
}
