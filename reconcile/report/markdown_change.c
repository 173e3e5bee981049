/* SPDX-License-Identifier: MIT */
/*
 * A change as a fold: its summary is one line of HTML, its inside a fence whose
 * lines begin with the mark by which code hosts colour differences:
 *
 *     - what goes   + what comes   ! what becomes another   # why
 */
#include "report/markdown.h"
#include "report/risks.h"
#include "report/show.h"
#include "report/words.h"

#include "base/text.h"

#include <string.h>

/* Ends a line of a fence: why, and where the file says so. */
static void end_line(FILE *out, const char *words, const char *more,
                     const struct place *place, const struct touch *touch)
{
	CLEANUP(textp) char *safe = text_safe(words);
	const char *between = "  # ";

	if (*safe) {
		fputs(between, out);
		text_clip(out, safe, MARKDOWN_VALUE);
		between = ", ";
	}
	if (*more) {
		fprintf(out, "%s%s", between, more);
		between = ", ";
	}
	if (place->file) {
		fputs(between, out);
		show_touched(out, place, touch);
	}
	fputc('\n', out);
}

static void begin_line(FILE *out, char mark, const char *name)
{
	CLEANUP(textp) char *safe = text_safe(name);

	fprintf(out, "%c ", mark);
	text_clip(out, safe, MARKDOWN_SUBJECT);
	fputs(": ", out);
}

static void write_value(FILE *out, const struct value *value)
{
	CLEANUP(textp) char *shown = NULL;
	size_t length;
	FILE *text = xmemstream(&shown, &length);

	show_value(text, value);
	(void)fclose(text);
	text_clip(out, shown, MARKDOWN_VALUE);
}

static void write_item(FILE *out, const char *item)
{
	CLEANUP(textp) char *shown = NULL;
	size_t length;
	FILE *text = xmemstream(&shown, &length);

	show_item(text, item);
	(void)fclose(text);
	text_clip(out, shown, MARKDOWN_VALUE);
}

/* ---- fields ---- */

static void end_field(FILE *out, const struct field_change *field)
{
	end_line(out, field_words(field), field->held ? words_held : "",
	         &field->place, &field->touch);
}

static void set_items(FILE *out, const struct field_change *field, char mark)
{
	const bool adds = mark == '+';
	const struct value *with = adds ? &field->declared : &field->live;
	const struct value *without = adds ? &field->live : &field->declared;
	const char *item = NULL;

	while ((item = value_next(with, item))) {
		if (value_contains(without, item))
			continue;
		begin_line(out, mark, field->name);
		write_item(out, item);
		end_field(out, field);
	}
}

static void field_lines(FILE *out, const struct change *change,
                        const struct field_change *field)
{
	const bool makes = change_makes(change);
	const bool sets = field->live.kind == VALUE_SET &&
	                  field->declared.kind == VALUE_SET;

	if (!field_is_moved(change, field)) {
		begin_line(out, makes ? '+' : ' ', field->name);
		write_value(out, makes ? &field->declared : &field->live);
		end_field(out, field);
	} else if (sets) {
		set_items(out, field, '+');
		set_items(out, field, '-');
	} else {
		begin_line(out, '!', field->name);
		write_value(out, &field->live);
		fputs(" -> ", out);
		write_value(out, &field->declared);
		end_field(out, field);
	}
	if (str_equal(field->row->result, "conflict")) {
		begin_line(out, '#', field->name);
		fputs("when last applied: ", out);
		write_value(out, &field->seen);
		fputc('\n', out);
	}
}

static void secret_line(FILE *out, const struct change *change,
                        const struct secret_change *secret)
{
	const bool sent = secret->action >= SECRET_SET && !secret->held;
	const char mark = change_makes(change) ? '+' : sent ? '!' : ' ';
	struct slate slate = { 0 };

	begin_line(out, mark, secret->name);
	secret_said(secret, &slate);
	slate_end(&slate, out);
	end_line(out, secret_reason(secret), secret->held ? words_held : "",
	         &secret->place, &secret->touch);
}

/* What goes, so that nobody has to look its id up. */
static void removed_lines(FILE *out, const struct auth_config *live)
{
	static const char *const names[] = { "connector", "name" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct value value = auth_config_value(live, names[i]);

		if (value.kind == VALUE_ABSENT)
			continue;
		begin_line(out, '-', names[i]);
		write_value(out, &value);
		fputc('\n', out);
	}
}

static void reason_lines(FILE *out, const struct change *change)
{
	for (size_t i = 0; i < change->reason_count; i++) {
		CLEANUP(textp) char *safe = text_safe(change->reasons[i]);

		fputs("# ", out);
		text_clip(out, safe, MARKDOWN_VALUE);
		fputc('\n', out);
	}
}

static void lines(const struct report *report, const struct change *change,
                  FILE *out)
{
	const bool full = report->flags & REPORT_FULL;

	reason_lines(out, change);
	if (change->kind == CHANGE_DELETE && change->live)
		removed_lines(out, change->live);
	for (size_t i = 0; i < change->field_count; i++) {
		if (full || field_is_shown(change, &change->fields[i]))
			field_lines(out, change, &change->fields[i]);
	}
	for (size_t i = 0; i < change->secret_count; i++) {
		if (full || secret_is_shown(&change->secrets[i]))
			secret_line(out, change, &change->secrets[i]);
	}
}

/* ---- the fold ---- */

static void summary(const struct change *change, FILE *out)
{
	const struct verb verb = change_verb(change);
	CLEANUP(textp) char *place = NULL;
	size_t length;
	FILE *text = xmemstream(&place, &length);

	show_touched(text, &change->place, &change->touch);
	(void)fclose(text);
	fprintf(out, "<details%s><summary>%c ",
	        change->danger == DANGER_DESTRUCTIVE ? " open" : "",
	        change_marks[change->kind].mark);
	markdown_html_code(out, change->address);
	fputc(' ', out);
	fprintf(out, "%s%s", verb.before, verb.words);
	if (change->id) {
		fputc(' ', out);
		markdown_html_code(out, change->id);
	}
	fputs(change_marks[change->kind].tail, out);
	if (change->renamed_from) {
		fputs(", renamed from ", out);
		markdown_html_code(out, change->renamed_from);
	}
	if (change->danger)
		fprintf(out, ", <strong>%s</strong>",
		        danger_words[change->danger]);
	if (change->blocked)
		fputs(", <strong>BLOCKED</strong>", out);
	if (*place) {
		fputs(", ", out);
		markdown_html_code(out, place);
	}
	fputs("</summary>\n", out);
}

void markdown_change(const struct report *report, const struct change *change,
                     FILE *out)
{
	CLEANUP(textp) char *inside = NULL;
	size_t length;
	FILE *text = xmemstream(&inside, &length);

	lines(report, change, text);
	(void)fclose(text);
	summary(change, out);
	if (*inside) {
		fputc('\n', out);
		markdown_fence(out, "diff", inside);
	}
	fputs("\n</details>\n", out);
}
