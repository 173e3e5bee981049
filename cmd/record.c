/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_record;

const struct command command_record = {
	.name = "record",
	.usage = "KEY [--id ID] [-f FILE]",
	.summary = "write down that a person did a planned change",
	.text = "For platforms without an API for auth configs: `apply` says "
		"what to do by hand,\n"
		"`record` enters it into the ledger as done. A new auth config "
		"needs its id; the\n"
		"key of a removed entry records that its auth config was "
		"deleted, and with --id\n"
		"that one was which a replacement had left. Nothing is sent.",
	.examples = "  trueup record slack-crm --id 67a37f29e0aa276e50d7253a\n"
		    "  trueup record slack-crm\n",
	.options = OPTIONS_FILES | OPTIONS_REMOTE | OPTIONS_OUTPUT |
	           OPTIONS_LEDGER | OPTIONS_RECORD,
	.flags = COMMAND_KEYS,
	.run = run_record,
};
