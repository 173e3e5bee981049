/* SPDX-License-Identifier: MIT */
/*
 * A schema's text is a tree of nodes like any other; each mapping in it that
 * is a schema becomes one rule, found again by its node where a `$ref` names
 * it. Keywords are a table: most say where in the rule their value goes.
 */
#include "shape/compile.h"
#include "schema/codes.h"
#include "schema/schema.h"

#include <assert.h>
#include <stdlib.h>

static void compiler_release(struct compiler *compiler)
{
	free(compiler->made);
}

int shape_refuse(const struct compiler *compiler, const char *keyword,
                 const char *why)
{
	return diag_error(compiler->diag, CODE_BAD_SCHEMA,
	                  (struct place){ .file = compiler->name },
	                  "the schema `%s` cannot be used: `%s` %s",
	                  compiler->name, keyword, why);
}

/* ---- references ---- */

static int set_reference(struct compiler *compiler, struct rule *rule,
                         const struct node *value)
{
	const char *text = node_text(value);

	if (!text || text[0] != '#')
		return shape_refuse(compiler, "$ref",
		                    "must name a part of this schema, `#/…`");

	const struct node *target = shape_pointer(compiler->root, text + 1);

	if (!target)
		return shape_refuse(compiler, text,
		                    "names nothing in the schema");
	rule->reference = shape_compile(compiler, target);
	return rule->reference ? 0 : -1;
}

/* ---- schemas ---- */

static const struct rule free_rule = {
	.kinds = KIND_ANY,
	.properties_limit = { 0, SIZE_MAX },
	.items_limit = { 0, SIZE_MAX },
	.length_limit = { 0, SIZE_MAX },
	.minimum = (double)NAN,
	.maximum = (double)NAN,
	.above = (double)NAN,
	.below = (double)NAN,
	.multiple_of = (double)NAN,
};

static struct rule *find_made(const struct compiler *compiler,
                              const struct node *node)
{
	for (size_t i = 0; i < compiler->made_count; i++) {
		if (compiler->made[i].node == node)
			return compiler->made[i].rule;
	}
	return NULL;
}

static struct rule *make_rule(struct compiler *compiler,
                              const struct node *node)
{
	struct rule *rule = arena_alloc(compiler->shape->arena, sizeof(*rule));

	*rule = free_rule;
	compiler->made =
		xgrow(compiler->made, compiler->made_count,
	              &compiler->made_capacity, sizeof(*compiler->made));
	compiler->made[compiler->made_count++] = (struct made){ node, rule };
	return rule;
}

static int set_keywords(struct compiler *compiler, struct rule *rule,
                        const struct node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const char *name = node_key(node, i)->text;
		const struct keyword *keyword = shape_keyword(name);

		if (!keyword)
			return shape_refuse(compiler, name,
			                    "is no keyword known here");
		if (keyword->set(compiler, rule, keyword, node_value(node, i)) <
		    0)
			return -1;
	}
	rule_finish(rule, compiler->shape->arena);
	return 0;
}

/* Made once, also where it contains itself. */
struct rule *shape_compile(struct compiler *compiler, const struct node *node)
{
	struct rule *rule = find_made(compiler, node);
	const struct node *reference = node_get(node, "$ref");
	int result;

	if (rule)
		return rule;
	rule = make_rule(compiler, node);
	if (shape_kind(node) == KIND_BOOLEAN) {
		rule->never = !node_boolean(node, true);
		return rule;
	}
	if (node->type != NODE_MAPPING) {
		shape_refuse(compiler,
		             node_text(node) ? node_text(node) : "[…]",
		             "is no schema");
		return NULL;
	}
	result = reference ? set_reference(compiler, rule, reference)
	                   : set_keywords(compiler, rule, node);
	return result < 0 ? NULL : rule;
}

/* -1 when a `$ref` leads to itself by nothing but `$ref`s. */
static int check_references(const struct compiler *compiler)
{
	for (size_t i = 0; i < compiler->made_count; i++) {
		const struct rule *rule = compiler->made[i].rule;
		size_t steps = 0;

		while (rule->reference && steps++ <= compiler->made_count)
			rule = rule->reference;
		if (rule->reference)
			return shape_refuse(compiler, "$ref",
			                    "leads to itself");
	}
	return 0;
}

static struct shape *shape_begin(void)
{
	struct shape *shape = xcalloc(1, sizeof(*shape));

	shape->arena = arena_new();
	shape->documents = documents_new();
	return shape;
}

/* Of `shape`, which has no rule yet. */
static int compile(struct shape *shape, const char *name,
                   const struct node *root, struct diag *diag)
{
	CLEANUP(compiler_release)
	struct compiler compiler = {
		.shape = shape, .name = name, .root = root, .diag = diag
	};

	shape->root = shape_compile(&compiler, root);
	return shape->root ? check_references(&compiler) : -1;
}

struct shape *shape_new(const char *name, const char *json, size_t length,
                        struct diag *diag)
{
	CLEANUP(shape_freep) struct shape *shape = shape_begin();
	const struct node *root =
		document_parse_json(shape->documents, name, json, length, diag);

	if (!root || compile(shape, name, root, diag) < 0)
		return NULL;
	return TAKE(shape);
}

struct shape *shape_embedded(const char *name)
{
	const struct schema_file *tree = schema_find_tree(name);
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct shape *shape = shape_begin();
	int result;

	assert(tree);
	result = compile(shape, name,
	                 document_unpack(shape->documents, name, tree->bytes,
	                                 tree->length),
	                 diag);
	if (result < 0)
		diag_write(diag, stderr, DIAG_PLAIN);
	assert(result == 0);
	return shape;
}

void shape_free(struct shape *shape)
{
	if (!shape)
		return;
	for (size_t i = 0; i < shape->pattern_count; i++)
		pattern_free(shape->patterns[i]);
	free(shape->patterns);
	documents_free(shape->documents);
	arena_free(shape->arena);
	free(shape);
}
