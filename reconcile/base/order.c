/* SPDX-License-Identifier: MIT */
#include "base/order.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes all of them begin with. */
static size_t shared_length(const struct ordered *items, size_t count)
{
	size_t shared = count ? strlen(items[0].text) : 0;

	for (size_t i = 1; i < count && shared; i++) {
		size_t length = 0;

		while (length < shared &&
		       items[i].text[length] == items[0].text[length])
			length++;
		shared = length;
	}
	return shared;
}

/* The highest byte is the first; behind the end come zeros. */
static uint64_t head_of(const char *text)
{
	uint64_t head = 0;

	for (size_t i = 0; i < sizeof(head); i++) {
		head = head << 8 | (unsigned char)*text;
		text += *text != '\0';
	}
	return head;
}

static int compare(const void *a, const void *b)
{
	const struct ordered *left = a, *right = b;
	int order = (left->head > right->head) - (left->head < right->head);

	if (!order)
		order = strcmp(left->text, right->text);
	return order ? order
	             : (left->index > right->index) -
	                       (left->index < right->index);
}

enum { MANY = 256, VALUES = 256, BYTE_BITS = 8, HEAD_BITS = 64 };

/* Stable, by a byte of the heads, into `to`. False: they are all alike in it,
 * and stay where they are. */
static bool sort_byte(const struct ordered *from, struct ordered *to,
                      size_t count, unsigned shift)
{
	size_t at[VALUES] = { 0 }, before = 0;

	for (size_t i = 0; i < count; i++)
		at[from[i].head >> shift & (VALUES - 1)]++;
	if (at[from[0].head >> shift & (VALUES - 1)] == count)
		return false;
	for (size_t i = 0; i < VALUES; i++) {
		const size_t here = at[i];

		at[i] = before;
		before += here;
	}
	for (size_t i = 0; i < count; i++)
		to[at[from[i].head >> shift & (VALUES - 1)]++] = from[i];
	return true;
}

/* A byte after the other, the last first: nothing is compared, and nothing far
 * away is touched. */
static void sort_heads(struct ordered *items, size_t count)
{
	struct ordered *room = xreallocarray(NULL, count, sizeof(*room));
	struct ordered *from = items, *to = room;

	for (unsigned shift = 0; shift < HEAD_BITS; shift += BYTE_BITS) {
		struct ordered *other = from;

		if (!sort_byte(from, to, count, shift))
			continue;
		from = to;
		to = other;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(*items));
	free(room);
}

/* Those whose heads are alike. */
static void sort_rest(struct ordered *items, size_t count)
{
	for (size_t from = 0, to; from < count; from = to) {
		to = from + 1;
		while (to < count && items[to].head == items[from].head)
			to++;
		if (to - from > 1)
			qsort(items + from, to - from, sizeof(*items), compare);
	}
}

void order_sort(struct ordered *items, size_t count)
{
	const size_t shared = shared_length(items, count);

	for (size_t i = 0; i < count; i++)
		items[i].head = head_of(items[i].text + shared);
	if (count >= MANY) {
		sort_heads(items, count);
		sort_rest(items, count);
	} else if (count) {
		qsort(items, count, sizeof(*items), compare);
	}
}
