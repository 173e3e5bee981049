/* SPDX-License-Identifier: MIT */
/*
 * Sharing: what was applied is nearly always what is declared, so a row needs
 * no field of its own. Twins are looked for where the last one was found, as
 * both states are made in about the same order.
 */
#include "state/inside.h"

#include <string.h>

struct state *state_new_like(const struct state *like)
{
	struct state *state = state_new(STATE_BY_KEY);

	state->like = like;
	return state;
}

/* How far the next twin is looked for before all are searched. */
enum { NEAR = 4 };

void state_find_twin(struct state *state, const char *key)
{
	const struct state *like = state->like;

	state->twin = NULL;
	if (!like)
		return;
	for (size_t i = state->like_next;
	     i < like->count && i < state->like_next + NEAR; i++) {
		if (strcmp(like->configs[i]->key, key) != 0)
			continue;
		state->twin = like->configs[i];
		state->like_next = i + 1;
		return;
	}
	state->twin = state_find_at(like, key, &state->like_next);
	if (state->twin)
		state->like_next++;
}

static bool is_same(const struct field *field, const char *name,
                    const struct value *value)
{
	return field->kind == value->kind && field->length == value->length &&
	       strcmp(field->name, name) == 0 &&
	       (!value->length ||
	        memcmp(field->bytes, value->bytes, value->length) == 0);
}

const struct field *state_twin_field(const struct state *state, size_t index,
                                     const char *name,
                                     const struct value *value)
{
	const struct auth_config *twin = state->twin;

	if (!twin)
		return NULL;
	if (index < twin->field_count &&
	    is_same(&twin->fields[index], name, value))
		return &twin->fields[index];
	for (size_t i = 0; i < twin->field_count; i++) {
		if (is_same(&twin->fields[i], name, value))
			return &twin->fields[i];
	}
	return NULL;
}

const struct field *state_twin_fields(const struct state *state,
                                      const struct field *fields, size_t count)
{
	const struct auth_config *twin = state->twin;

	if (!twin || count != twin->field_count)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (fields[i].name != twin->fields[i].name ||
		    fields[i].bytes != twin->fields[i].bytes ||
		    fields[i].length != twin->fields[i].length ||
		    fields[i].kind != twin->fields[i].kind)
			return NULL;
	}
	return twin->fields;
}
