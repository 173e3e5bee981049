/* SPDX-License-Identifier: MIT */
/*
 * Rows: the verbs that change or show single ledger rows and touch nothing at
 * the platform: adopt, forget, status.
 */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

const char *road_only_key(struct run *run)
{
	if (run->options.keys.count == 1)
		return run->options.keys.items[0];
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "`%s` takes one key, and %zu are given", run->command,
	           run->options.keys.count);
	return NULL;
}

int road_finish(struct run *run, struct road *road, int result,
                const char *message)
{
	struct report report = { .message = message };

	road_describe(run, road, &report);
	report.exit = result < 0 ? run_exit(run->diag) : 0;
	if (result < 0)
		report.message = NULL;
	return road_report(run, &report);
}

int road_need_ledger(struct run *run, const struct road *road)
{
	const struct environment *environment = &road->environment;

	if (road->ledger)
		return 0;
	if (road->ledger_mode == LEDGER_MODE_NEVER_MADE)
		return diag_error(run->diag, CODE_LEDGER_NEEDED,
		                  environment->ledger_place,
		                  "there is no ledger for `%s` yet; the first "
		                  "`apply --init-ledger` makes it",
		                  environment->name);
	return diag_error(run->diag, CODE_LEDGER_NEEDED, environment->place,
	                  "`%s` works on a ledger, and `%s` has `ledger: none`",
	                  run->command, environment->name);
}

/* ---- adopt ---- */

static int check_adoptable(struct run *run, const struct road *road,
                           const char *key)
{
	const struct auth_config *live;

	if (!state_find(road->desired, key))
		return diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		                  "`%s` is not declared in `%s`; add it to the "
		                  "file first",
		                  key, road->environment.name);
	live = state_find(road->live, run->options.id);
	if (!live)
		return diag_error(run->diag, CODE_ID_UNKNOWN, PLACE_NONE,
		                  "there is no auth config with the id `%s` at "
		                  "%s",
		                  run->options.id,
		                  platform_origin(road->platform));
	for (size_t i = 0; i < state_length(road->applied); i++) {
		const struct auth_config *row = state_at(road->applied, i);

		if (str_equal(row->key, key) ||
		    str_equal(row->id, run->options.id))
			return diag_error(run->diag, CODE_CLAIMED, PLACE_NONE,
			                  "`%s` is bound to `%s` already; "
			                  "forget it first",
			                  row->key, row->id);
	}
	return 0;
}

/* The secret the operator vouches for: its fingerprint or version. */
static void vouch(struct run *run, struct road *road, struct state *rows,
                  const char *row_uuid,
                  const struct secret_reference *reference)
{
	CLEANUP(secret_freep) struct secret *secret = NULL;
	struct secret_record record = {
		.name = reference->name,
		.known = true,
		.version = reference->version,
		.source = reference->source,
		.set_at_ms = run->clock->wall_ms(run->clock),
	};

	if (secret_resolve(&road->secret_settings, reference->source,
	                   reference->place, &secret,
	                   run->diag) == SECRET_RESOLVED &&
	    road->key)
		record.fingerprinted =
			secret_fingerprint(road->key, row_uuid, record.name,
		                           secret, record.fingerprint);
	if (record.fingerprinted)
		record.key_id = fingerprint_key_id(road->key);
	state_record(rows, &record);
}

/*
 * A row bound to a live object: what is live counts as sent and seen, so that
 * the next plan shows exactly what the file says otherwise.
 */
static void add_row(struct run *run, struct road *road, struct state *rows,
                    const struct auth_config *config,
                    const struct auth_config *live)
{
	const bool vouched = run->options.flags & RUN_SECRET_IS_CURRENT;
	char uuid[33];

	ledger_new_uuid(uuid);
	state_begin(rows, config->key, PLACE_NONE);
	for (size_t i = 0; i < live->field_count; i++) {
		const struct field *field = &live->fields[i];
		const struct value value = field_value(field);

		state_field(rows, field->name, value, PLACE_NONE);
		state_seen(rows, field->name, value);
	}
	state_open(rows)->id = state_text(rows, live->id);
	state_open(rows)->row_uuid = state_text(rows, uuid);
	state_open(rows)->natural_key = state_text(rows, live->natural_key);
	state_open(rows)->updated_at = state_text(rows, live->updated_at);
	state_open(rows)->flags = config->flags & AUTH_CONFIG_PROTECTED;
	for (size_t i = 0; vouched && i < config->reference_count; i++)
		vouch(run, road, rows, uuid, &config->references[i]);
	state_end(rows);
}

int road_bind(struct run *run, struct road *road,
              const struct auth_config *const *configs,
              const struct auth_config *const *live, size_t count)
{
	CLEANUP(state_freep) struct state *rows = state_new(STATE_BY_KEY);
	const struct run_record record = {
		.command = run->command,
		.revision = source_revision(road->source),
		.digest = "",
		.who = road->who,
	};
	const char *twin = NULL;
	int64_t number;

	for (size_t i = 0; i < count; i++)
		add_row(run, road, rows, configs[i], live[i]);
	if (state_finish(rows, &twin) < 0)
		return diag_error(run->diag, CODE_CLAIMED, PLACE_NONE,
		                  "`%s` would be bound twice", twin);
	number = ledger_run_begin(road->ledger, &record);
	for (size_t i = 0; i < count; i++)
		ledger_put(road->ledger, state_at(rows, i));
	ledger_run_end(road->ledger, number, "done");
	return ledger_commit(road->ledger, run->diag);
}

static int bind_one(struct run *run, struct road *road, const char *key)
{
	const struct auth_config *config, *live;

	if (check_adoptable(run, road, key) < 0)
		return -1;
	config = state_find(road->desired, key);
	live = state_find(road->live, run->options.id);
	return road_bind(run, road, &config, &live, 1);
}

enum ledger_flags road_write_flags(const struct run *run)
{
	unsigned flags = LEDGER_WRITE;

	if (run->options.flags & RUN_INIT_LEDGER)
		flags |= LEDGER_MAKE;
	if (run->options.flags & RUN_SIGN_LEDGER)
		flags |= LEDGER_SIGN;
	return (enum ledger_flags)flags;
}

/* Nobody can look there whether the id is right. */
static int check_listed(struct run *run, const struct road *road,
                        const char *key)
{
	if (!binding_is_manual(road->binding))
		return 0;
	return diag_error(
		run->diag, CODE_BY_HAND, road->environment.place,
		"`%s` cannot be asked what is live; if %s is there as "
		"the file has it, run `trueup record %s --id %s`",
		binding_name(road->binding), key, key, run->options.id);
}

static int adopt(struct run *run, struct road *road, const char *key)
{
	CLEANUP(textp) char *file = road_file(run);

	if (!file || road_load(run, file, 0, road) < 0 ||
	    check_listed(run, road, key) < 0 ||
	    road_open_ledger(run, road, road_write_flags(run)) < 0 ||
	    road_need_ledger(run, road) < 0 || road_list(run, road) < 0)
		return -1;
	return bind_one(run, road, key);
}

int run_adopt(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *message = NULL;
	const char *key;

	if (run->options.flags & RUN_ALL_MATCHING)
		return adopt_all(run);
	key = road_only_key(run);
	if (road_check_outputs(run) < 0 || !key)
		return run_exit(run->diag);
	if (!run->options.id) {
		diag_error(
			run->diag, CODE_USAGE, PLACE_NONE,
			"adopt wants the id to bind `%s` to; give --id ID, or "
			"--all-matching for all that can be told apart",
			key);
		return run_exit(run->diag);
	}
	message = xasprintf("adopted `%s` as %s", run->options.id, key);
	return road_finish(run, &road, adopt(run, &road, key), message);
}

/* ---- forget ---- */

static int forget(struct run *run, struct road *road, const char *key)
{
	CLEANUP(textp) char *file = road_file(run);
	const struct run_record record = {
		.command = run->command,
		.revision = "",
		.digest = "",
	};
	const struct auth_config *row;
	int64_t number;

	if (!file || road_load(run, file, 0, road) < 0 ||
	    road_open_ledger(run, road, road_write_flags(run)) < 0 ||
	    road_need_ledger(run, road) < 0)
		return -1;
	row = state_find(road->applied, key);
	if (!row)
		return diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		                  "the ledger of `%s` has no `%s`",
		                  road->environment.name, key);
	if (state_find(road->desired, key))
		return diag_error(run->diag, CODE_STILL_DECLARED, PLACE_NONE,
		                  "`%s` is declared in `%s`; remove it there "
		                  "before it is forgotten",
		                  key, road->environment.name);
	number = ledger_run_begin(road->ledger, &record);
	ledger_remove(road->ledger, row->row_uuid);
	ledger_run_end(road->ledger, number, "done");
	return ledger_commit(road->ledger, run->diag);
}

int run_forget(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *message = NULL;
	const char *key = road_only_key(run);

	if (road_check_outputs(run) < 0 || !key)
		return run_exit(run->diag);
	message = xasprintf("forgot `%s`; what is live stays as it is", key);
	return road_finish(run, &road, forget(run, &road, key), message);
}
