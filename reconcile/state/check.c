/* SPDX-License-Identifier: MIT */
/* What must hold between the entries of one environment. */
#include "state/desired.h"

#include "base/text.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

/* What twins are looked for in, and what makes them harmless. */
struct family {
	const struct state *state;
	const struct traits *traits;
	const struct state *applied; /* or NULL */
	struct diag *diag;
};

/* What the platform tells two auth configs apart by. */
struct identity {
	const char *first,
		*second; /* connector and name; or twice the natural key */
	const struct auth_config *config;
};

static int compare_identity(const struct identity *a, const struct identity *b)
{
	int order = strcmp(a->first, b->first);

	return order ? order : strcmp(a->second, b->second);
}

static int compare_identities(const void *a, const void *b)
{
	const struct identity *left = a, *right = b;
	int order = compare_identity(left, right);

	return order ? order : strcmp(left->config->key, right->config->key);
}

static struct identity identity_of(const struct traits *traits,
                                   const struct auth_config *config)
{
	struct identity identity = { .config = config };

	if (traits->abilities & HAS_NATURAL_KEY) {
		identity.first = config->natural_key;
		identity.second = identity.first;
	} else {
		identity.first = auth_config_text(config, "connector");
		identity.second = auth_config_text(config, "name");
	}
	return identity;
}

static void report_twins(const struct family *family,
                         const struct identity *one,
                         const struct identity *other)
{
	const struct state *state = family->state;
	struct diag *diag = family->diag;

	if (family->traits->abilities & HAS_NATURAL_KEY)
		diag_error(diag, CODE_TWIN_ENTRIES,
		           auth_config_place(state, other->config),
		           "`%s` and `%s` have one platform key, `%s`; give "
		           "one of them another `platformKey`",
		           other->config->key, one->config->key, one->first);
	else
		diag_error(diag, CODE_TWIN_ENTRIES,
		           auth_config_place(state, other->config),
		           "`%s` and `%s` cannot be told apart: both are for "
		           "`%s` and named `%s`; give one another `name`",
		           other->config->key, one->config->key, one->first,
		           one->second);
	diag_note(diag, auth_config_place(state, one->config),
	          "the other is here");
}

/* What is missing or of the wrong kind was reported by the shape check; and a
 * platform without names has no such identity. */
static bool is_known(const struct identity *identity)
{
	return identity->first[0] && identity->second[0];
}

/* FNV-1a over both texts. */
static uint64_t sum_identity(const struct identity *identity)
{
	const char *const texts[] = { identity->first, identity->second };
	uint64_t sum = 0xcbf29ce484222325u;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		for (const char *at = texts[i]; *at; at++)
			sum = (sum ^ (unsigned char)*at) * 0x100000001b3u;
	}
	return sum;
}

enum { PROBES = 32 };

/* Puts a sum into a table of `mask` + 1 slots, of which half are free: its
 * upper half tells where, the lower stands there. False when it is there, or
 * when that cannot be told soon. */
static bool put_sum(uint32_t *slots, size_t mask, uint64_t sum)
{
	const uint32_t kept = (uint32_t)sum | 1;

	for (size_t i = 0; i < PROBES; i++) {
		uint32_t *slot = &slots[((size_t)(sum >> 32) + i) & mask];

		if (*slot == kept)
			return false;
		if (!*slot) {
			*slot = kept;
			return true;
		}
	}
	return false;
}

/* Tells in most cases at once that there are no twins: numbers are compared
 * much faster. Texts with equal sums only cost the full comparison. */
static bool might_have_twins(const struct family *family)
{
	const size_t count = state_length(family->state);
	size_t size = 64;
	uint32_t *slots;
	bool found = false;

	while (size < 2 * count)
		size *= 2;
	slots = xcalloc(size, sizeof(*slots));
	for (size_t i = 0; i < count && !found; i++) {
		const struct identity identity =
			identity_of(family->traits, state_at(family->state, i));

		found = !put_sum(slots, size - 1, sum_identity(&identity));
	}
	free(slots);
	return found;
}

/* The ledger's ids tell two entries apart that are both bound. */
static bool are_bound(const struct family *family, const struct identity *one,
                      const struct identity *other)
{
	return family->applied &&
	       state_find(family->applied, one->config->key) &&
	       state_find(family->applied, other->config->key);
}

static int report_sorted(const struct family *family,
                         const struct identity *all, size_t count)
{
	int result = 0;

	for (size_t i = 1; i < count; i++) {
		if (!is_known(&all[i]) ||
		    compare_identity(&all[i - 1], &all[i]) ||
		    are_bound(family, &all[i - 1], &all[i]))
			continue;
		report_twins(family, &all[i - 1], &all[i]);
		result = -1;
	}
	return result;
}

static int report_all_twins(const struct family *family)
{
	const size_t count = state_length(family->state);
	struct identity *all = xcalloc(count + 1, sizeof(*all));
	int result;

	for (size_t i = 0; i < count; i++)
		all[i] =
			identity_of(family->traits, state_at(family->state, i));
	qsort(all, count, sizeof(*all), compare_identities);
	result = report_sorted(family, all, count);
	free(all);
	return result;
}

int desired_check_twins(const struct state *desired,
                        const struct traits *traits,
                        const struct state *applied, struct diag *diag)
{
	const struct family family = { desired, traits, applied, diag };

	return might_have_twins(&family) ? report_all_twins(&family) : 0;
}

static int compare_renames(const void *a, const void *b)
{
	const struct rename *left = a, *right = b;
	int order = strcmp(left->from, right->from);

	return order ? order : strcmp(left->key, right->key);
}

/* A cycle goes through declared keys only, so each of its steps is found. */
static int check_rename(const struct desired *desired,
                        const struct rename *rename)
{
	struct diag *diag = desired->reader.diag;

	if (str_equal(rename->key, rename->from))
		return diag_error(diag, CODE_BAD_RENAME, rename->place,
		                  "`%s` is renamed from itself; remove "
		                  "`renamedFrom`",
		                  rename->from);
	if (state_find(desired->state, rename->from))
		return diag_error(diag, CODE_BAD_RENAME, rename->place,
		                  "`%s` is renamed from `%s`, which is still "
		                  "declared; remove that entry or "
		                  "`renamedFrom`",
		                  rename->key, rename->from);
	return 0;
}

int desired_check_renames(struct desired *desired)
{
	struct rename *renames = desired->renames;
	int result = 0;

	if (!desired->rename_count)
		return 0;
	qsort(renames, desired->rename_count, sizeof(*renames),
	      compare_renames);
	for (size_t i = 0; i < desired->rename_count; i++) {
		if (check_rename(desired, &renames[i]) < 0)
			result = -1;
		if (!i || !str_equal(renames[i - 1].from, renames[i].from))
			continue;
		result = diag_error(
			desired->reader.diag, CODE_BAD_RENAME, renames[i].place,
			"`%s` and `%s` are both renamed from "
			"`%s`; remove one `renamedFrom`",
			renames[i].key, renames[i - 1].key, renames[i].from);
		diag_note(desired->reader.diag, renames[i - 1].place,
		          "the other is here");
	}
	return result;
}
