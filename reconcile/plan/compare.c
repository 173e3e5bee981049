/* SPDX-License-Identifier: MIT */
/* One object: its fields, its secrets, and what the two come to. */
#include "plan/parts.h"

static void reset(struct comparison *comparison)
{
	comparison->flags = 0;
	comparison->groups = 0;
	comparison->field_count = 0;
	comparison->secret_count = 0;
	comparison->send_count = 0;
}

/* The object is made anew after all: every declared field goes, rows S1. */
static void compare_as_new(struct planner *planner,
                           const struct subject *subject)
{
	struct comparison *comparison = &planner->comparison;
	const struct traits *traits = planner->input->traits;
	const struct subject made = {
		.desired = subject->desired,
		.flags = SUBJECT_NEW,
	};

	for (size_t i = 0; i < comparison->field_count; i++) {
		struct field_change *field = &comparison->fields[i];
		const struct field_trait *trait =
			traits_field(traits, field->name);

		field->held = false;
		field->writes = field->declared.kind != VALUE_ABSENT && trait &&
		                trait->mode == MODE_SETTABLE;
	}
	secrets_compare(planner, &made);
	sends_create(planner);
}

void compare(struct planner *planner, const struct subject *subject)
{
	struct comparison *comparison = &planner->comparison;

	reset(comparison);
	fields_compare(planner, subject);
	if (subject->flags & SUBJECT_NEW) {
		secrets_compare(planner, subject);
		sends_create(planner);
		return;
	}
	if (comparison->flags & COMPARISON_REPLACES) {
		compare_as_new(planner, subject);
		return;
	}
	secrets_compare(planner, subject);
	if (!comparison_requests(comparison))
		return;
	secrets_resend(planner, subject);
	sends_update(planner, subject);
}

enum change_kind comparison_kind(const struct comparison *comparison)
{
	static const struct {
		unsigned flag;
		enum change_kind kind;
	} kinds[] = {
		{ COMPARISON_REPLACES, CHANGE_REPLACE },
		{ COMPARISON_WRITES, CHANGE_UPDATE },
		{ COMPARISON_SENDS, CHANGE_ROTATE },
		{ COMPARISON_NOTES, CHANGE_NOTE },
	};

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		if (comparison->flags & kinds[i].flag)
			return kinds[i].kind;
	}
	return CHANGE_KINDS;
}
