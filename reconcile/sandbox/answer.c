/* SPDX-License-Identifier: MIT */
#include "sandbox/answer.h"
#include "base/text.h"
#include "sandbox/call.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int status;
	const char *message;
} refusals[] = {
#define ROW(name, status, message) [REFUSE_##name] = { status, message },
	REFUSALS(ROW)
#undef ROW
};

void answer_plain_refusal(const struct call *call,
                          const struct refused *refused)
{
	answer_json(call->reply, refused->status,
	            json_pack("{s:s}", "message", refused->message));
}

int answer_refuse(const struct call *call, enum refusal refusal,
                  const char *subject)
{
	const char *message = refusals[refusal].message;
	CLEANUP(textp)
	char *text = subject ? xasprintf("%s: `%s`", message, subject)
	                     : xstrdup(message);
	const struct refused refused = {
		.refusal = refusal,
		.status = refusals[refusal].status,
		.message = text,
		.subject = subject,
	};

	call->refuse(call, &refused);
	return -1;
}

void answer_json(struct http_reply *reply, int status, json_t *stolen)
{
	char *text = json_dumps(stolen, JSON_COMPACT);

	assert(text);
	json_decref(stolen);
	answer_text(reply, status, text, strlen(text));
}

static bool has_header(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		if (str_equal(reply->headers[i].name, name))
			return true;
	}
	return false;
}

void answer_text(struct http_reply *reply, int status, char *text,
                 size_t length)
{
	free(reply->body);
	reply->status = status;
	reply->body = text;
	reply->body_length = length;
	if (!has_header(reply, "Content-Type"))
		answer_header(reply, "Content-Type", "application/json");
}

void answer_header(struct http_reply *reply, const char *name,
                   const char *value)
{
	assert(reply->header_count < LENGTH(reply->headers));
	reply->headers[reply->header_count++] =
		(struct http_header){ .name = name, .value = value };
}
