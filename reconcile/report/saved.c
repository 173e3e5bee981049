/* SPDX-License-Identifier: MIT */
/*
 * A saved plan, read back: the JSON format's document as the plan it was. Its
 * values are for looking at and for comparing; nothing of it is ever sent.
 */
#include "report/saved.h"

#include "report/json.h"
#include "report/report.h"

#include "base/text.h"
#include "schema/codes.h"
#include "shape/shape.h"
#include "state/state.h"

#include <stdlib.h>
#include <string.h>

struct saved_plan {
	struct plan *plan;
	struct documents *documents; /* texts live here */
	struct state *live;          /* connectors and names of what goes */
};

static struct change *read_changes(const struct reading *reading,
                                   const struct node *plan, const char *name,
                                   size_t *count)
{
	const struct node *list = node_get(plan, name);
	struct change *changes = xcalloc(list->count + 1, sizeof(*changes));

	*count = list->count;
	for (size_t i = 0; i < list->count; i++)
		saved_change(reading, node_item(list, i), &changes[i]);
	return changes;
}

static struct bystander *read_bystanders(const struct node *plan,
                                         const char *name, size_t *count)
{
	const struct node *list = node_get(plan, name);
	struct bystander *items = xcalloc(list->count + 1, sizeof(*items));

	*count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		const struct node *node = node_item(list, i);

		items[i] = (struct bystander){
			.key = saved_text(node, "key"),
			.id = saved_text(node, "id"),
			.connector = saved_text(node, "connector"),
			.name = saved_text(node, "name"),
			.row = saved_text(node, "row"),
			.opaque = saved_flag(node, "opaque"),
		};
	}
	return items;
}

static void read_findings(const struct reading *reading,
                          const struct node *node, struct plan *plan)
{
	const struct node *list = node_get(node, "findings");

	plan->finding_count = list->count;
	plan->findings = xcalloc(list->count + 1, sizeof(*plan->findings));
	for (size_t i = 0; i < list->count; i++) {
		const struct node *finding = node_item(list, i);

		plan->findings[i] = (struct plan_finding){
			.address = saved_text(finding, "address"),
			.field = saved_text(finding, "field"),
			.row = saved_text(finding, "row"),
			.severity = saved_word(finding, "severity",
			                       json_severity_names,
			                       SEVERITY_INFO + 1),
			.text = saved_copy(reading,
			                   saved_text(finding, "message")),
			.place = saved_place(finding),
		};
	}
}

static void read_guards(const struct reading *reading, const struct node *node,
                        struct plan *plan)
{
	const struct node *list = node_get(node, "guards");

	plan->guard_count = list->count;
	plan->guards = arena_alloc(reading->arena,
	                           (list->count + 1) * sizeof(*plan->guards));
	for (size_t i = 0; i < list->count; i++) {
		const struct node *guard = node_item(list, i);

		plan->guards[i] = (struct guard){
			.name = saved_text(guard, "name"),
			.count = saved_count(guard, "count"),
			.limit = saved_count(guard, "limit"),
			.text = saved_copy(reading,
			                   saved_text(guard, "message")),
			.lifted = saved_flag(guard, "lifted"),
		};
	}
}

/* Risks of changes are found again in them: one that was taken out of the file
 * is shown all the same. Those of the policy stand nowhere else. */
static void read_weakenings(const struct reading *reading,
                            const struct node *node, struct plan *plan)
{
	const struct node *list = node_get(node, "risks");
	const size_t count = list ? list->count : 0;

	plan->weakenings = arena_alloc(reading->arena,
	                               (count + 1) * sizeof(*plan->weakenings));
	for (size_t i = 0; i < count; i++) {
		const struct node *risk = node_item(list, i);
		const char *text = saved_text(risk, "message");

		if (text)
			plan->weakenings[plan->weakening_count++] =
				(struct plan_weakening){
					.text = text,
					.place = saved_place(risk),
					.from_base = str_equal(
						saved_text(risk, "id"),
						risk_rows[RISK_BASE].id),
				};
	}
}

static void read_left(const struct reading *reading, const struct node *node,
                      struct plan *plan)
{
	const struct node *list = node_get(node, "left");

	plan->left_count = list ? list->count : 0;
	plan->left = arena_alloc(reading->arena,
	                         (plan->left_count + 1) * sizeof(char *));
	for (size_t i = 0; i < plan->left_count; i++)
		plan->left[i] = node_text(node_item(list, i));
}

static void read_counts(const struct node *node, struct plan_counts *counts)
{
	const struct node *secrets = node_get(node, "secrets");
	const struct {
		const char *name;
		size_t *count;
	} rows[] = {
		{ "unchanged", &counts->unchanged },
		{ "drifted", &counts->drifted },
		{ "orphaned", &counts->orphaned },
		{ "unmanaged", &counts->unmanaged },
		{ "retired", &counts->retired },
		{ "opaque", &counts->opaque },
		{ "missing", &counts->missing },
	};

	for (size_t kind = 0; kind < CHANGE_NOTE; kind++)
		counts->kinds[kind] =
			saved_count(node, change_kind_names[kind]);
	for (size_t action = 0; action < SECRET_ACTIONS; action++)
		counts->secrets[action] =
			saved_count(secrets, secret_action_names[action]);
	for (size_t i = 0; i < LENGTH(rows); i++)
		*rows[i].count = saved_count(node, rows[i].name);
}

static void read_lists(const struct reading *reading, const struct node *node,
                       struct plan *plan)
{
	plan->changes =
		read_changes(reading, node, "changes", &plan->change_count);
	plan->notes = read_changes(reading, node, "notes", &plan->note_count);
	plan->orphans = read_bystanders(node, "orphans", &plan->orphan_count);
	plan->unmanaged =
		read_bystanders(node, "unmanaged", &plan->unmanaged_count);
	plan->retired = read_bystanders(node, "retired", &plan->retired_count);
	read_findings(reading, node, plan);
	read_weakenings(reading, node, plan);
	read_guards(reading, node, plan);
	read_left(reading, node, plan);
	read_counts(node_get(node, "counts"), &plan->counts);
}

/* Two changes may name one object that goes: the state keeps one of them. */
static void find_live(const struct state *live, struct change *changes,
                      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (changes[i].kind == CHANGE_DELETE && changes[i].id)
			changes[i].live = state_find(live, changes[i].id);
	}
}

static void read_plan(struct saved_plan *saved, const struct node *node)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	const char *digest = saved_text(node, "digest");
	const char *twin = NULL;
	struct reading reading;

	saved->plan = plan;
	saved->live = state_new(STATE_BY_ID);
	plan->arena = arena_new();
	reading = (struct reading){ plan->arena, saved->live };
	plan->environment = saved_text(node, "environment");
	plan->origin = saved_text(node, "origin");
	plan->platform = saved_text(node, "platform");
	plan->binding_hash = saved_text(node, "binding_hash");
	plan->binding_note = saved_text(node, "binding_note");
	plan->revision = saved_text(node, "revision");
	plan->ledger_mode = saved_word(node, "ledger", json_ledger_mode_names,
	                               LEDGER_MODE_UNTRUSTED + 1);
	plan->danger = saved_danger(node);
	plan->blocked = saved_flag(node, "blocked");
	(void)snprintf(plan->digest, sizeof(plan->digest), "%s", digest);
	read_lists(&reading, node, plan);
	if (state_finish(saved->live, &twin) == 0)
		find_live(saved->live, plan->changes, plan->change_count);
	plan_weigh(plan);
}

static int refuse(const char *display, const char *why, struct diag *diag)
{
	return diag_error(diag, CODE_NOT_A_PLAN,
	                  (struct place){ display, 0, 0 },
	                  "`%s` %s; give a file that `trueup plan --out FILE` "
	                  "has written",
	                  display, why);
}

static int check_document(const char *display, const struct saved_plan *saved,
                          const struct node *root, struct diag *diag)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("plan.schema.json");

	if (shape_check(shape, saved->documents, root, diag) < 0)
		return refuse(display, "is not of the plan's form", diag);
	if (!node_get(root, "plan"))
		return refuse(display, "holds no plan", diag);
	return 0;
}

struct saved_plan *saved_plan_read(const char *display, const char *bytes,
                                   size_t length, struct diag *diag)
{
	CLEANUP(saved_plan_freep)
	struct saved_plan *saved = xcalloc(1, sizeof(*saved));
	const struct node *root;

	saved->documents = documents_new();
	root = document_parse_json(saved->documents, display, bytes, length,
	                           diag);
	if (!root || check_document(display, saved, root, diag) < 0)
		return NULL;
	read_plan(saved, node_get(root, "plan"));
	return TAKE(saved);
}

const struct plan *saved_plan(const struct saved_plan *saved)
{
	return saved->plan;
}

void saved_plan_free(struct saved_plan *saved)
{
	if (!saved)
		return;
	plan_free(saved->plan);
	state_free(saved->live);
	documents_free(saved->documents);
	free(saved);
}
