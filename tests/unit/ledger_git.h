/* SPDX-License-Identifier: MIT */
/* Ledger in git: the remote, as anybody who may push sees it. */
#ifndef TESTS_UNIT_LEDGER_GIT_H
#define TESTS_UNIT_LEDGER_GIT_H

#include "base/text.h"
#include "ledger_book.h"

static const char ledger_ref[] = "refs/trueup/ledger/prod";

static inline struct git_id tip_of(struct book *book, const char *ref)
{
	struct git_revision revision = { .name = NULL };
	struct git_id commit;

	assert_int_equal(
		git_fetch_ref(book->git, book->url, ref, &revision, book->diag),
		GIT_FOUND);
	commit = revision.commit;
	git_revision_release(&revision);
	return commit;
}

static inline char *document_at(struct book *book, const struct git_id *commit)
{
	struct buffer bytes = { .bytes = NULL };

	assert_int_equal(git_read_file(book->git, commit, "ledger.json",
	                               1 << 20, &bytes, book->diag),
	                 GIT_KIND_FILE);
	return bytes.bytes;
}

static inline char *document(struct book *book)
{
	const struct git_id tip = tip_of(book, ledger_ref);

	return document_at(book, &tip);
}

static inline size_t count_commits(struct book *book)
{
	const struct git_id tip = tip_of(book, ledger_ref);
	struct git_history history = { .count = 0 };
	size_t count;

	assert_int_equal(git_log(book->git, &tip, 1000, &history, book->diag),
	                 0);
	count = history.count;
	git_history_release(&history);
	return count;
}

static inline char *last_message(struct book *book)
{
	const struct git_id tip = tip_of(book, ledger_ref);
	struct git_history history = { .count = 0 };
	char *message;

	assert_int_equal(git_log(book->git, &tip, 1, &history, book->diag), 0);
	message = xstrdup(history.items[0].message);
	git_history_release(&history);
	return message;
}

static inline void push_with(struct book *book, const char *text,
                             const struct git_id *parents, size_t parent_count)
{
	const struct git_id tip = tip_of(book, ledger_ref);
	const struct git_file file = { "ledger.json", text, strlen(text) };
	const struct git_draft draft = {
		.files = &file,
		.file_count = 1,
		.parents = parents,
		.parent_count = parent_count,
		.message = "mine\n",
		.author = "Mallory",
		.email = "m@example.org",
		.time_s = 1,
	};
	struct git_id commit;
	const struct git_move move = {
		.url = book->url,
		.ref = ledger_ref,
		.expected = &tip,
		.commit = &commit,
	};

	assert_int_equal(
		git_write_commit(book->git, &draft, &commit, book->diag), 0);
	assert_int_equal(git_push_ref(book->git, &move, book->diag),
	                 GIT_PUSHED);
	book_expect_quiet(book);
}

/* As the next commit. */
static inline void push_document(struct book *book, const char *text)
{
	const struct git_id tip = tip_of(book, ledger_ref);

	push_with(book, text, &tip, 1);
}

/* The first `from` becomes `to`. */
static inline char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (!at)
		fail_msg("no `%s` in %s", from, text);
	return xasprintf("%.*s%s%s", (int)(at - text), text, to,
	                 at + strlen(from));
}

/* What somebody without the key makes of a ledger's document, as well as they
 * can: it names the commit that it follows. */
static inline void push_changed(struct book *book, const char *text,
                                const char *from, const char *to)
{
	const struct git_id tip = tip_of(book, ledger_ref);
	CLEANUP(textp) char *changed = replaced(text, from, to);
	const char *parent = strstr(changed, "\"parent\": \"");

	assert_non_null(parent);
	memcpy((char *)(uintptr_t)parent + strlen("\"parent\": \""), tip.hex,
	       40);
	push_document(book, changed);
}

static inline void tamper(struct book *book, const char *from, const char *to)
{
	CLEANUP(textp) char *text = document(book);

	push_changed(book, text, from, to);
}

/* Another repository that knows the remote, and saw nothing of it. */
struct clone {
	struct git *git, *before;
	struct ledger_git in_git;
};

static inline void clone_open(struct book *book, struct clone *clone)
{
	clone->before = book->git;
	clone->git = book_repository(book, "fresh.git");
	clone->in_git = book->in_git;
	clone->in_git.git = clone->git;
	book->settings.git = &clone->in_git;
}

static inline void clone_close(struct book *book, struct clone *clone)
{
	book->settings.git = &book->in_git;
	git_free(clone->git);
}

static inline void move_ref(const struct book *book, const char *ref,
                            const struct git_id *commit)
{
	CLEANUP(textp)
	char *path = xasprintf("%s/remote.git/%s", book->folder, ref);

	assert_int_equal(unlink(path), 0);
	if (!commit)
		return;
	assert_int_equal(file_write(path, 0600, commit->hex, 40, book->diag),
	                 0);
}

#endif
