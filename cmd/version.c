/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_version;

static int run_version(struct run *run)
{
	fputs("trueup " TRUEUP_VERSION "\n", run->out);
	return 0;
}

const struct command command_version = {
	.name = "version",
	.usage = "",
	.summary = "print the version",
	.run = run_version,
};
