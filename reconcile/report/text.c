/* SPDX-License-Identifier: MIT */
/* Text: for a person at a terminal. The counts line first and last; marks in
 * column 0; reports of mistakes are on stderr, shown by the front. */
#include "report/drifts.h"
#include "report/formats.h"
#include "report/probes.h"
#include "report/show.h"
#include "report/steps.h"
#include "report/table.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

/* ---- validate ---- */

static void text_files(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->file_count; i++) {
		const struct report_file *file = &report->files[i];

		show_text(out, file->file);
		if (!file->valid) {
			fputs(": not valid\n", out);
			continue;
		}
		fputs(": valid, environment ", out);
		show_text(out, file->environment);
		fprintf(out, ", %zu auth %s\n", file->auth_configs,
		        file->auth_configs == 1 ? "config" : "configs");
	}
}

/* ---- status ---- */

static void text_cell(struct table *table, const char *text)
{
	show_text(table->out, text);
	table_cell(table);
}

static void date_cell(struct table *table, int64_t at_ms)
{
	char text[CLOCK_TEXT_SIZE];

	if (at_ms)
		clock_format(at_ms, text);
	text_cell(table, at_ms ? text : NULL);
}

static bool any_probed(const struct report *report)
{
	for (size_t i = 0; i < report->row_count; i++) {
		const struct auth_config *row = report->rows[i].recorded;

		if (row && was_probed(row))
			return true;
	}
	return false;
}

/* A title alone would make a column of nothing. */
static void text_title(struct table *table, const struct report *report,
                       const char *title)
{
	if (!str_equal(title, "PROBED") || any_probed(report))
		fputs(title, table->out);
	table_cell(table);
}

static void text_rows(const struct report *report, FILE *out)
{
	static const char *const titles[] = {
		"KEY",     "ID",         "CONNECTOR", "SCOPES",
		"APPLIED", "SECRET SET", "PROBED",    "NOTE",
	};
	struct table table;

	if (!report->row_count)
		return;
	table_begin(&table, "", LENGTH(titles));
	for (size_t i = 0; i < LENGTH(titles); i++)
		text_title(&table, report, titles[i]);
	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];

		text_cell(&table, row->key);
		text_cell(&table, row->id);
		text_cell(&table, row->connector);
		text_cell(&table, row->scopes);
		date_cell(&table, row->applied_at_ms);
		date_cell(&table, row->secret_set_at_ms);
		if (row->recorded)
			probed_write(row->recorded, table.out);
		table_cell(&table);
		text_cell(&table, row->note);
	}
	table_end(&table, out);
	rotations_text(report, out);
}

/* ---- the rest ---- */

static void text_message(const char *message, FILE *out)
{
	while (*message) {
		const size_t length = strcspn(message, "\n");

		text_write_safe(out, message, length);
		fputc('\n', out);
		message += length;
		message += *message == '\n';
	}
}

static int write_text(const struct report *report, FILE *out)
{
	if (report->files)
		text_files(report, out);
	if (report->plan && (report->flags & REPORT_DRIFT))
		text_drift(report, out);
	else if (report->apply)
		text_apply(report->apply, out);
	else if (report->plan)
		text_plan(report, out);
	else
		text_findings(report, out);
	text_rows(report, out);
	text_history(report, out);
	text_bindings(report, out);
	text_comparison(report, out);
	text_topics(report, out);
	steps_text(report, out);
	probes_text(report, out);
	if (report->message)
		text_message(report->message, out);
	return ferror(out) ? -1 : 0;
}

extern const struct report_format format_text;

const struct report_format format_text = {
	.name = "text",
	.summary = "for people",
	.write = write_text,
	.join = REPORT_JOIN_HEADED,
};
