/* SPDX-License-Identifier: MIT */
/*
 * The lock is a row with a random token. It is taken in a write transaction,
 * and header_renew() writes only while the token stands, so that whoever lost
 * it cannot commit, whatever the clocks say. Expiry only decides when another
 * may take it.
 */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <assert.h>
#include <string.h>

struct holder {
	const char *token, *who, *command, *url, *machine;
	int64_t pid, started, since_ms, expires_ms;
};

static int64_t now_ms(const struct ledger *ledger)
{
	return ledger->settings.clock->wall_ms(ledger->settings.clock);
}

static const char *keep(struct arena *arena, const char *text)
{
	return arena_intern(arena, text ? text : "", text ? strlen(text) : 0);
}

/* 1: somebody holds it or held it; 0: nobody; -1. */
static int read_holder(struct ledger *ledger, struct holder *out)
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

/* Why it may be taken over; NULL: it may not. */
static const char *reason_to_take(const struct ledger *ledger,
                                  const struct holder *holder)
{
	CLEANUP(textp) char *machine = NULL;

	if (holder->expires_ms <= now_ms(ledger))
		return "it expired";
	machine = holder_machine();
	if (*machine && str_equal(machine, holder->machine) &&
	    holder_is_gone(holder->pid, holder->started))
		return "its process is gone";
	return NULL;
}

/* `alice@host` (`apply`, process 12, https://ci/1) */
static char *describe(const struct holder *holder)
{
	return xasprintf("`%s` (`%s`, process %lld%s%s)", holder->who,
	                 holder->command, (long long)holder->pid,
	                 *holder->url ? ", " : "", holder->url);
}

/* ---- taking ---- */

enum attempt { ATTEMPT_FAILED = -1, ATTEMPT_HELD, ATTEMPT_TAKEN };

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

static void say_taken(const struct ledger *ledger, const struct holder *holder,
                      const char *reason, struct diag *diag)
{
	CLEANUP(textp) char *text = describe(holder);

	diag_info(diag, CODE_LOCK_TAKEN, ledger->settings.place,
	          "the lock of %s on the ledger `%s` is taken over: %s", text,
	          ledger->path, reason);
}

/* Looks without the write lock first: its holder may keep it for a while. */
static enum attempt attempt(struct ledger *ledger,
                            const struct lock_owner *owner,
                            struct holder *holder, struct diag *diag)
{
	const char *reason = NULL;
	int found = read_holder(ledger, holder);

	if (found > 0 && !reason_to_take(ledger, holder))
		return ATTEMPT_HELD;
	if (found < 0 || database_begin(ledger->database) < 0)
		return ATTEMPT_FAILED;
	found = read_holder(ledger, holder);
	reason = found > 0 ? reason_to_take(ledger, holder) : NULL;
	if (found > 0 && !reason) {
		database_rollback(ledger->database);
		return ATTEMPT_HELD;
	}
	if (found < 0 || write_lock(ledger, owner) < 0)
		return ATTEMPT_FAILED;
	if (reason)
		say_taken(ledger, holder, reason, diag);
	return ATTEMPT_TAKEN;
}

static int report_locked(const struct ledger *ledger,
                         const struct holder *holder, struct diag *diag)
{
	CLEANUP(textp) char *text = describe(holder);
	char since[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

	clock_format(holder->since_ms, since);
	clock_format(holder->expires_ms, until);
	return diag_error(diag, CODE_LOCKED, ledger->settings.place,
	                  "the ledger `%s` is locked by %s since %s, until %s "
	                  "unless it is renewed; wait for it with "
	                  "--lock-timeout",
	                  ledger->path, text, since, until);
}

enum { WAIT_FIRST_MS = 50, WAIT_LONGEST_MS = 1000, NS_PER_MS = 1000000 };

/* False when a signal came: somebody wants to stop. */
static bool pause_ms(int64_t duration_ms)
{
	const struct timespec duration = {
		.tv_sec = duration_ms / 1000,
		.tv_nsec = duration_ms % 1000 * NS_PER_MS,
	};

	return nanosleep(&duration, NULL) == 0;
}

/* What was slept counts as waited even if the clock stands still. */
static enum attempt wait_for(struct ledger *ledger,
                             const struct lock_owner *owner, int64_t timeout_ms,
                             struct holder *holder, struct diag *diag)
{
	int64_t interval_ms = WAIT_FIRST_MS, left_ms = timeout_ms;
	enum attempt result = attempt(ledger, owner, holder, diag);

	while (result == ATTEMPT_HELD && left_ms > 0) {
		if (interval_ms > left_ms)
			interval_ms = left_ms;
		if (!pause_ms(interval_ms))
			break;
		left_ms -= interval_ms;
		interval_ms *= 2;
		if (interval_ms > WAIT_LONGEST_MS)
			interval_ms = WAIT_LONGEST_MS;
		result = attempt(ledger, owner, holder, diag);
	}
	return result;
}

/* Of an unsigned ledger, or one of another key, when that was asked for. */
static int sign(struct ledger *ledger, struct diag *diag)
{
	if (!ledger->sealing || ledger->trust == LEDGER_SIGNED)
		return 0;
	if (!store_begin(ledger))
		return ledger_tell(ledger, CODE_DATABASE, diag);
	diag_warning(diag, CODE_LEDGER_KEY, ledger->settings.place,
	             "the ledger `%s` is now signed with the key `%s`; whether "
	             "it was changed before could not be checked",
	             ledger->path, seal_key_id(ledger->seal));
	ledger->header.key_id = keep(ledger->arena, seal_key_id(ledger->seal));
	if (ledger_commit(ledger, diag) < 0)
		return -1;
	ledger->trust = LEDGER_SIGNED;
	return 0;
}

/* Under the lock, what was read before may have become old. */
static int look_again(struct ledger *ledger, struct diag *diag)
{
	if (view_begin(ledger, diag) < 0)
		return -1;
	view_end(ledger);
	return sign(ledger, diag);
}

int ledger_lock(struct ledger *ledger, const struct lock_owner *owner,
                int64_t timeout_ms, struct diag *diag)
{
	struct holder holder = { 0 };

	assert(ledger->settings.flags & LEDGER_WRITE);
	assert(!ledger->token[0]);
	switch (wait_for(ledger, owner, timeout_ms, &holder, diag)) {
	case ATTEMPT_FAILED:
		return ledger_tell(ledger, CODE_DATABASE, diag);
	case ATTEMPT_HELD:
		return report_locked(ledger, &holder, diag);
	case ATTEMPT_TAKEN:
		break;
	}
	if (look_again(ledger, diag) == 0)
		return 0;
	ledger_unlock(ledger);
	return -1;
}

/* ---- keeping ---- */

static bool is_due(const struct ledger *ledger)
{
	const int64_t passed_ms = now_ms(ledger) - ledger->renewed_ms;

	return passed_ms < 0 || passed_ms >= LOCK_TTL_MS / 3;
}

void lock_renew(struct ledger *ledger)
{
	struct statement *statement;

	if (!is_due(ledger))
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

static char *describe_loss(struct ledger *ledger)
{
	CLEANUP(textp) char *text = NULL;
	struct holder holder = { 0 };

	if (read_holder(ledger, &holder) <= 0)
		return xstrdup("somebody took it away");
	if (str_equal(holder.token, ledger->token))
		return xstrdup("somebody wrote without it");
	text = describe(&holder);
	return xasprintf("it is now held by %s", text);
}

int lock_lost(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(textp) char *loss = NULL;

	store_drop(ledger);
	ledger->broken = true;
	loss = describe_loss(ledger);
	return diag_error(diag, CODE_LOCK_LOST, ledger->settings.place,
	                  "the lock on the ledger `%s` is lost: %s; nothing "
	                  "more is written; run again when nobody else does",
	                  ledger->path, loss);
}

/* In a transaction of its own. 1: renewed; 0: it is not ours; -1. */
static int renew_alone(struct ledger *ledger)
{
	int64_t changes;

	if (database_begin(ledger->database) < 0)
		return -1;
	lock_renew(ledger);
	changes = database_changes(ledger->database);
	if (ledger->broken || database_commit(ledger->database) < 0)
		return -1;
	return changes == 1;
}

/* 1: it is; 0: somebody took it; -1. Cheap: nothing is written. */
static int is_ours(struct ledger *ledger)
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

int ledger_heartbeat(struct ledger *ledger, struct diag *diag)
{
	int renewed;

	assert(ledger->token[0]);
	if (ledger->broken)
		return -1;
	if (is_ours(ledger) == 0)
		return lock_lost(ledger, diag);
	/* An open transaction keeps others out, and its commit renews. */
	if (ledger->pending || !is_due(ledger))
		return 0;
	renewed = renew_alone(ledger);
	if (renewed > 0)
		return 0;
	if (renewed == 0)
		return lock_lost(ledger, diag);
	ledger->broken = true;
	return ledger_tell(ledger, CODE_DATABASE, diag);
}

void ledger_unlock(struct ledger *ledger)
{
	struct statement *statement;

	if (!ledger->token[0])
		return;
	store_drop(ledger);
	statement = database_prepare(
		ledger->database, "DELETE FROM ledger_lock WHERE token = ?1");
	statement_text(statement, 1, ledger->token);
	if (statement_run(statement) < 0)
		ledger->broken = true; /* the lock is left to expire */
	ledger->token[0] = '\0';
}

struct lock_state ledger_lock_state(struct ledger *ledger)
{
	struct holder holder = { 0 };
	const char *stale;

	if (read_holder(ledger, &holder) <= 0)
		return (struct lock_state){ .held = false };
	stale = reason_to_take(ledger, &holder);
	return (struct lock_state){
		.held = !stale,
		.stale = stale,
		.token = holder.token,
		.who = holder.who,
		.command = holder.command,
		.url = *holder.url ? holder.url : NULL,
		.pid = holder.pid,
		.since_ms = holder.since_ms,
		.renewed_ms = holder.expires_ms - LOCK_TTL_MS,
		.expires_ms = holder.expires_ms,
	};
}

/* With its token it is ours to give back. */
int ledger_break_lock(struct ledger *ledger, const struct lock_state *state,
                      struct diag *diag)
{
	struct holder holder = { 0 };

	assert(!ledger->token[0]);
	if (read_holder(ledger, &holder) > 0 &&
	    !str_equal(holder.token, state->token))
		return report_locked(ledger, &holder, diag);
	snprintf(ledger->token, sizeof(ledger->token), "%s", state->token);
	ledger_unlock(ledger);
	return ledger->broken ? ledger_tell(ledger, CODE_DATABASE, diag) : 0;
}
