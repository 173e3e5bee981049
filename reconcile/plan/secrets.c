/* SPDX-License-Identifier: MIT */
/*
 * Table S, rows S1 to S11: what is wished of a secret, without ever seeing it.
 * keeps.c goes on with what is live and what the request does to it.
 */
#include "plan/keeps.h"

#include "base/text.h"
#include "schema/schema.h"

#include <assert.h>
#include <stdlib.h>

enum secret_column {
	S_MANAGED, /* D is managed */
	S_MADE,    /* a new object, or managed becomes own */
	S_CLIENT,  /* the client id is written */
	S_MISSING, /* the answer leaves out what the binding can read */
	S_UNSET,
	S_DOUBT,
	S_KNOWN,    /* the ledger knows what was sent */
	S_VERSION,  /* v: 0 none; 1 the ledger's; 2 another; 3 newly */
	S_SOURCE,   /* another than the ledger's */
	S_RESOLVED, /* declared and there */
	S_PRINT,    /* fingerprint: enum secret_match */
	S_READBACK, /* 0 never, masked; 1 hint; 2 cleartext */
	S_LIVE,     /* declared against hint or cleartext: enum secret_match */
	SECRET_COLUMNS
};

struct wish {
	const char *row;
	signed char when[SECRET_COLUMNS];
	enum secret_action action;
	bool needs_value;
	bool records;
	enum danger danger;
	const char *words;
};

/* clang-format off */
#define ROW(id, managed, made, client, missing, unset, doubt, known,  \
	    version, source, resolved, print, readback, live,         \
	    action, needs, records, danger, words)                    \
	{ id,                                                         \
	  { managed, made, client, missing, unset, doubt, known,      \
	    version, source, resolved, print, readback, live },       \
	  SECRET_##action, needs, records, DANGER_##danger, words }

/* The row that is met most comes first; it shares nothing with another. */
static const struct wish wishes[] = {
	/*           made   unset  v      fp              needs a value
	 *         managed client doubt  source  readback    records
	 *                missing   known  resolved live          */
	ROW("S9a",  0,0,0,0,0,0,1,0,0,1,E,x,x, KEEP,   0,0, NONE, "unchanged"),
	ROW("S2",   1,0,x,x,x,x,x,x,x,x,x,x,x, NONE,   0,0, NONE, ""),
	ROW("S2c",  1,1,x,x,x,x,x,x,x,x,x,x,x, CLEAR,  0,0, DESTRUCTIVE, "managed from now on: will be cleared"),
	ROW("S1",   0,1,x,x,x,x,x,x,x,x,x,x,x, SET,    1,0, REVIEW, "will be set"),
	ROW("S3",   0,0,1,x,x,x,x,x,x,x,x,x,x, SET,    1,0, REVIEW, "new id, new secret"),
	ROW("S4",   0,0,0,1,x,x,x,x,x,x,x,x,x, NONE,   0,0, NONE, NULL),
	ROW("S5",   0,0,0,0,1,x,x,x,x,x,x,x,x, SET,    1,0, REVIEW, "the platform says that none is set"),
	ROW("S6",   0,0,0,0,0,1,x,x,x,x,x,x,x, SET,    1,0, REVIEW, "the outcome of an earlier run is unknown: sent again"),
	ROW("S7c3", 0,0,0,0,0,0,1,2,x,1,E,x,x, ROTATE, 1,0, REVIEW, "another version, though the value is the same"),
	ROW("S7a",  0,0,0,0,0,0,1,2,x,x,x,x,x, ROTATE, 1,0, REVIEW, "another version"),
	ROW("S7b3", 0,0,0,0,0,0,1,3,x,1,E,x,x, ROTATE, 1,0, REVIEW, "versioned from now on, though the value is the same"),
	ROW("S7b",  0,0,0,0,0,0,1,3,x,x,x,x,x, ROTATE, 1,0, REVIEW, "versioned from now on"),
	ROW("S8w",  0,0,0,0,0,0,1,1,x,1,D,x,x, KEEP,   0,0, NONE, "value changed, version did not: not sent"),
	ROW("S8",   0,0,0,0,0,0,1,1,x,x,x,x,x, KEEP,   0,0, NONE, "the version is the same"),
	ROW("S8a",  0,0,0,0,0,0,1,0,1,x,x,x,x, ROTATE, 1,0, REVIEW, "source changed: will be set"),
	ROW("S9b",  0,0,0,0,0,0,1,0,0,1,D,x,x, ROTATE, 1,0, REVIEW, "value changed"),
	ROW("S10a", 0,0,0,0,0,0,x,x,x,0,x,x,x, NOT_COMPARED, 0,0, NONE, "not compared"),
	ROW("S10b", 0,0,0,0,0,0,1,0,0,1,K,x,x, NOT_COMPARED, 0,0, NONE, "not compared: the fingerprint key changed"),
	ROW("S10c", 0,0,0,0,0,0,1,0,0,1,Z,x,x, NOT_COMPARED, 0,0, NONE, "not compared: no fingerprint, or no key in this run"),
	ROW("S11",  0,0,0,0,0,0,0,x,x,1,x,0,x, UNKNOWN, 0,0, NONE, "unknown, kept: --resend-secrets KEY sends it, `adopt KEY --secret-is-current` vouches for it"),
	ROW("S11h0",0,0,0,0,0,0,0,x,x,1,x,1,E, KEEP,   0,0, NONE, "probably the live one"),
	ROW("S11h1",0,0,0,0,0,0,0,x,x,1,x,1,D, ROTATE, 1,0, REVIEW, "takeover: another one is live"),
	ROW("S11c0",0,0,0,0,0,0,0,x,x,1,x,2,E, KEEP,   0,1, NONE, "it is the live one"),
	ROW("S11c1",0,0,0,0,0,0,0,x,x,1,x,2,D, ROTATE, 1,0, REVIEW, "takeover: another one is live"),
	ROW("S11z", 0,0,0,0,0,0,0,x,x,1,x,x,x, UNKNOWN, 0,0, NONE, "unknown, kept: the platform does not show what is live"),
};
/* clang-format on */

/* ---- what is known of one secret ---- */

static int compare_fact(const void *key, const void *item)
{
	const struct secret_fact *wanted = key, *fact = item;
	const int order = str_compare(wanted->key, fact->key);

	return order ? order : str_compare(wanted->name, fact->name);
}

/* Entries and their secrets come in the order of the facts, and most have one
 * each, of the same texts. */
static const struct secret_fact *find_fact(struct planner *planner,
                                           const char *key, const char *name)
{
	static const struct secret_fact none = { .resolved = false };
	const struct plan_input *input = planner->input;
	const struct secret_fact wanted = { .key = key, .name = name };
	const struct secret_fact *fact = NULL;

	if (planner->next_fact < input->fact_count)
		fact = &input->facts[planner->next_fact];
	if (input->fact_count &&
	    (!fact || fact->key != key || fact->name != name))
		fact = bsearch(&wanted, input->facts, input->fact_count,
		               sizeof(wanted), compare_fact);
	if (!fact)
		return &none;
	planner->next_fact = (size_t)(fact - input->facts) + 1;
	return fact;
}

static struct known known_of(struct planner *planner,
                             const struct subject *subject, const char *name)
{
	static const struct secret_trait plain = { .readback = READBACK_NEVER };
	struct known known = {
		.fact = find_fact(planner, subject->desired->key, name),
		.trait = traits_secret(planner->input->traits, name),
	};

	if (!known.trait)
		known.trait = &plain;
	if (subject->applied && !(subject->flags & SUBJECT_BLANK))
		known.record = auth_config_record(subject->applied, name);
	if (subject->live)
		known.reading = auth_config_reading(subject->live, name);
	return known;
}

static signed char version_relation(const struct known *known)
{
	const char *version = known->reference->version;

	if (!version)
		return 0;
	if (!known->record || !known->record->version)
		return 3;
	return str_equal(version, known->record->version) ? 1 : 2;
}

static void fill_facts(const struct planner *planner,
                       const struct subject *subject, const struct known *known,
                       signed char *facts)
{
	const unsigned flags = planner->comparison.flags;
	const struct secret_record *record = known->record;
	const struct secret_reading *reading = known->reading;

	facts[S_MANAGED] = !known->reference;
	facts[S_MADE] =
		(subject->flags & SUBJECT_NEW) || (flags & COMPARISON_TO_OWN);
	if (!known->reference)
		facts[S_MADE] = (flags & COMPARISON_TO_MANAGED) != 0;
	facts[S_CLIENT] = (flags & COMPARISON_CLIENT_ID) != 0;
	facts[S_MISSING] = reading && reading->missing;
	facts[S_UNSET] = reading && reading->unset;
	facts[S_DOUBT] = record && record->in_doubt;
	facts[S_KNOWN] = record && record->known;
	facts[S_VERSION] = known->reference ? version_relation(known) : 0;
	facts[S_SOURCE] = known->reference && record && record->source &&
	                  !str_equal(record->source, known->reference->source);
	facts[S_RESOLVED] = known->fact->resolved;
	facts[S_PRINT] = (signed char)known->fact->fingerprint;
	facts[S_READBACK] = secret_readback(known);
	facts[S_LIVE] = secret_live_match(known);
}

static const struct wish *find_wish(const signed char *facts)
{
	for (size_t i = 0; i < LENGTH(wishes); i++) {
		if (row_matches(wishes[i].when, facts, SECRET_COLUMNS))
			return &wishes[i];
	}
	assert(false); /* table S has no hole */
	return NULL;
}

static void report_missing(struct planner *planner,
                           const struct subject *subject, const char *name)
{
	planner->result = diag_error(
		planner->diag, CODE_SECRET_UNREADABLE,
		subject_place(planner, subject),
		"`%s`: the platform leaves out `%s` of `%s`; give the API key "
		"the scope that lets it read secrets",
		subject->desired->key, name, subject->live->id);
}

static void compare_one(struct planner *planner, const struct subject *subject,
                        const char *name,
                        const struct secret_reference *reference)
{
	struct comparison *comparison = &planner->comparison;
	struct known known = known_of(planner, subject, name);
	struct secret_change *secret;
	const struct wish *wish;
	signed char facts[SECRET_COLUMNS];

	known.reference = reference;
	fill_facts(planner, subject, &known, facts);
	wish = find_wish(facts);
	if (str_equal(wish->row, "S4"))
		report_missing(planner, subject, name);
	if (wish->action == SECRET_NONE)
		return;
	comparison->secrets = xgrow(
		comparison->secrets, comparison->secret_count,
		&comparison->secret_capacity, sizeof(*comparison->secrets));
	secret = &comparison->secrets[comparison->secret_count++];
	*secret = (struct secret_change){
		.name = name,
		.row = wish->row,
		.action = wish->action,
		.needs_value = wish->needs_value,
		.records = wish->records,
		.source = reference ? reference->source : NULL,
		.version = reference ? reference->version : NULL,
		.previous_version = known.record ? known.record->version : NULL,
		.reason = wish->words,
		.danger = wish->danger,
		.place = reference ? reference->place : PLACE_NONE,
	};
	secret_look(planner, &known, secret);
	if (secret_is_kept(secret))
		secret_keep(planner, subject, secret, LEFT_OUT);
	secret_note(planner, secret);
}

void secrets_compare(struct planner *planner, const struct subject *subject)
{
	static const char first[] = "client.secret";
	const struct auth_config *desired = subject->desired;

	if (str_equal(auth_config_text(desired, "ownership"), "managed")) {
		if (subject->live &&
		    traits_secret(planner->input->traits, first))
			compare_one(planner, subject, first, NULL);
		return;
	}
	for (size_t i = 0; i < desired->reference_count; i++)
		compare_one(planner, subject, desired->references[i].name,
		            &desired->references[i]);
}

void secrets_word(struct planner *planner, const struct subject *subject,
                  struct secret_change *secrets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct secret_change *secret = &secrets[i];
		const struct secret_fact *fact;

		if (!str_equal(secret->row, "S10a"))
			continue;
		fact = find_fact(planner, subject->desired->key, secret->name);
		secret->reason = plan_text(
			planner->plan, "%s: `%s`%s%s", secret->reason,
			secret->source, fact->unresolved_why ? ": " : "",
			fact->unresolved_why ? fact->unresolved_why : "");
	}
}
