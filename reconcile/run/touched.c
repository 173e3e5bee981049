/* SPDX-License-Identifier: MIT */
/* Touched: whom to ask about a line of a plan. */
#include "run/road.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line of a file, and what is to be known of it. */
struct spot {
	const char *file; /* as people know it */
	unsigned line;
	struct touch *touch;
};

struct spots {
	struct spot *items;
	size_t count, capacity;
};

static void spots_release(struct spots *spots)
{
	free(spots->items);
}

static void add(struct spots *spots, const struct place *place,
                struct touch *touch)
{
	if (!place->file || !place->line)
		return;
	spots->items = xgrow(spots->items, spots->count, &spots->capacity,
	                     sizeof(*spots->items));
	spots->items[spots->count++] =
		(struct spot){ place->file, place->line, touch };
}

static int compare_spots(const void *a, const void *b)
{
	const struct spot *left = a, *right = b;
	const int order =
		left->file == right->file ? 0 : strcmp(left->file, right->file);

	return order ? order
	             : (left->line > right->line) - (left->line < right->line);
}

/* What does not change is nobody's news, and its lines are the oldest. */
static void add_change(struct spots *spots, struct change *change)
{
	add(spots, &change->place, &change->touch);
	for (size_t i = 0; i < change->field_count; i++) {
		struct field_change *field = &change->fields[i];

		if (field->writes || field->held)
			add(spots, &field->place, &field->touch);
	}
	for (size_t i = 0; i < change->secret_count; i++) {
		struct secret_change *secret = &change->secrets[i];

		if (secret->action >= SECRET_SET)
			add(spots, &secret->place, &secret->touch);
	}
}

/* By file and line. */
static void find_spots(const struct plan *plan, struct spots *spots)
{
	for (size_t i = 0; i < plan->change_count; i++)
		add_change(spots, &plan->changes[i]);
	if (spots->count)
		qsort(spots->items, spots->count, sizeof(*spots->items),
		      compare_spots);
}

/* ---- where the files come from ---- */

/* The commit that is asked; of files on the disk, what HEAD is there. */
struct origin {
	const struct source *source; /* as the files were read */
	struct source *head;         /* the same files at HEAD; or NULL */
	struct checkout *opened;     /* for it alone; or NULL */
	struct git_revision revision;
};

static void origin_release(struct origin *origin)
{
	source_free(origin->head);
	checkout_free(origin->opened);
	git_revision_release(&origin->revision);
}

static bool is_repository(const char *folder)
{
	CLEANUP(textp) char *inside = path_join(folder, ".git");

	return access(inside, F_OK) == 0;
}

/* Elsewhere no line has a commit, and none is looked for. */
static bool has_commits(const struct run *run, const struct road *road)
{
	const char *root = source_root(road->source);

	return run->checkout || (root && is_repository(root));
}

/* One that is open already, if it is that of `folder`. */
static struct git *open_already(const struct run *run, const struct road *road,
                                const char *folder)
{
	const struct checkout *const open[] = { road->repository, run->bases };

	for (size_t i = 0; i < LENGTH(open); i++) {
		struct git *git = open[i] ? checkout_git(open[i]) : NULL;

		if (git && str_equal(git_root(git), folder))
			return git;
	}
	return NULL;
}

/* Files on the disk: the same at HEAD. -1 after reporting. */
static int look_at_head(struct run *run, const struct road *road,
                        struct origin *origin)
{
	const char *root = source_root(road->source);
	CLEANUP(textp)
	char *file = path_join(root, source_first(road->source));
	struct source_commit at = { .revision = &origin->revision };

	at.git = open_already(run, road, root);
	if (!at.git) {
		origin->opened = road_open_repository(run, root);
		if (!origin->opened)
			return -1;
		at.git = checkout_git(origin->opened);
	}
	if (git_resolve(at.git, "HEAD", &origin->revision, run->diag) !=
	    GIT_FOUND)
		return -1;
	origin->head = source_commit(&at, file, root, run->diag);
	return origin->head ? 0 : -1;
}

/* A file that somebody is at work on has lines that no commit knows. */
static bool is_committed(const struct origin *origin, const char *path,
                         struct diag *diag)
{
	CLEANUP(buffer_release) struct buffer here = { 0 };
	CLEANUP(buffer_release) struct buffer there = { 0 };

	return source_read(origin->source, path, PLACE_NONE, &here, diag) ==
	               0 &&
	       source_read(origin->head, path, PLACE_NONE, &there, diag) == 0 &&
	       here.length == there.length &&
	       memcmp(here.bytes, there.bytes, here.length) == 0;
}

/* ---- asking ---- */

static void note(const struct plan *plan, const struct git_touched *touched,
                 const struct spot *spots)
{
	for (size_t i = 0; i < touched->count; i++) {
		const char *hex = touched->blocks[i].commit.hex;
		struct touch *touch = spots[i].touch;

		if (*hex)
			touch->commit =
				arena_intern(plan->arena, hex, strlen(hex));
		else
			touch->older_than = touched->looked;
	}
}

/* All lines of one file. -1 after reporting. */
static int ask(const struct origin *origin, const struct plan *plan,
               const struct spot *spots, size_t count, struct diag *diag)
{
	const char *path = source_path_of(origin->source, spots->file);
	struct git_touched touched = { .count = count };
	int result = 0;

	if (!path || count > LIMIT_GIT_BLOCKS ||
	    (origin->head && !is_committed(origin, path, diag)))
		return 0;
	touched.blocks = xcalloc(count, sizeof(*touched.blocks));
	for (size_t i = 0; i < count; i++)
		touched.blocks[i].line = spots[i].line;
	result = source_last_touched(origin->head ? origin->head
	                                          : origin->source,
	                             path, &touched, diag);
	if (result == 0)
		note(plan, &touched, spots);
	free(touched.blocks);
	return result;
}

static int ask_all(const struct origin *origin, const struct plan *plan,
                   const struct spots *spots, struct diag *diag)
{
	size_t end;

	for (size_t i = 0; i < spots->count; i = end) {
		for (end = i + 1; end < spots->count; end++) {
			if (!str_equal(spots->items[i].file,
			               spots->items[end].file))
				break;
		}
		if (ask(origin, plan, &spots->items[i], end - i, diag) < 0)
			return -1;
	}
	return 0;
}

/* What is said of a change is not said of its parts again. */
static void drop_twin(const struct change *change, const struct place *place,
                      struct touch *touch)
{
	if (str_equal(change->place.file, place->file) &&
	    touch->commit == change->touch.commit &&
	    touch->older_than == change->touch.older_than)
		*touch = (struct touch){ .commit = NULL };
}

static void drop_twins(const struct plan *plan)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		for (size_t j = 0; j < change->field_count; j++)
			drop_twin(change, &change->fields[j].place,
			          &change->fields[j].touch);
		for (size_t j = 0; j < change->secret_count; j++)
			drop_twin(change, &change->secrets[j].place,
			          &change->secrets[j].touch);
	}
}

/* ---- the door ---- */

/* No plan fails for it; but of a commit that was named, it is said. */
static void say_why_not(struct run *run, const struct diag *unsaid)
{
	const struct diag_report *report;

	if (!run->checkout || !diag_length(unsaid))
		return;
	report = diag_at(unsaid, 0);
	diag_info(run->diag, report->code, PLACE_NONE,
	          "the commits that last touched the lines are not named: %s",
	          report->text);
}

void road_name_commits(struct run *run, struct road *road)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(spots_release) struct spots spots = { .items = NULL };
	CLEANUP(origin_release)
	struct origin origin = { .source = road->source };
	struct diag *said = run->diag;
	int result = 0;

	if (plan_is_empty(road->plan) || !has_commits(run, road))
		return;
	find_spots(road->plan, &spots);
	if (!spots.count)
		return;
	run->diag = unsaid;
	if (!run->checkout)
		result = look_at_head(run, road, &origin);
	if (result == 0)
		result = ask_all(&origin, road->plan, &spots, unsaid);
	run->diag = said;
	drop_twins(road->plan);
	if (result < 0)
		say_why_not(run, unsaid);
}
