/* SPDX-License-Identifier: MIT */
/* The journal: intents before requests, outcomes and rows after, committed in
 * groups. Without a ledger all of it is nothing and always succeeds. */
#include "apply/steps.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ledger *ledger_of(const struct session *session)
{
	return session->halt == HALT_ALL ? NULL : session->settings->ledger;
}

static size_t secret_names(const struct work *work, const char **names)
{
	const struct change *change = work->change;
	const bool none = work_next_write(work) == WORK_DELETE ||
	                  (work->flags & WORK_CLEARING);
	size_t count = 0;

	for (size_t i = 0; !none && i < change->secret_count; i++) {
		if (secret_is_sent(&change->secrets[i]))
			names[count++] = change->secrets[i].name;
	}
	return count;
}

static void write_intent(struct work *work, struct ledger *ledger)
{
	struct session *session = work->session;
	const struct change *change = work->change;
	const char **names = xcalloc(change->secret_count + 1, sizeof(*names));
	const char **snapshot = NULL;
	struct intent intent = {
		.run = session->settings->run,
		.kind = work->intent_kind,
		.key = change->key,
		.row_uuid = work->row_uuid,
		.id = work->step->id,
		.secrets = names,
		.covered = work->flags & WORK_CLEARING,
	};

	intent.secret_count = secret_names(work, names);
	if (work_next_write(work) == WORK_CREATE) {
		const struct identity identity =
			identity_of(change->desired, session_traits(session));

		intent.id = NULL;
		intent.connector = identity.connector;
		intent.name = identity.name;
		intent.natural_key = identity.natural_key;
		intent.client_id = identity.client_id;
		intent.snapshot_count = work_snapshot(work, &snapshot);
		intent.snapshot = snapshot;
	}
	work->intent = ledger_intend(ledger, &intent);
	free(snapshot);
	free(names);
}

void journal_intend(struct work *work)
{
	struct ledger *ledger = ledger_of(work->session);

	if (ledger)
		write_intent(work, ledger);
	work->flags |= WORK_INTENDED;
}

void journal_settle(struct work *work, enum intent_outcome outcome,
                    const struct platform_result *result)
{
	struct ledger *ledger = ledger_of(work->session);

	if (ledger && (work->flags & WORK_INTENDED))
		ledger_settle(ledger, work->intent, outcome,
		              result ? result->status : 0,
		              result ? result->message : "");
	work->flags &= ~(unsigned)(WORK_INTENDED | WORK_COMMITTED);
}

/* ---- rows ---- */

static struct shelf *find_shelf(const struct session *session,
                                const char *row_uuid)
{
	for (size_t i = 0; i < session->shelf_count; i++) {
		if (str_equal(session->shelves[i].row_uuid, row_uuid))
			return &session->shelves[i];
	}
	return NULL;
}

static struct shelf *make_shelf(struct session *session, const char *row_uuid)
{
	struct shelf *shelf = find_shelf(session, row_uuid);

	if (shelf)
		return shelf;
	session->shelves =
		xgrow(session->shelves, session->shelf_count,
	              &session->shelf_capacity, sizeof(*session->shelves));
	shelf = &session->shelves[session->shelf_count++];
	*shelf = (struct shelf){ .state = NULL };
	snprintf(shelf->row_uuid, UUID_SIZE, "%s", row_uuid);
	return shelf;
}

/* The row may lie on that very shelf: it is taken off last. */
static void put_on_shelf(struct session *session, const char *row_uuid,
                         const struct auth_config *row)
{
	struct shelf *shelf;
	struct state *state = NULL;

	if (!session->shelving)
		return;
	if (row) {
		state = state_new(STATE_BY_KEY);
		row_write(state, row);
		finish_unique(state);
	}
	shelf = make_shelf(session, row_uuid);
	state_free(shelf->state);
	shelf->state = state;
}

void journal_put(struct session *session, const struct auth_config *row)
{
	struct ledger *ledger = ledger_of(session);

	if (ledger)
		ledger_put(ledger, row);
	put_on_shelf(session, row->row_uuid, row);
}

void journal_remove(struct session *session, const char *row_uuid)
{
	struct ledger *ledger = ledger_of(session);

	if (ledger)
		ledger_remove(ledger, row_uuid);
	put_on_shelf(session, row_uuid, NULL);
}

static bool has_id(const struct auth_config *row, const char *id)
{
	for (size_t i = 0; i < row->retired_count; i++) {
		if (str_equal(row->retired[i], id))
			return true;
	}
	return str_equal(row->id, id);
}

/* A retired object's change may come without its row. */
static const struct auth_config *planned_row(const struct session *session,
                                             const struct change *change)
{
	const struct state *applied = session->settings->input->applied;

	if (change->applied || change->kind != CHANGE_DELETE)
		return change->applied;
	for (size_t i = 0; i < state_length(applied); i++) {
		if (has_id(state_at(applied, i), change->id))
			return state_at(applied, i);
	}
	return NULL;
}

const struct auth_config *journal_row(const struct session *session,
                                      const struct change *change)
{
	const struct auth_config *row = planned_row(session, change);
	const struct shelf *shelf =
		row ? find_shelf(session, row->row_uuid) : NULL;

	if (!shelf)
		return row;
	return shelf->state ? state_at(shelf->state, 0) : NULL;
}

/* ---- committing ---- */

static void mark(struct work *work)
{
	if (work->flags & WORK_INTENDED)
		work->flags |= WORK_COMMITTED;
}

static void mark_committed(struct session *session)
{
	const struct ledger *ledger = ledger_of(session);

	for (size_t i = 0; i < session->active_count; i++)
		mark(session->active[i]);
	for (size_t i = session->next; i < session->ahead; i++)
		mark(&session->works[i]);
	if (!ledger || ledger_is_published(ledger))
		session->unsaved_count = 0;
}

/* From here on nothing can be recorded. */
static void lose(struct session *session)
{
	session->halt_exit = session_last_exit(session);
	session_halt(session, HALT_ALL);
	for (size_t i = 0; i < session->unsaved_count; i++)
		work_unsaved(session->unsaved[i]);
	session->unsaved_count = 0;
}

void journal_commit(struct session *session)
{
	struct ledger *ledger = ledger_of(session);

	if (ledger && ledger_commit(ledger, session->diag) < 0)
		lose(session);
	else
		mark_committed(session);
}

void journal_end(struct session *session, const char *result)
{
	struct ledger *ledger = ledger_of(session);

	if (ledger)
		ledger_run_end(ledger, session->settings->run, result);
	journal_commit(session);
}

void journal_heartbeat(struct session *session)
{
	struct ledger *ledger = ledger_of(session);
	const size_t reports = diag_length(session->diag);

	if (!ledger || ledger_heartbeat(ledger, session->diag) == 0)
		return;
	if (diag_length(session->diag) > reports) {
		lose(session);
		return;
	}
	journal_commit(session); /* which tells why */
}
