/* SPDX-License-Identifier: MIT */
/* The JSON format and its schema name the same members. */
#include "base/text.h"
#include "lint_world.h"
#include "plan_sample.h"
#include "platform/platform.h"
#include "probe/probe.h"
#include "report_schema.h"
#include "schema/schema.h"

#include <string.h>

/* What is written, which must be of the schema. */
static json_t *written(const struct sample *sample)
{
	CLEANUP(textp) char *text = sample_write(sample, "json");
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(root);
	schema_expect(text);
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

/* ---- a report of everything ---- */

struct everything {
	struct report_file files[2];
	struct report_row rows[2];
	struct resolution resolutions[1];
	struct resolved resolved;
	struct step steps[STEP_ENDS];
	struct apply_result result;
	struct diag *diag;
	struct world *world; /* of findings */
	struct comparison *comparison;
	char text[32];
	struct binding_fact facts[1];
	const char *traps[1];
	struct binding_facts bindings[2];
	struct report_topic topics[2];
	char *rewritten[1], *lines[1];
	struct report_deed deeds[1];
	struct report_cover covers[1];
	struct report_past_step past_steps[2];
	struct report_past_run past_runs[2];
	struct report_credential credentials[1];
	struct report_lock lock;
	struct memo memos[2];
	struct auth_config recorded;
	struct state *applied;
	struct probe_result probe;
	struct report_probe probes[2];
};

static void fill_diag(struct diag *diag)
{
	const struct place place = { "prod.yaml", 3, 4 };

	diag_error(diag, CODE_NAMES_COLLIDE, place, "a mistake");
	diag_note(diag, place, "first defined here");
	diag_note(diag, PLACE_NONE, "a hint");
	diag_warning(diag, CODE_NAMES_COLLIDE, PLACE_NONE, "a warning");
	diag_info(diag, CODE_NAMES_COLLIDE, PLACE_NONE, "a remark");
}

/* One finding that is waived, and one that is not. */
static const struct findings *fill_findings(struct everything *all)
{
	all->world = world_new();
	world_read(all->world,
	           "dev: { connector: github, scopes: [repo, gist] }\n"
	           "prod:\n"
	           "  connector: github\n"
	           "  scopes: [repo]\n"
	           "  policy:\n"
	           "    waivers:\n"
	           "      - { rule: scope-broad, key: app, reason: old,\n"
	           "          expires: '2027-01-31' }\n");
	world_run(all->world);
	all->comparison =
		comparison_new(all->world->environments, all->world->count);
	return all->world->findings;
}

static void release_everything(struct everything *all)
{
	diag_free(all->diag);
	comparison_free(all->comparison);
	world_free(all->world);
	state_free(all->applied);
}

static void fill_steps(struct everything *all, const struct change *change)
{
	for (unsigned end = 0; end < STEP_ENDS; end++) {
		all->steps[end] = (struct step){ .change = change,
			                         .end = (enum step_end)end };
		all->result.ends[end] = 1;
	}
	all->rewritten[0] = all->text;
	all->steps[STEP_FAILED] = (struct step){
		.change = change,
		.end = STEP_FAILED,
		.status = 422,
		.id = all->text,
		.message = all->text,
		.request_id = all->text,
		.advice = all->text,
		.rewritten = all->rewritten,
		.rewritten_count = 1,
	};
	all->result.steps = all->steps;
	all->result.step_count = STEP_ENDS;
	all->result.writes = 3;
}

static void fill_bindings(struct everything *all)
{
	all->facts[0] = (struct binding_fact){ "scopes", "settable" };
	all->traps[0] = "it is slow";
	for (size_t i = 0; i < LENGTH(all->bindings); i++)
		all->bindings[i] = (struct binding_facts){
			.name = "ours",
			.url = "https://api.example.com",
			.file = i ? "ours.yaml" : NULL,
			.hash = "73db9932daecb7bb6fae21e7867e9b16"
				"d837119144fe0c4c8fc5780226bf7f1c",
			.status = i ? BINDING_DOCUMENTED : BINDING_VERIFIED,
			.abilities = { "list" },
			.ability_count = 1,
			.paging = "pages",
			.identity = "an id",
			.updates = "what is left out stays",
			.connections = "unknown",
			.fields = all->facts,
			.field_count = i,
			.secrets = all->facts,
			.secret_count = i,
			.parameters = all->facts,
			.parameter_count = i,
			.traps = all->traps,
			.trap_count = i,
		};
}

/* What a person does, and what stands around auth configs. */
static void fill_around(struct everything *all, struct report *report,
                        const struct change *change)
{
	all->lines[0] = all->text;
	all->deeds[0] =
		(struct report_deed){ change, all->lines, 1, all->text };
	all->covers[0] = (struct report_cover){
		.connector = "slack",
		.keys = "crm",
		.verdict = "covered",
		.types = "oauth2",
		.declared = 1,
		.known = true,
	};
	all->credentials[0] = (struct report_credential){
		"slack", "id-2", "Ann", "slack-oauth2", "2026", "https://x",
	};
	report->flags |= REPORT_BY_HAND;
	report->deeds = all->deeds;
	report->deed_count = LENGTH(all->deeds);
	report->covers = all->covers;
	report->cover_count = LENGTH(all->covers);
	report->credentials = all->credentials;
	report->credential_count = LENGTH(all->credentials);
	report->made = all->credentials;
	all->lock = (struct report_lock){
		.held = true,
		.who = "ann@host",
		.command = "apply",
		.url = "https://ci/1",
		.pid = 12,
		.since_ms = 1790000000000,
	};
	report->lock = &all->lock;
}

/* What the ledger remembers, and what a probe says now. */
static void fill_probes(struct everything *all, struct report *report)
{
	const char *twin = NULL;

	all->recorded = (struct auth_config){
		.memos = all->memos,
		.memo_count = LENGTH(all->memos),
	};
	all->applied = state_new(STATE_BY_KEY);
	state_begin(all->applied, "crm", PLACE_NONE);
	for (size_t i = 0; i < LENGTH(all->memos); i++)
		state_memo(all->applied, &all->memos[i]);
	state_end(all->applied);
	assert_int_equal(state_finish(all->applied, &twin), 0);
	report->applied = all->applied;
	report->probes = all->probes;
	report->probe_count = LENGTH(all->probes);
}

static void fill_history(struct everything *all, struct report *report)
{
	all->past_steps[0] = (struct report_past_step){
		"update", "crm", "id-1", "refused", "no", 1790000000000, 422,
	};
	all->past_steps[1] = (struct report_past_step){
		.kind = "create",
		.outcome = "open",
	};
	all->past_runs[0] = (struct report_past_run){
		.number = 2,
		.began_ms = 1790000000000,
		.ended_ms = 1790000000001,
		.command = "apply",
		.revision = "main@sha1:1",
		.digest = "1:00",
		.who = "ann@host",
		.result = "done",
		.steps = all->past_steps,
		.step_count = LENGTH(all->past_steps),
	};
	all->past_runs[1] = (struct report_past_run){ .number = 1 };
	report->runs = all->past_runs;
	report->run_count = LENGTH(all->past_runs);
}

static void fill_everything(struct sample *sample, struct everything *all)
{
	struct report *report = &sample->report;

	*all = (struct everything){
		.files = { { "prod.yaml", "prod", 3, true },
		           { "dev.yaml", NULL, 0, false } },
		.memos = { { "probe.redirect", "mismatch", 1790000000000 },
		           { ROTATION_OPEN, "2026-10", 1790000000000 } },
		.probe = { .parts = { { PROBE_REJECTED, all->text } } },
		.probes = { { "crm", "Slack", &all->probe, NULL },
		            { "own", NULL, NULL, "not asked" } },
		.rows = { { .key = "crm",
		            .id = "id-1",
		            .connector = "slack",
		            .scopes = all->text,
		            .applied_at_ms = 1790000000000,
		            .secret_set_at_ms = 1790000000000,
		            .note = "protected",
		            .recorded = &all->recorded },
		          { .key = "new" } },
		.resolutions = { { 1, "crm", all->text, true } },
		.diag = diag_new(),
		.text = "it was made",
		.topics = { { .id = all->text, .title = "a", .text = "b" },
		            { .id = all->text,
		              .title = "a",
		              .severity = "error",
		              .text = "b",
		              .source = "c",
		              .good = "d",
		              .bad = "e" } },
	};
	all->resolved.resolutions = all->resolutions;
	all->resolved.resolution_count = LENGTH(all->resolutions);
	fill_diag(all->diag);
	sample_fill(sample);
	fill_steps(all, &sample->changes[0]);
	fill_around(all, report, &sample->changes[0]);
	report->exit = 9;
	report->diag = all->diag;
	report->findings = fill_findings(all);
	report->apply = &all->result;
	report->resolved = &all->resolved;
	report->files = all->files;
	report->file_count = LENGTH(all->files);
	fill_history(all, report);
	report->rows = all->rows;
	report->row_count = LENGTH(all->rows);
	fill_probes(all, report);
	fill_bindings(all);
	report->bindings = all->bindings;
	report->binding_count = LENGTH(all->bindings);
	sample->plan.binding_note = "look twice";
	for (size_t i = 0; i < SAMPLE_CHANGES; i++)
		sample->changes[i].touch.commit = SAMPLE_COMMIT;
	sample->fields[0].touch.older_than = 5000;
	report->comparison = all->comparison;
	report->topics = all->topics;
	report->topic_count = LENGTH(all->topics);
	report->message = "done";
	report->requests = 7;
}

/* ---- what the schema names is written ---- */

static json_t *resolve(json_t *root, json_t *schema)
{
	static const char start[] = "#/definitions/";
	const char *reference =
		json_string_value(json_object_get(schema, "$ref"));

	if (!reference)
		return schema;
	assert_true(str_starts(reference, start));
	schema = json_object_get(json_object_get(root, "definitions"),
	                         reference + strlen(start));
	assert_non_null(schema);
	return schema;
}

/* Marks each member of the schema that the document has. */
static void mark(json_t *root, json_t *schema, json_t *document)
{
	json_t *properties, *item;
	const char *name;
	size_t index;

	schema = resolve(root, schema);
	properties = json_object_get(schema, "properties");
	json_object_foreach (document, name, item) {
		json_t *member = json_object_get(properties, name);

		if (!member)
			continue;
		json_object_set_new(member, "written", json_true());
		mark(root, member, item);
	}
	json_array_foreach (document, index, item)
		mark(root, json_object_get(schema, "items"), item);
	if (json_is_null(document))
		return;
	json_array_foreach (json_object_get(schema, "anyOf"), index, item)
		mark(root, item, document);
}

static size_t report_unmarked(json_t *schema, const char *path)
{
	const char *name;
	size_t count = 0, index;
	json_t *value;

	json_array_foreach (schema, index, value)
		count += report_unmarked(value, path);
	json_object_foreach (json_object_get(schema, "properties"), name,
	                     value) {
		if (json_object_get(value, "written"))
			continue;
		print_error("never written: %s under %s\n", name, path);
		count++;
	}
	json_object_foreach (schema, name, value)
		count += report_unmarked(value, name);
	return count;
}

/* The document of several environments that wrote this one. */
static json_t *joined(const struct sample *sample, const json_t *document)
{
	CLEANUP(textp) char *text = json_dumps(document, 0);
	const struct report_part parts[] = {
		{ "dev.yaml", text, strlen(text) },
		{ "prod.yaml", text, strlen(text) },
	};
	CLEANUP(textp) char *bytes = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&bytes, &length);

	assert_int_equal(report_join(report_find("json"), &sample->report,
	                             parts, LENGTH(parts), out),
	                 0);
	fclose(out);
	schema_expect(bytes);
	return json_loads(bytes, 0, NULL);
}

static void everything_is_of_the_schema_and_the_other_way_round(void **state)
{
	struct sample *sample = *state;
	json_auto_t *schema = schema_read();
	json_auto_t *document = NULL;
	json_auto_t *several = NULL;
	struct everything all;

	fill_everything(sample, &all);
	document = written(sample);
	mark(schema, schema, document);
	several = joined(sample, document);
	mark(schema, schema, several);
	json_decref(document);
	sample->report.flags |= REPORT_DRIFT;
	document = written(sample);
	mark(schema, schema, document);

	assert_int_equal(report_unmarked(schema, "the top"), 0);
	release_everything(&all);
}

static bool is_of(const json_t *schema, const json_t *document)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	char *text = json_dumps(document, 0);
	const bool result = schema_matches(schema, text, diag);

	free(text);
	return result;
}

static void strict_check_does_refuse(void **state)
{
	static const char *const edits[] = { "surprise", "plan.surprise",
		                             "plan.changes.0.surprise" };
	struct sample *sample = *state;
	json_auto_t *schema = schema_read();

	sample_change(sample, CHANGE_CREATE, "crm", 1);
	schema_make_strict(schema);
	for (size_t i = 0; i < LENGTH(edits); i++) {
		json_auto_t *document = written(sample);
		CLEANUP(textp)
		char *path = xasprintf(".%s", edits[i]);
		char *last = strrchr(path, '.');

		*last = '\0';
		json_object_set_new(at(document, path), last + 1, json_null());
		assert_false(is_of(schema, document));
	}
}

/* A minor version only adds members: readers of this one must take them. */
static void published_schema_takes_members_of_later_minors(void **state)
{
	struct sample *sample = *state;
	json_auto_t *schema = schema_read();
	json_auto_t *document = NULL;

	sample_change(sample, CHANGE_CREATE, "crm", 1);
	document = written(sample);
	json_object_set_new(document, "format_version", json_string("1.7"));
	json_object_set_new(at(document, "plan.changes.0"), "later",
	                    json_true());

	assert_true(is_of(schema, document));
	json_object_set_new(document, "format_version", json_string("2.0"));
	assert_false(is_of(schema, document));
}

static void the_same_plan_gives_the_same_bytes(void **state)
{
	struct sample *sample = *state;
	CLEANUP(textp) char *first = NULL;
	CLEANUP(textp) char *second = NULL;
	struct everything all;

	fill_everything(sample, &all);
	first = sample_write(sample, "json");
	second = sample_write(sample, "json");

	assert_string_equal(first, second);
	release_everything(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(
			everything_is_of_the_schema_and_the_other_way_round),
		SAMPLE_TEST(strict_check_does_refuse),
		SAMPLE_TEST(published_schema_takes_members_of_later_minors),
		SAMPLE_TEST(the_same_plan_gives_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
