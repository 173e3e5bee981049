/* SPDX-License-Identifier: MIT */
#include "platform/body.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 1000 };

void body_release(struct body *body)
{
	if (body->values)
		explicit_bzero(body->values, body->capacity);
	free(body->values);
	free(body->parts);
	*body = (struct body){ .parts = NULL };
}

/* ---- values ---- */

/* Room for so many more bytes. What grows is moved by hand: realloc() would
 * leave the old bytes where they were. */
static char *room(struct body *body, size_t length)
{
	size_t capacity = body->capacity ? body->capacity : FIRST_BYTES;
	char *values;

	if (length <= body->capacity - body->length)
		return body->values + body->length;
	while (capacity - body->length < length)
		capacity *= 2;
	values = xmalloc(capacity);
	if (body->length)
		memcpy(values, body->values, body->length);
	if (body->values)
		explicit_bzero(body->values, body->length);
	free(body->values);
	body->values = values;
	body->capacity = capacity;
	return values + body->length;
}

static void put(struct body *body, const char *bytes, size_t length)
{
	memcpy(room(body, length), bytes, length);
	body->length += length;
}

static void put_json(struct body *body, const json_t *json)
{
	const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
	const size_t length = json_dumpb(json, NULL, 0, flags);

	(void)json_dumpb(json, room(body, length), length, flags);
	body->length += length;
}

/* ASCII that needs no escape. */
static bool is_bare(const char *text, size_t length)
{
	return text_plain_length(text, length) == length &&
	       !memchr(text, '"', length) && !memchr(text, '\\', length);
}

/* jansson's texts are its own and not const; memchr() gives back the pointer
 * that says so. */
static void wipe(const json_t *json)
{
	const size_t length = json_string_length(json);
	const char *text = json_string_value(json);

	if (length > 0)
		explicit_bzero(memchr(text, text[0], length), length);
}

static int put_escaped(struct body *body, const char *text, size_t length)
{
	json_auto_t *json = json_stringn(text, length);

	if (!json)
		return -1;
	put_json(body, json);
	wipe(json);
	return 0;
}

static int put_text(struct body *body, const char *text, size_t length)
{
	if (!is_bare(text, length))
		return put_escaped(body, text, length);
	put(body, "\"", 1);
	put(body, text, length);
	put(body, "\"", 1);
	return 0;
}

/* ---- parts ---- */

static void begin(struct body *body, const struct pointer *at)
{
	body->parts = xgrow(body->parts, body->part_count, &body->part_capacity,
	                    sizeof(*body->parts));
	body->parts[body->part_count++] = (struct body_part){
		.at = at,
		.from = body->length,
	};
}

static void end(struct body *body)
{
	struct body_part *part = &body->parts[body->part_count - 1];

	part->length = body->length - part->from;
}

int body_text(struct body *body, const struct pointer *at, const char *bytes,
              size_t length)
{
	begin(body, at);
	if (put_text(body, bytes, length) < 0)
		return -1;
	end(body);
	return 0;
}

void body_json(struct body *body, const struct pointer *at, const json_t *json)
{
	begin(body, at);
	put_json(body, json);
	end(body);
}

void body_array(struct body *body, const struct pointer *at)
{
	begin(body, at);
	put(body, "[", 1);
}

int body_item(struct body *body, const char *bytes, size_t length)
{
	if (body->values[body->length - 1] != '[')
		put(body, ",", 1);
	return put_text(body, bytes, length);
}

void body_array_end(struct body *body)
{
	put(body, "]", 1);
	end(body);
}

/* ---- the object ---- */

/* The first `level` tokens of both are the same. */
static bool share(const struct pointer *a, const struct pointer *b,
                  size_t level)
{
	for (size_t i = 0; i < level; i++) {
		if (i == a->count || i == b->count ||
		    !str_equal(a->tokens[i], b->tokens[i]))
			return false;
	}
	return true;
}

/* Whether an earlier part stands in the same member of the object. */
static bool is_written(const struct body *body, size_t first, size_t index,
                       size_t level)
{
	const struct pointer *at = body->parts[index].at;

	for (size_t i = first; at->count > level + 1 && i < index; i++) {
		if (share(body->parts[i].at, at, level + 1))
			return true;
	}
	return false;
}

/* The object that `first` is the first in, behind what stands in `out`. */
static void write_object(const struct body *body, size_t first, size_t level,
                         struct body *out)
{
	const struct pointer *way = body->parts[first].at;
	const char *between = "{";

	for (size_t i = first; i < body->part_count; i++) {
		const struct body_part *part = &body->parts[i];
		const char *name;

		if (!share(part->at, way, level) ||
		    is_written(body, first, i, level))
			continue;
		name = part->at->tokens[level];
		put(out, between, 1);
		between = ",";
		if (put_text(out, name, strlen(name)) < 0)
			abort(); /* a binding's texts are clean */
		put(out, ":", 1);
		if (part->at->count == level + 1)
			put(out, body->values + part->from, part->length);
		else
			write_object(body, i, level + 1, out);
	}
	put(out, "}", 1);
}

void body_end(const struct body *body, struct buffer *out)
{
	struct body whole = { .parts = NULL };

	if (body->part_count)
		write_object(body, 0, 0, &whole);
	else
		put(&whole, "{}", 2);
	put(&whole, "", 1);
	out->bytes = whole.values;
	out->length = whole.length - 1;
}
