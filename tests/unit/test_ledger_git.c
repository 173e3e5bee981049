/* SPDX-License-Identifier: MIT */
/* The ledger in git: what stands in a commit, and which are refused. */
#include "ledger_git.h"

/* ---- documents ---- */

static void a_document_is_sorted_and_has_a_field_a_line(void **state)
{
	static const char row[] = "  \"rows\": {\n"
				  "    \"key-1\": {\n"
				  "      \"id\": \"id-1\",\n";
	static const char sent[] = "      \"sent\": {\n"
				   "        \"client.id\": \"id-1\",\n"
				   "        \"connector\": \"slack\",\n"
				   "        \"scopes\": [\n"
				   "          \"chat:write\",\n"
				   "          \"users:read\"\n"
				   "        ]\n";
	struct book *book = *state;

	book_make(book, 1);

	CLEANUP(textp) char *text = document(book);

	assert_non_null(strstr(text, "{\n  \"format_version\": 2,\n"));
	assert_non_null(strstr(text, row));
	assert_non_null(strstr(text, sent));
	assert_null(strstr(text, "\"seen\""));
	assert_non_null(strstr(text, "  \"intents\": [],\n"));
}

static void a_secret_is_in_it_as_its_fingerprint_only(void **state)
{
	static const char canary[] = "CANARY-5f1d0a77b2c94e60";
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(secret_freep)
	struct secret *secret = secret_new(canary, strlen(canary));
	struct state *row = book_row(1);
	struct secret_record record = {
		.name = "client.secret",
		.known = true,
		.fingerprinted = true,
		.key_id = fingerprint_key_id(book->key),
	};
	char digits[2 * FINGERPRINT_BYTES + 1];

	assert_true(secret_fingerprint(book->key, "uuid", "client.secret",
	                               secret, record.fingerprint));
	state_record(row, &record);
	book_put(ledger, row);
	book_commit(book, ledger);
	text_hex(digits, record.fingerprint, FINGERPRINT_BYTES);

	CLEANUP(textp) char *text = document(book);

	assert_non_null(strstr(text, digits));
	assert_null(strstr(text, "CANARY"));
}

static void a_name_that_is_no_utf8_is_not_written(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	struct state *row = book_row(1);

	state_field(row, "extra.\xff", state_value_text(row, "x"), PLACE_NONE);
	book_put(ledger, row);

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_UNREADABLE);
}

static void the_export_is_the_last_document(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	size_t length = 0;

	book_make(book, 3);
	ledger = book_open(book, 0);

	CLEANUP(textp) char *text = document(book);
	CLEANUP(textp)
	char *exported = ledger_export(ledger, &length, book->diag);

	assert_non_null(exported);
	assert_int_equal(length, strlen(text));
	assert_memory_equal(exported, text, length);
}

static const struct {
	const char *from, *to;
	unsigned code;
} forgeries[] = {
	{ "\"id\": \"id-1\"", "\"id\": \"victim\"", CODE_LEDGER_MAC },
	{ "\"users:read\"", "\"users:write\"", CODE_LEDGER_MAC },
	{ "\"key-2\": {", "\"key-3\": {", CODE_LEDGER_MAC },
	{ "\"serial\": 1", "\"serial\": 9", CODE_LEDGER_MAC },
	{ "\"runs\": []", "\"runs\": [{\"number\": 1, \"began_ms\": 1}]",
	  CODE_LEDGER_MAC },
	{ "\"intents\": []",
	  "\"intents\": [{\"number\": 1, \"run\": 1, \"kind\": \"create\","
	  " \"intended_ms\": 1, \"outcome\": \"open\"}]",
	  CODE_LEDGER_MAC },
	{ "\"environment\": \"prod\"", "\"environment\": \"dev\"",
	  CODE_LEDGER_FOREIGN },
	{ "\"origin\": \"https://api.example.com\"",
	  "\"origin\": \"https://evil.example.com\"", CODE_LEDGER_FOREIGN },
	{ "\"sent\": {", "\"protect\": true, \"sent\": {", CODE_LEDGER_MAC },
	{ "\"row_uuid\": \"0", "\"row_uuid\": \"1", CODE_LEDGER_MAC },
};

static void a_forged_document_is_refused(void **state)
{
	struct book *book = *state;

	for (size_t i = 0; i < LENGTH(forgeries); i++) {
		void *fresh = NULL;

		assert_int_equal(book_set_up_git(&fresh), 0);
		book = fresh;
		book_make(book, 2);
		tamper(book, forgeries[i].from, forgeries[i].to);
		book_expect_refused(book, 0, forgeries[i].code);
		book_expect_refused(book, LEDGER_WRITE, forgeries[i].code);
		book_tear_down(&fresh);
	}
}

static const struct {
	const char *text;
	unsigned code;
} strange[] = {
	{ "", CODE_LEDGER_UNREADABLE },
	{ "not JSON", CODE_LEDGER_UNREADABLE },
	{ "[]", CODE_LEDGER_UNREADABLE },
	{ "{}", CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1}", CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 3}", CODE_LEDGER_FORMAT },
	{ "{\"format_version\": 1, \"format_version\": 1}",
	  CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1, \"moved_to\": \"file\"}",
	  CODE_LEDGER_MOVED },
	{ "{\"format_version\": 1, \"rows\": \"\\u0000\"}",
	  CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1, \"header\": {\"platform\": \"alloy-assumed\""
	  ", \"origin\": \"https://api.example.com\", \"environment\": \"prod\""
	  ", \"lineage\": \"00112233445566778899aabbccddeeff\", \"serial\": 1,"
	  " \"parent\": \"\"}, \"history\": {\"runs\": [], \"steps\": []},"
	  " \"intents\": [], \"rows\": {\"a\": {\"row_uuid\":"
	  " \"00000000000000000000000000000001\", \"sent\": {\"extra.x\":"
	  " {\"json\": \"{\"}}}}}",
	  CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1, \"header\": {\"platform\": \"alloy-assumed\""
	  ", \"origin\": \"https://api.example.com\", \"environment\": \"prod\""
	  ", \"lineage\": \"00112233445566778899aabbccddeeff\", \"serial\": 1,"
	  " \"parent\": \"\"}, \"history\": {\"runs\": [], \"steps\": []},"
	  " \"intents\": [], \"rows\": {\"a\": {\"row_uuid\":"
	  " \"00000000000000000000000000000001\", \"sent\": {}}, \"b\":"
	  " {\"row_uuid\": \"00000000000000000000000000000001\", \"sent\":"
	  " {}}}}",
	  CODE_LEDGER_UNREADABLE },
};

static void a_strange_document_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	for (size_t i = 0; i < LENGTH(strange); i++) {
		push_document(book, strange[i].text);
		book_expect_refused(book, 0, strange[i].code);
	}
}

/* ---- commits ---- */

static void an_older_document_as_a_new_commit_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);

	CLEANUP(textp) char *old = document(book);

	book_make(book, 2);
	push_document(book, old);

	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void a_merge_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);

	const struct git_id first = tip_of(book, ledger_ref);
	CLEANUP(textp) char *text = document(book);

	book_make(book, 2);

	const struct git_id parents[] = { tip_of(book, ledger_ref), first };

	push_with(book, text, parents, LENGTH(parents));
	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void a_ref_put_back_is_refused_by_who_saw_more(void **state)
{
	struct book *book = *state;

	book_make(book, 1);

	const struct git_id first = tip_of(book, ledger_ref);

	book_make(book, 2);
	move_ref(book, ledger_ref, &first);

	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void a_ref_put_back_is_refused_by_a_fresh_clone_s_lock(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct clone clone;

	book_make(book, 1);

	const struct git_id first = tip_of(book, ledger_ref);

	book_make(book, 2);
	move_ref(book, ledger_ref, &first);
	clone_open(book, &clone);
	ledger = book_open(book, LEDGER_WRITE);

	assert_int_equal(book_take(book, ledger), -1);
	book_expect_error(book, CODE_LEDGER_MAC);
	ledger_close(TAKE(ledger));
	clone_close(book, &clone);
}

static void a_ref_that_is_gone_is_not_one_never_made(void **state)
{
	struct book *book = *state;
	struct ledger *ledger = NULL;

	assert_int_equal(book_try(book, 0, &ledger), LEDGER_NEVER_MADE);
	book_make(book, 1);
	move_ref(book, ledger_ref, NULL);

	book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE,
	                    CODE_LEDGER_UNREADABLE);
}

static void a_server_that_is_away_is_not_an_empty_ledger(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *here = path_join(book->folder, "remote.git");
	CLEANUP(textp) char *away = path_join(book->folder, "away.git");

	assert_int_equal(rename(here, away), 0);

	book_expect_refused(book, 0, CODE_LEDGER_UNREACHABLE);
	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE,
	                    CODE_LEDGER_UNREACHABLE);
	assert_int_equal(code_find(CODE_LEDGER_UNREACHABLE)->exit, 1);
}

static void verifying_looks_at_every_commit(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct ledger_checked checked = { .rows = 0 };

	book_make(book, 1);
	book_make(book, 2);
	ledger = book_open(book, 0);

	assert_int_equal(ledger_verify(ledger, &checked, book->diag), 0);
	assert_int_equal(checked.commits, 3);
	assert_int_equal(checked.rows, 2);
	assert_int_equal(checked.serial, 2);
}

/* Without a key the last one can be made to look right; what it covers up is
 * still there. `from` NULL: `to` is all of the commit in between. */
static const struct {
	const char *from, *to;
	unsigned code;
	const char *words;
} covered_up[] = {
	{ NULL, "{}", CODE_LEDGER_UNREADABLE, "needs `format_version`" },
	{ "\"environment\": \"prod\"", "\"environment\": \"dev\"",
	  CODE_LEDGER_FOREIGN, "dev" },
	{ "\"serial\": 2", "\"serial\": 1", CODE_LEDGER_MAC,
	  "from serial 2 to 1" },
	{ "\"serial\": 2", "\"serial\": 2", CODE_LEDGER_MAC,
	  "its serial does not grow" },
};

static void expect_wrong(struct book *book, const struct git_id *commit,
                         size_t row)
{
	CLEANUP(ledger_closep) struct ledger *ledger = book_open(book, 0);
	struct ledger_checked checked = { .rows = 0 };
	CLEANUP(textp) char *text = NULL;

	assert_int_equal(ledger_verify(ledger, &checked, book->diag), -1);
	text = diag_text(book->diag);
	if (!strstr(text, commit->hex) || !strstr(text, covered_up[row].words))
		fail_msg("%s", text);
	book_expect_error(book, covered_up[row].code);
}

static void verifying_names_the_commit_that_is_wrong(void **state)
{
	for (size_t i = 0; i < LENGTH(covered_up); i++) {
		CLEANUP(textp) char *good = NULL;
		struct git_id bad;

		assert_int_equal(book_set_up_git(state), 0);
		struct book *book = *state;

		book->settings.key = NULL;
		book_make(book, 1);
		book_make(book, 2);
		good = document(book);
		if (covered_up[i].from)
			push_changed(book, good, covered_up[i].from,
			             covered_up[i].to);
		else
			push_document(book, covered_up[i].to);
		bad = tip_of(book, ledger_ref);
		push_changed(book, good, "\"serial\": 2", "\"serial\": 3");
		expect_wrong(book, &bad, i);
		book_tear_down(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_GIT_TEST(a_document_is_sorted_and_has_a_field_a_line),
		BOOK_GIT_TEST(a_secret_is_in_it_as_its_fingerprint_only),
		BOOK_GIT_TEST(a_name_that_is_no_utf8_is_not_written),
		BOOK_GIT_TEST(the_export_is_the_last_document),
		BOOK_GIT_TEST(a_forged_document_is_refused),
		BOOK_GIT_TEST(a_strange_document_is_refused),
		BOOK_GIT_TEST(an_older_document_as_a_new_commit_is_refused),
		BOOK_GIT_TEST(a_merge_is_refused),
		BOOK_GIT_TEST(a_ref_put_back_is_refused_by_who_saw_more),
		BOOK_GIT_TEST(
			a_ref_put_back_is_refused_by_a_fresh_clone_s_lock),
		BOOK_GIT_TEST(a_ref_that_is_gone_is_not_one_never_made),
		BOOK_GIT_TEST(a_server_that_is_away_is_not_an_empty_ledger),
		BOOK_GIT_TEST(verifying_looks_at_every_commit),
		cmocka_unit_test(verifying_names_the_commit_that_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
