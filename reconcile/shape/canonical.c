/* SPDX-License-Identifier: MIT */
/*
 * Equal values, equal texts: 1, 1.0 and 0x1 are one number, and the order of
 * keys does not count. Texts carry their length, so nothing in them is taken
 * for something else.
 */
#include "shape/rule.h"

#include <stdlib.h>
#include <string.h>

static void write_node(FILE *out, const struct node *node);

static void write_text(FILE *out, const struct node *node)
{
	fprintf(out, "s%zu:", (size_t)node->length);
	fwrite(node->text, 1, node->length, out);
}

/* Whole numbers are written as such, exactly where 64 bits hold them. */
static void write_number(FILE *out, const struct node *node)
{
	int64_t integer = node_integer(node, INT64_MIN);

	if (integer != INT64_MIN)
		fprintf(out, "n%lld", (long long)integer);
	else
		fprintf(out, "n%.17g", node_number(node));
}

static void write_scalar(FILE *out, const struct node *node)
{
	enum scalar_kind kind = node_scalar(node);

	if (kind == SCALAR_NULL)
		fputc('z', out);
	else if (kind == SCALAR_BOOLEAN)
		fputs(node_boolean(node, false) ? "t" : "f", out);
	else if (kind == SCALAR_STRING)
		write_text(out, node);
	else
		write_number(out, node);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct node *const *left = a, *const *right = b;

	return strcmp((*left)->text, (*right)->text);
}

static void write_mapping(FILE *out, const struct node *node)
{
	const struct node **pairs = xcalloc(node->count + 1, sizeof(*pairs));

	for (size_t i = 0; i < node->count; i++)
		pairs[i] = node_key(node, i);
	qsort(pairs, node->count, sizeof(*pairs), compare_pairs);
	fputc('{', out);
	for (size_t i = 0; i < node->count; i++) {
		write_text(out, pairs[i]);
		write_node(out, pairs[i] + 1); /* its value is behind it */
	}
	fputc('}', out);
	free(pairs);
}

static void write_node(FILE *out, const struct node *node)
{
	if (node->type == NODE_SCALAR) {
		write_scalar(out, node);
		return;
	}
	if (node->type == NODE_MAPPING) {
		write_mapping(out, node);
		return;
	}
	fputc('[', out);
	for (size_t i = 0; i < node->count; i++)
		write_node(out, node_item(node, i));
	fputc(']', out);
}

char *shape_canonical(const struct node *node)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	write_node(out, node);
	(void)fclose(out);
	return text;
}
