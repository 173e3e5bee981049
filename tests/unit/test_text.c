/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "unit.h"

#include <string.h>

static void texts_compare_with_null(void **state)
{
	(void)state;
	assert_true(str_equal(NULL, NULL));
	assert_false(str_equal(NULL, ""));
	assert_true(str_equal("a", "a"));
	assert_true(str_compare(NULL, "") < 0);
	assert_true(str_compare("", NULL) > 0);
	assert_true(str_compare("a", "b") < 0);
	assert_true(str_starts("slack-crm", "slack"));
	assert_false(str_starts("sl", "slack"));
	assert_true(str_ends("slack-crm", "crm"));
	assert_false(str_ends("m", "crm"));
}

static void numbers_are_digits_up_to_a_maximum(void **state)
{
	static const char *const wrong[] = {
		"",   "-1",  "+1",
		" 1", "0x1", "1 ",
		"11", "1.0", "99999999999999999999999"
	};
	uint64_t value = 7;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_int_equal(parse_uint(wrong[i], 10, &value), -1);
	assert_int_equal(value, 7);
	assert_int_equal(parse_uint("010", 10, &value), 0);
	assert_int_equal(value, 10);
	assert_int_equal(parse_uint("18446744073709551615", UINT64_MAX, &value),
	                 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(parse_uint("18446744073709551616", UINT64_MAX, &value),
	                 -1);
}

static void the_nearest_word_is_proposed(void **state)
{
	static const char *const keys[] = { "scopes", "scopeSets", "secrets",
		                            "redirectUri", "id" };
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{ "scope", "scopes" },
		{ "secert", "secrets" },
		{ "SCOPES", "scopes" },
		{ "redirect_uri", "redirectUri" },
		{ "rediretcUri", "redirectUri" },
		{ "colour", NULL },
		{ "ib", NULL },
		{ "ID", "id" },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *nearest =
			text_nearest(rows[i].word, keys, LENGTH(keys));

		if (!str_equal(nearest, rows[i].nearest))
			fail_msg("%s: %s", rows[i].word, nearest);
	}
}

static void long_words_have_no_neighbours(void **state)
{
	char longest[66];
	const char *candidates[] = { longest };

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[65] = '\0';

	assert_null(text_nearest(longest, candidates, 1));
	assert_null(text_nearest("aaaaaa", candidates, 1));
	longest[64] = '\0';
	assert_ptr_equal(text_nearest(longest, candidates, 1), longest);
}

static void utf8_is_told_from_what_is_not(void **state)
{
	static const struct {
		const char *bytes;
		bool good;
	} rows[] = {
		{ "", true },
		{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", true },
		{ "\x80", false },     /* continues nothing */
		{ "\xc3", false },     /* cut off */
		{ "\xc0\xaf", false }, /* too long a form */
		{ "\xe0\x80\xaf", false },
		{ "\xed\xa0\x80", false },     /* a surrogate */
		{ "\xf4\x90\x80\x80", false }, /* past the last */
		{ "\xff", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(
			text_is_utf8(rows[i].bytes, strlen(rows[i].bytes)),
			rows[i].good);
	assert_false(text_is_utf8("\xc3\xa9", 1));
}

static void unsafe_characters_are_escaped(void **state)
{
	static const struct {
		const char *text, *safe;
	} rows[] = {
		{ "plain \\n `x`", "plain \\n `x`" },
		{ "a\nb\tc\rd", "a\\nb\\tc\\rd" },
		{ "\x1b[31m\x7f", "\\x1b[31m\\x7f" },
		{ "\xc2\x85\xc2\xa0", "\\u0085\xc2\xa0" },
		{ "\xe2\x80\xae"
		  "abc",
		  "\\u202eabc" },
		{ "a\xe2\x80\x8b\xef\xbb\xbf", "a\\u200b\\ufeff" },
		{ "\xe2\x80\xa8", "\\u2028" },
		{ "\xf3\xa0\x80\x81", "\\U000e0001" },
		{ "\xf0\x9f\x98\x80\xc3", "\xf0\x9f\x98\x80\\xc3" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *safe = text_safe(rows[i].text);

		assert_string_equal(safe, rows[i].safe);
	}
}

static void bytes_become_hexadecimal(void **state)
{
	char out[7];

	(void)state;
	text_hex(out, "\x00\xab\xff", 3);
	assert_string_equal(out, "00abff");
}

static void globs_match_whole_texts(void **state)
{
	static const struct {
		const char *glob, *text;
		bool matches;
	} rows[] = {
		{ "*", "", true },
		{ "slack-*", "slack-crm", true },
		{ "slack-*", "my-slack-crm", false },
		{ "*crm", "slack-crm", true },
		{ "*a*b", "xaxxb-ab", true },
		{ "*a*b", "xaxxb-a", false },
		{ "a?c", "abc", true },
		{ "a?c",
		  "a\xc3\xa9"
		  "c",
		  true },
		{ "a?", "a", false },
		{ "", "a", false },
		{ "[a]", "a", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(text_glob(rows[i].glob, rows[i].text),
		                 rows[i].matches);
}

static void sorted_sets_are_searched(void **state)
{
	static const char *const sorted[] = { "a", "b", "d" };

	(void)state;
	assert_true(text_sorted_contains(sorted, 3, "d"));
	assert_false(text_sorted_contains(sorted, 3, "c"));
	assert_false(text_sorted_contains(NULL, 0, "c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_compare_with_null),
		cmocka_unit_test(numbers_are_digits_up_to_a_maximum),
		cmocka_unit_test(the_nearest_word_is_proposed),
		cmocka_unit_test(long_words_have_no_neighbours),
		cmocka_unit_test(utf8_is_told_from_what_is_not),
		cmocka_unit_test(unsafe_characters_are_escaped),
		cmocka_unit_test(bytes_become_hexadecimal),
		cmocka_unit_test(globs_match_whole_texts),
		cmocka_unit_test(sorted_sets_are_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
