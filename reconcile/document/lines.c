/* SPDX-License-Identifier: MIT */
/*
 * Lines for people. A file is read once, when its first line is asked for, and
 * searched for secrets as far as lines are asked for; it stays with the source.
 */
#include "base/text.h"
#include "document/spans.h"
#include "document/tree.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>

/* Shown behind the place. */
enum { LINE_CHARACTERS = 200 };

struct lines {
	struct buffer text;
	const char **starts; /* of each line, and behind the last */
	size_t count, capacity;
	struct spans spans;
};

static void lines_free(void *thing)
{
	struct lines *lines = thing;

	buffer_release(&lines->text);
	free(lines->starts);
	spans_release(&lines->spans);
	free(lines);
}

static void add_start(struct lines *lines, const char *start)
{
	lines->starts = xgrow(lines->starts, lines->count, &lines->capacity,
	                      sizeof(*lines->starts));
	lines->starts[lines->count++] = start;
}

/* What libyaml takes for the end of a line; "" where there is none. */
static const char *line_break(const char *at)
{
	static const char *const breaks[] = { "\r\n",         "\n",
		                              "\r",           "\xc2\x85",
		                              "\xe2\x80\xa8", "\xe2\x80\xa9" };

	if ((unsigned char)*at > '\r' && (unsigned char)*at < 0xc2)
		return "";
	for (size_t i = 0; i < LENGTH(breaks); i++) {
		if (str_starts(at, breaks[i]))
			return breaks[i];
	}
	return "";
}

static void split(struct lines *lines, const char *text, const char *end)
{
	add_start(lines, text);
	for (const char *at = text; at < end;) {
		size_t length;

		at += strcspn(at, "\n\r\xc2\xe2");
		length = strlen(line_break(at));

		at += length ? length : 1;
		if (length)
			add_start(lines, at);
	}
	add_start(lines, end);
}

static struct lines *read_lines(struct source *source, const char *path)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	struct lines *lines = xcalloc(1, sizeof(*lines));

	if (source_read(source, path, PLACE_NONE, &lines->text, ignored) < 0) {
		free(lines);
		return NULL;
	}

	const char *text = lines->text.bytes;
	const char *end = text + lines->text.length;

	if (str_starts(text, "\xef\xbb\xbf"))
		text += 3;
	split(lines, text, end);
	spans_begin(&lines->spans, text, (size_t)(end - text));
	source_keep(source, path, lines, lines_free);
	return lines;
}

/* ---- one line ---- */

struct line {
	const char *start, *end;
	size_t number; /* from 0 */
	size_t caret;  /* column, from 0 */
};

/* The first span that ends on this line or later. */
static size_t first_span(const struct spans *spans, size_t number)
{
	size_t low = 0, high = spans->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (spans->items[middle].end_line < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The column before which `span` leaves this line alone; its indentation. */
static size_t span_start(const struct line *line, const struct span *span)
{
	if (span->line == line->number)
		return span->column;
	return strspn(line->start, " \t");
}

static const char *skip(const char *at, const char *end, size_t characters)
{
	while (at < end && characters--) {
		do
			at++;
		while (at < end && (*at & 0xc0) == 0x80);
	}
	return at;
}

/*
 * Stars of a number that tells nothing; but where the caret points behind
 * them, their number is the column's secret no more, and it must point right.
 */
static void write_stars(FILE *out, const struct line *line, size_t from,
                        size_t end)
{
	size_t count = line->caret >= end ? end - from : 3;

	while (count--)
		fputc('*', out);
}

static bool holds_secret_name(const char *at, const char *end)
{
	while (at < end) {
		size_t length = strcspn(at, " \t:={}[],\"'#\n\r");

		if (length > (size_t)(end - at))
			length = (size_t)(end - at);
		if (length && is_secret_name(at, length))
			return true;
		at += length + 1;
	}
	return false;
}

/* Where a comment begins that may speak of a secret; else the end. */
static const char *find_comment(const struct line *line)
{
	for (const char *at = line->start; at < line->end; at++) {
		if (*at == '#' &&
		    (at == line->start || at[-1] == ' ' || at[-1] == '\t'))
			return holds_secret_name(line->start, line->end)
			               ? at + 1
			               : line->end;
	}
	return line->end;
}

/* The columns of a span on this line; behind the line where it goes on. */
static void hide_span(FILE *out, const struct line *line,
                      const struct span *span, size_t *column)
{
	size_t from = span_start(line, span);
	size_t to =
		span->end_line == line->number ? span->end_column : SIZE_MAX;
	const char *at = skip(line->start, line->end, *column);
	const char *hidden = skip(line->start, line->end, from);

	if (from < *column || hidden == line->end || to <= from)
		return;
	fwrite(at, 1, (size_t)(hidden - at), out);
	write_stars(out, line, from, to);
	*column = to;
}

static bool is_on(const struct line *line, const struct spans *spans,
                  size_t index)
{
	return index < spans->count && spans->items[index].line <= line->number;
}

/* Without what is secret. */
static char *copy_line(const struct spans *spans, const struct line *line)
{
	const char *rest, *comment = find_comment(line);
	size_t column = 0, length, i = first_span(spans, line->number);
	char *text = NULL;
	FILE *out;

	if (comment == line->end && !is_on(line, spans, i))
		return xstrndup(line->start, (size_t)(line->end - line->start));
	out = xmemstream(&text, &length);
	for (; is_on(line, spans, i); i++)
		hide_span(out, line, &spans->items[i], &column);
	rest = skip(line->start, line->end, column);
	if (rest < comment)
		fwrite(rest, 1, (size_t)(comment - rest), out);
	if (comment < line->end)
		fputs("***", out);
	(void)fclose(out);
	return text;
}

/* Without the line break, and cut where it becomes too long. */
static struct line get_line(const struct lines *lines,
                            const struct place *place)
{
	struct line line = {
		.start = lines->starts[place->line - 1],
		.end = lines->starts[place->line],
		.number = place->line - 1,
		.caret = place->column ? place->column - 1 : 0,
	};
	const char *at = line.start;

	while (at < line.end && !*line_break(at))
		at++;
	line.end = skip(line.start, at, line.caret + LINE_CHARACTERS);
	return line;
}

char *document_line(const struct place *place, void *context)
{
	struct source *source = context;
	const char *path =
		place->file ? source_path_of(source, place->file) : NULL;

	if (!path || !place->line)
		return NULL;

	struct lines *lines = source_kept(source, path);

	if (!lines)
		lines = read_lines(source, path);
	if (!lines || place->line >= lines->count)
		return NULL;

	const struct line line = get_line(lines, place);

	spans_find(&lines->spans, line.number);
	return copy_line(&lines->spans, &line);
}
