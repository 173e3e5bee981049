/* SPDX-License-Identifier: MIT */
/*
 * Git: commits of a repository, read, written, fetched and pushed by a program
 * of its own, `trueup-git`.
 *
 * git_open() or git_open_cache() -> { git_fetch_ref() git_resolve()
 * git_read_file() git_write_commit() git_push_ref() … }* -> git_free()
 *
 * libgit2 is linked by that program alone. It is spawned by the first call,
 * serves many, and is killed with its whole group when one call takes longer
 * than it may, whatever libgit2, TLS or ssh are doing inside it; the next call
 * spawns a new one. Its environment holds no secret, and it reads no
 * configuration but the repository's own. What it answers is checked like
 * what a stranger sends.
 *
 * Every function reports once and returns -1 (or the FAILED of its enum) when
 * it does not know its answer: CODE_GIT_LATE (the deadline), CODE_GIT_HELPER
 * (the program is gone or talks nonsense), CODE_GIT_REPOSITORY (there is none,
 * or it is damaged). Those that use the network also: CODE_GIT_NETWORK (exit
 * 8), CODE_GIT_AUTH (exit 7), CODE_GIT_CERTIFICATE, CODE_GIT_HOST_KEY,
 * CODE_GIT_ALGORITHM.
 */
#ifndef RECONCILE_GIT_GIT_H
#define RECONCILE_GIT_GIT_H

#include "base/diag.h"
#include "base/file.h"

#include <stdbool.h>
#include <stdint.h>

struct git;

/* A commit, tag, tree or blob: 40 lower-case hex digits. */
enum { GIT_HEX_SIZE = 41 };
struct git_id {
	char hex[GIT_HEX_SIZE];
};

/* Set when it is exactly 40 hex digits (any case; made lower); else -1. */
int git_id_parse(const char *text, struct git_id *out) MUST_CHECK;

enum git_flags {
	GIT_ALLOW_FILE = 1 << 0, /* file: URLs may be fetched and pushed to */
};

/* Zero is "not said". All texts are borrowed until git_free(). */
struct git_settings {
	const char *program; /* NULL: trueup-git, where programs find it */
	/* The environment; only names that git needs are asked for. */
	const char *(*variable)(const char *name, void *context);
	void *context;
	/* True once somebody asked us to stop: a call then ends as if late. */
	bool (*stopping)(void *context);
	void *stopping_context;
	int64_t timeout_ms; /* of one call; 0: 60 s */
	const char *ca_file;
	const char *known_hosts; /* NULL: ~/.ssh/known_hosts */
	const char *ssh_key;     /* a private key; NULL: the agent */
	/* For https: sent as a password when the server asks, over a pipe. */
	const char *token;
	size_t token_length;
	unsigned flags; /* enum git_flags */
};

/*
 * The repository whose work tree holds `folder`, or the bare one at it. Its
 * hooks, filters and fsmonitor never run. NULL after reporting.
 */
struct git *git_open(const char *folder, const struct git_settings *settings,
                     struct diag *diag) MUST_CHECK;

/*
 * The bare repository at `path`, an absolute one; made when there is none, and
 * made anew when it is damaged. It is ours alone: 0700, under a lock of its
 * own that lasts until git_free(), and what a killed fetch left in it is
 * removed. Waits for the lock as long as a call may take (CODE_GIT_LATE). The
 * folders above are made (0700) when missing.
 */
struct git *git_open_cache(const char *path,
                           const struct git_settings *settings,
                           struct diag *diag) MUST_CHECK;
/* Ends the program. */
void git_free(struct git *git);
DEFINE_CLEANUP(git)

/* The absolute path of the work tree, or of the bare repository. Borrowed. */
const char *git_root(const struct git *git);

/* How many objects the repository was asked for since it was opened; counted
 * in the program, anew when that was started anew. */
uint64_t git_objects_read(const struct git *git);

/* ---- names ---- */

enum git_found {
	GIT_FAILED = -1, /* reported */
	GIT_FOUND,
	GIT_ABSENT /* certainly; nothing reported */
};

struct git_revision {
	struct git_id commit; /* what a tag points to, when it is one */
	struct git_id tag;    /* of an annotated tag; else "" */
	char *name;           /* "main", "v1.2"; NULL: none, a bare commit */
};

void git_revision_release(struct git_revision *revision);
/* "main@sha1:HEX"; without a name "sha1:HEX". */
char *git_revision_text(const struct git_revision *revision) MUST_CHECK;

/* What `rev` names in the repository as it is here: "HEAD", "main",
 * "origin/main", "v1.2~3", a commit. Control characters, `..` and `@{` are
 * absent. */
enum git_found git_resolve(struct git *git, const char *rev,
                           struct git_revision *out, struct diag *diag)
	MUST_CHECK;

/* The commit that the ref "refs/heads/main" points to, here. */
enum git_found git_read_ref(struct git *git, const char *ref,
                            struct git_id *out, struct diag *diag) MUST_CHECK;

/* The URL of remote `name`, "origin", for free(). */
enum git_found git_remote_address(struct git *git, const char *name, char **url,
                                  struct diag *diag) MUST_CHECK;

/* ---- reading ---- */

enum git_kind {
	GIT_KIND_FAILED = -1, /* reported */
	GIT_KIND_FILE,
	GIT_KIND_ABSENT,
	GIT_KIND_FOLDER,
	GIT_KIND_LINK,      /* the path is one, or leads through one */
	GIT_KIND_SUBMODULE, /* likewise */
	GIT_KIND_POINTER,   /* a file of git-lfs, whose bytes are elsewhere */
	GIT_KIND_LARGE      /* more than the limit */
};

/*
 * The bytes of the file at `path` ("envs/prod.yaml") in `commit`, straight
 * from the objects: no checkout, no filter, no link followed. Only
 * GIT_KIND_FILE sets *out, for buffer_release(); nothing is reported of the
 * others but GIT_KIND_FAILED.
 */
enum git_kind git_read_file(struct git *git, const struct git_id *commit,
                            const char *path, size_t limit_bytes,
                            struct buffer *out, struct diag *diag) MUST_CHECK;

struct git_entry {
	char *name;         /* without slash; not "." or ".." or ".git" */
	enum git_kind kind; /* FILE, FOLDER, LINK or SUBMODULE */
};

struct git_entries {
	struct git_entry *items;
	size_t count;
};

void git_entries_release(struct git_entries *entries);

/* What lies in folder `path` ("." is the top), in git's order; at most
 * LIMIT_GIT_ENTRIES. Entries whose names cannot be a file's are left out. */
enum git_found git_list_folder(struct git *git, const struct git_id *commit,
                               const char *path, struct git_entries *out,
                               struct diag *diag) MUST_CHECK;

/* True in *out when the file at `path` in the work tree is not what HEAD has:
 * changed, added or removed, staged or not. Ignored files are not. */
int git_uncommitted(struct git *git, const char *path, bool *out,
                    struct diag *diag) MUST_CHECK;

/* A line, and those behind it that are indented deeper, or are items (`- `)
 * at its own indentation. */
struct git_block {
	unsigned line;        /* the first, from 1 */
	struct git_id commit; /* out; "": older */
};

struct git_touched {
	struct git_block *blocks; /* borrowed; at most LIMIT_GIT_BLOCKS */
	size_t count;
	uint64_t looked; /* out */
};

/*
 * Sets the commit that last touched each block of the file at `path`, as seen
 * from `commit`: that changed or added a line of it, or took one out of it.
 * Older is what none of the `looked` commits touched: there are at most
 * LIMIT_GIT_TOUCHED, and fewer in a clone that is cut off. GIT_ABSENT: no such
 * file or line.
 */
enum git_found git_last_touched(struct git *git, const struct git_id *commit,
                                const char *path, struct git_touched *touched,
                                struct diag *diag) MUST_CHECK;

/* ---- history ---- */

struct git_logged {
	struct git_id id, parent; /* the first one; "" for a root */
	size_t parent_count;
	char *author, *email, *message;
	int64_t time_s; /* of the committer */
};

struct git_history {
	struct git_logged *items;
	size_t count;
};

void git_history_release(struct git_history *commits);

/* At most `limit` commits from `tip` back along first parents. */
int git_log(struct git *git, const struct git_id *tip, size_t limit,
            struct git_history *out, struct diag *diag) MUST_CHECK;

/* Whether `old` is `new` or an ancestor of it. An `old` that is not here is
 * none: what a ref points to is always here with its whole history. */
int git_is_ancestor(struct git *git, const struct git_id *old,
                    const struct git_id *new, bool *out, struct diag *diag)
	MUST_CHECK;

struct git_signed {
	struct buffer payload, signature; /* signature empty: unsigned */
};

void git_signed_release(struct git_signed *signature);

/* The signature of a commit or of an annotated tag, and what it is over. */
enum git_found git_read_signature(struct git *git, const struct git_id *object,
                                  struct git_signed *out, struct diag *diag)
	MUST_CHECK;

/* ---- writing ---- */

struct git_file {
	const char *path; /* "ledger.json" */
	const void *bytes;
	size_t length;
};

/* A commit to be made. Its tree is `files` and nothing else. */
struct git_draft {
	const struct git_file *files;
	size_t file_count;
	const struct git_id *parents;
	size_t parent_count;
	const char *message;        /* UTF-8; ends with a newline */
	const char *author, *email; /* also the committer */
	int64_t time_s;
};

/* Writes objects only, no ref: *out is the commit's id. */
int git_write_commit(struct git *git, const struct git_draft *draft,
                     struct git_id *out, struct diag *diag) MUST_CHECK;

enum git_pushed {
	GIT_PUSHED,
	GIT_RACED,       /* the ref was not, or is no longer, at `expected` */
	GIT_LOST,        /* `held` is not at `holds`: nothing was sent */
	GIT_PUSH_FAILED, /* reported; the ref was certainly not moved by us */
	GIT_PUSH_UNKNOWN /* reported; the connection broke, or it was too late:
	                  * fetch and look */
};

/* A ref that is to move: a compare-and-swap. */
struct git_move {
	const char *url; /* NULL: the ref is in this repository itself */
	const char *ref; /* "refs/trueup/ledger/prod" */
	const struct git_id *expected; /* NULL: the ref must not exist */
	const struct git_id *commit;   /* must have `expected` as ancestor */
	/* Only while this ref there, a lock, is where we put it. It is looked
	 * at before anything is sent, and no longer. NULL: whatever it is. */
	const char *held;
	const struct git_id *holds;
};

/*
 * Sends `commit` with all that it needs and moves the ref there if it is at
 * `expected`. A refusal that is no race (a hook, a protected branch) is
 * CODE_GIT_PUSH (exit 8) with the server's words.
 */
enum git_pushed git_push_ref(struct git *git, const struct git_move *move,
                             struct diag *diag) MUST_CHECK;

/* ---- the network ---- */

/*
 * Checks a URL before anything is done with it: https:, ssh: (also
 * `user@host:path`), http: to loopback, and with GIT_ALLOW_FILE file:. No
 * password, no control character, no leading `-`. -1 after reporting
 * CODE_GIT_URL, which never shows user or password.
 */
int git_check_url(const char *url, unsigned flags, struct diag *diag)
	MUST_CHECK;
/* The URL without what stands before the host's `@`, for people. */
char *git_url_shown(const char *url) MUST_CHECK;

/*
 * Fetches what `ref` names at `url`, with its whole history and without tags:
 * a full name "refs/…", "HEAD", a branch, a tag (tried in this order), or a
 * commit (looked for here, then asked for by its id, then in all branches).
 * GIT_ABSENT: the server answered, and has none of that name. out->name is
 * the short name of the branch or tag; of HEAD, of the branch it stands for.
 */
enum git_found git_fetch_ref(struct git *git, const char *url, const char *ref,
                             struct git_revision *out, struct diag *diag)
	MUST_CHECK;

/* ---- the program (linked by trueup-git alone) ---- */

/* Serves requests on `in` until it ends; the process's exit code. */
int git_serve(int in, int out);

#endif
