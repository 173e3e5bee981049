/* SPDX-License-Identifier: MIT */
/* Record: a person did a planned change, and says so. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* ---- what is recorded ---- */

static int nothing_planned(struct run *run, const struct road *road,
                           const char *key)
{
	if (!state_find(road->desired, key) && !state_find(road->applied, key))
		return diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		                  "neither the file nor the ledger of `%s` has "
		                  "`%s`; correct the key",
		                  road->environment.name, key);
	return diag_error(run->diag, CODE_NOTHING_PLANNED, PLACE_NONE,
	                  "nothing is planned for `%s`, so there is nothing to "
	                  "record; write the change into the file first",
	                  key);
}

static const struct change *find_change(const struct road *road,
                                        const char *key)
{
	for (size_t i = 0; i < road->plan->change_count; i++) {
		if (str_equal(road->plan->changes[i].key, key))
			return &road->plan->changes[i];
	}
	return NULL;
}

static bool is_retired(const struct auth_config *row, const char *id)
{
	for (size_t i = 0; i < row->retired_count; i++) {
		if (str_equal(row->retired[i], id))
			return true;
	}
	return false;
}

/* The row that an id stands in, also as that of a former object. */
static const struct auth_config *row_with(const struct road *road,
                                          const char *id)
{
	for (size_t i = 0; i < state_length(road->applied); i++) {
		const struct auth_config *row = state_at(road->applied, i);

		if (str_equal(row->id, id) || is_retired(row, id))
			return row;
	}
	return NULL;
}

/* ---- ids ---- */

static int check_new_id(struct run *run, const struct road *road,
                        const struct change *change)
{
	const char *id = run->options.id;
	const struct auth_config *row;
	const char *wanted;

	if (!id)
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "`%s` is a new auth config; give the id that "
		                  "the platform shows with --id ID",
		                  change->key);
	wanted = binding_id_problem(road->binding, id);
	if (wanted)
		return diag_error(run->diag, CODE_ID_FORM, PLACE_NONE,
		                  "`%s` is no id of `%s`; one is %s", id,
		                  binding_name(road->binding), wanted);
	row = row_with(road, id);
	if (!row)
		return 0;
	return diag_error(run->diag, CODE_CLAIMED, PLACE_NONE,
	                  "`%s` is recorded for `%s` already; copy the id of "
	                  "the new auth config",
	                  id, row->key);
}

static int check_old_id(struct run *run, const struct change *change)
{
	const char *id = run->options.id;

	if (!id || str_equal(id, change->id))
		return 0;
	return diag_error(
		run->diag, CODE_CLAIMED, PLACE_NONE,
		"`%s` is recorded as `%s`, and --id names `%s`; leave --id "
		"out. If another took its place, take the entry out of the "
		"file, run `trueup forget %s`, put it back and record it anew",
		change->key, change->id, id, change->key);
}

static bool is_made_anew(const struct change *change)
{
	return change->kind == CHANGE_CREATE ||
	       change->kind == CHANGE_RECREATE ||
	       change->kind == CHANGE_REPLACE;
}

static int check_change(struct run *run, const struct road *road,
                        const struct change *change)
{
	if (change->blocked)
		return diag_error(run->diag, CODE_CHANGE_BLOCKED, change->place,
		                  "`%s`: %s", change->address,
		                  change->reason_count ? change->reasons[0]
		                                       : "blocked");
	if (is_made_anew(change))
		return check_new_id(run, road, change);
	return check_old_id(run, change);
}

/* ---- writing it down ---- */

/* A secret that was neither there to be fingerprinted nor has a version can be
 * changed unseen. */
static void warn_of_blind(const struct auth_config *row, FILE *out)
{
	for (size_t i = 0; i < row->record_count; i++) {
		const struct secret_record *record = &row->records[i];

		if (record->known && !record->fingerprinted && !record->version)
			fprintf(out,
			        "\nits %s has neither a fingerprint nor a "
			        "secretVersion, so a later change of it is not "
			        "noticed",
			        record->name);
	}
}

/* NULL after reporting. */
static char *message_of(struct run *run, const struct road *road,
                        const struct change *change, const char *id)
{
	CLEANUP(state_freep)
	struct state *rows = ledger_applied(road->ledger, run->diag);
	const struct auth_config *row;
	char *text = NULL;
	size_t length;
	FILE *out;

	if (!rows)
		return NULL;
	out = xmemstream(&text, &length);
	fprintf(out, "recorded %s/%s: %s, id %s", road->environment.name,
	        change->key, change_kind_names[change->kind], id);
	row = state_find(rows, change->key);
	if (row)
		warn_of_blind(row, out);
	(void)fclose(out);
	return text;
}

static int write_down(struct run *run, struct road *road,
                      const struct change *change, char **message)
{
	const char *id = is_made_anew(change) ? run->options.id : change->id;
	const struct run_record record = {
		.command = run->command,
		.revision = source_revision(road->source),
		.digest = road->plan->digest,
		.who = road->who,
	};
	struct apply_settings settings = {
		.ledger = road->ledger,
		.plan = road->plan,
		.input = &road->input,
		.secrets = &road->secret_settings,
		.key = road->key,
		.clock = run->clock,
	};

	settings.run = ledger_run_begin(road->ledger, &record);
	apply_record(&settings, change, id, run->diag);
	ledger_run_end(road->ledger, settings.run, "done");
	if (ledger_commit(road->ledger, run->diag) < 0)
		return -1;
	*message = message_of(run, road, change, id);
	return *message ? 0 : -1;
}

/* A replaced one that is deleted at last: no change of the plan. */
static int record_retired(struct run *run, struct road *road,
                          const struct auth_config *row, char **message)
{
	const struct change change = {
		.kind = CHANGE_DELETE,
		.key = row->key,
		.id = run->options.id,
		.applied = row,
	};

	return write_down(run, road, &change, message);
}

static int record_key(struct run *run, struct road *road, const char *key,
                      char **message)
{
	const struct auth_config *row = state_find(road->applied, key);
	const struct change *change = find_change(road, key);

	if (row && run->options.id && is_retired(row, run->options.id))
		return record_retired(run, road, row, message);
	if (!change)
		return nothing_planned(run, road, key);
	if (check_change(run, road, change) < 0)
		return -1;
	return write_down(run, road, change, message);
}

/* ---- the verb ---- */

static int check_manual(struct run *run, const struct road *road)
{
	if (binding_is_manual(road->binding))
		return 0;
	return diag_error(run->diag, CODE_NOT_BY_HAND, road->environment.place,
	                  "`%s` is changed by its API; run `trueup apply`, or "
	                  "`trueup adopt` for what was made by hand",
	                  binding_name(road->binding));
}

/* A person speaks of one key and has done it: that is all the permission there
 * can be. What is protected stays so. */
static void permit(struct run *run, const struct road *road, const char *key)
{
	run->options.flags |= RUN_PRUNE | RUN_ALLOW_EMPTY;
	if (state_find(road->desired, key))
		run->options.allow_replace = (struct texts){
			.items = run->options.keys.items,
			.count = 1,
		};
}

static int record(struct run *run, struct road *road, const char *key,
                  char **message)
{
	CLEANUP(textp) char *file = road_file(run);
	int result;

	if (!file || road_load(run, file, 0, road) < 0 ||
	    check_manual(run, road) < 0 ||
	    road_open_ledger(run, road, road_write_flags(run)) < 0 ||
	    road_need_ledger(run, road) < 0 || road_list(run, road) < 0)
		return -1;
	permit(run, road, key);
	result = road_plan(run, road);
	run->options.allow_replace = (struct texts){ .count = 0 };
	return result < 0 ? -1 : record_key(run, road, key, message);
}

int run_record(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *message = NULL;
	const char *key = road_only_key(run);
	struct report report = { .exit = 0 };

	if (road_check_outputs(run) < 0 || !key)
		return run_exit(run->diag);
	if (record(run, &road, key, &message) < 0)
		report.exit = run_exit(run->diag);
	road_describe(run, &road, &report);
	report.plan = NULL;
	if (!report.exit)
		report.message = message;
	return road_report(run, &report);
}
