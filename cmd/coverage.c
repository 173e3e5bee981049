/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_coverage;

const struct command command_coverage = {
	.name = "coverage",
	.usage = "[CONNECTOR…] [-f FILE]",
	.summary = "find connectors that lack an auth config",
	.text = "Asks the platform, for each connector of the file and of the "
		"ledger and for\n"
		"those that are named here, whether its credentials need an "
		"auth config. Exit 3:\n"
		"one is needed and none is declared, or there is no such "
		"connector.",
	.examples = "  trueup coverage -f prod.yaml\n"
		    "  trueup coverage -f prod.yaml slack gmail notion\n",
	.options = OPTIONS_FILES | OPTIONS_PART | OPTIONS_GIT |
	           OPTIONS_PLATFORM | OPTIONS_OUTPUT,
	.flags = COMMAND_KEYS | COMMAND_EACH,
	.run = run_coverage,
};
