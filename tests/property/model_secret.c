/* SPDX-License-Identifier: MIT */
/* Section 5 of the law. The model may see what a secret is. */
#include "model.h"

#include "base/text.h"

#include <string.h>

struct secret_view {
	const struct secret_cell *desired, *record, *live;
	enum secret_readback readback;
	int value; /* s; 0: unresolved */
	int shown; /* what hint or cleartext tell of; 0: nothing */
};

static void wish(struct secret_answer *answer, const char *row,
                 enum secret_action action)
{
	answer->row = row;
	answer->action = action;
	answer->needs_value = action == SECRET_SET || action == SECRET_ROTATE ||
	                      action == SECRET_RESEND;
}

static struct secret_view view_of(const struct question *question, size_t index)
{
	const struct world *world = question->world;
	struct secret_view view = {
		.desired = &question->desired->secrets[index],
		.readback = world->secret_traits[index].readback,
	};

	view.value = world->source_values[view.desired->source];
	if (question->applied && !question->foreign &&
	    question->applied->secrets[index].recorded)
		view.record = &question->applied->secrets[index];
	if (question->live)
		view.live = &question->live->secrets[index];
	if (view.live && !view.live->mute)
		view.shown = view.live->value;
	return view;
}

static bool record_known(const struct secret_view *view)
{
	return view->record && view->record->known;
}

/* Fingerprints can be compared: there is one, of this run's key. */
static bool print_usable(const struct question *question,
                         const struct secret_view *view)
{
	return view->record && view->record->print && question->world->keyed &&
	       view->record->print_key == 1;
}

static bool print_foreign(const struct question *question,
                          const struct secret_view *view)
{
	return view->record->print && question->world->keyed &&
	       view->record->print_key != 1;
}

static void versioned(const struct question *question,
                      const struct secret_view *view,
                      struct secret_answer *answer)
{
	const bool usable = print_usable(question, view) && view->value;
	const bool equal = usable && view->record->print == view->value;

	if (view->desired->version == view->record->sent_version)
		wish(answer, usable && !equal ? "S8w" : "S8", SECRET_KEEP);
	else if (view->record->sent_version)
		wish(answer, equal ? "S7c3" : "S7a", SECRET_ROTATE);
	else
		wish(answer, equal ? "S7b3" : "S7b", SECRET_ROTATE);
}

static void unversioned(const struct question *question,
                        const struct secret_view *view,
                        struct secret_answer *answer)
{
	if (view->record->sent_source >= 0 &&
	    view->record->sent_source != view->desired->source)
		wish(answer, "S8a", SECRET_ROTATE);
	else if (!view->value)
		wish(answer, "S10a", SECRET_NOT_COMPARED);
	else if (print_foreign(question, view))
		wish(answer, "S10b", SECRET_NOT_COMPARED);
	else if (!print_usable(question, view))
		wish(answer, "S10c", SECRET_NOT_COMPARED);
	else if (view->record->print == view->value)
		wish(answer, "S9a", SECRET_KEEP);
	else
		wish(answer, "S9b", SECRET_ROTATE);
}

static void unknown(const struct secret_view *view,
                    struct secret_answer *answer)
{
	const int live = view->shown;

	if (!view->value) {
		wish(answer, "S10a", SECRET_NOT_COMPARED);
	} else if (view->readback == READBACK_HINT && live) {
		if (hint_of(view->value) == hint_of(live))
			wish(answer, "S11h0", SECRET_KEEP);
		else
			wish(answer, "S11h1", SECRET_ROTATE);
	} else if (view->readback == READBACK_CLEAR && live) {
		if (view->value == live)
			wish(answer, "S11c0", SECRET_KEEP);
		else
			wish(answer, "S11c1", SECRET_ROTATE);
		answer->records = view->value == live;
	} else if (view->readback == READBACK_HINT ||
	           view->readback == READBACK_CLEAR) {
		wish(answer, "S11z", SECRET_UNKNOWN);
	} else {
		wish(answer, "S11", SECRET_UNKNOWN);
	}
}

static void first_wish(const struct question *question,
                       const struct circumstances *circumstances,
                       const struct secret_view *view,
                       struct secret_answer *answer)
{
	if (question->making || circumstances->to_own)
		wish(answer, "S1", SECRET_SET);
	else if (circumstances->client_id)
		wish(answer, "S3", SECRET_SET);
	else if (view->live && view->live->missing)
		answer->error = true;
	else if (view->live && !view->live->value)
		wish(answer, "S5", SECRET_SET);
	else if (view->record && view->record->doubted)
		wish(answer, "S6", SECRET_SET);
	else if (!record_known(view))
		unknown(view, answer);
	else if (view->desired->version)
		versioned(question, view, answer);
	else
		unversioned(question, view, answer);
}

static bool is_keep(const struct secret_answer *answer)
{
	return answer->action == SECRET_KEEP ||
	       answer->action == SECRET_UNKNOWN ||
	       answer->action == SECRET_NOT_COMPARED;
}

/* Row S12. */
static void look_at_clear(const struct question *question,
                          const struct secret_view *view,
                          struct secret_answer *answer)
{
	const bool rotates = str_equal(answer->row, "S9b");

	if (!print_usable(question, view) || !view->shown ||
	    view->shown == view->record->print)
		return;
	answer->records = view->value == view->shown;
	answer->drift = !answer->records;
	if (answer->records)
		wish(answer, "S12b", SECRET_KEEP);
	else if (rotates)
		wish(answer, "S12r", SECRET_ROTATE);
	else
		wish(answer, "S12", SECRET_RESEND);
}

/* Row S13. */
static void look_at_hint(const struct secret_view *view,
                         struct secret_answer *answer)
{
	const bool rotates = str_equal(answer->row, "S9b");

	if (!view->shown || view->record->hint_seen < 0 ||
	    hint_of(view->shown) == view->record->hint_seen)
		return;
	answer->drift = true;
	if (view->value && hint_of(view->value) == hint_of(view->shown)) {
		wish(answer, "S13p", SECRET_KEEP);
		answer->drift = false;
	} else if (rotates) {
		wish(answer, "S13r", SECRET_ROTATE);
	} else {
		wish(answer, "S13", SECRET_RESEND);
	}
}

static void hold(const struct question *question, struct secret_answer *answer)
{
	if (!answer->drift || !question->world->permissions.drift_kept)
		return;
	answer->held = true;
	answer->action = SECRET_KEEP;
	answer->needs_value = false;
}

/* Row S14. */
static bool may_have_changed(const struct question *question,
                             const struct circumstances *circumstances,
                             const struct secret_view *view)
{
	return record_known(view) && view->live &&
	       view->readback != READBACK_HINT &&
	       view->readback != READBACK_CLEAR && question->live->updated &&
	       question->applied->updated &&
	       question->live->updated != question->applied->updated &&
	       !circumstances->explained;
}

static void resend(struct secret_answer *answer, const char *row)
{
	wish(answer, row, SECRET_RESEND);
	answer->held = answer->records = false;
}

void model_secret(const struct question *question, size_t index,
                  const struct circumstances *circumstances,
                  struct secret_answer *answer)
{
	const struct permissions *permissions = &question->world->permissions;
	const struct secret_view view = view_of(question, index);

	*answer = (struct secret_answer){ .row = NULL };
	first_wish(question, circumstances, &view, answer);
	if (!answer->row)
		return;
	if (record_known(&view) && view.live &&
	    (is_keep(answer) || str_equal(answer->row, "S9b"))) {
		if (view.readback == READBACK_CLEAR)
			look_at_clear(question, &view, answer);
		else if (view.readback == READBACK_HINT)
			look_at_hint(&view, answer);
	}
	hold(question, answer);
	if (!is_keep(answer))
		return;
	if (listed(permissions->resend_secrets,
	           permissions->resend_secrets_count, question->desired->key))
		resend(answer, answer->row);
	else if (!answer->held &&
	         may_have_changed(question, circumstances, &view))
		wish(answer, "S14", SECRET_KEEP);
}

void model_secret_resend(const struct question *question, size_t index,
                         const struct circumstances *circumstances,
                         struct secret_answer *answer)
{
	const struct secret_view view = view_of(question, index);

	if (!answer->row || !is_keep(answer))
		return;
	if (!record_known(&view))
		resend(answer, "S15u");
	else if (answer->held)
		resend(answer, "S15h");
	else if (may_have_changed(question, circumstances, &view))
		resend(answer, "S15d");
	else
		resend(answer, "S15");
}

bool model_secret_written(const struct secret_answer *answer)
{
	return answer->row && !answer->held &&
	       (answer->action == SECRET_SET ||
	        answer->action == SECRET_ROTATE ||
	        answer->action == SECRET_RESEND ||
	        answer->action == SECRET_CLEAR);
}
