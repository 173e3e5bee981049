/* SPDX-License-Identifier: MIT */
/* What the ledger holds after a run. */
#include "base/text.h"
#include "schema/schema.h"
#include "world.h"

#include <string.h>

static void a_create_records_what_was_sent_and_what_was_seen(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;
	const struct auth_config *row;

	world->platform->flags |= FAKE_ADDS_SCOPE;
	world_declare(world, "a", "A")->protect = true;

	assert_int_equal(world_apply(world), 0);

	rows = world_rows(world);
	row = world_row(rows, "a");
	assert_string_equal(row->id, "id-001");
	expect_shown(auth_config_value(row, "scopes"), "[chat:write]");
	expect_shown(auth_config_seen(row, "scopes"),
	             "[chat:write, zz:always]");
	expect_shown(auth_config_value(row, "client.id"), "client-1");
	expect_shown(auth_config_seen(row, "client.id"), "client-1");
	assert_true(row->flags & AUTH_CONFIG_PROTECTED);
	assert_non_null(row->updated_at);
	assert_true(row->applied_at_ms >= 1790000000000);
	assert_int_equal(strlen(row->row_uuid), 32);
}

/* Applies the one that is declared with another version. */
static void rotate_to(struct world *world, const char *version)
{
	world_undeclare(world, "a");
	world_declare(world, "a", "A")->version = version;
	assert_int_equal(world_apply(world), 0);
}

static void another_secret_opens_a_rotation(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *first = NULL;
	CLEANUP(state_freep) struct state *second = NULL;
	CLEANUP(state_freep) struct state *third = NULL;
	const struct memo *open, *again;

	rotate_to(world, "1");
	first = world_rows(world);
	rotate_to(world, "2");
	second = world_rows(world);
	rotate_to(world, "3");
	third = world_rows(world);

	assert_null(auth_config_memo(world_row(first, "a"), ROTATION_OPEN));
	open = auth_config_memo(world_row(second, "a"), ROTATION_OPEN);
	again = auth_config_memo(world_row(third, "a"), ROTATION_OPEN);
	assert_non_null(open);
	assert_string_equal(open->text, "1");
	assert_int_equal(open->at_ms, world_secret(second, "a")->set_at_ms);
	assert_non_null(again);
	assert_string_equal(again->text, "1, 2");
	assert_int_equal(again->at_ms, open->at_ms);
}

/* What a person and two probes wrote beside the row, on both sides of what the
 * rotation adds. */
static void add_memos(struct world *world)
{
	static const struct memo memos[] = {
		{ "probe.redirect", "match", 1 },
		{ "rotation.opened-by", "alice", 2 },
		{ "zz.last", "x", 3 },
	};
	struct auth_config noted = *world_row(world->applied, "a");

	noted.memos = memos;
	noted.memo_count = LENGTH(memos);
	ledger_put(world->ledger, &noted);
	world->before_apply = NULL;
}

static void a_rotation_opens_beside_what_else_is_noted(void **state)
{
	static const char *const names[] = { "probe.redirect", ROTATION_OPEN,
		                             "rotation.opened-by", "zz.last" };
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	rotate_to(world, "1");
	world->before_apply = add_memos;
	assert_int_equal(world_apply(world), 0);
	rotate_to(world, "2");

	rows = world_rows(world);
	assert_int_equal(world_row(rows, "a")->memo_count, LENGTH(names));
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_string_equal(world_row(rows, "a")->memos[i].name,
		                    names[i]);
}

static void a_sent_secret_is_recorded_by_its_fingerprint(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;
	struct secret *value = secret_new(SECRET_ONE, strlen(SECRET_ONE));
	const struct secret_record *record;
	uint8_t print[FINGERPRINT_BYTES];

	world_declare(world, "a", "A")->version = "2026-11";

	assert_int_equal(world_apply(world), 0);

	rows = world_rows(world);
	record = world_secret(rows, "a");
	assert_true(record->known);
	assert_true(record->fingerprinted);
	assert_true(secret_fingerprint(world->key,
	                               world_row(rows, "a")->row_uuid,
	                               "client.secret", value, print));
	assert_memory_equal(record->fingerprint, print, FINGERPRINT_BYTES);
	assert_string_equal(record->key_id, fingerprint_key_id(world->key));
	assert_string_equal(record->version, "2026-11");
	assert_string_equal(record->source, "env:SECRET");
	assert_true(record->set_at_ms >= 1790000000000);
	assert_false(record->in_doubt);
	secret_free(value);
}

static void an_update_keeps_what_it_did_not_touch(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *before = NULL;
	CLEANUP(state_freep) struct state *after = NULL;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	before = world_rows(world);
	world->entries[0].scopes[0] = "chat:read";
	world->clock.wall_ms += 5000;

	assert_int_equal(world_apply(world), 0);

	after = world_rows(world);
	assert_string_equal(world_row(after, "a")->row_uuid,
	                    world_row(before, "a")->row_uuid);
	assert_int_equal(world_secret(after, "a")->set_at_ms,
	                 world_secret(before, "a")->set_at_ms);
	assert_true(world_row(after, "a")->applied_at_ms >
	            world_row(before, "a")->applied_at_ms);
	expect_shown(auth_config_value(world_row(after, "a"), "scopes"),
	             "[chat:read]");
	expect_shown(auth_config_value(world_row(after, "a"), "name"), "A");
}

static void a_found_create_leaves_its_secret_in_doubt(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A");
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_LOST_DONE, 1);

	assert_int_equal(world_apply(world), 9);

	rows = world_rows(world);
	assert_true(world_secret(rows, "a")->in_doubt);
	assert_false(world_secret(rows, "a")->fingerprinted);
	expect_shown(auth_config_value(world_row(rows, "a"), "scopes"),
	             "[chat:write]");
}

/* An object that somebody made by hand, as the file declares it. */
static struct fake_object *add_like(struct world *world, const char *name)
{
	static const struct value client = { "client-1", 8, VALUE_TEXT };
	static const struct value scopes = { "chat:write\0", 11, VALUE_SET };
	struct fake_object *object = fake_add(world->platform, name);

	fake_set(world->platform, object, "client.id", client);
	fake_set(world->platform, object, "scopes", scopes);
	return object;
}

static void adoption_writes_a_row_and_sends_nothing(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A");
	add_like(world, "A");

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(fake_writes(world->platform), 0);
	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "id-001");
	assert_false(world_secret(rows, "a")->known);
	expect_shown(auth_config_seen(world_row(rows, "a"), "scopes"),
	             "[chat:write]");
	assert_int_equal(world_plan(world), 0);
}

static void adoption_sends_what_differs(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A")->scopes[0] = "chat:read";
	add_like(world, "A");

	assert_int_equal(world_apply(world), 0);

	assert_string_equal(fake_log(world->platform), "update id-001\n");
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 0);
	rows = world_rows(world);
	assert_false(world_secret(rows, "a")->known);
	assert_int_equal(world_plan(world), 0);
}

static void a_rename_moves_the_row(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *before = NULL;
	CLEANUP(state_freep) struct state *after = NULL;

	world_declare(world, "old-key", "A");
	assert_int_equal(world_apply(world), 0);
	before = world_rows(world);
	world->entries[0].key = "new-key";
	world->entries[0].renamed_from = "old-key";

	assert_int_equal(world_apply(world), 0);

	after = world_rows(world);
	assert_int_equal(state_length(after), 1);
	assert_string_equal(world_row(after, "new-key")->row_uuid,
	                    world_row(before, "old-key")->row_uuid);
	assert_true(world_secret(after, "new-key")->fingerprinted);
	assert_int_equal(fake_writes(world->platform), 1);
	world->entries[0].renamed_from = NULL;
	assert_int_equal(world_plan(world), 0);
}

static void a_recreated_object_takes_the_row_over(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	fake_named(world->platform, "A")->there = false;

	assert_int_equal(world_apply(world), 0);

	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "id-003");
	assert_int_equal(world_row(rows, "a")->retired_count, 0);
	assert_int_equal(world_plan(world), 0);
}

static void what_takes_a_lost_object_s_place_has_an_unknown_secret(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A")->protect = true;
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	fake_named(world->platform, "A")->there = false;
	add_like(world, "A");
	world_set_secret(world, NULL);
	world->flags = APPLY_KEEP_UNRESOLVED;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(fake_writes(world->platform), 2);
	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "id-003");
	assert_false(world_secret(rows, "a")->known);
	assert_false(world_secret(rows, "a")->fingerprinted);
	assert_int_equal(world_plan(world), 0);
}

static void a_managed_client_leaves_no_secret(void **state)
{
	struct world *world = *state;
	static const char *const keys[] = { "a" };
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].managed = true;
	world->permissions.allow_replace = keys;
	world->permissions.allow_replace_count = 1;

	assert_int_equal(world_apply(world), 0);

	rows = world_rows(world);
	assert_int_equal(world_row(rows, "a")->record_count, 0);
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 1);
	assert_int_equal(world_plan(world), 0);
}

/* ---- deletes and notes ---- */

static void a_delete_removes_the_row(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world_undeclare(world, "a");
	world->permissions.prune = true;

	assert_int_equal(world_apply(world), 0);

	rows = world_rows(world);
	assert_int_equal(state_length(rows), 1);
	assert_string_equal(world_step(world, "a")->id, "id-001");
}

/* Row S14: only a write explains that the object's date moved. */
static void a_note_does_not_hide_that_the_date_moved(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *before = NULL;
	CLEANUP(state_freep) struct state *after = NULL;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	before = world_rows(world);
	fake_named(world->platform, "A")->version++;
	world->entries[0].protect = true;

	assert_int_equal(world_apply(world), 0);

	after = world_rows(world);
	assert_int_equal(world->result.notes, 1);
	assert_string_equal(world_row(after, "a")->updated_at,
	                    world_row(before, "a")->updated_at);
}

static void a_note_changes_the_row_without_a_request(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;
	const unsigned before = 1;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].protect = true;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(fake_writes(world->platform), before);
	assert_int_equal(world->platform->counts[PLATFORM_GET], 0);
	assert_int_equal(world->result.notes, 1);
	rows = world_rows(world);
	assert_true(world_row(rows, "a")->flags & AUTH_CONFIG_PROTECTED);
}

static void a_row_whose_object_and_entry_are_gone_is_forgotten(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	fake_named(world->platform, "A")->there = false;
	world_undeclare(world, "a");

	assert_int_equal(world_apply(world), 0);

	rows = world_rows(world);
	assert_null(state_find(rows, "a"));
	assert_int_equal(fake_writes(world->platform), 2);
}

static void drift_healed_by_others_is_noted(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;
	static const struct value scopes = { "chat:read\0", 10, VALUE_SET };

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	fake_set(world->platform, fake_named(world->platform, "A"), "scopes",
	         scopes);
	world->entries[0].scopes[0] = "chat:read";

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(fake_writes(world->platform), 1);
	rows = world_rows(world);
	expect_shown(auth_config_value(world_row(rows, "a"), "scopes"),
	             "[chat:read]");
	expect_shown(auth_config_seen(world_row(rows, "a"), "scopes"),
	             "[chat:read]");
	assert_int_equal(world_plan(world), 0);
	assert_int_equal(world->plan->note_count, 0);
}

static void no_secret_is_in_the_ledger_or_in_a_report(void **state)
{
	struct world *world = *state;
	CLEANUP(textp) char *wal = xasprintf("%s-wal", world->ledger_path);
	const char *const paths[] = { world->ledger_path, wal };

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	fake_script(world->platform, PLATFORM_CREATE, "A", FAKE_REFUSED, 1);
	assert_int_equal(world_apply(world), 9);

	CLEANUP(textp) char *text = diag_text(world->diag);
	assert_null(strstr(text, "canary"));
	for (size_t i = 0; i < LENGTH(paths); i++) {
		struct buffer bytes = { 0 };

		assert_int_equal(
			file_read(paths[i], 1 << 24, &bytes, world->diag), 0);
		assert_null(memmem(bytes.bytes, bytes.length, "canary", 6));
		buffer_release(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_create_records_what_was_sent_and_what_was_seen),
		WORLD_TEST(a_sent_secret_is_recorded_by_its_fingerprint),
		WORLD_TEST(another_secret_opens_a_rotation),
		WORLD_TEST(a_rotation_opens_beside_what_else_is_noted),
		WORLD_TEST(an_update_keeps_what_it_did_not_touch),
		WORLD_TEST(a_found_create_leaves_its_secret_in_doubt),
		WORLD_TEST(adoption_writes_a_row_and_sends_nothing),
		WORLD_TEST(adoption_sends_what_differs),
		WORLD_TEST(a_rename_moves_the_row),
		WORLD_TEST(a_recreated_object_takes_the_row_over),
		WORLD_TEST(
			what_takes_a_lost_object_s_place_has_an_unknown_secret),
		WORLD_TEST(a_managed_client_leaves_no_secret),
		WORLD_TEST(a_delete_removes_the_row),
		WORLD_TEST(a_note_changes_the_row_without_a_request),
		WORLD_TEST(a_note_does_not_hide_that_the_date_moved),
		WORLD_TEST(a_row_whose_object_and_entry_are_gone_is_forgotten),
		WORLD_TEST(drift_healed_by_others_is_noted),
		WORLD_TEST(no_secret_is_in_the_ledger_or_in_a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
