/* SPDX-License-Identifier: MIT */
/* The table of rules: its rows stand in the headers beside, by family. A test
 * holds it to its order. */
#include "lint/check.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

const char *const lint_severity_names[] = {
	[LINT_OFF] = "off",
	[LINT_INFO] = "info",
	[LINT_WARNING] = "warning",
	[LINT_ERROR] = "error",
};

/* clang-format off */
#define ROW(name, id, family, severity, title, source, good, bad, text) \
	{ id, family, severity, title, source, good, bad, text, check_##name },
/* clang-format on */

const struct lint_rule lint_rules[] = { RULE_ROWS(ROW) };

const size_t lint_rule_count = LENGTH(lint_rules);

static int compare_id(const void *key, const void *item)
{
	const struct lint_rule *rule = item;

	return strcmp(key, rule->id);
}

const struct lint_rule *lint_rule_find(const char *id)
{
	return bsearch(id, lint_rules, LENGTH(lint_rules),
	               sizeof(lint_rules[0]), compare_id);
}

bool lint_rule_is_fixed(const struct lint_rule *rule)
{
	return rule->family[0] == 'T';
}

const char *lint_rule_nearest(const char *id)
{
	const char *ids[LENGTH(lint_rules)];

	for (size_t i = 0; i < LENGTH(lint_rules); i++)
		ids[i] = lint_rules[i].id;
	return text_nearest(id, ids, LENGTH(ids));
}
