/* SPDX-License-Identifier: MIT */
/*
 * What came of a request. Only what is certain is called done or refused: an
 * answer that cannot be read after a good status is `unknown`, and so is a
 * server's failure, which may have come after the deed.
 */
#include "platform/calls.h"

#include "base/text.h"
#include "platform/items.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static const enum platform_end ends_without_answer[] = {
	[HTTP_ANSWERED] = PLATFORM_DONE,
	[HTTP_UNSENT] = PLATFORM_UNSENT,
	[HTTP_UNKNOWN] = PLATFORM_UNKNOWN,
	[HTTP_ABANDONED] = PLATFORM_ABANDONED,
};

/* First match; what the operation accepts never comes here. */
struct end_row {
	int from, to;
	enum platform_end end;
};

static const struct end_row end_rows[] = {
	{ 401, 401, PLATFORM_UNAUTHORISED },
	{ 403, 403, PLATFORM_UNAUTHORISED },
	{ 408, 408, PLATFORM_UNKNOWN },
	{ 300, 499, PLATFORM_REFUSED },
	{ 0, 999, PLATFORM_UNKNOWN },
};

static enum platform_end end_of(const struct call *call,
                                const struct remark *remark, int status)
{
	const struct end_row *row = end_rows;
	const bool gone = status == 404 || status == 410 ||
	                  (remark->gone && status >= 400 && status < 500);

	if (gone && call->request->verb != PLATFORM_CREATE)
		return PLATFORM_GONE;
	while (status < row->from || status > row->to)
		row++;
	return row->end;
}

static void set_message(struct outcome *outcome, enum platform_end end,
                        char *message)
{
	free(outcome->message);
	outcome->message = message;
	outcome->result.end = end;
	outcome->result.message = message;
}

static void doubt(struct outcome *outcome, char *message)
{
	set_message(outcome, PLATFORM_UNKNOWN, message);
}

/* What was read wrong, which quotes the answer. */
static void doubt_read(const struct call *call, struct reader *reader,
                       struct outcome *outcome)
{
	words_blank(call->platform, call->request, reader->words);
	doubt(outcome, TAKE(reader->words));
}

/* ---- what a good answer must show ---- */

/* -1: it does not show what the binding says. */
static int read_object(const struct call *call, json_t *json,
                       struct outcome *outcome)
{
	const struct pointer *at = &call->operation->object;
	json_t *object = pointer_get(at, json);
	struct reader reader = { .binding = call->platform->binding,
		                 .state = state_new_single(STATE_BY_ID) };
	const char *twin;
	int result = reader_object(&reader, object);

	outcome->state = reader.state;
	if (result == 0)
		result = state_finish(outcome->state, &twin);
	else
		doubt_read(call, &reader, outcome);
	if (result < 0 && reader.code == CODE_UNAUTHORISED &&
	    call->request->verb == PLATFORM_GET)
		outcome->result.end = PLATFORM_UNAUTHORISED;
	reader_release(&reader);
	return result;
}

static int check_same(const struct call *call, struct outcome *outcome)
{
	const char *id = call->request->id ? call->request->id : outcome->id;
	const struct auth_config *object = state_at(outcome->state, 0);

	if (str_equal(object->id, id)) {
		outcome->result.object = object;
		outcome->result.object_state = outcome->state;
		return 0;
	}
	doubt(outcome, xstrdup("the answer shows another object"));
	return -1;
}

static int take_object(const struct call *call, json_t *json,
                       struct outcome *outcome)
{
	if (!call->operation->object.text)
		return 0;
	if (read_object(call, json, outcome) < 0)
		return -1;
	return check_same(call, outcome);
}

static int take_id(const struct call *call, json_t *json,
                   struct outcome *outcome)
{
	struct reader reader = { .binding = call->platform->binding };

	if (!call->operation->id.text)
		return 0;
	outcome->id = reader_id(&reader, json, &call->operation->id);
	outcome->result.id = outcome->id;
	if (!outcome->id)
		doubt_read(call, &reader, outcome);
	reader_release(&reader);
	return outcome->id ? 0 : -1;
}

/* What the platform says of a refusal: its words, and its id of the request. */
static void refuse(const struct call *call, const struct http_answer *answer,
                   struct outcome *outcome)
{
	CLEANUP(remark_release) struct remark remark = { 0 };

	remark_read(call->platform, call->operation, call->request, answer,
	            &remark);
	if (remark.request_id && !*answer->request_id) {
		outcome->request_id = TAKE(remark.request_id);
		outcome->result.request_id = outcome->request_id;
	}
	set_message(outcome, end_of(call, &remark, answer->status),
	            TAKE(remark.words));
}

/* A plain no is a refusal. */
static int take_success(const struct call *call,
                        const struct http_answer *answer, json_t *json,
                        struct outcome *outcome)
{
	const struct pointer *at = &call->operation->success;
	const json_t *success = at->text ? pointer_get(at, json) : NULL;

	if (!at->text || json_is_true(success))
		return 0;
	if (json_is_false(success)) {
		refuse(call, answer, outcome);
		outcome->result.end = PLATFORM_REFUSED;
	} else {
		doubt(outcome,
		      xasprintf("the answer says nothing at `%s`", at->text));
	}
	return -1;
}

/* The values of secrets stay nowhere. */
static bool shows_secrets(const struct reading *reading)
{
	for (size_t i = 0; i < reading->secret_count; i++) {
		if (reading->secrets[i].readback == READBACK_CLEAR)
			return true;
	}
	return false;
}

/* Most answers are like the one before: its tree is kept for the next. */
static void keep_answer(struct platform *platform, json_t *json)
{
	if (shows_secrets(&platform->binding->reading))
		json_decref(json);
	else
		platform->answer = json;
}

/* Creates must name the new id and reads must show the object; an answer to
 * the others may be empty. */
static void take_body(const struct call *call, const struct http_answer *answer,
                      struct outcome *outcome)
{
	struct platform *platform = call->platform;
	json_t *json;

	if (answer->body_length == 0 && !call->operation->id.text &&
	    call->request->verb != PLATFORM_GET)
		return;
	json = json_parse_again(TAKE(platform->answer), answer->body,
	                        answer->body_length);
	if (!json) {
		doubt(outcome, xstrdup("the answer is no JSON"));
		return;
	}
	if (take_id(call, json, outcome) == 0 &&
	    take_object(call, json, outcome) == 0)
		(void)take_success(call, answer, json, outcome);
	keep_answer(platform, json);
}

void outcome_read(const struct call *call, const struct http_answer *answer,
                  struct outcome *outcome)
{
	*outcome = (struct outcome){ 0 };
	outcome->result.status = answer->status;
	outcome->result.request_id = answer->request_id;
	set_message(outcome, ends_without_answer[answer->outcome],
	            xstrdup(answer->problem));
	if (answer->outcome != HTTP_ANSWERED)
		return;
	if (operation_accepts(call->operation, answer->status))
		take_body(call, answer, outcome);
	else
		refuse(call, answer, outcome);
}

void outcome_release(struct outcome *outcome)
{
	state_free(outcome->state);
	free(outcome->id);
	free(outcome->message);
	free(outcome->request_id);
}
