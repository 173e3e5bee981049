/* SPDX-License-Identifier: MIT */
/* A mistake's fingerprint is made of its code, the words of its text that are
 * ours (all but what stands in backticks), the file's name without its folder,
 * and of how many equal ones stand before it. */
#include "report/issues.h"

#include "report/formats.h"
#include "report/risks.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- fingerprints ---- */

static void hash_own_words(struct hash *hash, const char *text)
{
	while (*text) {
		const size_t own = strcspn(text, "`");

		hash_add_bytes(hash, text, own);
		text += own;
		if (*text)
			text += 1 + strcspn(text + 1, "`");
		text += *text == '`';
	}
}

static const char *name_of_file(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

static void make_fingerprint(struct issue *issue, unsigned ordinal)
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];
	CLEANUP(textp) char *number = xasprintf("%u", ordinal);

	hash_add_text(hash, "trueup-mistake-1");
	hash_add_text(hash, issue->id);
	hash_own_words(hash, issue->report->text);
	hash_add_text(hash, name_of_file(issue->place.file));
	hash_add_text(hash, number);
	hash_end(hash, digest);
	text_hex(issue->fingerprint, digest, (LINT_FINGERPRINT_SIZE - 1) / 2);
}

static int compare_issues(const void *left, const void *right)
{
	const struct issue *const *a = left, *const *b = right;
	const int order = strcmp((*a)->fingerprint, (*b)->fingerprint);

	return order ? order : (*a > *b) - (*a < *b);
}

/* Equal ones are counted, in their order. */
static void part_fingerprints(struct issue *items, size_t count)
{
	struct issue **order = xreallocarray(NULL, count + 1, sizeof(*order));

	for (size_t i = 0; i < count; i++) {
		make_fingerprint(&items[i], 0);
		order[i] = &items[i];
	}
	qsort(order, count, sizeof(struct issue *), compare_issues);
	for (size_t i = 0, first = 0; i < count; i++) {
		if (strcmp(order[first]->fingerprint, order[i]->fingerprint) !=
		    0)
			first = i;
		else if (i > first)
			make_fingerprint(order[i], (unsigned)(i - first));
	}
	free(order);
}

/* ---- the list ---- */

/* The text and the hints behind it. */
static char *whole_text(const struct diag_report *report)
{
	char *whole = NULL;
	size_t length;
	FILE *out = xmemstream(&whole, &length);

	text_write_safe(out, report->text, strlen(report->text));
	for (size_t i = 0; i < report->note_count; i++) {
		const struct diag_note *note = &report->notes[i];

		if (note->place.file)
			continue;
		fputs("; ", out);
		text_write_safe(out, note->text, strlen(note->text));
	}
	(void)fclose(out);
	return whole;
}

static struct issue of_mistake(const struct diag_report *report)
{
	return (struct issue){
		.id = xasprintf("TRUEUP-%04u", report->code),
		.severity = report->severity,
		.place = report->place,
		.text = whole_text(report),
		.report = report,
	};
}

static struct issue of_finding(const struct finding *finding,
                               const struct fingerprint *print)
{
	struct issue issue = {
		.id = xstrdup(finding->rule->id),
		.severity = finding_severity(finding),
		.place = finding->place,
		.text = text_safe(finding->text),
		.finding = finding,
	};

	memcpy(issue.fingerprint, print->text, sizeof(issue.fingerprint));
	return issue;
}

static void add_findings(const struct findings *findings, struct issue *items)
{
	struct fingerprint *prints = findings_fingerprints(findings);

	for (size_t i = 0; i < findings_length(findings); i++)
		items[i] = of_finding(findings_at(findings, i), &prints[i]);
	free(prints);
}

/* A plan has each group once, so its id is fingerprint enough. */
static void hash_risk(struct issue *issue)
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];

	hash_add_text(hash, "trueup-risk-1");
	hash_add_text(hash, issue->id);
	hash_end(hash, digest);
	text_hex(issue->fingerprint, digest, (LINT_FINGERPRINT_SIZE - 1) / 2);
}

static struct issue of_risks(const struct risk_group *group)
{
	const char *subject = risk_subject(group->risks);
	CLEANUP(textp) char *safe = text_safe(subject ? subject : "");
	const bool alone = group->length == 1;
	struct issue issue = {
		.id = xasprintf("risk-%s", group->row->id),
		.severity = group->row->weight == DANGER_DESTRUCTIVE
		                    ? SEVERITY_WARNING
		                    : SEVERITY_INFO,
		.place = group->risks->place,
		.text = xasprintf("%ju %s: %s%s", (uintmax_t)group->count,
		                  group->row->words, safe, alone ? "" : " …"),
	};

	hash_risk(&issue);
	return issue;
}

static void add_risks(const struct plan *plan, struct issues *issues)
{
	struct risk_group group = { .length = 0 };

	while (risk_group_next(plan, &group))
		issues->items[issues->count++] = of_risks(&group);
}

void issues_init(struct issues *issues, const struct report *report,
                 unsigned flags)
{
	const size_t mistakes = report->diag ? diag_length(report->diag) : 0;
	const size_t findings =
		report->findings ? findings_length(report->findings) : 0;
	struct issue *first;

	issues->count = 0;
	issues->items = xcalloc(RISK_KINDS + mistakes + findings + 1,
	                        sizeof(*issues->items));
	if (report->plan && (flags & ISSUES_RISKS) &&
	    !(report->flags & REPORT_DRIFT))
		add_risks(report->plan, issues);
	first = issues->items + issues->count;
	for (size_t i = 0; i < mistakes; i++)
		first[i] = of_mistake(diag_at(report->diag, i));
	part_fingerprints(first, mistakes);
	if (findings)
		add_findings(report->findings, first + mistakes);
	issues->count += mistakes + findings;
}

void issues_release(struct issues *issues)
{
	for (size_t i = 0; i < issues->count; i++) {
		free(issues->items[i].id);
		free(issues->items[i].text);
	}
	free(issues->items);
}

const struct lint_waiver *issue_waiver(const struct issue *issue)
{
	return issue->finding ? issue->finding->waived_by : NULL;
}
