/* SPDX-License-Identifier: MIT */
#include "sandbox/lag.h"
#include "database/database.h"

static const char schema[] = "CREATE TEMP TABLE lag ("
			     "  environment INTEGER NOT NULL,"
			     "  kind INTEGER NOT NULL,"
			     "  serial INTEGER NOT NULL,"
			     "  id TEXT,"
			     "  parent TEXT,"
			     "  text TEXT,"
			     "  secret TEXT,"
			     "  present INTEGER NOT NULL,"
			     "  due_ms INTEGER NOT NULL,"
			     "  lists INTEGER NOT NULL,"
			     "  PRIMARY KEY (environment, kind, serial)"
			     ") STRICT, WITHOUT ROWID;";

int lag_init(struct lag *lag, struct database *database)
{
	lag->database = database;
	return database_run(database, schema);
}

bool lag_is_on(const struct lag *lag)
{
	return lag->due_ms || lag->lists;
}

static int insert(struct lag *lag, const char *sql, struct shelf shelf,
                  int64_t serial)
{
	struct statement *statement;

	if (!lag_is_on(lag))
		return 0;
	statement = database_prepare(lag->database, sql);
	statement_integer(statement, 1, shelf.environment);
	statement_integer(statement, 2, (int64_t)shelf.kind);
	statement_integer(statement, 3, serial);
	statement_integer(statement, 4, lag->due_ms);
	statement_integer(statement, 5, lag->lists);
	if (statement_run(statement) < 0)
		return -1;
	lag->count += (size_t)database_changes(lag->database);
	return 0;
}

int lag_change(struct lag *lag, struct shelf shelf, int64_t serial)
{
	return insert(lag,
	              "INSERT OR IGNORE INTO lag "
	              "SELECT environment, kind, serial, id, parent, text,"
	              " secret, 1, ?4, ?5 FROM object "
	              "WHERE environment = ?1 AND kind = ?2 AND serial = ?3",
	              shelf, serial);
}

int lag_addition(struct lag *lag, struct shelf shelf, int64_t serial)
{
	return insert(lag,
	              "INSERT OR IGNORE INTO lag VALUES (?1, ?2, ?3,"
	              " NULL, NULL, NULL, NULL, 0, ?4, ?5)",
	              shelf, serial);
}

/* A failure shows in whatever is asked next. */
static void end_time(struct lag *lag, int64_t now_ms)
{
	struct statement *statement = database_prepare(
		lag->database,
		"DELETE FROM lag WHERE due_ms > 0 AND due_ms <= ?1");

	statement_integer(statement, 1, now_ms);
	if (statement_run(statement) == 0)
		lag->count -= (size_t)database_changes(lag->database);
}

static void count_list(struct lag *lag)
{
	struct statement *last = database_prepare(
		lag->database, "DELETE FROM lag WHERE lists = 1");

	if (statement_run(last) == 0)
		lag->count -= (size_t)database_changes(lag->database);
	(void)database_run(lag->database,
	                   "UPDATE lag SET lists = lists - 1 WHERE lists > 1");
}

void lag_age(struct lag *lag, enum store_age age, int64_t now_ms)
{
	if (!lag->count)
		return;
	if (age == STORE_TIME)
		end_time(lag, now_ms);
	else
		count_list(lag);
}

int lag_clear(struct lag *lag)
{
	lag->count = 0;
	return database_run(lag->database, "DELETE FROM lag");
}
