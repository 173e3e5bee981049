/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_export;

const struct command command_export = {
	.name = "export",
	.usage = "[-f FILE] [-o FILE]",
	.summary = "write the live state as a file, and bind it by id",
	.text = "The result plans to nothing. Secrets cannot be read: they are "
		"written as\n"
		"variables named ENVIRONMENT_KEY_CLIENT_SECRET.",
	.examples = "  trueup export -f prod.yaml -o prod-live.yaml "
		    "--init-ledger\n",
	.options = OPTIONS_FILES | OPTIONS_REMOTE | OPTIONS_PLATFORM |
	           OPTIONS_LEDGER | OPTIONS_EXPORT,
	.flags = 0,
	.run = run_export,
};
