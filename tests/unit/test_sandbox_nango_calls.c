/* SPDX-License-Identifier: MIT */
/* The pretend Nango beside its integrations: scopes of keys, connections,
 * pace, lost updates, and the admin side. */
#include "base/text.h"
#include "nango_world.h"
#include "schema/codes.h"

#include <inttypes.h>
#include <string.h>

#define SCOPE "environment:integrations:"
#define CONNECTION "environment:connections:"

/* ---- scopes of keys ---- */

/* Environment two has a key with these scopes. */
static int start_scoped(struct fixture *made, const char *scopes)
{
	struct sandbox_key items[] = {
		{ .name = xstrdup("one"), .key = xstrdup("one-key") },
		{ .name = xstrdup("two"),
		  .key = xstrdup("two-key"),
		  .scopes = xstrdup(scopes) },
	};
	const struct sandbox_keys keys = { items, LENGTH(items) };
	int started = start_with(made, (struct sandbox_settings){
					       .dialect = "nango",
					       .keys = &keys,
				       });

	for (size_t i = 0; i < LENGTH(items); i++) {
		free(items[i].name);
		free(items[i].key);
		free(items[i].scopes);
	}
	return started;
}

static const char scoped_store[] =
	"{\"environments\":{\"one\":[],\"two\":["
	"{\"unique_key\":\"k\",\"provider\":\"github\",\"credentials\":{"
	"\"client_id\":\"c\",\"client_secret\":\"s\"}}]}}";

struct permission {
	const char *scopes, *method, *path, *body;
	long status;
	const char *message; /* of a 403 */
};

#define LACKS(scope) "Insufficient scope. Required: " scope
#define LACKS_BOTH(one, other) \
	"Insufficient scope. Required one of: " one " or " other

/* clang-format off */
static const struct permission permissions[] = {
	{ SCOPE "read", "GET", LIST, NULL, 403,
	  LACKS_BOTH(SCOPE "list", SCOPE "list_credentials") },
	{ SCOPE "list", "GET", LIST, NULL, 200, NULL },
	{ SCOPE "list_credentials", "GET", LIST, NULL, 200, NULL },
	{ SCOPE "list", "GET", LIST "/k", NULL, 403,
	  LACKS_BOTH(SCOPE "read", SCOPE "read_credentials") },
	{ SCOPE "read", "GET", LIST "/k", NULL, 200, NULL },
	{ SCOPE "read_credentials", "GET", LIST "/k", NULL, 200, NULL },
	{ SCOPE "update", "POST", LIST, NEW_GITHUB("x"), 403,
	  LACKS(SCOPE "create") },
	{ SCOPE "create", "POST", LIST, NEW("algolia", "a", ""), 200, NULL },
	{ SCOPE "read", "POST", LIST "/quickstart", NEW("github", "q", ""),
	  403, LACKS(SCOPE "create") },
	{ SCOPE "create", "PATCH", LIST "/k", "{}", 403,
	  LACKS(SCOPE "update") },
	{ SCOPE "list," SCOPE "update", "PATCH", LIST "/k", "{}", 200, NULL },
	{ SCOPE "update", "DELETE", LIST "/k", NULL, 403,
	  LACKS(SCOPE "delete") },
	{ SCOPE "delete", "DELETE", LIST "/k", NULL, 200, NULL },
	{ SCOPE "*", "GET", "/connections", NULL, 403,
	  LACKS_BOTH(CONNECTION "list", CONNECTION "list_credentials") },
	{ CONNECTION "list", "GET", "/connections", NULL, 200, NULL },
	{ SCOPE "*", "DELETE", LIST "/k", NULL, 200, NULL },
	{ "environment:*", "DELETE", LIST "/k", NULL, 200, NULL },
	{ "", "GET", LIST, NULL, 403,
	  LACKS_BOTH(SCOPE "list", SCOPE "list_credentials") },
};
/* clang-format on */

static void assert_permission(struct fixture *made,
                              const struct permission *row)
{
	assert_int_equal(start_scoped(made, row->scopes), 0);
	load_store(made, scoped_store);

	CLEANUP(answer_release)
	struct answer answer =
		ask(made, row->method, row->path, SECOND, row->body);
	json_auto_t *wanted = json_pack("{s:{s:s, s:s?}}", "error", "code",
	                                "forbidden", "message", row->message);

	if (answer.status != row->status ||
	    (row->message && !json_equal(answer.json, wanted)))
		fail_msg("%s: %s %s: %ld %s", row->scopes, row->method,
		         row->path, answer.status, answer.text);
	stop(made);
}

static void keys_do_what_their_scopes_say(void **state)
{
	struct fixture *made = *state;

	for (size_t i = 0; i < LENGTH(permissions); i++)
		assert_permission(made, &permissions[i]);
}

static void credentials_are_silently_left_out(void **state)
{
	struct fixture *made = *state;

	assert_int_equal(start_scoped(made, SCOPE "list," SCOPE "read"), 0);
	load_store(made, scoped_store);
	json_auto_t *bare = get(made, "GET", LIST "/k", SECOND, NULL, 200);
	json_auto_t *answer =
		get(made, "GET", LIST "/k" CREDENTIALS, SECOND, NULL, 200);

	assert_true(json_equal(bare, answer));
	stop(made);

	assert_int_equal(start_scoped(made, SCOPE "read_credentials"), 0);
	load_store(made, scoped_store);
	json_auto_t *whole =
		get(made, "GET", LIST "/k" CREDENTIALS, SECOND, NULL, 200);

	assert_string_equal(
		text_at(json_object_get(json_object_get(whole, "data"),
	                                "credentials"),
	                "client_secret"),
		"s");
}

static void a_scope_that_there_is_not_is_refused_at_the_start(void **state)
{
	struct fixture *made = *state;

	assert_int_equal(start_scoped(made, SCOPE "list," SCOPE "reed"), -1);

	CLEANUP(textp) char *text = diag_text(made->diag);

	assert_int_equal(diag_at(made->diag, 0)->code, CODE_SANDBOX_SETTINGS);
	assert_non_null(strstr(text, "a key of the dialect `nango` cannot have "
	                             "the scope "
	                             "`environment:integrations:reed`"));
}

static void scopes_are_read_from_the_key_file(void **state)
{
	static const char text[] = "# keys\n"
				   "dev: k-1 scopes=a:b,c\n"
				   "k-2 scopes=\n"
				   "prod: k-3\n";
	struct fixture *made = *state;
	CLEANUP(sandbox_keys_release) struct sandbox_keys keys = { 0 };
	CLEANUP(textp) char *path = path_join(made->folder, "keys");

	assert_int_equal(file_write(path, 0600, text, strlen(text), made->diag),
	                 0);
	assert_int_equal(sandbox_keys_read(path, &keys, made->diag), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(keys.count, 3);
	assert_string_equal(keys.items[0].key, "k-1");
	assert_string_equal(keys.items[0].scopes, "a:b,c");
	assert_string_equal(keys.items[1].key, "k-2");
	assert_string_equal(keys.items[1].scopes, "");
	assert_string_equal(keys.items[2].key, "k-3");
	assert_null(keys.items[2].scopes);
}

/* ---- connections ---- */

/* "a,b" of the ids in an answer; to be freed. */
static char *connections(const struct fixture *made, const char *query)
{
	CLEANUP(textp) char *path = xasprintf("/connections%s", query);
	json_auto_t *answer = ASK_IT("GET", path, NULL, 200);
	const json_t *list = json_object_get(answer, "connections");
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	assert_true(json_is_array(list));
	for (size_t i = 0; i < json_array_size(list); i++)
		fprintf(out, "%s%s", i ? "," : "",
		        text_at(json_array_get(list, i), "connection_id"));
	(void)fclose(out);
	return text;
}

static void connections_can_be_counted(void **state)
{
	static const char *const rows[][2] = {
		{ "", "acme-github-1,acme-slack-1,acme-slack-2" },
		{ "?integrationId=acme-slack", "acme-slack-1,acme-slack-2" },
		{ "?integrationId=nope", "" },
		{ "?integrationId=nope%2C%20acme-github%20,managed",
		  "acme-github-1" },
		{ "?connectionId=acme-slack-2", "acme-slack-2" },
		{ "?search=SLACK", "acme-slack-1,acme-slack-2" },
		{ "?endUserId=u1", "" },
		{ "?endUserOrganizationId=o1", "" },
		{ "?limit=2", "acme-github-1,acme-slack-1" },
		{ "?limit=2&page=1", "acme-slack-2" },
		{ "?limit=2&page=2", "" },
		{ "?page=9223372036854775807", "" },
	};
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("PATCH", "objects/acme-github",
	                      "{\"connections\":1}", 200));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *ids = connections(made, rows[i][0]);

		assert_string_equal(ids, rows[i][1]);
	}
}

static void a_connection_is_shown_without_credentials(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *answer = ASK_IT("GET", "/connections?limit=1", NULL, 200);

	assert_json(answer,
	            "{\"connections\":[{\"id\":1,"
	            "\"connection_id\":\"acme-slack-1\","
	            "\"provider_config_key\":\"acme-slack\","
	            "\"provider\":\"slack\",\"errors\":[],\"end_user\":null,"
	            "\"tags\":{},\"metadata\":null,\"created\":\"" NOW "\"}]}");
}

/* ---- pace ---- */

static int set_up_limited(void **state)
{
	return set_up_nango_with(state,
	                         (struct sandbox_settings){ .rate_limit = 3 });
}

static void assert_header(const struct answer *answer, const char *line)
{
	CLEANUP(textp) char *wanted = xasprintf("%s\r\n", line);

	if (!strstr(answer->headers, wanted))
		fail_msg("no %s in %s", line, answer->headers);
}

/* The minute of the clock began 8.25 s before its time. */
static void all_keys_of_the_account_share_one_minute(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp)
	char *reset = xasprintf("X-RateLimit-Reset: %" PRId64,
	                        (int64_t)(WALL_S - WALL_S % 60 + 60));
	CLEANUP(answer_release)
	struct answer first = ask(made, "GET", LIST, FINE, NULL);

	json_decref(get(made, "GET", LIST, SECOND, NULL, 200));
	json_decref(get(made, "GET", "/connections", FINE, NULL, 200));

	CLEANUP(answer_release)
	struct answer fourth = ask(made, "GET", GITHUB, SECOND, NULL);

	assert_header(&first, "X-RateLimit-Limit: 3");
	assert_header(&first, "X-RateLimit-Remaining: 2");
	assert_header(&first, reset);
	assert_null(strstr(first.headers, "Retry-After"));
	assert_int_equal(fourth.status, 429);
	assert_header(&fourth, "X-RateLimit-Remaining: 0");
	assert_header(&fourth, "Retry-After: 51");
	assert_json(fourth.json,
	            "{\"error\":{\"code\":\"too_many_request\","
	            "\"method\":\"GET\",\"path\":\"" GITHUB "\"}}");
	made->clock.wall_ms += 52000;
	json_decref(ASK_IT("GET", LIST, NULL, 200));
}

static void an_unknown_key_uses_nothing_up(void **state)
{
	struct fixture *made = *state;

	for (int i = 0; i < 5; i++)
		json_decref(get(made, "GET", LIST, KEY_UNKNOWN, NULL, 401));
	json_decref(ASK_IT("GET", LIST, NULL, 200));
}

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

/* ---- the admin side ---- */

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
		WITH(set_up_nothing, keys_do_what_their_scopes_say),
		WITH(set_up_nothing, credentials_are_silently_left_out),
		WITH(set_up_nothing,
		     a_scope_that_there_is_not_is_refused_at_the_start),
		WITH(set_up_nothing, scopes_are_read_from_the_key_file),
		NANGO(connections_can_be_counted),
		NANGO(a_connection_is_shown_without_credentials),
		WITH(set_up_limited, all_keys_of_the_account_share_one_minute),
		WITH(set_up_limited, an_unknown_key_uses_nothing_up),
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
