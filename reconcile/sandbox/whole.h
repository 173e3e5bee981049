/* SPDX-License-Identifier: MIT */
/*
 * Whole: an auth config as an admin sees it, with its secret in the place
 * where the dialect has it (`struct wording`, secret), and the record that it
 * is stored as, text and secret apart.
 */
#ifndef RECONCILE_SANDBOX_WHOLE_H
#define RECONCILE_SANDBOX_WHOLE_H

#include "sandbox/dialect.h"
#include "sandbox/store.h"

json_t *whole_from_record(const struct dialect *dialect,
                          const struct record *record) MUST_CHECK;

/* What a whole object is stored as; whole_release() it. `record` has neither
 * serial nor parent; its id and secret are NULL where the object has none that
 * is a string. */
struct parts {
	struct record record;
	json_t *object; /* the whole one without its secret */
	json_t *secret;
	char *text;
};

struct parts whole_split(const struct dialect *dialect, const json_t *whole)
	MUST_CHECK;
void whole_release(struct parts *parts);

/* RFC 7386: null removes a member, objects are merged, all else replaces. */
void whole_merge(json_t *object, json_t *patch);

#endif
