/* SPDX-License-Identifier: MIT */
/* The file store: the database is the ledger, and a commit of it is one. */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum ledger_found open_file(struct ledger *ledger,
                                   const struct ledger_settings *settings,
                                   struct diag *diag)
{
	const unsigned flags =
		settings->flags & LEDGER_WRITE ? 0 : DATABASE_READ_ONLY;
	enum ledger_found found = files_check(settings, diag);

	if (found == LEDGER_NEVER_MADE && (settings->flags & LEDGER_MAKE))
		found = store_make(settings, NULL, diag) < 0 ? LEDGER_FAILED
		                                             : LEDGER_FOUND;
	if (found != LEDGER_FOUND)
		return found;
	ledger->database = database_open(ledger->path, flags, ledger->talk);
	if (!ledger->database) {
		ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
		return LEDGER_FAILED;
	}
	return store_look(ledger, diag) < 0 ? LEDGER_FAILED : LEDGER_FOUND;
}

/* 1: it is all in the ledger; 0: the lock is not ours; -1. */
static int commit(struct ledger *ledger, const struct header *next)
{
	int renewed;

	lock_row_touch(ledger);
	if (ledger->broken)
		return -1;
	renewed = header_renew(ledger->database, next, ledger->token);
	if (renewed <= 0)
		return renewed;
	return database_commit(ledger->database) < 0 ? -1 : 1;
}

static int commit_file(struct ledger *ledger, struct diag *diag)
{
	struct header next = ledger->header;
	int done;

	if (!ledger->pending)
		return 0;
	next.serial++;
	if (ledger->sealing)
		seal_header(ledger->seal, &next, &ledger->tally, next.mac);
	done = commit(ledger, &next);
	if (done == 0)
		return lock_lost(ledger, diag);
	if (done < 0) {
		ledger->broken = true;
		store_drop(ledger);
		return ledger_tell(ledger, CODE_DATABASE, diag);
	}
	ledger->pending = false;
	ledger->header = next;
	return 0;
}

/* ---- checking, moving ---- */

static int check_file(struct ledger *ledger, struct ledger_checked *out,
                      struct diag *diag)
{
	struct statement *statement =
		database_prepare(ledger->database, "PRAGMA integrity_check(1)");
	CLEANUP(textp) char *words = NULL;

	(void)out;
	if (statement_next(statement) <= 0)
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	words = xstrdup(statement_column(statement, 0));
	if (statement_next(statement) < 0)
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	if (str_equal(words, "ok"))
		return 0;
	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "the ledger `%s` is damaged: %s; put a copy back "
	                  "that is whole",
	                  ledger->path, words);
}

/* One that was moved away may come back. */
static int check_vacant(struct ledger *ledger,
                        const struct ledger_settings *settings,
                        struct diag *diag)
{
	struct stat info;

	if (lstat(settings->path, &info) < 0 && errno == ENOENT)
		return 0;
	return diag_error(diag, CODE_LEDGER_MOVE, settings->place,
	                  "there is a ledger `%s` already; look which of the "
	                  "two is right, and move the other away",
	                  ledger->path);
}

static int settle_file(struct ledger *ledger,
                       const struct ledger_settings *settings,
                       struct ledger *from, struct diag *diag)
{
	struct header next = from->header;
	struct piece page;
	CLEANUP(textp) char *bytes = NULL;

	(void)ledger;
	next.serial++;
	bytes = page_write(from, &next, "", &page.length, diag);
	page.bytes = bytes;
	if (!bytes)
		return ledger_tell(from, CODE_DATABASE, diag);
	return store_make(settings, &page, diag);
}

/* SQLite keeps these beside it; empty after a checkpoint. */
static void remove_beside(const char *path)
{
	static const char *const suffixes[] = { "-wal", "-shm" };

	for (size_t i = 0; i < LENGTH(suffixes); i++) {
		CLEANUP(textp)
		char *beside = xasprintf("%s%s", path, suffixes[i]);

		(void)unlink(beside);
	}
}

/* What is in the WAL goes into the file first, and nobody else writes: the
 * lock is ours, and goes with the file. */
static int retire_file(struct ledger *ledger, const char *to, struct diag *diag)
{
	CLEANUP(textp) char *moved = xasprintf("%s" MOVED_SUFFIX, ledger->path);

	(void)to;
	if (database_checkpoint(ledger->database) < 0)
		return ledger_tell(ledger, CODE_DATABASE, diag);
	if (rename(ledger->path, moved) == 0) {
		database_close(TAKE(ledger->database));
		ledger->token[0] = '\0';
		remove_beside(ledger->path);
		return 0;
	}
	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "the ledger `%s` is moved, and the old one cannot be "
	                  "renamed: %s; rename it to `%s`",
	                  ledger->path, strerror(errno), moved);
}

const struct store store_file = {
	.name = "file",
	.lock_ttl_ms = LOCK_TTL_MS,
	.open = open_file,
	.commit = commit_file,
	.read_holder = lock_row_read,
	.take = lock_row_take,
	.renew = lock_row_renew,
	.is_ours = lock_row_is_ours,
	.give_back = lock_row_give_back,
	.check = check_file,
	.check_vacant = check_vacant,
	.settle = settle_file,
	.retire = retire_file,
};
