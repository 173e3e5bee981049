/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "source/source.h"
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* A folder like a repository, where the tests stand:
 *
 *     .git/  base.yaml  envs/prod.yaml  envs/link -> prod.yaml
 *     envs/pipe  outside -> /  big
 */
struct house {
	char *root;
	struct diag *diag;
};

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static int build(void **state)
{
	static struct house house;

	house.root = folder_make();
	house.diag = diag_new();
	assert_int_equal(chdir(house.root), 0);
	assert_int_equal(mkdir(".git", 0700), 0);
	assert_int_equal(mkdir("envs", 0700), 0);
	write_text("base.yaml", "base: 1\n");
	write_text("envs/prod.yaml", "environment: prod\n");
	assert_int_equal(symlink("prod.yaml", "envs/link"), 0);
	assert_int_equal(symlink("/", "outside"), 0);
	assert_int_equal(mkfifo("envs/pipe", 0600), 0);
	*state = &house;
	return 0;
}

static int demolish(void **state)
{
	struct house *house = *state;

	assert_int_equal(chdir("/"), 0);
	folder_remove(house->root);
	free(house->root);
	diag_free(house->diag);
	return 0;
}

static unsigned last_code(const struct house *house)
{
	size_t length = diag_length(house->diag);

	return length ? diag_at(house->diag, length - 1)->code : 0;
}

static void the_repository_is_the_root(void **state)
{
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);
	CLEANUP(textp) char *real = realpath(house->root, NULL);

	assert_non_null(source);
	assert_string_equal(source_first(source), "envs/prod.yaml");
	assert_string_equal(source_root(source), real);
	assert_string_equal(source_revision(source), "directory");
}

static void without_a_repository_it_is_the_folder(void **state)
{
	const struct house *house = *state;

	assert_int_equal(rmdir(".git"), 0);

	CLEANUP(source_freep)
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);

	assert_non_null(source);
	assert_string_equal(source_first(source), "prod.yaml");
	assert_null(source_resolve(source, "prod.yaml", "../base.yaml",
	                           PLACE_NONE, house->diag));
	assert_int_equal(last_code(house), CODE_OUTSIDE_ROOT);
}

static void a_given_root_is_kept_to(void **state)
{
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *inside =
		source_directory("envs/prod.yaml", "envs", house->diag);
	struct source *outside =
		source_directory("base.yaml", "envs", house->diag);

	assert_non_null(inside);
	assert_string_equal(source_first(inside), "prod.yaml");
	assert_null(outside);
	assert_int_equal(last_code(house), CODE_OUTSIDE_ROOT);
	assert_null(source_directory("envs/prod.yaml", "nowhere", house->diag));
	assert_int_equal(last_code(house), CODE_FILE_UNREADABLE);
}

static void a_folder_that_links_out_is_outside(void **state)
{
	const struct house *house = *state;

	assert_null(source_directory("outside/etc/passwd", NULL, house->diag));
	assert_int_equal(last_code(house), CODE_OUTSIDE_ROOT);
	assert_null(source_directory("nowhere/prod.yaml", NULL, house->diag));
	assert_int_equal(last_code(house), CODE_FILE_UNREADABLE);
}

static void references_start_at_the_file_that_holds_them(void **state)
{
	static const struct {
		const char *from, *reference, *path;
	} rows[] = {
		{ "envs/prod.yaml", "../base.yaml", "base.yaml" },
		{ "envs/prod.yaml", "other.yaml", "envs/other.yaml" },
		{ "envs/prod.yaml", "./a//b/../c.yaml", "envs/a/c.yaml" },
		{ NULL, "base.yaml", "base.yaml" },
		{ "envs/prod.yaml", "..", "." },
		{ "envs/prod.yaml", "../../base.yaml", NULL },
		{ "envs/prod.yaml", "../../root/base.yaml", NULL },
		{ "envs/prod.yaml", "a/../../../x", NULL },
		{ "envs/prod.yaml", "/etc/passwd", NULL },
		{ NULL, "..", NULL },
	};
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct place place = { "envs/prod.yaml", 3, 9 };
		CLEANUP(textp)
		char *path =
			source_resolve(source, rows[i].from, rows[i].reference,
		                       place, house->diag);

		if (!str_equal(path, rows[i].path))
			fail_msg("%s: %s", rows[i].reference, path);
		if (!path)
			assert_int_equal(last_code(house), CODE_OUTSIDE_ROOT);
	}
	assert_int_equal(diag_at(house->diag, 0)->place.line, 3);
}

static void only_regular_files_are_read(void **state)
{
	static const struct {
		const char *path;
		unsigned code;
	} rows[] = {
		{ "envs/prod.yaml", 0 },
		{ "base.yaml", 0 },
		{ "envs/link", CODE_NOT_A_FILE },
		{ "envs", CODE_NOT_A_FILE },
		{ "envs/pipe", CODE_NOT_A_FILE },
		{ "outside/etc/passwd", CODE_NOT_A_FILE },
		{ "outside", CODE_NOT_A_FILE },
		{ ".", CODE_NOT_A_FILE },
		{ "base.yaml/x", CODE_FILE_UNREADABLE },
		{ "nowhere/x", CODE_FILE_UNREADABLE },
		{ "nothing", CODE_FILE_UNREADABLE },
	};
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_release) struct buffer buffer = { 0 };
		size_t before = diag_length(house->diag);
		int result = source_read(source, rows[i].path, PLACE_NONE,
		                         &buffer, house->diag);

		assert_int_equal(result, rows[i].code ? -1 : 0);
		assert_int_equal(diag_length(house->diag) - before,
		                 rows[i].code != 0);
		if (rows[i].code && last_code(house) != rows[i].code)
			fail_msg("%s: %u", rows[i].path, last_code(house));
		if (!rows[i].code)
			assert_true(buffer.length > 0);
	}
}

static void a_device_is_no_file(void **state)
{
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *source =
		source_directory("/dev/null", NULL, house->diag);
	struct buffer buffer = { 0 };

	assert_non_null(source);
	assert_int_equal(source_read(source, source_first(source), PLACE_NONE,
	                             &buffer, house->diag),
	                 -1);
	assert_int_equal(last_code(house), CODE_NOT_A_FILE);
}

static void the_one_who_asks_is_blamed(void **state)
{
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);
	struct buffer buffer = { 0 };
	const struct place place = { "envs/prod.yaml", 2, 11 };

	assert_int_equal(
		source_read(source, "bas.yaml", place, &buffer, house->diag),
		-1);

	const struct diag_report *report = diag_at(house->diag, 0);

	assert_string_equal(report->place.file, "envs/prod.yaml");
	assert_int_equal(report->place.column, 11);
	assert_non_null(strstr(report->text, "`bas.yaml` does not exist"));
}

static void a_file_may_have_its_size_and_no_more(void **state)
{
	const struct house *house = *state;
	CLEANUP(source_freep)
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);
	CLEANUP(buffer_release) struct buffer buffer = { 0 };
	struct buffer more = { 0 };

	write_text("big", "");
	assert_int_equal(truncate("big", LIMIT_FILE_BYTES), 0);
	assert_int_equal(
		source_read(source, "big", PLACE_NONE, &buffer, house->diag),
		0);
	assert_int_equal(buffer.length, LIMIT_FILE_BYTES);
	assert_int_equal(truncate("big", LIMIT_FILE_BYTES + 1), 0);
	assert_int_equal(
		source_read(source, "big", PLACE_NONE, &more, house->diag), -1);
	assert_int_equal(last_code(house), CODE_TOO_LARGE);
}

static void files_are_called_as_the_user_would(void **state)
{
	static const struct {
		const char *folder, *typed, *path, *display;
	} rows[] = {
		{ ".", "envs/prod.yaml", "envs/prod.yaml", "envs/prod.yaml" },
		{ ".", "envs/prod.yaml", "base.yaml", "base.yaml" },
		{ ".", "./envs/prod.yaml", "envs/prod.yaml",
		  "./envs/prod.yaml" },
		{ "envs", "prod.yaml", "base.yaml", "../base.yaml" },
		{ "envs", "prod.yaml", "envs/x/y.yaml", "x/y.yaml" },
		{ "envs", "../envs/prod.yaml", "base.yaml", "../base.yaml" },
	};
	const struct house *house = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(chdir(house->root), 0);
		assert_int_equal(chdir(rows[i].folder), 0);

		CLEANUP(source_freep)
		struct source *source =
			source_directory(rows[i].typed, NULL, house->diag);
		const char *display = source_display(source, rows[i].path);

		assert_string_equal(display, rows[i].display);
		assert_ptr_equal(source_display(source, rows[i].path), display);
		assert_string_equal(source_path_of(source, display),
		                    rows[i].path);
		assert_null(source_path_of(source, "other"));
	}
}

static void absolute_names_stay_absolute(void **state)
{
	const struct house *house = *state;
	CLEANUP(textp) char *typed = path_join(house->root, "envs/prod.yaml");
	CLEANUP(textp) char *base = path_join(house->root, "base.yaml");
	CLEANUP(source_freep)
	struct source *source = source_directory(typed, NULL, house->diag);

	assert_string_equal(source_display(source, "envs/prod.yaml"), typed);
	assert_string_equal(source_display(source, "base.yaml"), base);
}

static void count_free(void *thing)
{
	int *count = thing;

	++*count;
}

static void things_are_kept_with_their_file(void **state)
{
	const struct house *house = *state;
	struct source *source =
		source_directory("envs/prod.yaml", NULL, house->diag);
	int first = 0, second = 0;

	assert_null(source_kept(source, "base.yaml"));
	source_keep(source, "base.yaml", &first, count_free);
	assert_ptr_equal(source_kept(source, "base.yaml"), &first);
	source_keep(source, "base.yaml", &second, count_free);
	assert_int_equal(first, 1);
	source_free(source);
	assert_int_equal(second, 1);
}

static void the_only_environment_file_is_found(void **state)
{
	const struct house *house = *state;
	CLEANUP(textp) char *found = source_find("envs", house->diag);

	assert_string_equal(found, "envs/prod.yaml");
	assert_int_equal(chdir("envs"), 0);

	CLEANUP(textp) char *here = source_find(".", house->diag);

	assert_string_equal(here, "prod.yaml");
}

static void none_or_several_are_an_error(void **state)
{
	const struct house *house = *state;

	assert_null(source_find(".", house->diag));
	assert_int_equal(last_code(house), CODE_NO_FILE);
	write_text("envs/dev.yml", "\xef\xbb\xbf"
	                           "environment: dev\n");
	write_text("envs/.hidden.yaml", "environment: hidden\n");
	write_text("envs/ci.yaml", "jobs:\n  environment: ci\n");
	assert_null(source_find("envs", house->diag));
	assert_int_equal(last_code(house), CODE_SEVERAL_FILES);
	assert_string_equal(diag_at(house->diag, 1)->text,
	                    "several environment files lie here: `dev.yml`, "
	                    "`prod.yaml`; name one with -f");
	assert_null(source_find("nowhere", house->diag));
	assert_int_equal(last_code(house), CODE_FILE_UNREADABLE);
}

#define HOUSE_TEST(test) cmocka_unit_test_setup_teardown(test, build, demolish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(the_repository_is_the_root),
		HOUSE_TEST(without_a_repository_it_is_the_folder),
		HOUSE_TEST(a_given_root_is_kept_to),
		HOUSE_TEST(a_folder_that_links_out_is_outside),
		HOUSE_TEST(references_start_at_the_file_that_holds_them),
		HOUSE_TEST(only_regular_files_are_read),
		HOUSE_TEST(a_device_is_no_file),
		HOUSE_TEST(the_one_who_asks_is_blamed),
		HOUSE_TEST(a_file_may_have_its_size_and_no_more),
		HOUSE_TEST(files_are_called_as_the_user_would),
		HOUSE_TEST(absolute_names_stay_absolute),
		HOUSE_TEST(things_are_kept_with_their_file),
		HOUSE_TEST(the_only_environment_file_is_found),
		HOUSE_TEST(none_or_several_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
