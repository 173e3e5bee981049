/* SPDX-License-Identifier: MIT */
/* The pretend Nango's integrations: what is stored, and how it is read. */
#include "base/text.h"
#include "nango_world.h"

#include <string.h>

static void later(struct fixture *made)
{
	made->clock.wall_ms += 60000;
}

/* What environment one holds of a key, with its secrets; to be freed. */
static json_t *stored(const struct fixture *made, const char *key)
{
	json_auto_t *all = environments(made);
	const json_t *one = json_object_get(all, "one");

	for (size_t i = 0; i < json_array_size(one); i++) {
		json_t *each = json_array_get(one, i);

		if (str_equal(text_at(each, "unique_key"), key))
			return json_incref(each);
	}
	return NULL;
}

/* ---- reads ---- */

/* As a list shows one that was just made. */
#define SHOWN(key, provider, name)                                             \
	"{\"unique_key\":\"" key "\",\"provider\":\"" provider                 \
	"\",\"display_name\":\"" name "\",\"logo\":\"" LOGO(                   \
		provider) "\",\"forward_webhooks\":true,\"created_at\":\"" NOW \
			  "\",\"updated_at\":\"" NOW "\"}"

static void a_list_goes_by_provider_and_tells_no_credentials(void **state)
{
	const struct fixture *made = *state;

	json_decref(
		ASK_IT("POST", LIST, NEW("asana", "z", "," OAUTH2("")), 200));
	json_auto_t *answer = ASK_IT("GET", LIST, NULL, 200);

	assert_json(
		answer,
		"{\"data\":[" SHOWN("z", "asana", "Asana") "," SHOWN(
			"acme-github", "github",
			"Acme GitHub") "," SHOWN("managed", "github",
	                                         "GitHub (User "
	                                         "OAuth)") "," SHOWN("acme-"
	                                                             "slack",
	                                                             "slack",
	                                                             "Slack") "]}");
}

static void a_read_shows_the_secret_when_it_is_asked_for(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *bare = ASK_IT("GET", GITHUB, NULL, 200);
	json_auto_t *both =
		ASK_IT("GET", GITHUB "?include=webhook&include=credentials",
	               NULL, 200);
	json_t *data = json_object_get(both, "data");

	assert_null(
		json_object_get(json_object_get(bare, "data"), "credentials"));
	assert_null(
		json_object_get(json_object_get(bare, "data"), "webhook_url"));
	assert_true(json_is_null(json_object_get(data, "webhook_url")));
	assert_json(json_object_get(data, "credentials"),
	            "{\"type\":\"OAUTH2\",\"client_id\":\"c2\","
	            "\"client_secret\":\"second-secret\",\"scopes\":\"repo\","
	            "\"webhook_secret\":null}");
	json_object_del(data, "credentials");
	json_object_del(data, "webhook_url");
	assert_true(json_equal(bare, both));
	assert_credentials(made, "acme-slack",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c1\","
	                   "\"client_secret\":\"first-secret\","
	                   "\"scopes\":\"b,a\","
	                   "\"webhook_secret\":\"hook-secret\"}");
}

static void a_webhook_has_an_address_where_the_provider_has_webhooks(
	void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer =
		ASK_IT("GET", LIST "/acme-slack?include=webhook", NULL, 200);
	const char *url =
		text_at(json_object_get(answer, "data"), "webhook_url");

	assert_true(str_starts(url, "https://api.nango.dev/webhook/"));
	assert_true(str_ends(url, "/acme-slack"));
}

static void environments_are_apart(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *empty = get(made, "GET", LIST, SECOND, NULL, 200);

	assert_json(empty, "{\"data\":[]}");
	json_decref(get(made, "POST", LIST, SECOND,
	                NEW("github", "acme-github", "," OAUTH2("")), 200));
}

/* ---- creations ---- */

static void a_created_one_is_answered_without_its_credentials(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer =
		ASK_IT("POST", LIST,
	               NEW("github", "k",
	                   ",\"display_name\":\"N\",\"forward_webhooks\":"
	                   "false," OAUTH2(",\"scopes\":\"b,a,b\"")),
	               200);

	assert_json(answer,
	            "{\"data\":{\"unique_key\":\"k\",\"provider\":\"github\","
	            "\"display_name\":\"N\",\"logo\":\"" LOGO(
			    "github") "\","
	                              "\"forward_webhooks\":false,\"created_"
	                              "at\":\"" NOW "\","
	                              "\"updated_at\":\"" NOW "\"}}");
	/* Order and what comes twice are kept. */
	assert_credentials(made, "k",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c\","
	                   "\"client_secret\":\"s3cret-value\","
	                   "\"scopes\":\"b,a,b\",\"webhook_secret\":null}");
}

static void scopes_left_out_or_empty_become_the_providers(void **state)
{
	static const struct {
		const char *provider, *scopes, *wanted;
	} rows[] = {
		{ "xero", "", "offline_access,openid" },
		{ "xero", ",\"scopes\":\"\"", "offline_access,openid" },
		{ "xero", ",\"scopes\":\"openid\"", "openid" },
		{ "github", "", NULL },
		{ "github", ",\"scopes\":\"\"", NULL },
	};
	const struct fixture *made = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *key = xasprintf("row-%zu", i);
		CLEANUP(textp)
		char *body = xasprintf(NEW("%s", "%s", "," OAUTH2("%s")),
		                       rows[i].provider, key, rows[i].scopes);

		json_decref(ASK_IT("POST", LIST, body, 200));
		json_auto_t *credentials = credentials_of(made, key);
		const char *scopes = json_string_value(
			json_object_get(credentials, "scopes"));

		assert_true(str_equal(scopes, rows[i].wanted));
	}
}

static void a_quickstart_shows_empty_credentials(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK_IT(
		"POST", LIST "/quickstart",
		NEW("github", "quick", ",\"forward_webhooks\":false"), 200);
	const json_t *data = json_object_get(answer, "data");

	assert_string_equal(text_at(data, "display_name"),
	                    "GitHub (User OAuth)");
	assert_true(json_is_false(json_object_get(data, "forward_webhooks")));
	assert_credentials(made, "quick",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"\","
	                   "\"client_secret\":\"\","
	                   "\"scopes\":\"repo,read:user\","
	                   "\"webhook_secret\":null}");
	/* So does one that an admin gave no credentials. */
	assert_credentials(made, "managed",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"\","
	                   "\"client_secret\":\"\","
	                   "\"scopes\":\"repo,read:user\","
	                   "\"webhook_secret\":null}");
}

/* The link to Nango's app stays, whatever is sent. */
static void own_credentials_do_not_show_on_a_managed_one(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("PATCH", LIST "/managed",
	                   PATCH(",\"scopes\":\"mine\""), 200));
	assert_credentials(made, "managed",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"\","
	                   "\"client_secret\":\"\","
	                   "\"scopes\":\"repo,read:user\","
	                   "\"webhook_secret\":null}");
}

static void keys_of_apis_have_null_credentials(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("POST", LIST, NEW("algolia", "api", ""), 200));
	json_auto_t *answer = ASK_IT("GET", LIST "/api" CREDENTIALS, NULL, 200);

	assert_true(json_is_null(json_object_get(
		json_object_get(answer, "data"), "credentials")));
}

static void other_modes_have_their_own_credentials(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("POST", LIST,
	                   NEW("github-app", "app",
	                       ",\"credentials\":{\"type\":\"APP\","
	                       "\"app_id\":\"17\",\"app_link\":\"https://l\","
	                       "\"private_key\":\"" KEY_TEXT "\"}"),
	                   200));
	json_decref(ASK_IT("POST", LIST,
	                   NEW("github-app-oauth", "custom",
	                       ",\"credentials\":{\"type\":\"CUSTOM\","
	                       "\"client_id\":\"c\",\"client_secret\":\"cs\","
	                       "\"app_id\":\"17\",\"app_link\":\"https://l\","
	                       "\"private_key\":\"" KEY_TEXT "\"}"),
	                   200));
	json_decref(ASK_IT("POST", LIST, NEW("netsuite-tba", "tba", ""), 200));
	assert_credentials(made, "app",
	                   "{\"type\":\"APP\",\"app_id\":\"17\","
	                   "\"private_key\":\"" KEY_TEXT "\","
	                   "\"app_link\":\"https://l\"}");
	assert_credentials(made, "custom",
	                   "{\"type\":\"CUSTOM\",\"client_id\":\"c\","
	                   "\"client_secret\":\"cs\",\"app_id\":\"17\","
	                   "\"app_link\":\"https://l\","
	                   "\"private_key\":\"" KEY_TEXT "\"}");
	assert_credentials(made, "tba",
	                   "{\"type\":\"TBA\",\"client_id\":null,"
	                   "\"client_secret\":null,"
	                   "\"scopes\":\"rest_webservices\","
	                   "\"webhook_secret\":null}");
}

/* ---- updates ---- */

static void an_update_changes_what_it_names(void **state)
{
	struct fixture *made = *state;

	later(made);
	json_auto_t *answer = ASK_IT(
		"PATCH", GITHUB,
		"{\"display_name\":\"New\",\"forward_webhooks\":false}", 200);

	assert_json(answer,
	            "{\"data\":{\"unique_key\":\"acme-github\","
	            "\"provider\":\"github\",\"display_name\":\"New\","
	            "\"logo\":\"" LOGO("github") "\","
	                                         "\"forward_webhooks\":false,"
	                                         "\"created_at\":\"" NOW "\","
	                                         "\"updated_at\":\"2026-11-"
	                                         "23T17:29:08.250Z\"}}");
	assert_credentials(made, "acme-github",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c2\","
	                   "\"client_secret\":\"second-secret\","
	                   "\"scopes\":\"repo\",\"webhook_secret\":null}");
}

static void an_empty_update_moves_the_time(void **state)
{
	struct fixture *made = *state;

	later(made);
	json_auto_t *answer = ASK_IT("PATCH", GITHUB, "{}", 200);

	assert_string_equal(
		text_at(json_object_get(answer, "data"), "updated_at"),
		"2026-11-23T17:29:08.250Z");
	assert_string_equal(
		text_at(json_object_get(answer, "data"), "created_at"), NOW);
}

static void credentials_keep_the_scopes_they_leave_out(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("PATCH", LIST "/acme-slack", PATCH(""), 200));
	assert_credentials(made, "acme-slack",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c\","
	                   "\"client_secret\":\"s3cret-value\","
	                   "\"scopes\":\"b,a\","
	                   "\"webhook_secret\":\"hook-secret\"}");
}

static void empty_scopes_and_webhook_secrets_are_cleared(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("PATCH", LIST "/acme-slack",
	                   PATCH(",\"scopes\":\"\",\"webhook_secret\":\"\""),
	                   200));
	assert_credentials(made, "acme-slack",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c\","
	                   "\"client_secret\":\"s3cret-value\","
	                   "\"scopes\":null,\"webhook_secret\":null}");
	/* And an update never brings the provider's own. */
	json_decref(
		ASK_IT("POST", LIST, NEW("xero", "x", "," OAUTH2("")), 200));
	json_decref(ASK_IT("PATCH", LIST "/x", PATCH(",\"scopes\":\"\""), 200));
	json_auto_t *credentials = credentials_of(made, "x");

	assert_true(json_is_null(json_object_get(credentials, "scopes")));
}

static void an_empty_webhook_secret_stays_outside_of_oauth2(void **state)
{
	const struct fixture *made = *state;
	static const char oauth1[] =
		"{\"credentials\":{\"type\":\"OAUTH1\",\"client_id\":\"c\","
		"\"client_secret\":\"s\",\"webhook_secret\":\"%s\"}}";
	CLEANUP(textp) char *with = xasprintf(oauth1, "w");
	CLEANUP(textp) char *without = xasprintf(oauth1, "");

	json_decref(ASK_IT("POST", LIST,
	                   NEW("trello", "t",
	                       ",\"credentials\":{\"type\":\"OAUTH1\","
	                       "\"client_id\":\"c\",\"client_secret\":\"s\"}"),
	                   200));
	json_decref(ASK_IT("PATCH", LIST "/t", with, 200));
	json_decref(ASK_IT("PATCH", LIST "/t", without, 200));
	json_auto_t *credentials = credentials_of(made, "t");

	assert_string_equal(text_at(credentials, "webhook_secret"), "w");
}

static void one_without_connections_can_be_renamed(void **state)
{
	const struct fixture *made = *state;

	json_decref(
		ASK_IT("PATCH", GITHUB, "{\"unique_key\":\"acme-gh2\"}", 200));
	json_decref(ASK_IT("GET", GITHUB, NULL, 404));
	json_decref(ASK_IT("GET", LIST "/acme-gh2", NULL, 200));
	assert_credentials(made, "acme-gh2",
	                   "{\"type\":\"OAUTH2\",\"client_id\":\"c2\","
	                   "\"client_secret\":\"second-secret\","
	                   "\"scopes\":\"repo\",\"webhook_secret\":null}");
	/* Its own name is no other one's. */
	json_decref(ASK_IT("PATCH", LIST "/acme-slack",
	                   "{\"unique_key\":\"acme-slack\"}", 200));
}

static void settings_are_merged_and_hardly_shown(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer =
		ASK_IT("POST", LIST,
	               NEW("private-api-generic", "p",
	                   ",\"integration_config\":{\"keyName\":\"X-Key\","
	                   "\"baseUrl\":\"https://a\",\"keyLabel\":\"L\"}"),
	               200);

	assert_json(json_object_get(json_object_get(answer, "data"),
	                            "credentials_label"),
	            "{\"apiKey\":\"L\"}");
	json_decref(ASK_IT("PATCH", LIST "/p",
	                   "{\"integration_config\":{\"keyName\":\"Y-Key\","
	                   "\"keyLabel\":\"\"}}",
	                   200));
	json_decref(ASK_IT("PATCH", LIST "/p",
	                   "{\"integration_config\":{\"keyName\":\"\"}}", 400));
	json_auto_t *private = stored(made, "p");

	assert_json(json_object_get(private, "integration_config"),
	            "{\"keyPlacement\":\"header\",\"keyName\":\"Y-Key\","
	            "\"valueTemplate\":\"${apiKey}\","
	            "\"baseUrl\":\"https://a\",\"keyLabel\":\"\"}");

	json_decref(ASK_IT("PATCH", GITHUB,
	                   "{\"custom\":{\"a\":\"1\",\"b\":\"2\"}}", 200));
	json_decref(ASK_IT("PATCH", GITHUB, "{\"custom\":{\"b\":\"3\"}}", 200));
	json_auto_t *github = stored(made, "acme-github");

	assert_json(json_object_get(github, "custom"),
	            "{\"a\":\"1\",\"b\":\"3\"}");
}

/* ---- deletions ---- */

static void a_deletion_takes_the_connections_with_it(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = ASK_IT("GET", "/connections", NULL, 200);
	json_auto_t *answer = ASK_IT("DELETE", LIST "/acme-slack", NULL, 200);
	json_auto_t *after = ASK_IT("GET", "/connections", NULL, 200);

	assert_int_equal(
		json_array_size(json_object_get(before, "connections")), 2);
	assert_json(answer, "{\"success\":true}");
	assert_json(after, "{\"connections\":[]}");
	json_decref(ASK_IT("DELETE", LIST "/acme-slack", NULL, 404));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		NANGO(a_list_goes_by_provider_and_tells_no_credentials),
		NANGO(a_read_shows_the_secret_when_it_is_asked_for),
		NANGO(a_webhook_has_an_address_where_the_provider_has_webhooks),
		NANGO(environments_are_apart),
		NANGO(a_created_one_is_answered_without_its_credentials),
		NANGO(scopes_left_out_or_empty_become_the_providers),
		NANGO(a_quickstart_shows_empty_credentials),
		NANGO(own_credentials_do_not_show_on_a_managed_one),
		NANGO(keys_of_apis_have_null_credentials),
		NANGO(other_modes_have_their_own_credentials),
		NANGO(an_update_changes_what_it_names),
		NANGO(an_empty_update_moves_the_time),
		NANGO(credentials_keep_the_scopes_they_leave_out),
		NANGO(empty_scopes_and_webhook_secrets_are_cleared),
		NANGO(an_empty_webhook_secret_stays_outside_of_oauth2),
		NANGO(one_without_connections_can_be_renamed),
		NANGO(settings_are_merged_and_hardly_shown),
		NANGO(a_deletion_takes_the_connections_with_it),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
