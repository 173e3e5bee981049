/* SPDX-License-Identifier: MIT */
/*
 * Making a ledger: whole in memory, written under another name, then renamed,
 * so that there is either none or a complete one. SQLite making it in the
 * folder would sync ten times what nobody reads before. A lock on the folder
 * keeps two makers apart; what a killed one left is removed by the next.
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

static int sync_path(const char *path)
{
	CLEANUP(fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);

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
	if (sync_path(above) < 0)
		return failed(settings, above, diag);
	if (lstat(ignore, &info) == 0)
		return 0;
	return file_write(ignore, 0600, ignore_all, strlen(ignore_all), diag);
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
	return header_make(database, &header);
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

/* What a document says. */
static int copy(struct ledger *ledger, const struct piece *page,
                struct diag *diag)
{
	struct page_head head = { .bound = NULL };

	if (page_fill(ledger, page, &head, diag) < 0)
		return -1;
	free(head.bound);
	ledger->sealing = head.sealed && ledger->seal;
	return ledger->sealing ? sign(ledger, diag) : 0;
}

static char *make_bytes(const struct ledger_settings *settings,
                        const struct piece *page, size_t *length,
                        struct diag *diag)
{
	CLEANUP(ledger_closep) struct ledger *ledger = ledger_new(settings);
	char *bytes = NULL;

	ledger->database =
		database_open(settings->path, DATABASE_MEMORY, ledger->talk);
	if (ledger->database && (page ? copy(ledger, page, diag)
	                              : fill(ledger->database, settings)) == 0)
		bytes = database_bytes(ledger->database, length);
	if (!bytes)
		ledger_tell(ledger, CODE_DATABASE, diag);
	return bytes;
}

static int make_at(const struct ledger_settings *settings, const char *path,
                   const struct piece *page, struct diag *diag)
{
	size_t length = 0;
	CLEANUP(textp) char *bytes = make_bytes(settings, page, &length, diag);

	if (!bytes)
		return -1;
	(void)unlink(path);
	if (file_create(path, 0600, bytes, length) == 0)
		return 0;
	(void)failed(settings, path, diag);
	(void)unlink(path);
	return -1;
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
	if (make_at(settings, path, page, diag) < 0)
		return -1;
	if (rename(path, settings->path) < 0 || fsync(fd) < 0)
		return failed(settings, settings->path, diag);
	return 0;
}
