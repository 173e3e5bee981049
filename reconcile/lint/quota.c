/* SPDX-License-Identifier: MIT */
/* Quotas (Q1), unknown connectors (P1), and what became of waivers (W1, W2). */
#include "lint/check.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- by connector, by client id ---- */

static int compare_connectors(const void *left, const void *right)
{
	const struct subject *const *a = left, *const *b = right;
	const int order = strcmp((*a)->connector, (*b)->connector);

	return order ? order : (*a > *b) - (*a < *b);
}

static int compare_subjects(const void *left, const void *right)
{
	const struct subject *const *a = left, *const *b = right;
	int order = strcmp((*a)->connector, (*b)->connector);

	if (!order)
		order = str_compare((*a)->client_id, (*b)->client_id);
	if (!order)
		order = str_compare((*a)->redirect_uri, (*b)->redirect_uri);
	return order ? order : (*a > *b) - (*a < *b);
}

struct order {
	const struct subject **items;
	size_t count;
};

typedef bool wanted_fn(const struct subject *subject);
typedef int compare_fn(const void *left, const void *right);

/* Those that are wanted, sorted. The items are the caller's. */
static struct order order_subjects(const struct lint_pass *pass,
                                   wanted_fn *is_wanted, compare_fn *compare)
{
	struct order order = {
		.items = xreallocarray(NULL, pass->count + 1,
		                       sizeof(*order.items)),
	};

	for (size_t i = 0; i < pass->count; i++) {
		if (is_wanted(&pass->subjects[i]))
			order.items[order.count++] = &pass->subjects[i];
	}
	qsort(order.items, order.count, sizeof(struct subject *), compare);
	return order;
}

static bool same_connector(const struct subject *a, const struct subject *b)
{
	return strcmp(a->connector, b->connector) == 0;
}

static bool same_app(const struct subject *a, const struct subject *b)
{
	return same_connector(a, b) && strcmp(a->client_id, b->client_id) == 0;
}

/* " (did you mean `slack`?)", or nothing; made in the findings' arena. */
static const char *suggestion(const struct lint_pass *pass,
                              const char *connector)
{
	const size_t count = profiles_length(pass->profiles);
	const char **names = xcalloc(count + 1, sizeof(*names));
	CLEANUP(textp) char *text = NULL;
	const char *near;

	for (size_t i = 0; i < count; i++)
		names[i] = profiles_at(pass->profiles, i)->connector;
	near = text_nearest(connector, names, count);
	free(names);
	if (!near)
		return "";
	text = xasprintf(" (did you mean `%s`?)", near);
	return arena_copy(pass->arena, text, strlen(text));
}

static bool is_unprofiled(const struct subject *subject)
{
	return !subject->profile && *subject->connector;
}

void check_connector_unknown(struct lint_pass *pass)
{
	struct order order =
		order_subjects(pass, is_unprofiled, compare_connectors);

	for (size_t i = 0; i < order.count; i++) {
		const struct subject *subject = order.items[i];

		if (i && same_connector(order.items[i - 1], subject))
			continue;
		report(pass,
		       about_detail(subject, "connector", subject->connector),
		       "there is no profile of `%s`%s: only the rules that "
		       "hold for every provider are checked",
		       subject->connector,
		       suggestion(pass, subject->connector));
	}
	free(order.items);
}

static bool is_app(const struct subject *subject)
{
	return subject->client_id && subject->profile &&
	       subject->profile->app_limit;
}

void check_quota_configs(struct lint_pass *pass)
{
	struct order order = order_subjects(pass, is_app, compare_subjects);
	unsigned apps = 0;

	for (size_t i = 0; i < order.count; i++) {
		const struct subject *subject = order.items[i];
		const unsigned limit = subject->profile->app_limit;

		if (i && same_app(order.items[i - 1], subject))
			continue;
		if (i && same_connector(order.items[i - 1], subject))
			apps++;
		else
			apps = 1;
		if (apps == limit + 1)
			report(pass, about_detail(subject, "client.id", "apps"),
			       "this is app %u of %s in `%s`; one account or "
			       "project has at most %u",
			       apps, subject->profile->title, pass_name(pass),
			       limit);
	}
	free(order.items);
}

static bool has_redirect_limit(const struct subject *subject)
{
	return subject->client_id && subject->redirect_uri &&
	       subject->profile && subject->profile->redirect_limit;
}

static bool same_redirect(const struct subject *a, const struct subject *b)
{
	return strcmp(a->redirect_uri, b->redirect_uri) == 0;
}

void check_quota_redirects(struct lint_pass *pass)
{
	struct order order;
	unsigned uris = 0;

	if (!pass->any_redirect)
		return;
	order = order_subjects(pass, has_redirect_limit, compare_subjects);

	for (size_t i = 0; i < order.count; i++) {
		const struct subject *subject = order.items[i];
		const unsigned limit = subject->profile->redirect_limit;
		const struct subject *before = i ? order.items[i - 1] : NULL;

		if (!before || !same_app(before, subject))
			uris = 1;
		else if (same_redirect(before, subject))
			continue;
		else
			uris++;
		if (uris == limit + 1)
			report(pass,
			       about_detail(subject, "redirectUri", "count"),
			       "`%s` is redirect URI %u of one app; %s allows "
			       "%u: use one for all, or register another app",
			       subject->redirect_uri, uris,
			       subject->profile->title, limit);
	}
	free(order.items);
}

void check_quota_scopes(struct lint_pass *pass)
{
	for (size_t i = 0; pass->any_crowded && i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct profile *profile = subject->profile;

		if (!profile || !profile->scope_limit)
			continue;
		for (size_t j = 0; j < subject->config->field_count; j++) {
			const struct field *field = &subject->config->fields[j];
			const struct value value = field_value(field);

			if (value.kind == VALUE_SET &&
			    value_count(&value) > profile->scope_limit)
				report(pass, about_field(subject, field->name),
				       "`%s` has %zu scopes; an app of %s "
				       "asks for at most %u",
				       field->name, value_count(&value),
				       profile->title, profile->scope_limit);
		}
	}
}

/* ---- waivers ---- */

static void report_waiver(struct lint_pass *pass,
                          const struct lint_waiver *waiver, const char *what)
{
	report(pass,
	       (struct about){ .field = "policy.waivers",
	                       .detail = waiver->key,
	                       .place = waiver->place },
	       "the waiver of `%s` for `%s` %s", waiver->rule->id, waiver->key,
	       what);
}

void check_waiver_expired(struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	for (size_t i = 0; policy && i < policy->waiver_count; i++) {
		if (pass->today_ms >= policy->waivers[i].until_ms)
			report_waiver(pass, &policy->waivers[i],
			              "has expired; mend what it was about, or "
			              "give it a new day");
	}
}

/* The key that a waiver most likely means, or NULL. */
static const char *nearest_key(const struct lint_pass *pass, const char *key)
{
	const char **keys = xcalloc(pass->count + 1, sizeof(*keys));
	const char *near;

	for (size_t i = 0; i < pass->count; i++)
		keys[i] = pass->subjects[i].config->key;
	keys[pass->count] = pass_name(pass);
	near = text_nearest(key, keys, pass->count + 1);
	free(keys);
	return near;
}

static void report_unused(struct lint_pass *pass,
                          const struct lint_waiver *waiver)
{
	const bool known = str_equal(waiver->key, pass_name(pass)) ||
	                   state_find(pass->environment->desired, waiver->key);
	const char *near = known ? NULL : nearest_key(pass, waiver->key);
	CLEANUP(textp)
	char *what =
		near ? xasprintf("waives nothing: did you mean `%s`?", near)
		     : xstrdup("waives nothing; remove it");

	report_waiver(pass, waiver, what);
}

void check_waiver_unused(struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	for (size_t i = 0; policy && i < policy->waiver_count; i++) {
		if (!pass->used[i] &&
		    pass->today_ms < policy->waivers[i].until_ms)
			report_unused(pass, &policy->waivers[i]);
	}
}
