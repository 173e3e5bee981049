/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_drift;

const struct command command_drift = {
	.name = "drift",
	.usage = "[-f FILE] [--format F] [--detailed-exitcode]",
	.summary = "show what was changed outside, and what here",
	.text = "Reads the files, the ledger and the platform, and writes to "
		"none of them. What was\n"
		"applied tells who moved what: the file, somebody at the "
		"platform, or both. A secret\n"
		"that cannot be read may have changed outside; that is no "
		"difference, and not exit 2.\n\n"
		"`apply` puts back what was changed outside; with "
		"--no-drift-fix it leaves it alone.",
	.examples = "  trueup drift -f prod.yaml\n"
		    "  trueup drift -f prod.yaml --detailed-exitcode --write "
		    "markdown=drift.md\n",
	.options = OPTIONS_FILES | OPTIONS_PART | OPTIONS_GIT |
	           OPTIONS_PLATFORM | OPTIONS_OUTPUT | OPTIONS_CI |
	           OPTIONS_DRIFT,
	.flags = COMMAND_EACH,
	.run = run_drift,
};
