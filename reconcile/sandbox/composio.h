/* SPDX-License-Identifier: MIT */
/*
 * Composio: what the files of this dialect share.
 *
 *     composio.c             the table, and the calls on one auth config
 *     composio_body.c        what a body may say
 *     composio_config.c      the object: made, merged, masked
 *     composio_list.c        lists and their cursors
 *     composio_refusal.c     how it says no
 *
 * It knows two kinds of auth config: custom (the user's own app) and default
 * (an app of Composio's). They have other members, and a kind stays.
 */
#ifndef RECONCILE_SANDBOX_COMPOSIO_H
#define RECONCILE_SANDBOX_COMPOSIO_H

#include "sandbox/call.h"

/* The dialect's quirks, in the order of its table. */
enum composio_quirk {
	COMPOSIO_CLAMP_LIMIT,
	COMPOSIO_EARLY_END,
	COMPOSIO_REDACT_ALL,
	COMPOSIO_READ_ONLY_KEY,
	COMPOSIO_FILL_SCOPES
};

/* Checks call->body; 0, or -1 when it was refused. */
int composio_check_create(const struct call *call) MUST_CHECK;
/* For an auth config that stands. */
int composio_check_update(const struct call *call, const json_t *before)
	MUST_CHECK;

/* Makes a whole object (see whole.h) of a body that was checked. */
json_t *composio_create(const struct call *call) MUST_CHECK;
/* Changes a whole object by a body that was checked. */
void composio_update(const struct call *call, json_t *object);

/* What a read answers of an object that is stored. */
json_t *composio_view(const struct call *call, const struct record *record)
	MUST_CHECK;
json_t *composio_complete(const struct call *call, json_t *given) MUST_CHECK;
json_t *composio_draw(const struct sample *sample) MUST_CHECK;

/* "OAUTH2" of "oauth2". NULL: no platform offers it. */
const char *composio_scheme(const char *authentication);
/* True for one of the two kinds: an app of Composio's. */
bool composio_is_managed(const json_t *object);

/* The members of `credentials` that hold scopes. */
bool composio_holds_scopes(const char *member);

handle_fn composio_list;
char *composio_first_cursor(const struct call *call) MUST_CHECK;

refuse_fn composio_refuse;

#endif
