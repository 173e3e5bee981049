/* SPDX-License-Identifier: MIT */
/* Lists by other bindings: every kind of paging, codec and read-back. */
#include "platform_world.h"

#include "base/limits.h"

#define HEAD                                                                 \
	"platform: test\n"                                                   \
	"url: https://api.example.com\n"                                     \
	"headers: { X-Key: \"{secret.apiKey}\" }\n"                          \
	"read:\n"                                                            \
	"  id: /id\n"                                                        \
	"  connections: /users\n"                                            \
	"  fields:\n"                                                        \
	"    connector: /c\n"                                                \
	"    name: { at: /n, masked: [\"^[*]+$\"] }\n"                       \
	"    scopes: { at: /s, codec: csv }\n"                               \
	"    scopeSets.user: { at: /u, codec: array_or_csv, empty: none }\n" \
	"    enabled: { at: /e, map: { \"ON\": true, \"OFF\": false } }\n"   \
	"    extra.x: /x\n"

#define SMALL(id) "{\"id\":\"" id "\",\"c\":\"c\",\"n\":\"n\"}"

static void pages_may_be_numbered(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world,
	     HEAD "list:\n"
	          "  path: /x\n"
	          "  query: { all: \"yes & more\" }\n"
	          "  items: \"\"\n"
	          "  page: { kind: number, parameter: page }\n",
	     { 200, "[" SMALL("a") "," SMALL("b") "]" },
	     { 200, "[" SMALL("c") "]" }, { 200, "[]" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 3);
	assert_int_equal(world->seen_count, 3);
	assert_string_equal(world->seen[0].path,
	                    "/base/x?all=yes%20%26%20more&page=1");
	assert_string_equal(world->seen[2].path,
	                    "/base/x?all=yes%20%26%20more&page=3");
}

static void pages_may_be_counted(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world,
	     HEAD "list:\n"
	          "  path: /x\n"
	          "  items: /i\n"
	          "  page: { kind: offset, parameter: from, total: /t,\n"
	          "    limit: { parameter: size, size: 2 } }\n",
	     { 200, "{\"i\":[" SMALL("a") "," SMALL("b") "],\"t\":3}" },
	     { 200, "{\"i\":[" SMALL("c") "],\"t\":3}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(world->seen_count, 2);
	assert_string_equal(world->seen[0].path, "/base/x?size=2&from=0");
	assert_string_equal(world->seen[1].path, "/base/x?size=2&from=2");
}

static void pages_may_follow_the_last_id(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world,
	     HEAD "list:\n"
	          "  path: /x\n"
	          "  items: /i\n"
	          "  page: { kind: last_id, parameter: after }\n",
	     { 200, "{\"i\":[" SMALL("a") "," SMALL("b?") "]}" },
	     { 200, "{\"i\":[]}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(world->seen_count, 2);
	assert_string_equal(world->seen[0].path, "/base/x");
	assert_string_equal(world->seen[1].path, "/base/x?after=b%3F");
}

static void a_list_without_pages_is_asked_for_once(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world,
	     HEAD "list: { path: /x, items: /a~1b/0, page: { kind: none } }\n",
	     { 200, "{\"a/b\":[" SMALL("a") "]}" },
	     { 200, "{\"a/b\":{\"0\":[" SMALL("a") "]}}" });
	assert_refused(world, CODE_BAD_ANSWER, "no list at `/a~1b/0`");
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(world->seen_count, 2);
}

static void values_are_read_as_the_binding_says(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;
	const struct auth_config *a, *b;
	struct value value;

	OPEN(world,
	     HEAD "list: { path: /x, items: /i, page: { kind: none } }\n",
	     { 200, "{\"i\":[{\"id\":7,\"c\":\"c\",\"n\":\"***\",\"s\":\" b, "
	            "a,,\",\"u\":[\"y\",\"x\"],\"e\":\"ON\",\"x\":{\"b\":[1, "
	            "null],\"a\":\"\\u00e4\"},\"users\":12},"
	            "{\"id\":\"z\",\"c\":\"c\",\"s\":\"\",\"u\":\"\",\"e\":"
	            "\"OFF\",\"x\":null}]}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	a = state_at(live, 0);
	b = state_at(live, 1);
	assert_string_equal(a->id, "7");
	assert_int_equal(auth_config_value(a, "name").kind, VALUE_UNREADABLE);
	value = auth_config_value(a, "scopes");
	assert_int_equal(value_count(&value), 2);
	assert_true(value_contains(&value, "b"));
	value = auth_config_value(a, "scopeSets.user");
	assert_int_equal(value_count(&value), 2);
	assert_string_equal(auth_config_value(a, "enabled").bytes, "true");
	assert_int_equal(auth_config_value(a, "enabled").kind, VALUE_BOOLEAN);
	value = auth_config_value(a, "extra.x");
	assert_int_equal(value.kind, VALUE_JSON);
	assert_string_equal(value.bytes, "{\"a\":\"\303\244\",\"b\":[1,null]}");
	assert_int_equal(a->connections, 12);

	/* Empty is not readable, where the binding does not say otherwise. */
	assert_int_equal(auth_config_value(b, "scopes").kind, VALUE_UNREADABLE);
	assert_int_equal(auth_config_value(b, "scopeSets.user").kind,
	                 VALUE_SET);
	assert_string_equal(auth_config_value(b, "enabled").bytes, "false");
	assert_string_equal(auth_config_value(b, "extra.x").bytes, "null");
	assert_int_equal(b->connections, -1);
}

static void connections_are_a_count(void **state)
{
	struct world *world = *state;

	OPEN(world,
	     HEAD "list: { path: /x, items: /i, page: { kind: none } }\n",
	     { 200, "{\"i\":[{\"id\":\"a\",\"c\":\"c\",\"users\":-1}]}" });
	assert_refused(world, CODE_BAD_ANSWER,
	               "`/users` is a number, not a "
	               "count");
}

#define THEN_GET                                                               \
	HEAD "list: { path: /x, items: /i, thenGet: true, page: { kind: none " \
	     "} }\n"                                                           \
	     "get: { path: \"/x/{id}\", object: /data }\n"

static void objects_may_be_read_one_by_one(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	world->http.parallelism = 1;
	OPEN(world, THEN_GET,
	     { 200, "{\"i\":[{\"id\":\"b?\"},{\"id\":\"a\"}]}" },
	     { 200, "{\"data\":" SMALL("a") "}" },
	     { 200, "{\"data\":" SMALL("b?") "}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 2);
	assert_string_equal(world->seen[1].path, "/base/x/a");
	assert_string_equal(world->seen[2].path, "/base/x/b%3F");
}

static void an_object_that_vanishes_makes_the_list_doubtful(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, THEN_GET, { 200, "{\"i\":[{\"id\":\"a\"}]}" },
	     { 404, "{}" }, { 200, "{\"i\":[]}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 0);
	assert_int_equal(world->seen_count, 3);
}

static void an_object_that_cannot_be_read_ends_the_list(void **state)
{
	struct world *world = *state;

	OPEN(world, THEN_GET, { 200, "{\"i\":[{\"id\":\"a\"}]}" },
	     { 403, "{}" });
	assert_refused(world, CODE_UNAUTHORISED, "GET /x/{id} with 403");
}

static void twins_are_not_read_one_by_one(void **state)
{
	struct world *world = *state;

	OPEN(world, THEN_GET,
	     { 200, "{\"i\":[{\"id\":\"a\"},{\"id\":\"a\"}]}" });
	assert_refused(world, CODE_LIST_INCOMPLETE, "two objects have one id");
	assert_int_equal(world->seen_count, LIMIT_RELISTS + 1);
}

static void what_no_answer_shows_is_unreadable(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world,
	     "platform: test\n"
	     "url: https://api.example.com\n"
	     "headers: { X-Key: \"{secret.apiKey}\" }\n"
	     "list: { path: /x, items: /i, page: { kind: none } }\n"
	     "get: { path: \"/x/{id}\", object: \"\" }\n"
	     "create:\n"
	     "  - path: /x\n"
	     "    id: /id\n"
	     "    fields: { connector: /c, name: /n, client.id: /ci,\n"
	     "      client.secret: /cs, secrets.a: /a, secrets.b: /b,\n"
	     "      secrets.d: /d }\n"
	     "read:\n"
	     "  id: /id\n"
	     "  fields: { connector: /c, name: /n }\n"
	     "  secrets:\n"
	     "    client.secret: { readback: hint, at: /h, hintLength: 4 }\n"
	     "    secrets.a: { readback: clear, at: /a, unset: \"\" }\n"
	     "    secrets.b: { readback: masked, at: /b, unset: null }\n"
	     "    secrets.d: { readback: never }\n",
	     { 200, "{\"i\":[{\"id\":\"1\",\"c\":\"c\",\"h\":\"**6789\",\"a\":"
	            "\"clear\",\"b\":null},{\"id\":\"2\",\"c\":\"c\",\"a\":"
	            "\"\",\"b\":\"***\"}]}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	const struct auth_config *one = state_at(live, 0);
	const struct auth_config *two = state_at(live, 1);

	assert_int_equal(auth_config_value(one, "client.id").kind,
	                 VALUE_UNREADABLE);
	assert_string_equal(auth_config_reading(one, "client.secret")->hint,
	                    "6789");
	assert_non_null(auth_config_reading(one, "secrets.a")->clear);
	assert_true(auth_config_reading(one, "secrets.b")->unset);
	assert_null(auth_config_reading(one, "secrets.d"));
	assert_true(auth_config_reading(two, "client.secret")->missing);
	assert_true(auth_config_reading(two, "secrets.a")->unset);
	assert_null(auth_config_reading(two, "secrets.a")->clear);
	assert_false(auth_config_reading(two, "secrets.b")->unset);
	assert_false(auth_config_reading(two, "secrets.b")->missing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_may_be_numbered),
		TEST(pages_may_be_counted),
		TEST(pages_may_follow_the_last_id),
		TEST(a_list_without_pages_is_asked_for_once),
		TEST(values_are_read_as_the_binding_says),
		TEST(connections_are_a_count),
		TEST(objects_may_be_read_one_by_one),
		TEST(an_object_that_vanishes_makes_the_list_doubtful),
		TEST(an_object_that_cannot_be_read_ends_the_list),
		TEST(twins_are_not_read_one_by_one),
		TEST(what_no_answer_shows_is_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
