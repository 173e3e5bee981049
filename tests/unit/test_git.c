/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "git_world.h"
#include "schema/codes.h"

static const char two_commits[] =
	"say init repo; mkdir -p repo/envs; echo one >repo/envs/prod.yaml; "
	"echo base >repo/base.yaml; commit repo first >/dev/null; "
	"echo two >repo/envs/prod.yaml; commit repo second";

/* ---- names ---- */

static void a_branch_is_resolved_with_its_name(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *head = git_world_run(world, two_commits);
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo/envs");
	CLEANUP(git_revision_release) struct git_revision revision = { 0 };
	CLEANUP(textp) char *text = NULL;
	CLEANUP(textp) char *wanted = xasprintf("main@sha1:%s", head);
	CLEANUP(textp) char *root = path_join(world->root, "repo");

	assert_int_equal(git_resolve(git, "HEAD", &revision, world->diag),
	                 GIT_FOUND);
	text = git_revision_text(&revision);

	assert_string_equal(text, wanted);
	assert_string_equal(git_root(git), root);
	assert_string_equal(revision.tag.hex, "");
}

static void a_tag_is_peeled_and_a_commit_has_no_name(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *head = git_world_run(world, two_commits);
	CLEANUP(textp)
	char *tag = git_world_run(world, "say -C repo tag -a -m v1 v1; git -C "
	                                 "repo rev-parse v1");
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");
	CLEANUP(git_revision_release) struct git_revision revision = { 0 };
	CLEANUP(git_revision_release) struct git_revision bare = { 0 };

	assert_int_equal(git_resolve(git, "v1", &revision, world->diag),
	                 GIT_FOUND);
	assert_string_equal(revision.commit.hex, head);
	assert_string_equal(revision.tag.hex, tag);
	assert_string_equal(revision.name, "v1");
	assert_int_equal(git_resolve(git, head, &bare, world->diag), GIT_FOUND);
	assert_null(bare.name);
}

static void what_names_no_commit_is_absent(void **state)
{
	static const char *const revs[] = {
		"nowhere",
		"HEAD~5",
		"-x",
		"HEAD@{1}",
		"a..b",
		"",
		":base.yaml",
		"main:base.yaml",
		"main\nx",
		"HEAD^{/first}",
		"0123456789012345678901234567890123456789",
	};
	struct git_world *world = *state;

	git_world_do(world, two_commits);

	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");

	for (size_t i = 0; i < LENGTH(revs); i++) {
		struct git_revision revision = { 0 };

		assert_int_equal(
			git_resolve(git, revs[i], &revision, world->diag),
			GIT_ABSENT);
	}
	assert_int_equal(diag_length(world->diag), 0);
}

static void a_folder_without_repository_is_reported(void **state)
{
	struct git_world *world = *state;

	assert_null(git_open(world->root, &world->settings, world->diag));
	assert_int_equal(git_world_code(world), CODE_GIT_REPOSITORY);
}

static void refs_and_remotes_are_read(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *head = git_world_run(world, two_commits);
	CLEANUP(textp) char *url = NULL;
	CLEANUP(textp) char *none = NULL;
	struct git_id id;

	git_world_do(world, "say -C repo remote add origin "
	                    "https://example.org/x.git");

	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");

	assert_int_equal(git_read_ref(git, "refs/heads/main", &id, world->diag),
	                 GIT_FOUND);
	assert_string_equal(id.hex, head);
	assert_int_equal(git_read_ref(git, "refs/heads/x", &id, world->diag),
	                 GIT_ABSENT);
	assert_int_equal(git_remote_address(git, "origin", &url, world->diag),
	                 GIT_FOUND);
	assert_string_equal(url, "https://example.org/x.git");
	assert_int_equal(git_remote_address(git, "other", &none, world->diag),
	                 GIT_ABSENT);
}

/* ---- reading ---- */

static void a_file_is_read_as_it_is_in_the_commit(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *head = git_world_run(world, two_commits);
	CLEANUP(buffer_release) struct buffer text = { 0 };
	const struct git_id id = git_world_id(head);

	git_world_do(world, "echo changed >repo/envs/prod.yaml");

	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");

	assert_int_equal(git_read_file(git, &id, "envs/prod.yaml", 4, &text,
	                               world->diag),
	                 GIT_KIND_FILE);
	assert_string_equal(text.bytes, "two\n");
}

static void whatever_is_no_file_is_named(void **state)
{
	static const struct {
		const char *path;
		enum git_kind kind;
	} rows[] = {
		{ "big", GIT_KIND_LARGE },
		{ "envs", GIT_KIND_FOLDER },
		{ ".", GIT_KIND_FOLDER },
		{ "link", GIT_KIND_LINK },
		{ "up/prod.yaml", GIT_KIND_LINK },
		{ "module", GIT_KIND_SUBMODULE },
		{ "module/x", GIT_KIND_SUBMODULE },
		{ "lfs.yaml", GIT_KIND_POINTER },
		{ "envs/none.yaml", GIT_KIND_ABSENT },
		{ "base.yaml/x", GIT_KIND_ABSENT },
		{ "..", GIT_KIND_ABSENT },
		{ "envs/../base.yaml", GIT_KIND_ABSENT },
		{ "/base.yaml", GIT_KIND_ABSENT },
		{ "base.yaml/", GIT_KIND_ABSENT },
	};
	struct git_world *world = *state;
	CLEANUP(textp)
	char *head = git_world_run(
		world,
		"say init repo; cd repo; mkdir envs; echo base >base.yaml; "
		"echo one >envs/prod.yaml; ln -s base.yaml link; "
		"ln -s envs up; echo too large >big; printf '%s\\n' "
		"'version https://git-lfs.github.com/spec/v1' 'oid sha256:1' "
		"'size 1' >lfs.yaml; git update-index --add --cacheinfo "
		"160000,0123456789012345678901234567890123456789,module; "
		"git add base.yaml envs link up big lfs.yaml; "
		"say commit -m first; git rev-parse HEAD");
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");
	const struct git_id id = git_world_id(head);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_release) struct buffer text = { 0 };
		const size_t limit = rows[i].kind == GIT_KIND_LARGE ? 3 : 999;

		assert_int_equal(git_read_file(git, &id, rows[i].path, limit,
		                               &text, world->diag),
		                 rows[i].kind);
		assert_null(text.bytes);
	}
	assert_int_equal(diag_length(world->diag), 0);
}

static void a_folder_is_listed(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *head = git_world_run(world, two_commits);
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");
	CLEANUP(git_entries_release) struct git_entries entries = { 0 };
	struct git_entries none = { 0 };
	const struct git_id id = git_world_id(head);

	assert_int_equal(git_list_folder(git, &id, ".", &entries, world->diag),
	                 GIT_FOUND);
	assert_int_equal(entries.count, 2);
	assert_string_equal(entries.items[0].name, "base.yaml");
	assert_int_equal(entries.items[1].kind, GIT_KIND_FOLDER);
	assert_int_equal(git_list_folder(git, &id, "no", &none, world->diag),
	                 GIT_ABSENT);
}

static void uncommitted_changes_are_seen(void **state)
{
	static const struct {
		const char *path;
		bool changed;
	} rows[] = {
		{ "envs/prod.yaml", true }, { "base.yaml", false },
		{ "new.yaml", true },       { "ignored.yaml", false },
		{ "nowhere.yaml", false },
	};
	struct git_world *world = *state;

	git_world_do(world, two_commits);
	git_world_do(world, "cd repo; echo ignored.yaml >.git/info/exclude; "
	                    "echo 3 >envs/prod.yaml; echo 1 >new.yaml; "
	                    "echo 1 >ignored.yaml");

	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");

	for (size_t i = 0; i < LENGTH(rows); i++) {
		bool changed = !rows[i].changed;

		assert_int_equal(git_uncommitted(git, rows[i].path, &changed,
		                                 world->diag),
		                 0);
		assert_int_equal(changed, rows[i].changed);
	}
}

/* ---- history ---- */

static void ancestors_are_told_from_strangers(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp)
	char *first = git_world_run(world, "say init repo; commit repo first");
	CLEANUP(textp)
	char *second = git_world_run(world, "commit repo second");
	CLEANUP(textp)
	char *other = git_world_run(
		world, "cd repo; say checkout -q HEAD~1; commit . other");
	const struct git_id stranger = {
		"0123456789012345678901234567890123456789"
	};
	const struct git_id ids[] = { git_world_id(first), git_world_id(second),
		                      git_world_id(other), stranger };
	static const struct {
		size_t old, new;
		bool is;
	} rows[] = { { 0, 1, true },  { 1, 1, true },  { 0, 2, true },
		     { 1, 0, false }, { 1, 2, false }, { 3, 1, false } };
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");

	for (size_t i = 0; i < LENGTH(rows); i++) {
		bool is = !rows[i].is;

		assert_int_equal(git_is_ancestor(git, &ids[rows[i].old],
		                                 &ids[rows[i].new], &is,
		                                 world->diag),
		                 0);
		assert_int_equal(is, rows[i].is);
	}
}

/* ---- writing ---- */

static void a_commit_is_written_and_read_back(void **state)
{
	static const struct git_file files[] = { { "ledger.json", "{}", 2 },
		                                 { "a/b.txt", "\0x", 2 } };
	struct git_world *world = *state;
	CLEANUP(textp) char *head = git_world_run(world, two_commits);
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");
	CLEANUP(git_history_release) struct git_history history = { 0 };
	CLEANUP(buffer_release) struct buffer text = { 0 };
	const struct git_id parent = git_world_id(head);
	const struct git_draft draft = {
		.files = files,
		.file_count = LENGTH(files),
		.parents = &parent,
		.parent_count = 1,
		.message = "intent: 2 changes\n",
		.author = "bot",
		.email = "bot@example.org",
		.time_s = 1700000001,
	};
	struct git_id id;

	assert_int_equal(git_write_commit(git, &draft, &id, world->diag), 0);
	assert_int_equal(git_log(git, &id, 2, &history, world->diag), 0);
	assert_int_equal(history.count, 2);
	assert_string_equal(history.items[0].message, "intent: 2 changes\n");
	assert_string_equal(history.items[0].author, "bot");
	assert_string_equal(history.items[0].parent.hex, head);
	assert_int_equal(history.items[0].time_s, 1700000001);
	assert_string_equal(history.items[1].message, "second\n");
	assert_int_equal(
		git_read_file(git, &id, "a/b.txt", 9, &text, world->diag),
		GIT_KIND_FILE);
	assert_int_equal(text.length, 2);
	assert_memory_equal(text.bytes, "\0x", 2);
}

static void a_file_of_a_draft_cannot_be_called_anything(void **state)
{
	static const char *const paths[] = { "", ".git/config", "../x", "/x",
		                             "a//b" };
	struct git_world *world = *state;

	git_world_do(world, two_commits);

	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");

	for (size_t i = 0; i < LENGTH(paths); i++) {
		const struct git_file file = { paths[i], "x", 1 };
		const struct git_draft draft = {
			.files = &file,
			.file_count = 1,
			.message = "m\n",
			.author = "a",
			.email = "e",
		};
		struct git_id id;

		assert_int_equal(
			git_write_commit(git, &draft, &id, world->diag), -1);
	}
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, git_world_make, git_world_end)
	const struct CMUnitTest tests[] = {
		TEST(a_branch_is_resolved_with_its_name),
		TEST(a_tag_is_peeled_and_a_commit_has_no_name),
		TEST(what_names_no_commit_is_absent),
		TEST(a_folder_without_repository_is_reported),
		TEST(refs_and_remotes_are_read),
		TEST(a_file_is_read_as_it_is_in_the_commit),
		TEST(whatever_is_no_file_is_named),
		TEST(a_folder_is_listed),
		TEST(uncommitted_changes_are_seen),
		TEST(ancestors_are_told_from_strangers),
		TEST(a_commit_is_written_and_read_back),
		TEST(a_file_of_a_draft_cannot_be_called_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
