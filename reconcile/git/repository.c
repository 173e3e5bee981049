/* SPDX-License-Identifier: MIT */
/* Opening a repository, and what its names stand for. */
#include "git/serving.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>

/* ---- how much is read ---- */

/* Is asked first, counts, and never has anything. */
struct counter {
	git_odb_backend backend; /* first: libgit2 hands this pointer back */
	uint64_t *count;
};

static int count_read(void **bytes, size_t *length, git_object_t *type,
                      git_odb_backend *backend, const git_oid *id)
{
	struct counter *counter = (struct counter *)(void *)backend;

	(void)bytes;
	(void)length;
	(void)type;
	(void)id;
	++*counter->count;
	return GIT_ENOTFOUND;
}

static int count_nothing(size_t *length, git_object_t *type,
                         git_odb_backend *backend, const git_oid *id)
{
	(void)length;
	(void)type;
	(void)backend;
	(void)id;
	return GIT_ENOTFOUND;
}

static void free_counter(git_odb_backend *backend)
{
	free(backend);
}

static void count_reads(struct helper *helper)
{
	CLEANUP(git_odb_freep) git_odb *odb = NULL;
	struct counter *counter = xcalloc(1, sizeof(*counter));

	counter->backend = (git_odb_backend){
		.version = GIT_ODB_BACKEND_VERSION,
		.read = count_read,
		.read_header = count_nothing,
		.free = free_counter,
	};
	counter->count = &helper->objects;
	if (git_repository_odb(&odb, helper->repository) < 0 ||
	    git_odb_add_backend(odb, &counter->backend, 1000) < 0)
		free(counter);
}

void helper_take(struct helper *helper, git_repository *repository)
{
	git_repository_free(helper->repository);
	helper->repository = repository;
	count_reads(helper);
}

void helper_release(struct helper *helper)
{
	git_repository_free(helper->repository);
	fdp(&helper->lock_fd);
	free(helper->cache);
	free(helper->words);
}

/* ---- open ---- */

static int check_version(struct helper *helper, const char *version)
{
	if (str_equal(version, TRUEUP_VERSION))
		return 0;
	return helper_fail(helper, FAILURE_REQUEST,
	                   "this is trueup-git " TRUEUP_VERSION
	                   ", and it is asked by trueup %s: install both anew",
	                   version);
}

struct opening {
	char *version, *folder;
};

static void release_opening(struct opening *opening)
{
	free(opening->version);
	free(opening->folder);
}

static int read_opening(struct helper *helper, struct reader *request,
                        struct opening *opening)
{
	opening->version = field_word(request);
	opening->folder = field_word(request);
	if (helper_check(helper, request) < 0)
		return -1;
	return check_version(helper, opening->version);
}

static void add_root(const struct helper *helper, struct message *answer)
{
	const char *path = git_repository_workdir(helper->repository);
	CLEANUP(textp) char *root = NULL;

	if (!path)
		path = git_repository_path(helper->repository);
	root = xstrdup(path);
	for (size_t i = strlen(root); i > 1 && root[i - 1] == '/'; i--)
		root[i - 1] = '\0';
	message_text(answer, root);
}

int serve_open(struct helper *helper, struct reader *request,
               struct message *answer)
{
	CLEANUP(release_opening) struct opening opening = { 0 };
	git_repository *repository = NULL;
	int status;

	if (read_opening(helper, request, &opening) < 0)
		return -1;
	status = git_repository_open_ext(&repository, opening.folder, 0, NULL);
	if (status == GIT_ENOTFOUND)
		return helper_fail(helper, FAILURE_REPOSITORY,
		                   "neither it nor a folder above it is one");
	if (status < 0)
		return helper_fail_git(helper, FAILURE_REPOSITORY, status,
		                       "it does not open");
	helper_take(helper, repository);
	add_root(helper, answer);
	return 0;
}

int serve_cache(struct helper *helper, struct reader *request,
                struct message *answer)
{
	CLEANUP(release_opening) struct opening opening = { 0 };

	if (read_opening(helper, request, &opening) < 0)
		return -1;
	helper->cache = TAKE(opening.folder);
	if (cache_open(helper) < 0)
		return -1;
	add_root(helper, answer);
	return 0;
}

/* ---- names ---- */

/* A revision that reads no reflog, searches no message and names no file. */
static bool is_plain(const char *rev)
{
	for (const char *c = rev; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == ':')
			return false;
	}
	return *rev && *rev != '-' && !strstr(rev, "..") &&
	       !strstr(rev, "@{") && !strstr(rev, "^{/");
}

int add_revision(struct helper *helper, struct message *answer,
                 git_object *object, const char *name)
{
	CLEANUP(git_object_freep) git_object *commit = NULL;
	const int status = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);

	if (status == GIT_EPEEL || status == GIT_EINVALIDSPEC)
		return 1;
	if (status < 0)
		return helper_fail_git(helper, FAILURE_REPOSITORY, status,
		                       "a commit is missing or damaged");
	add_oid(answer, git_object_id(commit));
	if (git_object_type(object) == GIT_OBJECT_TAG)
		add_oid(answer, git_object_id(object));
	else
		message_text(answer, NULL);
	message_text(answer, name);
	return 0;
}

/* The branch or tag that `reference` comes to; NULL for a detached HEAD. */
static char *short_name(const git_reference *reference)
{
	CLEANUP(git_reference_freep) git_reference *resolved = NULL;
	const char *name;

	if (!reference || git_reference_resolve(&resolved, reference) < 0)
		return NULL;
	name = git_reference_shorthand(resolved);
	return str_equal(name, "HEAD") ? NULL : xstrdup(name);
}

/* Whether the name that `rev` starts with is one, or the digits of an object.
 * libgit2 1.5 leaks where neither is so. */
static bool starts_somewhere(const struct helper *helper, const char *rev)
{
	const size_t length = strcspn(rev, "^~");
	CLEANUP(textp) char *name = xstrndup(rev, length);
	CLEANUP(git_reference_freep) git_reference *reference = NULL;
	CLEANUP(git_object_freep) git_object *object = NULL;
	git_oid id;

	if (git_reference_dwim(&reference, helper->repository, name) == 0)
		return true;
	return length <= GIT_OID_HEXSZ && length >= GIT_OID_MINPREFIXLEN &&
	       git_oid_fromstrn(&id, name, length) == 0 &&
	       git_object_lookup_prefix(&object, helper->repository, &id,
	                                length, GIT_OBJECT_ANY) == 0;
}

int serve_resolve(struct helper *helper, struct reader *request,
                  struct message *answer)
{
	CLEANUP(textp) char *rev = field_word(request);
	CLEANUP(git_object_freep) git_object *object = NULL;
	CLEANUP(git_reference_freep) git_reference *reference = NULL;
	CLEANUP(textp) char *name = NULL;
	int status;

	if (helper_check(helper, request) < 0)
		return -1;
	if (!is_plain(rev) || !starts_somewhere(helper, rev))
		return 1;
	status = git_revparse_ext(&object, &reference, helper->repository, rev);
	if (status == GIT_ENOTFOUND || status == GIT_EAMBIGUOUS ||
	    status == GIT_EINVALIDSPEC)
		return 1;
	if (status < 0)
		return helper_fail_git(helper, FAILURE_REPOSITORY, status, rev);
	name = short_name(reference);
	return add_revision(helper, answer, object, name);
}

int serve_reference(struct helper *helper, struct reader *request,
                    struct message *answer)
{
	CLEANUP(textp) char *ref = field_word(request);
	git_oid id;
	int status;

	if (helper_check(helper, request) < 0)
		return -1;
	status = git_reference_name_to_id(&id, helper->repository, ref);
	if (status == GIT_ENOTFOUND || status == GIT_EINVALIDSPEC)
		return 1;
	if (status < 0)
		return helper_fail_git(helper, FAILURE_REPOSITORY, status, ref);
	add_oid(answer, &id);
	return 0;
}

/* From the configuration: git_remote_lookup() of libgit2 1.5 leaks. */
int serve_remote(struct helper *helper, struct reader *request,
                 struct message *answer)
{
	CLEANUP(textp) char *name = field_word(request);
	CLEANUP(textp) char *key = xasprintf("remote.%s.url", name);
	CLEANUP(git_config_freep) git_config *config = NULL;
	const char *url = NULL;
	int valid = 0;
	int status;

	if (helper_check(helper, request) < 0)
		return -1;
	if (git_remote_name_is_valid(&valid, name) < 0 || !valid)
		return 1;
	status = git_repository_config_snapshot(&config, helper->repository);
	if (status == 0)
		status = git_config_get_string(&url, config, key);
	if (status == GIT_ENOTFOUND)
		return 1;
	if (status < 0)
		return helper_fail_git(helper, FAILURE_REPOSITORY, status,
		                       name);
	message_text(answer, url);
	return 0;
}
