/* SPDX-License-Identifier: MIT */
/* Rule: a compiled schema; compile.c makes it, check.c walks by it. */
#ifndef RECONCILE_SHAPE_RULE_H
#define RECONCILE_SHAPE_RULE_H

#include "base/arena.h"
#include "base/pattern.h"
#include "document/document.h"
#include "shape/shape.h"

#include <math.h>

/* What a value is, one bit each. */
enum kind {
	KIND_NULL = 1 << 0,
	KIND_BOOLEAN = 1 << 1,
	KIND_INTEGER = 1 << 2, /* also 2.0 */
	KIND_FRACTION = 1 << 3,
	KIND_TEXT = 1 << 4,
	KIND_LIST = 1 << 5,
	KIND_MAPPING = 1 << 6,
	KIND_ANY = (1 << 7) - 1
};

struct rule;

struct rules {
	const struct rule **items;
	size_t count;
};

struct property {
	const char *name;
	size_t length;
	const struct rule *rule;
	uint64_t required; /* its bit of rule->required_bits, if it has one */
};

struct patterned {
	const struct pattern *pattern;
	const struct rule *rule;
};

/* A value of enum or const. */
struct constant {
	const struct node *node;
	const char *canonical;
};

struct sizes {
	size_t min, max; /* SIZE_MAX: no limit */
};

/* Numbers are NaN, pointers NULL and counts 0 where nothing is said. */
struct rule {
	const struct rule *reference; /* then nothing else counts */
	bool never;                   /* the schema `false` */
	bool secret;                  /* x-reference */
	bool unique;
	unsigned kinds; /* by `type` */
	struct constant *constants;
	size_t constant_count;
	struct property *properties; /* sorted by length, then bytes */
	size_t property_count;
	/* Where a property is found: its index + 1; 0: none is there. */
	uint16_t *slots;
	size_t slot_mask;
	struct patterned *patterns;
	size_t pattern_count;
	const struct rule *additional, *names;
	const char **required;
	size_t required_count;
	uint64_t required_bits;  /* of required properties */
	bool required_elsewhere; /* by a name that has no bit */
	const struct rule *items;
	struct rules tuple;
	struct sizes properties_limit, items_limit, length_limit;
	double minimum, maximum, above, below, multiple_of;
	const struct pattern *pattern;
	const char *pattern_text;
	struct rules all_of, any_of, one_of;
	const struct rule *not_rule, *if_rule, *then_rule, *else_rule;
	const char *title;
	const char *unbuilt;  /* x-unbuilt */
	const char *expected; /* x-expected */
};

struct shape {
	struct arena *arena;
	struct documents *documents; /* the schema's own text */
	struct rule *root;
	struct pattern **patterns;
	size_t pattern_count, pattern_capacity;
};

/* Of a plain scalar. */
enum kind shape_plain_kind(const struct node *node);

static inline enum kind shape_kind(const struct node *node)
{
	if (node->type == NODE_MAPPING)
		return KIND_MAPPING;
	if (node->type == NODE_SEQUENCE)
		return KIND_LIST;
	return node->style == NODE_PLAIN ? shape_plain_kind(node) : KIND_TEXT;
}

/* When all keywords are set: makes its properties found. */
void rule_finish(struct rule *rule, struct arena *arena);

/* Behind all references. */
static inline const struct rule *rule_resolve(const struct rule *rule)
{
	while (rule->reference)
		rule = rule->reference;
	return rule;
}

/* The kinds of values that may satisfy it. */
unsigned rule_kinds(const struct rule *rule);

const struct property *rule_property(const struct rule *rule,
                                     const struct node *key);

/* A text that is the same for values that JSON Schema calls equal. */
char *shape_canonical(const struct node *node) MUST_CHECK;

#endif
