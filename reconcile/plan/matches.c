/* SPDX-License-Identifier: MIT */
#include "plan/parts.h"

#include <stdlib.h>

/* As decide_entry() looks, but nothing is decided. */
static bool has_object(const struct matcher *matcher,
                       const struct auth_config *desired)
{
	size_t row = matcher_row(matcher, desired->key);

	if (row == SIZE_MAX && desired->renamed_from)
		row = matcher_row(matcher, desired->renamed_from);
	return row != SIZE_MAX && matcher->row_live[row];
}

static void look(struct matcher *matcher, const struct auth_config *desired,
                 struct plan_match *out)
{
	struct match match;

	out->bound = has_object(matcher, desired);
	if (out->bound)
		return;
	matcher_find(matcher, desired, &match);
	out->count = match.count;
	if (match.count > 1)
		out->ids = match_ids(matcher, &match);
	if (match.count != 1)
		return;
	matcher->live_taken[match.index] = true;
	out->live = match.live;
}

struct plan_match *plan_matches(const struct plan_input *input)
{
	CLEANUP(matcher_release) struct matcher matcher;
	const size_t count = state_length(input->desired);
	struct plan_match *matches = xcalloc(count + 1, sizeof(*matches));

	matcher_init(&matcher, input);
	for (size_t i = 0; i < count; i++)
		look(&matcher, state_at(input->desired, i), &matches[i]);
	return matches;
}

void plan_matches_free(struct plan_match *matches, size_t count)
{
	for (size_t i = 0; matches && i < count; i++)
		free(matches[i].ids);
	free(matches);
}
