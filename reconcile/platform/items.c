/* SPDX-License-Identifier: MIT */
/*
 * The scanner only has to find where the array begins: that what it skips is
 * JSON is then checked by jansson, which parses everything but the elements
 * once more.
 */
#include "platform/items.h"

#include "base/limits.h"
#include "platform/plain_json.h"

#include <string.h>

static const char spaces[] = " \t\r\n";

/* ---- whole texts ---- */

static bool is_shallow(json_t *json, int levels)
{
	const char *name;
	json_t *item;
	size_t index;

	if (!json_is_array(json) && !json_is_object(json))
		return true;
	if (levels == 0)
		return false;
	json_array_foreach (json, index, item) {
		if (!is_shallow(item, levels - 1))
			return false;
	}
	json_object_foreach (json, name, item) {
		if (!is_shallow(item, levels - 1))
			return false;
	}
	return true;
}

static json_t *parse(const char *bytes, size_t length, size_t flags,
                     json_error_t *error)
{
	json_t *json = json_loadb(bytes, length, flags | JSON_REJECT_DUPLICATES,
	                          error);

	if (json && !is_shallow(json, LIMIT_JSON_DEPTH)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

json_t *json_parse(const char *body, size_t length)
{
	return json_parse_again(NULL, body, length);
}

json_t *json_parse_again(json_t *before, const char *body, size_t length)
{
	const char *end = body + length;
	const char *after;
	json_error_t error;
	json_t *json =
		plain_json_read(before, body, end, LIMIT_JSON_DEPTH, &after);

	while (json && after < end && *after && strchr(spaces, *after))
		after++;
	if (json && after == end)
		return json;
	json_decref(json);
	return parse(body, length, JSON_DECODE_ANY, &error);
}

/* An element of an array, and where it ends; the one before it is taken. */
static json_t *parse_item(json_t *before, const char *at, const char *end,
                          const char **after)
{
	json_t *json =
		plain_json_read(before, at, end, LIMIT_JSON_DEPTH, after);
	json_error_t error;

	if (json && (json_is_object(json) || json_is_array(json)))
		return json;
	json_decref(json);
	json = parse(at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, &error);
	*after = json ? at + error.position : at;
	return json;
}

/* ---- the scanner ---- */

/* NUL-terminated: `at` never passes the NUL that ends it. */
struct scan {
	const char *at, *end;
};

static void skip_spaces(struct scan *scan)
{
	scan->at += strspn(scan->at, spaces);
}

static bool take(struct scan *scan, char character)
{
	skip_spaces(scan);
	if (*scan->at != character)
		return false;
	scan->at++;
	return true;
}

/* From the opening quote to behind the closing one. */
static void skip_text(struct scan *scan)
{
	scan->at++;
	while (*scan->at && *scan->at != '"')
		scan->at += scan->at[0] == '\\' && scan->at[1] ? 2 : 1;
	if (*scan->at)
		scan->at++;
}

/* The next token or character of a value; false at its end. */
static bool skip_token(struct scan *scan, size_t *depth)
{
	switch (*scan->at) {
	case '\0':
		return false;
	case '"':
		skip_text(scan);
		return *depth > 0;
	case '{':
	case '[':
		++*depth;
		break;
	case '}':
	case ']':
		if (*depth == 0)
			return false;
		--*depth;
		break;
	default:
		scan->at += strcspn(scan->at, "\"{[]},");
		if (*scan->at == ',' && *depth > 0)
			scan->at++;
		return *depth > 0;
	}
	scan->at++;
	return *depth > 0;
}

static void skip_value(struct scan *scan)
{
	size_t depth = 0;
	bool more;

	skip_spaces(scan);
	do
		more = skip_token(scan, &depth);
	while (more);
}

/* Into the object, to behind the colon of `name`. */
static bool enter(struct scan *scan, const char *name)
{
	if (!take(scan, '{'))
		return false;
	do {
		const char *key;
		size_t length;

		skip_spaces(scan);
		if (*scan->at != '"')
			return false;
		key = scan->at + 1;
		skip_text(scan);
		length = (size_t)(scan->at - key);
		if (!take(scan, ':'))
			return false;
		if (length == strlen(name) + 1 &&
		    memcmp(key, name, length - 1) == 0)
			return true;
		skip_value(scan);
	} while (take(scan, ','));
	return false;
}

static bool enter_array(struct scan *scan, const struct pointer *items)
{
	for (size_t i = 0; i < items->count; i++) {
		if (!enter(scan, items->tokens[i]))
			return false;
	}
	return take(scan, '[');
}

/* ---- elements ---- */

/* Each element, to before the closing bracket. */
static enum items_end each_element(struct scan *scan, item_fn *each,
                                   void *context)
{
	json_auto_t *item = NULL;
	size_t index = 0;

	skip_spaces(scan);
	if (*scan->at == ']')
		return ITEMS_DONE;
	do {
		skip_spaces(scan);
		item = parse_item(TAKE(item), scan->at, scan->end, &scan->at);
		if (!item)
			return ITEMS_CUT;
		if (each(item, index++, context))
			return ITEMS_STOPPED;
	} while (take(scan, ','));
	return *scan->at == ']' ? ITEMS_DONE : ITEMS_CUT;
}

/* What stands around the array: `head` bytes, then what follows `tail`. */
static json_t *parse_rest(const char *body, size_t head, const char *tail,
                          size_t tail_length)
{
	CLEANUP(textp) char *text = xmalloc(head + tail_length + 1);

	memcpy(text, body, head);
	memcpy(text + head, tail, tail_length);
	text[head + tail_length] = '\0';
	return json_parse(text, head + tail_length);
}

/* Why no array was found. */
static enum items_end diagnose(const char *body, size_t length)
{
	const size_t blank = strspn(body, spaces);
	json_auto_t *json = json_parse(body, length);

	if (json)
		return ITEMS_NO_ARRAY;
	return blank < length && strchr("{[", body[blank]) ? ITEMS_CUT
	                                                   : ITEMS_NO_JSON;
}

enum items_end items_each(const char *body, size_t length,
                          const struct pointer *items, item_fn *each,
                          void *context, json_t **rest)
{
	struct scan scan = { body, body + length };
	enum items_end end;
	size_t head;

	*rest = NULL;
	if (!enter_array(&scan, items))
		return diagnose(body, length);
	head = (size_t)(scan.at - body);
	end = each_element(&scan, each, context);
	if (end == ITEMS_CUT)
		return diagnose(body, length);
	if (end != ITEMS_DONE)
		return end;
	*rest = parse_rest(body, head, scan.at, (size_t)(scan.end - scan.at));
	return *rest ? ITEMS_DONE : ITEMS_CUT;
}
