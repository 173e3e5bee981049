/* SPDX-License-Identifier: MIT */
/* The pretend Composio: updates, which merge, and deletion. */
#include "base/text.h"
#include "composio_world.h"

#include <string.h>

/* ---- updates ---- */

static void an_update_answers_nothing_and_merges(void **state)
{
	struct fixture *made = *state;

	made->clock.wall_ms += 60000;
	json_auto_t *answer = ASK_IT(
		"PATCH", OWN_PATH,
		CUSTOM(",\"name\":\"New\",\"credentials\":{\"client_secret\":"
	               "\"second-secret\"}"),
		200);
	json_auto_t *whole = stored(made, OWN_ID);

	assert_json(answer, "{}");
	assert_string_equal(text_at(whole, "name"), "New");
	assert_string_equal(text_at(whole, "last_updated_at"),
	                    "2026-11-23T17:29:08Z");
	assert_string_equal(text_at(whole, "created_at"),
	                    "2026-11-23T17:28:08Z");
	assert_json(credentials_of(whole),
	            "{\"client_id\":\"c1\",\"client_secret\":\"second-secret\","
	            "\"verification_token\":\"vt-123456\",\"scopes\":[\"a\","
	            "\"b\"],\"oauth_redirect_uri\":\"https://backend.composio."
	            "dev/api/v3.1/toolkits/auth/callback\"}");
}

static void an_update_clears_what_it_says(void **state)
{
	const struct fixture *made = *state;
	static const char *const clears[] = { "null", "[]", "\"\"" };

	for (size_t i = 0; i < LENGTH(clears); i++) {
		CLEANUP(textp)
		char *body = xasprintf(
			CUSTOM(",\"credentials\":{\"scopes\":%s}"), clears[i]);

		load_store(made, composio_store);
		json_decref(ASK_IT("PATCH", OWN_PATH, body, 200));

		json_auto_t *object = ASK_IT("GET", OWN_PATH, NULL, 200);

		assert_scopes(object, "[]");
	}
	json_decref(ASK_IT("PATCH", OWN_PATH,
	                   CUSTOM(",\"credentials\":{\"verification_token\":"
	                          "null,\"oauth_redirect_uri\":\"\"},"
	                          "\"proxy_config\":null"),
	                   200));

	json_auto_t *object = ASK_IT("GET", OWN_PATH, NULL, 200);

	assert_null(
		json_object_get(credentials_of(object), "verification_token"));
	assert_true(str_starts(
		text_at(credentials_of(object), "oauth_redirect_uri"),
		"https://backend.composio.dev/"));
}

static void an_update_takes_a_proxy_and_tools(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("PATCH", OWN_PATH,
	                   CUSTOM(",\"proxy_config\":{\"proxy_url\":"
	                          "\"https://p/\"},\"tool_access_config\":{"
	                          "\"tools_available_for_execution\":[\"T\"]}"),
	                   200));
	json_decref(ASK_IT("PATCH", OWN_PATH,
	                   CUSTOM(",\"tool_access_config\":{}"), 200));

	json_auto_t *object = ASK_IT("GET", OWN_PATH, NULL, 200);

	assert_json(json_object_get(object, "proxy_config"),
	            "{\"proxy_url\":\"https://p/\"}");
	assert_json(json_object_get(object, "tool_access_config"),
	            "{\"tools_for_connected_account_creation\":[],"
	            "\"tools_available_for_execution\":[\"T\"]}");
}

static void a_managed_one_has_its_scopes_beside(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("PATCH", MANAGED_PATH,
	                   DEFAULT(",\"scopes\":\"x,y\",\"name\":\"M\""), 200));

	json_auto_t *object = ASK_IT("GET", MANAGED_PATH, NULL, 200);

	assert_string_equal(text_at(object, "name"), "M");
	assert_scopes(object, "[\"x\",\"y\"]");
	json_decref(ASK_IT("PATCH", MANAGED_PATH, DEFAULT(""), 200));
	json_decref(ASK_IT("PATCH", MANAGED_PATH, DEFAULT(",\"scopes\":\"\""),
	                   200));

	json_auto_t *cleared = ASK_IT("GET", MANAGED_PATH, NULL, 200);

	assert_scopes(cleared, "[]");
}

static void the_status_is_a_word_of_the_path(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK_IT("PATCH", OWN_PATH "/DISABLED", NULL, 200);
	json_auto_t *off = ASK_IT("GET", OWN_PATH, NULL, 200);

	assert_json(answer, "{}");
	assert_string_equal(text_at(off, "status"), "DISABLED");
	json_decref(ASK_IT("PATCH", OWN_PATH "/ENABLED", NULL, 200));

	json_auto_t *on = ASK_IT("GET", OWN_PATH, NULL, 200);

	assert_string_equal(text_at(on, "status"), "ENABLED");

	json_auto_t *whole = stored(made, OWN_ID);

	assert_string_equal(text_at(credentials_of(whole), "client_secret"),
	                    "first-secret");
}

/* ---- deletion ---- */

static void what_is_deleted_is_gone(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK_IT("DELETE", OWN_PATH, NULL, 200);
	json_auto_t *again = ASK_IT("DELETE", OWN_PATH, NULL, 404);

	assert_json(answer, "{}");
	assert_json(again, "{}");
	json_decref(ASK_IT("GET", OWN_PATH, NULL, 404));
}

static void a_deletion_may_revoke(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *job =
		ASK_IT("DELETE", OWN_PATH "?revoke_on_delete=true", NULL, 200);
	json_auto_t *none = ASK_IT(
		"DELETE", MANAGED_PATH "?revoke_on_delete=false", NULL, 200);

	assert_true(str_starts(text_at(job, "revoke_job_id"), "job_"));
	assert_json(none, "{}");
}

static void projects_do_not_see_each_other(void **state)
{
	const struct fixture *made = *state;

	json_decref(get(made, "GET", OWN_PATH, SECOND, NULL, 404));
	json_decref(get(made, "DELETE", OWN_PATH, SECOND, NULL, 404));
	json_decref(ASK_IT("GET", OWN_PATH, NULL, 200));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPOSIO(an_update_answers_nothing_and_merges),
		COMPOSIO(an_update_clears_what_it_says),
		COMPOSIO(an_update_takes_a_proxy_and_tools),
		COMPOSIO(a_managed_one_has_its_scopes_beside),
		COMPOSIO(the_status_is_a_word_of_the_path),
		COMPOSIO(what_is_deleted_is_gone),
		COMPOSIO(a_deletion_may_revoke),
		COMPOSIO(projects_do_not_see_each_other),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
