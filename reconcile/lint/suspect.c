/* SPDX-License-Identifier: MIT */
/*
 * Suspects: scopes that may break a rule which looks at nothing else. The few
 * scopes of a provider are asked for again and again: what is known of one is
 * kept, and each list is walked once for all such rules.
 */
#include "lint/check.h"

#include "base/pattern.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- lists ---- */

bool field_is_scopes(const struct field *field)
{
	return field->kind == VALUE_SET &&
	       (strcmp(field->name, "scopes") == 0 ||
	        str_starts(field->name, "scopeSets."));
}

/* ---- one scope ---- */

/* NQCHAR of RFC 6749 A: %x21 / %x23-5B / %x5D-7E. */
static bool is_scope_byte(unsigned char byte)
{
	return byte == 0x21 || (byte >= 0x23 && byte <= 0x5b) ||
	       (byte >= 0x5d && byte <= 0x7e);
}

const char *scope_bad_byte(const char *scope)
{
	while (*scope && is_scope_byte((unsigned char)*scope))
		scope++;
	return scope;
}

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

static bool is_wildcard(const char *scope)
{
	return strcmp(scope, "*") == 0 || str_ends(scope, ":*") ||
	       str_ends(scope, ".*") || str_ends(scope, "/*");
}

const char *scope_why_broad(const struct profile *profile, const char *scope)
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

static unsigned flags_of(const struct profile *profile, const char *scope)
{
	unsigned flags = 0;

	if (text_is_unresolved(scope))
		return 0;
	if (!*scope || *scope_bad_byte(scope))
		flags |= SCOPE_UNCLEAN;
	if (strchr(scope, ','))
		flags |= SCOPE_COMMA;
	if (profile && profile->scopes_complete && !is_known(profile, scope))
		flags |= SCOPE_UNKNOWN;
	if (profile && !profile->scopes_complete && profile->scope_count &&
	    !is_known(profile, scope))
		flags |= SCOPE_UNLISTED;
	if (scope_why_broad(profile, scope))
		flags |= SCOPE_BROAD;
	return flags;
}

/* ---- all of them ---- */

enum { MEMO_SLOTS = 256 };

struct scope_memo {
	const struct profile *profile;
	const char *scope; /* NULL: free */
	unsigned flags;
	bool guessed;
	const char *near; /* if it was guessed; or NULL */
};

/* Providers share scopes: `openid`. */
static size_t slot_of(const struct profile *profile, const char *scope)
{
	uint32_t sum = (uint32_t)((uintptr_t)profile / sizeof(*profile));

	for (; *scope; scope++)
		sum = (sum ^ (unsigned char)*scope) * 0x01000193U;
	return (sum ^ sum >> 16) % MEMO_SLOTS;
}

static struct scope_memo *recall(struct lint_pass *pass,
                                 const struct profile *profile,
                                 const char *scope)
{
	struct scope_memo *memo = &pass->memos[slot_of(profile, scope)];

	if (!memo->scope || memo->profile != profile ||
	    strcmp(memo->scope, scope) != 0)
		*memo = (struct scope_memo){
			.profile = profile,
			.scope = scope,
			.flags = flags_of(profile, scope),
		};
	return memo;
}

/* Enough for people; a file full of unknown scopes stays cheap. */
enum { GUESSES = 200 };

const char *scope_guess(struct lint_pass *pass, const struct profile *profile,
                        const char *scope)
{
	struct scope_memo *memo;

	if (pass->guesses >= GUESSES)
		return NULL;
	pass->guesses++;
	memo = recall(pass, profile, scope);
	if (!memo->guessed)
		memo->near = text_nearest(scope, profile->scopes,
		                          profile->scope_count);
	memo->guessed = true;
	return memo->near;
}

static void suspect(struct lint_pass *pass, const struct suspect *found)
{
	pass->suspects =
		xgrow(pass->suspects, pass->suspect_count,
	              &pass->suspect_capacity, sizeof(*pass->suspects));
	pass->suspects[pass->suspect_count++] = *found;
}

/* Up to here each is compared with each. */
enum { FEW_SCOPES = 16 };

static bool are_twins(const char *a, const char *b)
{
	return (*a | 0x20) == (*b | 0x20) && strcasecmp(a, b) == 0;
}

static bool has_twin(const char *const *few, size_t count, const char *scope)
{
	for (size_t i = 0; i < count; i++) {
		if (are_twins(few[i], scope))
			return true;
	}
	return false;
}

static void look_at(struct lint_pass *pass, const struct subject *subject,
                    const struct field *field)
{
	const struct value value = field_value(field);
	const char *few[FEW_SCOPES], *scope = NULL;
	size_t count = 0;

	while ((scope = value_next(&value, scope)) != NULL) {
		const unsigned flags =
			recall(pass, subject->profile, scope)->flags;

		if (flags)
			suspect(pass, &(struct suspect){ subject, field, scope,
			                                 flags });
		if (count == FEW_SCOPES || has_twin(few, count, scope))
			pass->any_twins = true;
		else
			few[count++] = scope;
	}
}

void scopes_look_at(struct lint_pass *pass, const struct subject *subject)
{
	const struct auth_config *config = subject->config;
	const size_t limit =
		subject->profile ? subject->profile->scope_limit : 0;

	if (!pass->memos)
		pass->memos = xcalloc(MEMO_SLOTS, sizeof(*pass->memos));
	for (size_t i = 0; i < config->field_count; i++) {
		const struct field *field = &config->fields[i];

		if (field->kind != VALUE_SET)
			continue;
		/* Each has one byte at least. */
		if (limit && field->length > limit)
			pass->any_crowded = true;
		if (field_is_scopes(field))
			look_at(pass, subject, field);
	}
}
