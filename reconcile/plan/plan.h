/* SPDX-License-Identifier: MIT */
/*
 * Plan: the changes that turn the live state into the desired one.
 *
 * desired + live + applied -> plan_make() -> plan_judge() -> report, apply
 *
 * The law is a set of tables, row for row: O objects, R replace, F fields, S
 * secrets, P guards before any plan. Each change, field and secret carries the
 * row that decided it. Pure: no I/O, no clock; the same states give the same
 * bytes whatever order they were read in.
 */
#ifndef RECONCILE_PLAN_PLAN_H
#define RECONCILE_PLAN_PLAN_H

#include "base/diag.h"
#include "state/state.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* ---- what goes in ---- */

enum ledger_mode {
	LEDGER_MODE_KEPT,       /* `applied` is the ledger */
	LEDGER_MODE_NEVER_MADE, /* as stateless, and the plan says so */
	LEDGER_MODE_STATELESS,  /* ledger: none */
	LEDGER_MODE_UNTRUSTED   /* kept, but not authenticated (T11) */
};

/* Comparing a declared secret with what is known, done by the caller one
 * secret at a time; the plan never sees a value. */
enum secret_match {
	MATCH_NOT_COMPARED = 0, /* unresolved, no key, nothing to compare to */
	MATCH_EQUAL,
	MATCH_DIFFERENT,
	MATCH_OTHER_KEY /* the ledger's fingerprint has another key */
};

struct secret_fact {
	const char *key, *name; /* of the desired config, of the secret */
	bool resolved;
	const char *unresolved_why;    /* "env X unset"; or NULL */
	enum secret_match fingerprint; /* declared against the ledger's */
	enum secret_match hint;        /* declared against the live hint */
	enum secret_match clear;       /* declared against live cleartext */
	enum secret_match live_fingerprint; /* cleartext against ledger's */
};

/* What the operator allows in this run. Lists are sorted keys. */
struct permissions {
	bool prune; /* --prune; the policy's prune is OR'ed */
	bool allow_empty;
	bool drift_kept;       /* --no-drift-fix */
	int64_t allow_deletes; /* -1: not given */
	int64_t allow_changes, allow_missing, break_connections; /* -1 */
	const char *const *allow_replace;                        /* keys */
	size_t allow_replace_count;
	const char *const *resend; /* --resend KEY: row F15 */
	size_t resend_count;
	const char *const *resend_secrets; /* --resend-secrets KEY: S11 */
	size_t resend_secrets_count;
};

/* Where the file asks for less than what holds without it (T4), or decides
 * otherwise than the revision it is held against. */
struct plan_weakening {
	const char *text; /* "`maxDeletes` is 5 here and 1 by itself" */
	struct place place;
	bool from_base; /* RISK_BASE, else RISK_POLICY */
};

struct plan_input {
	const char *environment, *origin, *platform, *binding_hash;
	const char *revision;        /* shown; not in the digest */
	const struct state *desired; /* by key */
	const struct state *live;    /* by id */
	const struct state *applied; /* by key; empty when there is none */
	const struct traits *traits;
	const struct policy *policy;
	const struct permissions *permissions;
	const struct secret_fact *facts; /* sorted by key, name */
	size_t fact_count;
	enum ledger_mode ledger_mode;
	const char *binding_note; /* what every plan says of it; or NULL */
	const struct plan_weakening *weakenings;
	size_t weakening_count;
	struct place place; /* of the environment file */
};

/* ---- what comes out ---- */

/* In order of dominance. */
enum change_kind {
	CHANGE_DELETE,
	CHANGE_REPLACE,
	CHANGE_RECREATE,
	CHANGE_CREATE,
	CHANGE_RENAME,
	CHANGE_UPDATE,
	CHANGE_ROTATE, /* only a secret */
	CHANGE_ADOPT,
	CHANGE_NOTE, /* ledger bookkeeping, no API call; not counted */
	CHANGE_KINDS
};
extern const char *const change_kind_names[CHANGE_KINDS]; /* "delete" … */

enum danger { DANGER_NONE, DANGER_REVIEW, DANGER_DESTRUCTIVE };

/* What can go wrong by a plan, in the order in which it is to be read: the
 * graver one first. */
enum risk_kind {
	RISK_BASE,
	RISK_DELETE,
	RISK_REPLACE,
	RISK_RECREATE,
	RISK_CONNECTIONS,
	RISK_CONNECTIONS_UNKNOWN,
	RISK_OWNERSHIP,
	RISK_CLIENT_ID,
	RISK_CONNECTOR,
	RISK_DISABLED,
	RISK_SECRET_CLEARED,
	RISK_POLICY,
	RISK_REDIRECT,
	RISK_SCOPES_ADDED,
	RISK_SCOPES_REMOVED,
	RISK_SECRET_SOURCE,
	RISK_SECRET_SENT,
	RISK_REBOUND,
	RISK_REKEYED,
	RISK_CONFLICT,
	RISK_TAKEOVER,
	RISK_TYPE,
	RISK_EXTRA,
	RISK_KINDS /* none of them */
};

/* The table of dangers: judging and every format read it. */
struct risk_row {
	const char *id; /* "scopes-added" */
	enum danger weight;
	const char *words; /* for people, behind a change's name or alone */
};
extern const struct risk_row risk_rows[RISK_KINDS];

/* What the ledger does with (sent, seen) of a field once its change is done. */
enum field_record {
	RECORD_KEEP,   /* the row's stay */
	RECORD_SET,    /* sent := declared, seen := read back */
	RECORD_DROP,   /* both go */
	RECORD_NOTHING /* never recorded */
};

/* A row of table F, as found. */
struct field_row {
	const char *row;    /* "F5"; variants of a row have a letter: "F16b" */
	const char *result; /* "drift" */
	bool write;
	bool drift; /* held back by --no-drift-fix */
	enum danger danger;
	enum field_record record;
};

/* Who touched the lines at a place last, where files come from git; the caller
 * of plan_make() knows. Of a field or secret in its change's file only where it
 * is another than the change's. No part of what is planned. */
struct touch {
	const char *commit;  /* 40 hex digits; NULL: not known */
	uint64_t older_than; /* or it is older than so many commits; else 0 */
};

struct field_change {
	const char *name;
	struct value declared; /* d */
	struct value live;     /* l */
	struct value sent, seen;
	const struct field_row *row;
	bool writes; /* row->write, not held back; or its group is written */
	bool held; /* by --no-drift-fix; then the row's record is RECORD_KEEP */
	enum danger danger;
	struct place place;
	struct touch touch;
};

enum secret_action {
	SECRET_NONE,
	SECRET_KEEP,
	SECRET_UNKNOWN,      /* kept; nobody knows whether it is this one */
	SECRET_NOT_COMPARED, /* kept */
	SECRET_SET,
	SECRET_ROTATE,
	SECRET_RESEND,
	SECRET_CLEAR,
	SECRET_ACTIONS
};
extern const char *const secret_action_names[SECRET_ACTIONS];

struct secret_change {
	const char *name;
	const char *row; /* "S9" */
	enum secret_action action;
	bool needs_value; /* apply resolves it before the first write */
	bool records;     /* fingerprint and version are noted, no write */
	bool held;
	const char *source, *version; /* NULL: none */
	const char *previous_version; /* as the ledger has it, or NULL */
	const char *reason;           /* for people; never a value */
	enum danger danger;
	struct place place;
	struct touch touch;
};

/* What a request carries: nothing else is ever sent. */
struct field_send {
	const char *name;
	struct value value;
};

enum replace_way {
	REPLACE_CREATE_FIRST /* R1 */,
	REPLACE_DELETE_FIRST /* R2 */
};

struct change {
	enum change_kind kind;
	const char *row;     /* "O10" */
	const char *address; /* "prod/slack-crm" */
	const char *key;
	const char *id;           /* of the live object; NULL for a create */
	const char *renamed_from; /* O7, else NULL */
	const struct auth_config *desired, *live, *applied; /* or NULL */
	struct field_change
		*fields; /* declared, and those with a row; by name */
	size_t field_count;
	struct secret_change *secrets; /* by name */
	size_t secret_count;
	struct field_send *sends; /* body of the create or update */
	size_t send_count;
	enum replace_way replace_way;
	enum danger danger;
	char **reasons; /* why it is dangerous or blocked, for people */
	size_t reason_count;
	bool blocked;        /* apply stops with exit 4 before it writes */
	bool rekeyed;        /* row O7, where the client chooses the key */
	int64_t connections; /* -1: unknown; of deletes and replacements */
	struct place place;  /* in the files; of a delete, none */
	struct touch touch;  /* of all its lines in that file */
};

/* One thing of one change that can go wrong. */
struct risk {
	enum risk_kind kind;
	const char *address; /* NULL: of the whole environment */
	const char *field;   /* or secret; NULL: the whole auth config */
	const char *text;    /* of RISK_BASE, RISK_POLICY; or NULL */
	uint64_t count;      /* of connections; else 1 */
	struct place place;
};

/* Listed beside the changes. */
struct bystander {
	const char *key; /* orphan, retired; else NULL */
	const char *id, *connector, *name;
	const char *row; /* "O13", "O17", "O18a" */
	bool opaque;
};

/* A mistake the files do not show: rewritten or mismatching fields. */
struct plan_finding {
	const char *address, *field;
	const char *row; /* F4, F16 … */
	enum severity severity;
	char *text;
	struct place place;
};

/* A guard that stops apply, or would have without its override. */
struct guard {
	const char *name; /* "maxDeletes" */
	unsigned code;    /* CODE_GUARD_… */
	uint64_t count, limit;
	char *text;  /* counts, limit, and the exact override */
	bool lifted; /* by the operator */
};

struct plan_counts {
	size_t kinds[CHANGE_KINDS];
	size_t secrets[SECRET_ACTIONS];
	size_t unchanged, drifted, orphaned, unmanaged, retired, opaque,
		missing;
};

struct plan {
	struct arena *arena; /* of everything the plan made itself */
	const char *environment, *origin, *platform, *binding_hash, *revision;
	const char *binding_note; /* or NULL */
	enum ledger_mode ledger_mode;
	struct change *changes; /* sorted by address; no notes */
	size_t change_count;
	struct change *notes; /* sorted by address; kind CHANGE_NOTE */
	size_t note_count;
	struct bystander *orphans, *unmanaged, *retired; /* sorted */
	size_t orphan_count, unmanaged_count, retired_count;
	/* Addresses of changes that plan_filter() left out; sorted. */
	const char **left;
	size_t left_count;
	struct plan_finding *findings;
	size_t finding_count;
	struct plan_weakening *weakenings;
	size_t weakening_count;
	struct risk *risks; /* by kind, then address, then field */
	size_t risk_count;
	struct guard *guards;
	size_t guard_count;
	struct plan_counts counts;
	enum danger danger;
	char digest[2 + 64 + 1]; /* "1:" and 64 hex digits; set by judge */
	bool blocked;            /* a guard or a change is; set by judge */
};

/*
 * Compares the states, which must outlive the plan, as must the input's texts.
 *
 * NULL after reporting: CODE_EMPTY_DESIRED (P5), CODE_SEVERAL_MATCHES (O3),
 * CODE_CLAIMED_MATCH (O5), CODE_RENAME_TWICE (O7b, and two entries renamed from
 * one row), CODE_FOREIGN_OBJECT (O8, exit 4), CODE_LEDGER_TWINS (O22),
 * CODE_SECRET_UNREADABLE (S4, exit 7), CODE_UNREADABLE_ECHO (F1 with replace
 * semantics or a group). All of them are reported, not only the first.
 */
struct plan *plan_make(const struct plan_input *input, struct diag *diag)
	MUST_CHECK;
void plan_free(struct plan *plan);
DEFINE_CLEANUP(plan)

/* What an entry would be bound to that has no object yet (rows O2, O4, O12). */
struct plan_match {
	const struct auth_config *live; /* the one unclaimed match; or NULL */
	size_t count;                   /* of unclaimed matches */
	char *ids;                      /* of several; or NULL */
	bool bound;                     /* it has an object: not looked for */
};

/* One a desired entry, in their order, from the input's states and traits
 * alone; for plan_matches_free(). */
struct plan_match *plan_matches(const struct plan_input *input) MUST_CHECK;
void plan_matches_free(struct plan_match *matches, size_t count);

/* Objects whose number of connections judging needs: deletes, replacements,
 * ownership changes. `visit` is called with the change and may set
 * `connections`. Non-zero stops. */
typedef int plan_fact_fn(struct change *change, void *context);
int plan_each_dangerous(struct plan *plan, plan_fact_fn *visit, void *context);

/* Dangers, guards, counts and the digest, from the plan, its facts and the
 * input's policy and permissions. */
void plan_judge(struct plan *plan, const struct plan_input *input);

/* Lists the risks of the changes and weakenings; part of judging, for plans
 * that were not judged here. */
void plan_weigh(struct plan *plan);

/* ---- less than all of it ---- */

typedef bool plan_keep_fn(const char *address, void *context);

/* Leaves out the changes, notes and findings of each address that `keep` is
 * false for; plan->left lists them. To be called before plan_judge(). */
void plan_filter(struct plan *plan, plan_keep_fn *keep, void *context);

/*
 * Whether what `fresh` would do was approved: 0 when each of its effects stands
 * in the change of that address in `approved`, alike in kind, id, field, value
 * before and after, secret, source and version; what no longer has to be done
 * may be missing. -1 after reporting CODE_PLAN_DIFFERS for each that is not.
 */
int change_check_approval(const struct change *fresh,
                          const struct plan *approved, struct diag *diag)
	MUST_CHECK;
/* The same for environment, origin, platform and binding; at `place`. */
int plan_check_target(const struct plan *fresh, const struct plan *approved,
                      struct place place, struct diag *diag) MUST_CHECK;
/* Whether a change has the address. */
bool plan_names(const struct plan *plan, const char *address);

/* Changes there are, notes not counted. */
bool plan_is_empty(const struct plan *plan);

/* The order in which apply goes: creates, recreates, renames, adopts, updates,
 * rotations, replacements, deletes; by address in each. `order` holds
 * change_count indexes. */
void plan_order(const struct plan *plan, size_t *order);

#endif
