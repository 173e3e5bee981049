/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include "base/text.h"

/* The summary that a person reads first says of each change neither less nor
 * more than its danger, and stands in the order of the table. */
static enum danger heaviest(const struct plan *plan, const char *address)
{
	enum danger danger = DANGER_NONE;

	for (size_t i = 0; i < plan->risk_count; i++) {
		const struct risk *risk = &plan->risks[i];
		const enum danger weight = risk_rows[risk->kind].weight;

		if (str_equal(risk->address, address) && weight > danger)
			danger = weight;
	}
	return danger;
}

/* Several changes may have one address: an orphan and what it retired. */
static enum danger danger_at(const struct plan *plan, const char *address)
{
	enum danger danger = DANGER_NONE;

	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		if (str_equal(change->address, address) &&
		    change->danger > danger)
			danger = change->danger;
	}
	return danger;
}

const char *risks_mistaken(const struct plan *plan)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		const char *address = plan->changes[i].address;

		if (heaviest(plan, address) != danger_at(plan, address))
			return address;
	}
	for (size_t i = 1; i < plan->risk_count; i++) {
		if (plan->risks[i].kind < plan->risks[i - 1].kind)
			return plan->risks[i].address;
	}
	return NULL;
}
