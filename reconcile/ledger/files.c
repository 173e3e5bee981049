/* SPDX-License-Identifier: MIT */
/*
 * What stands at a ledger's path, looked at without opening it: closing a
 * second descriptor of the file would drop the locks SQLite holds on it. The
 * folder is ours alone, so nobody can change it between the look and the open.
 */
#include "ledger/store.h"

#include "base/file.h"
#include "schema/schema.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The ledger itself, and what SQLite keeps beside it. */
static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

enum { SMALLEST_BYTES = 512 };

static enum ledger_found unreadable(const struct ledger_settings *settings,
                                    const char *path, const char *why,
                                    struct diag *diag)
{
	diag_error(diag, CODE_LEDGER_UNREADABLE, settings->place,
	           "the ledger's `%s` cannot be used: %s", path, why);
	return LEDGER_FAILED;
}

static int wrong_mode(const struct ledger_settings *settings, const char *path,
                      const char *why, struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_MODE, settings->place,
	                  "the ledger's `%s` cannot be trusted: %s", path, why);
}

/* Whose it is and who may touch it; the same for the folder and its files. */
static int check_owner(const struct ledger_settings *settings, const char *path,
                       const struct stat *info, struct diag *diag)
{
	if (info->st_uid != geteuid())
		return wrong_mode(settings, path,
		                  "it belongs to another user; `chown` it to "
		                  "the one who runs trueup",
		                  diag);
	if (info->st_mode & (S_IRWXG | S_IRWXO))
		return wrong_mode(settings, path,
		                  S_ISDIR(info->st_mode)
		                          ? "others may enter it; `chmod 700` "
		                            "it"
		                          : "others may open it; `chmod 600` "
		                            "it",
		                  diag);
	return 0;
}

static int check_file(const struct ledger_settings *settings, const char *path,
                      const struct stat *info, struct diag *diag)
{
	if (S_ISLNK(info->st_mode) || info->st_nlink > 1)
		return wrong_mode(settings, path,
		                  "it is a link; put the file itself there",
		                  diag);
	if (!S_ISREG(info->st_mode))
		return wrong_mode(settings, path,
		                  "it is no regular file; move it away", diag);
	return check_owner(settings, path, info, diag);
}

/* 1: it is there, 0: it is not, -1 after reporting. */
static int check_one(const struct ledger_settings *settings, const char *suffix,
                     struct diag *diag)
{
	CLEANUP(textp) char *path = xasprintf("%s%s", settings->path, suffix);
	struct stat info;

	if (lstat(path, &info) == 0)
		return check_file(settings, path, &info, diag) < 0 ? -1 : 1;
	if (errno == ENOENT)
		return 0;
	unreadable(settings, path, strerror(errno), diag);
	return -1;
}

/* How many of the files there are; -1 after reporting. */
static int check_files(const struct ledger_settings *settings,
                       struct diag *diag)
{
	int count = 0;

	for (size_t i = 0; i < LENGTH(suffixes); i++) {
		const int there = check_one(settings, suffixes[i], diag);

		if (there < 0)
			return -1;
		count += there;
	}
	return count;
}

static enum ledger_found check_size(const struct ledger_settings *settings,
                                    struct diag *diag)
{
	struct stat info;

	if (lstat(settings->path, &info) < 0)
		return unreadable(settings, settings->path,
		                  "files of it are there, but not itself; put "
		                  "it back, or move them away",
		                  diag);
	if (info.st_size < SMALLEST_BYTES)
		return unreadable(settings, settings->path,
		                  "it is too short for a ledger; put a copy "
		                  "back that is whole",
		                  diag);
	return LEDGER_FOUND;
}

/* No folder yet is no ledger yet, provided that one could stand there. */
static enum ledger_found check_absent(const struct ledger_settings *settings,
                                      const char *folder, struct diag *diag)
{
	CLEANUP(textp) char *above = path_folder(folder);
	struct stat info;

	if (errno != ENOENT || stat(above, &info) < 0)
		return unreadable(settings, folder, strerror(errno), diag);
	return LEDGER_NEVER_MADE;
}

static int check_folder(const struct ledger_settings *settings,
                        const char *folder, const struct stat *info,
                        struct diag *diag)
{
	if (S_ISLNK(info->st_mode))
		return wrong_mode(settings, folder,
		                  "it is a link; put the folder itself there",
		                  diag);
	if (!S_ISDIR(info->st_mode))
		return wrong_mode(settings, folder,
		                  "it is no folder; move it away", diag);
	return check_owner(settings, folder, info, diag);
}

/* One that was moved is not one that was never made. */
static int check_moved(const struct ledger_settings *settings,
                       struct diag *diag)
{
	CLEANUP(textp)
	char *moved = xasprintf("%s" MOVED_SUFFIX, settings->path);
	struct stat info;

	if (lstat(moved, &info) < 0)
		return 0;
	return diag_error(
		diag, CODE_LEDGER_MOVED, settings->place,
		"the ledger `%s` was moved; write `ledger: { store: "
		"git }`, or, if it was moved away from there by hand, "
		"remove `%s`",
		settings->path, moved);
}

enum ledger_found files_check(const struct ledger_settings *settings,
                              struct diag *diag)
{
	CLEANUP(textp) char *folder = path_folder(settings->path);
	struct stat info;
	int count;

	if (lstat(folder, &info) < 0)
		return check_absent(settings, folder, diag);
	if (check_folder(settings, folder, &info, diag) < 0)
		return LEDGER_FAILED;
	if (path_is_tracked(settings->path)) {
		wrong_mode(settings, settings->path,
		           "git tracks it, so others can change it; "
		           "`git rm --cached` it",
		           diag);
		return LEDGER_FAILED;
	}
	count = check_files(settings, diag);
	if (count < 0 || (!count && check_moved(settings, diag) < 0))
		return LEDGER_FAILED;
	return count ? check_size(settings, diag) : LEDGER_NEVER_MADE;
}
