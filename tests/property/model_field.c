/* SPDX-License-Identifier: MIT */
/* Section 4 of the law. */
#include "model.h"

#include "base/text.h"

/* What the law asks of one field. */
struct field_view {
	const struct question *question;
	const struct field_trait *trait;
	const struct cell *d; /* declared */
	const struct cell *sent, *seen;
	bool declared, known;
	bool changed, moved, equal; /* C, X, E */
};

static bool same(const struct field_view *view, const struct cell *a,
                 const struct cell *b)
{
	if ((view->trait->flags & FIELD_EMPTY_NONE) && cell_is_empty(a) &&
	    cell_is_empty(b))
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

static void undeclared(const struct field_view *view,
                       struct field_answer *answer)
{
	const struct world *world = view->question->world;

	if (view->known) {
		answer_as(answer, "F2", "released", RECORD_DROP);
		return;
	}
	answer_as(answer, "F1", "unmanaged", RECORD_NOTHING);
	if (view->trait->mode != MODE_SETTABLE)
		return;
	answer->row = "F1m";
	if (world->traits.semantics == UPDATE_MERGE)
		return;
	answer->row = "F1r";
	answer->result = "unmanaged_echo";
	if (answer->live.kind != 'U')
		return;
	answer->row = "F1u";
	answer->result = "error";
}

static void asserted(const struct field_view *view, struct field_answer *answer)
{
	if (view->question->making)
		answer_as(answer, "F18a", "given", RECORD_NOTHING);
	else if (answer->live.kind == 'U')
		answer_as(answer, "F17", "unchecked", RECORD_NOTHING);
	else if (view->equal)
		answer_as(answer, "F16a", "ok", RECORD_NOTHING);
	else
		answer_as(answer, "F16b", "mismatch", RECORD_NOTHING);
}

static void without_knowledge(const struct field_view *view,
                              struct field_answer *answer)
{
	const struct question *question = view->question;
	const struct permissions *permissions = &question->world->permissions;

	if (answer->live.kind == 'U') {
		answer_as(answer, "F15", "unknown", RECORD_KEEP);
		if (!listed(permissions->resend, permissions->resend_count,
		            question->desired->key))
			return;
		answer_as(answer, "F15r", "resend", RECORD_SET);
		answer->write = true;
	} else if (view->equal) {
		answer_as(answer, "F11", "adopted", RECORD_SET);
	} else {
		answer_as(answer, "F12", "takeover", RECORD_SET);
		answer->write = answer->drift = answer->review = true;
	}
}

/* The file says what it said before. */
static void unchanged(const struct field_view *view,
                      struct field_answer *answer)
{
	if (!view->moved && view->equal) {
		answer_as(answer, "F3", "clean", RECORD_KEEP);
	} else if (!view->moved) {
		answer_as(answer, "F4", "rewritten", RECORD_KEEP);
	} else if (view->equal) {
		answer_as(answer, "F6", "healed", RECORD_SET);
	} else {
		answer_as(answer, "F5", "drift", RECORD_SET);
		answer->write = answer->drift = true;
	}
}

static void changed(const struct field_view *view, struct field_answer *answer)
{
	if (!view->moved && view->equal) {
		answer_as(answer, "F8", "note", RECORD_SET);
	} else if (!view->moved) {
		answer_as(answer, "F7", "change", RECORD_SET);
		answer->write = true;
	} else if (view->equal) {
		answer_as(answer, "F10", "converged", RECORD_SET);
	} else {
		answer_as(answer, "F9", "conflict", RECORD_SET);
		answer->write = answer->drift = answer->review = true;
	}
}

static void with_knowledge(const struct field_view *view,
                           struct field_answer *answer)
{
	if (answer->live.kind != 'U' && view->changed) {
		changed(view, answer);
	} else if (answer->live.kind != 'U') {
		unchanged(view, answer);
	} else if (view->changed) {
		answer_as(answer, "F14", "change", RECORD_SET);
		answer->write = true;
	} else {
		answer_as(answer, "F13", "kept", RECORD_KEEP);
	}
}

/* U: masked, or a set that reads as none where that may mean anything. */
static bool is_unreadable(const struct field_view *view,
                          const struct cell *live)
{
	const bool set =
		view->trait == &view->question->world->field_traits[SCOPES];

	if (live->kind == 'U')
		return true;
	return set && !(view->trait->flags & FIELD_EMPTY_NONE) &&
	       cell_is_empty(live) &&
	       (view->declared || view->known || live->kind == 's');
}

static void decide(const struct field_view *view, struct field_answer *answer)
{
	if (!view->declared) {
		undeclared(view, answer);
	} else if (view->trait->mode == MODE_UNMAPPED) {
		answer_as(answer, "F0", "unmapped", RECORD_NOTHING);
	} else if (view->trait->mode == MODE_ASSERT) {
		asserted(view, answer);
	} else if (view->question->making) {
		answer_as(answer, "F18", "create", RECORD_SET);
		answer->write = true;
	} else if (view->known) {
		with_knowledge(view, answer);
	} else {
		without_knowledge(view, answer);
	}
}

void model_field(const struct question *question, enum field_index index,
                 struct field_answer *answer)
{
	static const struct cell none = { .kind = '-' };
	const struct thing *row = question->applied;
	struct field_view view = {
		.question = question,
		.trait = &question->world->field_traits[index],
		.d = &question->desired->fields[index],
		.sent = row ? &row->fields[index] : &none,
		.seen = row ? &row->seen[index] : &none,
	};

	view.declared = view.d->kind != '-';
	view.known = view.sent->kind != '-';
	*answer = (struct field_answer){ .live = none };
	if (question->live)
		answer->live = question->live->fields[index];
	if (is_unreadable(&view, &answer->live))
		answer->live = cell_make('U', "");
	view.equal = same(&view, view.d, &answer->live);
	view.changed = !same(&view, view.d, view.sent);
	view.moved = !same(&view, &answer->live, view.seen);
	if (view.declared && question->foreign)
		view.known = false;
	answer->moved = view.known && view.moved && answer->live.kind != 'U';
	decide(&view, answer);
	answer->held = answer->drift && question->world->permissions.drift_kept;
	answer->writes = answer->write && !answer->held;
}

int model_field_danger(const struct question *question, enum field_index index,
                       const struct field_answer *answer)
{
	static const int dangers[FIELDS] = {
		[CLIENT_ID] = 2, [CONNECTOR] = 2, [OWNERSHIP] = 2,
		[REDIRECT] = 1,  [SCOPES] = 1,    [REGION] = 1,
		[TYPE] = 1,
	};
	const struct cell *d = &question->desired->fields[index];

	if (!answer->write || answer->held)
		return 0;
	if (index == ENABLED && str_equal(d->text, "false"))
		return 2;
	return dangers[index] || !answer->review ? dangers[index] : 1;
}
