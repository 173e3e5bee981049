/* SPDX-License-Identifier: MIT */
/*
 * Store: what the files of this room share. A ledger is a SQLite database: a
 * header, the rows, the runs and the intents. Where it stands is its store's:
 * the file store's is that very file, with the lock in it; the git store's is
 * in memory, read from a document in a commit and written back as the next.
 */
#ifndef RECONCILE_LEDGER_STORE_H
#define RECONCILE_LEDGER_STORE_H

#include "base/arena.h"
#include "base/hash.h"
#include "database/database.h"
#include "ledger/ledger.h"

/* Format 2 may hold rows with memos. A ledger of format 1 is read as it is, and
 * becomes one of format 2 when the first such row is written. */
enum { LEDGER_FORMAT = 2, SEAL_FORMAT = 1 };

/* ---- mac.c: what is signed ---- */

/* A number of 256 bits, the lowest word first. */
struct sum {
	uint64_t words[4];
};

/* How many rows and open intents there are, and the sum of their PRFs: the
 * order they are read in does not matter, and one is added or taken out
 * without looking at the others. */
struct tally {
	uint64_t rows, intents;
	struct sum sum;
};

/* What an intent of this process added to the tally, so that it is taken out
 * again without being read back. */
struct intent_sum {
	struct sum sum;
	bool open;
};

/* Of the intents with the numbers from `first` on. */
struct intent_sums {
	struct intent_sum *items;
	size_t count, capacity;
	int64_t first;
};

/* What was done and is not in the database yet. */
struct settled_list {
	struct settled *items;
	size_t count, capacity;
};

struct header {
	const char *platform, *origin, *tenant, *environment, *lineage;
	const char *key_id; /* NULL: not signed */
	/* What else is signed: of a document, its parent and its history; of a
	 * file nothing, NULL. */
	const char *bound;
	uint64_t serial;
	uint8_t mac[HASH_BYTES];
};

enum part { PART_ROW = 'R', PART_INTENT = 'I' };

/* NULL bytes are not the same as none. */
struct piece {
	const void *bytes;
	size_t length;
};
struct piece piece_text(const char *text);

struct seal;

struct seal *seal_new(const struct fingerprint_key *key) MUST_CHECK;
void seal_free(struct seal *seal);
DEFINE_CLEANUP(seal)
const char *seal_key_id(const struct seal *seal);
/* The PRF of one part; a part always has as many pieces as its like. */
struct sum seal_part(const struct seal *seal, enum part part,
                     const struct piece *pieces, size_t count);
void seal_header(const struct seal *seal, const struct header *header,
                 const struct tally *tally, uint8_t out[HASH_BYTES]);
void sum_add(struct sum *sum, const struct sum *part);
void sum_subtract(struct sum *sum, const struct sum *part);

/* ---- the stores ---- */

struct holder {
	const char *token, *who, *command, *url, *machine;
	int64_t pid, started, since_ms, expires_ms;
};

enum attempt { ATTEMPT_FAILED = -1, ATTEMPT_HELD, ATTEMPT_TAKEN };

/* What differs from store to store. What fails is reported, or
 * ledger_tell() it. */
struct store {
	const char *name; /* as in the file: "git" */
	int64_t lock_ttl_ms;
	bool slow; /* ledger_is_slow() */
	/* Opens what there is, after making it where that is asked for.
	 * `settings` are those that were given, with the key. */
	enum ledger_found (*open)(struct ledger *ledger,
	                          const struct ledger_settings *settings,
	                          struct diag *diag);
	/* ledger_commit(), where nothing is broken. */
	int (*commit)(struct ledger *ledger, struct diag *diag);
	/* 1: somebody holds the lock or held it; 0: nobody; -1. */
	int (*read_holder)(struct ledger *ledger, struct holder *out,
	                   struct diag *diag);
	/* Takes the lock if it may; `token` and `renewed_ms` are set then. */
	enum attempt (*take)(struct ledger *ledger,
	                     const struct lock_owner *owner,
	                     struct holder *holder, struct diag *diag);
	/* Under the lock: what others wrote since. NULL: a view sees it. */
	int (*refresh)(struct ledger *ledger, struct diag *diag);
	/* Pushes the expiry on. 1: done; 0: the lock is not ours; -1. */
	int (*renew)(struct ledger *ledger, struct diag *diag);
	/* Whether the lock is still ours: 1; 0: somebody took it; -1. NULL:
	 * what is pushed tells, as asking alone costs a journey. */
	int (*is_ours)(struct ledger *ledger);
	/* Gives the lock with `token` back. */
	void (*give_back)(struct ledger *ledger, const char *token);
	/* ledger_verify(), beyond what opening did. */
	int (*check)(struct ledger *ledger, struct ledger_checked *out,
	             struct diag *diag);
	/* ledger_export(); NULL: it is written anew. */
	char *(*export)(struct ledger *ledger, size_t *length,
	                struct diag *diag);
	/* Where a ledger may be moved to: nobody has one there. */
	int (*check_vacant)(struct ledger *ledger,
	                    const struct ledger_settings *settings,
	                    struct diag *diag);
	/* Puts the ledger `from` there, under `header`; then `from` closes. */
	int (*settle)(struct ledger *ledger,
	              const struct ledger_settings *settings,
	              struct ledger *from, struct diag *diag);
	/* Closes a moved ledger for good: it went to the store `to`. */
	int (*retire)(struct ledger *ledger, const char *to, struct diag *diag);
	/* Frees what the store added. NULL: nothing. */
	void (*close)(struct ledger *ledger);
};

extern const struct store store_file, store_git;

/* ---- files.c, tracked.c, make.c: the file itself ---- */

/* Behind the name of one that went to another store. */
#define MOVED_SUFFIX ".moved"

/* What stands at the path; nothing is opened. */
enum ledger_found files_check(const struct ledger_settings *settings,
                              struct diag *diag) MUST_CHECK;
/* True when the index of the enclosing git repository names `path` or one of
 * SQLite's files beside it. An index that cannot be understood names none. */
bool path_is_tracked(const char *path);
/* Makes a ledger of a document, NULL: an empty one; another one that came
 * first is left alone. */
int store_make(const struct ledger_settings *settings, const struct piece *page,
               struct diag *diag) MUST_CHECK;

/* ---- header.c ---- */

/* Tables and header of a new ledger. */
int header_make(struct database *database, const struct header *header)
	MUST_CHECK;
/* Texts go to `arena`. 1: read; 0: there is none; -1. */
int header_read(struct database *database, struct arena *arena,
                struct header *out) MUST_CHECK;
/*
 * Serial, key and MAC anew, provided that the header is the one with the
 * serial before and the lock has `token`. 1: done; 0: it is not so; -1.
 */
int header_renew(struct database *database, const struct header *header,
                 const char *token) MUST_CHECK;
/* The MAC of a ledger that nobody else has yet. */
int header_sign(struct database *database, const uint8_t mac[HASH_BYTES])
	MUST_CHECK;

/* ---- ledger.c, verify.c ---- */

struct remote;

struct ledger {
	const struct store *store;
	struct database *database;
	struct remote *remote; /* of the git store, else NULL */
	struct diag *talk;     /* the database's own reports … */
	size_t told;           /* … and how many were passed on */
	struct arena *arena;
	const char *path;
	struct ledger_settings settings; /* texts are the arena's; no key */
	struct seal *seal;               /* NULL: no key in this run */
	bool sealing; /* `tally` holds, and commits renew the MAC */
	enum ledger_trust trust;
	struct header header;
	struct tally tally;
	struct intent_sums intent_sums;
	struct settled_list settled; /* of the open transaction */
	struct state *rows; /* read by open, for the first ledger_applied() */
	int64_t version;    /* PRAGMA data_version of what was read; 0: none */
	bool pending;       /* a transaction is open */
	bool broken;        /* lock lost, or no transaction to be had */
	char *bound;        /* struct header's; NULL in a file */
	char token[33];     /* of our lock; "": not locked */
	int64_t renewed_ms; /* wall clock of the lock's last renewal */
	const char *who;    /* took the lock last; NULL: nobody */
	bool running;       /* between ledger_run_begin() and _end() */
	bool intended;      /* something that is not covered, since a commit */
};

/*
 * A view is one moment of the file: between view_begin() and view_end() all
 * reads see the same, and it has been verified. Failures are reported by
 * view_begin(); -1 then, and nothing is to be ended.
 */
int view_begin(struct ledger *ledger, struct diag *diag) MUST_CHECK;
void view_end(struct ledger *ledger);

/* A handle of these settings; nothing is opened. For ledger_close(). */
struct ledger *ledger_new(const struct ledger_settings *settings) MUST_CHECK;

/* Passes the database's reports on under `code`. Always -1. */
int ledger_tell(struct ledger *ledger, unsigned code, struct diag *diag);

/* Reads and verifies all there is, inside a view. -1: reported, or
 * ledger_tell() it. */
int ledger_load(struct ledger *ledger, struct diag *diag) MUST_CHECK;
/* The rows once more, which must still be those that were verified. */
struct state *rows_again(struct ledger *ledger, struct diag *diag) MUST_CHECK;

/* Reads and verifies the database that the store opened. */
int store_look(struct ledger *ledger, struct diag *diag) MUST_CHECK;
/* Opens the transaction unless it is open; false: nothing can be written. */
bool store_begin(struct ledger *ledger) MUST_CHECK;
/* Gives the open transaction up, if there is one. */
void store_drop(struct ledger *ledger);

/* ---- body.c: the members of a row as one blob ---- */

char *body_write(const struct auth_config *row, size_t *length) MUST_CHECK;
/* Into the open config; false when it is not as it was written. */
bool body_read(struct state *state, const void *bytes, size_t length)
	MUST_CHECK;

/* ---- rows.c ---- */

/* All rows by key, added to `tally`; NULL: reported, or ledger_tell() it. */
struct state *rows_read(struct ledger *ledger, struct tally *tally,
                        struct diag *diag) MUST_CHECK;
/* Without a tally; false: its uuid or its key is taken, or it broke. */
bool rows_insert(struct ledger *ledger, const struct auth_config *row)
	MUST_CHECK;
/* Adds what rows_insert() would write. */
void rows_tally(const struct ledger *ledger, const struct auth_config *row,
                struct tally *tally);

/* ---- page_write.c, page_read.c: a ledger as one JSON document ---- */

/*
 * The ledger's rows, open intents and last runs under `header`, as a document
 * that follows the commit `parent` ("": none). Signed when the ledger is
 * sealing. The same ledger gives the same bytes. NULL after reporting, or
 * ledger_tell() it.
 */
char *page_write(struct ledger *ledger, const struct header *header,
                 const char *parent, size_t *length, struct diag *diag)
	MUST_CHECK;

/* What of a document is no database's. */
struct page_head {
	char parent[41]; /* "" in the first */
	bool sealed;     /* it has a MAC */
	char *bound;     /* for free() */
};

/*
 * Makes the ledger's database, in memory, of a document: its shape is checked,
 * what it says is not believed yet. -1 after reporting.
 */
int page_read(struct ledger *ledger, const struct piece *page,
              struct page_head *out, struct diag *diag) MUST_CHECK;
/* The same, in the database that is open. */
int page_fill(struct ledger *ledger, const struct piece *page,
              struct page_head *out, struct diag *diag) MUST_CHECK;
/* A document that says that the ledger went to the store `to`. */
char *page_moved(const struct ledger *ledger, const char *to, size_t *length)
	MUST_CHECK;

/* What is signed beside rows and intents; `history` is canonical JSON. */
char *page_bound(const char *parent, const char *history) MUST_CHECK;

/* ---- twins.c ---- */

/* Row O22: no id, former ones too, in two rows. -1 after reporting. */
int check_twins(const struct ledger *ledger, const struct state *rows,
                struct diag *diag) MUST_CHECK;

/* ---- journal.c ---- */

/* Adds the open intents to `tally`. -1: the database failed. */
int intents_tally(struct ledger *ledger, struct tally *tally) MUST_CHECK;
/* From here on intents are read back before they are settled; what was done
 * and not flushed is dropped. */
void intents_forget(struct ledger *ledger);

#define OUTCOME_DONE_WORD "done"
/* As the condition of the index `intent_open`. */
#define INTENT_IS_OPEN "outcome IN ('open', 'unknown')"

/* ---- settled.c ---- */

/* What became of the intents `first` to `last`, as far as they are open. */
struct settlement {
	int64_t first, last;
	const char *outcome, *message;
	int status;
};

void settled_write(struct ledger *ledger, const struct settlement *settlement);
/* Done: kept until settled_flush(), which comes before each commit and view. */
void settled_later(struct ledger *ledger, int64_t number, int status);
void settled_flush(struct ledger *ledger);
void settled_forget(struct ledger *ledger);

/* ---- lock.c ---- */

/* It is time to push the expiry on. */
bool lock_is_due(const struct ledger *ledger);
/* Why a lock may be taken over; NULL: it may not. */
const char *lock_reason_to_take(const struct ledger *ledger,
                                const struct holder *holder);
void lock_say_taken(const struct ledger *ledger, const struct holder *holder,
                    const char *reason, struct diag *diag);
/* Drops the transaction and everything after it; reports. Always -1. */
int lock_lost(struct ledger *ledger, struct diag *diag);

/* ---- file.c: the file store; its lock, lock_row.c, is a row ---- */

int lock_row_read(struct ledger *ledger, struct holder *out, struct diag *diag)
	MUST_CHECK;
enum attempt lock_row_take(struct ledger *ledger,
                           const struct lock_owner *owner,
                           struct holder *holder, struct diag *diag) MUST_CHECK;
/* Inside a transaction, when it is time to. */
void lock_row_touch(struct ledger *ledger);
int lock_row_renew(struct ledger *ledger, struct diag *diag) MUST_CHECK;
int lock_row_is_ours(struct ledger *ledger) MUST_CHECK;
void lock_row_give_back(struct ledger *ledger, const char *token);

/* ---- holder.c: who holds a lock ---- */

/* This machine since its start, and our space of process ids; "": unknown. */
char *holder_machine(void) MUST_CHECK;
/* When the process began, in ticks since the machine did; 0: unknown. */
int64_t holder_started(int64_t pid);
/* True when no process of this machine has that pid and that beginning. */
bool holder_is_gone(int64_t pid, int64_t started);

#endif
