/* SPDX-License-Identifier: MIT */
#include "ledger_book.h"

/* ---- who has which key ---- */

enum key_choice { KEY_NONE, KEY_ONE, KEY_OTHER };

static void choose(struct book *book, enum key_choice choice)
{
	const struct fingerprint_key *const keys[] = { NULL, book->key,
		                                       book->other_key };

	book->settings.key = keys[choice];
}

/* A ledger made with one key, opened with another. */
static const struct {
	enum key_choice made, opened;
	unsigned flags;
	bool found;
	enum ledger_trust trust;
	unsigned code; /* of the error or the warning; 0: none */
} meetings[] = {
	{ KEY_NONE, KEY_NONE, 0, true, LEDGER_UNSIGNED, 0 },
	{ KEY_NONE, KEY_NONE, LEDGER_WRITE, true, LEDGER_UNSIGNED, 0 },
	{ KEY_NONE, KEY_NONE, LEDGER_WRITE | LEDGER_SIGN, false,
	  LEDGER_UNSIGNED, CODE_LEDGER_KEY },
	{ KEY_NONE, KEY_ONE, 0, true, LEDGER_UNCHECKED, CODE_LEDGER_KEY },
	{ KEY_NONE, KEY_ONE, LEDGER_WRITE, true, LEDGER_UNCHECKED,
	  CODE_LEDGER_KEY },
	{ KEY_ONE, KEY_NONE, 0, true, LEDGER_UNCHECKED, CODE_LEDGER_KEY },
	{ KEY_ONE, KEY_NONE, LEDGER_SIGN, true, LEDGER_UNCHECKED,
	  CODE_LEDGER_KEY },
	{ KEY_ONE, KEY_NONE, LEDGER_WRITE, false, LEDGER_UNCHECKED,
	  CODE_LEDGER_KEY },
	{ KEY_ONE, KEY_NONE, LEDGER_WRITE | LEDGER_SIGN, false,
	  LEDGER_UNCHECKED, CODE_LEDGER_KEY },
	{ KEY_ONE, KEY_ONE, 0, true, LEDGER_SIGNED, 0 },
	{ KEY_ONE, KEY_ONE, LEDGER_WRITE, true, LEDGER_SIGNED, 0 },
	{ KEY_ONE, KEY_ONE, LEDGER_WRITE | LEDGER_SIGN, true, LEDGER_SIGNED,
	  0 },
	{ KEY_ONE, KEY_OTHER, 0, true, LEDGER_UNCHECKED, CODE_LEDGER_KEY },
	{ KEY_ONE, KEY_OTHER, LEDGER_WRITE, false, LEDGER_UNCHECKED,
	  CODE_LEDGER_KEY },
};

static void expect_meeting(size_t row)
{
	void *state = NULL;
	struct ledger *ledger = NULL;
	struct book *book;

	(void)book_set_up(&state);
	book = state;
	choose(book, meetings[row].made);
	book_make(book, 2);
	choose(book, meetings[row].opened);

	assert_int_equal(book_try(book, meetings[row].flags, &ledger),
	                 meetings[row].found ? LEDGER_FOUND : LEDGER_FAILED);
	if (ledger)
		assert_int_equal(ledger_trust(ledger), meetings[row].trust);
	assert_int_equal(diag_length(book->diag), meetings[row].code != 0);
	if (meetings[row].code)
		assert_int_equal(diag_at(book->diag, 0)->code,
		                 meetings[row].code);
	ledger_close(ledger);
	(void)book_tear_down(&state);
}

static void trust_follows_from_the_two_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(meetings); i++)
		expect_meeting(i);
}

static void an_unsigned_ledger_stays_so_until_it_is_signed(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	choose(book, KEY_NONE);
	book_make(book, 2);
	choose(book, KEY_ONE);
	ledger = book_write(book);
	book_put(ledger, book_row(3));
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);

	assert_int_equal(ledger_trust(ledger), LEDGER_UNCHECKED);
}

/* Signs with this run's key, writes a row, and is signed for the next run. */
static void expect_signing(struct book *book)
{
	struct ledger *ledger = book_open(book, LEDGER_WRITE | LEDGER_SIGN);

	assert_int_equal(ledger_trust(ledger), LEDGER_UNCHECKED);
	assert_int_equal(book_take(book, ledger), 0);
	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
	book_put(ledger, book_row(9));
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, LEDGER_WRITE);
	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
	ledger_close(ledger);
	book_tamper(book, "UPDATE ledger_row SET id = 'x' WHERE key = 'key-1'");
	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void an_unsigned_ledger_can_be_signed(void **state)
{
	struct book *book = *state;

	choose(book, KEY_NONE);
	book_make(book, 2);
	choose(book, KEY_ONE);

	expect_signing(book);
}

static void a_ledger_of_a_lost_key_can_be_signed_anew(void **state)
{
	struct book *book = *state;

	book_make(book, 2);
	choose(book, KEY_OTHER);

	expect_signing(book);
}

static void signing_does_not_pardon_a_bad_mac(void **state)
{
	struct book *book = *state;

	book_make(book, 2);
	book_tamper(book, "UPDATE ledger_row SET id = 'x' WHERE key = 'key-1'");

	book_expect_refused(book, LEDGER_WRITE | LEDGER_SIGN, CODE_LEDGER_MAC);
}

static void a_signature_taken_off_is_not_put_back(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book_make(book, 2);
	book_tamper(book, "UPDATE ledger_header SET key_id = NULL, mac = NULL");
	ledger = book_write(book);
	book_put(ledger, book_row(3));
	book_commit(book, ledger);

	assert_int_equal(ledger_trust(ledger), LEDGER_UNCHECKED);
}

/* ---- what is covered ---- */

/* One open intent beside the rows. */
static void make_with_intent(struct book *book)
{
	static const char *const others[] = { "id-7", "id-8" };
	static const char *const secrets[] = { "client.secret" };
	const struct intent intent = {
		.kind = INTENT_CREATE,
		.key = "key-9",
		.row_uuid = "00000000000000000000000000000009",
		.connector = "slack",
		.name = "Slack",
		.client_id = "1234",
		.snapshot = others,
		.snapshot_count = LENGTH(others),
		.secrets = secrets,
		.secret_count = LENGTH(secrets),
	};
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct intent copy = intent;

	book_make(book, 3);
	ledger = book_write(book);
	copy.run = ledger_run_begin(ledger,
	                            &(struct run_record){ .command = "apply" });
	assert_true(ledger_intend(ledger, &copy) > 0);
	copy.kind = INTENT_DELETE;
	ledger_settle(ledger, ledger_intend(ledger, &copy), OUTCOME_DONE, 200,
	              "");
	book_commit(book, ledger);
}

static const char *const forgeries[] = {
	"UPDATE ledger_header SET serial = serial + 1",
	"UPDATE ledger_header SET serial = serial - 1",
	"UPDATE ledger_header SET lineage = replace(lineage, substr(lineage,"
	" 1, 1), 'g')",
	"UPDATE ledger_header SET mac = x'00'",
	"UPDATE ledger_header SET mac = NULL",
	"UPDATE ledger_header SET mac = zeroblob(32)",
	"UPDATE ledger_header SET mac = randomblob(32)",
	"UPDATE ledger_row SET row_uuid = substr(row_uuid, 2) || 'f'"
	" WHERE key = 'key-1'",
	"UPDATE ledger_row SET key = 'other' WHERE key = 'key-1'",
	"UPDATE ledger_row SET id = 'victim' WHERE key = 'key-1'",
	"UPDATE ledger_row SET id = NULL WHERE key = 'key-1'",
	"UPDATE ledger_row SET connector = 'github' WHERE key = 'key-1'",
	"UPDATE ledger_row SET natural_key = '' WHERE key = 'key-1'",
	"UPDATE ledger_row SET protect = 1 - protect WHERE key = 'key-1'",
	"UPDATE ledger_row SET body = (SELECT body FROM ledger_row"
	" WHERE key = 'key-2') WHERE key = 'key-1'",
	"UPDATE ledger_row SET id = CASE key WHEN 'key-1' THEN 'id-2'"
	" ELSE 'id-1' END WHERE key IN ('key-1', 'key-2')",
	"DELETE FROM ledger_row WHERE key = 'key-1'",
	"DELETE FROM ledger_row",
	"INSERT INTO ledger_row SELECT '000000000000000000000000000000aa',"
	" 'planted', 'victim', connector, natural_key, protect, body"
	" FROM ledger_row WHERE key = 'key-1'",
	"UPDATE intent SET connector = 'github' WHERE outcome = 'open'",
	"UPDATE intent SET name = 'Victim' WHERE outcome = 'open'",
	"UPDATE intent SET kind = 'update' WHERE outcome = 'open'",
	"UPDATE intent SET snapshot = x'' WHERE outcome = 'open'",
	"UPDATE intent SET secrets = x'' WHERE outcome = 'open'",
	"UPDATE intent SET client_id = NULL WHERE outcome = 'open'",
	"UPDATE intent SET outcome = 'done' WHERE outcome = 'open'",
	"UPDATE intent SET outcome = 'open'",
	"DELETE FROM intent WHERE outcome = 'open'",
	"INSERT INTO intent SELECT 99, run, kind, key, row_uuid, id, connector,"
	" name, natural_key, client_id, snapshot, secrets, intended_ms,"
	" outcome, status, message, settled_ms FROM intent"
	" WHERE outcome = 'open'",
};

static void every_forgery_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(buffer_release) struct buffer whole = { 0 };
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	make_with_intent(book);
	assert_int_equal(file_read(book->path, 1 << 20, &whole, book->diag), 0);
	for (size_t i = 0; i < LENGTH(forgeries); i++) {
		book_tamper(book, forgeries[i]);
		book_expect_refused(book, 0, CODE_LEDGER_MAC);
		book_expect_refused(book, LEDGER_WRITE, CODE_LEDGER_MAC);
		assert_int_equal(file_write(book->path, 0600, whole.bytes,
		                            whole.length, book->diag),
		                 0);
	}
	ledger = book_open(book, 0);
	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
}

static void a_mended_header_of_another_environment_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	book->settings.environment = "dev";
	book_tamper(book, "UPDATE ledger_header SET environment = 'dev'");

	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void an_older_row_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book_make(book, 2);
	book_tamper(book, "CREATE TABLE old AS SELECT * FROM ledger_row");
	ledger = book_write(book);
	ledger_remove(ledger, "00000000000000000000000000000001");
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = NULL;
	book_tamper(book, "INSERT INTO ledger_row SELECT * FROM old"
	                  " WHERE key = 'key-1'");

	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

/* ---- under a run ---- */

static void going_back_under_a_run_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book_make(book, 2);
	book_tamper(book, "CREATE TABLE old AS SELECT * FROM ledger_row");
	book_tamper(book, "CREATE TABLE head AS SELECT * FROM ledger_header");
	ledger = book_write(book);
	ledger_remove(ledger, "00000000000000000000000000000001");
	book_commit(book, ledger);
	book_tamper(book, "DELETE FROM ledger_row;"
	                  "INSERT INTO ledger_row SELECT * FROM old;"
	                  "DELETE FROM ledger_header;"
	                  "INSERT INTO ledger_header SELECT * FROM head");

	assert_null(ledger_applied(ledger, book->diag));
	book_expect_error(book, CODE_LEDGER_MAC);
}

static void a_change_under_a_run_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct intent *intents = NULL;
	size_t count = 0;

	book_make(book, 2);
	ledger = book_open(book, 0);
	book_tamper(book, "UPDATE ledger_row SET id = 'x' WHERE key = 'key-1'");

	assert_null(ledger_applied(ledger, book->diag));
	book_expect_error(book, CODE_LEDGER_MAC);
	assert_int_equal(
		ledger_open_intents(ledger, &intents, &count, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_MAC);
}

static void what_changes_before_the_lock_is_read_again(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *waiting = NULL;
	CLEANUP(ledger_closep) struct ledger *first = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;

	book_make(book, 2);
	waiting = book_open(book, LEDGER_WRITE);
	first = book_write(book);
	book_put(first, book_row(3));
	book_commit(book, first);
	ledger_unlock(first);
	assert_int_equal(book_take(book, waiting), 0);
	applied = book_applied(book, waiting);
	book_put(waiting, book_row(4));
	book_commit(book, waiting);

	assert_int_equal(state_length(applied), 3);
	assert_int_equal(ledger_serial(waiting), 3);
}

static void a_forgery_before_the_lock_is_refused(void **state)
{
	static const char *const rows[] = {
		"DELETE FROM ledger_row WHERE key = 'key-1'",
		"UPDATE ledger_header SET mac = NULL",
		"UPDATE ledger_header SET mac = x'00'",
	};
	struct book *book = *state;
	CLEANUP(buffer_release) struct buffer whole = { 0 };

	book_make(book, 2);
	assert_int_equal(file_read(book->path, 1 << 20, &whole, book->diag), 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(ledger_closep)
		struct ledger *ledger = book_open(book, LEDGER_WRITE);

		book_tamper(book, rows[i]);
		assert_int_equal(book_take(book, ledger), -1);
		book_expect_error(book, CODE_LEDGER_MAC);
		assert_false(ledger_lock_state(ledger).held);
		ledger_close(TAKE(ledger));
		assert_int_equal(file_write(book->path, 0600, whole.bytes,
		                            whole.length, book->diag),
		                 0);
	}
}

/* Many puts, replacements and removals in random order and in many commits
 * end in a MAC that a fresh reading agrees with. */
static void the_mac_of_many_commits_is_that_of_one(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	unsigned seed = 12345;

	for (unsigned i = 0; i < 400; i++) {
		seed = seed * 1103515245U + 12345U;

		const unsigned number = seed >> 16 & 31;
		CLEANUP(textp) char *uuid = xasprintf("%032u", number);

		if (seed >> 24 & 1)
			book_put(ledger, book_row(number));
		else
			ledger_remove(ledger, uuid);
		if (i % 7 == 0)
			book_commit(book, ledger);
	}
	book_commit(book, ledger);
	ledger_close(ledger);

	ledger = book_open(book, 0);
	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust_follows_from_the_two_keys),
		BOOK_FILE_TEST(an_unsigned_ledger_stays_so_until_it_is_signed),
		BOOK_FILE_TEST(an_unsigned_ledger_can_be_signed),
		BOOK_FILE_TEST(a_ledger_of_a_lost_key_can_be_signed_anew),
		BOOK_FILE_TEST(signing_does_not_pardon_a_bad_mac),
		BOOK_FILE_TEST(a_signature_taken_off_is_not_put_back),
		BOOK_FILE_TEST(every_forgery_is_refused),
		BOOK_FILE_TEST(
			a_mended_header_of_another_environment_is_refused),
		BOOK_FILE_TEST(an_older_row_is_refused),
		BOOK_FILE_TEST(going_back_under_a_run_is_refused),
		BOOK_FILE_TEST(a_change_under_a_run_is_refused),
		BOOK_TEST(what_changes_before_the_lock_is_read_again),
		BOOK_FILE_TEST(a_forgery_before_the_lock_is_refused),
		BOOK_TEST(the_mac_of_many_commits_is_that_of_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
