/* SPDX-License-Identifier: MIT */
/* Findings: kept in one arena, sorted at the end by pointer. A fingerprint is
 * made of what identifies a finding (rule, environment, key, field, detail) and
 * of how many equal ones stand before it, so that it survives edits above it.
 */
#include "lint/check.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	struct finding finding;
	const struct lint_environment *environment;
	const char *detail;
};

struct findings {
	struct arena *arena;
	struct entry **entries;
	size_t count, capacity;
};

struct findings *findings_new(void)
{
	struct findings *findings = xcalloc(1, sizeof(*findings));

	findings->arena = arena_new();
	return findings;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	arena_free(findings->arena);
	free(findings->entries);
	free(findings);
}

struct arena *findings_arena(struct findings *findings)
{
	return findings->arena;
}

static const char *keep(struct findings *findings, const char *text)
{
	return arena_copy(findings->arena, text, strlen(text));
}

void findings_add(struct findings *findings, const struct finding *finding,
                  const struct lint_environment *environment,
                  const char *detail)
{
	struct entry *entry = arena_alloc(findings->arena, sizeof(*entry));

	*entry = (struct entry){
		.finding = *finding,
		.environment = environment,
		.detail = detail,
	};
	entry->finding.text = keep(findings, finding->text);
	entry->finding.waived_by = NULL;
	entry->finding.pending = NULL;
	findings->entries = xgrow(findings->entries, findings->count,
	                          &findings->capacity, sizeof(struct entry *));
	findings->entries[findings->count++] = entry;
}

/* ---- waivers ---- */

static bool waives(const struct lint_waiver *waiver,
                   const struct finding *finding, int64_t today_ms)
{
	const char *key = finding->key ? finding->key : finding->environment;

	return waiver->rule == finding->rule && today_ms < waiver->until_ms &&
	       str_equal(waiver->key, key);
}

/* A waiver that nobody accepted is only listed. */
static void suspend(struct findings *findings, struct finding *finding,
                    const struct lint_waiver *waiver)
{
	CLEANUP(textp)
	char *text = xasprintf("%s (its waiver until %s, `%s`, counts with "
	                       "--accept-waivers)",
	                       finding->text, waiver->expires, waiver->reason);

	finding->pending = waiver;
	finding->text = keep(findings, text);
}

static void waive_one(struct findings *findings, struct finding *finding,
                      const struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	for (size_t i = 0; i < policy->waiver_count; i++) {
		if (!waives(&policy->waivers[i], finding, pass->today_ms))
			continue;
		pass->used[i] = 1;
		if (policy->pending)
			suspend(findings, finding, &policy->waivers[i]);
		else
			finding->waived_by = &policy->waivers[i];
		return;
	}
}

void findings_waive(struct findings *findings, const struct lint_pass *pass)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct entry *entry = findings->entries[i];

		if (entry->environment == pass->environment)
			waive_one(findings, &entry->finding, pass);
	}
}

/* ---- order ---- */

static int compare_numbers(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

static int compare_places(const struct place *a, const struct place *b)
{
	int order;

	if (!a->file != !b->file)
		return a->file ? -1 : 1;
	order = a->file == b->file ? 0 : str_compare(a->file, b->file);
	if (!order)
		order = compare_numbers(a->line, b->line);
	return order ? order : compare_numbers(a->column, b->column);
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = *(const struct entry *const *)left;
	const struct entry *b = *(const struct entry *const *)right;
	int order = compare_places(&a->finding.place, &b->finding.place);

	if (!order)
		order = strcmp(a->finding.rule->id, b->finding.rule->id);
	if (!order)
		order = str_compare(a->finding.environment,
		                    b->finding.environment);
	if (!order)
		order = str_compare(a->finding.key, b->finding.key);
	if (!order)
		order = str_compare(a->finding.field, b->finding.field);
	if (!order)
		order = str_compare(a->detail, b->detail);
	return order ? order : strcmp(a->finding.text, b->finding.text);
}

/* ---- fingerprints ---- */

enum { FINGERPRINT_LENGTH = (LINT_FINGERPRINT_SIZE - 1) / 2 };

static void make_fingerprint(const struct entry *entry, unsigned ordinal,
                             struct fingerprint *out)
{
	struct hash *hash = hash_new();
	const struct finding *finding = &entry->finding;
	uint8_t digest[HASH_BYTES];
	CLEANUP(textp)
	char *number = ordinal ? xasprintf("%u", ordinal) : NULL;

	hash_add_text(hash, "trueup-finding-1");
	hash_add_text(hash, finding->rule->id);
	hash_add_text(hash, finding->environment);
	hash_add_text(hash, finding->key);
	hash_add_text(hash, finding->field);
	hash_add_text(hash, entry->detail);
	hash_add_text(hash, number ? number : "0");
	hash_end(hash, digest);
	text_hex(out->text, digest, FINGERPRINT_LENGTH);
}

static int compare_fingerprints(const void *left, const void *right)
{
	const struct fingerprint *const *a = left, *const *b = right;
	const int order = strcmp((*a)->text, (*b)->text);

	return order ? order : (*a > *b) - (*a < *b);
}

/* Equal ones are counted, in the order of the findings. */
static void part_fingerprints(const struct findings *findings,
                              struct fingerprint *prints)
{
	struct fingerprint **order =
		xreallocarray(NULL, findings->count + 1, sizeof(*order));

	for (size_t i = 0; i < findings->count; i++)
		order[i] = &prints[i];
	qsort(order, findings->count, sizeof(struct fingerprint *),
	      compare_fingerprints);
	for (size_t i = 0, first = 0; i < findings->count; i++) {
		if (strcmp(order[first]->text, order[i]->text) != 0)
			first = i;
		else if (i > first)
			make_fingerprint(findings->entries[order[i] - prints],
			                 (unsigned)(i - first), order[i]);
	}
	free(order);
}

struct fingerprint *findings_fingerprints(const struct findings *findings)
{
	struct fingerprint *prints =
		xcalloc(findings->count + 1, sizeof(*prints));

	for (size_t i = 0; i < findings->count; i++)
		make_fingerprint(findings->entries[i], 0, &prints[i]);
	part_fingerprints(findings, prints);
	return prints;
}

void findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->entries, findings->count,
		      sizeof(struct entry *), compare_entries);
}

/* ---- reading ---- */

size_t findings_length(const struct findings *findings)
{
	return findings->count;
}

const struct finding *findings_at(const struct findings *findings, size_t index)
{
	return &findings->entries[index]->finding;
}

enum lint_severity findings_worst(const struct findings *findings)
{
	enum lint_severity worst = LINT_OFF;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->entries[i]->finding;

		if (!finding->waived_by && finding->severity > worst)
			worst = finding->severity;
	}
	return worst;
}
