/* SPDX-License-Identifier: MIT */
/* A commit as a source: blobs straight from its objects. */
#include "source/kind.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "source/path.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static char *path_in_commit(const struct source *source, const char *path)
{
	return str_equal(source->prefix, ".") ? xstrdup(path)
	                                      : path_join(source->prefix, path);
}

static const struct {
	enum git_kind kind;
	const char *is;
} odd_kinds[] = {
	{ GIT_KIND_FOLDER, "is a folder" },
	{ GIT_KIND_LINK, "is, or lies behind, a link" },
	{ GIT_KIND_SUBMODULE, "is, or lies in, a submodule" },
	{ GIT_KIND_POINTER, "is a pointer of git-lfs" },
};

static int not_a_file(const struct source *source,
                      const struct reading *reading, enum git_kind kind)
{
	for (size_t i = 0; i < LENGTH(odd_kinds); i++) {
		if (odd_kinds[i].kind == kind)
			return diag_error(
				reading->diag, CODE_NOT_A_FILE, reading->place,
				"`%s` %s; only files whose bytes stand in the "
				"commit are read",
				reading->name, odd_kinds[i].is);
	}
	if (kind == GIT_KIND_LARGE)
		return diag_error(reading->diag, CODE_TOO_LARGE, reading->place,
		                  "`%s` is larger than %d bytes; split it",
		                  reading->name, LIMIT_FILE_BYTES);
	return diag_error(reading->diag, CODE_FILE_UNREADABLE, reading->place,
	                  "`%s` does not exist in %s; check the path, which "
	                  "starts at the file that names it",
	                  reading->name, source->revision);
}

static int read_blob(const struct source *source, const char *path,
                     const struct reading *reading, struct buffer *out)
{
	CLEANUP(textp) char *inside = path_in_commit(source, path);
	const enum git_kind kind =
		git_read_file(source->git, &source->commit, inside,
	                      LIMIT_FILE_BYTES, out, reading->diag);

	if (kind == GIT_KIND_FILE)
		return 0;
	return kind == GIT_KIND_FAILED ? -1 : not_a_file(source, reading, kind);
}

/* ---- the root ---- */

/* Of a repository that is checked out here: paths are those of the disk. */
static int set_root_here(struct source *source, const char *file,
                         const char *root, struct diag *diag)
{
	const char *top = git_root(source->git);
	CLEANUP(textp) char *folder = source_folder_of(file);
	const char *prefix, *rest;

	source->root = path_real(root ? root : top);
	prefix = source->root ? source_below(top, source->root) : NULL;
	if (!prefix)
		return source_outside(root ? root : top, top, diag);
	rest = source_below(source->root, folder);
	if (!rest)
		return source_outside(file, source->root, diag);
	source->prefix = xstrdup(*prefix ? prefix : ".");
	source->first = path_resolve(*rest ? rest : ".", path_name(file));
	source->label = xstrdup(source->root);
	return 0;
}

/* Of one that was fetched: `root` is a path in it, and `file` one below. */
static int set_root_there(struct source *source, const char *file,
                          const char *root, struct diag *diag)
{
	source->prefix = path_resolve_inside(".", root ? root : ".");
	source->first = source->prefix ? path_resolve_inside(".", file) : NULL;
	if (file[0] == '/' || (root && root[0] == '/') || !source->first)
		return source_outside(file, root ? root : ".", diag);
	free(source->typed);
	source->typed = path_in_commit(source, source->first);
	source->label = xstrdup(source->prefix);
	return 0;
}

struct source *source_commit(const struct source_commit *at, const char *file,
                             const char *root, struct diag *diag)
{
	CLEANUP(source_freep) struct source *source = source_begin(file);
	int result;

	source->git = at->git;
	source->commit = at->revision->commit;
	source->revision = git_revision_text(at->revision);
	source->mark = at->mark ? xstrdup(at->mark) : NULL;
	source->read = read_blob;
	result = at->fetched ? set_root_there(source, file, root, diag)
	                     : set_root_here(source, file, root, diag);
	return result < 0 ? NULL : TAKE(source);
}

int source_uncommitted(const struct source *source, const char *path, bool *out,
                       struct diag *diag)
{
	CLEANUP(textp) char *inside = path_in_commit(source, path);

	return git_uncommitted(source->git, inside, out, diag);
}

int source_last_touched(const struct source *source, const char *path,
                        struct git_touched *touched, struct diag *diag)
{
	CLEANUP(textp) char *inside = path_in_commit(source, path);

	switch (git_last_touched(source->git, &source->commit, inside, touched,
	                         diag)) {
	case GIT_FAILED:
		return -1;
	case GIT_ABSENT:
		return 1;
	case GIT_FOUND:
		break;
	}
	return 0;
}

/* ---- the environment file ---- */

static bool is_environment_file(const struct source *source, const char *path)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(buffer_release) struct buffer text = { 0 };

	return git_read_file(source->git, &source->commit, path,
	                     LIMIT_FILE_BYTES, &text,
	                     unsaid) == GIT_KIND_FILE &&
	       source_names_environment(text.bytes);
}

static void add_candidates(const struct source *source, const char *folder,
                           const struct git_entries *entries,
                           struct names *names)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct git_entry *entry = &entries->items[i];
		CLEANUP(textp)
		char *path = str_equal(folder, ".")
		                     ? xstrdup(entry->name)
		                     : path_join(folder, entry->name);

		if (entry->kind == GIT_KIND_FILE &&
		    source_may_be_yaml(entry->name) &&
		    is_environment_file(source, path))
			names_add(names, entry->name);
	}
}

char *source_find_in_commit(const struct source_commit *at, const char *root,
                            struct diag *diag)
{
	/* Any name will do to learn what the folder is called there. */
	CLEANUP(source_freep)
	struct source *source =
		source_commit(at, "x", at->fetched ? root : NULL, diag);
	CLEANUP(git_entries_release) struct git_entries entries = { 0 };
	CLEANUP(names_release) struct names names = { 0 };
	CLEANUP(textp) char *first = NULL;
	CLEANUP(textp) char *folder = NULL;

	if (!source)
		return NULL;
	first = path_in_commit(source, source->first);
	folder = path_folder(first);
	switch (git_list_folder(at->git, &source->commit, folder, &entries,
	                        diag)) {
	case GIT_FAILED:
		return NULL;
	case GIT_ABSENT:
		diag_error(diag, CODE_FILE_UNREADABLE, PLACE_NONE,
		           "there is no folder `%s` in %s; correct the path",
		           folder, source->revision);
		return NULL;
	case GIT_FOUND:
		break;
	}
	add_candidates(source, folder, &entries, &names);
	return names_only(&names, folder, diag);
}
