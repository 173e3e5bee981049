/* SPDX-License-Identifier: MIT */
/* Requests: how many there were, and which the last 10,000 were. The admin
 * side's own are not counted. */
#ifndef RECONCILE_SANDBOX_REQUESTS_H
#define RECONCILE_SANDBOX_REQUESTS_H

#include "http/http.h"

#include <jansson.h>

struct requests;

struct requests *requests_new(void) MUST_CHECK;
void requests_free(struct requests *requests);
DEFINE_CLEANUP(requests)

/* `environment` NULL: none; status 0: the connection was reset. */
void requests_add(struct requests *requests, const struct http_call *call,
                  const char *environment, int status);
void requests_reset(struct requests *requests);

/* {"count": N, "byMethod": {"GET": n, …}, "list": [{method, path, status,
 * environment}, …]}, oldest first; the path with its query. */
json_t *requests_json(const struct requests *requests) MUST_CHECK;

/* Count and byMethod alone. */
json_t *requests_counts(const struct requests *requests) MUST_CHECK;

#endif
