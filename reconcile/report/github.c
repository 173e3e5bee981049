/* SPDX-License-Identifier: MIT */
/*
 * GitHub: a workflow command a line, which Actions shows beside the code.
 *
 *     ::error file=prod.yaml,line=14,col=9,title=TRUEUP-1101::unknown key …
 *
 * Actions shows ten annotations of a type and step; the rest is counted. A
 * value cannot end its command: % and line ends are written as %25, %0D and
 * %0A, and in properties also : and , as %3A and %2C.
 */
#include "report/issues.h"

#include "base/text.h"

#include <string.h>

enum { ANNOTATIONS = 10 }; /* of each severity */

static const char *const commands[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_INFO] = "notice",
};

static void write_escaped(FILE *out, const char *text, const char *special)
{
	while (*text) {
		const size_t plain = strcspn(text, special);

		fwrite(text, 1, plain, out);
		text += plain;
		if (*text)
			fprintf(out, "%%%02X", (unsigned char)*text++);
	}
}

static void write_property(FILE *out, const char *name, const char *value)
{
	CLEANUP(textp) char *safe = text_safe(value);

	fprintf(out, "%s=", name);
	write_escaped(out, safe, "%\r\n:,");
}

static void write_place(FILE *out, const struct place *place)
{
	if (!place->file)
		return;
	write_property(out, "file", place->file);
	if (place->line)
		fprintf(out, ",line=%u", place->line);
	if (place->line && place->column)
		fprintf(out, ",col=%u", place->column);
	fputc(',', out);
}

static void annotate(FILE *out, const struct issue *issue)
{
	fprintf(out, "::%s ", commands[issue->severity]);
	write_place(out, &issue->place);
	write_property(out, "title", issue->id);
	fputs("::", out);
	write_escaped(out, issue->text, "%\r\n");
	fputc('\n', out);
}

static void write_rest(FILE *out, const size_t *counts, size_t waived)
{
	for (unsigned i = SEVERITY_ERROR; i <= SEVERITY_INFO; i++) {
		const size_t rest =
			counts[i] > ANNOTATIONS ? counts[i] - ANNOTATIONS : 0;

		if (rest)
			fprintf(out, "trueup: %zu more %s%s, not annotated\n",
			        rest, commands[i], rest == 1 ? "" : "s");
	}
	if (waived)
		fprintf(out, "trueup: %zu waived\n", waived);
}

static int write_github(const struct report *report, FILE *out)
{
	struct issues issues;
	size_t counts[SEVERITY_INFO + 1] = { 0 }, waived = 0;

	issues_init(&issues, report, ISSUES_RISKS);
	for (size_t i = 0; i < issues.count; i++) {
		const struct issue *issue = &issues.items[i];

		if (issue_waiver(issue))
			waived++;
		else if (counts[issue->severity]++ < ANNOTATIONS)
			annotate(out, issue);
	}
	write_rest(out, counts, waived);
	issues_release(&issues);
	return ferror(out) ? -1 : 0;
}

extern const struct report_format format_github;

const struct report_format format_github = {
	.name = "github",
	.summary = "annotations of GitHub Actions, ten of each type",
	.machine = true,
	.write = write_github,
	.join = REPORT_JOIN_LINES,
};
