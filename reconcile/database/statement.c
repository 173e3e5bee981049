/* SPDX-License-Identifier: MIT */
/* Statements: compiled once, kept by their database, run again and again. */
#include "database/inside.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* What is found moves forward by one: what is asked for often stands first. */
static struct statement *find(const struct database *database, const char *sql,
                              size_t length)
{
	struct statement **items = database->statements;

	for (size_t i = 0; i < database->statement_count; i++) {
		struct statement *statement = items[i];

		if (statement->sql_length != length ||
		    memcmp(statement->sql, sql, length) != 0)
			continue;
		if (i) {
			items[i] = items[i - 1];
			items[i - 1] = statement;
		}
		return statement;
	}
	return NULL;
}

static struct statement *compile(struct database *database, const char *sql,
                                 size_t length)
{
	struct statement *statement = xcalloc(1, sizeof(*statement));

	statement->database = database;
	statement->sql = xstrdup(sql);
	statement->sql_length = length;
	if (!database->failed)
		(void)database_check(
			database, sqlite3_prepare_v3(database->handle, sql, -1,
		                                     SQLITE_PREPARE_PERSISTENT,
		                                     &statement->handle, NULL));
	database->statements = xgrow(
		database->statements, database->statement_count,
		&database->statement_capacity, sizeof(struct statement *));
	database->statements[database->statement_count++] = statement;
	return statement;
}

struct statement *database_prepare(struct database *database, const char *sql)
{
	size_t length = strlen(sql);
	struct statement *statement = find(database, sql, length);

	if (!statement)
		return compile(database, sql, length);
	(void)sqlite3_reset(statement->handle);
	(void)sqlite3_clear_bindings(statement->handle);
	return statement;
}

static bool is_usable(const struct statement *statement)
{
	return statement->handle && !statement->database->failed;
}

void statement_text(struct statement *statement, int parameter,
                    const char *text)
{
	if (is_usable(statement))
		(void)database_check(statement->database,
		                     sqlite3_bind_text(statement->handle,
		                                       parameter, text, -1,
		                                       SQLITE_STATIC));
}

void statement_blob(struct statement *statement, int parameter,
                    const void *bytes, size_t length)
{
	if (is_usable(statement))
		(void)database_check(
			statement->database,
			sqlite3_bind_blob64(statement->handle, parameter, bytes,
		                            length, SQLITE_STATIC));
}

void statement_integer(struct statement *statement, int parameter,
                       int64_t value)
{
	if (is_usable(statement))
		(void)database_check(statement->database,
		                     sqlite3_bind_int64(statement->handle,
		                                        parameter, value));
}

int statement_run(struct statement *statement)
{
	int more;

	do
		more = statement_next(statement);
	while (more > 0);
	return more;
}

int statement_next(struct statement *statement)
{
	if (!is_usable(statement))
		return -1;

	int code = sqlite3_step(statement->handle);

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		return database_fail(statement->database);
	(void)sqlite3_reset(statement->handle);
	return 0;
}

/* SQLite's texts are unsigned; nobody here cares for the sign of a byte. */
const char *statement_column(struct statement *statement, int column)
{
	return (const void *)sqlite3_column_text(statement->handle, column);
}

const void *statement_bytes(struct statement *statement, int column,
                            size_t *length)
{
	const void *bytes = sqlite3_column_blob(statement->handle, column);

	*length = (size_t)sqlite3_column_bytes(statement->handle, column);
	return bytes;
}

int64_t statement_number(struct statement *statement, int column)
{
	return sqlite3_column_int64(statement->handle, column);
}
