/* SPDX-License-Identifier: MIT */
/* Commits: who made them, what they descend from, who signed them. */
#include "git/serving.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

static int missing(struct helper *helper, int status)
{
	return helper_fail_git(helper, FAILURE_REPOSITORY, status,
	                       "a commit is missing; fetch the whole history");
}

static void add_commit(struct message *answer, const git_commit *commit)
{
	const unsigned parents = git_commit_parentcount(commit);
	const git_signature *author = git_commit_author(commit);

	add_oid(answer, git_commit_id(commit));
	if (parents)
		add_oid(answer, git_commit_parent_id(commit, 0));
	else
		message_text(answer, NULL);
	message_number(answer, parents);
	message_number(answer, (uint64_t)git_commit_time(commit));
	message_text(answer, author->name);
	message_text(answer, author->email);
	message_text(answer, git_commit_message(commit));
}

/* How many there are stands before them, and is known after them. */
static void set_count(struct message *answer, size_t at, uint64_t count)
{
	struct message number;

	message_start(&number);
	message_number(&number, count);
	message_patch(answer, at, &number);
	message_release(&number);
}

int serve_log(struct helper *helper, struct reader *request,
              struct message *answer)
{
	const struct git_id tip = field_id(request);
	const uint64_t limit = field_number_below(request, LIMIT_GIT_COMMITS);
	const size_t at = answer->length - MESSAGE_HEADER_BYTES;
	uint64_t count = 0;
	git_oid id;
	bool more;

	if (helper_check(helper, request) < 0)
		return -1;
	message_number(answer, 0);
	more = id_from(&tip, &id) == 0;
	for (; more && count < limit; count++) {
		CLEANUP(git_commit_freep) git_commit *commit = NULL;
		const int status =
			git_commit_lookup(&commit, helper->repository, &id);

		if (status < 0)
			return missing(helper, status);
		if (answer->length > LIMIT_FILE_BYTES)
			return helper_fail(helper, FAILURE_LARGE,
			                   "the history's messages");
		add_commit(answer, commit);
		more = git_commit_parentcount(commit) > 0;
		if (more)
			git_oid_cpy(&id, git_commit_parent_id(commit, 0));
	}
	set_count(answer, at, count);
	return 0;
}

int serve_ancestor(struct helper *helper, struct reader *request,
                   struct message *answer)
{
	const struct git_id old = field_id(request);
	const struct git_id new = field_id(request);
	CLEANUP(git_commit_freep) git_commit *known = NULL;
	git_oid old_id, new_id;
	int status;

	if (helper_check(helper, request) < 0)
		return -1;
	if (id_from(&old, &old_id) < 0 || id_from(&new, &new_id) < 0)
		return helper_fail(helper, FAILURE_REQUEST, "no commit");
	status = git_commit_lookup(&known, helper->repository, &old_id);
	if (status == GIT_ENOTFOUND) {
		message_number(answer, 0);
		return 0;
	}
	if (status == 0)
		status = git_oid_equal(&old_id, &new_id)
		                 ? 1
		                 : git_graph_descendant_of(helper->repository,
		                                           &new_id, &old_id);
	if (status < 0)
		return missing(helper, status);
	message_number(answer, (uint64_t)status);
	return 0;
}

/* ---- signatures ---- */

static int sign_of_commit(struct helper *helper, struct message *answer,
                          git_oid *id)
{
	git_buf signature = GIT_BUF_INIT, payload = GIT_BUF_INIT;
	const int status = git_commit_extract_signature(
		&signature, &payload, helper->repository, id, NULL);

	if (status == GIT_ENOTFOUND) {
		message_text(answer, NULL);
		message_text(answer, NULL);
		return 0;
	}
	if (status < 0)
		return missing(helper, status);
	message_bytes(answer, payload.ptr, payload.size);
	message_bytes(answer, signature.ptr, signature.size);
	git_buf_dispose(&signature);
	git_buf_dispose(&payload);
	return 0;
}

/* Where a tag's signature begins: at the last line that may begin one. */
static size_t tag_signature(const char *text, size_t length)
{
	static const char *const starts[] = { "-----BEGIN PGP SIGNATURE-----",
		                              "-----BEGIN SSH SIGNATURE-----",
		                              "-----BEGIN PGP MESSAGE-----" };
	size_t found = length;

	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);

		for (size_t i = 0; i < LENGTH(starts); i++) {
			const size_t size = strlen(starts[i]);

			if (length - at >= size &&
			    memcmp(text + at, starts[i], size) == 0)
				found = at;
		}
		at = end ? (size_t)(end - text) + 1 : length;
	}
	return found;
}

static void sign_of_tag(struct message *answer, git_odb_object *object)
{
	const char *text = git_odb_object_data(object);
	const size_t length = git_odb_object_size(object);
	const size_t at = tag_signature(text, length);

	message_bytes(answer, text, at);
	message_bytes(answer, text + at, length - at);
}

int serve_signature(struct helper *helper, struct reader *request,
                    struct message *answer)
{
	const struct git_id asked = field_id(request);
	CLEANUP(git_odb_freep) git_odb *odb = NULL;
	CLEANUP(git_odb_object_freep) git_odb_object *object = NULL;
	git_oid id;
	int status;

	if (helper_check(helper, request) < 0)
		return -1;
	if (id_from(&asked, &id) < 0)
		return 1;
	status = git_repository_odb(&odb, helper->repository);
	if (status == 0)
		status = git_odb_read(&object, odb, &id);
	if (status == GIT_ENOTFOUND)
		return 1;
	if (status < 0)
		return missing(helper, status);
	if (git_odb_object_type(object) == GIT_OBJECT_COMMIT)
		return sign_of_commit(helper, answer, &id);
	if (git_odb_object_type(object) != GIT_OBJECT_TAG)
		return 1;
	sign_of_tag(answer, object);
	return 0;
}
