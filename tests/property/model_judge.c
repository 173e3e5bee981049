/* SPDX-License-Identifier: MIT */
/* Section 3 of the law, the guards of sections 1 and 6, and the words. */
#include "model_change.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool can(const struct world *world, unsigned ability)
{
	return world->traits.abilities & ability;
}

static void raise(struct model_change *change, int danger)
{
	if (danger > change->danger)
		change->danger = danger;
}

/* Row R3. */
static bool moves_ownership(const struct model_change *change)
{
	return change->live && change->desired && change->with_fields &&
	       change->fields[OWNERSHIP].write &&
	       !change->fields[OWNERSHIP].held &&
	       (change->kind == CHANGE_RENAME || change->kind == CHANGE_UPDATE);
}

static bool is_permitted(const struct world *world,
                         const struct model_change *change)
{
	const struct permissions *permissions = &world->permissions;

	return !change->desired->protect &&
	       !(change->applied && change->applied->protect) &&
	       world->mode == LEDGER_MODE_KEPT &&
	       listed(permissions->allow_replace,
	              permissions->allow_replace_count, change->desired->key);
}

static void judge_replacement(const struct world *world, struct hits *hits,
                              struct model_change *change)
{
	const bool keyed = can(world, HAS_NATURAL_KEY | HAS_UNIQUE_NAMES);
	const bool possible =
		can(world, CAN_CREATE) && (!keyed || can(world, CAN_DELETE));

	change->replaces = true;
	raise(change, 2);
	if (!is_permitted(world, change))
		change->blocked = true;
	if (change->kind != CHANGE_REPLACE) {
		hit(hits, "R3");
		return;
	}
	change->deletes_first = possible && keyed;
	if (!possible)
		change->blocked = true;
	hit(hits, !possible ? "R4" : keyed ? "R2" : "R1");
}

static void judge_rename(const struct world *world, struct hits *hits,
                         struct model_change *change)
{
	if (change->kind != CHANGE_RENAME || !change->live ||
	    !can(world, HAS_NATURAL_KEY) || !change->desired->natural[0] ||
	    !change->live->natural[0] ||
	    str_equal(change->desired->natural, change->live->natural))
		return;
	hit(hits, "O7n");
	raise(change, 1);
	if (!can(world, CAN_RENAME) || change->live->connections != 0)
		change->blocked = true;
}

static bool has_sends(const struct model_change *change)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (change->sent[i])
			return true;
	}
	return false;
}

/* 0: none, it asks nothing of the platform. */
static unsigned needed_ability(const struct model_change *change)
{
	switch (change->kind) {
	case CHANGE_CREATE:
	case CHANGE_RECREATE:
		return CAN_CREATE;
	case CHANGE_UPDATE:
	case CHANGE_ROTATE:
		return CAN_UPDATE;
	case CHANGE_RENAME:
		return has_sends(change) ? CAN_UPDATE : 0;
	case CHANGE_DELETE:
		return CAN_DELETE;
	case CHANGE_REPLACE:
	case CHANGE_ADOPT:
	case CHANGE_NOTE:
	case CHANGE_KINDS:
		break;
	}
	return 0;
}

static void judge_parts(struct model_change *change)
{
	const bool made = change->kind == CHANGE_CREATE ||
	                  change->kind == CHANGE_RECREATE;

	for (size_t i = 0; i < FIELDS; i++) {
		if (made)
			change->dangers[i] = 0;
		if (change->with_fields && change->listed[i])
			raise(change, change->dangers[i]);
	}
	for (size_t i = 0; i < SECRETS && !made; i++) {
		if (!model_secret_written(&change->secrets[i]))
			continue;
		raise(change,
		      change->secrets[i].action == SECRET_CLEAR ? 2 : 1);
	}
}

static void judge_change(const struct world *world, struct hits *hits,
                         struct model_change *change)
{
	if (change->kind == CHANGE_DELETE && world->mode != LEDGER_MODE_KEPT)
		change->blocked = true;
	if (str_equal(change->row, "O15"))
		change->blocked = true;
	if (change->kind == CHANGE_REPLACE || moves_ownership(change))
		judge_replacement(world, hits, change);
	judge_rename(world, hits, change);
	if (needed_ability(change) && !can(world, needed_ability(change)))
		change->blocked = true;
	judge_parts(change);
}

static int compare_changes(const void *a, const void *b)
{
	const struct model_change *left = a, *right = b;
	int order = strcmp(
		left->desired ? left->desired->key : left->applied->key,
		right->desired ? right->desired->key : right->applied->key);

	if (!order)
		order = (int)left->kind - (int)right->kind;
	if (order)
		return order;
	return str_compare(left->live ? left->live->id : NULL,
	                   right->live ? right->live->id : NULL);
}

static int compare_bystanders(const void *a, const void *b)
{
	const struct model_bystander *left = a, *right = b;
	int order = strcmp(left->title, right->title);

	if (!order)
		order = strcmp(left->key, right->key);
	return order ? order : strcmp(left->id, right->id);
}

static int compare_findings(const void *a, const void *b)
{
	const struct model_finding *left = a, *right = b;
	int order = strcmp(left->address, right->address);

	if (!order)
		order = strcmp(left->field, right->field);
	return order ? order : strcmp(left->row, right->row);
}

void model_judge(struct model *model)
{
	for (size_t i = 0; i < model->change_count; i++)
		judge_change(model->world, model->hits, &model->changes[i]);
	qsort(model->changes, model->change_count, sizeof(model->changes[0]),
	      compare_changes);
	qsort(model->notes, model->note_count, sizeof(model->notes[0]),
	      compare_changes);
	qsort(model->bystanders, model->bystander_count,
	      sizeof(model->bystanders[0]), compare_bystanders);
	qsort(model->findings, model->finding_count, sizeof(model->findings[0]),
	      compare_findings);
}

/* ---- the words ---- */

static void dump_head(const struct model_change *change, FILE *out)
{
	fprintf(out, "%s %s %s id=%s from=%s",
	        change->desired ? change->desired->key : change->applied->key,
	        change_kind_names[change->kind], change->row,
	        change->live ? change->live->id : "",
	        change->from ? change->from : "");
	if (change->kind == CHANGE_REPLACE)
		fprintf(out, " way=%d", change->deletes_first);
	if (change->kind != CHANGE_NOTE)
		fprintf(out, " blocked=%d danger=%d", change->blocked,
		        change->danger);
	fputc('\n', out);
}

static void dump_fields(const struct model_change *change, FILE *out)
{
	const bool note = change->kind == CHANGE_NOTE;

	for (size_t i = 0; i < FIELDS && change->with_fields; i++) {
		const struct field_answer *answer = &change->fields[i];

		if (!change->listed[i])
			continue;
		fprintf(out, "  field %s %s %s writes=%d held=%d danger=%d",
		        field_names[i], answer->row, answer->result,
		        change->writes[i], answer->held,
		        note ? 0 : change->dangers[i]);
		fprintf(out, " record=%d\n", (int)answer->record);
	}
}

static void dump_change(const struct model_change *change, FILE *out)
{
	dump_head(change, out);
	dump_fields(change, out);
	for (size_t i = 0; i < SECRETS; i++) {
		const struct secret_answer *answer = &change->secrets[i];

		if (answer->row)
			fprintf(out,
			        "  secret %s %s %s needs=%d records=%d "
			        "held=%d\n",
			        secret_names[i], answer->row,
			        secret_action_names[answer->action],
			        answer->needs_value, answer->records,
			        answer->held);
	}
	for (size_t i = 0; i < FIELDS; i++) {
		if (!change->sent[i])
			continue;
		fprintf(out, "  send %s=", field_names[i]);
		cell_write(&change->sends[i], out);
		fputc('\n', out);
	}
}

struct guard_sums {
	size_t removals, creates;
	long long connections;
	bool deletes_first, unknown;
};

static struct guard_sums sum_up(const struct model *model)
{
	struct guard_sums sums = { .removals = 0 };

	for (size_t i = 0; i < model->change_count; i++) {
		const struct model_change *change = &model->changes[i];
		const bool deleted = change->kind == CHANGE_DELETE;
		const bool cut = change->deletes_first ||
		                 (deleted && can(model->world, HAS_CASCADE));

		sums.removals += deleted || change->replaces;
		sums.creates += change->kind == CHANGE_CREATE;
		sums.deletes_first =
			sums.deletes_first || change->deletes_first;
		if (cut && change->live->connections < 0)
			sums.unknown = true;
		else if (cut)
			sums.connections += change->live->connections;
	}
	return sums;
}

/* True when it stops the apply. */
static bool guard(struct model *model, const char *name, size_t count,
                  int64_t given, FILE *out)
{
	const bool lifted = given >= 0 && (size_t)given == count;
	char row[32];

	fprintf(out, "guard %s %zu lifted=%d\n", name, count, lifted);
	(void)snprintf(row, sizeof(row), "G-%s", name);
	hit(model->hits, row);
	return !lifted;
}

static bool is_blind(const struct world *world)
{
	return world->mode == LEDGER_MODE_STATELESS;
}

static bool guard_removals(struct model *model, const struct guard_sums *sums,
                           FILE *out)
{
	const struct policy *policy = &model->world->policy;
	const int64_t given = model->world->permissions.allow_deletes;
	const size_t base = model->world->applied_count;
	bool stops = false;

	if (sums->removals > policy->max_deletes || sums->deletes_first)
		stops |= guard(model, "maxDeletes", sums->removals, given, out);
	if (base >= 10 &&
	    sums->removals * 100 > policy->max_delete_percent * base)
		stops |= guard(model, "maxDeletePercent", sums->removals, given,
		               out);
	return stops;
}

static bool dump_guards(struct model *model, FILE *out)
{
	const struct world *world = model->world;
	const struct permissions *given = &world->permissions;
	const struct guard_sums sums = sum_up(model);
	const size_t base = world->applied_count;
	bool stops = guard_removals(model, &sums, out);

	if (model->change_count > world->policy.max_changes)
		stops |= guard(model, "maxChanges", model->change_count,
		               given->allow_changes, out);
	if (model->missing > world->policy.max_missing ||
	    (base >= 2 && model->missing == base))
		stops |= guard(model, "maxMissing", model->missing,
		               given->allow_missing, out);
	if (is_blind(world) && !world->live_count && sums.creates > 1)
		stops |= guard(model, "emptyPlatform", sums.creates,
		               given->allow_missing, out);
	if (sums.connections > 0 || sums.unknown)
		stops |= guard(model, "connections", (size_t)sums.connections,
		               given->break_connections, out);
	return stops;
}

static int compare_codes(const void *a, const void *b)
{
	const unsigned *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void dump_counts(struct model *model, FILE *out)
{
	bool blocked = model->stopped;
	size_t opaque = 0;
	int danger = 0;

	for (size_t i = 0; i < model->world->live_count; i++)
		opaque += model->world->live[i].opaque;
	for (size_t i = 0; i < model->change_count; i++) {
		blocked = blocked || model->changes[i].blocked;
		if (model->changes[i].danger > danger)
			danger = model->changes[i].danger;
	}
	fprintf(out, "unchanged=%zu drifted=%zu opaque=%zu missing=%zu",
	        model->unchanged, model->drifted, opaque, model->missing);
	fprintf(out, " unmanaged=%zu blocked=%d danger=%d secrets=",
	        model->unmanaged, blocked, danger);
	for (size_t i = 0; i < SECRET_ACTIONS; i++)
		fprintf(out, "%zu,", model->secrets[i]);
	fputc('\n', out);
}

static void dump_all(struct model *model, FILE *out)
{
	for (size_t i = 0; i < model->change_count; i++)
		dump_change(&model->changes[i], out);
	for (size_t i = 0; i < model->note_count; i++)
		dump_change(&model->notes[i], out);
	for (size_t i = 0; i < model->bystander_count; i++)
		fprintf(out, "%s %s %s %s opaque=%d\n",
		        model->bystanders[i].title, model->bystanders[i].key,
		        model->bystanders[i].id, model->bystanders[i].row,
		        model->bystanders[i].opaque);
	for (size_t i = 0; i < model->finding_count; i++)
		fprintf(out, "finding %s %s %s %d\n",
		        model->findings[i].address, model->findings[i].field,
		        model->findings[i].row,
		        (int)model->findings[i].severity);
	model->stopped = dump_guards(model, out);
	dump_counts(model, out);
}

char *model_dump(struct model *model)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	qsort(model->errors, model->error_count, sizeof(model->errors[0]),
	      compare_codes);
	for (size_t i = 0; i < model->error_count; i++)
		fprintf(out, "error %u\n", model->errors[i]);
	if (!model->error_count)
		dump_all(model, out);
	(void)fclose(out);
	return text;
}
