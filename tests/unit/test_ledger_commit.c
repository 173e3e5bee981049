/* SPDX-License-Identifier: MIT */
/* What a commit makes durable, and what no commit may leave behind. */
#include "ledger_book.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>

static void what_was_not_committed_is_not_there(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;

	book_make(book, 2);
	ledger = book_write(book);
	book_put(ledger, book_row(3));
	ledger_remove(ledger, "00000000000000000000000000000001");
	ledger_close(ledger);
	ledger = book_open(book, 0);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), 2);
	assert_non_null(state_find(applied, "key-1"));
	assert_int_equal(ledger_serial(ledger), 1);
}

static void a_commit_raises_the_serial_and_keeps_the_lineage(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(textp) char *lineage = xstrdup(ledger_lineage(ledger));

	assert_int_equal(strlen(lineage), 32);
	assert_int_equal(ledger_serial(ledger), 0);
	book_put(ledger, book_row(1));
	book_commit(book, ledger);
	assert_int_equal(ledger_serial(ledger), 1);
	book_put(ledger, book_row(2));
	book_put(ledger, book_row(3));
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);

	assert_int_equal(ledger_serial(ledger), 2);
	assert_string_equal(ledger_lineage(ledger), lineage);
}

static void nothing_pending_is_no_write(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);

	book_commit(book, ledger);
	book_commit(book, ledger);

	assert_int_equal(ledger_serial(ledger), 0);
}

static void a_reader_sees_whole_commits_of_a_writer(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *writer = NULL;
	CLEANUP(ledger_closep) struct ledger *reader = NULL;
	CLEANUP(state_freep) struct state *before = NULL;
	CLEANUP(state_freep) struct state *after = NULL;

	book_make(book, 1);
	writer = book_write(book);
	book_put(writer, book_row(2));
	reader = book_open(book, 0);
	before = book_applied(book, reader);
	book_commit(book, writer);
	after = book_applied(book, reader);

	assert_int_equal(state_length(before), 1);
	assert_int_equal(state_length(after), 2);
	assert_int_equal(ledger_serial(reader), 2);
}

/* A disk that is full: the file may not grow. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static struct state *large_row(unsigned number)
{
	struct state *row = book_row(number);
	CLEANUP(textp) char *large = xmalloc(400001);

	memset(large, 'x', 400000);
	large[400000] = '\0';
	state_field(row, "extra.large", state_value_text(row, large),
	            PLACE_NONE);
	return row;
}

static void a_full_disk_fails_the_commit_and_keeps_the_old(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;
	int status;

	book_make(book, 2);
	ledger = book_write(book);
	(void)signal(SIGXFSZ, SIG_IGN);
	limit_files(200000);
	book_put(ledger, large_row(3));
	book_put(ledger, large_row(4));
	status = ledger_commit(ledger, book->diag);
	limit_files(RLIM_INFINITY);

	assert_int_equal(status, -1);
	book_expect_error(book, CODE_DATABASE);
	book_put(ledger, book_row(5)); /* a no-op now */
	assert_int_equal(ledger_commit(ledger, book->diag), -1);
	ledger_close(ledger);
	ledger = book_open(book, 0);
	applied = book_applied(book, ledger);
	assert_int_equal(state_length(applied), 2);
	assert_int_equal(ledger_serial(ledger), 1);
}

/* ---- secrets ---- */

static size_t count_in_file(const char *folder, const char *name,
                            const void *wanted, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *path = path_join(folder, name);
	CLEANUP(buffer_release) struct buffer bytes = { 0 };
	size_t count = 0;
	const char *at;

	if (file_read(path, 1 << 24, &bytes, diag) < 0)
		return 0;
	at = bytes.bytes;
	while ((at = memmem(at, bytes.length - (size_t)(at - bytes.bytes),
	                    wanted, length)) != NULL) {
		count++;
		at++;
	}
	return count;
}

/* In all files of the ledger's folder. */
static size_t count_left(const struct book *book, const void *wanted,
                         size_t length)
{
	CLEANUP(textp) char *folder = path_folder(book->path);
	DIR *open = opendir(folder);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(open);
	while ((entry = readdir(open)) != NULL)
		count += count_in_file(folder, entry->d_name, wanted, length);
	(void)closedir(open);
	return count;
}

static void of_a_secret_only_its_fingerprint_is_left(void **state)
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
		.source = "env:SLACK_SECRET",
	};
	const char *const names[] = { "client.secret" };
	const struct intent intent = {
		.kind = INTENT_CREATE,
		.key = "key-1",
		.row_uuid = "00000000000000000000000000000001",
		.secrets = names,
		.secret_count = 1,
	};

	assert_true(secret_fingerprint(book->key, "uuid", "client.secret",
	                               secret, record.fingerprint));
	state_record(row, &record);
	ledger_settle(ledger, ledger_intend(ledger, &intent), OUTCOME_DONE, 201,
	              "");
	book_put(ledger, row);
	book_commit(book, ledger);

	assert_int_equal(count_left(book, canary, strlen(canary)), 0);
	assert_int_equal(count_left(book, canary, 12), 0);
	assert_true(count_left(book, record.fingerprint,
	                       sizeof(record.fingerprint)) > 0);
}

static void new_uuids_are_hexadecimal_and_differ(void **state)
{
	char a[33], b[33];

	(void)state;
	ledger_new_uuid(a);
	ledger_new_uuid(b);

	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	assert_int_equal(strlen(a), 32);
	assert_string_not_equal(a, b);
}

/* 0x…ff is followed by 0x(…+1)00: their order is that of the rows. */
static void uuids_of_one_call_follow_one_another(void **state)
{
	enum { COUNT = 300 };
	char(*uuids)[33] = xcalloc(COUNT, sizeof(*uuids));
	size_t carried = 0, rising = 0;

	(void)state;
	ledger_new_uuids(uuids, COUNT);
	for (size_t i = 1; i < COUNT; i++) {
		rising += strcmp(uuids[i - 1], uuids[i]) < 0;
		carried += strncmp(uuids[i - 1], uuids[i], 30) != 0;
	}
	free(uuids);

	assert_true(rising >= COUNT - 2); /* once they may begin anew */
	assert_true(carried >= 1 && carried <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_TEST(what_was_not_committed_is_not_there),
		BOOK_TEST(a_commit_raises_the_serial_and_keeps_the_lineage),
		BOOK_TEST(nothing_pending_is_no_write),
		BOOK_FILE_TEST(a_reader_sees_whole_commits_of_a_writer),
		BOOK_FILE_TEST(a_full_disk_fails_the_commit_and_keeps_the_old),
		BOOK_FILE_TEST(of_a_secret_only_its_fingerprint_is_left),
		cmocka_unit_test(new_uuids_are_hexadecimal_and_differ),
		cmocka_unit_test(uuids_of_one_call_follow_one_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
