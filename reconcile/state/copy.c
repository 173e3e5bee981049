/* SPDX-License-Identifier: MIT */
#include "state/inside.h"

static void copy_fields(struct state *state, const struct state *from,
                        const struct auth_config *config)
{
	for (size_t i = 0; i < config->field_count; i++) {
		const struct field *field = &config->fields[i];

		state_field(state, field->name, field_value(field),
		            field_place(from, field));
	}
	for (size_t i = 0; i < config->seen_count; i++)
		state_seen(state, config->seen[i].name,
		           field_value(&config->seen[i]));
}

static void copy_secrets(struct state *state, const struct auth_config *config)
{
	for (size_t i = 0; i < config->reference_count; i++)
		state_reference(state, &config->references[i]);
	for (size_t i = 0; i < config->record_count; i++)
		state_record(state, &config->records[i]);
	for (size_t i = 0; i < config->reading_count; i++) {
		struct secret_reading reading = config->readings[i];

		reading.clear = NULL;
		reading.release = NULL;
		state_reading(state, &reading);
	}
}

void state_copy(struct state *state, const struct state *from,
                const struct auth_config *config)
{
	struct auth_config *copy;

	state_begin(state, config_name(from, config),
	            auth_config_place(from, config));
	copy = state_open(state);
	copy->key = state_text(state, config->key);
	copy->id = state_text(state, config->id);
	copy->natural_key = state_text(state, config->natural_key);
	copy->renamed_from = state_text(state, config->renamed_from);
	copy->updated_at = state_text(state, config->updated_at);
	copy->row_uuid = state_text(state, config->row_uuid);
	copy->connections = config->connections;
	copy->applied_at_ms = config->applied_at_ms;
	copy->flags = config->flags;
	copy_fields(state, from, config);
	copy_secrets(state, config);
	for (size_t i = 0; i < config->retired_count; i++)
		state_retired(state, config->retired[i]);
	for (size_t i = 0; i < config->memo_count; i++)
		state_memo(state, &config->memos[i]);
	state_end(state);
}
