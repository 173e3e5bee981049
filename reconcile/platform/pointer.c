/* SPDX-License-Identifier: MIT */
#include "platform/pointer.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static size_t count_tokens(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '/';
	return count;
}

/* ~1 is a slash, ~0 a tilde. */
static const char *unescape(struct arena *arena, const char *token,
                            size_t length)
{
	CLEANUP(textp) char *text = xstrndup(token, length);
	char *out = text;

	for (const char *at = text; *at; at++) {
		*out = *at;
		if (*at == '~')
			*out = *++at == '1' ? '/' : '~';
		out++;
	}
	return arena_intern(arena, text, (size_t)(out - text));
}

struct pointer pointer_parse(struct arena *arena, const char *text)
{
	const size_t count = count_tokens(text);
	const char **tokens = arena_alloc(arena, (count + 1) * sizeof(*tokens));
	const char *at = text;

	for (size_t i = 0; i < count; i++) {
		const size_t length = strcspn(at + 1, "/");

		tokens[i] = unescape(arena, at + 1, length);
		at += length + 1;
	}
	return (struct pointer){ text, tokens, count };
}

static json_t *array_item(const json_t *array, const char *token)
{
	uint64_t index;

	if (parse_uint(token, SIZE_MAX, &index) < 0)
		return NULL;
	return json_array_get(array, (size_t)index);
}

json_t *pointer_get(const struct pointer *pointer, json_t *root)
{
	for (size_t i = 0; root && i < pointer->count; i++)
		root = json_is_array(root)
		               ? array_item(root, pointer->tokens[i])
		               : json_object_get(root, pointer->tokens[i]);
	return root;
}

void pointer_set(const struct pointer *pointer, json_t *root, json_t *value)
{
	for (size_t i = 0; i + 1 < pointer->count; i++) {
		json_t *next = json_object_get(root, pointer->tokens[i]);

		if (!next) {
			next = json_object();
			json_object_set_new(root, pointer->tokens[i], next);
		}
		root = next;
	}
	json_object_set_new(root, pointer->tokens[pointer->count - 1], value);
}

bool pointer_clashes(const struct pointer *a, const struct pointer *b)
{
	const size_t count = a->count < b->count ? a->count : b->count;

	for (size_t i = 0; i < count; i++) {
		if (!str_equal(a->tokens[i], b->tokens[i]))
			return false;
	}
	return true;
}
