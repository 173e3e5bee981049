/* SPDX-License-Identifier: MIT */
/* A change in HTML, and words of others there. */
#include "report/html.h"
#include "report/risks.h"
#include "report/show.h"
#include "report/words.h"

#include "base/text.h"

#include <string.h>

/* ---- text ---- */

void html_escape(FILE *out, const char *safe)
{
	while (*safe) {
		const size_t plain = strcspn(safe, "&<>\"'");

		fwrite(safe, 1, plain, out);
		safe += plain;
		if (*safe)
			fprintf(out, "&#%d;", *safe++);
	}
}

void html_text(FILE *out, const char *text)
{
	CLEANUP(textp) char *safe = text_safe(text && *text ? text : "-");

	html_escape(out, safe);
}

void html_code(FILE *out, const char *text)
{
	fputs("<code>", out);
	html_text(out, text);
	fputs("</code>", out);
}

/* What one of the show_… functions writes. */
struct said {
	FILE *out;
	char *text;
	size_t length;
};

static void said_begin(struct said *said)
{
	said->out = xmemstream(&said->text, &said->length);
}

static void said_end(struct said *said, const char *element, FILE *out)
{
	(void)fclose(said->out);
	fprintf(out, "<%s><code>", element);
	html_escape(out, said->text);
	fprintf(out, "</code></%s>", element);
	free(said->text);
}

static void value(FILE *out, const char *element, const struct value *value)
{
	struct said said;

	said_begin(&said);
	show_value(said.out, value);
	said_end(&said, element, out);
}

static void place(FILE *out, const struct place *place,
                  const struct touch *touch)
{
	struct said said;

	if (!place->file)
		return;
	said_begin(&said);
	show_touched(said.out, place, touch);
	said_end(&said, "small", out);
}

/* ---- fields ---- */

/* The items of a set: those that the other has not are marked by `element`. */
static void items(FILE *out, const char *element, const struct value *with,
                  const struct value *without)
{
	const char *item = NULL;
	const char *between = "";

	while ((item = value_next(with, item))) {
		struct said said;

		fputs(between, out);
		said_begin(&said);
		show_item(said.out, item);
		said_end(&said,
		         value_contains(without, item) ? "span" : element, out);
		between = " ";
	}
	if (!*between)
		value(out, element, with);
}

static void cell(FILE *out, const char *name, const char *element,
                 const struct value *one, const struct value *other)
{
	fprintf(out, "<td data-name=\"%s\">", name);
	if (one->kind == VALUE_SET && other->kind == VALUE_SET)
		items(out, element, one, other);
	else
		value(out, element, one);
	fputs("</td>", out);
}

static void words_cell(FILE *out, const char *words, const char *more,
                       const struct place *at, const struct touch *touch)
{
	fputs("<td class=\"quiet\">", out);
	if (*words)
		html_text(out, words);
	fprintf(out, "%s%s", *words && *more ? ", " : "", more);
	if (*words || *more)
		fputc(' ', out);
	place(out, at, touch);
	fputs("</td>", out);
}

static void begin_row(FILE *out, const char *name)
{
	fputs("<tr><th scope=\"row\">", out);
	html_code(out, name);
	fputs("</th>", out);
}

static void field_row(FILE *out, const struct change *change,
                      const struct field_change *field)
{
	const bool made = change_makes(change);

	begin_row(out, field->name);
	if (field_is_moved(change, field)) {
		cell(out, "before", "del", &field->live, &field->declared);
		cell(out, "after", "ins", &field->declared, &field->live);
	} else if (made) {
		fputs("<td></td>", out);
		cell(out, "after", "ins", &field->declared, &field->live);
	} else {
		cell(out, "is", "span", &field->live, &field->live);
		fputs("<td></td>", out);
	}
	words_cell(out, field_words(field), field->held ? words_held : "",
	           &field->place, &field->touch);
	fputs("</tr>\n", out);
	if (!str_equal(field->row->result, "conflict"))
		return;
	fputs("<tr><th scope=\"row\">when last applied</th>", out);
	cell(out, "was", "span", &field->seen, &field->seen);
	fputs("<td></td><td></td></tr>\n", out);
}

static void secret_row(FILE *out, const struct secret_change *secret)
{
	struct slate slate = { 0 };
	struct said said;

	begin_row(out, secret->name);
	fputs("<td></td><td data-name=\"secret\">", out);
	said_begin(&said);
	secret_said(secret, &slate);
	slate_end(&slate, said.out);
	said_end(&said, "span", out);
	fputs("</td>", out);
	words_cell(out, secret_reason(secret), secret->held ? words_held : "",
	           &secret->place, &secret->touch);
	fputs("</tr>\n", out);
}

static void removed_rows(FILE *out, const struct auth_config *live)
{
	static const char *const names[] = { "connector", "name" };
	static const struct value none = { .kind = VALUE_ABSENT };

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct value value = auth_config_value(live, names[i]);

		if (value.kind == VALUE_ABSENT)
			continue;
		begin_row(out, names[i]);
		cell(out, "before", "del", &value, &none);
		fputs("<td></td><td></td></tr>\n", out);
	}
}

/* ---- the fold ---- */

enum showing { SHOW_CHANGED, SHOW_SAME };

static size_t rows(const struct change *change, enum showing showing, FILE *out)
{
	const bool changed = showing == SHOW_CHANGED;
	size_t count = 0;

	for (size_t i = 0; i < change->field_count; i++) {
		if (field_is_shown(change, &change->fields[i]) != changed)
			continue;
		field_row(out, change, &change->fields[i]);
		count++;
	}
	for (size_t i = 0; i < change->secret_count; i++) {
		if (secret_is_shown(&change->secrets[i]) != changed)
			continue;
		secret_row(out, &change->secrets[i]);
		count++;
	}
	return count;
}

static void table(FILE *out, const char *lines)
{
	fprintf(out,
	        "<table><thead><tr><th scope=\"col\">Field</th>"
	        "<th scope=\"col\">Before</th><th scope=\"col\">After</th>"
	        "<th scope=\"col\">Why, where</th></tr></thead><tbody>\n%s"
	        "</tbody></table>\n",
	        lines);
}

static void tables(const struct change *change, FILE *out)
{
	CLEANUP(textp) char *changed = NULL;
	CLEANUP(textp) char *same = NULL;
	size_t length, count;
	FILE *text = xmemstream(&changed, &length);

	if (change->kind == CHANGE_DELETE && change->live)
		removed_rows(text, change->live);
	(void)rows(change, SHOW_CHANGED, text);
	(void)fclose(text);
	text = xmemstream(&same, &length);
	count = rows(change, SHOW_SAME, text);
	(void)fclose(text);
	if (*changed)
		table(out, changed);
	if (!count)
		return;
	fprintf(out, "<details><summary>%zu unchanged</summary>\n", count);
	table(out, same);
	fputs("</details>\n", out);
}

static void reasons(const struct change *change, FILE *out)
{
	if (!change->reason_count)
		return;
	fputs("<ul class=\"why\">", out);
	for (size_t i = 0; i < change->reason_count; i++) {
		fputs("<li>", out);
		html_text(out, change->reasons[i]);
		fputs("</li>", out);
	}
	fputs("</ul>\n", out);
}

static void marks(const struct change *change, FILE *out)
{
	const char *danger = danger_words[change->danger];

	if (change->danger)
		fprintf(out, " <span class=\"mark %s\">%s</span>", danger,
		        danger);
	if (change->blocked)
		fputs(" <span class=\"mark destructive\">BLOCKED</span>", out);
}

static void summary(const struct change *change, FILE *out)
{
	const struct verb verb = change_verb(change);

	fprintf(out, "<summary>%c ", change_marks[change->kind].mark);
	html_code(out, change->address);
	fputc(' ', out);
	fprintf(out, "%s%s", verb.before, verb.words);
	if (change->id) {
		fputc(' ', out);
		html_code(out, change->id);
	}
	fputs(change_marks[change->kind].tail, out);
	if (change->renamed_from) {
		fputs(", renamed from ", out);
		html_code(out, change->renamed_from);
	}
	marks(change, out);
	if (change->place.file)
		fputs(" <span class=\"quiet\">", out);
	place(out, &change->place, &change->touch);
	fputs(change->place.file ? "</span></summary>\n" : "</summary>\n", out);
}

void html_change(const struct change *change, size_t number, FILE *out)
{
	fprintf(out, "<details id=\"c%zu\" class=\"is-%s\"%s>\n", number,
	        danger_words[change->danger],
	        change->danger == DANGER_NONE ? "" : " open");
	summary(change, out);
	fputs("<div class=\"inside\">\n", out);
	reasons(change, out);
	tables(change, out);
	fputs("</div></details>\n", out);
}
