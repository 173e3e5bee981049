/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON as it comes. What there is thousands of is written member by
 * member, without a tree of it; trees of jansson's are written, too, in half
 * of the time that its own writer needs for a stream, which is called for each
 * bracket and blank.
 */
#include "report/json.h"

#include "base/text.h"

#include <string.h>

/* ---- texts ---- */

/* How many bytes stand as they are, in ASCII. */
static size_t bare_length(const char *text, size_t length)
{
	size_t bare = text_plain_length(text, length);

	for (size_t i = 0; i < bare; i++) {
		if (text[i] == '"' || text[i] == '\\')
			return i;
	}
	return bare;
}

/* By the first byte of a character in UTF-8. */
static size_t character_size(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xe0)
		return 2;
	return first < 0xf0 ? 3 : 4;
}

/* The character that begins at `text`, valid UTF-8; its bytes in *size. */
static uint32_t decode(const char *text, size_t *size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	uint32_t character = bytes[0];

	*size = character_size(bytes[0]);
	if (*size > 1)
		character &= 0x7fU >> *size;
	for (size_t i = 1; i < *size; i++)
		character = character << 6 | (bytes[i] & 0x3fU);
	return character;
}

static void write_escaped(FILE *out, uint32_t character)
{
	static const char letters[] = "\"\\\b\f\n\r\t";
	static const char names[] = "\"\\bfnrt";
	const char *letter = character && character < 0x80
	                             ? strchr(letters, (int)character)
	                             : NULL;

	if (letter)
		fprintf(out, "\\%c", names[letter - letters]);
	else if (character == 0x7f)
		fputc((int)character, out);
	else if (character < 0x10000)
		fprintf(out, "\\u%04X", (unsigned)character);
	else
		fprintf(out, "\\u%04X\\u%04X",
		        (unsigned)(0xd800 + ((character - 0x10000) >> 10)),
		        (unsigned)(0xdc00 + (character & 0x3ff)));
}

static void write_text(FILE *out, const char *text, size_t length)
{
	fputc_unlocked('"', out);
	while (length) {
		size_t size = bare_length(text, length);

		if (size)
			(void)fwrite_unlocked(text, 1, size, out);
		else
			write_escaped(out, decode(text, &size));
		text += size;
		length -= size;
	}
	fputc_unlocked('"', out);
}

/* ---- members and items ---- */

static void indent(const struct json_writer *writer)
{
	static const char blanks[] = "                                ";
	size_t left = 2 * (size_t)writer->depth;

	fputc_unlocked('\n', writer->out);
	while (left) {
		const size_t count =
			left < sizeof(blanks) ? left : sizeof(blanks) - 1;

		(void)fwrite_unlocked(blanks, 1, count, writer->out);
		left -= count;
	}
}

/* What stands before a value; `name` is NULL where it has none. */
static void begin_value(struct json_writer *writer, const char *name)
{
	if (writer->begun)
		fputc_unlocked(',', writer->out);
	if (writer->depth)
		indent(writer);
	writer->begun = true;
	if (!name)
		return;
	write_text(writer->out, name, strlen(name));
	(void)fwrite_unlocked(": ", 1, 2, writer->out);
}

void json_begin(struct json_writer *writer, const char *name, char bracket)
{
	begin_value(writer, name);
	fputc_unlocked(bracket, writer->out);
	writer->depth++;
	writer->begun = false;
}

void json_end(struct json_writer *writer, char bracket)
{
	writer->depth--;
	if (writer->begun)
		indent(writer);
	fputc_unlocked(bracket, writer->out);
	writer->begun = true;
}

void json_member_text(struct json_writer *writer, const char *name,
                      const char *text)
{
	CLEANUP(textp) char *safe = NULL;
	size_t length = text ? strlen(text) : 0;

	begin_value(writer, name);
	if (!text) {
		fputs_unlocked("null", writer->out);
		return;
	}
	if (!text_is_utf8(text, length)) {
		safe = text_safe(text);
		text = safe;
		length = strlen(safe);
	}
	write_text(writer->out, text, length);
}

static void write_integer(struct json_writer *writer, const char *name,
                          int64_t value)
{
	char text[20]; /* of any of them */
	size_t at = sizeof(text);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	begin_value(writer, name);
	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		text[--at] = '-';
	(void)fwrite_unlocked(text + at, 1, sizeof(text) - at, writer->out);
}

void json_member_place(struct json_writer *writer, const char *name,
                       const struct place *place)
{
	if (!place->file) {
		json_member_text(writer, name, NULL);
		return;
	}
	json_begin(writer, name, '{');
	json_member_text(writer, "file", place->file);
	write_integer(writer, "line", place->line);
	write_integer(writer, "column", place->column);
	json_end(writer, '}');
}

/* ---- trees ---- */

static void write_tree(struct json_writer *writer, const char *name,
                       json_t *value);

static void write_object(struct json_writer *writer, const char *name,
                         json_t *object)
{
	json_begin(writer, name, '{');
	for (void *at = json_object_iter(object); at;
	     at = json_object_iter_next(object, at))
		write_tree(writer, json_object_iter_key(at),
		           json_object_iter_value(at));
	json_end(writer, '}');
}

static void write_array(struct json_writer *writer, const char *name,
                        const json_t *array)
{
	json_begin(writer, name, '[');
	for (size_t i = 0; i < json_array_size(array); i++)
		write_tree(writer, NULL, json_array_get(array, i));
	json_end(writer, ']');
}

static void write_string(struct json_writer *writer, const char *name,
                         const json_t *string)
{
	begin_value(writer, name);
	write_text(writer->out, json_string_value(string),
	           json_string_length(string));
}

/* true, false, null; and fractions, of which there are few. */
static void write_plain(struct json_writer *writer, const char *name,
                        const json_t *value)
{
	CLEANUP(textp) char *text = json_dumps(value, JSON_ENCODE_ANY);

	begin_value(writer, name);
	fputs_unlocked(text ? text : "null", writer->out);
}

static void write_tree(struct json_writer *writer, const char *name,
                       json_t *value)
{
	if (json_is_object(value))
		write_object(writer, name, value);
	else if (json_is_array(value))
		write_array(writer, name, value);
	else if (json_is_string(value))
		write_string(writer, name, value);
	else if (json_is_integer(value))
		write_integer(writer, name, json_integer_value(value));
	else if (json_is_null(value))
		json_member_text(writer, name, NULL);
	else
		write_plain(writer, name, value);
}

void json_members(struct json_writer *writer, json_t *object)
{
	for (void *at = json_object_iter(object); at;
	     at = json_object_iter_next(object, at))
		write_tree(writer, json_object_iter_key(at),
		           json_object_iter_value(at));
	json_decref(object);
}

int json_writer_end(const struct json_writer *writer)
{
	fputc('\n', writer->out);
	return ferror(writer->out) ? -1 : 0;
}

int json_write(json_t *root, FILE *out)
{
	struct json_writer writer = { .out = out };

	write_tree(&writer, NULL, root);
	return json_writer_end(&writer);
}
