/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_explain;

const struct command command_explain = {
	.name = "explain",
	.usage = "[CODE|RULE]…",
	.summary = "say what a code or a rule means, and what to do",
	.text = "Offline. Without an argument all codes and rules are listed.",
	.examples = "  trueup explain TRUEUP-1101\n"
		    "  trueup explain scope-broad\n",
	.options = OPTIONS_OUTPUT,
	.flags = COMMAND_KEYS,
	.run = run_explain,
};
