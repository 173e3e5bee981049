/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/text.h"
#include "database/inside.h"
#include "schema/codes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_TIMEOUT_MS = 5000 };

/* What to do, by SQLite's primary result code. */
static const struct {
	int code;
	const char *advice;
} advices[] = {
	{ SQLITE_BUSY, "another process holds it; try again when it is done" },
	{ SQLITE_CANTOPEN, "check the path, its permissions and that it is no "
	                   "link" },
	{ SQLITE_CORRUPT, "put a good copy in its place" },
	{ SQLITE_FULL, "make space on the disk" },
	{ SQLITE_IOERR, "check the disk" },
	{ SQLITE_NOTADB, "put a good copy in its place" },
	{ SQLITE_PERM, "check the permissions" },
	{ SQLITE_READONLY, "check the permissions of the file and its folder" },
};

static const char *advice(int code)
{
	for (size_t i = 0; i < LENGTH(advices); i++) {
		if (advices[i].code == (code & 0xff))
			return advices[i].advice;
	}
	return "look at the file and its folder";
}

static int report(const char *path, const char *words, const char *todo,
                  struct diag *diag)
{
	return diag_error(diag, CODE_DATABASE, (struct place){ .file = path },
	                  "the database `%s` cannot be used: %s; %s", path,
	                  words, todo);
}

int database_fail(struct database *database)
{
	if (database->failed)
		return -1;
	database->failed = true;
	return report(database->path, sqlite3_errmsg(database->handle),
	              advice(sqlite3_extended_errcode(database->handle)),
	              database->diag);
}

int database_check(struct database *database, int code)
{
	return code == SQLITE_OK ? 0 : database_fail(database);
}

/*
 * SQLITE_OPEN_NOFOLLOW refuses links anywhere in the path; folders may be
 * links here, only the file itself may not. NULL: errno says why.
 */
static char *resolve(const char *path)
{
	CLEANUP(textp) char *folder = path_folder(path);
	CLEANUP(textp) char *resolved = path_real(folder);

	return resolved ? path_join(resolved, path_name(path)) : NULL;
}

static int create_file(const char *path)
{
	CLEANUP(fdp)
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	              0600);

	return fd < 0 ? -1 : fchmod(fd, 0600);
}

static int open_handle(struct database *database, const char *path,
                       unsigned flags)
{
	int how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	          SQLITE_OPEN_NOFOLLOW;

	if (flags & DATABASE_READ_ONLY)
		how |= SQLITE_OPEN_READONLY;
	else
		how |= SQLITE_OPEN_READWRITE;
	if (flags & DATABASE_MEMORY)
		how |= SQLITE_OPEN_MEMORY;
	return database_check(
		database, sqlite3_open_v2(path, &database->handle, how, NULL));
}

static int harden(struct database *database)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 }, /* "text" is no string */
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
	};

	for (size_t i = 0; i < LENGTH(options); i++) {
		if (database_check(database,
		                   sqlite3_db_config(
					   database->handle, options[i].option,
					   options[i].value, (int *)NULL)) < 0)
			return -1;
	}
	return database_check(database, sqlite3_busy_timeout(database->handle,
	                                                     BUSY_TIMEOUT_MS));
}

static const char sync_full[] = "PRAGMA synchronous = FULL";
static const char sync_normal[] = "PRAGMA synchronous = NORMAL";
static const char sync_off[] = "PRAGMA synchronous = OFF";

/* The files of the WAL stay when the last writer closes, as they stay behind
 * readers: to make and remove them is as dear as a commit. */
static int keep_log(struct database *database)
{
	int kept = 1;

	return database_check(database,
	                      sqlite3_file_control(database->handle, "main",
	                                           SQLITE_FCNTL_PERSIST_WAL,
	                                           &kept));
}

/* Not before: it would be emptied after each checkpoint. */
static void empty_log_at_close(struct database *database)
{
	(void)sqlite3_exec(database->handle, "PRAGMA journal_size_limit = 0",
	                   NULL, NULL, NULL);
}

static int set_up(struct database *database, unsigned flags)
{
	const bool unsynced = flags & (DATABASE_UNSYNCED | DATABASE_MEMORY);

	database->synchronous = unsynced ? sync_off : sync_full;
	if (harden(database) < 0 ||
	    database_run(database, "PRAGMA cell_size_check = ON") < 0)
		return -1;
	/* The first to read the file: what is no database fails here. */
	if (database_run(database, "SELECT count(*) FROM sqlite_schema") < 0)
		return -1;
	if (flags & (DATABASE_READ_ONLY | DATABASE_MEMORY))
		return 0;
	if (keep_log(database) < 0 ||
	    database_run(database, database->synchronous) < 0)
		return -1;
	return database_run(database, "PRAGMA journal_mode = WAL");
}

/* A new file's name must be as durable as what is written into it. */
static int sync_folder(const char *path)
{
	CLEANUP(textp) char *folder = path_folder(path);
	CLEANUP(fdp) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

static struct database *database_new(const char *path, struct diag *diag)
{
	struct database *database = xcalloc(1, sizeof(*database));

	database->path = xstrdup(path);
	database->diag = diag;
	return database;
}

static int open_file(struct database *database, unsigned flags)
{
	CLEANUP(textp) char *path = resolve(database->path);
	bool created = flags & DATABASE_CREATE;

	if (!path || (created && create_file(path) < 0))
		return report(database->path, strerror(errno),
		              "check the path and its permissions",
		              database->diag);
	if (open_handle(database, path, flags) < 0 ||
	    set_up(database, flags) < 0) {
		if (created)
			(void)unlink(path);
		return -1;
	}
	if (created && !(flags & DATABASE_UNSYNCED) && sync_folder(path) < 0)
		return report(database->path, strerror(errno), "check the disk",
		              database->diag);
	return 0;
}

static int open_memory(struct database *database, unsigned flags)
{
	if (open_handle(database, ":memory:", flags) < 0)
		return -1;
	return set_up(database, flags);
}

struct database *database_open(const char *path, unsigned flags,
                               struct diag *diag)
{
	CLEANUP(database_closep)
	struct database *database = database_new(path, diag);
	int opened;

	/* Nobody asks how much memory it uses, which costs two locks for each
	 * piece. Too late after the first database: then it does nothing. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	opened = flags & DATABASE_MEMORY ? open_memory(database, flags)
	                                 : open_file(database, flags);

	return opened < 0 ? NULL : TAKE(database);
}

void database_close(struct database *database)
{
	if (!database)
		return;
	for (size_t i = 0; i < database->statement_count; i++) {
		sqlite3_finalize(database->statements[i]->handle);
		free(database->statements[i]->sql);
		free(database->statements[i]);
	}
	free(database->statements);
	if (database->handle)
		empty_log_at_close(database);
	(void)sqlite3_close(database->handle);
	free(database->path);
	free(database);
}

void database_closep(struct database **database)
{
	database_close(*database);
}

int database_run(struct database *database, const char *sql)
{
	if (database->failed)
		return -1;
	return database_check(database, sqlite3_exec(database->handle, sql,
	                                             NULL, NULL, NULL));
}

/* One that never syncs goes on so. */
static int begin(struct database *database, const char *synchronous)
{
	const char *before = database->synchronous;

	if (before != synchronous && before != sync_off) {
		database->synchronous = synchronous;
		if (database_run(database, synchronous) < 0)
			return -1;
	}
	return statement_run(database_prepare(database, "BEGIN IMMEDIATE"));
}

int database_begin(struct database *database)
{
	return begin(database, sync_full);
}

int database_begin_unsynced(struct database *database)
{
	return begin(database, sync_normal);
}

int database_commit(struct database *database)
{
	return statement_run(database_prepare(database, "COMMIT"));
}

/* Also after a failure: what it holds is let go at once, not at the close. */
void database_rollback(struct database *database)
{
	if (!sqlite3_get_autocommit(database->handle))
		(void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL,
		                   NULL);
}

int database_version(struct database *database)
{
	struct statement *statement =
		database_prepare(database, "PRAGMA user_version");
	int row = statement_next(statement);

	if (row <= 0)
		return -1;

	int version = (int)statement_number(statement, 0);

	return statement_next(statement) < 0 ? -1 : version;
}

int database_set_version(struct database *database, int version)
{
	CLEANUP(textp)
	char *sql = xasprintf("PRAGMA user_version = %d", version);

	return database_run(database, sql);
}

int database_checkpoint(struct database *database)
{
	if (database->failed)
		return -1;
	return database_check(
		database, sqlite3_wal_checkpoint_v2(database->handle, NULL,
	                                            SQLITE_CHECKPOINT_TRUNCATE,
	                                            NULL, NULL));
}

/* The format of the file that is written and that is read: both WAL's. SQLite
 * documents these two bytes of the header. */
enum { WRITE_VERSION_AT = 18, READ_VERSION_AT = 19, WAL_VERSION = 2 };

char *database_bytes(struct database *database, size_t *length)
{
	sqlite3_int64 size = 0;
	unsigned char *bytes;
	char *copy;

	if (database->failed)
		return NULL;
	bytes = sqlite3_serialize(database->handle, "main", &size, 0);
	if (!bytes || size <= READ_VERSION_AT) {
		sqlite3_free(bytes);
		(void)database_fail(database);
		return NULL;
	}
	bytes[WRITE_VERSION_AT] = WAL_VERSION;
	bytes[READ_VERSION_AT] = WAL_VERSION;
	copy = xmalloc((size_t)size);
	memcpy(copy, bytes, (size_t)size);
	sqlite3_free(bytes);
	*length = (size_t)size;
	return copy;
}

int64_t database_changes(struct database *database)
{
	return sqlite3_changes64(database->handle);
}

int64_t database_inserted(struct database *database)
{
	return sqlite3_last_insert_rowid(database->handle);
}
