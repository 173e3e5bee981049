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
	SIGHT_POLICY, /* as above, but for what is below `rules` */
	SIGHT_RULES,  /* as above, but for a word where a rule is named so */
	SIGHT_ENTRIES,
	SIGHT_ENTRY,  /* of authConfigs, `defaults`: but for `extra` */
	SIGHT_WORD,   /* a word and nothing else */
	SIGHT_EXTRA,  /* keys however deep, but not their values */
	SIGHT_NAMES,  /* below `secrets`: keys, but not their values */
	SIGHT_SCALAR, /* of `env` and `file`: a name or path, nothing else */
	SIGHT_NOTHING
};

struct level {
	enum sight sight; /* of what is inside */
	enum sight next;  /* of the value of the last key */
	bool mapping, value_next;
};

enum { KNOWN_LENGTH = 32 };

/* What a key says of the value behind it: found out once, as keys come again.
 */
struct known {
	char name[KNOWN_LENGTH];
	size_t length;
	unsigned turns; /* a bit for each row of `turns` with this key */
	bool secret;    /* it names one */
	bool reference;
};

struct watch {
	struct spans *spans;
	struct known known[KEY_SLOTS];
	struct known once; /* of a key that is not kept */
	struct level levels[LIMIT_YAML_DEPTH];
	size_t depth;
	bool hidden; /* the last event was a secret */
	bool ended;
};

struct scan {
	struct watch watch;
	const char *bytes;
	size_t length;
	yaml_parser_t yaml;
	size_t line;     /* where the last event begins */
	yaml_mark_t end; /* of it */
};

static void add(struct spans *spans, struct span span)
{
	if (span.line == span.end_line && span.column == span.end_column)
		return;
	spans->items = xgrow(spans->items, spans->count, &spans->capacity,
	                     sizeof(*spans->items));
	spans->items[spans->count++] = span;
}

static void hide(struct watch *watch, const yaml_event_t *event)
{
	watch->hidden = true;
	add(watch->spans, (struct span){
				  .line = event->start_mark.line,
				  .column = event->start_mark.column,
				  .end_line = event->end_mark.line,
				  .end_column = event->end_mark.column,
			  });
}

static struct level *innermost(struct watch *watch)
{
	return watch->depth ? &watch->levels[watch->depth - 1] : NULL;
}

/* The sight of the node that begins now, which is no key. */
static enum sight take_sight(struct watch *watch)
{
	struct level *level = innermost(watch);

	if (!level)
		return SIGHT_ALL;
	if (!level->mapping)
		return level->sight;
	level->value_next = false;
	return level->next;
}

/* Keys whose name alone does not say what may be seen below them. */
static const struct {
	enum sight inside;
	size_t depth; /* 0: any */
	const char *key;
	enum sight sight;
} turns[] = {
	{ SIGHT_ALL, 1, "policy", SIGHT_POLICY },
	{ SIGHT_ALL, 1, "authConfigs", SIGHT_ENTRIES },
	{ SIGHT_ALL, 1, "defaults", SIGHT_ENTRY },
	{ SIGHT_ENTRY, 0, "extra", SIGHT_EXTRA },
	{ SIGHT_POLICY, 2, "rules", SIGHT_RULES },
	{ SIGHT_ALL, 0, "secrets", SIGHT_NAMES },
	{ SIGHT_ENTRIES, 0, "secrets", SIGHT_NAMES },
	{ SIGHT_ENTRY, 0, "secrets", SIGHT_NAMES },
	{ SIGHT_POLICY, 0, "secrets", SIGHT_NAMES },
};

static unsigned find_turns(const char *name)
{
	unsigned found = 0;

	for (size_t i = 0; i < LENGTH(turns); i++) {
		if (*turns[i].key == *name && str_equal(turns[i].key, name))
			found |= 1U << i;
	}
	return found;
}

static void find_out(struct known *known, const char *name, size_t length)
{
	known->length = length;
	known->turns = find_turns(name);
	known->secret = is_secret_name(name, length);
	known->reference = str_equal(name, "env") || str_equal(name, "file");
}

static bool is_known(const struct known *known, const char *name, size_t length)
{
	return known->length == length &&
	       memcmp(known->name, name, length) == 0;
}

/* Valid until the next is asked for. */
static const struct known *know(struct watch *watch, const char *name,
                                size_t length)
{
	struct known *known = &watch->known[key_slot(name, length)];

	if (!length || length > KNOWN_LENGTH || is_counted_key(name, length)) {
		find_out(&watch->once, name, length);
		return &watch->once;
	}
	if (is_known(&known[0], name, length))
		return &known[0];
	if (is_known(&known[1], name, length))
		return &known[1];
	known[1] = known[0];
	memcpy(known[0].name, name, length);
	find_out(&known[0], name, length);
	return &known[0];
}

/* What is shown but for what a name hides. */
static bool is_open(enum sight sight)
{
	return sight <= SIGHT_ENTRY;
}

/* Where a name hides nothing. */
static enum sight sight_of_plain(enum sight inside)
{
	return inside == SIGHT_ENTRIES ? SIGHT_ENTRY : SIGHT_ALL;
}

static enum sight sight_behind(struct watch *watch, enum sight inside,
                               const yaml_event_t *key)
{
	const struct known *known;

	if (inside == SIGHT_EXTRA)
		return SIGHT_EXTRA;
	known = know(watch, (const char *)key->data.scalar.value,
	             key->data.scalar.length);
	if (inside == SIGHT_NOTHING && known->reference)
		return SIGHT_SCALAR;
	if (!is_open(inside))
		return SIGHT_NOTHING;
	for (size_t i = 0; known->turns >> i; i++) {
		if (known->turns >> i & 1 && turns[i].inside == inside &&
		    (!turns[i].depth || turns[i].depth == watch->depth))
			return turns[i].sight;
	}
	if (!known->secret)
		return sight_of_plain(inside);
	return inside == SIGHT_RULES ? SIGHT_WORD : SIGHT_NOTHING;
}

/* Short and of small letters: `error`, also misspelled. */
static bool is_word(const yaml_event_t *event)
{
	enum { LONGEST = 8 };

	if (event->type != YAML_SCALAR_EVENT ||
	    event->data.scalar.length > LONGEST)
		return false;
	for (size_t i = 0; i < event->data.scalar.length; i++) {
		if (event->data.scalar.value[i] < 'a' ||
		    event->data.scalar.value[i] > 'z')
			return false;
	}
	return true;
}

static bool is_hidden(enum sight sight, const yaml_event_t *event)
{
	return sight == SIGHT_NAMES || sight == SIGHT_NOTHING ||
	       sight == SIGHT_EXTRA || (sight == SIGHT_WORD && !is_word(event));
}

static void on_key(struct watch *watch, const yaml_event_t *event)
{
	struct level *level = innermost(watch);

	level->value_next = true;
	level->next = level->sight;
	if (event->type == YAML_SCALAR_EVENT)
		level->next = sight_behind(watch, level->sight, event);
	if (level->sight == SIGHT_NOTHING && level->next != SIGHT_SCALAR)
		hide(watch, event);
}

static void on_leaf(struct watch *watch, const yaml_event_t *event)
{
	const struct level *level = innermost(watch);

	if (level && level->mapping && !level->value_next) {
		on_key(watch, event);
		return;
	}

	enum sight sight = take_sight(watch);

	if (is_hidden(sight, event))
		hide(watch, event);
}

/* A collection that is a key has its insides seen as the keys are. */
static void on_start(struct watch *watch, const yaml_event_t *event)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	struct level *level = innermost(watch);
	bool key = level && level->mapping && !level->value_next;
	enum sight sight = key ? level->sight : take_sight(watch);

	if (key) {
		level->value_next = true;
		level->next = level->sight;
	}
	if (sight == SIGHT_SCALAR || sight == SIGHT_WORD ||
	    (sight == SIGHT_NAMES && !mapping))
		sight = SIGHT_NOTHING;
	watch->levels[watch->depth++] = (struct level){
		.sight = sight,
		.next = sight,
		.mapping = mapping,
	};
}

int watch_event(struct watch *watch, const yaml_event_t *event)
{
	watch->hidden = false;
	if (event->type == YAML_SCALAR_EVENT || event->type == YAML_ALIAS_EVENT)
		on_leaf(watch, event);
	else if (event->type == YAML_MAPPING_START_EVENT ||
	         event->type == YAML_SEQUENCE_START_EVENT)
		on_start(watch, event);
	else if (event->type == YAML_MAPPING_END_EVENT ||
	         event->type == YAML_SEQUENCE_END_EVENT)
		watch->depth--;
	else
		watch->ended = event->type == YAML_STREAM_END_EVENT;
	return watch->depth < LIMIT_YAML_DEPTH ? 0 : -1;
}

struct watch *watch_new(struct spans *spans)
{
	struct watch *watch = xcalloc(1, sizeof(*watch));

	watch->spans = spans;
	return watch;
}

bool watch_saw_all(const struct watch *watch)
{
	return watch->ended;
}

void watch_free(struct watch *watch)
{
	free(watch);
}

/* ---- where it is no YAML ---- */

/* As much of it is searched for names; what is behind is hidden. */
enum { SEARCHED_BYTES = 64 << 10 };

static bool is_letter(char character)
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

		while (end < length && is_letter(bytes[end]))
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
	const struct level *level = innermost(&scan->watch);

	if (!level || scan->watch.hidden)
		return scan->watch.hidden;
	return !is_open(level->sight) ||
	       (level->value_next && !is_open(level->next));
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
	add(scan->watch.spans, (struct span){
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
	int result;

	if (!yaml_parser_parse(&scan->yaml, &event))
		return -1;
	result = watch_event(&scan->watch, &event);
	scan->line = event.start_mark.line;
	scan->end = event.end_mark;
	yaml_event_delete(&event);
	if (result < 0)
		return -1;
	return !scan->watch.ended;
}

void spans_begin(struct spans *spans, const char *bytes, size_t length)
{
	struct scan *scan = xcalloc(1, sizeof(*scan));

	scan->watch.spans = spans;
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
