/* SPDX-License-Identifier: MIT */
/* Changes that end before they were sent, or are refused what they need. */
#include "base/text.h"
#include "schema/schema.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

static size_t sent_secrets(struct world *world, const char *name)
{
	return fake_named(world->platform, name)->secret_count;
}

/* Three that are there, and another name wanted for each. */
static void rename_three(struct world *world)
{
	static const char *const names[] = { "A2", "B2", "C2" };

	world_declare_three(world);
	assert_int_equal(world_apply(world), 0);
	for (size_t i = 0; i < LENGTH(names); i++)
		world->entries[i].name = names[i];
	world->parallelism = 1;
}

/* ---- the look before the write ---- */

static void a_look_that_is_forbidden_stops_all(void **state)
{
	struct world *world = *state;
	unsigned writes;

	rename_three(world);
	writes = fake_writes(world->platform);
	world_script(world, PLATFORM_GET, NULL, FAKE_UNAUTHORISED);

	assert_int_equal(world_apply(world), 7);

	assert_int_equal(fake_writes(world->platform), writes);
	assert_int_equal(world_open_intents(world), 0);
	expect_end(world, "a", STEP_FAILED);
	expect_end(world, "b", STEP_NOT_ATTEMPTED);
	expect_end(world, "c", STEP_NOT_ATTEMPTED);
	assert_int_equal(world_apply(world), 0);
	expect_settled(world);
}

static void what_could_not_be_looked_at_is_not_written(void **state)
{
	struct world *world = *state;

	rename_three(world);
	world_script(world, PLATFORM_GET, "id-002", FAKE_LOST_UNDONE);

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_DONE);
	expect_end(world, "b", STEP_FAILED);
	expect_end(world, "c", STEP_DONE);
	assert_non_null(fake_named(world->platform, "B"));
	assert_int_equal(world_open_intents(world), 0);
	assert_int_equal(world_apply(world), 0);
	expect_settled(world);
}

/* ---- between the look and the write ---- */

static void remove_b_before_its_update(void *context)
{
	struct world *world = context;
	struct fake_object *object = fake_find(world->platform, "id-002");

	if (object && world->platform->counts[PLATFORM_UPDATE] == 2)
		object->there = false;
}

static void an_object_that_goes_before_its_write_is_not_made_anew(void **state)
{
	struct world *world = *state;
	unsigned creates;

	rename_three(world);
	creates = world_creates(world);
	world->platform->moment = remove_b_before_its_update;
	world->platform->moment_context = world;

	assert_int_equal(world_apply(world), 9);

	world->platform->moment = NULL;
	expect_end(world, "a", STEP_DONE);
	expect_end(world, "b", STEP_MOVED);
	expect_end(world, "c", STEP_DONE);
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 3);
	assert_int_equal(world_creates(world), creates);
	assert_int_equal(world_open_intents(world), 0);
}

/* ---- a secret that is there no longer ---- */

/* Another variable has the value then. */
static void rename_after_the_first(void *context)
{
	struct world *world = context;

	if (world->platform->counts[PLATFORM_CREATE] == 1)
		world->secret[0] = 'X';
}

static void a_secret_that_goes_meanwhile_ends_its_change(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->parallelism = 1;
	world->platform->moment = rename_after_the_first;
	world->platform->moment_context = world;

	assert_int_equal(world_apply(world), 9);

	world->platform->moment = NULL;
	expect_end(world, "a", STEP_DONE);
	expect_end(world, "b", STEP_FAILED);
	expect_end(world, "c", STEP_FAILED);
	assert_true(world_reported(world, CODE_SECRET_NEEDED));
	assert_int_equal(world_creates(world), 1);
	assert_int_equal(world_open_intents(world), 0);

	world_set_secret(world, SECRET_ONE);
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world_creates(world), 3);
	assert_int_equal(sent_secrets(world, "A"), 1);
	expect_settled(world);
}

/* ---- the end of a run ---- */

static const char *last_result(struct world *world)
{
	const struct history_filter filter = { .limit = 1 };
	struct ledger_run *runs = NULL;
	const char *result = NULL;
	size_t count = 0;

	assert_int_equal(ledger_history(world->ledger, &filter, &runs, &count,
	                                world->diag),
	                 0);
	if (count)
		result = runs[0].result;
	free(runs);
	return result;
}

static void a_run_ends_with_the_commit_of_its_last_outcomes(void **state)
{
	struct world *world = *state;

	world_declare_three(world);

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(ledger_serial(world->ledger), 2);
	assert_string_equal(last_result(world), "done");
	world_script(world, PLATFORM_UPDATE, "id-002", FAKE_REFUSED);
	world->entries[1].name = "B2";
	assert_int_equal(world_apply(world), 8);
	assert_string_equal(last_result(world), "partly");
}

static void a_run_that_is_refused_its_secrets_ends_too(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world_set_secret(world, NULL);

	assert_int_equal(world_apply(world), 1);

	assert_int_equal(world_creates(world), 0);
	assert_string_equal(last_result(world), "partly");
}

static void lose_lock_after_the_last(void *context)
{
	struct world *world = context;

	if (world->platform->counts[PLATFORM_CREATE] < 3)
		return;
	world->platform->moment = NULL;
	world_lose_lock(world);
}

static void what_the_last_commit_could_not_save_is_unknown(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->platform->moment = lose_lock_after_the_last;
	world->platform->moment_context = world;

	assert_int_equal(world_apply(world), 9);

	assert_int_equal(world->result.ends[STEP_DONE], 0);
	assert_int_equal(world->result.ends[STEP_UNKNOWN], 3);
	assert_true(world_reported(world, CODE_LOCK_LOST));
	assert_int_equal(world_open_intents(world), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_look_that_is_forbidden_stops_all),
		WORLD_TEST(what_could_not_be_looked_at_is_not_written),
		WORLD_TEST(
			an_object_that_goes_before_its_write_is_not_made_anew),
		WORLD_TEST(a_secret_that_goes_meanwhile_ends_its_change),
		WORLD_TEST(a_run_ends_with_the_commit_of_its_last_outcomes),
		WORLD_TEST(a_run_that_is_refused_its_secrets_ends_too),
		WORLD_TEST(what_the_last_commit_could_not_save_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
