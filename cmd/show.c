/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_show;

const struct command command_show = {
	.name = "show",
	.usage = "PLAN [--format F]",
	.summary = "show a saved plan",
	.text = "PLAN is what `plan --out` saved. Nothing else is read, and no "
		"network is needed.",
	.examples = "  trueup plan -f prod.yaml --out plan.json\n"
		    "  trueup show plan.json --full\n",
	.options = OPTIONS_OUTPUT | OPTIONS_SHOW,
	.flags = COMMAND_KEYS,
	.run = run_show,
};
