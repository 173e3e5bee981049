/* SPDX-License-Identifier: MIT */
/* Serving: what the parts of the program share. Only these files see libgit2.
 */
#ifndef RECONCILE_GIT_SERVING_H
#define RECONCILE_GIT_SERVING_H

#include "git/message.h"

#include <git2.h>

DEFINE_CLEANUP(git_object)
DEFINE_CLEANUP(git_commit)
DEFINE_CLEANUP(git_tree)
DEFINE_CLEANUP(git_blob)
DEFINE_CLEANUP(git_odb)
DEFINE_CLEANUP(git_odb_object)
DEFINE_CLEANUP(git_reference)
DEFINE_CLEANUP(git_config)
DEFINE_CLEANUP(git_remote)
DEFINE_CLEANUP(git_repository)
DEFINE_CLEANUP(git_signature)

struct helper {
	git_repository *repository;
	char *cache;      /* NULL: not a cache */
	int lock_fd;      /* of the cache */
	uint64_t objects; /* that were read */
	/* Why the request failed, when it did. */
	enum failure failure;
	char *words;
};

/*
 * Serves one verb: reads its fields, writes those of the answer. 0, 1 for
 * "absent", -1 after helper_fail(). A broken reader is found by the caller
 * before anything is written: `answer` is then thrown away.
 */
typedef int serve_fn(struct helper *helper, struct reader *request,
                     struct message *answer);

serve_fn serve_open, serve_cache, serve_resolve, serve_reference, serve_remote,
	serve_read, serve_list, serve_uncommitted, serve_touched, serve_log,
	serve_ancestor, serve_signature, serve_write, serve_push, serve_fetch;

/* Both return -1. The second takes libgit2's words, if it has some. */
int helper_fail(struct helper *helper, enum failure failure, const char *format,
                ...) PRINTF_LIKE(3, 4);
int helper_fail_git(struct helper *helper, enum failure failure, int status,
                    const char *what);
/* -1 when the request was no good. */
int helper_check(struct helper *helper, const struct reader *request);

/* Sets *out; -1 for "" and NULL. */
int id_from(const struct git_id *id, git_oid *out);
void add_oid(struct message *answer, const git_oid *id);

/* ---- objects.c ---- */

/* What a path came to. */
struct found {
	enum git_kind kind;
	git_oid id;
	git_tree *tree; /* of a folder: itself; else what holds it */
};

/* Looks for `path` in `commit`; "." is its top. -1 after helper_fail(). */
int helper_find(struct helper *helper, const struct git_id *commit,
                const char *path, struct found *found);
void found_release(struct found *found);
/* The size of an object, before it is read. -1 after helper_fail(). */
int helper_size(struct helper *helper, const git_oid *id, size_t *size);

/* ---- cache.c ---- */

/* Makes or opens the bare repository; removes what a killed fetch left. */
int cache_open(struct helper *helper);
/* Throws it away and makes it anew. */
int cache_renew(struct helper *helper);
/* Held while something is written to a cache; nothing otherwise. */
int cache_lock(struct helper *helper);
void cache_unlock(struct helper *helper);

/* ---- repository.c ---- */

/* Counts what is read from it from now on. */
void helper_take(struct helper *helper, git_repository *repository);
void helper_release(struct helper *helper);
/* What `object` leads to: the commit, and the tag when it is one. */
int add_revision(struct helper *helper, struct message *answer,
                 git_object *object, const char *name);

/* ---- trust.c ---- */

/* Whom a request talks to, and what it may show him. */
struct access {
	struct helper *helper;
	char *url, *known_hosts, *ssh_key, *ca_file;
	char *user; /* that stood in an https URL; NULL: none did */
	struct buffer token;
	unsigned flags;
	unsigned asked;    /* times the server asked for credentials */
	bool decided;      /* helper->failure says why it failed */
	struct host *host; /* of ssh: its recorded keys; else NULL */
};

int access_read(struct access *access, struct helper *helper,
                struct reader *request);
void access_release(struct access *access);
/* Fills in the callbacks and options of a connection. */
void access_connect(struct access *access, git_remote_callbacks *callbacks);
/* With a token no other host is followed to: before Debian's 1.5.1+ds-1+deb12u2
 * libgit2 does not say that it is another one that asks for it
 * (CVE-2026-53586). */
git_remote_redirect_t access_redirects(const struct access *access);
/*
 * Calls `attempt` until it succeeds, or fails for another reason than that an
 * ssh host has no key of the kind that was asked for: once per recorded kind.
 * Its result.
 */
int access_try(struct access *access,
               int (*attempt)(struct access *access, void *context),
               void *context);
/* Reports what libgit2 says of a failed connection. */
int access_fail(struct access *access, int status);

#endif
