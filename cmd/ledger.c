/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

extern const struct command command_ledger;

static const struct {
	const char *name;
	run_fn *run;
} verbs[] = {
	{ "verify", run_ledger_verify },
	{ "move", run_ledger_move },
	{ "export", run_ledger_export },
};

static int run_ledger(struct run *run)
{
	struct texts *said = &run->options.keys;

	for (size_t i = 0; said->count == 1 && i < LENGTH(verbs); i++) {
		if (!str_equal(said->items[0], verbs[i].name))
			continue;
		said->count = 0;
		return verbs[i].run(run);
	}
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "ledger wants to know what to do: `trueup ledger verify`, "
	           "`… move --to STORE` or `… export`");
	return run_exit(run->diag);
}

const struct command command_ledger = {
	.name = "ledger",
	.usage = "verify | move --to file|git | export",
	.summary = "check the ledger, move it to another store, write it out",
	.text = "`verify` checks every row and signature; of a ledger in git, "
		"in each commit of\n"
		"its ref. `move` takes all of it along; then write the new "
		"store into the file.\n"
		"`export` writes one JSON document, `trueup schema ledger`.",
	.examples = "  trueup ledger verify -f prod.yaml\n"
		    "  trueup ledger move -f prod.yaml --to git\n",
	.options = OPTIONS_FILES | OPTIONS_GIT | OPTIONS_OUTPUT |
	           OPTIONS_LEDGER | OPTIONS_MOVE,
	.flags = COMMAND_KEYS,
	.run = run_ledger,
};
