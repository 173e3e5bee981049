/* SPDX-License-Identifier: MIT */
/* What was done of a plan, for people. */
#include "report/formats.h"
#include "report/show.h"
#include "report/table.h"

static const char detail_indent[] = "    ";

static void detail(struct table *table, const char *words, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(table->out, "%s%s", detail_indent, words);
	show_text(table->out, text);
	table_row(table);
}

static void step_rows(struct table *table, const struct step *step)
{
	slate_words(&table->slate, step_end_names[step->end]);
	table_cell(table);
	slate_text(&table->slate, step->change->address);
	table_cell(table);
	slate_words(&table->slate, change_kind_names[step->change->kind]);
	table_cell(table);
	slate_text(&table->slate, step->id);
	table_cell(table);
	if (step->status && step->end != STEP_DONE)
		fprintf(table->out, "HTTP %d", step->status);
	table_row(table);
	detail(table, "", step->message);
	if (step->end != STEP_DONE)
		detail(table, "request ", step->request_id);
	for (size_t i = 0; i < step->rewritten_count; i++)
		detail(table, "the platform keeps another value of ",
		       step->rewritten[i]);
	detail(table, "", step->advice);
}

void text_apply(const struct apply_result *result, FILE *out)
{
	struct table table;

	if (!result->step_count && !result->notes)
		return;
	fputc('\n', out);
	table_begin(&table, "", 5);
	for (size_t i = 0; i < result->step_count; i++)
		step_rows(&table, &result->steps[i]);
	table_end(&table, out);
	if (result->interrupted)
		fputs("Interrupted: run apply again to go on.\n", out);
	ends_write(result, out);
}
