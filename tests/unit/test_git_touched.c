/* SPDX-License-Identifier: MIT */
/* Git: which commit touched a block of lines last. */
#include "git_world.h"

#include "base/limits.h"
#include "base/text.h"

enum { BLOCKS = 4 };

/* Asks for the blocks at `lines`, 0 being the end; GIT_FOUND or not. */
static enum git_found ask(struct git_world *world, const char *folder,
                          const char *tip, const unsigned *lines,
                          struct git_touched *out)
{
	CLEANUP(git_freep) struct git *git = git_world_open(world, folder);
	const struct git_id commit = git_world_id(tip);

	for (out->count = 0; lines[out->count]; out->count++)
		out->blocks[out->count].line = lines[out->count];
	return git_last_touched(git, &commit, "f", out, world->diag);
}

/* An edit of f in turn, and which edit (from 0) touched which block last. */
static const struct edit {
	const char *script;
	unsigned lines[BLOCKS + 1];
	size_t touched[BLOCKS];
} edits[] = {
	{ "printf 'a:\\n  scopes:\\n    - v\\n    - w\\n    - x\\n"
	  "  name: A\\n\\n# of b\\nb:\\n  s:\\n  - y\\n  - z\\n  n: B\\n' >f",
	  { 1, 3, 9, 11 },
	  { 0, 0, 0, 0 } },
	/* A line becomes another: the block around it, not its neighbours. */
	{ "sed -i 's/name: A/name: Ann/' f", { 1, 3, 6, 9 }, { 1, 0, 1, 0 } },
	/* The last item of a list goes, then the first. */
	{ "sed -i '/- x/d' f", { 1, 3, 5, 8 }, { 2, 2, 1, 0 } },
	{ "sed -i '/- v/d' f", { 1, 3, 4, 7 }, { 3, 3, 1, 0 } },
	/* So do items that are not indented. */
	{ "sed -i '/- z/d' f", { 1, 7, 9, 10 }, { 3, 4, 4, 0 } },
	/* What is said of nobody: a comment, an empty line. */
	{ "sed -i '/# of b/d' f", { 1, 3, 6, 8 }, { 3, 3, 4, 4 } },
	/* Lines before it move a block; what comes in behind it is its own. */
	{ "sed -i '1i# top' f", { 2, 4, 7, 9 }, { 3, 3, 4, 4 } },
	{ "echo '  o: 1' >>f", { 2, 7, 8, 11 }, { 3, 7, 4, 7 } },
	/* A whole neighbour goes. */
	{ "printf 'c: 1\\nd: 2\\n' >>f", { 2, 7, 12, 13 }, { 3, 7, 8, 8 } },
	{ "sed -i '/^c:/d' f", { 2, 7, 11, 12 }, { 3, 7, 7, 8 } },
	/* Everything moves to the end, unchanged. */
	{ "{ echo 'e: 0'; cat f; } >g; mv g f",
	  { 1, 3, 8, 13 },
	  { 10, 3, 7, 8 } },
};

static void a_block_is_of_whoever_changed_added_or_took_a_line(void **state)
{
	struct git_world *world = *state;
	char *commits[LENGTH(edits)];

	git_world_do(world, "say init repo");
	for (size_t i = 0; i < LENGTH(edits); i++) {
		CLEANUP(textp)
		char *script = xasprintf("cd repo; %s; cd ..; commit repo %zu",
		                         edits[i].script, i);
		struct git_block blocks[BLOCKS];
		struct git_touched touched = { .blocks = blocks };

		commits[i] = git_world_run(world, script);
		assert_int_equal(ask(world, "repo", commits[i], edits[i].lines,
		                     &touched),
		                 GIT_FOUND);
		for (size_t j = 0; j < touched.count; j++) {
			if (!str_equal(blocks[j].commit.hex,
			               commits[edits[i].touched[j]]))
				fail_msg("edit %zu, line %u: not of edit %zu",
				         i, blocks[j].line,
				         edits[i].touched[j]);
		}
	}
	for (size_t i = 0; i < LENGTH(edits); i++)
		free(commits[i]);
}

static void a_merge_is_asked_only_for_what_it_made_itself(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp)
	char *first = git_world_run(
		world, "say init repo; printf 'a: 1\\nb: 1\\nc: 1\\nd: 1\\n' "
		       ">repo/f; commit repo first");
	CLEANUP(textp)
	char *here = git_world_run(
		world, "sed -i 's/a: 1/a: 2/' repo/f; commit repo here");
	CLEANUP(textp)
	char *there = git_world_run(
		world, "cd repo; say checkout -b side HEAD~1; sed -i 's/d: "
		       "1/d: 2/' f; cd ..; commit repo there");
	CLEANUP(textp)
	char *merge = git_world_run(
		world, "cd repo; say checkout main; say merge --no-commit "
		       "side; sed -i 's/b: 1/b: 3/' f; cd ..; commit repo m");
	struct git_block blocks[BLOCKS];
	struct git_touched touched = { .blocks = blocks };

	assert_int_equal(ask(world, "repo", merge,
	                     (const unsigned[]){ 1, 2, 3, 4, 0 }, &touched),
	                 GIT_FOUND);

	assert_string_equal(blocks[0].commit.hex, here);
	assert_string_equal(blocks[1].commit.hex, merge);
	assert_string_equal(blocks[2].commit.hex, first);
	assert_string_equal(blocks[3].commit.hex, there);
	assert_int_equal(touched.looked, 4);
}

/* A branch that was merged and did not touch the file is not walked. */
static void a_parent_with_the_same_file_is_followed(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp)
	char *first = git_world_run(
		world, "say init repo; echo 'a: 1' >repo/f; commit repo 1");
	CLEANUP(textp)
	char *side = git_world_run(
		world, "cd repo; say checkout -b side; echo 'a: 2' >f; cd ..; "
		       "commit repo 2; commit repo 3 >&2; cd repo; say "
		       "checkout main; cd ..; commit repo 4 >&2");
	CLEANUP(textp)
	char *merge = git_world_run(
		world, "cd repo; say merge --no-ff -m m side; git rev-parse "
		       "HEAD");
	struct git_block blocks[BLOCKS];
	struct git_touched touched = { .blocks = blocks };

	assert_string_not_equal(first, side);
	assert_int_equal(
		ask(world, "repo", merge, (const unsigned[]){ 1, 0 }, &touched),
		GIT_FOUND);
	assert_string_equal(blocks[0].commit.hex, side);
	assert_int_equal(touched.looked, 3); /* the merge, 3, 2 */
}

/* Of `count` commits only the first touched f. */
static char *import(const struct git_world *world, const char *folder,
                    unsigned count)
{
	CLEANUP(textp)
	char *script = xasprintf(
		"say init %s; i=0; while [ $i -lt %u ]; do i=$((i + 1)); "
		"printf 'commit refs/heads/main\\ncommitter A <a@b> %%d "
		"+0000\\ndata 1\\nx\\n' $i; [ $i -gt 1 ] || printf 'M 644 "
		"inline f\\ndata 5\\na: 1\\n\\n'; done | git -C %s "
		"fast-import --quiet; git -C %s rev-parse main",
		folder, count, folder, folder);

	return git_world_run(world, script);
}

static void the_way_back_ends_somewhere(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp)
	char *last = import(world, "enough", LIMIT_GIT_TOUCHED);
	CLEANUP(textp)
	char *past = import(world, "more", LIMIT_GIT_TOUCHED + 1);
	struct git_block blocks[BLOCKS];
	struct git_touched touched = { .blocks = blocks };

	assert_int_equal(ask(world, "enough", last, (const unsigned[]){ 1, 0 },
	                     &touched),
	                 GIT_FOUND);
	assert_string_not_equal(blocks[0].commit.hex, "");
	assert_int_equal(
		ask(world, "more", past, (const unsigned[]){ 1, 0 }, &touched),
		GIT_FOUND);

	assert_string_equal(blocks[0].commit.hex, "");
	assert_int_equal(touched.looked, LIMIT_GIT_TOUCHED);
}

/* Its last commit did not write all of it. */
static void a_clone_that_is_cut_off_knows_only_what_it_has(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp)
	char *tip = git_world_run(
		world, "say init repo; printf 'a: 1\\nb: 1\\n' >repo/f; commit "
		       "repo 1 >&2; echo 'b: 2' >repo/f; commit repo 2 >&2; "
		       "commit repo 3 >&2; echo 'c: 3' >>repo/f; commit repo "
		       "4; say clone --depth 2 \"file://$PWD/repo\" cut");
	struct git_block blocks[BLOCKS];
	struct git_touched touched = { .blocks = blocks };

	assert_int_equal(
		ask(world, "cut", tip, (const unsigned[]){ 1, 2, 0 }, &touched),
		GIT_FOUND);

	assert_string_equal(blocks[0].commit.hex, "");
	assert_string_equal(blocks[1].commit.hex, tip);
	assert_int_equal(touched.looked, 1);
}

static void a_line_that_is_not_there_is_nobodys(void **state)
{
	static const unsigned lines[][2] = { { 3, 0 }, { UINT32_MAX, 0 } };
	struct git_world *world = *state;
	CLEANUP(textp)
	char *tip = git_world_run(
		world, "say init repo; printf 'a: 1\\nb: 1\\n' >repo/f; mkdir "
		       "repo/d; echo >repo/d/f; commit repo 1");
	CLEANUP(textp)
	char *without = git_world_run(world, "rm repo/f; commit repo 2");
	struct git_block blocks[BLOCKS];
	struct git_touched touched = { .blocks = blocks };

	for (size_t i = 0; i < LENGTH(lines); i++)
		assert_int_equal(ask(world, "repo", tip, lines[i], &touched),
		                 GIT_ABSENT);
	assert_int_equal(ask(world, "repo", without, (const unsigned[]){ 1, 0 },
	                     &touched),
	                 GIT_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, git_world_make, git_world_end)
		TEST(a_block_is_of_whoever_changed_added_or_took_a_line),
		TEST(a_merge_is_asked_only_for_what_it_made_itself),
		TEST(a_parent_with_the_same_file_is_followed),
		TEST(the_way_back_ends_somewhere),
		TEST(a_clone_that_is_cut_off_knows_only_what_it_has),
		TEST(a_line_that_is_not_there_is_nobodys),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
