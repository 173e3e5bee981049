/* SPDX-License-Identifier: MIT */
/* Keys one by one: known to the ledger or new, live or gone, and strays. */
#include "generate.h"

#include "base/text.h"

#include <string.h>

static void add_live(struct world *world, const struct thing *thing)
{
	world->live[world->live_count++] = *thing;
}

static void add_row(struct world *world, const struct thing *thing)
{
	world->applied[world->applied_count++] = *thing;
}

static void add_entry(struct world *world, const struct thing *thing)
{
	world->desired[world->desired_count++] = *thing;
}

/* An object of an earlier replacement. */
static void retire(struct generator *generator, struct thing *row,
                   const struct thing *like)
{
	struct thing old = *like;

	name(old.id, 'o', generator->next_id++);
	memcpy(row->retired[row->retired_count++], old.id, NAME_SIZE);
	old.connections = chance(generator, 60) ? 0 : 2;
	old.opaque = chance(generator, 5);
	old.natural[0] = 'r';
	if (chance(generator, 90))
		add_live(generator->world, &old);
}

/* One nobody knows of. `like`: of the same identity; or NULL. */
static void stray(struct generator *generator, const struct thing *like)
{
	struct thing live = { .connections = -1 };

	if (like)
		live = *like;
	else
		make_declared(generator, &live, 500 + generator->next_id);
	name(live.id, 'o', generator->next_id++);
	if (!like && chance(generator, 15))
		live.fields[NAME] = cell_make('t', "ignored");
	for (size_t i = 0; i < SECRETS; i++)
		live.secrets[i] = (struct secret_cell){
			.value = 1 + (int)below(generator, 4),
			.mute = chance(generator, 20),
		};
	live.opaque = chance(generator, 6);
	add_live(generator->world, &live);
}

/* Renamed: the row is under another key, or seems to be. */
static void rename_entry(struct generator *generator, struct thing *desired,
                         struct thing *row, unsigned number)
{
	char old[NAME_SIZE];

	name(old, 'j', number);
	memcpy(desired->renamed_from, old, NAME_SIZE);
	if (!row || chance(generator, 20))
		return;
	memcpy(row->key, old, NAME_SIZE);
	/* Else it keeps its key there: `platformKey` says so. */
	if (chance(generator, 60))
		memcpy(row->natural, old, NAME_SIZE);
}

static void leave_out(struct generator *generator, struct thing *desired)
{
	static const enum field_index may_lack[] = { CLIENT_ID, ENABLED, REGION,
		                                     REDIRECT, SCOPES };

	const unsigned lacks = generator->theme == QUIET ? 4 : 20;

	for (size_t i = 0; i < LENGTH(may_lack); i++) {
		if (chance(generator, lacks))
			desired->fields[may_lack[i]] = cell_make('-', "");
	}
	if (str_equal(desired->fields[OWNERSHIP].text, "managed"))
		desired->fields[CLIENT_ID] = cell_make('-', "");
}

/* Rows O7b, O8: what only a faulty world has. */
static void spoil(struct generator *generator, const struct thing *desired,
                  const struct thing *row, struct thing *live)
{
	struct thing other = *row;

	if (chance(generator, 15))
		live->fields[CONNECTOR] = cell_make('t', "other");
	if (str_equal(row->key, desired->key) || chance(generator, 40))
		return;
	memcpy(other.key, desired->key, NAME_SIZE);
	name(other.id, 'o', generator->next_id++);
	add_row(generator->world, &other);
}

static void place_object(struct generator *generator,
                         const struct thing *desired, struct thing *row,
                         const struct thing *live)
{
	if (chance(generator, 90))
		add_live(generator->world, live);
	else if (chance(generator, 40))
		stray(generator, desired);
	if (chance(generator, 10))
		retire(generator, row, live);
}

/* In the ledger: declared or an orphan, live or gone. */
static void known_key(struct generator *generator, unsigned number)
{
	const unsigned orphans = generator->theme == FULL      ? 35
	                         : generator->theme == CROSSED ? 40
	                                                       : 14;
	const bool orphaned = chance(generator, orphans);
	struct world *world = generator->world;
	struct thing desired = { .connections = -1 };
	struct thing row = { .connections = -1 };
	struct thing live = { .connections = -1 };

	make_declared(generator, &desired, number);
	make_secrets(generator, &desired);
	make_object(generator, &desired, &row, &live);
	if (!orphaned && chance(generator, generator->faulty ? 35 : 12)) {
		rename_entry(generator, &desired, &row, number);
		memcpy(live.natural, row.natural, NAME_SIZE);
	}
	if (generator->faulty && !orphaned)
		spoil(generator, &desired, &row, &live);
	else if (orphaned && chance(generator, 12))
		live.fields[CONNECTOR] = cell_make('t', "other");
	if (!orphaned) {
		leave_out(generator, &desired);
		add_entry(world, &desired);
	}
	place_object(generator, &desired, &row, &live);
	add_row(world, &row);
}

/* Not in the ledger; perhaps at the platform. */
static void new_key(struct generator *generator, unsigned number)
{
	static const bool may_hide[FIELDS] = {
		[CLIENT_ID] = true, [ENABLED] = true, [REGION] = true,
		[REDIRECT] = true,  [SCOPES] = true,
	};
	struct thing desired = { .connections = -1 };
	struct thing like;

	make_declared(generator, &desired, number);
	if (chance(generator, 10))
		rename_entry(generator, &desired, NULL, number);
	make_secrets(generator, &desired);
	leave_out(generator, &desired);
	add_entry(generator->world, &desired);
	if (chance(generator, 55))
		return;
	like = desired;
	for (size_t i = 0; i < FIELDS; i++) {
		if (i != NAME && i != CONNECTOR && chance(generator, 30))
			like.fields[i] = some_value(generator, i, &like);
		if (may_hide[i] && chance(generator, 10))
			like.fields[i] = cell_make('U', "");
	}
	stray(generator, &like);
	if (generator->faulty && chance(generator, 60))
		stray(generator, &like);
}

static unsigned count_keys(struct generator *generator)
{
	const unsigned usual = chance(generator, 12) ? KEYS : 9;
	const unsigned most = generator->faulty ? 4 : usual;

	if (chance(generator, 3))
		return 0;
	if (generator->theme == FULL)
		return 12 + below(generator, KEYS - 11);
	if (generator->theme == CROSSED)
		return 2 + below(generator, 4);
	if (is_about_secrets(generator))
		return 4 + below(generator, 8);
	return below(generator, most + 1);
}

void make_keys(struct generator *generator)
{
	const unsigned known = generator->theme == CROSSED ? 60 : 82;
	const unsigned count = count_keys(generator);
	struct world *world = generator->world;
	const bool kept = world->mode == LEDGER_MODE_KEPT ||
	                  world->mode == LEDGER_MODE_UNTRUSTED;

	for (unsigned number = 0; number < count; number++) {
		if (kept && chance(generator, known))
			known_key(generator, number);
		else
			new_key(generator, number);
	}
	for (unsigned strays = below(generator, 4); strays > 0; strays--)
		stray(generator, NULL);
	if (generator->theme == EMPTIED)
		world->live_count = 0;
}
