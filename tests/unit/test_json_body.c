/* SPDX-License-Identifier: MIT */
/* The body of a request against a tree of jansson's with the same values. */
#include "platform/body.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

struct put {
	const char *at;
	const char *text;
};

static void put_both(struct arena *arena, const struct put *put,
                     struct pointer *at, struct body *body, json_t *tree)
{
	*at = pointer_parse(arena, put->at);
	assert_int_equal(body_text(body, at, put->text, strlen(put->text)), 0);
	pointer_set(at, tree, json_string(put->text));
}

static void assert_same(const struct body *body, const json_t *tree)
{
	char *wanted = json_dumps(tree, JSON_COMPACT);
	CLEANUP(buffer_wipe) struct buffer out = { 0 };

	body_end(body, &out);
	assert_string_equal(out.bytes, wanted);
	assert_int_equal(out.length, strlen(wanted));
	free(wanted);
}

static void check(const struct put *puts, size_t count)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	CLEANUP(body_release) struct body body = { .parts = NULL };
	json_auto_t *tree = json_object();
	struct pointer ats[16];

	for (size_t i = 0; i < count; i++)
		put_both(arena, &puts[i], &ats[i], &body, tree);
	assert_same(&body, tree);
}

static void nothing_is_an_empty_object(void **state)
{
	(void)state;
	check(NULL, 0);
}

static void members_stand_where_the_first_below_them_was_put(void **state)
{
	static const struct put puts[] = {
		{ "/b", "1" },        { "/a/y/q", "2" }, { "/c", "3" },
		{ "/a/x", "4" },      { "/a/y/p", "5" }, { "/d/0/e", "6" },
		{ "/a/y~1z/p", "7" }, { "/d/0/f", "8" }, { "/d/1", "9" },
	};

	(void)state;
	for (size_t count = 1; count <= LENGTH(puts); count++)
		check(puts, count);
	for (size_t i = 0; i < LENGTH(puts); i++)
		check(puts + i, LENGTH(puts) - i);
}

static void what_needs_an_escape_gets_it(void **state)
{
	static const struct put puts[] = {
		{ "/plain", "~ !" },    { "/quote", "a\"b" },
		{ "/slash", "a\\b" },   { "/line", "\n\t\x01" },
		{ "/delete", "\x7f" },  { "/wide", "\xc3\xbc" },
		{ "/n\xc3\xbc\"", "" },
	};

	(void)state;
	check(puts, LENGTH(puts));
}

static void what_is_long_is_moved(void **state)
{
	CLEANUP(textp) char *text = xmalloc(5001);
	struct put puts[] = { { "/a", "first" }, { "/b", text }, { "/c", "" } };

	(void)state;
	memset(text, 'x', 5000);
	text[5000] = '\0';
	check(puts, LENGTH(puts));
	text[4999] = '"';
	check(puts, LENGTH(puts));
}

static void what_is_no_utf8_is_refused(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	CLEANUP(body_release) struct body body = { .parts = NULL };
	const struct pointer at = pointer_parse(arena, "/a");

	(void)state;
	assert_int_equal(body_text(&body, &at, "\xc3", 1), -1);
}

static void arrays_and_json_are_values_too(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	CLEANUP(body_release) struct body body = { .parts = NULL };
	json_auto_t *tree = json_loads("{\"e\":[],\"s\":[\"[\",\"b\\n\"],"
	                               "\"j\":{\"n\":[1,2.5,null,true]},"
	                               "\"w\":false}",
	                               0, NULL);
	const struct pointer empty = pointer_parse(arena, "/e");
	const struct pointer set = pointer_parse(arena, "/s");
	const struct pointer json = pointer_parse(arena, "/j");
	const struct pointer word = pointer_parse(arena, "/w");

	(void)state;
	body_array(&body, &empty);
	body_array_end(&body);
	body_array(&body, &set);
	assert_int_equal(body_item(&body, "[", 1), 0);
	assert_int_equal(body_item(&body, "b\n", 2), 0);
	body_array_end(&body);
	body_json(&body, &json, json_object_get(tree, "j"));
	body_json(&body, &word, json_false());
	assert_same(&body, tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_an_empty_object),
		cmocka_unit_test(
			members_stand_where_the_first_below_them_was_put),
		cmocka_unit_test(what_needs_an_escape_gets_it),
		cmocka_unit_test(what_is_long_is_moved),
		cmocka_unit_test(what_is_no_utf8_is_refused),
		cmocka_unit_test(arrays_and_json_are_values_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
