/* SPDX-License-Identifier: MIT */
/* The sandbox's contract: auth configs, lists, the documented calls, pace. */
#include "base/text.h"
#include "visitor.h"

#include <string.h>

static int set_up_required(void **state)
{
	return set_up_with(state, (struct sandbox_settings){
					  .secret_omit = SANDBOX_OMIT_REQUIRED,
				  });
}

static int set_up_clear(void **state)
{
	return set_up_with(state, (struct sandbox_settings){
					  .secret_omit = SANDBOX_OMIT_CLEAR,
				  });
}

static int set_up_limited(void **state)
{
	return set_up_with(state, (struct sandbox_settings){ .rate_limit = 2 });
}

/* ---- auth configs ---- */

static void a_created_one_is_answered_whole_but_for_its_secret(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer =
		get(made, "POST", CONFIGS, KEY_ONE | VERSION | JSON_CHARSET,
	            OWN_BODY(",\"clientSecret\":\"s\\\"3\",\"scopes\":[\"z\","
	                     "\"a\"]"),
	            201);
	CLEANUP(textp) char *id = xstrdup(text_at(answer, "authConfigId"));
	CLEANUP(textp) char *path = path_join(CONFIGS, id);

	assert_int_equal(strlen(id), 24);
	assert_int_equal(strspn(id, "0123456789abcdef"), 24);
	json_auto_t *again = ASK("GET", path, NULL, 200);

	assert_true(json_equal(answer, again));
	json_object_del(answer, "authConfigId");
	assert_json(answer,
	            BODY(",\"authenticationType\":\"oauth2\","
	                 "\"useOwnCredentials\":true,\"clientId\":\"c\","
	                 "\"scopes\":[\"z\",\"a\"],\"redirectUri\":"
	                 "\"https://production.runalloy.com/oauth/callback\","
	                 "\"createdAt\":\"2026-11-23T17:28:08Z\","
	                 "\"updatedAt\":\"2026-11-23T17:28:08Z\""));

	json_auto_t *all = environments(made);
	const json_t *last = json_array_get(json_object_get(all, "one"), 2);

	assert_string_equal(text_at(last, "authConfigId"), id);
	assert_string_equal(text_at(last, "clientSecret"), "s\"3");
}

static void a_managed_one_has_no_client(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK("POST", CONFIGS, BODY(""), 201);

	assert_null(json_object_get(answer, "clientId"));
	assert_true(
		json_is_false(json_object_get(answer, "useOwnCredentials")));
	assert_int_equal(json_array_size(json_object_get(answer, "scopes")), 0);
	assert_true(json_is_array(json_object_get(answer, "scopes")));
}

static void names_are_not_unique(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *first = ASK("POST", CONFIGS, BODY(""), 201);
	json_auto_t *second = ASK("POST", CONFIGS, BODY(""), 201);

	assert_string_not_equal(text_at(first, "authConfigId"),
	                        text_at(second, "authConfigId"));
}

static void an_update_replaces_but_keeps_an_omitted_secret(void **state)
{
	struct fixture *made = *state;

	made->clock.wall_ms += 60000;
	json_auto_t *answer = ASK("PUT", IT, OWN_BODY(""), 200);

	assert_json(answer,
	            "{\"authConfigId\":\"" OWN "\",\"connectorId\":\"slack\","
	            "\"name\":\"n\",\"authenticationType\":\"oauth2\","
	            "\"useOwnCredentials\":true,\"clientId\":\"c\","
	            "\"scopes\":[],\"redirectUri\":"
	            "\"https://production.runalloy.com/oauth/callback\","
	            "\"createdAt\":\"2026-11-23T17:28:08Z\","
	            "\"updatedAt\":\"2026-11-23T17:29:08Z\"}");
	json_auto_t *again = ASK("GET", IT, NULL, 200);

	assert_true(json_equal(answer, again));
	assert_secret(made, "first");
	json_decref(
		ASK("PUT", IT, OWN_BODY(",\"clientSecret\":\"second\""), 200));
	assert_secret(made, "second");
}

static void an_update_to_managed_drops_the_client(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK("PUT", IT, BODY(""), 200);

	assert_null(json_object_get(answer, "clientId"));
	assert_secret(made, "");
	/* So there is no secret left that could be kept. */
	json_decref(ASK("PUT", IT, OWN_BODY(""), 400));
}

static void an_omitted_secret_can_be_refused(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK("PUT", IT, OWN_BODY(""), 400);

	assert_string_equal(text_at(answer, "message"),
	                    "clientSecret is required in every update");
	assert_secret(made, "first");
	json_decref(
		ASK("PUT", IT, OWN_BODY(",\"clientSecret\":\"second\""), 200));
	json_decref(ASK("PUT", IT, BODY(""), 200));
}

static void an_omitted_secret_can_be_cleared(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK("PUT", IT, OWN_BODY(""), 200));
	assert_secret(made, "");
	json_decref(ASK("PUT", IT, OWN_BODY(""), 200));
}

static void what_is_deleted_is_gone(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = ASK("GET", CONFIGS, NULL, 200);
	json_auto_t *answer = ASK("DELETE", IT, NULL, 200);

	assert_int_equal(number_at(before, "count"), 2);

	assert_json(answer, "{\"success\":true}");
	json_decref(ASK("DELETE", IT, NULL, 404));
	json_decref(ASK("GET", IT, NULL, 404));
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);

	assert_int_equal(number_at(list, "count"), 1);
}

static void ids_are_taken_in_capitals_too(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("PATCH", "objects/" OWN,
	                      "{\"authConfigId\":\"abcdefabcdefabcdefabcdef\"}",
	                      200));
	json_decref(ASK("GET", CONFIGS "/ABCDEFABCDEFabcdefabcdef", NULL, 200));
}

static void environments_do_not_see_each_other(void **state)
{
	const struct fixture *made = *state;

	json_decref(get(made, "POST", CONFIGS, OTHER, BODY(""), 201));
	json_decref(get(made, "DELETE", IT, OTHER, NULL, 404));
	json_auto_t *list = get(made, "GET", CONFIGS, OTHER, NULL, 200);

	assert_int_equal(number_at(list, "count"), 1);
	json_decref(ASK("GET", IT, NULL, 200));
}

/* ---- lists ---- */

static void a_list_without_a_limit_is_one_page_in_order(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "seed?count=1500", NULL, 200));
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);
	const json_t *items = json_object_get(list, "authConfigs");

	assert_int_equal(json_object_size(list), 2);
	assert_int_equal(number_at(list, "count"), 1502);
	assert_int_equal(json_array_size(items), 1502);
	assert_string_equal(text_at(json_array_get(items, 0), "name"), "Own");
	assert_string_equal(text_at(json_array_get(items, 1501), "name"),
	                    "bench-001500");
	/* What a list says of one is what a read says. */
	json_auto_t *one = ASK("GET", IT, NULL, 200);

	assert_true(json_equal(one, json_array_get(items, 0)));
	CLEANUP(textp) char *text = dump(list);

	assert_null(strstr(text, "clientSecret"));
}

static void an_empty_list_says_so(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *list = get(made, "GET", CONFIGS, OTHER, NULL, 200);

	assert_json(list, "{\"authConfigs\":[],\"count\":0}");
}

/* Walks all pages; returns how many there were. */
static size_t walk(const struct fixture *made, int limit, json_t *all)
{
	CLEANUP(textp) char *path = xasprintf(CONFIGS "?limit=%d", limit);

	for (size_t pages = 1;; pages++) {
		json_auto_t *page = ASK("GET", path, NULL, 200);
		const char *next = text_at(page, "nextCursor");

		json_array_extend(all, json_object_get(page, "authConfigs"));
		assert_int_equal(number_at(page, "count"), 25);
		if (!*next)
			return pages;
		free(path);
		path = xasprintf(CONFIGS "?cursor=%s&limit=%d", next, limit);
	}
}

static void pages_add_up_to_the_list(void **state)
{
	const struct fixture *made = *state;
	static const struct {
		int limit;
		size_t pages;
	} rows[] = { { 1, 25 }, { 7, 4 },  { 12, 3 },
		     { 24, 2 }, { 25, 1 }, { 26, 1 } };

	json_decref(ADMIN_ASK("POST", "seed?count=23", NULL, 200));
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		json_auto_t *all = json_array();

		assert_int_equal(walk(made, rows[i].limit, all), rows[i].pages);
		assert_true(
			json_equal(all, json_object_get(list, "authConfigs")));
	}
}

static void a_cursor_stands_when_its_object_is_deleted(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *page = ASK("GET", CONFIGS "?limit=1", NULL, 200);
	CLEANUP(textp)
	char *path =
		xasprintf(CONFIGS "?cursor=%s", text_at(page, "nextCursor"));

	json_decref(ASK("DELETE", IT, NULL, 200));
	json_auto_t *rest = ASK("GET", path, NULL, 200);
	const json_t *items = json_object_get(rest, "authConfigs");

	assert_int_equal(json_array_size(items), 1);
	assert_string_equal(text_at(json_array_get(items, 0), "authConfigId"),
	                    MANAGED);
	/* And it is no cursor of another environment. */
	json_decref(get(made, "GET", path, OTHER, NULL, 400));
}

/* ---- the documented calls ---- */

static void connectors_are_listed(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK("GET", "/connectors", NULL, 200);
	const json_t *list = json_object_get(answer, "connectors");
	const json_t *first = json_array_get(list, 0);

	assert_true(json_array_size(list) >= 20);
	assert_json(first, "{\"id\":\"airtable\",\"name\":\"Airtable\","
	                   "\"icon\":\"https://production.runalloy.com/icons/"
	                   "airtable.svg\",\"category\":[\"database\"]}");
	/* Found by a binary search: they must be sorted. */
	for (size_t i = 0; i < json_array_size(list); i++) {
		CLEANUP(textp)
		char *path = xasprintf("/connectors/%s/credentials",
		                       text_at(json_array_get(list, i), "id"));

		json_decref(ASK("GET", path, NULL, 200));
	}
}

static void metadata_tells_which_need_an_auth_config(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK("GET",
	                          "/connectors/google/credentials/"
	                          "metadata",
	                          NULL, 200);
	const json_t *one =
		json_array_get(json_object_get(answer, "metadata"), 0);

	assert_string_equal(text_at(one, "authenticationType"), "oauth2");
	assert_true(json_is_true(json_object_get(one, "authConfigRequired")));
	assert_true(json_is_object(json_object_get(one, "inputSchema")));
	assert_true(json_is_object(json_object_get(one, "sampleInput")));
}

static void a_credential_is_made_with_an_auth_config(void **state)
{
	const struct fixture *made = *state;
	static const char path[] = "/connectors/slack/credentials";
	json_auto_t *asked =
		ASK("POST", path,
	            "{\"userId\":\"a b&c\",\"authenticationType\":\"oauth2\","
	            "\"authConfigId\":\"" OWN "\",\"data\":{\"x\":1},"
	            "\"redirectUri\":\"https://app/back?x=1\"}",
	            200);

	assert_true(
		str_starts(text_at(asked, "oauthUrl"), "http://127.0.0.1:"));
	assert_non_null(strstr(text_at(asked, "oauthUrl"),
	                       "/api/strategy/connector/slack/authorize?"
	                       "userId=a%20b%26c&"
	                       "redirectUri=https%3A%2F%2Fapp%2Fback%3Fx%3D1&"
	                       "token="));
	json_auto_t *list = ASK("GET", path, NULL, 200);
	const json_t *one =
		json_array_get(json_object_get(list, "credentials"), 0);

	assert_string_equal(text_at(one, "type"), "slack-oauth2");
	CLEANUP(textp)
	char *gone = path_join(path, text_at(one, "credentialId"));
	json_auto_t *others =
		ASK("GET", "/connectors/github/credentials", NULL, 200);

	assert_json(others, "{\"credentials\":[]}");
	json_decref(ASK("DELETE", gone, NULL, 200));
	json_auto_t *left = ASK("GET", path, NULL, 200);

	assert_json(left, "{\"credentials\":[]}");
}

static void a_key_makes_a_credential_without_a_detour(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK("POST", "/connectors/sendgrid/credentials",
	                          "{\"userId\":\"u\","
	                          "\"authenticationType\":\"api_key\","
	                          "\"data\":{\"apiKey\":\"k\"}}",
	                          200);

	assert_int_equal(strlen(text_at(answer, "credentialId")), 24);
}

/* ---- pace ---- */

static void assert_header(const struct answer *answer, const char *line)
{
	CLEANUP(textp) char *wanted = xasprintf("\r\n%s\r\n", line);

	if (!strstr(answer->headers, wanted))
		fail_msg("no %s in %s", line, answer->headers);
}

static void a_key_over_its_rate_waits_for_the_next_second(void **state)
{
	struct fixture *made = *state;
	CLEANUP(answer_release)
	struct answer first = ask(made, "GET", IT, GOOD, NULL);
	CLEANUP(answer_release)
	struct answer second = ask(made, "GET", "/nowhere", GOOD, NULL);
	CLEANUP(answer_release)
	struct answer third = ask(made, "GET", IT, GOOD, NULL);

	assert_int_equal(first.status, 200);
	assert_header(&first, "X-RateLimit-Limit: 2");
	assert_header(&first, "X-RateLimit-Remaining: 1");
	assert_header(&first, "X-RateLimit-Reset: 1795454889");
	assert_null(strstr(first.headers, "Retry-After"));
	assert_int_equal(second.status, 404);
	assert_header(&second, "X-RateLimit-Remaining: 0");
	assert_int_equal(third.status, 429);
	assert_header(&third, "Retry-After: 1");
	assert_header(&third, "X-RateLimit-Remaining: 0");
	assert_string_equal(text_at(third.json, "message"),
	                    "too many requests in this second");

	/* Another key, and the admin side, have their own pace. */
	json_decref(get(made, "GET", CONFIGS, OTHER, NULL, 200));
	for (int i = 0; i < 5; i++)
		json_decref(ADMIN_ASK("GET", "requests", NULL, 200));
	made->clock.wall_ms += 749;
	json_decref(ASK("GET", IT, NULL, 429));
	made->clock.wall_ms += 1;
	json_decref(ASK("GET", IT, NULL, 200));
}

static void without_a_limit_there_are_no_such_headers(void **state)
{
	CLEANUP(answer_release)
	struct answer answer = ask(*state, "GET", IT, GOOD, NULL);

	assert_null(strstr(answer.headers, "X-RateLimit"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_created_one_is_answered_whole_but_for_its_secret),
		TEST(a_managed_one_has_no_client),
		TEST(names_are_not_unique),
		TEST(an_update_replaces_but_keeps_an_omitted_secret),
		TEST(an_update_to_managed_drops_the_client),
		WITH(set_up_required, an_omitted_secret_can_be_refused),
		WITH(set_up_clear, an_omitted_secret_can_be_cleared),
		TEST(what_is_deleted_is_gone),
		TEST(ids_are_taken_in_capitals_too),
		TEST(environments_do_not_see_each_other),
		TEST(a_list_without_a_limit_is_one_page_in_order),
		TEST(an_empty_list_says_so),
		TEST(pages_add_up_to_the_list),
		TEST(a_cursor_stands_when_its_object_is_deleted),
		TEST(connectors_are_listed),
		TEST(metadata_tells_which_need_an_auth_config),
		TEST(a_credential_is_made_with_an_auth_config),
		TEST(a_key_makes_a_credential_without_a_detour),
		WITH(set_up_limited,
		     a_key_over_its_rate_waits_for_the_next_second),
		TEST(without_a_limit_there_are_no_such_headers),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
