/* SPDX-License-Identifier: MIT */
/*
 * Lines for people. A file is read once, when its first line is asked for, and
 * searched for secrets as far as lines are asked for; it stays with the source.
 * Of a large one that was read anyway only sums stay: the few lines that are
 * asked for are read again, and by their sums are what they were.
 */
#include "base/text.h"
#include "document/spans.h"
#include "document/tree.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>

/* Shown behind the place. */
enum { LINE_CHARACTERS = 200 };

/* One line in so many is remembered; texts up to so many bytes are, too. */
enum { STRIDE = 16, KEPT_BYTES = 4 << 20 };

/* STRIDE lines of a text that is not kept. */
struct stretch {
	size_t offset, length; /* in the text */
	uint64_t sum;
};

struct lines {
	struct buffer text;
	const char *start, *end; /* of the text, without a byte order mark */
	const char **marks;      /* starts of the lines 0, STRIDE, … */
	size_t mark_count, capacity;
	size_t count; /* of lines */
	bool plain;   /* all end with \n */
	struct spans spans;
	struct stretch *stretches; /* of a text that is not kept; or NULL */
	uint64_t sum;              /* of all that the spans were found in */
	bool known;
};

static void lines_free(void *thing)
{
	struct lines *lines = thing;

	buffer_release(&lines->text);
	free(lines->marks);
	free(lines->stretches);
	spans_release(&lines->spans);
	free(lines);
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

/* Behind the next line break; NULL when there is none. */
static const char *next_line(const struct lines *lines, const char *at)
{
	if (lines->plain) {
		at = memchr(at, '\n', (size_t)(lines->end - at));
		return at ? at + 1 : NULL;
	}
	while (at < lines->end) {
		size_t length;

		at += strcspn(at, "\n\r\xc2\xe2");
		length = strlen(line_break(at));
		if (length)
			return at + length;
		at++;
	}
	return NULL;
}

static bool has_byte(const struct lines *lines, int byte)
{
	return memchr(lines->start, byte, (size_t)(lines->end - lines->start));
}

static void split(struct lines *lines)
{
	const char *at;

	lines->start = lines->text.bytes;
	lines->end = lines->start + lines->text.length;
	if (str_starts(lines->start, "\xef\xbb\xbf"))
		lines->start += 3;
	lines->plain = !has_byte(lines, '\r') && !has_byte(lines, 0xc2) &&
	               !has_byte(lines, 0xe2);
	for (at = lines->start; at; at = next_line(lines, at)) {
		if (lines->count++ % STRIDE)
			continue;
		lines->marks = xgrow(lines->marks, lines->mark_count,
		                     &lines->capacity, sizeof(*lines->marks));
		lines->marks[lines->mark_count++] = at;
	}
}

/* ---- texts that are not kept ---- */

/* Tells bytes from what somebody made of them since; eight at a time. */
static uint64_t sum_bytes(const char *bytes, size_t length)
{
	uint64_t sum = length, word;

	for (; length >= sizeof(word);
	     bytes += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 32;
	}
	word = 0;
	memcpy(&word, bytes, length);
	return (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct stretch stretch_at(const struct lines *lines, size_t index)
{
	const char *start = lines->marks[index];
	const char *end = index + 1 < lines->mark_count
	                          ? lines->marks[index + 1]
	                          : lines->end;
	const size_t length = (size_t)(end - start);

	return (struct stretch){ (size_t)(start - lines->text.bytes), length,
		                 sum_bytes(start, length) };
}

static uint64_t add_sum(uint64_t sum, const struct stretch *stretch)
{
	return (sum ^ stretch->sum) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The text may go then. */
static void make_stretches(struct lines *lines)
{
	lines->stretches =
		xcalloc(lines->mark_count, sizeof(*lines->stretches));
	for (size_t i = 0; i < lines->mark_count; i++) {
		lines->stretches[i] = stretch_at(lines, i);
		lines->sum = add_sum(lines->sum, &lines->stretches[i]);
	}
	free(TAKE(lines->marks));
	lines->capacity = 0;
}

void lines_know(struct source *source, const char *path, struct buffer *text,
                struct spans *spans)
{
	struct lines *lines = xcalloc(1, sizeof(*lines));

	lines->spans = *spans;
	*spans = (struct spans){ 0 };
	lines->text = *text;
	lines->known = true;
	if (text->length > KEPT_BYTES) {
		split(lines);
		make_stretches(lines);
		lines->text = (struct buffer){ 0 };
	} else {
		*text = (struct buffer){ 0 };
	}
	source_keep(source, path, lines, lines_free);
}

/* What is known of another text is worth nothing. */
static void check_sum(struct lines *lines)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < lines->mark_count; i++) {
		const struct stretch stretch = stretch_at(lines, i);

		sum = add_sum(sum, &stretch);
	}
	if (sum == lines->sum)
		return;
	spans_release(&lines->spans);
	lines->spans = (struct spans){ 0 };
	lines->known = false;
}

static int begin_lines(struct lines *lines, const struct source *source,
                       const char *path)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	const bool again = !lines->text.bytes;

	if (again &&
	    source_read(source, path, PLACE_NONE, &lines->text, ignored) < 0)
		return -1;
	free(TAKE(lines->stretches));
	lines->count = lines->mark_count = 0;
	split(lines);
	if (again && lines->known)
		check_sum(lines);
	if (!lines->known)
		spans_begin(&lines->spans, lines->start,
		            (size_t)(lines->end - lines->start));
	return 0;
}

/* Read when they are first asked for; NULL when they cannot be. */
static struct lines *find_lines(struct source *source, const char *path)
{
	struct lines *lines = source_kept(source, path);

	if (!lines) {
		lines = xcalloc(1, sizeof(*lines));
		source_keep(source, path, lines, lines_free);
	}
	if (!lines->count && begin_lines(lines, source, path) < 0)
		return NULL;
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
static struct line get_line(const struct lines *lines, const char *stretch,
                            const struct place *place)
{
	struct line line = {
		.start = stretch,
		.number = place->line - 1,
		.caret = place->column ? place->column - 1 : 0,
	};
	const char *at;

	for (size_t i = 0; i < line.number % STRIDE; i++)
		line.start = next_line(lines, line.start);
	for (at = line.start; at < lines->end && !*line_break(at);)
		at++;
	line.end = skip(line.start, at, line.caret + LINE_CHARACTERS);
	return line;
}

/* -1: it cannot be read by itself, or is not what it was. */
static int read_line(struct lines *lines, const struct source *source,
                     const struct place *place, char **out)
{
	const struct stretch *stretch =
		&lines->stretches[(place->line - 1) / STRIDE];
	CLEANUP(buffer_release) struct buffer text = { 0 };
	struct lines piece = { .plain = lines->plain };
	struct line line;

	if (source_read_part(source, source_path_of(source, place->file),
	                     stretch->offset, stretch->length, &text) < 0 ||
	    sum_bytes(text.bytes, text.length) != stretch->sum)
		return -1;
	piece.start = text.bytes;
	piece.end = text.bytes + text.length;
	line = get_line(&piece, piece.start, place);
	*out = copy_line(&lines->spans, &line);
	return 0;
}

/* From a text that is kept, or is from now on; NULL where it has no such line
 * any more. */
static char *find_line(struct lines *lines, const struct source *source,
                       const struct place *place)
{
	struct line line;

	if (lines->stretches &&
	    begin_lines(lines, source, source_path_of(source, place->file)) < 0)
		return NULL;
	if (place->line > lines->count)
		return NULL;
	line = get_line(lines, lines->marks[(place->line - 1) / STRIDE], place);
	spans_find(&lines->spans, line.number);
	return copy_line(&lines->spans, &line);
}

char *document_line(const struct place *place, void *context)
{
	struct source *source = context;
	const char *path =
		place->file ? source_path_of(source, place->file) : NULL;

	if (!path || !place->line)
		return NULL;

	struct lines *lines = find_lines(source, path);
	char *line = NULL;

	if (!lines || place->line > lines->count)
		return NULL;
	if (!lines->stretches || read_line(lines, source, place, &line) < 0)
		line = find_line(lines, source, place);
	return line;
}
