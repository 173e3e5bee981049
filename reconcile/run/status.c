/* SPDX-License-Identifier: MIT */
/* Status: what the ledger knows; the platform is not asked. */
#include "run/road.h"

#include "schema/schema.h"

#include <stdlib.h>

static const char client_secret[] = "client.secret";

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static const char *note_of(const struct road *road,
                           const struct auth_config *row)
{
	const struct secret_record *record =
		auth_config_record(row, client_secret);

	if (record && record->in_doubt)
		return "secret in doubt: sent again by the next apply";
	if (!state_find(road->desired, row->key))
		return "orphan: not in the file";
	if (row->flags & AUTH_CONFIG_PROTECTED)
		return "protected";
	return NULL;
}

static void fill_rotation(const struct run *run, const struct road *road,
                          const struct auth_config *row, struct report_row *out)
{
	const struct memo *open = auth_config_memo(row, ROTATION_OPEN);

	if (!open)
		return;
	out->rotation_days =
		(int)((run->clock->wall_ms(run->clock) - open->at_ms) / DAY_MS);
	out->rotation_overdue =
		out->rotation_days > (int)road->lint_policy->max_rotation_days;
}

static void fill_row(const struct run *run, const struct road *road,
                     const struct auth_config *row, struct report_row *out)
{
	const struct secret_record *record =
		auth_config_record(row, client_secret);
	const struct value scopes = auth_config_value(row, "scopes");

	*out = (struct report_row){
		.key = row->key,
		.id = row->id,
		.connector = auth_config_text(row, "connector"),
		.scopes = scopes.kind == VALUE_SET ? value_show(&scopes) : NULL,
		.applied_at_ms = row->applied_at_ms,
		.secret_set_at_ms = record ? record->set_at_ms : 0,
		.note = note_of(road, row),
		.recorded = row,
	};
	fill_rotation(run, road, row, out);
}

static struct report_row *make_rows(const struct run *run,
                                    const struct road *road, size_t *count)
{
	struct report_row *rows;

	*count = state_length(road->applied);
	rows = xcalloc(*count + 1, sizeof(*rows));
	for (size_t i = 0; i < *count; i++)
		fill_row(run, road, state_at(road->applied, i), &rows[i]);
	return rows;
}

static void free_rows(struct report_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(rows[i].scopes);
	free(rows);
}

static int write_ids(struct run *run, struct report *report)
{
	const char *format = run->options.format ? run->options.format : "env";

	if (report_ids(report, format, run->out, run->diag) < 0 ||
	    (fflush(run->out) != 0 && road_unwritable(run) < 0))
		return run_exit(run->diag);
	return 0;
}

int run_status(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report report = { .exit = 0 };
	struct report_row *rows = NULL;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (road_read_ledger(run, &road) < 0)
		report.exit = run_exit(run->diag);
	else
		rows = make_rows(run, &road, &report.row_count);
	road_describe(run, &road, &report);
	report.rows = rows;
	if (rows && road.ledger_mode == LEDGER_MODE_NEVER_MADE)
		report.message = "no ledger yet: nothing was applied from here";
	if ((run->options.flags & RUN_IDS) && report.exit == 0)
		result = write_ids(run, &report);
	else
		result = road_report(run, &report);
	free_rows(rows, report.row_count);
	return result;
}
