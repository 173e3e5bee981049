/* SPDX-License-Identifier: MIT */
#include "source/source.h"
#include "base/arena.h"
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

/* A file that somebody asked the name of or keeps a thing about. */
struct known {
	const char *path, *display;
	void *thing;
	source_free_fn *release;
};

struct source {
	struct arena *texts;
	char *root;
	int root_fd;
	char *first; /* below the root */
	char *typed; /* the environment file as the user wrote it */
	struct known *known;
	size_t known_count, known_capacity;
};

static struct place place_of(const char *file)
{
	return (struct place){ .file = file };
}

static int unreadable(const char *name, struct place place, int why,
                      struct diag *diag)
{
	if (why == ENOENT)
		return diag_error(diag, CODE_FILE_UNREADABLE, place,
		                  "`%s` does not exist; check the path, which "
		                  "starts at the file that names it",
		                  name);
	return diag_error(diag, CODE_FILE_UNREADABLE, place,
	                  "`%s` cannot be read: %s; check the path and its "
	                  "permissions",
	                  name, strerror(why));
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

/* The folder of `file`, absolute, links unresolved. */
static char *absolute_folder(const char *file)
{
	CLEANUP(textp) char *here = path_real(".");
	CLEANUP(textp) char *folder = path_folder(file);

	return path_resolve(here ? here : "/", folder);
}

static const char *below(const char *root, const char *path)
{
	size_t length = str_equal(root, "/") ? 0 : strlen(root);

	if (strncmp(root, path, length) != 0)
		return NULL;
	if (path[length] == '\0')
		return "";
	return path[length] == '/' ? path + length + 1 : NULL;
}

static int open_root(struct source *source, struct diag *diag)
{
	source->root_fd =
		open(source->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (source->root_fd < 0)
		return unreadable(source->root, place_of(source->root), errno,
		                  diag);
	return 0;
}

static int set_root(struct source *source, const char *file, const char *root,
                    struct diag *diag)
{
	CLEANUP(textp) char *folder = absolute_folder(file);
	CLEANUP(textp) char *chosen = choose_root(folder, root);
	CLEANUP(textp) char *real_folder = path_real(folder);

	if (!real_folder)
		return unreadable(file, place_of(file), errno, diag);
	source->root = path_real(chosen);
	if (!source->root)
		return unreadable(chosen, place_of(chosen), errno, diag);

	const char *rest = below(source->root, real_folder);

	if (!rest)
		return diag_error(diag, CODE_OUTSIDE_ROOT, place_of(file),
		                  "`%s` lies outside the root `%s`; name a "
		                  "file inside it, or another root with "
		                  "--root",
		                  file, source->root);
	source->first = path_resolve(rest, path_name(file));
	return open_root(source, diag);
}

struct source *source_directory(const char *file, const char *root,
                                struct diag *diag)
{
	CLEANUP(source_freep)
	struct source *source = xcalloc(1, sizeof(*source));

	source->texts = arena_new();
	source->root_fd = -1;
	source->typed = xstrdup(file);
	if (set_root(source, file, root, diag) < 0)
		return NULL;
	return TAKE(source);
}

void source_free(struct source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->known_count; i++) {
		if (source->known[i].release)
			source->known[i].release(source->known[i].thing);
	}
	free(source->known);
	fdp(&source->root_fd);
	free(source->root);
	free(source->first);
	free(source->typed);
	arena_free(source->texts);
	free(source);
}

const char *source_first(const struct source *source)
{
	return source->first;
}

const char *source_revision(const struct source *source)
{
	(void)source;
	return "directory";
}

const char *source_root(const struct source *source)
{
	return source->root;
}

/* ---- names ---- */

static char *make_display(const struct source *source, const char *path)
{
	if (str_equal(path, source->first))
		return xstrdup(source->typed);

	CLEANUP(textp) char *first_folder = path_folder(source->first);
	CLEANUP(textp) char *typed_folder = path_folder(source->typed);
	CLEANUP(textp) char *between = path_between(first_folder, path);

	return path_resolve(typed_folder, between);
}

static struct known *find_known(const struct source *source, const char *path)
{
	for (size_t i = 0; i < source->known_count; i++) {
		if (str_equal(source->known[i].path, path))
			return &source->known[i];
	}
	return NULL;
}

static struct known *know(struct source *source, const char *path)
{
	struct known *known = find_known(source, path);

	if (known)
		return known;

	CLEANUP(textp) char *display = make_display(source, path);

	source->known = xgrow(source->known, source->known_count,
	                      &source->known_capacity, sizeof(*known));
	known = &source->known[source->known_count++];
	*known = (struct known){
		.path = arena_copy(source->texts, path, strlen(path)),
		.display = arena_copy(source->texts, display, strlen(display)),
	};
	return known;
}

const char *source_display(struct source *source, const char *path)
{
	return know(source, path)->display;
}

const char *source_path_of(const struct source *source, const char *display)
{
	for (size_t i = 0; i < source->known_count; i++) {
		if (str_equal(source->known[i].display, display))
			return source->known[i].path;
	}
	return NULL;
}

void *source_kept(const struct source *source, const char *path)
{
	const struct known *known = find_known(source, path);

	return known ? known->thing : NULL;
}

void source_keep(struct source *source, const char *path, void *thing,
                 source_free_fn *release)
{
	struct known *known = know(source, path);

	if (known->release)
		known->release(known->thing);
	known->thing = thing;
	known->release = release;
}

char *source_resolve(const struct source *source, const char *from,
                     const char *reference, struct place place,
                     struct diag *diag)
{
	CLEANUP(textp) char *folder = from ? path_folder(from) : xstrdup(".");

	if (reference[0] == '/') {
		diag_error(diag, CODE_OUTSIDE_ROOT, place,
		           "`%s` is an absolute path; write it as seen from "
		           "the file it stands in, inside the root `%s`",
		           reference, source->root);
		return NULL;
	}

	char *path = path_resolve_inside(folder, reference);

	if (!path)
		diag_error(diag, CODE_OUTSIDE_ROOT, place,
		           "`%s` leaves the root `%s`; name a file inside it, "
		           "or choose a wider root with --root",
		           reference, source->root);
	return path;
}

/* ---- reading ---- */

/* Who is blamed: the one who asked, else the file itself. */
struct reading {
	const char *name; /* as people know it */
	struct place place;
	struct diag *diag;
};

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
	return unreadable(reading->name, reading->place, why, reading->diag);
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

int source_read(const struct source *source, const char *path,
                struct place place, struct buffer *out, struct diag *diag)
{
	CLEANUP(textp) char *name = make_display(source, path);
	const struct reading reading = {
		.name = name,
		.place = place.file ? place : place_of(name),
		.diag = diag,
	};
	CLEANUP(fdp) int fd = open_beneath(source, path, &reading);
	struct stat info;

	if (fd < 0)
		return -1;
	if (fstat(fd, &info) < 0)
		return unreadable(name, reading.place, errno, diag);
	if (check_type(&reading, info.st_mode) < 0)
		return -1;
	return file_read_fd(fd, name, LIMIT_FILE_BYTES, reading.place, out,
	                    diag);
}
