/* SPDX-License-Identifier: MIT */
#include "ledger_book.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

static int take_as(struct book *book, struct ledger *ledger, const char *who,
                   int64_t pid)
{
	const struct lock_owner owner = {
		.who = who,
		.command = "apply",
		.url = "https://ci.example.com/1",
		.pid = pid,
	};

	return ledger_lock(ledger, &owner, 0, book->diag);
}

/* Two handles on one ledger; alice's is locked. */
struct pair {
	struct ledger *alice, *bob;
};

static struct pair pair_open(struct book *book, int64_t pid)
{
	struct pair pair;

	book_make(book, 1);
	pair.alice = book_open(book, LEDGER_WRITE);
	pair.bob = book_open(book, LEDGER_WRITE);
	assert_int_equal(take_as(book, pair.alice, "alice@here", pid), 0);
	return pair;
}

static void pair_close(struct pair *pair)
{
	ledger_close(pair->alice);
	ledger_close(pair->bob);
}

/* Runs to its end and is buried, so nobody has its pid. */
static pid_t process_of_the_past(void)
{
	char name[] = "/bin/true";
	char *const arguments[] = { name, NULL };
	char *const environment[] = { NULL };
	pid_t pid = 0;
	int status;

	assert_int_equal(
		posix_spawn(&pid, name, NULL, NULL, arguments, environment), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return pid;
}

static void a_lock_keeps_others_out_and_says_whose_it_is(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());
	CLEANUP(textp) char *pid = xasprintf("process %d", getpid());
	char until[CLOCK_TEXT_SIZE];

	clock_format(NOON_MS + book->lock_ttl_ms, until);

	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), -1);

	CLEANUP(textp) char *text = diag_text(book->diag);

	assert_non_null(strstr(text, "`alice@here`"));
	assert_non_null(strstr(text, "`apply`"));
	assert_non_null(strstr(text, pid));
	assert_non_null(strstr(text, "https://ci.example.com/1"));
	assert_non_null(strstr(text, "since 1970-01-12T13:46:40Z"));
	assert_non_null(strstr(text, "until "));
	assert_non_null(strstr(text, until));
	book_expect_error(book, CODE_LOCKED);
	assert_int_equal(code_find(CODE_LOCKED)->exit, 6);
	pair_close(&pair);
}

static void a_lock_given_back_is_free(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	ledger_unlock(pair.alice);
	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), 0);

	assert_int_equal(diag_length(book->diag), 0);
	pair_close(&pair);
}

static void closing_gives_the_lock_back(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	ledger_close(pair.alice);
	pair.alice = NULL;
	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), 0);
	pair_close(&pair);
}

static void the_lock_s_state_can_be_read(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());
	struct lock_state lock = ledger_lock_state(pair.bob);

	assert_true(lock.held);
	assert_string_equal(lock.who, "alice@here");
	assert_string_equal(lock.command, "apply");
	assert_string_equal(lock.url, "https://ci.example.com/1");
	assert_int_equal(lock.pid, getpid());
	assert_int_equal(lock.since_ms, NOON_MS);
	assert_int_equal(lock.expires_ms, NOON_MS + book->lock_ttl_ms);
	ledger_unlock(pair.alice);
	assert_false(ledger_lock_state(pair.bob).held);
	pair_close(&pair);
}

static void expect_taken_over(struct book *book, struct ledger *ledger,
                              const char *reason)
{
	assert_int_equal(take_as(book, ledger, "bob@here", getpid()), 0);
	assert_int_equal(diag_length(book->diag), 1);
	assert_int_equal(diag_at(book->diag, 0)->severity, SEVERITY_INFO);
	assert_int_equal(diag_at(book->diag, 0)->code, CODE_LOCK_TAKEN);
	assert_non_null(strstr(diag_at(book->diag, 0)->text, "`alice@here`"));
	assert_non_null(strstr(diag_at(book->diag, 0)->text, reason));
}

static void an_expired_lock_is_taken_over(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book->clock.wall_ms += book->lock_ttl_ms - 1;
	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), -1);
	book_expect_error(book, CODE_LOCKED);
	book->clock.wall_ms += 1;

	expect_taken_over(book, pair.bob, "expired");
	pair_close(&pair);
}

static void the_lock_of_a_dead_process_is_taken_over(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, process_of_the_past());

	expect_taken_over(book, pair.bob, "gone");
	pair_close(&pair);
}

static void a_pid_used_again_is_not_the_process_that_was(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book_tamper(book, "UPDATE ledger_lock SET started = started - 1");

	expect_taken_over(book, pair.bob, "gone");
	pair_close(&pair);
}

/* It was taken where /proc is hidden. */
static void a_lock_without_a_beginning_is_held_by_whoever_has_the_pid(
	void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, process_of_the_past());
	CLEANUP(textp)
	char *alive = xasprintf("UPDATE ledger_lock SET pid = %d", getpid());

	book_tamper(book, alive);

	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), -1);
	book_expect_error(book, CODE_LOCKED);
	pair_close(&pair);
}

static void a_dead_pid_of_another_machine_says_nothing(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, process_of_the_past());

	book_tamper(book, "UPDATE ledger_lock SET machine = 'elsewhere'");

	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), -1);
	book_expect_error(book, CODE_LOCKED);
	pair_close(&pair);
}

static void waiting_ends_at_the_timeout(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());
	const struct lock_owner owner = { .who = "bob@here",
		                          .command = "apply",
		                          .pid = getpid() };

	assert_int_equal(ledger_lock(pair.bob, &owner, 20, book->diag), -1);
	book_expect_error(book, CODE_LOCKED);
	pair_close(&pair);
}

static void *unlock(void *ledger)
{
	ledger_unlock(ledger);
	return NULL;
}

static void who_waits_gets_the_lock_when_it_is_given_back(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());
	const struct lock_owner owner = { .who = "bob@here",
		                          .command = "apply",
		                          .pid = getpid() };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, unlock, pair.alice), 0);
	assert_int_equal(ledger_lock(pair.bob, &owner, 60000, book->diag), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	book_put(pair.bob, book_row(2));
	book_commit(book, pair.bob);
	pair_close(&pair);
}

/* ---- keeping it ---- */

static void a_heartbeat_pushes_the_expiry_on(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book->clock.wall_ms += book->lock_ttl_ms / 3 - 1;
	assert_int_equal(ledger_heartbeat(pair.alice, book->diag), 0);
	assert_int_equal(ledger_lock_state(pair.bob).expires_ms,
	                 NOON_MS + book->lock_ttl_ms);
	book->clock.wall_ms += 1;
	assert_int_equal(ledger_heartbeat(pair.alice, book->diag), 0);
	assert_int_equal(ledger_lock_state(pair.bob).expires_ms,
	                 book->clock.wall_ms + book->lock_ttl_ms);
	pair_close(&pair);
}

static void a_commit_pushes_the_expiry_on(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book_put(pair.alice, book_row(2));
	book->clock.wall_ms += book->lock_ttl_ms / 2;
	assert_int_equal(ledger_heartbeat(pair.alice, book->diag), 0);
	book_commit(book, pair.alice);

	assert_int_equal(ledger_lock_state(pair.bob).expires_ms,
	                 book->clock.wall_ms + book->lock_ttl_ms);
	pair_close(&pair);
}

static void a_clock_set_back_does_not_stop_heartbeats(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book->clock.wall_ms -= 3600000;
	assert_int_equal(ledger_heartbeat(pair.alice, book->diag), 0);

	assert_int_equal(ledger_lock_state(pair.bob).expires_ms,
	                 book->clock.wall_ms + book->lock_ttl_ms);
	pair_close(&pair);
}

static void an_expired_lock_nobody_took_still_commits(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book->clock.wall_ms += 10 * book->lock_ttl_ms;
	book_put(pair.alice, book_row(2));
	book_commit(book, pair.alice);

	assert_true(ledger_lock_state(pair.bob).held);
	pair_close(&pair);
}

/* Bob took the lock while alice slept. */
static struct pair pair_of_a_sleeper(struct book *book)
{
	struct pair pair = pair_open(book, getpid());

	book->clock.wall_ms += book->lock_ttl_ms;
	expect_taken_over(book, pair.bob, "expired");
	return pair;
}

static void a_lost_lock_stops_commits(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_of_a_sleeper(book);
	CLEANUP(state_freep) struct state *applied = NULL;

	book_put(pair.alice, book_row(2));
	assert_int_equal(ledger_commit(pair.alice, book->diag), -1);

	CLEANUP(textp) char *text = diag_text(book->diag);

	assert_non_null(strstr(text, "`bob@here`"));
	book_expect_error(book, CODE_LOCK_LOST);
	assert_int_equal(code_find(CODE_LOCK_LOST)->exit, 6);
	book_put(pair.alice, book_row(3)); /* a no-op now */
	assert_int_equal(ledger_commit(pair.alice, book->diag), -1);
	assert_int_equal(diag_length(book->diag), 0);
	book_put(pair.bob, book_row(4));
	book_commit(book, pair.bob);
	applied = book_applied(book, pair.bob);
	assert_int_equal(state_length(applied), 2);
	assert_non_null(state_find(applied, "key-4"));
	pair_close(&pair);
}

static void who_writes_without_the_lock_stops_commits(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book_tamper(book, "UPDATE ledger_header SET serial = serial + 1");
	book_put(pair.alice, book_row(2));
	assert_int_equal(ledger_commit(pair.alice, book->diag), -1);

	CLEANUP(textp) char *text = diag_text(book->diag);

	assert_non_null(strstr(text, "without"));
	book_expect_error(book, CODE_LOCK_LOST);
	pair_close(&pair);
}

static void a_lost_lock_stops_heartbeats(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_of_a_sleeper(book);

	assert_int_equal(ledger_heartbeat(pair.alice, book->diag), -1);
	book_expect_error(book, CODE_LOCK_LOST);
	assert_int_equal(ledger_heartbeat(pair.alice, book->diag), -1);
	assert_int_equal(diag_length(book->diag), 0);
	pair_close(&pair);
}

static void giving_back_a_lost_lock_leaves_the_other_s(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_of_a_sleeper(book);

	ledger_unlock(pair.alice);

	assert_string_equal(ledger_lock_state(pair.bob).who, "bob@here");
	book_put(pair.bob, book_row(2));
	book_commit(book, pair.bob);
	pair_close(&pair);
}

static void giving_back_the_lock_drops_what_is_pending(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());
	CLEANUP(state_freep) struct state *applied = NULL;

	book_put(pair.alice, book_row(2));
	ledger_unlock(pair.alice);
	assert_int_equal(take_as(book, pair.alice, "alice@here", getpid()), 0);
	book_put(pair.alice, book_row(3));
	book_commit(book, pair.alice);
	applied = book_applied(book, pair.alice);

	assert_int_equal(state_length(applied), 2);
	assert_null(state_find(applied, "key-2"));
	pair_close(&pair);
}

static void who_waits_is_told_even_while_a_commit_is_prepared(void **state)
{
	struct book *book = *state;
	struct pair pair = pair_open(book, getpid());

	book_put(pair.alice, book_row(2));

	assert_int_equal(take_as(book, pair.bob, "bob@here", getpid()), -1);
	book_expect_error(book, CODE_LOCKED);
	pair_close(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_TEST(a_lock_keeps_others_out_and_says_whose_it_is),
		BOOK_TEST(a_lock_given_back_is_free),
		BOOK_TEST(closing_gives_the_lock_back),
		BOOK_TEST(the_lock_s_state_can_be_read),
		BOOK_TEST(an_expired_lock_is_taken_over),
		BOOK_TEST(the_lock_of_a_dead_process_is_taken_over),
		BOOK_FILE_TEST(a_pid_used_again_is_not_the_process_that_was),
		BOOK_FILE_TEST(
			a_lock_without_a_beginning_is_held_by_whoever_has_the_pid),
		BOOK_FILE_TEST(a_dead_pid_of_another_machine_says_nothing),
		BOOK_TEST(waiting_ends_at_the_timeout),
		BOOK_FILE_TEST(who_waits_gets_the_lock_when_it_is_given_back),
		BOOK_TEST(a_heartbeat_pushes_the_expiry_on),
		BOOK_TEST(a_commit_pushes_the_expiry_on),
		BOOK_TEST(a_clock_set_back_does_not_stop_heartbeats),
		BOOK_TEST(an_expired_lock_nobody_took_still_commits),
		BOOK_TEST(a_lost_lock_stops_commits),
		BOOK_FILE_TEST(who_writes_without_the_lock_stops_commits),
		BOOK_TEST(a_lost_lock_stops_heartbeats),
		BOOK_TEST(giving_back_a_lost_lock_leaves_the_other_s),
		BOOK_TEST(giving_back_the_lock_drops_what_is_pending),
		BOOK_TEST(who_waits_is_told_even_while_a_commit_is_prepared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
