/* SPDX-License-Identifier: MIT */
/*
 * Merged trees are new mappings over shared parts. The pair that wins keeps
 * its key and value, and so their places.
 */
#include "document/tree.h"

#include <stdlib.h>
#include <string.h>

/* From here on keys are looked up in a sorted array. */
enum { MANY_KEYS = 16 };

/* ---- nulls ---- */

static bool may_hold_null(const struct documents *documents,
                          const struct node *node)
{
	return node->type == NODE_MAPPING &&
	       documents->files[node->file].holds_null;
}

/* `node` without keys whose value is null, here and in mappings below it. */
static struct node strip(struct documents *documents, const struct node *node)
{
	struct node stripped = *node;
	size_t kept = 0;

	if (!may_hold_null(documents, node) || !node->count)
		return stripped;

	struct node *kids =
		arena_alloc(documents->arena, 2 * node->count * sizeof(*kids));

	for (size_t i = 0; i < 2 * (size_t)node->count; i += 2) {
		if (node_is_null(&node->kids[i + 1]))
			continue;
		kids[kept] = node->kids[i];
		kids[kept + 1] = strip(documents, &node->kids[i + 1]);
		kept += 2;
	}
	stripped.kids = kids;
	stripped.count = (uint32_t)(kept / 2);
	return stripped;
}

/* ---- looking up ---- */

struct finder {
	const struct node *map;
	struct keys keys; /* only where there are many */
};

static void finder_init(struct finder *finder, const struct node *map)
{
	*finder = (struct finder){ .map = map };
	if (map->count > MANY_KEYS)
		keys_sort(&finder->keys, map);
}

static void finder_release(struct finder *finder)
{
	keys_release(&finder->keys);
}

/* The index of the pair with that key; the count when there is none. */
static size_t find(const struct finder *finder, const struct node *key)
{
	size_t i = 0;

	if (finder->keys.items) {
		const struct key *found = keys_find(&finder->keys, key);

		return found ? found->index : finder->map->count;
	}
	while (i < finder->map->count &&
	       !node_equals_key(&finder->map->kids[2 * i], key))
		i++;
	return i;
}

/* ---- merging ---- */

static struct node merge(struct documents *documents, const struct node *under,
                         const struct node *over);

/* Two files say something else: told when there is a mistake in it. */
static void note_override(struct documents *documents, const struct node *under,
                          const struct node *over)
{
	if (under->file == over->file ||
	    (under->type == NODE_MAPPING && over->type == NODE_MAPPING))
		return;
	documents->overrides = xgrow(
		documents->overrides, documents->override_count,
		&documents->override_capacity, sizeof(*documents->overrides));
	documents->overrides[documents->override_count++] = (struct override){
		.over = node_place(documents, over),
		.under = node_place(documents, under),
	};
}

/* Leaves a null behind where `over` removes. */
static struct node merge_value(struct documents *documents,
                               const struct node *under,
                               const struct node *over)
{
	note_override(documents, under, over);
	return node_is_null(over) ? *over : merge(documents, under, over);
}

static size_t drop_nulls(struct node *kids, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < 2 * count; i += 2) {
		if (node_is_null(&kids[i + 1]))
			continue;
		kids[kept] = kids[i];
		kids[kept + 1] = kids[i + 1];
		kept += 2;
	}
	return kept / 2;
}

static struct node merge_maps(struct documents *documents,
                              const struct node *under, const struct node *over)
{
	CLEANUP(finder_release) struct finder finder;
	struct node merged = *over;
	size_t count = under->count;
	struct node *kids = arena_alloc(
		documents->arena, 2 * (count + over->count) * sizeof(*kids));

	finder_init(&finder, under);
	if (count)
		memcpy(kids, under->kids, 2 * count * sizeof(*kids));
	for (size_t i = 0; i < over->count; i++) {
		const struct node *pair = &over->kids[2 * i];
		size_t at = find(&finder, pair);
		bool known = at < under->count;

		if (!known)
			at = count++;
		kids[2 * at + 1] =
			known ? merge_value(documents, &kids[2 * at + 1],
		                            pair + 1)
			      : strip(documents, pair + 1);
		kids[2 * at] = *pair;
	}
	merged.kids = kids;
	merged.count = (uint32_t)drop_nulls(kids, count);
	return merged;
}

static struct node merge(struct documents *documents, const struct node *under,
                         const struct node *over)
{
	struct node bare = strip(documents, under);

	if (under->type != NODE_MAPPING || over->type != NODE_MAPPING)
		return strip(documents, over);
	return merge_maps(documents, &bare, over);
}

const struct node *document_merge(struct documents *documents,
                                  const struct node *under,
                                  const struct node *over)
{
	struct node *merged = arena_alloc(documents->arena, sizeof(*merged));

	*merged = merge(documents, under, over);
	return merged;
}
