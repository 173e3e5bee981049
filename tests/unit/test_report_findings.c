/* SPDX-License-Identifier: MIT */
/* Findings of the rules in the text and the JSON format. */
#include "lint_world.h"
#include "report_schema.h"
#include "report_text.h"

/* A warning, and the same one waived on another environment. */
static const char broad[] = "dev:\n"
			    "  { connector: github, scopes: [repo] }\n"
			    "prod:\n"
			    "  connector: github\n"
			    "  scopes: [repo]\n"
			    "  policy:\n"
			    "    waivers:\n"
			    "      - { rule: scope-broad, key: app,\n"
			    "          reason: old, expires: '2027-01-31' }\n";

static struct world *world_of(struct sample *sample, const char *yaml)
{
	struct world *world = world_new();

	world_read(world, yaml);
	world_run(world);
	sample->report.findings = world->findings;
	return world;
}

static char *source_line(const struct place *place, void *context)
{
	(void)context;
	return xasprintf("line %u of the file, with its words", place->line);
}

static void findings_stand_with_line_caret_and_rule(void **state)
{
	struct sample *sample = *state;
	CLEANUP(world_freep) struct world *world = world_of(sample, broad);
	const struct finding *first = findings_at(world->findings, 0);
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *found = NULL;
	CLEANUP(textp) char *wanted = NULL;

	diag_set_lines(diag, source_line, NULL);
	sample->report.diag = diag;
	sample->report.plan = NULL;
	found = sample_write(sample, "text");
	wanted = xasprintf(
		"example:2:%u: warning: %s [scope-broad]\n"
		"    2 | line 2 of the file, with its words\n"
		"      | %*s\n"
		"example:5:%u: warning: %s [scope-broad]\n"
		"    5 | line 5 of the file, with its words\n"
		"      | %*s\n"
		"example:8:9: note: waived until 2027-01-31: old\n"
		"    8 | line 8 of the file, with its words\n"
		"      |         ^\n"
		"Findings: 1 warning, 1 waived.\n",
		first->place.column, first->text, (int)first->place.column, "^",
		findings_at(world->findings, 1)->place.column,
		findings_at(world->findings, 1)->text,
		(int)findings_at(world->findings, 1)->place.column, "^");

	assert_string_equal(found, wanted);
}

static void a_line_that_may_hold_a_secret_is_not_shown(void **state)
{
	struct sample *sample = *state;
	CLEANUP(world_freep)
	struct world *world = world_of(
		sample, "client: { id: ghp_0123456789abcdefghijABCDEFGHIJ012345"
			" }\nconnector: github\n");
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *found = NULL;
	const struct finding *first = findings_at(world->findings, 0);

	assert_true(first->sensitive);
	diag_set_lines(diag, source_line, NULL);
	sample->report.diag = diag;
	sample->report.plan = NULL;
	found = sample_write(sample, "text");

	assert_non_null(strstr(found, first->rule->id));
	assert_null(strstr(found, "line "));
	assert_null(strstr(found, "ghp_"));
}

static void a_plan_without_changes_still_tells_of_a_warning(void **state)
{
	struct sample *sample = *state;
	CLEANUP(world_freep) struct world *world = world_of(sample, broad);
	CLEANUP(textp) char *found = NULL;

	sample->report.flags = REPORT_QUIET;
	found = sample_write(sample, "text");

	assert_non_null(strstr(found, "\nRules\nexample:2:"));
	text_expect_line(sample, "Findings: 1 warning, 1 waived.");
	assert_true(findings_length(world->findings) == 2);
}

static void a_plan_without_changes_is_one_line_with_remarks(void **state)
{
	struct sample *sample = *state;
	CLEANUP(world_freep)
	struct world *world = world_of(
		sample, "{ connector: github, scopes: ['read:orgs'] }");

	assert_int_equal(findings_worst(world->findings), LINT_INFO);
	text_expect(sample, "Plan: no changes, 0 unchanged.\n");
}

static void json_holds_findings_and_waivers(void **state)
{
	struct sample *sample = *state;
	CLEANUP(world_freep) struct world *world = world_of(sample, broad);
	CLEANUP(textp) char *text = sample_write(sample, "json");
	struct fingerprint *prints = findings_fingerprints(world->findings);
	json_auto_t *root = json_loads(text, 0, NULL);
	const json_t *findings = json_object_get(root, "findings");
	const json_t *first = json_array_get(findings, 0);
	const json_t *waived =
		json_object_get(json_array_get(findings, 1), "waived");

	schema_expect(text);
	assert_int_equal(json_array_size(findings), 2);
	assert_string_equal(json_string_value(json_object_get(first, "rule")),
	                    "scope-broad");
	assert_string_equal(
		json_string_value(json_object_get(first, "fingerprint")),
		prints[0].text);
	free(prints);
	assert_true(json_is_null(json_object_get(first, "waived")));
	assert_string_equal(
		json_string_value(json_object_get(waived, "reason")), "old");
	assert_string_equal(
		json_string_value(json_object_get(waived, "expires")),
		"2027-01-31");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(findings_stand_with_line_caret_and_rule),
		SAMPLE_TEST(a_line_that_may_hold_a_secret_is_not_shown),
		SAMPLE_TEST(a_plan_without_changes_still_tells_of_a_warning),
		SAMPLE_TEST(a_plan_without_changes_is_one_line_with_remarks),
		SAMPLE_TEST(json_holds_findings_and_waivers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
