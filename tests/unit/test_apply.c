/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "schema/schema.h"
#include "world.h"

#include <string.h>

/* ---- the main line ---- */

static void every_create_is_posted_once_and_then_never_again(void **state)
{
	struct world *world = *state;

	world_declare_three(world);

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->result.ends[STEP_DONE], 3);
	assert_int_equal(world->result.writes, 3);
	assert_string_equal(fake_log(world->platform),
	                    "create A\ncreate B\ncreate C\n");
	assert_true(fake_has_secret(
		world->platform, fake_named(world->platform, "B"), SECRET_ONE));
	assert_string_equal(world_step(world, "b")->id,
	                    fake_named(world->platform, "B")->id);
	expect_settled(world);
}

static void a_rewriting_platform_gets_no_second_write(void **state)
{
	struct world *world = *state;

	world->platform->flags |= FAKE_ADDS_SCOPE;
	world_declare(world, "a", "A");

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world_step(world, "a")->rewritten_count, 1);
	assert_string_equal(world_step(world, "a")->rewritten[0], "scopes");
	expect_settled(world);
}

static void creates_go_before_updates_before_deletes(void **state)
{
	struct world *world = *state;

	world_declare(world, "gone", "Gone");
	world_declare(world, "same", "Same");
	world_declare(world, "zed", "Zed");
	assert_int_equal(world_apply(world), 0);
	world_undeclare(world, "gone");
	world->entries[1].scopes[0] = "chat:read";
	world_declare(world, "zz-new", "New");
	world->permissions.prune = true;
	(void)fflush(world->platform->log);

	assert_int_equal(world_apply(world), 0);

	assert_string_equal(strstr(fake_log(world->platform), "create New"),
	                    "create New\nupdate id-003\ndelete id-001\n");
	assert_null(fake_find(world->platform, "id-001"));
	expect_settled(world);
}

static void answers_without_an_object_are_read_back(void **state)
{
	struct world *world = *state;

	world->platform->flags |= FAKE_SHORT;
	world_declare(world, "a", "A");

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->counts[PLATFORM_GET], 1);
	expect_settled(world);
}

static void no_more_is_in_flight_than_was_asked_for(void **state)
{
	struct world *world = *state;
	char keys[20][8];

	for (size_t i = 0; i < LENGTH(keys); i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%02zu", i);
		world_declare(world, keys[i], keys[i]);
	}
	world->parallelism = 3;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->most_in_flight, 3);
	assert_int_equal(world_creates(world), 20);
}

struct journal_look {
	struct world *world;
	size_t open; /* intents, before the first request is done */
};

static void look_at_journal(void *context)
{
	struct journal_look *look = context;

	if (!look->open)
		look->open = world_open_intents(look->world);
}

static void intents_ahead_send_no_more_at_once(void **state)
{
	struct world *world = *state;
	struct journal_look look = { .world = world };

	world_declare_three(world);
	world_declare(world, "d", "D");
	world->parallelism = 2;
	world->platform->moment = look_at_journal;
	world->platform->moment_context = &look;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->most_in_flight, 2);
	assert_int_equal(world_creates(world), 4);
	assert_int_equal(look.open, 4);
}

static void a_rotated_secret_is_sent_alone(void **state)
{
	struct world *world = *state;
	struct fake_object *object;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world_set_secret(world, SECRET_TWO);

	assert_int_equal(world_apply(world), 0);

	object = fake_named(world->platform, "A");
	assert_int_equal(world->plan->counts.kinds[CHANGE_ROTATE], 1);
	assert_true(fake_has_secret(world->platform, object, SECRET_TWO));
	expect_settled(world);
}

static void an_update_that_does_not_concern_the_secret_leaves_it(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(fake_named(world->platform, "A")->secret_count, 1);
	expect_settled(world);
}

static void without_a_ledger_it_goes_the_same_way(void **state)
{
	struct world *world = *state;

	world->stateless = true;
	world->permissions.allow_missing = 1;
	world_declare(world, "a", "A");

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world_creates(world), 1);
	assert_int_equal(world_plan(world), 0);
}

static void what_the_platform_fills_in_is_emptied(void **state)
{
	struct world *world = *state;
	struct value scopes;

	world_fill_scopes(world);
	world_declare(world, "a", "A")->scopes[0] = NULL;

	assert_int_equal(world_apply(world), 0);

	assert_string_equal(fake_log(world->platform),
	                    "create A\nupdate id-001\n");
	scopes = fake_get(fake_named(world->platform, "A"), "scopes");
	assert_true(value_is_empty(&scopes));
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 1);
	expect_settled(world);
}

static void merging_only_what_is_filled_is_sent_again(void **state)
{
	struct world *world = *state;

	world_fill_scopes(world);
	world->traits.semantics = UPDATE_MERGE;
	world->platform->flags |= FAKE_MERGES;
	world_declare(world, "a", "A")->scopes[0] = NULL;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->last_field_count, 1);
	expect_settled(world);
}

static void where_a_secret_left_out_is_lost_it_is_sent_again(void **state)
{
	struct world *world = *state;

	world_fill_scopes(world);
	world->traits.secret_omit = SECRET_OMIT_REQUIRED;
	world_declare(world, "a", "A")->scopes[0] = NULL;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(fake_named(world->platform, "A")->secret_count, 2);
	expect_settled(world);
}

static void what_cannot_be_emptied_is_emptied_by_the_next_run(void **state)
{
	struct world *world = *state;

	world_fill_scopes(world);
	world_declare(world, "a", "A")->scopes[0] = NULL;
	world_script(world, PLATFORM_UPDATE, NULL, FAKE_REFUSED);

	assert_int_equal(world_apply(world), 9);
	expect_end(world, "a", STEP_FAILED);

	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world_creates(world), 1);
	expect_settled(world);
}

static void an_asserted_value_that_differs_is_not_confirmed(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A")->redirect = "https://other.test/cb";

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_DONE);
	assert_string_equal(world_step(world, "a")->rewritten[0],
	                    "redirectUri");
	assert_true(world_reported(world, CODE_CHANGE_UNCONFIRMED));
}

/* ---- refused before the first write ---- */

static void a_missing_secret_stops_before_any_request(void **state)
{
	struct world *world = *state;

	world_set_secret(world, NULL);
	world_declare_three(world);

	assert_int_equal(world_apply(world), 1);

	assert_int_equal(fake_writes(world->platform), 0);
	assert_int_equal(world->result.ends[STEP_NOT_ATTEMPTED], 3);
	assert_int_equal(diag_count(world->diag, SEVERITY_ERROR), 3);
	assert_true(world_reported(world, CODE_SECRET_NEEDED));
}

static void a_secret_only_to_be_compared_may_be_left_out(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";
	world_set_secret(world, NULL);

	assert_int_equal(world_apply(world), 1);
	assert_true(world_reported(world, CODE_SECRET_NEEDED));
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 0);

	world->flags = APPLY_KEEP_UNRESOLVED;
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 1);
}

static void a_blocked_plan_writes_nothing(void **state)
{
	struct world *world = *state;

	world->policy.max_changes = 1;
	world_declare_three(world);

	assert_int_equal(world_apply(world), 4);

	assert_int_equal(fake_writes(world->platform), 0);
}

/* ---- moved ---- */

static void move_scopes(struct world *world)
{
	static const struct value scopes = { "chat:other\0", 11, VALUE_SET };

	fake_set(world->platform, fake_named(world->platform, "A"), "scopes",
	         scopes);
}

static void an_object_that_moved_is_not_written(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";
	world->entries[1].scopes[0] = "chat:read";
	world->before_apply = move_scopes;
	world->parallelism = 1;

	assert_int_equal(world_apply(world), 5);

	expect_end(world, "a", STEP_MOVED);
	expect_end(world, "b", STEP_NOT_ATTEMPTED);
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 0);
	assert_true(world_reported(world, CODE_OBJECT_MOVED));
}

static void nothing_is_written_before_the_first_were_looked_at(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";
	world->entries[1].scopes[0] = "chat:read";
	world->before_apply = move_scopes;
	world_script(world, PLATFORM_GET, "id-001", FAKE_LATE);

	assert_int_equal(world_apply(world), 5);

	expect_end(world, "b", STEP_NOT_ATTEMPTED);
	assert_int_equal(world->platform->counts[PLATFORM_UPDATE], 0);
}

static void after_a_write_the_others_go_on_past_a_moved_one(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world->entries[0].scopes[0] = "chat:read";
	world->entries[1].scopes[0] = "chat:read";
	world_declare(world, "new", "New");
	world->before_apply = move_scopes;

	assert_int_equal(world_apply(world), 9);

	expect_end(world, "a", STEP_MOVED);
	expect_end(world, "b", STEP_DONE);
	expect_end(world, "new", STEP_DONE);
}

static void remove_a(struct world *world)
{
	fake_named(world->platform, "A")->there = false;
}

static void an_object_that_is_gone_has_moved(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	assert_int_equal(world_apply(world), 0);
	world_undeclare(world, "a");
	world->permissions.prune = true;
	world->before_apply = remove_a;

	assert_int_equal(world_apply(world), 5);

	expect_end(world, "a", STEP_MOVED);
	assert_int_equal(world->platform->counts[PLATFORM_DELETE], 0);
}

/* ---- failures ---- */

static void a_first_401_is_exit_7_and_stops_the_rest(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->parallelism = 1;
	world_script(world, PLATFORM_CREATE, NULL, FAKE_UNAUTHORISED);

	assert_int_equal(world_apply(world), 7);

	assert_int_equal(world_creates(world), 1);
	assert_int_equal(world->result.ends[STEP_NOT_ATTEMPTED], 2);
	assert_int_equal(world_open_intents(world), 0);
}

static void a_refusal_alone_is_exit_8_and_among_writes_9(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world_script(world, PLATFORM_CREATE, "A", FAKE_REFUSED);
	world_script(world, PLATFORM_CREATE, "A", FAKE_REFUSED);

	assert_int_equal(world_apply(world), 9);
	expect_end(world, "a", STEP_FAILED);
	assert_string_equal(world_step(world, "a")->message, "bad scope");
	assert_int_equal(world_step(world, "a")->status, 422);
	assert_int_equal(world->result.ends[STEP_DONE], 2);

	assert_int_equal(world_apply(world), 8);
	assert_int_equal(world->result.writes, 0);
	assert_int_equal(world_apply(world), 0);
	expect_settled(world);
}

static void what_was_not_sent_is_sent_three_times_at_most(void **state)
{
	struct world *world = *state;

	world_declare(world, "a", "A");
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_UNSENT, 2);

	assert_int_equal(world_apply(world), 0);
	assert_int_equal(world_creates(world), 3);

	world_declare(world, "b", "B");
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_UNSENT, 3);
	assert_int_equal(world_apply(world), 8);
	assert_int_equal(world_creates(world), 6);
	assert_int_equal(world_open_intents(world), 0);
}

static void five_failures_alike_stop_the_rest(void **state)
{
	struct world *world = *state;
	char keys[10][8];

	for (size_t i = 0; i < LENGTH(keys); i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
		world_declare(world, keys[i], keys[i]);
	}
	world->parallelism = 1;
	fake_script(world->platform, PLATFORM_CREATE, NULL, FAKE_REFUSED,
	            FOREVER);

	assert_int_equal(world_apply(world), 8);

	assert_int_equal(world_creates(world), 5);
	assert_int_equal(world->result.ends[STEP_NOT_ATTEMPTED], 5);
	assert_true(world_reported(world, CODE_APPLY_STOPPED));
}

static void fail_fast_stops_at_the_first_failure(void **state)
{
	struct world *world = *state;

	world_declare_three(world);
	world->parallelism = 1;
	world->flags = APPLY_FAIL_FAST;
	world_script(world, PLATFORM_CREATE, NULL, FAKE_REFUSED);

	assert_int_equal(world_apply(world), 8);

	assert_int_equal(world_creates(world), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(every_create_is_posted_once_and_then_never_again),
		WORLD_TEST(a_rewriting_platform_gets_no_second_write),
		WORLD_TEST(creates_go_before_updates_before_deletes),
		WORLD_TEST(answers_without_an_object_are_read_back),
		WORLD_TEST(no_more_is_in_flight_than_was_asked_for),
		WORLD_TEST(intents_ahead_send_no_more_at_once),
		WORLD_TEST(a_rotated_secret_is_sent_alone),
		WORLD_TEST(
			an_update_that_does_not_concern_the_secret_leaves_it),
		WORLD_TEST(without_a_ledger_it_goes_the_same_way),
		WORLD_TEST(what_the_platform_fills_in_is_emptied),
		WORLD_TEST(merging_only_what_is_filled_is_sent_again),
		WORLD_TEST(where_a_secret_left_out_is_lost_it_is_sent_again),
		WORLD_TEST(what_cannot_be_emptied_is_emptied_by_the_next_run),
		WORLD_TEST(an_asserted_value_that_differs_is_not_confirmed),
		WORLD_TEST(a_missing_secret_stops_before_any_request),
		WORLD_TEST(a_secret_only_to_be_compared_may_be_left_out),
		WORLD_TEST(a_blocked_plan_writes_nothing),
		WORLD_TEST(an_object_that_moved_is_not_written),
		WORLD_TEST(nothing_is_written_before_the_first_were_looked_at),
		WORLD_TEST(after_a_write_the_others_go_on_past_a_moved_one),
		WORLD_TEST(an_object_that_is_gone_has_moved),
		WORLD_TEST(a_first_401_is_exit_7_and_stops_the_rest),
		WORLD_TEST(a_refusal_alone_is_exit_8_and_among_writes_9),
		WORLD_TEST(what_was_not_sent_is_sent_three_times_at_most),
		WORLD_TEST(five_failures_alike_stop_the_rest),
		WORLD_TEST(fail_fast_stops_at_the_first_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
