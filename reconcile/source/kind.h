/* SPDX-License-Identifier: MIT */
/* Kind: what a folder and a commit have in common, and what each does in its
 * own way. */
#ifndef RECONCILE_SOURCE_KIND_H
#define RECONCILE_SOURCE_KIND_H

#include "git/git.h"
#include "source/source.h"

struct arena;

/* Who is blamed: the one who asked, else the file itself. */
struct reading {
	const char *name; /* as people know it */
	struct place place;
	struct diag *diag;
};

typedef int source_read_fn(const struct source *source, const char *path,
                           const struct reading *reading, struct buffer *out);

typedef int source_read_part_fn(const struct source *source, const char *path,
                                const struct reading *reading, size_t offset,
                                struct buffer *out);

/* A file that somebody asked the name of or keeps a thing about. */
struct known {
	const char *path, *display;
	void *thing;
	source_free_fn *release;
};

struct source {
	struct arena *texts;
	source_read_fn *read;
	source_read_part_fn *read_part; /* fills `out`; NULL: it cannot */
	char *root;                     /* on disk; NULL: nowhere */
	char *label;                    /* what people call the root */
	char *revision;                 /* "directory", "main@sha1:…" */
	char *first;                    /* below the root */
	char *typed; /* the environment file as the user wrote it */
	int root_fd; /* of a folder; else -1 */
	/* Of a commit; else NULL. */
	struct git *git;
	struct git_id commit;
	char *prefix; /* the root's path in it: "." is its top */
	char *mark;   /* before names, or NULL */
	struct known *known;
	size_t known_count, known_capacity;
};

/* A new one without a root; `file` as the user typed it. */
struct source *source_begin(const char *file) MUST_CHECK;

/* `file` and a place of its own, for reports. */
struct place source_place(const char *file);
int source_unreadable(const char *name, struct place place, int why,
                      struct diag *diag);
/* The folder of `file`, absolute, links unresolved. */
char *source_folder_of(const char *file) MUST_CHECK;
/* `path` as seen from `root`, both absolute; NULL when it lies outside. */
const char *source_below(const char *root, const char *path);
int source_outside(const char *file, const char *root, struct diag *diag);

/* ---- find.c ---- */

/* File names; owned. */
struct names {
	char **items;
	size_t count, capacity;
};

void names_release(struct names *names);
void names_add(struct names *names, const char *name);
/* The only one, for free(); NULL after reporting none or several. */
char *names_only(struct names *names, const char *folder, struct diag *diag)
	MUST_CHECK;

bool source_may_be_yaml(const char *name);
/* True when a line of `text` starts with an `environment` key. */
bool source_names_environment(const char *text);

#endif
