/* SPDX-License-Identifier: MIT */
#include "generate.h"

bool chance(struct generator *generator, unsigned percent)
{
	return random_chance(generator->random, percent);
}

unsigned below(struct generator *generator, unsigned limit)
{
	return random_below(generator->random, limit);
}

void name(char out[NAME_SIZE], char letter, unsigned number)
{
	(void)snprintf(out, NAME_SIZE, "%c%02u", letter, number % 1000);
}

bool is_about_secrets(const struct generator *generator)
{
	return generator->theme == SECRETS_MOVED ||
	       generator->theme == SECRETS_KNOWN;
}

/* ---- what the operator says ---- */

/* Lists are sorted, and so are the entries as they are made. */
static size_t some_keys(struct generator *generator, const char **keys,
                        unsigned percent)
{
	const struct world *world = generator->world;
	size_t count = 0;

	for (size_t i = 0; i < world->desired_count; i++) {
		if (chance(generator, percent))
			keys[count++] = world->desired[i].key;
	}
	return count;
}

static int64_t some_number(struct generator *generator)
{
	return chance(generator, 60) ? -1 : (int64_t)below(generator, 5);
}

static void make_policy(struct generator *generator)
{
	const bool lenient = generator->lenient;
	static const char *const ignored[] = { "ign*" };

	generator->world->policy = (struct policy){
		.prune = chance(generator, 10),
		.max_deletes = lenient ? 1000 : below(generator, 4),
		.max_delete_percent = lenient ? 100 : below(generator, 40),
		.max_changes = lenient ? 1000 : below(generator, 12),
		.max_missing = lenient ? 1000 : below(generator, 3),
		.ignore = ignored,
		.ignore_count = chance(generator, 50),
	};
}

static void make_permissions(struct generator *generator)
{
	const unsigned prunes = generator->theme == FULL ? 80 : 40;
	const unsigned keeps = generator->theme == SECRETS_MOVED ? 60 : 20;
	struct world *world = generator->world;
	struct permissions *permissions = &world->permissions;

	*permissions = (struct permissions){
		.prune = chance(generator, prunes),
		.allow_empty = chance(generator, 50),
		.drift_kept = chance(generator, keeps),
		.allow_deletes = some_number(generator),
		.allow_changes = some_number(generator),
		.allow_missing = some_number(generator),
		.break_connections = some_number(generator),
		.allow_replace = world->allow_replace,
		.resend = world->resend,
		.resend_secrets = world->resend_secrets,
	};
	permissions->allow_replace_count = some_keys(
		generator, world->allow_replace, generator->lenient ? 100 : 40);
	permissions->resend_count = some_keys(generator, world->resend, 25);
	permissions->resend_secrets_count =
		some_keys(generator, world->resend_secrets, 10);
}

/* ---- all of it ---- */

static enum ledger_mode some_mode(struct generator *generator)
{
	static const enum ledger_mode modes[] = {
		LEDGER_MODE_KEPT,       LEDGER_MODE_KEPT,
		LEDGER_MODE_KEPT,       LEDGER_MODE_STATELESS,
		LEDGER_MODE_NEVER_MADE, LEDGER_MODE_UNTRUSTED,
	};

	if (generator->theme == EMPTIED)
		return chance(generator, 50)
		               ? LEDGER_MODE_STATELESS
		               : modes[below(generator, LENGTH(modes))];
	if (generator->theme != PLAIN && chance(generator, 80))
		return LEDGER_MODE_KEPT;
	return modes[below(generator, LENGTH(modes))];
}

static unsigned some_calm(struct generator *generator)
{
	switch (generator->theme) {
	case QUIET:
		return chance(generator, 60) ? 100 : 96;
	case SECRETS_MOVED:
	case SECRETS_KNOWN:
		return 78 + below(generator, 20);
	case PLAIN:
	case CROSSED:
	case EMPTIED:
	case FULL:
	case THEMES:
		break;
	}
	return 55 + below(generator, 45);
}

static void choose(struct generator *generator)
{
	static const enum theme themes[] = {
		PLAIN,         PLAIN,         QUIET,         QUIET,
		SECRETS_MOVED, SECRETS_MOVED, SECRETS_MOVED, SECRETS_MOVED,
		SECRETS_KNOWN, SECRETS_KNOWN, SECRETS_KNOWN, CROSSED,
		CROSSED,       CROSSED,       EMPTIED,       EMPTIED,
		FULL,          FULL,
	};
	struct world *world = generator->world;
	unsigned resolved = 85, faulty = 25;

	generator->theme = themes[below(generator, LENGTH(themes))];
	if (generator->theme == SECRETS_MOVED)
		resolved = 100;
	if (is_about_secrets(generator))
		faulty = 4;
	if (generator->theme == CROSSED)
		faulty = 85;
	generator->faulty = chance(generator, faulty);
	generator->calm = some_calm(generator);
	world->keyed = chance(generator, resolved);
	world->mode = some_mode(generator);
	for (size_t i = 0; i < SOURCES; i++) {
		if (chance(generator, resolved))
			world->source_values[i] = 1 + (int)below(generator, 4);
	}
}

void generate(struct random *random, struct world *world)
{
	struct generator generator = { .random = random, .world = world };

	*world = (struct world){ .clock = 10 };
	choose(&generator);
	make_traits(&generator);
	make_keys(&generator);
	if (generator.theme == CROSSED)
		cross(&generator);
	part_twins(world);
	if (generator.faulty)
		confuse(&generator);
	generator.lenient =
		generator.theme != FULL &&
		(generator.theme != PLAIN || chance(&generator, 70));
	make_policy(&generator);
	make_permissions(&generator);
}

/* ---- the order of it ---- */

static void swap(struct thing *a, struct thing *b)
{
	const struct thing kept = *a;

	*a = *b;
	*b = kept;
}

static void shuffle_things(struct random *random, struct thing *things,
                           size_t count)
{
	for (size_t i = count; i > 1; i--)
		swap(&things[i - 1],
		     &things[random_below(random, (unsigned)i)]);
}

void shuffle(struct random *random, struct world *world)
{
	shuffle_things(random, world->desired, world->desired_count);
	shuffle_things(random, world->applied, world->applied_count);
	shuffle_things(random, world->live, world->live_count);
}
