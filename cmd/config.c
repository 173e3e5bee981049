/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

extern const struct command command_config;

static int run_config(struct run *run)
{
	const struct texts *said = &run->options.keys;

	if (said->count == 1 && str_equal(said->items[0], "show"))
		return run_config_show(run);
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "config wants a word for what to do: `trueup config show`");
	return run_exit(run->diag);
}

const struct command command_config = {
	.name = "config",
	.usage = "show [-f FILE] [--origin]",
	.summary = "show the merged file, and where each value came from",
	.examples = "  trueup config show -f prod.yaml --origin\n",
	.options = OPTIONS_FILES | OPTIONS_GIT | OPTIONS_CONFIG,
	.flags = COMMAND_KEYS,
	.run = run_config,
};
