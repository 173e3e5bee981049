/* SPDX-License-Identifier: MIT */
/* Lists: believed when they are whole, and only then (row P4). */
#include "platform_world.h"

#include "base/limits.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_C "cccccccccccccccccccccccc"

#define OBJECT(id, more)                                          \
	"{\"authConfigId\":\"" id "\",\"connectorId\":\"slack\"," \
	"\"name\":\"Slack\",\"authenticationType\":\"oauth2\","   \
	"\"useOwnCredentials\":true,\"clientId\":\"1.2\","        \
	"\"scopes\":[\"b\",\"a\",\"b\"],\"redirectUri\":\"https:" \
	"//x/cb\",\"updatedAt\":\"2026-11-23T00:00:00Z\"" more "}"

#define PAGE(items, count, more) \
	"{\"authConfigs\":[" items "],\"count\":" count more "}"

/* ---- whole lists ---- */

static void one_page_becomes_a_state(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;
	const struct auth_config *config;
	struct value value;

	OPEN(world, NULL,
	     { 200,
	       PAGE(OBJECT(ID_B, "") "," OBJECT(ID_A, ",\"x\":1"), "2", "") });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 2);
	config = state_at(live, 0);
	assert_string_equal(config->id, ID_A);
	assert_null(config->key);
	assert_string_equal(auth_config_text(config, "connector"), "slack");
	assert_string_equal(auth_config_text(config, "name"), "Slack");
	assert_string_equal(auth_config_text(config, "type"), "oauth2");
	assert_string_equal(auth_config_text(config, "ownership"), "own");
	assert_string_equal(auth_config_text(config, "client.id"), "1.2");
	assert_string_equal(auth_config_text(config, "redirectUri"),
	                    "https://x/cb");
	assert_string_equal(config->updated_at, "2026-11-23T00:00:00Z");
	assert_int_equal(config->connections, -1);
	assert_int_equal(config->flags, 0);
	assert_int_equal(config->reading_count, 0);
	value = auth_config_value(config, "scopes");
	assert_int_equal(value.kind, VALUE_SET);
	assert_int_equal(value_count(&value), 2);
	assert_int_equal(world->seen_count, 1);
	assert_string_equal(world->seen[0].method, "GET");
	assert_string_equal(world->seen[0].path,
	                    "/base/auth-configs?limit=1000");
	assert_string_equal(world->seen[0].key, "Bearer test-api-key");
	assert_string_equal(world->seen[0].version, "2025-09");
	assert_string_equal(world->seen[0].type, "");
	assert_int_equal(platform_requests(world->platform), 1);
}

static void an_empty_list_is_a_list(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, NULL, { 200, PAGE(" ", "0", "") });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 0);
}

static void pages_are_followed_by_cursor(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, NULL,
	     { 200, PAGE(OBJECT(ID_A, ""), "3", ",\"nextCursor\":\"a/b&c\"") },
	     { 200, PAGE(OBJECT(ID_B, ""), "3", ",\"nextCursor\":\"2\"") },
	     { 200, PAGE(OBJECT(ID_C, ""), "3", ",\"nextCursor\":null") });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 3);
	assert_int_equal(world->seen_count, 3);
	assert_string_equal(world->seen[1].path,
	                    "/base/auth-configs?limit=1000&cursor=a%2Fb%26c");
	assert_string_equal(world->seen[2].path,
	                    "/base/auth-configs?limit=1000&cursor=2");
}

static void objects_may_be_odd_but_not_wrong(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;
	const struct auth_config *config;
	struct value value;

	OPEN(world, NULL,
	     { 200,
	       PAGE("{\"authConfigId\":\"x y..\",\"connectorId\":\"c\\u00e4"
	            "\",\"name\":null,\"scopes\":null,\"clientId\":null,"
	            "\"nested\":{\"authConfigs\":[1]}}",
	            "1", ",\"more\":{\"a\":[\"]\",\"\\\"\",{}]}") });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	config = state_at(live, 0);
	assert_string_equal(config->id, "x y..");
	assert_string_equal(auth_config_text(config, "connector"), "c\303\244");
	assert_int_equal(auth_config_value(config, "name").kind, VALUE_ABSENT);
	assert_int_equal(auth_config_value(config, "client.id").kind,
	                 VALUE_ABSENT);
	assert_int_equal(auth_config_value(config, "type").kind, VALUE_ABSENT);
	assert_int_equal(config->flags, 0);
	value = auth_config_value(config, "scopes");
	assert_int_equal(value.kind, VALUE_SET);
	assert_int_equal(value_count(&value), 0);
}

static void unknown_words_make_an_object_opaque(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, NULL,
	     { 200, PAGE("{\"authConfigId\":\"a\",\"connectorId\":\"c\","
	                 "\"authenticationType\":\"hologram\"},"
	                 "{\"authConfigId\":\"b\",\"connectorId\":\"c\","
	                 "\"useOwnCredentials\":\"perhaps\"},"
	                 "{\"authConfigId\":\"c\",\"connectorId\":\"c\","
	                 "\"useOwnCredentials\":{}}," OBJECT("d", ""),
	                 "4", "") });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(state_at(live, i)->flags, AUTH_CONFIG_OPAQUE);
	assert_int_equal(state_at(live, 3)->flags, 0);
	assert_int_equal(auth_config_value(state_at(live, 0), "type").kind,
	                 VALUE_UNREADABLE);
}

static void what_is_around_the_list_may_come_first(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, NULL,
	     { 200, "\r\n\t {\"a\\\"\":\"[{\\\\\",\"n\":-1.5e3,\"t\":true,"
	            "\"o\":{\"authConfigs\":[]},\"count\" : 1,"
	            "\"authConfigs\" :\n[ " OBJECT(ID_A, "") " ] } " });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 1);
}

/* ---- lists that are not ---- */

static void a_wrong_count_is_asked_for_again(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL, { 200, PAGE(OBJECT(ID_A, ""), "2", "") });
	assert_refused(world, CODE_LIST_INCOMPLETE,
	               "it says that there are 2 auth configs and lists 1");
	assert_int_equal(world->seen_count, LIMIT_RELISTS + 1);
}

static void a_list_may_become_whole(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN(world, NULL, { 200, PAGE(OBJECT(ID_A, ""), "2", "") },
	     { 200, PAGE("", "1", "") },
	     { 200, PAGE(OBJECT(ID_A, "") "," OBJECT(ID_A, ""), "2", "") },
	     { 200, PAGE(OBJECT(ID_A, "") "," OBJECT(ID_B, ""), "2", "") });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 2);
	assert_int_equal(diag_length(world->diag), 0);
	assert_int_equal(world->seen_count, 4);
}

static void a_truncated_list_is_asked_for_again(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL,
	     { 200, "{\"authConfigs\":[" OBJECT(ID_A, "") ",{\"authConf" });
	assert_refused(world, CODE_BAD_ANSWER, "its JSON is broken or cut off");
	assert_int_equal(world->seen_count, LIMIT_RELISTS + 1);
}

static void a_repeated_cursor_ends_the_list(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL,
	     { 200, PAGE(OBJECT(ID_A, ""), "9", ",\"nextCursor\":\"1\"") },
	     { 200, PAGE(OBJECT(ID_B, ""), "9", ",\"nextCursor\":\"2\"") },
	     { 200, PAGE(OBJECT(ID_C, ""), "9", ",\"nextCursor\":\"1\"") });
	assert_refused(world, CODE_LIST_INCOMPLETE, "goes in a circle");
}

static void an_id_stands_once(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL,
	     { 200, PAGE(OBJECT(ID_A, "") "," OBJECT(ID_A, ""), "2", "") });
	assert_refused(world, CODE_LIST_INCOMPLETE, "the id `" ID_A "` twice");
	assert_int_equal(world->seen_count, LIMIT_RELISTS + 1);
}

static void long_id_page(struct world *world, size_t length, int listed)
{
	char id[LIMIT_ID_BYTES + 2] = { 0 };
	CLEANUP(textp) char *body = NULL;
	struct step step;
	CLEANUP(state_freep) struct state *live = NULL;

	memset(id, 'x', length);
	body = xasprintf("{\"authConfigs\":[{\"authConfigId\":\"%s\","
	                 "\"connectorId\":\"c\"}],\"count\":1}",
	                 id);
	step = (struct step){ 200, body };
	world_open(world, NULL, &step, 1);
	live = platform_list(world->platform, world->diag);
	assert_int_equal(live != NULL, listed);
}

static void ids_have_a_limit(void **state)
{
	long_id_page(*state, LIMIT_ID_BYTES, 1);
	assert_int_equal(world_tear_down(state), 0);
	assert_int_equal(world_set_up(state), 0);
	long_id_page(*state, LIMIT_ID_BYTES + 1, 0);
	assert_report(*state, CODE_BAD_ID, "is longer than 512 bytes");
}

/* Each row is the answer to a list. */
struct bad_row {
	int status;
	const char *body;
	unsigned code;
	const char *words;
};

static const struct bad_row bad_rows[] = {
	{ 200, PAGE("{\"authConfigId\":\"..\",\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ID, "the id `..` at `/authConfigId` would change the path" },
	{ 200, PAGE("{\"authConfigId\":\".\",\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ID, "would change the path" },
	{ 200, PAGE("{\"authConfigId\":\"\",\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ID, "is empty" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\\nb\",\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ID, "holds control characters" },
	{ 200, PAGE("{\"authConfigId\":null,\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ANSWER,
	  "object 1 of `/authConfigs`: `/authConfigId` is "
	  "null, not an id" },
	{ 200, PAGE("{\"connectorId\":\"c\"}", "1", ""), CODE_BAD_ANSWER,
	  "`/authConfigId` is not there, not an id" },
	{ 200, PAGE("{\"authConfigId\":\"a\"}", "1", ""), CODE_BAD_ANSWER,
	  "`/connectorId` is not there, not a connector" },
	{ 200, PAGE("{\"authConfigId\":\"a\",\"connectorId\":[]}", "1", ""),
	  CODE_BAD_ANSWER, "`/connectorId` is an array, not a text" },
	{ 200,
	  PAGE(OBJECT(ID_A, "") ",{\"authConfigId\":\"a\",\"connectorId\":"
	                        "\"c\",\"name\":7}",
	       "2", ""),
	  CODE_BAD_ANSWER,
	  "object 2 of `/authConfigs`: `/name` is a number, "
	  "not a text" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\",\"connectorId\":\"c\",\"scopes\":[1]}",
	       "1", ""),
	  CODE_BAD_ANSWER, "`/scopes` is an array, not a list of texts" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\",\"connectorId\":\"c\",\"scopes\":\"a "
	       "b\"}",
	       "1", ""),
	  CODE_BAD_ANSWER, "`/scopes` is a text, not a list of texts" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\",\"connectorId\":\"c\",\"updatedAt\":{}"
	       "}",
	       "1", ""),
	  CODE_BAD_ANSWER, "`/updatedAt` is an object, not a time" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\",\"connectorId\":\"c\\u0000d\"}", "1",
	       ""),
	  CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\",\"authConfigId\":\"b\",\"connectorId\":"
	       "\"c\"}",
	       "1", ""),
	  CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, PAGE("", "0", ",\"authConfigs\":[]"), CODE_BAD_ANSWER,
	  "its JSON is broken" },
	{ 200, PAGE(OBJECT(ID_A, "") ",", "1", ""), CODE_BAD_ANSWER,
	  "its JSON is broken" },
	{ 200, PAGE(OBJECT(ID_A, "") " " OBJECT(ID_B, ""), "2", ""),
	  CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, PAGE("null", "1", ""), CODE_BAD_ANSWER, "no list" },
	{ 200, PAGE("[]", "1", ""), CODE_BAD_ANSWER,
	  "object 1 of `/authConfigs`: it is an array, not an object" },
	{ 200, "{\"authConfigs\":[]}", CODE_BAD_ANSWER,
	  "there is no count at `/count`" },
	{ 200, PAGE("", "\"0\"", ""), CODE_BAD_ANSWER, "there is no count" },
	{ 200, PAGE("", "-1", ""), CODE_BAD_ANSWER, "there is no count" },
	{ 200, PAGE("", "0", ",\"nextCursor\":{}"), CODE_BAD_ANSWER,
	  "its cursor is no text" },
	{ 200, "{\"authConfigs\":{}}", CODE_BAD_ANSWER,
	  "there is no list at `/authConfigs`" },
	{ 200, "{\"count\":0}", CODE_BAD_ANSWER,
	  "there is no list at `/authConfigs`" },
	{ 200, "[]", CODE_BAD_ANSWER, "there is no list at `/authConfigs`" },
	{ 200, "7", CODE_BAD_ANSWER, "there is no list at `/authConfigs`" },
	{ 200, "", CODE_BAD_ANSWER, "not with JSON" },
	{ 200, "<!DOCTYPE html>\n<p>Sign in</p>", CODE_BAD_ANSWER,
	  "`alloy-assumed` answered GET /auth-configs, but not with JSON" },
	{ 200, "{\"authConfigs\":[],\"count\":0} x", CODE_BAD_ANSWER,
	  "its JSON is broken" },
	{ 200, "{\"authConfigs\":[]", CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, "{\"authConfigs\":[", CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, "{\"authConfigs", CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, "{\"a\":\"\\", CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, "{\"a\":]}", CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a/../b\",\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ID, "would change the path" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a\\\\b\",\"connectorId\":\"c\"}", "1", ""),
	  CODE_BAD_ID, "would change the path" },
	/* No UTF-8: an overlong slash, half a surrogate. */
	{ 200,
	  PAGE("{\"authConfigId\":\"a\xc0\xaf\",\"connectorId\":\"c\"}", "1",
	       ""),
	  CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, PAGE("{\"authConfigId\":\"\\ud800\"}", "1", ""), CODE_BAD_ANSWER,
	  "its JSON is broken" },
	/* Numbers that no integer holds. */
	{ 200, PAGE("", "99999999999999999999", ""), CODE_BAD_ANSWER,
	  "its JSON is broken" },
	{ 200, PAGE("", "1e400", ""), CODE_BAD_ANSWER, "its JSON is broken" },
	{ 200, PAGE("", "0.5", ""), CODE_BAD_ANSWER, "there is no count" },
	/* Compressed though nobody asked for it: never unpacked. */
	{ 200, "\x1f\x8b\x08\x01\x02", CODE_BAD_ANSWER, "not with JSON" },
	{ 204, "", CODE_PLATFORM, "with 204" },
	{ 302, "", CODE_PLATFORM, "redirects are not followed" },
	{ 401, "{\"message\":\"bad key\"}", CODE_UNAUTHORISED,
	  "`alloy-assumed` answered GET /auth-configs with 401, `bad key`; "
	  "check that `platform.apiKey`" },
	{ 403, "{\"error\":{\"message\":\"no\"}}", CODE_UNAUTHORISED,
	  "with 403, `no`; give the API key the permission" },
	{ 404, "{\"error\":\"gone\"}", CODE_PLATFORM,
	  "with 404, `gone`; check the path" },
	{ 418, "", CODE_PLATFORM, "with 418; see" },
	{ 500, "oops", CODE_PLATFORM, "with 500; wait and run again" },
	{ 400, "{\"message\":\"key test-api-key is odd\"}", CODE_PLATFORM,
	  "`key *** is odd`" },
	{ 200,
	  PAGE("{\"authConfigId\":\"a/test-api-key\",\"connectorId\":\"c\"}",
	       "1", ""),
	  CODE_BAD_ID, "the id `a/***` at `/authConfigId` would change" },
	{ 0, NULL, CODE_NETWORK, "the connection broke" },
};

static void bad_answers_are_told_apart(void **state)
{
	for (size_t i = 0; i < LENGTH(bad_rows); i++) {
		const struct bad_row *row = &bad_rows[i];
		const struct step step = { row->status, row->body };
		struct world *world;

		assert_int_equal(world_set_up(state), 0);
		world = *state;
		world_open(world, NULL, &step, 1);
		assert_refused(world, row->code, row->words);
		assert_int_equal(world_tear_down(state), 0);
	}
}

static char *nested(size_t depth)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fputs("{\"authConfigs\":[{\"authConfigId\":\"a\",\"connectorId\":"
	      "\"c\",\"x\":",
	      out);
	for (size_t i = 0; i < depth; i++)
		fputc('[', out);
	for (size_t i = 0; i < depth; i++)
		fputc(']', out);
	fputs("}],\"count\":1}", out);
	(void)fclose(out);
	return text;
}

static void json_has_a_depth(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		/* The object is a level of its own. */
		CLEANUP(textp) char *body = nested(LIMIT_JSON_DEPTH - 1 + i);
		const struct step step = { 200, body };
		CLEANUP(state_freep) struct state *live = NULL;
		struct world *world;

		assert_int_equal(world_set_up(state), 0);
		world = *state;
		world_open(world, NULL, &step, 1);
		live = platform_list(world->platform, world->diag);
		assert_int_equal(live != NULL, i == 0);
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void a_dead_server_is_a_network_error(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL, { 200, "" });
	http_server_stop(world->server);
	world->server = NULL;
	assert_refused(world, CODE_NETWORK,
	               "gave no answer to GET "
	               "/auth-configs: nothing listens "
	               "there; check `platform.url`");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_page_becomes_a_state),
		TEST(an_empty_list_is_a_list),
		TEST(pages_are_followed_by_cursor),
		TEST(objects_may_be_odd_but_not_wrong),
		TEST(unknown_words_make_an_object_opaque),
		TEST(what_is_around_the_list_may_come_first),
		TEST(a_wrong_count_is_asked_for_again),
		TEST(a_list_may_become_whole),
		TEST(a_truncated_list_is_asked_for_again),
		TEST(a_repeated_cursor_ends_the_list),
		TEST(an_id_stands_once),
		TEST(ids_have_a_limit),
		cmocka_unit_test(bad_answers_are_told_apart),
		cmocka_unit_test(json_has_a_depth),
		TEST(a_dead_server_is_a_network_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
