/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "shape_trial.h"

#include <string.h>

struct row {
	const char *schema, *yaml;
	const char *reports; /* "": it fits */
};

static void check_row(const struct row *row)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(shape_freep)
	struct shape *shape =
		shape_new("test", row->schema, strlen(row->schema), diag);
	CLEANUP(textp) char *why = diag_text(diag);

	if (!shape)
		fail_msg("%s", why);

	CLEANUP(trial_release) struct trial trial = try_shape(shape, row->yaml);
	CLEANUP(textp) char *said = reports(&trial);

	if (!str_equal(said, row->reports) ||
	    trial.result != (*row->reports ? -1 : 0))
		fail_msg("%s\n%s\n%s", row->schema, row->yaml, said);
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

#define TEXT "{\"properties\":{\"a\":{\"type\":\"string\"}}}"

static void text_without_quotes_keeps_its_spelling(void **state)
{
	static const struct row rows[] = {
		{ TEXT, "a: no", "" },
		{ TEXT, "a: '0123'", "" },
		{ TEXT, "a: 1_000", "" },
		{ TEXT, "a: 0123",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"0123\"` with "
		  "quotes" },
		{ TEXT, "a: 1e3",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"1e3\"` with "
		  "quotes" },
		{ TEXT, "a: true",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"true\"` with "
		  "quotes" },
		{ TEXT, "a: null",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"null\"` with "
		  "quotes" },
		{ TEXT, "a:",
		  "1:3 WRONG_TYPE `a` must be text, but nothing stands here" },
		{ TEXT, "a: [x]",
		  "1:4 WRONG_TYPE `a` must be text, not a list" },
		{ TEXT, "a: {b: x}",
		  "1:4 WRONG_TYPE `a` must be text, not a mapping" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void wrong_kinds_say_what_is_wanted(void **state)
{
	static const struct row rows[] = {
		{ "{\"type\":\"object\"}", "text",
		  "1:1 WRONG_TYPE the file must be a mapping (keys with "
		  "values), not `text`" },
		{ "{\"items\":{\"type\":\"integer\"}}", "[1, 2.0, 2.5, '3']",
		  "1:10 WRONG_TYPE `[2]` must be a whole number, not `2.5`\n"
		  "1:15 WRONG_TYPE `[3]` must be a whole number: write `3` "
		  "without quotes" },
		{ "{\"type\":[\"boolean\",\"null\",\"number\"]}", "yes",
		  "1:1 WRONG_TYPE the file must be a number, true or false or "
		  "null, not `yes`" },
		{ "{\"type\":\"array\"}", "{}",
		  "1:1 WRONG_TYPE the file must be a list, not a mapping" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define KEYS                                                         \
	"{\"properties\":{\"scopes\":{},\"name\":{},\"m\":{"         \
	"\"properties\":{\"id\":{}},\"additionalProperties\":false," \
	"\"required\":[\"id\"]}},\"additionalProperties\":false}"

static void unknown_and_missing_keys_are_named(void **state)
{
	static const struct row rows[] = {
		{ KEYS, "scopes: x\nm: {id: 1}\n", "" },
		{ KEYS, "scope: x\n",
		  "1:1 UNKNOWN_KEY unknown key `scope`; did you mean "
		  "`scopes`?" },
		{ KEYS, "colour: x\n",
		  "1:1 UNKNOWN_KEY unknown key `colour`; known are `m`, "
		  "`name`, `scopes`" },
		{ KEYS, "m:\n  ib: x\n",
		  "1:1 MISSING_KEY `m` needs `id`; add it\n"
		  "2:3 UNKNOWN_KEY unknown key `ib` in `m`; known are `id`" },
		{ "{\"required\":[\"a\",\"b\"]}", "c: 1",
		  "1:1 MISSING_KEY the file needs `a`; add it\n"
		  "1:1 MISSING_KEY the file needs `b`; add it" },
		{ "{\"propertyNames\":{\"pattern\":\"^[a-z]+$\"}}", "A: 1",
		  "1:1 BAD_KEY the key `A` in the file must be of another "
		  "form" },
		{ "{\"propertyNames\":{\"pattern\":\"^[a-z0-9]+$\",\"x-"
		  "expected\":"
		  "\"small\"}}",
		  "{A: 1, 12: x}",
		  "1:2 BAD_KEY the key `A` in the file must be small" },
		{ "{\"patternProperties\":{\"^x-\":{\"type\":\"integer\"}},"
		  "\"additionalProperties\":{\"type\":\"boolean\"}}",
		  "{x-a: b, c: 1}",
		  "1:7 WRONG_TYPE `x-a` must be a whole number, not `b`\n"
		  "1:13 WRONG_TYPE `c` must be true or false, not `1`" },
		{ "{\"properties\":{\"a\":false}}", "a: 1",
		  "1:4 BAD_VALUE `a` is not allowed here; remove it" },
		{ "{\"minProperties\":1}", "{}",
		  "1:1 BAD_COUNT the file must have at least 1 keys, not 0" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void values_have_their_bounds(void **state)
{
	static const struct row rows[] = {
		{ "{\"minLength\":1}", "''",
		  "1:1 BAD_VALUE the file must not be empty" },
		{ "{\"minLength\":3}", "\xc3\xa9\xc3\xa9",
		  "1:1 BAD_VALUE the file must have at least 3 characters" },
		{ "{\"maxLength\":2}", "\xc3\xa9\xc3\xa9", "" },
		{ "{\"maxLength\":2}", "abc",
		  "1:1 BAD_VALUE the file must have at most 2 characters; "
		  "shorten it" },
		{ "{\"pattern\":\"^a\"}", "b",
		  "1:1 BAD_VALUE the file must match the pattern `^a`, not "
		  "`b`" },
		{ "{\"pattern\":\"^a\",\"x-expected\":\"an a\"}", "b",
		  "1:1 BAD_VALUE the file must be an a, not `b`" },
		{ "{\"minimum\":1,\"maximum\":3}", "0x4",
		  "1:1 BAD_VALUE the file must be at most 3, not `0x4`" },
		{ "{\"minimum\":1}", "0",
		  "1:1 BAD_VALUE the file must be at least 1, not `0`" },
		{ "{\"exclusiveMinimum\":1}", "1",
		  "1:1 BAD_VALUE the file must be more than 1, not `1`" },
		{ "{\"exclusiveMaximum\":1}", "1",
		  "1:1 BAD_VALUE the file must be less than 1, not `1`" },
		{ "{\"multipleOf\":5}", "7",
		  "1:1 BAD_VALUE the file must be a multiple of 5, not `7`" },
		{ "{\"maxItems\":1}", "[a, b]",
		  "1:1 BAD_COUNT the file must have at most 1 items, not 2" },
		{ "{\"enum\":[\"a\",\"b\",1]}", "c",
		  "1:1 BAD_VALUE the file must be `a`, `b` or `1`, not `c`" },
		{ "{\"const\":1}", "'1'",
		  "1:1 BAD_VALUE the file must be `1`, not `1`" },
		{ "{\"const\":{\"a\":[1]}}", "a: [1.0]", "" },
		{ "{\"const\":{\"a\":[1]}}", "a: [2]",
		  "1:1 BAD_VALUE the file must be `{\"a\":[1]}`, not a "
		  "mapping" },
		{ "{\"uniqueItems\":true}", "[a, b, a]",
		  "1:8 DUPLICATE_ITEM the file holds `a` twice; remove one" },
		{ "{\"uniqueItems\":true}", "[1, {a: 1, b: 2}, {b: 2, a: 1.0}]",
		  "1:19 DUPLICATE_ITEM the file holds an item twice; remove "
		  "one" },
		{ "{\"not\":{\"const\":1}}", "1",
		  "1:1 BAD_VALUE the file must not be `1`" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define UNION                                                           \
	"{\"oneOf\":[{\"const\":\"managed\"},{\"type\":\"object\","     \
	"\"title\":\"your own\",\"required\":[\"id\"],\"properties\":{" \
	"\"id\":{\"type\":\"string\"}},\"additionalProperties\":false}]}"

#define SHAPES                                                           \
	"{\"anyOf\":[{\"properties\":{\"kind\":{\"const\":\"a\"},"       \
	"\"x\":{\"type\":\"integer\"}},\"additionalProperties\":false}," \
	"{\"properties\":{\"kind\":{\"const\":\"b\"}},"                  \
	"\"required\":[\"kind\"]}]}"

static void alternatives_explain_the_one_that_is_meant(void **state)
{
	static const struct row rows[] = {
		{ UNION, "managed", "" },
		{ UNION, "{id: x}", "" },
		{ UNION, "mine",
		  "1:1 BAD_VALUE the file must be `managed` or your own, not "
		  "`mine`" },
		{ UNION, "12",
		  "1:1 BAD_VALUE the file must be `managed` or your own, not "
		  "`12`" },
		{ UNION, "[a]",
		  "1:1 BAD_VALUE the file must be `managed` or your own, not a "
		  "list" },
		{ UNION, "{id: 12, ip: x}",
		  "1:6 NEEDS_QUOTES `id` must be text: write `\"12\"` with "
		  "quotes\n"
		  "1:10 UNKNOWN_KEY unknown key `ip`; known are `id`" },
		{ SHAPES, "{kind: a, x: y}",
		  "1:14 WRONG_TYPE `x` must be a whole number, not `y`" },
		{ "{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":2}]}", "3",
		  "1:1 BAD_VALUE the file must be only one of a whole number "
		  "or text, a number, true or false, a list, a mapping (keys "
		  "with values) or null" },
		{ "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":["
		  "\"b\"]}"
		  ",\"else\":{\"required\":[\"c\"]}}",
		  "{a: 1}", "1:1 MISSING_KEY the file needs `b`; add it" },
		{ "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":["
		  "\"b\"]}"
		  ",\"else\":{\"required\":[\"c\"]}}",
		  "{d: 1}", "1:1 MISSING_KEY the file needs `c`; add it" },
		{ "{\"allOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",
		  "{c: 1}",
		  "1:1 MISSING_KEY the file needs `a`; add it\n"
		  "1:1 MISSING_KEY the file needs `b`; add it" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define UNBUILT                                                             \
	"{\"properties\":{\"a\":{\"x-unbuilt\":\"later\"},\"s\":{"          \
	"\"oneOf\":[{\"const\":\"file\"},{\"const\":\"git\",\"x-unbuilt\":" \
	"\"not yet\"}]}}}"

static void what_is_not_built_is_refused(void **state)
{
	static const struct row rows[] = {
		{ UNBUILT, "s: file", "" },
		{ UNBUILT, "a: {b: c}",
		  "1:1 UNBUILT_KEY `a` has no effect yet: later" },
		{ UNBUILT, "s: git",
		  "1:1 UNBUILT_KEY `s` has no effect yet: not yet" },
		{ UNBUILT, "s: bzr",
		  "1:4 BAD_VALUE `s` must be `file`, not `bzr`" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define SECRET                                                              \
	"{\"properties\":{\"s\":{\"x-reference\":true,\"type\":\"object\"," \
	"\"minProperties\":1,\"maxProperties\":1,"                          \
	"\"additionalProperties\":false,\"properties\":{\"env\":{"          \
	"\"type\":\"string\",\"pattern\":\"^[A-Z]+$\",\"x-expected\":"      \
	"\"a variable\"},\"file\":{\"enum\":[\"f\"]}}}}}"

static void secrets_are_never_shown(void **state)
{
	static const struct row rows[] = {
		{ SECRET, "s: {env: NAME}", "" },
		{ SECRET, "s: CANARY",
		  "1:4 SECRET_LITERAL `s` holds a secret itself; write where "
		  "it is, { env: NAME } or { file: PATH }" },
		{ SECRET, "s: 12345",
		  "1:4 SECRET_LITERAL `s` holds a secret itself; write where "
		  "it is, { env: NAME } or { file: PATH }" },
		{ SECRET, "s: [CANARY]",
		  "1:4 SECRET_LITERAL `s` holds a secret itself; write where "
		  "it is, { env: NAME } or { file: PATH }" },
		{ SECRET, "s: {env: canary}",
		  "1:10 BAD_VALUE `s.env` must be a variable" },
		{ SECRET, "s: {env: 12345}",
		  "1:10 NEEDS_QUOTES `s.env` must be text: put it in quotes" },
		{ SECRET, "s: {env: {x: CANARY}}",
		  "1:10 WRONG_TYPE `s.env` must be text" },
		{ SECRET, "s: {file: CANARY}",
		  "1:11 BAD_VALUE `s.file` must be `f`" },
		{ SECRET, "s: {evn: CANARY}",
		  "1:5 UNKNOWN_KEY unknown key `evn` in `s`; did you mean "
		  "`env`?" },
		{ SECRET, "s: {env: A, file: f}",
		  "1:1 BAD_COUNT `s` must name one place of the secret, { env: "
		  "NAME } or { file: PATH }" },
		{ SECRET, "s: {}",
		  "1:1 BAD_COUNT `s` must name one place of the secret, { env: "
		  "NAME } or { file: PATH }" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void useless_schemas_are_refused(void **state)
{
	static const struct {
		const char *schema, *says;
	} rows[] = {
		{ "{\"typ\":1}", "`typ` is no keyword" },
		{ "{\"type\":\"text\"}", "`type` names no type" },
		{ "{\"minLength\":-1}", "`minLength` must be a whole number" },
		{ "{\"minLength\":\"1\"}", "`minLength`" },
		{ "{\"maximum\":\"1\"}", "`maximum` must be a number" },
		{ "{\"enum\":1}", "`enum` must be a list" },
		{ "{\"required\":[1,{}]}", "`required`" },
		{ "{\"properties\":[]}", "`properties` must be an object" },
		{ "{\"properties\":{\"a\":1}}", "`1` is no schema" },
		{ "{\"uniqueItems\":1}", "`uniqueItems` must be true" },
		{ "{\"title\":1}", "`title` must be text" },
		{ "{\"pattern\":\"[\"}", "no regular expression" },
		{ "{\"$ref\":\"#/definitions/x\"}", "names nothing" },
		{ "{\"$ref\":\"http://x/\"}", "part of this schema" },
		{ "{\"$ref\":\"#\"}", "leads to itself" },
		{ "{\"definitions\":{\"a\":{\"allOf\":[3]}}}", "is no schema" },
		{ "{", "no JSON" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		struct shape *shape = shape_new("bad", rows[i].schema,
		                                strlen(rows[i].schema), diag);
		CLEANUP(textp) char *why = diag_text(diag);

		assert_null(shape);
		assert_int_equal(diag_length(diag), 1);
		if (!strstr(why, rows[i].says))
			fail_msg("%s\n%s", rows[i].schema, why);
	}
}

static void long_values_are_cut_in_messages(void **state)
{
	char text[400];
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(shape_freep)
	struct shape *shape = shape_new("x", "{\"enum\":[1]}", 12, diag);

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';

	CLEANUP(trial_release) struct trial trial = try_shape(shape, text);

	assert_true(strlen(diag_at(trial.diag, 0)->text) < 120);
	assert_non_null(strstr(diag_at(trial.diag, 0)->text, "x…`"));
}

static void a_flood_of_mistakes_is_dammed(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(shape_freep)
	struct shape *shape = shape_new("x", "{\"items\":false}", 15, diag);
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	(void)state;
	for (size_t i = 0; i < 20 * LIMIT_REPORTS; i++)
		fputs("- a\n", out);
	(void)fclose(out);

	CLEANUP(trial_release) struct trial trial = try_shape(shape, text);

	assert_int_equal(trial.result, -1);
	assert_int_equal(diag_length(trial.diag), 10 * LIMIT_REPORTS);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_without_quotes_keeps_its_spelling),
		cmocka_unit_test(wrong_kinds_say_what_is_wanted),
		cmocka_unit_test(unknown_and_missing_keys_are_named),
		cmocka_unit_test(values_have_their_bounds),
		cmocka_unit_test(alternatives_explain_the_one_that_is_meant),
		cmocka_unit_test(what_is_not_built_is_refused),
		cmocka_unit_test(secrets_are_never_shown),
		cmocka_unit_test(useless_schemas_are_refused),
		cmocka_unit_test(long_values_are_cut_in_messages),
		cmocka_unit_test(a_flood_of_mistakes_is_dammed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
