/* SPDX-License-Identifier: MIT */
#include "schema/codes.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct fixture {
	char *folder, *path;
	struct diag *diag;
};

static int set_up(void **state)
{
	struct fixture *made = xcalloc(1, sizeof(*made));

	made->folder = folder_make();
	made->path = path_join(made->folder, "a.yaml");
	made->diag = diag_new();
	*state = made;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *made = *state;

	(void)unlink(made->path);
	(void)rmdir(made->path);
	diag_free(made->diag);
	free(made->path);

	/* Nothing else was left in it: no temporary file. */
	int removed = rmdir(made->folder);

	free(made->folder);
	free(made);
	return removed;
}

static void assert_reported(const struct fixture *made, unsigned code)
{
	assert_int_equal(diag_length(made->diag), 1);
	assert_int_equal(diag_at(made->diag, 0)->code, code);
	assert_string_equal(diag_at(made->diag, 0)->place.file, made->path);
}

static void what_was_written_is_read(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(buffer_release) struct buffer buffer = { 0 };
	struct stat info;

	assert_int_equal(file_write(made->path, 0600, "old", 3, made->diag), 0);
	assert_int_equal(file_write(made->path, 0600, "n\0w!", 4, made->diag),
	                 0);
	assert_int_equal(file_read(made->path, 4, &buffer, made->diag), 0);

	assert_int_equal(buffer.length, 4);
	assert_memory_equal(buffer.bytes, "n\0w!", 5);
	assert_int_equal(stat(made->path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static void one_byte_past_the_limit_is_too_large(void **state)
{
	const struct fixture *made = *state;
	struct buffer buffer = { 0 };

	assert_int_equal(file_write(made->path, 0600, "12345", 5, made->diag),
	                 0);
	assert_int_equal(file_read(made->path, 4, &buffer, made->diag), -1);

	assert_reported(made, CODE_TOO_LARGE);
	assert_null(buffer.bytes);
}

static void a_pipe_is_read_until_it_ends(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(buffer_wipe) struct buffer buffer = { 0 };
	size_t length = 20000;
	CLEANUP(textp) char *bytes = xmalloc(length);
	int ends[2];

	memset(bytes, 'x', length);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], bytes, length), length);
	(void)close(ends[1]);

	assert_int_equal(file_read_fd(ends[0], "-", 1 << 20, PLACE_NONE,
	                              &buffer, made->diag),
	                 0);
	(void)close(ends[0]);
	assert_int_equal(buffer.length, length);
	assert_memory_equal(buffer.bytes, bytes, length);
}

static void only_regular_files_are_read(void **state)
{
	const struct fixture *made = *state;
	struct buffer buffer = { 0 };

	assert_int_equal(mkfifo(made->path, 0600), 0);
	assert_int_equal(file_read(made->path, 4, &buffer, made->diag), -1);

	assert_reported(made, CODE_FILE_UNREADABLE);
}

static void a_missing_file_is_reported(void **state)
{
	const struct fixture *made = *state;
	struct buffer buffer = { 0 };

	assert_int_equal(file_read(made->path, 4, &buffer, made->diag), -1);

	assert_reported(made, CODE_FILE_UNREADABLE);
	assert_non_null(strstr(diag_at(made->diag, 0)->text, made->path));
}

static void a_link_is_not_written_through(void **state)
{
	const struct fixture *made = *state;
	struct stat info;

	assert_int_equal(symlink("elsewhere", made->path), 0);
	assert_int_equal(file_write(made->path, 0600, "x", 1, made->diag), -1);

	assert_reported(made, CODE_FILE_UNWRITABLE);
	assert_non_null(strstr(diag_at(made->diag, 0)->text, "is a link"));
	assert_int_equal(lstat(made->path, &info), 0);
	assert_true(S_ISLNK(info.st_mode));
}

static void a_folder_is_not_replaced(void **state)
{
	const struct fixture *made = *state;

	assert_int_equal(mkdir(made->path, 0700), 0);
	assert_int_equal(file_write(made->path, 0600, "x", 1, made->diag), -1);
	assert_reported(made, CODE_FILE_UNWRITABLE);
}

static void a_full_disk_leaves_the_old_file(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(buffer_release) struct buffer buffer = { 0 };
	struct rlimit before, tight;

	assert_int_equal(file_write(made->path, 0600, "old", 3, made->diag), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	tight = before;
	tight.rlim_cur = 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);

	int written = file_write(made->path, 0600, "new", 3, made->diag);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(written, -1);
	assert_reported(made, CODE_FILE_UNWRITABLE);
	assert_int_equal(file_read(made->path, 4, &buffer, made->diag), 0);
	assert_string_equal(buffer.bytes, "old");
}

static void a_missing_folder_is_reported(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(textp) char *path = path_join(made->path, "b.yaml");

	assert_int_equal(file_write(path, 0600, "x", 1, made->diag), -1);
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_FILE_UNWRITABLE);
}

static void private_folders_are_made_or_checked(void **state)
{
	const struct fixture *made = *state;
	struct stat info;

	assert_int_equal(folder_make_private(made->path, made->diag), 0);
	assert_int_equal(folder_make_private(made->path, made->diag), 0);
	assert_int_equal(stat(made->path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);

	assert_int_equal(chmod(made->path, 0750), 0);
	assert_int_equal(folder_make_private(made->path, made->diag), -1);
	assert_reported(made, CODE_FILE_UNWRITABLE);
}

static void a_private_folder_is_no_link(void **state)
{
	const struct fixture *made = *state;

	assert_int_equal(symlink(".", made->path), 0);
	assert_int_equal(folder_make_private(made->path, made->diag), -1);
	assert_reported(made, CODE_FILE_UNWRITABLE);
}

static void paths_come_apart_and_together(void **state)
{
	static const struct {
		const char *path, *folder, *name;
	} rows[] = {
		{ "a", ".", "a" },
		{ "a/b", "a", "b" },
		{ "/b", "/", "b" },
		{ "/a/b/c", "/a/b", "c" },
	};
	CLEANUP(textp) char *joined = path_join("a", "b");
	CLEANUP(textp) char *slashed = path_join("a/", "b");

	(void)state;
	assert_string_equal(joined, "a/b");
	assert_string_equal(slashed, "a/b");
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *folder = path_folder(rows[i].path);

		assert_string_equal(folder, rows[i].folder);
		assert_string_equal(path_name(rows[i].path), rows[i].name);
	}
}

#define WITH_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(what_was_written_is_read),
		WITH_FOLDER(one_byte_past_the_limit_is_too_large),
		WITH_FOLDER(a_pipe_is_read_until_it_ends),
		WITH_FOLDER(only_regular_files_are_read),
		WITH_FOLDER(a_missing_file_is_reported),
		WITH_FOLDER(a_link_is_not_written_through),
		WITH_FOLDER(a_folder_is_not_replaced),
		WITH_FOLDER(a_full_disk_leaves_the_old_file),
		WITH_FOLDER(a_missing_folder_is_reported),
		WITH_FOLDER(private_folders_are_made_or_checked),
		WITH_FOLDER(a_private_folder_is_no_link),
		cmocka_unit_test(paths_come_apart_and_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
