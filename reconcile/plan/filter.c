/* SPDX-License-Identifier: MIT */
/* Leaving objects out of a plan: what stays is done, the rest is listed. */
#include "plan/parts.h"

#include "base/text.h"

#include <string.h>

struct filter {
	struct plan *plan;
	plan_keep_fn *keep;
	void *context;
};

/* Changes stand sorted by address: one name a run of them. */
static void leave(struct plan *plan, const struct change *change)
{
	if (plan->left_count &&
	    str_equal(plan->left[plan->left_count - 1], change->address))
		return;
	plan->left[plan->left_count++] = change->address;
}

static void uncount(struct plan *plan, const struct change *change)
{
	for (size_t i = 0; i < change->secret_count; i++)
		plan->counts.secrets[change->secrets[i].action]--;
}

static void filter_changes(const struct filter *filter)
{
	struct plan *plan = filter->plan;
	size_t kept = 0;

	plan->left = arena_alloc(plan->arena,
	                         (plan->change_count + 1) * sizeof(char *));
	plan->left_count = 0;
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		if (filter->keep(change->address, filter->context)) {
			plan->changes[kept++] = *change;
			continue;
		}
		leave(plan, change);
		uncount(plan, change);
	}
	plan->change_count = kept;
}

static void filter_notes(const struct filter *filter)
{
	struct plan *plan = filter->plan;
	size_t kept = 0;

	for (size_t i = 0; i < plan->note_count; i++) {
		const struct change *note = &plan->notes[i];

		if (filter->keep(note->address, filter->context))
			plan->notes[kept++] = *note;
	}
	plan->note_count = kept;
}

static void filter_findings(const struct filter *filter)
{
	struct plan *plan = filter->plan;
	size_t kept = 0;

	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct plan_finding *finding = &plan->findings[i];

		if (filter->keep(finding->address, filter->context))
			plan->findings[kept++] = *finding;
	}
	plan->finding_count = kept;
}

void plan_filter(struct plan *plan, plan_keep_fn *keep, void *context)
{
	const struct filter filter = { plan, keep, context };

	filter_changes(&filter);
	filter_notes(&filter);
	filter_findings(&filter);
}
