/* SPDX-License-Identifier: MIT */
/* The pretend Composio: creation, what a read hides, pace, quirks. */
#include "base/text.h"
#include "composio_world.h"

#include <string.h>

/* ---- helpers ---- */

static bool is_managed(const json_t *object)
{
	return json_is_true(json_object_get(object, "is_composio_managed"));
}

/* Creates, and returns what a read then says. */
static json_t *create_and_get(const struct fixture *made, const char *path,
                              const char *body)
{
	json_auto_t *answer = ASK_IT("POST", path, body, 201);
	CLEANUP(textp)
	char *it = path_join(
		LIST, text_at(json_object_get(answer, "auth_config"), "id"));

	return ASK_IT("GET", it, NULL, 200);
}

static void assert_header(const struct answer *answer, const char *line)
{
	CLEANUP(textp) char *wanted = xasprintf("\r\n%s\r\n", line);

	if (!strstr(answer->headers, wanted))
		fail_msg("no %s in %s", line, answer->headers);
}

/* ---- creation ---- */

static void a_creation_answers_little(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK_IT("POST", LIST, OWN_AUTH(CLIENT, ""), 201);
	json_t *config = json_object_get(answer, "auth_config");

	assert_true(str_starts(text_at(config, "id"), "ac_"));
	json_object_del(config, "id");
	assert_json(answer,
	            "{\"toolkit\":{\"slug\":\"github\"},\"auth_config\":{"
	            "\"auth_scheme\":\"OAUTH2\",\"is_composio_managed\":false,"
	            "\"restrict_to_following_tools\":[]}}");
}

static void a_read_answers_the_whole_object(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(
		made, LIST,
		OWN_AUTH(CLIENT ",\"scopes\":\"repo, read:user\"",
	                 ",\"is_enabled_for_tool_router\":false"));

	assert_true(*text_at(object, "id") && *text_at(object, "uuid"));
	json_object_del(object, "id");
	json_object_del(object, "uuid");
	assert_json(
		object,
		"{\"type\":\"custom\",\"toolkit\":{\"slug\":\"github\","
		"\"logo\":\"https://logos.composio.dev/api/github\"},"
		"\"name\":\"n\",\"auth_scheme\":\"OAUTH2\","
		"\"is_composio_managed\":false,\"credentials\":{"
		"\"client_id\":\"c\",\"client_secret\":\"s3cr...\","
		"\"scopes\":[\"repo\",\"read:user\"],\"oauth_redirect_uri\":"
		"\"https://backend.composio.dev/api/v3.1/toolkits/auth/"
		"callback\"},\"status\":\"ENABLED\",\"created_by\":\"sandbox\","
		"\"created_at\":\"2026-11-23T17:28:08Z\","
		"\"last_updated_at\":\"2026-11-23T17:28:08Z\","
		"\"no_of_connections\":0,\"expected_input_fields\":[],"
		"\"restrict_to_following_tools\":[],\"tool_access_config\":{"
		"\"tools_for_connected_account_creation\":[],"
		"\"tools_available_for_execution\":[]},"
		"\"is_enabled_for_tool_router\":false}");
}

static void scopes_may_be_an_array_or_a_text(void **state)
{
	const struct fixture *made = *state;
	static const struct {
		const char *body, *scopes;
	} rows[] = {
		{ OWN_AUTH(CLIENT ",\"scopes\":[\"x\",\"y\"]", ""),
		  "[\"x\",\"y\"]" },
		{ OWN_AUTH(CLIENT ",\"scopes\":\"x,y\"", ""), "[\"x\",\"y\"]" },
		{ OWN_AUTH(CLIENT ",\"scopes\":\" x ,, y \"", ""),
		  "[\"x\",\"y\"]" },
		{ OWN_AUTH(CLIENT ",\"scopes\":\"\"", ""), "[]" },
		{ OWN_AUTH(CLIENT ",\"scopes\":[]", ""), "[]" },
		{ OWN_AUTH(CLIENT, ""), "[\"read:user\",\"repo\"]" },
		{ MANAGED_AUTH("github", ""), "[\"read:user\",\"repo\"]" },
		{ MANAGED_AUTH("github", ",\"credentials\":{\"scopes\":\"z\"}"),
		  "[\"z\"]" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		json_auto_t *object = create_and_get(made, LIST, rows[i].body);

		assert_scopes(object, rows[i].scopes);
	}
}

static void user_scopes_are_an_array_too(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(
		made, LIST, OWN_AUTH(CLIENT ",\"user_scopes\":\"u,v\"", ""));

	assert_json(json_object_get(credentials_of(object), "user_scopes"),
	            "[\"u\",\"v\"]");
}

static void the_redirect_can_be_given(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(
		made, LIST,
		OWN_AUTH(CLIENT ",\"oauth_redirect_uri\":\"https://x/\"", ""));

	assert_string_equal(
		text_at(credentials_of(object), "oauth_redirect_uri"),
		"https://x/");
}

static void the_default_redirect_depends_on_the_version(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(made, "/api/v3/auth_configs",
	                                     OWN_AUTH(CLIENT, ""));

	assert_string_equal(
		text_at(credentials_of(object), "oauth_redirect_uri"),
		"https://backend.composio.dev/api/v1/auth-apps/"
		"add");
}

static void a_managed_one_hides_all_but_its_scopes(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object =
		create_and_get(made, LIST, MANAGED_AUTH("slack", ""));
	json_auto_t *bare =
		create_and_get(made, LIST, "{\"toolkit\":{\"slug\":\"zoom\"}}");

	assert_string_equal(text_at(object, "type"), "default");
	assert_true(is_managed(object));
	assert_json(credentials_of(object),
	            "{\"client_id\":\"REDACTED\",\"client_secret\":"
	            "\"REDACTED\",\"scopes\":[\"channels:read\","
	            "\"chat:write\"],\"oauth_redirect_uri\":\"https://backend."
	            "composio.dev/api/v3.1/toolkits/auth/callback\"}");
	assert_true(is_managed(bare));
}

static void two_may_have_one_name(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *first = create_and_get(made, LIST, OWN_AUTH(CLIENT, ""));
	json_auto_t *second = create_and_get(made, LIST, OWN_AUTH(CLIENT, ""));

	assert_string_not_equal(text_at(first, "id"), text_at(second, "id"));
}

static void a_key_has_no_required_client(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(
		made, LIST,
		"{\"toolkit\":{\"slug\":\"sendgrid\"},\"auth_config\":{"
		"\"type\":\"use_custom_auth\",\"authScheme\":\"API_KEY\","
		"\"credentials\":{\"generic_api_key\":\"key-12345\"}}}");

	assert_string_equal(text_at(object, "auth_scheme"), "API_KEY");
	assert_string_equal(text_at(credentials_of(object), "generic_api_key"),
	                    "key-...");
}

/* ---- reading ---- */

static void a_read_masks_what_is_secret(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = ASK_IT("GET", OWN_PATH, NULL, 200);
	json_auto_t *whole = stored(made, OWN_ID);

	assert_json(credentials_of(object),
	            "{\"client_id\":\"c1\",\"client_secret\":\"firs...\","
	            "\"verification_token\":\"vt-1...\",\"scopes\":[\"a\","
	            "\"b\"],\"oauth_redirect_uri\":\"https://backend.composio."
	            "dev/api/v3.1/toolkits/auth/callback\"}");
	assert_int_equal(number_at(object, "no_of_connections"), 3);
	assert_string_equal(text_at(credentials_of(whole), "client_secret"),
	                    "first-secret");
}

static void a_short_secret_is_masked_whole(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(
		made, LIST,
		OWN_AUTH("\"client_id\":\"c\",\"client_secret\":\"short77\"",
	                 ""));

	assert_string_equal(text_at(credentials_of(object), "client_secret"),
	                    "...");
}

static void shared_secrets_are_redacted(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *object = create_and_get(
		made, LIST,
		OWN_AUTH(CLIENT,
	                 ",\"shared_credentials\":{\"k\":\"hidden\"},"
	                 "\"proxy_config\":{\"proxy_url\":\"https://p/\","
	                 "\"proxy_auth_key\":\"hidden\"}"));

	assert_json(json_object_get(object, "shared_credentials"),
	            "{\"k\":\"REDACTED\"}");
	assert_json(json_object_get(object, "proxy_config"),
	            "{\"proxy_url\":\"https://p/\",\"proxy_auth_key\":"
	            "\"REDACTED\"}");
}

static void both_versions_show_the_same(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *one = ASK_IT("GET", OWN_PATH, NULL, 200);
	json_auto_t *other =
		ASK_IT("GET", "/api/v3/auth_configs/" OWN_ID, NULL, 200);

	assert_true(json_equal(one, other));
}

/* ---- refusals, keys and pace ---- */

static void a_refusal_has_an_envelope(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK_IT("GET", MISSING_PATH, NULL, 404);
	json_t *error = json_object_get(answer, "error");

	assert_int_equal(strlen(text_at(error, "request_id")), 36);
	json_object_del(error, "request_id");
	assert_json(answer,
	            "{\"error\":{\"message\":\"there is no auth config with "
	            "this id: `ac_missing`\",\"slug\":\"Auth_Config_NotFound\","
	            "\"code\":607,\"status\":404,\"suggested_fix\":\"\","
	            "\"errors\":[\"there is no auth config with this id: "
	            "`ac_missing`\"]}}");
}

static int set_up_limited(void **state)
{
	return set_up_composio_with(
		state, (struct sandbox_settings){ .rate_limit = 2 });
}

static void all_keys_share_the_minute(void **state)
{
	struct fixture *made = *state;
	CLEANUP(answer_release)
	struct answer first = ask(made, "GET", OWN_PATH, FINE, NULL);

	json_decref(get(made, "GET", LIST, SECOND, NULL, 200));

	CLEANUP(answer_release)
	struct answer third = ask(made, "GET", OWN_PATH, FINE, NULL);

	assert_header(&first, "X-RateLimit: 2");
	assert_header(&first, "X-RateLimit-Remaining: 1");
	assert_header(&first, "X-RateLimit-Window-Size: 60s");
	assert_null(strstr(first.headers, "Retry-After"));
	assert_null(strstr(first.headers, "X-RateLimit-Reset"));
	assert_int_equal(third.status, 429);
	/* 17:28:08.25: 51.75 s are left. */
	assert_header(&third, "Retry-After: 52");
	assert_json(third.json,
	            "{\"message\":\"too many requests in this window\"}");
	made->clock.wall_ms += 51749;
	json_decref(ASK_IT("GET", OWN_PATH, NULL, 429));
	made->clock.wall_ms += 1;
	json_decref(ASK_IT("GET", OWN_PATH, NULL, 200));
}

static int set_up_quick(void **state)
{
	return set_up_composio_with(state, (struct sandbox_settings){
						   .rate_limit = 1,
						   .rate_window = 1,
					   });
}

static void the_window_can_be_set(void **state)
{
	struct fixture *made = *state;
	CLEANUP(answer_release)
	struct answer first = ask(made, "GET", OWN_PATH, FINE, NULL);

	assert_header(&first, "X-RateLimit-Window-Size: 1s");
	json_decref(ASK_IT("GET", OWN_PATH, NULL, 429));
	made->clock.wall_ms += 750;
	json_decref(ASK_IT("GET", OWN_PATH, NULL, 200));
}

/* ---- quirks ---- */

static void a_managed_one_can_hide_its_scopes(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "quirks", "{\"redact-all\":true}", 200));

	json_auto_t *object = ASK_IT("GET", MANAGED_PATH, NULL, 200);

	assert_json(credentials_of(object),
	            "{\"client_id\":\"REDACTED\",\"client_secret\":"
	            "\"REDACTED\",\"scopes\":\"REDACTED\","
	            "\"oauth_redirect_uri\":\"REDACTED\"}");
}

static void empty_scopes_can_be_filled(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "quirks", "{\"fill-scopes\":true}", 200));

	json_auto_t *object = create_and_get(
		made, LIST, OWN_AUTH(CLIENT ",\"scopes\":[]", ""));

	assert_scopes(object, "[\"read:user\",\"repo\"]");
}

static void a_credential_can_be_too_long(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(textp) char *text = xasprintf("%016385d", 0);
	CLEANUP(textp)
	char *longest =
		xasprintf(OWN_AUTH(CLIENT ",\"x\":\"%s\"", ""), text + 1);
	CLEANUP(textp)
	char *longer = xasprintf(OWN_AUTH(CLIENT ",\"x\":\"%s\"", ""), text);

	json_decref(ASK_IT("POST", LIST, longest, 201));

	json_auto_t *answer = ASK_IT("POST", LIST, longer, 400);

	assert_string_equal(
		text_at(json_object_get(answer, "error"), "message"),
		"member is too long: `x`");
}

static int set_up_reader(void **state)
{
	static const char *const quirks[] = { "read-only-key", NULL };

	return set_up_composio_with(
		state, (struct sandbox_settings){ .quirks = quirks });
}

static void a_key_can_be_one_that_only_reads(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("GET", OWN_PATH, NULL, 200));
	json_decref(ASK_IT("DELETE", OWN_PATH, NULL, 403));
	json_decref(ASK_IT("POST", LIST, OWN_AUTH(CLIENT, ""), 403));
}

static void quirks_are_shown_and_set(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = ADMIN_ASK("GET", "quirks", NULL, 200);
	json_auto_t *after =
		ADMIN_ASK("POST", "quirks",
	                  "{\"early-end\":true,\"clamp-limit\":true}", 200);
	json_auto_t *off =
		ADMIN_ASK("POST", "quirks", "{\"clamp-limit\":false}", 200);
	json_auto_t *wrong =
		ADMIN_ASK("POST", "quirks", "{\"clamp\":true}", 400);
	json_auto_t *text =
		ADMIN_ASK("POST", "quirks", "{\"clamp-limit\":\"yes\"}", 400);

	assert_json(before, "{\"clamp-limit\":false,\"early-end\":false,"
	                    "\"redact-all\":false,\"read-only-key\":false,"
	                    "\"fill-scopes\":false}");
	assert_json(after, "{\"clamp-limit\":true,\"early-end\":true,"
	                   "\"redact-all\":false,\"read-only-key\":false,"
	                   "\"fill-scopes\":false}");
	assert_json(off, "{\"clamp-limit\":false,\"early-end\":true,"
	                 "\"redact-all\":false,\"read-only-key\":false,\"fill-"
	                 "scopes\":false}");
	assert_string_equal(text_at(wrong, "message"),
	                    "no such quirk here; known: `clamp-limit, "
	                    "early-end, redact-all, read-only-key, "
	                    "fill-scopes`");
	assert_string_equal(text_at(text, "message"),
	                    "member must be true or false: `clamp-limit`");
}

static void an_unknown_quirk_or_dialect_is_an_error(void **state)
{
	struct fixture *made = *state;
	static const char *const quirks[] = { "nonsense", NULL };

	assert_int_equal(
		start_with(made,
	                   (struct sandbox_settings){ .dialect = "composio",
	                                              .quirks = quirks }),
		-1);
	assert_int_equal(
		start_with(made,
	                   (struct sandbox_settings){ .dialect = "compost" }),
		-1);
	assert_true(strstr(diag_at(made->diag, 0)->text, "`nonsense`"));
	assert_true(strstr(diag_at(made->diag, 1)->text,
	                   "unknown dialect `compost`"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPOSIO(a_creation_answers_little),
		COMPOSIO(a_read_answers_the_whole_object),
		COMPOSIO(scopes_may_be_an_array_or_a_text),
		COMPOSIO(user_scopes_are_an_array_too),
		COMPOSIO(the_redirect_can_be_given),
		COMPOSIO(the_default_redirect_depends_on_the_version),
		COMPOSIO(a_managed_one_hides_all_but_its_scopes),
		COMPOSIO(two_may_have_one_name),
		COMPOSIO(a_key_has_no_required_client),
		COMPOSIO(a_read_masks_what_is_secret),
		COMPOSIO(a_short_secret_is_masked_whole),
		COMPOSIO(shared_secrets_are_redacted),
		COMPOSIO(both_versions_show_the_same),
		COMPOSIO(a_refusal_has_an_envelope),
		WITH(set_up_limited, all_keys_share_the_minute),
		WITH(set_up_quick, the_window_can_be_set),
		COMPOSIO(a_managed_one_can_hide_its_scopes),
		COMPOSIO(empty_scopes_can_be_filled),
		COMPOSIO(a_credential_can_be_too_long),
		WITH(set_up_reader, a_key_can_be_one_that_only_reads),
		COMPOSIO(quirks_are_shown_and_set),
		WITH(set_up_nothing, an_unknown_quirk_or_dialect_is_an_error),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
