/* SPDX-License-Identifier: MIT */
/* Validate: the files alone, and the rules over them; no credentials, no
 * network, no secret read. */
#include "run/road.h"

#include "schema/schema.h"

#include <stdlib.h>

/* The ledger, if one lies beside the file, tells twins apart and knows of open
 * rotations. What is wrong with it is for plan to say. One in git is a journey
 * away, to where the file says: not ours. */
static void peek(struct run *run, struct road *road)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	struct diag *said = run->diag;
	const unsigned flags = run->options.flags;

	if (road->environment.store == LEDGER_GIT)
		return;
	run->diag = unsaid;
	run->options.flags &= ~(unsigned)RUN_TERMINAL; /* no key is made here */
	if (road_open_ledger(run, road, (enum ledger_flags)0) < 0)
		state_free(TAKE(road->applied));
	ledger_close(TAKE(road->ledger));
	run->options.flags = flags;
	run->diag = said;
}

/* The ids of a ledger in git may tell them apart: plan knows. */
static void warn_of_twins(struct run *run, const struct diag *twins)
{
	for (size_t i = 0; i < diag_length(twins); i++) {
		const struct diag_report *twin = diag_at(twins, i);
		const size_t at = diag_length(run->diag);

		diag_warning(run->diag, twin->code, twin->place,
		             "%s, unless the ledger knows both", twin->text);
		for (size_t j = 0; j < twin->note_count; j++)
			diag_note_at(run->diag, at, twin->notes[j].place, "%s",
			             twin->notes[j].text);
	}
}

static int check_twins(struct run *run, const struct road *road)
{
	CLEANUP(diag_freep) struct diag *twins = NULL;
	const struct traits *traits = binding_traits(road->binding);

	if (road->environment.store != LEDGER_GIT)
		return desired_check_twins(road->desired, traits, road->applied,
		                           run->diag);
	twins = diag_new();
	if (desired_check_twins(road->desired, traits, NULL, twins) < 0)
		warn_of_twins(run, twins);
	return 0;
}

static int check_one(struct run *run, const char *file, struct road *road,
                     struct report_file *seen)
{
	int result = road_load(run, file, DESIRED_LENIENT, road);

	if (road->desired)
		peek(run, road);
	if (road->desired && check_twins(run, road) < 0)
		result = -1;

	seen->file = file;
	seen->environment = road->environment.name;
	seen->auth_configs = road->desired ? state_length(road->desired) : 0;
	seen->valid = result == 0;
	return result;
}

/* Mistakes of all files in one run. */
static int check_all(struct run *run, char *const *files, size_t count,
                     struct road *roads, struct report_file *seen)
{
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		if (check_one(run, files[i], &roads[i], &seen[i]) < 0)
			result = -1;
		if (result == 0 && !seen[i].auth_configs)
			diag_warning(run->diag, CODE_EMPTY_DESIRED,
			             roads[i].environment.place,
			             "`%s` declares no auth config; plan and "
			             "apply refuse that",
			             roads[i].environment.name);
	}
	return result;
}

/* Of the files that could be read, also where others or they are not valid:
 * all is said in one run. */
static int check_rules(struct run *run, struct road *roads, size_t count,
                       struct rules *rules)
{
	struct road **read = xcalloc(count + 1, sizeof(*read));
	int result;

	for (size_t i = 0; i < count; i++)
		read[i] = roads[i].desired && roads[i].lint_policy ? &roads[i]
		                                                   : NULL;
	result = road_rules_offline(run, read, count, rules);
	free(read);
	return result;
}

int run_validate(struct run *run)
{
	struct report report = { .command = run->command, .diag = run->diag };
	char **files = NULL;
	size_t count = 0;
	struct road *roads;
	struct report_file *seen;
	CLEANUP(rules_release) struct rules rules = { 0 };
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (road_files(run, &files, &count) < 0) {
		report.exit = run_exit(run->diag);
		return road_report(run, &report);
	}
	roads = xcalloc(count, sizeof(*roads));
	seen = xcalloc(count, sizeof(*seen));
	result = check_all(run, files, count, roads, seen);
	road_describe(run, &roads[0], &report);
	if (check_rules(run, roads, count, &rules) < 0)
		result = -1;
	report.exit = result < 0 ? run_exit(run->diag) : 0;
	if (result == 0 && road_rules_broken(run, &rules))
		report.exit = 3;
	report.findings = rules.findings;
	report.files = seen;
	report.file_count = count;
	result = road_report(run, &report);
	for (size_t i = 0; i < count; i++) {
		road_release(&roads[i]);
		free(files[i]);
	}
	free(seen);
	free(roads);
	free(files);
	return result;
}
