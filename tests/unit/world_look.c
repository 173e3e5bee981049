/* SPDX-License-Identifier: MIT */
/* Looking at a world after a run, and small words to change it by. */
#include "world.h"

#include "base/text.h"

const struct step *world_step(const struct world *world, const char *key)
{
	for (size_t i = 0; i < world->result.step_count; i++) {
		if (str_equal(world->result.steps[i].change->key, key))
			return &world->result.steps[i];
	}
	fail_msg("no step of %s", key);
	return NULL;
}

bool world_reported(const struct world *world, unsigned code)
{
	for (size_t i = 0; i < diag_length(world->diag); i++) {
		if (diag_at(world->diag, i)->code == code)
			return true;
	}
	return false;
}

struct state *world_rows(struct world *world)
{
	struct state *rows = ledger_applied(world->ledger, world->diag);

	assert_non_null(rows);
	return rows;
}

size_t world_open_intents(struct world *world)
{
	struct intent *intents = NULL;
	size_t count = 0;

	assert_int_equal(ledger_open_intents(world->ledger, &intents, &count,
	                                     world->diag),
	                 0);
	free(intents);
	return count;
}

const struct auth_config *world_row(const struct state *rows, const char *key)
{
	const struct auth_config *row = state_find(rows, key);

	assert_non_null(row);
	return row;
}

const struct secret_record *world_secret(const struct state *rows,
                                         const char *key)
{
	const struct secret_record *record =
		auth_config_record(world_row(rows, key), "client.secret");

	assert_non_null(record);
	return record;
}

void expect_shown(struct value value, const char *wanted)
{
	CLEANUP(textp) char *shown = value_show(&value);

	assert_string_equal(shown, wanted);
}

void expect_end(const struct world *world, const char *key, enum step_end end)
{
	const struct step *step = world_step(world, key);

	assert_string_equal(step_end_names[step->end], step_end_names[end]);
}

void expect_settled(struct world *world)
{
	const unsigned writes = fake_writes(world->platform);
	const unsigned reads = world->platform->counts[PLATFORM_GET];

	assert_int_equal(world_plan(world), 0);
	assert_int_equal(world_apply(world), 0);
	assert_int_equal(fake_writes(world->platform), writes);
	assert_int_equal(world->platform->counts[PLATFORM_GET], reads);
}

unsigned world_creates(const struct world *world)
{
	return world->platform->counts[PLATFORM_CREATE];
}

void world_script(struct world *world, enum platform_verb verb,
                  const char *about, enum fake_fate fate)
{
	fake_script(world->platform, verb, about, fate, 1);
}

void world_declare_three(struct world *world)
{
	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	world_declare(world, "c", "C");
}

void world_add_ability(struct world *world, enum platform_abilities ability)
{
	world->traits.abilities =
		(enum platform_abilities)(world->traits.abilities | ability);
}

void world_fill_scopes(struct world *world)
{
	struct field_trait *scopes = &world->fields[WORLD_SCOPES_FIELD];

	scopes->flags = (enum field_flags)(FIELD_EMPTY_NONE | FIELD_FILLED);
	world->platform->flags |= FAKE_FILLS;
}
