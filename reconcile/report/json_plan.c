/* SPDX-License-Identifier: MIT */
/* A plan as JSON. */
#include "report/json.h"
#include "report/risks.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

const char *const json_ledger_mode_names[] = {
	[LEDGER_MODE_KEPT] = "kept",
	[LEDGER_MODE_NEVER_MADE] = "never-made",
	[LEDGER_MODE_STATELESS] = "none",
	[LEDGER_MODE_UNTRUSTED] = "untrusted",
};

static json_t *changes_json(const struct change *changes, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(array, json_change(&changes[i]));
	return array;
}

static json_t *bystanders_json(const struct bystander *items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *object = json_object();

		json_put(object, "key", json_text(items[i].key));
		json_put(object, "id", json_text(items[i].id));
		json_put(object, "connector", json_text(items[i].connector));
		json_put(object, "name", json_text(items[i].name));
		json_put(object, "row", json_text(items[i].row));
		json_put(object, "opaque", json_boolean(items[i].opaque));
		(void)json_array_append_new(array, object);
	}
	return array;
}

/* ---- risks: the table of dangers, where the plan meets it ---- */

static json_t *risk_json(const struct risk *risk)
{
	const struct risk_row *row = &risk_rows[risk->kind];
	json_t *object = json_object();

	json_put(object, "id", json_text(row->id));
	json_put(object, "danger", json_text(danger_words[row->weight]));
	json_put(object, "words", json_text(row->words));
	json_put(object, "address", json_text(risk->address));
	json_put(object, "field", json_text(risk->field));
	if (risk->text)
		json_put(object, "message", json_text(risk->text));
	json_put(object, "count", json_integer((json_int_t)risk->count));
	json_put(object, "source", json_place(&risk->place));
	return object;
}

static json_t *risks_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->risk_count; i++)
		(void)json_array_append_new(array, risk_json(&plan->risks[i]));
	return array;
}

/* ---- drift: what somebody else moved, apart from the changes ---- */

struct drift {
	const char *address, *name, *row;
	const struct field_change *field; /* NULL: its values are not known */
	bool held;
};

struct drifts {
	struct drift *items;
	size_t count, capacity;
};

/* Rows of the tables F and S in which what is live was moved. */
static void add_drift(struct drifts *drifts, const struct drift *drift)
{
	static const char *const rows[] = { "F5",   "F9",  "S12",
		                            "S12r", "S13", "S13r" };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (!str_equal(rows[i], drift->row))
			continue;
		drifts->items = xgrow(drifts->items, drifts->count,
		                      &drifts->capacity, sizeof(*drift));
		drifts->items[drifts->count++] = *drift;
	}
}

static void find_in_change(struct drifts *drifts, const struct change *change)
{
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		add_drift(drifts, &(struct drift){ .address = change->address,
		                                   .name = field->name,
		                                   .row = field->row->row,
		                                   .field = field,
		                                   .held = field->held });
	}
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		add_drift(drifts, &(struct drift){ .address = change->address,
		                                   .name = secret->name,
		                                   .row = secret->row,
		                                   .held = secret->held });
	}
}

static int compare_drifts(const void *a, const void *b)
{
	const struct drift *left = a, *right = b;
	int order = strcmp(left->address, right->address);

	if (!order)
		order = strcmp(left->name, right->name);
	/* The one with values first: it stands for both. */
	return order ? order : !left->field - !right->field;
}

/* What is held back in an object that does not change is only a finding. */
static void find_drifts(const struct plan *plan, struct drifts *drifts)
{
	for (size_t i = 0; i < plan->change_count; i++)
		find_in_change(drifts, &plan->changes[i]);
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct plan_finding *finding = &plan->findings[i];

		add_drift(drifts, &(struct drift){ .address = finding->address,
		                                   .name = finding->field,
		                                   .row = finding->row,
		                                   .held = true });
	}
	if (drifts->count)
		qsort(drifts->items, drifts->count, sizeof(*drifts->items),
		      compare_drifts);
}

static bool is_same(const struct drift *left, const struct drift *right)
{
	return str_equal(left->address, right->address) &&
	       str_equal(left->name, right->name);
}

static json_t *one_drift(const struct drift *drift)
{
	json_t *object = json_object();

	json_put(object, "address", json_text(drift->address));
	json_put(object, "field", json_text(drift->name));
	json_put(object, "row", json_text(drift->row));
	json_put(object, "held", json_boolean(drift->held));
	if (drift->field) {
		json_put(object, "seen", json_value(&drift->field->seen));
		json_put(object, "live", json_value(&drift->field->live));
	}
	return object;
}

static json_t *drift_json(const struct plan *plan)
{
	struct drifts drifts = { .count = 0 };
	json_t *array = json_array();

	find_drifts(plan, &drifts);
	for (size_t i = 0; i < drifts.count; i++) {
		const struct drift *drift = &drifts.items[i];

		if (i && is_same(drift - 1, drift))
			continue;
		(void)json_array_append_new(array, one_drift(drift));
	}
	free(drifts.items);
	return array;
}

/* ---- the rest ---- */

static json_t *findings_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct plan_finding *finding = &plan->findings[i];
		json_t *object = json_object();

		json_put(object, "address", json_text(finding->address));
		json_put(object, "field", json_text(finding->field));
		json_put(object, "row", json_text(finding->row));
		json_put(object, "severity",
		         json_text(json_severity_names[finding->severity]));
		json_put(object, "message", json_text(finding->text));
		json_put(object, "source", json_place(&finding->place));
		(void)json_array_append_new(array, object);
	}
	return array;
}

static json_t *guards_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->guard_count; i++) {
		const struct guard *guard = &plan->guards[i];
		json_t *object = json_object();

		json_put(object, "name", json_text(guard->name));
		json_put(object, "count",
		         json_integer((json_int_t)guard->count));
		json_put(object, "limit",
		         json_integer((json_int_t)guard->limit));
		json_put(object, "message", json_text(guard->text));
		json_put(object, "lifted", json_boolean(guard->lifted));
		(void)json_array_append_new(array, object);
	}
	return array;
}

static void put_count(json_t *object, const char *name, size_t count)
{
	json_put(object, name, json_integer((json_int_t)count));
}

static json_t *counts_json(const struct plan_counts *counts)
{
	json_t *object = json_object();
	json_t *secrets = json_object();

	for (size_t kind = 0; kind < CHANGE_NOTE; kind++)
		put_count(object, change_kind_names[kind], counts->kinds[kind]);
	for (size_t action = 0; action < SECRET_ACTIONS; action++)
		put_count(secrets, secret_action_names[action],
		          counts->secrets[action]);
	json_put(object, "secrets", secrets);
	put_count(object, "unchanged", counts->unchanged);
	put_count(object, "drifted", counts->drifted);
	put_count(object, "orphaned", counts->orphaned);
	put_count(object, "unmanaged", counts->unmanaged);
	put_count(object, "retired", counts->retired);
	put_count(object, "opaque", counts->opaque);
	put_count(object, "missing", counts->missing);
	return object;
}

static json_t *left_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->left_count; i++)
		(void)json_array_append_new(array, json_text(plan->left[i]));
	return array;
}

json_t *json_plan(const struct plan *plan)
{
	json_t *object = json_object();

	json_put(object, "risks", risks_json(plan));
	json_put(object, "environment", json_text(plan->environment));
	json_put(object, "platform", json_text(plan->platform));
	if (plan->binding_note)
		json_put(object, "binding_note", json_text(plan->binding_note));
	json_put(object, "origin", json_text(plan->origin));
	json_put(object, "binding_hash", json_text(plan->binding_hash));
	json_put(object, "revision", json_text(plan->revision));
	json_put(object, "ledger",
	         json_text(json_ledger_mode_names[plan->ledger_mode]));
	json_put(object, "digest", json_text(plan->digest));
	json_put(object, "danger", json_text(danger_words[plan->danger]));
	json_put(object, "blocked", json_boolean(plan->blocked));
	json_put(object, "counts", counts_json(&plan->counts));
	json_put(object, "guards", guards_json(plan));
	json_put(object, "findings", findings_json(plan));
	json_put(object, "changes",
	         changes_json(plan->changes, plan->change_count));
	json_put(object, "notes", changes_json(plan->notes, plan->note_count));
	json_put(object, "left", left_json(plan));
	json_put(object, "drift", drift_json(plan));
	json_put(object, "orphans",
	         bystanders_json(plan->orphans, plan->orphan_count));
	json_put(object, "unmanaged",
	         bystanders_json(plan->unmanaged, plan->unmanaged_count));
	json_put(object, "retired",
	         bystanders_json(plan->retired, plan->retired_count));
	return object;
}
