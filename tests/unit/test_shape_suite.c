/* SPDX-License-Identifier: MIT */
/*
 * The JSON Schema test suite (draft-07) for the keywords that shape knows, as
 * Debian's package json-schema-test-suite brings it.
 */
#include "base/limits.h"
#include "base/text.h"
#include "document/document.h"
#include "shape/shape.h"
#include "unit.h"

#include <string.h>

static const char suite[] = "/usr/share/json-schema-test-suite/tests/draft7";

/* Not run are additionalItems, contains, dependencies and refRemote: keywords
 * that no schema of ours uses and that shape_new() refuses. */
static const char *const files[] = {
	"additionalProperties",
	"allOf",
	"anyOf",
	"boolean_schema",
	"const",
	"default",
	"definitions",
	"enum",
	"exclusiveMaximum",
	"exclusiveMinimum",
	"if-then-else",
	"items",
	"maxItems",
	"maxLength",
	"maxProperties",
	"maximum",
	"minItems",
	"minLength",
	"minProperties",
	"minimum",
	"multipleOf",
	"not",
	"oneOf",
	"pattern",
	"patternProperties",
	"properties",
	"propertyNames",
	"ref",
	"required",
	"type",
	"uniqueItems",
};

static const struct skip {
	const char *file, *group, *why;
} skips[] = {
	{ "definitions", "valid definition", "remote $ref" },
	{ "definitions", "invalid definition", "remote $ref" },
	{ "ref", "remote ref, containing refs itself", "remote $ref" },
	{ "ref", "Recursive references between schemas",
	  "$ref by way of an $id" },
	{ "ref", "escaped pointer ref",
	  "names members that are no keyword, which shape refuses" },
};

struct tally {
	size_t run, skipped, wrong;
};

static bool is_skipped(const char *file, const char *group)
{
	for (size_t i = 0; i < LENGTH(skips); i++) {
		if (str_equal(skips[i].file, file) &&
		    str_equal(skips[i].group, group))
			return true;
	}
	return false;
}

static void run_group(const char *file, const struct documents *documents,
                      const struct node *group, struct tally *tally)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *schema = node_json(node_get(group, "schema"));
	CLEANUP(shape_freep)
	struct shape *shape = shape_new(file, schema, strlen(schema), diag);
	const struct node *tests = node_get(group, "tests");

	for (size_t i = 0; i < tests->count; i++) {
		const struct node *test = node_item(tests, i);
		bool valid = node_boolean(node_get(test, "valid"), false);

		tally->run++;
		if (shape &&
		    (shape_check(shape, documents, node_get(test, "data"),
		                 diag) == 0) == valid)
			continue;
		tally->wrong++;
		print_error("%s: %s: %s\n", file,
		            node_text(node_get(group, "description")),
		            node_text(node_get(test, "description")));
	}
}

static void run_file(const char *file, struct tally *tally)
{
	CLEANUP(textp) char *path = xasprintf("%s/%s.json", suite, file);
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(buffer_release) struct buffer buffer = { 0 };
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	const struct node *groups;

	assert_int_equal(file_read(path, LIMIT_FILE_BYTES, &buffer, diag), 0);
	groups = document_parse_json(documents, path, buffer.bytes,
	                             buffer.length, diag);
	assert_non_null(groups);
	for (size_t i = 0; i < groups->count; i++) {
		const struct node *group = node_item(groups, i);

		if (is_skipped(file, node_text(node_get(group, "description"))))
			tally->skipped += node_get(group, "tests")->count;
		else
			run_group(file, documents, group, tally);
	}
}

static void the_suite_passes(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++)
		run_file(files[i], &tally);
	print_message("%zu tests run, %zu skipped, %zu wrong\n", tally.run,
	              tally.skipped, tally.wrong);
	for (size_t i = 0; i < LENGTH(skips); i++)
		print_message("skipped %s, %s: %s\n", skips[i].file,
		              skips[i].group, skips[i].why);
	assert_true(tally.run > 300);
	assert_int_equal(tally.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_suite_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
