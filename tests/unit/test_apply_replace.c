/* SPDX-License-Identifier: MIT */
/* Objects that take the place of others (table R). */
#include "base/text.h"
#include "schema/schema.h"
#include "world.h"

#include <string.h>

static void declare_replaced(struct world *world)
{
	static const char *const keys[] = { "a" };

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].connector = "github";
	world->permissions.allow_replace = keys;
	world->permissions.allow_replace_count = 1;
}

/* As declared, and still as an `oauth2` of "slack": type is immutable too. */
static void a_replaced_object_is_retired_and_stays(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	declare_replaced(world);

	assert_int_equal(world_apply(world), 0);

	assert_non_null(strstr(fake_log(world->platform), "create A\n"));
	assert_int_equal(world->platform->counts[PLATFORM_DELETE], 0);
	assert_int_equal(fake_length(world->platform), 3);
	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "id-003");
	assert_int_equal(world_row(rows, "a")->retired_count, 1);
	assert_string_equal(world_row(rows, "a")->retired[0], "id-001");
	assert_int_equal(world_plan(world), 0);
}

static void prune_retired(struct world *world)
{
	declare_replaced(world);
	assert_int_equal(world_apply(world), 0);
	world->permissions.prune = true;
	world->platform->connections = 0;
}

static void a_retired_object_is_deleted_and_struck_from_its_row(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	prune_retired(world);
	world->entries[0].scopes[0] = "chat:read"; /* its row changes as well */

	assert_int_equal(world_apply(world), 0);

	assert_null(fake_find(world->platform, "id-001"));
	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "id-003");
	assert_int_equal(world_row(rows, "a")->retired_count, 0);
	expect_shown(auth_config_value(world_row(rows, "a"), "scopes"),
	             "[chat:read]");
	assert_int_equal(world_plan(world), 0);
}

static void an_orphan_and_its_former_object_leave_no_row(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	prune_retired(world);
	world_undeclare(world, "a");

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->counts[PLATFORM_DELETE], 2);
	rows = world_rows(world);
	assert_null(state_find(rows, "a"));
	assert_int_equal(fake_length(world->platform), 1);
}

static void name_uniquely(struct world *world)
{
	world->traits.abilities = (enum platform_abilities)(
		world->traits.abilities | HAS_UNIQUE_NAMES);
	world->permissions.allow_deletes = 1;
	world->permissions.break_connections = 0;
}

static void where_names_are_unique_the_old_one_goes_first(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	name_uniquely(world);
	declare_replaced(world);

	assert_int_equal(world_apply(world), 0);

	assert_non_null(
		strstr(fake_log(world->platform), "delete id-001\ncreate A\n"));
	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "id-003");
	assert_int_equal(world_row(rows, "a")->retired_count, 0);
	assert_int_equal(world_plan(world), 0);
}

static void half_a_replacement_is_completed_by_the_next_run(void **state)
{
	struct world *world = *state;

	name_uniquely(world);
	declare_replaced(world);
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_REFUSED, 1);

	assert_int_equal(world_apply(world), 9);
	assert_int_equal(world_step(world, "a")->end, STEP_FAILED);
	assert_int_equal(fake_length(world->platform), 1);

	world->permissions.allow_deletes = -1;
	world->permissions.break_connections = -1;
	world->policy.max_missing = 0; /* it is no object that went missing */
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(fake_length(world->platform), 2);
	assert_int_equal(world_plan(world), 0);
}

static void lose_lock_once_deleted(void *context)
{
	struct world *world = context;

	if (world->platform->counts[PLATFORM_DELETE] == 0 ||
	    fake_find(world->platform, "id-001"))
		return;
	world->platform->moment = NULL;
	world_lose_lock(world);
}

static void a_lock_lost_in_the_middle_says_that_half_is_done(void **state)
{
	struct world *world = *state;

	name_uniquely(world);
	declare_replaced(world);
	world->platform->moment = lose_lock_once_deleted;
	world->platform->moment_context = world;

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_FAILED);
	assert_true(world_reported(world, CODE_LOCK_LOST));
	assert_true(world_reported(world, CODE_CHANGE_FAILED));
	assert_int_equal(world_creates(world), 2);
}

/* The new object may have the id that the old one had: the key is the id. */
static void a_lost_create_of_the_same_id_is_found(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	world->platform->flags |= FAKE_NAMED;
	world->traits.abilities = (enum platform_abilities)(
		world->traits.abilities | HAS_NATURAL_KEY);
	world->permissions.allow_deletes = 1;
	world->permissions.break_connections = 0;
	declare_replaced(world);
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_LOST_DONE, 1);

	assert_int_equal(world_apply(world), 9); /* its secret is in doubt */

	assert_int_equal(world_step(world, "a")->end, STEP_DONE);
	rows = world_rows(world);
	assert_string_equal(world_row(rows, "a")->id, "a");
	world->permissions.allow_deletes = -1;
	world->permissions.break_connections = -1;
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world->platform->counts[PLATFORM_CREATE], 3);
	assert_int_equal(world_plan(world), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_replaced_object_is_retired_and_stays),
		WORLD_TEST(a_retired_object_is_deleted_and_struck_from_its_row),
		WORLD_TEST(an_orphan_and_its_former_object_leave_no_row),
		WORLD_TEST(where_names_are_unique_the_old_one_goes_first),
		WORLD_TEST(half_a_replacement_is_completed_by_the_next_run),
		WORLD_TEST(a_lock_lost_in_the_middle_says_that_half_is_done),
		WORLD_TEST(a_lost_create_of_the_same_id_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
