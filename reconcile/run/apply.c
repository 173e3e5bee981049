/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* A plan that was saved, or a digest: what it says was agreed to before. */
static bool is_agreed(const struct run *run)
{
	return run->options.keys.count || run->options.expect_digest;
}

static int ask(struct run *run, struct road *road)
{
	CLEANUP(textp)
	char *deed = xasprintf("apply this to %s", road->environment.name);

	return is_agreed(run) ? 0 : road_agree(run, road, deed);
}

/* Before anything is opened: whether there will be somebody to ask. */
static int check_consent(struct run *run)
{
	if (road_check_expected(run) < 0)
		return -1;
	if ((run->options.flags & (RUN_YES | RUN_TERMINAL)) || is_agreed(run))
		return 0;
	return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
	                  "nobody can be asked here; give a saved plan, its "
	                  "digest, or --yes to apply without a question");
}

static int prepare(struct run *run, const char *file, struct road *road)
{
	if (road_approve(run, road) < 0 || road_load(run, file, 0, road) < 0 ||
	    road_open_ledger(run, road, road_write_flags(run)) < 0 ||
	    road_check_rewound(run, road, SEVERITY_ERROR) < 0 ||
	    road_list(run, road) < 0)
		return -1;
	return road_plan(run, road);
}

/* Whatever stops apply before the first write, all of it reported. */
static int check_plan(struct run *run, const struct road *road)
{
	const struct plan *plan = road->plan;

	for (size_t i = 0; i < plan->guard_count; i++) {
		if (!plan->guards[i].lifted)
			diag_error(run->diag, plan->guards[i].code,
			           road->environment.place, "%s",
			           plan->guards[i].text);
	}
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		if (change->blocked)
			diag_error(run->diag, CODE_CHANGE_BLOCKED,
			           change->place, "`%s`: %s", change->address,
			           change->reason_count ? change->reasons[0]
			                                : "blocked");
	}
	for (size_t i = 0; i < plan->finding_count; i++) {
		if (plan->findings[i].severity == SEVERITY_ERROR)
			diag_error(run->diag, CODE_FINDING,
			           plan->findings[i].place, "`%s`: %s",
			           plan->findings[i].address,
			           plan->findings[i].text);
	}
	if (road_rules_broken(run, &road->rules))
		diag_error(run->diag, CODE_RULES_BROKEN,
		           road->environment.place,
		           "`%s` breaks rules, so nothing is applied; correct "
		           "what the findings name, or waive them and give "
		           "--accept-waivers once that was reviewed",
		           road->environment.name);
	return diag_count(run->diag, SEVERITY_ERROR) ? -1 : 0;
}

/* For a person: the plan, before the question. */
static int show_plan(struct run *run, const struct road *road)
{
	const struct report_format *text = report_find("text");
	const char *format = run->options.format;
	struct report report = { .exit = 0 };

	road_describe(run, road, &report);
	report.command = "plan";
	if (format && !str_equal(format, "text"))
		return 0;
	if (text->write(&report, run->out) < 0 || fflush(run->out) != 0)
		return road_unwritable(run);
	return 0;
}

static int execute(struct run *run, struct road *road,
                   struct apply_result *result)
{
	struct progress progress;
	const struct run_record record = {
		.command = run->command,
		.revision = source_revision(road->source),
		.digest = road->plan->digest,
		.who = road->who,
	};
	struct apply_settings settings = {
		.platform = road->platform,
		.ledger = road->ledger,
		.plan = road->plan,
		.input = &road->input,
		.secrets = &road->secret_settings,
		.key = road->key,
		.clock = run->clock,
		.parallelism = run->options.parallelism,
		.look_ms = run->options.look_ms,
		.list_requests = road->list_requests,
		.stopping = run->stopping,
		.stopping_context = run->stopping_context,
		.progress = progress_show,
		.progress_context = &progress,
	};
	int status;

	progress_begin(&progress, run);
	settings.flags = (enum apply_flags)(
		(run->options.flags & RUN_FAIL_FAST ? APPLY_FAIL_FAST : 0U) |
		(run->options.flags & RUN_KEEP_UNRESOLVED
	                 ? APPLY_KEEP_UNRESOLVED
	                 : 0U));
	if (road->ledger)
		settings.run = ledger_run_begin(road->ledger, &record);
	status = apply_run(&settings, result, run->diag);
	progress_end(&progress);
	return status;
}

/* Nothing is to be done, but from now on this is the commit that was applied.
 */
static int record_rewind(struct run *run, struct road *road)
{
	const struct run_record record = {
		.command = run->command,
		.revision = source_revision(road->source),
		.digest = road->plan->digest,
		.who = road->who,
	};

	if (!road->ledger || !(run->options.flags & RUN_ALLOW_REWIND))
		return 0;
	ledger_run_end(road->ledger, ledger_run_begin(road->ledger, &record),
	               "done");
	return ledger_commit(road->ledger, run->diag);
}

static int write_resolved(struct run *run, struct road *road)
{
	if (!road->ledger || !road->intent_count)
		return 0;
	return apply_write_resolved(road->ledger, road->applied,
	                            &road->resolved, run->diag);
}

static int walk(struct run *run, const char *file, struct road *road,
                struct apply_result *result)
{
	if (prepare(run, file, road) < 0)
		return -1;
	if (show_plan(run, road) < 0 || check_plan(run, road) < 0 ||
	    road_check_lock(run, road) < 0 || write_resolved(run, road) < 0)
		return -1;
	if (plan_is_empty(road->plan) && !road->plan->note_count)
		return record_rewind(run, road);
	if (binding_is_manual(road->binding))
		return road_hand_over(run, road, result);
	if (!plan_is_empty(road->plan) &&
	    (ask(run, road) < 0 || road_check_lock(run, road) < 0))
		return -1;
	return execute(run, road, result);
}

enum { RACES_MAX = 3 };

static bool is_raced(const struct road *road)
{
	return road->ledger && ledger_is_raced(road->ledger);
}

/* Whoever wrote the ledger first made the plan old: it is made anew. */
int road_apply(struct run *run, const char *file, struct road *road,
               struct apply_result *result)
{
	int status = walk(run, file, road, result);

	for (int i = 1; i < RACES_MAX && is_raced(road); i++) {
		fprintf(run->talk, "the ledger was written by somebody else; "
		                   "reading it again and planning anew\n");
		road_release(road);
		apply_result_release(result);
		*road = (struct road)ROAD_EMPTY;
		status = walk(run, file, road, result);
	}
	if (!is_raced(road))
		return status;
	return diag_error(run->diag, CODE_LOCKED, road->environment.place,
	                  "others wrote the ledger %d times before this run "
	                  "could; find out who does so without the lock",
	                  RACES_MAX);
}

/* Whoever is told to stop says so, also where nothing was written yet. */
int road_apply_exit(const struct run *run, int status,
                    const struct apply_result *result)
{
	const int failed = status < 0 ? run_exit(run->diag) : 0;
	const int code = result->exit ? result->exit : failed;

	if (run->stop_exit && (result->interrupted || code))
		return run->stop_exit;
	return code;
}

int run_apply(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(apply_result_release) struct apply_result result = { 0 };
	struct report report = { .exit = 0 };
	CLEANUP(textp) char *file = NULL;
	int status = -1;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (check_consent(run) == 0)
		file = road_file(run);
	if (file)
		status = road_apply(run, file, &road, &result);
	report.exit = road_apply_exit(run, status, &result);
	road_describe(run, &road, &report);
	report.apply = &result;
	return road_report(run, &report);
}
