/* SPDX-License-Identifier: MIT */
/* What is there, what is empty, what is masked and what the key may not see. */
#include "calls_binding.h"
#include "platform_world.h"

#define LIST(objects, total) "{\"i\":[" objects "],\"t\":" total "}"
#define HEAD(id) "{\"id\":\"" id "\",\"c\":\"c\",\"n\":\"n\","

static struct state *list(struct world *world)
{
	struct state *live = platform_list(world->platform, world->diag);

	if (!live) {
		CLEANUP(textp) char *text = diag_text(world->diag);

		fail_msg("%s", text);
	}
	return live;
}

static void ownership_is_told_by_what_is_there(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, calls_binding,
	     { 200,
	       LIST(HEAD("a") "\"cr\":{\"id\":\"7\"}}," HEAD(
			    "b") "\"cr\":{\"id\":\"\"}}," HEAD("c") "\"cr\":"
	                                                            "{}}," HEAD(
									    "d") "\"cr\":null}",
	            "4") });
	live = list(world);
	assert_string_equal(auth_config_text(state_at(live, 0), "ownership"),
	                    "own");
	assert_string_equal(auth_config_text(state_at(live, 1), "ownership"),
	                    "managed");
	assert_int_equal(state_at(live, 0)->flags, 0);
	assert_int_equal(state_at(live, 1)->flags, 0);
	/* Of another kind: neither matched nor written. */
	assert_int_equal(state_at(live, 2)->flags, AUTH_CONFIG_OPAQUE);
	assert_int_equal(state_at(live, 3)->flags, AUTH_CONFIG_OPAQUE);
}

static void ownership_is_a_text(void **state)
{
	struct world *world = *state;

	OPEN(world, calls_binding,
	     { 200, LIST(HEAD("a") "\"cr\":{\"id\":7}}", "1") });
	assert_refused(world, CODE_BAD_ANSWER,
	               "`/cr/id` is a number, not a text");
}

static void a_missing_permission_is_named(void **state)
{
	struct world *world = *state;

	OPEN(world, calls_binding, { 200, LIST(HEAD("a") "\"s\":[]}", "1") });
	assert_refused(world, CODE_UNAUTHORISED,
	               "object 1 of `/i`: `/cr` is left out: the API key "
	               "lacks the permission configs:read_all; give the key "
	               "that permission at the platform");
	assert_int_equal(world->seen_count, 1);
}

static void a_missing_permission_is_named_by_single_reads(void **state)
{
	struct world *world = *state;
	CLEANUP(textp)
	char *yaml = calls_edited("  page:\n", "  thenGet: true\n  page:\n");

	OPEN(world, yaml, { 200, LIST(HEAD("a") "\"s\":[]}", "1") },
	     { 200, HEAD("a") "\"s\":[]}" });
	assert_refused(world, CODE_UNAUTHORISED,
	               "answered GET /x/{id}, but `/cr` is left out");
}

static void note_end(const struct platform_result *result, void *context)
{
	enum platform_end *end = context;

	*end = result->end;
	assert_non_null(strstr(result->message, "configs:read_all"));
}

static void a_missing_permission_ends_a_read(void **state)
{
	struct world *world = *state;
	const struct platform_request request = { .verb = PLATFORM_GET,
		                                  .id = "a" };
	enum platform_end end = PLATFORM_DONE;

	OPEN(world, calls_binding, { 200, HEAD("a") "\"s\":[]}" });
	assert_int_equal(platform_perform(world->platform, &request, note_end,
	                                  &end, world->diag),
	                 0);
	assert_int_equal(end, PLATFORM_UNAUTHORISED);
}

static void masks_are_not_readable_in_sets_either(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;
	struct value value;

	OPEN(world, calls_binding,
	     { 200,
	       LIST(HEAD("a") "\"cr\":{\"id\":\"REDACTED\"},\"s\":\"REDACTED\"}"
	                      "," HEAD("b") "\"cr\":{\"id\":\"1\"},\"s\":["
	                                    "\"a\",\"REDACTED\"]}," HEAD(
						    "c") "\"cr\":{\"id\":"
	                                                 "\"1\"},\"s\":\"b,a "
	                                                 "\"}," HEAD(
								 "d") "\"cr\":{"
	                                                              "\"id\":"
	                                                              "\"1\"},"
	                                                              "\"s\":"
	                                                              "null}",
	            "4") });
	live = list(world);
	assert_int_equal(auth_config_value(state_at(live, 0), "client.id").kind,
	                 VALUE_UNREADABLE);
	assert_int_equal(auth_config_value(state_at(live, 0), "scopes").kind,
	                 VALUE_UNREADABLE);
	assert_int_equal(auth_config_value(state_at(live, 1), "scopes").kind,
	                 VALUE_UNREADABLE);
	value = auth_config_value(state_at(live, 2), "scopes");
	assert_int_equal(value_count(&value), 2);
	value = auth_config_value(state_at(live, 3), "scopes");
	assert_int_equal(value.kind, VALUE_SET);
	assert_int_equal(value_count(&value), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ownership_is_told_by_what_is_there),
		TEST(ownership_is_a_text),
		TEST(a_missing_permission_is_named),
		TEST(a_missing_permission_is_named_by_single_reads),
		TEST(a_missing_permission_ends_a_read),
		TEST(masks_are_not_readable_in_sets_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
