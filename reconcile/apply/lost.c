/* SPDX-License-Identifier: MIT */
/*
 * Lost creates: looked for, never sent again. A platform may take a while to
 * show what it made, so there are several looks; an object counts as found when
 * it alone has the identity, stands in no row and was not there before.
 */
#include "apply/steps.h"

#include "base/text.h"

#include <stdlib.h>

enum { LOOK_MS = 10000 };

/* Before each look, of a thousand parts of the time that there is. */
static const int64_t pauses[] = { 0, 50, 150, 300, 500 };

static int64_t pause_before(const struct session *session, size_t look)
{
	const int64_t given_ms = session->settings->look_ms;

	return (given_ms ? given_ms : LOOK_MS) * pauses[look] / 1000;
}

static bool is_known(const char *const *ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(ids[i], id))
			return true;
	}
	return false;
}

/* In a row, or made by another step of this run. The row of what was deleted
 * to be replaced is gone. */
static bool is_claimed(const struct work *work, const char *id)
{
	const struct session *session = work->session;
	const struct state *applied = session->settings->input->applied;

	for (size_t i = 0; i < state_length(applied); i++) {
		const struct auth_config *row = state_at(applied, i);
		const bool gone = (work->flags & WORK_DELETED) &&
		                  str_equal(row->row_uuid, work->row_uuid);

		if ((!gone && str_equal(row->id, id)) ||
		    is_known(row->retired, row->retired_count, id))
			return true;
	}
	for (size_t i = 0; i < session->work_count; i++) {
		if (str_equal(session->works[i].step->id, id))
			return true;
	}
	return false;
}

/* The candidates, as many as there are; the last of them in *found. */
static size_t look_for(const struct work *work, const struct state *live,
                       const struct auth_config **found)
{
	const struct session *session = work->session;
	const struct identity identity =
		identity_of(work->change->desired, session_traits(session));
	const char **snapshot;
	const size_t known = work_snapshot(work, &snapshot);
	size_t count = 0;

	for (size_t i = 0; i < state_length(live); i++) {
		const struct auth_config *object = state_at(live, i);

		if (!identity_matches(&identity, object) ||
		    is_known(snapshot, known, object->id) ||
		    is_claimed(work, object->id))
			continue;
		*found = object;
		count++;
	}
	free(snapshot);
	return count;
}

static void take(struct work *work, const struct auth_config *object,
                 const struct state *live)
{
	struct session *session = work->session;

	free(work->step->id);
	work->step->id = xstrdup(object->id);
	work->flags |= WORK_WROTE;
	work_made(work, object, live);
	if (work->state != WORK_ENDED)
		session->active[session->active_count++] = work;
}

static void end_lost(struct work *work, enum verdict verdict)
{
	journal_settle(work, OUTCOME_UNKNOWN, NULL);
	work_end(work, verdict, NULL, NULL);
}

/* One look for all; how many are still lost. */
static size_t look(struct work *const *lost, size_t count)
{
	struct session *session = lost[0]->session;
	CLEANUP(diag_freep) struct diag *unheard = diag_new();
	CLEANUP(state_freep)
	struct state *live =
		platform_list(session->settings->platform, unheard);
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		const struct auth_config *object = NULL;
		size_t found;

		if (lost[i]->state != WORK_LOST)
			continue;
		found = live ? look_for(lost[i], live, &object) : 0;
		if (found == 1)
			take(lost[i], object, live);
		else if (found > 1)
			end_lost(lost[i], VERDICT_SEVERAL);
		else
			left++;
	}
	return left;
}

static bool may_look(const struct session *session)
{
	return session->halt != HALT_ALL && !session->result->interrupted;
}

/* False: somebody wants us to stop. */
static bool wait(struct session *session, int64_t pause_ms)
{
	const int64_t until_ms = session_now_ms(session) + pause_ms;
	int64_t left_ms = pause_ms;

	session_watch(session);
	session->waiting = "what lost answers made to show";
	while (left_ms > 0 && may_look(session)) {
		session_turn(session, left_ms < TURN_MS ? left_ms : TURN_MS);
		session_watch(session);
		left_ms = until_ms - session_now_ms(session);
	}
	session->waiting = NULL;
	return may_look(session);
}

void lost_find(struct session *session, size_t first, size_t end)
{
	struct work **lost = xcalloc(end - first + 1, sizeof(struct work *));
	size_t count = 0, left;

	for (size_t i = first; i < end; i++) {
		if (session->works[i].state == WORK_LOST)
			lost[count++] = &session->works[i];
	}
	left = count;
	if (count)
		journal_commit(session);
	for (size_t i = 0; left && i < LENGTH(pauses) &&
	                   wait(session, pause_before(session, i));
	     i++) {
		left = look(lost, count);
		journal_commit(session);
	}
	for (size_t i = 0; i < count; i++) {
		if (lost[i]->state == WORK_LOST)
			end_lost(lost[i], VERDICT_LOST);
	}
	free(lost);
}
