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

static void head_words(const struct change *change, struct slate *slate)
{
	const struct verb verb = change_verb(change);

	slate_words(slate, verb.before);
	slate_words(slate, verb.words);
	if (change->id) {
		slate_char(slate, ' ');
		slate_text(slate, change->id);
	}
	slate_words(slate, change_marks[change->kind].tail);
	if (change->renamed_from) {
		slate_words(slate, ", renamed from ");
		slate_text(slate, change->renamed_from);
	}
}

static void head(const struct report *report, const struct change *change,
                 struct slate *slate)
{
	const struct change_mark *mark = &change_marks[change->kind];
	const bool color = report->flags & REPORT_COLOR;

	if (color) {
		slate_words(slate, "\033[");
		slate_words(slate, mark->color);
		slate_char(slate, 'm');
	}
	slate_char(slate, mark->mark);
	slate_char(slate, ' ');
	slate_text(slate, change->address);
	slate_words(slate, "  ");
	head_words(change, slate);
	if (color)
		slate_words(slate, "\033[0m");
	if (change->place.file)
		slate_words(slate, "  ");
	slate_touched(slate, &change->place, &change->touch);
	slate_char(slate, '\n');
}

static void begin_reason(struct slate *slate)
{
	slate_words(slate, changes_indent);
	slate_words(slate, "! ");
}

static void reasons(const struct change *change, struct slate *slate)
{
	const char *danger = change->danger ? danger_words[change->danger] : "";

	if (change->blocked || *danger) {
		begin_reason(slate);
		slate_words(slate, change->blocked ? "BLOCKED" : "");
		slate_words(slate, change->blocked && *danger ? ", " : "");
		slate_words(slate, danger);
		slate_char(slate, '\n');
	}
	for (size_t i = 0; i < change->reason_count; i++) {
		begin_reason(slate);
		slate_text(slate, change->reasons[i]);
		slate_char(slate, '\n');
	}
}

/* ---- fields ---- */

/* Closes the value and its line. `held`: words_held, or "". */
static void end_row(struct table *table, const char *words, const char *held,
                    const struct place *place, const struct touch *touch)
{
	table_cell(table);
	if (*words)
		slate_text(&table->slate, words);
	if (*words && *held)
		slate_words(&table->slate, ", ");
	slate_words(&table->slate, held);
	table_cell(table);
	slate_touched(&table->slate, place, touch);
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
		slate_char(&table->slate, mark);
		slate_char(&table->slate, ' ');
		slate_item(&table->slate, item);
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
		slate_words(&table->slate, "   ");
	slate_value(&table->slate, &field->live);
	if (stacked) {
		end_field(table, field);
		table_cell(table);
	}
	slate_words(&table->slate, stacked ? "-> " : " -> ");
	slate_value(&table->slate, &field->declared);
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

	slate_text(&table->slate, field->name);
	table_cell(table);
	if (!field_is_moved(change, field)) {
		slate_value(&table->slate, change_makes(change)
		                                   ? &field->declared
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
	slate_words(&table->slate, "when last applied: ");
	slate_value(&table->slate, &field->seen);
	table_row(table);
}

/* ---- secrets ---- */

static void secret_row(struct table *table, const struct secret_change *secret)
{
	slate_text(&table->slate, secret->name);
	table_cell(table);
	secret_said(secret, &table->slate);
	end_row(table, secret_reason(secret), secret->held ? words_held : "",
	        &secret->place, &secret->touch);
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
		slate_words(&table->slate, names[i]);
		table_cell(table);
		slate_value(&table->slate, &value);
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
	struct slate slate = { 0 };
	struct table table;

	table_begin(&table, changes_indent, COLUMNS);
	for (size_t i = 0; i < count; i++) {
		if (items[i].kind != CHANGE_NOTE)
			slate_char(&slate, '\n');
		head(report, &items[i], &slate);
		reasons(&items[i], &slate);
		changes(report, &items[i], &table);
		table_write(&table, &slate);
		slate_pass(&slate, out);
	}
	slate_end(&slate, out);
	table_end(&table, out);
}
