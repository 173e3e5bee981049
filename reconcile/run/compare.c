/* SPDX-License-Identifier: MIT */
/* Compare: where environments differ, and whether that was to be expected;
 * from the files alone. */
#include "run/road.h"

#include "lint/lint.h"
#include "schema/schema.h"

#include <stdlib.h>

enum { EXIT_DIFFERENT = 2 };

/* All files of all environments, with the mistakes of all. */
static int load_all(struct run *run, struct road *roads,
                    struct lint_environment *environments)
{
	const struct texts *files = &run->options.files;
	int result = 0;

	for (size_t i = 0; i < files->count; i++) {
		if (road_load(run, files->items[i], DESIRED_LENIENT,
		              &roads[i]) < 0)
			result = -1;
		environments[i] = (struct lint_environment){
			.name = roads[i].environment.name,
			.desired = roads[i].desired,
		};
	}
	return result;
}

static int compare(struct run *run, struct road *roads,
                   struct lint_environment *environments)
{
	const size_t count = run->options.files.count;
	CLEANUP(comparison_freep) struct comparison *comparison = NULL;
	struct report report = { .command = run->command, .diag = run->diag };

	if (load_all(run, roads, environments) == 0)
		comparison = comparison_new(environments, count);
	report.comparison = comparison;
	report.exit = run_exit(run->diag);
	if (comparison && comparison_unexpected(comparison) && !report.exit &&
	    run->options.flags & RUN_DETAILED_EXITCODE)
		report.exit = EXIT_DIFFERENT;
	return road_report(run, &report);
}

int run_compare(struct run *run)
{
	const size_t count = run->options.files.count;
	struct lint_environment *environments;
	struct road *roads;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (count < 2) {
		diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		           "compare wants two environment files or more; name "
		           "each with -f");
		return run_exit(run->diag);
	}
	roads = xcalloc(count, sizeof(*roads));
	environments = xcalloc(count, sizeof(*environments));
	result = compare(run, roads, environments);
	for (size_t i = 0; i < count; i++)
		road_release(&roads[i]);
	free(environments);
	free(roads);
	return result;
}
