/* SPDX-License-Identifier: MIT */
/*
 * Files of a commit, from tree to tree. A name is looked up as it is written,
 * so that `..`, `.git` and names with slashes in a hostile tree lead nowhere.
 */
#include "git/serving.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

static int damaged(struct helper *helper, int status)
{
	return helper_fail_git(helper, FAILURE_REPOSITORY, status,
	                       "an object is missing or damaged");
}

static int tree_of_commit(struct helper *helper, const struct git_id *commit,
                          git_tree **out)
{
	CLEANUP(git_commit_freep) git_commit *found = NULL;
	git_oid id;
	int status;

	if (id_from(commit, &id) < 0)
		return helper_fail(helper, FAILURE_REQUEST, "no commit");
	status = git_commit_lookup(&found, helper->repository, &id);
	if (status == 0)
		status = git_commit_tree(out, found);
	return status < 0 ? damaged(helper, status) : 0;
}

/* The size of an object, before it is read. */
static int size_of(struct helper *helper, const git_oid *id, size_t *size)
{
	CLEANUP(git_odb_freep) git_odb *odb = NULL;
	git_object_t type;
	int status = git_repository_odb(&odb, helper->repository);

	if (status == 0)
		status = git_odb_read_header(size, &type, odb, id);
	return status < 0 ? damaged(helper, status) : 0;
}

/* 0; 1 when it is larger than a file may be; -1 after helper_fail(). */
static int descend(struct helper *helper, const git_oid *id, git_tree **tree)
{
	git_tree *below = NULL;
	size_t size = 0;
	int status;

	if (size_of(helper, id, &size) < 0)
		return -1;
	if (size > LIMIT_FILE_BYTES)
		return 1;
	status = git_tree_lookup(&below, helper->repository, id);
	if (status < 0)
		return damaged(helper, status);
	git_tree_free(*tree);
	*tree = below;
	return 0;
}

static enum git_kind kind_of(const git_tree_entry *entry)
{
	switch (git_tree_entry_filemode(entry)) {
	case GIT_FILEMODE_TREE:
		return GIT_KIND_FOLDER;
	case GIT_FILEMODE_LINK:
		return GIT_KIND_LINK;
	case GIT_FILEMODE_COMMIT:
		return GIT_KIND_SUBMODULE;
	case GIT_FILEMODE_BLOB:
	case GIT_FILEMODE_BLOB_EXECUTABLE:
		return GIT_KIND_FILE;
	case GIT_FILEMODE_UNREADABLE:
		break;
	}
	return GIT_KIND_ABSENT;
}

/* What a path came to. */
struct found {
	enum git_kind kind;
	git_oid id;
	git_tree *tree; /* of a folder: itself; else what holds it */
};

static void release_found(struct found *found)
{
	git_tree_free(found->tree);
}

/* One name of the path; `last` is its end. 0, or -1 after helper_fail(). */
static int step(struct helper *helper, struct found *found, const char *name)
{
	const git_tree_entry *entry = git_tree_entry_byname(found->tree, name);
	int status;

	found->kind = entry ? kind_of(entry) : GIT_KIND_ABSENT;
	if (!entry)
		return 0;
	git_oid_cpy(&found->id, git_tree_entry_id(entry));
	if (found->kind != GIT_KIND_FOLDER)
		return 0;
	status = descend(helper, &found->id, &found->tree);
	if (status > 0)
		found->kind = GIT_KIND_LARGE;
	return status < 0 ? -1 : 0;
}

static int walk(struct helper *helper, const struct git_id *commit,
                const char *path, struct found *found)
{
	if (tree_of_commit(helper, commit, &found->tree) < 0)
		return -1;
	found->kind = GIT_KIND_FOLDER;
	if (str_equal(path, "."))
		return 0;
	while (*path) {
		const size_t length = strcspn(path, "/");
		CLEANUP(textp) char *name = xstrndup(path, length);

		path += length + (path[length] == '/');
		if (step(helper, found, name) < 0)
			return -1;
		if (found->kind != GIT_KIND_FOLDER)
			break;
	}
	/* Behind a file there is nothing, not even its own end. */
	if (found->kind == GIT_KIND_FILE && (*path || path[-1] == '/'))
		found->kind = GIT_KIND_ABSENT;
	return 0;
}

/* ---- a file ---- */

/* git-lfs, specification version 1: a small text that stands for a file. */
static bool is_pointer(const git_blob *blob)
{
	static const char start[] = "version https://git-lfs.github.com/spec/";

	return git_blob_rawsize(blob) < 1024 &&
	       git_blob_rawsize(blob) >= sizeof(start) - 1 &&
	       memcmp(git_blob_rawcontent(blob), start, sizeof(start) - 1) == 0;
}

static int add_blob(struct helper *helper, struct message *answer,
                    const git_oid *id, size_t limit)
{
	CLEANUP(git_blob_freep) git_blob *blob = NULL;
	size_t size = 0;
	int status;

	if (size_of(helper, id, &size) < 0)
		return -1;
	if (size > limit) {
		message_number(answer, GIT_KIND_LARGE);
		message_text(answer, NULL);
		return 0;
	}
	status = git_blob_lookup(&blob, helper->repository, id);
	if (status < 0)
		return damaged(helper, status);
	if (is_pointer(blob)) {
		message_number(answer, GIT_KIND_POINTER);
		message_text(answer, NULL);
		return 0;
	}
	message_number(answer, GIT_KIND_FILE);
	message_bytes(answer, git_blob_rawcontent(blob),
	              (size_t)git_blob_rawsize(blob));
	return 0;
}

int serve_read(struct helper *helper, struct reader *request,
               struct message *answer)
{
	const struct git_id commit = field_id(request);
	CLEANUP(textp) char *path = field_word(request);
	const size_t limit =
		(size_t)field_number_below(request, LIMIT_FILE_BYTES);
	CLEANUP(release_found) struct found found = { 0 };

	if (helper_check(helper, request) < 0 ||
	    walk(helper, &commit, path, &found) < 0)
		return -1;
	if (found.kind == GIT_KIND_FILE)
		return add_blob(helper, answer, &found.id, limit);
	message_number(answer, (uint64_t)found.kind);
	message_text(answer, NULL);
	return 0;
}

/* ---- a folder ---- */

int serve_list(struct helper *helper, struct reader *request,
               struct message *answer)
{
	const struct git_id commit = field_id(request);
	CLEANUP(textp) char *path = field_word(request);
	CLEANUP(release_found) struct found found = { 0 };
	size_t count;

	if (helper_check(helper, request) < 0 ||
	    walk(helper, &commit, path, &found) < 0)
		return -1;
	if (found.kind != GIT_KIND_FOLDER)
		return 1;
	count = git_tree_entrycount(found.tree);
	if (count > LIMIT_GIT_ENTRIES)
		return helper_fail(helper, FAILURE_LARGE,
		                   "`%s` has %zu entries", path, count);
	message_number(answer, count);
	for (size_t i = 0; i < count; i++) {
		const git_tree_entry *entry =
			git_tree_entry_byindex(found.tree, i);
		const enum git_kind kind = kind_of(entry);

		message_number(answer, (uint64_t)kind);
		message_text(answer, git_tree_entry_name(entry));
	}
	return 0;
}

int serve_uncommitted(struct helper *helper, struct reader *request,
                      struct message *answer)
{
	CLEANUP(textp) char *path = field_word(request);
	unsigned flags = 0;
	int status;

	if (helper_check(helper, request) < 0)
		return -1;
	if (!git_repository_is_bare(helper->repository)) {
		status = git_status_file(&flags, helper->repository, path);
		if (status < 0 && status != GIT_ENOTFOUND &&
		    status != GIT_EAMBIGUOUS)
			return helper_fail_git(helper, FAILURE_REPOSITORY,
			                       status, path);
		if (status < 0)
			flags = 0;
	}
	message_number(answer, (flags & ~(unsigned)GIT_STATUS_IGNORED) != 0);
	return 0;
}

/* ---- who wrote it ---- */

static int blame_line(struct helper *helper, const git_oid *commit,
                      const char *path, size_t line, git_oid *out)
{
	git_blame_options options;
	git_blame *blame = NULL;
	const git_blame_hunk *hunk;
	int status;

	(void)git_blame_options_init(&options, GIT_BLAME_OPTIONS_VERSION);
	options.newest_commit = *commit;
	options.min_line = options.max_line = line;
	status = git_blame_file(&blame, helper->repository, path, &options);
	if (status < 0)
		return 1;
	hunk = git_blame_get_hunk_byline(blame, line);
	if (hunk)
		git_oid_cpy(out, &hunk->final_commit_id);
	git_blame_free(blame);
	return hunk ? 0 : 1;
}

/* Goes back along a parent that has the same file, until none has. */
static int blame_file(struct helper *helper, const git_oid *commit,
                      const char *path, git_oid *out)
{
	struct git_id at;

	git_oid_cpy(out, commit);
	for (;;) {
		CLEANUP(release_found) struct found here = { 0 };
		CLEANUP(git_commit_freep) git_commit *found = NULL;
		bool same = false;

		git_oid_tostr(at.hex, sizeof(at.hex), out);
		if (walk(helper, &at, path, &here) < 0)
			return -1;
		if (here.kind != GIT_KIND_FILE)
			return 1;
		if (git_commit_lookup(&found, helper->repository, out) < 0)
			return 1;
		for (unsigned i = 0; !same && i < git_commit_parentcount(found);
		     i++) {
			CLEANUP(release_found) struct found there = { 0 };

			git_oid_tostr(at.hex, sizeof(at.hex),
			              git_commit_parent_id(found, i));
			if (walk(helper, &at, path, &there) < 0)
				continue; /* a clone that is cut off here */
			same = there.kind == GIT_KIND_FILE &&
			       git_oid_equal(&there.id, &here.id);
			if (same)
				git_oid_cpy(out,
				            git_commit_parent_id(found, i));
		}
		if (!same)
			return 0;
	}
}

static bool has_line(struct helper *helper, const git_oid *id, uint64_t line)
{
	CLEANUP(git_blob_freep) git_blob *blob = NULL;
	const char *at, *end;

	if (git_blob_lookup(&blob, helper->repository, id) < 0)
		return false;
	at = git_blob_rawcontent(blob);
	end = at + git_blob_rawsize(blob);
	for (uint64_t i = 1; i < line && at && at < end; i++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	return !line || (at && at < end);
}

int serve_blame(struct helper *helper, struct reader *request,
                struct message *answer)
{
	const struct git_id commit = field_id(request);
	CLEANUP(textp) char *path = field_word(request);
	const uint64_t line = field_number_below(request, UINT32_MAX);
	CLEANUP(release_found) struct found found = { 0 };
	git_oid id, out;
	int status;

	if (helper_check(helper, request) < 0 ||
	    walk(helper, &commit, path, &found) < 0)
		return -1;
	if (found.kind != GIT_KIND_FILE || id_from(&commit, &id) < 0 ||
	    !has_line(helper, &found.id, line))
		return 1;
	status = line ? blame_line(helper, &id, path, (size_t)line, &out)
	              : blame_file(helper, &id, path, &out);
	if (status == 0)
		add_oid(answer, &out);
	return status;
}
