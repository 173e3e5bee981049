/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_rotate;

const struct command command_rotate = {
	.name = "rotate",
	.usage = "KEY [-f FILE] [--confirm-revoked]",
	.summary = "change a client secret in two phases",
	.text = "Says what the next step is, and takes those that are "
		"trueup's. "
		"With a new secret in\n"
		"the file's source, or a new secretVersion, it applies what is "
		"planned for KEY; then\n"
		"probe, revoke the old secret at the provider, and say so with "
		"--confirm-revoked.\n"
		"Until then the rotation is open: status, plan and validate "
		"show it.",
	.examples =
		"  trueup rotate slack-crm -f prod.yaml\n"
		"  trueup rotate slack-crm -f prod.yaml --confirm-revoked\n",
	.options = OPTIONS_FILES | OPTIONS_PLATFORM | OPTIONS_OUTPUT |
	           OPTIONS_RULES | OPTIONS_LEDGER | OPTIONS_ROTATE,
	.flags = COMMAND_KEYS | COMMAND_STOPS,
	.run = run_rotate,
};
