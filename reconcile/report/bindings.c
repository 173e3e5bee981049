/* SPDX-License-Identifier: MIT */
/* Bindings, for people and for machines. */
#include "platform/platform.h"
#include "report/formats.h"
#include "report/json.h"
#include "report/show.h"
#include "report/table.h"

/* ---- text ---- */

static void cell(struct table *table, const char *text)
{
	show_text(table->out, text);
	table_cell(table);
}

static void abilities(FILE *out, const struct binding_facts *facts)
{
	for (size_t i = 0; i < facts->ability_count; i++)
		fprintf(out, "%s%s", i ? ", " : "", facts->abilities[i]);
}

static void text_list(const struct report *report, FILE *out)
{
	static const char *const titles[] = { "NAME", "STATUS", "CAN", "URL" };
	struct table table;

	table_begin(&table, "", LENGTH(titles));
	for (size_t i = 0; i < LENGTH(titles); i++)
		cell(&table, titles[i]);
	for (size_t i = 0; i < report->binding_count; i++) {
		const struct binding_facts *facts = &report->bindings[i];

		cell(&table, facts->name);
		cell(&table, binding_status_names[facts->status]);
		abilities(table.out, facts);
		table_cell(&table);
		cell(&table, facts->url);
	}
	table_end(&table, out);
}

static void row(struct table *table, const char *name, const char *words)
{
	cell(table, name);
	cell(table, words);
}

static void text_head(const struct binding_facts *facts, FILE *out)
{
	struct table table;

	show_text(out, facts->name);
	fprintf(out, "  %s\n", binding_status_names[facts->status]);
	table_begin(&table, "  ", 2);
	if (facts->file)
		row(&table, "file", facts->file);
	row(&table, "sha256", facts->hash);
	row(&table, "url", facts->url);
	cell(&table, "can");
	abilities(table.out, facts);
	table_cell(&table);
	row(&table, "lists", facts->paging);
	row(&table, "identity", facts->identity);
	row(&table, "updates", facts->updates);
	row(&table, "connections", facts->connections);
	table_end(&table, out);
}

static void text_facts(const char *title, const struct binding_fact *items,
                       size_t count, FILE *out)
{
	struct table table;

	if (!count)
		return;
	fprintf(out, "\n%s\n", title);
	table_begin(&table, "  ", 2);
	for (size_t i = 0; i < count; i++)
		row(&table, items[i].name, items[i].words);
	table_end(&table, out);
}

static void text_binding(const struct binding_facts *facts, FILE *out)
{
	text_head(facts, out);
	text_facts("Fields", facts->fields, facts->field_count, out);
	text_facts("Secrets", facts->secrets, facts->secret_count, out);
	text_facts("Parameters", facts->parameters, facts->parameter_count,
	           out);
	if (facts->trap_count)
		fputs("\nTraps\n", out);
	for (size_t i = 0; i < facts->trap_count; i++) {
		fputs("  - ", out);
		show_text(out, facts->traps[i]);
		fputc('\n', out);
	}
}

void text_bindings(const struct report *report, FILE *out)
{
	if (!report->bindings)
		return;
	if (!(report->flags & REPORT_DETAILS)) {
		text_list(report, out);
		return;
	}
	for (size_t i = 0; i < report->binding_count; i++)
		text_binding(&report->bindings[i], out);
	if (report->message)
		fputc('\n', out);
}

/* ---- JSON ---- */

static json_t *texts_json(const char *const *texts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(array, json_text(texts[i]));
	return array;
}

static json_t *facts_json(const struct binding_fact *items, size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		json_put(object, items[i].name, json_text(items[i].words));
	return object;
}

static json_t *binding_json(const struct binding_facts *facts)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(facts->name));
	json_put(object, "status",
	         json_text(binding_status_names[facts->status]));
	json_put(object, "file", json_text(facts->file));
	json_put(object, "sha256", json_text(facts->hash));
	json_put(object, "url", json_text(facts->url));
	json_put(object, "can",
	         texts_json(facts->abilities, facts->ability_count));
	json_put(object, "lists", json_text(facts->paging));
	json_put(object, "identity", json_text(facts->identity));
	json_put(object, "updates", json_text(facts->updates));
	json_put(object, "connections", json_text(facts->connections));
	json_put(object, "fields",
	         facts_json(facts->fields, facts->field_count));
	json_put(object, "secrets",
	         facts_json(facts->secrets, facts->secret_count));
	json_put(object, "parameters",
	         facts_json(facts->parameters, facts->parameter_count));
	json_put(object, "traps", texts_json(facts->traps, facts->trap_count));
	return object;
}

json_t *json_bindings(const struct binding_facts *bindings, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(array, binding_json(&bindings[i]));
	return array;
}
