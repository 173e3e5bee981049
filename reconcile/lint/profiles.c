/* SPDX-License-Identifier: MIT */
/* Profiles: those of schema/connectors, and what an operator adds. */
#include "lint/profile.h"

#include "base/arena.h"
#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"
#include "shape/shape.h"

#include <stdlib.h>
#include <string.h>

/* A name that a profile is found by: its connector, or an alias. */
struct name {
	const char *text;
	size_t profile;
};

struct profiles {
	struct documents *documents;
	struct shape *shape; /* NULL: nobody added one of his own */
	struct profile_home home;
	struct profile *items;
	struct name *names; /* sorted */
	size_t count, capacity, name_count, name_capacity;
	bool loading; /* the embedded ones */
};

static int compare_name(const void *key, const void *item)
{
	const struct name *name = item;

	return strcmp(key, name->text);
}

static int compare_names(const void *a, const void *b)
{
	const struct name *name = a;

	return compare_name(name->text, b);
}

static struct name *find_name(const struct profiles *profiles, const char *text)
{
	if (!profiles->name_count)
		return NULL;
	return bsearch(text, profiles->names, profiles->name_count,
	               sizeof(*profiles->names), compare_name);
}

/* The later profile wins. */
static void add_name(struct profiles *profiles, const char *text, size_t index)
{
	struct name *known = find_name(profiles, text);

	if (known) {
		known->profile = index;
		return;
	}
	profiles->names =
		xgrow(profiles->names, profiles->name_count,
	              &profiles->name_capacity, sizeof(*profiles->names));
	profiles->names[profiles->name_count++] = (struct name){ text, index };
	qsort(profiles->names, profiles->name_count, sizeof(*profiles->names),
	      compare_names);
}

static void add_names(struct profiles *profiles, const struct node *root)
{
	const struct node *groups = node_get(root, "aliases");
	const size_t index = profiles->count - 1;

	add_name(profiles, profiles->items[index].connector, index);
	for (size_t i = 0; groups && i < groups->count; i++) {
		const struct node *items =
			node_get(node_item(groups, i), "items");

		for (size_t j = 0; j < items->count; j++)
			add_name(profiles, node_text(node_item(items, j)),
			         index);
	}
}

static int add(struct profiles *profiles, const struct node *root,
               struct diag *diag)
{
	struct profile profile;

	if (profile_read(profiles->documents, root, &profiles->home, &profile,
	                 diag) < 0)
		return -1;
	profiles->items = xgrow(profiles->items, profiles->count,
	                        &profiles->capacity, sizeof(*profiles->items));
	profile.embedded = profiles->loading;
	profiles->items[profiles->count++] = profile;
	add_names(profiles, root);
	return 0;
}

int profiles_add(struct profiles *profiles, const char *display,
                 const char *bytes, size_t length, struct diag *diag)
{
	const struct node *root = document_parse(profiles->documents, display,
	                                         bytes, length, diag);

	if (!profiles->shape)
		profiles->shape = shape_embedded("connector.schema.json");
	if (!root ||
	    shape_check(profiles->shape, profiles->documents, root, diag) < 0)
		return -1;
	return add(profiles, root, diag);
}

/* Its shape is checked by a test, once and for all. */
static int add_embedded(struct profiles *profiles,
                        const struct schema_file *tree, struct diag *diag)
{
	return add(profiles,
	           document_unpack(profiles->documents, tree->name, tree->bytes,
	                           tree->length),
	           diag);
}

struct profiles *profiles_load(struct diag *diag)
{
	CLEANUP(profiles_freep)
	struct profiles *profiles = xcalloc(1, sizeof(*profiles));
	int result = 0;

	profiles->loading = true;
	profiles->documents = documents_new();
	profiles->home.arena = arena_new();
	for (size_t i = 0; i < schema_tree_count; i++) {
		if (str_starts(schema_trees[i].name, "connectors/") &&
		    add_embedded(profiles, &schema_trees[i], diag) < 0)
			result = -1;
	}
	profiles->loading = false;
	if (result < 0)
		return NULL;
	return TAKE(profiles);
}

void profiles_free(struct profiles *profiles)
{
	if (!profiles)
		return;
	free(profiles->items);
	free(profiles->names);
	shape_free(profiles->shape);
	profile_home_release(&profiles->home);
	documents_free(profiles->documents);
	free(profiles);
}

const struct profile *profiles_find(const struct profiles *profiles,
                                    const char *connector)
{
	const struct name *name = find_name(profiles, connector);

	return name ? &profiles->items[name->profile] : NULL;
}

size_t profiles_length(const struct profiles *profiles)
{
	return profiles->count;
}

const struct profile *profiles_at(const struct profiles *profiles, size_t index)
{
	return &profiles->items[index];
}
