/* SPDX-License-Identifier: MIT */
/* The lock: what is the same in every store. */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <assert.h>
#include <string.h>

static int64_t now_ms(const struct ledger *ledger)
{
	return ledger->settings.clock->wall_ms(ledger->settings.clock);
}

static const char *keep(struct arena *arena, const char *text)
{
	return arena_intern(arena, text ? text : "", text ? strlen(text) : 0);
}

const char *lock_reason_to_take(const struct ledger *ledger,
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

void lock_say_taken(const struct ledger *ledger, const struct holder *holder,
                    const char *reason, struct diag *diag)
{
	CLEANUP(textp) char *text = describe(holder);

	diag_info(diag, CODE_LOCK_TAKEN, ledger->settings.place,
	          "the lock of %s on the ledger `%s` is taken over: %s", text,
	          ledger->path, reason);
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
	enum attempt result = ledger->store->take(ledger, owner, holder, diag);

	while (result == ATTEMPT_HELD && left_ms > 0) {
		if (interval_ms > left_ms)
			interval_ms = left_ms;
		if (!pause_ms(interval_ms))
			break;
		left_ms -= interval_ms;
		interval_ms *= 2;
		if (interval_ms > WAIT_LONGEST_MS)
			interval_ms = WAIT_LONGEST_MS;
		result = ledger->store->take(ledger, owner, holder, diag);
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
	if (ledger->store->refresh && ledger->store->refresh(ledger, diag) < 0)
		return -1;
	if (store_look(ledger, diag) < 0)
		return -1;
	return sign(ledger, diag);
}

int ledger_lock(struct ledger *ledger, const struct lock_owner *owner,
                int64_t timeout_ms, struct diag *diag)
{
	struct holder holder = { 0 };

	assert(ledger->settings.flags & LEDGER_WRITE);
	assert(!ledger->token[0]);
	ledger->who = keep(ledger->arena, owner->who);
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

bool lock_is_due(const struct ledger *ledger)
{
	const int64_t passed_ms = now_ms(ledger) - ledger->renewed_ms;

	return passed_ms < 0 || passed_ms >= ledger->store->lock_ttl_ms / 3;
}

static char *describe_loss(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(textp) char *text = NULL;
	struct holder holder = { 0 };

	if (ledger->store->read_holder(ledger, &holder, diag) <= 0)
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
	loss = describe_loss(ledger, diag);
	return diag_error(diag, CODE_LOCK_LOST, ledger->settings.place,
	                  "the lock on the ledger `%s` is lost: %s; nothing "
	                  "more is written; run again when nobody else does",
	                  ledger->path, loss);
}

int ledger_heartbeat(struct ledger *ledger, struct diag *diag)
{
	int renewed;

	assert(ledger->token[0]);
	if (ledger->broken)
		return -1;
	if (ledger->store->is_ours && ledger->store->is_ours(ledger) == 0)
		return lock_lost(ledger, diag);
	/* An open transaction keeps others out, and its commit renews. */
	if (ledger->pending || !lock_is_due(ledger))
		return 0;
	renewed = ledger->store->renew(ledger, diag);
	if (renewed > 0)
		return 0;
	if (renewed == 0)
		return lock_lost(ledger, diag);
	ledger->broken = true;
	return ledger_tell(ledger, CODE_DATABASE, diag);
}

void ledger_unlock(struct ledger *ledger)
{
	char token[sizeof(ledger->token)];

	if (!ledger->token[0])
		return;
	store_drop(ledger);
	memcpy(token, ledger->token, sizeof(token));
	ledger->token[0] = '\0';
	ledger->store->give_back(ledger, token);
}

struct lock_state ledger_lock_state(struct ledger *ledger)
{
	struct holder holder = { 0 };
	const char *stale;

	if (ledger->store->read_holder(ledger, &holder, ledger->talk) <= 0)
		return (struct lock_state){ .held = false };
	stale = lock_reason_to_take(ledger, &holder);
	return (struct lock_state){
		.held = !stale,
		.stale = stale,
		.token = holder.token,
		.who = holder.who,
		.command = holder.command,
		.url = *holder.url ? holder.url : NULL,
		.pid = holder.pid,
		.since_ms = holder.since_ms,
		.renewed_ms = holder.expires_ms - ledger->store->lock_ttl_ms,
		.expires_ms = holder.expires_ms,
		.notices_ms = ledger->store->is_ours ? 0 : LEDGER_PUBLISH_MS,
	};
}

/* With its token it is ours to give back. */
int ledger_break_lock(struct ledger *ledger, const struct lock_state *state,
                      struct diag *diag)
{
	struct holder holder = { 0 };

	assert(!ledger->token[0]);
	if (ledger->store->read_holder(ledger, &holder, ledger->talk) > 0 &&
	    !str_equal(holder.token, state->token))
		return report_locked(ledger, &holder, diag);
	snprintf(ledger->token, sizeof(ledger->token), "%s", state->token);
	ledger_unlock(ledger);
	return ledger->broken ? ledger_tell(ledger, CODE_DATABASE, diag) : 0;
}
