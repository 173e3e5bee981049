/* SPDX-License-Identifier: MIT */
/* Connections, counted by a call of their own. */
#include "calls_binding.h"
#include "platform_world.h"

#define USER(config) "{\"id\":1,\"config\":\"" config "\"}"
#define PAGE "  page: { kind: none }\n"

static int64_t counted(struct world *world, const char *id)
{
	int64_t count = -2;

	assert_int_equal(
		platform_connections(world->platform, id, &count, world->diag),
		0);
	return count;
}

static void refused(struct world *world, const char *id, unsigned code)
{
	int64_t count = -2;

	assert_int_equal(
		platform_connections(world->platform, id, &count, world->diag),
		-1);
	assert_int_equal(count, -1);
	assert_int_equal(diag_at(world->diag, 0)->code, code);
}

static void only_those_of_the_object_count(void **state)
{
	struct world *world = *state;

	OPEN(world, calls_binding,
	     { 200, "{\"users\":[" USER("a") "," USER("b") "," USER(
			    "a") ",{},{"
	                         "\"config\":7}]}" },
	     { 200, "{\"users\":[" USER("a") "," USER("b") "]}" },
	     { 200, "{\"users\":[]}" });
	/* As many as the platform lists at most are no count. */
	assert_int_equal(counted(world, "a"), -1);
	assert_int_equal(counted(world, "a"), 1);
	assert_int_equal(counted(world, "a"), 0);
	assert_string_equal(world->seen[0].path, "/base/users");
	assert_string_equal(world->seen[0].method, "GET");
}

static void the_id_may_stand_in_the_query(void **state)
{
	struct world *world = *state;
	CLEANUP(textp)
	char *yaml = calls_edited("  match: /config\n",
	                          "  query: { of: \"{id}\" }\n");

	OPEN(world, yaml, { 200, "{\"users\":[" USER("x") "," USER("y") "]}" });
	assert_int_equal(counted(world, "a&b=c:d"), 2);
	assert_string_equal(world->seen[0].path,
	                    "/base/users?of=a%26b%3Dc%3Ad");
}

static void pages_are_counted_through(void **state)
{
	struct world *world = *state;
	CLEANUP(textp)
	char *yaml =
		calls_edited(PAGE, "  page: { kind: number, parameter: p,"
	                           " total: /t,"
	                           " limit: { parameter: s, size: 2 } }\n");

	OPEN(world, yaml,
	     { 200, "{\"t\":3,\"users\":[" USER("a") "," USER("b") "]}" },
	     { 200, "{\"t\":3,\"users\":[" USER("a") "]}" },
	     /* Short of the total: not known. */
	     { 200, "{\"t\":3,\"users\":[" USER("a") "]}" },
	     { 200, "{\"t\":3,\"users\":[]}" });
	assert_int_equal(counted(world, "a"), 2);
	assert_int_equal(world->seen_count, 2);
	assert_string_equal(world->seen[1].path, "/base/users?s=2&p=2");
	assert_int_equal(counted(world, "a"), -1);
	assert_int_equal(world->seen_count, 4);
}

static void cursors_are_followed(void **state)
{
	struct world *world = *state;
	CLEANUP(textp)
	char *yaml = calls_edited(PAGE, "  page: { kind: cursor, parameter: c,"
	                                " next: /n }\n");

	OPEN(world, yaml, { 200, "{\"n\":\"k &\",\"users\":[" USER("a") "]}" },
	     { 200, "{\"n\":null,\"users\":[" USER("a") "]}" });
	assert_int_equal(counted(world, "a"), 2);
	assert_string_equal(world->seen[1].path, "/base/users?c=k%20%26");
}

static void what_cannot_be_read_is_no_zero(void **state)
{
	static const struct {
		struct step step;
		unsigned code;
	} rows[] = {
		{ { 403, "{}" }, CODE_UNAUTHORISED },
		{ { 400, "{}" }, CODE_PLATFORM },
		{ { 200, "{}" }, CODE_BAD_ANSWER },
		{ { 200, "<p>" }, CODE_BAD_ANSWER },
		{ { 200, "{\"users\":[" USER("a") }, CODE_BAD_ANSWER },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(world_set_up(state), 0);
		world_open(*state, calls_binding, &rows[i].step, 1);
		refused(*state, "a", rows[i].code);
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void ids_are_looked_at_first(void **state)
{
	struct world *world = *state;

	OPEN(world, calls_binding, { 200, "{\"users\":[]}" });
	refused(world, "..", CODE_REQUEST);
	assert_int_equal(platform_requests(world->platform), 0);
}

static void without_a_call_nothing_is_known(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL, { 200, "{}" });
	assert_int_equal(counted(world, "a"), -1);
	assert_int_equal(platform_requests(world->platform), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_those_of_the_object_count),
		TEST(the_id_may_stand_in_the_query),
		TEST(pages_are_counted_through),
		TEST(cursors_are_followed),
		cmocka_unit_test(what_cannot_be_read_is_no_zero),
		TEST(ids_are_looked_at_first),
		TEST(without_a_call_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
