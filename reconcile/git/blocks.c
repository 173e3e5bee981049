/* SPDX-License-Identifier: MIT */
#include "git/blocks.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines ---- */

void lines_read(struct lines *lines, const char *bytes, size_t length)
{
	size_t capacity = 0;

	*lines = (struct lines){ .bytes = bytes, .length = length };
	for (size_t at = 0; at < length;) {
		const char *end = memchr(bytes + at, '\n', length - at);

		lines->starts = xgrow(lines->starts, lines->count, &capacity,
		                      sizeof(*lines->starts));
		lines->starts[lines->count++] = at;
		at = end ? (size_t)(end - bytes) + 1 : length;
	}
}

void lines_release(struct lines *lines)
{
	free(lines->starts);
}

/* What a line looks like from its left. */
struct look {
	size_t indent;
	bool empty; /* or a comment */
	bool item;
};

static struct look look_at(const struct lines *lines, size_t line)
{
	const size_t end =
		line < lines->count ? lines->starts[line] : lines->length;
	size_t at = lines->starts[line - 1];
	struct look look = { .indent = 0 };

	for (; at < end && lines->bytes[at] == ' '; at++)
		look.indent++;
	look.empty = at == end || strchr("\r\n#", lines->bytes[at]);
	look.item = at + 1 < end && lines->bytes[at] == '-' &&
	            strchr(" \r\n", lines->bytes[at + 1]);
	return look;
}

static bool belongs(const struct look *first, const struct look *look)
{
	return look->indent > first->indent ||
	       (look->indent == first->indent && look->item);
}

/* The last line of the block that begins at `first`. */
static size_t block_end(const struct lines *lines, size_t first)
{
	const struct look head = look_at(lines, first);
	size_t last = first;

	for (size_t line = first + 1; line <= lines->count; line++) {
		const struct look look = look_at(lines, line);

		if (look.empty)
			continue;
		if (!belongs(&head, &look))
			break;
		last = line;
	}
	return last;
}

/* ---- hunks ---- */

void hunks_add(struct hunks *hunks, const struct hunk *hunk)
{
	const int64_t before =
		hunks->count ? hunks->items[hunks->count - 1].shift : 0;
	struct hunk *added;

	hunks->items = xgrow(hunks->items, hunks->count, &hunks->capacity,
	                     sizeof(*hunks->items));
	added = &hunks->items[hunks->count++];
	*added = *hunk;
	added->shift =
		before + (int64_t)hunk->old_count - (int64_t)hunk->new_count;
}

void hunks_release(struct hunks *hunks)
{
	free(hunks->items);
}

/* How many end before `line`. */
static size_t hunks_before(const struct hunks *hunks, size_t line)
{
	size_t low = 0, high = hunks->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct hunk *hunk = &hunks->items[middle];

		if (hunk->new_start + hunk->new_count <= line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What was taken out directly behind the block began with a part of it. */
static bool cut_from_end(const struct hunk *hunk, const struct lines *before,
                         const struct look *head)
{
	for (size_t i = 0; i < hunk->old_count; i++) {
		const struct look look = look_at(before, hunk->old_start + i);

		if (!look.empty)
			return belongs(head, &look);
	}
	return false;
}

/* What was taken out directly before an item was one of the same list. */
static bool cut_from_front(const struct hunk *hunk, const struct lines *before,
                           const struct look *head)
{
	struct look look;

	if (!head->item || !hunk->old_count)
		return false;
	look = look_at(before, hunk->old_start + hunk->old_count - 1);
	return belongs(head, &look);
}

size_t hunks_carry(const struct hunks *hunks, const struct lines *before,
                   const struct lines *now, size_t first)
{
	const struct look head = look_at(now, first);
	const size_t last = block_end(now, first);
	const size_t passed = hunks_before(hunks, first);
	const struct hunk *hunk, *end;

	if (!hunks->count)
		return first;
	hunk = hunks->items + passed;
	end = hunks->items + hunks->count;
	if (passed && hunk[-1].new_start + hunk[-1].new_count == first &&
	    cut_from_front(&hunk[-1], before, &head))
		return 0;
	if (hunk < end && hunk->new_start <= last)
		return 0;
	if (hunk < end && hunk->new_start == last + 1 &&
	    cut_from_end(hunk, before, &head))
		return 0;
	return (size_t)((int64_t)first + (passed ? hunk[-1].shift : 0));
}
