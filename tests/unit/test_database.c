/* SPDX-License-Identifier: MIT */
#include "database_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

static void what_is_written_is_read_after_a_reopening(void **state)
{
	const struct fixture *made = *state;
	struct database *database = create(made);
	struct statement *statement = database_prepare(
		database, "INSERT INTO row VALUES (?1, ?2, ?3)");
	size_t length = 0;

	statement_text(statement, 1, "k\xc3\xa9y");
	statement_blob(statement, 2, "a\0b", 3);
	statement_integer(statement, 3, INT64_MIN);
	assert_int_equal(statement_run(statement), 0);
	assert_int_equal(database_changes(database), 1);
	database_close(database);

	database = database_open(made->path, 0, made->diag);
	assert_non_null(database);
	statement = database_prepare(database, "SELECT * FROM row");
	assert_int_equal(statement_next(statement), 1);
	assert_string_equal(statement_column(statement, 0), "k\xc3\xa9y");
	assert_memory_equal(statement_bytes(statement, 1, &length), "a\0b", 3);
	assert_int_equal(length, 3);
	assert_true(statement_number(statement, 2) == INT64_MIN);
	assert_int_equal(statement_next(statement), 0);
	database_close(database);
	assert_int_equal(diag_length(made->diag), 0);
}

static void a_new_file_is_private_in_wal_and_full(void **state)
{
	const struct fixture *made = *state;
	mode_t before = umask(0);
	struct stat info;

	CLEANUP(database_closep) struct database *database = create(made);

	(void)umask(before);
	assert_int_equal(stat(made->path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	struct statement *mode =
		database_prepare(database, "PRAGMA journal_mode");

	assert_int_equal(statement_next(mode), 1);
	assert_string_equal(statement_column(mode, 0), "wal");
	assert_int_equal(statement_next(mode), 0);
	assert_int_equal(number_of(database, "PRAGMA synchronous"), 2);
	assert_int_equal(number_of(database, "PRAGMA trusted_schema"), 0);
	assert_int_equal(number_of(database, "PRAGMA busy_timeout"), 5000);
	assert_int_equal(number_of(database, "PRAGMA cell_size_check"), 1);
}

static void an_unsynced_one_is_not_synced(void **state)
{
	const struct fixture *made = *state;
	unsigned flags = DATABASE_CREATE;
	CLEANUP(database_closep)
	struct database *database = database_open(
		made->path, flags | DATABASE_UNSYNCED, made->diag);

	assert_int_equal(number_of(database, "PRAGMA synchronous"), 0);
	assert_int_equal(database_begin_unsynced(database), 0);
	assert_int_equal(number_of(database, "PRAGMA synchronous"), 0);
}

static void the_schema_cannot_be_written(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);

	assert_int_equal(database_run(database, "PRAGMA writable_schema = ON; "
	                                        "DELETE FROM sqlite_schema"),
	                 -1);
	assert_reported(made, "may not be modified");
}

static void creating_over_a_file_is_refused(void **state)
{
	const struct fixture *made = *state;

	database_close(create(made));
	assert_null(database_open(made->path, DATABASE_CREATE, made->diag));
	assert_reported(made, "File exists");

	struct stat info;

	assert_int_equal(stat(made->path, &info), 0);
}

static void a_missing_file_is_not_made(void **state)
{
	const struct fixture *made = *state;

	assert_null(database_open(made->path, 0, made->diag));
	assert_reported(made, "unable to open");
	assert_int_equal(access(made->path, F_OK), -1);
}

static void a_link_at_the_end_is_refused_in_a_folder_followed(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp) char *target = path_join(made->folder, "target.db");
	CLEANUP(textp) char *way = path_join(made->folder, "way");
	CLEANUP(textp) char *by_way = path_join(way, "a.db");

	assert_int_equal(symlink(".", way), 0);
	database_close(create(made));
	struct database *database = database_open(by_way, 0, made->diag);

	assert_non_null(database);
	database_close(database);
	assert_int_equal(diag_length(made->diag), 0);

	assert_int_equal(rename(made->path, target), 0);
	assert_int_equal(symlink("target.db", made->path), 0);
	assert_null(database_open(made->path, 0, made->diag));
	assert_reported(made, "no link");

	(void)unlink(way);
	(void)unlink(target);
}

static void read_only_reads_and_does_not_write(void **state)
{
	const struct fixture *made = *state;
	struct database *database = create(made);

	assert_int_equal(insert(database, "k", 7), 0);
	database_close(database);

	database = database_open(made->path, DATABASE_READ_ONLY, made->diag);
	assert_non_null(database);
	assert_int_equal(number_of(database, "SELECT number FROM row"), 7);
	assert_int_equal(insert(database, "l", 8), -1);
	assert_reported(made, "readonly");
	database_close(database);
}

static void what_is_no_database_is_refused_untouched(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(textp) char *rubbish = xcalloc(1, 8192);
	CLEANUP(buffer_release) struct buffer left = { 0 };

	memset(rubbish, 'x', 8192);
	assert_int_equal(
		file_write(made->path, 0600, rubbish, 8192, made->diag), 0);

	assert_null(database_open(made->path, DATABASE_READ_ONLY, made->diag));
	assert_reported(made, "is not a database");
	assert_null(database_open(made->path, 0, made->diag));
	assert_int_equal(file_read(made->path, 8192, &left, made->diag), 0);
	assert_memory_equal(left.bytes, rubbish, 8192);
}

static void a_damaged_page_is_found_when_it_is_read(void **state)
{
	const struct fixture *made = *state;
	struct database *database = create(made);
	CLEANUP(textp) char *zeros = xcalloc(1, 4096);

	memset(zeros, 0x5a, 4096);
	for (int64_t i = 0; i < 500; i++) {
		CLEANUP(textp) char *key = xasprintf("key-%ld", (long)i);

		assert_int_equal(insert(database, key, i), 0);
	}
	database_close(database);
	int fd = open(made->path, O_WRONLY | O_CLOEXEC);

	for (off_t page = 2; page < 6; page++)
		assert_int_equal(pwrite(fd, zeros, 4096, page * 4096), 4096);
	(void)close(fd);

	database = database_open(made->path, 0, made->diag);
	assert_non_null(database);
	struct statement *all = database_prepare(
		database, "SELECT sum(number), max(key) FROM row");

	assert_int_equal(statement_next(all), -1);
	assert_reported(made, "malformed");
	database_close(database);
}

static void the_version_is_kept(void **state)
{
	const struct fixture *made = *state;
	struct database *database = create(made);

	assert_int_equal(database_version(database), 0);
	assert_int_equal(database_set_version(database, 12), 0);
	database_close(database);
	database = database_open(made->path, 0, made->diag);
	assert_int_equal(database_version(database), 12);
	database_close(database);
}

static void a_checkpoint_empties_the_log(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);
	CLEANUP(textp) char *log = xasprintf("%s-wal", made->path);
	struct stat info;

	assert_int_equal(insert(database, "k", 1), 0);
	assert_int_equal(stat(log, &info), 0);
	assert_true(info.st_size > 0);
	assert_int_equal(database_checkpoint(database), 0);
	assert_int_equal(stat(log, &info), 0);
	assert_int_equal(info.st_size, 0);
}

static void a_closed_one_is_whole_without_its_log(void **state)
{
	const struct fixture *made = *state;
	struct database *database = create(made);
	CLEANUP(textp) char *log = xasprintf("%s-wal", made->path);
	struct stat info;

	assert_int_equal(insert(database, "k", 7), 0);
	database_close(database);

	assert_int_equal(stat(log, &info), 0);
	assert_int_equal(info.st_size, 0);
	assert_int_equal(unlink(log), 0);
	database = database_open(made->path, 0, made->diag);
	assert_non_null(database);
	assert_int_equal(number_of(database, "SELECT number FROM row"), 7);
	database_close(database);
}

static void what_may_be_undone_is_not_synced(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);

	assert_int_equal(database_begin_unsynced(database), 0);
	assert_int_equal(number_of(database, "PRAGMA synchronous"), 1);
	assert_int_equal(database_commit(database), 0);
	assert_int_equal(database_begin(database), 0);
	assert_int_equal(number_of(database, "PRAGMA synchronous"), 2);
	assert_int_equal(database_commit(database), 0);
}

static void one_in_memory_leaves_no_file(void **state)
{
	const struct fixture *made = *state;
	struct database *database =
		database_open(made->path, DATABASE_MEMORY, made->diag);

	assert_non_null(database);
	assert_int_equal(database_run(database, "CREATE TABLE row (key TEXT, "
	                                        "number INTEGER) STRICT"),
	                 0);
	assert_int_equal(insert(database, "k", 3), 0);
	assert_int_equal(number_of(database, "SELECT number FROM row"), 3);
	assert_int_equal(access(made->path, F_OK), -1);
	database_close(database);
}

static void its_bytes_are_a_file_in_wal(void **state)
{
	struct fixture *made = *state;
	CLEANUP(database_closep)
	struct database *memory =
		database_open(":memory:", DATABASE_MEMORY, made->diag);
	CLEANUP(textp) char *bytes = NULL;
	struct database *database;
	struct statement *mode;
	size_t length = 0;

	assert_int_equal(database_run(memory, "CREATE TABLE row (key TEXT, "
	                                      "number INTEGER) STRICT"),
	                 0);
	assert_int_equal(insert(memory, "k", 3), 0);
	bytes = database_bytes(memory, &length);
	assert_non_null(bytes);
	assert_int_equal(file_create(made->path, 0600, bytes, length), 0);
	assert_int_equal(file_create(made->path, 0600, bytes, length), -1);

	database = database_open(made->path, DATABASE_READ_ONLY, made->diag);
	assert_non_null(database);
	mode = database_prepare(database, "PRAGMA journal_mode");
	assert_int_equal(statement_next(mode), 1);
	assert_string_equal(statement_column(mode, 0), "wal");
	assert_int_equal(statement_next(mode), 0);
	assert_int_equal(number_of(database, "SELECT number FROM row"), 3);
	assert_int_equal(number_of(database, "SELECT count(*) FROM"
	                                     " pragma_integrity_check"
	                                     " WHERE integrity_check = 'ok'"),
	                 1);
	database_close(database);
}

static void a_file_in_no_folder_is_reported(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp) char *nowhere = path_join(made->folder, "no/a.db");

	assert_null(database_open(nowhere, DATABASE_CREATE, made->diag));
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_DATABASE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_after_a_reopening),
		TEST(a_new_file_is_private_in_wal_and_full),
		TEST(an_unsynced_one_is_not_synced),
		TEST(the_schema_cannot_be_written),
		TEST(creating_over_a_file_is_refused),
		TEST(a_missing_file_is_not_made),
		TEST(a_link_at_the_end_is_refused_in_a_folder_followed),
		TEST(read_only_reads_and_does_not_write),
		TEST(what_is_no_database_is_refused_untouched),
		TEST(a_damaged_page_is_found_when_it_is_read),
		TEST(the_version_is_kept),
		TEST(a_checkpoint_empties_the_log),
		TEST(a_closed_one_is_whole_without_its_log),
		TEST(what_may_be_undone_is_not_synced),
		TEST(one_in_memory_leaves_no_file),
		TEST(its_bytes_are_a_file_in_wal),
		TEST(a_file_in_no_folder_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
