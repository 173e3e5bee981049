/* SPDX-License-Identifier: MIT */
#include "document/tree.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

/* Up to here comparing each with each is faster than sorting. */
enum { FEW_KEYS = 16 };

bool node_equals_key(const struct node *a, const struct node *b)
{
	return a->length == b->length && a->type == NODE_SCALAR &&
	       b->type == NODE_SCALAR &&
	       memcmp(a->text, b->text, a->length) == 0;
}

static int compare_texts(const struct node *a, const struct node *b)
{
	size_t shorter = a->length < b->length ? a->length : b->length;
	int differ = memcmp(a->text, b->text, shorter);

	return differ ? differ
	              : (a->length > b->length) - (a->length < b->length);
}

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	int differ = (a->head > b->head) - (a->head < b->head);

	if (!differ)
		differ = compare_texts(a->node, b->node);
	return differ ? differ : (a->index > b->index) - (a->index < b->index);
}

/* How many bytes all keys begin with. */
static size_t shared_length(const struct keys *keys)
{
	size_t shared = keys->count ? keys->items[0].node->length : 0;

	for (size_t i = 1; i < keys->count; i++) {
		const char *a = keys->items[i - 1].node->text;
		const char *b = keys->items[i].node->text;
		size_t length = 0;

		while (length < shared && a[length] && a[length] == b[length])
			length++;
		shared = length;
	}
	return shared;
}

/* Sorting compares these instead of texts that are far away in memory. */
static void set_heads(struct keys *keys)
{
	size_t shared = shared_length(keys);

	for (size_t i = 0; i < keys->count; i++) {
		struct key *key = &keys->items[i];

		for (size_t k = 0; k < sizeof(key->head); k++) {
			size_t at = shared + k;
			unsigned char byte =
				at < key->node->length
					? (unsigned char)key->node->text[at]
					: 0;

			key->head = key->head << 8 | byte;
		}
	}
}

/* Files are mostly written in order. */
static bool are_ascending(const struct node *map)
{
	for (size_t i = 1; i < map->count; i++) {
		const struct node *before = &map->kids[2 * i - 2];
		const struct node *key = &map->kids[2 * i];

		if (before->type != NODE_SCALAR || key->type != NODE_SCALAR ||
		    compare_texts(before, key) >= 0)
			return false;
	}
	return true;
}

void keys_sort(struct keys *keys, const struct node *map)
{
	keys->items = xcalloc(map->count + 1, sizeof(*keys->items));
	keys->count = 0;
	for (size_t i = 0; i < map->count; i++) {
		const struct node *node = &map->kids[2 * i];

		if (node->type == NODE_SCALAR)
			keys->items[keys->count++] =
				(struct key){ .node = node, .index = i };
	}
	if (are_ascending(map))
		return;
	set_heads(keys);
	qsort(keys->items, keys->count, sizeof(*keys->items), compare_keys);
}

void keys_release(struct keys *keys)
{
	free(keys->items);
}

const struct key *keys_find(const struct keys *keys, const struct node *key)
{
	size_t low = 0, high = keys->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int differ = compare_texts(key, keys->items[middle].node);

		if (differ == 0)
			return &keys->items[middle];
		if (differ < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void report(const struct documents *documents, const struct node *first,
                   const struct node *again, struct diag *diag)
{
	diag_error(diag, CODE_DUPLICATE_KEY, node_place(documents, again),
	           "the key `%s` is given twice; remove or rename one",
	           again->text);
	diag_note(diag, node_place(documents, first), "first given here");
}

static void check_few(const struct documents *documents, const struct node *map,
                      struct diag *diag)
{
	for (size_t i = 1; i < map->count; i++) {
		const struct node *key = &map->kids[2 * i];
		size_t first = 0;

		while (first < i &&
		       !node_equals_key(&map->kids[2 * first], key))
			first++;
		if (first < i)
			report(documents, &map->kids[2 * first], key, diag);
	}
}

static void check_many(const struct documents *documents,
                       const struct node *map, struct diag *diag)
{
	CLEANUP(keys_release) struct keys keys;
	size_t first = 0;

	keys_sort(&keys, map);
	for (size_t i = 1; i < keys.count; i++) {
		if (node_equals_key(keys.items[first].node, keys.items[i].node))
			report(documents, keys.items[first].node,
			       keys.items[i].node, diag);
		else
			first = i;
	}
}

void keys_check_unique(const struct documents *documents,
                       const struct node *map, struct diag *diag)
{
	if (map->count <= FEW_KEYS)
		check_few(documents, map, diag);
	else if (!are_ascending(map))
		check_many(documents, map, diag);
}
