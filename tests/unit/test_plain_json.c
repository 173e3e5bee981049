/* SPDX-License-Identifier: MIT */
/*
 * The quick reader may know less than jansson, never more: whatever it takes,
 * jansson takes too, and both read the same.
 */
#include "unit.h"

#include "platform/plain_json.h"

#include <string.h>

enum { LEVELS = 8 };

static const char sample[] =
	"{\"id\":\"a1\",\"name\":\"Gr\xc3\xbc\xc3\x9f"
	"e\",\"count\": -10 ,"
	"\"scopes\":[\"chat:write\",\"\", \"x\"],\"none\":null,\r\n\t"
	"\"on\":true,\"off\":[false],\"in\":{\"a\":{},\"b\":[[],0]}}";

/* Into the tree of a value before, which is taken; or NULL. */
static json_t *read_whole(json_t *before, const char *text, size_t length)
{
	const char *after;
	json_t *json =
		plain_json_read(before, text, text + length, LEVELS, &after);

	if (json && after == text + length)
		return json;
	json_decref(json);
	return NULL;
}

static bool same(const json_t *a, const json_t *b)
{
	return a && b ? json_equal(a, b) : a == b;
}

/* True when the reader took it, whatever it read before. */
static bool agree(const char *text, size_t length)
{
	json_auto_t *plain = read_whole(NULL, text, length);
	json_auto_t *into = json_loads(sample, 0, NULL);
	json_auto_t *again = json_deep_copy(plain);
	json_auto_t *judged = NULL;

	into = read_whole(into, text, length);
	again = read_whole(again, text, length);
	if (!same(plain, into) || !same(plain, again))
		fail_msg("not as it is by itself: %.*s", (int)length, text);
	if (!plain)
		return false;
	judged = json_loadb(text, length,
	                    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	if (!judged || !json_equal(plain, judged))
		fail_msg("taken, and should not be: %.*s", (int)length, text);
	return true;
}

static void what_answers_are_made_of_is_read(void **state)
{
	(void)state;
	assert_true(agree(sample, strlen(sample)));
	assert_true(agree("[]", 2));
	assert_true(agree("{}", 2));
	assert_true(agree("[123456789012345678]", 20));
}

static void what_is_not_plain_is_left(void **state)
{
	static const char *const texts[] = {
		"",
		"[",
		"{",
		"\"a",
		"\"\\n\"",
		"[1.5]",
		"[1e3]",
		"[01]",
		"[-]",
		"[+1]",
		"[1,]",
		"[,1]",
		"{,}",
		"{\"a\"}",
		"{\"a\":}",
		"[1 2]",
		"[true1]",
		"[nul]",
		"{a:1}",
		"{\"a\":1,}",
		"[\"\x01\"]",
		"[\"\xc3\"]",
		"[\"\xed\xa0\x80\"]",
		"{\"a\":1,\"a\":2}",
		"[1234567890123456789]",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_false(agree(texts[i], strlen(texts[i])));
}

static void nothing_nests_deeper_than_the_levels(void **state)
{
	static const char good[] = "[[[[[[[[1]]]]]]]]";
	static const char deep[] = "[[[[[[[[[1]]]]]]]]]";

	(void)state;
	assert_true(agree(good, strlen(good)));
	assert_false(agree(deep, strlen(deep)));
}

/* Each byte of the sample by each other one, left out, and the text cut. */
static void no_damage_is_taken_that_jansson_refuses(void **state)
{
	const size_t length = strlen(sample);
	char text[sizeof(sample)];
	size_t taken = 0;

	(void)state;
	for (size_t at = 0; at < length; at++) {
		memcpy(text, sample, length);
		for (unsigned byte = 0; byte < 256; byte++) {
			text[at] = (char)byte;
			taken += agree(text, length);
		}
		memmove(text + at, sample + at + 1, length - at - 1);
		taken += agree(text, length - 1);
		assert_false(agree(sample, at));
	}
	assert_true(taken > length);
}

static void every_value_is_read_into_the_tree_of_every_other(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{\"a\":\"1\"}",
		"{\"a\":\"2\",\"b\":[\"x\",\"y\"]}",
		"{\"a\":\"2\",\"b\":[\"x\"]}",
		"{\"b\":[\"x\",\"y\",{}],\"a\":\"\"}",
		"{\"a\":[1,true],\"b\":{\"c\":null,\"d\":\"x\"}}",
		"{\"a\":[true,2,\"x\"],\"b\":{\"c\":\"x\",\"d\":false}}",
		"{\"a\":[],\"b\":{\"c\":{}}}",
		"[]",
		"[{\"a\":\"\xc3\xbc\"},{\"a\":\"\"}]",
		"[[\"a\"],[\"b\",\"c\"]]",
		"\"a\"",
		"[[[[[[[[\"a\"]]]]]]]]",
		"[1.5]",
		"[\"a\",\"\xc3\"]",
	};

	(void)state;
	for (size_t from = 0; from < LENGTH(texts); from++) {
		for (size_t to = 0; to < LENGTH(texts); to++) {
			const size_t length = strlen(texts[to]);
			json_auto_t *alone =
				read_whole(NULL, texts[to], length);
			json_auto_t *into =
				json_loads(texts[from], JSON_DECODE_ANY, NULL);

			into = read_whole(into, texts[to], length);
			if (!same(alone, into))
				fail_msg("%s into %s", texts[to], texts[from]);
		}
	}
}

static void what_others_hold_stays(void **state)
{
	static const char text[] =
		"{\"a\":\"9\",\"b\":[\"9\"],\"c\":{\"d\":\"9\"}}";
	json_t *before = json_loads(
		"{\"a\":\"1\",\"b\":[\"2\"],\"c\":{\"d\":\"3\"}}", 0, NULL);
	json_auto_t *a = json_incref(json_object_get(before, "a"));
	json_auto_t *b = json_incref(json_object_get(before, "b"));
	json_auto_t *d =
		json_incref(json_object_get(json_object_get(before, "c"), "d"));
	json_auto_t *after = read_whole(before, text, strlen(text));

	(void)state;
	assert_ptr_equal(after, before);
	assert_string_equal(json_string_value(a), "1");
	assert_string_equal(json_string_value(json_array_get(b, 0)), "2");
	assert_string_equal(json_string_value(d), "3");
}

static void what_follows_is_not_looked_at(void **state)
{
	static const char text[] = " [1] , x";
	const char *after = NULL;
	json_auto_t *json = plain_json_read(NULL, text, text + strlen(text),
	                                    LEVELS, &after);

	(void)state;
	assert_true(json_is_array(json));
	assert_string_equal(after, " , x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_answers_are_made_of_is_read),
		cmocka_unit_test(what_is_not_plain_is_left),
		cmocka_unit_test(nothing_nests_deeper_than_the_levels),
		cmocka_unit_test(no_damage_is_taken_that_jansson_refuses),
		cmocka_unit_test(
			every_value_is_read_into_the_tree_of_every_other),
		cmocka_unit_test(what_others_hold_stays),
		cmocka_unit_test(what_follows_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
