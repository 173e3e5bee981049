/* SPDX-License-Identifier: MIT */
/*
 * Blocks: lines that stand together by their indentation, and what becomes of
 * them from one revision of a file to the next.
 *
 * A block is a line and those behind it that are indented deeper, or are items
 * (`- `) at its own indentation. Empty lines and comments belong to it when
 * something of it follows. What was taken out of its end, or of the front of a
 * list, was a part of it too.
 */
#ifndef RECONCILE_GIT_BLOCKS_H
#define RECONCILE_GIT_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file's text, and where its lines begin. The bytes are borrowed. */
struct lines {
	const char *bytes;
	size_t length;
	size_t *starts; /* `count` of them */
	size_t count;
};

void lines_read(struct lines *lines, const char *bytes, size_t length);
void lines_release(struct lines *lines);

/* Lines that became others, counted from 1; an empty range stands before its
 * start. */
struct hunk {
	size_t old_start, old_count, new_start, new_count;
	int64_t shift; /* from new to old, for lines behind it */
};

struct hunks {
	struct hunk *items; /* in order */
	size_t count, capacity;
};

void hunks_add(struct hunks *hunks, const struct hunk *hunk);
void hunks_release(struct hunks *hunks);

/*
 * The line at which the block that begins at line `first` of `now` began in
 * `before`; 0 when the hunks touch the block.
 */
size_t hunks_carry(const struct hunks *hunks, const struct lines *before,
                   const struct lines *now, size_t first);

#endif
