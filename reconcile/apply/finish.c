/* SPDX-License-Identifier: MIT */
/* What is recorded of what was done: the object as read back, judged and
 * written down in the row of its key. */
#include "apply/steps.h"

#include "base/text.h"

#include <stdlib.h>

/* Secrets that are noted without being sent. */
static void print_noted(struct session *session, const struct change *change,
                        const char *row_uuid, struct secret_print *prints)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		if (secret->records && !secret_is_sent(secret))
			print_secret(session, secret, row_uuid, &prints[i]);
	}
}

/* The other phase of a rotation is not ours. */
static void advise_to_revoke(struct work *work)
{
	const char *key = work->change->key;

	free(work->step->advice);
	work->step->advice = xasprintf(
		"check the new secret with `trueup probe %s`, then revoke the "
		"one before it at the provider and say so with `trueup rotate "
		"%s --confirm-revoked`",
		key, key);
}

static void put_row(struct work *work, const struct auth_config *object,
                    unsigned flags)
{
	struct session *session = work->session;
	struct row_input input = {
		.session = session,
		.change = work->change,
		.base = journal_row(session, work->change),
		.object = object,
		.prints = work->prints,
		.id = work->step->id,
		.row_uuid = work->row_uuid,
		.flags =
			flags | (work->flags & WORK_DOUBTED ? ROW_DOUBTED : 0U),
	};
	struct row row;

	if (input.base && !str_equal(input.base->id, input.id))
		input.flags |= ROW_ANEW; /* row O12 as well */
	print_noted(session, work->change, work->row_uuid, work->prints);
	row_build(&input, &row);
	journal_put(session, &row.config);
	if (row.rotated)
		advise_to_revoke(work);
	row_release(&row);
}

/* Row S21: whether a secret that was sent may not have arrived. */
static bool is_in_doubt(const struct work *work,
                        const struct auth_config *object)
{
	const struct change *change = work->change;

	if (!(work->flags & WORK_DOUBTED))
		return false;
	for (size_t i = 0; i < change->secret_count; i++) {
		if (secret_is_sent(&change->secrets[i]) &&
		    (!object || secret_shown(work->session, &change->secrets[i],
		                             object) != 1))
			return true;
	}
	return false;
}

static void confirm(struct work *work, const struct auth_config *object)
{
	if (!object)
		work_unconfirmed(work, "it could not be read back");
	else
		compare_rewritten(work, object);
	if (is_in_doubt(work, object))
		work_unconfirmed(work, "its answer was lost: whether the "
		                       "secret arrived cannot be known, and "
		                       "the next apply sends it again");
}

static void finish(struct work *work, const struct auth_config *object,
                   unsigned flags)
{
	journal_settle(work, OUTCOME_DONE, NULL);
	put_row(work, object, flags);
	confirm(work, object);
	work_done(work);
}

static unsigned flags_of(const struct work *work)
{
	if (work->intent_kind == INTENT_UPDATE &&
	    !(work->flags & WORK_CLEARING))
		return ROW_WRITTEN;
	return ROW_WRITTEN | ROW_ANEW;
}

void work_noted(struct work *work)
{
	journal_settle(work, OUTCOME_DONE, NULL);
	put_row(work, NULL, flags_of(work));
}

/* ---- creates ---- */

static bool needs_clearing(const struct work *work,
                           const struct auth_config *object)
{
	const struct change *change = work->change;
	const struct traits *traits = session_traits(work->session);

	for (size_t i = 0; i < change->field_count; i++) {
		if (compare_filled(traits, &change->fields[i], object))
			return true;
	}
	return false;
}

/* Row F18: the object is ours from now on; one update empties what the
 * platform filled in. */
static void go_clear(struct work *work, const struct auth_config *object,
                     const struct state *state)
{

	journal_settle(work, OUTCOME_DONE, NULL);
	put_row(work, object, ROW_WRITTEN | ROW_ANEW | ROW_UNCLEARED);
	work->clearing = state_new(STATE_BY_ID);
	state_copy(work->clearing, state, object);
	finish_unique(work->clearing);
	work->flags |= WORK_CLEARING | WORK_WROTE;
	work->intent_kind = INTENT_UPDATE;
	work->state = WORK_UPDATE;
	work->tries = 0;
}

void work_made(struct work *work, const struct auth_config *object,
               const struct state *state)
{
	if (needs_clearing(work, object))
		go_clear(work, object, state);
	else
		finish(work, object, flags_of(work));
}

/* ---- updates, and what sends nothing ---- */

void work_updated(struct work *work, const struct auth_config *object)
{
	finish(work, object, flags_of(work));
}

void work_bookkept(struct work *work)
{
	put_row(work, work->change->live, 0);
	work_done(work);
}

/* ---- deletes ---- */

bool change_is_of_retired(const struct change *change,
                          const struct auth_config *row)
{
	return change->kind == CHANGE_DELETE && row &&
	       !str_equal(row->id, change->id);
}

void row_unretire(struct session *session, const struct auth_config *row,
                  const char *id)
{
	struct auth_config kept = *row;
	const char **retired =
		xcalloc((size_t)row->retired_count + 1, sizeof(*retired));

	kept.retired = retired;
	kept.retired_count = 0;
	for (size_t i = 0; i < row->retired_count; i++) {
		if (!str_equal(row->retired[i], id))
			retired[kept.retired_count++] = row->retired[i];
	}
	journal_put(session, &kept);
	free(retired);
}

/* Row R2: without a row the next run creates, should we not come to it. */
static void go_create(struct work *work)
{
	journal_remove(work->session, work->row_uuid);
	work->intent_kind = INTENT_REPLACE_CREATE;
	work->flags = (work->flags | WORK_WROTE | WORK_DELETED) &
	              ~(unsigned)(WORK_DOUBTED | WORK_RETRIED);
	work->state = WORK_CREATE;
	work->step->status = 0;
	free(work->step->id);
	work->step->id = NULL;
	work->tries = 0;
}

void work_deleted(struct work *work)
{
	struct session *session = work->session;
	const struct change *change = work->change;
	const struct auth_config *row = journal_row(session, change);

	journal_settle(work, OUTCOME_DONE, NULL);
	if (change->kind == CHANGE_REPLACE) {
		go_create(work);
		return;
	}
	if (change_is_of_retired(change, row))
		row_unretire(session, row, change->id);
	else if (row)
		journal_remove(session, row->row_uuid);
	work_done(work);
}

/* ---- notes ---- */

/* A row whose object is gone and whose key is not declared (row O16) goes. */
static void write_note(struct session *session, const struct change *note)
{
	struct secret_print *prints;
	struct row row;

	if (!note->applied)
		return;
	session->result->notes++;
	if (!note->desired) {
		journal_remove(session, note->applied->row_uuid);
		return;
	}
	prints = xcalloc(note->secret_count + 1, sizeof(*prints));
	print_noted(session, note, note->applied->row_uuid, prints);
	row_build(&(struct row_input){ .session = session,
	                               .change = note,
	                               .base = note->applied,
	                               .object = note->live,
	                               .prints = prints,
	                               .id = note->id ? note->id
	                                              : note->applied->id,
	                               .row_uuid = note->applied->row_uuid },
	          &row);
	journal_put(session, &row.config);
	row_release(&row);
	free(prints);
}

void notes_write(struct session *session)
{
	const struct plan *plan = session->settings->plan;

	if (!session->settings->ledger)
		return;
	for (size_t i = 0; i < plan->note_count; i++)
		write_note(session, &plan->notes[i]);
}
