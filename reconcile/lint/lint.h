/* SPDX-License-Identifier: MIT */
/*
 * Lint: the OAuth mistakes that nobody sees in a review.
 *
 *     profiles_load()  lint_policy_read()
 *            \            /
 *     environments -> lint_run() -> findings -> report
 *
 * A rule is one row of lint_rules: what it is called, how grave it is, where
 * it comes from, an example each way, and its check. Rules look at states and
 * at facts that the caller gathered; lint_run() is pure: no I/O, no clock, no
 * secret. The same input gives the same findings in the same order.
 *
 * No URI is ever normalised to be compared: near misses are found by folding
 * both sides, and reported as such.
 */
#ifndef RECONCILE_LINT_LINT_H
#define RECONCILE_LINT_LINT_H

#include "base/diag.h"
#include "state/state.h"

#include <stdbool.h>
#include <stdint.h>

struct documents;
struct node;
struct pattern;

/* ---- rules ---- */

enum lint_severity { LINT_OFF, LINT_INFO, LINT_WARNING, LINT_ERROR };

/* "off", "info", "warning", "error", by enum lint_severity. */
extern const char *const lint_severity_names[];

struct lint_pass;
typedef void lint_check_fn(struct lint_pass *pass);

/* Texts are static. The examples are YAML: keys of an auth config, or of an
 * environment file each below `dev` and `prod`. */
struct lint_rule {
	const char *id;              /* "redirect-http" */
	const char *family;          /* "U2" */
	enum lint_severity severity; /* unless the policy says another */
	const char *title, *source, *good, *bad, *explanation;
	lint_check_fn *check; /* the room's own */
};

/* Sorted by id. */
extern const struct lint_rule lint_rules[];
extern const size_t lint_rule_count;

/* NULL when there is none. */
const struct lint_rule *lint_rule_find(const char *id);
/* It watches over the policy: no file can lower it. */
bool lint_rule_is_fixed(const struct lint_rule *rule);
/* The id nearest to a wrong one, or NULL. */
const char *lint_rule_nearest(const char *id);

/* ---- connector profiles: schema/connectors/NAME.yaml ---- */

enum client_authentication {
	CLIENT_AUTHENTICATION_UNKNOWN,
	CLIENT_AUTHENTICATION_FORM, /* id and secret in the body */
	CLIENT_AUTHENTICATION_BASIC
};

enum profile_https {
	HTTPS_UNSAID,
	HTTPS_ALWAYS,
	HTTPS_EXCEPT_LOOPBACK /* http: for localhost and loopback addresses */
};

enum profile_addresses {
	ADDRESSES_UNSAID,
	ADDRESSES_NEVER,
	ADDRESSES_LOOPBACK /* an IP address only when it is loopback */
};

struct broad_scope {
	const char *scope;             /* this one, or */
	const struct pattern *pattern; /* these */
	const char *why;
};

/* What an answer of the token endpoint means, by `probe.credentials`. */
enum token_answer {
	TOKEN_UNCLEAR,
	TOKEN_CLIENT_REJECTED, /* id or secret */
	TOKEN_ID_REJECTED,
	TOKEN_SECRET_REJECTED,
	TOKEN_CODE_REJECTED,
	TOKEN_REDIRECT_MISMATCH
};

/* What an answer of the authorization endpoint means, by `probe.redirect`. */
enum authorize_answer {
	AUTHORIZE_UNCLEAR,
	AUTHORIZE_REGISTERED,
	AUTHORIZE_MISMATCH,
	AUTHORIZE_SUSPENDED,
	AUTHORIZE_SCOPES_REFUSED,
	AUTHORIZE_CLIENT_UNKNOWN
};

struct profile_pair {
	const char *name, *value;
};

struct token_row {
	enum token_answer answer;
	const struct profile_pair *members; /* all of them fit */
	size_t member_count;
	const char *note; /* or NULL */
};

struct authorize_row {
	enum authorize_answer answer;
	bool callback;     /* it leads to the redirect URI that was sent */
	const char *error; /* the parameter of where it leads; or NULL */
	const struct pattern *location, *page; /* or NULL */
	const char *note;                      /* or NULL */
};

/* How the provider is asked without a user. */
struct profile_probe {
	bool json_body;           /* else a form */
	bool checks_client_first; /* so a refused code means a good client */
	const struct token_row *token_rows; /* none: it is not asked */
	size_t token_row_count;
	const struct profile_pair *parameters; /* of the authorization */
	size_t parameter_count;
	const struct authorize_row *authorize_rows; /* none: as above */
	size_t authorize_row_count;
};

/* What is not known is NULL, 0 or an _UNSAID. Texts live with the profiles. */
struct profile {
	const char *connector, *title;
	const char *authorization_url, *token_url;
	enum client_authentication authentication;
	const char *scope_separator;
	const char *scope_prefix;  /* may stand before any scope */
	const char *const *scopes; /* sorted */
	size_t scope_count;
	bool scopes_complete; /* there are no others */
	const struct broad_scope *broad;
	size_t broad_count;
	unsigned redirect_length; /* bytes at most */
	const char *redirect_forbidden;
	enum profile_https https;
	enum profile_addresses addresses;
	const struct pattern *id_form, *secret_form, *token_form;
	/* At most: redirect URIs of an app, apps of an owner, scopes of an
	 * app, days that a secret lives. */
	unsigned redirect_limit, app_limit, scope_limit, secret_days;
	const char *rotation; /* what a new secret does to users */
	struct profile_probe probe;
	bool embedded; /* else the operator's */
};

struct profiles;

/* The embedded ones. NULL after reporting CODE_BAD_PROFILE or the shape's. */
struct profiles *profiles_load(struct diag *diag) MUST_CHECK;
/* One more, in place of one of the same connector. -1 after reporting all
 * mistakes. */
int profiles_add(struct profiles *profiles, const char *display,
                 const char *bytes, size_t length, struct diag *diag)
	MUST_CHECK;
void profiles_free(struct profiles *profiles);
DEFINE_CLEANUP(profiles)

/* By connector or one of its aliases; NULL when none is known. */
const struct profile *profiles_find(const struct profiles *profiles,
                                    const char *connector);
size_t profiles_length(const struct profiles *profiles);
const struct profile *profiles_at(const struct profiles *profiles,
                                  size_t index);

/* ---- policy: what an environment file says about rules ---- */

struct lint_waiver {
	const struct lint_rule *rule;
	/* Of an auth config; the environment's name for findings on all. */
	const char *key;
	const char *reason, *expires; /* "2027-01-31", the last day */
	int64_t until_ms;             /* the first moment after it */
	struct place place;
};

/* A scope that an environment allows or forbids, as a glob. */
struct lint_scope_rule {
	const char *connector;
	const char *glob;
	bool denied;    /* else allowed, and what no such rule allows is not */
	unsigned layer; /* 0: the file's; 1: the operator's, which also holds */
	struct place place;
};

/* Where a file is laxer than what holds when it says nothing. */
struct lint_weakening {
	const struct lint_rule *rule; /* of a severity; else NULL */
	const char *name;             /* "maxDeletes", of a limit; else NULL */
	const char *said, *usual;     /* "off", "error"; "5", "1" */
	bool held;                    /* nobody accepted it: `usual` holds */
	struct place place;
};

/* Texts are borrowed from the documents. */
struct lint_policy {
	enum lint_severity *severities; /* by row of lint_rules */
	bool *said;                     /* by row: the file names it */
	struct lint_waiver *waivers;
	size_t waiver_count;
	struct lint_scope_rule *scope_rules;
	size_t scope_rule_count;
	struct lint_weakening *weakenings;
	size_t weakening_count;
	unsigned max_secret_age_days, max_rotation_days;
	bool age_said, rotation_said;
	/* Nobody accepted what the file says in its own favour. */
	bool pending;
};

enum { LINT_SECRET_AGE_DAYS = 180, LINT_ROTATION_DAYS = 7 };

/*
 * Reads `policy.rules`, `policy.waivers`, `policy.scopes` and
 * `policy.maxSecretAgeDays`, `policy.maxRotationDays` of a merged tree after
 * the shape check; what is not there has its default. NULL after reporting
 * CODE_UNKNOWN_RULE, CODE_RULE_SEVERITY (a rule on the policy itself is given
 * one) and CODE_BAD_WAIVER, all at once, or where the shape check reported
 * something.
 */
struct lint_policy *lint_policy_read(const struct documents *documents,
                                     const struct node *root, struct diag *diag)
	MUST_CHECK;
/*
 * Nobody accepted the waivers, so none counts; nor does a severity below the
 * rule's own where that is `fail_on` or graver: who opens a pull request could
 * lower what would stop it.
 */
void lint_policy_hold(struct lint_policy *policy, enum lint_severity fail_on);
/* What `other` says more strictly holds from here on, also when `policy` is
 * accepted later. Its texts are borrowed. */
void lint_policy_tighten(struct lint_policy *policy,
                         const struct lint_policy *other);
void lint_policy_free(struct lint_policy *policy);
DEFINE_CLEANUP(lint_policy)

/* ---- facts, and the run ---- */

enum lint_secret_flags {
	LINT_SECRET_UNCHANGED = 1 << 0, /* has the ledger's fingerprint */
	LINT_SECRET_IS_ID = 1 << 1,     /* is the client id itself */
	LINT_SECRET_AS_ID = 1 << 2,     /* has profile->id_form */
	LINT_SECRET_AS_TOKEN = 1 << 3,  /* has profile->token_form */
	LINT_SECRET_MISFORMED = 1 << 4, /* has not profile->secret_form */
};

/* What was found out about one secret, without its value. */
struct lint_secret {
	const char *key, *name; /* "slack-crm", "client.secret" */
	/* Equal values of all environments of a run have one group; 0: not
	 * compared. */
	unsigned group;
	unsigned flags;     /* enum lint_secret_flags */
	int64_t expires_ms; /* as declared; 0: not */
};

/* A client secret was changed and nobody has said yet that the one before it is
 * revoked. */
struct lint_rotation {
	const char *key;
	const char *before; /* its version or source; or NULL */
	int64_t since_ms;
};

/* Everything is borrowed for the run, and texts for as long as its findings
 * are read. */
struct lint_environment {
	const char *name; /* NULL or "": not named */
	const char *file; /* as shown to people; or NULL */
	struct place place, api_key_place;
	const struct state *desired;
	const struct state *live, *applied; /* NULL: not known */
	const char *callback; /* the platform's redirect URI; or NULL */
	const char *origin, *api_key_source; /* or NULL */
	const struct lint_policy *policy;    /* NULL: the defaults */
	const struct lint_secret *secrets;
	size_t secret_count;
	const struct lint_rotation *rotations; /* sorted by key */
	size_t rotation_count;
};

struct finding {
	const struct lint_rule *rule;
	enum lint_severity severity;
	const char *environment; /* "" when it has no name */
	const char *key;         /* NULL: about the whole environment */
	const char *field;       /* "redirectUri"; or NULL */
	struct place place;
	const char *text;                    /* what is wrong, and what to do */
	const struct lint_waiver *waived_by; /* or NULL */
	/* Would waive it, but nobody accepted it; or NULL. `text` says so. */
	const struct lint_waiver *pending;
	/* The value may be a secret: the source line must not be shown. */
	bool sensitive;
};

struct findings;

/*
 * Runs every rule that is not off. `today_ms` is the wall clock's. Findings
 * are sorted by place, rule, environment, key, field and text.
 */
struct findings *lint_run(const struct lint_environment *environments,
                          size_t count, const struct profiles *profiles,
                          int64_t today_ms) MUST_CHECK;
void findings_free(struct findings *findings);
DEFINE_CLEANUP(findings)

size_t findings_length(const struct findings *findings);
const struct finding *findings_at(const struct findings *findings,
                                  size_t index);
/* Of those that are not waived; LINT_OFF when there is none. */
enum lint_severity findings_worst(const struct findings *findings);

enum { LINT_FINGERPRINT_SIZE = 33 };

/* Hex; made without places and values, unique in a run. */
struct fingerprint {
	char text[LINT_FINGERPRINT_SIZE];
};

/* Of each finding, in their order, to be freed: for who shows them. */
struct fingerprint *findings_fingerprints(const struct findings *findings)
	MUST_CHECK;

/* ---- comparing environments ---- */

/*
 * One thing that is not the same in all environments. What each needs for
 * itself (ids, names, sources of secrets, redirect URIs, protection) is
 * expected; everything else should have been declared alike.
 */
struct difference {
	const char *key;   /* of the auth config */
	const char *field; /* NULL: the whole entry */
	bool expected;
	/* By environment: what is there, NULL for nothing. Of what is expected
	 * no value is told: an id may be a secret that strayed. */
	const char *const *values;
	const struct place *places;
	const char *text; /* what to do; NULL when expected */
};

struct comparison;

/*
 * Of two environments or more; only `name` and `desired` are read, and
 * borrowed. Pure. Sorted by key; missing entries first, then fields by name,
 * then secrets.
 */
struct comparison *comparison_new(const struct lint_environment *environments,
                                  size_t count) MUST_CHECK;
void comparison_free(struct comparison *comparison);
DEFINE_CLEANUP(comparison)

/* The environments, in their order. */
size_t comparison_width(const struct comparison *comparison);
const char *comparison_name(const struct comparison *comparison, size_t index);

size_t comparison_length(const struct comparison *comparison);
const struct difference *comparison_at(const struct comparison *comparison,
                                       size_t index);
size_t comparison_unexpected(const struct comparison *comparison);

#endif
