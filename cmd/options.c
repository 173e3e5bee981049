/* SPDX-License-Identifier: MIT */
/*
 * Options are rows: name, letter, kind, where the value goes, group, help.
 * popt is given a table made from those of one command's groups.
 */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

#include <popt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum option_kind {
	KIND_FLAG,    /* a bit of options.flags */
	KIND_TEXT,    /* const char * */
	KIND_TEXTS,   /* struct texts, repeatable */
	KIND_COUNT,   /* int64_t, not negative */
	KIND_NUMBER,  /* unsigned */
	KIND_SECONDS, /* int64_t milliseconds, written as seconds: "1.5" */
	KIND_RATE     /* double, above zero */
};

struct option_row {
	const char *name;
	char letter;
	enum option_kind kind;
	size_t offset; /* in struct options; of KIND_FLAG the bit */
	unsigned groups;
	const char *argument; /* NULL for a flag */
	const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row rows[] = {
	{ "file", 'f', KIND_TEXTS, AT(files), OPTIONS_FILES, "FILE",
	  "environment file (default: $TRUEUP_FILE, else the only one here)" },
	/* Not for people: which of several files this process is for. */
	{ "part", 0, KIND_TEXT, AT(part), OPTIONS_PART, "N:DIR", NULL },
	{ "root", 0, KIND_TEXT, AT(root), OPTIONS_FILES, "DIR",
	  "nothing outside DIR is read (default: the repository's top)" },
	{ "secrets-dir", 0, KIND_TEXTS, AT(secrets_dirs), OPTIONS_FILES, "DIR",
	  "secret files may lie below DIR (default: /run/secrets, "
	  "$CREDENTIALS_DIRECTORY)" },
	{ "allow-secret-env", 0, KIND_TEXTS, AT(allow_secret_env),
	  OPTIONS_FILES, "GLOB", "secrets may come only from such variables" },
	{ "policy", 0, KIND_TEXT, AT(policy), OPTIONS_FILES, "FILE",
	  "limits that no file may lower; outside the root (also "
	  "$TRUEUP_POLICY)" },
	{ "rev", 0, KIND_TEXT, AT(rev), OPTIONS_GIT, "REV",
	  "read the files of REV in the repository here" },
	{ "git", 0, KIND_TEXT, AT(git), OPTIONS_GIT, "URL",
	  "read the files of a repository that is fetched" },
	{ "ref", 0, KIND_TEXT, AT(ref), OPTIONS_GIT, "REF",
	  "its branch, tag or commit (default: its HEAD)" },
	{ "path", 0, KIND_TEXT, AT(path), OPTIONS_GIT, "DIR",
	  "the folder in it; nothing outside DIR is read" },
	{ "expect-commit", 0, KIND_TEXT, AT(expect_commit), OPTIONS_GIT, "HEX",
	  "go on only if that is the commit" },
	{ "allow-rewind", 0, KIND_FLAG, RUN_ALLOW_REWIND, OPTIONS_GIT, NULL,
	  "apply also what is behind the last commit applied" },
	{ "verify", 0, KIND_TEXT, AT(verify), OPTIONS_GIT, "WHAT",
	  "must be signed: head, tag or tag+head" },
	{ "allowed-signers", 0, KIND_TEXT, AT(allowed_signers), OPTIONS_GIT,
	  "FILE", "whose ssh keys may sign; see ssh-keygen(1)" },
	{ "revoked-signers", 0, KIND_TEXT, AT(revoked_signers), OPTIONS_GIT,
	  "FILE", "ssh keys that may no longer" },
	{ "keyring", 0, KIND_TEXT, AT(keyring), OPTIONS_GIT, "FILE",
	  "whose OpenPGP keys may sign; see gpgv(1)" },
	{ "trust-base", 0, KIND_TEXT, AT(trust_base), OPTIONS_GIT, "REV",
	  "policy, waivers, platform and ledger are those of REV" },
	{ "git-timeout", 0, KIND_SECONDS, AT(git_timeout_ms),
	  OPTIONS_GIT | OPTIONS_REMOTE, "SECONDS",
	  "of one step of git (default: 60)" },
	{ "git-token-env", 0, KIND_TEXT, AT(git_token_env),
	  OPTIONS_GIT | OPTIONS_REMOTE, "NAME",
	  "the variable with the token for https" },
	{ "git-token-file", 0, KIND_TEXT, AT(git_token_file),
	  OPTIONS_GIT | OPTIONS_REMOTE, "FILE", "the file with it" },
	{ "ssh-key", 0, KIND_TEXT, AT(ssh_key), OPTIONS_GIT | OPTIONS_REMOTE,
	  "FILE", "the private key for ssh (default: the agent's)" },
	{ "known-hosts", 0, KIND_TEXT, AT(known_hosts),
	  OPTIONS_GIT | OPTIONS_REMOTE, "FILE",
	  "keys of ssh hosts (default: ~/.ssh/known_hosts)" },
	{ "allow-file", 0, KIND_FLAG, RUN_ALLOW_FILE, OPTIONS_GIT, NULL,
	  "let --git name a file: URL" },
	{ "fail-on", 0, KIND_TEXT, AT(fail_on), OPTIONS_RULES, "SEVERITY",
	  "the least severity that counts: error, warning, info, off" },
	{ "accept-waivers", 0, KIND_FLAG, RUN_ACCEPT_WAIVERS, OPTIONS_RULES,
	  NULL, "what the files waive counts; review it first" },
	{ "profile", 0, KIND_TEXTS, AT(profiles), OPTIONS_RULES | OPTIONS_PROBE,
	  "FILE",
	  "a connector profile more, outside the root; `trueup schema "
	  "connector`" },
	{ "beside", 0, KIND_TEXTS, AT(beside), OPTIONS_BESIDE, "FILE",
	  "check rules between environments with FILE, too" },
	{ "format", 0, KIND_TEXT, AT(format), OPTIONS_OUTPUT, "FORMAT",
	  "what stdout is written as (default: text)" },
	{ "write", 0, KIND_TEXTS, AT(writes), OPTIONS_OUTPUT, "FORMAT=FILE",
	  "write the result to FILE as well" },
	{ "ci", 0, KIND_TEXT, AT(ci), OPTIONS_CI, "SYSTEM",
	  "github: outputs, a job summary, annotations" },
	{ "max-bytes", 0, KIND_COUNT, AT(max_bytes), OPTIONS_OUTPUT, "N",
	  "the size of a Markdown page (default: 60000)" },
	{ "api-key-file", 0, KIND_TEXT, AT(api_key_file), OPTIONS_PLATFORM,
	  "FILE", "read the platform's API key from FILE" },
	{ "allow-host", 0, KIND_TEXTS, AT(allow_hosts), OPTIONS_PLATFORM,
	  "HOST",
	  "the platform, or a --profile's provider, may be at HOST (also "
	  "$TRUEUP_ALLOW_HOSTS)" },
	{ "allow-binding", 0, KIND_TEXTS, AT(allow_bindings),
	  OPTIONS_PLATFORM | OPTIONS_LEDGER, "FILE@SHA256",
	  "use the binding file FILE, if it has these bytes" },
	{ "ca-file", 0, KIND_TEXT, AT(ca_file),
	  OPTIONS_PLATFORM | OPTIONS_GIT | OPTIONS_REMOTE, "FILE",
	  "trust the certificates in FILE instead of the system's" },
	{ "max-rps", 0, KIND_RATE, AT(max_rps), OPTIONS_PLATFORM, "N",
	  "send at most N requests a second" },
	{ "parallelism", 0, KIND_NUMBER, AT(parallelism), OPTIONS_PLATFORM, "N",
	  "requests in flight at once (default: 8)" },
	{ "timeout", 0, KIND_SECONDS, AT(timeout_ms), OPTIONS_PLATFORM,
	  "SECONDS", "of one request (default: 60)" },
	{ "debug", 0, KIND_FLAG, RUN_DEBUG, OPTIONS_PLATFORM, NULL,
	  "a line on stderr for each request; no bodies, no secrets" },
	{ "prune", 0, KIND_FLAG, RUN_PRUNE, OPTIONS_PLAN, NULL,
	  "delete what is in the ledger and no longer in the file" },
	{ "no-drift-fix", 0, KIND_FLAG, RUN_DRIFT_KEPT, OPTIONS_PLAN, NULL,
	  "leave alone what was changed outside" },
	{ "allow-empty", 0, KIND_FLAG, RUN_ALLOW_EMPTY, OPTIONS_PLAN, NULL,
	  "let a file without auth configs be planned (with --prune)" },
	{ "allow-deletes", 0, KIND_COUNT, AT(allow_deletes), OPTIONS_PLAN, "N",
	  "lift maxDeletes and maxDeletePercent; N as planned" },
	{ "allow-changes", 0, KIND_COUNT, AT(allow_changes), OPTIONS_PLAN, "N",
	  "lift maxChanges; N as planned" },
	{ "allow-missing", 0, KIND_COUNT, AT(allow_missing), OPTIONS_PLAN, "N",
	  "believe that N known objects are gone" },
	{ "allow-replace", 0, KIND_TEXTS, AT(allow_replace), OPTIONS_PLAN,
	  "KEY", "let KEY be replaced by a new object with a new id" },
	{ "break-connections", 0, KIND_COUNT, AT(break_connections),
	  OPTIONS_PLAN, "N", "let deletes cut off N connected users" },
	{ "resend", 0, KIND_TEXTS, AT(resend), OPTIONS_PLAN, "KEY",
	  "send fields of KEY that cannot be read back" },
	{ "resend-secrets", 0, KIND_TEXTS, AT(resend_secrets),
	  OPTIONS_PLAN | OPTIONS_RECORD, "KEY",
	  "send the secrets of KEY again" },
	{ "full", 0, KIND_FLAG, RUN_FULL, OPTIONS_PLAN | OPTIONS_SHOW, NULL,
	  "show also what does not change" },
	{ "quiet-unchanged", 0, KIND_FLAG, RUN_QUIET_UNCHANGED, OPTIONS_PLAN,
	  NULL, "print nothing when nothing changes" },
	{ "detailed-exitcode", 0, KIND_FLAG, RUN_DETAILED_EXITCODE,
	  OPTIONS_PLAN_ONLY | OPTIONS_SHOW, NULL,
	  "exit 2 when there are changes" },
	{ "base", 0, KIND_TEXT, AT(base), OPTIONS_PLAN_ONLY, "REV",
	  "what the files change against REV; nobody is asked" },
	{ "detailed-exitcode", 0, KIND_FLAG, RUN_DETAILED_EXITCODE,
	  OPTIONS_DRIFT, NULL, "exit 2 when something differs" },
	{ "only", 0, KIND_TEXTS, AT(only), OPTIONS_PLAN, "KEY",
	  "plan and apply only KEY; the rest is listed" },
	{ "out", 'o', KIND_TEXT, AT(out), OPTIONS_PLAN_ONLY, "FILE",
	  "save the plan, for `apply FILE` and `show FILE`" },
	{ "expect-digest", 0, KIND_TEXT, AT(expect_digest), OPTIONS_APPLY,
	  "1:HEX", "apply only if the plan's digest is this one" },
	{ "partial", 0, KIND_FLAG, RUN_PARTIAL, OPTIONS_APPLY, NULL,
	  "with a saved plan: leave out what no longer agrees" },
	{ "yes", 'y', KIND_FLAG, RUN_YES,
	  OPTIONS_APPLY | OPTIONS_LOCK | OPTIONS_PROBE | OPTIONS_ROTATE, NULL,
	  "do it without asking" },
	{ "strict", 0, KIND_FLAG, RUN_STRICT, OPTIONS_PROBE, NULL,
	  "what cannot be told is a finding, too" },
	{ "platform", 0, KIND_FLAG, RUN_AT_PLATFORM, OPTIONS_PROBE, NULL,
	  "look where the platform would send a user; leaves a pending "
	  "credential there" },
	{ "user", 0, KIND_TEXT, AT(user), OPTIONS_PROBE, "ID",
	  "with --platform: a throw-away user's id at the platform" },
	{ "confirm-revoked", 0, KIND_FLAG, RUN_CONFIRM_REVOKED, OPTIONS_ROTATE,
	  NULL, "the secret before this one is revoked at the provider" },
	{ "fail-fast", 0, KIND_FLAG, RUN_FAIL_FAST, OPTIONS_APPLY, NULL,
	  "start nothing new after the first failure" },
	{ "look", 0, KIND_SECONDS, AT(look_ms), OPTIONS_APPLY, "SECONDS",
	  "look so long for what a lost answer may have made (default: 10)" },
	{ "keep-unresolved", 0, KIND_FLAG, RUN_KEEP_UNRESOLVED, OPTIONS_APPLY,
	  NULL, "go on where a secret that is only kept does not resolve" },
	{ "init-ledger", 0, KIND_FLAG, RUN_INIT_LEDGER, OPTIONS_LEDGER, NULL,
	  "make the ledger where there never was one" },
	{ "sign-ledger", 0, KIND_FLAG, RUN_SIGN_LEDGER, OPTIONS_LEDGER, NULL,
	  "take an unsigned ledger and sign it with the fingerprint key" },
	{ "lock-timeout", 0, KIND_SECONDS, AT(lock_timeout_ms), OPTIONS_LEDGER,
	  "SECONDS", "wait that long for another run to end" },
	{ "id", 0, KIND_TEXT, AT(id), OPTIONS_ADOPT, "ID",
	  "the live object's id" },
	{ "all-matching", 0, KIND_FLAG, RUN_ALL_MATCHING, OPTIONS_ADOPT, NULL,
	  "bind each entry that exactly one live object matches" },
	{ "id", 0, KIND_TEXT, AT(id), OPTIONS_RECORD, "ID",
	  "the id that the platform shows" },
	{ "user", 0, KIND_TEXT, AT(user), OPTIONS_CREDENTIAL, "ID",
	  "the end user's id at the platform" },
	{ "redirect-uri", 0, KIND_TEXT, AT(redirect_uri), OPTIONS_CREDENTIAL,
	  "URI", "where the user is sent afterwards" },
	{ "secret-is-current", 0, KIND_FLAG, RUN_SECRET_IS_CURRENT,
	  OPTIONS_ADOPT, NULL, "the declared secret is the one in force" },
	{ "out", 'o', KIND_TEXT, AT(out), OPTIONS_EXPORT, "FILE",
	  "write the export to FILE" },
	{ "no-bind", 0, KIND_FLAG, RUN_UNBOUND, OPTIONS_EXPORT, NULL,
	  "do not enter the objects into the ledger" },
	{ "ids", 0, KIND_FLAG, RUN_IDS, OPTIONS_STATUS, NULL,
	  "only keys and ids, as --format env, dotenv or json" },
	{ "limit", 0, KIND_COUNT, AT(limit), OPTIONS_HISTORY, "N",
	  "how many runs (default: 10)" },
	{ "to", 0, KIND_TEXT, AT(to), OPTIONS_MOVE, "STORE",
	  "where the ledger goes: file or git" },
	{ "platform", 0, KIND_TEXT, AT(platform), OPTIONS_INIT, "NAME",
	  "the binding; `trueup platform list` names them" },
	{ "environment", 0, KIND_TEXTS, AT(environments), OPTIONS_INIT, "NAME",
	  "an environment to write a file for (default: dev and prod)" },
	{ "dir", 0, KIND_TEXT, AT(dir), OPTIONS_INIT, "DIR",
	  "the folder to write into (default: this one)" },
	{ "url", 0, KIND_TEXT, AT(url), OPTIONS_INIT, "URL",
	  "where the API is, if not where the binding says" },
	{ "from-live", 0, KIND_FLAG, RUN_FROM_LIVE, OPTIONS_INIT, NULL,
	  "declare what the platform has, and bind it" },
	{ "detailed-exitcode", 0, KIND_FLAG, RUN_DETAILED_EXITCODE,
	  OPTIONS_COMPARE, NULL, "exit 2 when something should not differ" },
	{ "origin", 0, KIND_FLAG, RUN_ORIGIN, OPTIONS_CONFIG, NULL,
	  "a line per value, with its place" },
};

enum { HELP_VALUE = LENGTH(rows) + 1 };

static void *member(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static int bad_value(const struct option_row *row, const char *value,
                     struct diag *diag)
{
	const bool positive =
		row->kind == KIND_RATE || row->kind == KIND_NUMBER;

	return diag_error(diag, CODE_USAGE, PLACE_NONE,
	                  "--%s wants a number%s, not `%s`", row->name,
	                  positive ? " above 0" : "", value);
}

static int parse_rate(const char *value, double *out)
{
	char *end = NULL;
	const double rate = strtod(value, &end);

	if (end == value || *end || !(rate > 0.0) || rate > 1e9)
		return -1;
	*out = rate;
	return 0;
}

static void add_text(struct texts *texts, const char *value)
{
	texts->items =
		xreallocarray(texts->items, texts->count + 1, sizeof(char *));
	texts->items[texts->count++] = value;
}

static int store_number(struct options *options, const struct option_row *row,
                        const char *value, struct diag *diag)
{
	const uint64_t max = row->kind == KIND_NUMBER ? 1024 : 1000000000;
	uint64_t number = 0;

	if (parse_uint(value, max, &number) < 0 ||
	    (row->kind == KIND_NUMBER && !number))
		return bad_value(row, value, diag);
	if (row->kind == KIND_NUMBER)
		*(unsigned *)member(options, row) = (unsigned)number;
	else
		*(int64_t *)member(options, row) = (int64_t)number;
	return 0;
}

/* As a decimal, since a tenth of a second may be long. */
static int store_seconds(struct options *options, const struct option_row *row,
                         const char *value, struct diag *diag)
{
	char *end = NULL;
	const double seconds = strtod(value, &end);

	if (!strchr("0123456789.", *value) || end == value || *end ||
	    !(seconds >= 0.0) || seconds > 1e9)
		return bad_value(row, value, diag);
	*(int64_t *)member(options, row) = (int64_t)(seconds * 1000 + 0.5);
	return 0;
}

static int store(struct options *options, const struct option_row *row,
                 const char *value, struct diag *diag)
{
	switch (row->kind) {
	case KIND_FLAG:
		options->flags |= (unsigned)row->offset;
		return 0;
	case KIND_TEXT:
		*(const char **)member(options, row) = value;
		return 0;
	case KIND_TEXTS:
		add_text(member(options, row), value);
		return 0;
	case KIND_RATE:
		if (parse_rate(value, member(options, row)) < 0)
			return bad_value(row, value, diag);
		return 0;
	case KIND_SECONDS:
		return store_seconds(options, row, value, diag);
	case KIND_COUNT:
	case KIND_NUMBER:
		break;
	}
	return store_number(options, row, value, diag);
}

static size_t make_table(const struct command *command,
                         struct poptOption *table)
{
	size_t count = 0;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct option_row *row = &rows[i];

		if (!(row->groups & command->options))
			continue;
		table[count++] = (struct poptOption){
			.longName = row->name,
			.shortName = row->letter,
			.argInfo = row->kind == KIND_FLAG ? POPT_ARG_NONE
			                                  : POPT_ARG_STRING,
			.val = (int)i + 1,
		};
	}
	table[count++] = (struct poptOption){ .longName = "help",
		                              .shortName = 'h',
		                              .val = HELP_VALUE };
	return count;
}

/* The option somebody meant, among those that this command has. */
static int unknown_option(const struct command *command, const char *said,
                          struct diag *diag)
{
	const char *names[LENGTH(rows)];
	size_t count = 0;
	const char *near;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].groups & command->options && rows[i].help)
			names[count++] = rows[i].name;
	}
	near = text_nearest(said + strspn(said, "-"), names, count);
	if (near)
		return diag_error(diag, CODE_USAGE, PLACE_NONE,
		                  "`%s` has no option `%s`; did you mean "
		                  "`--%s`?",
		                  command->name, said, near);
	return diag_error(diag, CODE_USAGE, PLACE_NONE,
	                  "`%s` has no option `%s`; see `trueup help %s`",
	                  command->name, said, command->name);
}

static int take_positional(const struct command *command, poptContext context,
                           struct options *out, struct diag *diag)
{
	const char *argument;

	while ((argument = poptGetArg(context))) {
		if (!(command->flags & COMMAND_KEYS))
			return diag_error(diag, CODE_USAGE, PLACE_NONE,
			                  "`%s` takes no argument `%s`; see "
			                  "`trueup help %s`",
			                  command->name, argument,
			                  command->name);
		add_text(&out->keys, argument);
	}
	return 0;
}

static int parse_all(const struct command *command, poptContext context,
                     struct options *out, struct diag *diag)
{
	int value;

	while ((value = poptGetNextOpt(context)) > 0) {
		const char *text;

		if (value == HELP_VALUE)
			return 1;
		/* popt hands the argument's copy over; it lives in the
		 * options until options_release(). */
		text = poptGetOptArg(context);
		if (!text && rows[value - 1].kind != KIND_FLAG)
			out_of_memory();
		if (text)
			add_text(&out->owned, text);
		if (store(out, &rows[value - 1], text, diag) < 0)
			return -1;
	}
	if (value == POPT_ERROR_BADOPT)
		return unknown_option(
			command, poptBadOption(context, POPT_BADOPTION_NOALIAS),
			diag);
	if (value < -1)
		return diag_error(
			diag, CODE_USAGE, PLACE_NONE, "`%s`: %s",
			poptBadOption(context, POPT_BADOPTION_NOALIAS),
			poptStrerror(value));
	return take_positional(command, context, out, diag);
}

int options_parse(const struct command *command, int argc, const char **argv,
                  struct options *out, struct diag *diag)
{
	struct poptOption table[LENGTH(rows) + 2] = { { 0 } };
	poptContext context;
	int result;

	*out = (struct options){
		.limit = -1,
		.max_bytes = -1,
		.allow_deletes = -1,
		.allow_changes = -1,
		.allow_missing = -1,
		.break_connections = -1,
	};
	make_table(command, table);
	context = poptGetContext(NULL, argc, argv, table, 0);
	if (!context)
		out_of_memory();
	result = parse_all(command, context, out, diag);
	for (size_t i = 0; i < out->keys.count; i++) {
		out->keys.items[i] = xstrdup(out->keys.items[i]);
		add_text(&out->owned, out->keys.items[i]);
	}
	poptFreeContext(context);
	return result;
}

void options_release(struct options *options)
{
	struct texts *const lists[] = {
		&options->environments,   &options->files,
		&options->keys,           &options->beside,
		&options->profiles,       &options->secrets_dirs,
		&options->allow_hosts,    &options->allow_bindings,
		&options->writes,         &options->allow_secret_env,
		&options->allow_replace,  &options->resend,
		&options->resend_secrets, &options->only,
		&options->owned,
	};

	for (size_t i = 0; i < options->owned.count; i++)
		free((void *)(uintptr_t)options->owned.items[i]);
	for (size_t i = 0; i < LENGTH(lists); i++)
		free(lists[i]->items);
}

/* ---- help ---- */

static void help_option(const struct option_row *row, FILE *out)
{
	CLEANUP(textp)
	char *name = xasprintf("%s%c%s--%s%s%s", row->letter ? "-" : " ",
	                       row->letter ? row->letter : ' ',
	                       row->letter ? ", " : "  ", row->name,
	                       row->argument ? " " : "",
	                       row->argument ? row->argument : "");

	fprintf(out, "  %-28s %s\n", name, row->help);
}

void command_describe(const struct command *command, FILE *out)
{
	bool any = false;

	fprintf(out, "trueup %s %s\n\n%s.\n", command->name, command->usage,
	        command->summary);
	if (command->text)
		fprintf(out, "\n%s\n", command->text);
	if (command->examples)
		fprintf(out, "\nExamples:\n%s", command->examples);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (!(rows[i].groups & command->options) || !rows[i].help)
			continue;
		if (!any)
			fputs("\nOptions:\n", out);
		any = true;
		help_option(&rows[i], out);
	}
}
