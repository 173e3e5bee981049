/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_validate;

const struct command command_validate = {
	.name = "validate",
	.usage = "[-f FILE]… [--fail-on SEVERITY]",
	.summary = "check the files; no credentials, no network",
	.text = "Every mistake of every file is shown in one run, with its "
		"place, and then what\n"
		"rules on OAuth apps find, also between environments. Exit 0: "
		"all valid; 1:\n"
		"mistakes; 3: only rules are broken, at --fail-on (default: "
		"error) or graver.",
	.examples = "  trueup validate -f dev.yaml -f prod.yaml\n",
	.options = OPTIONS_FILES | OPTIONS_GIT | OPTIONS_OUTPUT | OPTIONS_CI |
	           OPTIONS_RULES,
	.flags = 0,
	.run = run_validate,
};
