/* SPDX-License-Identifier: MIT */
/* Alloy: what the files of this dialect share. */
#ifndef RECONCILE_SANDBOX_ALLOY_H
#define RECONCILE_SANDBOX_ALLOY_H

#include "sandbox/call.h"

/* An auth config as it was, NULLs and 0 for a new one. */
struct alloy_before {
	const json_t *object;
	const char *secret;
};

/*
 * Checks a body and makes of it the object to be stored, its id and dates
 * still missing. *secret is borrowed from the body or `before`, or NULL.
 * Returns NULL when it was refused.
 */
json_t *alloy_config_from_body(const struct call *call,
                               const struct alloy_before *before,
                               const char **secret) MUST_CHECK;

/* The object in the order of its members, id and dates included. */
json_t *alloy_config_finish(json_t *fields, const char *id, const char *created,
                            const char *updated) MUST_CHECK;

json_t *alloy_complete(const struct call *call, json_t *given);
json_t *alloy_draw(const struct sample *sample);

/* The calls that Alloy documents. */
handle_fn alloy_list_connectors;
handle_fn alloy_show_metadata;
handle_fn alloy_list_credentials;
handle_fn alloy_add_credential;
handle_fn alloy_remove_credential;
handle_fn alloy_authorize;

#endif
