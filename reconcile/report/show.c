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

/* Nearly all text is plain. */
static void put_safe(struct slate *slate, const char *bytes, size_t length)
{
	if (text_plain_length(bytes, length) == length)
		slate_bytes(slate, bytes, length);
	else
		text_write_safe(slate_stream(slate), bytes, length);
}

void slate_text(struct slate *slate, const char *text)
{
	if (!text || !*text)
		text = "-";
	put_safe(slate, text, strlen(text));
}

/* strspn() would make a table of them for each word. */
static bool is_plain(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= '-' && character <= ':') ||
	       (character >= '?' && character <= 'Z') ||
	       (character && strchr("_+=&%#~*", character));
}

/* 0: it is more or less than that. */
static size_t plain_word_length(const char *text)
{
	const char *end = text;

	while (is_plain(*end))
		end++;
	return *end ? 0 : (size_t)(end - text);
}

static void put_quoted(struct slate *slate, const char *text)
{
	slate_char(slate, '"');
	while (*text) {
		const size_t plain = strcspn(text, "\"\\");

		put_safe(slate, text, plain);
		text += plain;
		if (*text) {
			slate_char(slate, '\\');
			slate_char(slate, *text++);
		}
	}
	slate_char(slate, '"');
}

void slate_item(struct slate *slate, const char *text)
{
	const size_t length = plain_word_length(text);

	if (length)
		slate_bytes(slate, text, length);
	else
		put_quoted(slate, text);
}

void show_item(FILE *out, const char *text)
{
	struct slate slate = { 0 };

	slate_item(&slate, text);
	slate_end(&slate, out);
}

static void put_set(struct slate *slate, const struct value *set)
{
	const char *item = NULL;
	const char *between = "[";

	while ((item = value_next(set, item))) {
		slate_words(slate, between);
		slate_item(slate, item);
		between = ", ";
	}
	slate_words(slate, value_is_empty(set) ? "[]" : "]");
}

void slate_value(struct slate *slate, const struct value *value)
{
	switch ((enum value_kind)value->kind) {
	case VALUE_ABSENT:
		slate_words(slate, "(none)");
		return;
	case VALUE_UNREADABLE:
		slate_words(slate, "(cannot be read)");
		return;
	case VALUE_SET:
		put_set(slate, value);
		return;
	case VALUE_TEXT:
		slate_item(slate, value->bytes);
		return;
	case VALUE_BOOLEAN:
	case VALUE_JSON:
		break;
	}
	put_safe(slate, value->bytes, value->length);
}

void show_value(FILE *out, const struct value *value)
{
	struct slate slate = { 0 };

	slate_value(&slate, value);
	slate_end(&slate, out);
}

enum { NUMBER_DIGITS = 10 };

/* A plan has a place for each field: fprintf() would be half of it. */
static char *write_number(char *at, unsigned number)
{
	char *end = at + 1;

	for (uint64_t limit = 10; number >= limit; limit *= 10)
		end++;
	for (char *digit = end; digit > at; number /= 10)
		*--digit = (char)('0' + number % 10);
	return end;
}

static void put_line(struct slate *slate, const struct place *place)
{
	char *at = slate_room(slate, 2 * (1 + NUMBER_DIGITS));

	*at++ = ':';
	at = write_number(at, place->line);
	*at++ = ':';
	at = write_number(at, place->column);
	slate->length = (size_t)(at - slate->bytes);
}

static void put_place(struct slate *slate, const struct place *place)
{
	if (!place->file)
		return;
	slate_text(slate, place->file);
	if (place->line)
		put_line(slate, place);
}

void show_place(FILE *out, const struct place *place)
{
	struct slate slate = { 0 };

	put_place(&slate, place);
	slate_end(&slate, out);
}

/* As many digits as tell commits apart in the largest repositories. */
enum { SHORT_COMMIT = 12 };

static void put_touch(struct slate *slate, const struct touch *touch)
{
	if (touch->commit) {
		slate_words(slate, " (");
		put_safe(slate, touch->commit,
		         strnlen(touch->commit, SHORT_COMMIT));
		slate_char(slate, ')');
	} else if (touch->older_than) {
		fprintf(slate_stream(slate), " (older than %ju commit%s)",
		        (uintmax_t)touch->older_than,
		        touch->older_than == 1 ? "" : "s");
	}
}

void slate_touched(struct slate *slate, const struct place *place,
                   const struct touch *touch)
{
	put_place(slate, place);
	if (place->file)
		put_touch(slate, touch);
}

void show_touched(FILE *out, const struct place *place,
                  const struct touch *touch)
{
	struct slate slate = { 0 };

	slate_touched(&slate, place, touch);
	slate_end(&slate, out);
}
