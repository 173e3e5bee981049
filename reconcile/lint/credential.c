/* SPDX-License-Identifier: MIT */
/* Credentials: V1 on what they look like, C1-C3 on their age. No value of a
 * secret comes here; a client id that looks like one is never shown. */
#include "lint/check.h"

#include "base/pattern.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const char id_field[] = "client.id";

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* ---- what a secret looks like ---- */

/* Well-known beginnings, of whatever provider: praetorian-inc/noseyparker,
 * rules google, github and slack; PEM (RFC 7468). */
static const char *const secret_starts[] = {
	"-----BEGIN ", "GOCSPX-", "ghp_",  "gho_",  "ghr_",  "ghs_",  "ghu_",
	"github_pat_", "xapp-",   "xoxb-", "xoxe-", "xoxp-", "ya29.",
};

static bool has_known_start(const char *text)
{
	for (size_t i = 0; i < LENGTH(secret_starts); i++) {
		if (*text == *secret_starts[i] &&
		    str_starts(text, secret_starts[i]))
			return true;
	}
	return false;
}

static bool has_form(const struct pattern *form, const char *text)
{
	return form && pattern_matches(form, text, strlen(text));
}

void check_client_id_secret(struct lint_pass *pass)
{
	for (size_t i = 0; pass->id_flags & ID_SENSITIVE && i < pass->count;
	     i++) {
		const struct subject *subject = &pass->subjects[i];

		if (subject->id_flags & ID_SENSITIVE)
			report(pass,
			       (struct about){ .subject = subject,
			                       .field = id_field,
			                       .sensitive = true },
			       "`%s` has the form of a secret or token (not "
			       "shown); write the client id, and make a new "
			       "secret at the provider",
			       id_field);
	}
}

/* ---- client ids ---- */

/* What is wrong with an id, or NULL. */
typedef const char *complaint_fn(const char *id);

/* Of those that have the flag, which was found when the pass was prepared. */
static void complain(struct lint_pass *pass, enum id_flags flag,
                     complaint_fn *complaint)
{
	for (size_t i = 0; pass->id_flags & flag && i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];

		if (subject->id_flags & flag)
			report(pass, about_field(subject, id_field), "`%s` %s",
			       subject->client_id,
			       complaint(subject->client_id));
	}
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static const char *syntax(const char *id)
{
	const size_t length = strlen(id);

	if (!length)
		return "is empty; write the client id";
	if (isspace((unsigned char)id[0]) ||
	    isspace((unsigned char)id[length - 1]))
		return "has white space at an end; remove it";
	if (length > 1 && is_quote(id[0]) && id[length - 1] == id[0])
		return "has quotes inside the value; write one pair only";
	if (text_plain_length(id, length) < length)
		return "has a character that is not printable ASCII; "
		       "copy it again from the provider";
	return NULL;
}

void check_client_id_syntax(struct lint_pass *pass)
{
	complain(pass, ID_UNCLEAN, syntax);
}

/* In lower case. */
static const char *const placeholders[] = {
	"*...",         "*client*id*here*", "<*>",          "[*]",
	"\\*\\*\\**",   "change-me*",       "change_me*",   "changeme*",
	"client-id",    "client_id",        "clientid",     "dummy*",
	"example-*",    "insert*",          "my-client-id", "placeholder*",
	"redacted*",    "replace*",         "todo*",        "xxx*",
	"your*client*", "your-*",           "your_*",
};

static bool is_stars(const char *text)
{
	return *text == '*' && text[strspn(text, "*")] == '\0';
}

/* Most ids begin as no placeholder does. */
static bool may_match(const char *glob, char first)
{
	return *glob == '*' || *glob == first;
}

static bool has_capital(const char *id)
{
	while (*id && !(*id >= 'A' && *id <= 'Z'))
		id++;
	return *id;
}

static char *copy_lower(const char *id)
{
	char *copy = xstrdup(id);

	for (char *at = copy; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

static bool is_placeholder(const char *id)
{
	CLEANUP(textp) char *copy = has_capital(id) ? copy_lower(id) : NULL;
	const char *lower = copy ? copy : id;

	if (is_stars(lower))
		return true;
	for (size_t i = 0; i < LENGTH(placeholders); i++) {
		if (may_match(placeholders[i], *lower) &&
		    text_glob(placeholders[i], lower))
			return true;
	}
	return false;
}

/* SLACK_CLIENT_ID: capitals, digits and underscores, one at least of each
 * first and last kind. */
static bool is_variable_name(const char *id)
{
	bool underscore = false;

	if (!isupper((unsigned char)*id))
		return false;
	for (; *id; id++) {
		if (*id == '_')
			underscore = true;
		else if (!isupper((unsigned char)*id) &&
		         !isdigit((unsigned char)*id))
			return false;
	}
	return underscore;
}

static const char *placeholder(const char *id)
{
	if (is_variable_name(id))
		return "is the name of a variable; write the id itself, or "
		       "${env:TRUEUP_VAR_NAME}";
	return is_placeholder(id)
	               ? "is a placeholder; write the id that the provider "
	                 "gave"
	               : NULL;
}

void check_client_id_placeholder(struct lint_pass *pass)
{
	complain(pass, ID_STAND_IN, placeholder);
}

void check_client_id_form(struct lint_pass *pass)
{
	for (size_t i = 0; pass->id_flags & ID_MISFORMED && i < pass->count;
	     i++) {
		const struct subject *subject = &pass->subjects[i];

		if (subject->id_flags & ID_MISFORMED)
			report(pass, about_field(subject, id_field),
			       "`%s` has not the form of a client id of %s; "
			       "copy it again from the provider",
			       subject->client_id, subject->profile->title);
	}
}

/* ---- all of an id ---- */

static bool is_secret(const char *text, const struct profile *profile)
{
	return has_form(profile->secret_form, text) ||
	       has_form(profile->token_form, text);
}

unsigned id_flags(const char *id, const struct profile *profile)
{
	const bool formed = profile && has_form(profile->id_form, id);
	unsigned flags = 0;

	if (has_known_start(id) ||
	    (profile && !formed && is_secret(id, profile)))
		return ID_SENSITIVE;
	if (syntax(id))
		flags |= ID_UNCLEAN;
	if (placeholder(id))
		flags |= ID_STAND_IN;
	if (!flags && profile && profile->id_form && !formed)
		flags |= ID_MISFORMED;
	return flags;
}

/* ---- secrets: by what is known of them ---- */

typedef void secret_fn(struct lint_pass *pass, const struct subject *subject,
                       const struct secret_reference *reference,
                       const struct lint_secret *secret);

/* `secret` is NULL when nothing is known. */
static void each_secret(struct lint_pass *pass, secret_fn *visit)
{
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct auth_config *config = subject->config;

		for (size_t j = 0; j < config->reference_count; j++)
			visit(pass, subject, &config->references[j],
			      pass_secret(pass, subject,
			                  config->references[j].name));
	}
}

static void check_is_id(struct lint_pass *pass, const struct subject *subject,
                        const struct secret_reference *reference,
                        const struct lint_secret *secret)
{
	if (secret && secret->flags & LINT_SECRET_IS_ID)
		report(pass, about_field(subject, reference->name),
		       "`%s` holds the client id; give it the secret",
		       reference->source);
}

void check_secret_is_id(struct lint_pass *pass)
{
	if (pass->secret_flags & LINT_SECRET_IS_ID)
		each_secret(pass, check_is_id);
}

static const struct {
	enum lint_secret_flags flag;
	const char *text;
} forms[] = {
	{ LINT_SECRET_AS_ID, "holds what looks like a client id: are id and "
	                     "secret swapped?" },
	{ LINT_SECRET_AS_TOKEN, "holds what looks like an access token; give "
	                        "it the app's client secret" },
	{ LINT_SECRET_MISFORMED, "holds what does not look like a client "
	                         "secret; copy it again from the provider" },
};

enum {
	FORM_FLAGS =
		LINT_SECRET_AS_ID | LINT_SECRET_AS_TOKEN | LINT_SECRET_MISFORMED
};

static void check_form(struct lint_pass *pass, const struct subject *subject,
                       const struct secret_reference *reference,
                       const struct lint_secret *secret)
{
	if (!secret || secret->flags & LINT_SECRET_IS_ID)
		return;
	for (size_t i = 0; i < LENGTH(forms); i++) {
		if (!(secret->flags & forms[i].flag))
			continue;
		report(pass, about_field(subject, reference->name), "`%s` %s",
		       reference->source, forms[i].text);
		return;
	}
}

void check_secret_form(struct lint_pass *pass)
{
	if (pass->secret_flags & FORM_FLAGS)
		each_secret(pass, check_form);
}

static void check_same(struct lint_pass *pass, const struct subject *subject,
                       const struct secret_reference *reference,
                       const struct lint_secret *secret)
{
	const struct auth_config *row = subject->applied;
	const struct secret_record *record =
		row ? auth_config_record(row, reference->name) : NULL;

	if (secret && secret->flags & LINT_SECRET_UNCHANGED && record &&
	    reference->version && record->version &&
	    strcmp(reference->version, record->version) != 0)
		report(pass, about_field(subject, reference->name),
		       "secretVersion changes from `%s` to `%s`, but `%s` "
		       "still holds the same secret; put the new one there, "
		       "or change the version back",
		       record->version, reference->version, reference->source);
}

void check_secret_same(struct lint_pass *pass)
{
	if (pass->secret_flags & LINT_SECRET_UNCHANGED)
		each_secret(pass, check_same);
}

/* ---- C1 ---- */

static unsigned allowed_days(const struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	return policy ? policy->max_secret_age_days
	              : (unsigned)LINT_SECRET_AGE_DAYS;
}

/* Since it was last sent; -1 when that is not known, or when a new one is on
 * its way. */
static int64_t age_days(const struct lint_pass *pass,
                        const struct subject *subject,
                        const struct secret_reference *reference)
{
	const struct auth_config *row = subject->applied;
	const struct secret_record *record =
		row ? auth_config_record(row, reference->name) : NULL;

	if (!record || record->set_at_ms <= 0 ||
	    (reference->version &&
	     !str_equal(reference->version, record->version)))
		return -1;
	return (pass->today_ms - record->set_at_ms) / DAY_MS;
}

/* Past this it is overdue. */
static int64_t overdue_days(const struct lint_pass *pass,
                            const struct subject *subject)
{
	const int64_t twice = 2 * (int64_t)allowed_days(pass);
	const struct profile *profile = subject->profile;

	if (profile && profile->secret_days && profile->secret_days < twice)
		return profile->secret_days;
	return twice;
}

static void check_old(struct lint_pass *pass, const struct subject *subject,
                      const struct secret_reference *reference,
                      const struct lint_secret *secret)
{
	const int64_t days = age_days(pass, subject, reference);

	(void)secret;
	if (days > allowed_days(pass) && days <= overdue_days(pass, subject))
		report(pass, about_field(subject, reference->name),
		       "`%s` was sent %lld days ago; %u are allowed: make a "
		       "new secret at the provider",
		       reference->source, (long long)days, allowed_days(pass));
}

void check_secret_old(struct lint_pass *pass)
{
	if (pass->environment->applied)
		each_secret(pass, check_old);
}

static void check_overdue(struct lint_pass *pass, const struct subject *subject,
                          const struct secret_reference *reference,
                          const struct lint_secret *secret)
{
	const int64_t days = age_days(pass, subject, reference);

	(void)secret;
	if (days <= overdue_days(pass, subject))
		return;
	report(pass, about_field(subject, reference->name),
	       "`%s` was sent %lld days ago, more than %lld: make a new secret "
	       "at the provider now",
	       reference->source, (long long)days,
	       (long long)overdue_days(pass, subject));
}

void check_secret_overdue(struct lint_pass *pass)
{
	if (pass->environment->applied)
		each_secret(pass, check_overdue);
}

/* ---- C4 ---- */

static const struct lint_rotation *rotation_of(const struct lint_pass *pass,
                                               const char *key)
{
	const struct lint_environment *environment = pass->environment;

	for (size_t i = 0; i < environment->rotation_count; i++) {
		if (str_equal(environment->rotations[i].key, key))
			return &environment->rotations[i];
	}
	return NULL;
}

static void check_rotation(struct lint_pass *pass,
                           const struct subject *subject,
                           const struct lint_rotation *rotation)
{
	const struct lint_policy *policy = pass->environment->policy;
	const unsigned allowed =
		policy ? policy->max_rotation_days : LINT_ROTATION_DAYS;
	const int64_t days = (pass->today_ms - rotation->since_ms) / DAY_MS;

	if (days > allowed)
		report(pass, about_field(subject, "client.secret"),
		       "the secret was changed %lld days ago and the one "
		       "before it, `%s`, is not known to be revoked; %u are "
		       "allowed: revoke it at the provider, then run `trueup "
		       "rotate %s --confirm-revoked`",
		       (long long)days,
		       rotation->before ? rotation->before : "unknown", allowed,
		       rotation->key);
}

void check_secret_rotation_open(struct lint_pass *pass)
{
	if (!pass->environment->rotation_count)
		return;
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct lint_rotation *rotation =
			rotation_of(pass, subject->config->key);

		if (rotation)
			check_rotation(pass, subject, rotation);
	}
}

/* ---- C2 ---- */

enum { WEEK_DAYS = 7, MONTH_DAYS = 30 };

static void report_expiry(struct lint_pass *pass, const struct subject *subject,
                          const struct secret_reference *reference,
                          int64_t left_ms)
{
	const struct about about = about_field(subject, reference->name);

	if (left_ms <= 0)
		report(pass, about,
		       "`%s` has expired; make a new secret at the provider",
		       reference->source);
	else
		report(pass, about,
		       "`%s` expires in %lld days; make a new secret at the "
		       "provider",
		       reference->source,
		       (long long)((left_ms + DAY_MS - 1) / DAY_MS));
}

static void check_week(struct lint_pass *pass, const struct subject *subject,
                       const struct secret_reference *reference,
                       const struct lint_secret *secret)
{
	const int64_t left_ms =
		secret ? secret->expires_ms - pass->today_ms : 0;

	if (secret && secret->expires_ms &&
	    left_ms <= (int64_t)WEEK_DAYS * DAY_MS)
		report_expiry(pass, subject, reference, left_ms);
}

void check_secret_expires_week(struct lint_pass *pass)
{
	if (pass->any_expiry)
		each_secret(pass, check_week);
}

static void check_month(struct lint_pass *pass, const struct subject *subject,
                        const struct secret_reference *reference,
                        const struct lint_secret *secret)
{
	const int64_t left_ms =
		secret ? secret->expires_ms - pass->today_ms : 0;

	if (secret && secret->expires_ms &&
	    left_ms > (int64_t)WEEK_DAYS * DAY_MS &&
	    left_ms <= (int64_t)MONTH_DAYS * DAY_MS)
		report_expiry(pass, subject, reference, left_ms);
}

void check_secret_expires_month(struct lint_pass *pass)
{
	if (pass->any_expiry)
		each_secret(pass, check_month);
}
