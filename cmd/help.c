/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "schema/schema.h"

extern const struct command command_help;

static int run_help(struct run *run)
{
	const struct texts *said = &run->options.keys;
	const struct command *command;

	if (!said->count) {
		commands_help(run->out);
		return 0;
	}
	command = command_find(said->items[0]);
	if (command) {
		command_describe(command, run->out);
		return 0;
	}
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "there is no command `%s`; `trueup help` lists them",
	           said->items[0]);
	return run_exit(run->diag);
}

const struct command command_help = {
	.name = "help",
	.usage = "[COMMAND]",
	.summary = "say what a command does",
	.flags = COMMAND_KEYS,
	.run = run_help,
};
