/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "schema/codes.h"
#include "shape/check.h"

#include <stdlib.h>
#include <string.h>

static int check_count(struct check *check, const struct sizes *limit,
                       const struct node *node, const struct step *step)
{
	if (node->count >= limit->min && node->count <= limit->max)
		return 0;
	if (!check->diag)
		return -1;

	CLEANUP(textp) char *path = words_path(step);
	const char *what = node->type == NODE_MAPPING ? "keys" : "items";
	bool few = node->count < limit->min;

	return shape_report(check, CODE_BAD_COUNT, words_anchor(node, step),
	                    "%s must have at %s %zu %s, not %u", path,
	                    few ? "least" : "most",
	                    few ? limit->min : limit->max, what,
	                    (unsigned)node->count);
}

/* ---- lists ---- */

/* An item, and a text by which equal ones are found. */
struct item {
	const struct node *node;
	char *canonical;
	size_t index;
};

static int compare_items(const void *a, const void *b)
{
	const struct item *left = a, *right = b;
	int differ = strcmp(left->canonical, right->canonical);

	return differ ? differ
	              : (left->index > right->index) -
	                        (left->index < right->index);
}

static int report_twice(struct check *check, const struct node *first,
                        const struct node *again, const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);
	bool shown = !check->hidden && again->type == NODE_SCALAR;
	int result = shape_report(
		check, CODE_DUPLICATE_ITEM, again,
		"%s holds %s%s%s twice; remove one", path, shown ? "`" : "",
		shown ? again->text : "an item", shown ? "`" : "");

	if (check->diag)
		diag_note(check->diag, node_place(check->documents, first),
		          "first given here");
	return result;
}

static int check_sorted(struct check *check, struct item *items, size_t count,
                        const struct step *step)
{
	size_t first = 0;
	int result = 0;

	qsort(items, count, sizeof(*items), compare_items);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(items[first].canonical, items[i].canonical) == 0)
			result = report_twice(check, items[first].node,
			                      items[i].node, step);
		else
			first = i;
	}
	return result;
}

static int check_unique(struct check *check, const struct node *node,
                        const struct step *step)
{
	struct item *items;
	int result;

	if (node->count < 2)
		return 0;
	items = xcalloc(node->count, sizeof(*items));
	for (size_t i = 0; i < node->count; i++)
		items[i] = (struct item){
			.node = node_item(node, i),
			.canonical = shape_canonical(node_item(node, i)),
			.index = i,
		};
	result = check_sorted(check, items, node->count, step);
	for (size_t i = 0; i < node->count; i++)
		free(items[i].canonical);
	free(items);
	return result;
}

/* Up to here each is compared with each. */
enum { FEW_ITEMS = 16 };

static bool are_few_texts(const struct node *node)
{
	if (node->count > FEW_ITEMS)
		return false;
	for (size_t i = 0; i < node->count; i++) {
		if (shape_kind(node_item(node, i)) != KIND_TEXT)
			return false;
	}
	return true;
}

static bool are_equal_texts(const struct node *a, const struct node *b)
{
	return a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

/* As check_unique(), without allocating. */
static int check_unique_texts(struct check *check, const struct node *node,
                              const struct step *step)
{
	int result = 0;

	for (size_t i = 1; i < node->count; i++) {
		const struct node *item = node_item(node, i);
		size_t first = 0;

		while (!are_equal_texts(node_item(node, first), item))
			first++;
		if (first < i)
			result = report_twice(check, node_item(node, first),
			                      item, step);
	}
	return result;
}

static const struct rule *item_rule(const struct rule *rule, size_t index)
{
	return index < rule->tuple.count ? rule->tuple.items[index]
	                                 : rule->items;
}

static int check_items(struct check *check, const struct rule *rule,
                       const struct node *node, const struct step *step)
{
	int result = 0;

	for (size_t i = 0; i < node->count; i++) {
		const struct rule *item = item_rule(rule, i);
		const struct step next = { .up = step, .index = i };

		if (!item || shape_check_node(check, item, node_item(node, i),
		                              &next) == 0)
			continue;
		result = -1;
		if (!check->diag)
			break;
	}
	return result;
}

int shape_check_list(struct check *check, const struct rule *rule,
                     const struct node *node, const struct step *step)
{
	int result = check_count(check, &rule->items_limit, node, step);

	if (check_items(check, rule, node, step) < 0)
		result = -1;
	if (!rule->unique)
		return result;
	if ((are_few_texts(node) ? check_unique_texts
	                         : check_unique)(check, node, step) < 0)
		result = -1;
	return result;
}

/* ---- mappings ---- */

static int report_unknown(struct check *check, const struct rule *rule,
                          const struct node *key, const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *nearest = words_nearest(rule, key->text);

	if (!step)
		return shape_report(check, CODE_UNKNOWN_KEY, key,
		                    "unknown key `%s`%s", key->text, nearest);
	return shape_report(check, CODE_UNKNOWN_KEY, key,
	                    "unknown key `%s` in %s%s", key->text, path,
	                    nearest);
}

/* Keys are text to JSON, however they are written. */
static int check_name(struct check *check, const struct rule *rule,
                      const struct node *key, const struct step *step)
{
	struct node name = *key;

	name.style = NODE_QUOTED;
	if (shape_is_met(check, rule, &name))
		return 0;
	if (!check->diag)
		return -1;

	CLEANUP(textp) char *path = words_path(step);
	const char *expected = rule_resolve(rule)->expected;

	return shape_report(check, CODE_BAD_KEY, key,
	                    "the key `%s` in %s must be %s", key->text, path,
	                    expected ? expected : "of another form");
}

static int check_patterns(struct check *check, const struct rule *rule,
                          const struct node *key, const struct step *step,
                          bool *known)
{
	int result = 0;

	for (size_t i = 0; i < rule->pattern_count; i++) {
		const struct patterned *patterned = &rule->patterns[i];

		if (!pattern_matches(patterned->pattern, key->text,
		                     key->length))
			continue;
		*known = true;
		if (shape_check_node(check, patterned->rule, key + 1, step) < 0)
			result = -1;
	}
	return result;
}

/* One key and the value behind it. */
static int check_pair(struct check *check, const struct rule *rule,
                      const struct property *property, const struct node *key,
                      const struct step *step)
{
	const struct step next = { .up = step, .key = key };
	bool known = property != NULL;
	int result = 0;

	if (rule->names && check_name(check, rule->names, key, step) < 0)
		result = -1;
	if (property &&
	    shape_check_node(check, property->rule, key + 1, &next) < 0)
		result = -1;
	if (check_patterns(check, rule, key, &next, &known) < 0)
		result = -1;
	if (known || !rule->additional)
		return result;
	if (rule_resolve(rule->additional)->never)
		return check->diag ? report_unknown(check, rule, key, step)
		                   : -1;
	if (shape_check_node(check, rule->additional, key + 1, &next) < 0)
		result = -1;
	return result;
}

static int check_required(struct check *check, const struct rule *rule,
                          const struct node *node, const struct step *step)
{
	int result = 0;

	for (size_t i = 0; i < rule->required_count; i++) {
		if (node_get(node, rule->required[i]))
			continue;
		result = -1;
		if (!check->diag)
			break;

		CLEANUP(textp) char *path = words_path(step);

		result = shape_report(
			check, CODE_MISSING_KEY, words_anchor(node, step),
			"%s needs `%s`; add it", path, rule->required[i]);
	}
	return result;
}

/* A reference has one of its keys; a count would tell nobody which. */
static int check_reference(struct check *check, const struct rule *rule,
                           const struct node *node, const struct step *step)
{
	const struct sizes *limit = &rule->properties_limit;

	if (!rule->secret ||
	    (node->count >= limit->min && node->count <= limit->max))
		return check_count(check, limit, node, step);
	if (!check->diag)
		return -1;

	CLEANUP(textp) char *path = words_path(step);

	return shape_report(
		check, CODE_BAD_COUNT, words_anchor(node, step),
		"%s must name one place of the secret, { env: NAME } or "
		"{ file: PATH }",
		path);
}

int shape_check_mapping(struct check *check, const struct rule *rule,
                        const struct node *node, const struct step *step)
{
	int result = check_reference(check, rule, node, step);
	uint64_t seen = 0;

	for (size_t i = 0; i < node->count; i++) {
		const struct node *key = node_key(node, i);
		const struct property *property = rule_property(rule, key);

		if (property)
			seen |= property->required;
		if (check_pair(check, rule, property, key, step) < 0)
			result = -1;
		if (result < 0 && !check->diag)
			return -1;
	}
	if ((seen != rule->required_bits || rule->required_elsewhere) &&
	    check_required(check, rule, node, step) < 0)
		result = -1;
	return result;
}
