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

static bool is_plain_word(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._:/@+=?&%#~*";

	return *text && text[strspn(text, plain)] == '\0';
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

void show_place(FILE *out, const struct place *place)
{
	if (!place->file)
		return;
	show_text(out, place->file);
	if (place->line)
		fprintf(out, ":%u:%u", place->line, place->column);
}
