/* SPDX-License-Identifier: MIT */
/* Findings for people, as the front shows mistakes: place, words, the source
 * line and a caret. */
#include "report/formats.h"

#include "base/limits.h"
#include "base/text.h"

enum severity finding_severity(const struct finding *finding)
{
	static const enum severity severities[] = {
		[LINT_OFF] = SEVERITY_INFO,
		[LINT_INFO] = SEVERITY_INFO,
		[LINT_WARNING] = SEVERITY_WARNING,
		[LINT_ERROR] = SEVERITY_ERROR,
	};

	return severities[finding->severity];
}

bool findings_ask(const struct findings *findings)
{
	return findings && findings_worst(findings) >= LINT_WARNING;
}

static void write_one(const struct report *report,
                      const struct finding *finding, FILE *out)
{
	const struct lint_waiver *waiver = finding->waived_by;
	CLEANUP(textp)
	char *text = xasprintf("%s [%s]", finding->text, finding->rule->id);
	struct diag_note note = { .place = PLACE_NONE };
	const struct diag_report shown = {
		.severity = finding_severity(finding),
		.place = finding->place,
		.text = text,
		.notes = &note,
		.note_count = waiver ? 1 : 0,
	};

	if (waiver) {
		note.place = waiver->place;
		note.text = xasprintf("waived until %s: %s", waiver->expires,
		                      waiver->reason);
	}
	diag_write_report(finding->sensitive ? NULL : report->diag, &shown, out,
	                  report->flags & REPORT_COLOR ? DIAG_COLOR
	                                               : DIAG_PLAIN);
	free(note.text);
}

/* "Findings: 1 error, 2 warnings, 1 waived." */
static void write_counts(const struct findings *findings, FILE *out)
{
	const struct finding_counts counts = findings_count(findings);
	const char *between = "Findings: ";

	for (unsigned severity = LINT_ERROR; severity > LINT_OFF; severity--) {
		const size_t count = counts.of[severity];

		if (!count)
			continue;
		fprintf(out, "%s%zu %s%s", between, count,
		        lint_severity_names[severity],
		        count == 1 || severity == LINT_INFO ? "" : "s");
		between = ", ";
	}
	if (counts.waived)
		fprintf(out, "%s%zu waived", between, counts.waived);
	fputs(".\n", out);
}

void text_findings(const struct report *report, FILE *out)
{
	const struct findings *findings = report->findings;
	const size_t count = findings ? findings_length(findings) : 0;

	if (!count)
		return;
	for (size_t i = 0; i < count && i < LIMIT_REPORTS; i++)
		write_one(report, findings_at(findings, i), out);
	if (count > LIMIT_REPORTS)
		fprintf(out, "and %zu more findings, not shown\n",
		        count - LIMIT_REPORTS);
	write_counts(findings, out);
}
