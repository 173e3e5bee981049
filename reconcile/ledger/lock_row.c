/* SPDX-License-Identifier: MIT */
/*
 * The lock of the file store is a row with a random token. It is taken in a
 * write transaction, and header_renew() writes only while the token stands, so
 * that whoever lost it cannot commit, whatever the clocks say. Expiry only
 * decides when another may take it. It does not wait for the disk: when the
 * power goes its holder is gone as well.
 */
#include "ledger/store.h"

#include <string.h>

static int64_t now_ms(const struct ledger *ledger)
{
	return ledger->settings.clock->wall_ms(ledger->settings.clock);
}

static const char *keep(struct arena *arena, const char *text)
{
	return arena_intern(arena, text ? text : "", text ? strlen(text) : 0);
}

static int read_row(struct ledger *ledger, struct holder *out)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT token, who, command, url, machine, pid, started,"
		" since_ms, expires_ms FROM ledger_lock");
	const char **const texts[] = { &out->token, &out->who, &out->command,
		                       &out->url, &out->machine };
	const int found = statement_next(statement);

	if (found <= 0)
		return found;
	for (int i = 0; i < (int)LENGTH(texts); i++)
		*texts[i] = keep(ledger->arena, statement_column(statement, i));
	out->pid = statement_number(statement, 5);
	out->started = statement_number(statement, 6);
	out->since_ms = statement_number(statement, 7);
	out->expires_ms = statement_number(statement, 8);
	return statement_next(statement) < 0 ? -1 : 1;
}

int lock_row_read(struct ledger *ledger, struct holder *out, struct diag *diag)
{
	(void)diag;
	return read_row(ledger, out);
}

static int write_lock(struct ledger *ledger, const struct lock_owner *owner)
{
	CLEANUP(textp) char *machine = holder_machine();
	const int64_t now = now_ms(ledger);
	struct statement *statement = database_prepare(
		ledger->database,
		"INSERT OR REPLACE INTO ledger_lock"
		" VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	ledger_new_uuid(ledger->token);
	statement_text(statement, 1, ledger->token);
	statement_text(statement, 2, owner->who);
	statement_text(statement, 3, owner->command);
	statement_text(statement, 4, owner->url);
	statement_text(statement, 5, machine);
	statement_integer(statement, 6, owner->pid);
	statement_integer(statement, 7, holder_started(owner->pid));
	statement_integer(statement, 8, now);
	statement_integer(statement, 9, now + LOCK_TTL_MS);
	ledger->renewed_ms = now;
	if (statement_run(statement) < 0 ||
	    database_commit(ledger->database) < 0) {
		ledger->token[0] = '\0';
		return -1;
	}
	ledger->broken = false;
	return 0;
}

/* Looks without the write lock first: its holder may keep it for a while. */
enum attempt lock_row_take(struct ledger *ledger,
                           const struct lock_owner *owner,
                           struct holder *holder, struct diag *diag)
{
	const char *reason = NULL;
	int found = read_row(ledger, holder);

	if (found > 0 && !lock_reason_to_take(ledger, holder))
		return ATTEMPT_HELD;
	if (found < 0 || database_begin_unsynced(ledger->database) < 0)
		return ATTEMPT_FAILED;
	found = read_row(ledger, holder);
	reason = found > 0 ? lock_reason_to_take(ledger, holder) : NULL;
	if (found > 0 && !reason) {
		database_rollback(ledger->database);
		return ATTEMPT_HELD;
	}
	if (found < 0 || write_lock(ledger, owner) < 0)
		return ATTEMPT_FAILED;
	if (reason)
		lock_say_taken(ledger, holder, reason, diag);
	return ATTEMPT_TAKEN;
}

void lock_row_touch(struct ledger *ledger)
{
	struct statement *statement;

	if (!lock_is_due(ledger))
		return;
	statement = database_prepare(
		ledger->database,
		"UPDATE ledger_lock SET expires_ms = ?1 WHERE token = ?2");
	ledger->renewed_ms = now_ms(ledger);
	statement_integer(statement, 1, ledger->renewed_ms + LOCK_TTL_MS);
	statement_text(statement, 2, ledger->token);
	if (statement_run(statement) < 0)
		ledger->broken = true;
}

/* In a transaction of its own. */
int lock_row_renew(struct ledger *ledger, struct diag *diag)
{
	int64_t changes;

	(void)diag;
	if (database_begin_unsynced(ledger->database) < 0)
		return -1;
	lock_row_touch(ledger);
	changes = database_changes(ledger->database);
	if (ledger->broken || database_commit(ledger->database) < 0)
		return -1;
	return changes == 1;
}

/* Cheap: nothing is written. */
int lock_row_is_ours(struct ledger *ledger)
{
	struct statement *statement = database_prepare(
		ledger->database, "SELECT 1 FROM ledger_lock WHERE token = ?1");
	int found;

	statement_text(statement, 1, ledger->token);
	found = statement_next(statement);
	if (found <= 0)
		return found;
	return statement_next(statement) < 0 ? -1 : 1;
}

void lock_row_give_back(struct ledger *ledger, const char *token)
{
	struct statement *statement;
	int done = database_begin_unsynced(ledger->database);

	statement = database_prepare(
		ledger->database, "DELETE FROM ledger_lock WHERE token = ?1");
	statement_text(statement, 1, token);
	if (done == 0)
		done = statement_run(statement);
	if (done < 0 || database_commit(ledger->database) < 0)
		ledger->broken = true; /* the lock is left to expire */
}
