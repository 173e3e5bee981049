/* SPDX-License-Identifier: MIT */
#include "base/order.h"

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

void order_sort(struct ordered *items, size_t count)
{
	const size_t shared = shared_length(items, count);

	for (size_t i = 0; i < count; i++)
		items[i].head = head_of(items[i].text + shared);
	if (count)
		qsort(items, count, sizeof(*items), compare);
}
