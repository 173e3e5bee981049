/* SPDX-License-Identifier: MIT */
/* Lag: what lists show instead of what is stored, for a while. */
#ifndef RECONCILE_SANDBOX_LAG_H
#define RECONCILE_SANDBOX_LAG_H

#include "sandbox/store.h"

struct database;

/* In the table `lag`, of the columns that an object has, and: present 0 is for
 * one that is not shown at all. */
struct lag {
	struct database *database;
	int64_t due_ms, lists; /* of what is written now; neither: no lag */
	size_t count;          /* of those in the table */
};

int lag_init(struct lag *lag, struct database *database) MUST_CHECK;
bool lag_is_on(const struct lag *lag);
/* It is about to change, or to go. Lists go on to show it as it is, or, when it
 * lags already, as they do. */
int lag_change(struct lag *lag, struct shelf shelf, int64_t serial) MUST_CHECK;
/* It is new. */
int lag_addition(struct lag *lag, struct shelf shelf, int64_t serial)
	MUST_CHECK;
void lag_age(struct lag *lag, enum store_age age, int64_t now_ms);
int lag_clear(struct lag *lag) MUST_CHECK;

#endif
