/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

extern const struct command command_lock;

static const struct verb {
	const char *name;
	run_fn *run;
} verbs[] = {
	{ "break", run_lock_break },
	{ "show", run_lock_show },
};

static int run_lock(struct run *run)
{
	const struct texts *said = &run->options.keys;

	for (size_t i = 0; said->count == 1 && i < LENGTH(verbs); i++) {
		if (str_equal(said->items[0], verbs[i].name))
			return verbs[i].run(run);
	}
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "`lock` wants `show` or `break`; see `trueup help lock`");
	return run_exit(run->diag);
}

const struct command command_lock = {
	.name = "lock",
	.usage = "show | break [-f FILE] [--yes]",
	.summary = "show who works on an environment, or break the lock",
	.text = "One run at a time writes to an environment. Its lock says who "
		"and since when; the\n"
		"run renews it as long as it lives. What a dead process of "
		"this host left, or what\n"
		"was not renewed for a minute, the next run takes over by "
		"itself.\n\n"
		"`break` takes the lock from a run that still lives: it stops "
		"before it writes more,\n"
		"and the next apply looks first at what it had begun.",
	.examples = "  trueup lock show -f prod.yaml\n"
		    "  trueup lock break -f prod.yaml --yes\n",
	.options = OPTIONS_FILES | OPTIONS_OUTPUT | OPTIONS_LOCK,
	.flags = COMMAND_KEYS,
	.run = run_lock,
};
