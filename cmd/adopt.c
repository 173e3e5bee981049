/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_adopt;

const struct command command_adopt = {
	.name = "adopt",
	.usage = "KEY --id ID | --all-matching [-f FILE]",
	.summary = "bind declared keys to live objects",
	.text = "Nothing is written to the platform; the next plan shows what "
		"differs.",
	.examples = "  trueup adopt slack-crm --id 67a37f29e0aa276e50d7253a\n"
		    "  trueup adopt --all-matching -f prod.yaml\n",
	.options = OPTIONS_FILES | OPTIONS_REMOTE | OPTIONS_PLATFORM |
	           OPTIONS_OUTPUT | OPTIONS_LEDGER | OPTIONS_ADOPT,
	.flags = COMMAND_KEYS,
	.run = run_adopt,
};
