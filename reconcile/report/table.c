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

static void write_blanks(size_t count, FILE *out)
{
	static const char blanks[] = "                                ";
	const size_t most = sizeof(blanks) - 1;

	for (; count > most; count -= most)
		fwrite(blanks, 1, most, out);
	fwrite(blanks, 1, count, out);
}

static void write_line(const struct table *table, const struct line *line,
                       const size_t *widths, FILE *out)
{
	const char *before = table->indent;

	for (size_t i = 0; i < line->used; i++) {
		const struct cell *cell = &line->cells[i];
		const size_t least = i + 1 < line->used ? widths[i] : 0;

		if (!cell->width && !least)
			continue;
		fputs(before, out);
		fwrite(cell->text, 1, cell->length, out);
		if (cell->width < least)
			write_blanks(least - cell->width, out);
		before = "  ";
	}
	fputc('\n', out);
}

static void write_lines(const struct table *table, FILE *out)
{
	const size_t rows = table->cells / table->columns;
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
		write_line(table, &line, widths, out);
	}
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
