/* SPDX-License-Identifier: MIT */
/*
 * One change for people: its mark in column 0, how dangerous it is and why,
 * then what it changes, from what to what, and where the file says so.
 */
#include "report/formats.h"
#include "report/risks.h"
#include "report/show.h"
#include "report/table.h"
#include "report/words.h"

#include "base/text.h"

static const char changes_indent[] = "    ";

/* Of a change's table. */
enum { COLUMN_NAME, COLUMN_VALUE, COLUMN_WORDS, COLUMN_PLACE, COLUMNS };

/* Values that are longer together stand under each other. */
enum { MOVE_WIDTH = 48 };

/* ---- the head ---- */

static void head_words(const struct change *change, FILE *out)
{
	change_verb(change, out);
	if (change->id) {
		fputc(' ', out);
		show_text(out, change->id);
	}
	fputs(change_marks[change->kind].tail, out);
	if (change->renamed_from) {
		fputs(", renamed from ", out);
		show_text(out, change->renamed_from);
	}
}

static void head(const struct report *report, const struct change *change,
                 FILE *out)
{
	const bool color = report->flags & REPORT_COLOR;

	if (color)
		fprintf(out, "\033[%sm", change_marks[change->kind].color);
	fputc(change_marks[change->kind].mark, out);
	fputc(' ', out);
	show_text(out, change->address);
	fputs("  ", out);
	head_words(change, out);
	if (color)
		fputs("\033[0m", out);
	if (change->place.file)
		fputs("  ", out);
	show_touched(out, &change->place, &change->touch);
	fputc('\n', out);
}

static void reasons(const struct change *change, FILE *out)
{
	const char *danger = change->danger ? danger_words[change->danger] : "";

	if (change->blocked || *danger)
		fprintf(out, "%s! %s%s%s\n", changes_indent,
		        change->blocked ? "BLOCKED" : "",
		        change->blocked && *danger ? ", " : "", danger);
	for (size_t i = 0; i < change->reason_count; i++) {
		fprintf(out, "%s! ", changes_indent);
		show_text(out, change->reasons[i]);
		fputc('\n', out);
	}
}

/* ---- fields ---- */

/* Closes the value and its line. `held`: words_held, or "". */
static void end_row(struct table *table, const char *words, const char *held,
                    const struct place *place, const struct touch *touch)
{
	table_cell(table);
	if (*words)
		fputs(words, table->out);
	if (*held)
		fprintf(table->out, "%s%s", *words ? ", " : "", held);
	table_cell(table);
	show_touched(table->out, place, touch);
	table_row(table);
}

static void end_field(struct table *table, const struct field_change *field)
{
	end_row(table, field_words(field), field->held ? words_held : "",
	        &field->place, &field->touch);
}

/* One line for each item that only one of the sets has; the first of them is
 * the field's own. Takes and returns how many lines there are. */
static size_t set_items(struct table *table, const struct field_change *field,
                        char mark, size_t lines)
{
	const bool adds = mark == '+';
	const struct value *with = adds ? &field->declared : &field->live;
	const struct value *without = adds ? &field->live : &field->declared;
	const char *item = NULL;

	while ((item = value_next(with, item))) {
		if (value_contains(without, item))
			continue;
		if (lines)
			table_cell(table);
		fprintf(table->out, "%c ", mark);
		show_item(table->out, item);
		if (lines++)
			table_row(table);
		else
			end_field(table, field);
	}
	return lines;
}

static void move(struct table *table, const struct field_change *field)
{
	const uint32_t length = field->live.length + field->declared.length;
	const bool stacked = length > MOVE_WIDTH;

	if (stacked)
		fputs("   ", table->out);
	show_value(table->out, &field->live);
	if (stacked) {
		end_field(table, field);
		table_cell(table);
	}
	fputs(stacked ? "-> " : " -> ", table->out);
	show_value(table->out, &field->declared);
	if (stacked)
		table_row(table);
	else
		end_field(table, field);
}

static void field_rows(struct table *table, const struct change *change,
                       const struct field_change *field)
{
	const bool sets = field->live.kind == VALUE_SET &&
	                  field->declared.kind == VALUE_SET;

	show_text(table->out, field->name);
	table_cell(table);
	if (!field_is_moved(change, field)) {
		show_value(table->out, change_makes(change) ? &field->declared
		                                            : &field->live);
		end_field(table, field);
	} else if (sets) {
		set_items(table, field, '-', set_items(table, field, '+', 0));
	} else {
		move(table, field);
	}
	if (!str_equal(field->row->result, "conflict"))
		return;
	table_cell(table);
	fputs("when last applied: ", table->out);
	show_value(table->out, &field->seen);
	table_row(table);
}

/* ---- secrets ---- */

static void secret_row(struct table *table, const struct secret_change *secret)
{
	CLEANUP(textp) char *reason = text_safe(secret_reason(secret));

	show_text(table->out, secret->name);
	table_cell(table);
	secret_said(secret, table->out);
	end_row(table, reason, secret->held ? words_held : "", &secret->place,
	        &secret->touch);
}

/* ---- all of it ---- */

/* What goes, so that nobody has to look its id up. */
static void removed_rows(struct table *table, const struct auth_config *live)
{
	static const char *const names[] = { "connector", "name" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct value value = auth_config_value(live, names[i]);

		if (value.kind == VALUE_ABSENT)
			continue;
		fputs(names[i], table->out);
		table_cell(table);
		show_value(table->out, &value);
		table_row(table);
	}
}

static void changes(const struct report *report, const struct change *change,
                    struct table *table)
{
	const bool full = report->flags & REPORT_FULL;

	if (change->kind == CHANGE_DELETE && change->live)
		removed_rows(table, change->live);
	for (size_t i = 0; i < change->field_count; i++) {
		if (full || field_is_shown(change, &change->fields[i]))
			field_rows(table, change, &change->fields[i]);
	}
	for (size_t i = 0; i < change->secret_count; i++) {
		if (full || secret_is_shown(&change->secrets[i]))
			secret_row(table, &change->secrets[i]);
	}
}

void text_changes(const struct report *report, const struct change *items,
                  size_t count, FILE *out)
{
	struct table table;

	table_begin(&table, changes_indent, COLUMNS);
	for (size_t i = 0; i < count; i++) {
		if (items[i].kind != CHANGE_NOTE)
			fputc('\n', out);
		head(report, &items[i], out);
		reasons(&items[i], out);
		changes(report, &items[i], &table);
		table_write(&table, out);
	}
	table_end(&table, out);
}
