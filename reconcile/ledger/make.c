/* SPDX-License-Identifier: MIT */
/*
 * Making a ledger: whole under another name, then renamed, so that there is
 * either none or a complete one. A lock on the folder keeps two makers apart;
 * what a killed one left is removed by the next.
 */
#include "ledger/store.h"

#include "base/file.h"
#include "schema/schema.h"
#include "secrets/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

static int failed(const struct ledger_settings *settings, const char *path,
                  struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_UNREADABLE, settings->place,
	                  "the ledger's `%s` cannot be made: %s", path,
	                  strerror(errno));
}

static int sync_folder(const char *path)
{
	CLEANUP(fdp) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

static int make_folder(const struct ledger_settings *settings,
                       const char *folder, struct diag *diag)
{
	static const char ignore_all[] = "*\n";
	CLEANUP(textp) char *ignore = path_join(folder, ".gitignore");
	CLEANUP(textp) char *above = path_folder(folder);
	struct stat info;

	if (folder_make_private(folder, diag) < 0)
		return -1;
	if (sync_folder(above) < 0)
		return failed(settings, above, diag);
	if (lstat(ignore, &info) == 0)
		return 0;
	return file_write(ignore, 0600, ignore_all, strlen(ignore_all), diag);
}

static void remove_left(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < LENGTH(suffixes); i++) {
		CLEANUP(textp)
		char *left = xasprintf("%s%s", path, suffixes[i]);

		(void)unlink(left);
	}
}

static int fill(struct database *database,
                const struct ledger_settings *settings)
{
	CLEANUP(seal_freep) struct seal *seal = NULL;
	const struct tally none = { 0 };
	char lineage[33];
	struct header header = {
		.platform = settings->platform,
		.origin = settings->origin,
		.environment = settings->environment,
		.lineage = lineage,
	};

	ledger_new_uuid(lineage);
	if (settings->key) {
		seal = seal_new(settings->key);
		header.key_id = seal_key_id(seal);
		seal_header(seal, &header, &none, header.mac);
	}
	if (header_make(database, &header) < 0)
		return -1;
	/* So that the one file, once renamed, is all of it. */
	return database_checkpoint(database);
}

/* As a file is signed: without a parent. */
static int sign(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(state_freep) struct state *rows = NULL;
	struct tally tally = { 0 };
	struct header header = { .serial = 0 };
	uint8_t mac[HASH_BYTES];

	rows = rows_read(ledger, &tally, diag);
	if (!rows || intents_tally(ledger, &tally) < 0 ||
	    header_read(ledger->database, ledger->arena, &header) <= 0)
		return -1;
	seal_header(ledger->seal, &header, &tally, mac);
	return header_sign(ledger->database, mac);
}

/* What a document says, in the file that is open. */
static int copy(struct ledger *ledger, const struct piece *page,
                struct diag *diag)
{
	struct page_head head = { .bound = NULL };

	if (page_fill(ledger, page, &head, diag) < 0)
		return -1;
	free(head.bound);
	ledger->sealing = head.sealed && ledger->seal;
	if (ledger->sealing && sign(ledger, diag) < 0)
		return ledger_tell(ledger, CODE_DATABASE, diag);
	return database_checkpoint(ledger->database);
}

static int make_at(const struct ledger_settings *settings, const char *path,
                   const struct piece *page, struct diag *diag)
{
	CLEANUP(ledger_closep) struct ledger *ledger = ledger_new(settings);

	remove_left(path);
	ledger->database = database_open(path, DATABASE_CREATE, ledger->talk);
	if (ledger->database && (page ? copy(ledger, page, diag)
	                              : fill(ledger->database, settings)) == 0)
		return 0;
	return ledger_tell(ledger, CODE_DATABASE, diag);
}

int store_make(const struct ledger_settings *settings, const struct piece *page,
               struct diag *diag)
{
	CLEANUP(textp) char *folder = path_folder(settings->path);
	CLEANUP(textp) char *path = xasprintf("%s.new", settings->path);
	CLEANUP(fdp) int fd = -1;
	struct stat info;

	if (make_folder(settings, folder, diag) < 0)
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return failed(settings, folder, diag);
	if (lstat(settings->path, &info) == 0)
		return 0;
	if (make_at(settings, path, page, diag) < 0) {
		remove_left(path);
		return -1;
	}
	if (rename(path, settings->path) < 0 || fsync(fd) < 0)
		return failed(settings, settings->path, diag);
	return 0;
}
