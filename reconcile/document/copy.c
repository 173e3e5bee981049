/* SPDX-License-Identifier: MIT */
/* A tree among documents of its own, so that those it is from can go. */
#include "document/tree.h"

#include <assert.h>

static struct node copy_node(struct documents *documents,
                             const struct node *node);

/* Items; pairs, and the keys that null removed. */
static size_t kid_count(const struct node *node)
{
	return node->type == NODE_SEQUENCE
	               ? node->count
	               : 2 * (size_t)node->count + node->length;
}

static const struct node *copy_kids(struct documents *documents,
                                    const struct node *node)
{
	const size_t count = kid_count(node);
	struct node *kids;

	if (!count)
		return NULL;
	kids = arena_alloc(documents->arena, count * sizeof(*kids));
	for (size_t i = 0; i < count; i++)
		kids[i] = copy_node(documents, &node->kids[i]);
	return kids;
}

static struct node copy_node(struct documents *documents,
                             const struct node *node)
{
	struct node copy = *node;

	if (node->type == NODE_SCALAR)
		copy.text =
			arena_copy(documents->arena, node->text, node->length);
	else
		copy.kids = copy_kids(documents, node);
	return copy;
}

const struct node *document_copy(struct documents *documents,
                                 const struct documents *from,
                                 const struct node *node)
{
	struct node *copy = arena_alloc(documents->arena, sizeof(*copy));

	assert(!documents->file_count);
	for (size_t i = 0; i < from->file_count; i++)
		(void)documents_add_file(documents, documents_file(from, i));
	*copy = copy_node(documents, node);
	return copy;
}
