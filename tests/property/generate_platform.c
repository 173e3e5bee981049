/* SPDX-License-Identifier: MIT */
/* What the platform can do, and what its fields are like. */
#include "generate.h"

static void make_flags(struct generator *generator, size_t index)
{
	struct field_trait *trait = &generator->world->field_traits[index];
	unsigned flags = 0;

	if (index == TYPE || index == CONNECTOR ||
	    (index == REGION && chance(generator, 20)))
		flags |= FIELD_IMMUTABLE;
	if ((index == SCOPES && chance(generator, 60)) ||
	    (index == REDIRECT && chance(generator, 30)))
		flags |= FIELD_EMPTY_NONE;
	trait->flags = (enum field_flags)flags;
}

static void make_groups(struct generator *generator)
{
	struct world *world = generator->world;

	if (chance(generator, 35)) {
		world->field_traits[CLIENT_ID].group = 1;
		world->secret_traits[0].group = 1;
	}
	if (chance(generator, 35)) {
		world->field_traits[REGION].group = 2;
		world->field_traits[SCOPES].group = 2;
		world->secret_traits[1].group = chance(generator, 50) ? 2 : 0;
	}
}

static void make_fields(struct generator *generator)
{
	struct world *world = generator->world;

	for (size_t i = 0; i < FIELDS; i++) {
		world->field_traits[i] = (struct field_trait){
			.name = field_names[i],
			.mode = MODE_SETTABLE,
		};
		make_flags(generator, i);
	}
	if (chance(generator, 35))
		world->field_traits[REDIRECT].mode = MODE_ASSERT;
	if (chance(generator, 25))
		world->field_traits[REGION].mode = MODE_UNMAPPED;
	if (chance(generator, 15))
		world->field_traits[ENABLED].mode = MODE_ASSERT;
	make_groups(generator);
}

static unsigned make_abilities(struct generator *generator)
{
	static const struct {
		unsigned percent, ability;
	} likely[] = {
		{ 100, CAN_LIST },
		{ 86, CAN_CREATE },
		{ 95, CAN_UPDATE },
		{ 90, CAN_DELETE },
		{ 60, HAS_MUTABLE_OWNERSHIP },
		{ 30, HAS_NATURAL_KEY },
		{ 15, HAS_UNIQUE_NAMES },
		{ 50, CAN_RENAME },
		{ 30, HAS_CASCADE },
	};
	unsigned can = 0;

	for (size_t i = 0; i < LENGTH(likely); i++) {
		if (chance(generator, likely[i].percent))
			can |= likely[i].ability;
	}
	return can;
}

static void make_readbacks(struct generator *generator)
{
	for (size_t i = 0; i < SECRETS; i++) {
		unsigned readback = below(generator, 4);

		if (generator->theme == SECRETS_MOVED)
			readback = READBACK_HINT + below(generator, 2);
		else if (generator->theme == SECRETS_KNOWN && readback > 2)
			readback = READBACK_NEVER;
		generator->world->secret_traits[i] = (struct secret_trait){
			.name = secret_names[i],
			.readback = (enum secret_readback)readback,
		};
	}
}

void make_traits(struct generator *generator)
{
	const unsigned whole = is_about_secrets(generator) ? 85 : 50;
	const unsigned abilities = make_abilities(generator);
	const unsigned temper = below(generator, TEMPERS);
	struct world *world = generator->world;

	make_readbacks(generator);
	make_fields(generator);
	world->traits = (struct traits){
		.fields = world->field_traits,
		.field_count = FIELDS,
		.secrets = world->secret_traits,
		.secret_count = SECRETS,
		.abilities = (enum platform_abilities)abilities,
	};
	if (chance(generator, whole))
		world->traits.semantics = UPDATE_REPLACE;
	if (chance(generator, whole))
		world->traits.secret_omit = SECRET_OMIT_REQUIRED;
	world->temper = (enum temper)temper;
	world->fickle = below(generator, 1U << FIELDS);
}
