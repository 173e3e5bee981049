/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "git_world.h"
#include "schema/codes.h"

/* A cache, and a bare repository `far.git` at `url` with two commits. */
struct far {
	struct git *git;
	char *url;
	struct git_id first, second;
};

static void release_far(struct far *far)
{
	git_free(far->git);
	free(far->url);
}

static struct git *open_cache(struct git_world *world)
{
	CLEANUP(textp) char *path = path_join(world->root, "cache/far");
	struct git *git;

	world->settings.flags = GIT_ALLOW_FILE;
	git = git_open_cache(path, &world->settings, world->diag);
	if (!git) {
		CLEANUP(textp) char *text = diag_text(world->diag);

		fail_msg("%s", text);
	}
	return git;
}

static struct far go_far(struct git_world *world)
{
	CLEANUP(textp)
	char *first = git_world_run(world, "say init repo; echo 1 >repo/a; "
	                                   "commit repo first");
	CLEANUP(textp)
	char *second =
		git_world_run(world, "echo 2 >repo/a; commit repo second; "
	                             "say clone --bare repo far.git");

	return (struct far){
		.git = open_cache(world),
		.url = xasprintf("file://%s/far.git", world->root),
		.first = git_world_id(first),
		.second = git_world_id(second),
	};
}

/* ---- fetching ---- */

static void a_branch_tag_or_head_is_fetched_by_its_name(void **state)
{
	static const struct {
		const char *ref, *name;
	} rows[] = {
		{ "main", "main" },     { "refs/heads/main", "main" },
		{ "HEAD", "main" },     { "v1", "v1" },
		{ "team/x", "team/x" },
	};
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);

	git_world_do(world, "say -C far.git tag -a -m v1 v1; say -C far.git "
	                    "branch team/x");
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(git_revision_release)
		struct git_revision revision = { 0 };
		CLEANUP(buffer_release) struct buffer text = { 0 };

		assert_int_equal(git_fetch_ref(far.git, far.url, rows[i].ref,
		                               &revision, world->diag),
		                 GIT_FOUND);
		assert_string_equal(revision.commit.hex, far.second.hex);
		assert_string_equal(revision.name, rows[i].name);
		assert_int_equal(git_read_file(far.git, &revision.commit, "a",
		                               9, &text, world->diag),
		                 GIT_KIND_FILE);
		assert_string_equal(text.bytes, "2\n");
	}
}

static void a_commit_is_fetched_by_its_digits(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	CLEANUP(git_revision_release) struct git_revision revision = { 0 };
	struct git_revision none = { 0 };

	assert_int_equal(git_fetch_ref(far.git, far.url, far.first.hex,
	                               &revision, world->diag),
	                 GIT_FOUND);
	assert_string_equal(revision.commit.hex, far.first.hex);
	assert_null(revision.name);
	assert_int_equal(
		git_fetch_ref(far.git, far.url,
	                      "0123456789012345678901234567890123456789", &none,
	                      world->diag),
		GIT_ABSENT);
}

static void a_ref_that_is_not_there_is_absent(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	struct git_revision none = { 0 };

	assert_int_equal(
		git_fetch_ref(far.git, far.url, "x", &none, world->diag),
		GIT_ABSENT);
	assert_int_equal(git_fetch_ref(far.git, far.url, "refs/trueup/x", &none,
	                               world->diag),
	                 GIT_ABSENT);
	assert_int_equal(diag_length(world->diag), 0);
}

static void a_repository_that_is_not_there_is_no_empty_one(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	CLEANUP(textp) char *url = xasprintf("%s.no", far.url);
	struct git_revision none = { 0 };

	assert_int_equal(
		git_fetch_ref(far.git, url, "main", &none, world->diag),
		GIT_FAILED);
	assert_int_equal(git_world_code(world), CODE_GIT_NETWORK);
}

static void what_a_killed_fetch_left_blocks_nothing(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	struct git_revision revision = { 0 };

	assert_int_equal(
		git_fetch_ref(far.git, far.url, "main", &revision, world->diag),
		GIT_FOUND);
	git_revision_release(&revision);
	git_free(TAKE(far.git));
	git_world_do(world,
	             "cd cache/far; mkdir -p objects/pack refs/trueup/fetched; "
	             "touch 'refs/trueup/fetched/refs%heads%main.lock' "
	             "config.lock HEAD.lock objects/pack/pack_git2_abc");
	git_world_do(world, "echo 3 >repo/a; commit repo third; "
	                    "say -C repo push ../far.git main");
	far.git = open_cache(world);
	assert_int_equal(
		git_fetch_ref(far.git, far.url, "main", &revision, world->diag),
		GIT_FOUND);
	assert_string_not_equal(revision.commit.hex, far.second.hex);
	git_revision_release(&revision);
	git_world_do(world, "test -z \"$(find cache/far -name '*.lock' -o "
	                    "-name 'pack_git2_*')\"");
}

static void a_damaged_cache_is_made_anew(void **state)
{
	static const char *const damages[] = {
		"rm cache/far/HEAD",
		("find cache/far/objects -type f -exec sh -c 'chmod 600 "
		 "\"$1\"; "
		 ": >\"$1\"' - {} \\;"),
		"echo nonsense >cache/far/config",
	};
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);

	for (size_t i = 0; i < LENGTH(damages); i++) {
		struct git_revision revision = { 0 };

		assert_int_equal(git_fetch_ref(far.git, far.url, "main",
		                               &revision, world->diag),
		                 GIT_FOUND);
		git_revision_release(&revision);
		git_free(TAKE(far.git));
		git_world_do(world, damages[i]);
		far.git = open_cache(world);
		assert_int_equal(git_fetch_ref(far.git, far.url, "main",
		                               &revision, world->diag),
		                 GIT_FOUND);
		git_revision_release(&revision);
	}
}

static void a_cache_that_others_may_write_is_refused(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *path = path_join(world->root, "cache/far");

	git_free(open_cache(world));
	git_world_do(world, "chmod 0770 cache/far");
	assert_null(git_open_cache(path, &world->settings, world->diag));
	assert_int_equal(git_world_code(world), CODE_GIT_REPOSITORY);
}

/* ---- pushing ---- */

static struct git_id commit_on(struct far *far, const struct git_id *parent,
                               const char *text, struct diag *diag)
{
	const struct git_file file = { "ledger.json", text, strlen(text) };
	const struct git_draft draft = {
		.files = &file,
		.file_count = 1,
		.parents = parent,
		.parent_count = parent ? 1 : 0,
		.message = "ledger\n",
		.author = "bot",
		.email = "bot@example.org",
		.time_s = 1700000000,
	};
	struct git_id id;

	assert_int_equal(git_write_commit(far->git, &draft, &id, diag), 0);
	return id;
}

static enum git_pushed push(struct far *far, const struct git_id *expected,
                            const struct git_id *commit, struct diag *diag)
{
	const struct git_move move = {
		.url = far->url,
		.ref = "refs/trueup/ledger/prod",
		.expected = expected,
		.commit = commit,
	};

	return git_push_ref(far->git, &move, diag);
}

static void a_push_is_a_compare_and_swap(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	struct diag *diag = world->diag;
	const struct git_id one = commit_on(&far, NULL, "1", diag);
	const struct git_id two = commit_on(&far, &one, "2", diag);
	const struct git_id other = commit_on(&far, &one, "3", diag);
	CLEANUP(git_revision_release) struct git_revision there = { 0 };

	assert_int_equal(push(&far, &one, &two, diag), GIT_RACED);
	assert_int_equal(push(&far, NULL, &one, diag), GIT_PUSHED);
	assert_int_equal(push(&far, NULL, &one, diag), GIT_RACED);
	assert_int_equal(push(&far, &one, &two, diag), GIT_PUSHED);
	assert_int_equal(push(&far, &one, &other, diag), GIT_RACED);
	assert_int_equal(git_fetch_ref(far.git, far.url,
	                               "refs/trueup/ledger/prod", &there, diag),
	                 GIT_FOUND);
	assert_string_equal(there.commit.hex, two.hex);
	assert_int_equal(diag_length(diag), 0);
	git_world_do(world, "git -C far.git fsck --strict");
}

static void a_push_looks_whether_the_lock_still_stands(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	CLEANUP(textp) char *url = xstrdup(far.url);
	struct diag *diag = world->diag;
	const struct git_id one = commit_on(&far, NULL, "1", diag);
	const struct git_id two = commit_on(&far, &one, "2", diag);
	struct git_move move = { .ref = "refs/trueup/ledger/prod",
		                 .expected = &one,
		                 .commit = &two,
		                 .held = "refs/trueup/lock/prod",
		                 .holds = &one };
	const struct git_move lock = { .url = url,
		                       .ref = move.held,
		                       .commit = &one };

	assert_int_equal(push(&far, NULL, &one, diag), GIT_PUSHED);
	move.url = url;
	assert_int_equal(git_push_ref(far.git, &move, diag), GIT_LOST);
	assert_int_equal(git_push_ref(far.git, &lock, diag), GIT_PUSHED);
	move.holds = &two;
	assert_int_equal(git_push_ref(far.git, &move, diag), GIT_LOST);
	move.url = NULL;
	assert_int_equal(git_push_ref(far.git, &move, diag), GIT_LOST);
	move.url = url;
	move.holds = &one;
	assert_int_equal(git_push_ref(far.git, &move, diag), GIT_PUSHED);
	assert_int_equal(diag_length(diag), 0);
}

static void a_ref_here_moves_the_same_way(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	struct diag *diag = world->diag;
	const struct git_id one = commit_on(&far, NULL, "1", diag);
	const struct git_id two = commit_on(&far, &one, "2", diag);
	struct git_id at;

	free(TAKE(far.url));
	assert_int_equal(push(&far, NULL, &one, diag), GIT_PUSHED);
	assert_int_equal(push(&far, NULL, &two, diag), GIT_RACED);
	assert_int_equal(push(&far, &one, &two, diag), GIT_PUSHED);
	assert_int_equal(
		git_read_ref(far.git, "refs/trueup/ledger/prod", &at, diag),
		GIT_FOUND);
	assert_string_equal(at.hex, two.hex);
}

static void a_repository_with_a_work_tree_takes_refs_too(void **state)
{
	struct git_world *world = *state;
	CLEANUP(release_far) struct far far = go_far(world);
	struct diag *diag = world->diag;
	const struct git_id one = commit_on(&far, NULL, "1", diag);

	free(far.url);
	far.url = xasprintf("file://%s/repo", world->root);
	assert_int_equal(push(&far, NULL, &one, diag), GIT_PUSHED);
	git_world_do(world, "git -C repo rev-parse -q --verify "
	                    "refs/trueup/ledger/prod");
}

/* ---- URLs ---- */

static void only_known_transports_pass(void **state)
{
	static const struct {
		const char *url, *shown;
		unsigned flags;
		bool good;
	} rows[] = {
		{ "https://example.org/x.git", NULL, 0, true },
		{ "https://bot@example.org/x.git", "https://example.org/x.git",
		  0, true },
		{ "https://bot:hunter2@example.org/x.git",
		  "https://example.org/x.git", 0, false },
		{ "https://bot:hun/ter2@example.org/x.git", NULL, 0, false },
		{ "ssh://git@example.org:2222/x.git",
		  "ssh://example.org:2222/x.git", 0, true },
		{ "git@example.org:x/y.git", "example.org:x/y.git", 0, true },
		{ "http://example.org/x.git", NULL, 0, false },
		{ "http://127.0.0.1:8080/x.git", NULL, 0, true },
		{ "http://localhost/x.git", NULL, 0, true },
		{ "http://localhost.example.org/x", NULL, 0, false },
		{ "file:///srv/x.git", NULL, 0, false },
		{ "file:///srv/x.git", NULL, GIT_ALLOW_FILE, true },
		{ "file://host/x.git", NULL, GIT_ALLOW_FILE, false },
		{ "/srv/x.git", NULL, GIT_ALLOW_FILE, false },
		{ "../x.git", NULL, GIT_ALLOW_FILE, false },
		{ "ext::sh -c id", NULL, GIT_ALLOW_FILE, false },
		{ "ext::sh", NULL, GIT_ALLOW_FILE, false },
		{ "git://example.org/x.git", NULL, 0, false },
		{ "-oProxyCommand=id", NULL, 0, false },
		{ "https://", NULL, 0, false },
		{ "https://bot@/x", "https:///x", 0, false },
		{ "https://example.org/a\nb", NULL, 0, false },
		{ "", NULL, 0, false },
	};
	struct git_world *world = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *shown = git_url_shown(rows[i].url);
		const int good =
			git_check_url(rows[i].url, rows[i].flags, world->diag);

		if ((good == 0) != rows[i].good)
			fail_msg("%s", rows[i].url);
		if (rows[i].shown)
			assert_string_equal(shown, rows[i].shown);
		if (good < 0)
			assert_int_equal(git_world_code(world), CODE_GIT_URL);
	}

	CLEANUP(textp) char *text = diag_text(world->diag);

	assert_null(strstr(text, "hunter2"));
	assert_null(strstr(text, "bot"));
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, git_world_make, git_world_end)
	const struct CMUnitTest tests[] = {
		TEST(a_branch_tag_or_head_is_fetched_by_its_name),
		TEST(a_commit_is_fetched_by_its_digits),
		TEST(a_ref_that_is_not_there_is_absent),
		TEST(a_repository_that_is_not_there_is_no_empty_one),
		TEST(what_a_killed_fetch_left_blocks_nothing),
		TEST(a_damaged_cache_is_made_anew),
		TEST(a_cache_that_others_may_write_is_refused),
		TEST(a_push_is_a_compare_and_swap),
		TEST(a_push_looks_whether_the_lock_still_stands),
		TEST(a_ref_here_moves_the_same_way),
		TEST(a_repository_with_a_work_tree_takes_refs_too),
		TEST(only_known_transports_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
