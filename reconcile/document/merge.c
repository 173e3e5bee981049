/* SPDX-License-Identifier: MIT */
/*
 * Merged trees are new mappings over shared parts. The pair that wins keeps
 * its key and value, and so their places. Pairs that null removes stand behind
 * the others, uncounted.
 */
#include "document/tree.h"

#include "base/text.h"

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

static size_t pairs_of(const struct node *map)
{
	return (size_t)map->count + map->length;
}

static size_t count_nulls(const struct node *kids, size_t pairs)
{
	size_t count = 0;

	for (size_t i = 0; i < pairs; i++)
		count += node_is_null(&kids[2 * i + 1]);
	return count;
}

/* Makes `kids` those of `map`: what null removes goes behind what is left,
 * each in its order. */
static void part(struct documents *documents, struct node *map,
                 struct node *kids, size_t pairs)
{
	const size_t removed = count_nulls(kids, pairs);
	struct node *aside;
	size_t kept = 0, gone = 0;

	map->kids = kids;
	map->count = (uint32_t)(pairs - removed);
	map->length = removed;
	if (!removed)
		return;
	aside = arena_alloc(documents->arena, 2 * removed * sizeof(*aside));
	for (size_t i = 0; i < 2 * pairs; i += 2) {
		struct node *to = node_is_null(&kids[i + 1])
		                          ? &aside[2 * gone++]
		                          : &kids[2 * kept++];

		memmove(to, &kids[i], 2 * sizeof(*to));
	}
	memcpy(&kids[2 * kept], aside, 2 * removed * sizeof(*kids));
}

/* `node` with the keys whose value is null put aside, here and in mappings
 * below it. */
static struct node strip(struct documents *documents, const struct node *node)
{
	struct node stripped = *node;
	const size_t pairs = pairs_of(node);

	if (!may_hold_null(documents, node) || !pairs)
		return stripped;

	struct node *kids =
		arena_alloc(documents->arena, 2 * pairs * sizeof(*kids));

	for (size_t i = 0; i < 2 * pairs; i += 2) {
		kids[i] = node->kids[i];
		kids[i + 1] = strip(documents, &node->kids[i + 1]);
	}
	part(documents, &stripped, kids, pairs);
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

/* What was removed stays known, on both sides: it is removed, too, from what
 * may yet be merged under the result. */
static struct node merge_maps(struct documents *documents,
                              const struct node *under, const struct node *over)
{
	CLEANUP(finder_release) struct finder finder;
	struct node merged = *over, all = *under;
	size_t count = pairs_of(under);
	struct node *kids = arena_alloc(
		documents->arena, 2 * (count + pairs_of(over)) * sizeof(*kids));

	all.count = (uint32_t)count;
	finder_init(&finder, &all);
	if (count)
		memcpy(kids, under->kids, 2 * count * sizeof(*kids));
	for (size_t i = 0; i < pairs_of(over); i++) {
		const struct node *pair = &over->kids[2 * i];
		size_t at = find(&finder, pair);
		bool known = at < all.count;

		if (!known)
			at = count++;
		kids[2 * at + 1] =
			known ? merge_value(documents, &kids[2 * at + 1],
		                            pair + 1)
			      : strip(documents, pair + 1);
		kids[2 * at] = *pair;
	}
	part(documents, &merged, kids, count);
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

/* ---- grafting ---- */

enum graft { GRAFT_OTHERS, GRAFT_NAMED };

static bool is_named(const struct node *key, const char *const *names)
{
	const char *text = node_text(key);

	for (size_t i = 0; text && names[i]; i++) {
		if (str_equal(text, names[i]))
			return true;
	}
	return false;
}

/* The pairs of `map` that are named, or those that are not. Returns the end. */
static struct node *take_pairs(struct node *to, const struct node *map,
                               const char *const *names, enum graft graft)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct node *pair = &map->kids[2 * i];

		if (is_named(pair, names) != (graft == GRAFT_NAMED))
			continue;
		*to++ = pair[0];
		*to++ = pair[1];
	}
	return to;
}

const struct node *document_graft(struct documents *documents,
                                  const struct node *map,
                                  const struct node *from,
                                  const char *const *names)
{
	const size_t most = (size_t)map->count + from->count;
	struct node *grafted = arena_alloc(documents->arena, sizeof(*grafted));
	struct node *kids =
		arena_alloc(documents->arena, 2 * (most + 1) * sizeof(*kids));
	struct node *end = take_pairs(kids, map, names, GRAFT_OTHERS);

	end = take_pairs(end, from, names, GRAFT_NAMED);
	*grafted = *map;
	grafted->kids = kids;
	grafted->count = (uint32_t)((size_t)(end - kids) / 2);
	grafted->length = 0;
	return grafted;
}
