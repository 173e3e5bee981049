/* SPDX-License-Identifier: MIT */
/* Looking back: the runs of a ledger, and what became of their intents. */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static const char *keep(struct ledger *ledger, const char *text)
{
	return text ? arena_copy(ledger->arena, text, strlen(text)) : NULL;
}

static bool is_wanted(const struct history_filter *filter, const char *key)
{
	for (size_t i = 0; i < filter->key_count; i++) {
		if (str_equal(filter->keys[i], key))
			return true;
	}
	return !filter->key_count;
}

static void read_step(struct ledger *ledger, struct statement *statement,
                      struct ledger_step *out)
{
	const char **const texts[] = { &out->kind, &out->key, &out->id,
		                       &out->outcome, &out->message };

	for (int i = 0; i < (int)LENGTH(texts); i++)
		*texts[i] = keep(ledger, statement_column(statement, i));
	out->status = (int)statement_number(statement, 5);
	out->number = statement_number(statement, 6);
	out->intended_ms = statement_number(statement, 7);
	out->settled_ms = statement_number(statement, 8);
}

/* -1: the database failed. */
static int read_steps(struct ledger *ledger,
                      const struct history_filter *filter,
                      struct ledger_run *run)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT kind, key, id, outcome, message, status, number,"
		" intended_ms, settled_ms FROM intent"
		" WHERE run = ?1 ORDER BY number");
	struct ledger_step *steps = NULL, *kept;
	size_t count = 0, capacity = 0;
	int more;

	statement_integer(statement, 1, run->number);
	for (more = statement_next(statement); more > 0;
	     more = statement_next(statement)) {
		if (!is_wanted(filter, statement_column(statement, 1)))
			continue;
		steps = xgrow(steps, count, &capacity, sizeof(*steps));
		read_step(ledger, statement, &steps[count++]);
	}
	kept = arena_alloc(ledger->arena, (count + 1) * sizeof(*kept));
	if (count)
		memcpy(kept, steps, count * sizeof(*kept));
	free(steps);
	run->steps = kept;
	run->step_count = count;
	return more;
}

static void read_run(struct ledger *ledger, struct statement *statement,
                     struct ledger_run *out)
{
	const char **const texts[] = { &out->command, &out->revision,
		                       &out->digest, &out->who, &out->result };

	*out = (struct ledger_run){ .step_count = 0 };
	for (int i = 0; i < (int)LENGTH(texts); i++)
		*texts[i] = keep(ledger, statement_column(statement, i));
	out->number = statement_number(statement, 5);
	out->began_ms = statement_number(statement, 6);
	out->ended_ms = statement_number(statement, 7);
}

static int read_runs(struct ledger *ledger, const struct history_filter *filter,
                     struct ledger_run **runs, size_t *count)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT command, revision, digest, who, result, number,"
		" began_ms, ended_ms FROM run ORDER BY number DESC");
	size_t capacity = 0;
	int more = 0;

	while (*count < filter->limit &&
	       (more = statement_next(statement)) > 0) {
		struct ledger_run *run;

		*runs = xgrow(*runs, *count, &capacity, sizeof(**runs));
		run = &(*runs)[*count];
		read_run(ledger, statement, run);
		if (read_steps(ledger, filter, run) < 0)
			return -1;
		*count += run->step_count || !filter->key_count;
	}
	return more < 0 ? -1 : 0;
}

int ledger_history(struct ledger *ledger, const struct history_filter *filter,
                   struct ledger_run **out, size_t *count, struct diag *diag)
{
	struct ledger_run *runs = NULL;
	size_t found = 0;
	int status;

	if (view_begin(ledger, diag) < 0)
		return -1;
	status = read_runs(ledger, filter, &runs, &found);
	view_end(ledger);
	if (status < 0) {
		free(runs);
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	}
	*out = runs;
	*count = found;
	return 0;
}
