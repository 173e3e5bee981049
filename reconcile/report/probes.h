/* SPDX-License-Identifier: MIT */
/* Probes: what providers said, now and lately, and rotations under way. */
#ifndef RECONCILE_REPORT_PROBES_H
#define RECONCILE_REPORT_PROBES_H

#include "probe/probe.h"
#include "report/report.h"

#include <jansson.h>

/* What a probe found out; nothing where there was none. */
void probes_text(const struct report *report, FILE *out);
struct page; /* report/markdown.h */
void probes_markdown(const struct report *report, struct page *page);
void probes_html(const struct report *report, FILE *out);
json_t *probes_json(const struct report *report);

/* "credentials rejected 2026-11-27T10:00:00Z, redirect …"; with "(before the
 * last change)" where that is so. Nothing when nothing was probed ever. */
bool was_probed(const struct auth_config *row);
void probed_write(const struct auth_config *row, FILE *out);
json_t *probed_json(const struct auth_config *row);
/* The rows of the ledger that were probed, below a plan. */
void probed_text(const struct report *report, FILE *out);
/* The last word of a provider, or more, is that nobody can connect. `applied`
 * may be NULL. */
bool probed_badly(const struct state *applied);
json_t *probed_rows_json(const struct state *applied);

/* Rotations that are not at their end, below the table of `status`. */
void rotations_text(const struct report *report, FILE *out);
json_t *rotation_json(const struct report_row *row);

#endif
