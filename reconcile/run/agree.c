/* SPDX-License-Identifier: MIT */
/* Agreement: a person says that what was shown may be done. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* A terminal types the environment's name; elsewhere --yes said it. */
int road_agree(struct run *run, const struct road *road, const char *deed)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	bool agreed;

	if (run->options.flags & RUN_YES)
		return 0;
	if (!(run->options.flags & RUN_TERMINAL))
		return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
		                  "nobody can be asked here; give --yes to %s "
		                  "without a question",
		                  deed);
	fprintf(run->talk, "To %s, type the environment's name: ", deed);
	fflush(run->talk);
	length = getline(&line, &size, run->in);
	if (length > 0 && line[length - 1] == '\n')
		line[length - 1] = '\0';
	agreed = length > 0 && str_equal(line, road->environment.name);
	free(line);
	if (agreed)
		return 0;
	return diag_error(run->diag, CODE_NO_CONSENT, PLACE_NONE,
	                  "nothing was done: `%s` was not typed",
	                  road->environment.name);
}
