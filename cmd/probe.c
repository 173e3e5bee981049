/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

extern const struct command command_probe;

const struct command command_probe = {
	.name = "probe",
	.usage = "[KEY…] [-f FILE] [--strict] [--platform --user ID]",
	.summary = "try OAuth apps at their providers, without a user",
	.text = "Asks each provider, with the secret and a made-up code, "
		"whether "
		"it takes the client,\n"
		"and, as a browser would, whether it knows the redirect URI "
		"and "
		"the scopes. First it\n"
		"says what would be sent, to whom, and asks. What a "
		"connector's "
		"profile does not\n"
		"list is inconclusive. The verdicts stand in the ledger. With "
		"--platform the\n"
		"platform is asked for a credential of a throw-away user, "
		"which "
		"stays there, and\n"
		"where it would send that user is held against the file.",
	.examples =
		"  trueup probe slack-crm -f prod.yaml\n"
		"  trueup probe -f prod.yaml --yes --strict --format json\n",
	.options = OPTIONS_FILES | OPTIONS_PLATFORM | OPTIONS_OUTPUT |
	           OPTIONS_PROBE,
	.flags = COMMAND_KEYS | COMMAND_STOPS,
	.run = run_probe,
};
