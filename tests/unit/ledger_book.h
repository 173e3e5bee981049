/* SPDX-License-Identifier: MIT */
/* Book: a ledger in a folder of its own, for the tests of that room: in a file
 * and, where it is not the file itself that is tested, once more in git. */
#ifndef TESTS_UNIT_LEDGER_BOOK_H
#define TESTS_UNIT_LEDGER_BOOK_H

#include "base/clock.h"
#include "base/hash.h"
#include "database/database.h"
#include "git/git.h"
#include "ledger/ledger.h"
#include "schema/schema.h"
#include "secrets/secrets.h"
#include "state/state.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>

enum { NOON_MS = 1000000000 };

struct book {
	char *folder, *path; /* FOLDER/.trueup/prod.db */
	struct clock_fixed clock;
	struct fingerprint_key *key, *other_key;
	struct diag *diag;
	struct ledger_settings settings; /* with `key` */
	int64_t lock_ttl_ms;
	/* In git: FOLDER/remote.git, reached by way of FOLDER/here.git. */
	struct git_settings git_settings;
	struct git *git;
	char *url;
	struct ledger_git in_git;
};

static inline struct fingerprint_key *book_key(uint8_t byte)
{
	uint8_t bytes[HASH_BYTES];

	memset(bytes, byte, sizeof(bytes));
	return fingerprint_key_new(bytes);
}

static inline int book_set_up(void **state)
{
	struct book *book = xcalloc(1, sizeof(*book));

	book->folder = folder_make();
	book->path = xasprintf("%s/.trueup/prod.db", book->folder);
	clock_fixed_init(&book->clock, NOON_MS);
	book->key = book_key(1);
	book->other_key = book_key(2);
	book->diag = diag_new();
	book->settings = (struct ledger_settings){
		.path = book->path,
		.platform = "alloy-assumed",
		.origin = "https://api.example.com",
		.environment = "prod",
		.key = book->key,
		.clock = &book->clock.clock,
		.place = { "prod.yaml", 7, 1 },
	};
	book->lock_ttl_ms = LOCK_TTL_MS;
	*state = book;
	return 0;
}

/* An empty bare repository; kept open. */
static inline struct git *book_repository(struct book *book, const char *name)
{
	CLEANUP(textp) char *path = path_join(book->folder, name);
	struct git *git = git_open_cache(path, &book->git_settings, book->diag);

	assert_non_null(git);
	return git;
}

static inline int book_set_up_git(void **state)
{
	struct book *book;

	assert_int_equal(book_set_up(state), 0);
	book = *state;
	book->git_settings.flags = GIT_ALLOW_FILE;
	git_free(book_repository(book, "remote.git"));
	book->git = book_repository(book, "here.git");
	book->url = xasprintf("file://%s/remote.git", book->folder);
	book->in_git = (struct ledger_git){
		.git = book->git,
		.url = book->url,
		.remote = "origin",
		.ref = "refs/trueup/ledger/prod",
		.lock_ref = "refs/trueup/lock/prod",
	};
	book->settings.git = &book->in_git;
	book->lock_ttl_ms = LOCK_GIT_TTL_MS;
	return 0;
}

static inline int book_tear_down(void **state)
{
	struct book *book = *state;

	git_free(book->git);
	folder_remove(book->folder);
	free(book->url);
	free(book->folder);
	free(book->path);
	fingerprint_key_free(book->key);
	fingerprint_key_free(book->other_key);
	diag_free(book->diag);
	free(book);
	return 0;
}

#define BOOK_FILE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, book_set_up, book_tear_down)
#define BOOK_GIT_TEST(name)                                                 \
	{                                                                   \
#name " (git)", name, book_set_up_git, book_tear_down, NULL \
	}
#define BOOK_TEST(name) BOOK_FILE_TEST(name), BOOK_GIT_TEST(name)

static inline enum ledger_found book_try(struct book *book, unsigned flags,
                                         struct ledger **out)
{
	book->settings.flags = (enum ledger_flags)flags;
	return ledger_open(&book->settings, out, book->diag);
}

/* Fails with what was reported. */
static inline void book_expect_quiet(const struct book *book)
{
	if (!diag_count(book->diag, SEVERITY_ERROR))
		return;

	CLEANUP(textp) char *text = diag_text(book->diag);

	fail_msg("%s", text);
}

static inline struct ledger *book_open(struct book *book, unsigned flags)
{
	struct ledger *ledger = NULL;
	const enum ledger_found found = book_try(book, flags, &ledger);

	book_expect_quiet(book);
	assert_int_equal(found, LEDGER_FOUND);
	return ledger;
}

static inline int book_take(struct book *book, struct ledger *ledger)
{
	const struct lock_owner owner = {
		.who = "alice@host",
		.command = "apply",
		.pid = getpid(),
	};

	return ledger_lock(ledger, &owner, 0, book->diag);
}

/* Open for writing, made if need be, and locked. */
static inline struct ledger *book_write(struct book *book)
{
	struct ledger *ledger = book_open(book, LEDGER_WRITE | LEDGER_MAKE);

	assert_int_equal(book_take(book, ledger), 0);
	return ledger;
}

static inline void book_commit(struct book *book, struct ledger *ledger)
{
	const int status = ledger_commit(ledger, book->diag);

	book_expect_quiet(book);
	assert_int_equal(status, 0);
}

static inline struct state *book_applied(struct book *book,
                                         struct ledger *ledger)
{
	struct state *applied = ledger_applied(ledger, book->diag);

	book_expect_quiet(book);
	assert_non_null(applied);
	return applied;
}

/* The report's code is `code`, and it is the only error; forgets it then. */
static inline void book_expect_error(struct book *book, unsigned code)
{
	const struct code_row *row = code_find(code);
	unsigned found = 0;

	assert_int_equal(diag_count(book->diag, SEVERITY_ERROR), 1);
	for (size_t i = 0; i < diag_length(book->diag); i++) {
		const struct diag_report *report = diag_at(book->diag, i);

		if (report->severity == SEVERITY_ERROR)
			found = report->code;
	}
	assert_int_equal(found, code);
	assert_non_null(row);
	diag_free(book->diag);
	book->diag = diag_new();
}

static inline void book_expect_refused(struct book *book, unsigned flags,
                                       unsigned code)
{
	struct ledger *ledger = NULL;

	assert_int_equal(book_try(book, flags, &ledger), LEDGER_FAILED);
	assert_null(ledger);
	book_expect_error(book, code);
}

/* Does to the file what trueup would not do. */
static inline void book_tamper(struct book *book, const char *sql)
{
	CLEANUP(database_closep)
	struct database *database =
		database_open(book->path, (enum database_flags)0, book->diag);
	const int status = database ? database_run(database, sql) : -1;

	book_expect_quiet(book);
	assert_int_equal(status, 0);
}

/* A row with one of everything, as a state of one; `number` makes it unlike
 * others. Finish it. */
static inline struct state *book_row(unsigned number)
{
	static const char *const scopes[] = { "chat:write", "users:read" };
	struct state *state = state_new(STATE_BY_KEY);
	CLEANUP(textp) char *key = xasprintf("key-%u", number);
	CLEANUP(textp) char *id = xasprintf("id-%u", number);
	CLEANUP(textp) char *uuid = xasprintf("%032u", number);
	struct auth_config *open;

	state_begin(state, key, PLACE_NONE);
	open = state_open(state);
	open->id = state_text(state, id);
	open->row_uuid = state_text(state, uuid);
	open->connections = -1;
	state_field(state, "client.id", state_value_text(state, id),
	            PLACE_NONE);
	state_field(state, "connector", state_value_text(state, "slack"),
	            PLACE_NONE);
	state_field(state, "scopes",
	            state_value_set(state, scopes, LENGTH(scopes)), PLACE_NONE);
	state_seen(state, "client.id", state_value_text(state, id));
	state_seen(state, "connector", state_value_text(state, "slack"));
	state_seen(state, "scopes",
	           state_value_set(state, scopes, LENGTH(scopes)));
	return state;
}

/* Ends the row, puts it and frees it. */
static inline void book_put(struct ledger *ledger, struct state *row)
{
	const char *twin = NULL;

	state_end(row);
	assert_int_equal(state_finish(row, &twin), 0);
	ledger_put(ledger, state_at(row, 0));
	state_free(row);
}

/* A ledger of `count` rows, key-1 and so on; closed. */
static inline void book_make(struct book *book, unsigned count)
{
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);

	for (unsigned i = 1; i <= count; i++)
		book_put(ledger, book_row(i));
	book_commit(book, ledger);
	ledger_unlock(ledger);
}

#endif
