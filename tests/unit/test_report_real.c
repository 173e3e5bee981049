/* SPDX-License-Identifier: MIT */
/* Reports of a plan that the plan room made of three states. */
#include "plan_sample.h"
#include "report_schema.h"

#include <string.h>

/* What a ledger and a platform know of a secret and no report may show. */
#define CANARY "canary-4711"

struct scene {
	struct state *desired, *live, *applied;
	struct diag *diag;
	struct plan *plan;
};

static void add_fields(struct state *state, const char *connector,
                       const char *name, const char *const *scopes,
                       size_t count, unsigned line)
{
	const struct value values[] = {
		state_value_text(state, connector),
		state_value_text(state, name),
		state_value_set(state, scopes, count),
	};
	static const char *const names[] = { "connector", "name", "scopes" };

	for (unsigned i = 0; i < LENGTH(names); i++) {
		const struct place place = { "prod.yaml", line + i + 1, 5 };

		state_field(state, names[i], values[i], place);
		if (!line)
			state_seen(state, names[i], values[i]);
	}
}

static void declare(struct scene *scene, const char *key, const char *connector,
                    const char *name, unsigned line)
{
	static const char *const scopes[] = { "chat:write", "users:read" };
	const struct secret_reference reference = {
		.name = "client.secret",
		.source = "env:SECRET",
		.place = { "prod.yaml", line + 4, 5 },
	};

	state_begin(scene->desired, key,
	            (struct place){ "prod.yaml", line, 3 });
	add_fields(scene->desired, connector, name, scopes, LENGTH(scopes),
	           line);
	state_reference(scene->desired, &reference);
	state_end(scene->desired);
}

static void record(struct scene *scene, const char *key, const char *id,
                   const char *name)
{
	static const char *const scopes[] = { "chat:write", "users:read" };
	const struct secret_record secret = {
		.name = "client.secret",
		.known = true,
		.fingerprinted = true,
		.fingerprint = CANARY,
		.key_id = CANARY,
		.source = "env:SECRET",
		.hint_seen = CANARY,
	};

	state_begin(scene->applied, key, PLACE_NONE);
	add_fields(scene->applied, "slack", name, scopes, LENGTH(scopes), 0);
	state_open(scene->applied)->id = state_text(scene->applied, id);
	state_open(scene->applied)->row_uuid =
		state_text(scene->applied, "0123456789abcdef0123456789abcdef");
	state_record(scene->applied, &secret);
	state_end(scene->applied);
}

static void show_live(struct scene *scene, const char *id, const char *name,
                      const char *scope)
{
	const char *const scopes[] = { "chat:write", scope };
	const struct secret_reading reading = { .name = "client.secret",
		                                .hint = CANARY };

	state_begin(scene->live, id, PLACE_NONE);
	add_fields(scene->live, "slack", name, scopes, LENGTH(scopes), 1);
	state_open(scene->live)->connections = -1;
	state_reading(scene->live, &reading);
	state_end(scene->live);
}

static struct plan *make_plan(struct scene *scene)
{
	static const struct field_trait fields[] = {
		{ "connector", MODE_SETTABLE, FIELD_IMMUTABLE, 0 },
		{ "name", MODE_SETTABLE, FIELD_FILLED, 0 },
		{ "scopes", MODE_SETTABLE, FIELD_EMPTY_NONE, 0 },
	};
	static const struct secret_trait secrets[] = {
		{ "client.secret", READBACK_HINT, 0, 4 },
	};
	const struct traits traits = {
		.fields = fields,
		.field_count = LENGTH(fields),
		.secrets = secrets,
		.secret_count = LENGTH(secrets),
		.abilities = (enum platform_abilities)(CAN_LIST | CAN_CREATE |
		                                       CAN_UPDATE | CAN_DELETE),
	};
	const struct policy policy = { .max_deletes = 1,
		                       .max_delete_percent = 30,
		                       .max_changes = 100,
		                       .max_missing = 1 };
	const struct permissions permissions = { .allow_deletes = -1,
		                                 .allow_changes = -1,
		                                 .allow_missing = -1,
		                                 .break_connections = -1 };
	const struct plan_input input = {
		.environment = "prod",
		.origin = "https://platform.test",
		.platform = "composio",
		.binding_hash = "",
		.revision = "directory",
		.desired = scene->desired,
		.live = scene->live,
		.applied = scene->applied,
		.traits = &traits,
		.policy = &policy,
		.permissions = &permissions,
	};
	struct plan *plan = plan_make(&input, scene->diag);

	if (plan)
		plan_judge(plan, &input);
	return plan;
}

/* A new entry, one with drift, an orphan, and one that nobody knows. */
static struct scene make_scene(void)
{
	struct scene scene = {
		.desired = state_new(STATE_BY_KEY),
		.live = state_new(STATE_BY_ID),
		.applied = state_new(STATE_BY_KEY),
		.diag = diag_new(),
	};
	const char *twin;

	declare(&scene, "crm", "slack", "Slack CRM", 10);
	declare(&scene, "wiki", "notion", "Wiki", 20);
	record(&scene, "crm", "id-1", "Slack CRM");
	record(&scene, "old", "id-2", "Old one");
	show_live(&scene, "id-1", "Slack CRM", "admin");
	show_live(&scene, "id-2", "Old one", "users:read");
	show_live(&scene, "id-3", "Somebody's", "users:read");
	assert_int_equal(state_finish(scene.desired, &twin), 0);
	assert_int_equal(state_finish(scene.live, &twin), 0);
	assert_int_equal(state_finish(scene.applied, &twin), 0);
	scene.plan = make_plan(&scene);
	assert_non_null(scene.plan);
	return scene;
}

static void scene_release(struct scene *scene)
{
	plan_free(scene->plan);
	state_free(scene->desired);
	state_free(scene->live);
	state_free(scene->applied);
	diag_free(scene->diag);
}

static char *write_scene(void **state, const struct scene *scene,
                         const char *format)
{
	struct sample *sample = *state;

	sample->report.plan = scene->plan;
	sample->report.diag = scene->diag;
	sample->report.flags = REPORT_FULL;
	return sample_write(sample, format);
}

static void a_plan_reads_well(void **state)
{
	static const char wanted[] =
		"Plan: 1 to add, 1 to change, 0 to delete, 1 orphaned, 0 "
		"unchanged (drift: 1).\n"
		"Risks\n"
		"  ! review  1 scopes added: users must re-consent        "
		"prod/crm\n"
		"  ! review  1 scopes removed: what needs them will fail  "
		"prod/crm\n"
		"Environment prod at https://platform.test (composio), "
		"files: directory\n"
		"\n"
		"~ prod/crm  update id-1  prod.yaml:10:3\n"
		"    ! review\n"
		"    ! scopes added: users must re-consent\n"
		"    scopes         + users:read          drift: changed "
		"outside      prod.yaml:13:5\n"
		"                   - admin\n"
		"    client.secret  keep from env:SECRET  not compared: "
		"`env:SECRET`  prod.yaml:14:5\n"
		"\n"
		"+ prod/wiki  create  prod.yaml:20:3\n"
		"    connector      notion                    "
		"prod.yaml:21:5\n"
		"    name           Wiki                      "
		"prod.yaml:22:5\n"
		"    scopes         [chat:write, users:read]  "
		"prod.yaml:23:5\n"
		"    client.secret  set from env:SECRET       "
		"prod.yaml:24:5\n"
		"\n"
		"Orphans, in the ledger and not in the file: --prune "
		"deletes them, `trueup forget KEY` lets go\n"
		"  old  id-2  slack  \"Old one\"\n"
		"\n"
		"Unmanaged, never touched: 1 (--full lists them)\n"
		"\n"
		"Digest: 1:\n"
		"Plan: 1 to add, 1 to change, 0 to delete, 1 orphaned, 0 "
		"unchanged (drift: 1).\n";
	struct sample *sample = *state;
	CLEANUP(scene_release) struct scene scene = make_scene();
	CLEANUP(textp) char *text = NULL;

	scene.plan->digest[2] = '\0';
	sample->report.plan = scene.plan;
	text = sample_write(sample, "text");

	assert_string_equal(text, wanted);
}

static void a_real_plan_is_of_the_schema(void **state)
{
	CLEANUP(scene_release) struct scene scene = make_scene();
	CLEANUP(textp) char *text = write_scene(state, &scene, "json");

	schema_expect(text);
	assert_non_null(strstr(text, "\"drift\": [\n      {\n"));
}

static void what_ledger_and_platform_know_of_secrets_is_not_shown(void **state)
{
	CLEANUP(scene_release) struct scene scene = make_scene();

	for (size_t i = 0; i < report_format_count; i++) {
		CLEANUP(textp)
		char *text =
			write_scene(state, &scene, report_formats[i]->name);

		assert_null(strstr(text, "canary"));
		assert_null(strstr(text, "63616e617279")); /* in hex */
		assert_null(strstr(text, "0123456789abcdef0123"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(a_plan_reads_well),
		SAMPLE_TEST(a_real_plan_is_of_the_schema),
		SAMPLE_TEST(
			what_ledger_and_platform_know_of_secrets_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
