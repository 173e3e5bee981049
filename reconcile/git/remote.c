/* SPDX-License-Identifier: MIT */
/* Fetching: which ref of the server it is, and its history. */
#include "git/remote.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- a connection ---- */

static int connect_once(struct access *access, void *context)
{
	struct connection *connection = context;
	git_remote_create_options create;
	git_remote_connect_options options;
	int status;

	(void)git_remote_create_options_init(&create,
	                                     GIT_REMOTE_CREATE_OPTIONS_VERSION);
	(void)git_remote_connect_options_init(
		&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
	create.repository = access->helper->repository;
	create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
	               GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	access_connect(access, &options.callbacks);
	options.proxy_opts.type = GIT_PROXY_AUTO;
	options.follow_redirects = access_redirects(access);
	git_remote_free(TAKE(connection->remote));
	status = git_remote_create_with_opts(&connection->remote, access->url,
	                                     &create);
	if (status == 0)
		status = git_remote_connect_ext(
			connection->remote, connection->direction, &options);
	return status;
}

int connection_open(struct access *access, struct connection *connection)
{
	int status = access_try(access, connect_once, connection);

	if (status == 0)
		status = git_remote_ls(&connection->heads, &connection->count,
		                       connection->remote);
	return status < 0 ? access_fail(access, status) : 0;
}

void connection_release(struct connection *connection)
{
	git_remote_free(connection->remote);
}

const git_remote_head *connection_find(const struct connection *connection,
                                       const char *name)
{
	for (size_t i = 0; i < connection->count; i++) {
		if (str_equal(connection->heads[i]->name, name))
			return connection->heads[i];
	}
	return NULL;
}

/* ---- which one ---- */

/* What was asked for: a ref of the server, or NULL. */
static const git_remote_head *choose(const struct connection *connection,
                                     const char *ref)
{
	static const char *const folders[] = { "", "refs/heads/",
		                               "refs/tags/" };
	const bool whole = str_equal(ref, "HEAD") || str_starts(ref, "refs/");

	for (size_t i = whole ? 0 : 1; i < (whole ? 1 : LENGTH(folders)); i++) {
		CLEANUP(textp) char *name = xasprintf("%s%s", folders[i], ref);
		const git_remote_head *head = connection_find(connection, name);

		if (head)
			return head;
	}
	return NULL;
}

/* "main" of "refs/heads/main"; of HEAD the branch it stands for. */
static const char *short_name(const git_remote_head *head)
{
	static const char *const folders[] = { "refs/heads/", "refs/tags/" };
	const char *name =
		head->symref_target ? head->symref_target : head->name;

	for (size_t i = 0; i < LENGTH(folders); i++) {
		if (str_starts(name, folders[i]))
			return name + strlen(folders[i]);
	}
	return str_equal(name, "HEAD") ? NULL : name;
}

/* ---- the history ---- */

static int check_size(const git_indexer_progress *progress, void *context)
{
	struct access *access = context;

	if (progress->received_bytes <= LIMIT_GIT_FETCH_BYTES)
		return 0;
	access->decided = true;
	return helper_fail(access->helper, FAILURE_LARGE,
	                   "more than %d MiB are sent",
	                   LIMIT_GIT_FETCH_BYTES >> 20);
}

/* Our refs are flat: `a` and `a/b` may follow each other. */
static char *refspec_of(const char *name)
{
	CLEANUP(textp) char *flat = xstrdup(name);

	for (char *c = flat; *c; c++)
		*c = *c == '/' ? '%' : *c;
	return xasprintf("+%s:refs/trueup/fetched/%s", name, flat);
}

static int download(struct access *access, struct connection *connection,
                    char *refspec)
{
	const git_strarray refspecs = { &refspec, 1 };
	git_fetch_options options;
	int status;

	(void)git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	access_connect(access, &options.callbacks);
	options.callbacks.transfer_progress = check_size;
	options.proxy_opts.type = GIT_PROXY_AUTO;
	options.follow_redirects = access_redirects(access);
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	status = git_remote_download(connection->remote, &refspecs, &options);
	if (status == 0)
		status = git_remote_update_tips(
			connection->remote, &options.callbacks, 0,
			GIT_REMOTE_DOWNLOAD_TAGS_NONE, NULL);
	return status;
}

struct fetching {
	struct access access;
	char *ref;
	struct message *answer;
};

static void release_fetching(struct fetching *fetching)
{
	access_release(&fetching->access);
	free(fetching->ref);
}

/* What was fetched, now that it must be here. */
static int add_fetched(const struct fetching *fetching, const git_oid *id,
                       const char *name)
{
	struct helper *helper = fetching->access.helper;
	CLEANUP(git_object_freep) git_object *object = NULL;
	const int status = git_object_lookup(&object, helper->repository, id,
	                                     GIT_OBJECT_ANY);

	if (status < 0)
		return helper_fail_git(helper, FAILURE_NETWORK, status,
		                       "it did not send what it named");
	return add_revision(helper, fetching->answer, object, name);
}

static int fetch_ref(struct fetching *fetching)
{
	CLEANUP(connection_release)
	struct connection connection = { .direction = GIT_DIRECTION_FETCH };
	CLEANUP(textp) char *refspec = NULL;
	CLEANUP(textp) char *name = NULL;
	const git_remote_head *head;
	git_oid id;
	int status;

	if (connection_open(&fetching->access, &connection) < 0)
		return -1;
	head = choose(&connection, fetching->ref);
	if (!head)
		return 1;
	/* The list is the connection's, and ends with it. */
	git_oid_cpy(&id, &head->oid);
	name = short_name(head) ? xstrdup(short_name(head)) : NULL;
	refspec = refspec_of(head->name);
	status = download(&fetching->access, &connection, refspec);
	if (status < 0)
		return access_fail(&fetching->access, status);
	return add_fetched(fetching, &id, name);
}

/* ---- a commit ---- */

/* Each in a connection of its own: a server ends the one it refuses in. */
static int fetch_with(struct fetching *fetching, char *refspec)
{
	CLEANUP(connection_release)
	struct connection connection = { .direction = GIT_DIRECTION_FETCH };
	int status;

	if (connection_open(&fetching->access, &connection) < 0)
		return -1;
	status = download(&fetching->access, &connection, refspec);
	return status < 0 ? access_fail(&fetching->access, status) : 0;
}

static bool has_commit(const struct helper *helper, const git_oid *id)
{
	CLEANUP(git_commit_freep) git_commit *commit = NULL;

	return git_commit_lookup(&commit, helper->repository, id) == 0;
}

/* From here; else by its id, which a server may not like; else from all
 * branches. */
static int fetch_commit(struct fetching *fetching, const git_oid *id)
{
	char all[] = "+refs/heads/*:refs/trueup/branches/*";
	struct helper *helper = fetching->access.helper;
	CLEANUP(textp)
	char *by_id = xasprintf("%s:refs/trueup/fetched/%s", fetching->ref,
	                        fetching->ref);

	if (!has_commit(helper, id))
		(void)fetch_with(fetching, by_id);
	if (!has_commit(helper, id) && fetch_with(fetching, all) < 0)
		return -1;
	if (!has_commit(helper, id))
		return 1;
	return add_fetched(fetching, id, NULL);
}

static int fetch(struct fetching *fetching)
{
	struct git_id asked;
	git_oid id;

	if (git_id_parse(fetching->ref, &asked) == 0 &&
	    id_from(&asked, &id) == 0)
		return fetch_commit(fetching, &id);
	return fetch_ref(fetching);
}

/* Whether it was our cache that failed, and not the server. */
static bool is_our_fault(const struct fetching *fetching)
{
	static const int classes[] = { GIT_ERROR_ODB, GIT_ERROR_REFERENCE,
		                       GIT_ERROR_REPOSITORY, GIT_ERROR_CONFIG,
		                       GIT_ERROR_FILESYSTEM };
	const git_error *error = git_error_last();

	for (size_t i = 0; error && i < LENGTH(classes); i++) {
		if (error->klass == classes[i])
			return !fetching->access.decided;
	}
	return false;
}

int serve_fetch(struct helper *helper, struct reader *request,
                struct message *answer)
{
	CLEANUP(release_fetching) struct fetching fetching = { 0 };
	int result;

	if (access_read(&fetching.access, helper, request) < 0)
		return helper_check(helper, request);
	fetching.ref = field_word(request);
	fetching.answer = answer;
	if (helper_check(helper, request) < 0 || cache_lock(helper) < 0)
		return -1;
	result = fetch(&fetching);
	if (result < 0 && helper->cache && is_our_fault(&fetching) &&
	    cache_renew(helper) == 0)
		result = fetch(&fetching);
	cache_unlock(helper);
	return result;
}
