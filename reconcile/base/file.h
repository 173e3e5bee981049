/* SPDX-License-Identifier: MIT */
/* Files: reading whole ones within a limit, writing them so that no reader
 * ever sees half of one. */
#ifndef RECONCILE_BASE_FILE_H
#define RECONCILE_BASE_FILE_H

#include "base/diag.h"

#include <sys/types.h>

/* Bytes with a NUL behind them that `length` does not count. */
struct buffer {
	char *bytes;
	size_t length;
};

void buffer_release(struct buffer *buffer);
/* Wipes the bytes first: for what may hold a secret. */
void buffer_wipe(struct buffer *buffer);

/*
 * Reads all of `fd`, at most `limit_bytes`. `name` and `place` are for
 * reports. 0, or -1 after reporting CODE_FILE_UNREADABLE or CODE_TOO_LARGE.
 */
int file_read_fd(int fd, const char *name, size_t limit_bytes,
                 struct place place, struct buffer *out, struct diag *diag)
	MUST_CHECK;

/* Opens `path` (a regular file, links followed) and reads it as above. */
int file_read(const char *path, size_t limit_bytes, struct buffer *out,
              struct diag *diag) MUST_CHECK;

/*
 * Writes by a temporary file beside `path` (O_EXCL, `mode`), fsync, rename and
 * fsync of the folder. A `path` that is a link is refused. 0, or -1 after
 * reporting CODE_FILE_UNWRITABLE; the old file is then untouched.
 */
int file_write(const char *path, mode_t mode, const void *bytes, size_t length,
               struct diag *diag) MUST_CHECK;

/* Adds to what is there, in one write; a file that is not there is made. A
 * `path` that is a link is refused. 0, or -1 after reporting
 * CODE_FILE_UNWRITABLE. */
int file_append(const char *path, const void *bytes, size_t length,
                struct diag *diag) MUST_CHECK;
/* 0 also where there is none. */
size_t file_length(const char *path);
/* A new file, where nothing may stand, synced; its folder is not. -1 with errno
 * set; a part of it may be left then. */
int file_create(const char *path, mode_t mode, const void *bytes, size_t length)
	MUST_CHECK;

/* mkdir -p of one level that must be ours and 0700; -1 after reporting. */
int folder_make_private(const char *path, struct diag *diag) MUST_CHECK;
/* rm -r, following no link; ends at what cannot be removed. */
void folder_remove(const char *path);

/* realpath(): NULL and errno where there is no such path. */
char *path_real(const char *path) MUST_CHECK;
/* Joins with one slash; the parts are never empty. */
char *path_join(const char *folder, const char *name) MUST_CHECK;
/* Everything before the last slash; "." without one. */
char *path_folder(const char *path) MUST_CHECK;
/* Everything after the last slash; borrowed from `path`. */
const char *path_name(const char *path);

#endif
