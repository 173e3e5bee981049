/* SPDX-License-Identifier: MIT */
/*
 * Keeps: from the wish for one secret to what is done with it.
 *
 * wish (secrets.c) -> secret_look() -> secret_keep() -> secret_note()
 */
#ifndef RECONCILE_PLAN_KEEPS_H
#define RECONCILE_PLAN_KEEPS_H

#include "plan/parts.h"

enum { Z = MATCH_NOT_COMPARED, E = MATCH_EQUAL, D = MATCH_DIFFERENT };
enum { K = MATCH_OTHER_KEY };

/* What is known of one secret. */
struct known {
	const struct secret_reference *reference; /* NULL: of row S2 */
	const struct secret_record *record;
	const struct secret_reading *reading;
	const struct secret_fact *fact;
	const struct secret_trait *trait;
};

/* 0: nothing, or a mask; 1: a hint; 2: cleartext. */
signed char secret_readback(const struct known *known);
/* The declared one against hint or cleartext: enum secret_match. */
signed char secret_live_match(const struct known *known);

bool secret_is_kept(const struct secret_change *secret);
/* Rows S12 and S13: they look at a keep, and at the rotate of row S9. */
void secret_look(struct planner *planner, const struct known *known,
                 struct secret_change *secret);
/* Rows S14 and S15. */
enum carrying {
	LEFT_OUT, /* the request needs not hold the secret */
	CARRIED   /* it holds it, whatever becomes of it */
};
void secret_keep(struct planner *planner, const struct subject *subject,
                 struct secret_change *secret, enum carrying carrying);
/* What it means for its object. */
void secret_note(struct planner *planner, const struct secret_change *secret);

#endif
