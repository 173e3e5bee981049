/* SPDX-License-Identifier: MIT */
/*
 * Rules: what the rules of lint are given. Values of secrets are looked at one
 * at a time, as facts are gathered; what is kept of one are flags and a number.
 */
#include "run/road.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>

void rules_release(struct rules *rules)
{
	findings_free(rules->findings);
	free(rules->environments);
	secret_groups_free(rules->groups);
	profiles_free(rules->profiles);
}

enum lint_severity road_fail_on(const struct run *run)
{
	const char *said = run->options.fail_on;

	for (int i = LINT_INFO; said && i <= LINT_ERROR; i++) {
		if (str_equal(said, lint_severity_names[i]))
			return (enum lint_severity)i;
	}
	return said && str_equal(said, lint_severity_names[LINT_OFF])
	               ? (enum lint_severity)(LINT_ERROR + 1)
	               : LINT_ERROR;
}

bool road_rules_broken(const struct run *run, const struct rules *rules)
{
	const enum lint_severity fail_on = road_fail_on(run);
	const size_t count =
		rules->findings ? findings_length(rules->findings) : 0;

	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = findings_at(rules->findings, i);

		if (!finding->waived_by && finding->severity >= fail_on &&
		    (!rules->judged ||
		     str_equal(finding->environment, rules->judged)))
			return true;
	}
	return false;
}

/* ---- profiles ---- */

static int add_profile(struct run *run, struct road *road, const char *said,
                       struct profiles *profiles)
{
	CLEANUP(textp)
	char *path = road_outside(run, road, said, "the profile");
	CLEANUP(buffer_release) struct buffer text = { 0 };

	if (!path || file_read(path, LIMIT_FILE_BYTES, &text, run->diag) < 0)
		return -1;
	return profiles_add(profiles, said, text.bytes, text.length, run->diag);
}

/* The embedded ones and the operator's. */
int road_profiles(struct run *run, struct road *road, struct rules *rules)
{
	const struct texts *said = &run->options.profiles;
	int result = 0;

	rules->profiles = profiles_load(run->diag);
	if (!rules->profiles)
		return -1;
	for (size_t i = 0; i < said->count; i++) {
		if (add_profile(run, road, said->items[i], rules->profiles) < 0)
			result = -1;
	}
	return result;
}

/* ---- facts of one secret ---- */

static int64_t expiry_of(const struct secret_reference *reference)
{
	int64_t at_ms = 0;

	if (!reference->expires ||
	    clock_parse_day_end(reference->expires, &at_ms) < 0)
		return 0;
	return at_ms;
}

/* The forms that a profile knows, and what a secret of each is. */
static unsigned forms_of(const struct profile *profile,
                         const struct secret *secret)
{
	unsigned flags = 0;

	if (secret_matches(secret, profile->id_form))
		flags |= LINT_SECRET_AS_ID;
	if (secret_matches(secret, profile->token_form))
		flags |= LINT_SECRET_AS_TOKEN;
	if (profile->secret_form &&
	    !secret_matches(secret, profile->secret_form))
		flags |= LINT_SECRET_MISFORMED;
	return flags;
}

static unsigned flags_of(const struct road *road,
                         const struct auth_config *config,
                         const struct secret *secret)
{
	const struct value id = auth_config_value(config, "client.id");
	const struct profile *profile = profiles_find(
		road->rules.profiles, auth_config_text(config, "connector"));
	unsigned flags = profile ? forms_of(profile, secret) : 0;

	if (id.kind == VALUE_TEXT && secret_is_text(secret, id.bytes))
		flags |= LINT_SECRET_IS_ID;
	return flags;
}

void road_rule_fact(struct road *road, const struct auth_config *config,
                    const struct secret_reference *reference,
                    const struct secret *secret)
{
	const size_t index = road->fact_count - 1;
	struct lint_secret *known = &road->lint_secrets[index];

	*known = (struct lint_secret){
		.key = config->key,
		.name = reference->name,
		.expires_ms = expiry_of(reference),
	};
	if (!secret)
		return;
	/* Forms are those of an OAuth app's secret. */
	if (str_equal(reference->name, "client.secret"))
		known->flags = flags_of(road, config, secret);
	if (road->facts[index].fingerprint == MATCH_EQUAL)
		known->flags |= LINT_SECRET_UNCHANGED;
	if (road->rules.groups)
		known->group = secret_groups_number(road->rules.groups, secret);
}

/* ---- environments ---- */

/* The number of a value, where it is at hand and may be read; else 0. */
static unsigned group_of(const struct road *road,
                         const struct secret_reference *reference,
                         struct secret_groups *groups)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(secret_freep) struct secret *secret = NULL;

	return secret_resolve(&road->secret_settings, reference->source,
	                      reference->place, &secret,
	                      unsaid) == SECRET_RESOLVED
	               ? secret_groups_number(groups, secret)
	               : 0;
}

static void add_fact(struct road *road, size_t *capacity,
                     const struct lint_secret *fact)
{
	road->lint_secrets = xgrow(road->lint_secrets, road->fact_count,
	                           capacity, sizeof(*road->lint_secrets));
	road->lint_secrets[road->fact_count++] = *fact;
}

/* Of a file that is not planned: what it declares, and with `groups` also
 * which values are equal. Where that is nothing, nothing is kept. */
static void gather_declared(struct road *road, struct secret_groups *groups)
{
	size_t capacity = 0;

	for (size_t i = 0; i < state_length(road->desired); i++) {
		const struct auth_config *config = state_at(road->desired, i);

		for (size_t j = 0; j < config->reference_count; j++) {
			const struct secret_reference *reference =
				&config->references[j];
			const struct lint_secret fact = {
				.key = config->key,
				.name = reference->name,
				.group = groups ? group_of(road, reference,
				                           groups)
				                : 0,
				.expires_ms = expiry_of(reference),
			};

			if (fact.group || fact.expires_ms)
				add_fact(road, &capacity, &fact);
		}
	}
}

static const char *origin_of(struct road *road)
{
	const char *url = road->environment.url ? road->environment.url
	                                        : binding_url(road->binding);

	if (!road->origin)
		road->origin = http_origin(url);
	return road->origin;
}

/* Of the rows of a ledger, in their order. */
static void gather_rotations(struct road *road, const struct state *applied)
{
	const size_t count = applied ? state_length(applied) : 0;

	free(road->rotations);
	road->rotations = xcalloc(count + 1, sizeof(*road->rotations));
	road->rotation_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct auth_config *row = state_at(applied, i);
		const struct memo *open = auth_config_memo(row, ROTATION_OPEN);

		if (open)
			road->rotations[road->rotation_count++] =
				(struct lint_rotation){
					.key = row->key,
					.before = open->text,
					.since_ms = open->at_ms,
				};
	}
}

static void describe(struct road *road, struct lint_environment *out)
{
	const struct environment *environment = &road->environment;

	*out = (struct lint_environment){
		.name = environment->name,
		.file = environment->place.file,
		.place = environment->place,
		.api_key_place = environment->api_key_place,
		.desired = road->desired,
		.callback = environment->callback,
		.origin = origin_of(road),
		.api_key_source = environment->api_key_source,
		.policy = road->lint_policy,
		.secrets = road->lint_secrets,
		.secret_count = road->fact_count,
		.rotations = road->rotations,
		.rotation_count = road->rotation_count,
	};
}

static void lint(const struct run *run, struct rules *rules, size_t count)
{
	rules->findings = lint_run(rules->environments, count, rules->profiles,
	                           run->clock->wall_ms(run->clock));
}

/* ---- plan, apply ---- */

static int load_beside(struct run *run, struct road *road)
{
	const struct texts *said = &run->options.beside;
	int result = 0;

	road->beside = xcalloc(said->count + 1, sizeof(*road->beside));
	for (size_t i = 0; i < said->count; i++) {
		if (road_load(run, said->items[i], DESIRED_LENIENT,
		              &road->beside[road->beside_count++]) < 0)
			result = -1;
	}
	return result;
}

int road_rules_begin(struct run *run, struct road *road)
{
	if (road_profiles(run, road, &road->rules) < 0 ||
	    load_beside(run, road) < 0)
		return -1;
	if (road->beside_count)
		road->rules.groups = secret_groups_new();
	return 0;
}

void road_rules(struct run *run, struct road *road)
{
	struct rules *rules = &road->rules;

	rules->environments =
		xcalloc(road->beside_count + 1, sizeof(*rules->environments));
	gather_rotations(road, road->resolved.applied);
	describe(road, &rules->environments[0]);
	rules->judged = road->environment.name;
	rules->environments[0].live = road->live;
	rules->environments[0].applied = road->resolved.applied;
	for (size_t i = 0; i < road->beside_count; i++) {
		gather_declared(&road->beside[i], rules->groups);
		describe(&road->beside[i], &rules->environments[i + 1]);
	}
	lint(run, rules, road->beside_count + 1);
}

/* ---- validate ---- */

int road_rules_offline(struct run *run, struct road *const *roads, size_t count,
                       struct rules *rules)
{
	size_t read = 0, first = 0;

	while (first < count && !roads[first])
		first++;
	if (first == count)
		return 0;
	if (road_profiles(run, roads[first], rules) < 0)
		return -1;
	rules->environments = xcalloc(count + 1, sizeof(*rules->environments));
	for (size_t i = 0; i < count; i++) {
		if (!roads[i])
			continue;
		gather_declared(roads[i], NULL);
		gather_rotations(roads[i], roads[i]->applied);
		describe(roads[i], &rules->environments[read++]);
	}
	lint(run, rules, read);
	return 0;
}
