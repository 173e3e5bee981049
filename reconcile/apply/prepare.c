/* SPDX-License-Identifier: MIT */
/* Before the first write: every secret that apply needs is resolved, checked
 * and wiped, one at a time; what is missing is reported, all of it. */
#include "apply/steps.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static const bool sent_actions[SECRET_ACTIONS] = {
	[SECRET_SET] = true,
	[SECRET_ROTATE] = true,
	[SECRET_RESEND] = true,
};

bool secret_is_sent(const struct secret_change *secret)
{
	return sent_actions[secret->action] && !secret->held;
}

/* 0: it resolves; 1: it does not; -1: it is refused and reported. */
static int try_secret(const struct secret_settings *settings,
                      const char *source, struct place place, struct diag *diag)
{
	CLEANUP(secret_freep) struct secret *value = NULL;

	switch (secret_resolve(settings, source, place, &value, diag)) {
	case SECRET_RESOLVED:
		return 0;
	case SECRET_UNRESOLVED:
		return 1;
	case SECRET_REFUSED:
		break;
	}
	return -1;
}

/* What was reported already, so that it is not reported twice. */
struct told {
	struct {
		const char *key, *name;
	} * items;
	size_t count, capacity;
};

static void told_release(struct told *told)
{
	free(told->items);
}

static void tell(struct told *told, const char *key, const char *name)
{
	told->items = xgrow(told->items, told->count, &told->capacity,
	                    sizeof(*told->items));
	told->items[told->count].key = key;
	told->items[told->count++].name = name;
}

static bool is_told(const struct told *told, const char *key, const char *name)
{
	for (size_t i = 0; i < told->count; i++) {
		if (str_equal(told->items[i].key, key) &&
		    str_equal(told->items[i].name, name))
			return true;
	}
	return false;
}

/* ---- row S22 ---- */

static int need_secret(const struct apply_settings *settings,
                       const struct change *change,
                       const struct secret_change *secret, struct diag *diag)
{
	int missing;

	if (!secret->needs_value && !secret_is_sent(secret))
		return 0;
	missing = try_secret(settings->secrets, secret->source, secret->place,
	                     diag);
	if (missing <= 0)
		return missing;
	return diag_error(diag, CODE_SECRET_NEEDED, secret->place,
	                  "`%s` needs the value of `%s` and `%s` is not "
	                  "there; provide it and apply again",
	                  change->address, secret->name, secret->source);
}

static int need_secrets(const struct apply_settings *settings,
                        const struct change *change, struct told *told,
                        struct diag *diag)
{
	int result = 0;

	for (size_t i = 0; i < change->secret_count; i++) {
		if (need_secret(settings, change, &change->secrets[i], diag) ==
		    0)
			continue;
		tell(told, change->key, change->secrets[i].name);
		result = -1;
	}
	return result;
}

/* ---- row S23 ---- */

static int compare_fact(const void *key, const void *item)
{
	const struct secret_fact *wanted = key;
	const struct secret_fact *fact = item;
	const int order = str_compare(wanted->key, fact->key);

	return order ? order : str_compare(wanted->name, fact->name);
}

/* As the plan knew it; what it was not told is tried here. */
static int is_missing(const struct apply_settings *settings, const char *key,
                      const struct secret_reference *reference,
                      struct diag *diag)
{
	const struct plan_input *input = settings->input;
	const struct secret_fact wanted = {
		.key = key,
		.name = reference->name,
	};
	const struct secret_fact *fact = NULL;

	if (input->fact_count)
		fact = bsearch(&wanted, input->facts, input->fact_count,
		               sizeof(wanted), compare_fact);
	if (fact)
		return !fact->resolved;
	return try_secret(settings->secrets, reference->source,
	                  reference->place, diag);
}

static int want_reference(const struct apply_settings *settings,
                          const char *key,
                          const struct secret_reference *reference,
                          struct diag *diag)
{
	const int missing = is_missing(settings, key, reference, diag);

	if (missing <= 0)
		return missing;
	return diag_error(diag, CODE_SECRET_NEEDED, reference->place,
	                  "`%s` of `%s` cannot be compared, `%s` is not "
	                  "there; provide it, or give --keep-unresolved",
	                  reference->name, key, reference->source);
}

static int want_references(const struct apply_settings *settings,
                           const struct auth_config *config,
                           const struct told *told, struct diag *diag)
{
	int result = 0;

	for (size_t i = 0; i < config->reference_count; i++) {
		const struct secret_reference *reference =
			&config->references[i];

		if (!is_told(told, config->key, reference->name) &&
		    want_reference(settings, config->key, reference, diag) < 0)
			result = -1;
	}
	return result;
}

int prepare_secrets(const struct apply_settings *settings, struct diag *diag)
{
	CLEANUP(told_release) struct told told = { .count = 0 };
	const struct plan *plan = settings->plan;
	const struct state *desired = settings->input->desired;
	int result = 0;

	for (size_t i = 0; i < plan->change_count; i++) {
		if (need_secrets(settings, &plan->changes[i], &told, diag) < 0)
			result = -1;
	}
	if (settings->flags & APPLY_KEEP_UNRESOLVED)
		return result;
	for (size_t i = 0; i < state_length(desired); i++) {
		if (want_references(settings, state_at(desired, i), &told,
		                    diag) < 0)
			result = -1;
	}
	return result;
}
