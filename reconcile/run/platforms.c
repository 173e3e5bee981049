/* SPDX-License-Identifier: MIT */
/* Platforms: what is known of bindings, built in or a user's own. Nothing is
 * asked of a platform, and no key is read. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* Bindings and what they say, while they are shown. */
struct shown {
	struct binding **bindings;
	struct binding_facts *facts;
	size_t count, capacity;
};

static void shown_release(struct shown *shown)
{
	for (size_t i = 0; i < shown->count; i++) {
		binding_facts_release(&shown->facts[i]);
		binding_free(shown->bindings[i]);
	}
	free(shown->facts);
	free(shown->bindings);
}

/* Takes the binding over; NULL was reported. */
static int shown_add(struct shown *shown, struct binding *binding)
{
	if (!binding)
		return -1;
	shown->bindings = xreallocarray(shown->bindings, shown->count + 1,
	                                sizeof(struct binding *));
	shown->facts = xreallocarray(shown->facts, shown->count + 1,
	                             sizeof(*shown->facts));
	shown->bindings[shown->count] = binding;
	binding_tell(binding, &shown->facts[shown->count++]);
	return 0;
}

static int finish(struct run *run, const struct shown *shown, int result,
                  struct report *report)
{
	report->command = run->command;
	report->diag = run->diag;
	report->exit = result < 0 ? run_exit(run->diag) : 0;
	if (result == 0) {
		report->bindings = shown->facts;
		report->binding_count = shown->count;
	}
	return road_report(run, report);
}

int run_platform_list(struct run *run)
{
	CLEANUP(shown_release) struct shown shown = { .count = 0 };
	struct report report = { .flags = 0 };
	size_t count;
	char **names;
	int result = 0;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	names = binding_names(&count);
	for (size_t i = 0; i < count; i++) {
		if (shown_add(&shown, binding_load(names[i], PLACE_NONE,
		                                   run->diag)) < 0)
			result = -1;
	}
	binding_names_free(names, count);
	return finish(run, &shown, result, &report);
}

int run_platform_show(struct run *run)
{
	CLEANUP(shown_release) struct shown shown = { .count = 0 };
	struct report report = { .flags = REPORT_DETAILS };

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	return finish(run, &shown,
	              shown_add(&shown, binding_load(run->options.keys.items[1],
	                                             PLACE_NONE, run->diag)),
	              &report);
}

static struct binding *check(struct run *run, const char *file)
{
	CLEANUP(buffer_release) struct buffer buffer = { 0 };
	struct source *source =
		source_directory(file, run->options.root, run->diag);

	if (!source)
		return NULL;
	road_keep_source(run, source);
	if (source_read(source, source_first(source), PLACE_NONE, &buffer,
	                run->diag) < 0)
		return NULL;
	return binding_own(source_display(source, source_first(source)),
	                   buffer.bytes, buffer.length, run->diag);
}

int run_platform_check(struct run *run)
{
	CLEANUP(shown_release) struct shown shown = { .count = 0 };
	CLEANUP(textp) char *message = NULL;
	struct report report = { .flags = REPORT_DETAILS };
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	result = shown_add(&shown, check(run, run->options.keys.items[1]));
	if (result == 0)
		message = xasprintf("It is valid. To use it: "
		                    "--allow-binding %s@%s",
		                    shown.facts[0].file, shown.facts[0].hash);
	report.message = message;
	return finish(run, &shown, result, &report);
}
