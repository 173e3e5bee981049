/* SPDX-License-Identifier: MIT */
/*
 * What was seen of a ref is kept as a ref of our own in the repository at
 * hand: a ledger that does not follow from it was put back, and one that is
 * gone is not one that was never made.
 */
#include "ledger/remote.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PUSH_TRIES = 3, PAUSE_MS = 300, NS_PER_MS = 1000000 };

static const char *const files[] = {
	[REMOTE_LEDGER] = "ledger.json",
	[REMOTE_LOCK] = "lock.json",
};

void sheet_release(struct sheet *sheet)
{
	buffer_release(&sheet->bytes);
}

static const char *keep(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

static const char *without_refs(const char *ref)
{
	static const char start[] = "refs/";

	return str_starts(ref, start) ? ref + strlen(start) : ref;
}

struct remote *remote_new(const struct ledger_git *git, struct arena *arena)
{
	struct remote *remote = xcalloc(1, sizeof(*remote));
	const char *const refs[] = {
		[REMOTE_LEDGER] = git->ref,
		[REMOTE_LOCK] = git->lock_ref,
	};

	remote->git = git->git;
	remote->url = keep(arena, git->url);
	remote->name = keep(arena, git->remote);
	for (size_t i = 0; i < REMOTE_REFS; i++) {
		remote->tips[i].ref = keep(arena, refs[i]);
		remote->tips[i].seen =
			xasprintf("refs/trueup/seen/%s", without_refs(refs[i]));
	}
	return remote;
}

void remote_free(struct remote *remote)
{
	if (!remote)
		return;
	for (size_t i = 0; i < REMOTE_REFS; i++)
		free(remote->tips[i].seen);
	free(remote);
}

/* What git said last, as a report of ours: its codes are those of a source. */
static int unreachable(const struct ledger *ledger, const struct diag *talk,
                       struct diag *diag)
{
	const size_t count = diag_length(talk);

	return diag_error(diag, CODE_LEDGER_UNREACHABLE, ledger->settings.place,
	                  "the ledger `%s` cannot be reached: %s", ledger->path,
	                  count ? diag_at(talk, count - 1)->text : "no answer");
}

static int unreadable(const struct ledger *ledger, enum remote_ref which,
                      const char *why, struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "`%s` of the ledger `%s` cannot be read: %s",
	                  ledger->remote->tips[which].ref, ledger->path, why);
}

/* ---- what we saw before ---- */

/* A ref that cannot be written is one that is not remembered. */
static void remember(struct remote *remote, const struct tip *tip,
                     const struct git_id *before)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	const struct git_move move = {
		.ref = tip->seen,
		.expected = *before->hex ? before : NULL,
		.commit = &tip->commit,
	};

	if (strcmp(before->hex, tip->commit.hex) != 0)
		(void)!git_push_ref(remote->git, &move, ignored);
}

static int went_back(const struct ledger *ledger, const struct git_id *before,
                     struct diag *diag)
{
	const struct tip *tip = &ledger->remote->tips[REMOTE_LEDGER];

	return diag_error(diag, CODE_LEDGER_MAC, ledger->settings.place,
	                  "the ledger `%s` was put back: `%s` is at %s, which "
	                  "does not follow %s; put the newer one back, or, if "
	                  "this was meant, `git update-ref -d %s`",
	                  ledger->path, tip->ref, tip->commit.hex, before->hex,
	                  tip->seen);
}

static int gone(const struct ledger *ledger, const struct git_id *before,
                struct diag *diag)
{
	const struct tip *tip = &ledger->remote->tips[REMOTE_LEDGER];

	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "the ledger `%s` is gone: `%s` was at %s; push that "
	                  "back, or, if it is meant to be made anew, `git "
	                  "update-ref -d %s`",
	                  ledger->path, tip->ref, before->hex, tip->seen);
}

/* "" when nothing is remembered. */
static struct git_id seen_before(struct remote *remote, const struct tip *tip)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	struct git_id before = { "" };

	if (git_read_ref(remote->git, tip->seen, &before, ignored) != GIT_FOUND)
		before = (struct git_id){ "" };
	return before;
}

/* Only the ledger's: a lock may be thrown away. */
static int check_follows(struct ledger *ledger, const struct git_id *before,
                         struct diag *diag)
{
	struct remote *remote = ledger->remote;
	const struct tip *tip = &remote->tips[REMOTE_LEDGER];
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	bool follows = false;

	if (!*before->hex)
		return 0;
	if (!*tip->commit.hex)
		return gone(ledger, before, diag);
	if (git_is_ancestor(remote->git, before, &tip->commit, &follows, talk) <
	    0)
		return unreachable(ledger, talk, diag);
	return follows ? 0 : went_back(ledger, before, diag);
}

/* ---- fetching ---- */

/* Sets the tip. -1 after reporting. */
static int look(struct ledger *ledger, enum remote_ref which, struct diag *diag)
{
	struct remote *remote = ledger->remote;
	struct tip *tip = &remote->tips[which];
	struct git_revision revision = { .name = NULL };
	CLEANUP(diag_freep) struct diag *talk = diag_new();

	switch (git_fetch_ref(remote->git, remote->url, tip->ref, &revision,
	                      talk)) {
	case GIT_FAILED:
		return unreachable(ledger, talk, diag);
	case GIT_ABSENT:
		tip->commit = (struct git_id){ "" };
		return 0;
	case GIT_FOUND:
		break;
	}
	tip->commit = revision.commit;
	git_revision_release(&revision);
	return 0;
}

int remote_read(struct ledger *ledger, enum remote_ref which,
                const struct git_id *commit, struct buffer *out,
                struct diag *diag)
{
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	const enum git_kind kind =
		git_read_file(ledger->remote->git, commit, files[which],
	                      LIMIT_LEDGER_BYTES, out, talk);

	if (kind == GIT_KIND_FAILED)
		return unreachable(ledger, talk, diag);
	if (kind == GIT_KIND_LARGE)
		return unreadable(ledger, which, "it is too large", diag);
	if (kind != GIT_KIND_FILE)
		return unreadable(ledger, which,
		                  "there is no such document in its last "
		                  "commit; put back one that trueup wrote",
		                  diag);
	return 0;
}

static int read_parent(struct ledger *ledger, const struct tip *tip,
                       struct sheet *out, struct diag *diag)
{
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	struct git_history commits = { .count = 0 };

	if (git_log(ledger->remote->git, &tip->commit, 1, &commits, talk) < 0)
		return unreachable(ledger, talk, diag);
	if (commits.count) {
		out->parent = commits.items[0].parent;
		out->parent_count = commits.items[0].parent_count;
	}
	git_history_release(&commits);
	return 0;
}

enum ledger_found remote_fetch(struct ledger *ledger, enum remote_ref which,
                               struct sheet *out, struct diag *diag)
{
	struct remote *remote = ledger->remote;
	struct tip *tip = &remote->tips[which];
	const struct git_id before = seen_before(remote, tip);

	if (look(ledger, which, diag) < 0)
		return LEDGER_FAILED;
	if (which == REMOTE_LEDGER && check_follows(ledger, &before, diag) < 0)
		return LEDGER_FAILED;
	if (!*tip->commit.hex)
		return LEDGER_NEVER_MADE;
	if (remote_read(ledger, which, &tip->commit, &out->bytes, diag) < 0)
		return LEDGER_FAILED;
	if (read_parent(ledger, tip, out, diag) < 0) {
		buffer_release(&out->bytes);
		return LEDGER_FAILED;
	}
	remember(remote, tip, &before);
	return LEDGER_FOUND;
}

/* ---- pushing ---- */

static int write_commit(struct ledger *ledger, enum remote_ref which,
                        const struct buffer *document, const char *message,
                        struct git_id *out, struct diag *diag)
{
	const struct clock *clock = ledger->settings.clock;
	const struct tip *tip = &ledger->remote->tips[which];
	const struct git_file file = {
		.path = files[which],
		.bytes = document->bytes,
		.length = document->length,
	};
	const struct git_draft draft = {
		.files = &file,
		.file_count = 1,
		.parents = &tip->commit,
		.parent_count = *tip->commit.hex ? 1 : 0,
		.message = message,
		.author = ledger->who ? ledger->who : "trueup",
		.email = "trueup@localhost",
		.time_s = clock->wall_ms(clock) / 1000,
	};
	CLEANUP(diag_freep) struct diag *talk = diag_new();

	if (git_write_commit(ledger->remote->git, &draft, out, talk) < 0)
		return unreachable(ledger, talk, diag);
	return 0;
}

static void pause_before(unsigned try)
{
	const int64_t duration_ms = (int64_t)PAUSE_MS << try;
	const struct timespec duration = {
		.tv_sec = duration_ms / 1000,
		.tv_nsec = duration_ms % 1000 * NS_PER_MS,
	};

	(void)nanosleep(&duration, NULL);
}

/* Where the ref is now says what became of a push that did not say it. */
static enum pushed find_out(struct ledger *ledger, enum remote_ref which,
                            const struct git_id *commit, struct diag *talk)
{
	struct tip *tip = &ledger->remote->tips[which];
	const struct git_id expected = tip->commit;
	struct git_id found;

	if (look(ledger, which, talk) < 0)
		return PUSHED_FAILED;
	found = tip->commit;
	tip->commit = expected;
	if (strcmp(found.hex, commit->hex) == 0)
		return PUSHED;
	return strcmp(found.hex, expected.hex) == 0 ? PUSHED_FAILED
	                                            : PUSHED_RACED;
}

/* Whether the next try may end otherwise: whoever shows a password that is
 * refused again and again is locked out in the end. */
static bool may_pass(const struct diag *talk)
{
	static const unsigned codes[] = { CODE_GIT_NETWORK, CODE_GIT_LATE,
		                          CODE_GIT_HELPER,
		                          CODE_LEDGER_UNREACHABLE };
	const size_t count = diag_length(talk);

	for (size_t i = 0; count && i < LENGTH(codes); i++) {
		if (diag_at(talk, count - 1)->code == codes[i])
			return true;
	}
	return !count;
}

static enum pushed try_push(struct ledger *ledger, enum remote_ref which,
                            const struct git_id *commit, struct diag *talk)
{
	const struct remote *remote = ledger->remote;
	const struct tip *tip = &remote->tips[which];
	const struct tip *lock = &remote->tips[REMOTE_LOCK];
	const bool guarded = which == REMOTE_LEDGER && remote->holder;
	const struct git_move move = {
		.url = remote->url,
		.ref = tip->ref,
		.expected = *tip->commit.hex ? &tip->commit : NULL,
		.commit = commit,
		.held = guarded ? lock->ref : NULL,
		.holds = guarded ? &lock->commit : NULL,
	};

	switch (git_push_ref(remote->git, &move, talk)) {
	case GIT_PUSHED:
		return PUSHED;
	case GIT_LOST:
		return PUSHED_LOST;
	case GIT_RACED:
	case GIT_PUSH_UNKNOWN:
		return find_out(ledger, which, commit, talk);
	case GIT_PUSH_FAILED:
		break;
	}
	return PUSHED_FAILED;
}

enum pushed remote_push(struct ledger *ledger, enum remote_ref which,
                        const struct buffer *document, const char *message,
                        struct diag *diag)
{
	struct tip *tip = &ledger->remote->tips[which];
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	enum pushed pushed = PUSHED_FAILED;
	struct git_id commit, before = tip->commit;

	if (write_commit(ledger, which, document, message, &commit, diag) < 0)
		return PUSHED_FAILED;
	for (unsigned i = 0; i < PUSH_TRIES && pushed == PUSHED_FAILED; i++) {
		if (i && !may_pass(talk))
			break;
		if (i)
			pause_before(i);
		pushed = try_push(ledger, which, &commit, talk);
	}
	if (pushed == PUSHED_FAILED)
		unreachable(ledger, talk, diag);
	if (pushed != PUSHED)
		return pushed;
	tip->commit = commit;
	remember(ledger->remote, tip, &before);
	return PUSHED;
}
