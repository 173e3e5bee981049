/* SPDX-License-Identifier: MIT */
/* What the platform says, and what we say of it. */
#include "platform/inside.h"

#include "base/text.h"
#include "platform/items.h"
#include "schema/codes.h"
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_BYTES = 300 };

bool operation_accepts(const struct operation *operation, int status)
{
	for (size_t i = 0; i < operation->ok_count; i++) {
		if (operation->ok[i] == status)
			return true;
	}
	return false;
}

/* ---- the platform's words ---- */

/* Shorter ones hide nothing and are in every other word. */
enum { BLANK_BYTES_MIN = 4, BLANK_MARKS = 3 };

/* Platforms repeat what they were sent; secrets must not come back out. */
static void blank_text(char *text, const char *value)
{
	const size_t length = strlen(value);
	char *at = length >= BLANK_BYTES_MIN ? strstr(text, value) : NULL;

	for (; at; at = strstr(at, value)) {
		memset(at, '*', BLANK_MARKS);
		memmove(at + BLANK_MARKS, at + length, strlen(at + length) + 1);
		at += BLANK_MARKS;
	}
}

static void blank(char *text, const struct secret *secret)
{
	blank_text(text, secret_reveal(secret));
}

/* At a character's end. */
static void cut(char *text)
{
	size_t length = WORDS_BYTES;

	if (strlen(text) <= length)
		return;
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	text[length] = '\0';
}

static const char *find_words(const struct errors *errors, json_t *json)
{
	for (size_t i = 0; i < errors->message_count; i++) {
		const char *text = json_string_value(
			pointer_get(&errors->messages[i], json));

		if (text && *text)
			return text;
	}
	return "";
}

/* A text, or a whole number in digits; the caller's. NULL: there is none. */
static char *find_code(const struct errors *errors, json_t *json)
{
	for (size_t i = 0; i < errors->code_count; i++) {
		const json_t *code = pointer_get(&errors->codes[i], json);

		if (json_is_integer(code))
			return xasprintf("%" JSON_INTEGER_FORMAT,
			                 json_integer_value(code));
		if (json_string_length(code) > 0)
			return xstrdup(json_string_value(code));
	}
	return NULL;
}

static bool means_gone(const struct errors *errors, const char *code)
{
	for (size_t i = 0; code && i < errors->gone_count; i++) {
		if (str_equal(errors->gone[i], code))
			return true;
	}
	return false;
}

static char *join(const char *words, const char *code)
{
	if (!code)
		return xstrdup(words);
	return *words ? xasprintf("%s (%s)", words, code) : xstrdup(code);
}

static char *find_request_id(const struct errors *errors, json_t *json)
{
	const struct pointer *at = &errors->request_id;
	const char *text =
		at->text ? json_string_value(pointer_get(at, json)) : NULL;

	return text ? xstrdup(text) : NULL;
}

void words_blank(const struct platform *platform,
                 const struct platform_request *request, char *words)
{
	blank(words, platform->api_key);
	if (platform->encoded)
		blank_text(words, platform->encoded);
	for (size_t i = 0; request && i < request->secret_count; i++)
		blank(words, request->secrets[i].secret);
}

void remark_read(const struct platform *platform,
                 const struct operation *operation,
                 const struct platform_request *request,
                 const struct http_answer *answer, struct remark *out)
{
	const struct errors *errors = &operation->errors;
	json_auto_t *json = json_parse(answer->body, answer->body_length);
	CLEANUP(textp) char *code = find_code(errors, json);

	*out = (struct remark){
		.words = join(find_words(errors, json), code),
		.request_id = find_request_id(errors, json),
		.gone = means_gone(errors, code),
	};
	words_blank(platform, request, out->words);
	cut(out->words);
}

void remark_release(struct remark *remark)
{
	free(remark->words);
	free(remark->request_id);
}

/* ---- ours ---- */

static const char *piece_shown(const struct piece *piece)
{
	static const char *const gaps[] = { [PIECE_ID] = "{id}",
		                            [PIECE_VALUE] = "{value}",
		                            [PIECE_KEY] = "{key}",
		                            [PIECE_PARAMETER] = "{parameter}",
		                            [PIECE_BASE64] = "{base64}" };

	return piece->kind == PIECE_TEXT ? piece->text : gaps[piece->kind];
}

char *path_shown(const struct operation *operation)
{
	char *path = NULL;
	size_t length;
	FILE *out = xmemstream(&path, &length);

	for (size_t i = 0; i < operation->path.count; i++)
		fputs(piece_shown(&operation->path.pieces[i]), out);
	(void)fclose(out);
	return path;
}

struct status_row {
	int from, to;
	unsigned code;
	const char *advice;
};

static const struct status_row status_rows[] = {
	{ 401, 401, CODE_UNAUTHORISED,
	  "check that `platform.apiKey` holds this environment's key" },
	{ 403, 403, CODE_UNAUTHORISED,
	  "give the API key the permission to read and write auth configs" },
	{ 404, 404, CODE_PLATFORM, "check the path in `platform.url`" },
	{ 429, 429, CODE_PLATFORM, "run again later, or with --max-rps" },
	{ 300, 399, CODE_PLATFORM,
	  "redirects are not followed; correct `platform.url`" },
	{ 500, 599, CODE_PLATFORM, "wait and run again" },
	{ 0, 999, CODE_PLATFORM, "see what the platform says of it" },
};

static const struct status_row *status_row(int status)
{
	const struct status_row *row = status_rows;

	while (status < row->from || status > row->to)
		row++;
	return row;
}

static int report_status(const struct platform *platform,
                         const struct operation *operation,
                         const struct http_answer *answer, struct diag *diag)
{
	const struct status_row *row = status_row(answer->status);
	CLEANUP(textp) char *path = path_shown(operation);
	CLEANUP(remark_release) struct remark remark;
	const char *words;

	remark_read(platform, operation, NULL, answer, &remark);
	words = remark.words;
	return diag_error(diag, row->code, platform->place,
	                  "`%s` answered %s %s with %d%s%s%s; %s",
	                  platform->binding->name, operation->method, path,
	                  answer->status, *words ? ", `" : "", words,
	                  *words ? "`" : "", row->advice);
}

int report_answer(const struct platform *platform,
                  const struct operation *operation,
                  const struct http_answer *answer, struct diag *diag)
{
	CLEANUP(textp) char *path = NULL;

	if (answer->outcome == HTTP_ANSWERED)
		return report_status(platform, operation, answer, diag);
	path = path_shown(operation);
	return diag_error(diag, CODE_NETWORK, platform->place,
	                  "`%s` at `%s` gave no answer to %s %s: %s; check "
	                  "`platform.url` and the network, then run again",
	                  platform->binding->name, platform->origin,
	                  operation->method, path, answer->problem);
}
