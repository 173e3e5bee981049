/* SPDX-License-Identifier: MIT */
#include "secrets/private_file.h"

#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum secret_found private_file_refuse(const struct private_file *file,
                                      const char *why, struct diag *diag)
{
	diag_error(diag, file->code, file->place, "`%s` is not read: %s",
	           file->shown, why);
	return SECRET_REFUSED;
}

static enum secret_found refuse_error(const struct private_file *file,
                                      int error, struct diag *diag)
{
	switch (error) {
	case ENOENT:
		return SECRET_UNRESOLVED;
	case ELOOP:
		return private_file_refuse(
			file, "it is a link; name the file itself", diag);
	case ENOTDIR:
		return private_file_refuse(
			file,
			"a folder on the way to it is a link or a file; name "
			"the real folder",
			diag);
	default:
		return private_file_refuse(file, strerror(error), diag);
	}
}

/* ---- folders ---- */

/* In such a folder anybody could put another file in its place. */
static enum secret_found check_folder(const struct private_file *file, int fd,
                                      struct diag *diag)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		return refuse_error(file, errno, diag);
	if ((info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX))
		return private_file_refuse(
			file,
			"everybody may write to a folder it lies in; run "
			"`chmod o-w` on that",
			diag);
	return SECRET_RESOLVED;
}

/* Opens folder `name` in *fd, which it replaces. */
static enum secret_found step(const struct private_file *file, const char *name,
                              int *fd, struct diag *diag)
{
	int next = openat(*fd, name,
	                  O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (next < 0)
		return refuse_error(file, errno, diag);
	(void)close(*fd);
	*fd = next;
	return check_folder(file, next, diag);
}

/* The next name of a path, or NULL behind the last; for free(). */
static char *next_name(const char **path)
{
	size_t length;

	*path += strspn(*path, "/");
	while (str_starts(*path, "./")) {
		*path += 1;
		*path += strspn(*path, "/");
	}
	length = strcspn(*path, "/");
	*path += length;
	return length ? xstrndup(*path - length, length) : NULL;
}

static bool leads_up(const char *path)
{
	for (; *path; path += strcspn(path, "/")) {
		path += strspn(path, "/");
		if (str_equal(path, "..") || str_starts(path, "../"))
			return true;
	}
	return false;
}

/* Walks to the folder the file lies in; *name is its name there. */
static enum secret_found walk(const struct private_file *file, int *fd,
                              char **name, struct diag *diag)
{
	const char *rest = file->rest;
	enum secret_found found = check_folder(file, *fd, diag);

	*name = next_name(&rest);
	while (found == SECRET_RESOLVED && *name) {
		CLEANUP(textp) char *next = next_name(&rest);

		if (!next)
			return SECRET_RESOLVED;
		found = step(file, *name, fd, diag);
		free(*name);
		*name = TAKE(next);
	}
	return found;
}

/* ---- the file ---- */

static const char *why_not(const struct private_file *file, int fd)
{
	struct stat info;
	mode_t others = S_IRWXG | S_IRWXO;

	if (fstat(fd, &info) < 0)
		return strerror(errno);
	if (!S_ISREG(info.st_mode))
		return "it is no regular file; name one";
	if (info.st_uid != geteuid() && info.st_uid != 0)
		return "it belongs to another user; only your files and "
		       "root's are read";
	if ((file->flags & PRIVATE_FILE_OPERATORS) && info.st_uid == 0)
		others &= (mode_t)~S_IRGRP;
	if (info.st_mode & others)
		return "other users may read or write it; run `chmod 600` on "
		       "it";
	return NULL;
}

static enum secret_found read_opened(const struct private_file *file, int fd,
                                     struct buffer *out, struct diag *diag)
{
	const char *why = why_not(file, fd);

	if (why)
		return private_file_refuse(file, why, diag);
	if (file_read_fd(fd, file->shown, LIMIT_SECRET_BYTES, file->place, out,
	                 diag) < 0)
		return SECRET_REFUSED;
	return SECRET_RESOLVED;
}

enum secret_found private_file_read(const struct private_file *file,
                                    struct buffer *out, struct diag *diag)
{
	CLEANUP(fdp)
	int folder = open(file->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(fdp) int fd = -1;
	CLEANUP(textp) char *name = NULL;
	enum secret_found found;

	if (leads_up(file->rest))
		return private_file_refuse(
			file, "its path holds `..`; name it without", diag);
	if (folder < 0)
		return refuse_error(file, errno, diag);
	found = walk(file, &folder, &name, diag);
	if (found != SECRET_RESOLVED)
		return found;
	if (!name)
		return private_file_refuse(file, "it names no file; name one",
		                           diag);
	/* O_NONBLOCK: a named pipe would keep us waiting for its writer. */
	fd = openat(folder, name,
	            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return refuse_error(file, errno, diag);
	return read_opened(file, fd, out, diag);
}
