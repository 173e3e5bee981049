/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "schema/codes.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS_MAX = 16 };

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){ 0 };
}

void buffer_wipe(struct buffer *buffer)
{
	if (buffer->bytes)
		explicit_bzero(buffer->bytes, buffer->length);
	buffer_release(buffer);
}

static struct place place_of(const char *path)
{
	return (struct place){ .file = path };
}

static int unreadable(const char *name, const char *why, struct place place,
                      struct diag *diag)
{
	return diag_error(diag, CODE_FILE_UNREADABLE, place,
	                  "`%s` cannot be read: %s; check the path and its "
	                  "permissions",
	                  name, why);
}

static int unwritable(const char *path, const char *why, struct diag *diag)
{
	return diag_error(diag, CODE_FILE_UNWRITABLE, place_of(path),
	                  "`%s` cannot be written: %s; check the folder, its "
	                  "permissions and its space",
	                  path, why);
}

/* Room for the whole of a regular file, the NUL and a byte past the end. */
static size_t first_capacity(int fd, size_t limit_bytes)
{
	struct stat info;
	size_t size = 4096;

	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
		size = (size_t)info.st_size;
	return (size < limit_bytes ? size : limit_bytes) + 2;
}

/* Not realloc(): the bytes may be a secret, so no copy of them stays. */
static void grow_wiping(struct buffer *buffer, size_t *capacity)
{
	char *grown = xmalloc_huge(*capacity * 2);

	memcpy(grown, buffer->bytes, buffer->length);
	explicit_bzero(buffer->bytes, buffer->length);
	free(buffer->bytes);
	buffer->bytes = grown;
	*capacity *= 2;
}

/* 1: there is more; 0: the end; -1: errno says why. */
static int read_some(int fd, size_t limit_bytes, struct buffer *buffer,
                     size_t *capacity)
{
	if (buffer->length + 1 >= *capacity)
		grow_wiping(buffer, capacity);

	ssize_t got = read(fd, buffer->bytes + buffer->length,
	                   *capacity - buffer->length - 1);

	if (got < 0)
		return errno == EINTR ? 1 : -1;
	buffer->length += (size_t)got;
	return got > 0 && buffer->length <= limit_bytes;
}

int file_read_fd(int fd, const char *name, size_t limit_bytes,
                 struct place place, struct buffer *out, struct diag *diag)
{
	CLEANUP(buffer_wipe) struct buffer buffer = { 0 };
	size_t capacity = first_capacity(fd, limit_bytes);
	int more;

	buffer.bytes = xmalloc_huge(capacity);
	do
		more = read_some(fd, limit_bytes, &buffer, &capacity);
	while (more > 0);

	if (more < 0)
		return unreadable(name, strerror(errno), place, diag);
	if (buffer.length > limit_bytes)
		return diag_error(diag, CODE_TOO_LARGE, place,
		                  "`%s` is larger than %zu bytes; split it or "
		                  "remove what does not belong there",
		                  name, limit_bytes);
	buffer.bytes[buffer.length] = '\0';
	*out = buffer;
	buffer = (struct buffer){ 0 };
	return 0;
}

int file_read(const char *path, size_t limit_bytes, struct buffer *out,
              struct diag *diag)
{
	/* O_NONBLOCK: a named pipe would keep us waiting for its writer. */
	CLEANUP(fdp) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0)
		return unreadable(path, strerror(errno), place_of(path), diag);
	if (!S_ISREG(info.st_mode))
		return unreadable(path, "it is no regular file", place_of(path),
		                  diag);
	return file_read_fd(fd, path, limit_bytes, place_of(path), out, diag);
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0) {
			bytes += put;
			length -= (size_t)put;
		}
	}
	return fsync(fd);
}

static int sync_folder(const char *folder)
{
	CLEANUP(fdp) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

/* A link could point out of the folder, a device would be replaced. */
static int check_target(const char *path, struct diag *diag)
{
	struct stat info;

	if (lstat(path, &info) < 0)
		return 0;
	if (S_ISLNK(info.st_mode))
		return unwritable(path, "it is a link", diag);
	if (!S_ISREG(info.st_mode))
		return unwritable(path, "it is no regular file", diag);
	return 0;
}

static char *temporary_name(const char *folder, const char *path)
{
	unsigned char bytes[8];
	char hex[2 * sizeof(bytes) + 1];

	random_bytes(bytes, sizeof(bytes));
	text_hex(hex, bytes, sizeof(bytes));

	CLEANUP(textp)
	char *name = xasprintf(".%.100s.%s", path_name(path), hex);

	return path_join(folder, name);
}

struct content {
	const void *bytes;
	size_t length;
};

int file_create(const char *path, mode_t mode, const void *bytes, size_t length)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	             mode);

	if (fd < 0)
		return -1;

	int written = write_all(fd, bytes, length);
	int why = errno;

	if (close(fd) < 0 && written == 0)
		return -1;
	errno = why;
	return written;
}

static int write_named(const char *temporary, const char *path, mode_t mode,
                       const struct content *content)
{
	if (file_create(temporary, mode, content->bytes, content->length) ==
	            0 &&
	    rename(temporary, path) == 0)
		return 0;

	int why = errno;

	(void)unlink(temporary);
	errno = why;
	return -1;
}

static int link_fd(int fd, const char *path)
{
	CLEANUP(textp) char *link = xasprintf("/proc/self/fd/%d", fd);

	return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

/* It has no name before it is whole, so that who is killed leaves nothing
 * behind. Not each file system can do that. */
static int write_unnamed(const char *temporary, const char *path, mode_t mode,
                         const struct content *content)
{
	CLEANUP(textp) char *folder = path_folder(path);
	CLEANUP(fdp)
	int fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);

	if (fd < 0 || write_all(fd, content->bytes, content->length) < 0)
		return -1;
	if (link_fd(fd, path) == 0)
		return 0;
	if (errno != EEXIST || link_fd(fd, temporary) < 0)
		return -1;
	if (rename(temporary, path) == 0)
		return 0;
	(void)unlink(temporary);
	return -1;
}

int file_write(const char *path, mode_t mode, const void *bytes, size_t length,
               struct diag *diag)
{
	CLEANUP(textp) char *folder = path_folder(path);
	CLEANUP(textp) char *temporary = temporary_name(folder, path);
	const struct content content = { bytes, length };

	if (check_target(path, diag) < 0)
		return -1;
	if (write_unnamed(temporary, path, mode, &content) < 0 &&
	    write_named(temporary, path, mode, &content) < 0)
		return unwritable(path, strerror(errno), diag);
	if (sync_folder(folder) < 0)
		return unwritable(path, strerror(errno), diag);
	return 0;
}

int file_append(const char *path, const void *bytes, size_t length,
                struct diag *diag)
{
	CLEANUP(fdp)
	int fd = open(path,
	              O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
	              0644);

	if (fd < 0 || write_all(fd, bytes, length) < 0)
		return unwritable(path, strerror(errno), diag);
	return 0;
}

size_t file_length(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && info.st_size > 0 ? (size_t)info.st_size
	                                                  : 0;
}

int folder_make_private(const char *path, struct diag *diag)
{
	struct stat info;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return unwritable(path, strerror(errno), diag);
	if (lstat(path, &info) < 0)
		return unwritable(path, strerror(errno), diag);
	if (!S_ISDIR(info.st_mode))
		return unwritable(path, "it is no folder", diag);
	if (info.st_uid != geteuid())
		return unwritable(path, "it belongs to another user", diag);
	if (info.st_mode & (S_IRWXG | S_IRWXO))
		return unwritable(path, "others may enter it (chmod 700)",
		                  diag);
	return 0;
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *walk)
{
	(void)info;
	(void)type;
	(void)walk;
	return remove(path);
}

void folder_remove(const char *path)
{
	(void)nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}

char *path_real(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real && errno == ENOMEM)
		out_of_memory();
	return real;
}

char *path_join(const char *folder, const char *name)
{
	return xasprintf("%s%s%s", folder, str_ends(folder, "/") ? "" : "/",
	                 name);
}

char *path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
