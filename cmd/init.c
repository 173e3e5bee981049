/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_init;

const struct command command_init = {
	.name = "init",
	.usage = "[--platform NAME] [--environment NAME]… [--dir DIR]",
	.summary = "write the files to begin with",
	.text = "A file for each environment, a base.yaml that they share, the "
		"schema for\n"
		"editors, and a .gitignore. What is not said is asked at a "
		"terminal. No file is\n"
		"overwritten. With --from-live, each environment declares what "
		"its platform has\n"
		"(and shares nothing), bound in a new ledger, so that the "
		"first plan is empty.",
	.examples = "  trueup init --platform NAME\n"
		    "  trueup init --platform NAME --environment prod "
		    "--from-live\n",
	.options = OPTIONS_INIT | OPTIONS_OUTPUT | OPTIONS_PLATFORM,
	.flags = 0,
	.run = run_init,
};
