/* SPDX-License-Identifier: MIT */
/*
 * Apply: doing what a plan says, and knowing afterwards what was done.
 *
 * apply_resolve()  open intents of an earlier run become facts
 * apply_run()      per change: secret resolved -> re-read and compared ->
 *                  intent committed -> request -> outcome -> verified ->
 *                  ledger row; creates, updates, replacements, deletes
 *
 * Intents are committed before their requests leave and outcomes after they
 * came back, in groups over parallel changes: after a crash at any moment the
 * next run knows which objects to look for. A create whose answer is lost is
 * looked for, never sent again.
 */
#ifndef RECONCILE_APPLY_APPLY_H
#define RECONCILE_APPLY_APPLY_H

#include "base/clock.h"
#include "base/diag.h"
#include "plan/plan.h"

#include <stdbool.h>

struct fingerprint_key;
struct intent;
struct ledger;
struct platform;
struct secret_settings;

/* ---- open intents (row P7, O19) ---- */

struct resolution {
	int64_t intent;
	const char *key;
	char *text; /* what was found, for people */
	bool doubt; /* a secret is in doubt: the plan sends it again */
};

struct resolved {
	/* The ledger's rows with what was found: `owned`, or the rows as they
	 * were given when nothing was to be resolved. */
	const struct state *applied;
	struct state *owned;
	struct resolution *resolutions;
	size_t resolution_count;
};

/*
 * Pure. A create: the one live object of its identity that is in no row and
 * not in its snapshot becomes the row; none: nothing was made; several: -1
 * after reporting CODE_INTENT_AMBIGUOUS with the ids. An update: its secrets
 * are in doubt. A delete: gone, or still there. `live` NULL: it is not known;
 * nothing is resolved.
 */
int apply_resolve(const struct state *applied, const struct state *live,
                  const struct intent *intents, size_t count,
                  struct resolved *out, struct diag *diag) MUST_CHECK;
/* Writes what apply_resolve() found: rows, and the intents settled. */
int apply_write_resolved(struct ledger *ledger, const struct state *applied,
                         const struct resolved *resolved, struct diag *diag)
	MUST_CHECK;
void resolved_release(struct resolved *resolved);

/* ---- the run ---- */

enum step_end {
	STEP_NOT_ATTEMPTED,
	STEP_DONE,
	STEP_FAILED,  /* definitely not done */
	STEP_UNKNOWN, /* sent; nobody can say yet */
	STEP_MOVED,   /* the object is no longer what the plan saw */
	STEP_ENDS
};
extern const char *const step_end_names[STEP_ENDS]; /* "done" … */

/* One a change, in the plan's order (by address). Texts are the result's. */
struct step {
	const struct change *change;
	enum step_end end;
	int status;       /* HTTP, 0: none */
	char *id;         /* the object's, after; NULL: none */
	char *message;    /* the platform's words, what was read back … */
	char *request_id; /* "" */
	char *advice;     /* what to do now; "" */
	/* Fields the platform ignored or rewrote: names. */
	char **rewritten;
	size_t rewritten_count;
};

enum apply_flags {
	APPLY_FAIL_FAST = 1 << 0,
	APPLY_KEEP_UNRESOLVED = 1 << 1, /* row S23 */
};

/* Called after every turn; for progress lines. `waiting` or NULL: why. */
typedef void apply_progress_fn(size_t done, size_t total, const char *waiting,
                               void *context);

struct apply_settings {
	struct platform *platform;
	struct ledger *ledger; /* locked; NULL: stateless */
	const struct plan *plan;
	const struct plan_input *input;
	const struct secret_settings *secrets;
	const struct fingerprint_key *key; /* or NULL */
	const struct clock *clock;
	unsigned parallelism;
	int64_t look_ms; /* for what a lost answer made; 0: 10,000 */
	/* What a list costs: more objects than that are read back by a list.
	 * 0: it is not known, each is read by itself. */
	uint64_t list_requests;
	enum apply_flags flags;
	int64_t run; /* of ledger_run_begin(); apply_run() ends it */
	/* Asked often; true: launch nothing, finish or abandon in 10 s. */
	bool (*stopping)(void *context);
	void *stopping_context;
	apply_progress_fn *progress; /* or NULL */
	void *progress_context;
};

struct apply_result {
	struct step *steps; /* one a change of the plan */
	size_t step_count;
	size_t ends[STEP_ENDS];
	size_t notes;    /* ledger bookkeeping done */
	uint64_t writes; /* requests that may have changed something */
	bool interrupted;
	/* 0, or the exit code of decisions.md section 6: 1, 4 to 9. */
	int exit;
};

/*
 * Before the first write: every needed secret is resolved once and checked
 * (rows S18, S22, S23: CODE_SECRET_NEEDED, exit 1, all of them reported).
 * 401, 403, a lost lock or 5 failures of the same cause stop the launching of
 * more. What happened is in *out also when -1 is returned (after reporting);
 * failures of single changes are reported too, each at its place.
 */
int apply_run(const struct apply_settings *settings, struct apply_result *out,
              struct diag *diag) MUST_CHECK;
void apply_result_release(struct apply_result *result);

/* ---- by hand: nothing is sent ---- */

/* False: only the ledger has to know of the change. */
bool apply_needs_request(const struct change *change);

/*
 * Writes down that a person did one change: its row, and its intent with the
 * outcome in the journal, for the next ledger_commit(). Secrets that resolve
 * are fingerprinted (row S20). `id`: of the new object, where there is one.
 * Uses the settings' ledger, input, secrets, key, clock and run.
 */
void apply_record(const struct apply_settings *settings,
                  const struct change *change, const char *id,
                  struct diag *diag);

/* Writes down the plan's notes and the changes that need no request, the same
 * way. Returns how many. */
size_t apply_bookkeep(const struct apply_settings *settings, struct diag *diag);

#endif
