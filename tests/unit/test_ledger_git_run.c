/* SPDX-License-Identifier: MIT */
/* The ledger in git: what a run pushes when, others beside it, moving. */
#include "ledger_git.h"

/* ---- what is pushed when ---- */

static int64_t begin_run(struct ledger *ledger)
{
	const struct run_record record = {
		.command = "apply",
		.revision = "main@sha1:abc",
		.digest = "1:00ff",
		.who = "alice@host",
	};

	return ledger_run_begin(ledger, &record);
}

static struct intent intent_of(int64_t run, const char *key)
{
	return (struct intent){
		.run = run,
		.kind = INTENT_CREATE,
		.key = key,
		.row_uuid = "00000000000000000000000000000001",
	};
}

static int64_t intend(struct ledger *ledger, int64_t run, const char *key)
{
	const struct intent intent = intent_of(run, key);

	return ledger_intend(ledger, &intent);
}

static int64_t intend_covered(struct ledger *ledger, int64_t run,
                              const char *key)
{
	struct intent intent = intent_of(run, key);

	intent.covered = true;
	return ledger_intend(ledger, &intent);
}

static void only_what_others_must_know_is_pushed_at_once(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);
	int64_t number;

	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 1);
	number = intend(ledger, run, "key-1");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	assert_true(ledger_is_published(ledger));
	ledger_settle(ledger, number, OUTCOME_DONE, 201, "");
	book_put(ledger, book_row(1));
	(void)intend_covered(ledger, run, "key-1");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	assert_false(ledger_is_published(ledger));

	book->clock.wall_ms += LEDGER_PUBLISH_MS - 1;
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	book->clock.wall_ms += 1;
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 3);
	ledger_run_end(ledger, run, "done");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 4);
	assert_true(ledger_is_published(ledger));
}

static void what_was_not_pushed_goes_with_the_lock(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	(void)intend(ledger, run, "key-1");
	book_commit(book, ledger);
	book_put(ledger, book_row(1));
	book_commit(book, ledger);
	ledger_unlock(ledger);

	CLEANUP(textp) char *text = document(book);

	assert_non_null(strstr(text, "\"key-1\": {"));
}

static void a_message_says_what_and_by_whom(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);
	int64_t number;

	number = intend(ledger, run, "key-1");
	(void)intend(ledger, run, "key\x1b[31m\nEvil: yes");
	book_commit(book, ledger);

	CLEANUP(textp) char *intended = last_message(book);

	assert_true(str_starts(intended, "apply prod: 2 intended (run 1)\n\n"));
	assert_non_null(strstr(intended, "intended   create          key-1\n"));
	assert_non_null(strstr(intended, "\nBy: alice@host\n"));
	assert_non_null(strstr(intended, "\nFrom: main@sha1:abc\n"));
	assert_null(strstr(intended, "\nEvil"));
	assert_null(strchr(intended, '\x1b'));
	ledger_settle(ledger, number, OUTCOME_REFUSED, 422, "no");
	ledger_run_end(ledger, run, "partly");
	book_commit(book, ledger);

	CLEANUP(textp) char *ended = last_message(book);

	assert_true(str_starts(ended, "apply prod: 1 refused (run 1)\n\n"));
	assert_non_null(
		strstr(ended, "refused    create          key-1: HTTP 422\n"));
	assert_non_null(strstr(ended, "\nResult: partly\n"));
}

static void a_fresh_clone_finds_what_was_intended(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(ledger_closep) struct ledger *next = NULL;
	const int64_t run = begin_run(ledger);
	struct clone clone;
	struct intent *open = NULL;
	size_t count = 0;

	(void)intend(ledger, run, "key-1");
	(void)intend(ledger, run, "key-2");
	book_commit(book, ledger);
	clone_open(book, &clone);
	next = book_open(book, 0);

	assert_int_equal(ledger_open_intents(next, &open, &count, book->diag),
	                 0);
	assert_int_equal(count, 2);
	assert_string_equal(open[1].key, "key-2");
	free(open);
	ledger_close(TAKE(next));
	clone_close(book, &clone);
}

/* ---- others ---- */

static void a_race_before_the_first_write_is_no_error(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	CLEANUP(textp) char *text = document(book);

	push_document(book, text);
	(void)intend(ledger, run, "key-1");

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	assert_true(ledger_is_raced(ledger));
	assert_int_equal(diag_count(book->diag, SEVERITY_ERROR), 0);
	assert_int_equal(diag_at(book->diag, 0)->code, CODE_LEDGER_RACED);
}

static void a_race_after_the_first_write_loses_the_lock(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	(void)intend(ledger, run, "key-1");
	book_commit(book, ledger);

	CLEANUP(textp) char *text = document(book);

	push_document(book, text);
	(void)intend(ledger, run, "key-2");

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	assert_false(ledger_is_raced(ledger));
	book_expect_error(book, CODE_LOCK_LOST);
}

static void an_expired_lock_that_was_taken_is_lost(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *alice = book_write(book);
	CLEANUP(ledger_closep) struct ledger *bob = NULL;
	const int64_t run = begin_run(alice);

	book->clock.wall_ms += LOCK_GIT_TTL_MS;
	bob = book_open(book, LEDGER_WRITE);
	assert_int_equal(book_take(book, bob), 0);
	(void)intend(alice, run, "key-1");

	assert_int_equal(ledger_commit(alice, book->diag), -1);
	book_expect_error(book, CODE_LOCK_LOST);
	assert_int_equal(count_commits(book), 1);
}

/* By somebody who did not have it. */
static void break_lock(struct book *book)
{
	CLEANUP(ledger_closep)
	struct ledger *other = book_open(book, LEDGER_WRITE);
	const struct lock_state lock = ledger_lock_state(other);

	assert_true(lock.held);
	assert_int_equal(lock.notices_ms, LEDGER_PUBLISH_MS);
	assert_int_equal(ledger_break_lock(other, &lock, book->diag), 0);
	book_expect_quiet(book);
}

static void a_broken_lock_is_lost_before_more_is_intended(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	break_lock(book);
	(void)intend(ledger, run, "key-1");

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	assert_false(ledger_is_raced(ledger));
	book_expect_error(book, CODE_LOCK_LOST);
	ledger_unlock(ledger);
	assert_int_equal(count_commits(book), 1);
}

static void a_broken_lock_is_lost_when_outcomes_are_pushed(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);
	const int64_t number = intend(ledger, run, "key-1");

	book_commit(book, ledger);
	break_lock(book);
	ledger_settle(ledger, number, OUTCOME_DONE, 201, "");
	book_put(ledger, book_row(1));
	book_commit(book, ledger);
	book->clock.wall_ms += LEDGER_PUBLISH_MS;

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	book_expect_error(book, CODE_LOCK_LOST);
	ledger_unlock(ledger);
	assert_int_equal(count_commits(book), 2);
}

/* The same document once more, as a renewal pushes it. */
static void push_lock(struct book *book)
{
	static const char ref[] = "refs/trueup/lock/prod";
	const struct git_id tip = tip_of(book, ref);
	struct buffer bytes = { .bytes = NULL };
	struct git_id commit;
	const struct git_move move = { .url = book->url,
		                       .ref = ref,
		                       .expected = &tip,
		                       .commit = &commit };

	assert_int_equal(git_read_file(book->git, &tip, "lock.json", 1 << 20,
	                               &bytes, book->diag),
	                 GIT_KIND_FILE);

	const struct git_file file = { "lock.json", bytes.bytes, bytes.length };
	const struct git_draft draft = { .files = &file,
		                         .file_count = 1,
		                         .parents = &tip,
		                         .parent_count = 1,
		                         .message = "lock\n",
		                         .author = "alice@host",
		                         .email = "trueup@localhost",
		                         .time_s = 1 };

	assert_int_equal(
		git_write_commit(book->git, &draft, &commit, book->diag), 0);
	assert_int_equal(git_push_ref(book->git, &move, book->diag),
	                 GIT_PUSHED);
	buffer_release(&bytes);
}

static void a_renewal_whose_answer_was_lost_is_ours(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	push_lock(book);
	(void)intend(ledger, run, "key-1");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	push_lock(book);
	book->clock.wall_ms += LOCK_GIT_TTL_MS / 3;
	assert_int_equal(ledger_heartbeat(ledger, book->diag), 0);
	(void)intend(ledger, run, "key-2");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 3);
}

static void a_renewal_that_does_not_get_through_is_tried_again(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(textp) char *here = path_join(book->folder, "remote.git");
	CLEANUP(textp) char *away = path_join(book->folder, "away.git");

	assert_int_equal(rename(here, away), 0);
	book->clock.wall_ms += LOCK_GIT_TTL_MS / 3;
	assert_int_equal(ledger_heartbeat(ledger, book->diag), 0);
	assert_int_equal(diag_length(book->diag), 0);
	book->clock.wall_ms += LOCK_GIT_TTL_MS / 2;
	assert_int_equal(rename(away, here), 0);
	assert_int_equal(ledger_heartbeat(ledger, book->diag), 0);
	assert_int_equal(ledger_lock_state(ledger).expires_ms,
	                 book->clock.wall_ms + LOCK_GIT_TTL_MS);

	assert_int_equal(rename(here, away), 0);
	book->clock.wall_ms += LOCK_GIT_TTL_MS;
	assert_int_equal(ledger_heartbeat(ledger, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_UNREACHABLE);
	assert_int_equal(rename(away, here), 0);
}

/* ---- moving ---- */

struct kept {
	char lineage[33];
	uint64_t serial;
};

static struct kept move_to(struct book *book, const struct ledger_git *from,
                           const struct ledger_git *to)
{
	struct ledger_settings target = book->settings;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct kept kept;

	target.git = to;
	book->settings.git = from;
	ledger = book_open(book, LEDGER_WRITE);
	assert_int_equal(book_take(book, ledger), 0);
	snprintf(kept.lineage, sizeof(kept.lineage), "%s",
	         ledger_lineage(ledger));
	kept.serial = ledger_serial(ledger);
	assert_int_equal(ledger_move(ledger, &target, book->diag), 0);
	book_expect_quiet(book);
	book->settings.git = to;
	return kept;
}

static void expect_moved(struct book *book, const struct kept *kept)
{
	CLEANUP(ledger_closep) struct ledger *ledger = book_open(book, 0);
	CLEANUP(state_freep) struct state *rows = book_applied(book, ledger);

	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
	assert_string_equal(ledger_lineage(ledger), kept->lineage);
	assert_int_equal(ledger_serial(ledger), kept->serial + 1);
	assert_int_equal(state_length(rows), 2);
	assert_string_equal(state_at(rows, 1)->id, "id-2");
}

static void a_ledger_moves_to_git_and_back(void **state)
{
	struct book *book = *state;
	struct kept kept;

	book->settings.git = NULL;
	book_make(book, 2);
	kept = move_to(book, NULL, &book->in_git);
	expect_moved(book, &kept);
	book->settings.git = NULL;
	book_expect_refused(book, 0, CODE_LEDGER_MOVED);

	kept = move_to(book, &book->in_git, NULL);
	expect_moved(book, &kept);
	book->settings.git = &book->in_git;
	book_expect_refused(book, 0, CODE_LEDGER_MOVED);

	kept = move_to(book, NULL, &book->in_git);
	expect_moved(book, &kept);
}

/* Signing is asked for, and never comes with a move. */
static void an_unsigned_ledger_stays_so_when_it_moves(void **state)
{
	struct book *book = *state;
	const struct fingerprint_key *key = book->settings.key;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book->settings.key = NULL;
	book_make(book, 2);
	book->settings.key = key;
	(void)move_to(book, &book->in_git, NULL);

	ledger = book_open(book, 0);
	assert_int_equal(ledger_trust(ledger), LEDGER_UNCHECKED);
}

static void a_ledger_does_not_move_onto_another(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct ledger_settings target = book->settings;

	book_make(book, 1);
	book->settings.git = NULL;
	book_make(book, 2);
	ledger = book_open(book, LEDGER_WRITE);
	assert_int_equal(book_take(book, ledger), 0);

	assert_int_equal(ledger_move(ledger, &target, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_MOVE);
}

static void a_ledger_with_open_intents_does_not_move(void **state)
{
	struct book *book = *state;
	struct ledger_settings target = book->settings;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book->settings.git = NULL;
	ledger = book_write(book);
	(void)intend(ledger, begin_run(ledger), "key-1");
	book_commit(book, ledger);

	assert_int_equal(ledger_move(ledger, &target, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_MOVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_GIT_TEST(only_what_others_must_know_is_pushed_at_once),
		BOOK_GIT_TEST(what_was_not_pushed_goes_with_the_lock),
		BOOK_GIT_TEST(a_message_says_what_and_by_whom),
		BOOK_GIT_TEST(a_fresh_clone_finds_what_was_intended),
		BOOK_GIT_TEST(a_race_before_the_first_write_is_no_error),
		BOOK_GIT_TEST(a_race_after_the_first_write_loses_the_lock),
		BOOK_GIT_TEST(an_expired_lock_that_was_taken_is_lost),
		BOOK_GIT_TEST(a_broken_lock_is_lost_before_more_is_intended),
		BOOK_GIT_TEST(a_broken_lock_is_lost_when_outcomes_are_pushed),
		BOOK_GIT_TEST(a_renewal_whose_answer_was_lost_is_ours),
		BOOK_GIT_TEST(
			a_renewal_that_does_not_get_through_is_tried_again),
		BOOK_GIT_TEST(a_ledger_moves_to_git_and_back),
		BOOK_GIT_TEST(an_unsigned_ledger_stays_so_when_it_moves),
		BOOK_GIT_TEST(a_ledger_does_not_move_onto_another),
		BOOK_GIT_TEST(a_ledger_with_open_intents_does_not_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
