/* SPDX-License-Identifier: MIT */
/* A folder as a source. */
#include "source/kind.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "source/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

static const struct {
	mode_t type;
	const char *what;
} odd_files[] = {
	{ S_IFLNK, "is, or lies behind, a link" },
	{ S_IFDIR, "is a folder" },
	{ S_IFCHR, "is a device" },
	{ S_IFBLK, "is a device" },
	{ S_IFIFO, "is a pipe" },
	{ S_IFSOCK, "is a socket" },
};

/* 0 for a regular file. */
static int check_type(const struct reading *reading, mode_t mode)
{
	for (size_t i = 0; i < LENGTH(odd_files); i++) {
		if ((mode & S_IFMT) == odd_files[i].type)
			return diag_error(reading->diag, CODE_NOT_A_FILE,
			                  reading->place,
			                  "`%s` %s; only regular files are "
			                  "read, and links are not followed",
			                  reading->name, odd_files[i].what);
	}
	return 0;
}

static int open_failed(const struct reading *reading, int parent,
                       const char *name, int why)
{
	struct stat info;

	if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISDIR(info.st_mode) && check_type(reading, info.st_mode) < 0)
		return -1;
	return source_unreadable(reading->name, reading->place, why,
	                         reading->diag);
}

/* Opens the folders of `path` one in the other, and then the file. */
static int open_beneath(const struct source *source, const char *path,
                        const struct reading *reading)
{
	CLEANUP(fdp) int folder = -1;
	int parent = source->root_fd;

	for (;;) {
		size_t length = strcspn(path, "/");
		CLEANUP(textp) char *name = xstrndup(path, length);
		/* O_NONBLOCK: a named pipe would keep us waiting. */
		int flags = path[length] ? O_PATH | O_DIRECTORY
		                         : O_RDONLY | O_NONBLOCK;
		int fd = openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0)
			return open_failed(reading, parent, name, errno);
		if (!path[length])
			return fd;
		fdp(&folder);
		folder = fd;
		parent = fd;
		path += length + 1;
	}
}

static int check_file(const struct reading *reading, int fd)
{
	struct stat info;

	if (fd < 0)
		return -1;
	if (fstat(fd, &info) < 0)
		return source_unreadable(reading->name, reading->place, errno,
		                         reading->diag);
	return check_type(reading, info.st_mode);
}

static int read_part(const struct source *source, const char *path,
                     const struct reading *reading, size_t offset,
                     struct buffer *out)
{
	CLEANUP(fdp) int fd = open_beneath(source, path, reading);

	if (check_file(reading, fd) < 0)
		return -1;
	return pread(fd, out->bytes, out->length, (off_t)offset) ==
	                       (ssize_t)out->length
	               ? 0
	               : -1;
}

static int read_file(const struct source *source, const char *path,
                     const struct reading *reading, struct buffer *out)
{
	CLEANUP(fdp) int fd = open_beneath(source, path, reading);

	if (check_file(reading, fd) < 0)
		return -1;
	return file_read_fd(fd, reading->name, LIMIT_FILE_BYTES, reading->place,
	                    out, reading->diag);
}

/* ---- the root ---- */

/* The nearest folder above `folder` (absolute) that holds `.git`; or NULL. */
static char *find_repository(const char *folder)
{
	CLEANUP(textp) char *at = xstrdup(folder);

	for (;;) {
		CLEANUP(textp) char *git = path_join(at, ".git");
		struct stat info;

		if (lstat(git, &info) == 0)
			return TAKE(at);
		if (str_equal(at, "/"))
			return NULL;

		char *above = path_folder(at);

		free(at);
		at = above;
	}
}

static char *choose_root(const char *folder, const char *root)
{
	if (root)
		return xstrdup(root);

	char *repository = find_repository(folder);

	return repository ? repository : xstrdup(folder);
}

static int open_root(struct source *source, struct diag *diag)
{
	source->root_fd =
		open(source->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (source->root_fd < 0)
		return source_unreadable(
			source->root, source_place(source->root), errno, diag);
	return 0;
}

static int set_root(struct source *source, const char *file, const char *root,
                    struct diag *diag)
{
	CLEANUP(textp) char *folder = source_folder_of(file);
	CLEANUP(textp) char *chosen = choose_root(folder, root);
	CLEANUP(textp) char *real_folder = path_real(folder);

	if (!real_folder)
		return source_unreadable(file, source_place(file), errno, diag);
	source->root = path_real(chosen);
	if (!source->root)
		return source_unreadable(chosen, source_place(chosen), errno,
		                         diag);

	const char *rest = source_below(source->root, real_folder);

	if (!rest)
		return source_outside(file, source->root, diag);
	source->first = path_resolve(rest, path_name(file));
	return open_root(source, diag);
}

struct source *source_directory(const char *file, const char *root,
                                struct diag *diag)
{
	CLEANUP(source_freep) struct source *source = source_begin(file);

	if (set_root(source, file, root, diag) < 0)
		return NULL;
	source->read = read_file;
	source->read_part = read_part;
	source->label = xstrdup(source->root);
	source->revision = xstrdup("directory");
	return TAKE(source);
}
