/* SPDX-License-Identifier: MIT */
/* Formats: what the writers of the text format share. */
#ifndef RECONCILE_REPORT_FORMATS_H
#define RECONCILE_REPORT_FORMATS_H

#include "report/report.h"

/* The line "Plan: 1 to add, 2 to change, …". */
void counts_write(const struct plan *plan, FILE *out);
/* The line "Applied: 3 done, 1 failed, …". */
void ends_write(const struct apply_result *result, FILE *out);

/* The plan's part of the text format. */
void text_plan(const struct report *report, FILE *out);
/* A change's lines: head, danger and reasons, what it changes. */
void text_change(const struct report *report, const struct change *change,
                 FILE *out);
/* A table of bindings, or with REPORT_DETAILS all that is known of each. */
void text_bindings(const struct report *report, FILE *out);
/* What was done of a plan. */
void text_apply(const struct apply_result *result, FILE *out);

#endif
