/* SPDX-License-Identifier: MIT */
#include "sandbox/store.h"
#include "base/text.h"
#include "database/database.h"
#include "sandbox/lag.h"

#include <stdlib.h>
#include <unistd.h>

enum { STORE_VERSION = 1 };

static const char schema[] =
	"CREATE TABLE environment ("
	"  number INTEGER PRIMARY KEY,"
	"  name TEXT NOT NULL UNIQUE"
	") STRICT;"
	"CREATE TABLE object ("
	"  environment INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL,"
	"  serial INTEGER NOT NULL,"
	"  id TEXT NOT NULL,"
	"  parent TEXT,"
	"  text TEXT NOT NULL,"
	"  secret TEXT,"
	"  PRIMARY KEY (environment, kind, serial)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX object_id ON object (environment, kind, id);"
	"CREATE TABLE secret ("
	"  environment INTEGER NOT NULL,"
	"  secret TEXT NOT NULL,"
	"  PRIMARY KEY (environment, secret)"
	") STRICT, WITHOUT ROWID;";

/* Lists name a total on every page: it is counted once, then kept. */
struct tally {
	struct shelf shelf;
	int64_t count;
};

/* Copies of what store_find() found last. */
struct found {
	char *id, *parent, *text, *secret;
};

struct store {
	struct database *database;
	int64_t last_serial;
	struct lag lag;
	struct tally *tallies;
	size_t tally_count, tally_capacity;
	struct found found;
};

static void forget_found(struct store *store)
{
	free(store->found.id);
	free(store->found.parent);
	free(store->found.text);
	free(store->found.secret);
	store->found = (struct found){ 0 };
}

static int64_t number_of(struct store *store, const char *sql)
{
	struct statement *statement = database_prepare(store->database, sql);

	if (statement_next(statement) != 1)
		return -1;

	int64_t number = statement_number(statement, 0);

	return statement_next(statement) < 0 ? -1 : number;
}

static int make_schema(struct store *store)
{
	if (database_begin(store->database) < 0 ||
	    database_run(store->database, schema) < 0 ||
	    database_set_version(store->database, STORE_VERSION) < 0)
		return -1;
	return database_commit(store->database);
}

static int set_up(struct store *store)
{
	int version = database_version(store->database);

	if (version < 0 || (version == 0 && make_schema(store) < 0) ||
	    lag_init(&store->lag, store->database) < 0)
		return -1;
	store->last_serial =
		number_of(store, "SELECT coalesce(max(serial), 0) FROM object");
	return store->last_serial < 0 ? -1 : 0;
}

static unsigned how_to_open(const char *path)
{
	unsigned flags = DATABASE_UNSYNCED;

	if (!path)
		return flags | DATABASE_MEMORY;
	return access(path, F_OK) < 0 ? flags | DATABASE_CREATE : flags;
}

struct store *store_new(const char *path, struct diag *diag)
{
	CLEANUP(store_freep) struct store *store = xcalloc(1, sizeof(*store));

	store->database =
		database_open(path ? path : "memory", how_to_open(path), diag);
	if (!store->database || set_up(store) < 0)
		return NULL;
	return TAKE(store);
}

void store_free(struct store *store)
{
	if (!store)
		return;
	database_close(store->database);
	forget_found(store);
	free(store->tallies);
	free(store);
}

int64_t store_environment(struct store *store, const char *name)
{
	struct statement *add = database_prepare(
		store->database,
		"INSERT OR IGNORE INTO environment (name) VALUES (?1)");

	statement_text(add, 1, name);
	if (statement_run(add) < 0)
		return -1;

	struct statement *get = database_prepare(
		store->database,
		"SELECT number FROM environment WHERE name = ?1");

	statement_text(get, 1, name);
	if (statement_next(get) != 1)
		return -1;

	int64_t number = statement_number(get, 0);

	return statement_next(get) < 0 ? -1 : number;
}

static struct statement *prepare(struct store *store, const char *sql,
                                 struct shelf shelf)
{
	struct statement *statement = database_prepare(store->database, sql);

	statement_integer(statement, 1, shelf.environment);
	statement_integer(statement, 2, (int64_t)shelf.kind);
	return statement;
}

static int64_t count_again(struct store *store, struct shelf shelf)
{
	struct statement *statement =
		prepare(store,
	                "SELECT count(*) FROM object "
	                "WHERE environment = ?1 AND kind = ?2",
	                shelf);

	if (statement_next(statement) != 1)
		return -1;

	int64_t count = statement_number(statement, 0);

	return statement_next(statement) < 0 ? -1 : count;
}

static struct tally *find_tally(const struct store *store, struct shelf shelf)
{
	for (size_t i = 0; i < store->tally_count; i++) {
		struct tally *tally = &store->tallies[i];

		if (tally->shelf.environment == shelf.environment &&
		    tally->shelf.kind == shelf.kind)
			return tally;
	}
	return NULL;
}

static int64_t count_all(struct store *store, struct shelf shelf)
{
	const struct tally *known = find_tally(store, shelf);

	if (known)
		return known->count;

	int64_t count = count_again(store, shelf);

	if (count < 0)
		return -1;
	store->tallies = xgrow(store->tallies, store->tally_count,
	                       &store->tally_capacity, sizeof(struct tally));
	store->tallies[store->tally_count++] =
		(struct tally){ .shelf = shelf, .count = count };
	return count;
}

static void change_count(struct store *store, struct shelf shelf,
                         int64_t change)
{
	struct tally *tally = find_tally(store, shelf);

	if (tally)
		tally->count += change;
}

static int write_record(struct statement *statement, int64_t serial,
                        const struct record *record)
{
	statement_integer(statement, 3, serial);
	statement_text(statement, 4, record->id);
	statement_text(statement, 5, record->parent);
	statement_text(statement, 6, record->text);
	statement_text(statement, 7, record->secret);
	return statement_run(statement);
}

int store_see_secret(struct store *store, int64_t environment,
                     const char *secret)
{
	if (!secret)
		return 0;

	struct statement *statement = database_prepare(
		store->database,
		"INSERT OR IGNORE INTO secret VALUES (?1, ?2)");

	statement_integer(statement, 1, environment);
	statement_text(statement, 2, secret);
	return statement_run(statement);
}

int store_add(struct store *store, struct shelf shelf,
              const struct record *record)
{
	struct statement *statement = prepare(
		store, "INSERT INTO object VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		shelf);

	if (write_record(statement, store->last_serial + 1, record) < 0 ||
	    lag_addition(&store->lag, shelf, store->last_serial + 1) < 0)
		return -1;
	store->last_serial++;
	change_count(store, shelf, 1);
	return store_see_secret(store, shelf.environment, record->secret);
}

int store_replace(struct store *store, struct shelf shelf,
                  const struct record *record)
{
	struct statement *statement =
		prepare(store,
	                "UPDATE object SET id = ?4, parent = ?5, text = ?6, "
	                "secret = ?7 "
	                "WHERE environment = ?1 AND kind = ?2 AND serial = ?3",
	                shelf);

	if (lag_change(&store->lag, shelf, record->serial) < 0 ||
	    write_record(statement, record->serial, record) < 0)
		return -1;
	return store_see_secret(store, shelf.environment, record->secret);
}

/* Columns: serial, id, parent, text, secret. */
static struct record record_of(struct statement *statement)
{
	return (struct record){
		.serial = statement_number(statement, 0),
		.id = statement_column(statement, 1),
		.parent = statement_column(statement, 2),
		.text = statement_column(statement, 3),
		.secret = statement_column(statement, 4),
	};
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static struct record keep_found(struct store *store, struct record record)
{
	struct found *found = &store->found;

	forget_found(store);
	*found = (struct found){
		.id = copy(record.id),
		.parent = copy(record.parent),
		.text = copy(record.text),
		.secret = copy(record.secret),
	};
	return (struct record){ record.serial, found->id, found->parent,
		                found->text, found->secret };
}

int store_find(struct store *store, struct shelf shelf, const char *id,
               struct record *found)
{
	struct statement *statement =
		prepare(store,
	                "SELECT serial, id, parent, text, secret FROM object "
	                "WHERE environment = ?1 AND kind = ?2 AND id = ?3",
	                shelf);

	statement_text(statement, 3, id);

	int row = statement_next(statement);

	if (row != 1)
		return row;
	*found = keep_found(store, record_of(statement));
	/* To its end: a statement that stands holds the log back. */
	return statement_next(statement) < 0 ? -1 : 1;
}

static int lag_removal(struct store *store, struct shelf shelf, const char *id)
{
	struct record record = { 0 };
	int found;

	if (!lag_is_on(&store->lag))
		return 0;
	found = store_find(store, shelf, id, &record);
	return found > 0 ? lag_change(&store->lag, shelf, record.serial)
	                 : found;
}

int store_remove(struct store *store, struct shelf shelf, const char *id)
{
	/* It may be a copy that store_find() makes room for. */
	CLEANUP(textp) char *kept = xstrdup(id);

	if (lag_removal(store, shelf, kept) < 0)
		return -1;

	struct statement *statement =
		prepare(store,
	                "DELETE FROM object "
	                "WHERE environment = ?1 AND kind = ?2 AND id = ?3",
	                shelf);

	statement_text(statement, 3, kept);
	if (statement_run(statement) < 0)
		return -1;

	int64_t removed = database_changes(store->database);

	change_count(store, shelf, -removed);
	return removed > 0;
}

#define OF_SPAN                                                 \
	" WHERE environment = ?1 AND kind = ?2 AND serial > ?3" \
	" AND (?5 IS NULL OR parent = ?5) "
#define IN_ORDER "ORDER BY serial LIMIT ?4 OFFSET ?6"

static const char each_sql[] =
	"SELECT serial, id, parent, text, secret FROM object" OF_SPAN IN_ORDER;
static const char each_listed_sql[] =
	"SELECT serial, id, parent, text, secret FROM object AS o" OF_SPAN
	"AND NOT EXISTS (SELECT 1 FROM lag WHERE environment = o.environment"
	" AND kind = o.kind AND serial = o.serial) "
	"UNION ALL SELECT serial, id, parent, text, secret FROM lag" OF_SPAN
	"AND present " IN_ORDER;

int store_each(struct store *store, const struct span *span, record_fn *visit,
               void *context)
{
	struct statement *statement = prepare(
		store,
		span->listed && store->lag.count ? each_listed_sql : each_sql,
		span->shelf);
	int row;

	statement_integer(statement, 3, span->after);
	statement_integer(statement, 4, span->limit);
	statement_text(statement, 5, span->parent);
	statement_integer(statement, 6, span->skip);
	while ((row = statement_next(statement)) == 1) {
		const struct record record = record_of(statement);

		visit(&record, context);
	}
	return row;
}

static void count_record(const struct record *record, void *context)
{
	int64_t *count = context;

	(void)record;
	++*count;
}

int64_t store_count(struct store *store, struct shelf shelf)
{
	const struct span span = { .shelf = shelf,
		                   .limit = -1,
		                   .listed = true };
	int64_t count = 0;

	if (!store->lag.count)
		return count_all(store, shelf);
	return store_each(store, &span, count_record, &count) < 0 ? -1 : count;
}

int store_each_secret(struct store *store, int64_t environment,
                      secret_fn *visit, void *context)
{
	struct statement *statement = database_prepare(
		store->database, "SELECT secret FROM secret "
				 "WHERE environment = ?1 ORDER BY secret");
	int row;

	statement_integer(statement, 1, environment);
	while ((row = statement_next(statement)) == 1)
		visit(statement_column(statement, 0), context);
	return row;
}

int store_clear(struct store *store)
{
	store->tally_count = 0;
	if (lag_clear(&store->lag) < 0)
		return -1;
	return database_run(store->database, "DELETE FROM object");
}

void store_begin_lag(struct store *store, int64_t due_ms, int64_t lists)
{
	store->lag.due_ms = due_ms;
	store->lag.lists = lists;
}

void store_end_lag(struct store *store)
{
	store_begin_lag(store, 0, 0);
}

void store_age_lag(struct store *store, enum store_age age, int64_t now_ms)
{
	lag_age(&store->lag, age, now_ms);
}

int store_enter(struct store *store)
{
	return database_begin(store->database);
}

int store_commit(struct store *store)
{
	return database_commit(store->database);
}

void store_rollback(struct store *store)
{
	store->tally_count = 0;
	database_rollback(store->database);
}
