/* SPDX-License-Identifier: MIT */
#include "state/state.h"

#include <string.h>

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->length != b->length)
		return false;
	return a->length == 0 || a->bytes == b->bytes ||
	       memcmp(a->bytes, b->bytes, a->length) == 0;
}

bool value_is_empty(const struct value *value)
{
	switch ((enum value_kind)value->kind) {
	case VALUE_ABSENT:
		return true;
	case VALUE_TEXT:
	case VALUE_SET:
		return value->length == 0;
	case VALUE_JSON:
		return value->length == 4 &&
		       memcmp(value->bytes, "null", 4) == 0;
	case VALUE_UNREADABLE:
	case VALUE_BOOLEAN:
		break;
	}
	return false;
}

const char *value_next(const struct value *set, const char *cursor)
{
	const char *next = cursor ? cursor + strlen(cursor) + 1 : set->bytes;

	if (set->kind != VALUE_SET || set->length == 0)
		return NULL;
	return next < set->bytes + set->length ? next : NULL;
}

size_t value_count(const struct value *set)
{
	const char *item = NULL;
	size_t count = 0;

	while ((item = value_next(set, item)))
		count++;
	return count;
}

bool value_contains(const struct value *set, const char *item)
{
	const char *at = NULL;

	while ((at = value_next(set, at))) {
		int order = strcmp(at, item);

		if (order >= 0)
			return order == 0;
	}
	return false;
}

static char *show_set(const struct value *set)
{
	const char *item = NULL, *comma = "";
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fputc('[', out);
	while ((item = value_next(set, item))) {
		fprintf(out, "%s%s", comma, item);
		comma = ", ";
	}
	fputc(']', out);
	(void)fclose(out);
	return text;
}

char *value_show(const struct value *value)
{
	switch ((enum value_kind)value->kind) {
	case VALUE_ABSENT:
		return xstrdup("");
	case VALUE_UNREADABLE:
		return xstrdup("(not readable)");
	case VALUE_SET:
		return show_set(value);
	case VALUE_TEXT:
	case VALUE_BOOLEAN:
	case VALUE_JSON:
		break;
	}
	return xstrndup(value->length ? value->bytes : "", value->length);
}

struct value value_unreadable(void)
{
	return (struct value){ .kind = VALUE_UNREADABLE, .bytes = "" };
}

struct value value_absent(void)
{
	return (struct value){ .kind = VALUE_ABSENT, .bytes = "" };
}

struct value state_value_boolean(bool value)
{
	if (value)
		return (struct value){ "true", 4, VALUE_BOOLEAN };
	return (struct value){ "false", 5, VALUE_BOOLEAN };
}
