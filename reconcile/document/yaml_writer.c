/* SPDX-License-Identifier: MIT */
/*
 * Written by hand and not by libyaml's emitter, which knows no comments and
 * looks three events ahead, so that nothing could be put between them.
 */
#include "base/limits.h"
#include "base/text.h"
#include "document/document.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum layout { LAYOUT_MAP, LAYOUT_LIST, LAYOUT_FLOW_MAP, LAYOUT_FLOW_LIST };

/* What stands before the first thing of a layout, the others, and the end. */
static const struct {
	const char *open, *between, *close, *empty;
} marks[] = {
	[LAYOUT_MAP] = { "", "", "", "{}" },
	[LAYOUT_LIST] = { "", "", "", "[]" },
	[LAYOUT_FLOW_MAP] = { "{ ", ", ", " }", "{}" },
	[LAYOUT_FLOW_LIST] = { "[", ", ", "]", "[]" },
};

struct level {
	enum layout layout;
	size_t indent;
	size_t count;      /* keys or items begun */
	bool value_next;   /* of a mapping: a key was written */
	bool inline_first; /* stands on the line of its list's dash */
};

struct yaml_writer {
	FILE *out;
	struct level levels[LIMIT_YAML_DEPTH];
	size_t depth;
	bool started;   /* something stands in the file */
	bool commented; /* and it ends with a comment */
};

struct yaml_writer *yaml_writer_new(FILE *out)
{
	struct yaml_writer *writer = xcalloc(1, sizeof(*writer));

	writer->out = out;
	return writer;
}

int yaml_writer_end(struct yaml_writer *writer)
{
	FILE *out = writer->out;

	assert(!writer->depth);
	if (writer->started)
		fputc('\n', out);
	free(writer);
	return fflush(out) || ferror(out) ? -1 : 0;
}

static struct level *innermost(struct yaml_writer *writer)
{
	return writer->depth ? &writer->levels[writer->depth - 1] : NULL;
}

static void begin_line(struct yaml_writer *writer, size_t indent)
{
	if (writer->started)
		fputc('\n', writer->out);
	fprintf(writer->out, "%*s", (int)indent, "");
	writer->started = true;
	writer->commented = false;
}

/* ---- where the next thing goes ---- */

static bool is_flow(const struct level *level)
{
	return level->layout == LAYOUT_FLOW_MAP ||
	       level->layout == LAYOUT_FLOW_LIST;
}

static bool is_list(const struct level *level)
{
	return level->layout == LAYOUT_LIST ||
	       level->layout == LAYOUT_FLOW_LIST;
}

/* Goes to where the next key or item of a collection stands. */
static void begin_entry(struct yaml_writer *writer, struct level *level)
{
	if (is_flow(level))
		fputs(level->count ? marks[level->layout].between
		                   : marks[level->layout].open,
		      writer->out);
	else if (level->count || !level->inline_first)
		begin_line(writer, level->indent);
	if (level->layout == LAYOUT_LIST)
		fputs("- ", writer->out);
	level->count++;
}

/* Goes to where a scalar or a flow collection stands; true for a key. */
static bool begin_text(struct yaml_writer *writer)
{
	struct level *level = innermost(writer);

	if (!level) {
		begin_line(writer, 0);
		return false;
	}
	if (level->value_next) {
		level->value_next = false;
		fputc(' ', writer->out);
		return false;
	}
	begin_entry(writer, level);
	level->value_next = !is_list(level);
	return level->value_next;
}

static void push(struct yaml_writer *writer, struct level level)
{
	assert(writer->depth < LIMIT_YAML_DEPTH);
	writer->levels[writer->depth++] = level;
}

static void begin_flow(struct yaml_writer *writer, enum layout layout)
{
	bool key = begin_text(writer);

	assert(!key);
	(void)key;
	push(writer, (struct level){ .layout = layout });
}

/* A block collection begins: below its key, or behind its dash. */
static void begin_block(struct yaml_writer *writer, enum layout layout)
{
	struct level *level = innermost(writer);
	struct level inner = { .layout = layout };

	if (level) {
		assert(is_list(level) || level->value_next);
		inner.indent = level->indent + 2;
		inner.inline_first = is_list(level);
	}
	if (level && is_list(level))
		begin_entry(writer, level);
	else if (level)
		level->value_next = false;
	push(writer, inner);
}

static void begin(struct yaml_writer *writer, enum layout block,
                  enum layout flow)
{
	const struct level *level = innermost(writer);

	if (level && is_flow(level))
		begin_flow(writer, flow);
	else
		begin_block(writer, block);
}

void yaml_map(struct yaml_writer *writer)
{
	begin(writer, LAYOUT_MAP, LAYOUT_FLOW_MAP);
}

void yaml_list(struct yaml_writer *writer)
{
	begin(writer, LAYOUT_LIST, LAYOUT_FLOW_LIST);
}

void yaml_flow_map(struct yaml_writer *writer)
{
	begin_flow(writer, LAYOUT_FLOW_MAP);
}

/* An empty block collection was written by nothing yet. */
static void end(struct yaml_writer *writer)
{
	const struct level *level = innermost(writer);
	const struct level *outer = level - 1;

	assert(level && !level->value_next);
	if (!level->count && writer->commented)
		begin_line(writer, level->indent);
	else if (!level->count && !is_flow(level) && writer->depth > 1 &&
	         outer->layout == LAYOUT_MAP)
		fputc(' ', writer->out);
	fputs(level->count ? marks[level->layout].close
	                   : marks[level->layout].empty,
	      writer->out);
	writer->started = true;
	writer->depth--;
}

void yaml_map_end(struct yaml_writer *writer)
{
	assert(writer->depth && !is_list(innermost(writer)));
	end(writer);
}

void yaml_list_end(struct yaml_writer *writer)
{
	assert(writer->depth && is_list(innermost(writer)));
	end(writer);
}

void yaml_comment(struct yaml_writer *writer, const char *text)
{
	const struct level *level = innermost(writer);

	assert(!level || (!is_flow(level) && !level->value_next &&
	                  (level->count || !level->inline_first)));
	while (text) {
		size_t length = strcspn(text, "\n");

		begin_line(writer, level ? level->indent : 0);
		fputs(length ? "# " : "#", writer->out);
		text_write_safe(writer->out, text, length);
		text = text[length] ? text + length + 1 : NULL;
	}
	writer->commented = true;
}

/* ---- scalars ---- */

static bool is_letter(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') || character == '_';
}

/* Letters, digits and what has no meaning in the middle of a text. */
static bool is_plain_text(const char *text, size_t length)
{
	static const char inside[] = "0123456789-./@+=()* ";

	for (size_t i = 0; i < length; i++) {
		bool colon =
			text[i] == ':' && text[i + 1] && text[i + 1] != ' ';

		if (!is_letter(text[i]) && !strchr(inside, text[i]) && !colon)
			return false;
	}
	return true;
}

/* True for what YAML 1.1, which many still read, takes for a boolean. */
static bool is_old_boolean(const char *text)
{
	static const char *const words[] = {
		"y", "n", "yes", "no", "on", "off"
	};

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

/* True when the text surely stands for itself without quotes. What begins
 * with a digit is left out, so that versions and dates look alike. */
static bool is_plain(const char *text)
{
	const struct node node = {
		.type = NODE_SCALAR,
		.style = NODE_PLAIN,
		.length = strlen(text),
		.text = text,
	};

	return (is_letter(text[0]) || text[0] == '/') &&
	       text[node.length - 1] != ' ' &&
	       is_plain_text(text, node.length) && !is_old_boolean(text) &&
	       node_scalar(&node) == SCALAR_STRING;
}

static void write_escape(FILE *out, unsigned char character)
{
	static const char letters[] = { ['\n'] = 'n',
		                        ['\t'] = 't',
		                        ['\r'] = 'r',
		                        ['"'] = '"',
		                        ['\\'] = '\\' };

	if (character < sizeof(letters) && letters[character])
		fprintf(out, "\\%c", letters[character]);
	else
		fprintf(out, "\\x%02X", character);
}

/* A character of more than one byte that YAML allows only as an escape: C1
 * controls, line separators, a byte order mark, what is no character. */
static size_t write_odd(FILE *out, const char *text)
{
	static const struct {
		const char *bytes, *escape;
	} odd[] = {
		{ "\xe2\x80\xa8", "\\u2028" }, { "\xe2\x80\xa9", "\\u2029" },
		{ "\xef\xbb\xbf", "\\uFEFF" }, { "\xef\xbf\xbe", "\\uFFFE" },
		{ "\xef\xbf\xbf", "\\uFFFF" },
	};

	for (size_t i = 0; i < LENGTH(odd); i++) {
		if (str_starts(text, odd[i].bytes)) {
			fputs(odd[i].escape, out);
			return strlen(odd[i].bytes);
		}
	}
	if (text[0] != '\xc2' || (unsigned char)text[1] >= 0xa0)
		return 0;
	fprintf(out, "\\x%02X", (unsigned char)text[1]);
	return 2;
}

static void write_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	while (*text) {
		unsigned char character = (unsigned char)*text;
		size_t odd = character < 0x80 ? 0 : write_odd(out, text);

		if (odd) {
			text += odd;
			continue;
		}
		if (character < 0x20 || character == 0x7f || *text == '"' ||
		    *text == '\\')
			write_escape(out, character);
		else
			fputc(*text, out);
		text++;
	}
	fputc('"', out);
}

void yaml_text(struct yaml_writer *writer, const char *text)
{
	if (is_plain(text)) {
		yaml_plain(writer, text);
		return;
	}

	bool key = begin_text(writer);

	write_quoted(writer->out, text);
	if (key)
		fputc(':', writer->out);
}

void yaml_plain(struct yaml_writer *writer, const char *text)
{
	bool key = begin_text(writer);

	fputs(text, writer->out);
	if (key)
		fputc(':', writer->out);
}
