/* SPDX-License-Identifier: MIT */
/*
 * Who touched a block last: back from commit to commit. Where a parent has the
 * very same file, nothing is looked at but its name; where parents differ, each
 * block goes back to the first of them in which it is the same, and what is the
 * same in none is the commit's own. A file under another name is another file.
 */
#include "git/blocks.h"
#include "git/serving.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* A block on its way back. */
struct carried {
	size_t line;  /* where it begins in the commit's file */
	size_t index; /* of what was asked */
};

/* Blocks that are to be looked for from a commit on. */
struct batch {
	git_oid commit, blob;
	struct carried *blocks;
	size_t count;
};

struct touching {
	struct helper *helper;
	const char *path;
	struct git_id *found; /* by index; "": older */
	uint64_t looked;      /* commits */
	struct batch *batches;
	size_t count, capacity;
};

static void push(struct touching *touching, const struct batch *batch)
{
	touching->batches = xgrow(touching->batches, touching->count,
	                          &touching->capacity, sizeof(*batch));
	touching->batches[touching->count++] = *batch;
}

static void release_touching(struct touching *touching)
{
	for (size_t i = 0; i < touching->count; i++)
		free(touching->batches[i].blocks);
	free(touching->batches);
	free(touching->found);
}

static void blame(struct touching *touching, const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		git_oid_tostr(touching->found[batch->blocks[i].index].hex,
		              GIT_HEX_SIZE, &batch->commit);
}

/* ---- what one commit did to a file ---- */

static int add_hunk(const git_diff_delta *delta, const git_diff_hunk *from,
                    void *context)
{
	/* An empty range is given by the line before it. */
	const struct hunk hunk = {
		.old_start = (size_t)from->old_start + !from->old_lines,
		.old_count = (size_t)from->old_lines,
		.new_start = (size_t)from->new_start + !from->new_lines,
		.new_count = (size_t)from->new_lines,
	};

	(void)delta;
	hunks_add(context, &hunk);
	return 0;
}

/* Larger ones were never read by anybody. */
static int open_blob(struct helper *helper, const git_oid *id, git_blob **out,
                     struct lines *lines)
{
	size_t size = 0;

	if (helper_size(helper, id, &size) < 0 || size > LIMIT_FILE_BYTES ||
	    git_blob_lookup(out, helper->repository, id) < 0)
		return -1;
	lines_read(lines, git_blob_rawcontent(*out), size);
	return 0;
}

/* Moves what is the same in the parent's file to `to`. */
static int carry(struct helper *helper, struct batch *from, struct batch *to)
{
	CLEANUP(git_blob_freep) git_blob *old = NULL;
	CLEANUP(git_blob_freep) git_blob *new = NULL;
	CLEANUP(lines_release) struct lines before = { .bytes = NULL };
	CLEANUP(lines_release) struct lines now = { .bytes = NULL };
	CLEANUP(hunks_release) struct hunks hunks = { .items = NULL };
	git_diff_options options;
	size_t left = 0;

	(void)git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	options.flags = GIT_DIFF_FORCE_TEXT;
	if (open_blob(helper, &to->blob, &old, &before) < 0 ||
	    open_blob(helper, &from->blob, &new, &now) < 0 ||
	    git_diff_blobs(old, NULL, new, NULL, &options, NULL, NULL, add_hunk,
	                   NULL, &hunks) < 0)
		return -1;
	for (size_t i = 0; i < from->count; i++) {
		struct carried block = from->blocks[i];
		const size_t line =
			hunks_carry(&hunks, &before, &now, block.line);

		if (line) {
			block.line = line;
			to->blocks[to->count++] = block;
		} else {
			from->blocks[left++] = block;
		}
	}
	from->count = left;
	return 0;
}

/* ---- from commit to commit ---- */

enum parent { PARENT_SAME, PARENT_OTHER, PARENT_NONE, PARENT_MISSING };

static enum parent look_at_parent(struct touching *touching,
                                  const struct batch *batch,
                                  const git_oid *parent, git_oid *blob)
{
	CLEANUP(found_release) struct found found = { 0 };
	struct git_id id;

	git_oid_tostr(id.hex, sizeof(id.hex), parent);
	if (helper_find(touching->helper, &id, touching->path, &found) < 0)
		return PARENT_MISSING;
	if (found.kind != GIT_KIND_FILE)
		return PARENT_NONE;
	git_oid_cpy(blob, &found.id);
	return git_oid_equal(blob, &batch->blob) ? PARENT_SAME : PARENT_OTHER;
}

/* Gives a parent what is the same there. */
static int hand_over(struct touching *touching, struct batch *batch,
                     const git_oid *parent, const git_oid *blob)
{
	struct batch to = {
		.commit = *parent,
		.blob = *blob,
		.blocks = xcalloc(batch->count + 1, sizeof(*to.blocks)),
	};
	const int result = carry(touching->helper, batch, &to);

	if (to.count)
		push(touching, &to);
	else
		free(to.blocks);
	return result;
}

/* Goes to a parent that has the very same file. */
static bool follow(struct touching *touching, struct batch *batch,
                   const git_commit *commit)
{
	for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
		const git_oid *parent = git_commit_parent_id(commit, i);
		git_oid blob;

		if (look_at_parent(touching, batch, parent, &blob) ==
		    PARENT_SAME) {
			git_oid_cpy(&batch->commit, parent);
			return true;
		}
	}
	return false;
}

/* What is left in `batch` is the commit's own, unless a parent could not be
 * asked. */
static void divide(struct touching *touching, struct batch *batch,
                   const git_commit *commit)
{
	bool complete = true;

	for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
		const git_oid *parent = git_commit_parent_id(commit, i);
		git_oid blob;
		const enum parent is =
			look_at_parent(touching, batch, parent, &blob);

		if (is == PARENT_MISSING) /* the clone is cut off here */
			complete = false;
		else if (is == PARENT_OTHER &&
		         hand_over(touching, batch, parent, &blob) < 0)
			complete = false;
	}
	if (complete)
		blame(touching, batch);
	else /* what it did cannot be told */
		touching->looked--;
}

static void look_back(struct touching *touching, struct batch *batch)
{
	while (touching->looked < LIMIT_GIT_TOUCHED) {
		CLEANUP(git_commit_freep) git_commit *commit = NULL;

		if (git_commit_lookup(&commit, touching->helper->repository,
		                      &batch->commit) < 0)
			return;
		touching->looked++;
		if (follow(touching, batch, commit))
			continue;
		divide(touching, batch, commit);
		return;
	}
}

/* ---- the request ---- */

/* 1 when the file has no such line. */
static int check_lines(struct touching *touching, const struct batch *batch)
{
	CLEANUP(git_blob_freep) git_blob *blob = NULL;
	CLEANUP(lines_release) struct lines lines = { .bytes = NULL };

	if (open_blob(touching->helper, &batch->blob, &blob, &lines) < 0)
		return 1;
	for (size_t i = 0; i < batch->count; i++) {
		const size_t line = batch->blocks[i].line;

		if (!line || line > lines.count)
			return 1;
	}
	return 0;
}

static int begin(struct touching *touching, const struct git_id *commit)
{
	CLEANUP(found_release) struct found found = { 0 };
	struct batch *batch = &touching->batches[0];

	if (helper_find(touching->helper, commit, touching->path, &found) < 0)
		return -1;
	if (found.kind != GIT_KIND_FILE || id_from(commit, &batch->commit) < 0)
		return 1;
	batch->blob = found.id;
	return check_lines(touching, batch);
}

static void run(struct touching *touching)
{
	while (touching->count) {
		struct batch batch = touching->batches[--touching->count];

		look_back(touching, &batch);
		free(batch.blocks);
	}
}

/* The blocks that are asked for, as the one batch to begin with. */
static void take_blocks(struct touching *touching, struct reader *request)
{
	struct batch batch = { .count = (size_t)field_number_below(
				       request, LIMIT_GIT_BLOCKS) };

	batch.blocks = xcalloc(batch.count + 1, sizeof(*batch.blocks));
	for (size_t i = 0; i < batch.count; i++)
		batch.blocks[i] = (struct carried){
			.line = (size_t)field_number_below(request, UINT32_MAX),
			.index = i,
		};
	touching->found = xcalloc(batch.count + 1, sizeof(*touching->found));
	push(touching, &batch);
}

int serve_touched(struct helper *helper, struct reader *request,
                  struct message *answer)
{
	const struct git_id commit = field_id(request);
	CLEANUP(textp) char *path = field_word(request);
	CLEANUP(release_touching)
	struct touching touching = { .helper = helper, .path = path };
	size_t count;
	int status;

	take_blocks(&touching, request);
	if (helper_check(helper, request) < 0)
		return -1;
	count = touching.batches[0].count;
	status = begin(&touching, &commit);
	if (status)
		return status;
	run(&touching);
	message_number(answer, touching.looked);
	for (size_t i = 0; i < count; i++)
		message_text(answer, touching.found[i].hex);
	return 0;
}
