/* SPDX-License-Identifier: MIT */
#include "ledger/store.h"

#include "schema/schema.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int ledger_tell(struct ledger *ledger, unsigned code, struct diag *diag)
{
	const size_t count = diag_length(ledger->talk);

	for (; ledger->told < count; ledger->told++)
		diag_error(diag, code, ledger->settings.place, "%s",
		           diag_at(ledger->talk, ledger->told)->text);
	return -1;
}

/* ---- views ---- */

static int64_t data_version(struct ledger *ledger)
{
	struct statement *statement =
		database_prepare(ledger->database, "PRAGMA data_version");
	int64_t version;

	if (statement_next(statement) != 1)
		return -1;
	version = statement_number(statement, 0);
	return statement_next(statement) < 0 ? -1 : version;
}

int view_begin(struct ledger *ledger, struct diag *diag)
{
	int64_t version;

	if (ledger->pending)
		return 0;
	if (database_run(ledger->database, "BEGIN") < 0)
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	version = data_version(ledger);
	if (version > 0 && version == ledger->version)
		return 0;
	if (version < 0 || ledger_load(ledger, diag) < 0) {
		database_rollback(ledger->database);
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	}
	ledger->version = version;
	return 0;
}

void view_end(struct ledger *ledger)
{
	if (!ledger->pending)
		database_rollback(ledger->database);
}

/* ---- opening ---- */

static const char *keep(struct arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

static struct ledger *ledger_new(const struct ledger_settings *settings)
{
	struct ledger *ledger = xcalloc(1, sizeof(*ledger));
	struct arena *arena = arena_new();

	ledger->arena = arena;
	ledger->talk = diag_new();
	ledger->settings = *settings;
	ledger->settings.key = NULL;
	ledger->settings.path = keep(arena, settings->path);
	ledger->settings.platform = keep(arena, settings->platform);
	ledger->settings.origin = keep(arena, settings->origin);
	ledger->settings.environment = keep(arena, settings->environment);
	ledger->settings.place.file = keep(arena, settings->place.file);
	ledger->path = ledger->settings.path;
	if (settings->key)
		ledger->seal = seal_new(settings->key);
	return ledger;
}

static int open_store(struct ledger *ledger, struct diag *diag)
{
	const unsigned flags =
		ledger->settings.flags & LEDGER_WRITE ? 0 : DATABASE_READ_ONLY;

	ledger->database = database_open(ledger->path, flags, ledger->talk);
	if (!ledger->database)
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	if (view_begin(ledger, diag) < 0)
		return -1;
	view_end(ledger);
	return 0;
}

enum ledger_found ledger_open(const struct ledger_settings *settings,
                              struct ledger **out, struct diag *diag)
{
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	enum ledger_found found = files_check(settings, diag);

	if (found == LEDGER_NEVER_MADE && (settings->flags & LEDGER_MAKE))
		found = store_make(settings, diag) < 0 ? LEDGER_FAILED
		                                       : LEDGER_FOUND;
	if (found != LEDGER_FOUND)
		return found;
	ledger = ledger_new(settings);
	if (open_store(ledger, diag) < 0)
		return LEDGER_FAILED;
	*out = TAKE(ledger);
	return LEDGER_FOUND;
}

/* What was not committed is not in it; a lock is given back. */
void ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	if (ledger->database)
		ledger_unlock(ledger);
	database_close(ledger->database);
	intents_forget(ledger);
	state_free(ledger->rows);
	seal_free(ledger->seal);
	diag_free(ledger->talk);
	arena_free(ledger->arena);
	free(ledger);
}

void ledger_closep(struct ledger **ledger)
{
	ledger_close(*ledger);
}

struct state *ledger_applied(struct ledger *ledger, struct diag *diag)
{
	struct state *rows;

	if (view_begin(ledger, diag) < 0)
		return NULL;
	rows = TAKE(ledger->rows);
	if (!rows)
		rows = rows_again(ledger, diag);
	view_end(ledger);
	if (!rows)
		ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	return rows;
}

enum ledger_trust ledger_trust(const struct ledger *ledger)
{
	return ledger->trust;
}

uint64_t ledger_serial(const struct ledger *ledger)
{
	return ledger->header.serial;
}

const char *ledger_lineage(const struct ledger *ledger)
{
	return ledger->header.lineage;
}

/* ---- the transaction ---- */

bool store_begin(struct ledger *ledger)
{
	assert(ledger->token[0]);
	if (ledger->broken || ledger->pending)
		return !ledger->broken;
	ledger->pending = database_begin(ledger->database) == 0;
	ledger->broken = !ledger->pending;
	return ledger->pending;
}

void store_drop(struct ledger *ledger)
{
	database_rollback(ledger->database);
	intents_forget(ledger);
	if (ledger->pending)
		ledger->version = 0;
	ledger->pending = false;
}

/* 1: it is all in the ledger; 0: the lock is not ours; -1. */
static int commit(struct ledger *ledger, const struct header *next)
{
	int renewed;

	lock_renew(ledger);
	if (ledger->broken)
		return -1;
	renewed = header_renew(ledger->database, next, ledger->token);
	if (renewed <= 0)
		return renewed;
	return database_commit(ledger->database) < 0 ? -1 : 1;
}

int ledger_commit(struct ledger *ledger, struct diag *diag)
{
	struct header next = ledger->header;
	int done;

	if (ledger->broken) {
		store_drop(ledger);
		return ledger_tell(ledger, CODE_DATABASE, diag);
	}
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
