/* SPDX-License-Identifier: MIT */
#include "secrets_world.h"

/* ---- variables ---- */

static void variables_are_found_as_getenv_would(void **context)
{
	const struct world *world = *context;
	const struct variables *variables = world->variables;

	assert_string_equal(variables_get(variables, "GOOD"), CANARY);
	assert_string_equal(variables_get(variables, "GOO"), "shorter");
	assert_string_equal(variables_get(variables, "GOODER"), "longer");
	assert_string_equal(variables_get(variables, "WITH_SIGN"), "a=b=c");
	assert_string_equal(variables_get(variables, "EMPTY"), "");
	assert_null(variables_get(variables, "GO"));
	assert_null(variables_get(variables, "no sign"));
	assert_null(variables_get(variables, "ZZZ"));
	assert_null(variables_get(variables, ""));
}

static void of_many_variables_each_is_found(void **context)
{
	enum { MANY = 1000 };
	char *many[MANY + 1] = { NULL };
	struct variables *variables;

	(void)context;
	for (int i = 0; i < MANY; i++)
		many[i] = xasprintf("V_%d=%d", (i * 389) % MANY,
		                    (i * 389) % MANY);
	variables = variables_new(many);
	for (int i = 0; i < MANY; i++) {
		CLEANUP(textp) char *name = xasprintf("V_%d", i);

		assert_string_equal(variables_get(variables, name), name + 2);
	}
	variables_free(variables);
	for (int i = 0; i < MANY; i++)
		free(many[i]);
}

static void a_variable_gives_a_secret(void **context)
{
	expect_secret(*context, "env:GOOD", CANARY);
}

static void an_unset_variable_is_not_reported(void **context)
{
	expect_absent(*context, "env:MISSING");
}

static void an_empty_variable_is_a_mistake(void **context)
{
	expect_refused(*context, "env:EMPTY", CODE_SECRET_VALUE,
	               "`env:EMPTY` is not used: it is empty");
}

static void only_names_that_are_allowed_are_read(void **context)
{
	static const char *const globs[] = { "SLACK_*", "GOO?" };
	struct world *world = *context;

	world->settings.env_globs = globs;
	world->settings.env_glob_count = LENGTH(globs);
	expect_secret(world, "env:GOOD", CANARY);
	expect_absent(world, "env:SLACK_SECRET");
	expect_refused(world, "env:GITHUB_TOKEN", CODE_SECRET_NAME,
	               "`GITHUB_TOKEN` is not read");
	expect_refused(world, "env:GOODER", CODE_SECRET_NAME, "--allow-secret");
}

static void a_source_is_a_variable_or_a_file(void **context)
{
	expect_refused(*context, "exec:cat /etc/shadow", CODE_SECRET_NAME,
	               "neither");
	expect_refused(*context, "GOOD", CODE_SECRET_NAME, "neither");
}

/* ---- files ---- */

static void a_file_inside_the_root_is_read(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *sub = path_join(world->root, "sub");
	CLEANUP(textp) char *path = NULL;
	CLEANUP(textp) char *source = NULL;

	assert_int_equal(mkdir(sub, 0755), 0);
	path = put(sub, "file", CANARY "\n", 0600);
	source = xasprintf("file:%s", path);
	expect_secret(world, "file:sub/file", CANARY);
	expect_secret(world, "file:./sub//./file", CANARY);
	expect_secret(world, source, CANARY);
}

static void one_newline_at_the_end_is_dropped(void **context)
{
	struct world *world = *context;

	free(put(world->root, "file", CANARY, 0600));
	expect_secret(world, "file:file", CANARY);
	free(put(world->root, "file", CANARY "\r\n", 0600));
	expect_secret(world, "file:file", CANARY);
	free(put(world->root, "file", CANARY "\n\n", 0600));
	expect_refused(world, "file:file", CODE_SECRET_VALUE, "white space");
	free(put(world->root, "file", "\n", 0600));
	expect_refused(world, "file:file", CODE_SECRET_VALUE, "empty");
}

static void a_file_that_is_absent_is_not_reported(void **context)
{
	struct world *world = *context;

	expect_absent(world, "file:file");
	expect_absent(world, "file:no/such/folder/file");
	world->folders[0] = "/nowhere/at/all";
	expect_absent(world, "file:/nowhere/at/all/file");
}

static void a_file_of_the_operators_folder_is_read(void **context)
{
	struct world *world = *context;
	CLEANUP(textp)
	char *path = put(world->operators, "file", CANARY, 0400);
	CLEANUP(textp) char *source = xasprintf("file:%s", path);
	CLEANUP(textp) char *slashed = xasprintf("%s//", world->operators);

	expect_secret(world, source, CANARY);
	world->folders[0] = slashed;
	expect_secret(world, source, CANARY);
}

static void files_elsewhere_are_refused(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *inside = put(world->operators, "file", "x", 0600);
	CLEANUP(textp) char *source = xasprintf("file:%s", inside);
	CLEANUP(textp) char *longer = xasprintf("file:%sx", world->operators);
	CLEANUP(textp)
	char *back = xasprintf("file:%s/../root/file", world->operators);

	free(put(world->root, "file", CANARY, 0600));
	expect_refused(world, "file:/etc/hostname", CODE_SECRET_FILE,
	               "`/etc/hostname` is not read: it lies outside");
	expect_refused(world, longer, CODE_SECRET_FILE, "outside");
	expect_refused(world, back, CODE_SECRET_FILE, "`..`");
	expect_refused(world, "file:../operators/file", CODE_SECRET_FILE,
	               "`..`");
	expect_refused(world, "file:sub/../file", CODE_SECRET_FILE, "`..`");
	expect_refused(world, "file:..", CODE_SECRET_FILE, "`..`");
	expect_refused(world, "file:", CODE_SECRET_FILE, "no file");
	world->settings.folder_count = 0;
	expect_refused(world, source, CODE_SECRET_FILE, "outside");
	world->settings.root = NULL;
	expect_refused(world, "file:file", CODE_SECRET_FILE, "outside");
}

static void links_are_refused(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *target = put(world->root, "file", CANARY, 0600);
	CLEANUP(textp) char *link_path = path_join(world->root, "link");
	CLEANUP(textp) char *sub = path_join(world->root, "sub");

	assert_int_equal(symlink(target, link_path), 0);
	assert_int_equal(symlink(world->operators, sub), 0);
	free(put(world->operators, "file", CANARY, 0600));
	expect_refused(world, "file:link", CODE_SECRET_FILE, "it is a link");
	expect_refused(world, "file:sub/file", CODE_SECRET_FILE,
	               "on the way to it is a link");
}

static void only_regular_files_are_read(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *pipe_path = path_join(world->root, "pipe");
	CLEANUP(textp) char *sub = path_join(world->root, "sub");

	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_int_equal(mkdir(sub, 0700), 0);
	expect_refused(world, "file:pipe", CODE_SECRET_FILE, "no regular");
	expect_refused(world, "file:sub", CODE_SECRET_FILE, "no regular");
	expect_refused(world, "file:pipe/file", CODE_SECRET_FILE, "folder");
	world->folders[0] = "/dev";
	expect_refused(world, "file:/dev/null", CODE_SECRET_FILE, "no regular");
}

static void files_that_others_may_touch_are_refused(void **context)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602,
		                        0644, 0660, 0666, 0610 };
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(modes); i++) {
		free(put(world->root, "file", CANARY, modes[i]));
		expect_refused(world, "file:file", CODE_SECRET_FILE,
		               "chmod 600");
	}
}

static void folders_that_everybody_may_write_to_are_refused(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *sub = path_join(world->root, "sub");

	assert_int_equal(mkdir(sub, 0700), 0);
	free(put(sub, "file", CANARY, 0600));
	assert_int_equal(chmod(sub, 0777), 0);
	expect_refused(world, "file:sub/file", CODE_SECRET_FILE, "chmod o-w");
	assert_int_equal(chmod(sub, 01777), 0);
	expect_secret(world, "file:sub/file", CANARY);
	assert_int_equal(chmod(world->root, 0777), 0);
	expect_refused(world, "file:sub/file", CODE_SECRET_FILE, "chmod o-w");
	assert_int_equal(chmod(world->root, 0700), 0);
}

/* Others' files can be made by root alone. */
static void files_of_other_users_are_refused(void **context)
{
	if (geteuid() != 0)
		skip();

	struct world *world = *context;
	CLEANUP(textp) char *path = put(world->root, "file", CANARY, 0600);

	assert_int_equal(chown(path, 12345, 0), 0);
	expect_refused(world, "file:file", CODE_SECRET_FILE, "another user");
}

static void a_mounted_file_may_be_readable_by_its_group(void **context)
{
	if (geteuid() != 0)
		skip();

	struct world *world = *context;
	CLEANUP(textp)
	char *path = put(world->operators, "file", CANARY, 0440);
	CLEANUP(textp) char *source = xasprintf("file:%s", path);

	expect_secret(world, source, CANARY);
	assert_int_equal(chmod(path, 0460), 0);
	expect_refused(world, source, CODE_SECRET_FILE, "chmod 600");
	assert_int_equal(chmod(path, 0444), 0);
	expect_refused(world, source, CODE_SECRET_FILE, "chmod 600");
	free(put(world->root, "file", CANARY, 0440));
	expect_refused(world, "file:file", CODE_SECRET_FILE, "chmod 600");
}

static void a_secret_has_a_largest_size(void **context)
{
	struct world *world = *context;
	char *text = xcalloc(1, LIMIT_SECRET_BYTES + 2);

	memset(text, 'k', LIMIT_SECRET_BYTES);
	free(put(world->root, "file", text, 0600));
	expect_secret(world, "file:file", text);
	text[LIMIT_SECRET_BYTES] = 'k';
	free(put(world->root, "file", text, 0600));
	expect_refused(world, "file:file", CODE_TOO_LARGE, "larger");
	free(text);
}

static void a_variable_has_the_same_largest_size(void **context)
{
	static const char name[] = "LARGE=";
	struct world *world = *context;
	char *entry = xcalloc(1, sizeof(name) + LIMIT_SECRET_BYTES + 1);
	char *const entries[] = { entry, NULL };
	struct variables *variables;

	memset(entry, 'k', sizeof(name) + LIMIT_SECRET_BYTES - 1);
	memcpy(entry, name, sizeof(name) - 1);
	variables = variables_new(entries);
	world->settings.variables = variables;
	assert_int_equal(resolve(world, "env:LARGE"), SECRET_RESOLVED);
	entry[sizeof(name) + LIMIT_SECRET_BYTES - 1] = 'k';
	expect_refused(world, "env:LARGE", CODE_TOO_LARGE, "larger");
	variables_free(variables);
	free(entry);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(variables_are_found_as_getenv_would),
		TEST(of_many_variables_each_is_found),
		TEST(a_variable_gives_a_secret),
		TEST(an_unset_variable_is_not_reported),
		TEST(an_empty_variable_is_a_mistake),
		TEST(only_names_that_are_allowed_are_read),
		TEST(a_source_is_a_variable_or_a_file),
		TEST(a_file_inside_the_root_is_read),
		TEST(one_newline_at_the_end_is_dropped),
		TEST(a_file_that_is_absent_is_not_reported),
		TEST(a_file_of_the_operators_folder_is_read),
		TEST(files_elsewhere_are_refused),
		TEST(links_are_refused),
		TEST(only_regular_files_are_read),
		TEST(files_that_others_may_touch_are_refused),
		TEST(folders_that_everybody_may_write_to_are_refused),
		TEST(files_of_other_users_are_refused),
		TEST(a_mounted_file_may_be_readable_by_its_group),
		TEST(a_secret_has_a_largest_size),
		TEST(a_variable_has_the_same_largest_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
