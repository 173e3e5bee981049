/* SPDX-License-Identifier: MIT */
/* Ids: keys and ids for applications. */
#include "schema/schema.h"

#include "plan_sample.h"

#include <string.h>

static const struct report_row rows[] = {
	{ .key = "3scale", .id = "id-3" },
	{ .key = "no-id" },
	{ .key = "odd", .id = "it's; $(x) \n\"" },
	{ .key = "slack-crm", .id = "64f0c2.A_:/@" },
};

static char *write_ids(const struct report_row *items, size_t count,
                       const char *format, struct diag *diag)
{
	const struct report report = { .rows = items, .row_count = count };
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);
	const int result = report_ids(&report, format, out, diag);

	(void)fclose(out);
	assert_int_equal(result, diag_length(diag) ? -1 : 0);
	return text;
}

static void expect(const char *format, const char *wanted)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp)
	char *text = write_ids(rows, LENGTH(rows), format, diag);

	assert_string_equal(text, wanted);
}

static void env_can_be_sourced(void **state)
{
	(void)state;

	expect("env", "export _3SCALE_AUTH_CONFIG_ID=id-3\n"
	              "export ODD_AUTH_CONFIG_ID='it'\\''s; $(x) \\n\"'\n"
	              "export SLACK_CRM_AUTH_CONFIG_ID=64f0c2.A_:/@\n");
}

static void dotenv_has_no_export(void **state)
{
	(void)state;

	expect("dotenv", "_3SCALE_AUTH_CONFIG_ID=id-3\n"
	                 "ODD_AUTH_CONFIG_ID='it'\\''s; $(x) \\n\"'\n"
	                 "SLACK_CRM_AUTH_CONFIG_ID=64f0c2.A_:/@\n");
}

static void json_keeps_keys_as_they_are(void **state)
{
	(void)state;

	expect("json", "{\n"
	               "  \"3scale\": \"id-3\",\n"
	               "  \"odd\": \"it's; $(x) \\n\\\"\",\n"
	               "  \"slack-crm\": \"64f0c2.A_:/@\"\n"
	               "}\n");
}

static void nothing_is_an_empty_map(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *json = write_ids(NULL, 0, "json", diag);
	CLEANUP(textp) char *env = write_ids(NULL, 0, "env", diag);

	(void)state;
	assert_string_equal(json, "{}\n");
	assert_string_equal(env, "");
}

static void names_that_collide_are_an_error_with_both_keys(void **state)
{
	static const struct report_row twins[] = {
		{ .key = "a-b", .id = "1" },
		{ .key = "c", .id = "2" },
		{ .key = "a_b", .id = "3" },
	};
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *text = write_ids(twins, 3, "dotenv", diag);
	CLEANUP(textp) char *said = diag_text(diag);
	CLEANUP(diag_freep) struct diag *none = diag_new();
	CLEANUP(textp) char *json = write_ids(twins, 3, "json", none);

	(void)state;
	assert_string_equal(text, "");
	assert_int_equal(diag_at(diag, 0)->code, CODE_NAMES_COLLIDE);
	assert_non_null(strstr(said, "`a-b`"));
	assert_non_null(strstr(said, "`a_b`"));
	assert_non_null(strstr(said, "`A_B_AUTH_CONFIG_ID`"));
	assert_string_equal(json, "{\n  \"a-b\": \"1\",\n  \"c\": \"2\",\n"
	                          "  \"a_b\": \"3\"\n}\n");
}

static void an_unknown_format_is_an_error_that_lists_them(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *text = write_ids(rows, 1, "xml", diag);

	(void)state;
	assert_string_equal(text, "");
	assert_int_equal(diag_at(diag, 0)->code, CODE_UNKNOWN_FORMAT);
	assert_non_null(strstr(diag_at(diag, 0)->text, "`xml`"));
	assert_non_null(strstr(diag_at(diag, 0)->text, "dotenv, env, json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(env_can_be_sourced),
		cmocka_unit_test(dotenv_has_no_export),
		cmocka_unit_test(json_keeps_keys_as_they_are),
		cmocka_unit_test(nothing_is_an_empty_map),
		cmocka_unit_test(
			names_that_collide_are_an_error_with_both_keys),
		cmocka_unit_test(an_unknown_format_is_an_error_that_lists_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
