/* SPDX-License-Identifier: MIT */
#include "report/probes.h"

#include "report/json.h"
#include "report/show.h"
#include "report/table.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

/* ---- now ---- */

static void part_rows(struct table *table, enum probe_part part,
                      const struct probe_finding *finding)
{
	const char *advice = probe_advice(part, finding->verdict);

	if (finding->verdict == PROBE_UNASKED)
		return;
	fputs(probe_part_names[part], table->out);
	table_cell(table);
	fputs(probe_verdict_names[finding->verdict], table->out);
	table_cell(table);
	show_text(table->out, finding->evidence);
	table_row(table);
	if (!*advice)
		return;
	table_cell(table);
	table_cell(table);
	fprintf(table->out, "-> %s", advice);
	table_row(table);
}

static void probe_text(const struct report *report,
                       const struct report_probe *probe, FILE *out)
{
	struct table table;

	show_text(out, report->environment);
	fputc('/', out);
	show_text(out, probe->key);
	if (probe->provider) {
		fputs(", ", out);
		show_text(out, probe->provider);
	}
	if (!probe->result) {
		fputs(": ", out);
		show_text(out, probe->skipped);
		fputc('\n', out);
		return;
	}
	fputs(":\n", out);
	table_begin(&table, "  ", 3);
	for (int i = 0; i < PROBE_PARTS; i++)
		part_rows(&table, (enum probe_part)i, &probe->result->parts[i]);
	table_end(&table, out);
}

void probes_text(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->probe_count; i++)
		probe_text(report, &report->probes[i], out);
}

static json_t *part_json(enum probe_part part,
                         const struct probe_finding *finding)
{
	json_t *object = json_object();

	json_put(object, "part", json_text(probe_part_names[part]));
	json_put(object, "verdict",
	         json_text(probe_verdict_names[finding->verdict]));
	json_put(object, "bad", json_boolean(probe_is_bad(finding->verdict)));
	json_put(object, "evidence", json_text(finding->evidence));
	json_put(object, "advice",
	         json_text(probe_advice(part, finding->verdict)));
	return object;
}

static json_t *probe_json(const struct report_probe *probe)
{
	json_t *object = json_object();
	json_t *parts = json_array();

	for (int i = 0; probe->result && i < PROBE_PARTS; i++) {
		const struct probe_finding *finding = &probe->result->parts[i];

		if (finding->verdict != PROBE_UNASKED)
			(void)json_array_append_new(
				parts, part_json((enum probe_part)i, finding));
	}
	json_put(object, "key", json_text(probe->key));
	json_put(object, "provider", json_text(probe->provider));
	json_put(object, "skipped", json_text(probe->skipped));
	json_put(object, "parts", parts);
	return object;
}

json_t *probes_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->probe_count; i++)
		(void)json_array_append_new(array,
		                            probe_json(&report->probes[i]));
	return array;
}
