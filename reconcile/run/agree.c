/* SPDX-License-Identifier: MIT */
/* Agreement: a person says that what was shown may be done. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <poll.h>
#include <stdlib.h>

enum { LOOK_MS = 100 };

/* False when somebody wants us to stop, or took the lock away, before there is
 * anything to read. */
static bool await_answer(struct run *run, struct road *road)
{
	struct keeper *keeper = road_keeper(run, road);
	struct pollfd input = { .fd = fileno(run->in), .events = POLLIN };

	while (poll(&input, 1, LOOK_MS) <= 0) {
		if (road_wait_on(keeper) || keeper->lost)
			return false;
	}
	return true;
}

static bool reads_name(struct run *run, const struct road *road)
{
	char *line = NULL;
	size_t size = 0;
	const ssize_t length = getline(&line, &size, run->in);
	bool equal;

	if (length > 0 && line[length - 1] == '\n')
		line[length - 1] = '\0';
	equal = length > 0 && str_equal(line, road->environment.name);
	free(line);
	return equal;
}

/* That the lock is lost is reported already. */
static int broken_off(struct run *run, const struct road *road)
{
	if (road->keeper.lost)
		return -1;
	return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
	                  "nothing was done: interrupted before `%s` was typed",
	                  road->environment.name);
}

/* A terminal types the environment's name; elsewhere --yes said it. */
int road_agree(struct run *run, struct road *road, const char *deed)
{
	if (run->options.flags & RUN_YES)
		return 0;
	if (!(run->options.flags & RUN_TERMINAL))
		return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
		                  "nobody can be asked here; give --yes to %s "
		                  "without a question",
		                  deed);
	fprintf(run->talk, "To %s, type the environment's name: ", deed);
	fflush(run->talk);
	if (!await_answer(run, road))
		return broken_off(run, road);
	if (reads_name(run, road))
		return 0;
	return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
	                  "nothing was done: `%s` was not typed",
	                  road->environment.name);
}
