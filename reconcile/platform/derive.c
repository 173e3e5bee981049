/* SPDX-License-Identifier: MIT */
/* Traits: what plan and state must know of a platform, derived from its
 * binding, so that the two cannot contradict each other. */
#include "platform/binding.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* From 1; 0: none. */
static unsigned group_of(const struct binding *binding, const char *name)
{
	for (size_t i = 0; i < binding->group_count; i++) {
		if (names_hold(&binding->groups[i], name))
			return (unsigned)i + 1;
	}
	return 0;
}

static enum field_flags flags_of(const struct binding *binding,
                                 const char *name)
{
	const struct mapping *reading =
		mappings_find(&binding->reading.fields, name);
	unsigned flags = 0;

	if (names_hold(&binding->immutable, name))
		flags |= FIELD_IMMUTABLE;
	if (names_hold(&binding->filled, name))
		flags |= FIELD_FILLED;
	if (binding->enabling.operation.method && str_equal(name, "enabled"))
		flags |= FIELD_APART;
	if (reading && reading->empty_none)
		flags |= FIELD_EMPTY_NONE;
	return flags;
}

static bool is_settable(const struct binding *binding, const char *name)
{
	return operations_map(&binding->creates, name) ||
	       operations_choose(&binding->creates, name) ||
	       (binding->enabling.operation.method &&
	        str_equal(name, "enabled"));
}

static int compare_fields(const void *a, const void *b)
{
	return strcmp(((const struct field_trait *)a)->name,
	              ((const struct field_trait *)b)->name);
}

static int compare_secrets(const void *a, const void *b)
{
	return strcmp(((const struct secret_trait *)a)->name,
	              ((const struct secret_trait *)b)->name);
}

/* Everything mapped anywhere, once. */
struct collection {
	struct binding *binding;
	struct field_trait *fields;
	size_t field_count;
};

static void add_field(struct collection *collection,
                      const struct mapping *mapping)
{
	const struct binding *binding = collection->binding;

	if (mapping->type == MEMBER_KEY || mapping->type == MEMBER_SECRET)
		return;
	for (size_t i = 0; i < collection->field_count; i++) {
		if (str_equal(collection->fields[i].name, mapping->name))
			return;
	}
	/* What is read and never written is the platform's to give. What a
	 * variant or a call of its own decides is written, too. */
	collection->fields[collection->field_count++] = (struct field_trait){
		.name = mapping->name,
		.mode = is_settable(binding, mapping->name) ? MODE_SETTABLE
		                                            : MODE_ASSERT,
		.flags = flags_of(binding, mapping->name),
		.group = group_of(binding, mapping->name),
	};
}

static void add_fields(struct collection *collection,
                       const struct mappings *mappings)
{
	for (size_t i = 0; i < mappings->count; i++)
		add_field(collection, &mappings->items[i]);
}

static size_t most_fields(const struct binding *binding)
{
	size_t count = binding->reading.fields.count;

	for (size_t i = 0; i < binding->creates.count; i++)
		count += binding->creates.items[i].fields.count;
	return count + 1;
}

static void derive_fields(struct binding *binding)
{
	struct collection collection = {
		.binding = binding,
		.fields = arena_alloc(binding->arena,
		                      most_fields(binding) *
		                              sizeof(struct field_trait)),
	};

	for (size_t i = 0; i < binding->creates.count; i++)
		add_fields(&collection, &binding->creates.items[i].fields);
	add_fields(&collection, &binding->reading.fields);
	qsort(collection.fields, collection.field_count,
	      sizeof(*collection.fields), compare_fields);
	binding->traits.fields = collection.fields;
	binding->traits.field_count = collection.field_count;
}

static void derive_unread(struct binding *binding)
{
	const struct traits *traits = &binding->traits;

	binding->unread = arena_alloc(
		binding->arena, (traits->field_count + 1) * sizeof(char *));
	for (size_t i = 0; i < traits->field_count; i++) {
		const char *name = traits->fields[i].name;

		if (!mappings_find(&binding->reading.fields, name))
			binding->unread[binding->unread_count++] = name;
	}
}

static void derive_secrets(struct binding *binding)
{
	const struct reading *reading = &binding->reading;
	struct secret_trait *traits = arena_alloc(
		binding->arena, (reading->secret_count + 1) * sizeof(*traits));

	for (size_t i = 0; i < reading->secret_count; i++) {
		const struct secret_mapping *secret = &reading->secrets[i];

		traits[i] = (struct secret_trait){
			.name = secret->name,
			.readback = secret->readback,
			.group = group_of(binding, secret->name),
			.hint_length = secret->hint_length,
		};
	}
	qsort(traits, reading->secret_count, sizeof(*traits), compare_secrets);
	binding->traits.secrets = traits;
	binding->traits.secret_count = reading->secret_count;
}

/* Of what a create takes; of several for one name the first counts here, and
 * each where it stands. */
static void derive_forms(struct binding *binding)
{
	struct value_form *forms = arena_alloc(
		binding->arena, most_fields(binding) * sizeof(*forms));

	binding->traits.forms = forms;
	for (size_t i = 0; i < binding->creates.count; i++) {
		const struct mappings *fields =
			&binding->creates.items[i].fields;

		for (size_t j = 0; j < fields->count; j++) {
			const struct value_form *form = fields->items[j].form;

			if (form && !traits_form(&binding->traits, form->name))
				forms[binding->traits.form_count++] = *form;
		}
	}
}

static enum platform_abilities abilities_of(const struct binding *binding)
{
	const struct {
		bool has;
		unsigned ability;
	} rows[] = {
		{ true, CAN_LIST },
		{ binding->creates.count, CAN_CREATE },
		{ binding->updates.count || binding->enabling.operation.method,
		  CAN_UPDATE },
		{ binding->remove.method, CAN_DELETE },
		{ operations_map(&binding->creates, "platformKey"),
		  HAS_NATURAL_KEY },
		{ binding->unique_names, HAS_UNIQUE_NAMES },
		{ operations_map(&binding->updates, "ownership") &&
		          !names_hold(&binding->immutable, "ownership"),
		  HAS_MUTABLE_OWNERSHIP },
		{ binding->reading.connections.text ||
		          binding->counting.operation.method,
		  HAS_CONNECTIONS },
		{ binding->cascade, HAS_CASCADE },
	};
	unsigned abilities = 0;

	for (size_t i = 0; i < LENGTH(rows); i++)
		abilities |= rows[i].has ? rows[i].ability : 0;
	return abilities;
}

void binding_derive(struct binding *binding)
{
	derive_fields(binding);
	derive_unread(binding);
	derive_secrets(binding);
	derive_forms(binding);
	binding->traits.semantics = binding->semantics;
	binding->traits.secret_omit = binding->secret_omit;
	binding->traits.abilities = abilities_of(binding);
}
