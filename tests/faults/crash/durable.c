/* SPDX-License-Identifier: MIT */
#include "durable.h"

#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PAGE = 4096, MAX_BYTES = 64 << 20 };

/* A name that is durable. Its inode stays open, so that no other file gets
 * the same number. */
struct entry {
	char *path; /* below the root */
	ino_t inode;
	int fd;
	mode_t mode;
};

struct durable {
	char *root, *store;
	struct entry *entries;
	size_t count, capacity;
};

static void die(const char *what)
{
	perror(what);
	exit(125);
}

/* ---- bytes ---- */

static void read_fd(int fd, const char *name, struct buffer *out)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	if (file_read_fd(fd, name, MAX_BYTES, PLACE_NONE, out, diag) < 0)
		die(name);
}

/* Empty when there is no such file. */
static void read_path(const char *path, struct buffer *out)
{
	CLEANUP(fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		read_fd(fd, path, out);
}

static void write_path(const char *path, mode_t mode, const void *bytes,
                       size_t length)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes, 1, length, file) != length ||
	    fchmod(fileno(file), mode & 07777) < 0 || fclose(file) != 0)
		die(path);
}

static char *copy_of(const struct durable *durable, ino_t inode)
{
	return xasprintf("%s/%ju", durable->store, (uintmax_t)inode);
}

static void keep_bytes(const struct durable *durable, const char *path)
{
	CLEANUP(buffer_release) struct buffer bytes = { 0 };
	CLEANUP(textp) char *copy = NULL;
	struct stat info;

	if (stat(path, &info) < 0 || !S_ISREG(info.st_mode))
		return;
	copy = copy_of(durable, info.st_ino);
	read_path(path, &bytes);
	write_path(copy, 0600, bytes.bytes, bytes.length);
}

/* ---- names ---- */

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;

	return strcmp(left->path, right->path);
}

static void add_entry(struct durable *durable, char *path)
{
	CLEANUP(textp) char *full = path_join(durable->root, path);
	struct entry *entry;
	struct stat info;

	if (lstat(full, &info) < 0)
		die(full);
	durable->entries = xgrow(durable->entries, durable->count,
	                         &durable->capacity, sizeof(*entry));
	entry = &durable->entries[durable->count++];
	*entry = (struct entry){ .path = path,
		                 .inode = info.st_ino,
		                 .mode = info.st_mode };
	entry->fd = open(full, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

/* "": the root itself. */
static int is_in_folder(const char *path, const char *folder)
{
	const char *slash = strrchr(path, '/');
	const size_t length = slash ? (size_t)(slash - path) : 0;

	return strlen(folder) == length && memcmp(path, folder, length) == 0;
}

static void drop_names(struct durable *durable, const char *folder)
{
	size_t kept = 0;

	for (size_t i = 0; i < durable->count; i++) {
		struct entry *entry = &durable->entries[i];

		if (!is_in_folder(entry->path, folder)) {
			durable->entries[kept++] = *entry;
			continue;
		}
		free(entry->path);
		fdp(&entry->fd);
	}
	durable->count = kept;
}

static int is_dots(const char *name)
{
	return str_equal(name, ".") || str_equal(name, "..");
}

static void keep_names(struct durable *durable, const char *folder)
{
	CLEANUP(textp)
	char *full = *folder ? path_join(durable->root, folder)
	                     : xstrdup(durable->root);
	DIR *names = opendir(full);

	if (!names)
		die(full);
	drop_names(durable, folder);
	for (struct dirent *at = readdir(names); at; at = readdir(names)) {
		if (!is_dots(at->d_name))
			add_entry(durable,
			          *folder ? path_join(folder, at->d_name)
			                  : xstrdup(at->d_name));
	}
	(void)closedir(names);
	qsort(durable->entries, durable->count, sizeof(struct entry),
	      compare_entries);
}

/* ---- the beginning ---- */

static void keep_all(struct durable *durable, const char *folder)
{
	keep_names(durable, folder);
	for (size_t i = 0; i < durable->count; i++) {
		CLEANUP(textp) char *path = NULL, *full = NULL;

		if (!is_in_folder(durable->entries[i].path, folder))
			continue;
		path = xstrdup(durable->entries[i].path);
		full = path_join(durable->root, path);
		if (S_ISDIR(durable->entries[i].mode))
			keep_all(durable, path);
		else
			keep_bytes(durable, full);
	}
}

struct durable *durable_new(const char *root, const char *store)
{
	struct durable *durable = xcalloc(1, sizeof(*durable));

	durable->root = realpath(root, NULL);
	durable->store = xstrdup(store);
	if (!durable->root)
		die(root);
	keep_all(durable, "");
	return durable;
}

void durable_free(struct durable *durable)
{
	if (!durable)
		return;
	for (size_t i = 0; i < durable->count; i++) {
		free(durable->entries[i].path);
		fdp(&durable->entries[i].fd);
	}
	free(durable->entries);
	free(durable->root);
	free(durable->store);
	free(durable);
}

void durable_sync(struct durable *durable, const char *path)
{
	const size_t length = strlen(durable->root);
	struct stat info;

	if (!str_starts(path, durable->root) ||
	    (path[length] && path[length] != '/') || stat(path, &info) < 0)
		return;
	if (S_ISDIR(info.st_mode))
		keep_names(durable, path[length] ? path + length + 1 : "");
	else
		keep_bytes(durable, path);
}

/* ---- the end ---- */

/* splitmix64: whether page `page` of file number `file` got to the disk. */
static int is_lucky(uint64_t seed, size_t file, size_t page)
{
	uint64_t mixed = seed * 0x9e3779b97f4a7c15U +
	                 file * 0xbf58476d1ce4e5b9U +
	                 page * 0x94d049bb133111ebU;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
	return (int)((mixed ^ (mixed >> 31)) & 1);
}

/* Longer when its last page is; zeroes where a page before did not get there.
 */
static void mix(struct buffer *synced, const struct buffer *now, uint64_t seed,
                size_t file)
{
	const size_t last = now->length ? (now->length - 1) / PAGE : 0;

	if (now->length > synced->length && is_lucky(seed, file, last)) {
		synced->bytes = xreallocarray(synced->bytes, 1, now->length);
		memset(synced->bytes + synced->length, 0,
		       now->length - synced->length);
		synced->length = now->length;
	}
	for (size_t at = 0; at < synced->length && at < now->length;
	     at += PAGE) {
		size_t size = now->length - at < PAGE ? now->length - at : PAGE;

		if (size > synced->length - at)
			size = synced->length - at;
		if (is_lucky(seed, file, at / PAGE))
			memcpy(synced->bytes + at, now->bytes + at, size);
	}
}

static void write_entry(const struct durable *durable,
                        const struct entry *entry, const char *target,
                        uint64_t seed)
{
	CLEANUP(textp) char *to = path_join(target, entry->path);
	CLEANUP(textp) char *from = path_join(durable->root, entry->path);
	CLEANUP(textp) char *copy = copy_of(durable, entry->inode);
	CLEANUP(buffer_release) struct buffer synced = { 0 };
	CLEANUP(buffer_release) struct buffer now = { 0 };

	if (S_ISDIR(entry->mode)) {
		if (mkdir(to, entry->mode & 07777) < 0)
			die(to);
		return;
	}
	read_path(copy, &synced);
	read_path(from, &now);
	if (seed)
		mix(&synced, &now, seed, (size_t)(entry - durable->entries));
	write_path(to, entry->mode, synced.bytes ? synced.bytes : "",
	           synced.length);
}

/* A folder without a durable name takes what is in it along. */
static int has_folder(const char *target, const char *path)
{
	CLEANUP(textp) char *to = path_join(target, path);
	CLEANUP(textp) char *folder = path_folder(to);
	struct stat info;

	return stat(folder, &info) == 0;
}

void durable_write(const struct durable *durable, const char *target,
                   uint64_t seed)
{
	if (mkdir(target, 0700) < 0)
		die(target);
	for (size_t i = 0; i < durable->count; i++) {
		if (has_folder(target, durable->entries[i].path))
			write_entry(durable, &durable->entries[i], target,
			            seed);
	}
}
