/* SPDX-License-Identifier: MIT */
/* One entry of authConfigs, member by member. */
#include "state/desired.h"

#include "base/text.h"

#include <stdlib.h>

static const char default_type[] = "oauth2";

static void add_text(struct desired *desired, const char *name,
                     const struct node *node)
{
	const char *text = reader_text(&desired->reader, node);

	if (text)
		desired_field(desired, name,
		              state_value_text(desired->state, text), node);
}

static void add_boolean(struct desired *desired, const char *name,
                        const struct node *node)
{
	if (node && node_scalar(node) == SCALAR_BOOLEAN)
		desired_field(desired, name,
		              state_value_boolean(node_boolean(node, false)),
		              node);
}

/* What holds where nothing is said; not declared, so no mistake where the
 * binding does not map it. */
static void add_fallback(struct desired *desired, const char *name,
                         const char *text, const struct node *key)
{
	if (desired_maps(desired, name))
		state_field(desired->state, name,
		            state_value_text(desired->state, text),
		            reader_place(&desired->reader, key));
}

static void add_name(struct desired *desired, const struct entry *entry)
{
	if (entry->members[MEMBER_NAME])
		add_text(desired, "name", entry->members[MEMBER_NAME]);
	else
		add_fallback(desired, "name", entry->key->text, entry->key);
}

/* Saying the default aloud says nothing new. */
static void add_type(struct desired *desired, const struct entry *entry,
                     const char *type)
{
	const struct node *node = entry->members[MEMBER_TYPE];

	if (node && !str_equal(type, default_type))
		desired_field(desired, "type",
		              state_value_text(desired->state, type), node);
	else
		add_fallback(desired, "type", type, node ? node : entry->key);
}

static void add_set(struct desired *desired, const char *name,
                    const struct node *list)
{
	const char *few[32] = { NULL };
	const char **items = few;
	size_t count = 0;

	if (!list || list->type != NODE_SEQUENCE)
		return;
	if (list->count > LENGTH(few))
		items = xreallocarray(NULL, list->count, sizeof(*items));
	for (size_t i = 0; i < list->count; i++) {
		const char *item =
			reader_text(&desired->reader, node_item(list, i));

		if (item)
			items[count++] = item;
	}
	desired_field(desired, name,
	              state_value_set(desired->state, items, count), list);
	if (items != few)
		free(items);
}

static void add_scope_sets(struct desired *desired, const struct node *map)
{
	if (!map || map->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < map->count; i++)
		add_set(desired,
		        desired_name(desired, "scopeSets", node_key(map, i)),
		        node_value(map, i));
}

static void add_extra(struct desired *desired, const struct node *map)
{
	if (!map || map->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < map->count; i++) {
		const struct node *node = node_value(map, i);
		const char *json = reader_json(&desired->reader, node);

		desired_field(desired,
		              desired_name(desired, "extra", node_key(map, i)),
		              state_value_json(desired->state, json), node);
	}
}

static void add_platform_key(struct desired *desired, const struct entry *entry)
{
	const struct node *node = entry->members[MEMBER_PLATFORM_KEY];
	const char *key = reader_text(&desired->reader, node);

	if (!(desired->traits->abilities & HAS_NATURAL_KEY)) {
		if (node)
			desired_unmapped(desired, "platformKey", node);
		return;
	}
	if (!key)
		key = entry->key->text;
	state_open(desired->state)->natural_key =
		state_text(desired->state, key);
	desired_check_form(desired, "platformKey",
	                   state_value_text(desired->state, key),
	                   node ? node : entry->key);
}

static void add_renamed_from(struct desired *desired, const struct entry *entry)
{
	const struct node *node = entry->members[MEMBER_RENAMED_FROM];
	const char *from = reader_text(&desired->reader, node);
	struct auth_config *open = state_open(desired->state);

	if (!from)
		return;
	open->renamed_from = state_text(desired->state, from);
	desired->renames =
		xgrow(desired->renames, desired->rename_count,
	              &desired->rename_capacity, sizeof(*desired->renames));
	desired->renames[desired->rename_count++] = (struct rename){
		open->key,
		open->renamed_from,
		reader_place(&desired->reader, node),
	};
}

/* In the order of their names, so that there is nothing to sort. */
static void add_fields(struct desired *desired, const struct entry *entry)
{
	const struct node *const *members = entry->members;
	const char *type = reader_text(&desired->reader, members[MEMBER_TYPE]);

	if (!type)
		type = default_type;
	client_add_id(desired, entry);
	add_text(desired, "connector", members[MEMBER_CONNECTOR]);
	add_boolean(desired, "enabled", members[MEMBER_ENABLED]);
	add_extra(desired, members[MEMBER_EXTRA]);
	add_name(desired, entry);
	client_add_ownership(desired, entry, type);
	add_text(desired, "redirectUri", members[MEMBER_REDIRECT_URI]);
	add_scope_sets(desired, members[MEMBER_SCOPE_SETS]);
	add_set(desired, "scopes", members[MEMBER_SCOPES]);
	add_type(desired, entry, type);
}

void entry_add(struct desired *desired, const struct entry *entry)
{
	state_begin(desired->state, entry->key->text,
	            reader_place(&desired->reader, entry->key));
	add_fields(desired, entry);
	client_add_secrets(desired, entry);
	add_platform_key(desired, entry);
	add_renamed_from(desired, entry);
	if (node_boolean(entry->members[MEMBER_PROTECT], false))
		state_open(desired->state)->flags |= AUTH_CONFIG_PROTECTED;
	state_end(desired->state);
}
