/* SPDX-License-Identifier: MIT */
/* The tables of a ledger, and its header: whose it is, and the MAC. */
#include "ledger/store.h"

#include <string.h>

/* "Trup"; the first thing that tells a ledger from other databases. */
#define APPLICATION_ID "1416787312"

/*
 * `body` is described in rows.c. `snapshot` and `secrets` are texts, each
 * followed by NUL. Outcomes are words: see journal.c.
 */
static const char schema[] =
	"PRAGMA application_id = " APPLICATION_ID ";"
	"CREATE TABLE ledger_header ("
	" one INTEGER PRIMARY KEY CHECK (one = 1),"
	" platform TEXT NOT NULL, origin TEXT NOT NULL, tenant TEXT,"
	" environment TEXT NOT NULL, lineage TEXT NOT NULL,"
	" serial INTEGER NOT NULL, key_id TEXT, mac BLOB) STRICT;"
	"CREATE TABLE ledger_row ("
	" row_uuid TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, id TEXT,"
	" connector TEXT, natural_key TEXT, protect INTEGER NOT NULL,"
	" body BLOB NOT NULL) STRICT;"
	"CREATE TABLE ledger_lock ("
	" one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL,"
	" who TEXT, command TEXT, url TEXT, machine TEXT,"
	" pid INTEGER NOT NULL, started INTEGER NOT NULL,"
	" since_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT;"
	"CREATE TABLE run ("
	" number INTEGER PRIMARY KEY, command TEXT, revision TEXT,"
	" digest TEXT, who TEXT, began_ms INTEGER NOT NULL,"
	" ended_ms INTEGER, result TEXT) STRICT;"
	"CREATE TABLE intent ("
	" number INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
	" kind TEXT NOT NULL, key TEXT, row_uuid TEXT, id TEXT,"
	" connector TEXT, name TEXT, natural_key TEXT, client_id TEXT,"
	" snapshot BLOB NOT NULL, secrets BLOB NOT NULL,"
	" intended_ms INTEGER NOT NULL, outcome TEXT NOT NULL,"
	" status INTEGER, message TEXT, settled_ms INTEGER) STRICT;"
	"CREATE INDEX intent_open ON intent (number)"
	" WHERE outcome IN ('open', 'unknown');";

static int insert(struct database *database, const struct header *header)
{
	struct statement *statement = database_prepare(
		database, "INSERT INTO ledger_header"
			  " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	statement_text(statement, 1, header->platform);
	statement_text(statement, 2, header->origin);
	statement_text(statement, 3, header->tenant);
	statement_text(statement, 4, header->environment);
	statement_text(statement, 5, header->lineage);
	statement_integer(statement, 6, (int64_t)header->serial);
	statement_text(statement, 7, header->key_id);
	if (header->key_id)
		statement_blob(statement, 8, header->mac, HASH_BYTES);
	return statement_run(statement);
}

int header_make(struct database *database, const struct header *header)
{
	if (database_begin(database) < 0 ||
	    database_run(database, schema) < 0 ||
	    insert(database, header) < 0 ||
	    database_set_version(database, LEDGER_FORMAT) < 0)
		return -1;
	return database_commit(database);
}

static const char *keep(struct arena *arena, const char *text)
{
	return text ? arena_intern(arena, text, strlen(text)) : NULL;
}

static void read_columns(struct statement *statement, struct arena *arena,
                         struct header *out)
{
	size_t length = 0;
	const void *mac;

	out->platform = keep(arena, statement_column(statement, 0));
	out->origin = keep(arena, statement_column(statement, 1));
	out->tenant = keep(arena, statement_column(statement, 2));
	out->environment = keep(arena, statement_column(statement, 3));
	out->lineage = keep(arena, statement_column(statement, 4));
	out->serial = (uint64_t)statement_number(statement, 5);
	out->key_id = keep(arena, statement_column(statement, 6));
	mac = statement_bytes(statement, 7, &length);
	memset(out->mac, 0, sizeof(out->mac));
	if (mac && length == sizeof(out->mac))
		memcpy(out->mac, mac, length);
}

static int is_ledger(struct database *database)
{
	struct statement *statement =
		database_prepare(database, "SELECT 1 FROM pragma_application_id"
	                                   " WHERE application_id ="
	                                   " " APPLICATION_ID);
	const int found = statement_next(statement);

	return found > 0 && statement_next(statement) < 0 ? -1 : found;
}

int header_read(struct database *database, struct arena *arena,
                struct header *out)
{
	struct statement *statement;
	int found = is_ledger(database);

	if (found <= 0)
		return found;
	statement = database_prepare(
		database, "SELECT platform, origin, tenant, environment,"
			  " lineage, serial, key_id, mac FROM ledger_header");
	found = statement_next(statement);

	if (found <= 0)
		return found;
	read_columns(statement, arena, out);
	return statement_next(statement) < 0 ? -1 : 1;
}

int header_renew(struct database *database, const struct header *header,
                 const char *token)
{
	struct statement *statement = database_prepare(
		database, "UPDATE ledger_header"
			  " SET serial = ?1, key_id = ?2, mac = ?3"
			  " WHERE serial = ?1 - 1 AND EXISTS"
			  " (SELECT 1 FROM ledger_lock WHERE token = ?4)");

	statement_integer(statement, 1, (int64_t)header->serial);
	statement_text(statement, 2, header->key_id);
	if (header->key_id)
		statement_blob(statement, 3, header->mac, HASH_BYTES);
	statement_text(statement, 4, token);
	if (statement_run(statement) < 0)
		return -1;
	return database_changes(database) == 1;
}

int header_sign(struct database *database, const uint8_t mac[HASH_BYTES])
{
	struct statement *statement =
		database_prepare(database, "UPDATE ledger_header SET mac = ?1");

	statement_blob(statement, 1, mac, HASH_BYTES);
	return statement_run(statement);
}
