/* SPDX-License-Identifier: MIT */
/*
 * Drifts: what differs, by who moved it. The ledger tells: what is declared
 * against what was sent is ours, what is live against what was seen then is
 * somebody else's.
 */
#ifndef RECONCILE_REPORT_DRIFTS_H
#define RECONCILE_REPORT_DRIFTS_H

#include "plan/plan.h"

#include <jansson.h>
#include <stdio.h>

struct report;

enum drift_side { DRIFT_OUTSIDE, DRIFT_BOTH, DRIFT_HERE, DRIFT_UNSURE };
enum { DRIFT_SIDES = DRIFT_UNSURE + 1 };

extern const char *const drift_titles[DRIFT_SIDES];

struct drift {
	enum drift_side side;
	const char *address;
	const char *name;  /* of a field or secret; NULL: the auth config */
	const char *row;   /* "F5" */
	const char *words; /* what is to be said of it; may be "" */
	const struct field_change *field; /* NULL: there are no values */
	struct place place;
	char *own; /* the address, where no change has it */
};

/* By side, address, name; each once. */
struct drifts {
	struct drift *items;
	size_t count, capacity;
	size_t counts[DRIFT_SIDES];
};

void drifts_find(const struct plan *plan, struct drifts *drifts);
void drifts_release(struct drifts *drifts);

/* "scopes: [a] -> [a, b], declared [a]", escaped; nothing without values. */
void drift_values(const struct drift *drift, FILE *out);
/* "Drift: 1 changed outside, …" and a line end. */
void drift_counts_write(const struct plan *plan, FILE *out);
/* For people, a table a side. */
void text_drift(const struct report *report, FILE *out);
/* By side. */
json_t *json_drifts(const struct plan *plan);

#endif
