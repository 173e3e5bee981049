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

int helper_size(struct helper *helper, const git_oid *id, size_t *size)
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

	if (helper_size(helper, id, &size) < 0)
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

void found_release(struct found *found)
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

int helper_find(struct helper *helper, const struct git_id *commit,
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

	if (helper_size(helper, id, &size) < 0)
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
	CLEANUP(found_release) struct found found = { 0 };

	if (helper_check(helper, request) < 0 ||
	    helper_find(helper, &commit, path, &found) < 0)
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
	CLEANUP(found_release) struct found found = { 0 };
	size_t count;

	if (helper_check(helper, request) < 0 ||
	    helper_find(helper, &commit, path, &found) < 0)
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
