/* SPDX-License-Identifier: MIT */
/*
 * Ledger: what we last applied, and the journal of how we got there.
 *
 * ledger_open() -> ledger_applied() -> state (applied)
 *               -> ledger_lock() -> ledger_run_begin()
 *                  -> { ledger_intend()* ledger_commit() … requests …
 *                       ledger_settle()* ledger_put()* ledger_commit() }*
 *                  -> ledger_run_end() -> ledger_unlock()
 *
 * No secret is in it: fingerprints, versions and sources only. Each row has
 * its values as canonical bytes, "sent" and "seen" per field. With a
 * fingerprint key, a MAC under a key derived from it covers header, serial,
 * all rows and the open intents; every commit renews it.
 *
 * Stores: a file (SQLite), or a ref of a git repository. There, a commit costs
 * a push, so only what must be known elsewhere is pushed at once: what is about
 * to be sent, and how a run ended. What was done goes along, at the latest
 * after LEDGER_PUBLISH_MS; a crash before that leaves its intents open. A push
 * is a compare-and-swap, and others see nothing between two of them.
 */
#ifndef RECONCILE_LEDGER_LEDGER_H
#define RECONCILE_LEDGER_LEDGER_H

#include "base/clock.h"
#include "base/diag.h"
#include "state/state.h"

#include <stdbool.h>
#include <stdint.h>

struct fingerprint_key;
struct git;
struct ledger;

enum ledger_flags {
	LEDGER_WRITE = 1 << 0, /* else read only */
	LEDGER_MAKE = 1 << 1,  /* --init-ledger: make it where there is none */
	/* Take a ledger without a MAC, or one of another key, and sign it with
	 * this run's, in ledger_lock(); a MAC that is wrong stays refused. */
	LEDGER_SIGN = 1 << 2,
};

/* The git store: one document in each commit of a ref, and a lock beside. */
struct ledger_git {
	struct git *git;    /* borrowed: where objects are kept on the way */
	const char *url;    /* of the repository that has the refs */
	const char *remote; /* its name, for people: "origin" */
	const char *ref;    /* "refs/trueup/ledger/prod" */
	const char *lock_ref;
};

struct ledger_settings {
	const char *path; /* of the file store */
	/* Of the git store; NULL: it is the file store. */
	const struct ledger_git *git;
	const char *platform; /* binding's name */
	const char *origin;   /* "https://host" */
	const char *environment;
	const struct fingerprint_key *key; /* NULL: none in this run */
	const struct clock *clock;
	enum ledger_flags flags;
	struct place place; /* of `ledger:` or the file, for reports */
	/* Rows share with it what is equal, state_new_like(): it outlives the
	 * ledger and what was read of it. NULL: nothing is shared. */
	const struct state *desired;
};

enum ledger_found {
	LEDGER_FOUND,
	LEDGER_NEVER_MADE, /* certainly: no file, and nothing is wrong */
	LEDGER_FAILED      /* reported */
};

/*
 * Row P2 (exit 1): CODE_LEDGER_UNREADABLE (no folder, no permission, not a
 * ledger, corrupt), CODE_LEDGER_MODE (not 0600 or not ours, a link, tracked by
 * git), CODE_LEDGER_MAC (bad MAC), CODE_LEDGER_FORMAT (newer than this
 * program), CODE_LEDGER_KEY (it is signed and this run has no key, or another
 * one; reading goes on, LEDGER_WRITE does not), CODE_LEDGER_TWINS (row O22).
 * Row P1 (exit 4): CODE_LEDGER_FOREIGN names both sides.
 * The folder is made 0700 with a .gitignore in it, the file 0600.
 */
enum ledger_found ledger_open(const struct ledger_settings *settings,
                              struct ledger **out, struct diag *diag)
	MUST_CHECK;
/* What was not committed is not in it; the lock is given back. */
void ledger_close(struct ledger *ledger);
/* For CLEANUP(). */
void ledger_closep(struct ledger **ledger);

/* All rows, by key; a fresh state each time, for state_free(). NULL after
 * reporting. */
struct state *ledger_applied(struct ledger *ledger, struct diag *diag)
	MUST_CHECK;

enum ledger_trust {
	LEDGER_SIGNED,   /* MAC checked with this run's key */
	LEDGER_UNSIGNED, /* made without a key, and none now */
	LEDGER_UNCHECKED /* a key on one side only: deletes and replacements
	                  * are refused (threats T11) */
};
enum ledger_trust ledger_trust(const struct ledger *ledger);
uint64_t ledger_serial(const struct ledger *ledger);
/* 32 hex digits, made with the ledger. */
const char *ledger_lineage(const struct ledger *ledger);

/* ---- the lock ---- */

struct lock_owner {
	const char *who;     /* user@host */
	const char *command; /* "apply" */
	const char *url;     /* of the CI job, or NULL */
	int64_t pid;
};

/* Read back for reports; texts live until the ledger is closed. */
struct lock_state {
	bool held;         /* nobody else may take it */
	const char *stale; /* somebody left it, and why it is not held; NULL */
	const char *token, *who, *command, *url;
	int64_t pid, since_ms, renewed_ms, expires_ms;
	/* How long its owner may write on when it is broken: until its next
	 * push, where asking is a journey; 0: it looks before each. */
	int64_t notices_ms;
};

enum {
	LOCK_TTL_MS = 60000,      /* of a file */
	LOCK_GIT_TTL_MS = 180000, /* a renewal is a push */
	LEDGER_PUBLISH_MS = 30000
};

/*
 * Takes the lock, or waits up to `timeout_ms` for it. An expired one, or one
 * of a process of this host that is gone, is taken over (CODE_LOCK_TAKEN, as
 * info). A signal ends the waiting. What stands in the ledger is verified once
 * more under the lock. -1 after reporting CODE_LOCKED (exit 6): who, since
 * when, until when.
 */
int ledger_lock(struct ledger *ledger, const struct lock_owner *owner,
                int64_t timeout_ms, struct diag *diag) MUST_CHECK;
/* Looks whether it is still ours, and pushes the expiry on when a third of it
 * has passed. -1 after reporting CODE_LOCK_LOST: stop writing. */
int ledger_heartbeat(struct ledger *ledger, struct diag *diag) MUST_CHECK;
void ledger_unlock(struct ledger *ledger);
/* Neither held nor stale: there is none. */
struct lock_state ledger_lock_state(struct ledger *ledger);
/*
 * Takes the lock away from whoever has it, who will not be able to write any
 * more; the ledger is opened with LEDGER_WRITE and not locked. -1 after
 * reporting CODE_LOCKED when it is another lock by now, or CODE_DATABASE.
 */
int ledger_break_lock(struct ledger *ledger, const struct lock_state *state,
                      struct diag *diag) MUST_CHECK;

/* ---- the journal ---- */

enum intent_kind {
	INTENT_CREATE,
	INTENT_UPDATE,
	INTENT_DELETE,
	INTENT_REPLACE_CREATE, /* R1: the new one; R2: after the delete */
	INTENT_REPLACE_DELETE  /* R2: the old one, a create is to follow */
};

enum intent_outcome {
	OUTCOME_OPEN, /* intended; nothing known yet */
	OUTCOME_DONE,
	OUTCOME_REFUSED,
	OUTCOME_UNSENT,
	OUTCOME_UNKNOWN, /* stays open for the next run to resolve */
	OUTCOME_RESOLVED /* by a later run */
};

struct intent {
	int64_t number; /* set when read back */
	int64_t run;
	enum intent_kind kind;
	const char *key, *row_uuid; /* the row it is about, or will be */
	const char *id;             /* update, delete: of the object */
	/* What a created object can be recognised by. */
	const char *connector, *name, *natural_key, *client_id;
	/* Ids that shared the identity before: not ours. */
	const char *const *snapshot;
	size_t snapshot_count;
	/* Names of secrets in the request: in doubt until it is settled. */
	const char *const *secrets;
	size_t secret_count;
	/* An earlier intent of this run tells the next one all it needs. */
	bool covered;
	enum intent_outcome outcome;
};

struct run_record {
	const char *command;  /* "apply" */
	const char *revision; /* of the files */
	const char *digest;   /* of the plan */
	const char *who;
};

/* Everything below joins the open transaction; ledger_commit() makes it
 * durable, in one fsync. After a failure all are no-ops; the next commit
 * returns -1. */
int64_t ledger_run_begin(struct ledger *ledger,
                         const struct run_record *record);
void ledger_run_end(struct ledger *ledger, int64_t run, const char *result);
int64_t ledger_intend(struct ledger *ledger, const struct intent *intent);
void ledger_settle(struct ledger *ledger, int64_t intent,
                   enum intent_outcome outcome, int status,
                   const char *message);
/* Inserts or replaces the row with `row->row_uuid` (fields, seen, records,
 * retired, flags, updated_at, applied_at_ms). */
void ledger_put(struct ledger *ledger, const struct auth_config *row);
void ledger_remove(struct ledger *ledger, const char *row_uuid);

/* -1 after reporting CODE_DATABASE, CODE_LOCK_LOST, of a git ledger
 * CODE_LEDGER_UNREACHABLE or (as info) CODE_LEDGER_RACED: nothing of this
 * transaction is in the ledger. Nothing pending: 0 and no write. */
int ledger_commit(struct ledger *ledger, struct diag *diag) MUST_CHECK;

/* A commit is slow: all that is going to be intended should be, before it. */
bool ledger_is_slow(const struct ledger *ledger);
/* All that was committed is where others read it. */
bool ledger_is_published(const struct ledger *ledger);
/* Somebody else wrote before this run did, so nothing was sent: what it was
 * planned on is old. Read and plan again. */
bool ledger_is_raced(const struct ledger *ledger);

/* Intents that are OPEN or UNKNOWN, oldest first; texts live until the ledger
 * is closed. Free the array with free(). */
int ledger_open_intents(struct ledger *ledger, struct intent **out,
                        size_t *count, struct diag *diag) MUST_CHECK;

/* ---- looking back ---- */

/* An intent, and what became of it. Kinds and outcomes are words. */
struct ledger_step {
	int64_t number, intended_ms, settled_ms; /* 0: not yet */
	const char *kind, *key, *id, *outcome, *message;
	int status; /* HTTP, 0: none */
};

struct ledger_run {
	int64_t number, began_ms, ended_ms; /* 0: it did not end */
	const char *command, *revision, *digest, *who, *result;
	const struct ledger_step *steps; /* the oldest first */
	size_t step_count;
};

struct history_filter {
	const char *const *keys; /* only steps of these, and runs with one */
	size_t key_count;        /* 0: all */
	size_t limit;            /* of runs */
};

/* The last runs, the newest first; texts and steps live until the ledger is
 * closed. Free the array with free(). A git ledger remembers the last few;
 * those before are in the history of its ref. */
int ledger_history(struct ledger *ledger, const struct history_filter *filter,
                   struct ledger_run **out, size_t *count, struct diag *diag)
	MUST_CHECK;

struct ledger_checked {
	size_t rows, commits; /* commits: 0 in a file */
	uint64_t serial;
};

/*
 * Checks more than ledger_open() does: a file's database, page for page; of a
 * git ledger each commit of its ref, the oldest first: that it follows the one
 * before, is signed as it says, and has a higher serial. -1 after reporting.
 */
int ledger_verify(struct ledger *ledger, struct ledger_checked *out,
                  struct diag *diag) MUST_CHECK;

/* The ledger as one document (schema/ledger.schema.json), for free(); of a git
 * ledger the very bytes of its last commit. NULL after reporting. */
char *ledger_export(struct ledger *ledger, size_t *length, struct diag *diag)
	MUST_CHECK;

/*
 * Moves all of a locked ledger into a store where there is none: rows, history,
 * lineage, and the serial goes on. The old one is closed for good: a file is
 * renamed to "….moved", a ref gets a last commit that says so. -1 after
 * reporting CODE_LEDGER_MOVE (there is one, or intents are open) or what making
 * one reports.
 */
int ledger_move(struct ledger *ledger, const struct ledger_settings *to,
                struct diag *diag) MUST_CHECK;

/* The revision of the last run whose files were those of a commit, for free();
 * NULL in *out for none. -1 after reporting. */
int ledger_last_revision(struct ledger *ledger, char **out, struct diag *diag)
	MUST_CHECK;

/* A new row's uuid: 32 hex digits, random. Those of one call follow one
 * another, so that rows made together lie together in the file. */
void ledger_new_uuid(char out[33]);
/* Many, with one call of the kernel. */
void ledger_new_uuids(char (*out)[33], size_t count);

#endif
