/* SPDX-License-Identifier: MIT */
/*
 * Risks: the summary of what can go wrong, which every format begins with. One
 * group a row of the table of dangers that the plan meets, the gravest first:
 *
 *     struct risk_group group = { 0 };
 *
 *     while (risk_group_next(plan, &group))
 *             …
 */
#ifndef RECONCILE_REPORT_RISKS_H
#define RECONCILE_REPORT_RISKS_H

#include "plan/plan.h"

struct risk_group {
	const struct risk_row *row;
	const struct risk *risks; /* in the plan's */
	size_t length;
	uint64_t count; /* of connections; of anything else, of auth configs */
};

/* By enum danger. */
extern const char *const danger_words[];
/* Above the changes of that danger. */
extern const char *const danger_titles[];

/* False after the last. */
bool risk_group_next(const struct plan *plan, struct risk_group *group);

/* Each auth config of the group once: the first for NULL, then the one after
 * `risk`; NULL after the last. */
const struct risk *risk_next(const struct risk_group *group,
                             const struct risk *risk);

/* "prod/slack-crm"; of the policy, what it asks for. */
const char *risk_subject(const struct risk *risk);

#endif
