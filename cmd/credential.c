/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

extern const struct command command_credential;

static const struct verb {
	const char *name;
	run_fn *run;
} verbs[] = {
	{ "create", run_credential_create },
	{ "list", run_credential_list },
};

/* The word after `credential`, which is then no key any more. */
static int run_credential(struct run *run)
{
	struct texts *keys = &run->options.keys;

	for (size_t i = 0; keys->count && i < LENGTH(verbs); i++) {
		if (!str_equal(keys->items[0], verbs[i].name))
			continue;
		for (size_t j = 1; j < keys->count; j++)
			keys->items[j - 1] = keys->items[j];
		keys->count--;
		return verbs[i].run(run);
	}
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "`credential` wants `create KEY --user ID` or `list KEY`; "
	           "see `trueup help credential`");
	return run_exit(run->diag);
}

const struct command command_credential = {
	.name = "credential",
	.usage = "create KEY --user ID | list KEY|CONNECTOR",
	.summary = "let an end user connect, or list who did",
	.text = "`create` asks the platform for a credential of a user with "
		"the auth config of\n"
		"KEY, and prints the address that the user opens to agree, or "
		"the credential's id\n"
		"where nobody has to. --redirect-uri is where the user is sent "
		"afterwards.",
	.examples = "  trueup credential create slack-crm --user "
		    "67a37f29e0aa276e50d7253b\n"
		    "  trueup credential list slack\n",
	.options = OPTIONS_FILES | OPTIONS_REMOTE | OPTIONS_PLATFORM |
	           OPTIONS_OUTPUT | OPTIONS_CREDENTIAL,
	.flags = COMMAND_KEYS,
	.run = run_credential,
};
