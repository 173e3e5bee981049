/* SPDX-License-Identifier: MIT */
/* Pointers are sorted, not the structs; what comes sorted stays as it is. */
#include "state/inside.h"

#include "base/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct state *state_new_single(enum state_order order)
{
	struct state *state = xcalloc(1, sizeof(*state));

	state->order = order;
	state->arena = arena_new();
	state->files = xgrow(NULL, 0, &state->file_capacity, sizeof(char *));
	state->files[state->file_count++] = NULL;
	return state;
}

struct state *state_new(enum state_order order)
{
	struct state *state = state_new_single(order);

	state->lately = xcalloc(LATELY_SLOTS, sizeof(*state->lately));
	return state;
}

static void free_building(struct state *state)
{
	struct pending *const pendings[] = {
		&state->fields,  &state->seen,     &state->references,
		&state->records, &state->readings, &state->retired,
		&state->memos,
	};

	for (size_t i = 0; i < LENGTH(pendings); i++) {
		free(pendings[i]->items);
		*pendings[i] = (struct pending){ 0 };
	}
	free(state->field_names.names);
	free(state->seen_names.names);
	state->field_names = (struct name_order){ 0 };
	state->seen_names = (struct name_order){ 0 };
}

void state_free(struct state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < state->clear_count; i++)
		state->clears[i].release(state->clears[i].secret);
	free(state->clears);
	free_building(state);
	free(state->lately);
	free(state->files);
	free(state->configs);
	arena_free(state->arena);
	free(state);
}

const char *config_name(const struct state *state,
                        const struct auth_config *config)
{
	return state->order == STATE_BY_KEY ? config->key : config->id;
}

/* *twin is then the index of the first with the name of the one before, or the
 * count. */
static bool is_sorted(const struct state *state, size_t *twin)
{
	*twin = state->count;
	for (size_t i = 1; i < state->count; i++) {
		const int order =
			strcmp(config_name(state, state->configs[i - 1]),
		               config_name(state, state->configs[i]));

		if (order > 0)
			return false;
		if (order == 0 && *twin == state->count)
			*twin = i;
	}
	return true;
}

static void sort(struct state *state)
{
	struct ordered *order = xcalloc(state->count, sizeof(*order));
	struct auth_config **sorted =
		xcalloc(state->count, sizeof(*state->configs));

	for (size_t i = 0; i < state->count; i++)
		order[i] = (struct ordered){
			.text = config_name(state, state->configs[i]),
			.index = i,
		};
	order_sort(order, state->count);
	for (size_t i = 0; i < state->count; i++)
		sorted[i] = state->configs[order[i].index];
	free(order);
	free(state->configs);
	state->configs = sorted;
}

int state_finish(struct state *state, const char **twin)
{
	size_t at;

	assert(!state->open && !state->finished);
	free_building(state);
	if (!is_sorted(state, &at)) {
		sort(state);
		(void)is_sorted(state, &at);
	}
	state->finished = true;
	if (at == state->count)
		return 0;
	*twin = config_name(state, state->configs[at]);
	return -1;
}

size_t state_length(const struct state *state)
{
	return state->count;
}

const struct auth_config *state_at(const struct state *state, size_t index)
{
	assert(index < state->count);
	return state->configs[index];
}

const struct auth_config *state_find_at(const struct state *state,
                                        const char *name, size_t *index)
{
	size_t low = 0, high = state->count;

	assert(state->finished);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct auth_config *config = state->configs[middle];
		int order = strcmp(config_name(state, config), name);

		if (order == 0) {
			*index = middle;
			return config;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*index = low;
	return NULL;
}

const struct auth_config *state_find(const struct state *state,
                                     const char *name)
{
	size_t index;

	return state_find_at(state, name, &index);
}
