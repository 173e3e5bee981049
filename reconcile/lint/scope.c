/* SPDX-License-Identifier: MIT */
/* Scopes: S1-S6. A subject has the list `scopes` and lists by name. */
#include "lint/check.h"

#include "base/pattern.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- walking ---- */

typedef void set_fn(struct lint_pass *pass, const struct subject *subject,
                    const struct field *field);
typedef void token_fn(struct lint_pass *pass, const struct subject *subject,
                      const struct field *field, const char *scope);

static bool is_scope_field(const struct field *field)
{
	return field->kind == VALUE_SET &&
	       (strcmp(field->name, "scopes") == 0 ||
	        str_starts(field->name, "scopeSets."));
}

static void each_set(struct lint_pass *pass, set_fn *visit)
{
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct auth_config *config = subject->config;

		for (size_t j = 0; j < config->field_count; j++) {
			if (is_scope_field(&config->fields[j]))
				visit(pass, subject, &config->fields[j]);
		}
	}
}

static void each_token(struct lint_pass *pass, token_fn *visit)
{
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct auth_config *config = subject->config;

		for (size_t j = 0; j < config->field_count; j++) {
			const struct field *field = &config->fields[j];
			const struct value value = field_value(field);
			const char *scope = NULL;

			if (!is_scope_field(field))
				continue;
			while ((scope = value_next(&value, scope)) != NULL) {
				if (!text_is_unresolved(scope))
					visit(pass, subject, field, scope);
			}
		}
	}
}

/* ---- S1 ---- */

/* NQCHAR of RFC 6749 A: %x21 / %x23-5B / %x5D-7E. */
static bool is_scope_byte(unsigned char byte)
{
	return byte == 0x21 || (byte >= 0x23 && byte <= 0x5b) ||
	       (byte >= 0x5d && byte <= 0x7e);
}

static void check_syntax(struct lint_pass *pass, const struct subject *subject,
                         const struct field *field, const char *scope)
{
	const struct about about = about_detail(subject, field->name, scope);
	const char *at = scope;

	while (*at && is_scope_byte((unsigned char)*at))
		at++;
	if (!*scope)
		report(pass, about, "`` is no scope; remove the item");
	else if (*at == ' ')
		report(pass, about,
		       "`%s` has a space; write each scope as an item of its "
		       "own",
		       scope);
	else if (*at)
		report(pass, about,
		       "`%s` has a character that no scope has (byte 0x%02x); "
		       "remove it",
		       scope, (unsigned)(unsigned char)*at);
}

void check_scope_syntax(struct lint_pass *pass)
{
	each_token(pass, check_syntax);
}

static void check_comma(struct lint_pass *pass, const struct subject *subject,
                        const struct field *field, const char *scope)
{
	if (strchr(scope, ','))
		report(pass, about_detail(subject, field->name, scope),
		       "`%s` has a comma; write each scope as an item of its "
		       "own",
		       scope);
}

void check_scope_comma(struct lint_pass *pass)
{
	each_token(pass, check_comma);
}

/* ---- S1: known ones ---- */

static const char *without_prefix(const struct profile *profile,
                                  const char *scope)
{
	if (profile->scope_prefix && str_starts(scope, profile->scope_prefix))
		return scope + strlen(profile->scope_prefix);
	return scope;
}

static bool is_known(const struct profile *profile, const char *scope)
{
	return text_sorted_contains(profile->scopes, profile->scope_count,
	                            scope) ||
	       text_sorted_contains(profile->scopes, profile->scope_count,
	                            without_prefix(profile, scope));
}

/* Enough for people; a file full of unknown scopes stays cheap. */
enum { GUESSES = 200 };

static const char *guess(struct lint_pass *pass, const struct profile *profile,
                         const char *scope)
{
	if (pass->guesses >= GUESSES)
		return NULL;
	pass->guesses++;
	return text_nearest(scope, profile->scopes, profile->scope_count);
}

static void report_unknown(struct lint_pass *pass,
                           const struct subject *subject,
                           const struct field *field, const char *scope)
{
	const struct profile *profile = subject->profile;
	const struct about about = about_detail(subject, field->name, scope);
	const char *near = guess(pass, profile, scope);
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

static void check_unknown(struct lint_pass *pass, const struct subject *subject,
                          const struct field *field, const char *scope)
{
	if (subject->profile && subject->profile->scopes_complete &&
	    !is_known(subject->profile, scope))
		report_unknown(pass, subject, field, scope);
}

void check_scope_unknown(struct lint_pass *pass)
{
	each_token(pass, check_unknown);
}

static void check_unlisted(struct lint_pass *pass,
                           const struct subject *subject,
                           const struct field *field, const char *scope)
{
	if (subject->profile && !subject->profile->scopes_complete &&
	    subject->profile->scope_count && !is_known(subject->profile, scope))
		report_unknown(pass, subject, field, scope);
}

void check_scope_unlisted(struct lint_pass *pass)
{
	each_token(pass, check_unlisted);
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
	each_set(pass, check_twins);
}

/* ---- S3, S4 ---- */

static bool is_wildcard(const char *scope)
{
	return strcmp(scope, "*") == 0 || str_ends(scope, ":*") ||
	       str_ends(scope, ".*") || str_ends(scope, "/*");
}

static const char *why_broad(const struct profile *profile, const char *scope)
{
	const char *bare = profile ? without_prefix(profile, scope) : scope;

	for (size_t i = 0; profile && i < profile->broad_count; i++) {
		const struct broad_scope *broad = &profile->broad[i];

		if (broad->scope ? strcmp(broad->scope, bare) == 0 ||
		                           strcmp(broad->scope, scope) == 0
		                 : pattern_matches(broad->pattern, bare,
		                                   strlen(bare)))
			return broad->why;
	}
	return is_wildcard(scope) ? "it stands for everything" : NULL;
}

static void check_broad(struct lint_pass *pass, const struct subject *subject,
                        const struct field *field, const char *scope)
{
	const char *why = why_broad(subject->profile, scope);

	if (why)
		report(pass, about_detail(subject, field->name, scope),
		       "`%s` is broad: %s; ask for a narrower one", scope, why);
}

void check_scope_broad(struct lint_pass *pass)
{
	each_token(pass, check_broad);
}

static void check_policy(struct lint_pass *pass, const struct subject *subject,
                         const struct field *field, const char *scope)
{
	const struct lint_policy *policy = pass->environment->policy;
	const struct about about = about_detail(subject, field->name, scope);
	/* By layer: what one allows, the other may still not. */
	bool limited[2] = { false, false }, allowed[2] = { false, false };

	for (size_t i = 0; policy && i < policy->scope_rule_count; i++) {
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

void check_scope_policy(struct lint_pass *pass)
{
	each_token(pass, check_policy);
}

/* ---- S5, S6 ---- */

static void check_added(struct lint_pass *pass, const struct subject *subject,
                        const struct field *field, const char *scope)
{
	const struct auth_config *row = pass_applied(pass, subject);
	struct value before;

	if (!row)
		return;
	before = auth_config_value(row, field->name);
	if (before.kind == VALUE_SET && !value_contains(&before, scope))
		report(pass, about_detail(subject, field->name, scope),
		       "`%s` is new: users that are connected have to consent "
		       "again before it works for them",
		       scope);
}

void check_scope_added(struct lint_pass *pass)
{
	each_token(pass, check_added);
}

static void check_removed(struct lint_pass *pass, const struct subject *subject,
                          const struct field *field)
{
	const struct auth_config *row = pass_applied(pass, subject);
	const struct value now = field_value(field);
	struct value before;
	const char *scope = NULL;

	if (!row)
		return;
	before = auth_config_value(row, field->name);
	if (before.kind != VALUE_SET)
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

	if (pass->kind == KIND_PRODUCTION &&
	    has_baseline(pass, subject->config->key, field->name, scope,
	                 &tried) &&
	    !tried)
		report(pass, about_detail(subject, field->name, scope),
		       "`%s` is asked for in production, but in no "
		       "development environment of this run; try it there "
		       "first",
		       scope);
}

void check_scope_baseline(struct lint_pass *pass)
{
	if (pass->crowd->count > 1)
		each_token(pass, check_baseline);
}
