/* SPDX-License-Identifier: MIT */
/*
 * Entries are read pair by pair: an entry has up to thirteen members, and
 * looking for each of them would walk it as often. `defaults` are looked up,
 * not merged into each entry, but for maps that both have.
 */
#include "state/desired.h"

#include "base/text.h"
#include "schema/codes.h"
#include "state/inside.h"

#include <stdlib.h>
#include <string.h>

#define NAMED(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct {
	const char *name;
	size_t length;
} member_names[MEMBERS] = {
	[MEMBER_CONNECTOR] = NAMED("connector"),
	[MEMBER_NAME] = NAMED("name"),
	[MEMBER_TYPE] = NAMED("type"),
	[MEMBER_PLATFORM_KEY] = NAMED("platformKey"),
	[MEMBER_CLIENT] = NAMED("client"),
	[MEMBER_SECRETS] = NAMED("secrets"),
	[MEMBER_SCOPES] = NAMED("scopes"),
	[MEMBER_SCOPE_SETS] = NAMED("scopeSets"),
	[MEMBER_REDIRECT_URI] = NAMED("redirectUri"),
	[MEMBER_ENABLED] = NAMED("enabled"),
	[MEMBER_PROTECT] = NAMED("protect"),
	[MEMBER_RENAMED_FROM] = NAMED("renamedFrom"),
	[MEMBER_EXTRA] = NAMED("extra"),
};

/* MEMBERS when it is none. */
static size_t find_member(const struct node *key)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		if (key->length == member_names[i].length &&
		    memcmp(key->text, member_names[i].name, key->length) == 0)
			return i;
	}
	return MEMBERS;
}

static void read_members(const struct node *map, struct entry *entry)
{
	if (!map || map->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < map->count; i++) {
		size_t member = find_member(node_key(map, i));

		if (member < MEMBERS)
			entry->members[member] = node_value(map, i);
		else
			entry->strange = true;
	}
	for (size_t i = 0; i < map->length; i++) {
		size_t member = find_member(node_removed(map, i));

		if (member < MEMBERS)
			entry->removed[member] = true;
	}
}

/* As files are merged: maps merge, the rest replaces, null removes. */
static void apply_defaults(const struct desired *desired, struct entry *entry)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct node *under = desired->defaults.members[i];
		const struct node *own = entry->members[i];

		if (!own)
			entry->members[i] = entry->removed[i] ? NULL : under;
		else if (under && under->type == NODE_MAPPING &&
		         own->type == NODE_MAPPING)
			entry->members[i] =
				document_merge(desired->documents, under, own);
		if (entry->members[i] && node_is_null(entry->members[i]))
			entry->members[i] = NULL;
	}
}

const char *desired_name(struct desired *desired, const char *prefix,
                         const struct node *key)
{
	size_t length = strlen(prefix);
	char *name = arena_alloc(desired->reader.arena,
	                         length + 1 + key->length + 1);

	memcpy(name, prefix, length);
	name[length] = '.';
	memcpy(name + length + 1, key->text, key->length + 1);
	return name;
}

/* Where so many were met, they are met anew. */
static struct wanted *add_wanted(struct desired *desired, const char *name)
{
	if (desired->wanted_count == WANTED_MOST)
		desired->wanted_count = 0;
	desired->wanted_last = desired->wanted_count++;
	desired->wanted[desired->wanted_last] = (struct wanted){
		.name = name,
		.trait = traits_field(desired->traits, name),
		.form = traits_form(desired->traits, name),
	};
	return &desired->wanted[desired->wanted_last];
}

/* Entries have the same fields in the same order: what is wanted is mostly the
 * last again, or the one behind it. */
static const struct wanted *want(struct desired *desired, const char *name)
{
	size_t at = desired->wanted_last;

	for (size_t i = 0; i < desired->wanted_count; i++) {
		if (desired->wanted[at].name == name) {
			desired->wanted_last = at;
			return &desired->wanted[at];
		}
		at = at + 1 < desired->wanted_count ? at + 1 : 0;
	}
	return add_wanted(desired, name);
}

bool desired_maps(struct desired *desired, const char *name)
{
	const struct field_trait *trait = want(desired, name)->trait;

	return trait && trait->mode != MODE_UNMAPPED;
}

static void report_form(struct desired *desired, const char *name,
                        struct value value, const struct node *node)
{
	const struct value_form *form = want(desired, name)->form;
	CLEANUP(textp) char *shown = value_show(&value);

	desired->reader.failed = true;
	diag_error(desired->reader.diag, CODE_FIELD_FORM,
	           reader_place(&desired->reader, node),
	           "the platform `%s` takes no `%s` like `%.80s`: %s must "
	           "%s `%s`",
	           desired->environment->binding, name, shown,
	           value.kind == VALUE_SET ? "each item" : "it",
	           form->pattern ? "match" : "be one of", form->expression);
}

void desired_check_form(struct desired *desired, const char *name,
                        struct value value, const struct node *node)
{
	if (!value_fits(want(desired, name)->form, &value))
		report_form(desired, name, value, node);
}

void desired_field(struct desired *desired, const char *name,
                   struct value value, const struct node *node)
{
	desired_check_form(desired, name, value, node);
	if (desired_maps(desired, name))
		state_field(desired->state, name, value,
		            reader_place(&desired->reader, node));
	else
		desired_unmapped(desired, name, node);
}

/* Names the binding maps, to suggest one of them; the caller frees it. */
static const char **mapped_names(const struct traits *traits, size_t *count)
{
	const char **names = xcalloc(
		traits->field_count + traits->secret_count + 1, sizeof(*names));

	*count = 0;
	for (size_t i = 0; i < traits->field_count; i++) {
		if (traits->fields[i].mode != MODE_UNMAPPED)
			names[(*count)++] = traits->fields[i].name;
	}
	for (size_t i = 0; i < traits->secret_count; i++)
		names[(*count)++] = traits->secrets[i].name;
	return names;
}

void desired_unmapped(struct desired *desired, const char *name,
                      const struct node *node)
{
	const char *binding = desired->environment->binding;
	size_t count;
	const char **names = mapped_names(desired->traits, &count);
	const char *near = text_nearest(name, names, count);

	free(names);
	desired->reader.failed = true;
	diag_error(desired->reader.diag, CODE_FIELD_UNMAPPED,
	           reader_place(&desired->reader, node),
	           "the platform `%s` has no `%s`; %s%s%s", binding, name,
	           near ? "did you mean `" : "remove it", near ? near : "",
	           near ? "`?" : "");
}

/* What the reader made for entries is in the state by now: without it, the
 * arena of a large file stays as small as that of a few entries. What was told
 * by where names stood is forgotten with it. */
static void renew_arena(struct desired *desired)
{
	arena_free(desired->reader.arena);
	desired->reader.arena = arena_new();
	desired->wanted_count = 0;
	desired->wanted_last = 0;
}

enum { ENTRIES_PER_ARENA = 256 };

static void add_entries(struct desired *desired, const struct node *configs)
{
	if (!configs || configs->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < configs->count; i++) {
		struct entry entry = { .key = node_key(configs, i) };
		const struct node *map = node_value(configs, i);

		if (map->type != NODE_MAPPING)
			continue;
		read_members(map, &entry);
		apply_defaults(desired, &entry);
		entry_add(desired, &entry);
		if (i % ENTRIES_PER_ARENA == ENTRIES_PER_ARENA - 1)
			renew_arena(desired);
	}
}

/* Keys of a parsed mapping differ; those of a tree made otherwise may not. */
static int finish(struct desired *desired)
{
	const char *twin = NULL;

	/* A key given twice was reported where the file was parsed. */
	return state_finish(desired->state, &twin);
}

static int check_entries(struct desired *desired)
{
	int result = desired->reader.failed ? -1 : 0;

	if (finish(desired) < 0)
		return -1;
	if (!(desired->reader.settings->flags & DESIRED_TWINS_LATER) &&
	    desired_check_twins(desired->state, desired->traits, NULL,
	                        desired->reader.diag) < 0)
		result = -1;
	if (desired_check_renames(desired) < 0)
		result = -1;
	return result;
}

/* About as much is made of each entry. */
enum { ENTRY_BYTES = 320 };

/* Into the memory of the text that the entries are from. */
static void reuse_text(struct documents *documents, struct state *state,
                       const struct node *configs)
{
	size_t size;
	void *memory = documents_take_spare(documents, &size);

	if (size >= ENTRY_BYTES && configs && configs->type == NODE_MAPPING &&
	    configs->count >= size / ENTRY_BYTES)
		arena_adopt(state->arena, memory, size);
	else
		free(memory);
}

struct state *desired_read(struct documents *documents, const struct node *root,
                           const struct environment *environment,
                           const struct traits *traits,
                           const struct desired_settings *settings,
                           struct diag *diag)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);
	struct desired desired = {
		.reader = { .documents = documents,
		            .settings = settings,
		            .arena = arena_new(),
		            .diag = diag },
		.documents = documents,
		.environment = environment,
		.traits = traits,
		.state = state,
	};
	int result;

	read_members(node_get(root, "defaults"), &desired.defaults);
	reuse_text(documents, state, node_get(root, "authConfigs"));
	add_entries(&desired, node_get(root, "authConfigs"));
	result = check_entries(&desired);
	free(desired.renames);
	arena_free(desired.reader.arena);
	return result < 0 ? NULL : TAKE(state);
}
