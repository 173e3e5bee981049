/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "base/text.h"

/* No built-in name holds a slash or a dot. */
static bool is_path(const char *name)
{
	return strchr(name, '/') || str_ends(name, ".yaml") ||
	       str_ends(name, ".yml");
}

static struct binding *read_binding(struct run *run, const struct road *road,
                                    const char *path)
{
	CLEANUP(buffer_release) struct buffer buffer = { 0 };

	if (source_read(road->source, path, road->environment.binding_place,
	                &buffer, run->diag) < 0)
		return NULL;
	return binding_own(source_display(road->source, path), buffer.bytes,
	                   buffer.length, run->diag);
}

struct binding *road_binding(struct run *run, const struct road *road)
{
	const char *name = road->environment.binding;
	const struct place place = road->environment.binding_place;
	CLEANUP(textp) char *path = NULL;

	if (!is_path(name))
		return binding_load(name, place, run->diag);
	path = source_resolve(road->source, source_first(road->source), name,
	                      place, run->diag);
	return path ? read_binding(run, road, path) : NULL;
}
