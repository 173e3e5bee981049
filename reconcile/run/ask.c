/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

int road_ask(struct run *run, const struct road *road, const char *question,
             const char *undone)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	bool agreed;

	fprintf(run->talk, "%s %s, type the environment's name: ", question,
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
	                  "%s: `%s` was not typed", undone,
	                  road->environment.name);
}
