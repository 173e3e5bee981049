/* SPDX-License-Identifier: MIT */
/*
 * For targets that read JSON of a known shape: most changed bytes are no JSON
 * any more, and the rest of the program never sees them. So three of four
 * changes are made to the tree: a value is doubled, taken away, put in another
 * one's place, or is another text or number.
 */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room,
                               unsigned seed);

enum { FLAGS = JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS };

/* A value, where it stands. */
struct spot {
	json_t *parent;
	const char *key; /* of an object; else NULL */
	size_t index;    /* in an array */
	json_t *value;
};

struct spots {
	struct spot *items;
	size_t count, capacity;
};

static void collect(struct spots *spots, json_t *parent)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach (parent, key, value) {
		spots->items = xgrow(spots->items, spots->count,
		                     &spots->capacity, sizeof(*spots->items));
		spots->items[spots->count++] =
			(struct spot){ parent, key, 0, value };
		collect(spots, value);
	}
	json_array_foreach (parent, i, value) {
		spots->items = xgrow(spots->items, spots->count,
		                     &spots->capacity, sizeof(*spots->items));
		spots->items[spots->count++] =
			(struct spot){ parent, NULL, i, value };
		collect(spots, value);
	}
}

static void put(const struct spot *spot, json_t *value)
{
	if (spot->key)
		(void)json_object_set_new(spot->parent, spot->key, value);
	else
		(void)json_array_set_new(spot->parent, spot->index, value);
}

/* Once more, beside itself. */
static void put_again(const struct spot *spot)
{
	json_t *twin = json_deep_copy(spot->value);
	char key[] = "a";

	if (!spot->key) {
		(void)json_array_insert_new(spot->parent, spot->index, twin);
		return;
	}
	key[0] = (char)('a' + strlen(spot->key) % 26);
	(void)json_object_set_new(spot->parent, key, twin);
}

static void take_away(const struct spot *spot)
{
	if (spot->key)
		(void)json_object_del(spot->parent, spot->key);
	else
		(void)json_array_remove(spot->parent, spot->index);
}

static json_t *other_text(const json_t *text)
{
	enum { ROOM = 64 };
	const size_t length = json_string_length(text);
	char bytes[ROOM];
	json_t *other;

	memcpy(bytes, json_string_value(text), length < ROOM ? length : ROOM);
	other = json_stringn(
		bytes, LLVMFuzzerMutate((uint8_t *)bytes,
	                                length < ROOM ? length : ROOM, ROOM));
	return other ? other : json_string("");
}

static void change(const struct spot *spot, unsigned seed)
{
	static const json_int_t numbers[] = {
		-1, 0, 1, 2, 3, INT32_MAX, INT64_MAX, 9007199254740991
	};

	if (json_is_string(spot->value))
		put(spot, other_text(spot->value));
	else if (json_is_integer(spot->value))
		put(spot, json_integer(numbers[seed % LENGTH(numbers)]));
	else
		put(spot, seed % 2 ? json_true() : json_null());
}

static void mutate(json_t *root, unsigned seed)
{
	struct spots spots = { 0 };
	const struct spot *spot, *other;

	collect(&spots, root);
	if (spots.count) {
		spot = &spots.items[seed / 16 % spots.count];
		other = &spots.items[seed / 16 / spots.count % spots.count];
		switch (seed / 4 % 4) {
		case 0:
			put_again(spot);
			break;
		case 1:
			take_away(spot);
			break;
		case 2:
			put(spot, json_deep_copy(other->value));
			break;
		default:
			change(spot, seed);
		}
	}
	free(spots.items);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room,
                               unsigned seed)
{
	json_auto_t *root = seed % 4 ? json_loadb((const char *)bytes, length,
	                                          JSON_ALLOW_NUL, NULL)
	                             : NULL;
	size_t written;

	if (!root)
		return LLVMFuzzerMutate(bytes, length, room);
	mutate(root, seed);
	written = json_dumpb(root, (char *)bytes, room, FLAGS);
	return written && written <= room
	               ? written
	               : LLVMFuzzerMutate(bytes, length, room);
}
