/* SPDX-License-Identifier: MIT */
/* One entry, and the object that was made of it: sent, seen, moved. */
#include "generate.h"

#include "base/text.h"

#include <string.h>

/* ---- values ---- */

static struct cell some_text(struct generator *generator, const char *stem)
{
	char text[TEXT_SIZE];

	(void)snprintf(text, sizeof(text), "%s%u", stem, below(generator, 3));
	return cell_make('t', text);
}

static struct cell some_scopes(struct generator *generator)
{
	char text[TEXT_SIZE];
	size_t length = 0;

	for (char letter = 'a'; letter <= 'd'; letter++) {
		if (chance(generator, 40))
			text[length++] = letter;
	}
	text[length] = '\0';
	return cell_make('s', text);
}

static struct cell either(struct generator *generator, unsigned percent,
                          const char *one, const char *other)
{
	return cell_make('t', chance(generator, percent) ? one : other);
}

/* A value that the field may have; the name stays mostly the entry's own. */
struct cell some_value(struct generator *generator, size_t index,
                       const struct thing *thing)
{
	static const char *const stems[FIELDS] = {
		[CLIENT_ID] = "client", [REGION] = "region", [NAME] = "name",
		[REDIRECT] = "https",   [TYPE] = "oauth",
	};
	struct cell cell;

	switch ((enum field_index)index) {
	case SCOPES:
		return some_scopes(generator);
	case ENABLED:
		cell = either(generator, 70, "true", "false");
		cell.kind = 'b';
		return cell;
	case OWNERSHIP:
		return either(generator, is_about_secrets(generator) ? 95 : 70,
		              "own", "managed");
	case CONNECTOR:
		return either(generator, 50, "slack", "jira");
	case NAME:
		if (chance(generator, 60))
			return thing->fields[NAME];
		break;
	case REDIRECT:
		if (chance(generator, 10))
			return cell_make('t', "");
		break;
	case CLIENT_ID:
	case REGION:
	case TYPE:
		break;
	}
	return some_text(generator, stems[index]);
}

void make_declared(struct generator *generator, struct thing *thing,
                   unsigned number)
{
	char text[NAME_SIZE];

	name(thing->key, 'k', number);
	name(thing->natural, 'k', number);
	name(text, 'n', number);
	thing->fields[NAME] = cell_make('t', text);
	for (size_t i = 0; i < FIELDS; i++) {
		if (i != NAME)
			thing->fields[i] = some_value(generator, i, thing);
	}
	if (!chance(generator, 10))
		thing->fields[TYPE] = cell_make('t', "oauth0");
	thing->protect = chance(generator, 12);
	thing->connections = -1;
}

void make_secrets(struct generator *generator, struct thing *thing)
{
	const unsigned versioned = generator->theme == SECRETS_KNOWN   ? 60
	                           : generator->theme == SECRETS_MOVED ? 4
	                                                               : 15;

	for (size_t i = 0; i < SECRETS; i++) {
		struct secret_cell *secret = &thing->secrets[i];

		secret->declared = i == 0 || is_about_secrets(generator) ||
		                   chance(generator, 30);
		secret->source = (int)below(generator, SOURCES);
		if (chance(generator, versioned))
			secret->version = 1 + (int)below(generator, 2);
	}
}

/* ---- secrets, as they were sent and are ---- */

static int some_secret(struct generator *generator)
{
	return 1 + (int)below(generator, 4);
}

/* In percent, what is unlike the file. */
struct strangeness {
	unsigned source, version, print, key;
	unsigned alike;   /* another, of the same hint */
	unsigned unknown; /* not recorded, in doubt, not set */
	unsigned moved;   /* set by somebody else */
	unsigned shared;  /* … to the declared one */
};

static const struct strangeness strangenesses[THEMES] = {
	[PLAIN] = { 8, 15, 40, 15, 0, 12, 15, 0 },
	[SECRETS_MOVED] = { 0, 0, 50, 0, 30, 2, 75, 40 },
	[SECRETS_KNOWN] = { 20, 55, 35, 14, 0, 2, 10, 0 },
	[QUIET] = { 0, 0, 0, 0, 0, 0, 0, 0 },
	[CROSSED] = { 8, 15, 40, 15, 0, 12, 15, 0 },
	[EMPTIED] = { 8, 15, 40, 15, 0, 12, 15, 0 },
	[FULL] = { 8, 15, 40, 15, 0, 12, 15, 0 },
};

static const struct strangeness *strangeness(const struct generator *generator)
{
	return &strangenesses[generator->theme];
}

static void make_known(struct generator *generator,
                       const struct secret_cell *wanted,
                       struct secret_cell *record)
{
	const struct strangeness *strange = strangeness(generator);
	const int value = generator->world->source_values[wanted->source];

	record->sent_source = wanted->source;
	if (chance(generator, strange->source))
		record->sent_source = (int)below(generator, SOURCES);
	if (chance(generator, strange->source / 4))
		record->sent_source = -1;
	record->sent_version = wanted->version;
	if (chance(generator, strange->version))
		record->sent_version = (int)below(generator, 3);
	record->print = value && !chance(generator, strange->print)
	                        ? value
	                        : some_secret(generator);
	record->print_key = chance(generator, strange->key) ? 2 : 1;
	if (value && chance(generator, strange->alike))
		record->print = 1 + (value + 1) % 4;
	if (chance(generator, strange->key))
		record->print = record->print_key = 0;
	record->hint_seen = record->print ? hint_of(record->print) : -1;
}

static void make_record(struct generator *generator, struct thing *row,
                        const struct thing *desired, size_t index)
{
	const unsigned unknown = strangeness(generator)->unknown;
	struct secret_cell *record = &row->secrets[index];

	record->recorded = !chance(generator, unknown / 2);
	record->known = record->recorded && !chance(generator, unknown);
	record->doubted = record->recorded && chance(generator, unknown / 2);
	record->sent_source = -1;
	record->hint_seen = -1;
	if (record->known)
		make_known(generator, &desired->secrets[index], record);
}

static void make_reading(struct generator *generator,
                         const struct thing *desired, struct thing *live,
                         const struct thing *row, size_t index)
{
	const struct strangeness *strange = strangeness(generator);
	const int source = desired->secrets[index].source;
	struct secret_cell *secret = &live->secrets[index];

	secret->value = row->secrets[index].print;
	if (!secret->value || chance(generator, strange->moved))
		secret->value = some_secret(generator);
	if (chance(generator, strange->shared))
		secret->value = generator->world->source_values[source];
	if (chance(generator, strange->unknown / 2))
		secret->value = 0;
	secret->missing = generator->faulty && chance(generator, 16);
	secret->mute = chance(generator, strange->unknown);
}

/* ---- fields, as they were sent, seen and are ---- */

static struct cell moved(struct generator *generator, const struct cell *cell,
                         size_t index, const struct thing *thing,
                         unsigned percent)
{
	if (!chance(generator, percent))
		return *cell;
	return some_value(generator, index, thing);
}

/* What no platform changes by itself. */
static bool is_fixed(size_t index)
{
	return index == CONNECTOR || index == OWNERSHIP || index == TYPE;
}

static unsigned restlessness(const struct generator *generator, size_t index)
{
	if (is_fixed(index) && generator->theme != QUIET)
		return index == OWNERSHIP && !is_about_secrets(generator) ? 25
		                                                          : 4;
	return 100 - generator->calm;
}

static void move_field(struct generator *generator, size_t i,
                       const struct thing *desired, struct thing *row,
                       struct thing *live)
{
	const unsigned restless = restlessness(generator, i);
	const bool still = i == CONNECTOR || is_about_secrets(generator);

	row->fields[i] =
		moved(generator, &desired->fields[i], i, desired, restless);
	row->seen[i] = moved(generator, &row->fields[i], i, desired,
	                     still ? 0 : restless / 2);
	live->fields[i] = moved(generator, &row->seen[i], i, desired,
	                        still ? 0 : restless / 2);
	if (generator->theme == QUIET || still || is_fixed(i))
		return;
	if (chance(generator, 22))
		live->fields[i] = desired->fields[i];
	if (chance(generator, 12))
		row->seen[i] = live->fields[i] = desired->fields[i];
	if (chance(generator, 10))
		live->fields[i] = cell_make('U', "");
	if (chance(generator, 4))
		live->fields[i] = cell_make('-', "");
	if (chance(generator, 20))
		row->fields[i] = row->seen[i] = cell_make('-', "");
}

static void date(struct generator *generator, struct thing *row,
                 struct thing *live)
{
	const unsigned moves = generator->theme == SECRETS_KNOWN ? 60 : 20;

	row->updated = chance(generator, 90) ? 5 : 0;
	live->updated = chance(generator, moves) ? 6 : 5;
	if (chance(generator, 8))
		live->updated = 0;
}

void make_object(struct generator *generator, const struct thing *desired,
                 struct thing *row, struct thing *live)
{
	const unsigned unlike = generator->theme == QUIET ? 50 : 10;

	memcpy(row->key, desired->key, NAME_SIZE);
	memcpy(row->natural, desired->natural, NAME_SIZE);
	memcpy(live->natural, desired->natural, NAME_SIZE);
	name(live->id, 'o', generator->next_id++);
	memcpy(row->id, live->id, NAME_SIZE);
	for (size_t i = 0; i < FIELDS; i++)
		move_field(generator, i, desired, row, live);
	for (size_t i = 0; i < SECRETS; i++) {
		make_record(generator, row, desired, i);
		make_reading(generator, desired, live, row, i);
	}
	row->protect = chance(generator, unlike) ? !desired->protect
	                                         : desired->protect;
	live->opaque = chance(generator, 4);
	live->connections = (int)below(generator, 4) - 1;
	date(generator, row, live);
}
