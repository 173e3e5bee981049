/* SPDX-License-Identifier: MIT */
/* History: the runs that wrote the ledger; the platform is not asked. */
#include "run/road.h"

#include <stdlib.h>

enum { RUNS_SHOWN = 10 };

static void fill_step(const struct ledger_step *from,
                      struct report_past_step *out)
{
	*out = (struct report_past_step){
		.kind = from->kind,
		.key = from->key,
		.id = from->id,
		.outcome = from->outcome,
		.message = from->message,
		.at_ms =
			from->settled_ms ? from->settled_ms : from->intended_ms,
		.status = from->status,
	};
}

static void fill_run(const struct ledger_run *from, struct report_past_run *out)
{
	*out = (struct report_past_run){
		.number = from->number,
		.began_ms = from->began_ms,
		.ended_ms = from->ended_ms,
		.command = from->command,
		.revision = from->revision,
		.digest = from->digest,
		.who = from->who,
		.result = from->result,
		.steps = xcalloc(from->step_count + 1, sizeof(*out->steps)),
		.step_count = from->step_count,
	};
	for (size_t i = 0; i < from->step_count; i++)
		fill_step(&from->steps[i], &out->steps[i]);
}

static struct report_past_run *make_runs(const struct ledger_run *runs,
                                         size_t count)
{
	struct report_past_run *made = xcalloc(count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++)
		fill_run(&runs[i], &made[i]);
	return made;
}

static void free_runs(struct report_past_run *runs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(runs[i].steps);
	free(runs);
}

/* NULL after reporting. */
static struct report_past_run *look_back(struct run *run, struct road *road,
                                         size_t *count)
{
	const struct options *options = &run->options;
	const struct history_filter filter = {
		.keys = options->keys.items,
		.key_count = options->keys.count,
		.limit = options->limit >= 0 ? (size_t)options->limit
		                             : RUNS_SHOWN,
	};
	struct ledger_run *runs = NULL;
	struct report_past_run *made;

	if (road->ledger_mode == LEDGER_MODE_NEVER_MADE)
		return make_runs(NULL, 0);
	if (road_need_ledger(run, road) < 0 ||
	    ledger_history(road->ledger, &filter, &runs, count, run->diag) < 0)
		return NULL;
	made = make_runs(runs, *count);
	free(runs);
	return made;
}

int run_history(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report report = { .exit = 0 };
	struct report_past_run *runs = NULL;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (road_read_ledger(run, &road) == 0)
		runs = look_back(run, &road, &report.run_count);
	if (!runs)
		report.exit = run_exit(run->diag);
	road_describe(run, &road, &report);
	report.runs = runs;
	if (runs && !report.run_count)
		report.message =
			road.ledger_mode == LEDGER_MODE_NEVER_MADE
				? "no ledger yet: nothing was applied from here"
				: "no run of that kind is remembered";
	result = road_report(run, &report);
	free_runs(runs, report.run_count);
	return result;
}
