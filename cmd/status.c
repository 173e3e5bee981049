/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_status;

const struct command command_status = {
	.name = "status",
	.usage = "[-f FILE] [--ids --format F]",
	.summary = "show what the ledger knows",
	.text = NULL,
	.examples = "  trueup status -f prod.yaml --ids --format dotenv > "
		    "ids.env\n",
	.options = OPTIONS_FILES | OPTIONS_PART | OPTIONS_GIT | OPTIONS_OUTPUT |
	           OPTIONS_STATUS,
	.flags = COMMAND_EACH,
	.run = run_status,
};
