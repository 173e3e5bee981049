/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_plan;

const struct command command_plan = {
	.name = "plan",
	.usage = "[-f FILE] [--prune] [--out FILE] [--format F]",
	.summary = "show what apply would change",
	.text = "Reads the files, the ledger and the platform, and writes to "
		"none of them. What the\n"
		"rules find is shown; with --fail-on it also ends with exit "
		"3.",
	.examples = "  trueup plan -f prod.yaml\n"
		    "  trueup plan -f prod.yaml --write json=plan.json "
		    "--detailed-exitcode\n",
	.options = OPTIONS_FILES | OPTIONS_PART | OPTIONS_GIT |
	           OPTIONS_PLATFORM | OPTIONS_OUTPUT | OPTIONS_CI |
	           OPTIONS_PLAN | OPTIONS_PLAN_ONLY | OPTIONS_RULES |
	           OPTIONS_BESIDE,
	.flags = COMMAND_EACH,
	.run = run_plan,
};
