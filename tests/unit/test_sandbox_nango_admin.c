/* SPDX-License-Identifier: MIT */
/* The pretend Nango as an admin has it: lost updates, and the store. */
#include "base/text.h"
#include "nango_world.h"

#include <string.h>

/* ---- lost updates ---- */

#define RACE(rest)                                                             \
	"{\"id\":\"acme-github\",\"patch\":{\"display_name\":\"Theirs\"}" rest \
	"}"

static void an_update_is_lost_when_they_write_last(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "race", RACE(""), 200));
	/* It says that all went well. */
	json_auto_t *answer =
		ASK_IT("PATCH", GITHUB, PATCH(",\"scopes\":\"new\""), 200);
	json_auto_t *read = ASK_IT("GET", GITHUB, NULL, 200);

	assert_string_equal(
		text_at(json_object_get(answer, "data"), "display_name"),
		"Acme GitHub");
	assert_string_equal(
		text_at(json_object_get(read, "data"), "display_name"),
		"Theirs");
	assert_credentials(made, "acme-github",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c2\","
	                   "\"client_secret\":\"second-secret\","
	                   "\"scopes\":\"repo\",\"webhook_secret\":null}");
}

static void their_update_is_lost_when_we_write_last(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK(
		"POST", "race",
		"{\"id\":\"acme-github\",\"wins\":\"us\",\"patch\":{"
		"\"credentials\":{\"client_secret\":\"their-rotation\"}}}",
		200));
	json_decref(
		ASK_IT("PATCH", GITHUB, "{\"display_name\":\"Ours\"}", 200));
	json_auto_t *credentials = credentials_of(made, "acme-github");
	json_auto_t *store = ADMIN_ASK("GET", "store", NULL, 200);
	CLEANUP(textp)
	char *seen = dump(json_object_get(store, "secretsReceived"));

	assert_string_equal(text_at(credentials, "client_secret"),
	                    "second-secret");
	/* It was there. */
	assert_non_null(strstr(seen, "\"their-rotation\""));
}

static void a_race_is_run_once_and_by_one_object(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "race", RACE(",\"wins\":\"them\""), 200));
	json_decref(ASK_IT("PATCH", LIST "/acme-slack",
	                   "{\"display_name\":\"S\"}", 200));
	json_decref(ASK_IT("PATCH", GITHUB, "{\"display_name\":\"A\"}", 200));
	json_decref(ASK_IT("PATCH", GITHUB, "{\"display_name\":\"B\"}", 200));
	json_auto_t *slack = ASK_IT("GET", LIST "/acme-slack", NULL, 200);
	json_auto_t *github = ASK_IT("GET", GITHUB, NULL, 200);

	assert_string_equal(
		text_at(json_object_get(slack, "data"), "display_name"), "S");
	assert_string_equal(
		text_at(json_object_get(github, "data"), "display_name"), "B");
}

static void a_race_that_makes_no_sense_is_refused(void **state)
{
	const struct fixture *made = *state;
	static const char *const bodies[] = {
		"{}",
		"{\"id\":\"a\"}",
		"{\"id\":\"a\",\"patch\":1}",
		RACE(",\"wins\":\"nobody\""),
		RACE(",\"loses\":\"us\""),
	};

	for (size_t i = 0; i < LENGTH(bodies); i++)
		json_decref(ADMIN_ASK("POST", "race", bodies[i], 400));
	json_decref(ADMIN_ASK("POST", "race?environment=three", RACE(""), 400));
}

/* ---- the store ---- */

static void every_secret_that_arrived_is_remembered(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT(
		"POST", LIST,
		NEW("github-app", "app",
	            ",\"credentials\":{\"type\":\"APP\",\"app_id\":\"17\","
	            "\"app_link\":\"l\",\"private_key\":\"" KEY_TEXT "\"}"),
		200));
	json_decref(ASK_IT("PATCH", GITHUB,
	                   PATCH(",\"webhook_secret\":\"new-hook\""), 200));
	json_auto_t *store = ADMIN_ASK("GET", "store", NULL, 200);
	const json_t *secrets = json_object_get(
		json_object_get(store, "secretsReceived"), "one");

	assert_json(secrets, "[\"" KEY_TEXT "\",\"first-secret\",\"new-hook\","
	                     "\"s3cret-value\",\"second-secret\"]");
}

static void what_an_admin_gives_is_read_back(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *all = environments(made);

	assert_json(json_array_get(json_object_get(all, "one"), 0),
	            "{\"unique_key\":\"acme-slack\",\"provider\":\"slack\","
	            "\"forward_webhooks\":true,\"created_at\":\"" NOW "\","
	            "\"updated_at\":\"" NOW "\",\"connections\":2,"
	            "\"credentials\":{\"client_id\":\"c1\","
	            "\"client_secret\":\"first-secret\",\"scopes\":\"b,a\","
	            "\"webhook_secret\":\"hook-secret\"}}");
	assert_true(json_is_true(json_object_get(
		json_array_get(json_object_get(all, "one"), 2), "managed")));
}

static void an_admin_can_give_a_provider_that_there_is_not(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("PATCH", "objects/acme-github",
	                      "{\"provider\":\"gone\"}", 200));
	json_auto_t *read = ASK_IT("GET", GITHUB, NULL, 404);
	json_auto_t *list = ASK_IT("GET", LIST, NULL, 500);

	json_decref(ASK_IT("PATCH", GITHUB, "{}", 404));
	assert_json(read, "{\"error\":{\"code\":\"not_found\","
	                  "\"message\":\"Unknown provider gone\"}}");
	assert_json(list, "{\"error\":{\"code\":\"server_error\","
	                  "\"message\":\"Failed to list integrations\"}}");
}

static void many_can_be_made_at_once(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "seed?count=30&seed=7&environment=two",
	                      NULL, 200));
	json_auto_t *list = get(made, "GET", LIST, SECOND, NULL, 200);
	json_auto_t *one = get(made, "GET", LIST "/bench-000007" CREDENTIALS,
	                       SECOND, NULL, 200);
	const json_t *credentials =
		json_object_get(json_object_get(one, "data"), "credentials");

	assert_int_equal(json_array_size(json_object_get(list, "data")), 30);
	assert_true(
		str_starts(text_at(credentials, "client_secret"), "secret-"));
	assert_non_null(strchr(text_at(credentials, "scopes"), ','));
	assert_null(strchr(text_at(credentials, "scopes"), ' '));
}

static void lists_can_be_spoiled_but_for_what_they_lack(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "list-mode", "{\"mode\":\"wrong-count\"}",
	                      400));
	json_decref(ADMIN_ASK("POST", "list-mode",
	                      "{\"mode\":\"repeat-cursor\"}", 400));
	json_decref(ADMIN_ASK("POST", "list-mode",
	                      "{\"mode\":\"empty\",\"times\":1}", 200));
	json_auto_t *empty = ASK_IT("GET", LIST, NULL, 200);

	json_decref(ADMIN_ASK("POST", "list-mode",
	                      "{\"mode\":\"500\",\"times\":1}", 200));
	json_auto_t *failed = ASK_IT("GET", LIST, NULL, 500);

	assert_json(empty, "{\"data\":[]}");
	assert_json(failed, "{\"error\":{\"code\":\"server_error\","
	                    "\"message\":\"the sandbox was told to fail\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		NANGO(an_update_is_lost_when_they_write_last),
		NANGO(their_update_is_lost_when_we_write_last),
		NANGO(a_race_is_run_once_and_by_one_object),
		NANGO(a_race_that_makes_no_sense_is_refused),
		NANGO(every_secret_that_arrived_is_remembered),
		NANGO(what_an_admin_gives_is_read_back),
		NANGO(an_admin_can_give_a_provider_that_there_is_not),
		NANGO(many_can_be_made_at_once),
		NANGO(lists_can_be_spoiled_but_for_what_they_lack),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
