/* SPDX-License-Identifier: MIT */
/* History: runs and their steps, as text and as JSON. */
#include "report/formats.h"
#include "report/json.h"
#include "report/show.h"
#include "report/table.h"

#include "base/clock.h"

#include <inttypes.h>

/* ---- text ---- */

static void show_date(FILE *out, int64_t at_ms)
{
	char text[CLOCK_TEXT_SIZE];

	clock_format(at_ms, text);
	fputs(text, out);
}

static void show_named(FILE *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, "%s", name);
	show_text(out, text);
}

static void text_run(const struct report_past_run *run, FILE *out)
{
	fprintf(out, "%" PRId64 "  ", run->number);
	show_date(out, run->began_ms);
	show_named(out, "  ", run->command);
	show_named(out, ", ", run->result ? run->result : "not ended");
	show_named(out, ", by ", run->who);
	show_named(out, ", from ", run->revision);
	fputc('\n', out);
}

static void cell(struct table *table, const char *text)
{
	show_text(table->out, text);
	table_cell(table);
}

static void text_step(struct table *table, const struct report_past_step *step)
{
	cell(table, step->outcome);
	cell(table, step->kind);
	cell(table, step->key);
	cell(table, step->id);
	if (step->status)
		fprintf(table->out, "HTTP %d", step->status);
	table_cell(table);
	cell(table, step->message);
}

static void text_steps(const struct report_past_run *run, FILE *out)
{
	struct table table;

	if (!run->step_count)
		return;
	table_begin(&table, "    ", 6);
	for (size_t i = 0; i < run->step_count; i++)
		text_step(&table, &run->steps[i]);
	table_end(&table, out);
}

void text_history(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->run_count; i++) {
		text_run(&report->runs[i], out);
		text_steps(&report->runs[i], out);
	}
}

/* ---- JSON ---- */

static json_t *step_json(const struct report_past_step *step)
{
	json_t *object = json_object();

	json_put(object, "kind", json_text(step->kind));
	json_put(object, "key", json_text(step->key));
	json_put(object, "id", json_text(step->id));
	json_put(object, "outcome", json_text(step->outcome));
	json_put(object, "status",
	         step->status ? json_integer(step->status) : json_null());
	json_put(object, "message", json_text(step->message));
	json_put(object, "at", json_date(step->at_ms));
	return object;
}

static json_t *run_json(const struct report_past_run *run)
{
	json_t *object = json_object();
	json_t *steps = json_array();

	for (size_t i = 0; i < run->step_count; i++)
		(void)json_array_append_new(steps, step_json(&run->steps[i]));
	json_put(object, "number", json_integer(run->number));
	json_put(object, "command", json_text(run->command));
	json_put(object, "who", json_text(run->who));
	json_put(object, "revision", json_text(run->revision));
	json_put(object, "digest", json_text(run->digest));
	json_put(object, "began_at", json_date(run->began_ms));
	json_put(object, "ended_at", json_date(run->ended_ms));
	json_put(object, "result", json_text(run->result));
	json_put(object, "steps", steps);
	return object;
}

json_t *json_history(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->run_count; i++)
		(void)json_array_append_new(array, run_json(&report->runs[i]));
	return array;
}
