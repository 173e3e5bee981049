/* SPDX-License-Identifier: MIT */
/*
 * Facts: what comparing each declared secret with ledger and platform says.
 * One value at a time: resolved, checked, fingerprinted, wiped.
 */
#include "run/road.h"

#include "base/text.h"

#include <string.h>

/* What one declared secret is held against. */
struct known {
	const struct auth_config *config;
	const struct auth_config *row;  /* or NULL */
	const struct auth_config *live; /* or NULL */
	const struct secret_record *record;
	const struct secret_reading *reading;
	const char *name;
};

static bool is_told(enum secret_readback readback)
{
	return readback == READBACK_HINT || readback == READBACK_CLEAR;
}

/* Whether this platform says anything of a secret's value. */
static bool is_readable(const struct road *road, const char *name)
{
	const struct secret_trait *trait =
		traits_secret(binding_traits(road->binding), name);

	return trait && is_told(trait->readback);
}

static void look_up(const struct road *road, const char *name,
                    struct known *known)
{
	known->name = name;
	known->record = NULL;
	known->reading = NULL;
	if (known->row)
		known->record = auth_config_record(known->row, name);
	if (known->live && is_readable(road, name))
		known->reading = auth_config_reading(known->live, name);
}

static enum secret_match match_print(const struct road *road,
                                     const struct known *known,
                                     const struct secret *secret)
{
	const struct secret_record *record = known->record;
	uint8_t print[FINGERPRINT_BYTES];

	if (!record || !record->fingerprinted || !road->key)
		return MATCH_NOT_COMPARED;
	if (!str_equal(record->key_id, fingerprint_key_id(road->key)))
		return MATCH_OTHER_KEY;
	if (!secret_fingerprint(road->key, known->row->row_uuid, known->name,
	                        secret, print))
		return MATCH_DIFFERENT; /* none so short has a fingerprint */
	return hash_equal(print, record->fingerprint) ? MATCH_EQUAL
	                                              : MATCH_DIFFERENT;
}

static void match_reading(const struct road *road, const struct known *known,
                          const struct secret *secret, struct secret_fact *fact)
{
	const struct secret_reading *reading = known->reading;

	if (!reading)
		return;
	if (reading->clear)
		fact->live_fingerprint =
			match_print(road, known, reading->clear);
	if (!secret)
		return;
	if (reading->hint)
		fact->hint = secret_has_hint(secret, reading->hint,
		                             (unsigned)strlen(reading->hint))
		                     ? MATCH_EQUAL
		                     : MATCH_DIFFERENT;
	if (reading->clear)
		fact->clear = secret_equal(secret, reading->clear)
		                      ? MATCH_EQUAL
		                      : MATCH_DIFFERENT;
}

/* For people: what is missing, by the reference's kind. */
static const char *why_unresolved(const char *source)
{
	return str_starts(source, "env:") ? "variable is not set"
	                                  : "file is not there";
}

static int add_fact(struct run *run, struct road *road, struct known *known,
                    const struct secret_reference *reference)
{
	struct secret_fact *fact = &road->facts[road->fact_count++];
	CLEANUP(secret_freep) struct secret *secret = NULL;
	enum secret_found found =
		secret_resolve(&road->secret_settings, reference->source,
	                       reference->place, &secret, run->diag);

	look_up(road, reference->name, known);
	fact->key = known->config->key;
	fact->name = reference->name;
	fact->resolved = found == SECRET_RESOLVED;
	if (!fact->resolved)
		fact->unresolved_why = why_unresolved(reference->source);
	if (secret)
		fact->fingerprint = match_print(road, known, secret);
	match_reading(road, known, secret, fact);
	road_rule_fact(road, known->config, reference, secret);
	return found == SECRET_REFUSED ? -1 : 0;
}

static size_t count_references(const struct state *desired)
{
	size_t count = 0;

	for (size_t i = 0; i < state_length(desired); i++)
		count += state_at(desired, i)->reference_count;
	return count;
}

/* The row of a key: both states are sorted by key, so *next only grows. */
static const struct auth_config *row_of(const struct state *applied,
                                        const struct auth_config *config,
                                        size_t *next)
{
	int order = -1;

	for (; *next < state_length(applied); (*next)++) {
		order = strcmp(state_at(applied, *next)->key, config->key);
		if (order >= 0)
			break;
	}
	if (order == 0)
		return state_at(applied, *next);
	return config->renamed_from ? state_find(applied, config->renamed_from)
	                            : NULL;
}

/* Objects that are adopted have no row yet that names them. */
static struct plan_match *find_matches(const struct road *road)
{
	const struct traits *traits = binding_traits(road->binding);
	const struct plan_input input = {
		.desired = road->desired,
		.live = road->live,
		.applied = road->resolved.applied,
		.traits = traits,
	};

	for (size_t i = 0; i < traits->secret_count; i++) {
		if (is_told(traits->secrets[i].readback))
			return plan_matches(&input);
	}
	return NULL;
}

static int add_facts(struct run *run, struct road *road, struct known *known)
{
	const struct auth_config *config = known->config;
	int result = 0;

	for (size_t i = 0; i < config->reference_count; i++) {
		if (add_fact(run, road, known, &config->references[i]) < 0)
			result = -1;
	}
	return result;
}

int road_facts(struct run *run, struct road *road)
{
	struct plan_match *matches = find_matches(road);
	size_t next = 0;
	int result = 0;

	road->facts = xcalloc(count_references(road->desired) + 1,
	                      sizeof(*road->facts));
	road->lint_secrets = xcalloc(count_references(road->desired) + 1,
	                             sizeof(*road->lint_secrets));
	for (size_t i = 0; i < state_length(road->desired); i++) {
		const struct auth_config *config = state_at(road->desired, i);
		struct known known = {
			.config = config,
			.row = row_of(road->resolved.applied, config, &next),
		};

		if (matches && known.row && known.row->id)
			known.live = state_find(road->live, known.row->id);
		if (matches && !known.live)
			known.live = matches[i].live;
		if (add_facts(run, road, &known) < 0)
			result = -1;
	}
	plan_matches_free(matches, state_length(road->desired));
	return result;
}
