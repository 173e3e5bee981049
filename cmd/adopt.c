/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_adopt;

const struct command command_adopt = {
	.name = "adopt",
	.usage = "KEY --id ID [-f FILE]",
	.summary = "bind a declared key to a live object",
	.text = "Nothing is written to the platform; the next plan shows what "
		"differs.",
	.examples = "  trueup adopt slack-crm --id 67a37f29e0aa276e50d7253a\n",
	.options = OPTIONS_FILES | OPTIONS_PLATFORM | OPTIONS_OUTPUT |
	           OPTIONS_LEDGER | OPTIONS_ADOPT,
	.flags = COMMAND_KEYS,
	.run = run_adopt,
};
