/* SPDX-License-Identifier: MIT */
#include "report/show.h"

#include "base/text.h"

#include <string.h>

void show_text(FILE *out, const char *text)
{
	if (!text || !*text)
		text = "-";
	text_write_safe(out, text, strlen(text));
}

/* strspn() would make a table of them for each word. */
static bool is_plain(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= '-' && character <= ':') ||
	       (character >= '?' && character <= 'Z') ||
	       (character && strchr("_+=&%#~*", character));
}

static bool is_plain_word(const char *text)
{
	const char *end = text;

	while (is_plain(*end))
		end++;
	return end > text && !*end;
}

static void show_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	while (*text) {
		const size_t plain = strcspn(text, "\"\\");

		text_write_safe(out, text, plain);
		text += plain;
		if (*text) {
			fputc('\\', out);
			fputc(*text++, out);
		}
	}
	fputc('"', out);
}

void show_item(FILE *out, const char *text)
{
	if (is_plain_word(text))
		fputs(text, out);
	else
		show_quoted(out, text);
}

static void show_set(FILE *out, const struct value *set)
{
	const char *item = NULL;
	const char *between = "[";

	while ((item = value_next(set, item))) {
		fputs(between, out);
		show_item(out, item);
		between = ", ";
	}
	fputs(value_is_empty(set) ? "[]" : "]", out);
}

void show_value(FILE *out, const struct value *value)
{
	switch ((enum value_kind)value->kind) {
	case VALUE_ABSENT:
		fputs("(none)", out);
		return;
	case VALUE_UNREADABLE:
		fputs("(cannot be read)", out);
		return;
	case VALUE_SET:
		show_set(out, value);
		return;
	case VALUE_TEXT:
		show_item(out, value->bytes);
		return;
	case VALUE_BOOLEAN:
	case VALUE_JSON:
		break;
	}
	text_write_safe(out, value->bytes, value->length);
}

enum { NUMBER_DIGITS = 11 };

/* A plan has a place for each field: fprintf() would be half of it. */
static void show_number(FILE *out, char before, unsigned number)
{
	char digits[NUMBER_DIGITS];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	digits[--at] = before;
	fwrite(digits + at, 1, sizeof(digits) - at, out);
}

void show_place(FILE *out, const struct place *place)
{
	if (!place->file)
		return;
	show_text(out, place->file);
	if (!place->line)
		return;
	show_number(out, ':', place->line);
	show_number(out, ':', place->column);
}

/* As many digits as tell commits apart in the largest repositories. */
enum { SHORT_COMMIT = 12 };

void show_touched(FILE *out, const struct place *place,
                  const struct touch *touch)
{
	show_place(out, place);
	if (!place->file)
		return;
	if (touch->commit) {
		CLEANUP(textp)
		char *shown = xstrndup(touch->commit,
		                       strnlen(touch->commit, SHORT_COMMIT));

		fputs(" (", out);
		show_text(out, shown);
		fputc(')', out);
	} else if (touch->older_than) {
		fprintf(out, " (older than %ju commit%s)",
		        (uintmax_t)touch->older_than,
		        touch->older_than == 1 ? "" : "s");
	}
}
