/* SPDX-License-Identifier: MIT */
#include "report/show.h"
#include "report/steps.h"
#include "report/table.h"

#include "base/text.h"

/* ---- by hand ---- */

static void deed(const struct report_deed *deed, FILE *out)
{
	fputc('\n', out);
	show_text(out, deed->change->address);
	fprintf(out, ", %s:\n", change_kind_names[deed->change->kind]);
	for (size_t i = 0; i < deed->step_count; i++) {
		fprintf(out, "  %zu. ", i + 1);
		show_text(out, deed->steps[i]);
		fputc('\n', out);
	}
	fputs("  Then say that it is done:  ", out);
	show_text(out, deed->record);
	fputc('\n', out);
}

static void deeds(const struct report *report, FILE *out)
{
	if (!report->deed_count)
		return;
	fprintf(out,
	        "\nBy hand, %zu %s. Nothing was changed at the platform by "
	        "this run.\n",
	        report->deed_count,
	        report->deed_count == 1 ? "change" : "changes");
	for (size_t i = 0; i < report->deed_count; i++)
		deed(&report->deeds[i], out);
}

/* ---- coverage and credentials ---- */

static void cell(struct table *table, const char *text)
{
	show_text(table->out, text);
	table_cell(table);
}

static void titles(struct table *table, const char *const *names, size_t count)
{
	table_begin(table, "", count);
	for (size_t i = 0; i < count; i++)
		cell(table, names[i]);
}

static void covers(const struct report *report, FILE *out)
{
	static const char *const names[] = { "CONNECTOR", "AUTH CONFIG",
		                             "DECLARED", "WITH AN ID",
		                             "VERDICT" };
	struct table table;

	if (!report->cover_count)
		return;
	titles(&table, names, LENGTH(names));
	for (size_t i = 0; i < report->cover_count; i++) {
		const struct report_cover *cover = &report->covers[i];

		cell(&table, cover->connector);
		cell(&table, !cover->known     ? NULL
		             : cover->required ? "required"
		                               : "optional");
		cell(&table, cover->keys);
		fprintf(table.out, "%zu of %zu", cover->recorded,
		        cover->declared);
		table_cell(&table);
		cell(&table, cover->verdict);
	}
	table_end(&table, out);
}

static void credentials(const struct report *report, FILE *out)
{
	static const char *const names[] = { "CREDENTIAL", "NAME", "TYPE",
		                             "CREATED" };
	struct table table;

	if (!report->credential_count)
		return;
	titles(&table, names, LENGTH(names));
	for (size_t i = 0; i < report->credential_count; i++) {
		const struct report_credential *one = &report->credentials[i];

		cell(&table, one->id);
		cell(&table, one->name);
		cell(&table, one->type);
		cell(&table, one->created_at);
	}
	table_end(&table, out);
}

/* Alone on its line: it goes into a browser, or a variable. */
static void made(const struct report *report, FILE *out)
{
	const struct report_credential *one = report->made;

	if (!one)
		return;
	show_text(out, one->url ? one->url : one->id);
	fputc('\n', out);
}

void steps_text(const struct report *report, FILE *out)
{
	deeds(report, out);
	covers(report, out);
	credentials(report, out);
	made(report, out);
	lock_text(report, out);
}
