/* SPDX-License-Identifier: MIT */
/* Guards: limits that stop a whole apply, each with the one way to lift it.
 * What the operator gives must be the number that is planned. */
#include "plan/parts.h"

#include "schema/schema.h"

/* What a guard looks at, counted once. */
struct sums {
	const struct plan_input *input;
	uint64_t rows, missing, changes, creates, removals, connections;
	uint64_t uncounted; /* that would cut off nobody knows how many */
	bool deletes_first; /* row R2 */
};

struct measure {
	bool exceeded;
	uint64_t count, limit;
	uint64_t uncounted; /* things whose part of `count` nobody knows */
	int64_t given;      /* by the operator; -1: nothing */
};

struct guard_row {
	const char *name;
	unsigned code;
	void (*measure)(const struct sums *sums, struct measure *out);
	const char *option;
	const char *what; /* "deletes and replacements" */
};

enum { PERCENT_BASE = 10 }; /* below, no share of the rows means anything */

static void measure_deletes(const struct sums *sums, struct measure *out)
{
	out->count = sums->removals;
	out->limit = sums->input->policy->max_deletes;
	out->exceeded = out->count > out->limit || sums->deletes_first;
	out->given = sums->input->permissions->allow_deletes;
}

static void measure_percent(const struct sums *sums, struct measure *out)
{
	const uint64_t percent = sums->input->policy->max_delete_percent;

	out->count = sums->removals;
	out->limit = percent * sums->rows / 100;
	out->exceeded = sums->rows >= PERCENT_BASE &&
	                out->count * 100 > percent * sums->rows;
	out->given = sums->input->permissions->allow_deletes;
}

static void measure_changes(const struct sums *sums, struct measure *out)
{
	out->count = sums->changes;
	out->limit = sums->input->policy->max_changes;
	out->exceeded = out->count > out->limit;
	out->given = sums->input->permissions->allow_changes;
}

/* Row P3: an answer without what the ledger knows is suspect, not a fact. */
static void measure_missing(const struct sums *sums, struct measure *out)
{
	out->count = sums->missing;
	out->limit = sums->input->policy->max_missing;
	out->exceeded = out->count > out->limit ||
	                (sums->rows >= 2 && out->count == sums->rows);
	out->given = sums->input->permissions->allow_missing;
}

/* Row P3 without a ledger. Where there is none yet, apply goes on only with
 * --init-ledger, and that is the consent. */
static void measure_blind(const struct sums *sums, struct measure *out)
{
	const struct plan_input *input = sums->input;
	const bool blind = input->ledger_mode == LEDGER_MODE_STATELESS;

	out->count = sums->creates;
	out->limit = 1;
	out->exceeded =
		blind && !state_length(input->live) && out->count > out->limit;
	out->given = input->permissions->allow_missing;
}

static void measure_connections(const struct sums *sums, struct measure *out)
{
	out->count = sums->connections;
	out->limit = 0;
	out->uncounted = sums->uncounted;
	out->exceeded = out->count > 0 || out->uncounted > 0;
	out->given = sums->input->permissions->break_connections;
}

static const struct guard_row rows[] = {
	{ "maxDeletes", CODE_GUARD_DELETES, measure_deletes, "--allow-deletes",
	  "deletes and replacements" },
	{ "maxDeletePercent", CODE_GUARD_DELETE_PERCENT, measure_percent,
	  "--allow-deletes",
	  "deletes and replacements, as a share of the "
	  "ledger" },
	{ "maxChanges", CODE_GUARD_CHANGES, measure_changes, "--allow-changes",
	  "changes" },
	{ "maxMissing", CODE_GUARD_MISSING, measure_missing, "--allow-missing",
	  "auth configs of the ledger that the platform no longer lists" },
	{ "emptyPlatform", CODE_GUARD_MISSING, measure_blind, "--allow-missing",
	  "creates where the platform lists nothing and no ledger says that "
	  "this is so" },
	{ "connections", CODE_GUARD_CONNECTIONS, measure_connections,
	  "--break-connections", "known connections that would be cut off" },
};

/* A delete that takes connections along, or makes room for a new object. */
static bool cuts_off(const struct plan_input *input,
                     const struct change *change)
{
	if (change->kind == CHANGE_REPLACE)
		return change->replace_way == REPLACE_DELETE_FIRST;
	return change->kind == CHANGE_DELETE &&
	       (input->traits->abilities & HAS_CASCADE);
}

static struct sums sum_up(const struct plan *plan,
                          const struct plan_input *input)
{
	struct sums sums = {
		.input = input,
		.rows = state_length(input->applied),
		.missing = plan->counts.missing,
		.changes = plan->change_count,
		.creates = plan->counts.kinds[CHANGE_CREATE],
	};

	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		if (change->kind == CHANGE_DELETE || change_replaces(change))
			sums.removals++;
		if (change->kind == CHANGE_REPLACE &&
		    change->replace_way == REPLACE_DELETE_FIRST)
			sums.deletes_first = true;
		if (!cuts_off(input, change))
			continue;
		if (change->connections < 0)
			sums.uncounted++;
		else
			sums.connections += (uint64_t)change->connections;
	}
	return sums;
}

/* Behind the number, where it is not all of it. */
static const char *more_of(struct plan *plan, const struct measure *measure)
{
	if (!measure->uncounted)
		return "";
	return plan_text(plan,
	                 ", and nobody knows how many at %llu auth config%s",
	                 (unsigned long long)measure->uncounted,
	                 measure->uncounted == 1 ? "" : "s");
}

static char *guard_text(struct plan *plan, const struct guard_row *row,
                        const struct measure *measure)
{
	const unsigned long long count = measure->count;
	const unsigned long long limit = measure->limit;
	const char *more = more_of(plan, measure);

	if (measure->given >= 0 && (uint64_t)measure->given != measure->count)
		return plan_text(
			plan,
			"%s: %llu %s%s, %llu allowed, and `%s %lld` is "
			"not that number; check the plan, then give "
			"%s %llu",
			row->name, count, row->what, more, limit, row->option,
			(long long)measure->given, row->option, count);
	return plan_text(plan,
	                 "%s: %llu %s%s, %llu allowed; check the plan, then "
	                 "give %s %llu",
	                 row->name, count, row->what, more, limit, row->option,
	                 count);
}

void guards_judge(struct plan *plan, const struct plan_input *input)
{
	const struct sums sums = sum_up(plan, input);

	plan->guards =
		arena_alloc(plan->arena, LENGTH(rows) * sizeof(*plan->guards));
	plan->guard_count = 0;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct measure measure = { .given = -1 };
		struct guard *guard = &plan->guards[plan->guard_count];

		rows[i].measure(&sums, &measure);
		if (!measure.exceeded)
			continue;
		*guard = (struct guard){
			.name = rows[i].name,
			.code = rows[i].code,
			.count = measure.count,
			.limit = measure.limit,
			.text = guard_text(plan, &rows[i], &measure),
			.lifted = measure.given >= 0 &&
			          (uint64_t)measure.given == measure.count,
		};
		plan->guard_count++;
		plan->blocked = plan->blocked || !guard->lifted;
	}
}
