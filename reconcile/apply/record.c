/* SPDX-License-Identifier: MIT */
/*
 * Record: what a person did at the platform, written down as if it had been
 * sent and read back; and what needs no request at all.
 */
#include "apply/steps.h"

#include "base/text.h"

#include <stdlib.h>

static bool is_made_anew(const struct change *change)
{
	return change->kind == CHANGE_CREATE ||
	       change->kind == CHANGE_RECREATE ||
	       change->kind == CHANGE_REPLACE;
}

/* ---- the journal: intent and outcome in one transaction ---- */

static const enum intent_kind intent_kinds[CHANGE_KINDS] = {
	[CHANGE_DELETE] = INTENT_DELETE,
	[CHANGE_REPLACE] = INTENT_REPLACE_CREATE,
	[CHANGE_RECREATE] = INTENT_CREATE,
	[CHANGE_CREATE] = INTENT_CREATE,
	[CHANGE_RENAME] = INTENT_UPDATE,
	[CHANGE_UPDATE] = INTENT_UPDATE,
	[CHANGE_ROTATE] = INTENT_UPDATE,
	[CHANGE_ADOPT] = INTENT_UPDATE,
	[CHANGE_NOTE] = INTENT_UPDATE,
};

static void write_journal(const struct apply_settings *settings,
                          const struct change *change, const char *id,
                          const char *row_uuid)
{
	const struct intent intent = {
		.run = settings->run,
		.kind = intent_kinds[change->kind],
		.key = change->key,
		.row_uuid = row_uuid,
		.id = id,
	};

	ledger_settle(settings->ledger,
	              ledger_intend(settings->ledger, &intent), OUTCOME_DONE, 0,
	              "done by hand");
}

/* ---- rows ---- */

/* The object as a person left it: as it is declared. */
static struct state *object_of(const struct change *change, const char *id)
{
	struct state *state = state_new(STATE_BY_ID);

	state_begin(state, id, PLACE_NONE);
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (field->declared.kind != VALUE_ABSENT)
			state_field(state, field->name, field->declared,
			            PLACE_NONE);
	}
	state_end(state);
	finish_unique(state);
	return state;
}

static void print_all(struct session *session, const struct change *change,
                      const char *row_uuid, struct secret_print *prints)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		if (secret->records || secret_is_sent(secret))
			print_secret(session, secret, row_uuid, &prints[i]);
	}
}

static void put_row(struct session *session, const struct change *change,
                    const char *id, unsigned flags)
{
	CLEANUP(state_freep) struct state *object = object_of(change, id);
	struct secret_print *prints =
		xcalloc(change->secret_count + 1, sizeof(*prints));
	char fresh[UUID_SIZE];
	struct row_input input = {
		.session = session,
		.change = change,
		.base = change->applied,
		.object = state_at(object, 0),
		.prints = prints,
		.id = id,
		.flags = flags,
	};
	struct row row;

	ledger_new_uuid(fresh);
	input.row_uuid = change->applied ? change->applied->row_uuid : fresh;
	print_all(session, change, input.row_uuid, prints);
	row_build(&input, &row);
	if (flags & ROW_WRITTEN)
		write_journal(session->settings, change, id, input.row_uuid);
	journal_put(session, &row.config);
	row_release(&row);
	free(prints);
}

static const struct auth_config *row_of_former(
	const struct apply_settings *settings, const struct change *change)
{
	const struct session session = { .settings = settings };

	return journal_row(&session, change);
}

/* ---- the door ---- */

void apply_record(const struct apply_settings *settings,
                  const struct change *change, const char *id,
                  struct diag *diag)
{
	struct apply_result result = { .steps = NULL };
	struct session session = {
		.settings = settings,
		.result = &result,
		.diag = diag,
	};
	const struct auth_config *row = row_of_former(settings, change);

	if (change->kind != CHANGE_DELETE) {
		put_row(&session, change, id ? id : change->id,
		        ROW_WRITTEN | (is_made_anew(change) ? ROW_ANEW : 0U));
		return;
	}
	write_journal(settings, change, change->id, row->row_uuid);
	if (change_is_of_retired(change, row))
		row_unretire(&session, row, change->id);
	else
		journal_remove(&session, row->row_uuid);
}

size_t apply_bookkeep(const struct apply_settings *settings, struct diag *diag)
{
	const struct plan *plan = settings->plan;
	struct apply_result result = { .steps = NULL };
	struct session session = {
		.settings = settings,
		.result = &result,
		.diag = diag,
	};

	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		if (apply_needs_request(change))
			continue;
		put_row(&session, change, change->id, 0);
		result.notes++;
	}
	notes_write(&session);
	return result.notes;
}

bool apply_needs_request(const struct change *change)
{
	return change->kind == CHANGE_DELETE || is_made_anew(change) ||
	       change_has_request(change);
}
