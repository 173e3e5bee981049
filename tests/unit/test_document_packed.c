/* SPDX-License-Identifier: MIT */
/* Packed trees: those that are embedded are what their files say. */
#include "unit.h"

#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"

#include <string.h>

static const struct node *parse(struct documents *documents,
                                const struct schema_file *file)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct node *root =
		str_ends(file->name, ".json")
			? document_parse_json(documents, file->name,
	                                      file->bytes, file->length, diag)
			: document_parse(documents, file->name, file->bytes,
	                                 file->length, diag);

	assert_non_null(root);
	return root;
}

static void expect_equal(const struct node *tree, const struct node *parsed)
{
	assert_int_equal(tree->type, parsed->type);
	assert_int_equal(tree->style, parsed->style);
	assert_int_equal(tree->line, parsed->line);
	assert_int_equal(tree->column, parsed->column);
	assert_int_equal(tree->count, parsed->count);
	assert_int_equal(tree->length, parsed->length);
	if (tree->type == NODE_SCALAR) {
		assert_memory_equal(tree->text, parsed->text, tree->length + 1);
		return;
	}
	for (size_t i = 0; i < tree->count; i++) {
		if (tree->type == NODE_MAPPING) {
			expect_equal(node_key(tree, i), node_key(parsed, i));
			expect_equal(node_value(tree, i),
			             node_value(parsed, i));
		} else {
			expect_equal(node_item(tree, i), node_item(parsed, i));
		}
	}
}

static void embedded_trees_are_what_their_files_say(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < schema_file_count; i++) {
		CLEANUP(documents_freep)
		struct documents *documents = documents_new();
		const struct schema_file *file = &schema_files[i];
		const struct schema_file *tree = schema_find_tree(file->name);

		if (str_ends(file->name, ".template")) {
			assert_null(tree);
			continue;
		}
		assert_non_null(tree);
		expect_equal(document_unpack(documents, file->name, tree->bytes,
		                             tree->length),
		             parse(documents, file));
		count++;
	}
	assert_int_equal(count, schema_tree_count);
}

static void long_texts_and_far_places_come_back(void **state)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp)
	char *yaml = xasprintf("%*s[ %0*d, '%0*d', {} ]", 20000, "", 127, 0,
	                       70000, 0);
	CLEANUP(textp) char *packed = NULL;
	const struct node *root =
		document_parse(documents, "x.yaml", yaml, strlen(yaml), diag);
	const struct node *back;
	size_t length;
	FILE *out = xmemstream(&packed, &length);

	(void)state;
	assert_non_null(root);
	assert_int_equal(document_pack(root, out), 0);
	(void)fclose(out);
	back = document_unpack(documents, "y.yaml", packed, length);

	expect_equal(back, root);
	assert_string_equal(node_place(documents, back).file, "y.yaml");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(embedded_trees_are_what_their_files_say),
		cmocka_unit_test(long_texts_and_far_places_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
