/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_apply;

const struct command command_apply = {
	.name = "apply",
	.usage = "[-f FILE] [--yes] [--prune] …",
	.summary = "make the platform match the files",
	.text = "Plans, shows the plan, asks, does it, and says what was done, "
		"what failed and\n"
		"what nobody can know yet. Run again it converges. Where rules "
		"are broken at\n"
		"--fail-on (default: error) or graver, nothing is written: "
		"exit "
		"3.",
	.examples =
		"  trueup apply -f prod.yaml --init-ledger   the first time\n"
		"  trueup apply -f prod.yaml --prune --allow-deletes 2\n",
	.options = OPTIONS_FILES | OPTIONS_PLATFORM | OPTIONS_OUTPUT |
	           OPTIONS_PLAN | OPTIONS_APPLY | OPTIONS_LEDGER |
	           OPTIONS_RULES | OPTIONS_BESIDE,
	.flags = COMMAND_STOPS,
	.run = run_apply,
};
