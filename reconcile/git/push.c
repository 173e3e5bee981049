/* SPDX-License-Identifier: MIT */
/*
 * Pushing, as a compare-and-swap.
 *
 * A server compares the ref with what it showed us when we connected, so what
 * it shows must be what is expected. After a refusal or a broken connection
 * the ref is looked at once more: that tells a race from a hook. The local
 * transport of libgit2 compares nothing, so a file: repository is written
 * here, and its ref moved under the ref's own lock.
 */
#include "git/remote.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct pushing {
	struct access access; /* first: callbacks are given its address */
	char *ref;
	bool fresh; /* nothing is expected there */
	git_oid expected, commit;
	char *held; /* the ref that must be at `holds`; NULL: none */
	git_oid holds;
	char *refusal; /* the server's words */
};

static void release_pushing(struct pushing *pushing)
{
	access_release(&pushing->access);
	free(pushing->ref);
	free(pushing->held);
	free(pushing->refusal);
}

static int answer_with(struct message *answer, enum git_pushed pushed,
                       const char *words)
{
	message_number(answer, (uint64_t)pushed);
	message_text(answer, words);
	return 0;
}

/* ---- here, or in a folder ---- */

static bool is_held_in(const struct pushing *pushing,
                       git_repository *repository)
{
	git_oid id;

	return !pushing->held ||
	       (git_reference_name_to_id(&id, repository, pushing->held) == 0 &&
	        git_oid_equal(&id, &pushing->holds));
}

/* The ref moves when it is where it should be; that is compared under its
 * lock. */
static int move(struct pushing *pushing, git_repository *repository,
                struct message *answer)
{
	CLEANUP(git_reference_freep) git_reference *moved = NULL;
	int status;

	if (pushing->fresh)
		status = git_reference_create(&moved, repository, pushing->ref,
		                              &pushing->commit, 0, NULL);
	else
		status = git_reference_create_matching(
			&moved, repository, pushing->ref, &pushing->commit, 1,
			&pushing->expected, NULL);
	if (status == 0)
		return answer_with(answer, GIT_PUSHED, NULL);
	/* Locked: somebody moves it at this moment. */
	if (status == GIT_EMODIFIED || status == GIT_EEXISTS ||
	    status == GIT_ENOTFOUND || status == GIT_ELOCKED)
		return answer_with(answer, GIT_RACED, NULL);
	return helper_fail_git(pushing->access.helper, FAILURE_REFUSED, status,
	                       pushing->ref);
}

/* Everything that leads to the commit and not to what is expected. */
static int send_objects(struct pushing *pushing, git_repository *to)
{
	git_repository *from = pushing->access.helper->repository;
	git_packbuilder *pack = NULL;
	git_revwalk *walk = NULL;
	CLEANUP(textp)
	char *folder =
		xasprintf("%sobjects/pack", git_repository_commondir(to));
	int status = git_packbuilder_new(&pack, from);

	if (status == 0)
		status = git_revwalk_new(&walk, from);
	if (status == 0)
		status = git_revwalk_push(walk, &pushing->commit);
	if (status == 0 && !pushing->fresh)
		status = git_revwalk_hide(walk, &pushing->expected);
	if (status == 0)
		status = git_packbuilder_insert_walk(pack, walk);
	if (status == 0)
		status = git_packbuilder_write(pack, folder, 0, NULL, NULL);
	git_revwalk_free(walk);
	git_packbuilder_free(pack);
	return status < 0 ? helper_fail_git(pushing->access.helper,
	                                    FAILURE_REFUSED, status,
	                                    "its objects cannot be written")
	                  : 0;
}

static int push_to_folder(struct pushing *pushing, struct message *answer)
{
	struct helper *helper = pushing->access.helper;
	CLEANUP(git_repository_freep) git_repository *to = NULL;
	const char *path = pushing->access.url + strlen("file://");
	const int status = git_repository_open_ext(
		&to, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);

	if (status < 0)
		return helper_fail_git(helper, FAILURE_NETWORK, status, path);
	if (!is_held_in(pushing, to))
		return answer_with(answer, GIT_LOST, NULL);
	if (send_objects(pushing, to) < 0)
		return -1;
	return move(pushing, to, answer);
}

/* ---- to a server ---- */

/* Where the ref stands there, against what is expected. */
static bool is_expected(const struct pushing *pushing,
                        const struct connection *connection)
{
	const git_remote_head *head = connection_find(connection, pushing->ref);

	if (!head)
		return pushing->fresh;
	return !pushing->fresh && git_oid_equal(&head->oid, &pushing->expected);
}

static bool is_held(const struct pushing *pushing,
                    const struct connection *connection)
{
	const git_remote_head *head =
		pushing->held ? connection_find(connection, pushing->held)
			      : NULL;

	return !pushing->held ||
	       (head && git_oid_equal(&head->oid, &pushing->holds));
}

static int hear(const char *ref, const char *status, void *context)
{
	struct pushing *pushing = context;

	if (status && str_equal(ref, pushing->ref)) {
		free(pushing->refusal);
		pushing->refusal = xstrdup(status);
	}
	return 0;
}

static int send_ref(struct pushing *pushing, struct connection *connection,
                    const char *from)
{
	CLEANUP(textp) char *refspec = xasprintf("%s:%s", from, pushing->ref);
	const git_strarray refspecs = { &refspec, 1 };
	git_push_options options;

	(void)git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
	access_connect(&pushing->access, &options.callbacks);
	options.callbacks.push_update_reference = hear;
	options.proxy_opts.type = GIT_PROXY_AUTO;
	options.follow_redirects = access_redirects(&pushing->access);
	options.pb_parallelism = 1;
	return git_remote_upload(connection->remote, &refspecs, &options);
}

/* libgit2 sends what a ref points to, so the commit has one for as long as
 * that takes. */
static int upload(struct pushing *pushing, struct connection *connection)
{
	git_repository *repository = pushing->access.helper->repository;
	CLEANUP(git_reference_freep) git_reference *sent = NULL;
	char hex[GIT_HEX_SIZE];
	CLEANUP(textp)
	char *name =
		xasprintf("refs/trueup/sending/%s",
	                  git_oid_tostr(hex, sizeof(hex), &pushing->commit));
	int status = git_reference_create(&sent, repository, name,
	                                  &pushing->commit, 1, NULL);

	if (status < 0)
		return status;
	status = send_ref(pushing, connection, name);
	(void)git_reference_delete(sent);
	return status;
}

/* After something went wrong: looks where the ref is now. */
static int look_again(struct pushing *pushing, const char *why,
                      struct message *answer)
{
	struct helper *helper = pushing->access.helper;
	CLEANUP(connection_release)
	struct connection connection = { .direction = GIT_DIRECTION_PUSH };
	const git_remote_head *head;

	pushing->access.asked = 0;
	if (connection_open(&pushing->access, &connection) < 0)
		return answer_with(answer, GIT_PUSH_UNKNOWN, why);
	head = connection_find(&connection, pushing->ref);
	if (head && git_oid_equal(&head->oid, &pushing->commit))
		return answer_with(answer, GIT_PUSHED, NULL);
	if (!is_expected(pushing, &connection))
		return answer_with(answer, GIT_RACED, NULL);
	return helper_fail(helper, FAILURE_REFUSED, "%s", why);
}

static int push_to_server(struct pushing *pushing, struct message *answer)
{
	CLEANUP(connection_release)
	struct connection connection = { .direction = GIT_DIRECTION_PUSH };
	CLEANUP(textp) char *why = NULL;
	const git_error *error;
	int status;

	if (connection_open(&pushing->access, &connection) < 0)
		return -1;
	if (!is_expected(pushing, &connection))
		return answer_with(answer, GIT_RACED, NULL);
	if (!is_held(pushing, &connection))
		return answer_with(answer, GIT_LOST, NULL);
	status = upload(pushing, &connection);
	if (status == 0 && !pushing->refusal)
		return answer_with(answer, GIT_PUSHED, NULL);
	if (pushing->access.decided)
		return -1;
	error = git_error_last();
	if (pushing->refusal)
		why = TAKE(pushing->refusal);
	else
		why = xstrdup(error && error->message ? error->message
		                                      : "the connection ended");
	return look_again(pushing, why, answer);
}

static int push(struct pushing *pushing, struct message *answer)
{
	struct helper *helper = pushing->access.helper;

	if (!pushing->access.url && !is_held_in(pushing, helper->repository))
		return answer_with(answer, GIT_LOST, NULL);
	if (!pushing->access.url)
		return move(pushing, helper->repository, answer);
	if (str_starts(pushing->access.url, "file://"))
		return push_to_folder(pushing, answer);
	return push_to_server(pushing, answer);
}

int serve_push(struct helper *helper, struct reader *request,
               struct message *answer)
{
	CLEANUP(release_pushing) struct pushing pushing = { 0 };
	struct git_id expected, commit, holds;
	int valid = 0;

	if (access_read(&pushing.access, helper, request) < 0)
		return helper_check(helper, request);
	pushing.ref = field_word(request);
	expected = field_id(request);
	commit = field_id(request);
	pushing.held = field_text(request);
	holds = field_id(request);
	if (helper_check(helper, request) < 0)
		return -1;
	pushing.fresh = id_from(&expected, &pushing.expected) < 0;
	if (id_from(&commit, &pushing.commit) < 0 ||
	    (pushing.held && id_from(&holds, &pushing.holds) < 0) ||
	    git_reference_name_is_valid(&valid, pushing.ref) < 0 || !valid ||
	    !str_starts(pushing.ref, "refs/"))
		return helper_fail(helper, FAILURE_REQUEST,
		                   "`%s` is no ref, or there is no commit",
		                   pushing.ref);
	return push(&pushing, answer);
}
