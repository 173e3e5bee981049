/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_apply;

const struct command command_apply = {
	.name = "apply",
	.usage = "[-f FILE] [PLAN] [--yes] [--prune] …",
	.summary = "make the platform match the files",
	.text = "Plans, shows the plan, asks, does it, and says what was done, "
		"what failed and\n"
		"what nobody can know yet. Run again it converges. Where rules "
		"are broken at\n"
		"--fail-on (default: error) or graver, nothing is written: "
		"exit 3.\n\n"
		"Where a platform has no API for auth configs it says step by "
		"step what to do by\n"
		"hand, and exits with 4: nothing was changed; `trueup record` "
		"writes down what was\n"
		"done.\n\n"
		"PLAN is what `plan --out` saved: a filter, never a source of "
		"values. What would\n"
		"be done now must stand in it, else nothing is written; "
		"objects that it does not\n"
		"name are left alone.",
	.examples =
		"  trueup apply -f prod.yaml --init-ledger   the first time\n"
		"  trueup apply -f prod.yaml plan.json       what was "
		"approved\n"
		"  trueup apply -f prod.yaml --prune --allow-deletes 2\n",
	.options = OPTIONS_FILES | OPTIONS_PART | OPTIONS_GIT |
	           OPTIONS_PLATFORM | OPTIONS_OUTPUT | OPTIONS_CI |
	           OPTIONS_PLAN | OPTIONS_APPLY | OPTIONS_LEDGER |
	           OPTIONS_RULES | OPTIONS_BESIDE,
	.flags = COMMAND_STOPS | COMMAND_KEYS | COMMAND_EACH,
	.run = run_apply,
};
