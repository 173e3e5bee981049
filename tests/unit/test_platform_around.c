/* SPDX-License-Identifier: MIT */
/* The calls around auth configs, and answers that are not to be believed. */
#include "platform_world.h"

static void connectors_are_listed(void **state)
{
	struct world *world = *state;
	CLEANUP(around_items_release) struct around_items items = { 0 };

	OPEN(world, NULL,
	     { 200, "{\"connectors\":[{\"id\":\"slack\",\"name\":\"Slack\"},"
	            "{\"id\":\"gmail\"}]}" });

	assert_int_equal(platform_around(world->platform, AROUND_CONNECTORS,
	                                 NULL, &items, world->diag),
	                 0);
	assert_int_equal(items.count, 2);
	assert_string_equal(items.items[1].id, "gmail");
	assert_string_equal(world->seen[0].path, "/base/connectors");
	assert_string_equal(world->seen[0].key, "Bearer test-api-key");
	assert_string_equal(world->seen[0].version, "2025-09");
}

static void needs_say_what_is_required(void **state)
{
	struct world *world = *state;
	CLEANUP(around_items_release) struct around_items items = { 0 };

	OPEN(world, NULL,
	     { 200, "{\"metadata\":[{\"authenticationType\":\"oauth2\","
	            "\"authConfigRequired\":true},{\"authenticationType\":"
	            "\"basic\",\"authConfigRequired\":false}]}" });

	assert_int_equal(platform_around(world->platform, AROUND_NEEDS, "slack",
	                                 &items, world->diag),
	                 0);
	assert_true(items.found);
	assert_int_equal(items.count, 2);
	assert_true(items.items[0].required);
	assert_false(items.items[1].required);
	assert_string_equal(items.items[1].type, "basic");
	assert_string_equal(world->seen[0].path,
	                    "/base/connectors/slack/credentials/metadata");
}

static void an_unknown_connector_is_no_error(void **state)
{
	struct world *world = *state;
	CLEANUP(around_items_release) struct around_items items = { 0 };

	OPEN(world, NULL, { 404, "{\"message\":\"no such connector\"}" });

	assert_int_equal(platform_around(world->platform, AROUND_NEEDS, "slak",
	                                 &items, world->diag),
	                 0);
	assert_false(items.found);
	assert_int_equal(diag_length(world->diag), 0);
}

struct bad_answer {
	enum around_call call;
	struct step step;
	unsigned code;
	const char *words;
};

static const struct bad_answer bad_answers[] = {
	{ AROUND_CONNECTORS, { 200, "<html>" }, CODE_BAD_ANSWER, "no JSON" },
	{ AROUND_CONNECTORS,
	  { 200, "{\"x\":[]}" },
	  CODE_BAD_ANSWER,
	  "there is no list" },
	{ AROUND_CONNECTORS,
	  { 200, "{\"connectors\":[{\"name\":\"x\"}]}" },
	  CODE_BAD_ANSWER,
	  "has no id" },
	{ AROUND_CONNECTORS,
	  { 200, "{\"connectors\":[{\"id\":7}]}" },
	  CODE_BAD_ANSWER,
	  "has no id" },
	{ AROUND_NEEDS,
	  { 200, "{\"metadata\":[{}]}" },
	  CODE_BAD_ANSWER,
	  "does not say whether" },
	{ AROUND_NEEDS,
	  { 200, "{\"metadata\":[{\"authConfigRequired\":\"yes\"}]}" },
	  CODE_BAD_ANSWER,
	  "does not say whether" },
	{ AROUND_NEEDS,
	  { 401, "{\"message\":\"who\"}" },
	  CODE_UNAUTHORISED,
	  "who" },
	{ AROUND_NEEDS,
	  { 500, "{\"message\":\"down\"}" },
	  CODE_PLATFORM,
	  "down" },
	{ AROUND_CREDENTIALS,
	  { 404, "{\"message\":\"none\"}" },
	  CODE_PLATFORM,
	  "correct its name" },
	{ AROUND_CREDENTIALS, { 200, NULL }, CODE_NETWORK, "no answer" },
};

static void answers_that_do_not_fit_are_refused(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL, { 200, "{}" });
	for (size_t i = 0; i < LENGTH(bad_answers); i++) {
		const struct bad_answer *bad = &bad_answers[i];
		const bool all = bad->call == AROUND_CONNECTORS;
		struct around_items items;

		world->steps = &bad->step;
		world->step_count = 1;
		assert_int_equal(platform_around(world->platform, bad->call,
		                                 all ? NULL : "slack", &items,
		                                 world->diag),
		                 -1);
		assert_int_equal(items.count, 0);
		assert_report(world, bad->code, bad->words);
		diag_free(world->diag);
		world->diag = diag_new();
	}
}

static void a_connector_cannot_leave_its_place(void **state)
{
	static const char *const names[] = { "..", ".", "a/b", "" };
	struct world *world = *state;

	OPEN(world, NULL, { 200, "{}" });
	for (size_t i = 0; i < LENGTH(names); i++) {
		struct around_items items;

		assert_int_equal(platform_around(world->platform,
		                                 AROUND_CREDENTIALS, names[i],
		                                 &items, world->diag),
		                 -1);
		assert_report(world, CODE_REQUEST, "correct it");
		diag_free(world->diag);
		world->diag = diag_new();
	}
	assert_int_equal(world->seen_count, 0);
}

static void a_binding_without_the_call_says_so(void **state)
{
	static const char bare[] =
		"platform: test\n"
		"url: https://api.example.com/v1\n"
		"headers: { X-Key: \"{secret.apiKey}\" }\n"
		"list: { path: /x, items: /i, page: { kind: none } }\n"
		"read: { id: /id, fields: { connector: /c, name: /n } }\n";
	struct world *world = *state;
	struct around_items items;

	OPEN(world, bare, { 200, "{}" });

	assert_int_equal(platform_around(world->platform, AROUND_CONNECTORS,
	                                 NULL, &items, world->diag),
	                 -1);
	assert_report(world, CODE_CALL_MISSING, "no way to list connectors");
	assert_int_equal(world->seen_count, 0);
}

static const struct around_request request = {
	.connector = "slack",
	.user = "u \"1\"",
	.type = "oauth2",
	.auth_config = "67a37f29e0aa276e50d7253a",
};

static void a_user_is_given_an_address(void **state)
{
	struct world *world = *state;
	CLEANUP(around_credential_release) struct around_credential made;

	OPEN(world, NULL, { 200, "{\"oauthUrl\":\"https://x/y\"}" });

	assert_int_equal(platform_connect_user(world->platform, &request, &made,
	                                       world->diag),
	                 0);
	assert_string_equal(made.url, "https://x/y");
	assert_null(made.id);
	assert_string_equal(world->seen[0].method, "POST");
	assert_string_equal(world->seen[0].path,
	                    "/base/connectors/slack/credentials");
	assert_string_equal(
		world->seen[0].body,
		"{\"userId\":\"u \\\"1\\\"\",\"authenticationType\":\"oauth2\","
		"\"authConfigId\":\"67a37f29e0aa276e50d7253a\"}");
}

static void a_credential_without_anything_to_open_has_an_id(void **state)
{
	struct world *world = *state;
	CLEANUP(around_credential_release) struct around_credential made;

	OPEN(world, NULL, { 201, "{\"credentialId\":\"c1\"}" });

	assert_int_equal(platform_connect_user(world->platform, &request, &made,
	                                       world->diag),
	                 0);
	assert_string_equal(made.id, "c1");
	assert_null(made.url);
}

/* A second one would be another credential. */
static void a_write_is_not_sent_twice(void **state)
{
	struct world *world = *state;
	CLEANUP(around_credential_release) struct around_credential made;

	OPEN(world, NULL, { 503, "{\"message\":\"busy\"}" });

	assert_int_equal(platform_connect_user(world->platform, &request, &made,
	                                       world->diag),
	                 -1);
	assert_report(world, CODE_PLATFORM, "busy");
	assert_int_equal(world->seen_count, 1);
}

static void an_empty_answer_is_refused(void **state)
{
	struct world *world = *state;
	CLEANUP(around_credential_release) struct around_credential made;

	OPEN(world, NULL, { 200, "{}" });

	assert_int_equal(platform_connect_user(world->platform, &request, &made,
	                                       world->diag),
	                 -1);
	assert_report(world, CODE_BAD_ANSWER, "neither an address");
}

static void what_is_no_text_is_not_sent(void **state)
{
	struct world *world = *state;
	struct around_request bad = request;
	struct around_credential made;

	OPEN(world, NULL, { 200, "{}" });
	bad.user = "\xff";

	assert_int_equal(platform_connect_user(world->platform, &bad, &made,
	                                       world->diag),
	                 -1);
	assert_report(world, CODE_REQUEST, "clean UTF-8");
	assert_int_equal(world->seen_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(connectors_are_listed),
		TEST(needs_say_what_is_required),
		TEST(an_unknown_connector_is_no_error),
		TEST(answers_that_do_not_fit_are_refused),
		TEST(a_connector_cannot_leave_its_place),
		TEST(a_binding_without_the_call_says_so),
		TEST(a_user_is_given_an_address),
		TEST(a_credential_without_anything_to_open_has_an_id),
		TEST(a_write_is_not_sent_twice),
		TEST(an_empty_answer_is_refused),
		TEST(what_is_no_text_is_not_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
