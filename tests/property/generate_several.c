/* SPDX-License-Identifier: MIT */
/* What takes more than one key. */
#include "generate.h"

#include "base/text.h"

#include <string.h>

static bool has_row(const struct world *world, const struct thing *entry)
{
	const struct thing *rows = world->applied;
	const size_t count = world->applied_count;

	return find_key(rows, count, entry->key) ||
	       (entry->renamed_from[0] &&
	        find_key(rows, count, entry->renamed_from));
}

static struct thing *entry_of(struct world *world, const char *key)
{
	for (size_t i = 0; i < world->desired_count; i++) {
		if (str_equal(world->desired[i].key, key))
			return &world->desired[i];
	}
	return NULL;
}

/* Another identity, whether by name or by key. */
static void move_away(struct thing *entry, unsigned number)
{
	char text[NAME_SIZE];

	name(text, 'q', number);
	entry->fields[NAME] = cell_make('t', text);
	name(entry->natural, 'q', number);
}

/* Rows O5, O6: a new entry of the identity of another key's object. */
void cross(struct generator *generator)
{
	struct world *world = generator->world;
	struct thing *entry = NULL, *other = NULL;
	const struct thing *live = NULL;

	for (size_t i = 0; i < world->desired_count; i++) {
		if (!has_row(world, &world->desired[i]))
			entry = &world->desired[i];
	}
	for (size_t i = 0; i < world->applied_count; i++) {
		const struct thing *row = &world->applied[i];
		const struct thing *found = find_id(world, row->id);

		if (!found || found->fields[NAME].kind != 't' ||
		    (live && chance(generator, 50)))
			continue;
		live = found;
		other = entry_of(world, row->key);
	}
	if (!entry || !live)
		return;
	if (other)
		move_away(other, generator->next_id);
	entry->fields[NAME] = live->fields[NAME];
	entry->fields[CONNECTOR] = live->fields[CONNECTOR];
	memcpy(entry->natural, live->natural, NAME_SIZE);
}

/* Identities of entries are their own (row P6); else the file is refused. */
void part_twins(struct world *world)
{
	for (size_t i = 0; i < world->desired_count; i++) {
		for (size_t j = 0; j < i; j++) {
			struct thing *one = &world->desired[i];
			const struct thing *two = &world->desired[j];

			if (cell_equal(&one->fields[NAME],
			               &two->fields[NAME]) ||
			    str_equal(one->natural, two->natural))
				move_away(one, 100 + (unsigned)i);
		}
	}
}

/* Row O22, and two entries that take one row over. */
void confuse(struct generator *generator)
{
	struct world *world = generator->world;

	if (world->applied_count >= 2 && chance(generator, 40))
		memcpy(world->applied[0].id, world->applied[1].id, NAME_SIZE);
	if (world->desired_count >= 2 && chance(generator, 15))
		memcpy(world->desired[0].renamed_from,
		       world->desired[1].renamed_from, NAME_SIZE);
}
