/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "git_world.h"
#include "schema/codes.h"
#include "source/source.h"

/* A revision of the world's `repo`, and a source over it. */
struct reader {
	struct git *git;
	struct git_revision revision;
	struct source *source;
};

static void release_reader(struct reader *reader)
{
	source_free(reader->source);
	git_revision_release(&reader->revision);
	git_free(reader->git);
}

static struct source_commit commit_of(const struct reader *reader)
{
	return (struct source_commit){
		.git = reader->git,
		.revision = &reader->revision,
	};
}

static struct reader look(struct git_world *world)
{
	struct reader reader = { .git = git_world_open(world, "repo") };

	assert_int_equal(
		git_resolve(reader.git, "main", &reader.revision, world->diag),
		GIT_FOUND);
	return reader;
}

static char *read_text(const struct source *source, const char *path,
                       struct diag *diag)
{
	struct buffer text = { 0 };

	if (source_read(source, path, PLACE_NONE, &text, diag) < 0)
		return NULL;
	return text.bytes;
}

static void make_repository(const struct git_world *world)
{
	git_world_do(world, "say init repo; mkdir -p repo/envs; cd repo; "
	                    "printf 'environment: prod\\n' >envs/prod.yaml; "
	                    "echo base >base.yaml; commit . first");
}

static void files_are_named_as_on_the_disk(void **state)
{
	struct git_world *world = *state;

	make_repository(world);

	CLEANUP(release_reader) struct reader reader = look(world);
	const struct source_commit commit = commit_of(&reader);
	CLEANUP(textp) char *root = path_join(world->root, "repo");
	CLEANUP(textp) char *text = NULL;
	CLEANUP(textp) char *base = NULL;

	git_world_do(world, "echo other >repo/envs/prod.yaml");
	assert_int_equal(chdir("repo"), 0);
	reader.source =
		source_commit(&commit, "envs/prod.yaml", NULL, world->diag);
	assert_non_null(reader.source);
	text = read_text(reader.source, source_first(reader.source),
	                 world->diag);
	base = source_resolve(reader.source, "envs/prod.yaml", "../base.yaml",
	                      PLACE_NONE, world->diag);

	assert_string_equal(text, "environment: prod\n");
	assert_string_equal(base, "base.yaml");
	assert_string_equal(source_root(reader.source), root);
	assert_string_equal(source_display(reader.source, base), "base.yaml");
	assert_true(str_starts(source_revision(reader.source), "main@sha1:"));
	assert_null(source_resolve(reader.source, "base.yaml", "../x.yaml",
	                           PLACE_NONE, world->diag));
	assert_int_equal(git_world_code(world), CODE_OUTSIDE_ROOT);
}

static void the_root_can_be_a_folder_of_the_repository(void **state)
{
	struct git_world *world = *state;

	make_repository(world);

	CLEANUP(release_reader) struct reader reader = look(world);
	const struct source_commit commit = commit_of(&reader);

	assert_int_equal(chdir("repo"), 0);
	reader.source =
		source_commit(&commit, "envs/prod.yaml", "envs", world->diag);
	assert_non_null(reader.source);
	assert_string_equal(source_first(reader.source), "prod.yaml");
	assert_null(source_resolve(reader.source, "prod.yaml", "../base.yaml",
	                           PLACE_NONE, world->diag));
	assert_null(source_commit(&commit, "base.yaml", "envs", world->diag));
	assert_null(source_commit(&commit, "base.yaml", "/", world->diag));
}

static void a_fetched_commit_is_nowhere_on_the_disk(void **state)
{
	struct git_world *world = *state;

	make_repository(world);

	CLEANUP(release_reader) struct reader reader = look(world);
	struct source_commit commit = commit_of(&reader);
	CLEANUP(textp) char *found = NULL;
	CLEANUP(textp) char *text = NULL;

	commit.fetched = true;
	reader.source =
		source_commit(&commit, "prod.yaml", "envs", world->diag);
	assert_non_null(reader.source);
	text = read_text(reader.source, "prod.yaml", world->diag);
	found = source_find_in_commit(&commit, "envs", world->diag);

	assert_string_equal(text, "environment: prod\n");
	assert_null(source_root(reader.source));
	assert_string_equal(source_display(reader.source, "prod.yaml"),
	                    "envs/prod.yaml");
	assert_string_equal(found, "prod.yaml");
	assert_null(source_commit(&commit, "../x", NULL, world->diag));
	assert_null(source_commit(&commit, "/x", NULL, world->diag));
	assert_null(source_commit(&commit, "x", "../..", world->diag));
	assert_null(source_find_in_commit(&commit, ".", world->diag));
	assert_int_equal(git_world_code(world), CODE_NO_FILE);
	assert_null(source_find_in_commit(&commit, "no", world->diag));
	assert_int_equal(git_world_code(world), CODE_FILE_UNREADABLE);
}

static void few_objects_are_read_of_a_large_repository(void **state)
{
	enum { DEPTH = 4 };
	struct git_world *world = *state;

	git_world_do(world,
	             "say init repo; seq 5000 | awk 'BEGIN { print \"commit "
	             "refs/heads/main\\ncommitter A <a@b> 1700000000 "
	             "+0000\\ndata 5\\nmany\" } { printf \"M 100644 inline "
	             "%d/%d/x/%d.yaml\\ndata %d\\n%d\\n\", $1 % 5, $1 % 50, "
	             "$1, length($1), $1 } END { print \"M 100644 inline "
	             "3/13/x/prod.yaml\\ndata 18\\nenvironment: prod\" }' | "
	             "git -C repo fast-import --quiet; git -C repo ls-tree -r "
	             "main | wc -l | grep -q 5001");

	CLEANUP(release_reader) struct reader reader = look(world);
	const struct source_commit commit = commit_of(&reader);
	CLEANUP(textp) char *text = NULL;

	assert_int_equal(chdir("repo"), 0);
	reader.source =
		source_commit(&commit, "3/13/x/prod.yaml", NULL, world->diag);
	assert_non_null(reader.source);
	text = read_text(reader.source, "3/13/x/prod.yaml", world->diag);

	assert_string_equal(text, "environment: prod\n");
	assert_true(git_objects_read(reader.git) >= DEPTH);
	assert_true(git_objects_read(reader.git) <= DEPTH + 10);
}

/* ---- again and again ---- */

/* Resident pages of a process; 0 when it is gone. */
static unsigned long pages_of(const char *pid)
{
	CLEANUP(textp) char *path = xasprintf("/proc/%s/statm", pid);
	CLEANUP(filep) FILE *in = fopen(path, "re");
	unsigned long size = 0, resident = 0;

	if (!in || fscanf(in, "%lu %lu", &size, &resident) != 2)
		return 0;
	return resident;
}

/* The only child of this process, for free(). */
static char *child_pid(void)
{
	CLEANUP(textp)
	char *path = xasprintf("/proc/self/task/%d/children", getpid());
	CLEANUP(filep) FILE *in = fopen(path, "re");
	unsigned long pid = 0;

	if (!in || fscanf(in, "%lu", &pid) != 1)
		return NULL;
	return xasprintf("%lu", pid);
}

static void fetch_and_read(struct git *git, const char *url,
                           struct git_world *world)
{
	CLEANUP(git_revision_release) struct git_revision revision = { 0 };
	CLEANUP(source_freep) struct source *source = NULL;
	CLEANUP(textp) char *text = NULL;
	struct source_commit commit = { .git = git,
		                        .revision = &revision,
		                        .fetched = true };

	assert_int_equal(
		git_fetch_ref(git, url, "main", &revision, world->diag),
		GIT_FOUND);
	source = source_commit(&commit, "envs/prod.yaml", NULL, world->diag);
	assert_non_null(source);
	text = read_text(source, "envs/prod.yaml", world->diag);
	assert_string_equal(text, "environment: prod\n");
}

/* A sanitizer keeps what is freed for a while; it says at the end what was
 * not. */
#ifdef TRUEUP_SANITIZE
enum { GROWTH_PAGES = 1024 };
#else
enum { GROWTH_PAGES = 64 };
#endif

/* The program, with little patience of its sanitizer, and its reports in files
 * `report.PID`. */
static char *make_program(const struct git_world *world)
{
	char *path = path_join(world->root, "program");
	CLEANUP(textp)
	char *script = xasprintf(
		"here=$(dirname \"$(readlink /proc/%d/exe)\"); cat >program "
		"<<EOT\n#!/bin/sh\nASAN_OPTIONS=quarantine_size_mb=1:"
		"log_path=%s/report exec $here/trueup-git\nEOT\nchmod +x "
		"program",
		getpid(), world->root);

	git_world_do(world, script);
	return path;
}

static void a_hundred_fetches_leave_nothing_behind(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *program = make_program(world);

	make_repository(world);
	world->settings.flags = GIT_ALLOW_FILE;
	world->settings.program = program;

	CLEANUP(textp) char *url = xasprintf("file://%s/repo", world->root);
	CLEANUP(textp) char *path = path_join(world->root, "cache");
	struct git *git = git_open_cache(path, &world->settings, world->diag);
	CLEANUP(textp) char *pid = NULL;
	CLEANUP(textp) char *reports = NULL;
	unsigned long pages = 0;
	size_t files = 0, its_files = 0;

	assert_non_null(git);
	for (int i = 0; i < 100; i++) {
		fetch_and_read(git, url, world);
		if (i != 10)
			continue;
		pid = child_pid();
		assert_non_null(pid);
		pages = pages_of(pid);
		files = git_world_open_files("self");
		its_files = git_world_open_files(pid);
	}
	assert_int_equal(git_world_open_files("self"), files);
	assert_int_equal(git_world_open_files(pid), its_files);
	assert_in_range(pages_of(pid), 1, pages + GROWTH_PAGES);
	git_free(git);
	reports =
		git_world_run(world, "grep -h ERROR report.* 2>/dev/null || :");
	assert_string_equal(reports, "");
}

static void thirty_sessions_leave_nothing_behind(void **state)
{
	struct git_world *world = *state;
	size_t files = 0;

	make_repository(world);
	world->settings.flags = GIT_ALLOW_FILE;

	CLEANUP(textp) char *url = xasprintf("file://%s/repo", world->root);
	CLEANUP(textp) char *path = path_join(world->root, "cache");

	for (int i = 0; i < 30; i++) {
		struct git *git =
			git_open_cache(path, &world->settings, world->diag);

		assert_non_null(git);
		fetch_and_read(git, url, world);
		git_free(git);
		if (i == 1)
			files = git_world_open_files("self");
	}
	assert_int_equal(git_world_open_files("self"), files);
	assert_null(child_pid());
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, git_world_make, git_world_end)
	const struct CMUnitTest tests[] = {
		TEST(files_are_named_as_on_the_disk),
		TEST(the_root_can_be_a_folder_of_the_repository),
		TEST(a_fetched_commit_is_nowhere_on_the_disk),
		TEST(few_objects_are_read_of_a_large_repository),
		TEST(a_hundred_fetches_leave_nothing_behind),
		TEST(thirty_sessions_leave_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
