/* SPDX-License-Identifier: MIT */
/* What the ledger remembers: the last verdicts, and rotations under way. */
#include "report/probes.h"

#include "report/json.h"
#include "report/show.h"
#include "report/table.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

static const char prefix[] = "probe.";

/* The part that a memo is of; NULL when it is of no probe. */
static const char *part_of(const struct memo *memo)
{
	return str_starts(memo->name, prefix) ? memo->name + strlen(prefix)
	                                      : NULL;
}

static bool is_outdated(const struct auth_config *row, const struct memo *memo)
{
	return memo->at_ms < row->applied_at_ms;
}

static void write_time(int64_t at_ms, FILE *out)
{
	char text[CLOCK_TEXT_SIZE];

	clock_format(at_ms, text);
	fputs(text, out);
}

/* ---- verdicts ---- */

void probed_write(const struct auth_config *row, FILE *out)
{
	bool first = true;

	for (size_t i = 0; i < row->memo_count; i++) {
		const struct memo *memo = &row->memos[i];

		if (!part_of(memo))
			continue;
		fputs(first ? "" : ", ", out);
		show_text(out, part_of(memo));
		fputc(' ', out);
		show_text(out, memo->text);
		fputc(' ', out);
		write_time(memo->at_ms, out);
		if (is_outdated(row, memo))
			fputs(" (before the last change)", out);
		first = false;
	}
}

json_t *probed_json(const struct auth_config *row)
{
	json_t *array = json_array();

	for (size_t i = 0; row && i < row->memo_count; i++) {
		const struct memo *memo = &row->memos[i];
		char at[CLOCK_TEXT_SIZE];
		json_t *object;

		if (!part_of(memo))
			continue;
		object = json_object();
		clock_format(memo->at_ms, at);
		json_put(object, "part", json_text(part_of(memo)));
		json_put(object, "verdict", json_text(memo->text));
		json_put(object, "at", json_text(at));
		json_put(object, "outdated",
		         json_boolean(is_outdated(row, memo)));
		(void)json_array_append_new(array, object);
	}
	return array;
}

bool was_probed(const struct auth_config *row)
{
	for (size_t i = 0; i < row->memo_count; i++) {
		if (part_of(&row->memos[i]))
			return true;
	}
	return false;
}

static bool is_bad(const struct auth_config *row, const struct memo *memo)
{
	return part_of(memo) && !is_outdated(row, memo) &&
	       probe_is_bad(probe_verdict_find(memo->text));
}

bool probed_badly(const struct state *applied)
{
	const size_t count = applied ? state_length(applied) : 0;

	for (size_t i = 0; i < count; i++) {
		const struct auth_config *row = state_at(applied, i);

		for (size_t j = 0; j < row->memo_count; j++) {
			if (is_bad(row, &row->memos[j]))
				return true;
		}
	}
	return false;
}

void probed_text(const struct report *report, FILE *out)
{
	const size_t count =
		report->applied ? state_length(report->applied) : 0;
	bool any = false;
	struct table table;

	for (size_t i = 0; i < count; i++)
		any = any || was_probed(state_at(report->applied, i));
	if (!any)
		return;
	fputs("\nProbed at the providers\n", out);
	table_begin(&table, "  ", 2);
	for (size_t i = 0; i < count; i++) {
		const struct auth_config *row = state_at(report->applied, i);

		if (!was_probed(row))
			continue;
		show_text(table.out, row->key);
		table_cell(&table);
		probed_write(row, table.out);
		table_row(&table);
	}
	table_end(&table, out);
}

json_t *probed_rows_json(const struct state *applied)
{
	json_t *array = json_array();

	for (size_t i = 0; i < state_length(applied); i++) {
		const struct auth_config *row = state_at(applied, i);
		json_t *object;

		if (!was_probed(row))
			continue;
		object = json_object();
		json_put(object, "key", json_text(row->key));
		json_put(object, "parts", probed_json(row));
		(void)json_array_append_new(array, object);
	}
	return array;
}

/* ---- rotations ---- */

static const struct memo *rotation_of(const struct report_row *row)
{
	return row->recorded ? auth_config_memo(row->recorded, ROTATION_OPEN)
	                     : NULL;
}

static void rotation_text(const struct report_row *row, FILE *out)
{
	const struct memo *memo = rotation_of(row);

	fputs("  ", out);
	show_text(out, row->key);
	fputs(": since ", out);
	write_time(memo->at_ms, out);
	fprintf(out, ", %d %s%s; revoke the secret before it",
	        row->rotation_days, row->rotation_days == 1 ? "day" : "days",
	        row->rotation_overdue ? ", too long" : "");
	if (memo->text) {
		fputs(", `", out);
		show_text(out, memo->text);
		fputs("`,", out);
	}
	fputs(" at the provider, then run `trueup rotate ", out);
	show_text(out, row->key);
	fputs(" --confirm-revoked`\n", out);
}

void rotations_text(const struct report *report, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < report->row_count; i++) {
		if (!rotation_of(&report->rows[i]))
			continue;
		if (!any)
			fputs("\nRotations that are not at their end\n", out);
		any = true;
		rotation_text(&report->rows[i], out);
	}
}

json_t *rotation_json(const struct report_row *row)
{
	const struct memo *memo = rotation_of(row);
	char at[CLOCK_TEXT_SIZE];
	json_t *object;

	if (!memo)
		return json_null();
	object = json_object();
	clock_format(memo->at_ms, at);
	json_put(object, "since", json_text(at));
	json_put(object, "before", json_text(memo->text));
	json_put(object, "days", json_integer(row->rotation_days));
	json_put(object, "overdue", json_boolean(row->rotation_overdue));
	return object;
}
