/* SPDX-License-Identifier: MIT */
/*
 * The quick reader may know less than jansson, never more: whatever it takes,
 * jansson takes too, and both read the same.
 */
#include "unit.h"

#include "base/limits.h"
#include "document/quick_json.h"

#include <jansson.h>
#include <string.h>

static const char sample[] =
	"{\"id\":\"a\\\"1\\\\\",\"name\":\"Gr\xc3\xbc\xc3\x9f"
	"e\\n\",\"count\": 10 ,"
	"\"scopes\":[\"chat:write\",\"\", \"x\"],\"none\":null,\r\n\t"
	"\"on\":true,\"off\":[false],\"in\":{\"a\":{},\"b\":[[],0]}}";

/* True when the reader took it. */
static bool agree(const char *text, size_t length)
{
	struct documents *documents = documents_new();
	const uint16_t file = documents_add_file(documents, "test");
	struct node node = { .type = NODE_SCALAR };
	const bool taken =
		quick_json_read(documents, file, text, length, &node);
	json_auto_t *judged = NULL;
	char *ours = NULL, *theirs = NULL;

	if (taken) {
		judged = json_loadb(text, length,
		                    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
		                    NULL);
		ours = node_json(&node);
		theirs = json_dumps(judged, JSON_SORT_KEYS | JSON_COMPACT |
		                                    JSON_ENCODE_ANY);
		if (!judged || strcmp(ours, theirs) != 0)
			fail_msg("not the same: %.*s", (int)length, text);
	}
	free(ours);
	free(theirs);
	documents_free(documents);
	return taken;
}

static void what_schemas_are_made_of_is_read(void **state)
{
	(void)state;
	assert_true(agree(sample, strlen(sample)));
	assert_true(agree("[]", 2));
	assert_true(agree(" {} ", 4));
	assert_true(agree("\"\\/\\b\\f\\n\\r\\t\"", 14));
	assert_true(agree("123456789012345678", 18));
}

static void what_else_there_is_is_left(void **state)
{
	static const char *const texts[] = {
		"",
		"[",
		"{",
		"\"a",
		"\"a\\",
		"\"\\u0041\"",
		"\"\\x\"",
		"[1.5]",
		"[1e3]",
		"[01]",
		"[-1]",
		"[+1]",
		"[1,]",
		"[,1]",
		"{,}",
		"{\"a\"}",
		"{\"a\":}",
		"[1 2]",
		"[] []",
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

static void it_nests_as_deep_as_the_limit(void **state)
{
	char text[2 * (LIMIT_JSON_DEPTH + 1)];

	(void)state;
	memset(text, '[', LIMIT_JSON_DEPTH + 1);
	memset(text + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
	assert_true(agree(text + 1, sizeof(text) - 2));
	assert_false(agree(text, sizeof(text)));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_schemas_are_made_of_is_read),
		cmocka_unit_test(what_else_there_is_is_left),
		cmocka_unit_test(it_nests_as_deep_as_the_limit),
		cmocka_unit_test(no_damage_is_taken_that_jansson_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
