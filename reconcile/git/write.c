/* SPDX-License-Identifier: MIT */
/* Making a commit: blobs, a tree, the commit; no ref moves. */
#include "git/serving.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>

enum { PARENTS_MAX = 16, FILES_MAX = 1000 };

struct draft {
	char *message, *author, *email;
	int64_t time_s;
	git_commit *parents[PARENTS_MAX];
	size_t parent_count;
	git_tree_update *updates;
	size_t update_count;
	git_tree *tree;
};

static void release_draft(struct draft *draft)
{
	for (size_t i = 0; i < draft->parent_count; i++)
		git_commit_free(draft->parents[i]);
	for (size_t i = 0; i < draft->update_count; i++)
		free((void *)(uintptr_t)draft->updates[i].path);
	git_tree_free(draft->tree);
	free(draft->updates);
	free(draft->message);
	free(draft->author);
	free(draft->email);
}

static int unwritten(struct helper *helper, int status)
{
	return helper_fail_git(helper, FAILURE_REPOSITORY, status,
	                       "a commit cannot be written");
}

static int read_parents(struct helper *helper, struct reader *request,
                        struct draft *draft)
{
	const uint64_t count = field_number_below(request, PARENTS_MAX);

	for (uint64_t i = 0; i < count; i++) {
		const struct git_id parent = field_id(request);
		git_oid id;
		int status;

		if (id_from(&parent, &id) < 0)
			return helper_fail(helper, FAILURE_REQUEST,
			                   "a parent is no commit");
		status = git_commit_lookup(&draft->parents[i],
		                           helper->repository, &id);
		if (status < 0)
			return unwritten(helper, status);
		draft->parent_count++;
	}
	return 0;
}

static int read_files(struct helper *helper, struct reader *request,
                      struct draft *draft)
{
	const uint64_t count = field_number_below(request, FILES_MAX);

	draft->updates = xcalloc(count + 1, sizeof(*draft->updates));
	for (uint64_t i = 0; i < count && !request->broken; i++) {
		git_tree_update *update = &draft->updates[draft->update_count];
		CLEANUP(buffer_release) struct buffer bytes = { 0 };
		int status;

		update->action = GIT_TREE_UPDATE_UPSERT;
		update->filemode = GIT_FILEMODE_BLOB;
		update->path = field_word(request);
		draft->update_count++;
		field_bytes(request, &bytes);
		status = git_blob_create_from_buffer(&update->id,
		                                     helper->repository,
		                                     bytes.bytes, bytes.length);
		if (status < 0)
			return unwritten(helper, status);
	}
	return 0;
}

static int make_tree(struct helper *helper, struct draft *draft)
{
	git_oid id;
	int status =
		git_tree_create_updated(&id, helper->repository, NULL,
	                                draft->update_count, draft->updates);

	if (status == 0)
		status = git_tree_lookup(&draft->tree, helper->repository, &id);
	return status < 0 ? unwritten(helper, status) : 0;
}

static int make_commit(struct helper *helper, struct draft *draft, git_oid *out)
{
	CLEANUP(git_signature_freep) git_signature *author = NULL;
	const git_commit *parents[PARENTS_MAX];
	int status = git_signature_new(&author, draft->author, draft->email,
	                               draft->time_s, 0);

	for (size_t i = 0; i < draft->parent_count; i++)
		parents[i] = draft->parents[i];
	if (status == 0)
		status = git_commit_create(out, helper->repository, NULL,
		                           author, author, NULL, draft->message,
		                           draft->tree, draft->parent_count,
		                           parents);
	return status < 0 ? unwritten(helper, status) : 0;
}

int serve_write(struct helper *helper, struct reader *request,
                struct message *answer)
{
	CLEANUP(release_draft) struct draft draft = { 0 };
	git_oid id;

	draft.message = field_word(request);
	draft.author = field_word(request);
	draft.email = field_word(request);
	draft.time_s = (int64_t)field_number(request);
	if (read_parents(helper, request, &draft) < 0 ||
	    read_files(helper, request, &draft) < 0 ||
	    helper_check(helper, request) < 0 ||
	    make_tree(helper, &draft) < 0 ||
	    make_commit(helper, &draft, &id) < 0)
		return -1;
	add_oid(answer, &id);
	return 0;
}
