/* SPDX-License-Identifier: MIT */
/* Section 4 of the law. */
#include "model.h"

#include "base/text.h"

static bool same(const struct cell *a, const struct cell *b, bool empty_none)
{
	if (empty_none && cell_is_empty(a) && cell_is_empty(b))
		return true;
	return cell_equal(a, b);
}

static void answer_as(struct field_answer *answer, const char *row,
                      const char *result, enum field_record record)
{
	answer->row = row;
	answer->result = result;
	answer->record = record;
}

static void undeclared(const struct question *question, bool known,
                       enum field_mode mode, struct field_answer *answer)
{
	if (known) {
		answer_as(answer, "F2", "released", RECORD_DROP);
		return;
	}
	answer_as(answer, "F1", "unmanaged", RECORD_NOTHING);
	if (mode != MODE_SETTABLE)
		return;
	answer->row = "F1m";
	if (question->world->traits.semantics == UPDATE_MERGE)
		return;
	answer->row = "F1r";
	answer->result = "unmanaged_echo";
	if (answer->live.kind != 'U')
		return;
	answer->row = "F1u";
	answer->result = "error";
}

static void asserted(const struct question *question, bool equal,
                     struct field_answer *answer)
{
	if (question->making)
		answer_as(answer, "F18a", "given", RECORD_NOTHING);
	else if (answer->live.kind == 'U')
		answer_as(answer, "F17", "unchecked", RECORD_NOTHING);
	else if (equal)
		answer_as(answer, "F16a", "ok", RECORD_NOTHING);
	else
		answer_as(answer, "F16b", "mismatch", RECORD_NOTHING);
}

static void without_knowledge(const struct question *question, bool equal,
                              struct field_answer *answer)
{
	const struct permissions *permissions = &question->world->permissions;

	if (answer->live.kind == 'U') {
		answer_as(answer, "F15", "unknown", RECORD_KEEP);
		if (!listed(permissions->resend, permissions->resend_count,
		            question->desired->key))
			return;
		answer_as(answer, "F15r", "resend", RECORD_SET);
		answer->write = true;
	} else if (equal) {
		answer_as(answer, "F11", "adopted", RECORD_SET);
	} else {
		answer_as(answer, "F12", "takeover", RECORD_SET);
		answer->write = answer->drift = answer->review = true;
	}
}

static void three_way(bool changed, bool moved, bool equal,
                      struct field_answer *answer)
{
	answer->record = RECORD_SET;
	if (!changed && !moved && equal) {
		answer_as(answer, "F3", "clean", RECORD_KEEP);
	} else if (!changed && !moved) {
		answer_as(answer, "F4", "rewritten", RECORD_KEEP);
	} else if (!changed && !equal) {
		answer_as(answer, "F5", "drift", RECORD_SET);
		answer->write = answer->drift = true;
	} else if (!changed) {
		answer_as(answer, "F6", "healed", RECORD_SET);
	} else if (!moved && !equal) {
		answer_as(answer, "F7", "change", RECORD_SET);
		answer->write = true;
	} else if (!moved) {
		answer_as(answer, "F8", "note", RECORD_SET);
	} else if (!equal) {
		answer_as(answer, "F9", "conflict", RECORD_SET);
		answer->write = answer->drift = answer->review = true;
	} else {
		answer_as(answer, "F10", "converged", RECORD_SET);
	}
}

/* U: masked, or a set that reads as none where that may mean anything. */
static bool is_unreadable(const struct cell *live, enum field_index index,
                          bool managed, bool empty_none)
{
	if (live->kind == 'U')
		return true;
	return index == SCOPES && !empty_none && cell_is_empty(live) &&
	       (managed || live->kind == 's');
}

void model_field(const struct question *question, enum field_index index,
                 struct field_answer *answer)
{
	const struct field_trait *trait = &question->world->field_traits[index];
	const bool empty_none = trait->flags & FIELD_EMPTY_NONE;
	const struct cell *d = &question->desired->fields[index];
	const struct thing *row = question->applied;
	const bool declared = d->kind != '-';
	bool known = row && row->fields[index].kind != '-';
	bool moved, changed, equal;

	*answer = (struct field_answer){ .live.kind = '-' };
	if (question->live)
		answer->live = question->live->fields[index];
	if (is_unreadable(&answer->live, index, declared || known, empty_none))
		answer->live = cell_make('U', "");
	equal = same(d, &answer->live, empty_none);
	changed = known && !same(d, &row->fields[index], empty_none);
	moved = known && !same(&answer->live, &row->seen[index], empty_none);
	if (declared && question->foreign)
		known = false;
	answer->moved = known && moved && answer->live.kind != 'U';
	if (!declared) {
		undeclared(question, known, trait->mode, answer);
	} else if (trait->mode == MODE_UNMAPPED) {
		answer_as(answer, "F0", "unmapped", RECORD_NOTHING);
	} else if (trait->mode == MODE_ASSERT) {
		asserted(question, equal, answer);
	} else if (question->making) {
		answer_as(answer, "F18", "create", RECORD_SET);
		answer->write = true;
	} else if (!known) {
		without_knowledge(question, equal, answer);
	} else if (answer->live.kind != 'U') {
		three_way(changed, moved, equal, answer);
	} else if (changed) {
		answer_as(answer, "F14", "change", RECORD_SET);
		answer->write = true;
	} else {
		answer_as(answer, "F13", "kept", RECORD_KEEP);
	}
	answer->held = answer->drift && question->world->permissions.drift_kept;
	answer->writes = answer->write && !answer->held;
}

int model_field_danger(const struct question *question, enum field_index index,
                       const struct field_answer *answer)
{
	const struct cell *d = &question->desired->fields[index];
	int danger = answer->review ? 1 : 0;

	if (!answer->write || answer->held)
		return 0;
	if (index == CLIENT_ID || index == OWNERSHIP || index == CONNECTOR)
		return 2;
	if (index == ENABLED && str_equal(d->text, "false"))
		return 2;
	if (index == REDIRECT || index == SCOPES || index == REGION ||
	    index == TYPE)
		danger = 1;
	return danger;
}
