/* SPDX-License-Identifier: MIT */
/*
 * What a commit of a ledger says. `git log` on its ref is the audit trail:
 *
 *     apply prod: 2 intended (run 12)
 *
 *     intended  create  slack-crm
 *     intended  update  github-ci (ac_81)
 *
 *     By: alice@ci-7
 *     From: main@sha1:…
 *     Plan: 1:…
 */
#include "ledger/remote.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 1000 };

/* By the words of the journal; the order of the subject. */
static const struct {
	const char *outcome, *word;
} words[] = {
	{ "open", "intended" },   { "done", "done" },
	{ "refused", "refused" }, { "unsent", "not sent" },
	{ "unknown", "unknown" }, { "resolved", "found out" },
};

struct message {
	FILE *lines;
	size_t counts[LENGTH(words)];
	size_t count;
};

/* Of a platform, a file or a person: never a line of its own, or an escape. */
static void write_safe(FILE *out, const char *text)
{
	text_write_safe(out, text, strlen(text));
}

static size_t find_word(const char *outcome)
{
	size_t i = 0;

	while (i + 1 < LENGTH(words) && !str_equal(words[i].outcome, outcome))
		i++;
	return i;
}

enum column {
	COLUMN_KIND,
	COLUMN_KEY,
	COLUMN_ID,
	COLUMN_OUTCOME,
	COLUMN_STATUS
};

static void add_line(struct message *message, struct statement *statement)
{
	const char *id = statement_column(statement, COLUMN_ID);
	const char *key = statement_column(statement, COLUMN_KEY);
	const size_t word =
		find_word(statement_column(statement, COLUMN_OUTCOME));
	const int64_t status = statement_number(statement, COLUMN_STATUS);

	message->counts[word]++;
	if (message->count++ >= LINES_MAX)
		return;
	fprintf(message->lines, "%-9s  %-14s  ", words[word].word,
	        statement_column(statement, COLUMN_KIND));
	write_safe(message->lines, key ? key : "");
	if (id) {
		fputs(" (", message->lines);
		write_safe(message->lines, id);
		fputc(')', message->lines);
	}
	if (status)
		fprintf(message->lines, ": HTTP %" PRId64, status);
	fputc('\n', message->lines);
}

/* New intents, and what was settled since the last push. */
static void add_steps(struct ledger *ledger, struct message *message)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT kind, key, id, outcome, status FROM intent"
		" WHERE (outcome = 'open' AND number > ?1)"
		" OR (outcome <> 'open' AND settled_ms >= ?2)"
		" ORDER BY number");

	statement_integer(statement, 1, ledger->remote->told);
	statement_integer(statement, 2, ledger->remote->published_ms);
	while (statement_next(statement) > 0)
		add_line(message, statement);
	if (message->count > LINES_MAX)
		fprintf(message->lines, "… and %zu more\n",
		        message->count - LINES_MAX);
}

static void add_subject(const struct message *message, FILE *out)
{
	const char *between = ": ";

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (!message->counts[i])
			continue;
		fprintf(out, "%s%zu %s", between, message->counts[i],
		        words[i].word);
		between = ", ";
	}
	if (!message->count)
		fputs(": rows written", out);
}

static void add_trailer(FILE *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, "%s: ", name);
	write_safe(out, text);
	fputc('\n', out);
}

/* The statement stands on the last run, or there is none: NULL. */
static struct statement *find_run(struct ledger *ledger)
{
	struct statement *statement = database_prepare(
		ledger->database, "SELECT command, number, who, revision,"
				  " digest, result FROM run"
				  " ORDER BY number DESC LIMIT 1");

	return statement_next(statement) > 0 ? statement : NULL;
}

static void write_all(const struct ledger *ledger,
                      const struct message *message, const char *lines,
                      struct statement *run, FILE *out)
{
	const char *command = run ? statement_column(run, 0) : NULL;

	write_safe(out, command ? command : "trueup");
	fprintf(out, " %s", ledger->settings.environment);
	add_subject(message, out);
	if (run)
		fprintf(out, " (run %s)", statement_column(run, 1));
	fprintf(out, "\n\n%s%s", lines, *lines ? "\n" : "");
	add_trailer(out, "By", ledger->who);
	if (!run)
		return;
	add_trailer(out, "From", statement_column(run, 3));
	add_trailer(out, "Plan", statement_column(run, 4));
	add_trailer(out, "Result", statement_column(run, 5));
}

char *git_message(struct ledger *ledger)
{
	struct message message = { .count = 0 };
	CLEANUP(textp) char *lines = NULL;
	char *text = NULL;
	size_t length;
	struct statement *run;
	FILE *out;

	message.lines = xmemstream(&lines, &length);
	add_steps(ledger, &message);
	(void)fclose(message.lines);
	run = find_run(ledger);
	out = xmemstream(&text, &length);
	write_all(ledger, &message, lines, run, out);
	(void)fclose(out);
	if (run)
		(void)!statement_next(run);
	return text;
}

void git_message_told(struct ledger *ledger)
{
	struct statement *statement = database_prepare(
		ledger->database, "SELECT max(number) FROM intent");

	if (statement_next(statement) > 0) {
		ledger->remote->told = statement_number(statement, 0);
		(void)!statement_next(statement);
	}
}
