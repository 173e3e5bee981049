/* SPDX-License-Identifier: MIT */
/* The run: environments are prepared as passes, what they share is sorted
 * once, and each rule looks at each pass. */
#include "lint/check.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

/* ---- for checks ---- */

const char *pass_name(const struct lint_pass *pass)
{
	return pass->environment->name ? pass->environment->name : "";
}

/* Equal texts most often stand in one place. */
static int compare_same(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a, b);
}

static bool is_same(const char *a, const char *b)
{
	return compare_same(a, b) == 0;
}

const struct lint_secret *pass_secret(const struct lint_pass *pass,
                                      const struct subject *subject,
                                      const char *name)
{
	const size_t count = pass->environment->secret_count;

	for (size_t i = subject->first_secret; i < count; i++) {
		const struct lint_secret *secret = pass->secrets[i];

		if (!is_same(secret->key, subject->config->key))
			break;
		if (is_same(secret->name, name))
			return secret;
	}
	return NULL;
}

bool text_is_unresolved(const char *text)
{
	return strstr(text, "${env:") != NULL;
}

static struct place place_of_field(const struct lint_pass *pass,
                                   const struct auth_config *config,
                                   const char *name)
{
	const struct state *desired = pass->environment->desired;
	const struct secret_reference *reference;

	for (size_t i = 0; i < config->field_count; i++) {
		if (strcmp(config->fields[i].name, name) == 0)
			return field_place(desired, &config->fields[i]);
	}
	reference = auth_config_reference(config, name);
	return reference ? reference->place
	                 : auth_config_place(desired, config);
}

static struct place place_of(const struct lint_pass *pass, struct about about)
{
	if (about.place.file)
		return about.place;
	if (!about.subject)
		return pass->environment->place;
	return place_of_field(pass, about.subject->config,
	                      about.field ? about.field : "");
}

struct about about_field(const struct subject *subject, const char *field)
{
	return (struct about){ .subject = subject, .field = field };
}

struct about about_detail(const struct subject *subject, const char *field,
                          const char *detail)
{
	return (struct about){ .subject = subject,
		               .field = field,
		               .detail = detail };
}

void report(struct lint_pass *pass, struct about about, const char *format, ...)
{
	CLEANUP(textp) char *large = NULL;
	char small[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(small, sizeof(small), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(small)) {
		va_start(arguments, format);
		large = xvasprintf(format, arguments);
		va_end(arguments);
	}
	findings_add(pass->findings,
	             &(struct finding){
			     .rule = pass->rule,
			     .severity = pass->severity,
			     .environment = pass_name(pass),
			     .key = about.subject ? about.subject->config->key
	                                          : NULL,
			     .field = about.field,
			     .place = place_of(pass, about),
			     .text = large ? large : small,
			     .sensitive = about.sensitive,
		     },
	             pass->environment, about.detail);
}

/* ---- preparing ---- */

static const char *resolved_text(const struct field *field)
{
	if (field->kind != VALUE_TEXT || text_is_unresolved(field->bytes))
		return NULL;
	return field->bytes;
}

static void read_connector(struct subject *subject, const struct field *field)
{
	if (field->kind == VALUE_TEXT)
		subject->connector = field->bytes;
}

static void read_id(struct subject *subject, const struct field *field)
{
	subject->client_id = resolved_text(field);
}

static void read_redirect(struct subject *subject, const struct field *field)
{
	subject->redirect_uri = resolved_text(field);
}

static const struct {
	const char *name;
	void (*read)(struct subject *subject, const struct field *field);
} readers[] = {
	{ "client.id", read_id },
	{ "connector", read_connector },
	{ "redirectUri", read_redirect },
};

/* Both are sorted by name. */
static void read_fields(struct subject *subject)
{
	const struct auth_config *config = subject->config;
	size_t next = 0;

	for (size_t i = 0; i < config->field_count && next < LENGTH(readers);
	     i++) {
		const struct field *field = &config->fields[i];
		int order = 1;

		while (next < LENGTH(readers) &&
		       (order = strcmp(readers[next].name, field->name)) < 0)
			next++;
		if (next < LENGTH(readers) && order == 0)
			readers[next++].read(subject, field);
	}
}

/* Neighbours have most likely the same connector. */
static const struct profile *find_profile(const struct lint_pass *pass,
                                          const char *connector,
                                          const struct subject *before)
{
	if (before && is_same(before->connector, connector))
		return before->profile;
	return profiles_find(pass->profiles, connector);
}

/* And the same redirect URI. */
static const struct uri *find_uri(struct lint_pass *pass, const char *text)
{
	struct uri *uri;

	if (!text)
		return NULL;
	if (pass->last_uri && pass->last_uri->text == text)
		return pass->last_uri;
	uri = arena_alloc(pass->arena, sizeof(*uri));
	uri_parse(text, uri);
	pass->last_uri = uri;
	return uri;
}

static void prepare_subject(struct lint_pass *pass, size_t index)
{
	struct subject *subject = &pass->subjects[index];
	const struct subject *before = index ? subject - 1 : NULL;

	subject->config = state_at(pass->environment->desired, index);
	subject->connector = "";
	read_fields(subject);
	subject->profile = find_profile(pass, subject->connector, before);
	subject->uri = find_uri(pass, subject->redirect_uri);
	if (subject->client_id)
		subject->id_flags =
			id_flags(subject->client_id, subject->profile);
	pass->id_flags |= subject->id_flags;
	pass->any_redirect = pass->any_redirect || subject->redirect_uri;
	scopes_look_at(pass, subject);
}

/* Both are sorted by key. */
static void prepare_applied(struct lint_pass *pass)
{
	const struct state *applied = pass->environment->applied;
	const size_t count = applied ? state_length(applied) : 0;
	size_t at = 0;

	for (size_t i = 0; i < pass->count; i++) {
		struct subject *subject = &pass->subjects[i];
		int order = 1;

		while (at < count && (order = strcmp(state_at(applied, at)->key,
		                                     subject->config->key)) < 0)
			at++;
		if (at < count && order == 0)
			subject->applied = state_at(applied, at);
	}
}

static int compare_secrets(const void *left, const void *right)
{
	const struct lint_secret *const *a = left, *const *b = right;
	const int order = compare_same((*a)->key, (*b)->key);

	return order ? order : compare_same((*a)->name, (*b)->name);
}

static void prepare_secrets(struct lint_pass *pass)
{
	const struct lint_environment *environment = pass->environment;
	bool sorted = true;

	pass->secrets =
		xcalloc(environment->secret_count + 1, sizeof(*pass->secrets));
	for (size_t i = 0; i < environment->secret_count; i++) {
		pass->secrets[i] = &environment->secrets[i];
		pass->secret_flags |= environment->secrets[i].flags;
		pass->any_expiry =
			pass->any_expiry || environment->secrets[i].expires_ms;
		if (i && compare_secrets(&pass->secrets[i - 1],
		                         &pass->secrets[i]) > 0)
			sorted = false;
	}
	if (!sorted)
		qsort(pass->secrets, environment->secret_count,
		      sizeof(struct lint_secret *), compare_secrets);
	/* Both are sorted by key. */
	for (size_t i = 0, at = 0; i < pass->count; i++) {
		struct subject *subject = &pass->subjects[i];

		while (at < environment->secret_count &&
		       compare_same(pass->secrets[at]->key,
		                    subject->config->key) < 0)
			at++;
		subject->first_secret = at;
	}
}

static void prepare(struct lint_pass *pass)
{
	const struct lint_environment *environment = pass->environment;
	const struct lint_policy *policy = environment->policy;
	const char *name = pass_name(pass);

	pass->kind = kind_of(name, strlen(name));
	pass->count = state_length(environment->desired);
	pass->subjects = xcalloc(pass->count + 1, sizeof(*pass->subjects));
	pass->used = xcalloc(policy ? policy->waiver_count + 1 : 1, 1);
	for (size_t i = 0; i < pass->count; i++)
		prepare_subject(pass, i);
	prepare_applied(pass);
	prepare_secrets(pass);
}

static void release(struct lint_pass *pass)
{
	free(pass->subjects);
	free(pass->secrets);
	free(pass->suspects);
	free(pass->memos);
	free(pass->used);
}

/* ---- running ---- */

static enum lint_severity severity_of(const struct lint_pass *pass, size_t rule)
{
	const struct lint_policy *policy = pass->environment->policy;

	return policy ? policy->severities[rule] : lint_rules[rule].severity;
}

/* Rules about waivers come when it is known what was waived. */
static bool is_late(const struct lint_rule *rule)
{
	return rule->family[0] == 'W';
}

typedef bool wanted_fn(const struct lint_rule *rule);

static bool is_early(const struct lint_rule *rule)
{
	return !is_late(rule);
}

static void check_pass(struct lint_pass *pass, wanted_fn *is_wanted)
{
	for (size_t i = 0; i < lint_rule_count; i++) {
		pass->rule = &lint_rules[i];
		pass->severity = severity_of(pass, i);
		if (pass->severity != LINT_OFF && is_wanted(pass->rule))
			pass->rule->check(pass);
	}
}

struct findings *lint_run(const struct lint_environment *environments,
                          size_t count, const struct profiles *profiles,
                          int64_t today_ms)
{
	struct findings *findings = findings_new();
	struct lint_pass *passes = xcalloc(count + 1, sizeof(*passes));
	struct crowd crowd = { .passes = passes, .count = count };

	for (size_t i = 0; i < count; i++) {
		passes[i] = (struct lint_pass){
			.environment = &environments[i],
			.profiles = profiles,
			.crowd = &crowd,
			.today_ms = today_ms,
			.arena = findings_arena(findings),
			.findings = findings,
		};
		prepare(&passes[i]);
	}
	crowd_gather(&crowd);
	for (size_t i = 0; i < count; i++) {
		check_pass(&passes[i], is_early);
		if (environments[i].policy)
			findings_waive(findings, &passes[i]);
		check_pass(&passes[i], is_late);
	}
	for (size_t i = 0; i < count; i++)
		release(&passes[i]);
	crowd_release(&crowd);
	free(passes);
	findings_sort(findings);
	return findings;
}
