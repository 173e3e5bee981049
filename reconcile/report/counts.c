/* SPDX-License-Identifier: MIT */
/* Counts: the lines that a report begins and ends with. */
#include "report/formats.h"

#define KIND(kind) (1U << CHANGE_##kind)

/* Each change is counted once, but for rotations: those are the secrets'. */
static const struct kind_row {
	const char *words;
	bool always; /* shown also when it is 0 */
	unsigned kinds;
} kind_rows[] = {
	{ "to add", true, KIND(CREATE) | KIND(RECREATE) },
	{ "to change", true, KIND(UPDATE) | KIND(RENAME) },
	{ "to delete", true, KIND(DELETE) },
	{ "to replace", false, KIND(REPLACE) },
	{ "to adopt", false, KIND(ADOPT) },
};

static const struct secret_row {
	const char *words;
	enum secret_action action;
} secret_rows[] = {
	{ "to rotate", SECRET_ROTATE },
	{ "to set", SECRET_SET },
	{ "to send again", SECRET_RESEND },
	{ "to clear", SECRET_CLEAR },
};

/* What a new object is made with is no news of its own. */
static bool is_made(const struct change *change)
{
	return (KIND(CREATE) | KIND(RECREATE) | KIND(REPLACE)) &
	       (1U << change->kind);
}

static void count_secrets(const struct plan *plan, size_t *counts)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		for (size_t j = 0; j < change->secret_count; j++) {
			if (!is_made(change) && !change->secrets[j].held)
				counts[change->secrets[j].action]++;
		}
	}
}

static void write_kinds(const struct plan *plan, FILE *out)
{
	const char *between = "";

	for (size_t i = 0; i < LENGTH(kind_rows); i++) {
		size_t count = 0;

		for (unsigned kind = 0; kind < CHANGE_KINDS; kind++) {
			if (kind_rows[i].kinds & (1U << kind))
				count += plan->counts.kinds[kind];
		}
		if (!count && !kind_rows[i].always)
			continue;
		fprintf(out, "%s%zu %s", between, count, kind_rows[i].words);
		between = ", ";
	}
}

static void write_secrets(const struct plan *plan, FILE *out)
{
	size_t counts[SECRET_ACTIONS] = { 0 };

	count_secrets(plan, counts);
	for (size_t i = 0; i < LENGTH(secret_rows); i++) {
		const size_t count = counts[secret_rows[i].action];

		if (count)
			fprintf(out, ", %zu %s %s", count,
			        count == 1 ? "secret" : "secrets",
			        secret_rows[i].words);
	}
}

void counts_write(const struct plan *plan, FILE *out)
{
	fputs("Plan: ", out);
	if (plan_is_empty(plan)) {
		fputs("no changes", out);
	} else {
		write_kinds(plan, out);
		write_secrets(plan, out);
	}
	if (plan->counts.orphaned)
		fprintf(out, ", %zu orphaned", plan->counts.orphaned);
	fprintf(out, ", %zu unchanged", plan->counts.unchanged);
	if (plan->counts.drifted)
		fprintf(out, " (drift: %zu)", plan->counts.drifted);
	fputs(".\n", out);
}

struct report_totals report_totals(const struct plan *plan)
{
	const size_t *kinds = plan->counts.kinds;

	return (struct report_totals){
		.create = kinds[CHANGE_CREATE] + kinds[CHANGE_RECREATE] +
		          kinds[CHANGE_REPLACE],
		.update = kinds[CHANGE_UPDATE] + kinds[CHANGE_RENAME] +
		          kinds[CHANGE_ROTATE],
		.remove = kinds[CHANGE_DELETE] + kinds[CHANGE_REPLACE],
	};
}

void ends_write(const struct apply_result *result, FILE *out)
{
	fprintf(out, "Applied: %zu done", result->ends[STEP_DONE]);
	for (size_t end = 0; end < STEP_ENDS; end++) {
		if (end != STEP_DONE && result->ends[end])
			fprintf(out, ", %zu %s", result->ends[end],
			        step_end_names[end]);
	}
	if (result->notes)
		fprintf(out, ", %zu noted in the ledger", result->notes);
	fputs(".\n", out);
}

struct finding_counts findings_count(const struct findings *findings)
{
	struct finding_counts counts = { .waived = 0 };

	for (size_t i = 0; i < findings_length(findings); i++) {
		const struct finding *finding = findings_at(findings, i);

		if (finding->waived_by)
			counts.waived++;
		else
			counts.of[finding->severity]++;
	}
	return counts;
}
