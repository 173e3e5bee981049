/* SPDX-License-Identifier: MIT */
/*
 * The digest of what a plan would do: effects, target and permissions, and
 * nothing that differs between two runs that would do the same.
 *
 * Each part is length-prefixed, and each list ends with a part that no item
 * begins with, so that no two plans feed the same bytes.
 */
#include "plan/parts.h"

#include "base/hash.h"
#include "base/text.h"

#include <string.h>

static void add_value(struct hash *hash, const struct value *value)
{
	hash_add(hash, &value->kind, sizeof(value->kind));
	hash_add_bytes(hash, value->bytes ? value->bytes : "", value->length);
}

static void add_end(struct hash *hash)
{
	hash_add_text(hash, NULL);
}

/* Only what the change is about: what merely goes along has no effect. */
static bool has_effect(const struct field_change *field)
{
	return field->row->write && !field->held;
}

static void add_fields(struct hash *hash, const struct change *change)
{
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (!has_effect(field))
			continue;
		hash_add_text(hash, field->name);
		add_value(hash, &field->live);
		add_value(hash, &field->declared);
	}
	add_end(hash);
}

static void add_secrets(struct hash *hash, const struct change *change)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		if (!secret_is_written(secret))
			continue;
		hash_add_text(hash, secret->name);
		hash_add_text(hash, secret_action_names[secret->action]);
		hash_add_text(hash, secret->source);
		hash_add_text(hash, secret->version);
	}
	add_end(hash);
}

static void add_change(struct hash *hash, const struct change *change)
{
	hash_add_text(hash, change->address);
	hash_add_text(hash, change_kind_names[change->kind]);
	hash_add_text(hash, change->id);
	hash_add_text(hash, change->renamed_from);
	hash_add_text(hash,
	              change->desired ? change->desired->natural_key : NULL);
	add_fields(hash, change);
	add_secrets(hash, change);
}

static void add_permissions(struct hash *hash, const struct plan_input *input)
{
	const struct permissions *permissions = input->permissions;
	const bool prune = permissions->prune || input->policy->prune;

	hash_add_text(hash, prune ? "prune" : "");
	for (size_t i = 0; i < permissions->allow_replace_count; i++)
		hash_add_text(hash, permissions->allow_replace[i]);
	add_end(hash);
}

void digest_plan(struct plan *plan, const struct plan_input *input)
{
	struct hash *hash = hash_new();
	uint8_t bytes[HASH_BYTES];

	hash_add_text(hash, input->environment);
	hash_add_text(hash, input->origin);
	hash_add_text(hash, input->platform);
	hash_add_text(hash, input->binding_hash);
	add_permissions(hash, input);
	for (size_t i = 0; i < plan->change_count; i++)
		add_change(hash, &plan->changes[i]);
	add_end(hash);
	hash_end(hash, bytes);
	memcpy(plan->digest, "1:", 2);
	text_hex(plan->digest + 2, bytes, sizeof(bytes));
}
