/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One line, taken apart. */
struct line {
	const char *cells[TABLE_COLUMNS];
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

/* The line that begins at `text`; returns where the next one does. */
static const char *take_line(const struct table *table, const char *text,
                             struct line *line)
{
	line->used = 0;
	for (size_t i = 0; i < table->columns; i++) {
		line->cells[i] = text;
		if (*text)
			line->used = i + 1;
		text += strlen(text) + 1;
	}
	return text;
}

/* Characters, not bytes: the text is UTF-8. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static void measure(const struct line *line, size_t *widths)
{
	for (size_t i = 0; i + 1 < line->used; i++) {
		const size_t width = width_of(line->cells[i]);

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
		const size_t width = width_of(line->cells[i]);
		const size_t least = i + 1 < line->used ? widths[i] : 0;

		if (!width && !least)
			continue;
		fputs(before, out);
		fputs(line->cells[i], out);
		if (width < least)
			write_blanks(least - width, out);
		before = "  ";
	}
	fputc('\n', out);
}

void table_end(struct table *table, FILE *out)
{
	const size_t rows = table->cells / table->columns;
	size_t widths[TABLE_COLUMNS] = { 0 };
	struct line line;
	const char *at;

	(void)fclose(table->out);
	at = table->text;
	for (size_t i = 0; i < rows; i++) {
		at = take_line(table, at, &line);
		measure(&line, widths);
	}
	at = table->text;
	for (size_t i = 0; i < rows; i++) {
		at = take_line(table, at, &line);
		write_line(table, &line, widths, out);
	}
	free(table->text);
}
