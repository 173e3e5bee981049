/* SPDX-License-Identifier: MIT */
/* The inside of a state: what is built, and the config that is open. */
#ifndef RECONCILE_STATE_INSIDE_H
#define RECONCILE_STATE_INSIDE_H

#include "base/arena.h"
#include "state/state.h"

/* Members of the open config, until state_end() copies them to the arena. */
struct pending {
	void *items;
	size_t count, capacity;
};

/* Values met lately, so that those that repeat are kept once. Not an
 * arena_intern(): a table of every client id and name would be larger than
 * what it saves. */
enum { LATELY_SLOTS = 512 };

struct lately {
	const char *bytes;
	uint64_t sum; /* of them; most that differ are told apart by it */
	size_t length;
};

/* The names of a config's fields in the order they were given: the next
 * config has most likely the same. */
struct name_order {
	const char **names;
	size_t count, capacity;
};

struct clear {
	struct secret *secret;
	secret_free_fn *release;
};

struct state {
	enum state_order order;
	const struct state *like; /* shared with; or NULL */
	size_t like_next; /* where the twin of the next config most likely is */
	const struct auth_config
		*twin; /* of the open config in `like`, or NULL */
	struct arena *arena;
	struct auth_config **configs;
	size_t count, capacity;
	struct auth_config *open; /* or NULL */
	struct pending fields, seen, references, records, readings, retired,
		memos;
	struct name_order field_names, seen_names;
	struct lately *lately; /* LATELY_SLOTS; NULL: a state of one config */
	const char *made;      /* the last value state_value_…() gave out */
	const char **files;    /* places name them by index; [0] is none */
	size_t file_count, file_capacity;
	const char *last_file; /* told by where it stands */
	uint16_t last_file_index;
	struct clear *clears;
	size_t clear_count, clear_capacity;
	bool seen_as_sent; /* of the open config */
	bool finished;
};

/* As state_find(); *index is where it is, or where it would be. */
const struct auth_config *state_find_at(const struct state *state,
                                        const char *name, size_t *index);

/* like.c: sharing with `like`. */

/* Finds the twin of the config that begins. */
void state_find_twin(struct state *state, const char *key);
/* The twin's field that has this name and value, or NULL; `index` is how many
 * fields the open config had before. */
const struct field *state_twin_field(const struct state *state, size_t index,
                                     const char *name,
                                     const struct value *value);
/* The twin's fields where all of the open config's are of them, or NULL. */
const struct field *state_twin_fields(const struct state *state,
                                      const struct field *fields, size_t count);

/* The name a state of this order is sorted and found by. */
const char *config_name(const struct state *state,
                        const struct auth_config *config);

#endif
