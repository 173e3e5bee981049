/* SPDX-License-Identifier: MIT */
/* Less than the whole plan: what --only names, what a saved plan approved. */
#include "run/road.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

int road_approve(struct run *run, struct road *road)
{
	const struct texts *said = &run->options.keys;
	CLEANUP(buffer_release) struct buffer buffer = { 0 };

	if (!said->count)
		return 0;
	if (said->count > 1)
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "`%s` takes one saved plan, not %zu",
		                  run->command, said->count);
	if (file_read(said->items[0], LIMIT_PLAN_BYTES, &buffer, run->diag) < 0)
		return -1;
	road->approved = saved_plan_read(said->items[0], buffer.bytes,
	                                 buffer.length, run->diag);
	return road->approved ? 0 : -1;
}

/* ---- what is asked for ---- */

struct narrowing {
	const struct run *run;
	const struct plan *approved; /* or NULL */
	const char **refused;        /* with --partial: what differs */
	size_t refused_count;
};

static bool is_among(const char *const *items, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(items[i], text))
			return true;
	}
	return false;
}

/* An address is the environment's name, a slash and the key. */
static bool is_asked_for(const char *address, void *context)
{
	const struct narrowing *narrowing = context;
	const struct texts *only = &narrowing->run->options.only;
	const char *key = strchr(address, '/');

	if (only->count &&
	    !is_among(only->items, only->count, key ? key + 1 : address))
		return false;
	if (is_among(narrowing->refused, narrowing->refused_count, address))
		return false;
	return !narrowing->approved || plan_names(narrowing->approved, address);
}

/* With --partial what differs is a warning's worth: it is left out and listed;
 * else each difference ends the run. */
static int check_change(struct run *run, struct narrowing *narrowing,
                        const struct change *change)
{
	CLEANUP(diag_freep) struct diag *found = diag_new();

	if (!(run->options.flags & RUN_PARTIAL))
		return change_check_approval(change, narrowing->approved,
		                             run->diag);
	if (change_check_approval(change, narrowing->approved, found) < 0)
		narrowing->refused[narrowing->refused_count++] =
			change->address;
	return 0;
}

static int check_approval(struct run *run, const struct road *road,
                          struct narrowing *narrowing)
{
	const struct plan *plan = road->plan;
	int result = plan_check_target(plan, narrowing->approved,
	                               road->environment.place, run->diag);

	narrowing->refused = xcalloc(plan->change_count + 1, sizeof(char *));
	for (size_t i = 0; i < plan->change_count && result == 0; i++) {
		const struct change *change = &plan->changes[i];

		if (is_asked_for(change->address, narrowing) &&
		    check_change(run, narrowing, change) < 0)
			result = -1;
	}
	return result;
}

int road_narrow(struct run *run, struct road *road)
{
	struct narrowing narrowing = {
		.run = run,
		.approved = road->approved ? saved_plan(road->approved) : NULL,
	};
	int result = 0;

	if (!narrowing.approved && !run->options.only.count)
		return 0;
	if (narrowing.approved)
		result = check_approval(run, road, &narrowing);
	if (result == 0)
		plan_filter(road->plan, is_asked_for, &narrowing);
	free(narrowing.refused);
	return result;
}

/* ---- the digest ---- */

enum { DIGEST_DIGITS = 64 };

static bool is_digest(const char *text)
{
	static const char digits[] = "0123456789abcdef";

	return str_starts(text, "1:") && strlen(text) == 2 + DIGEST_DIGITS &&
	       strspn(text + 2, digits) == DIGEST_DIGITS;
}

int road_check_expected(struct run *run)
{
	const char *expected = run->options.expect_digest;

	if (!expected || is_digest(expected))
		return 0;
	return diag_error(run->diag, CODE_BAD_DIGEST, PLACE_NONE,
	                  "--expect-digest `%s` is no digest; give all that "
	                  "`plan` prints: `1:` and %d hexadecimal digits",
	                  expected, DIGEST_DIGITS);
}

int road_check_digest(struct run *run, const struct road *road)
{
	const char *expected = run->options.expect_digest;

	if (!expected || str_equal(expected, road->plan->digest))
		return 0;
	return diag_error(run->diag, CODE_DIGEST_DIFFERS,
	                  road->environment.place,
	                  "the plan's digest is `%s`, `%s` was expected; plan "
	                  "again and have the new plan reviewed",
	                  road->plan->digest, expected);
}
