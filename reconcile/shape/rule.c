/* SPDX-License-Identifier: MIT */
#include "shape/rule.h"

#include <string.h>

/* From 2^53 on a double has no fraction left. */
static bool is_whole(const struct node *node)
{
	double number = node_number(node);

	return isfinite(number) && (fabs(number) >= 0x1p53 ||
	                            node_integer(node, INT64_MIN) != INT64_MIN);
}

enum kind shape_kind(const struct node *node)
{
	static const enum kind kinds[] = {
		[SCALAR_NULL] = KIND_NULL,
		[SCALAR_BOOLEAN] = KIND_BOOLEAN,
		[SCALAR_INTEGER] = KIND_INTEGER,
		[SCALAR_FLOAT] = KIND_FRACTION,
		[SCALAR_STRING] = KIND_TEXT,
	};
	enum kind kind;

	if (node->type == NODE_MAPPING)
		return KIND_MAPPING;
	if (node->type == NODE_SEQUENCE)
		return KIND_LIST;
	kind = kinds[node_scalar(node)];
	return kind == KIND_FRACTION && is_whole(node) ? KIND_INTEGER : kind;
}

const struct rule *rule_resolve(const struct rule *rule)
{
	while (rule->reference)
		rule = rule->reference;
	return rule;
}

unsigned rule_kinds(const struct rule *rule)
{
	unsigned constants = 0;

	rule = rule_resolve(rule);
	if (rule->never)
		return 0;
	for (size_t i = 0; i < rule->constant_count; i++)
		constants |= shape_kind(rule->constants[i].node);
	return rule->kinds & (rule->constant_count ? constants : KIND_ANY);
}

const struct property *rule_property(const struct rule *rule,
                                     const struct node *key)
{
	size_t low = 0, high = rule->property_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct property *property = &rule->properties[middle];
		int differ = (key->length > property->length) -
		             (key->length < property->length);

		if (!differ)
			differ = memcmp(key->text, property->name, key->length);
		if (!differ)
			return property;
		if (differ < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
