/* SPDX-License-Identifier: MIT */
/* What is listed behind the changes, a fold each. */
#include "report/issues.h"
#include "report/markdown.h"
#include "report/show.h"

#include "base/text.h"

/* A list's lines, until page_list() has them. */
struct lines {
	FILE *out;
	char *text;
	size_t length;
};

static void lines_begin(struct lines *lines)
{
	lines->out = xmemstream(&lines->text, &lines->length);
}

static void lines_end(struct lines *lines, struct page *page, const char *title)
{
	(void)fclose(lines->out);
	page_list(page, &(struct list){ .title = title, .lines = lines->text });
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
	markdown_clip(out, safe, MARKDOWN_VALUE);
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

static void issue_lines(const struct report *report, struct page *page)
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
	lines_end(&lines, page, "Mistakes and findings");
	issues_release(&issues);
}

static void contradiction_lines(const struct plan *plan, struct page *page)
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
	lines_end(&lines, page, "What the platform says to it");
}

/* ---- beside the plan ---- */

static void bystander_lines(const struct bystander *items, size_t count,
                            const char *title, struct page *page)
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
	lines_end(&lines, page, title);
}

static void left_lines(const struct plan *plan, struct page *page)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < plan->left_count; i++) {
		show_text(lines.out, plan->left[i]);
		fputc('\n', lines.out);
	}
	lines_end(&lines, page, "Left alone, not asked for");
}

static void note_lines(const struct plan *plan, struct page *page)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; i < plan->note_count; i++) {
		show_text(lines.out, plan->notes[i].address);
		more(lines.out, plan->notes[i].id);
		fputc('\n', lines.out);
	}
	lines_end(&lines, page,
	          "Noted in the ledger by apply, nothing is sent");
}

static void resolution_lines(const struct resolved *resolved, struct page *page)
{
	struct lines lines;

	lines_begin(&lines);
	for (size_t i = 0; resolved && i < resolved->resolution_count; i++) {
		show_text(lines.out, resolved->resolutions[i].text);
		fputc('\n', lines.out);
	}
	lines_end(&lines, page, "Left open by an earlier run");
}

static void plan_lines(const struct report *report, struct page *page)
{
	const struct plan *plan = report->plan;

	contradiction_lines(plan, page);
	note_lines(plan, page);
	left_lines(plan, page);
	bystander_lines(plan->orphans, plan->orphan_count,
	                "Orphans, no longer declared "
	                "(<code>--prune</code> deletes them, <code>trueup "
	                "forget KEY</code> lets go)",
	                page);
	bystander_lines(plan->retired, plan->retired_count,
	                "Retired by a replacement, still live "
	                "(<code>--prune</code> deletes them)",
	                page);
	bystander_lines(plan->unmanaged, plan->unmanaged_count,
	                "Unmanaged, never touched (<code>trueup adopt KEY "
	                "--id ID</code> takes one over)",
	                page);
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

static void step_lines(const struct apply_result *result, struct page *page)
{
	struct lines done, rest;

	lines_begin(&done);
	lines_begin(&rest);
	for (size_t i = 0; i < result->step_count; i++) {
		const struct step *step = &result->steps[i];

		step_line(step, step->end == STEP_DONE ? done.out : rest.out);
	}
	(void)fclose(rest.out);
	page_list(page, &(struct list){ "Not done", rest.text, true });
	free(rest.text);
	lines_end(&done, page, "Done");
}

static void deed_lines(const struct report *report, struct page *page)
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
	(void)fclose(lines.out);
	page_list(page,
	          &(struct list){ "Steps to take by hand", lines.text, true });
	free(lines.text);
}

/* ---- files ---- */

static void file_lines(const struct report *report, struct page *page)
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
	lines_end(&lines, page, "Files");
}

void markdown_lists(const struct report *report, struct page *page)
{
	if (report->apply)
		step_lines(report->apply, page);
	deed_lines(report, page);
	resolution_lines(report->resolved, page);
	issue_lines(report, page);
	if (report->plan)
		plan_lines(report, page);
	file_lines(report, page);
}
