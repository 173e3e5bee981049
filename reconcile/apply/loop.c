/* SPDX-License-Identifier: MIT */
/*
 * The loop: begins works, journals and commits what they intend, sends, waits.
 *
 * A commit costs a sync of the disk, so it carries much: the outcomes since the
 * last one, the intents of what is to go now, and those of many creates that go
 * later. These are safe to have in the journal unsent. A files' identities are
 * distinct, and each intent holds the ids that had its identity before any of
 * them was sent: the next run finds the one object that was made, or none and
 * makes it.
 *
 * Where a commit is a push, all of a phase is intended with its first one, also
 * what is read again only before its turn comes: what turns out to have moved
 * was not sent, and after a crash the next run looks at more than it need.
 */
#include "apply/steps.h"

#include <poll.h>

enum { PARALLELISM = 8 };

static unsigned parallelism(const struct session *session)
{
	const unsigned given = session->settings->parallelism;

	return given ? given : PARALLELISM;
}

static void begin(struct session *session, size_t end)
{
	while (session->halt == HALT_NONE && session->next < end &&
	       session->active_count < parallelism(session)) {
		struct work *work = &session->works[session->next++];

		if (work->state == WORK_WAITING)
			work_begin(work);
		if (work->state != WORK_ENDED)
			session->active[session->active_count++] = work;
	}
}

/* What was intended ahead and was not sent. */
static void stop_ahead(struct session *session)
{
	for (; session->next < session->ahead; session->next++) {
		struct work *work = &session->works[session->next];

		if (work->flags & WORK_INTENDED)
			work_stop(work);
	}
}

static bool is_slow(const struct session *session)
{
	const struct ledger *ledger = session->settings->ledger;

	return ledger && ledger_is_slow(ledger);
}

/* Once halted, only what has changed something already goes on. */
static void stop_halted(struct session *session)
{
	if (session->halt)
		stop_ahead(session);
	for (size_t i = 0; session->halt && i < session->active_count; i++) {
		struct work *work = session->active[i];
		const bool begun = work->flags & (WORK_WROTE | WORK_RETRIED);
		const bool reads =
			!work_writes_next(work) && work->state != WORK_RECHECK;

		if (work->sending || work->state == WORK_ENDED || reads)
			continue;
		if (session->halt == HALT_ALL || !begun)
			work_stop(work);
	}
}

static bool waits_for_intent(const struct work *work)
{
	return !work->sending && work_writes_next(work) &&
	       !(work->flags & WORK_COMMITTED);
}

static bool is_write_waiting(const struct session *session)
{
	for (size_t i = 0; i < session->active_count; i++) {
		if (waits_for_intent(session->active[i]))
			return true;
	}
	return false;
}

static bool is_to_be_intended(const struct work *work)
{
	if (work->flags & WORK_INTENDED)
		return false;
	return waits_for_intent(work) ||
	       (work->state == WORK_RECHECK && is_slow(work->session));
}

static void intend(struct session *session)
{
	for (size_t i = 0; i < session->active_count; i++) {
		struct work *work = session->active[i];

		if (is_to_be_intended(work))
			journal_intend(work);
	}
}

static void intend_ahead(struct session *session, size_t end)
{
	const bool slow = is_slow(session);

	if (!slow && end - session->next > INTENTS_AHEAD)
		end = session->next + INTENTS_AHEAD;
	if (session->ahead < session->next)
		session->ahead = session->next;
	for (; session->ahead < end; session->ahead++) {
		struct work *work = &session->works[session->ahead];

		if (work->state != WORK_WAITING ||
		    !(slow || work_makes_first(work)))
			continue;
		work_begin(work);
		if (work->state != WORK_ENDED)
			journal_intend(work);
	}
}

/* Before anything is written, the first objects read again must all be what
 * the plan saw: else nothing is. */
static bool is_looking(const struct session *session)
{
	if (session->sent_writes)
		return false;
	for (size_t i = 0; i < session->active_count; i++) {
		if (session->active[i]->state == WORK_RECHECK)
			return true;
	}
	return false;
}

/* How long a commit may still wait; 0: not at all. While others are in flight
 * a write waits a little for more to go with it, and what was done longer. */
static int64_t commit_wait_ms(const struct session *session)
{
	const bool waiting = is_write_waiting(session);
	const int64_t pause_ms = waiting ? WRITE_PAUSE_MS : OUTCOME_PAUSE_MS;
	const int64_t left_ms =
		session->committed_ms + pause_ms - session_now_ms(session);

	if (waiting && session->in_flight < (parallelism(session) + 1) / 2)
		return 0;
	return left_ms > 0 ? left_ms : 0;
}

static void commit(struct session *session, size_t end)
{
	const bool waiting = is_write_waiting(session);

	if (commit_wait_ms(session) > 0 ||
	    (is_slow(session) && is_looking(session)))
		return;
	intend(session);
	if (waiting && session->halt == HALT_NONE)
		intend_ahead(session, end);
	journal_commit(session);
	session->committed_ms = session_now_ms(session);
}

static bool is_active(const struct work *work)
{
	return work->state != WORK_ENDED && work->state != WORK_LOST &&
	       !(work->flags & WORK_PARKED);
}

static bool is_ready(const struct work *work, int64_t now_ms)
{
	if (work->sending || !is_active(work) || work->due_ms > now_ms)
		return false;
	return !work_writes_next(work) || (work->flags & WORK_COMMITTED);
}

static void send(struct session *session)
{
	const int64_t now_ms = session_now_ms(session);
	const bool looking = is_looking(session);

	for (size_t i = 0; i < session->active_count &&
	                   session->in_flight < parallelism(session);
	     i++) {
		struct work *work = session->active[i];

		if (is_ready(work, now_ms) &&
		    !(looking && work_writes_next(work)))
			work_send(work);
	}
}

static void sweep(struct session *session)
{
	size_t kept = 0;

	for (size_t i = 0; i < session->active_count; i++) {
		struct work *work = session->active[i];

		if (is_active(work))
			session->active[kept++] = work;
	}
	session->active_count = kept;
}

/* Until something that waits is due; 0: something can be done at once. */
static int64_t wait_ms(const struct session *session)
{
	const int64_t now_ms = session_now_ms(session);
	const int64_t commit_ms = commit_wait_ms(session);
	int64_t wait_ms = TURN_MS;

	if (session->in_flight)
		return commit_ms && commit_ms < TURN_MS ? commit_ms : TURN_MS;
	for (size_t i = 0; i < session->active_count; i++) {
		const int64_t left_ms = session->active[i]->due_ms - now_ms;

		if (left_ms < wait_ms)
			wait_ms = left_ms;
	}
	return wait_ms > 0 && session->active_count ? wait_ms : 0;
}

static void tell_progress(const struct session *session)
{
	const struct apply_settings *settings = session->settings;
	const char *waiting;

	if (!settings->progress)
		return;
	waiting = platform_waiting(settings->platform);
	settings->progress(session->next - session->active_count,
	                   session->work_count,
	                   waiting ? waiting : session->waiting,
	                   settings->progress_context);
}

void session_turn(struct session *session, int64_t wait_ms)
{
	const int64_t from_ms = session_now_ms(session);
	const bool idle = !session->in_flight;
	int64_t left_ms;

	(void)platform_turn(session->settings->platform, wait_ms);
	left_ms = wait_ms - (session_now_ms(session) - from_ms);
	if (idle && left_ms > 0)
		(void)poll(NULL, 0, (int)left_ms);
	tell_progress(session);
}

void session_watch(struct session *session)
{
	const struct apply_settings *settings = session->settings;

	journal_heartbeat(session);
	if (session->result->interrupted || !settings->stopping ||
	    !settings->stopping(settings->stopping_context))
		return;
	session->result->interrupted = true;
	session->deadline_ms = session_now_ms(session) + STOP_MS;
	session_halt(session, HALT_NEW);
}

/* The time to stop is over: a write without an answer is unknown. */
static void give_up(struct session *session)
{
	const struct platform_result nothing = {
		.end = PLATFORM_ABANDONED,
		.message = "",
		.request_id = "",
	};

	for (size_t i = 0; i < session->active_count; i++) {
		struct work *work = session->active[i];

		if (!is_active(work))
			continue;
		if (work->sending && work_writes_next(work)) {
			session->result->writes++;
			journal_settle(work, OUTCOME_UNKNOWN, &nothing);
			work_end(work, VERDICT_GIVEN_UP, NULL, NULL);
			continue;
		}
		if (work->sending)
			session->in_flight--;
		sending_detach(work->sending);
		work->sending = NULL;
		work_answer(work, &nothing);
	}
}

static bool is_over(const struct session *session)
{
	return session->result->interrupted &&
	       session_now_ms(session) >= session->deadline_ms;
}

static bool has_work(const struct session *session, size_t end)
{
	return session->active_count ||
	       (session->next < end && session->halt == HALT_NONE);
}

void session_drain(struct session *session, size_t end)
{
	int64_t pause_ms;

	while (has_work(session, end)) {
		session_watch(session);
		if (is_over(session))
			give_up(session);
		begin(session, end);
		stop_halted(session);
		commit(session, end);
		stop_halted(session);
		send(session);
		sweep(session);
		pause_ms = wait_ms(session);
		if (pause_ms)
			session_turn(session, pause_ms);
		sweep(session);
	}
	stop_halted(session);
}
