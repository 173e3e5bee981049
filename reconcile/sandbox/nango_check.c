/* SPDX-License-Identifier: MIT */
/*
 * What may be sent, as tables of fields.
 *
 * The vendor checks with zod, whose answers this gives: all that is wrong, in
 * the order of the fields, and what is unknown in an object after what is
 * wrong in it. A value of another type is not looked at any further.
 */
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/nango.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct field;

/* Where what is wrong is put, and what stands before a field in its path. */
struct judging {
	json_t *issues;
	const char *within; /* NULL: nothing */
	const struct field *field;
};

/* A value of NULL is one that is missing. */
typedef void judge_fn(const struct judging *judging, json_t *value);

struct field {
	const char *name;
	judge_fn *judge;
	enum { OPTIONAL, REQUIRED } need;
	long least, most; /* of characters, or of a number; most 0: any */
	const char *letters, *pattern; /* the same; NULL: any */
};

struct fields {
	const struct field *rows;
	size_t count;
};

/* ---- issues ---- */

static void add_issue(const struct judging *judging, const char *code,
                      const char *inner, const char *message)
{
	json_t *path = json_array();

	if (judging->within)
		json_array_append_new(path, json_string(judging->within));
	if (judging->field)
		json_array_append_new(path, json_string(judging->field->name));
	if (inner)
		json_array_append_new(path, json_string(inner));
	json_array_append_new(judging->issues,
	                      json_pack("{s:s, s:s, s:o}", "code", code,
	                                "message", message, "path", path));
}

static const char *type_of(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object", [JSON_ARRAY] = "array",
		[JSON_STRING] = "string", [JSON_INTEGER] = "number",
		[JSON_REAL] = "number",   [JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean", [JSON_NULL] = "null",
	};

	return value ? names[json_typeof(value)] : "undefined";
}

static void add_type_issue(const struct judging *judging, const char *inner,
                           const char *expected, const char *received)
{
	CLEANUP(textp)
	char *message = xasprintf("Invalid input: expected %s, received %s",
	                          expected, received);

	add_issue(judging, "invalid_type", inner, message);
}

/* `what` is "string" or "number". */
static void judge_size(const struct judging *judging, const char *inner,
                       const char *what, long size)
{
	const struct field *field = judging->field;
	const char *have = str_equal(what, "string") ? "to have " : "to be ";
	const char *unit = str_equal(what, "string") ? " characters" : "";

	if (size < field->least) {
		CLEANUP(textp)
		char *message = xasprintf("Too small: expected %s %s>=%ld%s",
		                          what, have, field->least, unit);

		add_issue(judging, "too_small", inner, message);
	}
	if (field->most && size > field->most) {
		CLEANUP(textp)
		char *message = xasprintf("Too big: expected %s %s<=%ld%s",
		                          what, have, field->most, unit);

		add_issue(judging, "too_big", inner, message);
	}
}

/* ---- values ---- */

/* In UTF-16, as the vendor counts: beyond U+FFFF it takes two. */
static long count_characters(const char *text)
{
	long count = 0;

	for (; *text; text++)
		count += ((*text & 0xc0) != 0x80) + ((*text & 0xf8) == 0xf0);
	return count;
}

/* True for one or more of the letters and nothing else. */
static bool consists_of(const char *text, const char *letters)
{
	return *text && !text[strspn(text, letters)];
}

static void judge_text(const struct judging *judging, json_t *value)
{
	const struct field *field = judging->field;
	const char *text = json_string_value(value);

	if (!text) {
		add_type_issue(judging, NULL, "string", type_of(value));
		return;
	}
	if (field->letters && !consists_of(text, field->letters)) {
		CLEANUP(textp)
		char *message =
			xasprintf("Invalid string: must match pattern /^%s$/",
		                  field->pattern);

		add_issue(judging, "invalid_format", NULL, message);
	}
	judge_size(judging, NULL, "string", count_characters(text));
}

static void judge_boolean(const struct judging *judging, json_t *value)
{
	if (!json_is_boolean(value))
		add_type_issue(judging, NULL, "boolean", type_of(value));
}

/* An object of texts, any names. */
static void judge_texts(const struct judging *judging, json_t *value)
{
	const char *name;
	json_t *text;

	if (!json_is_object(value)) {
		add_type_issue(judging, NULL, "record", type_of(value));
		return;
	}
	json_object_foreach (value, name, text) {
		if (!json_is_string(text))
			add_type_issue(judging, name, "string", type_of(text));
		else
			judge_size(judging, name, "string",
			           count_characters(json_string_value(text)));
	}
}

#define SCOPE_LETTERS                                      \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL" \
	"MNOPQRSTUVWXYZ:/_.*-"

/* Joined by commas and nothing else, or empty. */
static void judge_scopes(const struct judging *judging, json_t *value)
{
	const char *text = json_string_value(value);
	bool good = text != NULL;

	while (good && text && *text) {
		size_t length = strspn(text, SCOPE_LETTERS);

		good = length > 0 && (!text[length] || (text[length] == ',' &&
		                                        text[length + 1]));
		text += length + (text[length] == ',');
	}
	if (!good)
		add_issue(judging, "invalid_union", NULL, "Invalid input");
}

static void judge_private_key(const struct judging *judging, json_t *value)
{
	const char *text = json_string_value(value);

	if (!text) {
		add_type_issue(judging, NULL, "string", type_of(value));
		return;
	}
	if (!str_starts(text, "-----BEGIN RSA PRIVATE KEY----"))
		add_issue(judging, "invalid_format", NULL,
		          "Invalid string: must start with "
		          "\"-----BEGIN RSA PRIVATE KEY----\"");
	if (!str_ends(text, "-----END RSA PRIVATE KEY-----"))
		add_issue(judging, "invalid_format", NULL,
		          "Invalid string: must end with "
		          "\"-----END RSA PRIVATE KEY-----\"");
}

/* A text of a query that is to be a number; an empty one is 0. */
static void judge_number(const struct judging *judging, json_t *value)
{
	const char *text = json_string_value(value);
	char *end = NULL;

	errno = 0;

	long number = text ? strtol(text, &end, 10) : 0;

	if (!text || *end || errno)
		add_type_issue(judging, NULL, "number", "NaN");
	else
		judge_size(judging, NULL, "number", number);
}

static bool is_include(const json_t *value)
{
	const char *text = json_string_value(value);

	return str_equal(text, "webhook") || str_equal(text, "credentials");
}

static void judge_include(const struct judging *judging, json_t *value)
{
	bool good = is_include(value) || json_is_array(value);

	for (size_t i = 0; i < json_array_size(value); i++)
		good = good && is_include(json_array_get(value, i));
	if (!good)
		add_issue(judging, "invalid_union", NULL, "Invalid input");
}

/* ---- objects ---- */

static bool is_field(const struct fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (str_equal(fields->rows[i].name, name))
			return true;
	}
	return false;
}

static void judge_names(const struct judging *judging, json_t *object,
                        const struct fields *fields)
{
	CLEANUP(textp) char *text = NULL;
	size_t length, unknown = 0;
	FILE *out = xmemstream(&text, &length);
	const char *name;
	json_t *value;

	json_object_foreach (object, name, value) {
		if (!is_field(fields, name))
			fprintf(out, "%s\"%s\"", unknown++ ? ", " : "", name);
	}
	(void)fclose(out);
	if (!unknown)
		return;

	CLEANUP(textp)
	char *message = xasprintf("Unrecognized key%s: %s",
	                          unknown > 1 ? "s" : "", text);

	add_issue(judging, "unrecognized_keys", NULL, message);
}

static void judge_object(json_t *issues, const char *within, json_t *object,
                         const struct fields *fields)
{
	const struct judging whole = { issues, within, NULL };

	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->rows[i];
		const struct judging judging = { issues, within, field };
		json_t *value = json_object_get(object, field->name);

		if (value || field->need == REQUIRED)
			field->judge(&judging, value);
	}
	judge_names(&whole, object, fields);
}

/* ---- the tables ---- */

static const struct field oauth_rows[] = {
	{ "type", judge_text, REQUIRED, 0, 0, NULL, NULL },
	{ "client_id", judge_text, REQUIRED, 1, 255, NULL, NULL },
	{ "client_secret", judge_text, REQUIRED, 1, 0, NULL, NULL },
	{ "scopes", judge_scopes, OPTIONAL, 0, 0, NULL, NULL },
	{ "webhook_secret", judge_text, OPTIONAL, 0, 255, NULL, NULL },
};

static const struct field app_rows[] = {
	{ "type", judge_text, REQUIRED, 0, 0, NULL, NULL },
	{ "app_id", judge_text, REQUIRED, 1, 255, NULL, NULL },
	{ "app_link", judge_text, REQUIRED, 1, 0, NULL, NULL },
	{ "private_key", judge_private_key, REQUIRED, 0, 0, NULL, NULL },
};

static const struct field custom_rows[] = {
	{ "type", judge_text, REQUIRED, 0, 0, NULL, NULL },
	{ "client_id", judge_text, REQUIRED, 1, 255, NULL, NULL },
	{ "client_secret", judge_text, REQUIRED, 1, 0, NULL, NULL },
	{ "app_id", judge_text, REQUIRED, 1, 255, NULL, NULL },
	{ "app_link", judge_text, REQUIRED, 1, 0, NULL, NULL },
	{ "private_key", judge_private_key, REQUIRED, 0, 0, NULL, NULL },
};

static const struct {
	const char *type;
	struct fields fields;
} credentials_of[] = {
	{ "OAUTH1", { oauth_rows, LENGTH(oauth_rows) } },
	{ "OAUTH2", { oauth_rows, LENGTH(oauth_rows) } },
	{ "TBA", { oauth_rows, LENGTH(oauth_rows) } },
	{ "APP", { app_rows, LENGTH(app_rows) } },
	{ "CUSTOM", { custom_rows, LENGTH(custom_rows) } },
};

/* Their type says which fields they have. */
static void judge_credentials(const struct judging *judging, json_t *value)
{
	static const char bad[] = "invalid credentials object";
	const char *type = json_string_value(json_object_get(value, "type"));

	if (!json_is_object(value)) {
		add_issue(judging, "invalid_type", NULL, bad);
		return;
	}
	for (size_t i = 0; i < LENGTH(credentials_of); i++) {
		if (!str_equal(credentials_of[i].type, type))
			continue;
		judge_object(judging->issues, judging->field->name, value,
		             &credentials_of[i].fields);
		return;
	}
	add_issue(judging, "invalid_union", "type", bad);
}

#define WORD_LETTERS                                       \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL" \
	"MNOPQRSTUVWXYZ_-"
#define KEY_LETTERS WORD_LETTERS "~:.@ "
#define PROVIDER(need)                                              \
	{                                                           \
		"provider", judge_text, need, 0, 255, WORD_LETTERS, \
			"[a-zA-Z0-9_-]+"                            \
	}
#define UNIQUE_KEY(name, need)                               \
	{                                                    \
		name, judge_text, need, 0, 255, KEY_LETTERS, \
			"[a-zA-Z0-9~:.@ _-]+"                \
	}

/* What a quickstart takes are the first ones. */
enum { QUICKSTART_FIELDS = 4 };

static const struct field create_rows[] = {
	PROVIDER(REQUIRED),
	UNIQUE_KEY("unique_key", REQUIRED),
	{ "display_name", judge_text, OPTIONAL, 1, 255, NULL, NULL },
	{ "forward_webhooks", judge_boolean, OPTIONAL, 0, 0, NULL, NULL },
	{ "credentials", judge_credentials, OPTIONAL, 0, 0, NULL, NULL },
	{ "integration_config", judge_texts, OPTIONAL, 0, 8192, NULL, NULL },
	{ "custom", judge_texts, OPTIONAL, 0, 0, NULL, NULL },
};

static const struct field update_rows[] = {
	UNIQUE_KEY("unique_key", OPTIONAL),
	{ "display_name", judge_text, OPTIONAL, 1, 255, NULL, NULL },
	{ "credentials", judge_credentials, OPTIONAL, 0, 0, NULL, NULL },
	{ "forward_webhooks", judge_boolean, OPTIONAL, 0, 0, NULL, NULL },
	{ "integration_config", judge_texts, OPTIONAL, 0, 8192, NULL, NULL },
	{ "custom", judge_texts, OPTIONAL, 0, 0, NULL, NULL },
};

static const struct fields bodies[] = {
	[NANGO_CREATE] = { create_rows, LENGTH(create_rows) },
	[NANGO_QUICKSTART] = { create_rows, QUICKSTART_FIELDS },
	[NANGO_UPDATE] = { update_rows, LENGTH(update_rows) },
};

static const struct field include_rows[] = {
	{ "include", judge_include, OPTIONAL, 0, 0, NULL, NULL },
};

static const struct field connection_rows[] = {
	{ "connectionId", judge_text, OPTIONAL, 1, 255, NULL, NULL },
	{ "search", judge_text, OPTIONAL, 1, 255, NULL, NULL },
	{ "endUserId", judge_text, OPTIONAL, 1, 255, NULL, NULL },
	{ "integrationId", judge_text, OPTIONAL, 1, 0, NULL, NULL },
	{ "endUserOrganizationId", judge_text, OPTIONAL, 1, 255, NULL, NULL },
	{ "limit", judge_number, OPTIONAL, 1, 2000, NULL, NULL },
	{ "page", judge_number, OPTIONAL, 0, 0, NULL, NULL },
};

static const struct fields queries[] = {
	[NANGO_NO_QUERY] = { NULL, 0 },
	[NANGO_INCLUDE] = { include_rows, LENGTH(include_rows) },
	[NANGO_CONNECTIONS] = { connection_rows, LENGTH(connection_rows) },
};

static const struct field path_rows[] = { UNIQUE_KEY("uniqueKey", REQUIRED) };
static const struct fields path_fields = { path_rows, LENGTH(path_rows) };

/* ---- the calls ---- */

int nango_fail(const struct call *call, int status, const char *code,
               const char *message)
{
	answer_json(call->reply, status,
	            json_pack("{s:{s:s, s:s}}", "error", "code", code,
	                      "message", message));
	return -1;
}

static int fail_with(const struct call *call, const char *code,
                     const json_t *issues)
{
	if (!json_array_size(issues))
		return 0;
	answer_json(call->reply, 400,
	            json_pack("{s:{s:s, s:O}}", "error", "code", code, "errors",
	                      issues));
	return -1;
}

int nango_fail_at(const struct call *call, const char *code,
                  const char *message, const char *path)
{
	json_auto_t *issues = json_pack("[{s:s, s:s, s:[s]}]", "code", code,
	                                "message", message, "path", path);

	return fail_with(call, "invalid_body", issues);
}

int nango_check_body(const struct call *call, enum nango_body body)
{
	json_auto_t *issues = json_array();
	const struct judging whole = { issues, NULL, NULL };

	if (json_is_object(call->body))
		judge_object(issues, NULL, call->body, &bodies[body]);
	else
		add_type_issue(&whole, NULL, "object", type_of(call->body));
	return fail_with(call, "invalid_body", issues);
}

/* What comes twice is an array. */
static void add_query(const char *name, const char *value, void *context)
{
	json_t *query = context, *old = json_object_get(query, name);

	if (!old)
		json_object_set_new(query, name, json_string(value));
	else if (json_is_array(old))
		json_array_append_new(old, json_string(value));
	else
		json_object_set_new(query, name,
		                    json_pack("[O, s]", old, value));
}

json_t *nango_read_query(const struct call *call, enum nango_query query)
{
	json_auto_t *given = json_object(), *issues = json_array();

	http_call_each_query(call->http, add_query, given);
	judge_object(issues, NULL, given, &queries[query]);
	if (fail_with(call, "invalid_query_params", issues) < 0)
		return NULL;
	return json_incref(given);
}

int nango_check_key(const struct call *call)
{
	json_auto_t *issues = json_array();
	json_auto_t *path = json_pack("{s:s}", "uniqueKey", call->captures[0]);

	judge_object(issues, NULL, path, &path_fields);
	return fail_with(call, "invalid_uri_params", issues);
}
