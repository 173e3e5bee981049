/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_apply;

const struct command command_apply = {
	.name = "apply",
	.usage = "[-f FILE] [PLAN] [--yes] [--prune] …",
	.summary = "make the platform match the files",
	.text = "Plans, shows the plan, asks, does it, and says what was done, "
		"what failed and\n"
		"what nobody can know yet. Run again it converges.",
	.examples =
		"  trueup apply -f prod.yaml --init-ledger   the first time\n"
		"  trueup apply -f prod.yaml plan.json       what was "
		"approved\n"
		"  trueup apply -f prod.yaml --prune --allow-deletes 2\n",
	.options = OPTIONS_FILES | OPTIONS_PLATFORM | OPTIONS_OUTPUT |
	           OPTIONS_PLAN | OPTIONS_APPLY | OPTIONS_LEDGER,
	.flags = COMMAND_STOPS | COMMAND_KEYS,
	.run = run_apply,
};
