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

static json_t *read_whole(const char *text, size_t length)
{
	const char *after;
	json_t *json = plain_json_read(text, text + length, LEVELS, &after);

	if (json && after == text + length)
		return json;
	json_decref(json);
	return NULL;
}

/* True when the reader took it. */
static bool agree(const char *text, size_t length)
{
	json_auto_t *plain = read_whole(text, length);
	json_auto_t *judged = NULL;

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

static void what_follows_is_not_looked_at(void **state)
{
	static const char text[] = " [1] , x";
	const char *after = NULL;
	json_auto_t *json =
		plain_json_read(text, text + strlen(text), LEVELS, &after);

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
		cmocka_unit_test(what_follows_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
