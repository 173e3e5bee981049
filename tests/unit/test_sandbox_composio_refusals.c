/* SPDX-License-Identifier: MIT */
/* What the pretend Composio refuses, one row each. */
#include "base/text.h"
#include "composio_world.h"

#include <string.h>

struct refusal {
	const char *method, *path;
	unsigned headers;
	const char *body;
	long status;
	const char *message;
};

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY FIFTY "012345"
#define NO_QUERY "unknown or repeated query parameter; known: `none`"
#define TYPED(type, rest) \
	"{\"toolkit\":{\"slug\":\"github\"},\"auth_config\":{" type rest "}}"

/* clang-format off */
static const struct refusal refusals[] = {
	/* who asks */
	{ "GET", LIST, JSON, NULL, 401,
	  "send the API key as `x-api-key: KEY`" },
	{ "GET", LIST, KEY_ONE, NULL, 401,
	  "send the API key as `x-api-key: KEY`" },
	{ "GET", LIST, API_KEY_WRONG, NULL, 401,
	  "this API key is not known" },
	{ "GET", "/nowhere", JSON, NULL, 401,
	  "send the API key as `x-api-key: KEY`" },
	/* where to */
	{ "GET", "/auth_configs", FINE, NULL, 404,
	  "there is no such path: `/auth_configs`" },
	{ "GET", "/api/v3.2/auth_configs", FINE, NULL, 404,
	  "there is no such path: `/api/v3.2/auth_configs`" },
	{ "GET", "/api/v2/auth_configs", FINE, NULL, 410,
	  "there is no such path: `/api/v2/auth_configs`" },
	{ "GET", "/api/v1/integrations", FINE, NULL, 410,
	  "there is no such path: `/api/v1/integrations`" },
	{ "GET", LIST "/", FINE, NULL, 404,
	  "there is no such path: `" LIST "/`" },
	{ "GET", OWN_PATH "/ENABLED", FINE, NULL, 405,
	  "this method is not allowed here: `GET`" },
	{ "PUT", OWN_PATH, FINE, CUSTOM(""), 405,
	  "this method is not allowed here: `PUT`" },
	{ "DELETE", LIST, FINE, NULL, 405,
	  "this method is not allowed here: `DELETE`" },
	/* queries */
	{ "GET", LIST "?page=2", FINE, NULL, 400,
	  "unknown or repeated query parameter; known: `toolkit_slug, "
	  "is_composio_managed, show_disabled, search, limit, cursor`" },
	{ "GET", LIST "?limit=2&limit=2", FINE, NULL, 400,
	  "unknown or repeated query parameter; known: `toolkit_slug, "
	  "is_composio_managed, show_disabled, search, limit, cursor`" },
	{ "GET", LIST "?show_disabled=1", FINE, NULL, 400,
	  "member must be true or false: `show_disabled`" },
	{ "GET", LIST "?is_composio_managed=", FINE, NULL, 400,
	  "member must be true or false: `is_composio_managed`" },
	{ "GET", LIST "?limit=0", FINE, NULL, 400,
	  "limit must be a whole number from 1 to 200: `0`" },
	{ "GET", LIST "?limit=201", FINE, NULL, 400,
	  "limit must be a whole number from 1 to 200: `201`" },
	{ "GET", LIST "?limit=x", FINE, NULL, 400,
	  "limit must be a whole number from 1 to 200: `x`" },
	{ "GET", LIST "?cursor=0", FINE, NULL, 400,
	  "this cursor is none of ours: `0`" },
	{ "GET", LIST "?cursor=", FINE, NULL, 400,
	  "this cursor is none of ours: ``" },
	{ "GET", LIST "?cursor=Mi0yMA", FINE, NULL, 400,
	  "this cursor is none of ours: `Mi0yMA`" },
	{ "GET", LIST "?cursor=abc", FINE, NULL, 400,
	  "this cursor is none of ours: `abc`" },
	{ "GET", LIST "?cursor=!", FINE, NULL, 400,
	  "this cursor is none of ours: `!`" },
	/* 0-20, 2-0 and 1-201 */
	{ "GET", LIST "?cursor=MC0yMA==", FINE, NULL, 400,
	  "this cursor is none of ours: `MC0yMA==`" },
	{ "GET", LIST "?cursor=Mi0w", FINE, NULL, 400,
	  "this cursor is none of ours: `Mi0w`" },
	{ "GET", LIST "?cursor=MS0yMDE=", FINE, NULL, 400,
	  "this cursor is none of ours: `MS0yMDE=`" },
	{ "GET", OWN_PATH "?x=1", FINE, NULL, 400, NO_QUERY },
	{ "POST", LIST "?x=1", FINE, OWN_AUTH(CLIENT, ""), 400, NO_QUERY },
	{ "PATCH", OWN_PATH "?x=1", FINE, CUSTOM(""), 400, NO_QUERY },
	{ "PATCH", OWN_PATH "/DISABLED?x=1", FINE, NULL, 400, NO_QUERY },
	{ "DELETE", OWN_PATH "?x=1", FINE, NULL, 400,
	  "unknown or repeated query parameter; known: `revoke_on_delete`" },
	{ "DELETE", OWN_PATH "?revoke_on_delete=yes", FINE, NULL, 400,
	  "member must be true or false: `revoke_on_delete`" },
	/* ids */
	{ "GET", LIST "/own", FINE, NULL, 400,
	  "an id is ac_, then letters, digits, - and _: `own`" },
	{ "GET", LIST "/ac_", FINE, NULL, 400,
	  "an id is ac_, then letters, digits, - and _: `ac_`" },
	{ "DELETE", LIST "/ac_a.b", FINE, NULL, 400,
	  "an id is ac_, then letters, digits, - and _: `ac_a.b`" },
	{ "PATCH", LIST "/x/DISABLED", FINE, NULL, 400,
	  "an id is ac_, then letters, digits, - and _: `x`" },
	{ "GET", MISSING_PATH, FINE, NULL, 404,
	  "there is no auth config with this id: `ac_missing`" },
	{ "PATCH", MISSING_PATH, FINE, CUSTOM(""), 404,
	  "there is no auth config with this id: `ac_missing`" },
	{ "PATCH", MISSING_PATH "/ENABLED", FINE, NULL, 404,
	  "there is no auth config with this id: `ac_missing`" },
	{ "PATCH", OWN_PATH "/enabled", FINE, NULL, 400,
	  "the status must be ENABLED or DISABLED: `enabled`" },
	/* bodies */
	{ "PATCH", OWN_PATH "/DISABLED", FINE, "{}", 400,
	  "this call takes no body" },
	{ "DELETE", OWN_PATH, FINE, "{}", 400, "this call takes no body" },
	{ "POST", LIST, API_KEY_ONE, OWN_AUTH(CLIENT, ""), 415,
	  "the content type must be application/json" },
	{ "POST", LIST, FINE, "{", 400,
	  "the body is not JSON: `line 1, column 1`" },
	{ "PATCH", OWN_PATH, FINE, "[]", 400,
	  "the body must be a JSON object" },
	/* creation */
	{ "POST", LIST, FINE, "{}", 400, "missing member: `toolkit`" },
	{ "POST", LIST, FINE, "{\"toolkit\":\"github\"}", 400,
	  "member must be an object: `toolkit`" },
	{ "POST", LIST, FINE, "{\"toolkit\":{}}", 400,
	  "missing member: `toolkit.slug`" },
	{ "POST", LIST, FINE, "{\"toolkit\":{\"slug\":1}}", 400,
	  "member must be a string: `toolkit.slug`" },
	{ "POST", LIST, FINE, "{\"toolkit\":{\"slug\":\"a\",\"id\":1}}", 400,
	  "unknown member: `toolkit.id`" },
	{ "POST", LIST, FINE, "{\"toolkit\":{\"slug\":\"a\"},\"name\":\"n\"}",
	  400, "unknown member: `name`" },
	{ "POST", LIST, FINE, "{\"toolkit\":{\"slug\":\"none\"}}", 400,
	  "unknown toolkit: `none`" },
	{ "POST", LIST, FINE, TYPED("", ""), 400, "missing member: `type`" },
	{ "POST", LIST, FINE, TYPED("\"type\":\"bogus\"", ""), 400,
	  "unknown type: `bogus`" },
	{ "POST", LIST, FINE, TYPED("\"type\":\"custom\"", ""), 400,
	  "unknown type: `custom`" },
	{ "POST", LIST, FINE, TYPED("\"type\":7", ""), 400,
	  "unknown type: `type`" },
	{ "POST", LIST, FINE, TYPED("\"type\":\"use_custom_auth\"", ""), 400,
	  "missing member: `auth_config.authScheme`" },
	{ "POST", LIST, FINE,
	  TYPED("\"type\":\"use_custom_auth\"", ",\"auth_scheme\":\"OAUTH2\""),
	  400, "unknown member: `auth_config.auth_scheme`" },
	{ "POST", LIST, FINE,
	  TYPED("\"type\":\"use_custom_auth\"", ",\"authScheme\":\"OAUTH1\""),
	  400, "this toolkit does not offer this authScheme: `OAUTH1`" },
	{ "POST", LIST, FINE,
	  TYPED("\"type\":\"use_custom_auth\"", ",\"authScheme\":\"oauth2\""),
	  400, "this toolkit does not offer this authScheme: `oauth2`" },
	{ "POST", LIST, FINE, OWN_AUTH("", ""), 400,
	  "this credential is required: `client_id`" },
	{ "POST", LIST, FINE, OWN_AUTH("\"client_id\":\"c\"", ""), 400,
	  "this credential is required: `client_secret`" },
	{ "POST", LIST, FINE,
	  OWN_AUTH("\"client_id\":\"\",\"client_secret\":\"s\"", ""), 400,
	  "this credential is required: `client_id`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"x\":null", ""), 400,
	  "member must be a string: `x`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"clientSecret\":\"s\"", ""),
	  400, "unknown member: `clientSecret`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"\":\"s\"", ""), 400,
	  "unknown member: ``" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"scopes\":{}", ""), 400,
	  "must be a string or an array of strings: `scopes`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"scopes\":[1]", ""), 400,
	  "must be a string or an array of strings: `scopes`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"scopes\":null", ""), 400,
	  "must be a string or an array of strings: `scopes`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT ",\"user_scopes\":1", ""), 400,
	  "must be a string or an array of strings: `user_scopes`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT, ",\"status\":\"DISABLED\""),
	  400, "unknown member: `auth_config.status`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT, ",\"proxy_config\":{}"), 400,
	  "missing member: `proxy_config.proxy_url`" },
	{ "POST", LIST, FINE, OWN_AUTH(CLIENT, ",\"proxy_config\":1"), 400,
	  "member must be an object: `auth_config.proxy_config`" },
	{ "POST", LIST, FINE,
	  OWN_AUTH(CLIENT, ",\"tool_access_config\":{\"x\":[]}"), 400,
	  "unknown member: `tool_access_config.x`" },
	{ "POST", LIST, FINE,
	  OWN_AUTH(CLIENT, ",\"is_enabled_for_tool_router\":1"), 400,
	  "member must be true or false: "
	  "`auth_config.is_enabled_for_tool_router`" },
	{ "POST", LIST, FINE,
	  OWN_AUTH(CLIENT, ",\"restrict_to_following_tools\":\"T\""), 400,
	  "member must be an array of strings: "
	  "`auth_config.restrict_to_following_tools`" },
	{ "POST", LIST, FINE, MANAGED_AUTH("github", ",\"name\":\"\""), 400,
	  "member must not be empty: `auth_config.name`" },
	{ "POST", LIST, FINE,
	  MANAGED_AUTH("github", ",\"name\":\"" LONG_NAME "\""), 400,
	  "member is too long: `auth_config.name`" },
	{ "POST", LIST, FINE,
	  MANAGED_AUTH("github", ",\"authScheme\":\"OAUTH2\""), 400,
	  "unknown member: `auth_config.authScheme`" },
	{ "POST", LIST, FINE,
	  MANAGED_AUTH("github", ",\"credentials\":{\"client_id\":\"c\"}"),
	  400, "unknown member: `credentials.client_id`" },
	{ "POST", LIST, FINE,
	  MANAGED_AUTH("github", ",\"credentials\":{\"scopes\":7}"), 400,
	  "must be a string or an array of strings: `scopes`" },
	{ "POST", LIST, FINE, MANAGED_AUTH("google", ""), 400,
	  "Composio has no app of its own for: `google`" },
	{ "POST", LIST, FINE, "{\"toolkit\":{\"slug\":\"twilio\"}}", 400,
	  "Composio has no app of its own for: `twilio`" },
	/* updates */
	{ "PATCH", OWN_PATH, FINE, "{}", 400, "missing member: `type`" },
	{ "PATCH", OWN_PATH, FINE, DEFAULT(""), 400,
	  "the type of this auth config is another: `default`" },
	{ "PATCH", MANAGED_PATH, FINE, CUSTOM(""), 400,
	  "the type of this auth config is another: `custom`" },
	{ "PATCH", OWN_PATH, FINE, "{\"type\":\"use_custom_auth\"}", 400,
	  "unknown type: `use_custom_auth`" },
	{ "PATCH", OWN_PATH, FINE, CUSTOM(",\"scopes\":\"a\""), 400,
	  "unknown member: `scopes`" },
	{ "PATCH", OWN_PATH, FINE,
	  CUSTOM(",\"toolkit\":{\"slug\":\"github\"}"), 400,
	  "read-only member: `toolkit`" },
	{ "PATCH", OWN_PATH, FINE, CUSTOM(",\"authScheme\":\"API_KEY\""), 400,
	  "read-only member: `authScheme`" },
	{ "PATCH", OWN_PATH, FINE, CUSTOM(",\"auth_scheme\":\"API_KEY\""), 400,
	  "read-only member: `auth_scheme`" },
	{ "PATCH", OWN_PATH, FINE, CUSTOM(",\"is_composio_managed\":true"),
	  400, "read-only member: `is_composio_managed`" },
	{ "PATCH", MANAGED_PATH, FINE, DEFAULT(",\"status\":\"DISABLED\""),
	  400, "read-only member: `status`" },
	{ "PATCH", OWN_PATH, FINE,
	  CUSTOM(",\"credentials\":{\"client_secret\":\"\"}"), 400,
	  "this credential is required: `client_secret`" },
	{ "PATCH", OWN_PATH, FINE,
	  CUSTOM(",\"credentials\":{\"client_id\":null}"), 400,
	  "this credential is required: `client_id`" },
	{ "PATCH", OWN_PATH, FINE,
	  CUSTOM(",\"credentials\":{\"client_secret\":7}"), 400,
	  "member must be a string: `client_secret`" },
	{ "PATCH", OWN_PATH, FINE, CUSTOM(",\"credentials\":null"), 400,
	  "member must be an object: `credentials`" },
	{ "PATCH", OWN_PATH, FINE, CUSTOM(",\"name\":null"), 400,
	  "member must be a string: `name`" },
	{ "PATCH", MANAGED_PATH, FINE,
	  DEFAULT(",\"credentials\":{\"scopes\":\"a\"}"), 400,
	  "unknown member: `credentials`" },
	{ "PATCH", MANAGED_PATH, FINE, DEFAULT(",\"scopes\":7"), 400,
	  "must be a string or an array of strings: `scopes`" },
	{ "PATCH", MANAGED_PATH, FINE, DEFAULT(",\"proxy_config\":null"), 400,
	  "unknown member: `proxy_config`" },
	/* the admin side speaks as ever */
	{ "POST", LIST "/../../../_sandbox/seed", FINE, NULL, 404,
	  "there is no such path: "
	  "`" LIST "/../../../_sandbox/seed`" },
};
/* clang-format on */

static void assert_refused(const struct fixture *made,
                           const struct refusal *row)
{
	CLEANUP(answer_release)
	struct answer answer =
		ask(made, row->method, row->path, row->headers, row->body);
	const json_t *error = json_object_get(answer.json, "error");

	if (answer.status != row->status ||
	    !str_equal(text_at(error, "message"), row->message) ||
	    number_at(error, "status") != row->status ||
	    number_at(error, "code") == 0)
		fail_msg("%s %s %s: %ld %s, not %s", row->method, row->path,
		         row->body ? row->body : "", answer.status, answer.text,
		         row->message);
}

static void each_refusal_says_why_and_changes_nothing(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = environments(made);

	for (size_t i = 0; i < LENGTH(refusals); i++)
		assert_refused(made, &refusals[i]);

	json_auto_t *after = environments(made);

	assert_true(json_equal(before, after));
	assert_int_equal(diag_length(made->diag), 0);
	print_message("           %zu refusals\n", LENGTH(refusals));
}

static void the_admin_side_has_no_envelope(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer =
		get(made, "GET", "/_sandbox/store", FINE, NULL, 401);

	assert_json(answer, "{\"message\":\"send the admin token as "
	                    "`x-sandbox-admin: TOKEN`\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPOSIO(each_refusal_says_why_and_changes_nothing),
		COMPOSIO(the_admin_side_has_no_envelope),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
