/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"

/* One row a command, in the order of `help`: `command_NAME` is exported by its
 * file. To add one: write cmd/NAME.c like cmd/plan.c, and add its row. */
/* clang-format off */
#define COMMANDS(ROW) \
	ROW(init)     \
	ROW(validate) \
	ROW(plan)     \
	ROW(apply)    \
	ROW(show)     \
	ROW(drift)    \
	ROW(record)   \
	ROW(status)   \
	ROW(lock)     \
	ROW(probe)    \
	ROW(rotate)   \
	ROW(history)  \
	ROW(ledger)   \
	ROW(coverage) \
	ROW(credential) \
	ROW(export)   \
	ROW(adopt)    \
	ROW(forget)   \
	ROW(config)   \
	ROW(platform) \
	ROW(compare)  \
	ROW(explain)  \
	ROW(schema)   \
	ROW(help)     \
	ROW(version)
/* clang-format on */

#define DECLARE(name) extern const struct command command_##name;
COMMANDS(DECLARE)

#define POINT(name) &command_##name,
const struct command *const commands[] = { COMMANDS(POINT) };
const size_t command_count = LENGTH(commands);

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++) {
		if (str_equal(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

void commands_help(FILE *out)
{
	fputs("trueup keeps the auth configs of an integration platform true "
	      "to YAML files.\n\n"
	      "  trueup plan -f prod.yaml        what apply would change\n"
	      "  trueup apply -f prod.yaml       do it\n\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < command_count; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name,
		        commands[i]->summary);
	fputs("\n`trueup help COMMAND` says more. Exit codes: 0 ok, 1 error, "
	      "2 changes (with\n--detailed-exitcode), 3 findings, 4 blocked, "
	      "5 the plan no longer holds, 6 locked,\n7 not authorised, "
	      "8 platform or network, 9 partly applied or unknown, 64 usage.\n",
	      out);
}
