/* SPDX-License-Identifier: MIT */
/* Adopt in bulk: what an apply would adopt, and nothing else of it. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

static int check_words(struct run *run)
{
	if (!run->options.keys.count && !run->options.id)
		return 0;
	return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	                  "adopt takes KEY --id ID, or --all-matching; give "
	                  "one of the two");
}

static struct plan_match *find(const struct road *road)
{
	const struct plan_input input = {
		.desired = road->desired,
		.live = road->live,
		.applied = road->resolved.applied,
		.traits = binding_traits(road->binding),
	};

	return plan_matches(&input);
}

static void tell_skipped(const struct road *road,
                         const struct auth_config *config,
                         const struct plan_match *match, FILE *out)
{
	const struct auth_config *row =
		state_find(road->resolved.applied, config->key);

	fprintf(out, "skipped %s: ", config->key);
	if (match->bound)
		fputs("it is bound already\n", out);
	else if (row)
		fprintf(out,
		        "the ledger binds it to `%s`, which is gone; apply "
		        "mends that\n",
		        row->id ? row->id : "");
	else if (match->ids)
		fprintf(out,
		        "%zu live auth configs match, %s; choose one with "
		        "--id\n",
		        match->count, match->ids);
	else
		fputs("nothing live matches; apply creates it\n", out);
}

/* Binds what can be told apart and tells of each entry. */
static int bind(struct run *run, struct road *road, FILE *out)
{
	const size_t length = state_length(road->desired);
	struct plan_match *matches = find(road);
	const struct auth_config **configs, **live;
	size_t count = 0;
	int result = 0;

	configs = xcalloc(length + 1, sizeof(struct auth_config *));
	live = xcalloc(length + 1, sizeof(struct auth_config *));
	for (size_t i = 0; i < length; i++) {
		const struct auth_config *config = state_at(road->desired, i);

		if (!matches[i].live ||
		    state_find(road->resolved.applied, config->key)) {
			tell_skipped(road, config, &matches[i], out);
			continue;
		}
		fprintf(out, "adopted `%s` as %s\n", matches[i].live->id,
		        config->key);
		configs[count] = config;
		live[count++] = matches[i].live;
	}
	fprintf(out, "Adopted %zu, skipped %zu.\n", count, length - count);
	if (count)
		result = road_bind(run, road, configs, live, count);
	plan_matches_free(matches, length);
	free(configs);
	free(live);
	return result;
}

static int walk(struct run *run, struct road *road, FILE *out)
{
	CLEANUP(textp) char *file = NULL;

	if (check_words(run) < 0)
		return -1;
	file = road_file(run);
	if (!file || road_load(run, file, 0, road) < 0 ||
	    road_open_ledger(run, road, road_write_flags(run)) < 0 ||
	    road_need_ledger(run, road) < 0 || road_list(run, road) < 0 ||
	    desired_check_twins(road->desired, binding_traits(road->binding),
	                        road->resolved.applied, run->diag) < 0)
		return -1;
	return bind(run, road, out);
}

int adopt_all(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *message = NULL;
	size_t length = 0;
	FILE *out;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	out = xmemstream(&message, &length);
	result = walk(run, &road, out);
	(void)fclose(out);
	return road_finish(run, &road, result, message);
}
