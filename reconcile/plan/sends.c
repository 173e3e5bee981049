/* SPDX-License-Identifier: MIT */
/*
 * What a request carries: a create, everything declared; an update, what is
 * written and its group, or the whole object where an update replaces it.
 * There, what is not declared goes back as it was read.
 */
#include "plan/parts.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

bool comparison_requests(const struct comparison *comparison)
{
	return comparison->flags & (COMPARISON_WRITES | COMPARISON_SENDS);
}

static void add_send(struct comparison *comparison, const char *name,
                     struct value value)
{
	comparison->sends =
		xgrow(comparison->sends, comparison->send_count,
	              &comparison->send_capacity, sizeof(*comparison->sends));
	comparison->sends[comparison->send_count++] =
		(struct field_send){ name, value };
}

static bool is_settable(const struct planner *planner, const char *name)
{
	const struct field_trait *trait =
		traits_field(planner->input->traits, name);

	return trait && trait->mode == MODE_SETTABLE;
}

void sends_create(struct planner *planner)
{
	struct comparison *comparison = &planner->comparison;

	for (size_t i = 0; i < comparison->field_count; i++) {
		const struct field_change *field = &comparison->fields[i];

		if (field->writes)
			add_send(comparison, field->name, field->declared);
	}
}

static void report_unreadable(struct planner *planner,
                              const struct subject *subject, const char *name)
{
	planner->result = diag_error(
		planner->diag, CODE_UNREADABLE_ECHO,
		subject_place(planner, subject),
		"`%s`: the update must carry `%s` of `%s`, which cannot be "
		"read; declare it",
		subject->desired->key, name, subject->live->id);
}

/* As it is live: not declared, or left alone. */
static void add_echo(struct planner *planner, const struct subject *subject,
                     const struct field_change *field)
{
	if (field->live.kind == VALUE_UNREADABLE)
		report_unreadable(planner, subject, field->name);
	else if (field->live.kind != VALUE_ABSENT)
		add_send(&planner->comparison, field->name, field->live);
}

static bool is_grouped(const struct planner *planner, const char *name)
{
	const struct field_trait *trait =
		traits_field(planner->input->traits, name);

	return trait && trait->group &&
	       (planner->comparison.groups &
	        (UINT64_C(1) << (trait->group & 63U)));
}

void sends_update(struct planner *planner, const struct subject *subject)
{
	struct comparison *comparison = &planner->comparison;
	const bool whole = planner->input->traits->semantics == UPDATE_REPLACE;

	for (size_t i = 0; i < comparison->field_count; i++) {
		struct field_change *field = &comparison->fields[i];
		const bool grouped = is_grouped(planner, field->name);

		if (!is_settable(planner, field->name) ||
		    (!whole && !grouped && !field->writes))
			continue;
		if (field->declared.kind == VALUE_ABSENT || field->held) {
			add_echo(planner, subject, field);
			continue;
		}
		field->writes = field->writes || grouped;
		add_send(comparison, field->name, field->declared);
	}
}
