/* SPDX-License-Identifier: MIT */
/* Trees from and to JSON, by way of jansson's values where that is needed. */
#include "base/limits.h"
#include "document/quick_json.h"
#include "document/tree.h"
#include "schema/codes.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- from JSON ---- */

struct reader {
	struct documents *documents;
	uint16_t file;
};

static int check_depth(json_t *value, int levels)
{
	const char *key;
	json_t *item;
	size_t index;

	if (!json_is_array(value) && !json_is_object(value))
		return 0;
	if (levels == 0)
		return -1;
	json_array_foreach (value, index, item) {
		if (check_depth(item, levels - 1) < 0)
			return -1;
	}
	json_object_foreach (value, key, item) {
		if (check_depth(item, levels - 1) < 0)
			return -1;
	}
	return 0;
}

static struct node make_text(const struct reader *reader, const char *text,
                             size_t length, enum node_style style)
{
	return (struct node){
		.type = NODE_SCALAR,
		.style = (uint8_t)style,
		.file = reader->file,
		.length = length,
		.text = arena_copy(reader->documents->arena, text, length),
	};
}

static struct node make_scalar(const struct reader *reader, const json_t *value)
{
	if (json_is_string(value))
		return make_text(reader, json_string_value(value),
		                 json_string_length(value), NODE_QUOTED);

	CLEANUP(textp) char *text = json_dumps(value, JSON_ENCODE_ANY);

	if (!text)
		abort();
	return make_text(reader, text, strlen(text), NODE_PLAIN);
}

static struct node make_node(const struct reader *reader, json_t *value);

static struct node *allocate(const struct reader *reader, size_t count)
{
	reader->documents->node_count += count;
	return arena_alloc(reader->documents->arena,
	                   count * sizeof(struct node));
}

static struct node make_sequence(const struct reader *reader, json_t *value)
{
	struct node *kids = allocate(reader, json_array_size(value));
	json_t *item;
	size_t index;

	json_array_foreach (value, index, item)
		kids[index] = make_node(reader, item);
	return (struct node){
		.type = NODE_SEQUENCE,
		.file = reader->file,
		.count = (uint32_t)json_array_size(value),
		.kids = kids,
	};
}

static struct node make_mapping(const struct reader *reader, json_t *value)
{
	struct node *kids = allocate(reader, 2 * json_object_size(value));
	struct node *kid = kids;
	const char *key;
	json_t *item;

	json_object_foreach (value, key, item) {
		*kid++ = make_text(reader, key, strlen(key), NODE_QUOTED);
		*kid++ = make_node(reader, item);
	}
	return (struct node){
		.type = NODE_MAPPING,
		.file = reader->file,
		.count = (uint32_t)json_object_size(value),
		.kids = kids,
	};
}

static struct node make_node(const struct reader *reader, json_t *value)
{
	if (json_is_array(value))
		return make_sequence(reader, value);
	if (json_is_object(value))
		return make_mapping(reader, value);
	return make_scalar(reader, value);
}

static int read_slowly(const struct reader *reader, const char *bytes,
                       size_t length, struct node *out, struct diag *diag)
{
	struct place place = { documents_file(reader->documents, reader->file),
		               0, 0 };
	json_error_t error;
	json_auto_t *value =
		json_loadb(bytes, length,
	                   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

	if (!value) {
		place.line = error.line > 0 ? (unsigned)error.line : 0;
		place.column = error.column > 0 ? (unsigned)error.column : 0;
		return diag_error(diag, CODE_JSON_SYNTAX, place,
		                  "this is no JSON: %s; correct it here",
		                  error.text);
	}
	if (check_depth(value, LIMIT_JSON_DEPTH) < 0)
		return diag_error(diag, CODE_YAML_DEPTH, place,
		                  "nested more than %d levels deep; use fewer",
		                  LIMIT_JSON_DEPTH);
	*out = make_node(reader, value);
	return 0;
}

const struct node *document_parse_json(struct documents *documents,
                                       const char *display, const char *bytes,
                                       size_t length, struct diag *diag)
{
	const struct reader reader = {
		.documents = documents,
		.file = documents_add_file(documents, display),
	};
	struct node *root;
	struct node node;

	if (!quick_json_read(documents, reader.file, bytes, length, &node) &&
	    read_slowly(&reader, bytes, length, &node, diag) < 0)
		return NULL;
	root = allocate(&reader, 1);
	*root = node;
	documents->files[reader.file].holds_null = true;
	return root;
}

/* ---- to JSON ---- */

static json_t *to_json(const struct node *node);

static json_t *number_to_json(const struct node *node)
{
	int64_t integer = node_integer(node, 0);
	double number = node_number(node);

	if (node_scalar(node) == SCALAR_INTEGER &&
	    (integer || !(fabs(number) > 0)))
		return json_integer(integer);
	if (!isfinite(number)) /* JSON has no such number */
		return json_stringn(node->text, node->length);
	return json_real(number);
}

static json_t *scalar_to_json(const struct node *node)
{
	switch (node_scalar(node)) {
	case SCALAR_NULL:
		return json_null();
	case SCALAR_BOOLEAN:
		return json_boolean(node_boolean(node, false));
	case SCALAR_INTEGER:
	case SCALAR_FLOAT:
		return number_to_json(node);
	case SCALAR_STRING:
		break;
	}
	return json_stringn(node->text, node->length);
}

static json_t *sequence_to_json(const struct node *node)
{
	json_t *array = json_array();

	for (size_t i = 0; i < node->count; i++) {
		if (json_array_append_new(array, to_json(&node->kids[i])) < 0)
			abort();
	}
	return array;
}

static json_t *mapping_to_json(const struct node *node)
{
	json_t *object = json_object();

	for (size_t i = 0; i < node->count; i++) {
		const struct node *key = &node->kids[2 * i];

		if (json_object_setn_new(object, key->text, key->length,
		                         to_json(key + 1)) < 0)
			abort();
	}
	return object;
}

static json_t *to_json(const struct node *node)
{
	switch ((enum node_type)node->type) {
	case NODE_SEQUENCE:
		return sequence_to_json(node);
	case NODE_MAPPING:
		return mapping_to_json(node);
	case NODE_SCALAR:
		break;
	}
	return scalar_to_json(node);
}

char *node_json(const struct node *node)
{
	json_auto_t *value = to_json(node);
	char *text = json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT |
	                                       JSON_ENCODE_ANY);

	if (!text)
		abort();
	return text;
}
