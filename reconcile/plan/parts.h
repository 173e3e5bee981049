/* SPDX-License-Identifier: MIT */
/*
 * Parts: what the files of this room share.
 *
 *     match.c    which live object belongs to which row or entry
 *     objects.c  table O          fields.c   table F
 *     replace.c  table R          secrets.c  table S, and keeps.c
 *     compare.c  one object: fields, secrets, kind     sends.c  its request
 *     weights.c  what a field risks, and says where it is left
 *     entries.c  each declared entry   bystanders.c  all that nobody declares
 *     diff.c     plan_make(): the objects one by one
 *     judge.c    dangers, reasons       guards.c  the limits
 *     digest.c   what the effects are   order.c   how apply goes
 *
 * A table's row has a column per condition: 0, 1, another small number that
 * the table names, or x where it does not matter; the first row that matches
 * decides.
 */
#ifndef RECONCILE_PLAN_PARTS_H
#define RECONCILE_PLAN_PARTS_H

#include "plan/plan.h"

#include "base/arena.h"

/* A column that does not matter. */
enum { x = -1 };

/* True when each of `count` columns is x or as the facts have it. Here, for it
 * is asked of each row of each field. */
static inline bool row_matches(const signed char *when,
                               const signed char *facts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (when[i] != x && when[i] != facts[i])
			return false;
	}
	return true;
}

/* ---- one auth config under decision ---- */

enum subject_flags {
	SUBJECT_NEW = 1 << 0,   /* made by this change: rows F18, S1 */
	SUBJECT_BLANK = 1 << 1, /* a = ?: no row, or one of another object */
};

struct subject {
	const struct auth_config *desired, *live, *applied; /* or NULL */
	unsigned flags; /* enum subject_flags */
};

/* ---- match.c ---- */

enum row_mark {
	ROW_DECLARED = 1 << 0, /* its key is in the files */
	ROW_MOVED = 1 << 1,    /* row O7: a declared key takes it over */
	ROW_TAKEN = 1 << 2,    /* … and did */
};

/* Whose id an object bears. */
struct claim {
	const char *id;
	size_t row; /* index in the ledger */
	bool retired;
};

struct candidate;

struct matcher {
	const struct plan_input *input;
	struct claim *claims; /* by id, those of `id` before retired ones */
	size_t claim_count;
	const struct auth_config **row_live; /* one a row; or NULL */
	unsigned char *row_marks;            /* enum row_mark, one a row */
	bool *live_taken;             /* claimed, or matched in this plan */
	struct candidate *candidates; /* built when first needed */
	size_t candidate_count;
};

/* What the live objects say of an identity. */
struct match {
	size_t count;                         /* M: unclaimed ones */
	const struct auth_config *live;       /* the first of them */
	size_t index;                         /* its place in the live state */
	const struct candidate *first, *end;  /* all, claimed ones too */
	const struct auth_config *undeclared; /* row O5: k2, or NULL */
	bool declared;                        /* row O6 */
};

void matcher_init(struct matcher *matcher, const struct plan_input *input);
void matcher_release(struct matcher *matcher);
/* SIZE_MAX when the ledger has no such key. */
size_t matcher_row(const struct matcher *matcher, const char *key);
/* The strongest there is; NULL: no row bears the id. */
const struct claim *matcher_claim(const struct matcher *matcher,
                                  const char *id);
void matcher_find(struct matcher *matcher, const struct auth_config *desired,
                  struct match *out);
/* Ids of the unclaimed ones, as `a, b`. */
char *match_ids(const struct matcher *matcher, const struct match *match)
	MUST_CHECK;

/* ---- objects.c ---- */

enum object_verdict {
	OBJECT_OPAQUE,  /* leave it alone */
	OBJECT_FOREIGN, /* error */
	OBJECT_SEVERAL, /* error */
	OBJECT_CLAIMED, /* error */
	OBJECT_MAKE,    /* with what is declared */
	OBJECT_BIND,    /* to the match; the row, if any, is of another */
	OBJECT_COMPARE, /* with the row's object */
	OBJECT_REMOVE,
	OBJECT_FORGET, /* the row */
	OBJECT_LIST,   /* beside the changes */
};

/* The condition columns, in the order they stand in. */
enum object_column {
	O_DECLARED, /* D */
	O_APPLIED,  /* A; 2: a retired id */
	O_LIVE,     /* L */
	O_MATCHES,  /* M; 2: two or more */
	O_CLAIMED,  /* 0; 1: by a declared row; 2: by one that is not */
	O_FOREIGN,  /* connector(L) is not connector(A) */
	O_OPAQUE,
	O_LEDGER, /* there is one */
	O_PRUNE,
	O_PROTECTED,
	O_IDLE,     /* no connections, known */
	O_REPLACED, /* an immutable field differs */
	O_BARE,     /* only `protect` changed */
	OBJECT_COLUMNS
};

struct object_row {
	const char *row;
	signed char when[OBJECT_COLUMNS];
	enum object_verdict verdict;
	enum change_kind kind; /* at least; CHANGE_KINDS: none by itself */
	enum danger danger;
};

const struct object_row *object_find(const signed char *facts);

enum rename_rows {
	RENAME_OWN = 1 << 0,   /* the ledger has a row of the key */
	RENAME_OTHER = 1 << 1, /* … and one of the old key */
};

enum rename_verdict { RENAME_NOTHING, RENAME_TAKE, RENAME_HINT, RENAME_TWICE };

struct rename_row {
	const char *row;
	unsigned rows; /* enum rename_rows */
	enum rename_verdict verdict;
};

const struct rename_row *rename_find(unsigned rows);

/* ---- replace.c ---- */

struct replace_row {
	const char *row;
	signed char keyed, create, remove;
	enum replace_way way;
	bool blocked;
};

const struct replace_row *replace_find(const struct traits *traits);
/* It is one, or row R3: an update that weighs as much. Counts as a delete. */
bool change_replaces(const struct change *change);

/* ---- fields.c, weights.c, secrets.c, keeps.c, compare.c ---- */

struct planner;

enum comparison_flags {
	COMPARISON_WRITES = 1 << 0,    /* a field, by its own row */
	COMPARISON_REPLACES = 1 << 1,  /* … that is immutable */
	COMPARISON_CLIENT_ID = 1 << 2, /* row S3 */
	COMPARISON_TO_OWN = 1 << 3,    /* row R3 */
	COMPARISON_TO_MANAGED = 1 << 4,
	COMPARISON_NOTES = 1 << 5,    /* the ledger learns something */
	COMPARISON_EXPLAINS = 1 << 6, /* an X: row S14 */
	COMPARISON_DRIFTS = 1 << 7,
	COMPARISON_SENDS = 1 << 8,  /* a secret */
	COMPARISON_SPEAKS = 1 << 9, /* a field may call for a finding */
};

/* How one object compares; reused for the next. */
struct comparison {
	unsigned flags;              /* enum comparison_flags */
	uint64_t groups;             /* bit g: a member of group g is written */
	struct field_change *fields; /* as in struct change, and rows F1 */
	size_t field_count, field_capacity;
	struct secret_change *secrets;
	size_t secret_count, secret_capacity;
	struct field_send *sends;
	size_t send_count, send_capacity;
};

struct planner {
	const struct plan_input *input;
	struct plan *plan;
	struct diag *diag;
	struct matcher matcher;
	struct comparison comparison;
	size_t next_fact; /* that is most likely asked for next */
	size_t change_capacity, note_capacity, orphan_capacity,
		unmanaged_capacity, retired_capacity, finding_capacity;
	int result; /* -1 once something was reported */
};

/* Fills in the comparison's fields and flags. */
void fields_compare(struct planner *planner, const struct subject *subject);
/* The danger of writing `field`, and words for it or NULL. */
enum danger field_danger(const struct field_change *field, const char **words);
/* What writing a field of that name risks, a set as if it gained items;
 * RISK_KINDS: nothing. */
enum risk_kind field_risk(const struct field_change *field);
/* Items that only one of the two has; of what is no set, whether they differ.
 */
bool field_gains(const struct field_change *field);
bool field_loses(const struct field_change *field);
/* Findings that the fields' rows call for. */
void fields_find(struct planner *planner, const struct subject *subject);

/* Fills in the secrets; the fields are known. Reports row S4. */
void secrets_compare(struct planner *planner, const struct subject *subject);
/* Row S15, once it is known what the request writes. */
void secrets_resend(struct planner *planner, const struct subject *subject);
void secrets_find(struct planner *planner, const struct subject *subject);
/* Words that are made only for secrets that are shown. */
void secrets_word(struct planner *planner, const struct subject *subject,
                  struct secret_change *secrets, size_t count);
/* The request sets, replaces or clears it. */
bool secret_is_written(const struct secret_change *secret);

void compare(struct planner *planner, const struct subject *subject);
/* What the comparison comes to; CHANGE_KINDS: nothing. */
enum change_kind comparison_kind(const struct comparison *comparison);

/* ---- sends.c ---- */

/* True when the change has a request. */
bool comparison_requests(const struct comparison *comparison);
/* Of an object that is made, where each field that can be set is written. */
void sends_create(struct planner *planner);
/* Reports an undeclared field that must be sent and cannot be read. */
void sends_update(struct planner *planner, const struct subject *subject);

/* ---- diff.c ---- */

/* One object's way through the tables. */
struct decision {
	struct subject subject;
	signed char facts[OBJECT_COLUMNS];
	const struct object_row *row;
	const char *renamed_from; /* row O7 */
	struct match match;
};

/* A change of the decision's subject, at the end of its list. */
struct change *commit(struct planner *planner, const struct decision *decision,
                      enum change_kind kind);
/* The comparison as the change's fields, secrets and sends. */
void copy_comparison(struct planner *planner, struct change *change);

struct place subject_place(const struct planner *planner,
                           const struct subject *subject);
/* In the plan's arena. */
char *plan_text(struct plan *plan, const char *format, ...) PRINTF_LIKE(2, 3)
	MUST_CHECK;
/* `finding->address` is set by the call; `finding->text` is copied. */
void plan_find(struct planner *planner, const char *key,
               const struct plan_finding *finding);
/* True when the sorted `keys` hold `key`. */
bool permitted(const char *const *keys, size_t count, const char *key);
bool keeps_ledger(const struct planner *planner);

/* ---- entries.c, bystanders.c ---- */

void decide_entry(struct planner *planner, const struct auth_config *desired);
void decide_rows(struct planner *planner);
void decide_live(struct planner *planner);

/* The connector that the row's object had when it was last seen. */
struct value row_connector(const struct auth_config *row);
bool row_is_foreign(const struct auth_config *row,
                    const struct auth_config *live);

/* ---- guards.c, digest.c ---- */

void guards_judge(struct plan *plan, const struct plan_input *input);
void digest_plan(struct plan *plan, const struct plan_input *input);

#endif
