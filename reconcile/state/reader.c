/* SPDX-License-Identifier: MIT */
#include "state/reader.h"

#include "base/text.h"
#include "schema/codes.h"
#include "state/variable.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct place reader_place(const struct reader *reader, const struct node *node)
{
	return node_place(reader->documents, node);
}

const char *reader_text(struct reader *reader, const struct node *node)
{
	if (!node || node->type != NODE_SCALAR)
		return NULL;
	if (!memchr(node->text, '$', node->length))
		return node->text;
	return variables_fill(reader, node->text, reader_place(reader, node));
}

void reader_refuse_variables(struct reader *reader, const struct node *node,
                             const char *what)
{
	if (!node)
		return;
	if (node->type == NODE_SCALAR) {
		if (!strstr(node->text, "${"))
			return;
		diag_error(reader->diag, CODE_VARIABLE_PLACE,
		           reader_place(reader, node),
		           "`%s` holds a variable, and in %s none is filled "
		           "in; write the text itself",
		           node->text, what);
		reader->failed = true;
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		reader_refuse_variables(reader,
		                        node->type == NODE_MAPPING
		                                ? node_value(node, i)
		                                : node_item(node, i),
		                        what);
}

/* ---- references ---- */

static const char *join(struct arena *arena, const char *start,
                        const struct node *node)
{
	size_t length = strlen(start);
	char *text = arena_alloc(arena, length + node->length + 1);

	memcpy(text, start, length);
	memcpy(text + length, node->text, node->length + 1);
	return text;
}

/* The shape check lets no `${` into the name of a variable. */
static const char *file_source(struct reader *reader, const struct node *path)
{
	if (!strstr(path->text, "${"))
		return join(reader->arena, "file:", path);
	reader_refuse_variables(reader, path, "a secret reference");
	return NULL;
}

const char *reader_reference(struct reader *reader, const struct node *node)
{
	const struct node *env, *file;

	if (!node || node->type != NODE_MAPPING)
		return NULL;
	env = node_get(node, "env");
	file = node_get(node, "file");
	if (env && file) {
		diag_error(reader->diag, CODE_SECRET_CONFLICT,
		           reader_place(reader, node),
		           "the reference names both `env` and `file`; one of "
		           "them may come from `defaults`: remove one");
		reader->failed = true;
		return NULL;
	}
	if (node_text(env))
		return join(reader->arena, "env:", env);
	if (node_text(file))
		return file_source(reader, file);
	return NULL;
}

/* ---- JSON ---- */

struct filling {
	struct reader *reader;
	struct place place; /* texts inside have none of their own */
};

static json_t *fill_text(const struct filling *filling, const json_t *text)
{
	const char *filled = variables_fill(
		filling->reader, json_string_value(text), filling->place);

	return json_string(filled ? filled : "");
}

static json_t *fill(const struct filling *filling, json_t *value)
{
	const char *key;
	json_t *item;
	void *safe;
	size_t index;

	if (json_is_string(value))
		return fill_text(filling, value);
	json_array_foreach (value, index, item)
		(void)json_array_set_new(value, index, fill(filling, item));
	json_object_foreach_safe(value, safe, key, item)(void)
		json_object_set_new(value, key, fill(filling, item));
	return json_incref(value);
}

/* Rarely: most settings hold no variable. */
static char *fill_json(struct reader *reader, const char *json,
                       struct place place)
{
	const struct filling filling = { reader, place };
	json_auto_t *value =
		json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	json_auto_t *filled = value ? fill(&filling, value) : NULL;
	char *text = json_dumps(filled, JSON_COMPACT | JSON_SORT_KEYS |
	                                        JSON_ENCODE_ANY);

	return text ? text : xstrdup("null");
}

const char *reader_json(struct reader *reader, const struct node *node)
{
	CLEANUP(textp) char *json = node_json(node);
	CLEANUP(textp) char *filled = NULL;
	const char *text = json;

	if (strstr(json, "${")) {
		filled = fill_json(reader, json, reader_place(reader, node));
		text = filled;
	}
	return arena_copy(reader->arena, text, strlen(text));
}
