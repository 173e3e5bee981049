/* SPDX-License-Identifier: MIT */
/*
 * Remote: the two refs of a git ledger, each a line of commits with one
 * document in every one of them.
 */
#ifndef RECONCILE_LEDGER_REMOTE_H
#define RECONCILE_LEDGER_REMOTE_H

#include "git/git.h"
#include "ledger/store.h"

enum remote_ref { REMOTE_LEDGER, REMOTE_LOCK, REMOTE_REFS };

struct tip {
	struct git_id commit; /* "": the ref is not there */
	const char *ref;
	char *seen; /* a ref of ours: where we saw it last */
};

struct remote {
	struct git *git; /* borrowed */
	const char *url, *name;
	struct tip tips[REMOTE_REFS];

	/* git.c */
	bool dirty;           /* committed in memory, and not pushed */
	bool wrote;           /* pushed since the lock was taken */
	bool raced;           /* somebody else pushed before we did */
	int64_t published_ms; /* wall clock of the last push */
	int64_t told;         /* the last intent that a message named */

	/* git_lock.c */
	struct holder *holder; /* ourselves, once we have the lock */
	uint64_t serial; /* the lock's last holder left the ledger with it */
};

/* A document, and the commit it is in. */
struct sheet {
	struct git_id parent; /* "" for a root */
	size_t parent_count;
	struct buffer bytes;
};
void sheet_release(struct sheet *sheet);

struct remote *remote_new(const struct ledger_git *git, struct arena *arena)
	MUST_CHECK;
void remote_free(struct remote *remote);

/*
 * The ref's last document; `commit` of its tip is set. NEVER_MADE: the server
 * answered, has no such ref, and we never saw one. FAILED after reporting
 * CODE_LEDGER_UNREACHABLE, CODE_LEDGER_UNREADABLE (no document in it, or the
 * ref is gone) or, of the ledger, CODE_LEDGER_MAC (it does not follow from
 * what we saw before).
 */
enum ledger_found remote_fetch(struct ledger *ledger, enum remote_ref which,
                               struct sheet *out, struct diag *diag) MUST_CHECK;
/* The document in any commit. */
int remote_read(struct ledger *ledger, enum remote_ref which,
                const struct git_id *commit, struct buffer *out,
                struct diag *diag) MUST_CHECK;

enum pushed {
	PUSHED_FAILED = -1,
	PUSHED_RACED,
	PUSHED_LOST, /* the lock's ref is not where we left it */
	PUSHED
};

/*
 * Moves the ref to a new commit with this document, if it is where we saw it
 * and, of the ledger under our lock, the lock is still ours; an answer that is
 * lost is looked up. FAILED after reporting
 * CODE_LEDGER_UNREACHABLE, after some tries.
 */
enum pushed remote_push(struct ledger *ledger, enum remote_ref which,
                        const struct buffer *document, const char *message,
                        struct diag *diag) MUST_CHECK;

/* ---- git_message.c ---- */

/* What a commit of the ledger says: what is intended or done, by key. */
char *git_message(struct ledger *ledger) MUST_CHECK;
/* From here on a message tells of what comes then. */
void git_message_told(struct ledger *ledger);

/* ---- git_lock.c: the lock's document ---- */

int git_lock_read(struct ledger *ledger, struct holder *out, struct diag *diag)
	MUST_CHECK;
enum attempt git_lock_take(struct ledger *ledger,
                           const struct lock_owner *owner,
                           struct holder *holder, struct diag *diag) MUST_CHECK;
int git_lock_renew(struct ledger *ledger, struct diag *diag) MUST_CHECK;
/* Where the lock's ref is not where we left it: true when it is ours all the
 * same, as after a renewal whose answer was lost. We go on from there then. */
bool git_lock_is_found(struct ledger *ledger) MUST_CHECK;
void git_lock_give_back(struct ledger *ledger, const char *token);

/* ---- git_move.c ---- */

int git_check(struct ledger *ledger, struct ledger_checked *out,
              struct diag *diag) MUST_CHECK;
char *git_export(struct ledger *ledger, size_t *length, struct diag *diag)
	MUST_CHECK;
int git_check_vacant(struct ledger *ledger,
                     const struct ledger_settings *settings, struct diag *diag)
	MUST_CHECK;
int git_settle(struct ledger *ledger, const struct ledger_settings *settings,
               struct ledger *from, struct diag *diag) MUST_CHECK;
int git_retire(struct ledger *ledger, const char *to, struct diag *diag)
	MUST_CHECK;

/* ---- git.c ---- */

/* The database of a document, verified, instead of the one there was, which
 * stays when the document is none. */
int git_read_sheet(struct ledger *ledger, const struct sheet *sheet,
                   struct diag *diag) MUST_CHECK;

/* Pushes what was committed in memory. -1 after reporting. */
int git_publish(struct ledger *ledger, struct diag *diag) MUST_CHECK;

#endif
