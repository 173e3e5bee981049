/* SPDX-License-Identifier: MIT */
/* Objects read back: against the plan before a write, against what was sent
 * after it. What cannot be read says nothing. */
#include "apply/steps.h"

#include "base/text.h"

#include <string.h>

static bool reads_alike(const struct value *a, const struct value *b)
{
	return a->kind == VALUE_UNREADABLE || b->kind == VALUE_UNREADABLE ||
	       value_equal(a, b);
}

static bool same(const struct auth_config *then, const struct auth_config *now,
                 const char *name)
{
	const struct value before = auth_config_value(then, name);
	const struct value after = auth_config_value(now, name);

	return reads_alike(&before, &after);
}

static bool is_destructive(const struct change *change)
{
	return change->kind == CHANGE_DELETE || change->kind == CHANGE_REPLACE;
}

static const char *moved_field(const struct change *change,
                               const struct auth_config *now)
{
	const struct auth_config *then = change->live;
	const size_t all = is_destructive(change) ? then->field_count : 0;

	for (size_t i = 0; i < change->field_count; i++) {
		if (!same(then, now, change->fields[i].name))
			return change->fields[i].name;
	}
	for (size_t i = 0; i < change->send_count; i++) {
		if (!same(then, now, change->sends[i].name))
			return change->sends[i].name;
	}
	for (size_t i = 0; i < all; i++) {
		if (!same(then, now, then->fields[i].name))
			return then->fields[i].name;
	}
	return NULL;
}

static const char *moved_secret(const struct change *change,
                                const struct auth_config *now)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		const char *name = change->secrets[i].name;
		const struct secret_reading *before =
			auth_config_reading(change->live, name);
		const struct secret_reading *after =
			auth_config_reading(now, name);

		if (!before || !after)
			continue;
		if (before->hint && after->hint &&
		    !str_equal(before->hint, after->hint))
			return name;
		if (before->clear && after->clear &&
		    !secret_equal(before->clear, after->clear))
			return name;
	}
	return NULL;
}

const char *compare_moved(const struct change *change,
                          const struct auth_config *now)
{
	const struct auth_config *then = change->live;
	const char *field;

	if (!then)
		return NULL;
	field = moved_field(change, now);
	if (!field)
		field = moved_secret(change, now);
	if (!field && is_destructive(change) && then->connections >= 0 &&
	    now->connections > then->connections)
		field = "connections";
	if (!field && ((then->flags ^ now->flags) & AUTH_CONFIG_OPAQUE))
		field = "type";
	return field;
}

static bool arrives_at(const struct auth_config *now, const char *name,
                       const struct value *sent)
{
	const struct value after = auth_config_value(now, name);

	return value_equal(&after, sent) ||
	       (value_is_empty(&after) && value_is_empty(sent));
}

bool compare_arrived(const struct work *work, const struct auth_config *now)
{
	const struct change *change = work->change;
	const struct auth_config *before = work->flags & WORK_CLEARING
	                                           ? state_at(work->clearing, 0)
	                                           : change->live;
	bool proven = false;

	for (size_t i = 0; i < change->send_count; i++) {
		const struct field_send *send = &change->sends[i];
		const struct value after = auth_config_value(now, send->name);

		if (after.kind == VALUE_UNREADABLE)
			continue;
		if (!arrives_at(now, send->name, &send->value))
			return false;
		if (before && !arrives_at(before, send->name, &send->value))
			proven = true;
	}
	for (size_t i = 0; !proven && i < change->secret_count; i++)
		proven = secret_is_sent(&change->secrets[i]) &&
		         secret_shown(work->session, &change->secrets[i],
		                      now) == 1;
	return proven;
}

bool compare_shows(const struct work *work, const struct auth_config *now)
{
	const struct change *change = work->change;

	for (size_t i = 0; i < change->send_count; i++) {
		const struct field_send *send = &change->sends[i];
		const struct value after = auth_config_value(now, send->name);

		if (after.kind != VALUE_UNREADABLE &&
		    !arrives_at(now, send->name, &send->value))
			return false;
	}
	return true;
}

bool compare_filled(const struct traits *traits,
                    const struct field_change *field,
                    const struct auth_config *now)
{
	const struct field_trait *trait = traits_field(traits, field->name);
	struct value seen;

	if (!now || !trait || !(trait->flags & FIELD_FILLED) ||
	    !field->writes || field->declared.kind == VALUE_ABSENT ||
	    !value_is_empty(&field->declared))
		return false;
	seen = auth_config_value(now, field->name);
	return seen.kind != VALUE_UNREADABLE && !value_is_empty(&seen);
}

bool compare_undone(const struct traits *traits,
                    const struct field_change *field,
                    const struct auth_config *now)
{
	const struct field_trait *trait = traits_field(traits, field->name);

	return now && trait && (trait->flags & FIELD_APART) && field->writes &&
	       field->declared.kind != VALUE_ABSENT &&
	       auth_config_value(now, field->name).kind != VALUE_UNREADABLE &&
	       !arrives_at(now, field->name, &field->declared);
}

static void report_undone(struct work *work, const char *name)
{
	const char *said = work->step->message;
	CLEANUP(textp)
	char *words =
		xasprintf("`%s` could not be set%s%s", name,
	                  said && *said ? ": " : "", said && *said ? said : "");

	work_unconfirmed(work, words);
}

static void add_rewritten(struct step *step, const char *name)
{
	step->rewritten =
		xreallocarray(step->rewritten, step->rewritten_count + 1,
	                      sizeof(*step->rewritten));
	step->rewritten[step->rewritten_count++] = xstrdup(name);
}

static bool makes_object(const struct change *change)
{
	return change->kind == CHANGE_CREATE ||
	       change->kind == CHANGE_RECREATE ||
	       change->kind == CHANGE_REPLACE;
}

/* The platform gives the value, and it is looked at for the first time. An
 * answer that leaves it out says nothing. */
static bool is_asserted(const struct work *work,
                        const struct field_change *field,
                        const struct auth_config *now)
{
	const struct field_trait *trait =
		traits_field(session_traits(work->session), field->name);

	return trait && trait->mode == MODE_ASSERT &&
	       makes_object(work->change) &&
	       auth_config_value(now, field->name).kind != VALUE_ABSENT;
}

static bool is_rewritten(const struct field_change *field,
                         const struct auth_config *now)
{
	return field->declared.kind != VALUE_ABSENT &&
	       auth_config_value(now, field->name).kind != VALUE_UNREADABLE &&
	       !arrives_at(now, field->name, &field->declared);
}

void compare_rewritten(struct work *work, const struct auth_config *now)
{
	const struct change *change = work->change;

	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];
		const bool asserted = is_asserted(work, field, now);

		if (compare_undone(session_traits(work->session), field, now)) {
			report_undone(work, field->name);
			continue;
		}
		if ((!field->writes && !asserted) || !is_rewritten(field, now))
			continue;
		add_rewritten(work->step, field->name);
		if (!asserted)
			continue;
		CLEANUP(textp)
		char *words = xasprintf("the platform gives another `%s` than "
		                        "is declared",
		                        field->name);
		work_unconfirmed(work, words);
	}
}
