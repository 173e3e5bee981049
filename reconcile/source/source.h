/* SPDX-License-Identifier: MIT */
/*
 * Source: from a name to the bytes of files and their revision.
 *
 * A source has one root, and nothing outside it can be read: paths are
 * resolved against the file that names them, must stay inside while they are
 * walked (`..` may not leave and come back), and every step is opened in the
 * one before without following a link. There are two kinds: a directory, and a
 * commit of a git repository, of which only the objects are read.
 */
#ifndef RECONCILE_SOURCE_SOURCE_H
#define RECONCILE_SOURCE_SOURCE_H

#include "base/diag.h"
#include "base/file.h"

#include <stdbool.h>

struct git;
struct git_revision;
struct git_touched;
struct source;

/*
 * The folder that may be read for environment file `file` (a path as the user
 * typed it): `root` when given, else the top of the git repository that holds
 * the file, else the file's own folder. NULL after reporting
 * CODE_FILE_UNREADABLE or CODE_OUTSIDE_ROOT.
 */
struct source *source_directory(const char *file, const char *root,
                                struct diag *diag) MUST_CHECK;

/* A commit: borrowed until the source is freed. */
struct source_commit {
	struct git *git;
	const struct git_revision *revision;
	bool fetched; /* else the repository is checked out around us */
	/* Stands before names, "main:prod.yaml", where files of another
	 * revision are read as well; or NULL. */
	const char *mark;
};

/*
 * The same from a commit. Checked out, `file` and `root` are paths on the disk
 * as above, which need not be there; the root is the work tree's top unless it
 * is given. Fetched, `root` is a folder in the repository (NULL: its top) and
 * `file` a path below it. NULL after reporting CODE_OUTSIDE_ROOT.
 */
struct source *source_commit(const struct source_commit *at, const char *file,
                             const char *root, struct diag *diag) MUST_CHECK;

/* Whether the file on the disk is not what HEAD has; of a commit whose
 * repository is checked out. -1 after reporting. */
int source_uncommitted(const struct source *source, const char *path, bool *out,
                       struct diag *diag) MUST_CHECK;

/* Who touched blocks of a commit's file last, as git_last_touched() says. -1
 * after reporting; 1 where it has no such file or line. */
int source_last_touched(const struct source *source, const char *path,
                        struct git_touched *touched, struct diag *diag)
	MUST_CHECK;

void source_free(struct source *source);
DEFINE_CLEANUP(source)

/* The environment file's path below the root, "envs/prod.yaml". Borrowed. */
const char *source_first(const struct source *source);

/*
 * `reference` as it stands in file `from` (a path below the root; NULL: the
 * root itself), made a path below the root. NULL after reporting, at `place`,
 * CODE_OUTSIDE_ROOT for absolute paths and those that leave the root.
 */
char *source_resolve(const struct source *source, const char *from,
                     const char *reference, struct place place,
                     struct diag *diag) MUST_CHECK;

/*
 * Reads a regular file below the root, at most LIMIT_FILE_BYTES. Links,
 * folders and devices are CODE_NOT_A_FILE. `place` is who asked (PLACE_NONE:
 * the command line).
 */
int source_read(const struct source *source, const char *path,
                struct place place, struct buffer *out, struct diag *diag)
	MUST_CHECK;

/* Reads `length` bytes of it from `offset` on. -1, and nothing is reported,
 * where they are not there or where that would read all of it. */
int source_read_part(const struct source *source, const char *path,
                     size_t offset, size_t length, struct buffer *out)
	MUST_CHECK;

/* How people know `path`: relative to where they stand, the way they typed
 * it. Lives as long as the source. */
const char *source_display(struct source *source, const char *path);

/* The files that were asked for, one after the other; NULL behind the last. */
const char *source_known(const struct source *source, size_t index);

/* The way back, for source lines in reports; NULL when it is none of ours. */
const char *source_path_of(const struct source *source, const char *display);

/* "directory", "main@sha1:…". */
const char *source_revision(const struct source *source);

/* Absolute path of the root on the disk, for what must lie beside or inside
 * it; NULL of a commit that was fetched. */
const char *source_root(const struct source *source);

/*
 * What a reader of `path` wants to find again, made once per file (its lines,
 * say); NULL before. It is freed with the source.
 */
typedef void source_free_fn(void *thing);
void *source_kept(const struct source *source, const char *path);
void source_keep(struct source *source, const char *path, void *thing,
                 source_free_fn *release);

/*
 * The environment file to use when none is named: $TRUEUP_FILE is the
 * caller's; this looks for the only *.yaml or *.yml in `folder` with a
 * top-level `environment:` line. NULL after reporting CODE_NO_FILE (none) or
 * CODE_SEVERAL_FILES (a list of them).
 */
char *source_find(const char *folder, struct diag *diag) MUST_CHECK;
/* The same in the current folder as the commit has it, or in `root` of one that
 * was fetched. */
char *source_find_in_commit(const struct source_commit *at, const char *root,
                            struct diag *diag) MUST_CHECK;

#endif
