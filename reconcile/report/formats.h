/* SPDX-License-Identifier: MIT */
/* Formats: what the writers of the text format share. */
#ifndef RECONCILE_REPORT_FORMATS_H
#define RECONCILE_REPORT_FORMATS_H

#include "lint/lint.h"
#include "report/report.h"

/* How many findings there are; waived ones count only as such. */
struct finding_counts {
	size_t of[LINT_ERROR + 1]; /* by enum lint_severity */
	size_t waived;
};

struct finding_counts findings_count(const struct findings *findings);

/* The line "Plan: 1 to add, 2 to change, …". */
void counts_write(const struct plan *plan, FILE *out);
/* The line "Applied: 3 done, 1 failed, …". */
void ends_write(const struct apply_result *result, FILE *out);

/* There is a plan, nothing changes, and nothing asks for anybody. */
bool report_is_quiet(const struct report *report);
/* Beside that, nothing is to be listed or said: the counts are all of it. */
bool report_is_one_line(const struct report *report);

/* The findings of the rules, each with its source line, waived ones with their
 * reason; last how many there are of each severity. */
void text_findings(const struct report *report, FILE *out);
/* A finding's severity among those of reports. */
enum severity finding_severity(const struct finding *finding);
/* There is a warning or worse that is not waived. */
bool findings_ask(const struct findings *findings);

/* What can go wrong, the gravest first; nothing where nothing can. */
void text_risks(const struct plan *plan, FILE *out);
/* The plan's part of the text format, findings included. */
void text_plan(const struct report *report, FILE *out);
/* Each change's lines: head, danger and reasons, what it changes; changes that
 * are no notes stand apart. */
void text_changes(const struct report *report, const struct change *items,
                  size_t count, FILE *out);
/* A table of bindings, or with REPORT_DETAILS all that is known of each. */
void text_bindings(const struct report *report, FILE *out);
/* What differs between environments. */
void text_comparison(const struct report *report, FILE *out);
/* What `explain` says. */
void text_topics(const struct report *report, FILE *out);
/* Runs, each with its steps. */
void text_history(const struct report *report, FILE *out);
/* What was done of a plan. */
void text_apply(const struct apply_result *result, FILE *out);

#endif
