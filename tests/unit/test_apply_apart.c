/* SPDX-License-Identifier: MIT */
/* What has a call of its own may fail alone; groups are cleared whole; what
 * needs time to settle gets it. */
#include "world.h"

#include "schema/codes.h"

static struct field_trait *scopes_of(struct world *world)
{
	return &world->fields[WORLD_SCOPES_FIELD];
}

static void a_part_that_was_not_done_is_done_by_the_next_run(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *rows = NULL;
	struct value scopes;

	world->platform->flags |= FAKE_FILLS;
	scopes_of(world)->flags = FIELD_APART;
	world_declare(world, "a", "A")->scopes[0] = NULL;

	assert_int_equal(world_apply(world), 9);
	expect_end(world, "a", STEP_DONE);
	assert_true(world_reported(world, CODE_CHANGE_UNCONFIRMED));
	assert_string_equal(world_step(world, "a")->message,
	                    "`scopes` could not be set");
	assert_int_equal(world_step(world, "a")->rewritten_count, 0);
	rows = world_rows(world);
	assert_int_equal(auth_config_value(world_row(rows, "a"), "scopes").kind,
	                 VALUE_ABSENT);

	assert_int_equal(world_apply(world), 0);
	assert_string_equal(fake_log(world->platform),
	                    "create A\nupdate id-001\n");
	scopes = fake_get(fake_named(world->platform, "A"), "scopes");
	assert_true(value_is_empty(&scopes));
	expect_settled(world);
}

static void an_update_keeps_what_was_known_of_it(void **state)
{
	struct world *world = *state;
	struct entry *entry = world_declare(world, "a", "A");

	scopes_of(world)->flags = FIELD_APART;
	assert_int_equal(world_apply(world), 0);
	entry->scopes[0] = "x:other";
	world->platform->flags |= FAKE_ADDS_SCOPE;
	assert_int_equal(world_apply(world), 9);
	assert_string_equal(world_step(world, "a")->message,
	                    "`scopes` could not be set");
	{
		CLEANUP(state_freep) struct state *rows = world_rows(world);
		const struct value sent =
			auth_config_value(world_row(rows, "a"), "scopes");

		assert_false(value_contains(&sent, "x:other"));
		assert_int_equal(value_count(&sent), 1);
	}
	world->platform->flags &= ~(unsigned)FAKE_ADDS_SCOPE;
	assert_int_equal(world_plan(world), 1);
	assert_int_equal(world_apply(world), 0);
	expect_settled(world);
}

static void a_group_is_cleared_with_its_secret(void **state)
{
	struct world *world = *state;

	world_fill_scopes(world);
	world->traits.semantics = UPDATE_MERGE;
	world->platform->flags |= FAKE_MERGES;
	scopes_of(world)->group = 1;
	world->secrets[0].group = 1;
	world_declare(world, "a", "A")->scopes[0] = NULL;

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->last_field_count, 1);
	assert_int_equal(fake_named(world->platform, "A")->secret_count, 2);
	expect_settled(world);
}

static void declare_settling(struct world *world, int64_t settle_ms)
{
	world->platform->flags |= FAKE_SHORT;
	world->traits.settle_ms = settle_ms;
	world_declare(world, "a", "A");
	fake_script(world->platform, PLATFORM_GET, NULL, FAKE_UNSENT, 4);
}

static void what_settles_is_read_until_it_shows(void **state)
{
	struct world *world = *state;

	declare_settling(world, 7000);

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->counts[PLATFORM_GET], 5);
	assert_in_range(world->clock.steady_ms - world->since_ms, 300, 6999);
	expect_settled(world);
}

static void what_never_shows_is_done_and_unconfirmed(void **state)
{
	struct world *world = *state;

	declare_settling(world, 250);

	assert_int_equal(world_apply(world), 9);

	assert_int_equal(world->result.ends[STEP_DONE], 1);
	assert_int_equal(world->platform->counts[PLATFORM_GET], 4);
	assert_true(world_reported(world, CODE_CHANGE_UNCONFIRMED));
	expect_settled(world);
}

/* Three updates, and a list that takes fewer requests than three reads. */
static void many_are_read_back_by_one_list(void **state)
{
	struct world *world = *state;

	world->platform->flags |= FAKE_SHORT;
	world->list_requests = 2;
	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	world_declare(world, "c", "C");

	assert_int_equal(world_apply(world), 0);

	assert_int_equal(world->platform->counts[PLATFORM_GET], 0);
	expect_settled(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_part_that_was_not_done_is_done_by_the_next_run),
		WORLD_TEST(an_update_keeps_what_was_known_of_it),
		WORLD_TEST(a_group_is_cleared_with_its_secret),
		WORLD_TEST(what_settles_is_read_until_it_shows),
		WORLD_TEST(what_never_shows_is_done_and_unconfirmed),
		WORLD_TEST(many_are_read_back_by_one_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
