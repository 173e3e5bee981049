/* SPDX-License-Identifier: MIT */
/* What a field weighs when it is written, and what is said where it is not. */
#include "plan/parts.h"

#include "base/text.h"

#include <string.h>

struct field_weight {
	const char *name;  /* or the start of it, before a dot */
	const char *value; /* only when it becomes this; NULL: any */
	enum risk_kind risk;
	bool told;               /* its words are a reason of the change */
	enum severity rewritten; /* of row F4 */
};

static const struct field_weight weights[] = {
	{ "client.id", NULL, RISK_CLIENT_ID, true, SEVERITY_ERROR },
	{ "connector", NULL, RISK_CONNECTOR, false, SEVERITY_INFO },
	{ "enabled", "false", RISK_DISABLED, true, SEVERITY_ERROR },
	{ "enabled", NULL, RISK_KINDS, false, SEVERITY_ERROR },
	{ "extra", NULL, RISK_EXTRA, false, SEVERITY_INFO },
	{ "name", NULL, RISK_KINDS, false, SEVERITY_INFO },
	{ "ownership", NULL, RISK_OWNERSHIP, false, SEVERITY_INFO },
	{ "redirectUri", NULL, RISK_REDIRECT, true, SEVERITY_ERROR },
	{ "scopeSets", NULL, RISK_SCOPES_ADDED, true, SEVERITY_ERROR },
	{ "scopes", NULL, RISK_SCOPES_ADDED, true, SEVERITY_ERROR },
	{ "type", NULL, RISK_TYPE, false, SEVERITY_INFO },
};

static bool is_named(const char *name, const char *start)
{
	const size_t length = strlen(start);

	return strncmp(name, start, length) == 0 &&
	       (name[length] == '\0' || name[length] == '.');
}

static const struct field_weight *weight_of(const struct field_change *field)
{
	static const struct field_weight other = { .risk = RISK_KINDS,
		                                   .rewritten = SEVERITY_INFO };

	for (size_t i = 0; i < LENGTH(weights); i++) {
		if (is_named(field->name, weights[i].name) &&
		    (!weights[i].value ||
		     str_equal(weights[i].value, field->declared.bytes)))
			return &weights[i];
	}
	return &other;
}

/* `with` has something that `without` has not. */
static bool has_more(const struct value *with, const struct value *without)
{
	const char *item = NULL;

	if (with->kind != VALUE_SET || without->kind != VALUE_SET)
		return !value_equal(with, without);
	while ((item = value_next(with, item))) {
		if (!value_contains(without, item))
			return true;
	}
	return false;
}

bool field_gains(const struct field_change *field)
{
	return has_more(&field->declared, &field->live);
}

bool field_loses(const struct field_change *field)
{
	return has_more(&field->live, &field->declared);
}

enum risk_kind field_risk(const struct field_change *field)
{
	return weight_of(field)->risk;
}

/* A set that only loses items asks nobody for anything new. */
enum danger field_danger(const struct field_change *field, const char **words)
{
	const struct field_weight *weight = weight_of(field);
	enum danger danger = DANGER_NONE;

	*words = NULL;
	if (!field->row->write || field->held)
		return DANGER_NONE;
	if (weight->risk != RISK_KINDS)
		danger = risk_rows[weight->risk].weight;
	if (weight->told && field_gains(field))
		*words = risk_rows[weight->risk].words;
	return field->row->danger > danger ? field->row->danger : danger;
}

/* Rows that say something of an object that otherwise may not change. */
struct field_saying {
	const char *row;
	bool held;     /* only where --no-drift-fix holds it back */
	bool weighted; /* as grave as the field is */
	enum severity severity;
	const char *before, *between, *after; /* declared and live */
};

static const struct field_saying sayings[] = {
	{ "F4", false, true, SEVERITY_ERROR, "sent ", ", and the platform has ",
	  ": it rewrites or ignores the value; declare what it keeps" },
	{ "F16b", false, false, SEVERITY_ERROR, "declared as ",
	  ", and the platform gives ", ", which cannot be set; declare that" },
	{ "F5", true, false, SEVERITY_INFO, "declared as ",
	  ", changed outside to ", " and left alone: --no-drift-fix" },
	{ "F9", true, false, SEVERITY_INFO, "declared as ",
	  ", changed outside as well, to ",
	  ", and left alone: --no-drift-fix" },
	{ "F12", true, false, SEVERITY_INFO, "declared as ", ", live is ",
	  ", and left alone: --no-drift-fix" },
};

static void say(struct planner *planner, const struct subject *subject,
                const struct field_change *field,
                const struct field_saying *saying)
{
	CLEANUP(textp) char *declared = value_show(&field->declared);
	CLEANUP(textp) char *live = value_show(&field->live);
	CLEANUP(textp)
	char *text = xasprintf("%s`%s`%s`%s`%s", saying->before, declared,
	                       saying->between, live, saying->after);
	const struct plan_finding finding = {
		.field = field->name,
		.row = field->row->row,
		.severity = saying->weighted ? weight_of(field)->rewritten
		                             : saying->severity,
		.text = text,
		.place = field->place,
	};

	plan_find(planner, subject->desired->key, &finding);
}

void fields_find(struct planner *planner, const struct subject *subject)
{
	const struct comparison *comparison = &planner->comparison;

	if (!(comparison->flags & COMPARISON_SPEAKS))
		return;
	for (size_t i = 0; i < comparison->field_count; i++) {
		const struct field_change *field = &comparison->fields[i];

		for (size_t j = 0; j < LENGTH(sayings); j++) {
			if (str_equal(sayings[j].row, field->row->row) &&
			    sayings[j].held == field->held)
				say(planner, subject, field, &sayings[j]);
		}
	}
}
