/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "document/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct documents *documents_new(void)
{
	struct documents *documents = xcalloc(1, sizeof(*documents));

	documents->arena = arena_new();
	return documents;
}

void documents_free(struct documents *documents)
{
	if (!documents)
		return;
	arena_free(documents->arena);
	free(documents->files);
	free(documents->overrides);
	buffer_release(&documents->spare);
	free(documents);
}

void *documents_take_spare(struct documents *documents, size_t *size)
{
	*size = documents->spare.length;
	return TAKE(documents->spare.bytes);
}

uint16_t documents_add_file(struct documents *documents, const char *display)
{
	assert(documents->file_count < UINT16_MAX);
	documents->files =
		xgrow(documents->files, documents->file_count,
	              &documents->file_capacity, sizeof(*documents->files));
	documents->files[documents->file_count] = (struct file){
		.display =
			arena_copy(documents->arena, display, strlen(display)),
	};
	return (uint16_t)documents->file_count++;
}

size_t documents_file_count(const struct documents *documents)
{
	return documents->file_count;
}

const char *documents_file(const struct documents *documents, size_t index)
{
	assert(index < documents->file_count);
	return documents->files[index].display;
}

struct place node_place(const struct documents *documents,
                        const struct node *node)
{
	return (struct place){
		.file = documents_file(documents, node->file),
		.line = node->line,
		.column = node->column,
	};
}

static bool is_place(const struct place *a, const struct place *b)
{
	return a->line == b->line && a->column == b->column &&
	       str_equal(a->file, b->file);
}

bool documents_overridden(const struct documents *documents, struct place place,
                          struct place *under)
{
	for (size_t i = documents->override_count; i > 0; i--) {
		const struct override *override = &documents->overrides[i - 1];

		if (!is_place(&override->over, &place))
			continue;
		*under = override->under;
		return true;
	}
	return false;
}

const char *node_text(const struct node *node)
{
	return node && node->type == NODE_SCALAR ? node->text : NULL;
}

static bool is_named(const struct node *key, const char *name, size_t length)
{
	return key->length == length && key->type == NODE_SCALAR &&
	       memcmp(key->text, name, length) == 0;
}

const struct node *node_get(const struct node *map, const char *name)
{
	size_t length = strlen(name);

	if (!map || map->type != NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < map->count; i++) {
		if (is_named(&map->kids[2 * i], name, length))
			return &map->kids[2 * i + 1];
	}
	return NULL;
}

const struct node *node_removed(const struct node *map, size_t index)
{
	assert(map->type == NODE_MAPPING && index < map->length);
	return &map->kids[2 * (map->count + index)];
}
