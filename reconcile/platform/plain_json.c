/* SPDX-License-Identifier: MIT */
#include "platform/plain_json.h"

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 18 };

struct plain {
	const char *at, *end;
	unsigned levels; /* that may still open */
	bool left;       /* it is not plain, so nothing is tried again */
};

static bool is_space(char character)
{
	return character == ' ' || character == '\n' || character == '\r' ||
	       character == '\t';
}

static void skip_spaces(struct plain *plain)
{
	while (plain->at < plain->end && is_space(*plain->at))
		plain->at++;
}

/* Spaces, then that character. */
static bool take(struct plain *plain, char character)
{
	skip_spaces(plain);
	if (plain->at == plain->end || *plain->at != character)
		return false;
	plain->at++;
	return true;
}

/* ---- scalars ---- */

struct text {
	const char *bytes; /* not terminated */
	size_t length;
	bool ascii;
};

/* Of each byte one bit, and the bit that says that it is no ASCII. */
static const uint64_t each = UINT64_C(0x0101010101010101);
static const uint64_t high = UINT64_C(0x8080808080808080);

/* The high bit of bytes that are zero; of others only above such a one. */
static uint64_t zeros(uint64_t word)
{
	return (word - each) & ~word & high;
}

/* Goes eight bytes at a time up to a quote, a backslash or a control character
 * and a few bytes before; returns what of `high` is in them. */
static uint64_t skip_words(struct plain *plain)
{
	uint64_t bits = 0, word, ends;

	while (plain->end - plain->at >= (ptrdiff_t)sizeof(word)) {
		memcpy(&word, plain->at, sizeof(word));
		ends = zeros(word ^ each * '"') | zeros(word ^ each * '\\') |
		       ((word - each * 0x20) & ~word & high);
		if (ends)
			break;
		bits |= word & high;
		plain->at += sizeof(word);
	}
	return bits;
}

/* Behind the opening quote, to behind the closing one. */
static bool take_text(struct plain *plain, struct text *out)
{
	unsigned char bits, byte = 0;

	out->bytes = plain->at;
	bits = skip_words(plain) ? 0x80 : 0;
	for (; plain->at < plain->end; plain->at++) {
		byte = (unsigned char)*plain->at;
		if (byte == '"' || byte == '\\' || byte < 0x20)
			break;
		bits |= byte;
	}
	if (plain->at == plain->end || byte != '"')
		return false;
	out->length = (size_t)(plain->at - out->bytes);
	out->ascii = bits < 0x80;
	plain->at++;
	return true;
}

static json_t *read_text(struct plain *plain)
{
	struct text text;

	plain->at++;
	if (!take_text(plain, &text))
		return NULL;
	return text.ascii ? json_stringn_nocheck(text.bytes, text.length)
	                  : json_stringn(text.bytes, text.length);
}

/* A zero at the beginning stands alone; a dot, an exponent and more digits are
 * jansson's. */
static json_t *read_number(struct plain *plain)
{
	const bool negative = *plain->at == '-';
	const char *from = plain->at += negative;
	json_int_t number = 0;

	for (; plain->at < plain->end && *plain->at >= '0' && *plain->at <= '9';
	     plain->at++) {
		if (plain->at - from == DIGITS_MAX)
			return NULL;
		number = 10 * number + (*plain->at - '0');
	}
	if (plain->at == from || (*from == '0' && plain->at - from > 1) ||
	    plain->at == plain->end || strchr(".eE", *plain->at))
		return NULL;
	return json_integer(negative ? -number : number);
}

static json_t *read_word(struct plain *plain)
{
	static const struct {
		const char *word;
		json_t *(*make)(void);
	} words[] = {
		{ "true", json_true },
		{ "false", json_false },
		{ "null", json_null },
	};

	for (size_t i = 0; i < LENGTH(words); i++) {
		const size_t length = strlen(words[i].word);

		if ((size_t)(plain->end - plain->at) <= length ||
		    memcmp(plain->at, words[i].word, length) != 0 ||
		    !strchr(" \n\r\t,]}", plain->at[length]))
			continue;
		plain->at += length;
		return words[i].make();
	}
	return NULL;
}

/* ---- what holds others ---- */

static json_t *read_value(struct plain *plain);

static json_t *read_array(struct plain *plain)
{
	json_auto_t *array = json_array();

	plain->at++;
	if (take(plain, ']'))
		return TAKE(array);
	do {
		if (json_array_append_new(array, read_value(plain)) < 0)
			return NULL;
	} while (take(plain, ','));
	return take(plain, ']') ? TAKE(array) : NULL;
}

static bool read_member(struct plain *plain, json_t *object)
{
	struct text name;
	json_t *value;

	if (!take(plain, '"') || !take_text(plain, &name) || !name.ascii ||
	    !take(plain, ':') ||
	    json_object_getn(object, name.bytes, name.length))
		return false;
	value = read_value(plain);
	return json_object_setn_new_nocheck(object, name.bytes, name.length,
	                                    value) == 0;
}

static json_t *read_object(struct plain *plain)
{
	json_auto_t *object = json_object();

	plain->at++;
	if (take(plain, '}'))
		return TAKE(object);
	do {
		if (!read_member(plain, object))
			return NULL;
	} while (take(plain, ','));
	return take(plain, '}') ? TAKE(object) : NULL;
}

/* Recursion goes no deeper than the levels. */
static json_t *read_nested(struct plain *plain)
{
	json_t *json;

	if (!plain->levels)
		return NULL;
	plain->levels--;
	json = *plain->at == '{' ? read_object(plain) : read_array(plain);
	plain->levels++;
	return json;
}

static json_t *read_value(struct plain *plain)
{
	skip_spaces(plain);
	if (plain->at == plain->end)
		return NULL;
	switch (*plain->at) {
	case '{':
	case '[':
		return read_nested(plain);
	case '"':
		return read_text(plain);
	case 't':
	case 'f':
	case 'n':
		return read_word(plain);
	default:
		return read_number(plain);
	}
}

/* ---- into the tree of another value ---- */

static json_t *renew(struct plain *plain, json_t *old);

/* What is the same needs no memory. */
static bool renew_text(struct plain *plain, json_t *old)
{
	struct text text;

	plain->at++;
	if (!take_text(plain, &text))
		return false;
	if (text.length == json_string_length(old) &&
	    memcmp(text.bytes, json_string_value(old), text.length) == 0)
		return true;
	return (text.ascii
	                ? json_string_setn_nocheck(old, text.bytes, text.length)
	                : json_string_setn(old, text.bytes, text.length)) == 0;
}

static bool renew_array(struct plain *plain, json_t *old)
{
	size_t count = 0;

	plain->at++;
	if (take(plain, ']'))
		return json_array_clear(old) == 0;
	do {
		json_t *item = renew(plain, json_array_get(old, count));

		if ((count < json_array_size(old)
		             ? json_array_set_new(old, count, item)
		             : json_array_append_new(old, item)) < 0)
			return false;
		count++;
	} while (take(plain, ','));
	while (json_array_size(old) > count)
		(void)json_array_remove(old, json_array_size(old) - 1);
	return take(plain, ']');
}

static bool renew_member(struct plain *plain, json_t *old, void *member)
{
	struct text name;

	return take(plain, '"') && take_text(plain, &name) &&
	       name.length == json_object_iter_key_len(member) &&
	       memcmp(name.bytes, json_object_iter_key(member), name.length) ==
	               0 &&
	       take(plain, ':') &&
	       json_object_iter_set_new(
		       old, member,
		       renew(plain, json_object_iter_value(member))) == 0;
}

/* The same names in the same order, so they are as unique as they were. */
static bool renew_object(struct plain *plain, json_t *old)
{
	void *member = json_object_iter(old);

	plain->at++;
	if (take(plain, '}'))
		return !member;
	do {
		if (!member || !renew_member(plain, old, member))
			return false;
		member = json_object_iter_next(old, member);
	} while (take(plain, ','));
	return !member && take(plain, '}');
}

static bool renew_nested(struct plain *plain, json_t *old)
{
	bool renewed;

	if (!plain->levels)
		return false;
	plain->levels--;
	renewed = json_is_object(old) ? renew_object(plain, old)
	                              : renew_array(plain, old);
	plain->levels++;
	return renewed;
}

/* False: there is something else, and `old` is no value of anything now. */
static bool try_renew(struct plain *plain, json_t *old)
{
	switch (plain->at < plain->end ? *plain->at : '\0') {
	case '{':
		return json_is_object(old) && renew_nested(plain, old);
	case '[':
		return json_is_array(old) && renew_nested(plain, old);
	case '"':
		return json_is_string(old) && renew_text(plain, old);
	default:
		return false;
	}
}

/* A reference to `old`, which holds the value now, or to a new value. */
static json_t *renew(struct plain *plain, json_t *old)
{
	json_t *json = NULL;
	const char *from;

	skip_spaces(plain);
	from = plain->at;
	if (old && old->refcount == 1 && try_renew(plain, old))
		return json_incref(old);
	plain->at = from;
	if (!plain->left)
		json = read_value(plain);
	plain->left = !json;
	return json;
}

json_t *plain_json_read(json_t *before, const char *at, const char *end,
                        unsigned levels, const char **after)
{
	struct plain plain = { at, end, levels, false };
	json_t *json = renew(&plain, before);

	*after = plain.at;
	json_decref(before);
	return json;
}
