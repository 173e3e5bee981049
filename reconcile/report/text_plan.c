/* SPDX-License-Identifier: MIT */
/* A plan for people. */
#include "report/formats.h"
#include "report/show.h"
#include "report/table.h"
#include "report/words.h"

#include "base/text.h"

static void bystanders(FILE *out, const char *title,
                       const struct bystander *items, size_t count)
{
	struct table table;

	if (!count)
		return;
	fprintf(out, "\n%s\n", title);
	table_begin(&table, "  ", 5);
	for (size_t i = 0; i < count; i++) {
		if (items[i].key)
			show_text(table.out, items[i].key);
		table_cell(&table);
		show_text(table.out, items[i].id);
		table_cell(&table);
		show_text(table.out, items[i].connector);
		table_cell(&table);
		show_item(table.out, items[i].name ? items[i].name : "");
		table_cell(&table);
		if (items[i].opaque)
			fputs("of a kind unknown here", table.out);
		table_row(&table);
	}
	table_end(&table, out);
}

static void findings(const struct plan *plan, FILE *out)
{
	static const char *const words[] = {
		[SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_INFO] = "info",
	};
	struct table table;

	if (!plan->finding_count)
		return;
	fputs("\nFindings\n", out);
	table_begin(&table, "  ", 4);
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct plan_finding *finding = &plan->findings[i];

		fputs(words[finding->severity], table.out);
		table_cell(&table);
		show_text(table.out, finding->address);
		table_cell(&table);
		show_text(table.out, finding->field);
		fputs(": ", table.out);
		show_text(table.out, finding->text);
		table_cell(&table);
		show_place(table.out, &finding->place);
		table_row(&table);
	}
	table_end(&table, out);
}

static void notes(const struct report *report, FILE *out)
{
	const struct plan *plan = report->plan;

	if (!plan->note_count)
		return;
	fprintf(out, "\nNoted in the ledger by apply, nothing is sent: %zu\n",
	        plan->note_count);
	text_changes(report, plan->notes, plan->note_count, out);
}

static bool has_resolutions(const struct report *report)
{
	return report->resolved && report->resolved->resolution_count;
}

static void resolutions(const struct report *report, FILE *out)
{
	const struct resolved *resolved = report->resolved;

	if (!has_resolutions(report))
		return;
	fputs("\nLeft open by an earlier run\n", out);
	for (size_t i = 0; i < resolved->resolution_count; i++) {
		fputs("  ", out);
		show_text(out, resolved->resolutions[i].text);
		fputc('\n', out);
	}
}

/* Why apply would stop, and what the operator has allowed: the last thing to
 * be read but for the counts. */
static void guards(const struct plan *plan, FILE *out)
{
	for (size_t i = 0; i < plan->guard_count; i++) {
		const struct guard *guard = &plan->guards[i];

		if (guard->lifted) {
			fprintf(out, "Allowed: %s %ju, where %ju would be\n",
			        guard->name, (uintmax_t)guard->count,
			        (uintmax_t)guard->limit);
			continue;
		}
		fputs("BLOCKED: ", out);
		show_text(out, guard->text);
		fputc('\n', out);
	}
	for (size_t i = 0; i < plan->change_count; i++) {
		if (!plan->changes[i].blocked)
			continue;
		fputs("BLOCKED: ", out);
		show_text(out, plan->changes[i].address);
		fputs(", as said above\n", out);
	}
}

static void heading(const struct plan *plan, FILE *out)
{
	fputs("Environment ", out);
	show_text(out, plan->environment);
	fputs(" at ", out);
	show_text(out, plan->origin);
	fputs(" (", out);
	show_text(out, plan->platform);
	fputs("), files: ", out);
	show_text(out, plan->revision);
	fputc('\n', out);
	if (plan->binding_note)
		fprintf(out, "%s\n", plan->binding_note);
	if (ledger_mode_words[plan->ledger_mode])
		fprintf(out, "%s\n", ledger_mode_words[plan->ledger_mode]);
}

static void by_hand(const struct report *report, FILE *out)
{
	if (report->flags & REPORT_BY_HAND)
		fprintf(out, "%s\n", words_by_hand);
}

static void unmanaged(const struct report *report, FILE *out)
{
	const struct plan *plan = report->plan;

	if (report->flags & REPORT_FULL)
		bystanders(out, "Unmanaged, never touched", plan->unmanaged,
		           plan->unmanaged_count);
	else if (plan->unmanaged_count)
		fprintf(out,
		        "\nUnmanaged, never touched: %zu (--full lists "
		        "them)\n",
		        plan->unmanaged_count);
}

/* What is not done here although it differs. */
static void left(const struct plan *plan, FILE *out)
{
	if (!plan->left_count)
		return;
	fprintf(out, "\nLeft alone, not asked for: %zu\n", plan->left_count);
	for (size_t i = 0; i < plan->left_count; i++) {
		fputs("  ", out);
		show_text(out, plan->left[i]);
		fputc('\n', out);
	}
}

static void rules(const struct report *report, FILE *out)
{
	if (!report->findings || !findings_length(report->findings))
		return;
	fputs("\nRules\n", out);
	text_findings(report, out);
}

static void body(const struct report *report, FILE *out)
{
	const struct plan *plan = report->plan;

	heading(plan, out);
	by_hand(report, out);
	resolutions(report, out);
	text_changes(report, plan->changes, plan->change_count, out);
	notes(report, out);
	bystanders(out,
	           report->flags & REPORT_BY_HAND
	                   ? "Orphans, in the ledger and not in the file: "
	                     "apply --prune says how to delete them, `trueup "
	                     "forget KEY` lets go"
	                   : "Orphans, in the ledger and not in the file: "
	                     "--prune deletes them, `trueup forget KEY` lets "
	                     "go",
	           plan->orphans, plan->orphan_count);
	bystanders(out, "Retired by a replacement, still live", plan->retired,
	           plan->retired_count);
	unmanaged(report, out);
	left(plan, out);
	findings(plan, out);
	rules(report, out);
	fprintf(out, "\nDigest: %s\n", plan->digest);
	guards(plan, out);
}

void text_plan(const struct report *report, FILE *out)
{
	if (report_is_quiet(report) && (report->flags & REPORT_QUIET))
		return;
	counts_write(report->plan, out);
	if (report_is_one_line(report))
		return;
	text_risks(report->plan, out);
	body(report, out);
	counts_write(report->plan, out);
}
