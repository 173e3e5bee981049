/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_history;

const struct command command_history = {
	.name = "history",
	.usage = "[-f FILE] [--limit N] [KEY…]",
	.summary = "show the runs that wrote the ledger, and their steps",
	.text = "The newest run first. With KEYs, only what concerned those.\n"
		"A ledger in git shows its last 20 runs here; `git log` on its "
		"ref has all of them.",
	.examples = "  trueup history -f prod.yaml --limit 3\n"
		    "  trueup history -f prod.yaml slack-crm --format json\n",
	.options =
		OPTIONS_FILES | OPTIONS_GIT | OPTIONS_OUTPUT | OPTIONS_HISTORY,
	.flags = COMMAND_KEYS,
	.run = run_history,
};
