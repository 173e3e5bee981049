/* SPDX-License-Identifier: MIT */
/* Answers that never come, people who cannot wait, a lock that is gone. */
#include "base/text.h"
#include "schema/schema.h"
#include "world.h"

#include <string.h>

/* ---- lost answers ---- */

static void a_lost_create_that_was_made_is_found(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	fake_add(world->platform, "Unrelated");
	world_script(world, PLATFORM_CREATE, "B", FAKE_LOST_DONE);

	assert_int_equal(world_apply(world), 9); /* its secret is in doubt */
	expect_end(world, "b", STEP_DONE);
	assert_int_equal(world_creates(world), 3);
	assert_int_equal(world_open_intents(world), 0);

	assert_int_equal(world_apply(world), 0); /* the secret is sent again */
	assert_int_equal(world_creates(world), 3);
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 1);
	assert_int_equal(fake_named(world->platform, "B")->secret_count, 2);
	expect_settled(world);
}

static void a_lost_create_may_be_shown_late(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_script(world, PLATFORM_CREATE, NULL, FAKE_LOST_DONE);
	world->platform->slow_ms = 4000;

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_DONE);
	assert_int_equal(world_creates(world), 1);
}

static void a_lost_create_is_not_sent_again_in_this_run(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_script(world, PLATFORM_CREATE, NULL, FAKE_LOST_UNDONE);

	assert_int_equal(world_apply(world), 9);
	expect_end(world, "a", STEP_UNKNOWN);
	assert_int_equal(world_creates(world), 1);
	assert_int_equal(world_open_intents(world), 1);
	assert_in_range(world->clock.steady_ms - world->since_ms, 9000, 11000);

	assert_int_equal(world_apply(world), 0); /* looked first, then sent */
	assert_int_equal(world->resolved.resolution_count, 1);
	assert_int_equal(world_creates(world), 2);
	assert_int_equal(world_open_intents(world), 0);
	expect_settled(world);
}

static void a_lost_create_that_appears_later_is_taken_by_the_next(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_script(world, PLATFORM_CREATE, NULL, FAKE_LOST_DONE);
	world->platform->slow_ms = 60000;

	assert_int_equal(world_apply(world), 9);
	expect_end(world, "a", STEP_UNKNOWN);
	world->clock.steady_ms += 60000;

	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world_creates(world), 1);
	assert_int_equal(fake_length(world->platform), 1);
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 2);
	expect_settled(world);
}

static void an_object_of_another_row_is_not_taken(void **state)
{
	struct world *world = *state;

	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].name =
		"Formerly B"; /* an update, so it comes later */
	world_declare(world, "c", "B");
	world_script(world, PLATFORM_CREATE, NULL, FAKE_LOST_UNDONE);

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "c", STEP_UNKNOWN);
	expect_end(world, "b", STEP_DONE);
	assert_int_equal(fake_length(world->platform), 1);
}

static void twins_of_a_lost_create_are_not_taken(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	world_script(world, PLATFORM_CREATE, "A", FAKE_LOST_DONE);
	world_script(world, PLATFORM_CREATE, "B", FAKE_LOST_DONE);
	world->entries[1].name = "A"; /* twins that only tests declare */
	world->entries[1].client_id = "client-1";
	fake_script(world->platform, PLATFORM_CREATE, "A", FAKE_LOST_DONE, 1);

	assert_int_equal(world_apply(world), 9);

	assert_int_equal(world->result.ends[STEP_UNKNOWN], 2);
	assert_non_null(strstr(world_step(world, "a")->advice, "adopt"));
	assert_int_equal(world_open_intents(world), 2);
	assert_int_equal(world_apply(world), 9);
	assert_true(world_reported(world, CODE_INTENT_AMBIGUOUS));
	assert_int_equal(world_creates(world), 2);
}

static void a_lost_create_is_found_by_its_natural_key(void **state)
{
	struct world *world = *state;

	world->traits.abilities = (enum platform_abilities)(
		world->traits.abilities | HAS_NATURAL_KEY);
	world->platform->flags |= FAKE_NAMED;
	world_declare(world, "a", "A");
	world_declare(world, "b", "A"); /* names say nothing here */
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_LOST_DONE, 2);

	assert_int_equal(world_apply(world), 9);

	assert_int_equal(world->result.ends[STEP_DONE], 2);
	assert_string_equal(world_step(world, "b")->id, "b");
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world_creates(world), 2);
	expect_settled(world);
}

static void a_lost_update_that_arrived_is_done(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";
	world_script(world, PLATFORM_UPDATE, NULL, FAKE_LOST_DONE);

	assert_int_equal(world_apply(world), 0);

	expect_end(world, "a", STEP_DONE);
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 1);
	expect_settled(world);
}

static void a_lost_update_that_did_not_arrive_is_unknown(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";
	world_script(world, PLATFORM_UPDATE, NULL, FAKE_LOST_UNDONE);

	assert_int_equal(world_apply(world), 9);
	expect_end(world, "a", STEP_UNKNOWN);
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 1);

	assert_int_equal(world_apply(world), 0);
	expect_settled(world);
}

static void a_lost_rotation_is_sent_again_by_the_next_run(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world_set_secret(world, SECRET_TWO);
	world_script(world, PLATFORM_UPDATE, NULL, FAKE_LOST_DONE);

	assert_int_equal(world_apply(world), 9); /* nothing shows it */
	expect_end(world, "a", STEP_UNKNOWN);

	assert_int_equal(world_apply(world), 0);
	assert_true(world->resolved.resolutions[0].doubt);
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 3);
	expect_settled(world);
}

static void prepare_delete(struct world *world)
{
	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world_undeclare(world, "a");
	world->permissions.prune = true;
}

static void a_lost_delete_is_looked_at_and_tried_once_more(void **state)
{
	struct world *world = *state;

	prepare_delete(world);
	world_script(world, PLATFORM_DELETE, NULL, FAKE_LOST_UNDONE);

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->counts[PLATFORM_DELETE], 2);
	expect_settled(world);
}

static void a_lost_delete_that_was_done_is_done(void **state)
{
	struct world *world = *state;

	prepare_delete(world);
	world_script(world, PLATFORM_DELETE, NULL, FAKE_LOST_DONE);

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->counts[PLATFORM_DELETE], 1);
	expect_settled(world);
}

static void what_is_still_there_after_its_delete_is_unknown(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;

	prepare_delete(world);
	world->platform->flags |= FAKE_KEEPS;

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_UNKNOWN);
	rows = world_rows(world);
	assert_non_null(state_find(rows, "a"));
	assert_int_equal(world_open_intents(world), 1);
}

/* ---- stopping ---- */

static bool stop_after_first(void *context)
{
	const struct world *world = context;

	return fake_writes(world->platform) >= 1;
}

static void once_stopping_nothing_is_launched(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->parallelism = 1;
	world->stopping = stop_after_first;

	assert_int_equal(world_apply(world), 9);

	assert_true(world->result.interrupted);
	expect_end(world, "a", STEP_DONE);
	assert_int_equal(world->result.ends[STEP_NOT_ATTEMPTED], 2);
	assert_int_equal(world_creates(world), 1);
	world->stopping = NULL;
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world_creates(world), 3);
}

static void what_does_not_answer_in_10_s_is_unknown(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->parallelism = 1;
	world->stopping = stop_after_first;
	fake_script(world->platform, PLATFORM_CREATE, "A", FAKE_SILENT,
	            FOREVER);

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_UNKNOWN);
	assert_int_equal(world->result.writes, 1);
	assert_in_range(world->clock.steady_ms - world->since_ms, 10000, 10500);
	assert_int_equal(world_open_intents(world), 1);
}

/* ---- the lock ---- */

static void a_lost_lock_writes_nothing(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->before_apply = world_lose_lock;

	assert_int_equal(world_apply(world), 6);

	assert_int_equal(fake_writes(world->platform), 0);
	assert_true(world_reported(world, CODE_LOCK_LOST));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_lost_create_that_was_made_is_found),
		WORLD_TEST(a_lost_create_may_be_shown_late),
		WORLD_TEST(a_lost_create_is_not_sent_again_in_this_run),
		WORLD_TEST(
			a_lost_create_that_appears_later_is_taken_by_the_next),
		WORLD_TEST(an_object_of_another_row_is_not_taken),
		WORLD_TEST(twins_of_a_lost_create_are_not_taken),
		WORLD_TEST(a_lost_create_is_found_by_its_natural_key),
		WORLD_TEST(a_lost_update_that_arrived_is_done),
		WORLD_TEST(a_lost_update_that_did_not_arrive_is_unknown),
		WORLD_TEST(a_lost_rotation_is_sent_again_by_the_next_run),
		WORLD_TEST(a_lost_delete_is_looked_at_and_tried_once_more),
		WORLD_TEST(a_lost_delete_that_was_done_is_done),
		WORLD_TEST(what_is_still_there_after_its_delete_is_unknown),
		WORLD_TEST(once_stopping_nothing_is_launched),
		WORLD_TEST(what_does_not_answer_in_10_s_is_unknown),
		WORLD_TEST(a_lost_lock_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
