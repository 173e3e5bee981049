/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One line, taken apart. */
struct line {
	struct cell {
		const char *text;
		size_t length, width;
	} cells[TABLE_COLUMNS];
	size_t used; /* up to the last cell that is not empty */
};

void table_begin(struct table *table, const char *indent, size_t columns)
{
	assert(columns <= TABLE_COLUMNS);
	*table = (struct table){ .indent = indent, .columns = columns };
	table->out = xmemstream(&table->text, &table->length);
}

void table_cell(struct table *table)
{
	fputc('\0', table->out);
	table->cells++;
}

void table_row(struct table *table)
{
	do
		table_cell(table);
	while (table->cells % table->columns);
}

/* Characters, not bytes: the text is UTF-8. */
static size_t width_of(const char *text, size_t length)
{
	size_t width = text_plain_length(text, length);

	for (size_t i = width; i < length; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
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
		line->cells[i].width = width_of(text, length);
		if (length)
			line->used = i + 1;
		text += length + 1;
	}
	return text;
}

static void measure(const struct line *line, size_t *widths)
{
	for (size_t i = 0; i + 1 < line->used; i++) {
		const size_t width = line->cells[i].width;

		if (width > widths[i] && width <= TABLE_CELL_WIDTH)
			widths[i] = width;
	}
}

/* Pieces on their way: each through stdio would cost more than the rest. */
struct pieces {
	FILE *out;
	char bytes[1024];
	size_t length;
};

static void pieces_flush(struct pieces *pieces)
{
	fwrite(pieces->bytes, 1, pieces->length, pieces->out);
	pieces->length = 0;
}

static void put(struct pieces *pieces, const char *bytes, size_t length)
{
	if (length > sizeof(pieces->bytes) - pieces->length)
		pieces_flush(pieces);
	if (length > sizeof(pieces->bytes)) {
		fwrite(bytes, 1, length, pieces->out);
		return;
	}
	memcpy(pieces->bytes + pieces->length, bytes, length);
	pieces->length += length;
}

static void put_blanks(struct pieces *pieces, size_t count)
{
	static const char blanks[] = "                                ";
	const size_t most = sizeof(blanks) - 1;

	for (; count > most; count -= most)
		put(pieces, blanks, most);
	put(pieces, blanks, count);
}

static void write_line(const struct table *table, const struct line *line,
                       const size_t *widths, struct pieces *pieces)
{
	const char *before = table->indent;

	for (size_t i = 0; i < line->used; i++) {
		const struct cell *cell = &line->cells[i];
		const size_t least = i + 1 < line->used ? widths[i] : 0;

		if (!cell->width && !least)
			continue;
		put(pieces, before, strlen(before));
		put(pieces, cell->text, cell->length);
		if (cell->width < least)
			put_blanks(pieces, least - cell->width);
		before = "  ";
	}
	put(pieces, "\n", 1);
}

static void write_lines(const struct table *table, FILE *out)
{
	const size_t rows = table->cells / table->columns;
	struct pieces pieces = { .out = out };
	size_t widths[TABLE_COLUMNS] = { 0 };
	const char *at = table->text;
	struct line line;

	for (size_t i = 0; i < rows; i++) {
		at = take_line(table, at, &line);
		measure(&line, widths);
	}
	at = table->text;
	for (size_t i = 0; i < rows; i++) {
		at = take_line(table, at, &line);
		write_line(table, &line, widths, &pieces);
	}
	pieces_flush(&pieces);
}

void table_write(struct table *table, FILE *out)
{
	(void)fflush(table->out);
	write_lines(table, out);
	rewind(table->out);
	table->cells = 0;
}

void table_end(struct table *table, FILE *out)
{
	(void)fclose(table->out);
	write_lines(table, out);
	free(table->text);
}
