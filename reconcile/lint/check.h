/* SPDX-License-Identifier: MIT */
/*
 * Check: what a rule's check is given, and how it reports.
 *
 * All environments of a run are prepared once, as passes; then each rule that
 * is not off is given each pass. A check looks at pass->subjects, and across
 * environments at pass->crowd.
 */
#ifndef RECONCILE_LINT_CHECK_H
#define RECONCILE_LINT_CHECK_H

#include "lint/credential_rows.h"
#include "lint/lint.h"
#include "lint/redirect_rows.h"
#include "lint/scope_rows.h"
#include "lint/separation_rows.h"
#include "lint/uri.h"

struct arena;
struct findings;

/* In the order of the ids. */
#define RULE_ROWS(ROW)       \
	CLIENT_ROWS(ROW)     \
	SEPARATION_ROWS(ROW) \
	REDIRECT_ROWS(ROW)   \
	SCOPE_ROWS(ROW)      \
	SECRET_ROWS(ROW)     \
	WAIVER_ROWS(ROW)

#define DECLARE(name, ...) lint_check_fn check_##name;
RULE_ROWS(DECLARE)
#undef DECLARE

enum environment_kind { KIND_UNKNOWN, KIND_DEVELOPMENT, KIND_PRODUCTION };

/* By the words of a name: `dev`, `eu-prod`, `staging-2`. */
enum environment_kind kind_of(const char *name, size_t length);
/* A host that no production should redirect to: loopback, private addresses,
 * tunnels, reserved names, labels like `staging`. */
bool host_is_development(const struct uri *uri);
/* A label says `prod`. */
bool host_is_production(const struct uri *uri);

/* What was seen of a client id. */
enum id_flags {
	ID_SENSITIVE = 1 << 0, /* has the form of a secret: never shown */
	ID_UNCLEAN = 1 << 1,   /* is empty, or not as ids are written */
	ID_STAND_IN = 1 << 2,  /* a placeholder, or the name of a variable */
	ID_MISFORMED = 1 << 3, /* has not the profile's form; nothing else */
};

/* One desired auth config. Texts with an unset variable in them are NULL. */
struct subject {
	const struct auth_config *config;
	const struct auth_config *applied; /* its row; NULL: none is known */
	const char *connector;
	const struct profile *profile; /* or NULL */
	const char *redirect_uri;      /* or NULL */
	const struct uri *uri;         /* of it; or NULL */
	const char *client_id;         /* or NULL */
	size_t first_secret;           /* of pass->secrets, if it has any */
	unsigned id_flags;             /* enum id_flags */
};

/* What may be wrong with one scope, whoever asks for it. */
enum scope_flags {
	SCOPE_UNCLEAN = 1 << 0, /* is not as scopes are written */
	SCOPE_COMMA = 1 << 1,
	SCOPE_UNKNOWN = 1 << 2,  /* of a profile that knows all */
	SCOPE_UNLISTED = 1 << 3, /* of one that does not */
	SCOPE_BROAD = 1 << 4,
};

/* A scope that has a flag. */
struct suspect {
	const struct subject *subject;
	const struct field *field;
	const char *scope;
	unsigned flags; /* enum scope_flags */
};

/* A value and where it stands, for comparing environments. */
struct sighting {
	const char *value;
	const struct lint_pass *pass;
	const struct subject *subject;
	const struct secret_reference *reference; /* or NULL */
	unsigned group;                           /* of a secret's value */
};

struct sightings {
	struct sighting *items;
	size_t count, capacity;
};

struct crowd {
	const struct lint_pass *passes;
	size_t count;
	struct sightings ids;     /* client ids, sorted by value */
	struct sightings sources; /* secret references, sorted by source */
	struct sightings values;  /* compared secrets, sorted by group */
};

struct lint_pass {
	const struct lint_environment *environment;
	const struct profiles *profiles;
	const struct crowd *crowd;
	struct subject *subjects; /* sorted by key */
	size_t count;
	const struct lint_secret **secrets; /* sorted by key and name */
	struct suspect *suspects; /* in the order of subjects and fields */
	size_t suspect_count, suspect_capacity;
	/* Of all subjects: what none has, no rule has to look for. */
	unsigned id_flags, secret_flags;
	bool any_redirect, any_expiry;
	bool any_twins, any_crowded; /* perhaps: lists of scopes */
	struct scope_memo *memos;
	const struct uri *last_uri;
	unsigned char *used; /* by waiver of the policy, when all others ran */
	enum environment_kind kind;
	unsigned
		guesses; /* "did you mean" that were looked for: each is dear */
	int64_t today_ms;
	struct arena *arena; /* of the findings */
	struct findings *findings;
	/* What is being checked. */
	const struct lint_rule *rule;
	enum lint_severity severity;
};

/* What a finding is about. */
struct about {
	const struct subject *subject; /* NULL: the whole environment */
	const char *field;             /* or NULL */
	/* Tells findings of one rule and field apart, when they can be many. */
	const char *detail;
	struct place place; /* file NULL: of the field, else of the subject */
	bool sensitive;
};

struct about about_field(const struct subject *subject, const char *field);
struct about about_detail(const struct subject *subject, const char *field,
                          const char *detail);
void report(struct lint_pass *pass, struct about about, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* The environment's name, "" without one. */
const char *pass_name(const struct lint_pass *pass);
/* NULL when nothing is known of it. */
const struct lint_secret *pass_secret(const struct lint_pass *pass,
                                      const struct subject *subject,
                                      const char *name);
/* `${env:NAME}` was left in it. */
bool text_is_unresolved(const char *text);
/* What is wrong with a client id; enum id_flags. */
unsigned id_flags(const char *id, const struct profile *profile);
/* A list of scopes. */
bool field_is_scopes(const struct field *field);
/* The first byte that no scope has, or the end. */
const char *scope_bad_byte(const char *scope);
/* NULL: it is not. */
const char *scope_why_broad(const struct profile *profile, const char *scope);
/* The known one nearest to a scope that is not known, or NULL. */
const char *scope_guess(struct lint_pass *pass, const struct profile *profile,
                        const char *scope);
/* Finds the suspects among its scopes. */
void scopes_look_at(struct lint_pass *pass, const struct subject *subject);
/* Fills and sorts what is compared across environments. */
void crowd_gather(struct crowd *crowd);
void crowd_release(struct crowd *crowd);

/* ---- findings ---- */

struct findings *findings_new(void) MUST_CHECK;
struct arena *findings_arena(struct findings *findings);
/* `detail` goes into the fingerprint; borrowed, as all but the text is. */
void findings_add(struct findings *findings, const struct finding *finding,
                  const struct lint_environment *environment,
                  const char *detail);
/* Waives those of the pass's environment, which has a policy; sets its `used`
 * by waiver. */
void findings_waive(struct findings *findings, const struct lint_pass *pass);
void findings_sort(struct findings *findings);

#endif
