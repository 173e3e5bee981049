/* SPDX-License-Identifier: MIT */
/* Every declared entry, every row, every live object, one by one. Nothing is
 * allocated for one that stays as it is. */
#include "plan/parts.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

char *plan_text(struct plan *plan, const char *format, ...)
{
	CLEANUP(textp) char *text = NULL;
	va_list arguments;
	size_t size;
	char *copy;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	size = strlen(text) + 1;
	copy = arena_alloc(plan->arena, size);
	memcpy(copy, text, size);
	return copy;
}

struct place subject_place(const struct planner *planner,
                           const struct subject *subject)
{
	if (!subject->desired)
		return PLACE_NONE;
	return auth_config_place(planner->input->desired, subject->desired);
}

static const char *address_of(struct planner *planner, const char *key)
{
	const char *environment = planner->input->environment;
	const size_t before = strlen(environment), length = strlen(key);
	char *address = arena_alloc(planner->plan->arena, before + length + 2);

	memcpy(address, environment, before);
	address[before] = '/';
	memcpy(address + before + 1, key, length + 1);
	return address;
}

void plan_find(struct planner *planner, const char *key,
               const struct plan_finding *finding)
{
	struct plan *plan = planner->plan;
	struct plan_finding *copy;

	plan->findings =
		xgrow(plan->findings, plan->finding_count,
	              &planner->finding_capacity, sizeof(*plan->findings));
	copy = &plan->findings[plan->finding_count++];
	*copy = *finding;
	copy->address = address_of(planner, key);
	copy->text = plan_text(plan, "%s", finding->text);
}

bool permitted(const char *const *keys, size_t count, const char *key)
{
	return count && text_sorted_contains(keys, count, key);
}

bool keeps_ledger(const struct planner *planner)
{
	return planner->input->ledger_mode == LEDGER_MODE_KEPT ||
	       planner->input->ledger_mode == LEDGER_MODE_UNTRUSTED;
}

/* ---- into the plan ---- */

static void *copy_items(struct plan *plan, const void *items, size_t size)
{
	void *copy;

	if (!size)
		return NULL;
	copy = arena_alloc(plan->arena, size);
	memcpy(copy, items, size);
	return copy;
}

/* A row F1 is of interest only where the value goes back. */
static bool is_listed(const struct comparison *comparison,
                      const struct field_change *field)
{
	if (field->declared.kind != VALUE_ABSENT ||
	    str_equal(field->row->row, "F2"))
		return true;
	for (size_t i = 0; i < comparison->send_count; i++) {
		if (str_equal(comparison->sends[i].name, field->name))
			return true;
	}
	return false;
}

void copy_comparison(struct planner *planner, struct change *change)
{
	const struct comparison *comparison = &planner->comparison;
	struct plan *plan = planner->plan;
	struct field_change *fields = arena_alloc(
		plan->arena, comparison->field_count * sizeof(*fields));

	for (size_t i = 0; i < comparison->field_count; i++) {
		if (is_listed(comparison, &comparison->fields[i]))
			fields[change->field_count++] = comparison->fields[i];
	}
	change->fields = fields;
	change->secret_count = comparison->secret_count;
	change->secrets = copy_items(plan, comparison->secrets,
	                             comparison->secret_count *
	                                     sizeof(*comparison->secrets));
	change->send_count = comparison->send_count;
	change->sends =
		copy_items(plan, comparison->sends,
	                   comparison->send_count * sizeof(*comparison->sends));
}

static struct change *add_change(struct planner *planner, enum change_kind kind)
{
	struct plan *plan = planner->plan;

	if (kind == CHANGE_NOTE) {
		plan->notes =
			xgrow(plan->notes, plan->note_count,
		              &planner->note_capacity, sizeof(*plan->notes));
		return &plan->notes[plan->note_count++];
	}
	plan->changes =
		xgrow(plan->changes, plan->change_count,
	              &planner->change_capacity, sizeof(*plan->changes));
	return &plan->changes[plan->change_count++];
}

struct change *commit(struct planner *planner, const struct decision *decision,
                      enum change_kind kind)
{
	const struct subject *subject = &decision->subject;
	struct change *change = add_change(planner, kind);

	*change = (struct change){
		.kind = kind,
		.row = decision->row->row,
		.id = subject->live ? subject->live->id : NULL,
		.renamed_from = decision->renamed_from,
		.desired = subject->desired,
		.live = subject->live,
		.applied = subject->applied,
		.replace_way = replace_find(planner->input->traits)->way,
		.danger = decision->row->danger,
		.connections = subject->live ? subject->live->connections : -1,
		.place = subject_place(planner, subject),
	};
	change->key = subject->desired ? subject->desired->key
	                               : subject->applied->key;
	change->address = address_of(planner, change->key);
	return change;
}

/* ---- all of it ---- */

/* Row P5. */
static int check_desired(const struct plan_input *input, struct diag *diag)
{
	const struct permissions *permissions = input->permissions;

	if (state_length(input->desired) ||
	    (permissions->allow_empty &&
	     (permissions->prune || input->policy->prune)))
		return 0;
	return diag_error(diag, CODE_EMPTY_DESIRED, input->place,
	                  "`%s` declares no auth configs; give --allow-empty "
	                  "and --prune if all of them are to go",
	                  input->environment);
}

/* Row O22. */
static void check_claims(struct planner *planner)
{
	const struct matcher *matcher = &planner->matcher;
	const struct state *applied = planner->input->applied;

	for (size_t i = 1; i < matcher->claim_count; i++) {
		const struct claim *one = &matcher->claims[i - 1];
		const struct claim *two = &matcher->claims[i];

		if (one->retired || two->retired ||
		    !str_equal(one->id, two->id))
			continue;
		planner->result = diag_error(
			planner->diag, CODE_LEDGER_TWINS, planner->input->place,
			"the ledger binds `%s` and `%s` both to `%s`; run "
			"`trueup forget` for one of them",
			state_at(applied, one->row)->key,
			state_at(applied, two->row)->key, one->id);
	}
}

static int compare_changes(const void *a, const void *b)
{
	const struct change *left = a, *right = b;
	int order = strcmp(left->key, right->key);

	if (!order)
		order = (left->kind > right->kind) - (left->kind < right->kind);
	return order ? order : str_compare(left->id, right->id);
}

static int compare_bystanders(const void *a, const void *b)
{
	const struct bystander *left = a, *right = b;
	const int order = str_compare(left->key, right->key);

	return order ? order : str_compare(left->id, right->id);
}

static int compare_findings(const void *a, const void *b)
{
	const struct plan_finding *left = a, *right = b;
	int order = strcmp(left->address, right->address);

	if (!order)
		order = strcmp(left->field, right->field);
	return order ? order : strcmp(left->row, right->row);
}

/* Most come in order: the states are sorted. */
static void sort(void *items, size_t count, size_t size,
                 int (*compare_items)(const void *, const void *))
{
	const char *item = items;

	for (size_t i = 1; i < count; i++, item += size) {
		if (compare_items(item, item + size) > 0) {
			qsort(items, count, size, compare_items);
			return;
		}
	}
}

static void sort_plan(struct plan *plan)
{
	sort(plan->changes, plan->change_count, sizeof(*plan->changes),
	     compare_changes);
	sort(plan->notes, plan->note_count, sizeof(*plan->notes),
	     compare_changes);
	sort(plan->orphans, plan->orphan_count, sizeof(*plan->orphans),
	     compare_bystanders);
	sort(plan->retired, plan->retired_count, sizeof(*plan->retired),
	     compare_bystanders);
	sort(plan->unmanaged, plan->unmanaged_count, sizeof(*plan->unmanaged),
	     compare_bystanders);
	sort(plan->findings, plan->finding_count, sizeof(*plan->findings),
	     compare_findings);
}

static void decide(struct planner *planner)
{
	const struct state *desired = planner->input->desired;
	struct plan *plan = planner->plan;

	check_claims(planner);
	for (size_t i = 0; i < state_length(desired); i++)
		decide_entry(planner, state_at(desired, i));
	decide_rows(planner);
	decide_live(planner);
	plan->counts.orphaned = plan->orphan_count;
	plan->counts.retired = plan->retired_count;
	sort_plan(plan);
}

static struct plan *plan_new(const struct plan_input *input)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));

	plan->arena = arena_new();
	plan->environment = input->environment;
	plan->origin = input->origin;
	plan->binding_hash = input->binding_hash;
	plan->platform = input->platform;
	plan->binding_note = input->binding_note;
	plan->revision = input->revision;
	plan->ledger_mode = input->ledger_mode;
	return plan;
}

struct plan *plan_make(const struct plan_input *input, struct diag *diag)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	struct planner planner = { .input = input, .diag = diag };

	if (check_desired(input, diag) < 0)
		return NULL;
	plan = plan_new(input);
	planner.plan = plan;
	matcher_init(&planner.matcher, input);
	decide(&planner);
	matcher_release(&planner.matcher);
	free(planner.comparison.fields);
	free(planner.comparison.secrets);
	free(planner.comparison.sends);
	return planner.result < 0 ? NULL : TAKE(plan);
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->changes);
	free(plan->notes);
	free(plan->orphans);
	free(plan->unmanaged);
	free(plan->retired);
	free(plan->findings);
	free(plan->risks);
	arena_free(plan->arena);
	free(plan);
}

bool plan_is_empty(const struct plan *plan)
{
	return !plan->change_count;
}
