/* SPDX-License-Identifier: MIT */
/* The table of dangers, and where a plan meets its rows. */
#include "plan/parts.h"

#include "base/text.h"

#include <stdlib.h>

/* clang-format off */
const struct risk_row risk_rows[RISK_KINDS] = {
	[RISK_BASE] = { "base", DANGER_DESTRUCTIVE,
		"changed of what guards every run, or of where it goes" },
	[RISK_DELETE] = { "delete", DANGER_DESTRUCTIVE,
		"deleted" },
	[RISK_REPLACE] = { "replace", DANGER_DESTRUCTIVE,
		"replaced by a new object with a new id" },
	[RISK_RECREATE] = { "recreate", DANGER_DESTRUCTIVE,
		"made again: what points to the old id breaks" },
	[RISK_CONNECTIONS] = { "connections", DANGER_DESTRUCTIVE,
		"connections break" },
	[RISK_CONNECTIONS_UNKNOWN] = { "connections-unknown",
		DANGER_DESTRUCTIVE, "cut off an unknown number of connections" },
	[RISK_OWNERSHIP] = { "ownership", DANGER_DESTRUCTIVE,
		"switched between managed and own: users are cut off" },
	[RISK_CLIENT_ID] = { "client-id", DANGER_DESTRUCTIVE,
		"client id changed: connected users must connect again" },
	[RISK_CONNECTOR] = { "connector", DANGER_DESTRUCTIVE,
		"connector changed" },
	[RISK_DISABLED] = { "disabled", DANGER_DESTRUCTIVE,
		"disabled: connected users are cut off" },
	[RISK_SECRET_CLEARED] = { "secret-cleared", DANGER_DESTRUCTIVE,
		"secret to be cleared" },
	[RISK_POLICY] = { "policy", DANGER_REVIEW,
		"policy weakened: a limit or rule asks for less" },
	[RISK_REDIRECT] = { "redirect", DANGER_REVIEW,
		"redirect URI changed: the provider must know it too" },
	[RISK_SCOPES_ADDED] = { "scopes-added", DANGER_REVIEW,
		"scopes added: users must re-consent" },
	[RISK_SCOPES_REMOVED] = { "scopes-removed", DANGER_REVIEW,
		"scopes removed: what needs them will fail" },
	[RISK_SECRET_SOURCE] = { "secret-source", DANGER_REVIEW,
		"secret from another source" },
	[RISK_SECRET_SENT] = { "secret", DANGER_REVIEW,
		"secret to be sent" },
	[RISK_REBOUND] = { "rebound", DANGER_REVIEW,
		"bound to another object" },
	[RISK_REKEYED] = { "rekeyed", DANGER_REVIEW,
		"key at the platform changed: applications must name the "
		"new one" },
	[RISK_CONFLICT] = { "conflict", DANGER_REVIEW,
		"changed here and outside: what is live is overwritten" },
	[RISK_TAKEOVER] = { "takeover", DANGER_REVIEW,
		"never applied from here: what is live is overwritten" },
	[RISK_TYPE] = { "type", DANGER_REVIEW,
		"type of authentication changed" },
	[RISK_EXTRA] = { "extra", DANGER_REVIEW,
		"setting of the platform changed" },
};
/* clang-format on */

struct weighing {
	struct plan *plan;
	size_t capacity;
	const struct change *change;
};

static void add(struct weighing *weighing, enum risk_kind kind,
                const char *field, struct place place)
{
	struct plan *plan = weighing->plan;

	plan->risks = xgrow(plan->risks, plan->risk_count, &weighing->capacity,
	                    sizeof(*plan->risks));
	plan->risks[plan->risk_count++] = (struct risk){
		.kind = kind,
		.address = weighing->change->address,
		.field = field,
		.count = 1,
		.place = place,
	};
}

static void weigh_connections(struct weighing *weighing)
{
	const struct change *change = weighing->change;
	struct plan *plan = weighing->plan;

	if (change->connections == 0)
		return;
	add(weighing,
	    change->connections < 0 ? RISK_CONNECTIONS_UNKNOWN
	                            : RISK_CONNECTIONS,
	    NULL, change->place);
	if (change->connections > 0)
		plan->risks[plan->risk_count - 1].count =
			(uint64_t)change->connections;
}

/* Scopes may come and go in one field; everything else is one thing. */
static void weigh_field(struct weighing *weighing,
                        const struct field_change *field)
{
	const enum risk_kind kind = field_risk(field);

	if (!field->writes || !field->row->write || field->held)
		return;
	if (kind == RISK_SCOPES_ADDED && field_loses(field))
		add(weighing, RISK_SCOPES_REMOVED, field->name, field->place);
	if (kind == RISK_OWNERSHIP && weighing->change->kind != CHANGE_REPLACE)
		weigh_connections(weighing);
	if (kind != RISK_KINDS && field_gains(field))
		add(weighing, kind, field->name, field->place);
	if (str_equal(field->row->row, "F9"))
		add(weighing, RISK_CONFLICT, field->name, field->place);
	if (str_equal(field->row->row, "F12"))
		add(weighing, RISK_TAKEOVER, field->name, field->place);
}

static void weigh_secret(struct weighing *weighing,
                         const struct secret_change *secret)
{
	enum risk_kind kind = RISK_SECRET_SENT;

	if (!secret_is_written(secret))
		return;
	if (secret->action == SECRET_CLEAR)
		kind = RISK_SECRET_CLEARED;
	else if (str_equal(secret->row, "S8a"))
		kind = RISK_SECRET_SOURCE;
	add(weighing, kind, secret->name, secret->place);
}

static void weigh_kind(struct weighing *weighing)
{
	static const enum risk_kind kinds[CHANGE_KINDS] = {
		[CHANGE_DELETE] = RISK_DELETE,
		[CHANGE_REPLACE] = RISK_REPLACE,
		[CHANGE_RECREATE] = RISK_RECREATE,
		[CHANGE_CREATE] = RISK_KINDS,
		[CHANGE_RENAME] = RISK_KINDS,
		[CHANGE_UPDATE] = RISK_KINDS,
		[CHANGE_ROTATE] = RISK_KINDS,
		[CHANGE_ADOPT] = RISK_KINDS,
		[CHANGE_NOTE] = RISK_KINDS,
	};
	const struct change *change = weighing->change;

	if (kinds[change->kind] != RISK_KINDS)
		add(weighing, kinds[change->kind], NULL, change->place);
	if (change->kind == CHANGE_DELETE || change->kind == CHANGE_REPLACE)
		weigh_connections(weighing);
	if (str_equal(change->row, "O12"))
		add(weighing, RISK_REBOUND, NULL, change->place);
	if (change->rekeyed)
		add(weighing, RISK_REKEYED, NULL, change->place);
}

/* A new object endangers nobody, whatever it holds. */
static void weigh_change(struct weighing *weighing)
{
	const struct change *change = weighing->change;

	weigh_kind(weighing);
	if (change->kind == CHANGE_CREATE || change->kind == CHANGE_RECREATE)
		return;
	for (size_t i = 0; i < change->field_count; i++)
		weigh_field(weighing, &change->fields[i]);
	for (size_t i = 0; i < change->secret_count; i++)
		weigh_secret(weighing, &change->secrets[i]);
}

static int compare_risks(const void *a, const void *b)
{
	const struct risk *left = a, *right = b;
	int order = (left->kind > right->kind) - (left->kind < right->kind);

	if (!order)
		order = str_compare(left->address, right->address);
	if (!order)
		order = str_compare(left->field, right->field);
	return order ? order : str_compare(left->text, right->text);
}

void plan_weigh(struct plan *plan)
{
	static const struct change none = { .address = NULL };
	struct weighing weighing = { .plan = plan, .change = &none };

	free(plan->risks);
	plan->risks = NULL;
	plan->risk_count = 0;
	for (size_t i = 0; i < plan->weakening_count; i++) {
		const struct plan_weakening *weakening = &plan->weakenings[i];

		add(&weighing, weakening->from_base ? RISK_BASE : RISK_POLICY,
		    NULL, weakening->place);
		plan->risks[i].text = weakening->text;
	}
	for (size_t i = 0; i < plan->change_count; i++) {
		weighing.change = &plan->changes[i];
		weigh_change(&weighing);
	}
	if (plan->risk_count)
		qsort(plan->risks, plan->risk_count, sizeof(*plan->risks),
		      compare_risks);
}
