/* SPDX-License-Identifier: MIT */
/*
 * Calls: single requests and what came of them.
 *
 * Where a platform sets `enabled` by a call of its own, that one follows a
 * create or an update, and both are one request to who submits it: it ends as
 * the first did, unless there was no need for a first. A second that failed is
 * told in the message of a request that is done, and shows in the object.
 */
#ifndef RECONCILE_PLATFORM_CALLS_H
#define RECONCILE_PLATFORM_CALLS_H

#include "platform/inside.h"

struct outcome;

struct call {
	struct platform *platform;
	const struct operation *operation;
	const struct platform_request *request;
	platform_done_fn *done;
	void *context;
	const char *word; /* what sets `enabled` in a call after; or NULL */
	struct call *next, **link; /* among the platform's open ones */
	struct outcome *first;     /* of the call before; or NULL */
};

/* Ends those that are open; the client is gone. */
void calls_abandon(struct platform *platform);

/* What an answer means; result->object_state is the caller's to free, and
 * texts are borrowed from `scratch`. */
struct outcome {
	struct platform_result result;
	struct state *state;
	char *id, *message, *request_id;
};

void outcome_read(const struct call *call, const struct http_answer *answer,
                  struct outcome *outcome);
void outcome_release(struct outcome *outcome);

#endif
