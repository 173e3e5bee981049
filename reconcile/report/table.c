/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

/* One line, taken apart. */
struct line {
	struct cell {
		const char *text;
		size_t length;
	} cells[TABLE_COLUMNS];
	size_t used; /* up to the last cell that is not empty */
};

static const char between[] = "  ";

void table_begin(struct table *table, const char *indent, size_t columns)
{
	assert(columns <= TABLE_COLUMNS);
	*table = (struct table){ .indent = indent, .columns = columns };
	table->out = slate_stream(&table->slate);
}

/* Characters, not bytes: the text is UTF-8. */
static size_t width_of(const struct table *table, const char *text,
                       size_t length)
{
	size_t width;

	if (!table->slate.streamed)
		return length;
	width = text_plain_length(text, length);
	for (size_t i = width; i < length; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}

/* The line is closed: what its cells but the last ask for. */
static void measure(struct table *table)
{
	size_t used = table->columns;

	while (used && !table->line[used - 1])
		used--;
	for (size_t i = 0; i + 1 < used; i++) {
		const size_t width = table->line[i];

		if (width > table->widths[i] && width <= TABLE_CELL_WIDTH)
			table->widths[i] = width;
	}
}

void table_cell(struct table *table)
{
	struct slate *slate = &table->slate;
	const size_t length = slate->length - table->begun;

	slate_char(slate, '\0');
	table->line[table->column++] =
		width_of(table, slate->bytes + table->begun, length);
	table->begun = slate->length;
	if (table->column < table->columns)
		return;
	measure(table);
	table->column = 0;
	table->lines++;
}

void table_row(struct table *table)
{
	do
		table_cell(table);
	while (table->column);
}

/* The line that begins at `text`; returns where the next one does. */
static const char *take_line(const struct table *table, const char *text,
                             struct line *line)
{
	line->used = 0;
	for (size_t i = 0; i < table->columns; i++) {
		const size_t length = strlen(text);

		line->cells[i].text = text;
		line->cells[i].length = length;
		if (length)
			line->used = i + 1;
		text += length + 1;
	}
	return text;
}

static char *put(char *at, const char *bytes, size_t length)
{
	memcpy(at, bytes, length);
	return at + length;
}

static char *put_blanks(char *at, size_t count)
{
	memset(at, ' ', count);
	return at + count;
}

/* Returns where the line ends that is written from `at` on. */
static char *write_line(const struct table *table, const struct line *line,
                        char *at)
{
	const char *before = table->indent;
	size_t length = strlen(before);

	for (size_t i = 0; i < line->used; i++) {
		const struct cell *cell = &line->cells[i];
		const size_t least = i + 1 < line->used ? table->widths[i] : 0;
		const size_t width = width_of(table, cell->text, cell->length);

		if (!width && !least)
			continue;
		at = put(at, before, length);
		at = put(at, cell->text, cell->length);
		if (width < least)
			at = put_blanks(at, least - width);
		before = between;
		length = strlen(between);
	}
	*at++ = '\n';
	return at;
}

/* How much longer than its cells a line can be. */
static size_t blanks_of(const struct table *table)
{
	size_t most = strlen(table->indent) + strlen("\n");

	for (size_t i = 0; i < table->columns; i++)
		most += strlen(between) + table->widths[i];
	return most;
}

/* `out`: where lines are passed on to, many at once; or NULL. */
static void write_lines(const struct table *table, struct slate *slate,
                        FILE *out)
{
	const char *next = table->slate.bytes;
	const size_t blanks = blanks_of(table);
	struct line line;

	for (size_t i = 0; i < table->lines; i++) {
		const char *const text = next;
		char *at;

		next = take_line(table, text, &line);
		at = slate_room(slate, (size_t)(next - text) + blanks);
		at = write_line(table, &line, at);
		slate->length = (size_t)(at - slate->bytes);
		if (out)
			slate_pass(slate, out);
	}
}

void table_write(struct table *table, struct slate *slate)
{
	write_lines(table, slate, NULL);
	table->slate.length = 0;
	table->slate.streamed = false;
	table->begun = 0;
	table->lines = 0;
	memset(table->widths, 0, sizeof(table->widths));
}

void table_end(struct table *table, FILE *out)
{
	struct slate slate = { 0 };

	write_lines(table, &slate, out);
	slate_end(&slate, out);
	slate_release(&table->slate);
}
