/* SPDX-License-Identifier: MIT */
/* Errors, and the calls beside those of the auth config itself. */
#include "platform/compile.h"

#include "base/text.h"

/* ---- errors ---- */

static struct pointer *compile_pointers(struct compiler *compiler,
                                        const struct node *list, size_t *count)
{
	struct pointer *pointers;

	*count = list ? list->count : 0;
	pointers = compiler_alloc(compiler, *count, sizeof(*pointers));
	for (size_t i = 0; i < *count; i++)
		pointers[i] = pointer_parse(compiler->binding->arena,
		                            node_text(node_item(list, i)));
	return pointers;
}

void compile_errors(struct compiler *compiler, const struct node *map,
                    struct errors *out)
{
	const struct node *gone = node_get(map, "gone");

	if (!map)
		return;
	out->messages = compile_pointers(compiler, node_get(map, "message"),
	                                 &out->message_count);
	out->codes = compile_pointers(compiler, node_get(map, "code"),
	                              &out->code_count);
	out->request_id = compiler_pointer(compiler, map, "requestId");
	out->gone_count = gone ? gone->count : 0;
	out->gone =
		compiler_alloc(compiler, out->gone_count, sizeof(*out->gone));
	for (size_t i = 0; i < out->gone_count; i++)
		out->gone[i] = node_text(node_item(gone, i));
}

/* ---- enabling ---- */

static const int ok_set[] = { 200, 204 };
static const struct defaults of_set = { "PATCH", ok_set, LENGTH(ok_set) };

void compile_enabling(struct compiler *compiler, const struct node *node)
{
	const struct node *map = node_get(node, "map");
	const struct node *initial = node_get(node, "initial");
	struct enabling *out = &compiler->binding->enabling;

	compile_operation(compiler, node, &of_set, &out->operation);
	out->words[0] = node_text(node_get(map, "false"));
	out->words[1] = node_text(node_get(map, "true"));
	out->initial = initial ? node_boolean(initial, false) : -1;
}

/* ---- connections ---- */

static const int ok_counted[] = { 200 };
static const struct defaults of_count = { "GET", ok_counted,
	                                  LENGTH(ok_counted) };

void compile_counting(struct compiler *compiler, const struct node *node)
{
	struct counting *out = &compiler->binding->counting;

	if (!node)
		return;
	compile_operation(compiler, node, &of_count, &out->operation);
	out->items = compiler_pointer(compiler, node, "items");
	out->match = compiler_pointer(compiler, node, "match");
	out->most = node_integer(node_get(node, "most"), 0);
	out->page = compile_page(compiler, node_get(node, "page"));
}
