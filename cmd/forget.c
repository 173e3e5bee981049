/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_forget;

const struct command command_forget = {
	.name = "forget",
	.usage = "KEY [-f FILE]",
	.summary = "drop a key from the ledger; what is live stays",
	.text = NULL,
	.examples = NULL,
	.options = OPTIONS_FILES | OPTIONS_REMOTE | OPTIONS_OUTPUT |
	           OPTIONS_LEDGER,
	.flags = COMMAND_KEYS,
	.run = run_forget,
};
