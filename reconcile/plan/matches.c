/* SPDX-License-Identifier: MIT */
#include "plan/parts.h"

/* As decide_entry() looks, but nothing is decided. */
static bool has_object(const struct matcher *matcher,
                       const struct auth_config *desired)
{
	size_t row = matcher_row(matcher, desired->key);

	if (row == SIZE_MAX && desired->renamed_from)
		row = matcher_row(matcher, desired->renamed_from);
	return row != SIZE_MAX && matcher->row_live[row];
}

const struct auth_config **plan_matches(const struct plan_input *input)
{
	CLEANUP(matcher_release) struct matcher matcher;
	const size_t count = state_length(input->desired);
	const struct auth_config **matches =
		xcalloc(count + 1, sizeof(struct auth_config *));

	matcher_init(&matcher, input);
	for (size_t i = 0; i < count; i++) {
		const struct auth_config *desired = state_at(input->desired, i);
		struct match match;

		if (has_object(&matcher, desired))
			continue;
		matcher_find(&matcher, desired, &match);
		if (match.count != 1)
			continue;
		matcher.live_taken[match.index] = true;
		matches[i] = match.live;
	}
	return matches;
}
