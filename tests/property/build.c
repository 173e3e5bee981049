/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

/* As the states are given secrets by platform/; nothing is in them here. */
static const char *text_or_none(struct state *state, const char *text)
{
	return text[0] ? state_text(state, text) : NULL;
}

struct value cell_value(struct state *state, const struct cell *cell)
{
	const char *items[TEXT_SIZE];
	char texts[TEXT_SIZE][2];
	size_t count = 0;

	switch (cell->kind) {
	case 'U':
		return value_unreadable();
	case 't':
		return state_value_text(state, cell->text);
	case 'b':
		return state_value_boolean(str_equal(cell->text, "true"));
	case 's':
		for (const char *at = cell->text; *at; at++) {
			texts[count][0] = *at;
			texts[count][1] = '\0';
			items[count] = texts[count];
			count++;
		}
		return state_value_set(state, items, count);
	default:
		return value_absent();
	}
}

static void add_fields(struct state *state, const struct thing *thing)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (thing->fields[i].kind != '-')
			state_field(state, field_names[i],
			            cell_value(state, &thing->fields[i]),
			            PLACE_NONE);
	}
}

static void add_seen(struct state *state, const struct thing *thing)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (thing->seen[i].kind != '-')
			state_seen(state, field_names[i],
			           cell_value(state, &thing->seen[i]));
	}
}

static const char *version_text(struct state *state, int version)
{
	char text[] = { (char)('0' + version), '\0' };

	return version ? state_text(state, text) : NULL;
}

static const char *hint_text(struct state *state, int hint)
{
	char text[] = { 'h', (char)('0' + hint), '\0' };

	return hint >= 0 ? state_text(state, text) : NULL;
}

static void build_desired(const struct world *world, struct state *state)
{
	for (size_t i = 0; i < world->desired_count; i++) {
		const struct thing *thing = &world->desired[i];
		struct auth_config *open;

		state_begin(state, thing->key, PLACE_NONE);
		add_fields(state, thing);
		for (size_t j = 0; j < SECRETS; j++) {
			const struct secret_cell *secret = &thing->secrets[j];
			const struct secret_reference reference = {
				.name = secret_names[j],
				.source = source_names[secret->source],
				.version = version_text(state, secret->version),
			};

			if (secret->declared)
				state_reference(state, &reference);
		}
		open = state_open(state);
		open->natural_key = text_or_none(state, thing->natural);
		open->renamed_from = text_or_none(state, thing->renamed_from);
		open->flags = thing->protect ? AUTH_CONFIG_PROTECTED : 0;
		state_end(state);
	}
}

static void add_record(struct state *state, size_t index,
                       const struct secret_cell *secret)
{
	struct secret_record record = {
		.name = secret_names[index],
		.known = secret->known,
		.fingerprinted = secret->print != 0,
		.key_id = secret->print ? "key" : NULL,
		.version = version_text(state, secret->sent_version),
		.hint_seen = hint_text(state, secret->hint_seen),
		.in_doubt = secret->doubted,
	};

	if (secret->sent_source >= 0)
		record.source = source_names[secret->sent_source];
	if (secret->recorded)
		state_record(state, &record);
}

static void build_applied(const struct world *world, struct state *state)
{
	char updated[16];

	for (size_t i = 0; i < world->applied_count; i++) {
		const struct thing *thing = &world->applied[i];
		struct auth_config *open;

		state_begin(state, thing->key, PLACE_NONE);
		add_fields(state, thing);
		add_seen(state, thing);
		for (size_t j = 0; j < SECRETS; j++)
			add_record(state, j, &thing->secrets[j]);
		for (int j = 0; j < thing->retired_count; j++)
			state_retired(state, thing->retired[j]);
		open = state_open(state);
		open->id = text_or_none(state, thing->id);
		open->natural_key = text_or_none(state, thing->natural);
		open->row_uuid = state_text(state, "0");
		open->flags = thing->protect ? AUTH_CONFIG_PROTECTED : 0;
		(void)snprintf(updated, sizeof(updated), "%d", thing->updated);
		if (thing->updated)
			open->updated_at = state_text(state, updated);
		state_end(state);
	}
}

static void add_reading(const struct world *world, struct state *state,
                        size_t index, const struct secret_cell *secret)
{
	const enum secret_readback readback =
		world->secret_traits[index].readback;
	const struct secret_reading reading = {
		.name = secret_names[index],
		.unset = !secret->value,
		.missing = secret->missing,
		.hint = readback == READBACK_HINT && secret->value &&
		                        !secret->mute
		                ? hint_text(state, hint_of(secret->value))
		                : NULL,
	};

	state_reading(state, &reading);
}

static void build_live(const struct world *world, struct state *state)
{
	char updated[16];

	for (size_t i = 0; i < world->live_count; i++) {
		const struct thing *thing = &world->live[i];
		struct auth_config *open;

		state_begin(state, thing->id, PLACE_NONE);
		add_fields(state, thing);
		for (size_t j = 0; j < SECRETS; j++)
			add_reading(world, state, j, &thing->secrets[j]);
		open = state_open(state);
		open->natural_key = text_or_none(state, thing->natural);
		open->flags = thing->opaque ? AUTH_CONFIG_OPAQUE : 0;
		open->connections = thing->connections;
		(void)snprintf(updated, sizeof(updated), "%d", thing->updated);
		if (thing->updated)
			open->updated_at = state_text(state, updated);
		state_end(state);
	}
}

/* ---- facts, as run/ finds them out ---- */

static enum secret_match match_numbers(int a, int b)
{
	return a == b ? MATCH_EQUAL : MATCH_DIFFERENT;
}

static enum secret_match match_print(const struct world *world,
                                     const struct secret_cell *record,
                                     int value)
{
	if (!record || !record->recorded || !record->print || !world->keyed ||
	    !value)
		return MATCH_NOT_COMPARED;
	if (record->print_key != 1)
		return MATCH_OTHER_KEY;
	return match_numbers(record->print, value);
}

static const struct thing *row_of(const struct world *world,
                                  const struct thing *thing)
{
	const struct thing *row =
		find_key(world->applied, world->applied_count, thing->key);

	if (!row && thing->renamed_from[0])
		row = find_key(world->applied, world->applied_count,
		               thing->renamed_from);
	return row;
}

static bool is_claimed(const struct world *world, const struct thing *live)
{
	for (size_t i = 0; i < world->applied_count; i++) {
		const struct thing *row = &world->applied[i];

		if (str_equal(row->id, live->id))
			return true;
		for (int j = 0; j < row->retired_count; j++) {
			if (str_equal(row->retired[j], live->id))
				return true;
		}
	}
	return false;
}

static bool is_alike(const struct world *world, const struct thing *entry,
                     const struct thing *live)
{
	if (world->traits.abilities & HAS_NATURAL_KEY)
		return str_equal(live->natural, entry->natural);
	return cell_equal(&live->fields[CONNECTOR],
	                  &entry->fields[CONNECTOR]) &&
	       cell_equal(&live->fields[NAME], &entry->fields[NAME]);
}

/* The object that the entry stands for: the row's, else one of its identity
 * that nobody claims. */
static const struct thing *object_of(const struct world *world,
                                     const struct thing *entry,
                                     const struct thing *row)
{
	const struct thing *found = NULL;

	for (size_t i = 0; i < world->live_count; i++) {
		const struct thing *live = &world->live[i];

		if (row && str_equal(live->id, row->id))
			return live;
		if (!live->opaque && is_alike(world, entry, live) &&
		    !is_claimed(world, live))
			found = live;
	}
	return found;
}

static void add_fact(const struct world *world, struct built *built,
                     const struct thing *thing, size_t index)
{
	struct secret_fact *fact = &built->facts[built->input.fact_count++];
	const struct thing *row = row_of(world, thing);
	const struct thing *object = object_of(world, thing, row);
	const int value = world->source_values[thing->secrets[index].source];
	const int live = object && !object->secrets[index].mute
	                         ? object->secrets[index].value
	                         : 0;
	const enum secret_readback readback =
		world->secret_traits[index].readback;

	*fact = (struct secret_fact){
		.key = thing->key,
		.name = secret_names[index],
		.resolved = value != 0,
		.unresolved_why = value ? NULL : "variable is not set",
		.fingerprint = match_print(
			world, row ? &row->secrets[index] : NULL, value),
	};
	if (readback == READBACK_CLEAR)
		fact->live_fingerprint = match_print(
			world, row ? &row->secrets[index] : NULL, live);
	if (!value || !live)
		return;
	if (readback == READBACK_HINT)
		fact->hint = match_numbers(hint_of(value), hint_of(live));
	if (readback == READBACK_CLEAR)
		fact->clear = match_numbers(value, live);
}

static int compare_facts(const void *a, const void *b)
{
	const struct secret_fact *left = a, *right = b;
	const int order = strcmp(left->key, right->key);

	return order ? order : strcmp(left->name, right->name);
}

static void build_facts(const struct world *world, struct built *built)
{
	for (size_t i = 0; i < world->desired_count; i++) {
		for (size_t j = 0; j < SECRETS; j++) {
			if (world->desired[i].secrets[j].declared)
				add_fact(world, built, &world->desired[i], j);
		}
	}
	if (built->input.fact_count)
		qsort(built->facts, built->input.fact_count,
		      sizeof(built->facts[0]), compare_facts);
}

static void finish(struct state *state)
{
	const char *twin = NULL;

	if (state_finish(state, &twin) < 0) {
		fprintf(stderr, "generated twice: %s\n", twin);
		abort();
	}
}

void build(const struct world *world, struct built *built)
{
	*built = (struct built){
		.desired = state_new(STATE_BY_KEY),
		.live = state_new(STATE_BY_ID),
		.applied = state_new(STATE_BY_KEY),
	};
	build_desired(world, built->desired);
	build_live(world, built->live);
	build_applied(world, built->applied);
	finish(built->desired);
	finish(built->live);
	finish(built->applied);
	build_facts(world, built);
	built->input.environment = "prod";
	built->input.origin = "https://platform.example";
	built->input.platform = "pretend";
	built->input.binding_hash = "b1";
	built->input.revision = "r1";
	built->input.desired = built->desired;
	built->input.live = built->live;
	built->input.applied = built->applied;
	built->input.traits = &world->traits;
	built->input.policy = &world->policy;
	built->input.permissions = &world->permissions;
	built->input.facts = built->facts;
	built->input.ledger_mode = world->mode;
}

void built_release(struct built *built)
{
	state_free(built->desired);
	state_free(built->live);
	state_free(built->applied);
}
