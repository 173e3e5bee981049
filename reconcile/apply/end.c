/* SPDX-License-Identifier: MIT */
/* How steps end: in words for people, in reports at their places, and in what
 * they mean for the steps that have not begun. */
#include "apply/steps.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

const char *const step_end_names[STEP_ENDS] = {
	[STEP_NOT_ATTEMPTED] = "not attempted",
	[STEP_DONE] = "done",
	[STEP_FAILED] = "failed",
	[STEP_UNKNOWN] = "unknown",
	[STEP_MOVED] = "moved",
};

struct verdict_row {
	enum step_end end;
	unsigned code;
	const char *words;
	const char *advice;
};

static const struct verdict_row verdicts[VERDICTS] = {
	[VERDICT_REFUSED] = { STEP_FAILED, CODE_CHANGE_FAILED,
	                      "the platform refused it",
	                      "correct what the platform names, then apply "
	                      "again" },
	[VERDICT_UNAUTHORISED] = { STEP_FAILED, CODE_CHANGE_UNAUTHORISED,
	                           "the API key may not do this",
	                           "give the key the permission, or give "
	                           "another key" },
	[VERDICT_UNSENT] = { STEP_FAILED, CODE_CHANGE_FAILED,
	                     "it could not be sent",
	                     "apply again when the platform can be reached" },
	[VERDICT_UNBUILT] = { STEP_FAILED, CODE_CHANGE_FAILED,
	                      "its request could not be made, so nothing was "
	                      "sent",
	                      "the report before this one says why" },
	[VERDICT_UNREADABLE] = { STEP_FAILED, CODE_CHANGE_FAILED,
	                         "it could not be read before the write, so "
	                         "nothing was sent",
	                         "apply again when the platform can be read" },
	[VERDICT_MOVED] = { STEP_MOVED, CODE_OBJECT_MOVED,
	                    "it is no longer what the plan saw, so nothing was "
	                    "sent",
	                    "plan again and look at what changed" },
	[VERDICT_VANISHED] = { STEP_MOVED, CODE_OBJECT_MOVED,
	                       "it is gone, and was there when the plan was "
	                       "made",
	                       "plan again and look at what changed" },
	[VERDICT_LOST] = { STEP_UNKNOWN, CODE_CHANGE_UNKNOWN,
	                   "the answer is lost, and no new object was found",
	                   "apply again: it is looked for before anything is "
	                   "sent" },
	[VERDICT_SEVERAL] = { STEP_UNKNOWN, CODE_CHANGE_UNKNOWN,
	                      "the answer is lost, and several objects could "
	                      "be the new one",
	                      "delete those that nobody needs at the platform, "
	                      "or bind one "
	                      "with `trueup adopt KEY --id ID`" },
	[VERDICT_UNSURE] = { STEP_UNKNOWN, CODE_CHANGE_UNKNOWN,
	                     "the answer is lost, and what is live does not "
	                     "tell",
	                     "apply again: what is live is compared before "
	                     "anything is "
	                     "sent" },
	[VERDICT_REMAINS] = { STEP_UNKNOWN, CODE_CHANGE_UNKNOWN,
	                      "it was deleted, and the platform still shows it",
	                      "apply again: it is looked for before anything "
	                      "is sent" },
	[VERDICT_GIVEN_UP] = { STEP_UNKNOWN, CODE_CHANGE_UNKNOWN,
	                       "no answer came in the time there was to stop",
	                       "apply again: it is looked for before anything "
	                       "is sent" },
	[VERDICT_UNSAVED] = { STEP_UNKNOWN, CODE_CHANGE_UNKNOWN,
	                      "the ledger could not be told how it ended",
	                      "apply again once the ledger can be written: it "
	                      "is looked for "
	                      "before anything is sent" },
	[VERDICT_HALF_REPLACED] = { STEP_FAILED, CODE_CHANGE_FAILED,
	                            "the old object is deleted and the new one "
	                            "is not made",
	                            "apply again: it is created then" },
	[VERDICT_UNCLEARED] = { STEP_FAILED, CODE_CHANGE_FAILED,
	                        "it is made, but what the platform filled in "
	                        "is not emptied",
	                        "apply again: it is emptied then" },
};

/* ---- what it means for the others ---- */

void session_halt(struct session *session, enum halt halt)
{
	if (halt > session->halt)
		session->halt = halt;
}

static unsigned count_cause(struct session *session, int status,
                            const char *message)
{
	struct cause *cause;

	for (size_t i = 0; i < session->cause_count; i++) {
		cause = &session->causes[i];
		if (cause->status == status &&
		    str_equal(cause->message, message))
			return ++cause->count;
	}
	session->causes =
		xgrow(session->causes, session->cause_count,
	              &session->cause_capacity, sizeof(*session->causes));
	session->causes[session->cause_count++] = (struct cause){
		.status = status,
		.message = xstrdup(message),
		.count = 1,
	};
	return 1;
}

static void note_cause(struct session *session,
                       const struct platform_result *result)
{
	const char *message = result->message ? result->message : "";

	if (count_cause(session, result->status, message) != FAILURES_ALIKE)
		return;
	session_halt(session, HALT_NEW);
	diag_warning(session->diag, CODE_APPLY_STOPPED,
	             session->settings->input->place,
	             "%d changes failed alike (`%s`); no more are begun",
	             FAILURES_ALIKE, message);
}

static void affect_others(struct work *work, enum verdict verdict,
                          const struct platform_result *result)
{
	struct session *session = work->session;
	const bool unauthorised =
		result && result->end == PLATFORM_UNAUTHORISED;

	if (unauthorised) {
		session->unauthorised = true;
		session_halt(session, HALT_NEW);
	}
	if (session->settings->flags & APPLY_FAIL_FAST)
		session_halt(session, HALT_NEW);
	if (verdicts[verdict].end == STEP_MOVED) {
		if (!session->sent_writes)
			session_halt(session, HALT_NEW);
	} else if (result && !unauthorised) {
		note_cause(session, result);
	}
}

/* ---- the step ---- */

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = xstrdup(value ? value : "");
}

/* " (HTTP 422, request r-1)", as far as it is known. */
static char *show_answer(const struct step *step)
{
	if (step->status && step->request_id[0])
		return xasprintf(" (HTTP %d, request %s)", step->status,
		                 step->request_id);
	if (step->status)
		return xasprintf(" (HTTP %d)", step->status);
	return xstrdup("");
}

static void report(const struct work *work, const struct verdict_row *row)
{
	const struct step *step = work->step;
	const struct change *change = work->change;
	CLEANUP(textp) char *answer = show_answer(step);
	struct diag *diag = work->session->diag;

	diag_error(diag, row->code, change->place, "%s `%s`: %s%s%s%s",
	           change_kind_names[change->kind], change->address, row->words,
	           step->message[0] ? ": " : "", step->message, answer);
	diag_note(diag, PLACE_NONE, "%s", row->advice);
}

static void leave(struct work *work, enum step_end end)
{
	sending_detach(work->sending);
	if (work->sending)
		work->session->in_flight--;
	work->sending = NULL;
	work->state = WORK_ENDED;
	work->step->end = end;
}

void work_end(struct work *work, enum verdict verdict,
              const struct platform_result *result, const char *words)
{
	const struct verdict_row *row = &verdicts[verdict];
	struct step *step = work->step;

	leave(work, row->end);
	if (result) {
		step->status = result->status;
		set_text(&step->message, result->message);
		set_text(&step->request_id, result->request_id);
	}
	if (words)
		set_text(&step->message, words);
	set_text(&step->advice, row->advice);
	report(work, row);
	affect_others(work, verdict, result);
}

void work_lost(struct work *work, const struct platform_result *result)
{
	struct step *step = work->step;

	free(step->message);
	step->message = xasprintf("no whole answer came (%s)",
	                          result->message && result->message[0]
	                                  ? result->message
	                                  : "the connection broke");
	set_text(&step->request_id, result->request_id);
	note_cause(work->session, result);
}

void work_said(struct work *work, const struct platform_result *result)
{
	if (result->message && *result->message)
		set_text(&work->step->message, result->message);
}

void work_drop(struct work *work)
{
	leave(work, STEP_NOT_ATTEMPTED);
}

void work_done(struct work *work)
{
	struct session *session = work->session;

	leave(work, STEP_DONE);
	if (!session->settings->ledger)
		return;
	session->unsaved =
		xgrow(session->unsaved, session->unsaved_count,
	              &session->unsaved_capacity, sizeof(struct work *));
	session->unsaved[session->unsaved_count++] = work;
	if (session->halt == HALT_ALL) {
		session->unsaved_count = 0;
		work_unsaved(work);
	}
}

void work_unsaved(struct work *work)
{
	work_end(work, VERDICT_UNSAVED, NULL, NULL);
}

void work_unconfirmed(struct work *work, const char *words)
{
	struct session *session = work->session;
	static const char advice[] =
		"plan again: it shows what is not as it was asked for";

	session->unconfirmed++;
	set_text(&work->step->message, words);
	set_text(&work->step->advice, advice);
	diag_error(session->diag, CODE_CHANGE_UNCONFIRMED, work->change->place,
	           "%s `%s`: it is done, but %s",
	           change_kind_names[work->change->kind], work->change->address,
	           words);
	diag_note(session->diag, PLACE_NONE, "%s", advice);
}

/* ---- exit codes ---- */

int session_last_exit(const struct session *session)
{
	const size_t count = diag_length(session->diag);
	const struct code_row *row =
		count ? code_find(diag_at(session->diag, count - 1)->code)
		      : NULL;

	return row && row->exit ? row->exit : 1;
}

int session_exit(const struct session *session)
{
	const struct apply_result *result = session->result;
	const size_t *ends = result->ends;
	const bool complete = ends[STEP_DONE] == result->step_count &&
	                      !session->halt_exit && !session->unconfirmed;
	const struct {
		bool holds;
		int exit;
	} rows[] = {
		{ complete, 0 },
		{ ends[STEP_UNKNOWN] || result->writes, 9 },
		{ session->halt_exit, session->halt_exit },
		{ ends[STEP_MOVED], 5 },
		{ session->unauthorised, 7 },
		{ ends[STEP_FAILED], 8 },
		{ true, 9 },
	};
	size_t i = 0;

	while (!rows[i].holds)
		i++;
	return rows[i].exit;
}
