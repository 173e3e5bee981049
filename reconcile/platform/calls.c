/* SPDX-License-Identifier: MIT */
#include "platform/calls.h"

#include "platform/request.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

enum { PERFORM_WAIT_MS = 250 };

static void call_add(struct platform *platform, struct call *call)
{
	call->next = platform->calls;
	call->link = &platform->calls;
	if (call->next)
		call->next->link = &call->next;
	platform->calls = call;
}

static void call_free(struct call *call)
{
	*call->link = call->next;
	if (call->next)
		call->next->link = call->link;
	free(call);
}

void calls_drop(struct platform *platform)
{
	while (platform->calls)
		call_free(platform->calls);
}

static void finish(const struct http_answer *answer, void *context)
{
	struct call *call = context;
	platform_done_fn *done = call->done;
	void *their_context = call->context;
	struct outcome outcome;

	outcome_read(call, answer, &outcome);
	call_free(call);
	done(&outcome.result, their_context);
	outcome_release(&outcome);
}

/* Ids come from ledgers and answers: none may leave its place in the path. */
static int check_id(const struct platform *platform,
                    const struct platform_request *request, struct diag *diag)
{
	const char *problem;

	if (request->verb == PLATFORM_CREATE)
		return 0;
	problem = request->id ? id_problem(request->id, strlen(request->id))
	                      : "is missing";
	if (!problem)
		return 0;
	return diag_error(diag, CODE_REQUEST, platform->place,
	                  "the id `%.80s` %s; correct the ledger with "
	                  "`trueup forget` and `trueup adopt`",
	                  request->id ? request->id : "", problem);
}

static bool has_body(const struct platform_request *request)
{
	return request->verb == PLATFORM_CREATE ||
	       request->verb == PLATFORM_UPDATE;
}

int platform_submit(struct platform *platform,
                    const struct platform_request *request,
                    platform_done_fn *done, void *context, struct diag *diag)
{
	const struct operation *operation = request_operation(
		platform->binding, request, platform->place, diag);
	const struct target target = { .id = request->id };
	CLEANUP(buffer_wipe) struct buffer body = { 0 };
	struct call *call;

	if (!operation || check_id(platform, request, diag) < 0 ||
	    (has_body(request) &&
	     request_body(platform->binding, operation, request,
	                  platform->place, &body, diag) < 0) ||
	    platform_connect(platform, diag) < 0)
		return -1;
	call = xcalloc(1, sizeof(*call));
	*call = (struct call){ platform, operation, request, done,
		               context,  NULL,      NULL };
	call_add(platform, call);
	platform_send(platform, operation, &target,
	              has_body(request) ? &body : NULL, finish, call);
	return 0;
}

size_t platform_turn(struct platform *platform, int64_t wait_ms)
{
	return platform->client ? http_client_turn(platform->client, wait_ms)
	                        : 0;
}

/* ---- one alone ---- */

struct performance {
	platform_done_fn *done;
	void *context;
	bool over;
};

static void end_performance(const struct platform_result *result, void *context)
{
	struct performance *performance = context;

	performance->over = true;
	performance->done(result, performance->context);
}

int platform_perform(struct platform *platform,
                     const struct platform_request *request,
                     platform_done_fn *done, void *context, struct diag *diag)
{
	struct performance performance = { done, context, false };

	if (platform_submit(platform, request, end_performance, &performance,
	                    diag) < 0)
		return -1;
	while (!performance.over)
		(void)platform_turn(platform, PERFORM_WAIT_MS);
	return 0;
}
