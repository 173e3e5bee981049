/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "reading.h"
#include "schema/codes.h"

#include <string.h>

static void nesting_has_a_limit(void **state)
{
	CLEANUP(textp) char *at = nested(LIMIT_YAML_DEPTH, "[", "]");
	CLEANUP(textp) char *past = nested(LIMIT_YAML_DEPTH + 1, "[", "]");
	CLEANUP(textp) char *far = nested(1000000, "[", "");
	CLEANUP(reading_release) struct reading one = read_text(at);
	CLEANUP(reading_release) struct reading two = read_text(past);
	CLEANUP(reading_release) struct reading three = read_text(far);

	(void)state;
	assert_non_null(one.root);
	assert_null(two.root);
	assert_int_equal(diag_at(two.diag, 0)->code, CODE_YAML_DEPTH);
	assert_int_equal(diag_at(two.diag, 0)->place.column,
	                 LIMIT_YAML_DEPTH + 1);
	assert_null(three.root);
	assert_int_equal(diag_length(three.diag), 1);
}

static void aliases_do_not_explode(void **state)
{
	CLEANUP(reading_release)
	struct reading reading =
		read_text("a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	                  "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
	                  "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
	                  "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
	                  "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
	                  "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
	                  "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n");

	(void)state;
	assert_null(reading.root);
	assert_int_equal(diag_length(reading.diag), 1);
	assert_int_equal(diag_at(reading.diag, 0)->code, CODE_YAML_EXPANSION);
	assert_int_equal(diag_at(reading.diag, 0)->place.line, 7);
}

static void anchors_have_a_limit(void **state)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	(void)state;
	for (size_t i = 0; i < 1025; i++)
		fprintf(out, "- &a%zu x\n", i);
	(void)fclose(out);

	CLEANUP(reading_release) struct reading past = read_text(text);

	assert_null(past.root);
	assert_int_equal(diag_at(past.diag, 0)->code, CODE_YAML_EXPANSION);
	assert_int_equal(diag_at(past.diag, 0)->place.line, 1025);
	*strstr(text, "- &a1024") = '\0';

	CLEANUP(reading_release) struct reading at = read_text(text);

	assert_non_null(at.root);
	free(text);
}

static void texts_have_a_limit(void **state)
{
	char *text = xmalloc(LIMIT_YAML_SCALAR_BYTES + 2);

	(void)state;
	memset(text, 'x', LIMIT_YAML_SCALAR_BYTES + 1);
	text[LIMIT_YAML_SCALAR_BYTES + 1] = '\0';

	CLEANUP(reading_release) struct reading past = read_text(text);

	text[LIMIT_YAML_SCALAR_BYTES] = '\0';

	CLEANUP(reading_release) struct reading at = read_text(text);

	assert_null(past.root);
	assert_int_equal(diag_at(past.diag, 0)->code, CODE_TOO_LARGE);
	assert_non_null(at.root);
	free(text);
}

static void write_items(FILE *out, const char *item, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s,", item);
}

/* A list that is `count` values, mostly by aliases of 4096 each. */
static char *many_values(size_t count)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fputs("[&a [", out);
	write_items(out, "x", 4095);
	fputs("],", out);
	write_items(out, "*a", (count - 1) / 4096 - 1);
	write_items(out, "x", (count - 1) % 4096);
	fputs("]", out);
	(void)fclose(out);
	return text;
}

static void values_have_a_limit(void **state)
{
	CLEANUP(textp) char *at = many_values(LIMIT_YAML_NODES);
	CLEANUP(textp) char *past = many_values(LIMIT_YAML_NODES + 1);
	CLEANUP(reading_release) struct reading one = read_text(at);
	CLEANUP(reading_release) struct reading two = read_text(past);

	(void)state;
	assert_non_null(one.root);
	assert_null(two.root);
	assert_int_equal(diag_at(two.diag, 0)->code, CODE_YAML_EXPANSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(aliases_do_not_explode),
		cmocka_unit_test(anchors_have_a_limit),
		cmocka_unit_test(texts_have_a_limit),
		cmocka_unit_test(values_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
