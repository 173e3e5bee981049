/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_validate;

const struct command command_validate = {
	.name = "validate",
	.usage = "[-f FILE]…",
	.summary = "check the files; no credentials, no network",
	.text = "Every mistake of every file is shown in one run, with its "
		"place. Exit 0: all\n"
		"valid; 1: mistakes.",
	.examples = "  trueup validate -f dev.yaml -f prod.yaml\n",
	.options = OPTIONS_FILES | OPTIONS_OUTPUT,
	.flags = 0,
	.run = run_validate,
};
