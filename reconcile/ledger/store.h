/* SPDX-License-Identifier: MIT */
/*
 * Store: what the files of this room share. The file store is one SQLite
 * database: a header, the rows, the lock, the runs and the intents.
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

struct header {
	const char *platform, *origin, *tenant, *environment, *lineage;
	const char *key_id; /* NULL: not signed */
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

/* ---- files.c, tracked.c, make.c: the file itself ---- */

/* What stands at the path; nothing is opened. */
enum ledger_found files_check(const struct ledger_settings *settings,
                              struct diag *diag) MUST_CHECK;
/* True when the index of the enclosing git repository names `path` or one of
 * SQLite's files beside it. An index that cannot be understood names none. */
bool path_is_tracked(const char *path);
/* Makes an empty ledger; another one that came first is left alone. */
int store_make(const struct ledger_settings *settings, struct diag *diag)
	MUST_CHECK;

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

/* ---- ledger.c, verify.c ---- */

struct ledger {
	struct database *database;
	struct diag *talk; /* the database's own reports … */
	size_t told;       /* … and how many were passed on */
	struct arena *arena;
	const char *path;
	struct ledger_settings settings; /* texts are the arena's; no key */
	struct seal *seal;               /* NULL: no key in this run */
	bool sealing; /* `tally` holds, and commits renew the MAC */
	enum ledger_trust trust;
	struct header header;
	struct tally tally;
	struct intent_sums intent_sums;
	struct state *rows; /* read by open, for the first ledger_applied() */
	int64_t version;    /* PRAGMA data_version of what was read; 0: none */
	bool pending;       /* a transaction is open */
	bool broken;        /* lock lost, or no transaction to be had */
	char token[33];     /* of our lock; "": not locked */
	int64_t renewed_ms; /* wall clock of the lock's last renewal */
};

/*
 * A view is one moment of the file: between view_begin() and view_end() all
 * reads see the same, and it has been verified. Failures are reported by
 * view_begin(); -1 then, and nothing is to be ended.
 */
int view_begin(struct ledger *ledger, struct diag *diag) MUST_CHECK;
void view_end(struct ledger *ledger);

/* Passes the database's reports on under `code`. Always -1. */
int ledger_tell(struct ledger *ledger, unsigned code, struct diag *diag);

/* Reads and verifies all there is, inside a view. -1: reported, or
 * ledger_tell() it. */
int ledger_load(struct ledger *ledger, struct diag *diag) MUST_CHECK;
/* The rows once more, which must still be those that were verified. */
struct state *rows_again(struct ledger *ledger, struct diag *diag) MUST_CHECK;

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

/* ---- twins.c ---- */

/* Row O22: no id, former ones too, in two rows. -1 after reporting. */
int check_twins(const struct ledger *ledger, const struct state *rows,
                struct diag *diag) MUST_CHECK;

/* ---- journal.c ---- */

/* Adds the open intents to `tally`. -1: the database failed. */
int intents_tally(struct ledger *ledger, struct tally *tally) MUST_CHECK;
/* From here on intents are read back before they are settled. */
void intents_forget(struct ledger *ledger);

/* ---- lock.c ---- */

/* Pushes the expiry on, inside a transaction, when it is time to. */
void lock_renew(struct ledger *ledger);
/* Drops the transaction and everything after it; reports. Always -1. */
int lock_lost(struct ledger *ledger, struct diag *diag);

/* ---- holder.c: who holds a lock ---- */

/* This machine since its start, and our space of process ids; "": unknown. */
char *holder_machine(void) MUST_CHECK;
/* When the process began, in ticks since the machine did; 0: unknown. */
int64_t holder_started(int64_t pid);
/* True when no process of this machine has that pid and that beginning. */
bool holder_is_gone(int64_t pid, int64_t started);

#endif
