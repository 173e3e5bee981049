/* SPDX-License-Identifier: MIT */
#include "apply/steps.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

const struct traits *session_traits(const struct session *session)
{
	return session->settings->input->traits;
}

int64_t session_now_ms(const struct session *session)
{
	const struct clock *clock = session->settings->clock;

	return clock->steady_ms(clock);
}

/* ---- setting up, and taking down ---- */

static bool is_made_anew(const struct change *change)
{
	return change->kind == CHANGE_CREATE || change->kind == CHANGE_RECREATE;
}

static void init_steps(const struct plan *plan, struct apply_result *result)
{
	result->step_count = plan->change_count;
	result->steps = xcalloc(plan->change_count + 1, sizeof(*result->steps));
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		struct step *step = &result->steps[i];

		step->change = change;
		if (change->id && !is_made_anew(change))
			step->id = xstrdup(change->id);
		step->message = xstrdup("");
		step->request_id = xstrdup("");
		step->advice = xstrdup("");
	}
}

static void init_work(struct session *session, struct work *work,
                      struct step *step, const char *new_uuid)
{
	const struct change *change = step->change;
	const struct auth_config *row;

	work->session = session;
	work->change = change;
	work->step = step;
	work->prints = xcalloc(change->secret_count + 1, sizeof(*work->prints));
	row = journal_row(session, change);
	snprintf(work->row_uuid, UUID_SIZE, "%s",
	         row && row->row_uuid ? row->row_uuid : new_uuid);
	if (change_is_of_retired(change, row))
		session->shelving = true;
}

static void session_init(struct session *session,
                         const struct apply_settings *settings,
                         struct apply_result *result, struct diag *diag)
{
	const struct plan *plan = settings->plan;
	size_t *order = xcalloc(plan->change_count + 1, sizeof(*order));
	char(*uuids)[UUID_SIZE] =
		xcalloc(plan->change_count + 1, sizeof(*uuids));

	ledger_new_uuids(uuids, plan->change_count);
	*session = (struct session){
		.settings = settings,
		.result = result,
		.diag = diag,
		.identities = identities_new(settings->input->live,
		                             settings->input->traits),
		.works = xcalloc(plan->change_count + 1, sizeof(struct work)),
		.active =
			xcalloc(plan->change_count + 1, sizeof(struct work *)),
		.work_count = plan->change_count,
	};
	plan_order(plan, order);
	for (size_t i = 0; i < plan->change_count; i++)
		init_work(session, &session->works[i], &result->steps[order[i]],
		          uuids[i]);
	free(uuids);
	free(order);
}

static void session_release(struct session *session)
{
	for (size_t i = 0; i < session->work_count; i++) {
		free(session->works[i].prints);
		state_free(session->works[i].clearing);
	}
	for (size_t i = 0; i < session->cause_count; i++)
		free(session->causes[i].message);
	for (size_t i = 0; i < session->shelf_count; i++)
		state_free(session->shelves[i].state);
	free(session->shelves);
	free(session->causes);
	free(session->unsaved);
	free(session->active);
	free(session->works);
	identities_free(session->identities);
}

/* ---- the run ---- */

/* A phase begins when the one before has come to its end. */
static void walk(struct session *session)
{
	size_t first, end;

	for (first = 0; first < session->work_count; first = end) {
		const unsigned phase =
			change_phase(session->works[first].change);

		for (end = first + 1; end < session->work_count; end++) {
			if (change_phase(session->works[end].change) != phase)
				break;
		}
		session_drain(session, end);
		lost_find(session, first, end);
		session_drain(session, end);
		while (verify_parked(session, first, end))
			session_drain(session, end);
		session->next = end;
	}
}

/* Then all of it begins anew. */
static bool is_raced(const struct session *session)
{
	const struct ledger *ledger = session->settings->ledger;

	return ledger && ledger_is_raced(ledger);
}

static void count_ends(struct apply_result *result)
{
	memset(result->ends, 0, sizeof(result->ends));
	for (size_t i = 0; i < result->step_count; i++)
		result->ends[result->steps[i].end]++;
}

/* How it ended goes with the last outcomes; when that commit fails, it ended
 * otherwise. */
static void conclude(struct session *session)
{
	struct apply_result *result = session->result;

	count_ends(result);
	journal_end(session, session_exit(session) ? "partly" : "done");
	count_ends(result);
	result->exit = session_exit(session);
}

static void run(struct session *session)
{
	struct apply_result *result = session->result;

	walk(session);
	if (session->halt == HALT_NONE)
		notes_write(session);
	conclude(session);
	if (result->ends[STEP_NOT_ATTEMPTED] && !is_raced(session))
		diag_warning(session->diag, CODE_APPLY_STOPPED,
		             session->settings->input->place,
		             "%zu of %zu changes were not attempted; apply "
		             "again to go on",
		             result->ends[STEP_NOT_ATTEMPTED],
		             result->step_count);
}

static int refuse(struct session *session, int exit)
{
	struct apply_result *result = session->result;

	count_ends(result);
	journal_end(session, "partly");
	result->exit = exit;
	return -1;
}

int apply_run(const struct apply_settings *settings, struct apply_result *out,
              struct diag *diag)
{
	CLEANUP(session_release) struct session session;

	*out = (struct apply_result){ .steps = NULL };
	session = (struct session){
		.settings = settings,
		.result = out,
		.diag = diag,
	};
	init_steps(settings->plan, out);
	if (settings->plan->blocked) {
		diag_error(diag, CODE_PLAN_BLOCKED, settings->input->place,
		           "the plan of `%s` is blocked; it says by what, and "
		           "what lifts it",
		           settings->plan->environment);
		return refuse(&session, 4);
	}
	if (prepare_secrets(settings, diag) < 0)
		return refuse(&session, 1);
	session_init(&session, settings, out, diag);
	run(&session);
	return out->exit ? -1 : 0;
}

static void step_release(struct step *step)
{
	for (size_t i = 0; i < step->rewritten_count; i++)
		free(step->rewritten[i]);
	free(step->rewritten);
	free(step->id);
	free(step->message);
	free(step->request_id);
	free(step->advice);
}

void apply_result_release(struct apply_result *result)
{
	for (size_t i = 0; i < result->step_count; i++)
		step_release(&result->steps[i]);
	free(result->steps);
	*result = (struct apply_result){ .steps = NULL };
}
