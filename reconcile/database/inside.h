/* SPDX-License-Identifier: MIT */
/* Inside: what the files of this room share. */
#ifndef RECONCILE_DATABASE_INSIDE_H
#define RECONCILE_DATABASE_INSIDE_H

#include "database/database.h"

#include <stdbool.h>

#include <sqlite3.h>

struct statement {
	struct database *database;
	sqlite3_stmt *handle; /* NULL: it does not compile */
	char *sql;
	size_t sql_length;
};

struct database {
	sqlite3 *handle;
	char *path;
	struct diag *diag; /* borrowed */
	bool failed;
	const char *synchronous; /* the pragma that holds */
	struct statement **statements;
	size_t statement_count, statement_capacity;
};

/* Reports the first failure only; from then on nothing is done any more.
 * Always -1. */
int database_fail(struct database *database);
/* 0, or what database_fail() returns, of a result code of SQLite. */
int database_check(struct database *database, int code);

#endif
