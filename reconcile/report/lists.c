/* SPDX-License-Identifier: MIT */
#include "report/lists.h"

#include "report/drifts.h"
#include "report/issues.h"
#include "report/report.h"
#include "report/show.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Who is given the lists. */
struct reader {
	list_visit_fn *visit;
	void *context;
};

/* A list's lines, until it is given away. */
struct lines {
	FILE *out;
	char *text;
	size_t length;
};

static void lines_begin(struct lines *lines)
{
	lines->out = xmemstream(&lines->text, &lines->length);
}

static void give(struct lines *lines, const struct reader *reader,
                 const char *title, enum list_kind kind)
{
	(void)fclose(lines->out);
	if (*lines->text)
		reader->visit(&(struct list){ title, lines->text, kind },
		              reader->context);
	free(lines->text);
}

/* A word behind two blanks; nothing for NULL and "". */
static void more(FILE *out, const char *text)
{
	CLEANUP(textp) char *safe = NULL;

	if (!text || !*text)
		return;
	safe = text_safe(text);
	fputs("  ", out);
	text_clip(out, safe, LIST_WORD);
}

static void more_place(FILE *out, const struct place *place)
{
	if (!place->file)
		return;
	fputs("  ", out);
	show_place(out, place);
}

/* ---- mistakes and findings ---- */

static const char *const severities[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_INFO] = "info",
};

static void issue_lines(const struct report *report,
                        const struct reader *reader)
{
	struct issues issues;
	struct lines lines;

	issues_init(&issues, report, 0);
	lines_begin(&lines);
	for (size_t i = 0; i < issues.count; i++) {
		const struct issue *issue = &issues.items[i];

		fputs(issue_waiver(issue) ? "waived"
		                          : severities[issue->severity],
		      lines.out);
		more(lines.out, issue->id);
		more_place(lines.out, &issue->place);
		more(lines.out, issue->text);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "Mistakes and findings", LIST_FOLDED);
	issues_release(&issues);
}

static void contradiction_lines(const struct plan *plan,
                                const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct plan_finding *finding = &plan->findings[i];

		fputs(severities[finding->severity], lines.out);
		more(lines.out, finding->address);
		more(lines.out, finding->field);
		more(lines.out, finding->text);
		more_place(lines.out, &finding->place);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "What the platform says to it", LIST_FOLDED);
}

/* ---- beside the plan ---- */

static void bystander_lines(const struct bystander *items, size_t count,
                            const char *title, const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < count; i++) {
		show_text(lines.out, items[i].key ? items[i].key : "");
		more(lines.out, items[i].id);
		more(lines.out, items[i].connector);
		more(lines.out, items[i].name);
		fputc('\n', lines.out);
	}
	give(&lines, reader, title, LIST_FOLDED);
}

static void left_lines(const struct plan *plan, const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < plan->left_count; i++) {
		show_text(lines.out, plan->left[i]);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "Left alone, not asked for", LIST_FOLDED);
}

static void note_lines(const struct plan *plan, const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < plan->note_count; i++) {
		show_text(lines.out, plan->notes[i].address);
		more(lines.out, plan->notes[i].id);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "Noted in the ledger by apply, nothing is sent",
	     LIST_FOLDED);
}

static void resolution_lines(const struct resolved *resolved,
                             const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; resolved && i < resolved->resolution_count; i++) {
		show_text(lines.out, resolved->resolutions[i].text);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "Left open by an earlier run", LIST_FOLDED);
}

static void plan_lines(const struct report *report, const struct reader *reader)
{
	const struct plan *plan = report->plan;

	contradiction_lines(plan, reader);
	note_lines(plan, reader);
	left_lines(plan, reader);
	bystander_lines(plan->orphans, plan->orphan_count,
	                "Orphans, no longer declared "
	                "(<code>--prune</code> deletes them, <code>trueup "
	                "forget KEY</code> lets go)",
	                reader);
	bystander_lines(plan->retired, plan->retired_count,
	                "Retired by a replacement, still live "
	                "(<code>--prune</code> deletes them)",
	                reader);
	bystander_lines(plan->unmanaged, plan->unmanaged_count,
	                "Unmanaged, never touched (<code>trueup adopt KEY "
	                "--id ID</code> takes one over)",
	                reader);
}

/* ---- what was done ---- */

static void step_line(const struct step *step, FILE *out)
{
	fputs(step_end_names[step->end], out);
	more(out, step->change->address);
	more(out, change_kind_names[step->change->kind]);
	more(out, step->id);
	if (step->status && step->end != STEP_DONE)
		fprintf(out, "  HTTP %d", step->status);
	more(out, step->message);
	for (size_t i = 0; i < step->rewritten_count; i++) {
		fputs("  the platform keeps another value of", out);
		more(out, step->rewritten[i]);
	}
	more(out, step->advice);
	fputc('\n', out);
}

static void step_lines(const struct apply_result *result,
                       const struct reader *reader)
{
	struct lines done, rest;

	lines_begin(&done);
	lines_begin(&rest);
	for (size_t i = 0; i < result->step_count; i++) {
		const struct step *step = &result->steps[i];

		step_line(step, step->end == STEP_DONE ? done.out : rest.out);
	}
	give(&rest, reader, "Not done", LIST_OPEN);
	give(&done, reader, "Done", LIST_FOLDED);
}

static void deed_lines(const struct report *report, const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < report->deed_count; i++) {
		const struct report_deed *deed = &report->deeds[i];

		for (size_t j = 0; j < deed->step_count; j++) {
			show_text(lines.out, deed->change->address);
			more(lines.out, deed->steps[j]);
			fputc('\n', lines.out);
		}
		show_text(lines.out, deed->change->address);
		more(lines.out, deed->record);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "Steps to take by hand", LIST_OPEN);
}

/* ---- drift ---- */

static void drift_line(const struct drift *drift, FILE *out)
{
	struct lines values;

	lines_begin(&values);
	drift_values(drift, values.out);
	(void)fclose(values.out);
	show_text(out, drift->address);
	more(out, drift->name);
	more(out, values.text);
	more(out, drift->words);
	more_place(out, &drift->place);
	fputc('\n', out);
	free(values.text);
}

static void drift_lines(const struct plan *plan, const struct reader *reader)
{
	CLEANUP(drifts_release) struct drifts drifts;
	size_t at = 0;

	drifts_find(plan, &drifts);
	for (size_t side = 0; side < DRIFT_SIDES; side++) {
		struct lines lines;

		lines_begin(&lines);
		for (size_t i = 0; i < drifts.counts[side]; i++)
			drift_line(&drifts.items[at++], lines.out);
		give(&lines, reader, drift_titles[side], LIST_OPEN);
	}
}

/* ---- files ---- */

static void file_lines(const struct report *report, const struct reader *reader)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < report->file_count; i++) {
		const struct report_file *file = &report->files[i];

		show_text(lines.out, file->file);
		more(lines.out, file->valid ? "valid" : "not valid");
		more(lines.out, file->environment);
		fputc('\n', lines.out);
	}
	give(&lines, reader, "Files", LIST_FOLDED);
}

void report_lists(const struct report *report, list_visit_fn *visit,
                  void *context)
{
	const struct reader reader = { visit, context };

	if (report->apply)
		step_lines(report->apply, &reader);
	deed_lines(report, &reader);
	resolution_lines(report->resolved, &reader);
	issue_lines(report, &reader);
	if (report->plan && (report->flags & REPORT_DRIFT))
		drift_lines(report->plan, &reader);
	else if (report->plan)
		plan_lines(report, &reader);
	file_lines(report, &reader);
}

/* ---- lines ---- */

size_t lines_within(const char *lines, size_t most, size_t *count)
{
	size_t length = 0;

	*count = 0;
	while (lines[length]) {
		const size_t line = strcspn(lines + length, "\n") + 1;

		if (length + line > most)
			break;
		length += line;
		++*count;
	}
	return length;
}

/* The start of the last whole character that begins before `most`. */
static size_t whole_length(const char *text, size_t most)
{
	size_t length = strnlen(text, most);

	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

void text_clip(FILE *out, const char *safe, size_t most)
{
	const size_t length = whole_length(safe, most);

	fwrite(safe, 1, length, out);
	if (safe[length])
		fprintf(out, "… (%zu bytes)", strlen(safe));
}
