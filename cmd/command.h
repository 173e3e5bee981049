/* SPDX-License-Identifier: MIT */
/*
 * Command: a subcommand is one constant, exported by one file and listed in
 * commands.c. To add one: write cmd/NAME.c like cmd/plan.c, and add its row.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "run/run.h"

/* Which options a command takes; rows of options.c name their group. */
enum option_groups {
	OPTIONS_FILES = 1 << 0,    /* -f, --root, … */
	OPTIONS_PLATFORM = 1 << 1, /* API key, hosts, pace */
	OPTIONS_OUTPUT = 1 << 2,   /* --format, --write */
	OPTIONS_PLAN = 1 << 3,     /* what plan and apply share */
	OPTIONS_PLAN_ONLY = 1 << 4,
	OPTIONS_APPLY = 1 << 5,
	OPTIONS_LEDGER = 1 << 6, /* --init-ledger, --lock-timeout */
	OPTIONS_ADOPT = 1 << 7,
	OPTIONS_EXPORT = 1 << 8,
	OPTIONS_STATUS = 1 << 9,
	OPTIONS_CONFIG = 1 << 10,
	OPTIONS_PART = 1 << 14,   /* of commands that are COMMAND_EACH */
	OPTIONS_RULES = 1 << 18,  /* --fail-on, --accept-waivers */
	OPTIONS_BESIDE = 1 << 19, /* what plan and apply add to those */
	OPTIONS_RECORD = 1 << 20,
	OPTIONS_CREDENTIAL = 1 << 21,
	OPTIONS_COMPARE = 1 << 22,
	OPTIONS_SHOW = 1 << 23,
	OPTIONS_INIT = 1 << 24,
	OPTIONS_GIT = 1 << 25, /* --rev, --git and what goes with them */
	OPTIONS_DRIFT = 1 << 26,
	OPTIONS_CI = 1 << 27,
	OPTIONS_LOCK = 1 << 28,
	OPTIONS_PROBE = 1 << 29,
	OPTIONS_ROTATE = 1 << 30,
	OPTIONS_REMOTE = 1 << 11, /* how a git ledger is reached */
	OPTIONS_HISTORY = 1 << 12,
	OPTIONS_MOVE = 1 << 13,
};

enum command_flags {
	COMMAND_STOPS = 1 << 0, /* ends in order on SIGINT and SIGTERM */
	COMMAND_KEYS = 1 << 1,  /* takes positional arguments */
	COMMAND_EACH = 1 << 2,  /* of several files, each by itself */
};

struct command {
	const char *name;
	const char *usage;    /* behind the name: "[-f FILE]" */
	const char *summary;  /* one line, lower case */
	const char *text;     /* a paragraph for `help`, or NULL */
	const char *examples; /* lines, or NULL */
	unsigned options;     /* enum option_groups */
	unsigned flags;       /* enum command_flags */
	run_fn *run;
};

/* All commands, in the order of `help`. */
extern const struct command *const commands[];
extern const size_t command_count;

const struct command *command_find(const char *name);

/* ---- options.c ---- */

/*
 * Parses what stands behind the command's name into *out. 0; 1 when --help was
 * asked for; -1 after reporting CODE_USAGE. Texts point into `argv`, lists are
 * for options_release().
 */
int options_parse(const struct command *command, int argc, const char **argv,
                  struct options *out, struct diag *diag) MUST_CHECK;
void options_release(struct options *options);

/* What `help NAME` says. */
void command_describe(const struct command *command, FILE *out);
/* What `help` says. */
void commands_help(FILE *out);

#endif
