/* SPDX-License-Identifier: MIT */
/* The values of what is open wait on a stack and are copied once. */
#include "document/quick_json.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 18, NAMES_MAX = 64 };

struct scan {
	struct documents *documents;
	uint16_t file;
	const char *at, *end;
	unsigned levels; /* that may still open */
	struct node *stack;
	size_t count, capacity;
};

static void scan_release(struct scan *scan)
{
	free(scan->stack);
}

static bool is_space(char character)
{
	return character == ' ' || character == '\n' || character == '\r' ||
	       character == '\t';
}

static void skip_spaces(struct scan *scan)
{
	while (scan->at < scan->end && is_space(*scan->at))
		scan->at++;
}

/* Spaces, then that character. */
static bool take(struct scan *scan, char character)
{
	skip_spaces(scan);
	if (scan->at == scan->end || *scan->at != character)
		return false;
	scan->at++;
	return true;
}

static struct node *push(struct scan *scan)
{
	scan->stack = xgrow(scan->stack, scan->count, &scan->capacity,
	                    sizeof(*scan->stack));
	return &scan->stack[scan->count++];
}

/* ---- scalars ---- */

static struct node make_scalar(const struct scan *scan, const char *text,
                               size_t length, enum node_style style)
{
	return (struct node){
		.type = NODE_SCALAR,
		.style = (uint8_t)style,
		.file = scan->file,
		.length = length,
		.text = arena_copy(scan->documents->arena, text, length),
	};
}

/* Of one letter; '\0' for any other. */
static char unescape(char letter)
{
	static const char pairs[] = "\"\"\\\\//b\bf\fn\nr\rt\t";

	for (const char *pair = pairs; *pair; pair += 2) {
		if (*pair == letter)
			return pair[1];
	}
	return '\0';
}

/* The length without the escapes; -1: there is another one. */
static ssize_t copy_unescaped(const char *from, const char *end, char *out)
{
	const char *start = out;

	for (; from < end; from++) {
		if (*from != '\\') {
			*out++ = *from;
			continue;
		}
		*out = unescape(*++from);
		if (!*out++)
			return -1;
	}
	return out - start;
}

static bool read_escaped(const struct scan *scan, const char *from,
                         struct node *out)
{
	const size_t room = (size_t)(scan->at - from);
	CLEANUP(textp) char *bytes = xmalloc(room + 1);
	const ssize_t length = copy_unescaped(from, scan->at, bytes);

	if (length < 0)
		return false;
	*out = make_scalar(scan, bytes, (size_t)length, NODE_QUOTED);
	return true;
}

/* From behind the opening quote to behind the closing one. */
static bool read_text(struct scan *scan, struct node *out)
{
	const char *from = scan->at;
	bool escaped = false;
	size_t length;

	while (scan->at < scan->end && *scan->at != '"') {
		if ((unsigned char)*scan->at < ' ')
			return false;
		escaped |= *scan->at == '\\';
		scan->at += *scan->at == '\\' ? 2 : 1;
	}
	if (scan->at >= scan->end)
		return false;
	length = (size_t)(scan->at - from);
	if (!text_is_utf8(from, length))
		return false;
	if (!escaped)
		*out = make_scalar(scan, from, length, NODE_QUOTED);
	else if (!read_escaped(scan, from, out))
		return false;
	scan->at++;
	return true;
}

/* A zero at the beginning stands alone. */
static bool read_number(struct scan *scan, struct node *out)
{
	const char *from = scan->at;
	size_t length;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	length = (size_t)(scan->at - from);
	if (!length || length > DIGITS_MAX || (*from == '0' && length > 1) ||
	    (scan->at < scan->end && strchr(".eE", *scan->at)))
		return false;
	*out = make_scalar(scan, from, length, NODE_PLAIN);
	return true;
}

static bool read_word(struct scan *scan, struct node *out)
{
	static const char *const words[] = { "true", "false", "null" };
	const size_t left = (size_t)(scan->end - scan->at);

	for (size_t i = 0; i < LENGTH(words); i++) {
		const size_t length = strlen(words[i]);

		if (length > left || memcmp(scan->at, words[i], length) != 0)
			continue;
		scan->at += length;
		*out = make_scalar(scan, words[i], length, NODE_PLAIN);
		return true;
	}
	return read_number(scan, out);
}

/* ---- arrays and objects ---- */

/* Takes what was pushed since `first` off the stack. */
static struct node *keep(struct scan *scan, size_t first)
{
	const size_t count = scan->count - first;
	struct node *kids = arena_alloc(scan->documents->arena,
	                                count * sizeof(struct node));

	if (count)
		memcpy(kids, scan->stack + first, count * sizeof(*kids));
	scan->documents->node_count += count;
	scan->count = first;
	return kids;
}

static bool read_value(struct scan *scan, struct node *out);

static bool push_value(struct scan *scan)
{
	struct node node;

	if (!read_value(scan, &node))
		return false;
	*push(scan) = node;
	return true;
}

static bool read_array(struct scan *scan, struct node *out)
{
	const size_t first = scan->count;

	scan->at++;
	if (!take(scan, ']')) {
		do {
			if (!push_value(scan))
				return false;
		} while (take(scan, ','));
		if (!take(scan, ']'))
			return false;
	}
	*out = (struct node){ .type = NODE_SEQUENCE, .file = scan->file };
	out->count = (uint32_t)(scan->count - first);
	out->kids = keep(scan, first);
	return true;
}

/* The name that was pushed last stands among those before it. */
static bool is_twin(const struct scan *scan, size_t first)
{
	const struct node *last = &scan->stack[scan->count - 1];

	for (const struct node *name = scan->stack + first; name < last;
	     name += 2) {
		if (name->length == last->length &&
		    memcmp(name->text, last->text, last->length) == 0)
			return true;
	}
	return false;
}

static bool read_member(struct scan *scan, size_t first)
{
	struct node name;

	if (!take(scan, '"') || !read_text(scan, &name))
		return false;
	*push(scan) = name;
	return scan->count - first < 2 * (size_t)NAMES_MAX &&
	       !is_twin(scan, first) && take(scan, ':') && push_value(scan);
}

static bool read_object(struct scan *scan, struct node *out)
{
	const size_t first = scan->count;

	scan->at++;
	if (!take(scan, '}')) {
		do {
			if (!read_member(scan, first))
				return false;
		} while (take(scan, ','));
		if (!take(scan, '}'))
			return false;
	}
	*out = (struct node){ .type = NODE_MAPPING, .file = scan->file };
	out->count = (uint32_t)((scan->count - first) / 2);
	out->kids = keep(scan, first);
	return true;
}

/* Recursion goes no deeper than the levels. */
static bool read_nested(struct scan *scan, struct node *out)
{
	bool whole;

	if (!scan->levels)
		return false;
	scan->levels--;
	whole = *scan->at == '{' ? read_object(scan, out)
	                         : read_array(scan, out);
	scan->levels++;
	return whole;
}

static bool read_value(struct scan *scan, struct node *out)
{
	skip_spaces(scan);
	if (scan->at == scan->end)
		return false;
	if (*scan->at == '{' || *scan->at == '[')
		return read_nested(scan, out);
	if (*scan->at != '"')
		return read_word(scan, out);
	scan->at++;
	return read_text(scan, out);
}

bool quick_json_read(struct documents *documents, uint16_t file,
                     const char *bytes, size_t length, struct node *out)
{
	CLEANUP(scan_release)
	struct scan scan = {
		.documents = documents,
		.file = file,
		.at = bytes,
		.end = bytes + length,
		.levels = LIMIT_JSON_DEPTH,
	};
	const size_t node_count = documents->node_count;

	if (read_value(&scan, out)) {
		skip_spaces(&scan);
		if (scan.at == scan.end)
			return true;
	}
	documents->node_count = node_count;
	return false;
}
