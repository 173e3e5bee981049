/* SPDX-License-Identifier: MIT */
/* Table S, rows S12 to S15: what the live secret says to a wish, and what the
 * request does to one of keep. */
#include "plan/keeps.h"

#include "base/text.h"

enum look_column {
	L_READBACK, /* 1 hint, 2 cleartext */
	L_ROTATES,  /* row S9's rotate; else a keep */
	L_LIVE,     /* as S_LIVE */
	LOOK_COLUMNS
};

struct look {
	const char *row;
	signed char when[LOOK_COLUMNS];
	enum secret_action action;
	bool needs_value, records;
	bool drift; /* held back by --no-drift-fix */
	const char *words;
};

/* clang-format off */
#define ROW(id, readback, rotates, live, action, needs, records, drift, words) \
	{ id, { readback, rotates, live }, SECRET_##action, needs, records,    \
	  drift, words }

/* Where the live one is not the one that was sent. */
static const struct look looks[] = {
	/*          readback, rotates, live    needs, records, drift */
	ROW("S12b", 2,x,E, KEEP,   0,1,0, "converged: the live one is the declared one"),
	ROW("S12r", 2,1,x, ROTATE, 1,0,1, "conflict: value changed, and changed outside"),
	ROW("S12",  2,0,x, RESEND, 1,0,1, "changed outside"),
	ROW("S13p", 1,x,E, KEEP,   0,0,0, "probably converged"),
	ROW("S13r", 1,1,x, ROTATE, 1,0,1, "conflict: value changed, and changed outside"),
	ROW("S13",  1,0,x, RESEND, 1,0,1, "changed outside"),
};
#undef ROW
/* clang-format on */

/* ---- what becomes of a keep ---- */

enum keep_column {
	K_KNOWN,
	K_DATED,   /* updated_at moved, nothing explains it, no readback */
	K_HELD,    /* changed outside, left alone by --no-drift-fix */
	K_ASKED,   /* --resend-secrets */
	K_CARRIED, /* the request writes its group, or must hold it */
	KEEP_COLUMNS
};

struct kept {
	const char *row; /* NULL: the row before */
	signed char when[KEEP_COLUMNS];
	enum secret_action action;
	bool needs_value;
	const char *words;
};

/* clang-format off */
#define ROW(id, known, dated, held, asked, carried, action, needs, words)    \
	{ id, { known, dated, held, asked, carried }, SECRET_##action, needs, \
	  words }

static const struct kept keeps[] = {
	/*          known, dated, held, asked, carried    needs */
	ROW(NULL,   x,x,x,1,x, RESEND, 1, "will be re-sent: --resend-secrets"),
	ROW("S15h", 1,x,1,0,1, RESEND, 1, "will be re-sent with what is written; may overwrite one changed outside"),
	ROW("S15d", 1,1,0,0,1, RESEND, 1, "will be re-sent with what is written; may overwrite one changed outside"),
	ROW("S15u", 0,x,0,0,1, RESEND, 1, "will be re-sent with what is written; may overwrite an unknown one"),
	ROW("S15",  1,0,0,0,1, RESEND, 1, "will be re-sent with what is written"),
	ROW("S14",  1,1,0,0,0, KEEP,   0, "may have changed outside: --resend-secrets KEY sends it again"),
};
#undef ROW
/* clang-format on */

bool secret_is_kept(const struct secret_change *secret)
{
	return secret->action == SECRET_KEEP ||
	       secret->action == SECRET_UNKNOWN ||
	       secret->action == SECRET_NOT_COMPARED;
}

bool secret_is_written(const struct secret_change *secret)
{
	return secret->action >= SECRET_SET && !secret->held;
}

signed char secret_readback(const struct known *known)
{
	if (known->trait->readback == READBACK_HINT)
		return 1;
	return known->trait->readback == READBACK_CLEAR ? 2 : 0;
}

signed char secret_live_match(const struct known *known)
{
	if (known->trait->readback == READBACK_HINT)
		return (signed char)known->fact->hint;
	if (known->trait->readback == READBACK_CLEAR)
		return (signed char)known->fact->clear;
	return Z;
}

/* Somebody moved the live one: what is read is not what was sent, or not what
 * was seen then. */
static bool is_moved(const struct known *known)
{
	const struct secret_record *record = known->record;

	if (!record || !record->known || !known->reading)
		return false;
	if (known->trait->readback == READBACK_CLEAR)
		return known->fact->live_fingerprint == MATCH_DIFFERENT;
	return known->trait->readback == READBACK_HINT &&
	       known->reading->hint && record->hint_seen &&
	       !str_equal(known->reading->hint, record->hint_seen);
}

void secret_look(struct planner *planner, const struct known *known,
                 struct secret_change *secret)
{
	const bool rotates = str_equal(secret->row, "S9b");
	const signed char facts[LOOK_COLUMNS] = {
		[L_READBACK] = secret_readback(known),
		[L_ROTATES] = rotates,
		[L_LIVE] = secret_live_match(known),
	};

	if ((!rotates && !secret_is_kept(secret)) || !is_moved(known))
		return;
	for (size_t i = 0; i < LENGTH(looks); i++) {
		const struct look *look = &looks[i];

		if (!row_matches(look->when, facts, LOOK_COLUMNS))
			continue;
		secret->row = look->row;
		secret->action = look->action;
		secret->needs_value = look->needs_value;
		secret->records = look->records;
		secret->danger = look->drift ? DANGER_REVIEW : DANGER_NONE;
		secret->held =
			look->drift && planner->input->permissions->drift_kept;
		secret->reason = look->words;
		if (look->drift)
			planner->comparison.flags |= COMPARISON_DRIFTS;
		break;
	}
	if (!secret->held)
		return;
	secret->action = SECRET_KEEP;
	secret->needs_value = false;
}

static bool is_dated(const struct planner *planner,
                     const struct subject *subject,
                     const struct secret_trait *trait)
{
	const struct auth_config *live = subject->live;
	const struct auth_config *applied = subject->applied;

	if (trait && (trait->readback == READBACK_HINT ||
	              trait->readback == READBACK_CLEAR))
		return false;
	return live && applied && !(subject->flags & SUBJECT_BLANK) &&
	       live->updated_at && applied->updated_at &&
	       !str_equal(live->updated_at, applied->updated_at) &&
	       !(planner->comparison.flags & COMPARISON_EXPLAINS);
}

void secret_keep(struct planner *planner, const struct subject *subject,
                 struct secret_change *secret, enum carrying carrying)
{
	const struct permissions *permissions = planner->input->permissions;
	const struct secret_record *record = NULL;
	signed char facts[KEEP_COLUMNS];

	if (subject->applied && !(subject->flags & SUBJECT_BLANK))
		record = auth_config_record(subject->applied, secret->name);
	facts[K_KNOWN] = record && record->known;
	facts[K_DATED] =
		is_dated(planner, subject,
	                 traits_secret(planner->input->traits, secret->name));
	facts[K_HELD] = secret->held;
	facts[K_ASKED] = permitted(permissions->resend_secrets,
	                           permissions->resend_secrets_count,
	                           subject->desired->key);
	facts[K_CARRIED] = carrying == CARRIED;
	for (size_t i = 0; i < LENGTH(keeps); i++) {
		const struct kept *kept = &keeps[i];

		if (!row_matches(kept->when, facts, KEEP_COLUMNS))
			continue;
		if (kept->row)
			secret->row = kept->row;
		secret->action = kept->action;
		secret->needs_value = kept->needs_value;
		secret->held = secret->held && !kept->needs_value;
		secret->records = secret->records && !kept->needs_value;
		secret->reason = kept->words;
		if (kept->needs_value)
			secret->danger = DANGER_REVIEW;
		return;
	}
}

void secret_note(struct planner *planner, const struct secret_change *secret)
{
	struct comparison *comparison = &planner->comparison;
	const struct secret_trait *trait =
		traits_secret(planner->input->traits, secret->name);

	if (secret->records)
		comparison->flags |= COMPARISON_NOTES;
	if (!secret_is_written(secret))
		return;
	comparison->flags |= COMPARISON_SENDS;
	if (trait && trait->group)
		comparison->groups |= UINT64_C(1) << (trait->group & 63U);
}

/* Whether the request holds the secret whatever becomes of it. */
static bool is_carried(const struct planner *planner, const char *name)
{
	const struct traits *traits = planner->input->traits;
	const struct secret_trait *trait = traits_secret(traits, name);

	if (traits->semantics == UPDATE_REPLACE &&
	    traits->secret_omit == SECRET_OMIT_REQUIRED)
		return true;
	return trait && trait->group &&
	       (planner->comparison.groups &
	        (UINT64_C(1) << (trait->group & 63U)));
}

void secrets_resend(struct planner *planner, const struct subject *subject)
{
	struct comparison *comparison = &planner->comparison;

	for (size_t i = 0; i < comparison->secret_count; i++) {
		struct secret_change *secret = &comparison->secrets[i];

		if (!secret_is_kept(secret) ||
		    !is_carried(planner, secret->name))
			continue;
		secret_keep(planner, subject, secret, CARRIED);
		secret_note(planner, secret);
	}
}

/* Rows that say something of an object that otherwise may not change. */
static const struct {
	const char *row;
	enum severity severity;
	bool held;
} sayings[] = {
	{ "S8w", SEVERITY_WARNING, false }, { "S14", SEVERITY_INFO, false },
	{ "S12", SEVERITY_INFO, true },     { "S12r", SEVERITY_INFO, true },
	{ "S13", SEVERITY_INFO, true },     { "S13r", SEVERITY_INFO, true },
};

static void say(struct planner *planner, const struct subject *subject,
                const struct secret_change *secret, enum severity severity)
{
	CLEANUP(textp)
	char *text =
		xasprintf("%s%s", secret->reason,
	                  secret->held ? ", left alone: --no-drift-fix" : "");
	const struct plan_finding finding = {
		.field = secret->name,
		.row = secret->row,
		.severity = severity,
		.text = text,
		.place = secret->place,
	};

	plan_find(planner, subject->desired->key, &finding);
}

void secrets_find(struct planner *planner, const struct subject *subject)
{
	const struct comparison *comparison = &planner->comparison;

	for (size_t i = 0; i < comparison->secret_count; i++) {
		const struct secret_change *secret = &comparison->secrets[i];

		for (size_t j = 0;
		     j < LENGTH(sayings) && secret_is_kept(secret); j++) {
			if (str_equal(sayings[j].row, secret->row) &&
			    sayings[j].held == secret->held)
				say(planner, subject, secret,
				    sayings[j].severity);
		}
	}
}
