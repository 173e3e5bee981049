/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* A line at a terminal, rewritten in place; elsewhere one each 10 s. */
struct progress {
	struct run *run;
	int64_t last_ms;
	bool shown;
};

static void show_progress(size_t done, size_t total, const char *waiting,
                          void *context)
{
	struct progress *progress = context;
	struct run *run = progress->run;
	const bool terminal = run->options.flags & RUN_TERMINAL;
	const int64_t now_ms = run->clock->steady_ms(run->clock);

	if (now_ms - progress->last_ms < (terminal ? 100 : 10000))
		return;
	progress->last_ms = now_ms;
	progress->shown = terminal;
	fprintf(run->talk, "%sapplying: %zu of %zu%s%s%s", terminal ? "\r" : "",
	        done, total, waiting ? ", waiting: " : "",
	        waiting ? waiting : "", terminal ? "\033[K" : "\n");
	fflush(run->talk);
}

/* A plan that was saved, or a digest: what it says was agreed to before. */
static bool is_agreed(const struct run *run)
{
	return run->options.keys.count || run->options.expect_digest;
}

/* A terminal types the environment's name; elsewhere --yes said it. */
static int ask(struct run *run, const struct road *road)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	bool agreed;

	if ((run->options.flags & RUN_YES) || is_agreed(run))
		return 0;
	fprintf(run->talk, "To apply this to %s, type the environment's name: ",
	        road->environment.name);
	fflush(run->talk);
	length = getline(&line, &size, run->in);
	if (length > 0 && line[length - 1] == '\n')
		line[length - 1] = '\0';
	agreed = length > 0 && str_equal(line, road->environment.name);
	free(line);
	if (agreed)
		return 0;
	return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
	                  "not applied: `%s` was not typed",
	                  road->environment.name);
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
	struct progress progress = { .run = run };
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
		.stopping = run->stopping,
		.stopping_context = run->stopping_context,
		.progress = show_progress,
		.progress_context = &progress,
	};
	int status;

	progress.last_ms = run->clock->steady_ms(run->clock);
	settings.flags = (enum apply_flags)(
		(run->options.flags & RUN_FAIL_FAST ? APPLY_FAIL_FAST : 0U) |
		(run->options.flags & RUN_KEEP_UNRESOLVED
	                 ? APPLY_KEEP_UNRESOLVED
	                 : 0U));
	if (road->ledger)
		settings.run = ledger_run_begin(road->ledger, &record);
	status = apply_run(&settings, result, run->diag);
	if (progress.shown)
		fprintf(run->talk, "\r\033[K");
	if (!road->ledger)
		return status;
	ledger_run_end(road->ledger, settings.run,
	               result->exit ? "partly" : "done");
	if (ledger_commit(road->ledger, run->diag) == 0)
		return status;
	if (result->writes) /* done, and the ledger could not be told */
		result->exit = 9;
	return -1;
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
	    write_resolved(run, road) < 0)
		return -1;
	if (plan_is_empty(road->plan) && !road->plan->note_count)
		return record_rewind(run, road);
	if (binding_is_manual(road->binding))
		return road_hand_over(run, road, result);
	if (!plan_is_empty(road->plan) && ask(run, road) < 0)
		return -1;
	return execute(run, road, result);
}

enum { RACES_MAX = 3 };

static bool is_raced(const struct road *road)
{
	return road->ledger && ledger_is_raced(road->ledger);
}

/* Whoever wrote the ledger first made the plan old: it is made anew. */
static int walk_again(struct run *run, const char *file, struct road *road,
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

int run_apply(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(apply_result_release) struct apply_result result = { 0 };
	struct report report = { .exit = 0 };
	CLEANUP(textp) char *file = NULL;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (check_consent(run) == 0)
		file = road_file(run);
	if (!file || walk_again(run, file, &road, &result) < 0)
		report.exit = run_exit(run->diag);
	if (result.exit)
		report.exit = result.exit;
	if (result.interrupted && run->stop_exit)
		report.exit = run->stop_exit;
	road_describe(run, &road, &report);
	report.apply = &result;
	return road_report(run, &report);
}
