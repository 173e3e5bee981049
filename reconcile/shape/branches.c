/* SPDX-License-Identifier: MIT */
/*
 * allOf, anyOf, oneOf, not, if. The art is to say something useful when no
 * alternative fits: where the kind of the value leaves one, or one knows more
 * of its keys than the others, that one's mistakes are reported.
 */
#include "schema/codes.h"
#include "shape/check.h"

#include <stdlib.h>

/* The alternatives that the kind of a value leaves. */
struct candidates {
	const struct rule *first;
	size_t count;
};

static struct candidates find_candidates(const struct rules *rules,
                                         const struct node *node)
{
	struct candidates candidates = { NULL, 0 };
	enum kind kind = shape_kind(node);

	for (size_t i = 0; i < rules->count; i++) {
		if (!(rule_kinds(rules->items[i]) & kind))
			continue;
		if (!candidates.count++)
			candidates.first = rules->items[i];
	}
	return candidates;
}

static size_t count_known(const struct rule *rule, const struct node *node)
{
	size_t known = 0;

	rule = rule_resolve(rule);
	for (size_t i = 0; i < node->count; i++)
		known += rule_property(rule, node_key(node, i)) != NULL;
	return known;
}

/* The one that is probably meant; NULL when that cannot be told. */
static const struct rule *find_meant(const struct rules *rules,
                                     const struct node *node)
{
	const struct rule *meant = NULL;
	size_t most = 0;

	if (node->type != NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < rules->count; i++) {
		size_t known = count_known(rules->items[i], node);

		if (known == most)
			meant = NULL;
		if (known <= most)
			continue;
		most = known;
		meant = rules->items[i];
	}
	return meant;
}

static int report_none(struct check *check, const struct rules *rules,
                       const struct node *node, const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *either = words_either(rules);
	CLEANUP(textp) char *instead = words_instead(check, node);

	return shape_report(check, CODE_BAD_VALUE, node, "%s must be %s%s",
	                    path, either, instead);
}

static int explain(struct check *check, const struct rules *rules,
                   const struct node *node, const struct step *step)
{
	const struct rule *meant = find_meant(rules, node);

	if (!check->diag)
		return -1;
	return meant ? shape_check_node(check, meant, node, step)
	             : report_none(check, rules, node, step);
}

static int check_only(struct check *check, const struct rules *rules,
                      const struct rule *rule, const struct node *node,
                      const struct step *step)
{
	if (node->type != NODE_SCALAR || shape_is_met(check, rule, node))
		return shape_check_node(check, rule, node, step);
	return explain(check, rules, node, step);
}

/* How many are met, up to two; *met is the first. */
static size_t count_met(const struct check *check, const struct rules *rules,
                        const struct node *node, const struct rule **met)
{
	size_t count = 0;

	for (size_t i = 0; i < rules->count && count < 2; i++) {
		if (!shape_is_met(check, rules->items[i], node))
			continue;
		if (!count++)
			*met = rules->items[i];
	}
	return count;
}

/* Once more and aloud, as what is met may still say that it is not built. */
static int repeat(struct check *check, const struct rule *rule,
                  const struct node *node, const struct step *step)
{
	return check->diag ? shape_check_node(check, rule, node, step) : 0;
}

static int check_any(struct check *check, const struct rules *rules,
                     const struct node *node, const struct step *step)
{
	const struct candidates candidates = find_candidates(rules, node);
	const struct rule *met = NULL;

	if (candidates.count == 1)
		return check_only(check, rules, candidates.first, node, step);
	if (!count_met(check, rules, node, &met))
		return explain(check, rules, node, step);
	return repeat(check, met, node, step);
}

static int check_one(struct check *check, const struct rules *rules,
                     const struct node *node, const struct step *step)
{
	const struct candidates candidates = find_candidates(rules, node);
	const struct rule *met = NULL;
	size_t count;

	if (candidates.count == 1)
		return check_only(check, rules, candidates.first, node, step);
	count = count_met(check, rules, node, &met);
	if (!count)
		return explain(check, rules, node, step);
	if (count == 1)
		return repeat(check, met, node, step);

	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *either = words_either(rules);

	return shape_report(check, CODE_BAD_VALUE, node,
	                    "%s must be only one of %s", path, either);
}

static int check_not(struct check *check, const struct rule *rule,
                     const struct node *node, const struct step *step)
{
	if (!shape_is_met(check, rule, node))
		return 0;

	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *wanted = words_wanted(rule);

	return shape_report(check, CODE_BAD_VALUE, node, "%s must not be %s",
	                    path, wanted);
}

static int check_condition(struct check *check, const struct rule *rule,
                           const struct node *node, const struct step *step)
{
	const struct rule *then = shape_is_met(check, rule->if_rule, node)
	                                  ? rule->then_rule
	                                  : rule->else_rule;

	return then ? shape_check_node(check, then, node, step) : 0;
}

static int check_all(struct check *check, const struct rules *rules,
                     const struct node *node, const struct step *step)
{
	int result = 0;

	for (size_t i = 0; i < rules->count; i++) {
		if (shape_check_node(check, rules->items[i], node, step) == 0)
			continue;
		result = -1;
		if (!check->diag)
			break;
	}
	return result;
}

int shape_check_branches(struct check *check, const struct rule *rule,
                         const struct node *node, const struct step *step)
{
	int result = check_all(check, &rule->all_of, node, step);

	if (rule->any_of.items &&
	    check_any(check, &rule->any_of, node, step) < 0)
		result = -1;
	if (rule->one_of.items &&
	    check_one(check, &rule->one_of, node, step) < 0)
		result = -1;
	if (rule->not_rule && check_not(check, rule->not_rule, node, step) < 0)
		result = -1;
	if (rule->if_rule && check_condition(check, rule, node, step) < 0)
		result = -1;
	return result;
}
