/* SPDX-License-Identifier: MIT */
/* Steps: what a person does, and what coverage and credential found. */
#ifndef RECONCILE_REPORT_STEPS_H
#define RECONCILE_REPORT_STEPS_H

#include "report/report.h"

#include <jansson.h>

/* ---- lock.c ---- */

void lock_text(const struct report *report, FILE *out);
json_t *lock_json(const struct report_lock *lock);

/* ---- steps_text.c, steps_json.c ---- */

/* All of it as text; nothing where there is nothing. */
void steps_text(const struct report *report, FILE *out);
/* Adds the members that are there to the document. */
void steps_json(const struct report *report, json_t *root);

#endif
