/* SPDX-License-Identifier: MIT */
#include "report_schema.h"

#include "document/document.h"
#include "schema/schema.h"
#include "shape/shape.h"

#include <string.h>

static const char schema_name[] = "plan.schema.json";

json_t *schema_read(void)
{
	const struct schema_file *file = schema_find(schema_name);
	json_t *schema;

	assert_non_null(file);
	schema = json_loadb(file->bytes, file->length, 0, NULL);
	assert_non_null(schema);
	return schema;
}

void schema_make_strict(json_t *schema)
{
	const char *name;
	json_t *value;
	size_t index;

	json_array_foreach (schema, index, value)
		schema_make_strict(value);
	json_object_foreach (schema, name, value)
		schema_make_strict(value);
	if (json_is_object(json_object_get(schema, "properties")) &&
	    json_is_string(json_object_get(schema, "type")))
		json_object_set_new(schema, "additionalProperties",
		                    json_false());
}

static struct shape *compile(const json_t *schema, struct diag *diag)
{
	char *bytes = json_dumps(schema, 0);
	struct shape *shape =
		shape_new(schema_name, bytes, strlen(bytes), diag);

	free(bytes);
	return shape;
}

bool schema_matches(const json_t *schema, const char *text, struct diag *diag)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(shape_freep) struct shape *shape = compile(schema, diag);
	const struct node *root = document_parse_json(documents, "report.json",
	                                              text, strlen(text), diag);

	return shape && root && shape_check(shape, documents, root, diag) == 0;
}

void schema_expect(const char *text)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	json_auto_t *schema = schema_read();

	schema_make_strict(schema);
	if (!schema_matches(schema, text, diag))
		diag_write(diag, stderr, DIAG_PLAIN);
	assert_int_equal(diag_length(diag), 0);
}
