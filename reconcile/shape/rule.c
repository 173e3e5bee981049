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

enum kind shape_plain_kind(const struct node *node)
{
	static const enum kind kinds[] = {
		[SCALAR_NULL] = KIND_NULL,
		[SCALAR_BOOLEAN] = KIND_BOOLEAN,
		[SCALAR_INTEGER] = KIND_INTEGER,
		[SCALAR_FLOAT] = KIND_FRACTION,
		[SCALAR_STRING] = KIND_TEXT,
	};
	const enum kind kind = kinds[node_scalar(node)];

	return kind == KIND_FRACTION && is_whole(node) ? KIND_INTEGER : kind;
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

/* ---- properties ---- */

static size_t slot_of(const struct rule *rule, const char *name, size_t length)
{
	const uint32_t mixed = (uint32_t)length ^
	                       (uint32_t)(unsigned char)name[0] << 8 ^
	                       (uint32_t)(unsigned char)name[length / 2] << 16;

	return (mixed * UINT32_C(0x9e3779b1) >> 16) & rule->slot_mask;
}

/* Open addressing; more than half of the slots stay free. */
static void make_slots(struct rule *rule, struct arena *arena)
{
	size_t size = 4;

	if (!rule->property_count)
		return;
	while (size <= 2 * rule->property_count)
		size *= 2;
	rule->slots = arena_alloc(arena, size * sizeof(*rule->slots));
	rule->slot_mask = size - 1;
	for (size_t i = 0; i < rule->property_count; i++) {
		const struct property *property = &rule->properties[i];
		size_t at = slot_of(rule, property->name, property->length);

		while (rule->slots[at])
			at = (at + 1) & rule->slot_mask;
		rule->slots[at] = (uint16_t)(i + 1);
	}
}

static struct property *find_property(const struct rule *rule, const char *name,
                                      size_t length)
{
	if (!rule->slots)
		return NULL;
	for (size_t at = slot_of(rule, name, length); rule->slots[at];
	     at = (at + 1) & rule->slot_mask) {
		struct property *property =
			&rule->properties[rule->slots[at] - 1];

		if (property->length == length &&
		    memcmp(property->name, name, length) == 0)
			return property;
	}
	return NULL;
}

static void number_required(struct rule *rule)
{
	for (size_t i = 0; i < rule->required_count; i++) {
		const char *name = rule->required[i];
		struct property *property =
			find_property(rule, name, strlen(name));

		if (!property || i >= 64) {
			rule->required_elsewhere = true;
			continue;
		}
		property->required = UINT64_C(1) << i;
		rule->required_bits |= property->required;
	}
}

void rule_finish(struct rule *rule, struct arena *arena)
{
	make_slots(rule, arena);
	number_required(rule);
}

const struct property *rule_property(const struct rule *rule,
                                     const struct node *key)
{
	return find_property(rule, key->text, key->length);
}
