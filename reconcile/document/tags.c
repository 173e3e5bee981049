/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "document/tree.h"

#include <yaml.h>

/* The tags of the core schema; one changes nothing where the value is of that
 * kind anyway. `text`: a plain scalar becomes a text. */
static const struct {
	const char *tag;
	enum node_type type;
	enum scalar_kind kind;
	bool text;
} tags[] = {
	{ "!", NODE_SCALAR, SCALAR_STRING, true },
	{ YAML_STR_TAG, NODE_SCALAR, SCALAR_STRING, true },
	{ YAML_NULL_TAG, NODE_SCALAR, SCALAR_NULL, false },
	{ YAML_BOOL_TAG, NODE_SCALAR, SCALAR_BOOLEAN, false },
	{ YAML_INT_TAG, NODE_SCALAR, SCALAR_INTEGER, false },
	{ YAML_FLOAT_TAG, NODE_SCALAR, SCALAR_FLOAT, false },
	{ YAML_SEQ_TAG, NODE_SEQUENCE, SCALAR_STRING, false },
	{ YAML_MAP_TAG, NODE_MAPPING, SCALAR_STRING, false },
};

bool node_meets_tag(struct node *node, const char *tag)
{
	for (size_t i = 0; i < LENGTH(tags); i++) {
		if (tags[i].type != node->type || !str_equal(tags[i].tag, tag))
			continue;
		if (tags[i].text && node->style == NODE_PLAIN)
			node->style = NODE_QUOTED;
		return node_scalar(node) == tags[i].kind;
	}
	return false;
}
