/* SPDX-License-Identifier: MIT */
/* The pretend Composio's lists: filters, cursors, and its known defects. */
#include "base/text.h"
#include "composio_world.h"

#include <string.h>

enum { SEEDED = 248, LONG_WALK = 100 };

static void assert_ids(const json_t *page, const char *wanted)
{
	CLEANUP(textp) char *ids = xstrdup("");
	json_t *each;
	size_t i;

	json_array_foreach (json_object_get(page, "items"), i, each) {
		char *more = xasprintf("%s%s ", ids, text_at(each, "id"));

		free(ids);
		ids = more;
	}
	assert_string_equal(ids, wanted);
}

/* ---- filters ---- */

static void filters_choose(void **state)
{
	const struct fixture *made = *state;
	static const struct {
		const char *path, *ids;
	} rows[] = {
		{ LIST, "ac_own ac_managed " },
		{ LIST "?show_disabled=false", "ac_own ac_managed " },
		{ LIST "?show_disabled=true", "ac_own ac_managed ac_off " },
		{ LIST "?toolkit_slug=github", "ac_managed " },
		{ LIST "?toolkit_slug=github&show_disabled=true",
		  "ac_managed ac_off " },
		{ LIST "?toolkit_slug=zoom,slack", "ac_own " },
		{ LIST "?toolkit_slug=git", "" },
		{ LIST "?is_composio_managed=true", "ac_managed " },
		{ LIST "?is_composio_managed=false", "ac_own " },
		{ LIST "?search=MANA", "ac_managed " },
		{ LIST "?search=ac_ow", "ac_own " },
		{ LIST "?search=none", "" },
		{ "/api/v3/auth_configs", "ac_own ac_managed " },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		json_auto_t *page = ASK_IT("GET", rows[i].path, NULL, 200);
		size_t count = json_array_size(json_object_get(page, "items"));

		assert_ids(page, rows[i].ids);
		assert_int_equal(number_at(page, "total_items"), count);
	}
}

static void an_item_is_what_a_read_answers(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *page = ASK_IT("GET", LIST, NULL, 200);
	json_auto_t *one = ASK_IT("GET", OWN_PATH, NULL, 200);

	assert_true(json_equal(
		json_array_get(json_object_get(page, "items"), 0), one));
}

static void an_empty_list_says_so(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *page = get(made, "GET", LIST, SECOND, NULL, 200);

	assert_json(page, "{\"items\":[],\"next_cursor\":null,"
	                  "\"total_pages\":0,\"current_page\":1,"
	                  "\"total_items\":0}");
}

/* ---- pages ---- */

/* Follows the cursors; how many items came. */
static size_t walk(const struct fixture *made, const char *query)
{
	CLEANUP(textp) char *path = xasprintf(LIST "?%s", query);
	size_t count = 0;

	for (int pages = 0; pages < LONG_WALK; pages++) {
		json_auto_t *page = ASK_IT("GET", path, NULL, 200);
		const char *next = text_at(page, "next_cursor");

		count += json_array_size(json_object_get(page, "items"));
		assert_int_equal(number_at(page, "current_page"), pages + 1);
		if (!*next)
			return count;

		CLEANUP(textp) char *escaped = http_escape(next);

		free(path);
		path = xasprintf(LIST "?%s&cursor=%s", query, escaped);
	}
	fail_msg("the walk does not end");
	return 0;
}

static void seed(const struct fixture *made)
{
	json_decref(ADMIN_ASK("PUT", "store", "{\"environments\":{}}", 200));
	json_decref(ADMIN_ASK("POST", "seed?count=248", NULL, 200));
}

static void pages_are_of_twenty_by_themselves(void **state)
{
	const struct fixture *made = *state;

	seed(made);

	json_auto_t *page = ASK_IT("GET", LIST, NULL, 200);

	assert_int_equal(json_array_size(json_object_get(page, "items")), 20);
	assert_string_equal(text_at(page, "next_cursor"), "Mi0yMA==");
	assert_int_equal(number_at(page, "total_pages"), 13);
	assert_int_equal(number_at(page, "total_items"), SEEDED);
	assert_int_equal(walk(made, "show_disabled=true"), SEEDED);
	assert_int_equal(walk(made, "show_disabled=false"), SEEDED);
}

static void any_limit_gives_all(void **state)
{
	const struct fixture *made = *state;
	static const char *const queries[] = { "limit=31", "limit=50",
		                               "limit=124", "limit=200" };

	seed(made);
	for (size_t i = 0; i < LENGTH(queries); i++)
		assert_int_equal(walk(made, queries[i]), SEEDED);
}

static void a_cursor_counts_more_than_a_limit(void **state)
{
	const struct fixture *made = *state;

	seed(made);

	/* 3-50 */
	json_auto_t *page =
		ASK_IT("GET", LIST "?limit=20&cursor=My01MA%3D%3D", NULL, 200);

	assert_int_equal(json_array_size(json_object_get(page, "items")), 50);
	assert_int_equal(number_at(page, "current_page"), 3);
	assert_string_equal(text_at(page, "next_cursor"), "NC01MA==");
}

static void the_number_of_a_page_is_a_cursor_too(void **state)
{
	const struct fixture *made = *state;

	seed(made);

	json_auto_t *fifth =
		ASK_IT("GET", LIST "?limit=50&cursor=5", NULL, 200);
	json_auto_t *beyond =
		ASK_IT("GET", LIST "?limit=50&cursor=6", NULL, 200);

	assert_int_equal(json_array_size(json_object_get(fifth, "items")), 48);
	assert_int_equal(json_array_size(json_object_get(beyond, "items")), 0);
	assert_true(json_is_null(json_object_get(fifth, "next_cursor")));
}

/* ---- quirks ---- */

static void set_quirk(const struct fixture *made, const char *body)
{
	json_decref(ADMIN_ASK("POST", "quirks", body, 200));
}

/* The numbers that users reported: 148 (they counted whole pages) and 50. */
static void an_over_large_limit_loses_items(void **state)
{
	const struct fixture *made = *state;

	seed(made);
	set_quirk(made, "{\"clamp-limit\":true}");
	assert_int_equal(walk(made, "limit=50"), SEEDED);
	assert_int_equal(walk(made, "limit=100"), 148);
	assert_int_equal(walk(made, "limit=1000"), 50);
}

static void pages_can_end_too_early(void **state)
{
	const struct fixture *made = *state;
	size_t count = 0;

	seed(made);
	set_quirk(made, "{\"early-end\":true}");
	assert_int_equal(walk(made, "limit=50"), 50);
	for (int i = 1; i <= 5; i++) {
		CLEANUP(textp)
		char *path = xasprintf(LIST "?limit=50&cursor=%d", i);
		json_auto_t *page = ASK_IT("GET", path, NULL, 200);

		assert_int_equal(number_at(page, "total_pages"), 1);
		assert_int_equal(number_at(page, "total_items"), SEEDED);
		assert_true(json_is_null(json_object_get(page, "next_cursor")));
		count += json_array_size(json_object_get(page, "items"));
	}
	assert_int_equal(count, SEEDED);
}

/* ---- list modes ---- */

static void set_mode(const struct fixture *made, const char *mode)
{
	CLEANUP(textp) char *body = xasprintf("{\"mode\":\"%s\"}", mode);

	json_decref(ADMIN_ASK("POST", "list-mode", body, 200));
}

static void list_modes_speak_the_dialect(void **state)
{
	const struct fixture *made = *state;

	set_mode(made, "empty");
	json_auto_t *empty = ASK_IT("GET", LIST, NULL, 200);

	assert_json(empty, "{\"items\":[],\"next_cursor\":null,"
	                   "\"total_pages\":0,\"current_page\":1,"
	                   "\"total_items\":0}");
	set_mode(made, "wrong-count");
	json_auto_t *miscounted = ASK_IT("GET", LIST, NULL, 200);

	assert_int_equal(number_at(miscounted, "total_items"), 3);
	set_mode(made, "repeat-cursor");
	json_auto_t *repeated = ASK_IT("GET", LIST, NULL, 200);

	assert_string_equal(text_at(repeated, "next_cursor"), "MS0yMA==");
	set_mode(made, "duplicate-id");
	json_auto_t *doubled = ASK_IT("GET", LIST, NULL, 200);

	assert_ids(doubled, "ac_own ac_own ");
	set_mode(made, "bad-id");
	json_auto_t *spoilt = ASK_IT("GET", LIST, NULL, 200);

	assert_ids(spoilt, "../x ac_managed ");
	set_mode(made, "500");
	json_auto_t *failed = ASK_IT("GET", LIST, NULL, 500);

	assert_string_equal(
		text_at(json_object_get(failed, "error"), "message"),
		"the sandbox was told to fail");
}

/* ---- the admin side ---- */

static void an_admin_patches_deeply(void **state)
{
	const struct fixture *made = *state;

	json_decref(ADMIN_ASK(
		"PATCH", "objects/" OWN_ID,
		"{\"no_of_connections\":9,\"credentials\":{\"scopes\":[\"z\"],"
		"\"client_secret\":\"changed-secret\","
		"\"verification_token\":null}}",
		200));

	json_auto_t *object = ASK_IT("GET", OWN_PATH, NULL, 200);

	assert_int_equal(number_at(object, "no_of_connections"), 9);
	assert_json(json_object_get(object, "credentials"),
	            "{\"client_id\":\"c1\",\"client_secret\":\"chan...\","
	            "\"scopes\":[\"z\"],\"oauth_redirect_uri\":\"https://"
	            "backend.composio.dev/api/v3.1/toolkits/auth/callback\"}");
}

static void every_secret_that_arrived_is_remembered(void **state)
{
	const struct fixture *made = *state;

	json_decref(ASK_IT("PATCH", OWN_PATH,
	                   CUSTOM(",\"credentials\":{\"client_secret\":"
	                          "\"second-secret\"}"),
	                   200));

	json_auto_t *store = ADMIN_ASK("GET", "store", NULL, 200);

	assert_json(json_object_get(json_object_get(store, "secretsReceived"),
	                            "one"),
	            "[\"first-secret\",\"second-secret\"]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPOSIO(filters_choose),
		COMPOSIO(an_item_is_what_a_read_answers),
		COMPOSIO(an_empty_list_says_so),
		COMPOSIO(pages_are_of_twenty_by_themselves),
		COMPOSIO(any_limit_gives_all),
		COMPOSIO(a_cursor_counts_more_than_a_limit),
		COMPOSIO(the_number_of_a_page_is_a_cursor_too),
		COMPOSIO(an_over_large_limit_loses_items),
		COMPOSIO(pages_can_end_too_early),
		COMPOSIO(list_modes_speak_the_dialect),
		COMPOSIO(an_admin_patches_deeply),
		COMPOSIO(every_secret_that_arrived_is_remembered),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
