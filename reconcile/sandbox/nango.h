/* SPDX-License-Identifier: MIT */
/*
 * Nango: what the files of this dialect share.
 *
 * An integration is stored as this, most of it only when there is any:
 *
 *     {unique_key, provider, display_name, forward_webhooks, created_at,
 *      updated_at, managed: true, credentials: {…}, integration_config: {…},
 *      custom: {…}, connections: N}
 *
 * `managed` is what a quickstart makes; `credentials` are as they were sent,
 * without the type, which is the provider's; `connections` says how many users
 * are connected.
 */
#ifndef RECONCILE_SANDBOX_NANGO_H
#define RECONCILE_SANDBOX_NANGO_H

#include "sandbox/call.h"

struct provider;

/* {"error": {"code": …, "message": …}}; -1 always. */
int nango_fail(const struct call *call, int status, const char *code,
               const char *message);

/* A body as it may be sent to one call, checked strictly and to its end: the
 * answer names all that is wrong. 0, or -1 when refused. */
enum nango_body { NANGO_CREATE, NANGO_QUICKSTART, NANGO_UPDATE };
int nango_check_body(const struct call *call, enum nango_body body) MUST_CHECK;

/* The query that may be sent to one call, as an object of texts, an array for
 * what was repeated; NULL when refused. */
enum nango_query { NANGO_NO_QUERY, NANGO_INCLUDE, NANGO_CONNECTIONS };
json_t *nango_read_query(const struct call *call, enum nango_query query)
	MUST_CHECK;

/* The unique key in the path. 0, or -1 when refused. */
int nango_check_key(const struct call *call) MUST_CHECK;

/* Answers one thing that is wrong, in the form of the checks above; -1. */
int nango_fail_at(const struct call *call, const char *code,
                  const char *message, const char *path);

/* For the dialect's table. */
extern const char *const nango_key_scopes[];
int nango_admit(struct call *call) MUST_CHECK;
refuse_fn nango_refuse;

/* The scope without which a read leaves the credentials out. */
#define NANGO_READ_CREDENTIALS "environment:integrations:read_credentials"

/* ---- integrations as they are stored, see above ---- */

const struct provider *nango_provider_of(const json_t *stored);
/* How many users are connected. */
int64_t nango_connections_of(const json_t *stored);

/* What a body makes of nothing, or of `before`; NULL when refused. */
json_t *nango_create(const struct call *call, enum nango_body body) MUST_CHECK;
json_t *nango_update(const struct call *call, const json_t *before) MUST_CHECK;

/* As a read shows it; `credentials` and `webhook` are asked for. */
enum nango_include {
	NANGO_INCLUDE_CREDENTIALS = 1 << 0,
	NANGO_INCLUDE_WEBHOOK = 1 << 1
};
json_t *nango_view(const struct call *call, const json_t *stored,
                   unsigned include) MUST_CHECK;

json_t *nango_complete(const struct call *call, json_t *given);
json_t *nango_draw(const struct sample *sample);

/* Each integration of the call's environment, whole, in the list's order. */
json_t *nango_all(const struct call *call) MUST_CHECK;

handle_fn nango_list_connections;

#endif
