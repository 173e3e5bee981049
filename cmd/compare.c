/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_compare;

const struct command command_compare = {
	.name = "compare",
	.usage = "-f FILE -f FILE…",
	.summary = "show where environments differ, and should not",
	.text = "Offline. Ids, names, sources of secrets, redirect URIs and "
		"protection may differ;\n"
		"connectors, types, scopes, settings and missing entries "
		"should not.",
	.examples = "  trueup compare -f dev.yaml -f prod.yaml\n",
	.options =
		OPTIONS_FILES | OPTIONS_GIT | OPTIONS_OUTPUT | OPTIONS_COMPARE,
	.flags = 0,
	.run = run_compare,
};
