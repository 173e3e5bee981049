/* SPDX-License-Identifier: MIT */
/*
 * One change for people: its mark in column 0, how dangerous it is and why,
 * then what it changes, from what to what, and where the file says so.
 */
#include "report/formats.h"
#include "report/show.h"
#include "report/table.h"

#include "base/text.h"

static const char changes_indent[] = "    ";

/* Of a change's table. */
enum { COLUMN_NAME, COLUMN_VALUE, COLUMN_WORDS, COLUMN_PLACE, COLUMNS };

/* Values that are longer together stand under each other. */
enum { MOVE_WIDTH = 48 };

/* ---- the head ---- */

struct mark {
	char mark;
	const char *color; /* SGR */
	const char *words;
	const char *tail; /* behind the id */
};

static const struct mark marks[CHANGE_KINDS] = {
	[CHANGE_DELETE] = { '-', "31", "delete", "" },
	[CHANGE_REPLACE] = { '-', "31", "replace", " by a new object" },
	[CHANGE_RECREATE] = { '+', "31", "create again", "" },
	[CHANGE_CREATE] = { '+', "32", "create", "" },
	[CHANGE_RENAME] = { '~', "33", "rename", "" },
	[CHANGE_UPDATE] = { '~', "33", "update", "" },
	[CHANGE_ROTATE] = { '~', "33", "send a secret to", "" },
	[CHANGE_ADOPT] = { '~', "36", "adopt", "" },
	[CHANGE_NOTE] = { ' ', "2", "note", "" },
};

/* Rows that say more than the kind does; NULL: as the kind says. */
static const struct row_words {
	const char *row;
	const char *before, *words;
} row_words[] = {
	{ "O2", "adopt and ", NULL },
	{ "O12", "adopt and ", NULL },
	{ "O16", "", "note: it is gone, its row goes as well;" },
	{ "O18", "", "delete its former object" },
	{ "O20", "", "note: `protect` changes;" },
};

static void head_words(const struct change *change, FILE *out)
{
	const char *words = marks[change->kind].words;
	const char *before = "";

	for (size_t i = 0; i < LENGTH(row_words); i++) {
		if (!str_equal(row_words[i].row, change->row))
			continue;
		if (row_words[i].words)
			words = row_words[i].words;
		if (change->kind != CHANGE_ADOPT)
			before = row_words[i].before;
	}
	fputs(before, out);
	fputs(words, out);
	if (change->id) {
		fputc(' ', out);
		show_text(out, change->id);
	}
	fputs(marks[change->kind].tail, out);
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
		fprintf(out, "\033[%sm", marks[change->kind].color);
	fputc(marks[change->kind].mark, out);
	fputc(' ', out);
	show_text(out, change->address);
	fputs("  ", out);
	head_words(change, out);
	if (color)
		fputs("\033[0m", out);
	if (change->place.file)
		fputs("  ", out);
	show_place(out, &change->place);
	fputc('\n', out);
}

static void reasons(const struct change *change, FILE *out)
{
	static const char *const dangers[] = {
		[DANGER_NONE] = "",
		[DANGER_REVIEW] = "review",
		[DANGER_DESTRUCTIVE] = "destructive",
	};
	const char *danger = dangers[change->danger];

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

/* What a result of table F means to a reader; the plain ones need no words. */
static const struct result_words {
	const char *result, *words;
} result_words[] = {
	{ "adopted", "taken over as it is" },
	{ "change", "" },
	{ "conflict", "conflict: changed here and outside" },
	{ "converged", "changed here and outside alike" },
	{ "create", "" },
	{ "drift", "drift: changed outside" },
	{ "given", "the platform must give it" },
	{ "healed", "changed back outside" },
	{ "note", "the file says what is live by now" },
	{ "released", "no longer declared, left as it is" },
	{ "resend", "sent again" },
	{ "takeover", "takeover: never applied from here" },
	{ "unmanaged_echo", "not declared, sent back as it is" },
};

static const char left_alone[] = "left alone: --no-drift-fix";

/* Closes the value and its line. `held`: left_alone, or "". */
static void end_row(struct table *table, const char *words, const char *held,
                    const struct place *place)
{
	table_cell(table);
	if (*words)
		fputs(words, table->out);
	if (*held)
		fprintf(table->out, "%s%s", *words ? ", " : "", held);
	table_cell(table);
	show_place(table->out, place);
	table_row(table);
}

static void end_field(struct table *table, const struct field_change *field)
{
	const char *words = field->row->result;

	for (size_t i = 0; i < LENGTH(result_words); i++) {
		if (str_equal(result_words[i].result, words)) {
			words = result_words[i].words;
			break;
		}
	}
	end_row(table, words, field->held ? left_alone : "", &field->place);
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

static bool is_made(const struct change *change)
{
	return change->kind == CHANGE_CREATE || change->kind == CHANGE_RECREATE;
}

/* Written with its group, or into a new object, it may be what it was. */
static bool is_moved(const struct change *change,
                     const struct field_change *field)
{
	if (change->kind == CHANGE_NOTE || is_made(change) ||
	    !(field->writes || field->held))
		return false;
	if (value_is_empty(&field->live) && value_is_empty(&field->declared))
		return false;
	return !value_equal(&field->live, &field->declared);
}

static bool is_shown(const struct change *change,
                     const struct field_change *field)
{
	const enum field_record record = field->row->record;

	if (is_made(change))
		return true;
	if (change->kind == CHANGE_NOTE)
		return record == RECORD_SET || record == RECORD_DROP;
	return is_moved(change, field);
}

static void field_rows(struct table *table, const struct change *change,
                       const struct field_change *field)
{
	const bool sets = field->live.kind == VALUE_SET &&
	                  field->declared.kind == VALUE_SET;

	show_text(table->out, field->name);
	table_cell(table);
	if (!is_moved(change, field)) {
		show_value(table->out,
		           is_made(change) ? &field->declared : &field->live);
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

static const char *const action_words[SECRET_ACTIONS] = {
	[SECRET_NONE] = "none",         [SECRET_KEEP] = "keep",
	[SECRET_UNKNOWN] = "keep",      [SECRET_NOT_COMPARED] = "keep",
	[SECRET_SET] = "set",           [SECRET_ROTATE] = "rotate",
	[SECRET_RESEND] = "send again", [SECRET_CLEAR] = "clear",
};

static bool secret_is_shown(const struct secret_change *secret)
{
	return secret->held || secret->records || secret->action > SECRET_KEEP;
}

static void versions(const struct secret_change *secret, FILE *out)
{
	const char *before = secret->previous_version;

	fputs(", version ", out);
	if (before && !str_equal(before, secret->version)) {
		show_item(out, before);
		fputs(" -> ", out);
	}
	show_item(out, secret->version);
}

static void secret_row(struct table *table, const struct secret_change *secret)
{
	CLEANUP(textp) char *reason = NULL;

	show_text(table->out, secret->name);
	table_cell(table);
	fputs(action_words[secret->action], table->out);
	if (secret->source) {
		fputs(" from ", table->out);
		show_text(table->out, secret->source);
	}
	if (secret->version)
		versions(secret, table->out);
	if (secret->reason && !str_equal(secret->row, "S1"))
		reason = text_safe(secret->reason);
	end_row(table, reason ? reason : "", secret->held ? left_alone : "",
	        &secret->place);
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
		if (full || is_shown(change, &change->fields[i]))
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
