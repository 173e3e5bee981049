/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "shape/compile.h"

#include <stdlib.h>
#include <string.h>

static void *allocate(const struct compiler *compiler, size_t count,
                      size_t size)
{
	return arena_alloc(compiler->shape->arena, count * size);
}

/* ---- simple values ---- */

static void *member(struct rule *rule, const struct keyword *keyword)
{
	return (char *)rule + keyword->offset;
}

static int set_nothing(struct compiler *compiler, struct rule *rule,
                       const struct keyword *keyword, const struct node *value)
{
	(void)compiler;
	(void)rule;
	(void)keyword;
	(void)value;
	return 0;
}

static int set_text(struct compiler *compiler, struct rule *rule,
                    const struct keyword *keyword, const struct node *value)
{
	const char **text = member(rule, keyword);

	if (shape_kind(value) != KIND_TEXT)
		return shape_refuse(compiler, keyword->name, "must be text");
	*text = value->text;
	return 0;
}

static int set_flag(struct compiler *compiler, struct rule *rule,
                    const struct keyword *keyword, const struct node *value)
{
	bool *flag = member(rule, keyword);

	if (shape_kind(value) != KIND_BOOLEAN)
		return shape_refuse(compiler, keyword->name,
		                    "must be true or false");
	*flag = node_boolean(value, false);
	return 0;
}

static int set_size(struct compiler *compiler, struct rule *rule,
                    const struct keyword *keyword, const struct node *value)
{
	size_t *size = member(rule, keyword);
	int64_t number = node_integer(value, -1);

	if (number < 0)
		return shape_refuse(compiler, keyword->name,
		                    "must be a whole number, not negative");
	*size = (size_t)number;
	return 0;
}

static int set_number(struct compiler *compiler, struct rule *rule,
                      const struct keyword *keyword, const struct node *value)
{
	double *number = member(rule, keyword);

	*number = node_number(value);
	if (!isfinite(*number))
		return shape_refuse(compiler, keyword->name,
		                    "must be a number");
	return 0;
}

static int set_rule(struct compiler *compiler, struct rule *rule,
                    const struct keyword *keyword, const struct node *value)
{
	const struct rule **inner = member(rule, keyword);

	*inner = shape_compile(compiler, value);
	return *inner ? 0 : -1;
}

static int set_rules(struct compiler *compiler, struct rule *rule,
                     const struct keyword *keyword, const struct node *value)
{
	struct rules *rules = member(rule, keyword);

	if (value->type != NODE_SEQUENCE)
		return shape_refuse(compiler, keyword->name, "must be a list");
	rules->items = allocate(compiler, value->count, sizeof(*rules->items));
	for (size_t i = 0; i < value->count; i++) {
		rules->items[i] = shape_compile(compiler, node_item(value, i));
		if (!rules->items[i])
			return -1;
	}
	rules->count = value->count;
	return 0;
}

static const struct keyword tuple_keyword = { "items", set_rules,
	                                      offsetof(struct rule, tuple) };

static int set_items(struct compiler *compiler, struct rule *rule,
                     const struct keyword *keyword, const struct node *value)
{
	if (value->type == NODE_SEQUENCE)
		return set_rules(compiler, rule, &tuple_keyword, value);
	return set_rule(compiler, rule, keyword, value);
}

/* ---- types and constants ---- */

static const struct {
	const char *name;
	unsigned kinds;
} types[] = {
	{ "null", KIND_NULL },       { "boolean", KIND_BOOLEAN },
	{ "integer", KIND_INTEGER }, { "number", KIND_INTEGER | KIND_FRACTION },
	{ "string", KIND_TEXT },     { "array", KIND_LIST },
	{ "object", KIND_MAPPING },
};

static unsigned find_type(const struct node *name)
{
	for (size_t i = 0; i < LENGTH(types); i++) {
		if (str_equal(node_text(name), types[i].name))
			return types[i].kinds;
	}
	return 0;
}

static int set_type(struct compiler *compiler, struct rule *rule,
                    const struct keyword *keyword, const struct node *value)
{
	size_t count = value->type == NODE_SEQUENCE ? value->count : 1;

	rule->kinds = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned kinds = find_type(value->type == NODE_SEQUENCE
		                                   ? node_item(value, i)
		                                   : value);

		if (!kinds)
			return shape_refuse(compiler, keyword->name,
			                    "names no type of JSON");
		rule->kinds |= kinds;
	}
	return 0;
}

static void add_constant(const struct compiler *compiler,
                         struct constant *constant, const struct node *value)
{
	CLEANUP(textp) char *canonical = shape_canonical(value);

	constant->node = value;
	constant->canonical = arena_copy(compiler->shape->arena, canonical,
	                                 strlen(canonical));
}

static int set_enum(struct compiler *compiler, struct rule *rule,
                    const struct keyword *keyword, const struct node *value)
{
	if (value->type != NODE_SEQUENCE)
		return shape_refuse(compiler, keyword->name, "must be a list");
	rule->constants =
		allocate(compiler, value->count, sizeof(*rule->constants));
	rule->constant_count = value->count;
	for (size_t i = 0; i < value->count; i++)
		add_constant(compiler, &rule->constants[i],
		             node_item(value, i));
	return 0;
}

static int set_const(struct compiler *compiler, struct rule *rule,
                     const struct keyword *keyword, const struct node *value)
{
	(void)keyword;
	rule->constants = allocate(compiler, 1, sizeof(*rule->constants));
	rule->constant_count = 1;
	add_constant(compiler, rule->constants, value);
	return 0;
}

/* ---- properties ---- */

static int compare_properties(const void *a, const void *b)
{
	const struct property *left = a, *right = b;
	int differ =
		(left->length > right->length) - (left->length < right->length);

	return differ ? differ : memcmp(left->name, right->name, left->length);
}

static int set_properties(struct compiler *compiler, struct rule *rule,
                          const struct keyword *keyword,
                          const struct node *value)
{
	if (value->type != NODE_MAPPING)
		return shape_refuse(compiler, keyword->name,
		                    "must be an object");
	if (value->count >= UINT16_MAX)
		return shape_refuse(compiler, keyword->name, "has too many");
	rule->properties =
		allocate(compiler, value->count, sizeof(*rule->properties));
	rule->property_count = value->count;
	for (size_t i = 0; i < value->count; i++) {
		const struct rule *inner =
			shape_compile(compiler, node_value(value, i));

		if (!inner)
			return -1;
		rule->properties[i] = (struct property){
			.name = node_key(value, i)->text,
			.length = node_key(value, i)->length,
			.rule = inner,
		};
	}
	qsort(rule->properties, rule->property_count, sizeof(*rule->properties),
	      compare_properties);
	return 0;
}

static const struct pattern *add_pattern(const struct compiler *compiler,
                                         const char *expression)
{
	struct shape *shape = compiler->shape;
	struct pattern *pattern = pattern_new(
		expression, (struct place){ .file = compiler->name },
		compiler->diag);

	if (!pattern)
		return NULL;
	shape->patterns =
		xgrow(shape->patterns, shape->pattern_count,
	              &shape->pattern_capacity, sizeof(*shape->patterns));
	shape->patterns[shape->pattern_count++] = pattern;
	return pattern;
}

static int set_patterns(struct compiler *compiler, struct rule *rule,
                        const struct keyword *keyword, const struct node *value)
{
	if (value->type != NODE_MAPPING)
		return shape_refuse(compiler, keyword->name,
		                    "must be an object");
	rule->patterns =
		allocate(compiler, value->count, sizeof(*rule->patterns));
	for (size_t i = 0; i < value->count; i++) {
		struct patterned *patterned = &rule->patterns[i];

		patterned->pattern =
			add_pattern(compiler, node_key(value, i)->text);
		patterned->rule = shape_compile(compiler, node_value(value, i));
		if (!patterned->pattern || !patterned->rule)
			return -1;
	}
	rule->pattern_count = value->count;
	return 0;
}

static int set_pattern(struct compiler *compiler, struct rule *rule,
                       const struct keyword *keyword, const struct node *value)
{
	if (set_text(compiler, rule, keyword, value) < 0)
		return -1;
	rule->pattern = add_pattern(compiler, rule->pattern_text);
	return rule->pattern ? 0 : -1;
}

static int set_required(struct compiler *compiler, struct rule *rule,
                        const struct keyword *keyword, const struct node *value)
{
	if (value->type != NODE_SEQUENCE)
		return shape_refuse(compiler, keyword->name, "must be a list");
	rule->required =
		allocate(compiler, value->count, sizeof(*rule->required));
	for (size_t i = 0; i < value->count; i++) {
		rule->required[i] = node_text(node_item(value, i));
		if (!rule->required[i])
			return shape_refuse(compiler, keyword->name,
			                    "must be a list of texts");
	}
	rule->required_count = value->count;
	return 0;
}

static int set_definitions(struct compiler *compiler, struct rule *rule,
                           const struct keyword *keyword,
                           const struct node *value)
{
	(void)rule;
	if (value->type != NODE_MAPPING)
		return shape_refuse(compiler, keyword->name,
		                    "must be an object");
	for (size_t i = 0; i < value->count; i++) {
		if (!shape_compile(compiler, node_value(value, i)))
			return -1;
	}
	return 0;
}

/* ---- all of them ---- */

#define MEMBER(name) offsetof(struct rule, name)

static const struct keyword keywords[] = {
	{ "$comment", set_nothing, 0 },
	{ "$id", set_nothing, 0 },
	{ "$schema", set_nothing, 0 },
	{ "additionalProperties", set_rule, MEMBER(additional) },
	{ "allOf", set_rules, MEMBER(all_of) },
	{ "anyOf", set_rules, MEMBER(any_of) },
	{ "const", set_const, 0 },
	{ "default", set_nothing, 0 },
	{ "definitions", set_definitions, 0 },
	{ "description", set_nothing, 0 },
	{ "else", set_rule, MEMBER(else_rule) },
	{ "enum", set_enum, 0 },
	{ "examples", set_nothing, 0 },
	{ "exclusiveMaximum", set_number, MEMBER(below) },
	{ "exclusiveMinimum", set_number, MEMBER(above) },
	{ "if", set_rule, MEMBER(if_rule) },
	{ "items", set_items, MEMBER(items) },
	{ "maxItems", set_size, MEMBER(items_limit.max) },
	{ "maxLength", set_size, MEMBER(length_limit.max) },
	{ "maxProperties", set_size, MEMBER(properties_limit.max) },
	{ "maximum", set_number, MEMBER(maximum) },
	{ "minItems", set_size, MEMBER(items_limit.min) },
	{ "minLength", set_size, MEMBER(length_limit.min) },
	{ "minProperties", set_size, MEMBER(properties_limit.min) },
	{ "minimum", set_number, MEMBER(minimum) },
	{ "multipleOf", set_number, MEMBER(multiple_of) },
	{ "not", set_rule, MEMBER(not_rule) },
	{ "oneOf", set_rules, MEMBER(one_of) },
	{ "pattern", set_pattern, MEMBER(pattern_text) },
	{ "patternProperties", set_patterns, 0 },
	{ "properties", set_properties, 0 },
	{ "propertyNames", set_rule, MEMBER(names) },
	{ "required", set_required, 0 },
	{ "then", set_rule, MEMBER(then_rule) },
	{ "title", set_text, MEMBER(title) },
	{ "type", set_type, 0 },
	{ "uniqueItems", set_flag, MEMBER(unique) },
	{ "x-expected", set_text, MEMBER(expected) },
	{ "x-reference", set_flag, MEMBER(secret) },
	{ "x-unbuilt", set_text, MEMBER(unbuilt) },
};

#undef MEMBER

static int compare_keyword(const void *name, const void *item)
{
	const struct keyword *keyword = item;

	return strcmp(name, keyword->name);
}

const struct keyword *shape_keyword(const char *name)
{
	return bsearch(name, keywords, LENGTH(keywords), sizeof(keywords[0]),
	               compare_keyword);
}
