/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"
#include "unit.h"

#include <string.h>

static struct place at(const char *file, unsigned line, unsigned column)
{
	return (struct place){ file, line, column };
}

static char *give_line(const struct place *place, void *context)
{
	const char *const *lines = context;

	return lines[place->line] ? xstrdup(lines[place->line]) : NULL;
}

static void an_error_shows_its_line_and_a_caret(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const char *lines[] = { NULL, "defaults:", "\tscope: [repo]" };

	(void)state;
	diag_set_lines(diag, give_line, lines);
	assert_int_equal(diag_error(diag, 1101, at("prod.yaml", 2, 2),
	                            "unknown key `%s`", "scope"),
	                 -1);
	diag_note(diag, at("prod.yaml", 1, 0), "in these defaults");

	CLEANUP(textp) char *text = diag_text(diag);

	assert_string_equal(text, "prod.yaml:2:2: error: unknown key `scope` "
	                          "[TRUEUP-1101]\n"
	                          "    2 |  scope: [repo]\n"
	                          "      |  ^\n"
	                          "prod.yaml:1: note: in these defaults\n"
	                          "    1 | defaults:\n");
}

static void the_caret_stands_below_its_character(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	char *wide = xmalloc(401);
	const char *lines[] = { NULL, "\u00e9\033\u00e9: x", wide };

	(void)state;
	memset(wide, '-', 400);
	wide[300] = '!';
	wide[400] = '\0';
	diag_set_lines(diag, give_line, lines);
	diag_warning(diag, 0, at("a", 1, 6), "here");
	diag_warning(diag, 0, at("a", 2, 301), "there");

	CLEANUP(textp) char *text = diag_text(diag);

	assert_non_null(strstr(text, "    1 | \u00e9\\x1b\u00e9: x\n"
	                             "      |         ^\n"));

	const char *mark = strchr(text, '!'), *line = strstr(text, "    2 |");
	const char *caret = strrchr(text, '^'), *below = strrchr(text, '|') - 6;

	assert_int_equal(mark - line, caret - below);
	assert_true(strlen(line) < 400);
	free(wide);
}

static void reports_are_sorted_and_folded(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	diag_info(diag, 0, PLACE_NONE, "zuerst");
	diag_error(diag, 1102, at("b", 1, 1), "same");
	diag_error(diag, 1101, at("b", 1, 1), "code");
	diag_error(diag, 1101, at("a", 10, 1), "ten");
	diag_error(diag, 1101, at("a", 9, 2), "nine");
	diag_error(diag, 1102, at("b", 1, 1), "same");
	diag_info(diag, 0, PLACE_NONE, "danach");
	diag_info(diag, 0, PLACE_NONE, "zuerst");
	diag_sort(diag);

	CLEANUP(textp) char *text = diag_text(diag);

	assert_string_equal(text, "a:9:2: error: nine [TRUEUP-1101]\n"
	                          "a:10:1: error: ten [TRUEUP-1101]\n"
	                          "b:1:1: error: code [TRUEUP-1101]\n"
	                          "b:1:1: error: same [TRUEUP-1102]\n"
	                          "info: zuerst\n"
	                          "info: danach\n");
	assert_int_equal(diag_count(diag, SEVERITY_ERROR), 4);
	assert_int_equal(diag_count(diag, SEVERITY_INFO), 2);
	assert_int_equal(diag_length(diag), 6);
}

static void a_report_outlives_what_it_is_about(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	char *file = xstrdup("gone.yaml");

	(void)state;
	diag_error(diag, 1001, at(file, 0, 0), "gone");
	memset(file, 'x', strlen(file));
	free(file);

	assert_string_equal(diag_at(diag, 0)->place.file, "gone.yaml");
	assert_string_equal(diag_at(diag, 0)->text, "gone");
}

static void no_terminal_obeys_a_report(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	diag_error(diag, 0, at("\033]0;x", 1, 0), "`\033[2J\n`");

	CLEANUP(textp) char *text = diag_text(diag);

	assert_string_equal(text, "\\x1b]0;x:1: error: `\\x1b[2J\\n`\n");
}

static void colour_is_written_only_when_asked_for(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	(void)state;
	diag_error(diag, 0, PLACE_NONE, "red");
	diag_write(diag, out, DIAG_COLOR);
	(void)fclose(out);

	assert_string_equal(text, "\033[1;31merror\033[0m: red\n");
}

static void past_the_limit_reports_are_counted(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	for (unsigned i = 0; i < LIMIT_REPORTS; i++)
		diag_error(diag, 1101, at("a", i + 1, 1), "wrong");

	CLEANUP(textp) char *all = diag_text(diag);

	diag_error(diag, 1101, at("a", LIMIT_REPORTS + 1, 1), "wrong");

	CLEANUP(textp) char *some = diag_text(diag);

	assert_null(strstr(all, "not shown"));
	assert_true(str_ends(some, "\nand 1 more reports, not shown\n"));
}

static void a_note_without_a_report_is_dropped(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	diag_note(diag, PLACE_NONE, "to nothing");
	diag_sort(diag);

	assert_int_equal(diag_length(diag), 0);
}

static void codes_are_sorted_and_found(void **state)
{
#define ROW(number, name, exit, title, advice) number,
	static const unsigned codes[] = { CODES(ROW) };
#undef ROW

	(void)state;
	for (size_t i = 0; i < LENGTH(codes); i++) {
		assert_true(i == 0 || codes[i - 1] < codes[i]);
		assert_non_null(code_find(codes[i]));
	}
	assert_string_equal(code_find(CODE_TOO_LARGE)->name, "TOO_LARGE");
	assert_null(code_find(1));
}

static void embedded_files_are_sorted_and_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < schema_file_count; i++) {
		const struct schema_file *file = &schema_files[i];

		assert_ptr_equal(schema_find(file->name), file);
		assert_int_equal(strlen(file->bytes), file->length);
	}
	assert_null(schema_find("no-such-file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_shows_its_line_and_a_caret),
		cmocka_unit_test(the_caret_stands_below_its_character),
		cmocka_unit_test(reports_are_sorted_and_folded),
		cmocka_unit_test(a_report_outlives_what_it_is_about),
		cmocka_unit_test(no_terminal_obeys_a_report),
		cmocka_unit_test(colour_is_written_only_when_asked_for),
		cmocka_unit_test(past_the_limit_reports_are_counted),
		cmocka_unit_test(a_note_without_a_report_is_dropped),
		cmocka_unit_test(codes_are_sorted_and_found),
		cmocka_unit_test(embedded_files_are_sorted_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
