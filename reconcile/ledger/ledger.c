/* SPDX-License-Identifier: MIT */
#include "ledger/remote.h"

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

	if (ledger->pending) {
		settled_flush(ledger);
		return 0;
	}
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

static void use_remote(struct ledger *ledger, const struct ledger_git *git)
{
	CLEANUP(textp) char *name = xasprintf("%s %s", git->remote, git->ref);

	ledger->settings.git = NULL; /* it is the caller's */
	ledger->remote = remote_new(git, ledger->arena);
	ledger->path = keep(ledger->arena, name);
}

struct ledger *ledger_new(const struct ledger_settings *settings)
{
	struct ledger *ledger = xcalloc(1, sizeof(*ledger));
	struct arena *arena = arena_new();

	ledger->store = settings->git ? &store_git : &store_file;
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
	if (settings->git)
		use_remote(ledger, settings->git);
	if (settings->key)
		ledger->seal = seal_new(settings->key);
	return ledger;
}

int store_look(struct ledger *ledger, struct diag *diag)
{
	if (view_begin(ledger, diag) < 0)
		return -1;
	view_end(ledger);
	return 0;
}

enum ledger_found ledger_open(const struct ledger_settings *settings,
                              struct ledger **out, struct diag *diag)
{
	CLEANUP(ledger_closep) struct ledger *ledger = ledger_new(settings);
	const enum ledger_found found =
		ledger->store->open(ledger, settings, diag);

	if (found == LEDGER_FOUND)
		*out = TAKE(ledger);
	return found;
}

/* What was not committed is not in it; a lock is given back. */
void ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	if (ledger->database)
		ledger_unlock(ledger);
	if (ledger->store->close)
		ledger->store->close(ledger);
	database_close(ledger->database);
	intents_forget(ledger);
	state_free(ledger->rows);
	seal_free(ledger->seal);
	diag_free(ledger->talk);
	free(ledger->bound);
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

bool ledger_is_slow(const struct ledger *ledger)
{
	return ledger->store->slow;
}

bool ledger_is_published(const struct ledger *ledger)
{
	return !ledger->remote || !ledger->remote->dirty;
}

bool ledger_is_raced(const struct ledger *ledger)
{
	return ledger->remote && ledger->remote->raced;
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

int ledger_commit(struct ledger *ledger, struct diag *diag)
{
	settled_flush(ledger);
	if (!ledger->broken)
		return ledger->store->commit(ledger, diag);
	store_drop(ledger);
	return ledger_tell(ledger, CODE_DATABASE, diag);
}
