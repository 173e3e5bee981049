/* SPDX-License-Identifier: MIT */
#include "run/road.h"

/* What is planned tells what moved; nothing of it is to be done. */
int run_drift(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report report = { .command = run->command, .diag = run->diag };
	CLEANUP(textp) char *file = NULL;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	file = road_file(run);
	if (!file || road_make_plan(run, file, &road) < 0)
		report.exit = run_exit(run->diag);
	else if ((run->options.flags & RUN_DETAILED_EXITCODE) &&
	         report_drifts(road.plan))
		report.exit = 2;
	road_describe(run, &road, &report);
	report.flags |= REPORT_DRIFT;
	report.findings = NULL; /* rules are the plan's */
	return road_report(run, &report);
}
