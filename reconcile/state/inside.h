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
	struct clear *clears;
	size_t clear_count, clear_capacity;
	bool seen_as_sent; /* of the open config */
	bool finished;
};

/* The name a state of this order is sorted and found by. */
const char *config_name(const struct state *state,
                        const struct auth_config *config);

#endif
