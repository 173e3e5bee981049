/* SPDX-License-Identifier: MIT */
/* The file's schema as an editor shows it: each key says what it is for. */
#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"
#include "shape/shape.h"
#include "unit.h"

#include <jansson.h>
#include <string.h>

/* What people write by hand. */
static const char *const files[] = { "config.schema.json",
	                             "faults.schema.json" };

/* What is done with each key of a schema. */
struct walk {
	const char *file;
	json_t *root;
	size_t keys, bad;
	void (*check)(struct walk *walk, const char *name, json_t *schema);
};

static json_t *resolve(const json_t *root, json_t *schema)
{
	static const char start[] = "#/definitions/";
	const char *reference =
		json_string_value(json_object_get(schema, "$ref"));

	if (!reference)
		return schema;
	assert_true(str_starts(reference, start));
	schema = json_object_get(json_object_get(root, "definitions"),
	                         reference + strlen(start));
	assert_non_null(schema);
	return resolve(root, schema);
}

static void complain(struct walk *walk, const char *name, const char *what)
{
	print_error("%s: `%s` %s\n", walk->file, name, what);
	walk->bad++;
}

static void visit(struct walk *walk, const char *name, json_t *schema)
{
	json_t *value, *member;
	const char *key, *inner;
	size_t index;

	json_array_foreach (schema, index, value)
		visit(walk, name, value);
	json_object_foreach (schema, key, value) {
		if (str_equal(key, "examples") || str_equal(key, "enum") ||
		    str_equal(key, "const") || str_equal(key, "default"))
			continue;
		if (!str_equal(key, "properties") &&
		    !str_equal(key, "patternProperties")) {
			visit(walk, name, value);
			continue;
		}
		json_object_foreach (value, inner, member) {
			walk->keys++;
			walk->check(walk, inner, member);
			visit(walk, inner, member);
		}
	}
}

static size_t visit_file(const char *name,
                         void (*check)(struct walk *, const char *, json_t *),
                         size_t *keys)
{
	const struct schema_file *file = schema_find(name);
	struct walk walk = { .file = name, .check = check };

	assert_non_null(file);
	walk.root = json_loadb(file->bytes, file->length, 0, NULL);
	assert_non_null(walk.root);
	visit(&walk, "the top", walk.root);
	json_decref(walk.root);
	*keys += walk.keys;
	return walk.bad;
}

/* ---- words ---- */

static bool is_sentence(const char *text)
{
	return text && strlen(text) > 5 && str_ends(text, ".");
}

/* `false` forbids a key, and a schema that only adds a condition to a key
 * which stands elsewhere needs no words again. */
static bool is_condition(const json_t *schema)
{
	return !json_is_object(schema) ||
	       (!json_object_get(schema, "type") &&
	        !json_object_get(schema, "oneOf") &&
	        !json_object_get(schema, "anyOf") &&
	        !json_object_get(schema, "x-reference"));
}

static void check_words(struct walk *walk, const char *name, json_t *schema)
{
	if (json_is_boolean(schema))
		return;
	schema = resolve(walk->root, schema);
	if (!is_condition(schema) &&
	    !is_sentence(
		    json_string_value(json_object_get(schema, "description"))))
		complain(walk, name, "is not described in a sentence");
}

static void every_key_of_the_file_is_described(void **state)
{
	size_t keys = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++)
		assert_int_equal(visit_file(files[i], check_words, &keys), 0);
	assert_true(keys > 55);
}

/* ---- examples ---- */

static bool has(const json_t *schema, const char *name)
{
	return json_object_get(schema, name) != NULL;
}

static void check_titles(struct walk *walk, const char *name, json_t *schema)
{
	schema = resolve(walk->root, schema);
	if (is_condition(schema))
		return;
	if (!has(schema, "title"))
		complain(walk, name, "has no title");
	if (!has(schema, "examples"))
		complain(walk, name, "has no examples");
}

static void every_key_of_the_file_has_a_title_and_examples(void **state)
{
	size_t keys = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++)
		assert_int_equal(visit_file(files[i], check_titles, &keys), 0);
	assert_true(keys > 55);
}

static bool matches(const struct walk *walk, json_t *schema,
                    const json_t *example)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	json_auto_t *alone = json_deep_copy(schema);
	CLEANUP(shape_freep) struct shape *shape = NULL;
	const struct node *node;
	char *text, *document;
	bool result;

	(void)json_object_set(alone, "definitions",
	                      json_object_get(walk->root, "definitions"));
	text = json_dumps(alone, 0);
	document = json_dumps(example, JSON_ENCODE_ANY);
	shape = shape_new(walk->file, text, strlen(text), diag);
	node = document_parse(documents, "example", document, strlen(document),
	                      diag);
	result =
		shape && node && shape_check(shape, documents, node, diag) == 0;
	if (!result)
		diag_write(diag, stderr, DIAG_PLAIN);
	free(text);
	free(document);
	return result;
}

/* A setting that has no effect yet is refused, its examples with it. */
static void check_examples(struct walk *walk, const char *name, json_t *schema)
{
	json_t *example;
	size_t index;

	schema = resolve(walk->root, schema);
	if (has(schema, "x-unbuilt"))
		return;
	json_array_foreach (json_object_get(schema, "examples"), index,
	                    example) {
		if (!matches(walk, schema, example))
			complain(walk, name, "has a wrong example");
	}
}

static void examples_of_the_file_are_as_it_wants_them(void **state)
{
	size_t keys = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++)
		assert_int_equal(visit_file(files[i], check_examples, &keys),
		                 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_the_file_is_described),
		cmocka_unit_test(
			every_key_of_the_file_has_a_title_and_examples),
		cmocka_unit_test(examples_of_the_file_are_as_it_wants_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
