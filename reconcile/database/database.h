/* SPDX-License-Identifier: MIT */
/*
 * Database: a thin room over SQLite.
 *
 * Databases here are STRICT, WAL, synchronous FULL, defensive, with an
 * untrusted schema. Beside the file stand `PATH-wal`, empty while nobody has
 * it open, and `PATH-shm`, which says nothing. A failure is reported once, as
 * CODE_DATABASE with the file's name and SQLite's words, and then every call is
 * a no-op that returns -1 until the database is closed: one check at the end of
 * a batch is enough.
 *
 *     statement = database_prepare(database,
 *                                  "INSERT INTO row VALUES (?1, ?2)");
 *     statement_text(statement, 1, key);
 *     statement_blob(statement, 2, bytes, length);
 *     if (statement_run(statement) < 0 …
 */
#ifndef RECONCILE_DATABASE_DATABASE_H
#define RECONCILE_DATABASE_DATABASE_H

#include "base/diag.h"

#include <stdint.h>

struct database;
struct statement;

enum database_flags {
	DATABASE_READ_ONLY = 1 << 0,
	DATABASE_CREATE = 1 << 1,   /* 0600, O_EXCL; else it must exist */
	DATABASE_UNSYNCED = 1 << 2, /* synchronous OFF: a crash may lose all */
	DATABASE_MEMORY = 1 << 3,   /* no file; `path` is for reports */
};

/*
 * Opens `path` without following a link at its end. `flags` are some of the
 * above, ored. `diag` is borrowed for as long as it is open. NULL after
 * reporting.
 */
struct database *database_open(const char *path, unsigned flags,
                               struct diag *diag) MUST_CHECK;
void database_close(struct database *database);
/* For CLEANUP(). */
void database_closep(struct database **database);

/* Runs SQL without results, several statements too. */
int database_run(struct database *database, const char *sql);

/* BEGIN IMMEDIATE / COMMIT / ROLLBACK. Busy waits up to 5 s. */
int database_begin(struct database *database);
/* For what may be undone when the power goes: its commit does not wait for the
 * disk; the next one of the other kind takes it there too. */
int database_begin_unsynced(struct database *database);
int database_commit(struct database *database);
void database_rollback(struct database *database);

/* PRAGMA user_version. -1 on failure. */
int database_version(struct database *database);
int database_set_version(struct database *database, int version);

/* Moves the WAL into the file and empties it. */
int database_checkpoint(struct database *database);

/* A database in memory as the bytes of a file, which is in WAL mode from the
 * first time it is opened. NULL after reporting; free() them. */
char *database_bytes(struct database *database, size_t *length) MUST_CHECK;

/* Prepared once per SQL text and kept by the database: returns the same
 * statement, reset and unbound. Never NULL; a bad one fails when run. */
struct statement *database_prepare(struct database *database, const char *sql);

/* Parameters count from 1. Bytes are borrowed until the statement has run to
 * its end, and stay as they are until then. NULL text binds SQL NULL. */
void statement_text(struct statement *statement, int parameter,
                    const char *text);
void statement_blob(struct statement *statement, int parameter,
                    const void *bytes, size_t length);
void statement_integer(struct statement *statement, int parameter,
                       int64_t value);

/* For a statement without rows. 0, -1. */
int statement_run(struct statement *statement) MUST_CHECK;
/* 1: a row stands, 0: no more, -1. */
int statement_next(struct statement *statement) MUST_CHECK;

/* Columns count from 0; borrowed until the next call. NULL for SQL NULL. */
const char *statement_column(struct statement *statement, int column);
const void *statement_bytes(struct statement *statement, int column,
                            size_t *length);
int64_t statement_number(struct statement *statement, int column);

/* How many rows the last statement_run() changed. */
int64_t database_changes(struct database *database);
/* The integer key of the row that was inserted last. */
int64_t database_inserted(struct database *database);

#endif
