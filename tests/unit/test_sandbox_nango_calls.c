/* SPDX-License-Identifier: MIT */
/* The pretend Nango beside its integrations: scopes of keys, connections and
 * pace. */
#include "base/text.h"
#include "nango_world.h"
#include "schema/codes.h"

#include <inttypes.h>
#include <string.h>

#define SCOPE "environment:integrations:"
#define CONNECTION "environment:connections:"

/* ---- scopes of keys ---- */

/* Environment two has a key with these scopes. */
static int start_scoped_as(struct fixture *made, const char *dialect,
                           const char *scopes)
{
	struct sandbox_key items[] = {
		{ .name = xstrdup("one"), .key = xstrdup("one-key") },
		{ .name = xstrdup("two"),
		  .key = xstrdup("two-key"),
		  .scopes = xstrdup(scopes) },
	};
	const struct sandbox_keys keys = { items, LENGTH(items) };
	int started = start_with(made, (struct sandbox_settings){
					       .dialect = dialect,
					       .keys = &keys,
				       });

	for (size_t i = 0; i < LENGTH(items); i++) {
		free(items[i].name);
		free(items[i].key);
		free(items[i].scopes);
	}
	return started;
}

static int start_scoped(struct fixture *made, const char *scopes)
{
	return start_scoped_as(made, "nango", scopes);
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

static void assert_not_started(struct fixture *made, const char *dialect,
                               const char *scopes, const char *why)
{
	size_t before = diag_length(made->diag);

	assert_int_equal(start_scoped_as(made, dialect, scopes), -1);
	assert_int_equal(diag_length(made->diag), before + 1);
	assert_int_equal(diag_at(made->diag, before)->code,
	                 CODE_SANDBOX_SETTINGS);

	CLEANUP(textp) char *text = diag_text(made->diag);

	assert_non_null(strstr(text, why));
}

static void a_scope_that_there_is_not_is_refused_at_the_start(void **state)
{
	struct fixture *made = *state;

	assert_not_started(made, "nango", SCOPE "list," SCOPE "reed",
	                   "a key of the dialect `nango` cannot have the scope "
	                   "`" SCOPE "reed`; use one like `" SCOPE "read`");
	assert_not_started(made, "nango", "x",
	                   "a key of the dialect `nango` cannot have the scope "
	                   "`x`; use one like `environment:*`");
	assert_not_started(made, "alloy", "x",
	                   "keys of the dialect `alloy` have no scopes; leave "
	                   "`scopes=x` out");
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
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
