/* SPDX-License-Identifier: MIT */
/* What stands at a ledger's path: made, absent, or not to be trusted. */
#include "ledger_book.h"

/* ---- made, found, absent ---- */

static void a_ledger_never_made_is_no_error(void **state)
{
	struct book *book = *state;
	struct ledger *ledger = NULL;

	assert_int_equal(book_try(book, 0, &ledger), LEDGER_NEVER_MADE);
	assert_int_equal(book_try(book, LEDGER_WRITE, &ledger),
	                 LEDGER_NEVER_MADE);

	assert_null(ledger);
	assert_int_equal(diag_length(book->diag), 0);
	assert_int_equal(access(book->path, F_OK), -1);
}

static void no_folder_to_stand_in_is_an_error(void **state)
{
	struct book *book = *state;
	CLEANUP(textp)
	char *path = xasprintf("%s/gone/.trueup/prod.db", book->folder);

	book->settings.path = path;

	book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
}

static mode_t mode_of(const struct book *book, const char *name)
{
	CLEANUP(textp) char *path = path_join(book->folder, name);
	struct stat info;

	assert_int_equal(lstat(path, &info), 0);
	return info.st_mode & 07777;
}

static void a_new_ledger_is_private_and_ignored_by_git(void **state)
{
	struct book *book = *state;
	CLEANUP(textp)
	char *ignore = path_join(book->folder, ".trueup/.gitignore");
	CLEANUP(textp) char *left = xasprintf("%s.new", book->path);
	CLEANUP(buffer_release) struct buffer text = { 0 };

	book_make(book, 0);

	assert_int_equal(mode_of(book, ".trueup"), 0700);
	assert_int_equal(mode_of(book, ".trueup/prod.db"), 0600);
	assert_int_equal(file_read(ignore, 10, &text, book->diag), 0);
	assert_string_equal(text.bytes, "*\n");
	assert_int_equal(access(left, F_OK), -1);
}

static void what_a_killed_maker_left_is_no_ledger(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *left = xasprintf("%s.new", book->path);
	CLEANUP(textp) char *folder = path_folder(book->path);
	struct ledger *ledger = NULL;

	assert_int_equal(folder_make_private(folder, book->diag), 0);
	assert_int_equal(file_write(left, 0600, "half", 4, book->diag), 0);

	assert_int_equal(book_try(book, 0, &ledger), LEDGER_NEVER_MADE);
	book_make(book, 1);
	assert_int_equal(access(left, F_OK), -1);
}

static void making_where_there_is_one_keeps_it(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;

	book_make(book, 2);
	ledger = book_open(book, LEDGER_WRITE | LEDGER_MAKE);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), 2);
}

/* ---- files that are not to be trusted ---- */

static void a_file_others_may_open_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	assert_int_equal(chmod(book->path, 0640), 0);

	book_expect_refused(book, 0, CODE_LEDGER_MODE);
	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE, CODE_LEDGER_MODE);
}

static void a_folder_others_may_enter_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *folder = path_folder(book->path);

	book_make(book, 1);
	assert_int_equal(chmod(folder, 0755), 0);

	book_expect_refused(book, 0, CODE_LEDGER_MODE);
}

static void a_file_of_somebody_else_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	if (chown(book->path, 12345, (gid_t)-1) < 0)
		skip(); /* only root can give a file away */

	book_expect_refused(book, 0, CODE_LEDGER_MODE);
}

static void links_are_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *real = xasprintf("%s/real.db", book->folder);

	book_make(book, 1);
	assert_int_equal(rename(book->path, real), 0);
	assert_int_equal(symlink(real, book->path), 0);
	book_expect_refused(book, 0, CODE_LEDGER_MODE);

	assert_int_equal(unlink(book->path), 0);
	assert_int_equal(link(real, book->path), 0);
	book_expect_refused(book, 0, CODE_LEDGER_MODE);
}

static void a_linked_folder_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *folder = path_folder(book->path);
	CLEANUP(textp) char *real = xasprintf("%s/real", book->folder);

	book_make(book, 1);
	assert_int_equal(rename(folder, real), 0);
	assert_int_equal(symlink(real, folder), 0);

	book_expect_refused(book, 0, CODE_LEDGER_MODE);
}

static void a_planted_wal_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *wal = xasprintf("%s-wal", book->path);

	book_make(book, 1);
	assert_int_equal(unlink(wal), 0);
	assert_int_equal(symlink("/dev/null", wal), 0);

	book_expect_refused(book, 0, CODE_LEDGER_MODE);
}

static void a_wal_without_its_ledger_is_no_absence(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *wal = xasprintf("%s-wal", book->path);

	book_make(book, 1);
	assert_int_equal(rename(book->path, wal), 0);

	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE,
	                    CODE_LEDGER_UNREADABLE);
}

static void overwrite(struct book *book, const char *bytes, size_t length)
{
	assert_int_equal(
		file_write(book->path, 0600, bytes, length, book->diag), 0);
}

static off_t size_of(const struct book *book)
{
	struct stat info;

	assert_int_equal(lstat(book->path, &info), 0);
	return info.st_size;
}

static void what_is_no_database_is_refused(void **state)
{
	struct book *book = *state;
	char noise[4096];

	book_make(book, 1);
	overwrite(book, "", 0);
	book_expect_refused(book, LEDGER_WRITE, CODE_LEDGER_UNREADABLE);
	assert_int_equal(size_of(book), 0); /* nothing was made of it */
	memset(noise, '#', sizeof(noise));
	overwrite(book, noise, sizeof(noise));

	book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
	book_expect_refused(book, LEDGER_WRITE | LEDGER_MAKE,
	                    CODE_LEDGER_UNREADABLE);
}

static void another_kind_of_database_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	book_tamper(book, "PRAGMA application_id = 7");

	book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
}

static void every_cut_of_the_file_is_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(buffer_release) struct buffer whole = { 0 };
	struct ledger *ledger = NULL;

	book_make(book, 20);
	assert_int_equal(file_read(book->path, 1 << 20, &whole, book->diag), 0);
	for (size_t length = 0; length + 4096 <= whole.length; length += 1024) {
		overwrite(book, whole.bytes, length);
		assert_int_equal(book_try(book, 0, &ledger), LEDGER_FAILED);
		assert_true(diag_count(book->diag, SEVERITY_ERROR) > 0);
		diag_free(book->diag);
		book->diag = diag_new();
	}
}

static void a_newer_format_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	book_tamper(book, "PRAGMA user_version = 3");

	book_expect_refused(book, 0, CODE_LEDGER_FORMAT);
	book_expect_refused(book, LEDGER_WRITE, CODE_LEDGER_FORMAT);
}

static int format_of(struct book *book)
{
	CLEANUP(database_closep)
	struct database *database =
		database_open(book->path, DATABASE_READ_ONLY, book->diag);

	return database_version(database);
}

static void a_row_with_memos_raises_the_format(void **state)
{
	struct book *book = *state;
	struct state *row = book_row(1);
	struct ledger *ledger;

	book_make(book, 1);
	book_tamper(book, "PRAGMA user_version = 1");
	ledger = book_write(book);
	book_put(ledger, book_row(1));
	book_commit(book, ledger);
	ledger_close(ledger);
	assert_int_equal(format_of(book), 1);

	ledger = book_write(book);
	state_memo(row, &(struct memo){ "probe.redirect", "mismatch", 7 });
	book_put(ledger, row);
	book_commit(book, ledger);
	ledger_close(ledger);
	assert_int_equal(format_of(book), 2);
}

static void a_ledger_of_something_else_names_both_sides(void **state)
{
	struct book *book = *state;
	const char **const sides[] = { &book->settings.platform,
		                       &book->settings.origin,
		                       &book->settings.environment };

	book_make(book, 1);
	assert_int_equal(code_find(CODE_LEDGER_FOREIGN)->exit, 4);
	for (size_t i = 0; i < LENGTH(sides); i++) {
		const char *own = *sides[i];
		struct ledger *ledger = NULL;

		*sides[i] = "elsewhere";
		assert_int_equal(book_try(book, 0, &ledger), LEDGER_FAILED);
		*sides[i] = own;

		CLEANUP(textp) char *text = diag_text(book->diag);

		assert_non_null(strstr(text, "`elsewhere`"));
		assert_non_null(strstr(text, own));
		assert_non_null(strstr(text, "prod.yaml:7:1"));
		book_expect_error(book, CODE_LEDGER_FOREIGN);
	}
}

static void two_rows_with_one_id_are_refused(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	struct state *row = book_row(2);

	book_put(ledger, book_row(1));
	state_retired(row, "id-1");
	book_put(ledger, row);
	book_commit(book, ledger);

	book_expect_refused(book, 0, CODE_LEDGER_TWINS);
}

static void a_row_may_name_its_own_id_twice(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	struct state *row = book_row(1);

	state_retired(row, "id-1");
	book_put(ledger, row);
	book_commit(book, ledger);
	ledger_close(ledger);

	ledger = book_open(book, 0);
}

static void every_cut_of_a_row_is_refused(void **state)
{
	struct book *book = *state;

	book->settings.key = NULL; /* nothing else would tell */
	book_make(book, 1);
	book_tamper(book, "CREATE TABLE whole AS SELECT body FROM ledger_row");
	for (int cut = 1; cut < 70; cut++) {
		CLEANUP(textp)
		char *sql = xasprintf("UPDATE ledger_row SET body = substr("
		                      "(SELECT body FROM whole), 1,"
		                      " (SELECT length(body) FROM whole) - %d)",
		                      cut);

		book_tamper(book, sql);
		book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
	}
	book_tamper(book, "UPDATE ledger_row SET body ="
	                  " CAST((SELECT body FROM whole) || x'00' AS BLOB)");
	book_expect_refused(book, 0, CODE_LEDGER_UNREADABLE);
}

/* ---- git ---- */

static void put_number(FILE *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		putc((int)(number >> shift & 0xff), out);
}

/* One entry; `text` is the name, or in version 4 what follows `kept`. */
static void put_entry(FILE *out, uint32_t version, size_t object_bytes,
                      const char *text, int cut)
{
	const unsigned flags = version == 3 ? 0x4000 : 0;
	const size_t fixed = 40 + object_bytes + 2 + (flags ? 2 : 0);
	size_t length = fixed + strlen(text) + 1;

	for (size_t i = 0; i < 24; i++)
		putc(0x5a, out);
	put_number(out, 0100644);
	for (size_t i = 0; i < 12 + object_bytes; i++)
		putc(0, out);
	putc((int)(flags >> 8), out);
	putc(0, out);
	for (size_t i = 40 + object_bytes + 2; i < fixed; i++)
		putc(0, out);
	if (version == 4)
		putc(cut, out);
	fwrite(text, 1, strlen(text) + 1, out);
	for (; version < 4 && length % 8; length++)
		putc(0, out);
}

static void write_index(struct book *book, uint32_t version,
                        size_t object_bytes)
{
	CLEANUP(textp) char *bytes = NULL;
	CLEANUP(textp) char *path = path_join(book->folder, ".git/index");
	size_t length = 0;
	FILE *out = xmemstream(&bytes, &length);

	fwrite("DIRC", 1, 4, out);
	put_number(out, version);
	put_number(out, 3);
	put_entry(out, version, object_bytes, ".gitignore", 0);
	put_entry(out, version, object_bytes,
	          version == 4 ? "trueup/other.db" : ".trueup/other.db",
	          version == 4 ? 9 : 0);
	put_entry(out, version, object_bytes,
	          version == 4 ? "prod.db" : ".trueup/prod.db", 8);
	(void)fclose(out);
	assert_int_equal(file_write(path, 0600, bytes, length, book->diag), 0);
}

static void make_git(struct book *book)
{
	CLEANUP(textp) char *git = path_join(book->folder, ".git");

	assert_int_equal(mkdir(git, 0700), 0);
}

static void a_ledger_git_tracks_is_refused(void **state)
{
	struct book *book = *state;

	book_make(book, 1);
	make_git(book);
	for (uint32_t version = 2; version <= 4; version++) {
		write_index(book, version, 20);
		book_expect_refused(book, 0, CODE_LEDGER_MODE);
		write_index(book, version, 32);
		book_expect_refused(book, 0, CODE_LEDGER_MODE);
	}
}

static void a_ledger_git_does_not_track_is_taken(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(textp)
	char *path = xasprintf("%s/.trueup/dev.db", book->folder);

	make_git(book);
	write_index(book, 2, 20);
	book->settings.path = path;

	ledger = book_open(book, LEDGER_WRITE | LEDGER_MAKE);
}

static void an_index_nobody_understands_is_no_obstacle(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(textp) char *path = path_join(book->folder, ".git/index");
	CLEANUP(buffer_release) struct buffer whole = { 0 };

	book_make(book, 1);
	make_git(book);
	write_index(book, 4, 20);
	assert_int_equal(file_read(path, 4096, &whole, book->diag), 0);
	for (size_t length = 0; length + 8 < whole.length; length++) {
		assert_int_equal(
			file_write(path, 0600, whole.bytes, length, book->diag),
			0);
		ledger = book_open(book, 0);
		ledger_close(ledger);
	}
	ledger = NULL;
}

static void a_worktree_s_index_is_looked_at_too(void **state)
{
	struct book *book = *state;
	CLEANUP(textp) char *git = path_join(book->folder, ".git");
	CLEANUP(textp) char *moved = path_join(book->folder, "elsewhere");

	book_make(book, 1);
	make_git(book);
	write_index(book, 2, 20);
	assert_int_equal(rename(git, moved), 0);
	assert_int_equal(
		file_write(git, 0600, "gitdir: elsewhere\n", 18, book->diag),
		0);

	book_expect_refused(book, 0, CODE_LEDGER_MODE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_FILE_TEST(a_ledger_never_made_is_no_error),
		BOOK_FILE_TEST(no_folder_to_stand_in_is_an_error),
		BOOK_FILE_TEST(a_new_ledger_is_private_and_ignored_by_git),
		BOOK_FILE_TEST(what_a_killed_maker_left_is_no_ledger),
		BOOK_FILE_TEST(making_where_there_is_one_keeps_it),
		BOOK_FILE_TEST(a_file_others_may_open_is_refused),
		BOOK_FILE_TEST(a_folder_others_may_enter_is_refused),
		BOOK_FILE_TEST(a_file_of_somebody_else_is_refused),
		BOOK_FILE_TEST(links_are_refused),
		BOOK_FILE_TEST(a_linked_folder_is_refused),
		BOOK_FILE_TEST(a_planted_wal_is_refused),
		BOOK_FILE_TEST(a_wal_without_its_ledger_is_no_absence),
		BOOK_FILE_TEST(what_is_no_database_is_refused),
		BOOK_FILE_TEST(another_kind_of_database_is_refused),
		BOOK_FILE_TEST(every_cut_of_the_file_is_refused),
		BOOK_FILE_TEST(a_newer_format_is_refused),
		BOOK_FILE_TEST(a_row_with_memos_raises_the_format),
		BOOK_FILE_TEST(a_ledger_of_something_else_names_both_sides),
		BOOK_FILE_TEST(two_rows_with_one_id_are_refused),
		BOOK_FILE_TEST(a_row_may_name_its_own_id_twice),
		BOOK_FILE_TEST(every_cut_of_a_row_is_refused),
		BOOK_FILE_TEST(a_ledger_git_tracks_is_refused),
		BOOK_FILE_TEST(a_ledger_git_does_not_track_is_taken),
		BOOK_FILE_TEST(an_index_nobody_understands_is_no_obstacle),
		BOOK_FILE_TEST(a_worktree_s_index_is_looked_at_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
