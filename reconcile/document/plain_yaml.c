/* SPDX-License-Identifier: MIT */
/*
 * Line by line, by descent. What is read is shown only when nothing that
 * follows can turn it into something else: a key when its colon is seen, a text
 * when the next line does not go on with it. Where a list or a mapping in
 * brackets could still become a key, all is left to libyaml.
 */
#include "document/plain_yaml.h"
#include "document/plain_lines.h"

#include <stdint.h>
#include <string.h>

enum {
	LONGEST_TEXT = 1000, /* a key may have 1024 */
	DEEPEST = 32
};

struct reader {
	struct plain_lines lines;
	size_t depth, shown;
	bool stopped;
	plain_yaml_fn *show;
	void *context;
	char text[LONGEST_TEXT + 1];
};

/* A scalar that was read, and is not shown yet. */
struct scalar {
	const char *bytes;
	size_t length;
	yaml_scalar_style_t style;
	yaml_mark_t start, end;
};

enum where { IN_BLOCK = 1 << 0, IN_FLOW = 1 << 1 };

/* What may end a plain text, and where. */
static const uint8_t ends[256] = {
	[':'] = IN_BLOCK | IN_FLOW,
	['#'] = IN_BLOCK | IN_FLOW,
	[','] = IN_FLOW,
	['?'] = IN_FLOW,
	['['] = IN_FLOW,
	[']'] = IN_FLOW,
	['{'] = IN_FLOW,
	['}'] = IN_FLOW,
};

/* ---- lines ---- */

/* Nothing but a comment behind `at`; then the next line. */
static bool end_line(struct reader *reader)
{
	const char *from = reader->lines.at;

	plain_lines_skip_spaces(&reader->lines);
	if (reader->lines.at < reader->lines.limit &&
	    (*reader->lines.at != '#' || reader->lines.at == from))
		return false;
	return plain_lines_next(&reader->lines);
}

static yaml_mark_t mark(struct reader *reader, const char *at)
{
	return (yaml_mark_t){
		.line = reader->lines.number - 1,
		.column = plain_lines_column(&reader->lines, at),
	};
}

/* ---- events ---- */

static bool show_event(struct reader *reader, const yaml_event_t *event)
{
	reader->shown++;
	reader->stopped = reader->show(event, reader->context) != 0;
	return !reader->stopped;
}

static bool show_bare(struct reader *reader, yaml_event_type_t type)
{
	const yaml_event_t event = { .type = type };

	return show_event(reader, &event);
}

static bool show_start(struct reader *reader, yaml_event_type_t type,
                       yaml_mark_t start)
{
	const yaml_event_t event = { .type = type, .start_mark = start };

	return ++reader->depth <= DEEPEST && show_event(reader, &event);
}

static bool show_end(struct reader *reader, yaml_event_type_t type)
{
	reader->depth--;
	return show_bare(reader, type);
}

static bool show_scalar(struct reader *reader, const struct scalar *scalar)
{
	yaml_event_t event = {
		.type = YAML_SCALAR_EVENT,
		.start_mark = scalar->start,
		.end_mark = scalar->end,
	};

	memcpy(reader->text, scalar->bytes, scalar->length);
	reader->text[scalar->length] = '\0';
	event.data.scalar.value = (yaml_char_t *)reader->text;
	event.data.scalar.length = scalar->length;
	event.data.scalar.style = scalar->style;
	return show_event(reader, &event);
}

/* ---- scalars ---- */

static bool is_alphanumeric(char character)
{
	return (character >= '0' && character <= '9') ||
	       (character >= 'A' && character <= 'Z') ||
	       (character >= 'a' && character <= 'z');
}

/* True for a text that cannot be anything else; `---` and `...` begin lines. */
static bool begins_plain(const struct reader *reader)
{
	const char *at = reader->lines.at;

	if (at == reader->lines.limit)
		return false;
	if (is_alphanumeric(*at) || (*at & 0x80))
		return true;
	if (*at == '-')
		return at + 1 < reader->lines.limit && is_alphanumeric(at[1]);
	if (*at == '.')
		return at > reader->lines.start;
	return *at == '_' || *at == '/' || *at == '$' || *at == '(' ||
	       *at == '+' || *at == '~' || *at == '<' || *at == '=';
}

static bool is_blank_behind(const struct reader *reader, const char *at)
{
	return at + 1 == reader->lines.limit || at[1] == ' ';
}

/* False also for what would be a mistake or depends on libyaml's version. */
static bool find_plain_end(const struct reader *reader, enum where where,
                           const char **end)
{
	const char *at = reader->lines.at;

	for (; at < reader->lines.limit; at++) {
		if (!(ends[(unsigned char)*at] & where))
			continue;
		if (*at == '?')
			return false;
		if (*at == '#') {
			if (at[-1] != ' ')
				continue;
			break;
		}
		if (*at != ':' || is_blank_behind(reader, at))
			break;
		if (where == IN_FLOW && strchr(",?[]{}", at[1]))
			return false;
	}
	*end = at;
	return true;
}

static bool read_plain(struct reader *reader, enum where where,
                       struct scalar *scalar)
{
	const char *begin = reader->lines.at, *end, *last;

	if (!begins_plain(reader) || !find_plain_end(reader, where, &end))
		return false;
	for (last = end; last[-1] == ' '; last--)
		;
	if (last < end && end < reader->lines.limit && *end == ':')
		return false;
	reader->lines.at = last;
	scalar->style = YAML_PLAIN_SCALAR_STYLE;
	scalar->bytes = begin;
	scalar->length = (size_t)(last - begin);
	scalar->start = mark(reader, begin);
	scalar->end = mark(reader, last);
	return true;
}

/* Without escapes: what stands between two quotes. */
static bool read_quoted(struct reader *reader, struct scalar *scalar)
{
	const char quote = *reader->lines.at, *text = reader->lines.at + 1;
	const char *end =
		memchr(text, quote, (size_t)(reader->lines.limit - text));

	if (!end)
		return false;
	if (quote == '"' ? memchr(text, '\\', (size_t)(end - text)) != NULL
	                 : end + 1 < reader->lines.limit && end[1] == '\'')
		return false;
	scalar->style = quote == '"' ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
	                             : YAML_SINGLE_QUOTED_SCALAR_STYLE;
	scalar->bytes = text;
	scalar->length = (size_t)(end - text);
	scalar->start = mark(reader, reader->lines.at);
	reader->lines.at = end + 1;
	scalar->end = mark(reader, reader->lines.at);
	return true;
}

static bool read_scalar(struct reader *reader, enum where where,
                        struct scalar *scalar)
{
	const bool read =
		plain_lines_is_at(&reader->lines, '"') ||
				plain_lines_is_at(&reader->lines, '\'')
			? read_quoted(reader, scalar)
			: read_plain(reader, where, scalar);

	return read && scalar->length <= LONGEST_TEXT;
}

/* One with its colon; to behind that. */
static bool read_key(struct reader *reader, enum where where,
                     struct scalar *key)
{
	if (!read_scalar(reader, where, key) ||
	    !plain_lines_is_at(&reader->lines, ':') ||
	    !is_blank_behind(reader, reader->lines.at))
		return false;
	reader->lines.at++;
	return true;
}

/* ---- in brackets ---- */

/* Over spaces and comments, to something in this line or a later one. */
static bool skip_between(struct reader *reader)
{
	const char *from = reader->lines.at;

	plain_lines_skip_spaces(&reader->lines);
	if (reader->lines.at == reader->lines.limit ||
	    (*reader->lines.at == '#' && reader->lines.at > from))
		return plain_lines_next(&reader->lines) &&
		       reader->lines.column >= 0;
	return *reader->lines.at != '#';
}

static bool is_between(const struct reader *reader, char close)
{
	return *reader->lines.at == ',' || *reader->lines.at == close;
}

static bool read_flow(struct reader *reader);

/* To the comma or bracket behind it. Brackets in a list may be a key: only in a
 * mapping's value are they read. */
static bool read_flow_value(struct reader *reader, char close)
{
	struct scalar scalar;

	if (close == '}' && (plain_lines_is_at(&reader->lines, '[') ||
	                     plain_lines_is_at(&reader->lines, '{')))
		return read_flow(reader) && skip_between(reader) &&
		       is_between(reader, close);
	return read_scalar(reader, IN_FLOW, &scalar) && skip_between(reader) &&
	       is_between(reader, close) && show_scalar(reader, &scalar);
}

static bool read_flow_pair(struct reader *reader)
{
	struct scalar key;

	return read_key(reader, IN_FLOW, &key) && show_scalar(reader, &key) &&
	       skip_between(reader) && read_flow_value(reader, '}');
}

/* From its opening bracket to behind the closing one. */
static bool read_flow(struct reader *reader)
{
	const bool mapping = *reader->lines.at == '{';
	const char close = mapping ? '}' : ']';
	bool more;

	if (!show_start(reader,
	                mapping ? YAML_MAPPING_START_EVENT
	                        : YAML_SEQUENCE_START_EVENT,
	                mark(reader, reader->lines.at)))
		return false;
	reader->lines.at++;
	if (!skip_between(reader))
		return false;
	more = *reader->lines.at != close;
	while (more) {
		if (!(mapping ? read_flow_pair(reader)
		              : read_flow_value(reader, close)))
			return false;
		more = *reader->lines.at == ',';
		if (more) {
			reader->lines.at++;
			if (!skip_between(reader))
				return false;
		}
	}
	reader->lines.at++;
	return show_end(reader, mapping ? YAML_MAPPING_END_EVENT
	                                : YAML_SEQUENCE_END_EVENT);
}

/* ---- by indentation ---- */

static bool is_item(const struct reader *reader)
{
	return plain_lines_is_at(&reader->lines, '-') &&
	       reader->lines.at + 1 < reader->lines.limit &&
	       reader->lines.at[1] == ' ';
}

/* To the next line, which must not go on with it: it is not deeper. */
static bool end_scalar(struct reader *reader, long column,
                       const struct scalar *scalar)
{
	return end_line(reader) && reader->lines.column <= column &&
	       show_scalar(reader, scalar);
}

static bool read_mapping(struct reader *reader);

/* Not in brackets, which may be a key here. */
static bool read_item(struct reader *reader, long column)
{
	struct scalar scalar;
	const char *begin;

	reader->lines.at++;
	plain_lines_skip_spaces(&reader->lines);
	begin = reader->lines.at;
	if (!read_scalar(reader, IN_BLOCK, &scalar))
		return false;
	if (!plain_lines_is_at(&reader->lines, ':'))
		return end_scalar(reader, column, &scalar);
	reader->lines.at = begin;
	reader->lines.column = begin - reader->lines.start;
	return read_mapping(reader);
}

/* `outside` is the column of the mapping around it, which may be the same. */
static bool read_sequence(struct reader *reader, long outside)
{
	const long column = reader->lines.column;

	if (!show_start(reader, YAML_SEQUENCE_START_EVENT,
	                mark(reader, reader->lines.at)))
		return false;
	while (reader->lines.column == column && is_item(reader)) {
		if (!read_item(reader, column))
			return false;
	}
	if (reader->lines.column > column ||
	    (reader->lines.column == column &&
	     (column > outside || plain_lines_is_at(&reader->lines, '-'))))
		return false;
	return show_end(reader, YAML_SEQUENCE_END_EVENT);
}

/* What stands below a key in a mapping at `column`, or by itself (-1). */
static bool read_block(struct reader *reader, long column)
{
	if (is_item(reader))
		return reader->lines.column >= column &&
		       read_sequence(reader, column);
	return reader->lines.column > column && read_mapping(reader);
}

/* Behind the colon, to the next line. */
static bool read_value(struct reader *reader, long column)
{
	struct scalar scalar;

	plain_lines_skip_spaces(&reader->lines);
	if (reader->lines.at == reader->lines.limit || *reader->lines.at == '#')
		return plain_lines_next(&reader->lines) &&
		       read_block(reader, column);
	if (*reader->lines.at == '[' || *reader->lines.at == '{')
		return read_flow(reader) && end_line(reader);
	return read_scalar(reader, IN_BLOCK, &scalar) &&
	       end_scalar(reader, column, &scalar);
}

/* From its first key on. */
static bool read_mapping(struct reader *reader)
{
	const long column = reader->lines.column;
	const yaml_mark_t start = mark(reader, reader->lines.at);
	struct scalar key;

	if (!read_key(reader, IN_BLOCK, &key) ||
	    !show_start(reader, YAML_MAPPING_START_EVENT, start))
		return false;
	while (show_scalar(reader, &key) && read_value(reader, column)) {
		if (reader->lines.column < column)
			return show_end(reader, YAML_MAPPING_END_EVENT);
		if (reader->lines.column > column ||
		    !read_key(reader, IN_BLOCK, &key))
			return false;
	}
	return false;
}

static bool skip_document_start(struct reader *reader)
{
	return reader->lines.limit - reader->lines.start != 3 ||
	       memcmp(reader->lines.start, "---", 3) != 0 ||
	       plain_lines_next(&reader->lines);
}

static bool read_all(struct reader *reader)
{
	return plain_lines_next(&reader->lines) &&
	       skip_document_start(reader) && reader->lines.column >= 0 &&
	       show_bare(reader, YAML_STREAM_START_EVENT) &&
	       show_bare(reader, YAML_DOCUMENT_START_EVENT) &&
	       read_block(reader, -1) && reader->lines.column < 0 &&
	       show_bare(reader, YAML_DOCUMENT_END_EVENT) &&
	       show_bare(reader, YAML_STREAM_END_EVENT);
}

bool plain_yaml_read(const char *bytes, size_t length, plain_yaml_fn *show,
                     void *context, size_t *shown)
{
	struct reader reader = {
		.lines = { .next = bytes, .end = bytes + length },
		.show = show,
		.context = context,
	};
	const bool read = read_all(&reader);

	*shown = reader.shown;
	return read || reader.stopped;
}
