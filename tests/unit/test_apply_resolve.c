/* SPDX-License-Identifier: MIT */
#include "apply/apply.h"
#include "base/text.h"
#include "ledger/ledger.h"
#include "schema/schema.h"
#include "unit.h"

#include <string.h>

#define UUID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define UUID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* What apply_resolve() is given, and what came out. */
struct scene {
	struct state *applied, *live;
	struct resolved resolved;
	struct diag *diag;
};

static struct scene scene_make(void)
{
	return (struct scene){
		.applied = state_new(STATE_BY_KEY),
		.live = state_new(STATE_BY_ID),
		.diag = diag_new(),
	};
}

static void scene_release(struct scene *scene)
{
	resolved_release(&scene->resolved);
	state_free(scene->applied);
	state_free(scene->live);
	diag_free(scene->diag);
}

static void add_object(struct scene *scene, const char *id, const char *name,
                       const char *client_id)
{
	struct state *live = scene->live;

	state_begin(live, id, PLACE_NONE);
	state_field(live, "connector", state_value_text(live, "slack"),
	            PLACE_NONE);
	state_field(live, "name", state_value_text(live, name), PLACE_NONE);
	state_field(live, "client.id", state_value_text(live, client_id),
	            PLACE_NONE);
	state_open(live)->connections = -1;
	state_end(live);
}

/* A row with a known secret and one retired id, "old". */
static void add_row(struct scene *scene, const char *key, const char *uuid,
                    const char *id)
{
	struct state *rows = scene->applied;
	struct auth_config *row;

	state_begin(rows, key, PLACE_NONE);
	state_field(rows, "connector", state_value_text(rows, "slack"),
	            PLACE_NONE);
	state_seen(rows, "connector", state_value_text(rows, "slack"));
	state_record(rows, &(struct secret_record){ .name = "client.secret",
	                                            .known = true,
	                                            .version = "7" });
	state_retired(rows, "old");
	row = state_open(rows);
	row->id = state_text(rows, id);
	row->row_uuid = state_text(rows, uuid);
	row->connections = -1;
	state_end(rows);
}

static const char *const secrets[] = { "client.secret" };

static struct intent create_of(const char *key, const char *uuid)
{
	return (struct intent){
		.number = 1,
		.kind = INTENT_CREATE,
		.key = key,
		.row_uuid = uuid,
		.connector = "slack",
		.name = "CRM",
		.client_id = "c-1",
		.secrets = secrets,
		.secret_count = 1,
	};
}

static int resolve(struct scene *scene, const struct intent *intents,
                   size_t count)
{
	const char *twin = NULL;

	assert_int_equal(state_finish(scene->applied, &twin), 0);
	assert_int_equal(state_finish(scene->live, &twin), 0);
	return apply_resolve(scene->applied, scene->live, intents, count,
	                     &scene->resolved, scene->diag);
}

static const struct auth_config *row_of(const struct scene *scene,
                                        const char *key)
{
	return state_find(scene->resolved.applied, key);
}

static void without_intents_the_rows_are_the_rows(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();

	(void)state;
	add_row(&scene, "crm", UUID_A, "id-1");

	assert_int_equal(resolve(&scene, NULL, 0), 0);

	assert_ptr_equal(scene.resolved.applied, scene.applied);
	assert_int_equal(scene.resolved.resolution_count, 0);
}

static void nothing_is_resolved_where_live_is_not_known(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intent = create_of("crm", UUID_A);
	const char *twin = NULL;

	(void)state;
	assert_int_equal(state_finish(scene.applied, &twin), 0);

	assert_int_equal(apply_resolve(scene.applied, NULL, &intent, 1,
	                               &scene.resolved, scene.diag),
	                 0);

	assert_ptr_equal(scene.resolved.applied, scene.applied);
	assert_int_equal(scene.resolved.resolution_count, 0);
}

static void a_create_that_happened_becomes_a_row(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intent = create_of("crm", UUID_A);
	const struct auth_config *row;

	(void)state;
	add_object(&scene, "id-1", "CRM", "c-1");

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	row = row_of(&scene, "crm");
	assert_non_null(row);
	assert_string_equal(row->id, "id-1");
	assert_string_equal(row->row_uuid, UUID_A);
	assert_string_equal(auth_config_text(row, "connector"), "slack");
	assert_true(auth_config_record(row, "client.secret")->in_doubt);
	assert_false(auth_config_record(row, "client.secret")->known);
	assert_int_equal(scene.resolved.resolution_count, 1);
	assert_true(scene.resolved.resolutions[0].doubt);
	assert_int_equal(scene.resolved.resolutions[0].intent, 1);
}

static void a_create_that_did_not_happen_leaves_no_row(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intent = create_of("crm", UUID_A);

	(void)state;
	add_object(&scene, "id-1", "Other", "c-1");

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	assert_null(row_of(&scene, "crm"));
	assert_int_equal(scene.resolved.resolution_count, 1);
	assert_false(scene.resolved.resolutions[0].doubt);
}

static void what_was_there_before_or_is_claimed_is_not_ours(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	struct intent intent = create_of("crm", UUID_A);
	static const char *const snapshot[] = { "id-1" };

	(void)state;
	add_object(&scene, "id-1", "CRM", "c-1"); /* in the snapshot */
	add_object(&scene, "id-2", "CRM", "c-1"); /* in a row */
	add_object(&scene, "old", "CRM", "c-1");  /* retired by a row */
	add_object(&scene, "id-3", "CRM", "c-9"); /* another client */
	add_row(&scene, "other", UUID_B, "id-2");
	intent.snapshot = snapshot;
	intent.snapshot_count = 1;

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	assert_null(row_of(&scene, "crm"));
}

static void several_candidates_are_an_error_with_their_ids(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intent = create_of("crm", UUID_A);
	const struct diag_report *report;

	(void)state;
	add_object(&scene, "id-1", "CRM", "c-1");
	add_object(&scene, "id-2", "CRM", "c-1");

	assert_int_equal(resolve(&scene, &intent, 1), -1);

	report = diag_at(scene.diag, 0);
	assert_int_equal(report->code, CODE_INTENT_AMBIGUOUS);
	assert_non_null(strstr(report->text, "`id-1`, `id-2`"));
	assert_null(scene.resolved.applied);
}

static void a_natural_key_alone_tells_an_object(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	struct intent intent = create_of("crm", UUID_A);

	(void)state;
	add_object(&scene, "crm-key", "Renamed meanwhile", "c-1");
	intent.natural_key = "crm-key";

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	assert_string_equal(row_of(&scene, "crm")->id, "crm-key");
}

static void two_creates_of_one_key_share_no_object(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intents[] = { create_of("crm", UUID_A),
		                          create_of("crm", UUID_B) };

	(void)state;
	add_object(&scene, "id-1", "CRM", "c-1");

	assert_int_equal(resolve(&scene, intents, 2), 0);

	assert_int_equal(state_length(scene.resolved.applied), 1);
	assert_string_equal(row_of(&scene, "crm")->row_uuid, UUID_A);
	assert_int_equal(scene.resolved.resolution_count, 2);
}

/* A person adopted another one meanwhile: the intent is not asked about again,
 * and the row stays as that person wanted it. */
static void a_create_of_a_key_that_is_bound_by_now_is_over(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intent = create_of("crm", UUID_A);

	(void)state;
	add_object(&scene, "id-1", "CRM", "c-1");
	add_object(&scene, "id-9", "CRM", "c-9");
	add_row(&scene, "crm", UUID_B, "id-9");

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	assert_int_equal(state_length(scene.resolved.applied), 1);
	assert_string_equal(row_of(&scene, "crm")->id, "id-9");
	assert_int_equal(scene.resolved.resolution_count, 1);
	assert_int_equal(scene.resolved.resolutions[0].intent, 1);
	assert_false(scene.resolved.resolutions[0].doubt);
}

static void a_replacement_retires_the_object_it_replaced(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	struct intent intent = create_of("crm", UUID_A);
	const struct auth_config *row;

	(void)state;
	add_row(&scene, "crm", UUID_A, "id-1");
	add_object(&scene, "id-1", "CRM", "c-1");
	add_object(&scene, "id-2", "CRM", "c-1");
	intent.kind = INTENT_REPLACE_CREATE;

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	row = row_of(&scene, "crm");
	assert_string_equal(row->id, "id-2");
	assert_int_equal(row->retired_count, 2);
	assert_string_equal(row->retired[0], "id-1"); /* sorted */
	assert_true(auth_config_record(row, "client.secret")->in_doubt);
}

static void an_update_leaves_its_secrets_in_doubt(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	static const char *const names[] = { "client.secret", "secrets.hook" };
	const struct intent intent = {
		.number = 4,
		.kind = INTENT_UPDATE,
		.key = "formerly-crm", /* it was renamed since */
		.row_uuid = UUID_A,
		.id = "id-1",
		.secrets = names,
		.secret_count = 2,
	};
	const struct auth_config *row;

	(void)state;
	add_row(&scene, "crm", UUID_A, "id-1");
	add_object(&scene, "id-1", "CRM", "c-1");

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	row = row_of(&scene, "crm");
	assert_int_equal(row->record_count, 2);
	assert_true(auth_config_record(row, "client.secret")->in_doubt);
	assert_string_equal(auth_config_record(row, "client.secret")->version,
	                    "7");
	assert_true(auth_config_record(row, "secrets.hook")->in_doubt);
	assert_string_equal(scene.resolved.resolutions[0].key, "crm");
}

static void a_delete_that_happened_removes_the_row(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intents[] = {
		{ .kind = INTENT_DELETE,
		  .key = "gone",
		  .row_uuid = UUID_A,
		  .id = "id-1" },
		{ .kind = INTENT_DELETE,
		  .key = "there",
		  .row_uuid = UUID_B,
		  .id = "id-2" },
	};

	(void)state;
	add_row(&scene, "gone", UUID_A, "id-1");
	add_row(&scene, "there", UUID_B, "id-2");
	add_object(&scene, "id-2", "CRM", "c-1");

	assert_int_equal(resolve(&scene, intents, 2), 0);

	assert_null(row_of(&scene, "gone"));
	assert_non_null(row_of(&scene, "there"));
}

static void a_deleted_former_object_leaves_the_row(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	const struct intent intent = {
		.kind = INTENT_DELETE,
		.key = "crm",
		.row_uuid = UUID_A,
		.id = "old",
	};

	(void)state;
	add_row(&scene, "crm", UUID_A, "id-1");
	add_object(&scene, "id-1", "CRM", "c-1");

	assert_int_equal(resolve(&scene, &intent, 1), 0);

	assert_string_equal(row_of(&scene, "crm")->id, "id-1");
	assert_int_equal(row_of(&scene, "crm")->retired_count, 0);
}

/* ---- written ---- */

static struct ledger *open_ledger(const char *path, struct clock_fixed *clock,
                                  struct diag *diag)
{
	const struct ledger_settings settings = {
		.path = path,
		.platform = "fake",
		.origin = "http://127.0.0.1",
		.environment = "test",
		.clock = &clock->clock,
		.flags = (enum ledger_flags)(LEDGER_WRITE | LEDGER_MAKE),
	};
	const struct lock_owner owner = { .who = "us",
		                          .command = "apply",
		                          .pid = getpid() };
	struct ledger *ledger = NULL;

	assert_int_equal(ledger_open(&settings, &ledger, diag), LEDGER_FOUND);
	assert_int_equal(ledger_lock(ledger, &owner, 0, diag), 0);
	return ledger;
}

static void remove_ledger(const char *folder)
{
	static const char *const names[] = { ".trueup/test.db",
		                             ".trueup/test.db-wal",
		                             ".trueup/test.db-shm",
		                             ".trueup/.gitignore" };
	CLEANUP(textp) char *inner = path_join(folder, ".trueup");

	for (size_t i = 0; i < LENGTH(names); i++) {
		CLEANUP(textp) char *path = path_join(folder, names[i]);

		(void)unlink(path);
	}
	(void)rmdir(inner);
}

/* Two rows; intents: a create that was made, a delete that was done. */
static void journal(struct ledger *ledger, struct scene *scene)
{
	const struct run_record run = {
		.command = "apply", .revision = "", .digest = "", .who = "us"
	};
	struct intent create = create_of("crm", UUID_B);
	struct intent removal = { .kind = INTENT_DELETE,
		                  .key = "gone",
		                  .row_uuid = UUID_A,
		                  .id = "id-9" };

	create.run = removal.run = ledger_run_begin(ledger, &run);
	ledger_put(ledger, state_at(scene->applied, 0));
	(void)ledger_intend(ledger, &create);
	(void)ledger_intend(ledger, &removal);
	assert_int_equal(ledger_commit(ledger, scene->diag), 0);
}

static void what_was_found_is_written_once(void **state)
{
	CLEANUP(scene_release) struct scene scene = scene_make();
	CLEANUP(folder_removep) char *folder = folder_make();
	CLEANUP(textp) char *path = path_join(folder, ".trueup/test.db");
	CLEANUP(state_freep) struct state *rows = NULL;
	struct clock_fixed clock;
	struct ledger *ledger;
	struct intent *intents = NULL;
	size_t count = 0;

	(void)state;
	clock_fixed_init(&clock, 1790000000000);
	add_row(&scene, "gone", UUID_A, "id-9");
	add_object(&scene, "id-1", "CRM", "c-1");
	assert_int_equal(resolve(&scene, NULL, 0), 0);
	ledger = open_ledger(path, &clock, scene.diag);
	journal(ledger, &scene);
	assert_int_equal(
		ledger_open_intents(ledger, &intents, &count, scene.diag), 0);
	assert_int_equal(count, 2);

	assert_int_equal(apply_resolve(scene.applied, scene.live, intents,
	                               count, &scene.resolved, scene.diag),
	                 0);
	assert_int_equal(apply_write_resolved(ledger, scene.applied,
	                                      &scene.resolved, scene.diag),
	                 0);

	free(intents);
	assert_int_equal(
		ledger_open_intents(ledger, &intents, &count, scene.diag), 0);
	assert_int_equal(count, 0);
	rows = ledger_applied(ledger, scene.diag);
	assert_int_equal(state_length(rows), 1);
	assert_string_equal(state_at(rows, 0)->key, "crm");
	assert_string_equal(state_at(rows, 0)->id, "id-1");
	free(intents);
	ledger_unlock(ledger);
	ledger_close(ledger);
	remove_ledger(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_intents_the_rows_are_the_rows),
		cmocka_unit_test(nothing_is_resolved_where_live_is_not_known),
		cmocka_unit_test(a_create_that_happened_becomes_a_row),
		cmocka_unit_test(a_create_that_did_not_happen_leaves_no_row),
		cmocka_unit_test(
			what_was_there_before_or_is_claimed_is_not_ours),
		cmocka_unit_test(
			several_candidates_are_an_error_with_their_ids),
		cmocka_unit_test(a_natural_key_alone_tells_an_object),
		cmocka_unit_test(two_creates_of_one_key_share_no_object),
		cmocka_unit_test(
			a_create_of_a_key_that_is_bound_by_now_is_over),
		cmocka_unit_test(a_replacement_retires_the_object_it_replaced),
		cmocka_unit_test(an_update_leaves_its_secrets_in_doubt),
		cmocka_unit_test(a_delete_that_happened_removes_the_row),
		cmocka_unit_test(a_deleted_former_object_leaves_the_row),
		cmocka_unit_test(what_was_found_is_written_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
