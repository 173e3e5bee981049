/* SPDX-License-Identifier: MIT */
/* Server: what the files of the server half share. */
#ifndef RECONCILE_HTTP_SERVER_H
#define RECONCILE_HTTP_SERVER_H

#include "http/http.h"

#include <sys/types.h>

#include <microhttpd.h>

/* ---- fates.c ---- */

/* Ends a connection without a byte, and with a reset. */
enum MHD_Result fate_reset(struct MHD_Connection *connection);
/* Takes the body; NULL when there is no memory. */
struct MHD_Response *fate_response(struct http_reply *reply);

/* ---- call.c ---- */

struct kept_pair {
	char *name, *value; /* value NULL: `?name` */
	enum MHD_ValueKind kind;
};

/* A request that outlives its connection: a copy of all that it said. */
struct http_kept {
	struct http_call call;
	struct kept_pair *pairs;
	size_t pair_count, pair_capacity;
	int64_t due_ms; /* steady clock */
	struct http_kept *next;
};

/* `call` is being served, for the first time. */
struct http_kept *kept_new(const struct http_call *call, int64_t due_ms)
	MUST_CHECK;
void kept_free(struct http_kept *kept);

#endif
