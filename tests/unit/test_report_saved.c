/* SPDX-License-Identifier: MIT */
/* Saved plans: written as JSON, read back, shown and compared. */
#include "base/arena.h"
#include "base/text.h"
#include "plan_sample.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static struct saved_plan *read_back(const char *json, struct diag *diag)
{
	return saved_plan_read("plan.json", json, strlen(json), diag);
}

/* A plan that holds everything reads the same in every format once it was
 * saved and read back. */
static void a_saved_plan_is_shown_as_the_plan_was(void **state)
{
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(saved_plan_freep) struct saved_plan *saved = NULL;
	CLEANUP(textp) char *json = NULL;

	sample_fill(sample);
	for (size_t i = 0; i < SAMPLE_CHANGES; i++)
		sample->changes[i].touch.commit = SAMPLE_COMMIT;
	sample->fields[0].touch.older_than = 5000;
	sample->secrets[0].touch.older_than = 1;
	sample->report.flags = REPORT_FULL;
	json = sample_write(sample, "json");
	saved = read_back(json, diag);
	assert_non_null(saved);

	for (size_t i = 0; i < report_format_count; i++) {
		const char *name = report_formats[i]->name;
		CLEANUP(textp) char *wanted = NULL;
		CLEANUP(textp) char *found = NULL;

		sample->report.plan = &sample->plan;
		wanted = sample_write(sample, name);
		sample->report.plan = saved_plan(saved);
		found = sample_write(sample, name);
		assert_string_equal(found, wanted);
	}
}

static void what_is_no_plan_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{\"format_version\":\"2.0\",\"command\":\"plan\",\"exit\":0,"
		"\"errored\":false,\"diagnostics\":[]}",
		"{\"format_version\":\"1.0\",\"command\":\"plan\",\"exit\":0,"
		"\"errored\":false,\"diagnostics\":[],\"plan\":{}}",
		"{\"format_version\":\"1.0\",\"command\":\"plan\",\"exit\":0,"
		"\"errored\":false,\"diagnostics\":[]}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();

		assert_null(read_back(texts[i], diag));
		assert_true(diag_count(diag, SEVERITY_ERROR) > 0);
	}
}

/* ---- approval ---- */

/* One change with a field, a secret and an id. */
static void fill_update(struct sample *sample)
{
	struct change *change = sample_change(sample, CHANGE_UPDATE, "crm", 10);

	change->id = "id-1";
	sample_field(sample, "name", "F7", sample_text("Old"),
	             sample_text("New"));
	sample_field(sample, "scopes", "F7", sample_set(sample, "a;"),
	             sample_set(sample, "a;b;"));
	sample_secret(sample, "client.secret", SECRET_ROTATE)->version = "2";
	sample->plan.origin = "https://platform.test";
	sample->plan.binding_hash = "00ff";
}

/* Of a change, its fields and its secrets, each where its place is said. */
static void whose_lines_they_are_is_said_in_every_format(void **state)
{
	static const char *const formats[] = { "text", "markdown", "html" };
	static const char *const wanted[] = {
		"prod.yaml:10:3 (0123456789ab)",
		"prod.yaml:11:3 (older than 5000 commits)",
		"prod.yaml:30:3 (older than 1 commit)",
	};
	struct sample *sample = *state;

	fill_update(sample);
	sample->changes[0].touch.commit = SAMPLE_COMMIT;
	sample->fields[0].touch.older_than = 5000;
	sample->secrets[0].touch.older_than = 1;

	for (size_t i = 0; i < LENGTH(formats); i++) {
		CLEANUP(textp) char *said = sample_write(sample, formats[i]);

		for (size_t j = 0; j < LENGTH(wanted); j++)
			assert_non_null(strstr(said, wanted[j]));
	}
}

static struct saved_plan *approve(struct sample *sample, struct diag *diag)
{
	CLEANUP(textp) char *json = sample_write(sample, "json");

	return read_back(json, diag);
}

/* Says what was refused; NULL when nothing was. */
static char *refusal(const struct sample *sample,
                     const struct saved_plan *approved)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct place place = { "prod.yaml", 2, 1 };
	int result = change_check_approval(&sample->changes[0],
	                                   saved_plan(approved), diag);

	if (plan_check_target(&sample->plan, saved_plan(approved), place,
	                      diag) < 0)
		result = -1;
	assert_int_equal(result<0, diag_length(diag)> 0);
	if (!diag_length(diag))
		return NULL;
	assert_int_equal(diag_at(diag, 0)->code, CODE_PLAN_DIFFERS);
	return xstrdup(diag_at(diag, 0)->text);
}

static void other_kind(struct sample *sample)
{
	sample->changes[0].kind = CHANGE_DELETE;
}

static void greater_kind(struct sample *sample)
{
	sample->changes[0].kind = CHANGE_RENAME;
}

static void other_id(struct sample *sample)
{
	sample->changes[0].id = "id-2";
}

static void renamed(struct sample *sample)
{
	sample->changes[0].renamed_from = "sales";
}

static void other_value(struct sample *sample)
{
	sample->fields[0].declared = sample_text("Newer");
}

static void moved_value(struct sample *sample)
{
	sample->fields[0].live = sample_text("Theirs");
}

static void other_set(struct sample *sample)
{
	sample->fields[1].declared = sample_set(sample, "a;b;c;");
}

static void more_fields(struct sample *sample)
{
	sample->fields[0].name = "redirectUri";
}

static void other_action(struct sample *sample)
{
	sample->secrets[0].action = SECRET_SET;
}

static void other_source(struct sample *sample)
{
	sample->secrets[0].source = "env:GITHUB_TOKEN";
}

static void other_version(struct sample *sample)
{
	sample->secrets[0].version = "3";
}

static void no_version(struct sample *sample)
{
	sample->secrets[0].version = NULL;
}

static void other_environment(struct sample *sample)
{
	sample->plan.environment = "dev";
}

static void other_origin(struct sample *sample)
{
	sample->plan.origin = "https://evil.test";
}

static void other_binding(struct sample *sample)
{
	sample->plan.binding_hash = "00fe";
}

/* The plan as it was; what it owns has grown meanwhile and stays. */
static void put_back(struct sample *sample, const struct sample *before)
{
	memcpy(sample->changes, before->changes, sizeof(sample->changes));
	memcpy(sample->fields, before->fields, sizeof(sample->fields));
	memcpy(sample->secrets, before->secrets, sizeof(sample->secrets));
	sample->plan.environment = before->plan.environment;
	sample->plan.origin = before->plan.origin;
	sample->plan.binding_hash = before->plan.binding_hash;
}

static void what_differs_is_refused_by_name(void **state)
{
	static const struct {
		void (*change)(struct sample *sample);
		const char *words;
	} rows[] = {
		{ other_kind, "would be `delete` now, `update`" },
		{ greater_kind, "would be `rename` now" },
		{ other_id, "is object `id-2` now, `id-1`" },
		{ renamed, "`renamedFrom: sales` was not approved" },
		{ other_value, "`name` would become `Newer`" },
		{ moved_value, "`name` is `Theirs` at the platform now" },
		{ other_set, "`scopes` would become `[a, b, c]`" },
		{ more_fields, "`redirectUri` would be written" },
		{ other_action, "to set `client.secret` was not approved" },
		{ other_source, "`client.secret` comes from "
		                "`env:GITHUB_TOKEN` now" },
		{ other_version, "another version of `client.secret`" },
		{ no_version, "another version of `client.secret`" },
		{ other_environment, "the environment is `dev`" },
		{ other_origin, "the origin is `https://evil.test`" },
		{ other_binding, "the binding is `00fe`" },
	};
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(saved_plan_freep) struct saved_plan *approved = NULL;

	fill_update(sample);
	approved = approve(sample, diag);
	assert_non_null(approved);
	assert_null(refusal(sample, approved));

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct sample *before = xmalloc(sizeof(*before));
		CLEANUP(textp) char *text = NULL;

		*before = *sample;
		rows[i].change(sample);
		text = refusal(sample, approved);
		if (!text || !strstr(text, rows[i].words))
			fail_msg("row %zu: %s", i, text ? text : "accepted");
		put_back(sample, before);
		free(before);
	}
}

/* What was done meanwhile need not be done again. */
static void less_than_was_approved_is_approved(void **state)
{
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(saved_plan_freep) struct saved_plan *approved = NULL;

	fill_update(sample);
	approved = approve(sample, diag);
	assert_non_null(approved);
	sample->changes[0].kind = CHANGE_ROTATE;
	sample->changes[0].field_count = 0;
	assert_null(refusal(sample, approved));
	sample->changes[0].kind = CHANGE_UPDATE;
	sample->changes[0].field_count = 1;
	sample->changes[0].secret_count = 0;
	assert_null(refusal(sample, approved));
}

/* ---- leaving out ---- */

static bool is_crm(const char *address, void *context)
{
	(void)context;
	return str_equal(address, "prod/crm");
}

static void what_is_left_out_is_listed(void **state)
{
	struct sample *sample = *state;
	CLEANUP(arena_freep) struct arena *arena = arena_new();

	sample_change(sample, CHANGE_CREATE, "bot", 5);
	sample_change(sample, CHANGE_UPDATE, "crm", 10);
	sample_change(sample, CHANGE_DELETE, "wiki", 0);
	sample_find(sample, "prod/wiki", "scopes", "F4", SEVERITY_ERROR);
	sample->plan.arena = arena;
	plan_filter(&sample->plan, is_crm, NULL);

	assert_int_equal(sample->plan.change_count, 1);
	assert_string_equal(sample->plan.changes[0].address, "prod/crm");
	assert_int_equal(sample->plan.finding_count, 0);
	assert_int_equal(sample->plan.left_count, 2);
	assert_string_equal(sample->plan.left[0], "prod/bot");
	assert_string_equal(sample->plan.left[1], "prod/wiki");
	sample->plan.arena = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(a_saved_plan_is_shown_as_the_plan_was),
		SAMPLE_TEST(whose_lines_they_are_is_said_in_every_format),
		SAMPLE_TEST(what_is_no_plan_is_refused),
		SAMPLE_TEST(what_differs_is_refused_by_name),
		SAMPLE_TEST(less_than_was_approved_is_approved),
		SAMPLE_TEST(what_is_left_out_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
