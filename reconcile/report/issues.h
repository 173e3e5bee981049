/* SPDX-License-Identifier: MIT */
/*
 * Issues: mistakes and findings as one list, for the formats that code hosts
 * read. Their texts are safe to be shown: nothing in them is obeyed by a
 * terminal, and no direction of writing is turned.
 */
#ifndef RECONCILE_REPORT_ISSUES_H
#define RECONCILE_REPORT_ISSUES_H

#include "lint/lint.h"
#include "report/report.h"

struct code_row;

struct issue {
	char *id; /* "TRUEUP-1101", "scope-broad", "risk-delete" */
	enum severity severity;
	struct place place;
	char *text; /* with the hints that have no place */
	/* Hex; the same while lines move and values change; unique in a list.
	 */
	char fingerprint[LINT_FINGERPRINT_SIZE];
	/* At most one is set; `report` has further places in its notes. */
	const struct diag_report *report;
	const struct finding *finding;
};

/* Risks, mistakes, findings, each in the report's order. */
struct issues {
	struct issue *items;
	size_t count;
};

enum issues_flags {
	/* Also what the plan risks, one issue a group: no mistake, but what a
	 * reader of the change must see. */
	ISSUES_RISKS = 1 << 0,
};

void issues_init(struct issues *issues, const struct report *report,
                 unsigned flags);
void issues_release(struct issues *issues);

/* By which waiver it does not count; NULL: it does. */
const struct lint_waiver *issue_waiver(const struct issue *issue);

#endif
