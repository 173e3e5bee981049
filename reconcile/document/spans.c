/* SPDX-License-Identifier: MIT */
#include "document/spans.h"
#include "base/limits.h"
#include "base/text.h"
#include "document/tree.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

/* What may be seen of a value. */
enum sight {
	SIGHT_ALL,
	SIGHT_NAMES,  /* below `secrets`: keys, but not their values */
	SIGHT_SCALAR, /* of `env` and `file`: a name or path, nothing else */
	SIGHT_NOTHING
};

struct level {
	enum sight sight; /* of what is inside */
	enum sight next;  /* of the value of the last key */
	bool mapping, value_next;
};

enum { VERDICT_LENGTH = 32 };

/* Whether a key names a secret: found out once, as keys come again. */
struct verdict {
	char name[VERDICT_LENGTH];
	size_t length;
	bool secret;
};

struct scan {
	struct spans *spans;
	const char *bytes;
	size_t length;
	yaml_parser_t yaml;
	struct verdict verdicts[KEY_SLOTS];
	struct level levels[LIMIT_YAML_DEPTH];
	size_t depth;
	size_t line;     /* where the last event begins */
	yaml_mark_t end; /* of it */
	bool hidden;     /* it was a secret */
};

static void add(struct spans *spans, struct span span)
{
	if (span.line == span.end_line && span.column == span.end_column)
		return;
	spans->items = xgrow(spans->items, spans->count, &spans->capacity,
	                     sizeof(*spans->items));
	spans->items[spans->count++] = span;
}

static void hide(struct scan *scan, const yaml_event_t *event)
{
	scan->hidden = true;
	add(scan->spans, (struct span){
				 .line = event->start_mark.line,
				 .column = event->start_mark.column,
				 .end_line = event->end_mark.line,
				 .end_column = event->end_mark.column,
			 });
}

static struct level *innermost(struct scan *scan)
{
	return scan->depth ? &scan->levels[scan->depth - 1] : NULL;
}

/* The sight of the node that begins now, which is no key. */
static enum sight take_sight(struct scan *scan)
{
	struct level *level = innermost(scan);

	if (!level)
		return SIGHT_ALL;
	if (!level->mapping)
		return level->sight;
	level->value_next = false;
	return level->next;
}

static bool is_reference_key(const char *key)
{
	return str_equal(key, "env") || str_equal(key, "file");
}

static bool names_secret(struct scan *scan, const char *name, size_t length)
{
	struct verdict *verdict = &scan->verdicts[key_slot(name, length)];

	/* What is counted comes once and is soon told, but would push out what
	 * comes again. */
	if (length == 0 || length > VERDICT_LENGTH ||
	    strpbrk(name, "0123456789"))
		return is_secret_name(name, length);
	if (verdict->length != length ||
	    memcmp(verdict->name, name, length) != 0) {
		memcpy(verdict->name, name, length);
		verdict->length = length;
		verdict->secret = is_secret_name(name, length);
	}
	return verdict->secret;
}

static enum sight sight_behind(struct scan *scan, enum sight inside,
                               const yaml_event_t *key)
{
	const char *text = (const char *)key->data.scalar.value;

	if (inside == SIGHT_NOTHING && is_reference_key(text))
		return SIGHT_SCALAR;
	if (inside != SIGHT_ALL)
		return SIGHT_NOTHING;
	if (str_equal(text, "secrets"))
		return SIGHT_NAMES;
	return names_secret(scan, text, key->data.scalar.length) ? SIGHT_NOTHING
	                                                         : SIGHT_ALL;
}

static void on_key(struct scan *scan, const yaml_event_t *event)
{
	struct level *level = innermost(scan);

	level->value_next = true;
	level->next = level->sight;
	if (event->type == YAML_SCALAR_EVENT)
		level->next = sight_behind(scan, level->sight, event);
	if (level->sight == SIGHT_NOTHING && level->next != SIGHT_SCALAR)
		hide(scan, event);
}

static void on_leaf(struct scan *scan, const yaml_event_t *event)
{
	const struct level *level = innermost(scan);

	if (level && level->mapping && !level->value_next) {
		on_key(scan, event);
		return;
	}

	enum sight sight = take_sight(scan);

	if (sight == SIGHT_NAMES || sight == SIGHT_NOTHING)
		hide(scan, event);
}

/* A collection that is a key has its insides seen as the keys are. */
static void on_start(struct scan *scan, const yaml_event_t *event)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	struct level *level = innermost(scan);
	bool key = level && level->mapping && !level->value_next;
	enum sight sight = key ? level->sight : take_sight(scan);

	if (key) {
		level->value_next = true;
		level->next = level->sight;
	}
	if (sight == SIGHT_SCALAR || (sight == SIGHT_NAMES && !mapping))
		sight = SIGHT_NOTHING;
	scan->levels[scan->depth++] = (struct level){
		.sight = sight,
		.next = sight,
		.mapping = mapping,
	};
}

static void on_event(struct scan *scan, const yaml_event_t *event)
{
	scan->hidden = false;
	if (event->type == YAML_SCALAR_EVENT || event->type == YAML_ALIAS_EVENT)
		on_leaf(scan, event);
	else if (event->type == YAML_MAPPING_START_EVENT ||
	         event->type == YAML_SEQUENCE_START_EVENT)
		on_start(scan, event);
	else if (event->type == YAML_MAPPING_END_EVENT ||
	         event->type == YAML_SEQUENCE_END_EVENT)
		scan->depth--;
	scan->line = event->start_mark.line;
	scan->end = event->end_mark;
}

/* ---- where it is no YAML ---- */

/* As much of it is searched for names; what is behind is hidden. */
enum { SEARCHED_BYTES = 64 << 10 };

static bool is_word(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') || character == '_' ||
	       character == '-';
}

/* The byte behind the first name of a secret at or after `at`. */
static size_t find_name(const char *bytes, size_t length, size_t at)
{
	size_t limit =
		length - at > SEARCHED_BYTES ? at + SEARCHED_BYTES : length;

	while (at < limit) {
		size_t end = at;

		while (end < length && is_word(bytes[end]))
			end++;
		if (end > at && is_secret_name(bytes + at, end - at))
			return end;
		at = end + (end == at);
	}
	return limit;
}

/* What stops the parser may still belong to the secret before it. */
static bool is_value_hidden(struct scan *scan)
{
	const struct level *level = innermost(scan);

	if (!level || scan->hidden)
		return scan->hidden;
	return level->sight != SIGHT_ALL ||
	       (level->value_next && level->next != SIGHT_ALL);
}

/* Moves `mark` from its place to the byte `end`, as libyaml counts. */
static yaml_mark_t advance(yaml_mark_t mark, const char *bytes, size_t from,
                           size_t end)
{
	for (size_t i = from; i < end; i++) {
		if (bytes[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if ((bytes[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return mark;
}

/* The byte that is `characters` behind the start. */
static size_t byte_at(const char *bytes, size_t length, size_t characters)
{
	size_t i = 0;

	while (i < length && characters) {
		i++;
		while (i < length && (bytes[i] & 0xc0) == 0x80)
			i++;
		characters--;
	}
	return i;
}

static void hide_rest(struct scan *scan)
{
	const char *bytes = scan->bytes;
	const size_t length = scan->length;
	yaml_mark_t mark = scan->end;
	size_t from = byte_at(bytes, length, mark.index);

	size_t end =
		is_value_hidden(scan) ? from : find_name(bytes, length, from);

	while (end < length && (bytes[end] == ':' || bytes[end] == ' '))
		end++;
	mark = advance(mark, bytes, from, end);
	add(scan->spans, (struct span){
				 .line = mark.line,
				 .column = mark.column,
				 .end_line = SIZE_MAX,
				 .end_column = SIZE_MAX,
			 });
}

/* 1: go on; 0: the end; -1: it is no YAML from here on. */
static int next(struct scan *scan)
{
	yaml_event_t event;
	bool ended;

	if (!yaml_parser_parse(&scan->yaml, &event))
		return -1;
	ended = event.type == YAML_STREAM_END_EVENT;
	on_event(scan, &event);
	yaml_event_delete(&event);
	if (scan->depth == LIMIT_YAML_DEPTH)
		return -1;
	return !ended;
}

void spans_begin(struct spans *spans, const char *bytes, size_t length)
{
	struct scan *scan = xcalloc(1, sizeof(*scan));

	scan->spans = spans;
	scan->bytes = bytes;
	scan->length = length;
	if (!yaml_parser_initialize(&scan->yaml))
		out_of_memory();
	yaml_parser_set_encoding(&scan->yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&scan->yaml, (const unsigned char *)bytes,
	                             length);
	spans->scan = scan;
}

static void end_scan(struct spans *spans)
{
	if (!spans->scan)
		return;
	yaml_parser_delete(&spans->scan->yaml);
	free(spans->scan);
	spans->scan = NULL;
}

void spans_find(struct spans *spans, size_t line)
{
	struct scan *scan = spans->scan;
	int step = 1;

	while (scan && scan->line <= line && step > 0)
		step = next(scan);
	if (step < 0)
		hide_rest(scan);
	if (step <= 0)
		end_scan(spans);
}

void spans_release(struct spans *spans)
{
	end_scan(spans);
	free(spans->items);
}
