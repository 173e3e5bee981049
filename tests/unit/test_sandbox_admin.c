/* SPDX-License-Identifier: MIT */
/* The sandbox's admin side, its store and its settings. */
#include "base/text.h"
#include "database/database.h"
#include "schema/codes.h"
#include "visitor.h"

#include <string.h>

/* ---- list modes ---- */

static void set_mode(const struct fixture *made, const char *body)
{
	json_decref(ADMIN_ASK("POST", "list-mode", body, 200));
}

static struct answer list_in(const struct fixture *made, const char *mode)
{
	CLEANUP(textp) char *body = xasprintf("{\"mode\":\"%s\"}", mode);

	set_mode(made, body);
	return ask(made, "GET", CONFIGS, GOOD, NULL);
}

static const json_t *item(const struct answer *answer, size_t index)
{
	return json_array_get(json_object_get(answer->json, "authConfigs"),
	                      index);
}

static void lists_are_spoiled_as_told(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release)
	struct answer truncated = list_in(made, "truncated");
	CLEANUP(answer_release)
	struct answer miscounted = list_in(made, "wrong-count");
	CLEANUP(answer_release) struct answer empty = list_in(made, "empty");
	CLEANUP(answer_release)
	struct answer doubled = list_in(made, "duplicate-id");
	CLEANUP(answer_release) struct answer bad = list_in(made, "bad-id");
	CLEANUP(answer_release) struct answer failed = list_in(made, "500");
	CLEANUP(answer_release) struct answer html = list_in(made, "html");
	CLEANUP(answer_release) struct answer normal = list_in(made, "normal");

	assert_int_equal(truncated.status, 200);
	assert_null(truncated.json);
	assert_true(str_starts(truncated.text, "{\"authConfigs\":[{"));
	assert_int_equal(number_at(miscounted.json, "count"), 3);
	assert_json(empty.json, "{\"authConfigs\":[],\"count\":0}");
	assert_true(json_equal(item(&doubled, 0), item(&doubled, 1)));
	assert_null(item(&doubled, 2));
	assert_string_equal(text_at(item(&bad, 0), "authConfigId"), "../x");
	assert_int_equal(failed.status, 500);
	assert_int_equal(html.status, 200);
	assert_null(html.json);
	assert_non_null(strstr(html.headers, "Content-Type: text/html\r\n"));
	assert_int_equal(
		json_array_size(json_object_get(normal.json, "authConfigs")),
		2);
}

static void a_repeated_cursor_leads_in_a_circle(void **state)
{
	const struct fixture *made = *state;

	set_mode(made, "{\"mode\":\"repeat-cursor\"}");
	json_auto_t *first = ASK("GET", CONFIGS, NULL, 200);
	CLEANUP(textp)
	char *path =
		xasprintf(CONFIGS "?cursor=%s", text_at(first, "nextCursor"));
	json_auto_t *second = ASK("GET", path, NULL, 200);

	assert_string_equal(text_at(first, "nextCursor"),
	                    text_at(second, "nextCursor"));
}

static void a_reset_list_is_counted_but_not_answered(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer answer = { 0 };

	/* curl tries once more: the connection had been used before. */
	set_mode(made, "{\"mode\":\"reset\"}");
	assert_int_equal(perform(made, "GET", CONFIGS, GOOD, NULL, &answer),
	                 CURLE_RECV_ERROR);
	json_auto_t *requests = ADMIN_ASK("GET", "requests", NULL, 200);

	assert_json(json_array_get(json_object_get(requests, "list"), 0),
	            "{\"method\":\"GET\",\"path\":\"" CONFIGS
	            "\",\"status\":0,\"environment\":null}");
}

static void a_mode_can_end_by_itself_and_spares_all_but_lists(void **state)
{
	const struct fixture *made = *state;

	set_mode(made, "{\"mode\":\"500\",\"times\":2}");
	json_decref(ASK("GET", IT, NULL, 200));
	json_decref(ASK("POST", CONFIGS, BODY(""), 201));
	json_decref(ASK("GET", CONFIGS, NULL, 500));
	json_decref(ASK("GET", CONFIGS, NULL, 500));
	json_decref(ASK("GET", CONFIGS, NULL, 200));

	/* A list that is refused is none that could be spoiled. */
	set_mode(made, "{\"mode\":\"empty\",\"times\":1}");
	json_decref(ASK("GET", CONFIGS "?limit=0", NULL, 400));
	json_auto_t *empty = ASK("GET", CONFIGS, NULL, 200);

	assert_int_equal(number_at(empty, "count"), 0);
}

/* ---- the admin side ---- */

static void requests_are_counted_but_not_the_admins(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK("GET", CONFIGS "?limit=5", NULL, 200));
	json_decref(ASK("DELETE", CONFIGS "/" MISSING, NULL, 404));
	json_decref(get(made, "LOCK", "/x", KEY_TWO, NULL, 404));
	json_auto_t *requests = ADMIN_ASK("GET", "requests", NULL, 200);

	assert_json(requests,
	            "{\"count\":3,\"byMethod\":{\"GET\":1,\"POST\":0,\"PUT\":0,"
	            "\"PATCH\":0,\"DELETE\":1,\"OTHER\":1},\"list\":["
	            "{\"method\":\"GET\",\"path\":\"" CONFIGS "?limit=5\","
	            "\"status\":200,\"environment\":\"one\"},"
	            "{\"method\":\"DELETE\",\"path\":\"" CONFIGS "/" MISSING
	            "\",\"status\":404,\"environment\":\"one\"},"
	            "{\"method\":\"LOCK\",\"path\":\"/x\",\"status\":404,"
	            "\"environment\":\"two\"}]}");
	json_decref(ADMIN_ASK("POST", "reset-counters", NULL, 200));
	json_auto_t *none = ADMIN_ASK("GET", "requests", NULL, 200);

	assert_int_equal(number_at(none, "count"), 0);
	assert_int_equal(json_array_size(json_object_get(none, "list")), 0);
}

static void the_last_10000_requests_are_kept(void **state)
{
	const struct fixture *made = *state;

	for (int i = 0; i < 10003; i++) {
		CLEANUP(textp) char *path = xasprintf("/%d", i);

		json_decref(ASK("GET", path, NULL, 404));
	}
	json_auto_t *requests = ADMIN_ASK("GET", "requests", NULL, 200);
	const json_t *list = json_object_get(requests, "list");

	assert_int_equal(number_at(requests, "count"), 10003);
	assert_int_equal(json_array_size(list), 10000);
	assert_string_equal(text_at(json_array_get(list, 0), "path"), "/3");
	assert_string_equal(text_at(json_array_get(list, 9999), "path"),
	                    "/10002");
}

static void every_secret_that_arrived_is_shown(void **state)
{
	const struct fixture *made = *state;

	json_decref(
		ASK("PUT", IT, OWN_BODY(",\"clientSecret\":\"second\""), 200));
	json_decref(ASK("DELETE", IT, NULL, 200));
	json_decref(get(made, "POST", CONFIGS, OTHER,
	                OWN_BODY(",\"clientSecret\":\"third\""), 201));
	json_auto_t *store = ADMIN_ASK("GET", "store", NULL, 200);

	assert_json(json_object_get(store, "secretsReceived"),
	            "{\"one\":[\"first\",\"second\"],\"two\":[\"third\"]}");
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(store, "requests"), "count")),
	                 3);
}

static void a_store_that_was_shown_can_be_loaded(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *shown = ADMIN_ASK("GET", "store", NULL, 200);
	CLEANUP(textp) char *text = dump(shown);

	json_decref(ASK("DELETE", IT, NULL, 200));
	json_decref(ASK("POST", CONFIGS, BODY(""), 201));
	json_decref(ADMIN_ASK("PUT", "store", text, 200));
	json_auto_t *again = environments(made);

	assert_true(json_equal(again, json_object_get(shown, "environments")));
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);

	assert_int_equal(number_at(list, "count"), 2);
}

static void a_load_that_fails_half_way_changes_nothing(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = environments(made);

	json_decref(ASK("GET", CONFIGS, NULL, 200));
	json_decref(ADMIN_ASK("PUT", "store",
	                      "{\"environments\":{\"one\":[{},{}],\"two\":"
	                      "[{\"id\":\"x\"},{\"id\":\"x\"}]}}",
	                      409));
	json_auto_t *after = environments(made);
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);

	assert_true(json_equal(before, after));
	assert_int_equal(number_at(list, "count"), 2);
}

static void an_object_is_patched_behind_everyones_back(void **state)
{
	struct fixture *made = *state;

	made->clock.wall_ms += 1000;
	json_auto_t *answer =
		ADMIN_ASK("PATCH", "objects/" OWN,
	                  "{\"scopes\":[\"x\"],\"redirectUri\":7,\"extra\":{},"
	                  "\"clientSecret\":\"other\",\"clientId\":null}",
	                  200);
	static const char wanted[] =
		"{\"authConfigId\":\"" OWN "\",\"connectorId\":\"slack\","
		"\"name\":\"Own\",\"authenticationType\":\"oauth2\","
		"\"useOwnCredentials\":true,\"scopes\":[\"x\"],"
		"\"redirectUri\":7,\"createdAt\":\"2026-11-23T17:28:08Z\","
		"\"updatedAt\":\"2026-11-23T17:28:09Z\",\"extra\":{}";
	CLEANUP(textp) char *bare = xasprintf("%s}", wanted);
	CLEANUP(textp)
	char *whole = xasprintf("%s,\"clientSecret\":\"other\"}", wanted);

	assert_json(answer, whole);
	json_auto_t *seen = ASK("GET", IT, NULL, 200);

	assert_json(seen, bare);
	assert_secret(made, "other");
}

static void an_object_is_deleted_behind_everyones_back(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("DELETE", "objects/" OWN "?environment=one", NULL,
	                      200));
	json_decref(ASK("GET", IT, NULL, 404));
}

static void a_seed_that_fails_half_way_changes_nothing(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK("POST", "seed?count=2", NULL, 200));
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);
	const json_t *first =
		json_array_get(json_object_get(list, "authConfigs"), 2);
	CLEANUP(textp)
	char *path = path_join(CONFIGS, text_at(first, "authConfigId"));

	/* The first is new again, the second is still there. */
	json_decref(ASK("DELETE", path, NULL, 200));
	json_decref(ADMIN_ASK("POST", "seed?count=2", NULL, 409));
	json_auto_t *after = ASK("GET", CONFIGS, NULL, 200);

	assert_int_equal(number_at(after, "count"), 3);
	assert_int_equal(json_array_size(json_object_get(after, "authConfigs")),
	                 3);
}

static void a_seed_always_grows_the_same(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *made_answer =
		ADMIN_ASK("POST", "seed?count=300&seed=7", NULL, 200);

	assert_json(made_answer, "{\"created\":300}");
	json_decref(ADMIN_ASK("POST", "seed?count=300&seed=7&environment=two",
	                      NULL, 200));
	/* The ids are there already. */
	json_decref(ADMIN_ASK("POST", "seed?count=1&seed=7", NULL, 409));
	json_decref(ADMIN_ASK("POST", "seed?count=1&seed=8", NULL, 200));
	json_auto_t *all = environments(made);
	const json_t *one = json_object_get(all, "one");
	const json_t *two = json_object_get(all, "two");

	assert_int_equal(json_array_size(one), 303);
	assert_int_equal(json_array_size(two), 300);
	for (size_t i = 0; i < 300; i++)
		assert_true(json_equal(json_array_get(one, i + 2),
		                       json_array_get(two, i)));
	/* What is seeded is as good as what is created. */
	CLEANUP(textp)
	char *path = path_join(CONFIGS,
	                       text_at(json_array_get(two, 0), "authConfigId"));
	json_auto_t *body = json_copy(json_array_get(two, 0));
	static const char *const read_only[] = { "authConfigId", "redirectUri",
		                                 "createdAt", "updatedAt" };

	for (size_t i = 0; i < LENGTH(read_only); i++)
		json_object_del(body, read_only[i]);
	CLEANUP(textp) char *text = dump(body);

	json_decref(get(made, "PUT", path, OTHER, text, 200));
}

/* ---- keeping ---- */

static void remove_data(const char *path)
{
	(void)unlink(path);
}

static void a_data_file_outlives_the_sandbox(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp) char *path = path_join(made->folder, "data.db");
	const struct sandbox_settings settings = { .data_path = path };

	assert_int_equal(start_with(made, settings), 0);
	load(made);
	json_decref(ASK("POST", CONFIGS, BODY(""), 201));
	json_auto_t *before = ADMIN_ASK("GET", "store", NULL, 200);

	stop(made);
	assert_int_equal(start_with(made, settings), 0);
	json_auto_t *after = ADMIN_ASK("GET", "store", NULL, 200);

	assert_true(json_equal(json_object_get(before, "environments"),
	                       json_object_get(after, "environments")));
	assert_true(json_equal(json_object_get(before, "secretsReceived"),
	                       json_object_get(after, "secretsReceived")));
	json_decref(ASK("POST", CONFIGS, BODY(""), 201));
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);

	assert_int_equal(json_array_size(json_object_get(list, "authConfigs")),
	                 4);
	stop(made);
	remove_data(path);
}

static void a_store_that_breaks_is_answered_with_500(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp) char *path = path_join(made->folder, "data.db");
	const struct sandbox_settings settings = { .data_path = path };
	static const char *const calls[][3] = {
		{ "POST", CONFIGS, BODY("") },
		{ "GET", CONFIGS, NULL },
		{ "GET", IT, NULL },
		{ "GET", "/connectors/slack/credentials", NULL },
	};

	assert_int_equal(start_with(made, settings), 0);
	struct database *other = database_open(path, 0, made->diag);

	assert_int_equal(database_run(other, "DROP TABLE object"), 0);
	database_close(other);
	for (size_t i = 0; i < LENGTH(calls); i++) {
		json_auto_t *answer =
			ASK(calls[i][0], calls[i][1], calls[i][2], 500);

		assert_string_equal(text_at(answer, "message"),
		                    "the sandbox's own store failed");
	}
	assert_int_equal(diag_length(made->diag), 1);
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_DATABASE);
	stop(made);
	remove_data(path);
}

/* ---- settings ---- */

static void an_unknown_dialect_is_refused(void **state)
{
	struct fixture *made = *state;
	const struct sandbox_settings settings = { .dialect = "aloy",
		                                   .admin_token = "t" };

	assert_null(sandbox_new(&settings, made->diag));
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_SANDBOX_SETTINGS);
}

struct key_file {
	const char *text;
	const char *wrong; /* NULL: it is good */
	unsigned line;
};

static void assert_key_file(const struct key_file *row, const char *path)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(sandbox_keys_release) struct sandbox_keys keys = { 0 };

	assert_int_equal(
		file_write(path, 0600, row->text, strlen(row->text), diag), 0);
	assert_int_equal(sandbox_keys_read(path, &keys, diag),
	                 row->wrong ? -1 : 0);
	if (!row->wrong)
		return;
	CLEANUP(textp) char *text = diag_text(diag);

	assert_int_equal(diag_length(diag), 1);
	assert_int_equal(diag_at(diag, 0)->code, CODE_SANDBOX_SETTINGS);
	assert_int_equal(diag_at(diag, 0)->place.line, row->line);
	assert_non_null(strstr(text, row->wrong));
	assert_null(strstr(text, "hidden"));
}

static void key_files_are_read_line_by_line(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(textp) char *path = path_join(made->folder, "keys");
	static const char good[] = "# two\n\ndev:  a:b\nplain\n";
	static const struct key_file rows[] = {
		{ good, NULL, 0 },
		{ "last-line-without-end", NULL, 0 },
		{ "", "there is no key", 0 },
		{ "\n# none\n", "there is no key", 0 },
		{ "a: hidden\nb: hidden\n", "a key comes twice", 2 },
		{ "a: hidden\na: hidden2\n", "a name comes twice", 2 },
		{ "a b: hidden\n", "white space", 1 },
		{ "a: hid den\n", "white space", 1 },
		{ "hidden\r\n", "white space", 1 },
		{ ": hidden\n", "empty", 1 },
		{ "a: \n", "empty", 1 },
	};
	CLEANUP(sandbox_keys_release) struct sandbox_keys keys = { 0 };

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_key_file(&rows[i], path);
	assert_int_equal(file_write(path, 0600, good, strlen(good), made->diag),
	                 0);
	assert_int_equal(sandbox_keys_read(path, &keys, made->diag), 0);
	assert_int_equal(keys.count, 2);
	assert_string_equal(keys.items[0].name, "dev");
	assert_string_equal(keys.items[0].key, "a:b");
	assert_string_equal(keys.items[1].name, "key-2");
	assert_string_equal(keys.items[1].key, "plain");
	(void)unlink(path);
}

static void tokens_are_read_or_made(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(textp) char *path = path_join(made->folder, "token");
	CLEANUP(textp) char *first = sandbox_token_make();
	CLEANUP(textp) char *second = sandbox_token_make();

	assert_string_not_equal(first, second);
	assert_int_equal(strlen(first), 48);
	assert_int_equal(file_write(path, 0600, "word\r\nrest", 10, made->diag),
	                 0);
	CLEANUP(textp) char *read = sandbox_token_read(path, made->diag);

	assert_string_equal(read, "word");
	assert_int_equal(file_write(path, 0600, "\n", 1, made->diag), 0);
	assert_null(sandbox_token_read(path, made->diag));
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_SANDBOX_SETTINGS);
	(void)unlink(path);
}

static void words_for_an_omitted_secret_are_known(void **state)
{
	enum sandbox_omit omit = SANDBOX_OMIT_KEEP;

	(void)state;
	assert_int_equal(sandbox_omit_parse("clear", &omit), 0);
	assert_int_equal(omit, SANDBOX_OMIT_CLEAR);
	assert_int_equal(sandbox_omit_parse("Keep", &omit), -1);
	assert_int_equal(omit, SANDBOX_OMIT_CLEAR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lists_are_spoiled_as_told),
		TEST(a_repeated_cursor_leads_in_a_circle),
		TEST(a_reset_list_is_counted_but_not_answered),
		TEST(a_mode_can_end_by_itself_and_spares_all_but_lists),
		TEST(requests_are_counted_but_not_the_admins),
		TEST(the_last_10000_requests_are_kept),
		TEST(every_secret_that_arrived_is_shown),
		TEST(a_store_that_was_shown_can_be_loaded),
		TEST(a_load_that_fails_half_way_changes_nothing),
		TEST(an_object_is_patched_behind_everyones_back),
		TEST(an_object_is_deleted_behind_everyones_back),
		TEST(a_seed_that_fails_half_way_changes_nothing),
		TEST(a_seed_always_grows_the_same),
		WITH(set_up_nothing, a_data_file_outlives_the_sandbox),
		WITH(set_up_nothing, a_store_that_breaks_is_answered_with_500),
		WITH(set_up_nothing, an_unknown_dialect_is_refused),
		WITH(set_up_nothing, key_files_are_read_line_by_line),
		WITH(set_up_nothing, tokens_are_read_or_made),
		WITH(set_up_nothing, words_for_an_omitted_secret_are_known),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
