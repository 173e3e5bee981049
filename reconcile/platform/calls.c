/* SPDX-License-Identifier: MIT */
#include "platform/calls.h"

#include "base/text.h"
#include "platform/request.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

enum { PERFORM_WAIT_MS = 250 };

static bool has_body(const struct platform_request *request)
{
	return request->verb == PLATFORM_CREATE ||
	       request->verb == PLATFORM_UPDATE;
}

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
	if (call->first)
		outcome_release(call->first);
	free(call->first);
	free(call);
}

void calls_abandon(struct platform *platform)
{
	static const struct platform_result nothing = {
		.end = PLATFORM_ABANDONED,
		.message = "",
		.request_id = "",
	};

	while (platform->calls) {
		struct call *call = platform->calls;
		platform_done_fn *done = call->done;
		void *context = call->context;

		call_free(call);
		done(&nothing, context);
	}
}

/* ---- the call that sets `enabled` ---- */

static const struct value *enabled_of(const struct platform_request *request)
{
	for (size_t i = 0; i < request->field_count; i++) {
		const struct platform_field *field = &request->fields[i];

		if (str_equal(field->name, "enabled") &&
		    field->value.kind == VALUE_BOOLEAN)
			return &field->value;
	}
	return NULL;
}

/* NULL: no call is needed for it. */
static const char *word_of(const struct enabling *enabling,
                           const struct platform_request *request)
{
	const struct value *value = enabled_of(request);
	int wanted;

	if (!enabling->operation.method || !has_body(request) || !value)
		return NULL;
	wanted = str_equal(value->bytes, "true");
	if (request->verb == PLATFORM_CREATE && wanted == enabling->initial)
		return NULL;
	return enabling->words[wanted];
}

/* An update that has nothing else to say needs no call before. */
static bool is_alone(const struct operation *operation,
                     const struct platform_request *request)
{
	if (request->verb != PLATFORM_UPDATE || request->secret_count)
		return false;
	for (size_t i = 0; i < request->field_count; i++) {
		if (mappings_find(&operation->fields, request->fields[i].name))
			return false;
	}
	return true;
}

static void finish(const struct http_answer *answer, void *context);

static void send_enabling(struct call *call, const char *id)
{
	const struct target target = { .id = id, .value = call->word };

	call->operation = &call->platform->binding->enabling.operation;
	call->word = NULL;
	platform_send(call->platform, call->operation, &target, NULL, finish,
	              call);
}

/* The first call's outcome, with what became of the second. An object that
 * the first one showed is no longer what there is. */
static void join(struct outcome *first, const struct outcome *second)
{
	first->result.object = NULL;
	first->result.object_state = NULL;
	if (second->result.end == PLATFORM_DONE)
		return;
	free(first->message);
	first->message = second->result.status
	                         ? xasprintf("%d %s", second->result.status,
	                                     second->message)
	                         : xstrdup(second->message);
	first->result.message = first->message;
}

/* What was borrowed from the answer is copied. */
static void keep(struct call *call, const struct outcome *outcome)
{
	struct outcome *first = xcalloc(1, sizeof(*first));

	*first = *outcome;
	first->request_id = xstrdup(outcome->result.request_id);
	first->result.request_id = first->request_id;
	call->first = first;
}

static void end_call(struct call *call, struct outcome *outcome)
{
	platform_done_fn *done = call->done;
	void *context = call->context;

	call->first = NULL;
	call_free(call);
	done(&outcome->result, context);
	outcome_release(outcome);
}

static void finish(const struct http_answer *answer, void *context)
{
	struct call *call = context;
	struct outcome *first = call->first;
	struct outcome outcome;

	outcome_read(call, answer, &outcome);
	if (first) {
		join(first, &outcome);
		outcome_release(&outcome);
		end_call(call, first);
		free(first);
	} else if (call->word && outcome.result.end == PLATFORM_DONE) {
		keep(call, &outcome);
		send_enabling(call,
		              outcome.id ? outcome.id : call->request->id);
	} else {
		end_call(call, &outcome);
	}
}

/* ---- sending ---- */

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

int platform_submit(struct platform *platform,
                    const struct platform_request *request,
                    platform_done_fn *done, void *context, struct diag *diag)
{
	const struct operation *operation = request_operation(
		platform->binding, request, platform->place, diag);
	const char *word = word_of(&platform->binding->enabling, request);
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
	*call = (struct call){ .platform = platform,
		               .operation = operation,
		               .request = request,
		               .done = done,
		               .context = context,
		               .word = word };
	call_add(platform, call);
	if (word && is_alone(operation, request)) {
		send_enabling(call, request->id);
		return 0;
	}
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
