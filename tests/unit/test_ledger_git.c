/* SPDX-License-Identifier: MIT */
/* What only a ledger in git has: documents, commits, somebody else's pushes. */
#include "ledger_book.h"

#include "base/text.h"

static const char ledger_ref[] = "refs/trueup/ledger/prod";

/* ---- the remote, as anybody who may push sees it ---- */

static struct git_id tip_of(struct book *book, const char *ref)
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

static char *document_at(struct book *book, const struct git_id *commit)
{
	struct buffer bytes = { .bytes = NULL };

	assert_int_equal(git_read_file(book->git, commit, "ledger.json",
	                               1 << 20, &bytes, book->diag),
	                 GIT_KIND_FILE);
	return bytes.bytes;
}

static char *document(struct book *book)
{
	const struct git_id tip = tip_of(book, ledger_ref);

	return document_at(book, &tip);
}

static size_t count_commits(struct book *book)
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

static char *last_message(struct book *book)
{
	const struct git_id tip = tip_of(book, ledger_ref);
	struct git_history history = { .count = 0 };
	char *message;

	assert_int_equal(git_log(book->git, &tip, 1, &history, book->diag), 0);
	message = xstrdup(history.items[0].message);
	git_history_release(&history);
	return message;
}

static void push_with(struct book *book, const char *text,
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
static void push_document(struct book *book, const char *text)
{
	const struct git_id tip = tip_of(book, ledger_ref);

	push_with(book, text, &tip, 1);
}

/* The first `from` becomes `to`. */
static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (!at)
		fail_msg("no `%s` in %s", from, text);
	return xasprintf("%.*s%s%s", (int)(at - text), text, to,
	                 at + strlen(from));
}

/* What somebody without the key makes of the ledger, as well as they can: the
 * document names the commit that it follows. */
static void tamper(struct book *book, const char *from, const char *to)
{
	const struct git_id tip = tip_of(book, ledger_ref);
	CLEANUP(textp) char *text = document(book);
	CLEANUP(textp) char *changed = replaced(text, from, to);
	const char *parent = strstr(changed, "\"parent\": \"");

	assert_non_null(parent);
	memcpy((char *)(uintptr_t)parent + strlen("\"parent\": \""), tip.hex,
	       40);
	push_document(book, changed);
}

/* Another repository that knows the remote, and saw nothing of it. */
struct clone {
	struct git *git, *before;
	struct ledger_git in_git;
};

static void clone_open(struct book *book, struct clone *clone)
{
	clone->before = book->git;
	clone->git = book_repository(book, "fresh.git");
	clone->in_git = book->in_git;
	clone->in_git.git = clone->git;
	book->settings.git = &clone->in_git;
}

static void clone_close(struct book *book, struct clone *clone)
{
	book->settings.git = &book->in_git;
	git_free(clone->git);
}

static void move_ref(const struct book *book, const char *ref,
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

/* ---- documents ---- */

static void a_document_is_sorted_and_has_a_field_a_line(void **state)
{
	static const char row[] = "  \"rows\": {\n"
				  "    \"key-1\": {\n"
				  "      \"id\": \"id-1\",\n";
	static const char sent[] = "      \"sent\": {\n"
				   "        \"client.id\": \"id-1\",\n"
				   "        \"connector\": \"slack\",\n"
				   "        \"scopes\": [\n"
				   "          \"chat:write\",\n"
				   "          \"users:read\"\n"
				   "        ]\n";
	struct book *book = *state;

	book_make(book, 1);

	CLEANUP(textp) char *text = document(book);

	assert_non_null(strstr(text, "{\n  \"format_version\": 2,\n"));
	assert_non_null(strstr(text, row));
	assert_non_null(strstr(text, sent));
	assert_null(strstr(text, "\"seen\""));
	assert_non_null(strstr(text, "  \"intents\": [],\n"));
}

static void a_secret_is_in_it_as_its_fingerprint_only(void **state)
{
	static const char canary[] = "CANARY-5f1d0a77b2c94e60";
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(secret_freep)
	struct secret *secret = secret_new(canary, strlen(canary));
	struct state *row = book_row(1);
	struct secret_record record = {
		.name = "client.secret",
		.known = true,
		.fingerprinted = true,
		.key_id = fingerprint_key_id(book->key),
	};
	char digits[2 * FINGERPRINT_BYTES + 1];

	assert_true(secret_fingerprint(book->key, "uuid", "client.secret",
	                               secret, record.fingerprint));
	state_record(row, &record);
	book_put(ledger, row);
	book_commit(book, ledger);
	text_hex(digits, record.fingerprint, FINGERPRINT_BYTES);

	CLEANUP(textp) char *text = document(book);

	assert_non_null(strstr(text, digits));
	assert_null(strstr(text, "CANARY"));
}

static void a_name_that_is_no_utf8_is_not_written(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	struct state *row = book_row(1);

	state_field(row, "extra.\xff", state_value_text(row, "x"), PLACE_NONE);
	book_put(ledger, row);

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_UNREADABLE);
}

static void the_export_is_the_last_document(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	size_t length = 0;

	book_make(book, 3);
	ledger = book_open(book, 0);

	CLEANUP(textp) char *text = document(book);
	CLEANUP(textp)
	char *exported = ledger_export(ledger, &length, book->diag);

	assert_non_null(exported);
	assert_int_equal(length, strlen(text));
	assert_memory_equal(exported, text, length);
}

static const struct {
	const char *from, *to;
	unsigned code;
} forgeries[] = {
	{ "\"id\": \"id-1\"", "\"id\": \"victim\"", CODE_LEDGER_MAC },
	{ "\"users:read\"", "\"users:write\"", CODE_LEDGER_MAC },
	{ "\"key-2\": {", "\"key-3\": {", CODE_LEDGER_MAC },
	{ "\"serial\": 1", "\"serial\": 9", CODE_LEDGER_MAC },
	{ "\"runs\": []", "\"runs\": [{\"number\": 1, \"began_ms\": 1}]",
	  CODE_LEDGER_MAC },
	{ "\"intents\": []",
	  "\"intents\": [{\"number\": 1, \"run\": 1, \"kind\": \"create\","
	  " \"intended_ms\": 1, \"outcome\": \"open\"}]",
	  CODE_LEDGER_MAC },
	{ "\"environment\": \"prod\"", "\"environment\": \"dev\"",
	  CODE_LEDGER_FOREIGN },
	{ "\"origin\": \"https://api.example.com\"",
	  "\"origin\": \"https://evil.example.com\"", CODE_LEDGER_FOREIGN },
	{ "\"sent\": {", "\"protect\": true, \"sent\": {", CODE_LEDGER_MAC },
	{ "\"row_uuid\": \"0", "\"row_uuid\": \"1", CODE_LEDGER_MAC },
};

static void a_forged_document_is_refused(void **state)
{
	struct book *book = *state;

	for (size_t i = 0; i < LENGTH(forgeries); i++) {
		void *fresh = NULL;

		assert_int_equal(book_set_up_git(&fresh), 0);
		book = fresh;
		book_make(book, 2);
		tamper(book, forgeries[i].from, forgeries[i].to);
		book_expect_refused(book, 0, forgeries[i].code);
		book_expect_refused(book, LEDGER_WRITE, forgeries[i].code);
		book_tear_down(&fresh);
	}
}

static const struct {
	const char *text;
	unsigned code;
} strange[] = {
	{ "", CODE_LEDGER_UNREADABLE },
	{ "not JSON", CODE_LEDGER_UNREADABLE },
	{ "[]", CODE_LEDGER_UNREADABLE },
	{ "{}", CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1}", CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 3}", CODE_LEDGER_FORMAT },
	{ "{\"format_version\": 1, \"format_version\": 1}",
	  CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1, \"moved_to\": \"file\"}",
	  CODE_LEDGER_MOVED },
	{ "{\"format_version\": 1, \"rows\": \"\\u0000\"}",
	  CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1, \"header\": {\"platform\": \"alloy-assumed\""
	  ", \"origin\": \"https://api.example.com\", \"environment\": \"prod\""
	  ", \"lineage\": \"00112233445566778899aabbccddeeff\", \"serial\": 1,"
	  " \"parent\": \"\"}, \"history\": {\"runs\": [], \"steps\": []},"
	  " \"intents\": [], \"rows\": {\"a\": {\"row_uuid\":"
	  " \"00000000000000000000000000000001\", \"sent\": {\"extra.x\":"
	  " {\"json\": \"{\"}}}}}",
	  CODE_LEDGER_UNREADABLE },
	{ "{\"format_version\": 1, \"header\": {\"platform\": \"alloy-assumed\""
	  ", \"origin\": \"https://api.example.com\", \"environment\": \"prod\""
	  ", \"lineage\": \"00112233445566778899aabbccddeeff\", \"serial\": 1,"
	  " \"parent\": \"\"}, \"history\": {\"runs\": [], \"steps\": []},"
	  " \"intents\": [], \"rows\": {\"a\": {\"row_uuid\":"
	  " \"00000000000000000000000000000001\", \"sent\": {}}, \"b\":"
	  " {\"row_uuid\": \"00000000000000000000000000000001\", \"sent\":"
	  " {}}}}",
	  CODE_LEDGER_UNREADABLE },
};

static void a_strange_document_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	for (size_t i = 0; i < LENGTH(strange); i++) {
		push_document(book, strange[i].text);
		book_expect_refused(book, 0, strange[i].code);
	}
}

/* ---- commits ---- */

static void an_older_document_as_a_new_commit_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);

	CLEANUP(textp) char *old = document(book);

	book_make(book, 2);
	push_document(book, old);

	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void a_merge_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);

	const struct git_id first = tip_of(book, ledger_ref);
	CLEANUP(textp) char *text = document(book);

	book_make(book, 2);

	const struct git_id parents[] = { tip_of(book, ledger_ref), first };

	push_with(book, text, parents, LENGTH(parents));
	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void a_ref_put_back_is_refused_by_who_saw_more(void **state)
{
	struct book *book = *state;

	book_make(book, 1);

	const struct git_id first = tip_of(book, ledger_ref);

	book_make(book, 2);
	move_ref(book, ledger_ref, &first);

	book_expect_refused(book, 0, CODE_LEDGER_MAC);
}

static void a_ref_put_back_is_refused_by_a_fresh_clone_s_lock(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct clone clone;

	book_make(book, 1);

	const struct git_id first = tip_of(book, ledger_ref);

	book_make(book, 2);
	move_ref(book, ledger_ref, &first);
	clone_open(book, &clone);
	ledger = book_open(book, LEDGER_WRITE);

	assert_int_equal(book_take(book, ledger), -1);
	book_expect_error(book, CODE_LEDGER_MAC);
	ledger_close(TAKE(ledger));
	clone_close(book, &clone);
}

static void a_ref_that_is_gone_is_not_one_never_made(void **state)
{
	struct book *book = *state;
	struct ledger *ledger = NULL;

	assert_int_equal(book_try(book, 0, &ledger), LEDGER_NEVER_MADE);
	book_make(book, 1);
	move_ref(book, ledger_ref, NULL);

	book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE,
	                    CODE_LEDGER_UNREADABLE);
}

static void a_server_that_is_away_is_not_an_empty_ledger(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *here = path_join(book->folder, "remote.git");
	CLEANUP(textp) char *away = path_join(book->folder, "away.git");

	assert_int_equal(rename(here, away), 0);

	book_expect_refused(book, 0, CODE_LEDGER_UNREACHABLE);
	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE,
	                    CODE_LEDGER_UNREACHABLE);
	assert_int_equal(code_find(CODE_LEDGER_UNREACHABLE)->exit, 1);
}

static void verifying_looks_at_every_commit(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct ledger_checked checked = { .rows = 0 };

	book_make(book, 1);
	book_make(book, 2);
	ledger = book_open(book, 0);

	assert_int_equal(ledger_verify(ledger, &checked, book->diag), 0);
	assert_int_equal(checked.commits, 3);
	assert_int_equal(checked.rows, 2);
	assert_int_equal(checked.serial, 2);
}

/* ---- what is pushed when ---- */

static int64_t begin_run(struct ledger *ledger)
{
	const struct run_record record = {
		.command = "apply",
		.revision = "main@sha1:abc",
		.digest = "1:00ff",
		.who = "alice@host",
	};

	return ledger_run_begin(ledger, &record);
}

static struct intent intent_of(int64_t run, const char *key)
{
	return (struct intent){
		.run = run,
		.kind = INTENT_CREATE,
		.key = key,
		.row_uuid = "00000000000000000000000000000001",
	};
}

static int64_t intend(struct ledger *ledger, int64_t run, const char *key)
{
	const struct intent intent = intent_of(run, key);

	return ledger_intend(ledger, &intent);
}

static int64_t intend_covered(struct ledger *ledger, int64_t run,
                              const char *key)
{
	struct intent intent = intent_of(run, key);

	intent.covered = true;
	return ledger_intend(ledger, &intent);
}

static void only_what_others_must_know_is_pushed_at_once(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);
	int64_t number;

	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 1);
	number = intend(ledger, run, "key-1");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	assert_true(ledger_is_published(ledger));
	ledger_settle(ledger, number, OUTCOME_DONE, 201, "");
	book_put(ledger, book_row(1));
	(void)intend_covered(ledger, run, "key-1");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	assert_false(ledger_is_published(ledger));

	book->clock.wall_ms += LEDGER_PUBLISH_MS - 1;
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 2);
	book->clock.wall_ms += 1;
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 3);
	ledger_run_end(ledger, run, "done");
	book_commit(book, ledger);
	assert_int_equal(count_commits(book), 4);
	assert_true(ledger_is_published(ledger));
}

static void what_was_not_pushed_goes_with_the_lock(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	(void)intend(ledger, run, "key-1");
	book_commit(book, ledger);
	book_put(ledger, book_row(1));
	book_commit(book, ledger);
	ledger_unlock(ledger);

	CLEANUP(textp) char *text = document(book);

	assert_non_null(strstr(text, "\"key-1\": {"));
}

static void a_message_says_what_and_by_whom(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);
	int64_t number;

	number = intend(ledger, run, "key-1");
	(void)intend(ledger, run, "key\x1b[31m\nEvil: yes");
	book_commit(book, ledger);

	CLEANUP(textp) char *intended = last_message(book);

	assert_true(str_starts(intended, "apply prod: 2 intended (run 1)\n\n"));
	assert_non_null(strstr(intended, "intended   create          key-1\n"));
	assert_non_null(strstr(intended, "\nBy: alice@host\n"));
	assert_non_null(strstr(intended, "\nFrom: main@sha1:abc\n"));
	assert_null(strstr(intended, "\nEvil"));
	assert_null(strchr(intended, '\x1b'));
	ledger_settle(ledger, number, OUTCOME_REFUSED, 422, "no");
	ledger_run_end(ledger, run, "partly");
	book_commit(book, ledger);

	CLEANUP(textp) char *ended = last_message(book);

	assert_true(str_starts(ended, "apply prod: 1 refused (run 1)\n\n"));
	assert_non_null(
		strstr(ended, "refused    create          key-1: HTTP 422\n"));
	assert_non_null(strstr(ended, "\nResult: partly\n"));
}

static void a_fresh_clone_finds_what_was_intended(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(ledger_closep) struct ledger *next = NULL;
	const int64_t run = begin_run(ledger);
	struct clone clone;
	struct intent *open = NULL;
	size_t count = 0;

	(void)intend(ledger, run, "key-1");
	(void)intend(ledger, run, "key-2");
	book_commit(book, ledger);
	clone_open(book, &clone);
	next = book_open(book, 0);

	assert_int_equal(ledger_open_intents(next, &open, &count, book->diag),
	                 0);
	assert_int_equal(count, 2);
	assert_string_equal(open[1].key, "key-2");
	free(open);
	ledger_close(TAKE(next));
	clone_close(book, &clone);
}

/* ---- others ---- */

static void a_race_before_the_first_write_is_no_error(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	CLEANUP(textp) char *text = document(book);

	push_document(book, text);
	(void)intend(ledger, run, "key-1");

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	assert_true(ledger_is_raced(ledger));
	assert_int_equal(diag_count(book->diag, SEVERITY_ERROR), 0);
	assert_int_equal(diag_at(book->diag, 0)->code, CODE_LEDGER_RACED);
}

static void a_race_after_the_first_write_loses_the_lock(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	const int64_t run = begin_run(ledger);

	(void)intend(ledger, run, "key-1");
	book_commit(book, ledger);

	CLEANUP(textp) char *text = document(book);

	push_document(book, text);
	(void)intend(ledger, run, "key-2");

	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	assert_false(ledger_is_raced(ledger));
	book_expect_error(book, CODE_LOCK_LOST);
}

static void an_expired_lock_that_was_taken_is_lost(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *alice = book_write(book);
	CLEANUP(ledger_closep) struct ledger *bob = NULL;
	const int64_t run = begin_run(alice);

	book->clock.wall_ms += LOCK_GIT_TTL_MS;
	bob = book_open(book, LEDGER_WRITE);
	assert_int_equal(book_take(book, bob), 0);
	(void)intend(alice, run, "key-1");

	assert_int_equal(ledger_commit(alice, book->diag), -1);
	book_expect_error(book, CODE_LOCK_LOST);
	assert_int_equal(count_commits(book), 1);
}

static void a_renewal_that_does_not_get_through_is_tried_again(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(textp) char *here = path_join(book->folder, "remote.git");
	CLEANUP(textp) char *away = path_join(book->folder, "away.git");

	assert_int_equal(rename(here, away), 0);
	book->clock.wall_ms += LOCK_GIT_TTL_MS / 3;
	assert_int_equal(ledger_heartbeat(ledger, book->diag), 0);
	assert_int_equal(diag_length(book->diag), 0);
	book->clock.wall_ms += LOCK_GIT_TTL_MS / 2;
	assert_int_equal(rename(away, here), 0);
	assert_int_equal(ledger_heartbeat(ledger, book->diag), 0);
	assert_int_equal(ledger_lock_state(ledger).expires_ms,
	                 book->clock.wall_ms + LOCK_GIT_TTL_MS);

	assert_int_equal(rename(here, away), 0);
	book->clock.wall_ms += LOCK_GIT_TTL_MS;
	assert_int_equal(ledger_heartbeat(ledger, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_UNREACHABLE);
	assert_int_equal(rename(away, here), 0);
}

/* ---- moving ---- */

struct kept {
	char lineage[33];
	uint64_t serial;
};

static struct kept move_to(struct book *book, const struct ledger_git *from,
                           const struct ledger_git *to)
{
	struct ledger_settings target = book->settings;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct kept kept;

	target.git = to;
	book->settings.git = from;
	ledger = book_open(book, LEDGER_WRITE);
	assert_int_equal(book_take(book, ledger), 0);
	snprintf(kept.lineage, sizeof(kept.lineage), "%s",
	         ledger_lineage(ledger));
	kept.serial = ledger_serial(ledger);
	assert_int_equal(ledger_move(ledger, &target, book->diag), 0);
	book_expect_quiet(book);
	book->settings.git = to;
	return kept;
}

static void expect_moved(struct book *book, const struct kept *kept)
{
	CLEANUP(ledger_closep) struct ledger *ledger = book_open(book, 0);
	CLEANUP(state_freep) struct state *rows = book_applied(book, ledger);

	assert_int_equal(ledger_trust(ledger), LEDGER_SIGNED);
	assert_string_equal(ledger_lineage(ledger), kept->lineage);
	assert_int_equal(ledger_serial(ledger), kept->serial + 1);
	assert_int_equal(state_length(rows), 2);
	assert_string_equal(state_at(rows, 1)->id, "id-2");
}

static void a_ledger_moves_to_git_and_back(void **state)
{
	struct book *book = *state;
	struct kept kept;

	book->settings.git = NULL;
	book_make(book, 2);
	kept = move_to(book, NULL, &book->in_git);
	expect_moved(book, &kept);
	book->settings.git = NULL;
	book_expect_refused(book, 0, CODE_LEDGER_MOVED);

	kept = move_to(book, &book->in_git, NULL);
	expect_moved(book, &kept);
	book->settings.git = &book->in_git;
	book_expect_refused(book, 0, CODE_LEDGER_MOVED);

	kept = move_to(book, NULL, &book->in_git);
	expect_moved(book, &kept);
}

static void a_ledger_does_not_move_onto_another(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	struct ledger_settings target = book->settings;

	book_make(book, 1);
	book->settings.git = NULL;
	book_make(book, 2);
	ledger = book_open(book, LEDGER_WRITE);
	assert_int_equal(book_take(book, ledger), 0);

	assert_int_equal(ledger_move(ledger, &target, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_MOVE);
}

static void a_ledger_with_open_intents_does_not_move(void **state)
{
	struct book *book = *state;
	struct ledger_settings target = book->settings;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book->settings.git = NULL;
	ledger = book_write(book);
	(void)intend(ledger, begin_run(ledger), "key-1");
	book_commit(book, ledger);

	assert_int_equal(ledger_move(ledger, &target, book->diag), -1);
	book_expect_error(book, CODE_LEDGER_MOVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_GIT_TEST(a_document_is_sorted_and_has_a_field_a_line),
		BOOK_GIT_TEST(a_secret_is_in_it_as_its_fingerprint_only),
		BOOK_GIT_TEST(a_name_that_is_no_utf8_is_not_written),
		BOOK_GIT_TEST(the_export_is_the_last_document),
		BOOK_GIT_TEST(a_forged_document_is_refused),
		BOOK_GIT_TEST(a_strange_document_is_refused),
		BOOK_GIT_TEST(an_older_document_as_a_new_commit_is_refused),
		BOOK_GIT_TEST(a_merge_is_refused),
		BOOK_GIT_TEST(a_ref_put_back_is_refused_by_who_saw_more),
		BOOK_GIT_TEST(
			a_ref_put_back_is_refused_by_a_fresh_clone_s_lock),
		BOOK_GIT_TEST(a_ref_that_is_gone_is_not_one_never_made),
		BOOK_GIT_TEST(a_server_that_is_away_is_not_an_empty_ledger),
		BOOK_GIT_TEST(verifying_looks_at_every_commit),
		BOOK_GIT_TEST(only_what_others_must_know_is_pushed_at_once),
		BOOK_GIT_TEST(what_was_not_pushed_goes_with_the_lock),
		BOOK_GIT_TEST(a_message_says_what_and_by_whom),
		BOOK_GIT_TEST(a_fresh_clone_finds_what_was_intended),
		BOOK_GIT_TEST(a_race_before_the_first_write_is_no_error),
		BOOK_GIT_TEST(a_race_after_the_first_write_loses_the_lock),
		BOOK_GIT_TEST(an_expired_lock_that_was_taken_is_lost),
		BOOK_GIT_TEST(
			a_renewal_that_does_not_get_through_is_tried_again),
		BOOK_GIT_TEST(a_ledger_moves_to_git_and_back),
		BOOK_GIT_TEST(a_ledger_does_not_move_onto_another),
		BOOK_GIT_TEST(a_ledger_with_open_intents_does_not_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
