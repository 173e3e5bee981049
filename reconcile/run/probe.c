/* SPDX-License-Identifier: MIT */
/*
 * Probe: shows what would be sent, asks, tries each auth config at its
 * provider, and writes the verdicts down. One secret at a time is at hand.
 */
#include "run/probing.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* ---- subjects ---- */

static const char *text_or_null(const struct auth_config *config,
                                const char *name)
{
	const struct value value = auth_config_value(config, name);

	return value.kind == VALUE_TEXT && value.length ? value.bytes : NULL;
}

/* As declared; else as the platform was seen to give it; else as the platform's
 * callback is known. */
static const char *redirect_of(const struct road *road,
                               const struct auth_config *config)
{
	const struct auth_config *row = state_find(road->applied, config->key);
	const char *declared = text_or_null(config, "redirectUri");
	struct value seen = value_absent();

	if (row)
		seen = auth_config_seen(row, "redirectUri");
	if (declared)
		return declared;
	return seen.kind == VALUE_TEXT && seen.length
	               ? seen.bytes
	               : road->environment.callback;
}

static void make_subject(const struct road *road, struct probing *each)
{
	const struct auth_config *config = each->config;

	each->subject = (struct probe_subject){
		.profile = profiles_find(road->rules.profiles,
		                         auth_config_text(config, "connector")),
		.client_id = text_or_null(config, "client.id"),
		.redirect_uri = redirect_of(road, config),
		.scopes = auth_config_value(config, "scopes"),
	};
	if (!each->subject.client_id)
		each->skipped = "the platform's own app, which it looks after "
				"itself";
	else if (!each->subject.profile)
		each->skipped = "nothing is known of this connector's provider";
}

static int add(struct run *run, struct road *road, const char *key,
               struct probes *probes)
{
	struct probing *each = &probes->items[probes->count];

	each->config = state_find(road->desired, key);
	if (!each->config)
		return diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		                  "`%s` is not declared in `%s`; correct the "
		                  "key",
		                  key, road->environment.name);
	probes->count++;
	make_subject(road, each);
	return 0;
}

static int choose(struct run *run, struct road *road, struct probes *probes)
{
	const struct texts *keys = &run->options.keys;
	const size_t all = state_length(road->desired);
	int result = 0;

	probes->items = xcalloc(keys->count + all + 1, sizeof(*probes->items));
	for (size_t i = 0; i < keys->count; i++) {
		if (add(run, road, keys->items[i], probes) < 0)
			result = -1;
	}
	for (size_t i = 0; !keys->count && i < all; i++) {
		if (add(run, road, state_at(road->desired, i)->key, probes) < 0)
			result = -1;
	}
	return result;
}

/* Its value, to be freed at once; NULL when it is not there. A value that is
 * none is reported: -1. */
static int resolve(struct run *run, struct road *road,
                   const struct probing *each, struct secret **out)
{
	const struct secret_reference *reference =
		auth_config_reference(each->config, "client.secret");

	*out = NULL;
	if (!reference)
		return 0;
	return secret_resolve(&road->secret_settings, reference->source,
	                      reference->place, out,
	                      run->diag) == SECRET_REFUSED
	               ? -1
	               : 0;
}

/* ---- before anything is sent ---- */

static int check_hosts(struct run *run, const struct road *road,
                       const struct probes *probes)
{
	int result = 0;

	for (size_t i = 0; i < probes->count; i++) {
		const struct probing *each = &probes->items[i];

		if (!each->skipped &&
		    probe_check_hosts(each->subject.profile, road->allow_hosts,
		                      road->allow_host_count, run->diag) < 0)
			result = -1;
	}
	return result;
}

static void show_steps(struct run *run, const struct road *road,
                       const struct probing *each, size_t *shown)
{
	struct probe_step steps[PROBE_STEPS];
	const size_t count = probe_steps(&each->subject, steps);

	for (size_t i = 0; i < count; i++) {
		if (!(*shown)++)
			fputs("Would be sent, each once:\n", run->talk);
		fprintf(run->talk, "  %s %s\n    %s/%s: %s\n", steps[i].method,
		        steps[i].url, road->environment.name, each->config->key,
		        steps[i].sends);
	}
}

/* How many requests there will be; -1 after reporting. */
static int announce(struct run *run, struct road *road, struct probes *probes,
                    size_t *shown)
{
	int result = 0;

	*shown = 0;
	for (size_t i = 0; i < probes->count; i++) {
		struct probing *each = &probes->items[i];
		CLEANUP(secret_freep) struct secret *secret = NULL;

		if (each->skipped)
			continue;
		if (resolve(run, road, each, &secret) < 0)
			result = -1;
		each->subject.secret = secret;
		show_steps(run, road, each, shown);
		each->subject.secret = NULL;
	}
	if (*shown)
		fputs("The providers may log it as failed logins.\n",
		      run->talk);
	return result;
}

/* ---- asking ---- */

static int ask(struct run *run, struct road *road, struct probing *each)
{
	CLEANUP(secret_freep) struct secret *secret = NULL;
	int result;

	if (each->skipped)
		return 0;
	if (resolve(run, road, each, &secret) < 0)
		return -1;
	each->subject.secret = secret;
	result = probe_run(&each->subject, &road->http, &each->result,
	                   run->diag);
	each->subject.secret = NULL;
	each->asked = result == 0;
	return result;
}

static int ask_all(struct run *run, struct road *road, struct probes *probes)
{
	for (size_t i = 0; i < probes->count; i++) {
		if (run->stopping && run->stopping(run->stopping_context)) {
			probes->stopped = true;
			return 0;
		}
		if (ask(run, road, &probes->items[i]) < 0)
			return -1;
	}
	return 0;
}

static int probe_providers(struct run *run, struct road *road,
                           struct probes *probes)
{
	CLEANUP(textp) char *deed = NULL;
	size_t requests = 0;

	if (check_hosts(run, road, probes) < 0 ||
	    announce(run, road, probes, &requests) < 0)
		return -1;
	deed = xasprintf("send this for %s", road->environment.name);
	if (requests && road_agree(run, road, deed) < 0)
		return -1;
	return ask_all(run, road, probes);
}

/* ---- what is left of it ---- */

static const char *const memo_names[PROBE_PARTS] = {
	[PROBE_CREDENTIALS] = "probe.credentials",
	[PROBE_REDIRECT] = "probe.redirect",
	[PROBE_SCOPES] = "probe.scopes",
};

static int write_down(struct run *run, struct road *road,
                      const struct probes *probes)
{
	const int64_t now_ms = run->clock->wall_ms(run->clock);
	struct road_memo *memos =
		xcalloc(PROBE_PARTS * probes->count + 1, sizeof(*memos));
	size_t count = 0;
	int result;

	for (size_t i = 0; i < probes->count; i++) {
		const struct probing *each = &probes->items[i];

		for (size_t j = 0; each->asked && j < PROBE_PARTS; j++) {
			const enum probe_verdict verdict =
				each->result.parts[j].verdict;

			if (verdict == PROBE_UNASKED)
				continue;
			memos[count++] = (struct road_memo){
				.key = each->config->key,
				.memo = { .name = memo_names[j],
				          .text = probe_verdict_names[verdict],
				          .at_ms = now_ms },
			};
		}
	}
	result = road_note(run, road, memos, count);
	free(memos);
	return result;
}

static const char *const part_fields[PROBE_PARTS] = {
	[PROBE_CREDENTIALS] = "client.id",
	[PROBE_REDIRECT] = "redirectUri",
	[PROBE_SCOPES] = "scopes",
};

/* Where the part stands in the file, else its entry. */
static struct place place_of(const struct road *road,
                             const struct auth_config *config,
                             enum probe_part part)
{
	for (size_t i = 0; i < config->field_count; i++) {
		if (str_equal(config->fields[i].name, part_fields[part]))
			return field_place(road->desired, &config->fields[i]);
	}
	return auth_config_place(road->desired, config);
}

static void judge(struct run *run, const struct road *road,
                  const struct probing *each, enum probe_part part)
{
	const enum probe_verdict verdict = each->result.parts[part].verdict;
	const bool strict = run->options.flags & RUN_STRICT;
	const struct place place = place_of(road, each->config, part);

	if (probe_is_bad(verdict))
		diag_error(run->diag, CODE_PROBE_REJECTED, place,
		           "`%s/%s`, %s: %s; %s", road->environment.name,
		           each->config->key, probe_part_names[part],
		           probe_verdict_names[verdict],
		           probe_advice(part, verdict));
	else if (strict && verdict == PROBE_INCONCLUSIVE)
		diag_error(run->diag, CODE_PROBE_UNSURE, place,
		           "`%s/%s`, %s: nothing can be told; %s",
		           road->environment.name, each->config->key,
		           probe_part_names[part], probe_advice(part, verdict));
}

static void judge_all(struct run *run, const struct road *road,
                      const struct probes *probes)
{
	for (size_t i = 0; i < probes->count; i++) {
		for (int j = 0; probes->items[i].asked && j < PROBE_PARTS; j++)
			judge(run, road, &probes->items[i], (enum probe_part)j);
	}
}

static struct report_probe *describe(const struct probes *probes)
{
	struct report_probe *rows = xcalloc(probes->count + 1, sizeof(*rows));

	for (size_t i = 0; i < probes->count; i++) {
		const struct probing *each = &probes->items[i];
		const struct profile *profile = each->subject.profile;

		rows[i] = (struct report_probe){
			.key = each->config->key,
			.provider = profile ? profile->title : NULL,
			.result = each->asked ? &each->result : NULL,
			.skipped = each->asked     ? NULL
			           : each->skipped ? each->skipped
			                           : "not asked",
		};
	}
	return rows;
}

static void release(struct probes *probes)
{
	for (size_t i = 0; i < probes->count; i++)
		probe_result_release(&probes->items[i].result);
	free(probes->items);
}

/* ---- the verb ---- */

static int probe(struct run *run, struct road *road, struct probes *probes)
{
	const bool at_platform = run->options.flags & RUN_AT_PLATFORM;
	CLEANUP(textp) char *file = road_file(run);
	int result;

	if (!file || road_load(run, file, 0, road) < 0 ||
	    road_profiles(run, road, &road->rules) < 0 ||
	    road_open_ledger(run, road, (enum ledger_flags)0) < 0)
		return -1;
	road_network(run, road);
	if (choose(run, road, probes) < 0)
		return -1;
	result = at_platform ? probe_platform(run, road, probes)
	                     : probe_providers(run, road, probes);
	if (result < 0)
		return -1;
	judge_all(run, road, probes);
	return at_platform ? 0 : write_down(run, road, probes);
}

int run_probe(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(release) struct probes probes = { .items = NULL };
	struct report report = { .exit = 0 };
	struct report_probe *rows;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	(void)probe(run, &road, &probes);
	report.exit = run_exit(run->diag);
	if (probes.stopped && run->stop_exit)
		report.exit = run->stop_exit;
	rows = describe(&probes);
	road_describe(run, &road, &report);
	report.probes = rows;
	report.probe_count = probes.count;
	if (run->options.flags & RUN_AT_PLATFORM)
		report.message = "what a platform does with such a user was "
				 "read in its documentation, and never tried "
				 "at the real one";
	result = road_report(run, &report);
	free(rows);
	return result;
}
