/* SPDX-License-Identifier: MIT */
/*
 * The lock of a git ledger is a ref of its own. Taking, renewing and giving it
 * back are commits after one another, each pushed only if nobody else did in
 * between; and no push of the ledger goes out when it is not where we put it.
 * So who lost it finds out at the next push, whatever the clocks say. What is
 * given back is kept, and says which ledger was left.
 */
#include "ledger/remote.h"

#include "base/text.h"
#include "schema/schema.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { LOCK_FORMAT = 1, TAKE_TRIES = 3, RENEW_PAUSE_MS = 15000 };

static int64_t now_ms(const struct ledger *ledger)
{
	return ledger->settings.clock->wall_ms(ledger->settings.clock);
}

/* ---- the document ---- */

static int not_a_lock(const struct ledger *ledger, struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "`%s` of `%s` holds no lock of trueup; look who "
	                  "wrote it, and delete the ref",
	                  ledger->remote->tips[REMOTE_LOCK].ref,
	                  ledger->remote->name);
}

static const char *get_text(const struct ledger *ledger, const json_t *json,
                            const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	text = text ? text : "";
	return arena_intern(ledger->arena, text, strlen(text));
}

static int64_t get_number(const json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

static void read_members(struct ledger *ledger, const json_t *lock,
                         struct holder *out)
{
	*out = (struct holder){
		.token = get_text(ledger, lock, "token"),
		.who = get_text(ledger, lock, "who"),
		.command = get_text(ledger, lock, "command"),
		.url = get_text(ledger, lock, "url"),
		.machine = get_text(ledger, lock, "machine"),
		.pid = get_number(lock, "pid"),
		.started = get_number(lock, "started"),
		.since_ms = get_number(lock, "since_ms"),
		.expires_ms = get_number(lock, "expires_ms"),
	};
	ledger->remote->serial = (uint64_t)get_number(lock, "ledger_serial");
}

/* 1: held, perhaps by one that is gone; 0: released; -1 after reporting. */
static int parse(struct ledger *ledger, const struct buffer *bytes,
                 struct holder *out, struct diag *diag)
{
	json_auto_t *lock = json_loadb(bytes->bytes, bytes->length,
	                               JSON_REJECT_DUPLICATES, NULL);
	const char *state = json_string_value(json_object_get(lock, "state"));

	if (!lock || get_number(lock, "format_version") != LOCK_FORMAT)
		return not_a_lock(ledger, diag);
	read_members(ledger, lock, out);
	if (str_equal(state, "held"))
		return 1;
	return str_equal(state, "released") ? 0 : not_a_lock(ledger, diag);
}

static json_t *text_or_null(const char *text)
{
	return text && text_is_utf8(text, strlen(text)) ? json_string(text)
	                                                : json_null();
}

static void write_page(const struct ledger *ledger, const char *state,
                       const struct holder *holder, struct buffer *out)
{
	json_auto_t *lock = json_pack(
		"{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I}",
		"format_version", LOCK_FORMAT, "state", state, "token",
		holder->token, "who", text_or_null(holder->who), "command",
		text_or_null(holder->command), "url", text_or_null(holder->url),
		"machine", text_or_null(holder->machine), "pid",
		(json_int_t)holder->pid, "started", (json_int_t)holder->started,
		"since_ms", (json_int_t)holder->since_ms, "expires_ms",
		(json_int_t)holder->expires_ms, "ledger_serial",
		(json_int_t)ledger->header.serial);

	out->bytes =
		lock ? json_dumps(lock, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
	if (!out->bytes)
		abort();
	out->length = strlen(out->bytes);
}

static enum pushed push(struct ledger *ledger, const char *state,
                        const struct holder *holder, struct diag *diag)
{
	CLEANUP(buffer_release) struct buffer page = { .bytes = NULL };
	CLEANUP(textp)
	char *plain = xasprintf("lock %s: %s by %s (%s)",
	                        ledger->settings.environment, state,
	                        holder->who, holder->command);
	CLEANUP(textp) char *safe = text_safe(plain);
	CLEANUP(textp) char *message = xasprintf("%s\n", safe);

	write_page(ledger, state, holder, &page);
	return remote_push(ledger, REMOTE_LOCK, &page, message, diag);
}

/* ---- reading ---- */

static int read_ref(struct ledger *ledger, struct holder *out,
                    struct diag *diag)
{
	CLEANUP(sheet_release) struct sheet sheet = { .parent_count = 0 };

	switch (remote_fetch(ledger, REMOTE_LOCK, &sheet, diag)) {
	case LEDGER_FAILED:
		return -1;
	case LEDGER_NEVER_MADE:
		return 0;
	case LEDGER_FOUND:
		break;
	}
	return parse(ledger, &sheet.bytes, out, diag);
}

/* What we build on stays what we wrote, should we hold it. */
int git_lock_read(struct ledger *ledger, struct holder *out, struct diag *diag)
{
	struct tip *tip = &ledger->remote->tips[REMOTE_LOCK];
	const struct git_id ours = tip->commit;
	const int found = read_ref(ledger, out, diag);

	if (ledger->token[0])
		tip->commit = ours;
	return found;
}

/* ---- taking ---- */

/* As it is written by a run that holds the lock. */
static struct holder ourselves(struct ledger *ledger,
                               const struct lock_owner *owner)
{
	CLEANUP(textp) char *machine = holder_machine();
	const int64_t now = now_ms(ledger);

	return (struct holder){
		.who = owner->who ? owner->who : "",
		.command = owner->command ? owner->command : "",
		.url = owner->url,
		.machine =
			arena_intern(ledger->arena, machine, strlen(machine)),
		.pid = owner->pid,
		.started = holder_started(owner->pid),
		.since_ms = now,
		.expires_ms = now + LOCK_GIT_TTL_MS,
	};
}

static void taken(struct ledger *ledger, const struct holder *mine)
{
	struct remote *remote = ledger->remote;
	struct holder *kept = arena_alloc(ledger->arena, sizeof(*kept));

	*kept = *mine;
	kept->who = arena_copy(ledger->arena, mine->who, strlen(mine->who));
	kept->command =
		arena_copy(ledger->arena, mine->command, strlen(mine->command));
	if (mine->url)
		kept->url =
			arena_copy(ledger->arena, mine->url, strlen(mine->url));
	kept->token = ledger->token;
	remote->holder = kept;
	ledger->renewed_ms = mine->since_ms;
	ledger->broken = false;
}

static enum attempt take_once(struct ledger *ledger,
                              const struct lock_owner *owner,
                              struct holder *holder, struct diag *diag)
{
	const int found = read_ref(ledger, holder, diag);
	const char *reason =
		found > 0 ? lock_reason_to_take(ledger, holder) : NULL;
	struct holder mine = ourselves(ledger, owner);
	enum pushed pushed;

	if (found < 0)
		return ATTEMPT_FAILED;
	if (found > 0 && !reason)
		return ATTEMPT_HELD;
	ledger_new_uuid(ledger->token);
	mine.token = ledger->token;
	pushed = push(ledger, "held", &mine, diag);
	if (pushed == PUSHED) {
		taken(ledger, &mine);
		if (reason)
			lock_say_taken(ledger, holder, reason, diag);
		return ATTEMPT_TAKEN;
	}
	ledger->token[0] = '\0';
	return pushed == PUSHED_RACED ? ATTEMPT_HELD : ATTEMPT_FAILED;
}

/* Whoever was faster is looked at; it may have given the lock back again. */
enum attempt git_lock_take(struct ledger *ledger,
                           const struct lock_owner *owner,
                           struct holder *holder, struct diag *diag)
{
	enum attempt result = ATTEMPT_HELD;

	for (int i = 0; i < TAKE_TRIES && result == ATTEMPT_HELD; i++) {
		holder->token = NULL;
		result = take_once(ledger, owner, holder, diag);
		if (result == ATTEMPT_HELD && holder->token &&
		    !lock_reason_to_take(ledger, holder))
			break;
	}
	return result;
}

/* ---- keeping ---- */

/* While the lock is still good, a server that is away for a moment is none
 * of our business. */
static int renew_later(struct ledger *ledger, const struct diag *talk,
                       struct diag *diag)
{
	const struct remote *remote = ledger->remote;

	if (now_ms(ledger) + 2 * RENEW_PAUSE_MS < remote->holder->expires_ms) {
		ledger->renewed_ms =
			now_ms(ledger) - LOCK_GIT_TTL_MS / 3 + RENEW_PAUSE_MS;
		return 1;
	}
	diag_error(diag, CODE_LEDGER_UNREACHABLE, ledger->settings.place, "%s",
	           diag_at(talk, diag_length(talk) - 1)->text);
	return -1;
}

bool git_lock_is_found(struct ledger *ledger)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	struct tip *tip = &ledger->remote->tips[REMOTE_LOCK];
	const struct git_id before = tip->commit;
	struct holder holder = { 0 };

	if (ledger->token[0] && read_ref(ledger, &holder, ignored) > 0 &&
	    str_equal(holder.token, ledger->token))
		return true;
	tip->commit = before;
	return false;
}

int git_lock_renew(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	struct holder next = *ledger->remote->holder;
	enum pushed pushed;

	next.expires_ms = now_ms(ledger) + LOCK_GIT_TTL_MS;
	pushed = push(ledger, "held", &next, talk);
	if (pushed == PUSHED_RACED && git_lock_is_found(ledger))
		pushed = push(ledger, "held", &next, talk);
	switch (pushed) {
	case PUSHED_RACED:
	case PUSHED_LOST:
		return 0;
	case PUSHED_FAILED:
		return renew_later(ledger, talk, diag);
	case PUSHED:
		break;
	}
	ledger->remote->holder->expires_ms = next.expires_ms;
	ledger->renewed_ms = now_ms(ledger);
	return 1;
}

/* What was done and is not known elsewhere goes first. A lock that cannot be
 * given back expires. */
void git_lock_give_back(struct ledger *ledger, const char *token)
{
	const bool ours = ledger->remote->holder;
	struct holder released = { 0 };

	if (ours)
		released = *ledger->remote->holder;
	else if (git_lock_read(ledger, &released, ledger->talk) <= 0)
		return;
	if (ledger->remote->dirty && !ledger->broken &&
	    git_publish(ledger, ledger->talk) < 0)
		ledger->broken = true;
	released.token = token;
	released.expires_ms = now_ms(ledger);
	/* Who breaks another's has to know; ours expires. */
	if (push(ledger, "released", &released, ledger->talk) != PUSHED &&
	    !ours)
		ledger->broken = true;
	ledger->told = diag_length(ledger->talk);
}
