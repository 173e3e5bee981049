/* SPDX-License-Identifier: MIT */
/*
 * Report: a run shown to people and machines; one writer a format, chosen by
 * a table.
 *
 * Every command fills one `struct report` with what it has and writes it,
 * also when it failed: a JSON reader gets its document on every path. Text
 * writers put reports (`diag`) nowhere: cmd/ shows those on stderr; machine
 * formats carry them inside.
 */
#ifndef RECONCILE_REPORT_REPORT_H
#define RECONCILE_REPORT_REPORT_H

#include "apply/apply.h"
#include "base/diag.h"
#include "plan/plan.h"

#include <stdbool.h>

struct comparison;
struct findings;
struct probe_result;
struct binding_facts; /* platform/platform.h */

enum report_flags {
	REPORT_COLOR = 1 << 0,
	REPORT_FULL = 1 << 1,    /* also what does not change */
	REPORT_QUIET = 1 << 2,   /* nothing when nothing changes or is wrong */
	REPORT_DETAILS = 1 << 3, /* of bindings: all that is known */
	/* Live is what was recorded: drift cannot be known. */
	REPORT_BY_HAND = 1 << 4,
	REPORT_DRIFT = 1 << 5, /* of the plan: only who moved what */
};

/* One environment file, as `validate` saw it. */
struct report_file {
	const char *file, *environment; /* environment NULL: unreadable */
	size_t auth_configs;
	bool valid;
};

/* One row of `status`. Absent texts are NULL. */
struct report_row {
	const char *key, *id, *connector;
	char *scopes; /* "[a, b]"; freed by who made the row */
	int64_t applied_at_ms, secret_set_at_ms; /* 0: never, unknown */
	const char *note; /* "secret in doubt", "protected" … */
	/* Of the ledger: what was probed, a rotation; or NULL. */
	const struct auth_config *recorded;
	int rotation_days;     /* since it began */
	bool rotation_overdue; /* longer than the policy allows */
};

/* A run of `history`, and its steps. Absent texts are NULL, times 0. */
struct report_past_step {
	const char *kind, *key, *id, *outcome, *message;
	int64_t at_ms;
	int status; /* HTTP */
};

struct report_past_run {
	int64_t number, began_ms, ended_ms;
	const char *command, *revision, *digest, *who, *result;
	struct report_past_step *steps; /* freed by who made them */
	size_t step_count;
};

/* What `explain` says of a code or a rule. Absent texts are NULL. */
struct report_topic {
	char *id; /* "TRUEUP-1101", "scope-broad"; freed by who made it */
	const char *title;
	const char *severity; /* of a rule, unless a policy says another */
	int exit;             /* of a code: what a run ends with */
	const char *text;     /* what to do; why */
	const char *source, *good, *bad; /* of a rule */
};

/* What a person does of one change. */
struct report_deed {
	const struct change *change;
	char **steps;
	size_t step_count;
	char *record; /* the command that says that it is done */
};

/* A connector, as `coverage` found it. */
struct report_cover {
	const char *connector;
	const char *keys;    /* of its auth configs, "a, b"; "" for none */
	const char *verdict; /* "covered", "not needed", "gap", "unknown" */
	const char *types;   /* that need one, "oauth2"; "" for none */
	size_t declared, recorded; /* recorded: declared ones with an id */
	bool known, required, gap;
};

/* An end user's connection; texts may be NULL. */
struct report_credential {
	const char *connector, *id, *name, *type, *created_at;
	const char *url; /* of a new one: what the user opens */
};

/* The lock of a ledger. Neither held nor stale: there is none. */
struct report_lock {
	bool held, broken;
	const char *stale; /* why it is not held any more; NULL */
	const char *who, *command, *url;
	int64_t pid, since_ms, renewed_ms, expires_ms;
	int64_t notices_ms; /* that its owner may write on; 0: not at all */
};

/* What was probed of one auth config. */
struct report_probe {
	const char *key;
	const char *provider;              /* its name; NULL: not known */
	const struct probe_result *result; /* NULL: skipped */
	const char *skipped;               /* why */
};

/* What a command has; unused members are zero. All borrowed. */
struct report {
	const char *command; /* "plan" */
	const char *environment;
	int exit; /* the process's */
	const struct diag *diag;
	const struct plan *plan;
	const struct findings *findings; /* of the rules; or NULL */
	const struct comparison *comparison;
	const struct apply_result *apply;
	const struct resolved *resolved; /* open intents that were found */
	const struct report_file *files;
	size_t file_count;
	const struct report_row *rows;
	size_t row_count;
	const struct report_past_run *runs; /* the newest first */
	size_t run_count;
	const struct binding_facts *bindings; /* of `platform` */
	size_t binding_count;
	const struct report_topic
		*topics; /* listed, or with REPORT_FULL whole */
	size_t topic_count;
	const struct report_deed *deeds;
	size_t deed_count;
	const struct report_cover *covers;
	size_t cover_count;
	const struct report_credential *credentials;
	size_t credential_count;
	const struct report_credential *made; /* `credential create` */
	const struct report_lock *lock;       /* of `lock` */
	const struct report_probe *probes;
	size_t probe_count;
	/* Rows of the ledger, for what was probed lately; or NULL. */
	const struct state *applied;
	/* A line or more that a small command ends with, "forgot `x`". */
	const char *message;
	uint64_t requests; /* sent to the platform */
	size_t max_bytes;  /* of a Markdown page; 0: LIMIT_MARKDOWN_BYTES */
	unsigned flags;    /* enum report_flags */
};

/* How what several environments wrote becomes one. */
enum report_join {
	REPORT_JOIN_NONE,    /* the format shows one environment */
	REPORT_JOIN_HEADED,  /* one after the other, under a line each */
	REPORT_JOIN_LINES,   /* one after the other */
	REPORT_JOIN_OBJECTS, /* JSON: members of `environments` */
	REPORT_JOIN_ARRAYS,  /* JSON: one array of all items */
	REPORT_JOIN_RUNS,    /* JSON: one object with the `runs` of all */
};

struct report_format {
	const char *name;    /* "text", "json" */
	const char *summary; /* for --help */
	bool machine; /* stdout carries nothing else; talk goes to stderr */
	/* 0; -1 when `out` could not be written. */
	int (*write)(const struct report *report, FILE *out);
	enum report_join join;
};

/* The table, sorted by name. */
extern const struct report_format *const report_formats[];
extern const size_t report_format_count;

/* NULL when there is none. */
const struct report_format *report_find(const char *name);

/* What one of several environments wrote. */
struct report_part {
	const char *file; /* the environment's */
	const char *bytes;
	size_t length;
};

/* Writes the parts as one; `report` has command and exit. -1 when `out` could
 * not be written. A part that is not of the format is left out. */
int report_join(const struct report_format *format, const struct report *report,
                const struct report_part *parts, size_t count, FILE *out);
/* Something of the plan is not as it was applied, here or outside. */
bool report_drifts(const struct plan *plan);

/* Objects that are made, changed, deleted, as hosts count: a replacement is a
 * deletion and a creation, a rotation a change; adopting is none of it. */
struct report_totals {
	size_t create, update, remove;
};

struct report_totals report_totals(const struct plan *plan);

/* ---- saved plans ---- */

struct saved_plan;

/*
 * What the JSON format wrote of a plan, read back for looking at and comparing.
 * NULL after reporting CODE_JSON_SYNTAX, the shape's codes or CODE_NOT_A_PLAN.
 */
struct saved_plan *saved_plan_read(const char *display, const char *bytes,
                                   size_t length, struct diag *diag) MUST_CHECK;
/* Borrowed until the saved plan is freed. */
const struct plan *saved_plan(const struct saved_plan *saved);
void saved_plan_free(struct saved_plan *saved);
DEFINE_CLEANUP(saved_plan)

/* For `status --ids --format F`: key -> id; F is json, env or dotenv. Names
 * that collide once written (`a-b` and `a_b` as A_B) are CODE_NAMES_COLLIDE;
 * an unknown format CODE_UNKNOWN_FORMAT. Rows without an id are left out. */
int report_ids(const struct report *report, const char *format, FILE *out,
               struct diag *diag) MUST_CHECK;

#endif
