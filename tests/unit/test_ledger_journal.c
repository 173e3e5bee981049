/* SPDX-License-Identifier: MIT */
#include "ledger_book.h"

static const char *const snapshot[] = { "id-1", "", "id with\nline" };
static const char *const secrets[] = { "client.secret", "secrets.webhook" };

static const struct intent whole_intent = {
	.kind = INTENT_REPLACE_CREATE,
	.key = "slack-crm",
	.row_uuid = "0123456789abcdef0123456789abcdef",
	.id = "id-9",
	.connector = "slack",
	.name = "Slack \xff CRM'; --",
	.natural_key = "slack-crm",
	.client_id = "1234.5678",
	.snapshot = snapshot,
	.snapshot_count = LENGTH(snapshot),
	.secrets = secrets,
	.secret_count = LENGTH(secrets),
};

static int64_t begin_run(struct ledger *ledger)
{
	const struct run_record record = {
		.command = "apply",
		.revision = "abc123",
		.digest = "1:00ff",
		.who = "alice@host",
	};

	return ledger_run_begin(ledger, &record);
}

/* The open intents; freed by the caller. */
static size_t read_open(struct book *book, struct ledger *ledger,
                        struct intent **intents)
{
	size_t count = 99;
	const int status =
		ledger_open_intents(ledger, intents, &count, book->diag);

	book_expect_quiet(book);
	assert_int_equal(status, 0);
	return count;
}

static size_t count_open(struct book *book, struct ledger *ledger)
{
	struct intent *intents = NULL;
	const size_t count = read_open(book, ledger, &intents);

	free(intents);
	return count;
}

static void expect_text(const char *got, const char *wanted)
{
	assert_int_equal(!got, !wanted);
	if (wanted)
		assert_string_equal(got, wanted);
}

static void expect_texts(const char *const *got, size_t got_count,
                         const char *const *wanted, size_t wanted_count)
{
	assert_int_equal(got_count, wanted_count);
	for (size_t i = 0; i < wanted_count; i++)
		assert_string_equal(got[i], wanted[i]);
}

static void expect_intent(const struct intent *got, const struct intent *wanted)
{
	assert_int_equal(got->kind, wanted->kind);
	assert_int_equal(got->outcome, wanted->outcome);
	expect_text(got->key, wanted->key);
	expect_text(got->row_uuid, wanted->row_uuid);
	expect_text(got->id, wanted->id);
	expect_text(got->connector, wanted->connector);
	expect_text(got->name, wanted->name);
	expect_text(got->natural_key, wanted->natural_key);
	expect_text(got->client_id, wanted->client_id);
	expect_texts(got->snapshot, got->snapshot_count, wanted->snapshot,
	             wanted->snapshot_count);
	expect_texts(got->secrets, got->secret_count, wanted->secrets,
	             wanted->secret_count);
}

static void an_intent_comes_back_whole(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	struct intent intent = whole_intent;
	struct intent *open = NULL;

	intent.run = begin_run(ledger);
	const int64_t number = ledger_intend(ledger, &intent);

	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);

	assert_int_equal(read_open(book, ledger, &open), 1);
	expect_intent(&open[0], &intent);
	assert_int_equal(open[0].number, number);
	assert_int_equal(open[0].run, intent.run);
	free(open);
}

static void an_intent_of_little_comes_back(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const struct intent intent = { .kind = INTENT_DELETE, .id = "id-1" };
	struct intent *open = NULL;

	(void)ledger_intend(ledger, &intent);
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);

	assert_int_equal(read_open(book, ledger, &open), 1);
	expect_intent(&open[0], &intent);
	free(open);
}

static void every_kind_comes_back_in_order(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	struct intent intent = whole_intent;
	struct intent *open = NULL;

	for (int kind = INTENT_CREATE; kind <= INTENT_REPLACE_DELETE; kind++) {
		intent.kind = (enum intent_kind)kind;
		(void)ledger_intend(ledger, &intent);
	}
	book_commit(book, ledger);

	assert_int_equal(read_open(book, ledger, &open), 5);
	for (int kind = INTENT_CREATE; kind <= INTENT_REPLACE_DELETE; kind++)
		assert_int_equal(open[kind].kind, kind);
	for (size_t i = 1; i < 5; i++)
		assert_true(open[i - 1].number < open[i].number);
	free(open);
}

static const struct {
	enum intent_outcome outcome;
	size_t open;
} settlements[] = {
	{ OUTCOME_OPEN, 1 },   { OUTCOME_DONE, 0 },    { OUTCOME_REFUSED, 0 },
	{ OUTCOME_UNSENT, 0 }, { OUTCOME_UNKNOWN, 1 }, { OUTCOME_RESOLVED, 0 },
};

static void only_open_and_unknown_stay_open(void **state)
{
	struct book *book = *state;

	for (size_t i = 0; i < LENGTH(settlements); i++) {
		CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
		const int64_t number = ledger_intend(ledger, &whole_intent);
		struct intent *open = NULL;

		book_commit(book, ledger);
		ledger_settle(ledger, number, settlements[i].outcome, 503,
		              "what the platform said");
		book_commit(book, ledger);
		assert_int_equal(read_open(book, ledger, &open),
		                 settlements[i].open);
		if (settlements[i].open)
			assert_int_equal(open[0].outcome,
			                 settlements[i].outcome);
		free(open);
		ledger_settle(ledger, number, OUTCOME_RESOLVED, 0, NULL);
		book_commit(book, ledger);
		assert_int_equal(count_open(book, ledger), 0);
	}
}

static void what_is_settled_is_not_opened_again(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t number = ledger_intend(ledger, &whole_intent);

	ledger_settle(ledger, number, OUTCOME_DONE, 201, "");
	ledger_settle(ledger, number, OUTCOME_UNKNOWN, 0, "");
	ledger_settle(ledger, number + 7, OUTCOME_DONE, 0, "nobody's");
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);

	assert_int_equal(count_open(book, ledger), 0);
}

/* Those that are done are written by ranges: only they, in whatever order they
 * come, each with its status. */
static void what_is_done_is_settled_alone(void **state)
{
	static const struct {
		size_t index;
		int status;
	} done[] = { { 6, 200 }, { 1, 201 }, { 0, 201 },
		     { 5, 201 }, { 3, 200 }, { 2, 201 } };
	static const int wanted[] = { 201, 201, 201, 200, 0, 201, 200 };
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	int64_t numbers[LENGTH(wanted)];
	struct ledger_run *runs = NULL;
	size_t count = 0;
	struct intent intent = whole_intent;
	const int64_t run = intent.run = begin_run(ledger);

	for (size_t i = 0; i < LENGTH(numbers); i++)
		numbers[i] = ledger_intend(ledger, &intent);
	for (size_t i = 0; i < LENGTH(done); i++)
		ledger_settle(ledger, numbers[done[i].index], OUTCOME_DONE,
		              done[i].status, "");
	assert_int_equal(count_open(book, ledger), 1); /* and not committed */
	ledger_run_end(ledger, run, "done");
	book_commit(book, ledger);
	assert_int_equal(ledger_history(ledger,
	                                &(struct history_filter){ .limit = 1 },
	                                &runs, &count, book->diag),
	                 0);
	assert_int_equal(runs[0].step_count, LENGTH(wanted));
	for (size_t i = 0; i < LENGTH(wanted); i++) {
		const struct ledger_step *step = &runs[0].steps[i];

		assert_int_equal(step->status, wanted[i]);
		assert_string_equal(step->outcome, wanted[i] ? "done" : "open");
	}
	free(runs);
}

/* The crash between two transactions: intents are there, outcomes are not. */
static void a_crash_after_the_intents_leaves_them_open(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(state_freep) struct state *applied = NULL;
	const int64_t run = begin_run(ledger);
	int64_t numbers[3];

	for (size_t i = 0; i < LENGTH(numbers); i++)
		numbers[i] = ledger_intend(ledger, &whole_intent);
	book_commit(book, ledger);
	ledger_settle(ledger, numbers[0], OUTCOME_DONE, 201, "");
	book_put(ledger, book_row(1));
	book_commit(book, ledger);
	ledger_settle(ledger, numbers[1], OUTCOME_DONE, 201, "");
	book_put(ledger, book_row(2));
	ledger_run_end(ledger, run, "done");
	ledger_close(ledger); /* without a commit */
	ledger = book_open(book, 0);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), 1);
	assert_int_equal(count_open(book, ledger), 2);
}

/* One value of one row. */
static char *ask(struct book *book, const char *sql)
{
	CLEANUP(database_closep)
	struct database *database =
		database_open(book->path, DATABASE_READ_ONLY, book->diag);
	struct statement *statement = database_prepare(database, sql);
	char *answer = NULL;

	if (statement_next(statement) == 1)
		answer = xstrdup(statement_column(statement, 0));
	book_expect_quiet(book);
	return answer;
}

static void expect_answer(struct book *book, const char *sql,
                          const char *wanted)
{
	CLEANUP(textp) char *answer = ask(book, sql);

	assert_non_null(answer);
	assert_string_equal(answer, wanted);
}

static void a_run_is_kept_with_its_end(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	book->clock.wall_ms += 5;
	ledger_run_end(ledger, run, "partly");
	assert_true(begin_run(ledger) > run);
	book_commit(book, ledger);

	expect_answer(
		book,
		"SELECT concat FROM (SELECT number || command ||"
		" revision || digest || who || began_ms || ' ' ||"
		" ended_ms || result AS concat FROM run WHERE number = 1)",
		"1applyabc1231:00ffalice@host1000000000 1000000005"
		"partly");
	expect_answer(book, "SELECT count(*) FROM run WHERE ended_ms IS NULL",
	              "1");
}

static void an_outcome_is_kept_with_its_words(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);

	ledger_settle(ledger, ledger_intend(ledger, &whole_intent),
	              OUTCOME_REFUSED, 422, "name: \xff\x1b[31m is taken");
	book_commit(book, ledger);

	expect_answer(book,
	              "SELECT kind || ' ' || outcome || ' ' || status || ' ' ||"
	              " message FROM intent",
	              "replace-create refused 422 name: \xff\x1b[31m is taken");
}

static void many_changes_are_one_commit(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(state_freep) struct state *applied = NULL;

	for (unsigned i = 0; i < 64; i++) {
		(void)ledger_intend(ledger, &whole_intent);
		book_put(ledger, book_row(i));
	}
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);
	applied = book_applied(book, ledger);

	assert_int_equal(ledger_serial(ledger), 1);
	assert_int_equal(state_length(applied), 64);
	assert_int_equal(count_open(book, ledger), 64);
}

/* Its number is given again, to another. */
static void what_was_dropped_is_not_taken_for_what_came_after(void **state)
{
	const struct run_record record = { .command = "apply" };
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct intent intent = { .kind = INTENT_CREATE,
		                 .key = "key-8",
		                 .row_uuid = "8",
		                 .connector = "slack" };
	int64_t dropped, kept;

	book_make(book, 1);
	ledger = book_write(book);
	intent.run = ledger_run_begin(ledger, &record);
	dropped = ledger_intend(ledger, &intent);
	ledger_unlock(ledger);
	assert_int_equal(book_take(book, ledger), 0);
	intent.key = "key-9";
	intent.run = ledger_run_begin(ledger, &record);
	kept = ledger_intend(ledger, &intent);
	ledger_settle(ledger, kept, OUTCOME_DONE, 201, "");
	book_commit(book, ledger);
	ledger_close(TAKE(ledger));

	assert_int_equal(kept, dropped);
	ledger = book_open(book, 0);
	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
}

static void a_kind_nobody_knows_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct intent *intents = NULL;
	size_t count = 0;

	book->settings.key = NULL;
	ledger = book_write(book);
	(void)ledger_intend(ledger, &whole_intent);
	book_commit(book, ledger);
	book_tamper(book, "UPDATE intent SET kind = 'destroy'");

	assert_int_equal(
		ledger_open_intents(ledger, &intents, &count, book->diag), -1);
	assert_null(intents);
	book_expect_error(book, CODE_LEDGER_UNREADABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_TEST(an_intent_comes_back_whole),
		BOOK_TEST(an_intent_of_little_comes_back),
		BOOK_TEST(every_kind_comes_back_in_order),
		BOOK_TEST(only_open_and_unknown_stay_open),
		BOOK_TEST(what_is_settled_is_not_opened_again),
		BOOK_TEST(what_is_done_is_settled_alone),
		BOOK_FILE_TEST(a_crash_after_the_intents_leaves_them_open),
		BOOK_FILE_TEST(a_run_is_kept_with_its_end),
		BOOK_FILE_TEST(an_outcome_is_kept_with_its_words),
		BOOK_TEST(many_changes_are_one_commit),
		BOOK_FILE_TEST(
			what_was_dropped_is_not_taken_for_what_came_after),
		BOOK_FILE_TEST(a_kind_nobody_knows_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
