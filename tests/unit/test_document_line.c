/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "tree_folder.h"

#include <string.h>

static void load(struct source *source)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	const struct node *root = document_load(documents, source, diag);

	(void)root;
}

/* Line `number` of `text`, as a report at `column` would show it. Where secrets
 * stand is found when the file is loaded, else when the line is asked for: both
 * must find the same. */
static char *shown(struct tree_folder *folder, const char *text,
                   unsigned number, unsigned column)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	tree_folder_write("a.yaml", text);

	CLEANUP(source_freep)
	struct source *loaded = source_directory("a.yaml", NULL, diag);
	CLEANUP(source_freep)
	struct source *source = source_directory("a.yaml", NULL, diag);
	struct place place = { source_display(loaded, "a.yaml"), number,
		               column };

	(void)folder;
	load(loaded);

	CLEANUP(textp) char *twin = document_line(&place, loaded);

	place.file = source_display(source, "a.yaml");

	char *line = document_line(&place, source);

	if (!str_equal(line, twin))
		fail_msg("%s\nline %u: %s, when loaded: %s", text, number, line,
		         twin);
	return line;
}

struct row {
	const char *text;
	unsigned line;
	const char *shown;
};

static void check_rows(struct tree_folder *folder, const struct row *rows,
                       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		CLEANUP(textp)
		char *line = shown(folder, rows[i].text, rows[i].line, 1);

		if (!str_equal(line, rows[i].shown))
			fail_msg("%s\nline %u: %s", rows[i].text, rows[i].line,
			         line);
	}
}

static void lines_are_shown_as_they_are(void **state)
{
	static const struct row rows[] = {
		{ "a: 1\nb: 2\n", 2, "b: 2" },
		{ "a: 1\r\nb: 2\r\n", 1, "a: 1" },
		{ "a: 1\rb: 2", 2, "b: 2" },
		{ "\xef\xbb\xbf"
		  "a: 1\n",
		  1, "a: 1" },
		{ "# one\n\nb: \xc3\xa9 # two\n", 3, "b: \xc3\xa9 # two" },
		{ "a: 1\n", 2, "" },
		{ "a: 1\n", 3, NULL },
		{ "a: 1\n", 0, NULL },
		{ "client:\n  id: x\n  secret: { env: NAME }\n", 3,
		  "  secret: { env: NAME }" },
		{ "secrets:\n  hook: { file: a/b }\n", 2,
		  "  hook: { file: a/b }" },
		{ "apiKey:\n  env: NAME\n", 2, "  env: NAME" },
		{ "env: [a, b]\n", 1, "env: [a, b]" },
		{ "secretVersion: '2026-11'\n", 1, "secretVersion: '2026-11'" },
		{ "policy: { maxSecretAgeDays: 180 }\n", 1,
		  "policy: { maxSecretAgeDays: 180 }" },
		{ "redirectUri: https://x/#y\n", 1,
		  "redirectUri: https://x/#y" },
	};

	check_rows(*state, rows, LENGTH(rows));
}

static void secrets_are_hidden_in_every_form(void **state)
{
	static const struct row rows[] = {
		{ "secret: CANARY\n", 1, "secret: ***" },
		{ "client: {id: x, secret: CANARY}\n", 1,
		  "client: {id: x, secret: ***}" },
		{ "secret: 'CAN''ARY' # c\n", 1, "secret: *** #***" },
		{ "secret: \"CANARY\"\nb: 1\n", 1, "secret: ***" },
		{ "secret: |\n  CANARY\n  CANARY\nb: 1\n", 1, "secret: ***" },
		{ "secret: |\n  CANARY\n  CANARY\nb: 1\n", 2, "  ***" },
		{ "secret: |\n  CANARY\n  CANARY\nb: 1\n", 3, "  ***" },
		{ "secret: |\n  CANARY\n  CANARY\nb: 1\n", 4, "b: 1" },
		{ "secret: CANARY\n  CANARY\nb: 1\n", 2, "  ***" },
		{ "secret: CANARY\n  CANARY\nb: 1\n", 3, "b: 1" },
		{ "secret: \"CANARY\n\n  CANARY\"\nb: 1\n", 3, "  ***" },
		{ "secret: >-\n\n  CANARY\n", 3, "  ***" },
		{ "secret: [CANARY, x]\n", 1, "secret: [***, ***]" },
		{ "secret: {CANARY}\n", 1, "secret: {***}" },
		{ "secret: {{ CANARY }}\n", 1, "secret: {{ *** }}" },
		{ "secret: {value: CANARY}\n", 1, "secret: {***: ***}" },
		{ "secret: {env: {x: CANARY}}\n", 1,
		  "secret: {env: {***: ***}}" },
		{ "secrets: {webhook: CANARY}\n", 1,
		  "secrets: {webhook: ***}" },
		{ "secrets: CANARY\n", 1, "secrets: ***" },
		{ "secrets: {env: CANARY}\n", 1, "secrets: {env: ***}" },
		{ "secrets: [CANARY]\n", 1, "secrets: [***]" },
		{ "secrets:\n  a: {env: A}\n  b: CANARY\n", 3, "  b: ***" },
		{ "apiKey: CANARY\n", 1, "apiKey: ***" },
		{ "platform: {api_key: CANARY}\n", 1,
		  "platform: {api_key: ***}" },
		{ "secert: CANARY\n", 1, "secert: ***" },
		{ "clientSercet: CANARY\n", 1, "clientSercet: ***" },
		{ "Password: CANARY\n", 1, "Password: ***" },
		{ "access-token: CANARY\n", 1, "access-token: ***" },
		{ "privateKey: |\n -----BEGIN\n CANARY\n", 3, " ***" },
		{ "secret: *CANARY\n", 1, "secret: ***" },
		{ "secret: !CANARY x\n", 1, "secret: ***" },
		{ "secret: &CANARY x\n", 1, "secret: ***" },
		{ "? secret\n: CANARY\n", 2, ": ***" },
		{ "- secret: CANARY\n", 1, "- secret: ***" },
		{ "a: 1 # the secret is CANARY\n", 1, "a: 1 #***" },
		{ "# secret: CANARY\n", 1, "#***" },
	};

	check_rows(*state, rows, LENGTH(rows));
}

static void what_is_no_yaml_hides_what_may_follow(void **state)
{
	static const struct row rows[] = {
		{ "secret: \"CANARY\nb: 1\n", 1, "secret: ***" },
		{ "secret: \"CANARY\nb: CANARY\n", 2, "***" },
		{ "a: b: c\nsecret: CANARY\n", 1, "a: b: c" },
		{ "a: b: c\nsecret: CANARY\n", 2, "secret: ***" },
		{ "a: b: c\nsecret: CANARY\n  CANARY\n", 3, "  ***" },
		{ "secret: @CANARY\n", 1, "secret: ***" },
		{ "client: {id: x, secret: CANARY\nb: 1\n", 1,
		  "client: {id: x, secret: ***" },
		{ "a: \"b\nclient:\n  secret: CANARY\n", 3, "  secret: ***" },
		{ "a:\n  b: 1\n c: 2\n", 3, " c: 2" },
		{ "secret: x\ty: CANARY\n", 1, "secret: ***: ***" },
		{ "secret: x: CANARY\n", 1, "secret: ***: ***" },
		{ "secret: 'x' CANARY\n", 1, "secret: *** ***" },
	};

	check_rows(*state, rows, LENGTH(rows));
}

static void deep_nesting_hides_what_is_not_looked_at(void **state)
{
	char text[200];

	memset(text, '[', 100);
	(void)snprintf(text + 100, 100, "\nsecret: CANARY\n");

	CLEANUP(textp) char *line = shown(*state, text, 2, 1);

	assert_string_equal(line, "secret: ***");
}

static void the_caret_points_right_behind_a_secret(void **state)
{
	static const char text[] = "{secret: CANARY-7, scpe: x}\n";
	CLEANUP(textp) char *before = shown(*state, text, 1, 2);
	CLEANUP(textp) char *behind = shown(*state, text, 1, 20);

	assert_string_equal(before, "{secret: ***, scpe: x}");
	assert_string_equal(behind, "{secret: ********, scpe: x}");
}

static void long_lines_are_cut(void **state)
{
	char text[1000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';

	CLEANUP(textp) char *first = shown(*state, text, 1, 1);
	CLEANUP(textp) char *later = shown(*state, text, 1, 301);

	assert_int_equal(strlen(first), 200);
	assert_int_equal(strlen(later), 500);
}

static void rules_named_after_secrets_show_their_severity(void **state)
{
	static const struct row rows[] = {
		{ "policy:\n  rules: { secret-form: error, x: off }\n", 2,
		  "  rules: { secret-form: error, x: off }" },
		{ "policy:\n  rules:\n    secret-form: eror\n", 3,
		  "    secret-form: eror" },
		{ "policy:\n  rules:\n    secret-form: CANARY1\n", 3,
		  "    secret-form: ***" },
		{ "policy:\n  rules:\n    secret-form: { a: b }\n", 3,
		  "    secret-form: { ***: *** }" },
		{ "policy:\n  rules:\n    secret-form: [error]\n", 3,
		  "    secret-form: [***]" },
		{ "policy:\n  token: error\n", 2, "  token: ***" },
		{ "rules:\n  secret-form: error\n", 2, "  secret-form: ***" },
		{ "a:\n  policy:\n    rules:\n      token: error\n", 4,
		  "      token: ***" },
	};

	check_rows(*state, rows, LENGTH(rows));
}

static void values_of_extra_are_never_shown(void **state)
{
	static const struct row rows[] = {
		{ "authConfigs:\n  a:\n    extra: { hook: CANARY }\n", 3,
		  "    extra: { hook: *** }" },
		{ "authConfigs:\n  a:\n    extra: { a: { b: [x, {c: y}] } }\n",
		  3, "    extra: { a: { b: [***, {c: ***}] } }" },
		{ "authConfigs:\n  a:\n    extra:\n      x: { env: CANARY }\n",
		  4, "      x: { env: *** }" },
		{ "authConfigs:\n  a:\n    extra:\n      x: |\n        "
		  "CANARY\n",
		  5, "        ***" },
		{ "authConfigs: { a: { extra: CANARY, name: n } }\n", 1,
		  "authConfigs: { a: { extra: ***, name: n } }" },
		{ "defaults:\n  extra: { hook: CANARY }\n", 2,
		  "  extra: { hook: *** }" },
		/* An entry of that name is an entry. */
		{ "authConfigs:\n  extra:\n    name: x\n", 3, "    name: x" },
		{ "extra: 1\n", 1, "extra: 1" },
	};

	check_rows(*state, rows, LENGTH(rows));
}

/* A text too large to be kept is read again, and may be another by then. */
static void what_changed_since_is_looked_at_again(void **state)
{
	enum { LARGE = 5 << 20 };
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *large = xmalloc(LARGE + 1);
	CLEANUP(textp) char *before = NULL, *after = NULL;

	(void)state;
	memset(large, 'x', LARGE);
	large[LARGE] = '\0';
	before = xasprintf("name: a\nsecret: CANARY\n# %s\n", large);
	after = xasprintf("secret: CANARY\nname: a\n# %s\n", large);
	tree_folder_write("a.yaml", before);

	CLEANUP(source_freep)
	struct source *same = source_directory("a.yaml", NULL, diag);
	CLEANUP(source_freep)
	struct source *other = source_directory("a.yaml", NULL, diag);
	struct place place = { source_display(same, "a.yaml"), 2, 1 };

	load(same);
	load(other);

	CLEANUP(textp) char *unchanged = document_line(&place, same);

	tree_folder_write("a.yaml", after);
	place = (struct place){ source_display(other, "a.yaml"), 1, 1 };

	CLEANUP(textp) char *changed = document_line(&place, other);

	assert_string_equal(unchanged, "secret: ***");
	assert_string_equal(changed, "secret: ***");
}

enum { LONG_LINES = 50000 };

/* Each line says which it is, and holds something to hide. */
static char *long_text(const char *in_the_middle)
{
	static const char padding[] =
		"........................................"
		"........................................";
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (unsigned i = 1; i <= LONG_LINES; i++)
		fprintf(out, "k%u: { x: %s, secret: CANARY } # %s\n", i,
		        i == LONG_LINES / 2 ? in_the_middle : "y", padding);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void expect_long_line(struct source *source, unsigned number,
                             const char *value)
{
	const struct place place = { source_display(source, "a.yaml"), number,
		                     1 };
	CLEANUP(textp)
	char *start = xasprintf("k%u: { x: %s, secret: *** } #", number, value);
	CLEANUP(textp) char *line = document_line(&place, source);

	assert_non_null(line);
	assert_memory_equal(line, start, strlen(start));
	assert_null(strstr(line, "CANARY"));
}

/* Read line by line, and where one is not what it was, all of it anew. */
static void lines_of_a_large_text_are_found(void **state)
{
	static const unsigned numbers[] = { 1, 16, 17, 23456, LONG_LINES };
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *before = long_text("y");
	CLEANUP(textp) char *after = long_text("z");
	struct place behind = { NULL, LONG_LINES + 2, 1 };

	(void)state;
	tree_folder_write("a.yaml", before);

	CLEANUP(source_freep)
	struct source *source = source_directory("a.yaml", NULL, diag);

	load(source);
	for (size_t i = 0; i < LENGTH(numbers); i++)
		expect_long_line(source, numbers[i], "y");
	behind.file = source_display(source, "a.yaml");
	assert_null(document_line(&behind, source));

	tree_folder_write("a.yaml", after);
	expect_long_line(source, 1, "y");
	expect_long_line(source, LONG_LINES / 2, "z");
	expect_long_line(source, LONG_LINES, "y");
}

static void other_files_have_no_lines(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	tree_folder_write("a.yaml", "a: 1\n");

	CLEANUP(source_freep)
	struct source *source = source_directory("a.yaml", NULL, diag);
	const struct place strange = { "/etc/passwd", 1, 1 };
	const struct place gone = { source_display(source, "b.yaml"), 1, 1 };

	assert_null(document_line(&strange, source));
	assert_null(document_line(&gone, source));
	assert_null(document_line(&PLACE_NONE, source));
}

static char *line_of(const struct place *place, void *context)
{
	return document_line(place, context);
}

static void reports_show_lines_without_secrets(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("a.yaml", "client: {secret: CANARY, x: 1, x: 2}\n");
	tree_folder_load(folder, "a.yaml");
	diag_set_lines(folder->diag, line_of, folder->source);

	CLEANUP(textp) char *text = diag_text(folder->diag);

	assert_non_null(strstr(text, "    1 | client: {secret: ******, x: 1, "
	                             "x: 2}\n"
	                             "      |                               "
	                             " ^\n"));
	assert_null(strstr(text, "CANARY"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_FOLDER_TEST(lines_are_shown_as_they_are),
		TREE_FOLDER_TEST(secrets_are_hidden_in_every_form),
		TREE_FOLDER_TEST(what_is_no_yaml_hides_what_may_follow),
		TREE_FOLDER_TEST(deep_nesting_hides_what_is_not_looked_at),
		TREE_FOLDER_TEST(the_caret_points_right_behind_a_secret),
		TREE_FOLDER_TEST(long_lines_are_cut),
		TREE_FOLDER_TEST(rules_named_after_secrets_show_their_severity),
		TREE_FOLDER_TEST(values_of_extra_are_never_shown),
		TREE_FOLDER_TEST(what_changed_since_is_looked_at_again),
		TREE_FOLDER_TEST(lines_of_a_large_text_are_found),
		TREE_FOLDER_TEST(other_files_have_no_lines),
		TREE_FOLDER_TEST(reports_show_lines_without_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
