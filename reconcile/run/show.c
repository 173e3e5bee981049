/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "schema/schema.h"

/* The approved plan is the only one there is: it is shown, not compared. */
int run_show(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report report = { .command = run->command, .diag = run->diag };

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (!run->options.keys.count)
		diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		           "`show` wants a saved plan; write `show FILE`");
	else if (road_approve(run, &road) == 0)
		report.plan = saved_plan(road.approved);
	report.exit = run_exit(run->diag);
	if (report.plan && (run->options.flags & RUN_DETAILED_EXITCODE) &&
	    !plan_is_empty(report.plan))
		report.exit = 2;
	report.environment = report.plan ? report.plan->environment : NULL;
	road_describe_flags(run, &report);
	return road_report(run, &report);
}
