/* SPDX-License-Identifier: MIT */
/* The JSON format, held against its schema. */
#include "base/text.h"
#include "plan_sample.h"
#include "report_schema.h"
#include "schema/schema.h"

#include <jansson.h>
#include <string.h>

/* What is written, which must be of the schema, and byte for byte as jansson
 * itself would write it. */
static json_t *written(const struct sample *sample)
{
	CLEANUP(textp) char *text = sample_write(sample, "json");
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	CLEANUP(textp) char *dumped = NULL;
	CLEANUP(textp) char *line = NULL;

	assert_non_null(root);
	schema_expect(text);
	dumped = json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	line = xasprintf("%s\n", dumped);
	assert_string_equal(text, line);
	return root;
}

/* "plan.changes.0.kind" */
static json_t *at(json_t *root, const char *path)
{
	CLEANUP(textp) char *copy = xstrdup(path);
	char *rest = NULL;

	for (char *name = strtok_r(copy, ".", &rest); name && root;
	     name = strtok_r(NULL, ".", &rest)) {
		uint64_t index;

		if (json_is_array(root) && parse_uint(name, 1000, &index) == 0)
			root = json_array_get(root, index);
		else
			root = json_object_get(root, name);
	}
	return root;
}

static void expect_json(json_t *root, const char *path, const char *wanted)
{
	const json_t *found = at(root, path);
	char *text = found ? json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT)
	                   : xstrdup("(absent)");

	if (!str_equal(text, wanted))
		fail_msg("%s is %s, not %s", path, text, wanted);
	free(text);
}

/* ---- every path ---- */

static void fill_diag(struct diag *diag)
{
	const struct place place = { "prod.yaml", 3, 4 };

	diag_error(diag, CODE_NAMES_COLLIDE, place, "a mistake");
	diag_note(diag, place, "first defined here");
	diag_note(diag, PLACE_NONE, "a hint");
	diag_warning(diag, CODE_NAMES_COLLIDE, PLACE_NONE, "a warning");
	diag_info(diag, CODE_NAMES_COLLIDE, PLACE_NONE, "a remark");
}

static void a_run_without_a_plan_has_its_document_too(void **state)
{
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	json_auto_t *document = NULL;

	fill_diag(diag);
	sample->report =
		(struct report){ .command = "plan", .exit = 1, .diag = diag };
	document = written(sample);

	expect_json(document, "format_version", "\"1.0\"");
	expect_json(document, "environment", "null");
	expect_json(document, "exit", "1");
	expect_json(document, "errored", "true");
	expect_json(document, "plan", "(absent)");
	expect_json(document, "diagnostics.0",
	            "{\"code\":\"TRUEUP-7001\",\"severity\":\"error\","
	            "\"message\":\"a mistake\",\"source\":{\"file\":\"prod."
	            "yaml\",\"line\":3,\"column\":4},\"notes\":[{\"message\":"
	            "\"first defined here\",\"source\":{\"file\":\"prod.yaml\","
	            "\"line\":3,\"column\":4}},{\"message\":\"a hint\","
	            "\"source\":null}]}");
}

static void warnings_are_no_errors(void **state)
{
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	json_auto_t *document = NULL;

	diag_warning(diag, CODE_NAMES_COLLIDE, PLACE_NONE, "a warning");
	sample->report.diag = diag;
	document = written(sample);

	expect_json(document, "errored", "false");
	expect_json(document, "diagnostics.0.severity", "\"warning\"");
}

static void partly_applied_is_said(void **state)
{
	static const struct {
		size_t done;
		uint64_t writes;
		const char *partial;
	} told[] = { { 0, 0, "false" }, { 1, 1, "true" }, { 2, 2, "false" } };
	struct sample *sample = *state;
	struct step steps[2];
	struct apply_result result = { .steps = steps, .step_count = 2 };

	sample_change(sample, CHANGE_UPDATE, "crm", 1);
	steps[0] = steps[1] = (struct step){ .change = sample->last };
	sample->report.apply = &result;
	for (size_t i = 0; i < LENGTH(told); i++) {
		json_auto_t *document = NULL;

		result.ends[STEP_DONE] = told[i].done;
		result.writes = told[i].writes;
		document = written(sample);
		expect_json(document, "apply.partial", told[i].partial);
	}
	sample->report.apply = NULL;
}

/* ---- changes ---- */

static void actions_are_what_is_done_in_order(void **state)
{
	static const struct {
		enum change_kind kind;
		const char *row;
		enum replace_way way;
		size_t sends;
		const char *actions;
	} told[] = {
		{ CHANGE_DELETE, "O14", 0, 0, "[\"delete\"]" },
		{ CHANGE_REPLACE, "O9", REPLACE_CREATE_FIRST, 1,
		  "[\"create\"]" },
		{ CHANGE_REPLACE, "O9", REPLACE_DELETE_FIRST, 1,
		  "[\"delete\",\"create\"]" },
		{ CHANGE_RECREATE, "O11", 0, 1, "[\"create\"]" },
		{ CHANGE_CREATE, "O1", 0, 1, "[\"create\"]" },
		{ CHANGE_RENAME, "O7", 0, 0, "[\"rename\"]" },
		{ CHANGE_RENAME, "O7", 0, 1, "[\"rename\",\"update\"]" },
		{ CHANGE_UPDATE, "O10", 0, 1, "[\"update\"]" },
		{ CHANGE_UPDATE, "O2", 0, 1, "[\"adopt\",\"update\"]" },
		{ CHANGE_ROTATE, "O10", 0, 0, "[\"update\"]" },
		{ CHANGE_ROTATE, "O12", 0, 0, "[\"adopt\",\"update\"]" },
		{ CHANGE_ADOPT, "O2", 0, 0, "[\"adopt\"]" },
	};
	struct sample *sample = *state;

	for (size_t i = 0; i < LENGTH(told); i++) {
		struct change *change =
			sample_change(sample, told[i].kind, "crm", 1);
		CLEANUP(textp)
		char *path = xasprintf("plan.changes.%zu.actions", i);
		json_auto_t *document = NULL;

		change->row = told[i].row;
		change->replace_way = told[i].way;
		change->send_count = told[i].sends;
		document = written(sample);
		expect_json(document, path, told[i].actions);
	}
}

static void rename_that_rotates_is_an_update_too(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;

	sample_change(sample, CHANGE_RENAME, "crm", 1);
	sample_secret(sample, "client.secret", SECRET_ROTATE);
	document = written(sample);

	expect_json(document, "plan.changes.0.actions",
	            "[\"rename\",\"update\"]");
}

static void deleted_is_named(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;

	sample_change(sample, CHANGE_DELETE, "old", 0)->id = "id-1";
	sample->last->connections = 12;
	sample_live(sample, "slack", "Old one");
	document = written(sample);

	expect_json(document, "plan.changes.0.connector", "\"slack\"");
	expect_json(document, "plan.changes.0.name", "\"Old one\"");
	expect_json(document, "plan.changes.0.connections", "12");
	expect_json(document, "plan.changes.0.source", "null");
}

static void values_keep_their_types(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;
	const struct value yes = { "true", 4, VALUE_BOOLEAN };

	sample_change(sample, CHANGE_UPDATE, "crm", 1);
	sample_field(sample, "a", "F7", sample_text("true"), yes);
	sample_field(sample, "b", "F7", sample_set(sample, ""),
	             sample_set(sample, "a;b;"));
	sample_field(sample, "c", "F7", value_unreadable(), value_absent());
	sample_field(sample, "d", "F7", sample_json("{\"b\":[1,null]}"),
	             sample_json("{broken"));
	document = written(sample);

	expect_json(document, "plan.changes.0.fields.0.before", "\"true\"");
	expect_json(document, "plan.changes.0.fields.0.after", "true");
	expect_json(document, "plan.changes.0.fields.1.before", "[]");
	expect_json(document, "plan.changes.0.fields.1.after", "[\"a\",\"b\"]");
	expect_json(document, "plan.changes.0.fields.2.before", "null");
	expect_json(document, "plan.changes.0.fields.2.readable", "false");
	expect_json(document, "plan.changes.0.fields.2.after", "null");
	expect_json(document, "plan.changes.0.fields.3.before",
	            "{\"b\":[1,null]}");
	expect_json(document, "plan.changes.0.fields.3.after", "\"{broken\"");
}

static void secrets_are_sensitive_and_have_no_value(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;

	sample_change(sample, CHANGE_ROTATE, "crm", 1);
	sample_secret(sample, "client.secret", SECRET_ROTATE)->version = "2";
	document = written(sample);

	expect_json(document, "plan.changes.0.secrets.0",
	            "{\"name\":\"client.secret\",\"sensitive\":true,\"row\":"
	            "\"S9b\",\"action\":\"rotate\",\"from\":\"env:SECRET\","
	            "\"version\":\"2\",\"previous_version\":null,\"reason\":"
	            "\"value "
	            "changed\",\"held\":false,\"records\":false,\"danger\":"
	            "\"none\","
	            "\"source\":{\"file\":\"prod.yaml\",\"line\":21,\"column\":"
	            "3}}");
}

/* ---- drift ---- */

static void drift_stands_apart_from_the_changes(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;
	struct field_change *field;
	struct secret_change *secret;

	sample_change(sample, CHANGE_UPDATE, "crm", 1);
	sample_field(sample, "client.id", "F7", sample_text("a"),
	             sample_text("b"));
	field = sample_field(sample, "name", "F5", sample_text("theirs"),
	                     sample_text("ours"));
	field->seen = sample_text("ours");
	field->held = true;
	sample_field(sample, "scopes", "F12", sample_text("a"),
	             sample_text("b"));
	secret = sample_secret(sample, "client.secret", SECRET_RESEND);
	secret->row = "S12";
	/* The change's own, said once more; and of one that does not change. */
	sample_find(sample, "prod/crm", "name", "F5", SEVERITY_INFO);
	sample_find(sample, "prod/a", "name", "F9", SEVERITY_INFO);
	sample_find(sample, "prod/a", "scopes", "F4", SEVERITY_ERROR);
	document = written(sample);

	expect_json(document, "plan.drift",
	            "[{\"address\":\"prod/a\",\"field\":\"name\",\"row\":"
	            "\"F9\",\"held\":true},"
	            "{\"address\":\"prod/crm\",\"field\":\"client.secret\","
	            "\"row\":\"S12\",\"held\":false},"
	            "{\"address\":\"prod/crm\",\"field\":\"name\",\"row\":"
	            "\"F5\",\"held\":true,\"seen\":\"ours\",\"live\":"
	            "\"theirs\"}]");
}

/* ---- bytes ---- */

#define HOSTILE "\033[2J\n\"\\\xc2\x9b\u202e\u200b\U000e0041 Größe"

static void hostile_names_are_ascii_and_come_back_whole(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;
	CLEANUP(textp) char *text = NULL;

	sample_change(sample, CHANGE_UPDATE, HOSTILE, 1);
	sample_field(sample, HOSTILE, "F7", sample_text(HOSTILE),
	             sample_set(sample, HOSTILE ";"));
	text = sample_write(sample, "json");
	document = written(sample);

	for (const char *byte = text; *byte; byte++)
		assert_true((*byte >= ' ' && *byte < 0x7f) || *byte == '\n');
	assert_string_equal(
		json_string_value(at(document, "plan.changes.0.key")), HOSTILE);
	assert_string_equal(
		json_string_value(
			at(document, "plan.changes.0.fields.0.before")),
		HOSTILE);
}

static void bytes_that_are_no_text_are_shown_escaped(void **state)
{
	struct sample *sample = *state;
	json_auto_t *document = NULL;

	sample_change(sample, CHANGE_UPDATE, "crm", 1)->id = "a\xff";
	document = written(sample);

	expect_json(document, "plan.changes.0.id", "\"a\\\\xff\"");
}

static void every_character_is_written_as_jansson_does(void **state)
{
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	json_auto_t *document = NULL;

	diag_error(diag, CODE_NAMES_COLLIDE, PLACE_NONE,
	           "\"\\/\b\f\n\r\t\x01\x1f\x7f \xc2\x80 \xdf\xbf \xe0\xa0\x80 "
	           "\xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf");
	diag_error(diag, CODE_NAMES_COLLIDE, PLACE_NONE, "%0*d", 1000, 0);
	sample->report =
		(struct report){ .command = "plan", .exit = 1, .diag = diag };
	document = written(sample);

	expect_json(document, "diagnostics.1.source", "null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(a_run_without_a_plan_has_its_document_too),
		SAMPLE_TEST(warnings_are_no_errors),
		SAMPLE_TEST(partly_applied_is_said),
		SAMPLE_TEST(actions_are_what_is_done_in_order),
		SAMPLE_TEST(rename_that_rotates_is_an_update_too),
		SAMPLE_TEST(deleted_is_named),
		SAMPLE_TEST(values_keep_their_types),
		SAMPLE_TEST(secrets_are_sensitive_and_have_no_value),
		SAMPLE_TEST(drift_stands_apart_from_the_changes),
		SAMPLE_TEST(hostile_names_are_ascii_and_come_back_whole),
		SAMPLE_TEST(bytes_that_are_no_text_are_shown_escaped),
		SAMPLE_TEST(every_character_is_written_as_jansson_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
