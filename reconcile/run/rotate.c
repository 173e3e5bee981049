/* SPDX-License-Identifier: MIT */
/*
 * Rotate: a client secret is changed in two phases, so that no user notices:
 * a new one beside the old one, applied and probed; then the old one is revoked
 * at the provider, and somebody says so. What trueup can do itself is what
 * apply does, for one key.
 */
#include "run/road.h"

#include "base/clock.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

static const char client_secret[] = "client.secret";

/* ---- the end: the old one is revoked ---- */

static int confirm(struct run *run, struct road *road, const char *key,
                   char **message)
{
	CLEANUP(textp) char *file = road_file(run);
	const struct auth_config *row;
	struct road_memo memos[2] = {
		{ key, { .name = ROTATION_OPEN } },
		{ key,
		  { .name = ROTATION_CONFIRMED,
		    .at_ms = run->clock->wall_ms(run->clock) } },
	};

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0 ||
	    road_open_ledger(run, road, (enum ledger_flags)0) < 0 ||
	    road_need_ledger(run, road) < 0)
		return -1;
	row = state_find(road->applied, key);
	if (!row || !auth_config_memo(row, ROTATION_OPEN))
		return diag_error(run->diag, CODE_NO_ROTATION, PLACE_NONE,
		                  "no rotation of `%s` is open in the ledger "
		                  "of `%s`, so there is nothing to confirm; "
		                  "`trueup status` lists those that are",
		                  key, road->environment.name);
	if (road_note(run, road, memos, LENGTH(memos)) < 0)
		return -1;
	*message = xasprintf("the rotation of %s/%s is at its end: the old "
	                     "secret is revoked",
	                     road->environment.name, key);
	return 0;
}

/* ---- what comes next ---- */

static void say_users(const struct profile *profile, FILE *out)
{
	if (profile && profile->rotation)
		fprintf(out, "What it does to users of %s: %s\n",
		        profile->title, profile->rotation);
	else
		fputs("What a new secret does to connected users is not known "
		      "of this provider: look it up first.\n",
		      out);
}

static void say_begin(const struct road *road, const char *key, FILE *out)
{
	const struct auth_config *config = state_find(road->desired, key);
	const struct secret_reference *reference =
		auth_config_reference(config, client_secret);
	const struct value id = auth_config_value(config, "client.id");
	const struct profile *profile = profiles_find(
		road->rules.profiles, auth_config_text(config, "connector"));

	fprintf(out, "\nTo rotate the secret of %s/%s:\n",
	        road->environment.name, key);
	fprintf(out,
	        "  1. Make a new client secret of `%s` at %s, and keep the old "
	        "one.\n",
	        id.kind == VALUE_TEXT ? id.bytes : "the app",
	        profile ? profile->title : "the provider");
	fprintf(out,
	        "  2. Put it where `%s` is read, or declare another source, "
	        "with a new secretVersion.\n",
	        reference ? reference->source : "the secret");
	fprintf(out, "  3. Run `trueup rotate %s` again.\n", key);
	say_users(profile, out);
}

static void say_probed(const struct auth_config *row, const struct memo *open,
                       FILE *out)
{
	const struct memo *probed = auth_config_memo(row, "probe.credentials");

	if (probed && probed->at_ms >= open->at_ms && probed->text)
		fprintf(out, "  1. Done: the provider was probed since, %s.\n",
		        probed->text);
	else
		fprintf(out, "  1. Check the new one: trueup probe %s\n",
		        row->key);
}

static void say_open(const struct road *road, const struct auth_config *row,
                     const struct memo *open, FILE *out)
{
	const struct profile *profile = profiles_find(
		road->rules.profiles, auth_config_text(row, "connector"));
	char since[CLOCK_TEXT_SIZE];

	clock_format(open->at_ms, since);
	fprintf(out, "\nThe rotation of %s/%s is open since %s. Next:\n",
	        road->environment.name, row->key, since);
	say_probed(row, open, out);
	fprintf(out, "  2. Revoke the secret before it%s%s%s at %s.\n",
	        open->text ? ", `" : "", open->text ? open->text : "",
	        open->text ? "`," : "",
	        profile ? profile->title : "the provider");
	fprintf(out, "  3. Say so: trueup rotate %s --confirm-revoked\n",
	        row->key);
	say_users(profile, out);
}

/* The ledger is read anew: apply wrote to it. NULL after reporting. */
static char *next_step(struct run *run, struct road *road, const char *key)
{
	CLEANUP(state_freep) struct state *rows = NULL;
	const struct auth_config *row = NULL;
	const struct memo *open = NULL;
	char *text = NULL;
	size_t length = 0;
	FILE *out;

	if (road->ledger) {
		rows = ledger_applied(road->ledger, run->diag);
		if (!rows)
			return NULL;
		row = state_find(rows, key);
	}
	if (row)
		open = auth_config_memo(row, ROTATION_OPEN);
	out = xmemstream(&text, &length);
	if (open)
		say_open(road, row, open, out);
	else
		say_begin(road, key, out);
	(void)fclose(out);
	return text;
}

/* ---- the beginning: what is planned for the key is applied ---- */

static int check_key(struct run *run, const char *file, const char *key)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	const struct auth_config *config;

	if (road_load(run, file, 0, &road) < 0)
		return -1;
	config = state_find(road.desired, key);
	if (!config)
		return diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		                  "`%s` is not declared in `%s`; correct the "
		                  "key",
		                  key, road.environment.name);
	if (auth_config_reference(config, client_secret))
		return 0;
	return diag_error(run->diag, CODE_NO_ROTATION,
	                  auth_config_place(road.desired, config),
	                  "`%s` declares no client secret, so there is none to "
	                  "be rotated",
	                  key);
}

/* The key is what apply knows as --only. */
static int rotate(struct run *run, struct road *road,
                  struct apply_result *result)
{
	CLEANUP(textp) char *file = road_file(run);
	const struct texts only = run->options.keys;

	if (!file || check_key(run, file, only.items[0]) < 0)
		return -1;
	run->options.only = only;
	run->options.keys = (struct texts){ .count = 0 };
	return road_apply(run, file, road, result);
}

static int run_confirm(struct run *run, const char *key)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *message = NULL;
	const int result = confirm(run, &road, key, &message);

	return road_finish(run, &road, result, message);
}

int run_rotate(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(apply_result_release) struct apply_result result = { 0 };
	CLEANUP(textp) char *message = NULL;
	const char *key = road_only_key(run);
	struct report report = { .exit = 0 };

	if (road_check_outputs(run) < 0 || !key)
		return run_exit(run->diag);
	if (run->options.flags & RUN_CONFIRM_REVOKED)
		return run_confirm(run, key);
	report.exit =
		road_apply_exit(run, rotate(run, &road, &result), &result);
	if (!report.exit && !road.deed_count)
		message = next_step(run, &road, key);
	road_describe(run, &road, &report);
	report.apply = &result;
	report.message = message;
	return road_report(run, &report);
}
