/* SPDX-License-Identifier: MIT */
/* Calls: single requests and what came of them. */
#ifndef RECONCILE_PLATFORM_CALLS_H
#define RECONCILE_PLATFORM_CALLS_H

#include "platform/inside.h"

struct call {
	struct platform *platform;
	const struct operation *operation;
	const struct platform_request *request;
	platform_done_fn *done;
	void *context;
	struct call *next, **link; /* among the platform's open ones */
};

/* Forgets those that are open; their `done` is never called. */
void calls_drop(struct platform *platform);

/* What an answer means; result->object_state is the caller's to free, and
 * texts are borrowed from `scratch`. */
struct outcome {
	struct platform_result result;
	struct state *state;
	char *id, *message;
};

void outcome_read(const struct call *call, const struct http_answer *answer,
                  struct outcome *outcome);
void outcome_release(struct outcome *outcome);

#endif
