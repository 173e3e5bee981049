/* SPDX-License-Identifier: MIT */
/* Sections 1 and 2 of the law. */
#include "model_change.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

static bool keeps_ledger(const struct world *world)
{
	return world->mode == LEDGER_MODE_KEPT ||
	       world->mode == LEDGER_MODE_UNTRUSTED;
}

static const struct thing *row_of(const struct world *world, const char *key)
{
	return key[0] ? find_key(world->applied, world->applied_count, key)
	              : NULL;
}

static const struct thing *live_of(const struct world *world, const char *id)
{
	for (size_t i = 0; i < world->live_count; i++) {
		if (str_equal(world->live[i].id, id))
			return &world->live[i];
	}
	return NULL;
}

static bool has_retired(const struct thing *row, const char *id)
{
	for (int i = 0; i < row->retired_count; i++) {
		if (str_equal(row->retired[i], id))
			return true;
	}
	return false;
}

/* The row that bears an id, as its own or else as a retired one. Of several,
 * which no sound ledger has, the first by key. */
static const struct thing *claimant(const struct world *world, const char *id,
                                    bool *retired)
{
	const struct thing *own = NULL, *former = NULL;

	for (size_t i = 0; i < world->applied_count; i++) {
		const struct thing *row = &world->applied[i];

		if (str_equal(row->id, id) &&
		    (!own || str_compare(row->key, own->key) < 0))
			own = row;
		if (has_retired(row, id) &&
		    (!former || str_compare(row->key, former->key) < 0))
			former = row;
	}
	*retired = !own;
	return own ? own : former;
}

/* Declared, or taken over by a key that is (row O7). */
static bool is_spoken_for(const struct world *world, const struct thing *row)
{
	if (find_key(world->desired, world->desired_count, row->key))
		return true;
	for (size_t i = 0; i < world->desired_count; i++) {
		const struct thing *desired = &world->desired[i];

		if (str_equal(desired->renamed_from, row->key) &&
		    !row_of(world, desired->key))
			return true;
	}
	return false;
}

static bool is_alike(const struct world *world, const struct thing *desired,
                     const struct thing *live)
{
	if (world->traits.abilities & HAS_NATURAL_KEY)
		return str_equal(desired->natural, live->natural);
	return cell_equal(&desired->fields[CONNECTOR],
	                  &live->fields[CONNECTOR]) &&
	       cell_equal(&desired->fields[NAME], &live->fields[NAME]);
}

struct matches {
	size_t count, index;
	bool undeclared, declared; /* who claims what else matches */
};

static struct matches find_matches(const struct model *model,
                                   const struct thing *desired)
{
	const struct world *world = model->world;
	struct matches matches = { .count = 0 };

	for (size_t i = 0; i < world->live_count; i++) {
		const struct thing *live = &world->live[i];
		const struct thing *row;
		bool retired;

		if (live->opaque || !is_alike(world, desired, live))
			continue;
		row = claimant(world, live->id, &retired);
		if (row && is_spoken_for(world, row))
			matches.declared = true;
		else if (row)
			matches.undeclared = true;
		else if (!matches.count++)
			matches.index = i;
	}
	return matches;
}

/* ---- one entry ---- */

static struct model_change *add_change(struct model *model,
                                       enum change_kind kind)
{
	if (kind == CHANGE_NOTE)
		return &model->notes[model->note_count++];
	return &model->changes[model->change_count++];
}

static bool is_rekeyed(const struct world *world,
                       const struct model_change *change)
{
	return (world->traits.abilities & HAS_NATURAL_KEY) && change->live &&
	       change->desired->natural[0] && change->live->natural[0] &&
	       !str_equal(change->desired->natural, change->live->natural);
}

static enum change_kind stronger(enum change_kind a, enum change_kind b)
{
	return a < b ? a : b;
}

static void conclude(struct model *model, struct model_change *change,
                     enum change_kind least)
{
	hit(model->hits, change->row);
	change->kind = stronger(change->kind, least);
	if (change->from || is_rekeyed(model->world, change))
		change->kind = stronger(change->kind, CHANGE_RENAME);
	if (change->kind >= CHANGE_NOTE)
		model->unchanged++;
	if (change->kind == CHANGE_KINDS ||
	    (change->kind == CHANGE_NOTE && !keeps_ledger(model->world)))
		return;
	*add_change(model, change->kind) = *change;
}

/* Rows O1, O6, O11. */
static void create(struct model *model, struct model_change *change,
                   const char *row, enum change_kind kind)
{
	const struct question question = {
		.world = model->world,
		.desired = change->desired,
		.making = true,
	};

	change->row = row;
	change->danger = kind == CHANGE_RECREATE ? 2 : 0;
	model_compare(model, &question, change);
	conclude(model, change, kind);
}

/* Rows O2, O4, O12. */
static void bind(struct model *model, struct model_change *change,
                 const struct matches *matches)
{
	struct question question = {
		.world = model->world,
		.desired = change->desired,
		.live = &model->world->live[matches->index],
		.applied = change->applied,
		.foreign = true,
	};
	enum change_kind least = CHANGE_ADOPT;

	change->live = question.live;
	model->taken[matches->index] = true;
	change->row = "O2";
	if (change->applied) {
		change->row = "O12";
		change->danger = 1;
	} else if (!keeps_ledger(model->world)) {
		change->row = "O4";
		least = CHANGE_KINDS;
	}
	model_compare(model, &question, change);
	conclude(model, change, least);
}

/* Rows O9, O10, O20. */
static void compare_known(struct model *model, struct model_change *change)
{
	const struct question question = {
		.world = model->world,
		.desired = change->desired,
		.live = change->live,
		.applied = change->applied,
	};
	const bool protect =
		change->desired->protect != change->applied->protect;
	enum change_kind least = CHANGE_KINDS;

	model_compare(model, &question, change);
	change->row = "O10";
	if (change->kind == CHANGE_REPLACE) {
		change->row = "O9";
		change->danger = 2;
	} else if (protect) {
		least = CHANGE_NOTE;
		if (change->kind == CHANGE_KINDS && !change->from &&
		    !is_rekeyed(model->world, change))
			change->row = "O20";
	}
	conclude(model, change, least);
}

static const struct cell *seen_connector(const struct thing *row)
{
	return row->seen[CONNECTOR].kind != '-' ? &row->seen[CONNECTOR]
	                                        : &row->fields[CONNECTOR];
}

static bool is_foreign(const struct thing *row, const struct thing *live)
{
	const struct cell *then = seen_connector(row);

	return then->kind != '-' && !cell_equal(then, &live->fields[CONNECTOR]);
}

static void refuse(struct model *model, const char *row, unsigned code)
{
	hit(model->hits, row);
	model_error(model, code);
}

static void without_object(struct model *model, struct model_change *change)
{
	const struct matches matches = find_matches(model, change->desired);

	if (matches.count >= 2)
		refuse(model, "O3", CODE_SEVERAL_MATCHES);
	else if (!change->applied && matches.undeclared)
		refuse(model, "O5", CODE_CLAIMED_MATCH);
	else if (matches.count == 1)
		bind(model, change, &matches);
	else if (change->applied)
		create(model, change, "O11", CHANGE_RECREATE);
	else
		create(model, change, matches.declared ? "O6" : "O1",
		       CHANGE_CREATE);
}

/* Another entry takes the same row over, and stands before this one. */
static bool is_taken_before(const struct world *world,
                            const struct thing *desired)
{
	for (size_t i = 0; i < world->desired_count; i++) {
		const struct thing *other = &world->desired[i];

		if (str_equal(other->renamed_from, desired->renamed_from) &&
		    !row_of(world, other->key) &&
		    str_compare(other->key, desired->key) < 0)
			return true;
	}
	return false;
}

/* Row O7 and its neighbours. -1: an error. */
static int take_row(struct model *model, struct model_change *change)
{
	const struct thing *desired = change->desired;
	const struct thing *other = row_of(model->world, desired->renamed_from);

	if (!desired->renamed_from[0])
		return 0;
	if (change->applied && other) {
		refuse(model, "O7b", CODE_RENAME_TWICE);
		return -1;
	}
	if (change->applied) {
		hit(model->hits, "O7a");
		model_find(model, desired->key, "renamedFrom", "O7a",
		           SEVERITY_INFO);
		return 0;
	}
	if (!other) {
		hit(model->hits, "O7c");
		return 0;
	}
	if (is_taken_before(model->world, desired)) {
		refuse(model, "O7", CODE_RENAME_TWICE);
		return -1;
	}
	hit(model->hits, "O7");
	change->applied = other;
	change->from = desired->renamed_from;
	return 0;
}

/* Nothing is done, and that is said. */
static void opaque(struct model *model, const struct thing *desired)
{
	hit(model->hits, "P8");
	model_find(model, desired->key, "id", "P8", SEVERITY_WARNING);
}

static void entry(struct model *model, const struct thing *desired)
{
	const struct world *world = model->world;
	struct model_change change = {
		.desired = desired,
		.applied = row_of(world, desired->key),
		.kind = CHANGE_KINDS,
	};

	if (take_row(model, &change) < 0)
		return;
	if (change.applied && change.applied->id[0])
		change.live = live_of(world, change.applied->id);
	if (!change.live)
		without_object(model, &change);
	else if (change.live->opaque)
		opaque(model, desired);
	else if (is_foreign(change.applied, change.live))
		refuse(model, "O8", CODE_FOREIGN_OBJECT);
	else
		compare_known(model, &change);
}

/* ---- what nobody declares ---- */

static void bystander(struct model *model, const char *title, const char *key,
                      const struct thing *live, const char *row)
{
	hit(model->hits, row);
	model->bystanders[model->bystander_count++] = (struct model_bystander){
		.title = title,
		.key = key,
		.id = live->id,
		.row = row,
		.opaque = live->opaque,
	};
}

static void removal(struct model *model, const struct thing *row,
                    const struct thing *live, const char *name)
{
	struct model_change *change = add_change(model, CHANGE_DELETE);

	hit(model->hits, name);
	*change = (struct model_change){
		.row = name,
		.kind = CHANGE_DELETE,
		.live = live,
		.applied = row,
		.danger = 2,
	};
}

static bool prunes(const struct world *world)
{
	return world->permissions.prune || world->policy.prune;
}

static void orphan(struct model *model, const struct thing *row)
{
	const struct world *world = model->world;
	const struct thing *live = live_of(world, row->id);

	if (!live) {
		hit(model->hits, "O16");
		*add_change(model, CHANGE_NOTE) = (struct model_change){
			.row = "O16",
			.kind = CHANGE_NOTE,
			.applied = row,
		};
	} else if (!live->opaque && prunes(world) && row->protect) {
		removal(model, row, live, "O15");
	} else if (!live->opaque && prunes(world) && !is_foreign(row, live)) {
		removal(model, row, live, "O14");
	} else {
		bystander(model, "orphan", row->key, live, "O13");
		if (prunes(world) && is_foreign(row, live))
			model_find(model, row->key, "connector", "O13",
			           SEVERITY_WARNING);
	}
}

static void retired(struct model *model, const struct thing *row,
                    const char *id)
{
	const struct thing *live = live_of(model->world, id);
	bool is_retired;

	if (!live || claimant(model->world, id, &is_retired) != row ||
	    !is_retired)
		return;
	if (!live->opaque && prunes(model->world) && !row->protect &&
	    live->connections == 0)
		removal(model, row, live, "O18");
	else
		bystander(model, "retired", row->key, live, "O18a");
}

static void rows(struct model *model)
{
	const struct world *world = model->world;

	for (size_t i = 0; i < world->applied_count; i++) {
		const struct thing *row = &world->applied[i];

		if (!live_of(world, row->id))
			model->missing++;
		if (!is_spoken_for(world, row))
			orphan(model, row);
		for (int j = 0; j < row->retired_count; j++)
			retired(model, row, row->retired[j]);
	}
}

static bool is_ignored(const struct world *world, const struct thing *live)
{
	return world->policy.ignore_count &&
	       str_equal(live->fields[NAME].text, "ignored");
}

static void unmanaged(struct model *model)
{
	const struct world *world = model->world;

	for (size_t i = 0; i < world->live_count; i++) {
		const struct thing *live = &world->live[i];
		bool is_retired;

		if (model->taken[i] || claimant(world, live->id, &is_retired))
			continue;
		model->unmanaged++;
		if (is_ignored(world, live))
			hit(model->hits, "O17i");
		else
			bystander(model, "unmanaged", "", live, "O17");
	}
}

/* Row O22. */
static void twins(struct model *model)
{
	const struct world *world = model->world;

	for (size_t i = 0; i < world->applied_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (world->applied[i].id[0] &&
			    str_equal(world->applied[i].id,
			              world->applied[j].id))
				refuse(model, "O22", CODE_LEDGER_TWINS);
		}
	}
}

char *model_decide(const struct world *world, struct hits *hits)
{
	struct model *model = xcalloc(1, sizeof(*model));
	char *text;

	model->world = world;
	model->hits = hits;
	if (!world->desired_count &&
	    !(world->permissions.allow_empty && prunes(world))) {
		refuse(model, "P5", CODE_EMPTY_DESIRED);
	} else {
		twins(model);
		for (size_t i = 0; i < world->desired_count; i++)
			entry(model, &world->desired[i]);
		rows(model);
		unmanaged(model);
	}
	model_judge(model);
	text = model_dump(model);
	free(model);
	return text;
}
