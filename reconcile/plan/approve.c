/* SPDX-License-Identifier: MIT */
/*
 * Approval: whether what would be done now was agreed to. A saved plan is a
 * filter, never a source of values: each effect of the fresh plan has to stand
 * in it, the same in kind, id and values; what no longer has to be done may be
 * missing.
 */
#include "plan/parts.h"

#include "base/text.h"
#include "schema/codes.h"

#include <string.h>

struct approval {
	const struct plan *approved;
	struct diag *diag;
	int result;
};

static void differ(struct approval *approval, const struct change *change,
                   const char *what)
{
	approval->result = diag_error(
		approval->diag, CODE_PLAN_DIFFERS, change->place,
		"`%s`: %s; plan again and have the new plan reviewed",
		change->address, what);
}

/* ---- one change ---- */

/* Makes, takes away or changes hands: never the lesser half of another. */
static bool stands_alone(enum change_kind kind)
{
	return kind < CHANGE_RENAME;
}

/* The same kind, or what is left of it once a part was done. */
static bool kind_fits(const struct change *fresh, const struct change *approved)
{
	if (stands_alone(fresh->kind) || stands_alone(approved->kind))
		return fresh->kind == approved->kind &&
		       fresh->replace_way == approved->replace_way;
	return fresh->kind >= approved->kind;
}

static const struct change *counterpart(const struct plan *approved,
                                        const struct change *fresh)
{
	const struct change *other = NULL;

	for (size_t i = 0; i < approved->change_count; i++) {
		const struct change *each = &approved->changes[i];

		if (!str_equal(each->address, fresh->address))
			continue;
		other = each;
		if (each->kind == fresh->kind && str_equal(each->id, fresh->id))
			break;
	}
	return other;
}

static void check_identity(struct approval *approval,
                           const struct change *fresh,
                           const struct change *approved)
{
	CLEANUP(textp) char *what = NULL;

	if (!kind_fits(fresh, approved))
		what = xasprintf("would be `%s` now, `%s` was approved",
		                 change_kind_names[fresh->kind],
		                 change_kind_names[approved->kind]);
	else if (!str_equal(fresh->id, approved->id))
		what = xasprintf("is object `%s` now, `%s` was approved",
		                 fresh->id ? fresh->id : "(new)",
		                 approved->id ? approved->id : "(new)");
	else if (fresh->renamed_from &&
	         !str_equal(fresh->renamed_from, approved->renamed_from))
		what = xasprintf("`renamedFrom: %s` was not approved",
		                 fresh->renamed_from);
	if (what)
		differ(approval, fresh, what);
}

/* ---- its fields ---- */

static bool field_is_written(const struct field_change *field)
{
	return field->writes && !field->held;
}

static const struct field_change *field_of(const struct change *change,
                                           const char *name)
{
	for (size_t i = 0; i < change->field_count; i++) {
		if (str_equal(change->fields[i].name, name))
			return &change->fields[i];
	}
	return NULL;
}

static void check_field(struct approval *approval, const struct change *fresh,
                        const struct change *approved,
                        const struct field_change *field)
{
	const struct field_change *agreed = field_of(approved, field->name);
	CLEANUP(textp) char *now = value_show(&field->live);
	CLEANUP(textp) char *after = value_show(&field->declared);
	CLEANUP(textp) char *what = NULL;

	if (!agreed || !field_is_written(agreed))
		what = xasprintf("`%s` would be written as `%s`, which was not "
		                 "approved",
		                 field->name, after);
	else if (!value_equal(&agreed->declared, &field->declared))
		what = xasprintf("`%s` would become `%s`, another value was "
		                 "approved",
		                 field->name, after);
	else if (!value_equal(&agreed->live, &field->live))
		what = xasprintf("`%s` is `%s` at the platform now, which is "
		                 "not what the plan was approved upon",
		                 field->name, now);
	if (what)
		differ(approval, fresh, what);
}

/* ---- its secrets ---- */

static const struct secret_change *secret_of(const struct change *change,
                                             const char *name)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		if (str_equal(change->secrets[i].name, name))
			return &change->secrets[i];
	}
	return NULL;
}

static void check_secret(struct approval *approval, const struct change *fresh,
                         const struct change *approved,
                         const struct secret_change *secret)
{
	const struct secret_change *agreed = secret_of(approved, secret->name);
	CLEANUP(textp) char *what = NULL;

	if (!agreed || agreed->held || agreed->action != secret->action)
		what = xasprintf("to %s `%s` was not approved",
		                 secret_action_names[secret->action],
		                 secret->name);
	else if (!str_equal(agreed->source, secret->source))
		what = xasprintf("`%s` comes from `%s` now, from `%s` was "
		                 "approved",
		                 secret->name,
		                 secret->source ? secret->source : "nowhere",
		                 agreed->source ? agreed->source : "nowhere");
	else if (!str_equal(agreed->version, secret->version))
		what = xasprintf("another version of `%s` was approved",
		                 secret->name);
	if (what)
		differ(approval, fresh, what);
}

/* ---- all ---- */

static void check_change(struct approval *approval, const struct change *fresh)
{
	const struct change *approved = counterpart(approval->approved, fresh);

	if (!approved)
		return;
	check_identity(approval, fresh, approved);
	if (!kind_fits(fresh, approved))
		return;
	for (size_t i = 0; i < fresh->field_count; i++) {
		if (field_is_written(&fresh->fields[i]))
			check_field(approval, fresh, approved,
			            &fresh->fields[i]);
	}
	for (size_t i = 0; i < fresh->secret_count; i++) {
		if (secret_is_written(&fresh->secrets[i]))
			check_secret(approval, fresh, approved,
			             &fresh->secrets[i]);
	}
}

int change_check_approval(const struct change *fresh,
                          const struct plan *approved, struct diag *diag)
{
	struct approval approval = { approved, diag, 0 };

	check_change(&approval, fresh);
	return approval.result;
}

int plan_check_target(const struct plan *fresh, const struct plan *approved,
                      struct place place, struct diag *diag)
{
	const struct {
		const char *name, *now, *then;
	} parts[] = {
		{ "environment", fresh->environment, approved->environment },
		{ "origin", fresh->origin, approved->origin },
		{ "platform", fresh->platform, approved->platform },
		{ "binding", fresh->binding_hash, approved->binding_hash },
	};
	int result = 0;

	for (size_t i = 0; i < LENGTH(parts); i++) {
		if (str_equal(parts[i].now, parts[i].then))
			continue;
		result = diag_error(diag, CODE_PLAN_DIFFERS, place,
		                    "the %s is `%s`, the plan was approved "
		                    "for `%s`",
		                    parts[i].name, parts[i].now,
		                    parts[i].then ? parts[i].then : "");
	}
	return result;
}

bool plan_names(const struct plan *plan, const char *address)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		if (str_equal(plan->changes[i].address, address))
			return true;
	}
	return false;
}
