/* SPDX-License-Identifier: MIT */
#include "shape/check.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static bool holds_constant(const struct rule *rule, const struct node *node)
{
	CLEANUP(textp) char *canonical = NULL;
	bool text = shape_kind(node) == KIND_TEXT;

	for (size_t i = 0; i < rule->constant_count; i++) {
		const struct constant *constant = &rule->constants[i];

		if (shape_kind(constant->node) != shape_kind(node))
			continue;
		if (text && constant->node->length == node->length &&
		    memcmp(constant->node->text, node->text, node->length) == 0)
			return true;
		if (text)
			continue;
		if (!canonical)
			canonical = shape_canonical(node);
		if (strcmp(canonical, constant->canonical) == 0)
			return true;
	}
	return false;
}

/* ---- kinds ---- */

/* A text without quotes that YAML takes for something else. */
static int report_unquoted(struct check *check, const struct node *node,
                           const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);

	if (check->hidden)
		return shape_report(check, CODE_NEEDS_QUOTES, node,
		                    "%s must be text: put it in quotes", path);
	return shape_report(check, CODE_NEEDS_QUOTES, node,
	                    "%s must be text: write `\"%s\"` with quotes", path,
	                    node->text);
}

/* What the value would be without its quotes. */
static enum kind bare_kind(const struct node *node)
{
	struct node bare = *node;

	bare.style = NODE_PLAIN;
	return shape_kind(&bare);
}

static int report_kind(struct check *check, const struct rule *rule,
                       const struct node *node, const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *wanted = words_kinds(rule->kinds);
	CLEANUP(textp) char *instead = words_instead(check, node);
	bool scalar = node->type == NODE_SCALAR;

	if (scalar && node->length && (rule->kinds & KIND_TEXT))
		return report_unquoted(check, node, step);
	if (scalar && !check->hidden && node->style == NODE_QUOTED &&
	    (rule->kinds & bare_kind(node)))
		return shape_report(check, CODE_WRONG_TYPE, node,
		                    "%s must be %s: write `%s` without quotes",
		                    path, wanted, node->text);
	return shape_report(check, CODE_WRONG_TYPE, node, "%s must be %s%s",
	                    path, wanted, instead);
}

static int check_kind(struct check *check, const struct rule *rule,
                      const struct node *node, const struct step *step)
{
	if (rule->kinds & shape_kind(node))
		return 0;
	return check->diag ? report_kind(check, rule, node, step) : -1;
}

static int check_constant(struct check *check, const struct rule *rule,
                          const struct node *node, const struct step *step)
{
	if (!rule->constant_count || holds_constant(rule, node))
		return 0;
	if (!check->diag)
		return -1;

	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *wanted = words_wanted(rule);
	CLEANUP(textp) char *instead = words_instead(check, node);

	return shape_report(check, CODE_BAD_VALUE, node, "%s must be %s%s",
	                    path, wanted, instead);
}

/* ---- rules ---- */

static int report_never(struct check *check, const struct node *node,
                        const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);

	return shape_report(check, CODE_BAD_VALUE, node,
	                    "%s is not allowed here; remove it", path);
}

static int report_unbuilt(struct check *check, const struct rule *rule,
                          const struct node *node, const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);

	return shape_report(check, CODE_UNBUILT_KEY, words_anchor(node, step),
	                    "%s has no effect yet: %s", path, rule->unbuilt);
}

static int report_literal(struct check *check, const struct node *node,
                          const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);

	return shape_report(check, CODE_SECRET_LITERAL, node,
	                    "%s holds a secret itself; write where it is, "
	                    "{ env: NAME } or { file: PATH }",
	                    path);
}

typedef int check_fn(struct check *check, const struct rule *rule,
                     const struct node *node, const struct step *step);

static check_fn *const check_of_type[] = {
	[NODE_SCALAR] = shape_check_scalar,
	[NODE_SEQUENCE] = shape_check_list,
	[NODE_MAPPING] = shape_check_mapping,
};

/* Most rules hold no others. */
static bool has_branches(const struct rule *rule)
{
	return rule->all_of.count || rule->any_of.items || rule->one_of.items ||
	       rule->not_rule || rule->if_rule;
}

static int check_content(struct check *check, const struct rule *rule,
                         const struct node *node, const struct step *step)
{
	if (check_kind(check, rule, node, step) < 0 ||
	    check_constant(check, rule, node, step) < 0)
		return -1;

	int result = check_of_type[node->type](check, rule, node, step);

	if (result < 0 && !check->diag)
		return -1;
	if (has_branches(rule) &&
	    shape_check_branches(check, rule, node, step) < 0)
		result = -1;
	return result;
}

int shape_check_node(struct check *check, const struct rule *rule,
                     const struct node *node, const struct step *step)
{
	int result;

	rule = rule_resolve(rule);
	if (rule->never)
		return check->diag ? report_never(check, node, step) : -1;
	if (rule->unbuilt && check->diag)
		return report_unbuilt(check, rule, node, step);
	if (rule->secret && node->type != NODE_MAPPING)
		return report_literal(check, node, step);
	check->hidden += rule->secret;
	result = check_content(check, rule, node, step);
	check->hidden -= rule->secret;
	return result;
}

bool shape_is_met(const struct check *check, const struct rule *rule,
                  const struct node *node)
{
	struct check quiet = *check;

	quiet.diag = NULL;
	return shape_check_node(&quiet, rule, node, NULL) == 0;
}

int shape_check(const struct shape *shape, const struct documents *documents,
                const struct node *root, struct diag *diag)
{
	struct check check = { .documents = documents, .diag = diag };

	return shape_check_node(&check, shape->root, root, NULL);
}
