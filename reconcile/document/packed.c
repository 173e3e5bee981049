/* SPDX-License-Identifier: MIT */
/*
 * A packed tree: a node after the other, each before what is in it. A node is
 * a byte (type, and style above it) and numbers of seven bits a byte, lowest
 * first: line, column, and the length of a text, which follows with its NUL, or
 * the count of items or pairs.
 */
#include "document/tree.h"

#include <string.h>

enum { STYLE_SHIFT = 4 };

static void write_number(FILE *out, size_t number)
{
	for (; number >= 0x80; number >>= 7)
		fputc((int)(number & 0x7f) | 0x80, out);
	fputc((int)number, out);
}

static size_t kid_count(const struct node *node)
{
	return node->type == NODE_MAPPING ? 2 * (size_t)node->count
	                                  : node->count;
}

static void pack(const struct node *node, FILE *out)
{
	fputc(node->type | node->style << STYLE_SHIFT, out);
	write_number(out, node->line);
	write_number(out, node->column);
	if (node->type == NODE_SCALAR) {
		write_number(out, node->length);
		fwrite(node->text, 1, node->length + 1, out);
		return;
	}
	write_number(out, node->count);
	for (size_t i = 0; i < kid_count(node); i++)
		pack(&node->kids[i], out);
}

int document_pack(const struct node *root, FILE *out)
{
	pack(root, out);
	return ferror(out) ? -1 : 0;
}

/* ---- back ---- */

struct unpacking {
	struct arena *arena;
	const char *at, *end;
	uint16_t file;
};

static unsigned char read_byte(struct unpacking *unpacking)
{
	assert(unpacking->at < unpacking->end);
	return (unsigned char)*unpacking->at++;
}

static uint32_t read_number(struct unpacking *unpacking)
{
	uint32_t number = 0;
	unsigned char byte;
	unsigned shift = 0;

	do {
		byte = read_byte(unpacking);
		number |= (uint32_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return number;
}

static void unpack_text(struct unpacking *unpacking, struct node *node)
{
	node->length = read_number(unpacking);
	node->text = unpacking->at;
	assert(node->length < (size_t)(unpacking->end - unpacking->at));
	unpacking->at += node->length + 1;
}

static void unpack(struct unpacking *unpacking, struct node *node)
{
	const unsigned char kind = read_byte(unpacking);
	struct node *kids;

	*node = (struct node){
		.type = kind & ((1 << STYLE_SHIFT) - 1),
		.style = kind >> STYLE_SHIFT,
		.file = unpacking->file,
		.line = read_number(unpacking),
		.column = read_number(unpacking),
	};
	if (node->type == NODE_SCALAR) {
		unpack_text(unpacking, node);
		return;
	}
	node->count = read_number(unpacking);
	kids = arena_alloc(unpacking->arena, kid_count(node) * sizeof(*kids));
	for (size_t i = 0; i < kid_count(node); i++)
		unpack(unpacking, &kids[i]);
	node->kids = kids;
}

const struct node *document_unpack(struct documents *documents,
                                   const char *display, const char *bytes,
                                   size_t length)
{
	struct unpacking unpacking = {
		.arena = documents->arena,
		.at = bytes,
		.end = bytes + length,
		.file = documents_add_file(documents, display),
	};
	struct node *root = arena_alloc(documents->arena, sizeof(*root));

	documents->files[unpacking.file].holds_null = true; /* perhaps */
	unpack(&unpacking, root);
	return root;
}
