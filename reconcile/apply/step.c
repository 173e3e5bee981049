/* SPDX-License-Identifier: MIT */
/* The machine: what the end of a request means in the state that sent it. */
#include "apply/steps.h"

#include "base/text.h"

#include <stdlib.h>

/* ---- where a change begins ---- */

enum phase { PHASE_MAKE, PHASE_CHANGE, PHASE_REPLACE, PHASE_DELETE };

struct kind_row {
	enum phase phase;
	enum work_state first; /* its write */
	enum intent_kind intent;
	bool rechecked; /* read again before the write */
};

static const struct kind_row kinds[CHANGE_KINDS] = {
	[CHANGE_CREATE] = { PHASE_MAKE, WORK_CREATE, INTENT_CREATE, false },
	[CHANGE_RECREATE] = { PHASE_MAKE, WORK_CREATE, INTENT_CREATE, false },
	[CHANGE_RENAME] = { PHASE_MAKE, WORK_UPDATE, INTENT_UPDATE, true },
	[CHANGE_ADOPT] = { PHASE_MAKE, WORK_UPDATE, INTENT_UPDATE, true },
	[CHANGE_UPDATE] = { PHASE_CHANGE, WORK_UPDATE, INTENT_UPDATE, true },
	[CHANGE_ROTATE] = { PHASE_CHANGE, WORK_UPDATE, INTENT_UPDATE, true },
	[CHANGE_REPLACE] = { PHASE_REPLACE, WORK_CREATE, INTENT_REPLACE_CREATE,
	                     true },
	[CHANGE_DELETE] = { PHASE_DELETE, WORK_DELETE, INTENT_DELETE, true },
};

unsigned change_phase(const struct change *change)
{
	return kinds[change->kind].phase;
}

static bool deletes_first(const struct change *change)
{
	return change->kind == CHANGE_REPLACE &&
	       change->replace_way == REPLACE_DELETE_FIRST;
}

static enum work_state first_write(const struct change *change)
{
	return deletes_first(change) ? WORK_DELETE : kinds[change->kind].first;
}

void work_begin(struct work *work)
{
	const struct change *change = work->change;
	const struct kind_row *row = &kinds[change->kind];

	if (row->first == WORK_UPDATE && !change_has_request(change)) {
		work_bookkept(work);
		return;
	}
	work->intent_kind =
		deletes_first(change) ? INTENT_REPLACE_DELETE : row->intent;
	work->state = row->rechecked ? WORK_RECHECK : first_write(change);
}

bool work_writes_next(const struct work *work)
{
	return work->state == WORK_CREATE || work->state == WORK_UPDATE ||
	       work->state == WORK_DELETE;
}

enum work_state work_next_write(const struct work *work)
{
	return work_writes_next(work) ? work->state : first_write(work->change);
}

bool work_makes_first(const struct work *work)
{
	const struct kind_row *row = &kinds[work->change->kind];

	return work->state == WORK_WAITING && row->first == WORK_CREATE &&
	       !row->rechecked;
}

/* ---- endings that several states share ---- */

/* The verdict that also says how far it had got. */
static enum verdict worded(const struct work *work, enum verdict verdict)
{
	if (work->flags & WORK_CLEARING)
		return VERDICT_UNCLEARED;
	if (work->flags & WORK_WROTE)
		return VERDICT_HALF_REPLACED;
	return verdict;
}

void work_stop(struct work *work)
{
	const bool doubted = work->flags & WORK_RETRIED;

	journal_settle(work, doubted ? OUTCOME_UNKNOWN : OUTCOME_UNSENT, NULL);
	if (doubted)
		work_end(work, VERDICT_UNSURE, NULL, NULL);
	else if (work->flags & WORK_WROTE)
		work_end(work, worded(work, VERDICTS), NULL, NULL);
	else
		work_drop(work);
}

static void stop(struct work *work, const struct platform_result *result)
{
	(void)result;
	work_stop(work);
}

static void refuse(struct work *work, const struct platform_result *result)
{
	const enum verdict verdict = result->end == PLATFORM_UNAUTHORISED
	                                     ? VERDICT_UNAUTHORISED
	                                     : VERDICT_REFUSED;

	journal_settle(work, OUTCOME_REFUSED, result);
	work_end(work, worded(work, verdict), result, NULL);
}

/* False: it was tried often enough. */
static bool try_again(struct work *work)
{
	if (++work->tries >= UNSENT_TRIES)
		return false;
	work->due_ms = session_now_ms(work->session) +
	               ((int64_t)UNSENT_PAUSE_MS << work->tries);
	return true;
}

static void unsent(struct work *work, const struct platform_result *result)
{
	if (try_again(work))
		return;
	journal_settle(work, OUTCOME_UNSENT, result);
	work_end(work, worded(work, VERDICT_UNSENT), result, NULL);
}

static void unsure(struct work *work, const struct platform_result *result)
{
	journal_settle(work, OUTCOME_UNKNOWN, result);
	work_end(work, VERDICT_UNSURE, result, NULL);
}

/* What a request changed. */
static void wrote(struct work *work, const struct platform_result *result,
                  enum work_state next)
{
	work->session->result->writes++;
	work->step->status = result->status;
	work->flags |= WORK_WROTE;
	work->state = next;
	work->tries = 0;
	work->settled_ms = session_now_ms(work->session) +
	                   session_traits(work->session)->settle_ms;
	work_said(work, result);
}

/* The answer does not show the object: it is read when the phase ends. */
static void park(struct work *work)
{
	work_noted(work);
	work->flags |= WORK_PARKED;
}

/* What a request may have changed: somebody has to look. */
static void lost(struct work *work, const struct platform_result *result,
                 enum work_state next)
{
	work->session->result->writes++;
	work->flags |= WORK_DOUBTED;
	work->state = next;
	work->tries = 0;
	work_lost(work, result);
}

/* ---- before the write ---- */

static void rechecked(struct work *work, const struct platform_result *result)
{
	const char *field = compare_moved(work->change, result->object);
	CLEANUP(textp) char *words = NULL;

	if (!field) {
		work->state = first_write(work->change);
		work->tries = 0;
		return;
	}
	words = xasprintf("`%s` changed", field);
	journal_settle(work, OUTCOME_UNSENT, NULL);
	work_end(work, VERDICT_MOVED, NULL, words);
}

static void recheck_gone(struct work *work,
                         const struct platform_result *result)
{
	journal_settle(work, OUTCOME_UNSENT, result);
	work_end(work, VERDICT_VANISHED, result, NULL);
}

static void recheck_failed(struct work *work,
                           const struct platform_result *result)
{
	const enum verdict verdict = result->end == PLATFORM_UNAUTHORISED
	                                     ? VERDICT_UNAUTHORISED
	                                     : VERDICT_UNREADABLE;

	journal_settle(work, OUTCOME_UNSENT, result);
	work_end(work, verdict, result, NULL);
}

/* ---- create ---- */

static void create_unknown(struct work *work,
                           const struct platform_result *result)
{
	lost(work, result, WORK_LOST);
}

static void created(struct work *work, const struct platform_result *result)
{
	if (!result->id) {
		create_unknown(work, result);
		return;
	}
	free(work->step->id);
	work->step->id = xstrdup(result->id);
	wrote(work, result, WORK_VERIFY);
	if (result->object)
		work_made(work, result->object, result->object_state);
	else
		park(work);
}

/* ---- update ---- */

static void updated(struct work *work, const struct platform_result *result)
{
	wrote(work, result, WORK_VERIFY);
	if (result->object)
		work_updated(work, result->object);
	else
		park(work);
}

static void update_gone(struct work *work, const struct platform_result *result)
{
	journal_settle(work, OUTCOME_REFUSED, result);
	work_end(work, worded(work, VERDICT_VANISHED), result, NULL);
}

static void update_unknown(struct work *work,
                           const struct platform_result *result)
{
	lost(work, result, WORK_REREAD);
}

static void reread(struct work *work, const struct platform_result *result)
{
	if (compare_arrived(work, result->object))
		work_updated(work, result->object);
	else
		unsure(work, NULL);
}

/* ---- after a create or an update ---- */

/* Reads may lag behind writes: then it is read once more. */
static bool may_settle(struct work *work)
{
	const int64_t now_ms = session_now_ms(work->session);

	if (now_ms >= work->settled_ms || work->session->result->interrupted)
		return false;
	work->due_ms = now_ms + SETTLE_PAUSE_MS;
	if (work->due_ms > work->settled_ms)
		work->due_ms = work->settled_ms;
	return true;
}

static void verified(struct work *work, const struct platform_result *result)
{
	if (!compare_shows(work, result->object) && may_settle(work))
		return;
	if (work->intent_kind == INTENT_UPDATE)
		work_updated(work, result->object);
	else
		work_made(work, result->object, result->object_state);
}

static void unverified(struct work *work, const struct platform_result *result)
{
	(void)result;
	if (work->intent_kind == INTENT_UPDATE)
		work_updated(work, NULL);
	else
		work_made(work, NULL, NULL);
}

static void not_shown(struct work *work, const struct platform_result *result)
{
	if (!may_settle(work))
		unverified(work, result);
}

/* ---- delete ---- */

static void deleted(struct work *work, const struct platform_result *result)
{
	wrote(work, result, WORK_CONFIRM);
}

static void delete_unknown(struct work *work,
                           const struct platform_result *result)
{
	lost(work, result, WORK_CONFIRM);
}

static void gone(struct work *work, const struct platform_result *result)
{
	(void)result;
	work_deleted(work);
}

/* Deleting twice does no harm: one more is sent where the first was lost. */
static void still_there(struct work *work, const struct platform_result *result)
{
	if (!(work->flags & (WORK_WROTE | WORK_RETRIED))) {
		work->flags |= WORK_RETRIED;
		work->state = WORK_DELETE;
		return;
	}
	if (try_again(work))
		return;
	journal_settle(work, OUTCOME_UNKNOWN, result);
	work_end(work, VERDICT_REMAINS, result, NULL);
}

/* ---- the table ---- */

typedef void answer_fn(struct work *work, const struct platform_result *result);

enum { PLATFORM_ENDS = PLATFORM_ABANDONED + 1 };

static answer_fn *const answers[WORK_STATES][PLATFORM_ENDS] = {
	[WORK_RECHECK] = { [PLATFORM_DONE] = rechecked,
	                   [PLATFORM_REFUSED] = recheck_failed,
	                   [PLATFORM_UNAUTHORISED] = recheck_failed,
	                   [PLATFORM_GONE] = recheck_gone,
	                   [PLATFORM_UNSENT] = recheck_failed,
	                   [PLATFORM_UNKNOWN] = recheck_failed,
	                   [PLATFORM_ABANDONED] = stop },
	[WORK_CREATE] = { [PLATFORM_DONE] = created,
	                  [PLATFORM_REFUSED] = refuse,
	                  [PLATFORM_UNAUTHORISED] = refuse,
	                  [PLATFORM_GONE] = refuse,
	                  [PLATFORM_UNSENT] = unsent,
	                  [PLATFORM_UNKNOWN] = create_unknown,
	                  [PLATFORM_ABANDONED] = stop },
	[WORK_UPDATE] = { [PLATFORM_DONE] = updated,
	                  [PLATFORM_REFUSED] = refuse,
	                  [PLATFORM_UNAUTHORISED] = refuse,
	                  [PLATFORM_GONE] = update_gone,
	                  [PLATFORM_UNSENT] = unsent,
	                  [PLATFORM_UNKNOWN] = update_unknown,
	                  [PLATFORM_ABANDONED] = stop },
	[WORK_DELETE] = { [PLATFORM_DONE] = deleted,
	                  [PLATFORM_REFUSED] = refuse,
	                  [PLATFORM_UNAUTHORISED] = refuse,
	                  [PLATFORM_GONE] = gone,
	                  [PLATFORM_UNSENT] = unsent,
	                  [PLATFORM_UNKNOWN] = delete_unknown,
	                  [PLATFORM_ABANDONED] = stop },
	[WORK_VERIFY] = { [PLATFORM_DONE] = verified,
	                  [PLATFORM_REFUSED] = unverified,
	                  [PLATFORM_UNAUTHORISED] = unverified,
	                  [PLATFORM_GONE] = not_shown,
	                  [PLATFORM_UNSENT] = not_shown,
	                  [PLATFORM_UNKNOWN] = not_shown,
	                  [PLATFORM_ABANDONED] = unverified },
	[WORK_REREAD] = { [PLATFORM_DONE] = reread,
	                  [PLATFORM_REFUSED] = unsure,
	                  [PLATFORM_UNAUTHORISED] = unsure,
	                  [PLATFORM_GONE] = unsure,
	                  [PLATFORM_UNSENT] = unsure,
	                  [PLATFORM_UNKNOWN] = unsure,
	                  [PLATFORM_ABANDONED] = unsure },
	[WORK_CONFIRM] = { [PLATFORM_DONE] = still_there,
	                   [PLATFORM_REFUSED] = unsure,
	                   [PLATFORM_UNAUTHORISED] = unsure,
	                   [PLATFORM_GONE] = gone,
	                   [PLATFORM_UNSENT] = unsure,
	                   [PLATFORM_UNKNOWN] = unsure,
	                   [PLATFORM_ABANDONED] = unsure },
};

/* A read whose answer has no object in it tells nothing. */
static bool is_empty(const struct work *work,
                     const struct platform_result *result)
{
	return result->end == PLATFORM_DONE && !result->object &&
	       (work->state == WORK_RECHECK || work->state == WORK_VERIFY ||
	        work->state == WORK_REREAD);
}

void work_answer(struct work *work, const struct platform_result *result)
{
	const enum platform_end end =
		is_empty(work, result) ? PLATFORM_UNKNOWN : result->end;
	answer_fn *answer = answers[work->state][end];

	if (answer)
		answer(work, result);
}
