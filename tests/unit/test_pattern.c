/* SPDX-License-Identifier: MIT */
#include "base/pattern.h"
#include "schema/codes.h"
#include "unit.h"

#include <string.h>

static bool matches(const char *expression, const char *text, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(pattern_freep)
	struct pattern *pattern = pattern_new(expression, PLACE_NONE, diag);

	assert_non_null(pattern);
	return pattern_matches(pattern, text, length);
}

static void expressions_mean_what_json_schema_means(void **state)
{
	static const struct {
		const char *expression, *text;
		bool matches;
	} rows[] = {
		{ "b", "abc", true }, /* unanchored */
		{ "^b", "abc", false },
		{ "^[a-z0-9][a-z0-9-]{0,62}$", "slack-crm", true },
		{ "^[a-z]+$", "abc\n", false }, /* `$` is the very end */
		{ "^.$", "\xc3\xa9", true },    /* a character, not a byte */
		{ "^\\d+$", "0123", true },
		{ "^\\u00e9$", "\xc3\xa9", true },
		{ "[^]", "\n", true },
		{ "^\\d$", "\xd9\xa3", false }, /* ASCII digits only */
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (matches(rows[i].expression, rows[i].text,
		            strlen(rows[i].text)) != rows[i].matches)
			fail_msg("%s: %s", rows[i].expression, rows[i].text);
	}
}

/* The first is read as runs; the second means the same, and is not. */
static void runs_say_what_the_library_says(void **state)
{
	static const char *const expressions[][2] = {
		{ "^[a-z0-9][a-z0-9-]{0,3}$", "^(?:[a-z0-9][a-z0-9-]{0,3})$" },
		{ "^[0-9]+-[0-9a-z_]+\\.apps$",
		  "^(?:[0-9]+-[0-9a-z_]+\\.apps)$" },
		{ "^[a-]*[b\\]^]?x{2,}$", "^(?:[a-]*[b\\]^]?x{2,})$" },
		{ "^[A-Za-z_][A-Za-z0-9_]*$", "^(?:[A-Za-z_][A-Za-z0-9_]*)$" },
		{ "^a?b{2}c{0,1}$", "^(?:a?b{2}c{0,1})$" },
		{ "^(-[ab]{2}){2}_?$", "^(?:(-[ab]{2}){2}_?)$" },
		{ "^(a)(b){1}$", "^(?:(a)(b){1})$" },
		{ "^(a+b?){2}x?$", "^(?:(a+b?){2}x?)$" }, /* no runs, as */
		{ "^a+a$", "^(?:a+a)$" },                 /* these go back */
		{ "^[ab]*b?a$", "^(?:[ab]*b?a)$" },
		{ "^a|b$", "^(?:a|b)$|^a|b$" },
		{ "^\\d+$", "^(?:\\d+)$" },
		{ "^[^a]$", "^(?:[^a])$" },
		{ "^$", "^(?:)$" },
	};
	static const char letters[] = "ab-_01.xc]^\xc3Z ps\n";
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < 20000; i++) {
		const char *const *pair = expressions[i % LENGTH(expressions)];
		char text[8];
		size_t length = i / LENGTH(expressions) % sizeof(text);

		for (size_t j = 0; j < length; j++) {
			random = random * 6364136223846793005U +
			         1442695040888963407U;
			text[j] =
				letters[(random >> 33) % (sizeof(letters) - 1)];
		}
		if (matches(pair[0], text, length) !=
		    matches(pair[1], text, length))
			fail_msg("%s: %.*s", pair[0], (int)length, text);
	}
}

static void a_pattern_is_used_again(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(pattern_freep)
	struct pattern *pattern = pattern_new("^a+$", PLACE_NONE, diag);

	(void)state;
	assert_non_null(pattern);
	assert_true(pattern_matches(pattern, "aaa", 3));
	assert_false(pattern_matches(pattern, "ab", 2));
	assert_true(pattern_matches(pattern, "ab", 1));
	assert_false(pattern_matches(pattern, "\xff", 1));
}

static void no_pattern_runs_for_ever(void **state)
{
	const char *few = "aaaa!", *many = "aaaaaaaaaaaaaaaaaa!";

	(void)state;
	assert_true(matches("^((a+)+b|.*!)$", few, strlen(few)));
	assert_false(matches("^((a+)+b|.*!)$", many, strlen(many)));
}

static void a_wrong_expression_is_reported_where_it_stands(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct place place = { "binding.yaml", 3, 5 };

	(void)state;
	assert_null(pattern_new("a(b", place, diag));

	const struct diag_report *report = diag_at(diag, 0);

	assert_int_equal(report->code, CODE_BAD_PATTERN);
	assert_int_equal(report->place.line, 3);
	assert_string_equal(report->text,
	                    "`a(b` is no regular expression: missing closing "
	                    "parenthesis at character 4; correct it there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_mean_what_json_schema_means),
		cmocka_unit_test(runs_say_what_the_library_says),
		cmocka_unit_test(a_pattern_is_used_again),
		cmocka_unit_test(no_pattern_runs_for_ever),
		cmocka_unit_test(
			a_wrong_expression_is_reported_where_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
