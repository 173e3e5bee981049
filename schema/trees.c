/* SPDX-License-Identifier: MIT */
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static int compare_name(const void *key, const void *item)
{
	const struct schema_file *file = item;

	return strcmp(key, file->name);
}

const struct schema_file *schema_find_tree(const char *name)
{
	return bsearch(name, schema_trees, schema_tree_count,
	               sizeof(schema_trees[0]), compare_name);
}
