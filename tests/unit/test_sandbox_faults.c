/* SPDX-License-Identifier: MIT */
/* Faults that the sandbox is told of: which requests they meet, and what is
 * stored afterwards. */
#include "base/text.h"
#include "document/document.h"
#include "visitor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(const struct fixture *made, const char *rules)
{
	json_decref(ADMIN_ASK("PUT", "faults", rules, 200));
}

#define RULES(rules) "{\"faults\":[" rules "]}"
#define POST_ONE(name)                       \
	perform(made, "POST", CONFIGS, GOOD, \
	        "{\"connectorId\":\"slack\",\"name\":\"" name "\"}", &said)

static size_t objects(const struct fixture *made)
{
	json_auto_t *all = environments(made);

	return json_array_size(json_object_get(all, "one"));
}

static size_t listed(const struct fixture *made)
{
	json_auto_t *list = ASK("GET", CONFIGS, NULL, 200);
	json_t *items = json_object_get(list, "authConfigs");

	assert_int_equal(number_at(list, "count"), json_array_size(items));
	return json_array_size(items);
}

/* ---- which ---- */

static void a_rule_meets_the_nth_of_its_kind(void **state)
{
	const struct fixture *made = *state;

	tell(made, RULES("{\"operation\":\"get\",\"nth\":[2,3],"
	                 "\"fault\":\"status\",\"status\":503,"
	                 "\"headers\":{\"Retry-After\":\"7\"}}"));
	json_decref(ASK("GET", IT, NULL, 200));
	json_decref(ASK("GET", CONFIGS, NULL, 200));
	CLEANUP(answer_release)
	struct answer said = ask(made, "GET", IT, GOOD, NULL);

	assert_int_equal(said.status, 503);
	assert_non_null(strstr(said.headers, "Retry-After: 7"));
	json_decref(ASK("GET", IT, NULL, 503));
	json_decref(ASK("GET", IT, NULL, 200));

	json_auto_t *rules = ADMIN_ASK("GET", "faults", NULL, 200);

	assert_json(json_object_get(rules, "faults"),
	            "[{\"fault\":\"status\",\"when\":\"before\","
	            "\"operation\":\"get\",\"method\":null,"
	            "\"path\":null,\"seen\":4,\"fired\":2}]");
	json_decref(ADMIN_ASK("DELETE", "faults", NULL, 200));
	json_decref(ASK("GET", IT, NULL, 200));
}

static void the_first_rule_that_fires_is_met(void **state)
{
	const struct fixture *made = *state;

	tell(made, RULES("{\"method\":\"PUT\",\"fault\":\"status\","
	                 "\"status\":502},"
	                 "{\"path\":\"/auth-*/*1\",\"times\":1,"
	                 "\"fault\":\"status\",\"status\":504},"
	                 "{\"fault\":\"status\",\"status\":508}"));

	json_decref(ASK("GET", IT, NULL, 504));
	json_decref(ASK("GET", IT, NULL, 508));
	json_decref(ASK("PUT", IT, "{}", 502));
}

/* One letter a request: whether it failed. */
static char *draw(const struct fixture *made)
{
	char *drawn = xcalloc(1, 65);

	tell(made, "{\"seed\":42,\"faults\":[{\"probability\":0.25,"
	           "\"fault\":\"status\"}]}");
	for (size_t i = 0; i < 64; i++) {
		CLEANUP(answer_release)
		struct answer said = ask(made, "GET", IT, GOOD, NULL);

		drawn[i] = said.status == 500 ? 'x' : '.';
	}
	return drawn;
}

static void a_seed_draws_the_same_again(void **state)
{
	CLEANUP(textp) char *first = draw(*state);
	CLEANUP(textp) char *second = draw(*state);
	size_t failures = 0;

	for (const char *at = first; *at; at++)
		failures += *at == 'x';
	assert_string_equal(first, second);
	assert_in_range(failures, 6, 28);
}

/* ---- when ---- */

static void before_nothing_is_done_and_after_it_is(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer said = { 0 };

	tell(made, RULES("{\"operation\":\"create\",\"nth\":1,"
	                 "\"fault\":\"status\"},"
	                 "{\"operation\":\"create\",\"nth\":2,"
	                 "\"fault\":\"status\",\"when\":\"after\"}"));

	assert_int_equal(POST_ONE("a"), CURLE_OK);
	assert_int_equal(said.status, 500);
	assert_int_equal(objects(made), 2);
	answer_release(&said);
	assert_int_equal(POST_ONE("b"), CURLE_OK);
	assert_int_equal(said.status, 500);
	assert_int_equal(objects(made), 3);
}

/* libcurl tries once more by itself when a kept connection breaks. */
static void a_reset_breaks_the_connection(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer said = { 0 };

	tell(made, RULES("{\"operation\":\"create\",\"fault\":\"reset\"},"
	                 "{\"operation\":\"get\",\"fault\":\"hang\","
	                 "\"delayMs\":1}"));

	assert_int_not_equal(POST_ONE("a"), CURLE_OK);
	answer_release(&said);
	assert_int_not_equal(perform(made, "GET", IT, GOOD, NULL, &said),
	                     CURLE_OK);
	assert_int_equal(objects(made), 2);
}

static void late_it_is_done_when_the_answer_is_long_gone(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer said = { 0 };
	json_int_t pending = 1;

	tell(made, RULES("{\"operation\":\"create\",\"when\":\"late\","
	                 "\"lateMs\":500,\"fault\":\"status\","
	                 "\"status\":504}"));

	assert_int_equal(POST_ONE("a"), CURLE_OK);
	assert_int_equal(said.status, 504);
	assert_int_equal(objects(made), 2);
	while (pending) {
		json_auto_t *rules = ADMIN_ASK("GET", "faults", NULL, 200);

		pending = number_at(rules, "pending");
	}
	assert_int_equal(objects(made), 3);

	json_auto_t *requests = ADMIN_ASK("GET", "requests", NULL, 200);

	assert_int_equal(
		number_at(json_object_get(requests, "byMethod"), "POST"), 1);
}

static void what_comes_late_can_be_hurried(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer said = { 0 };

	tell(made, RULES("{\"operation\":\"create\",\"when\":\"late\","
	                 "\"lateMs\":600000,\"fault\":\"garbage\"}"));
	assert_int_equal(POST_ONE("a"), CURLE_OK);
	assert_int_equal(objects(made), 2);

	json_decref(ADMIN_ASK("POST", "faults/late", NULL, 200));

	assert_int_equal(objects(made), 3);
}

/* ---- what ---- */

static void a_cut_answer_breaks_in_its_middle(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer said = { 0 };

	tell(made, RULES("{\"fault\":\"cut\",\"nth\":1},"
	                 "{\"fault\":\"truncate\",\"nth\":2},"
	                 "{\"fault\":\"cut\",\"nth\":3,\"when\":\"before\"}"));

	assert_int_equal(perform(made, "GET", IT, GOOD, NULL, &said),
	                 CURLE_PARTIAL_FILE);
	assert_int_equal(said.status, 200);
	assert_true(said.text[0] == '{');
	answer_release(&said);
	said = ask(made, "GET", IT, GOOD, NULL);
	assert_int_equal(said.status, 200);
	assert_null(said.json);
	answer_release(&said);
	assert_int_equal(perform(made, "GET", IT, GOOD, NULL, &said),
	                 CURLE_PARTIAL_FILE);
	assert_int_equal(said.status, 500);
}

static void garbage_is_no_text(void **state)
{
	const struct fixture *made = *state;

	tell(made, RULES("{\"fault\":\"garbage\"}"));
	CLEANUP(answer_release)
	struct answer said = ask(made, "GET", IT, GOOD, NULL);

	assert_int_equal(said.status, 200);
	assert_null(said.json);
}

static void a_page_comes_twice(void **state)
{
	const struct fixture *made = *state;

	tell(made, RULES("{\"operation\":\"list\",\"nth\":2,"
	                 "\"fault\":\"duplicate-page\"}"));
	json_auto_t *first = ASK("GET", CONFIGS "?limit=1", NULL, 200);
	CLEANUP(textp)
	char *path = xasprintf(CONFIGS "?limit=1&cursor=%s",
	                       text_at(first, "nextCursor"));
	json_auto_t *second = ASK("GET", path, NULL, 200);

	assert_true(json_equal(json_object_get(first, "authConfigs"),
	                       json_object_get(second, "authConfigs")));
	json_auto_t *again = ASK("GET", path, NULL, 200);

	assert_false(json_equal(json_object_get(first, "authConfigs"),
	                        json_object_get(again, "authConfigs")));
}

/* ---- lag ---- */

static void lists_lag_by_their_number(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(answer_release) struct answer said = { 0 };

	tell(made, RULES("{\"method\":\"*\",\"fault\":\"lag\"},"
	                 "{\"operation\":\"create\",\"fault\":\"lag\","
	                 "\"lagLists\":2}"));
	assert_int_equal(POST_ONE("a"), CURLE_OK);

	assert_int_equal(objects(made), 3);
	assert_int_equal(listed(made), 2);
	assert_int_equal(listed(made), 2);
	assert_int_equal(listed(made), 3);
}

static void lists_lag_by_time(void **state)
{
	struct fixture *made = *state;

	tell(made, RULES("{\"method\":\"DELETE\",\"fault\":\"lag\","
	                 "\"lagMs\":500}"));
	json_decref(ASK("DELETE", IT, NULL, 200));

	assert_int_equal(objects(made), 1);
	json_decref(ASK("GET", IT, NULL, 404));
	made->clock.steady_ms += 499;
	assert_int_equal(listed(made), 2);
	made->clock.steady_ms += 1;
	assert_int_equal(listed(made), 1);
}

static void an_update_that_lags_shows_what_was(void **state)
{
	const struct fixture *made = *state;

	tell(made, RULES("{\"operation\":\"update\",\"fault\":\"lag\"}"));
	json_decref(ASK("PUT", IT, OWN_BODY(",\"scopes\":[\"z\"]"), 200));

	json_auto_t *old = ASK("GET", CONFIGS, NULL, 200);
	json_auto_t *now = ASK("GET", CONFIGS, NULL, 200);

	assert_string_equal(
		text_at(json_array_get(json_object_get(old, "authConfigs"), 0),
	                "name"),
		"Own");
	assert_string_equal(
		text_at(json_array_get(json_object_get(now, "authConfigs"), 0),
	                "name"),
		"n");
}

/* ---- what is no rule ---- */

static void rules_that_make_no_sense_are_refused_and_the_old_kept(void **state)
{
	static const struct {
		const char *rules, *words;
	} rows[] = {
		{ "{\"faults\":[{\"fault\":\"rest\"}]}", "rest" },
		{ "{\"faults\":[{}]}", "fault" },
		{ "{\"seed\":1}", "faults" },
		{ RULES("{\"fault\":\"reset\",\"status\":500}"),
		  "`status` of the fault `reset` has no meaning" },
		{ RULES("{\"fault\":\"reset\",\"lateMs\":5}"),
		  "without `when: late`" },
		{ RULES("{\"fault\":\"lag\",\"when\":\"before\"}"),
		  "`when` of the fault `lag` makes no sense" },
		{ RULES("{\"fault\":\"reset\",\"when\":\"late\","
		        "\"operation\":\"list\"}"),
		  "a read changes nothing later" },
		{ RULES("{\"fault\":\"status\",\"headers\":"
		        "{\"A\":\"b\\r\\nC: d\"}}"),
		  "printable" },
	};
	const struct fixture *made = *state;

	tell(made, RULES("{\"fault\":\"status\",\"operation\":\"get\"}"));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		json_auto_t *said =
			ADMIN_ASK("PUT", "faults", rows[i].rules, 400);

		if (!strstr(text_at(said, "message"), rows[i].words))
			fail_msg("%s: %s", rows[i].rules,
			         text_at(said, "message"));
	}
	json_decref(ASK("GET", IT, NULL, 500));
}

/* A file is read at the start, its mistakes reported at their places. */
static void a_file_has_places(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	char name[] = "one", word[] = "one-key";
	struct sandbox_key key = { name, word, NULL };
	const struct sandbox_keys keys = { &key, 1 };
	char folder[] = "/tmp/trueup-faults-XXXXXX";
	static const char text[] = "faults:\n"
				   "  - fault: wrong-count\n"
				   "  - { fault: lag, lateMs: 1 }\n";
	struct sandbox_settings settings = { .dialect = "nango",
		                             .keys = &keys,
		                             .admin_token = ADMIN,
		                             .documents = documents,
		                             .clock = clock_system() };
	CLEANUP(textp) char *path = NULL;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = path_join(folder, "faults.yaml");
	assert_int_equal(file_write(path, 0600, text, strlen(text), diag), 0);
	settings.faults_path = path;

	assert_null(sandbox_new(&settings, diag));
	CLEANUP(textp) char *said = diag_text(diag);

	assert_non_null(strstr(said, "faults.yaml:2:12: error: `fault` of the "
	                             "fault `wrong-count` is impossible"));
	assert_non_null(strstr(said, "faults.yaml:3:27: error: `lateMs`"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rule_meets_the_nth_of_its_kind),
		TEST(the_first_rule_that_fires_is_met),
		TEST(a_seed_draws_the_same_again),
		TEST(before_nothing_is_done_and_after_it_is),
		TEST(a_reset_breaks_the_connection),
		TEST(late_it_is_done_when_the_answer_is_long_gone),
		TEST(what_comes_late_can_be_hurried),
		TEST(a_cut_answer_breaks_in_its_middle),
		TEST(garbage_is_no_text),
		TEST(a_page_comes_twice),
		TEST(lists_lag_by_their_number),
		TEST(lists_lag_by_time),
		TEST(an_update_that_lags_shows_what_was),
		TEST(rules_that_make_no_sense_are_refused_and_the_old_kept),
		cmocka_unit_test(a_file_has_places),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
