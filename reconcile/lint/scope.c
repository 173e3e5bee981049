/* SPDX-License-Identifier: MIT */
/* Scopes: S1-S6. A subject has the list `scopes` and lists by name. */
#include "lint/check.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- walking ---- */

typedef void set_fn(struct lint_pass *pass, const struct subject *subject,
                    const struct field *field);
typedef void token_fn(struct lint_pass *pass, const struct subject *subject,
                      const struct field *field, const char *scope);

static void each_set(struct lint_pass *pass, set_fn *visit)
{
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct auth_config *config = subject->config;

		for (size_t j = 0; j < config->field_count; j++) {
			if (field_is_scopes(&config->fields[j]))
				visit(pass, subject, &config->fields[j]);
		}
	}
}

static void each_of_set(struct lint_pass *pass, const struct subject *subject,
                        const struct field *field, token_fn *visit)
{
	const struct value value = field_value(field);
	const char *scope = NULL;

	while ((scope = value_next(&value, scope)) != NULL) {
		if (!text_is_unresolved(scope))
			visit(pass, subject, field, scope);
	}
}

/* Those with a flag, which were found when the pass was prepared. */
static void each_suspect(struct lint_pass *pass, enum scope_flags flag,
                         token_fn *visit)
{
	for (size_t i = 0; i < pass->suspect_count; i++) {
		const struct suspect *suspect = &pass->suspects[i];

		if (suspect->flags & flag)
			visit(pass, suspect->subject, suspect->field,
			      suspect->scope);
	}
}

/* ---- S1 ---- */

static void report_syntax(struct lint_pass *pass, const struct subject *subject,
                          const struct field *field, const char *scope)
{
	const struct about about = about_detail(subject, field->name, scope);
	const char *at = scope_bad_byte(scope);

	if (!*scope)
		report(pass, about, "`` is no scope; remove the item");
	else if (*at == ' ')
		report(pass, about,
		       "`%s` has a space; write each scope as an item of its "
		       "own",
		       scope);
	else
		report(pass, about,
		       "`%s` has a character that no scope has (byte 0x%02x); "
		       "remove it",
		       scope, (unsigned)(unsigned char)*at);
}

void check_scope_syntax(struct lint_pass *pass)
{
	each_suspect(pass, SCOPE_UNCLEAN, report_syntax);
}

static void report_comma(struct lint_pass *pass, const struct subject *subject,
                         const struct field *field, const char *scope)
{
	report(pass, about_detail(subject, field->name, scope),
	       "`%s` has a comma; write each scope as an item of its own",
	       scope);
}

void check_scope_comma(struct lint_pass *pass)
{
	each_suspect(pass, SCOPE_COMMA, report_comma);
}

/* ---- S1: known ones ---- */

static void report_unknown(struct lint_pass *pass,
                           const struct subject *subject,
                           const struct field *field, const char *scope)
{
	const struct profile *profile = subject->profile;
	const struct about about = about_detail(subject, field->name, scope);
	const char *near = scope_guess(pass, profile, scope);
	const char *claim = profile->scopes_complete
	                            ? "is no scope of"
	                            : "is not among the scopes known of";

	if (near)
		report(pass, about, "`%s` %s %s; did you mean `%s`?", scope,
		       claim, profile->title, near);
	else
		report(pass, about, "`%s` %s %s; %s", scope, claim,
		       profile->title,
		       profile->scopes_complete ? "remove it"
		                                : "check its spelling");
}

void check_scope_unknown(struct lint_pass *pass)
{
	each_suspect(pass, SCOPE_UNKNOWN, report_unknown);
}

void check_scope_unlisted(struct lint_pass *pass)
{
	each_suspect(pass, SCOPE_UNLISTED, report_unknown);
}

/* ---- S2 ---- */

static int compare_folded(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	const int order = strcasecmp(*a, *b);

	return order ? order : strcmp(*a, *b);
}

static void check_twins(struct lint_pass *pass, const struct subject *subject,
                        const struct field *field)
{
	const struct value value = field_value(field);
	const size_t count = value_count(&value);
	const char **items, *item = NULL;
	size_t length = 0;

	if (count < 2)
		return;
	items = xreallocarray(NULL, count, sizeof(*items));
	while (length < count && (item = value_next(&value, item)) != NULL)
		items[length++] = item;
	qsort(items, length, sizeof(*items), compare_folded);
	for (size_t i = 1; i < length; i++) {
		if (strcasecmp(items[i - 1], items[i]) == 0)
			report(pass,
			       about_detail(subject, field->name, items[i]),
			       "`%s` differs from `%s` only in case; keep the "
			       "one that the provider names",
			       items[i], items[i - 1]);
	}
	free(items);
}

void check_scope_twin(struct lint_pass *pass)
{
	if (pass->any_twins)
		each_set(pass, check_twins);
}

/* ---- S3, S4 ---- */

static void report_broad(struct lint_pass *pass, const struct subject *subject,
                         const struct field *field, const char *scope)
{
	report(pass, about_detail(subject, field->name, scope),
	       "`%s` is broad: %s; ask for a narrower one", scope,
	       scope_why_broad(subject->profile, scope));
}

void check_scope_broad(struct lint_pass *pass)
{
	each_suspect(pass, SCOPE_BROAD, report_broad);
}

static void check_policy(struct lint_pass *pass, const struct subject *subject,
                         const struct field *field, const char *scope)
{
	const struct lint_policy *policy = pass->environment->policy;
	const struct about about = about_detail(subject, field->name, scope);
	/* By layer: what one allows, the other may still not. */
	bool limited[2] = { false, false }, allowed[2] = { false, false };

	for (size_t i = 0; i < policy->scope_rule_count; i++) {
		const struct lint_scope_rule *rule = &policy->scope_rules[i];

		if (strcmp(rule->connector, subject->connector) != 0)
			continue;
		limited[rule->layer] = limited[rule->layer] || !rule->denied;
		if (!text_glob(rule->glob, scope))
			continue;
		if (rule->denied) {
			report(pass, about,
			       "`%s` is denied by `%s` in this environment's "
			       "policy.scopes; remove one of the two",
			       scope, rule->glob);
			return;
		}
		allowed[rule->layer] = true;
	}
	if ((limited[0] && !allowed[0]) || (limited[1] && !allowed[1]))
		report(pass, about,
		       "`%s` is not among what this environment's "
		       "policy.scopes allow for `%s`; remove it, or allow it",
		       scope, subject->connector);
}

static void check_policies(struct lint_pass *pass,
                           const struct subject *subject,
                           const struct field *field)
{
	each_of_set(pass, subject, field, check_policy);
}

void check_scope_policy(struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	if (policy && policy->scope_rule_count)
		each_set(pass, check_policies);
}

/* ---- S5, S6 ---- */

static void check_added(struct lint_pass *pass, const struct subject *subject,
                        const struct field *field)
{
	const struct value now = field_value(field);
	const char *scope = NULL;
	struct value before;

	if (!subject->applied)
		return;
	before = auth_config_value(subject->applied, field->name);
	if (before.kind != VALUE_SET || value_equal(&before, &now))
		return;
	while ((scope = value_next(&now, scope)) != NULL) {
		if (!text_is_unresolved(scope) &&
		    !value_contains(&before, scope))
			report(pass, about_detail(subject, field->name, scope),
			       "`%s` is new: users that are connected have to "
			       "consent again before it works for them",
			       scope);
	}
}

void check_scope_added(struct lint_pass *pass)
{
	if (pass->environment->applied)
		each_set(pass, check_added);
}

static void check_removed(struct lint_pass *pass, const struct subject *subject,
                          const struct field *field)
{
	const struct value now = field_value(field);
	const char *scope = NULL;
	struct value before;

	if (!subject->applied)
		return;
	before = auth_config_value(subject->applied, field->name);
	if (before.kind != VALUE_SET || value_equal(&before, &now))
		return;
	while ((scope = value_next(&before, scope)) != NULL) {
		if (!value_contains(&now, scope))
			report(pass, about_detail(subject, field->name, scope),
			       "`%s` is no longer asked for: tokens that exist "
			       "keep it until they are revoked",
			       scope);
	}
}

void check_scope_removed(struct lint_pass *pass)
{
	if (pass->environment->applied)
		each_set(pass, check_removed);
}

/* True when a development environment declares this list for the key;
 * `*tried` when one has the scope in it. */
static bool has_baseline(const struct lint_pass *pass, const char *key,
                         const char *field, const char *scope, bool *tried)
{
	const struct crowd *crowd = pass->crowd;
	bool found = false;

	*tried = false;
	for (size_t i = 0; i < crowd->count; i++) {
		const struct lint_pass *other = &crowd->passes[i];
		const struct auth_config *config;
		struct value value;

		if (other->kind != KIND_DEVELOPMENT)
			continue;
		config = state_find(other->environment->desired, key);
		if (!config)
			continue;
		value = auth_config_value(config, field);
		if (value.kind != VALUE_SET)
			continue;
		found = true;
		if (value_contains(&value, scope))
			*tried = true;
	}
	return found;
}

static void check_baseline(struct lint_pass *pass,
                           const struct subject *subject,
                           const struct field *field, const char *scope)
{
	bool tried;

	if (has_baseline(pass, subject->config->key, field->name, scope,
	                 &tried) &&
	    !tried)
		report(pass, about_detail(subject, field->name, scope),
		       "`%s` is asked for in production, but in no "
		       "development environment of this run; try it there "
		       "first",
		       scope);
}

static void check_baselines(struct lint_pass *pass,
                            const struct subject *subject,
                            const struct field *field)
{
	each_of_set(pass, subject, field, check_baseline);
}

void check_scope_baseline(struct lint_pass *pass)
{
	if (pass->crowd->count > 1 && pass->kind == KIND_PRODUCTION)
		each_set(pass, check_baselines);
}
