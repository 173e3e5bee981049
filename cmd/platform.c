/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

extern const struct command command_platform;

struct verb {
	const char *name;
	size_t arguments; /* behind it */
	run_fn *run;
};

static const struct verb verbs[] = {
	{ "list", 0, run_platform_list },
	{ "show", 1, run_platform_show },
	{ "check", 1, run_platform_check },
};

static int run_platform(struct run *run)
{
	const struct texts *said = &run->options.keys;

	for (size_t i = 0; said->count && i < LENGTH(verbs); i++) {
		if (str_equal(said->items[0], verbs[i].name) &&
		    said->count == verbs[i].arguments + 1)
			return verbs[i].run(run);
	}
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "platform wants to know what to do: `trueup platform list`, "
	           "`… show NAME` or `… check FILE`");
	return run_exit(run->diag);
}

const struct command command_platform = {
	.name = "platform",
	.usage = "list | show NAME | check FILE",
	.summary = "show what is known of a platform; check a binding file",
	.text = "A binding is the data file that says how a platform's API "
		"speaks of auth\n"
		"configs. `check` shows a file of your own, and the option "
		"that allows it.",
	.examples = "  trueup platform show NAME\n"
		    "  trueup platform check bindings/ours.yaml\n",
	.options = OPTIONS_OUTPUT,
	.flags = COMMAND_KEYS,
	.run = run_platform,
};
