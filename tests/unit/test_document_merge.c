/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "tree_folder.h"

#include <string.h>

static void expect_report(const struct tree_folder *folder, size_t index,
                          unsigned code, const char *file, unsigned line)
{
	CLEANUP(textp) char *all = diag_text(folder->diag);

	if (index >= diag_length(folder->diag))
		fail_msg("%s", all);

	const struct diag_report *report = diag_at(folder->diag, index);

	if (report->code != code || !str_equal(report->place.file, file) ||
	    report->place.line != line)
		fail_msg("%s", all);
}

static void maps_merge_lists_replace_null_removes(void **state)
{
	static const struct {
		const char *under, *over, *merged;
	} rows[] = {
		{ "{a: 1, b: 2}", "{b: 3, c: 4}", "{\"a\":1,\"b\":3,\"c\":4}" },
		{ "{m: {a: 1, b: 2}}", "{m: {b: 3}}",
		  "{\"m\":{\"a\":1,\"b\":3}}" },
		{ "{l: [1, 2]}", "{l: [3]}", "{\"l\":[3]}" },
		{ "{a: 1, b: 2}", "{a: null}", "{\"b\":2}" },
		{ "{m: {a: 1, b: 2}}", "{m: {a: ~}}", "{\"m\":{\"b\":2}}" },
		{ "{m: {a: 1}}", "{m: ~}", "{}" },
		{ "{}", "{a: null, m: {b: null, c: {d: null}}}",
		  "{\"m\":{\"c\":{}}}" },
		{ "{a: null, b: 1}", "{}", "{\"b\":1}" },
		{ "{m: {a: 1}}", "{m: text}", "{\"m\":\"text\"}" },
		{ "{m: text}", "{m: {a: 1, b: null}}", "{\"m\":{\"a\":1}}" },
		{ "{l: [1]}", "{l: {a: 1}}", "{\"l\":{\"a\":1}}" },
		{ "{l: [~]}", "{k: [{a: ~}]}",
		  "{\"k\":[{\"a\":null}],\"l\":[null]}" },
		{ "{a: 'null'}", "{a: 'null'}", "{\"a\":\"null\"}" },
		{ "[1]", "{a: 1}", "{\"a\":1}" },
	};
	const struct tree_folder *folder = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct node *under = document_parse(
			folder->documents, "under", rows[i].under,
			strlen(rows[i].under), folder->diag);
		const struct node *over =
			document_parse(folder->documents, "over", rows[i].over,
		                       strlen(rows[i].over), folder->diag);
		CLEANUP(textp)
		char *merged = node_json(
			document_merge(folder->documents, under, over));

		assert_string_equal(merged, rows[i].merged);
	}
}

/* What a merged tree has removed, it also removes from what comes under it. */
static void removals_outlast_a_merge(void **state)
{
	static const char *const layers[] = {
		"{e: {a: 1, b: 1, c: {x: 1, y: 1}}}",
		"{e: {a: null, b: null, c: {x: null}}}",
		"{e: {b: 3}}",
	};
	const struct tree_folder *folder = *state;
	const struct node *trees[LENGTH(layers)];

	for (size_t i = 0; i < LENGTH(layers); i++)
		trees[i] = document_parse(folder->documents, "layer", layers[i],
		                          strlen(layers[i]), folder->diag);

	const struct node *upper =
		document_merge(folder->documents, trees[1], trees[2]);
	const struct node *entry = node_get(upper, "e");
	CLEANUP(textp) char *shown = node_json(upper);
	CLEANUP(textp)
	char *merged =
		node_json(document_merge(folder->documents, trees[0], upper));

	assert_string_equal(shown, "{\"e\":{\"b\":3,\"c\":{}}}");
	assert_int_equal(entry->length, 1);
	assert_string_equal(node_text(node_removed(entry, 0)), "a");
	assert_string_equal(merged, "{\"e\":{\"b\":3,\"c\":{\"y\":1}}}");
}

static char *many_keys(const char *value, size_t first, size_t end)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = end; i-- > first;)
		fprintf(out, "k%zu: %s\n", i, value);
	(void)fclose(out);
	return text;
}

static void large_maps_merge_alike(void **state)
{
	const struct tree_folder *folder = *state;
	CLEANUP(textp) char *low = many_keys("low", 0, 3000);
	CLEANUP(textp) char *high = many_keys("high", 1000, 4000);
	const struct node *under = document_parse(
		folder->documents, "under", low, strlen(low), folder->diag);
	const struct node *over = document_parse(
		folder->documents, "over", high, strlen(high), folder->diag);
	const struct node *merged =
		document_merge(folder->documents, under, over);

	assert_int_equal(merged->count, 4000);
	for (size_t i = 0; i < 4000; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "k%zu", i);
		assert_string_equal(node_text(node_get(merged, name)),
		                    i < 1000 ? "low" : "high");
	}
}

static void fragments_are_merged_in_their_order(void **state)
{
	struct tree_folder *folder = *state;

	assert_int_equal(mkdir(".git", 0700), 0);
	assert_int_equal(mkdir("envs", 0700), 0);
	tree_folder_write("one.yaml", "a: one\nb: one\nm: {x: 1, y: 1}\n");
	tree_folder_write("two.yaml",
	                  "b: two\nm: {y: 2}\nextends: three.yaml\n");
	tree_folder_write("three.yaml", "b: three\nc: three\nm: {z: 3}\n");
	tree_folder_write("envs/prod.yaml",
	                  "environment: prod\n"
	                  "extends: [../one.yaml, ../two.yaml]\n"
	                  "m: {x: 0}\n");
	tree_folder_load(folder, "envs/prod.yaml");
	assert_non_null(folder->root);

	CLEANUP(textp) char *json = node_json(folder->root);

	assert_string_equal(json,
	                    "{\"a\":\"one\",\"b\":\"two\",\"c\":\"three\","
	                    "\"environment\":\"prod\","
	                    "\"m\":{\"x\":0,\"y\":2,\"z\":3}}");
	assert_int_equal(documents_file_count(folder->documents), 4);
}

static void what_wins_keeps_its_place(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("base.yaml", "m:\n  x: 1\n  y: 1\n");
	tree_folder_write("prod.yaml", "extends: base.yaml\nm:\n\n  y: 2\n");
	tree_folder_load(folder, "prod.yaml");

	const struct node *map = node_get(folder->root, "m");
	struct place x = node_place(folder->documents, node_get(map, "x"));
	struct place y = node_place(folder->documents, node_get(map, "y"));

	assert_string_equal(x.file, "base.yaml");
	assert_int_equal(x.line, 2);
	assert_string_equal(y.file, "prod.yaml");
	assert_int_equal(y.line, 4);
}

static void a_null_removes_what_fragments_say(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("base.yaml",
	                  "policy: {prune: true}\nm: {x: 1, y: 1}\n");
	tree_folder_write("prod.yaml", "extends: base.yaml\npolicy:\n"
	                               "m: {y: ~}\ndefaults:\n");
	tree_folder_load(folder, "prod.yaml");

	CLEANUP(textp) char *json = node_json(folder->root);

	assert_string_equal(json, "{\"m\":{\"x\":1}}");
}

static void a_diamond_is_read_once(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("top.yaml", "a: top\nb: top\n");
	tree_folder_write("left.yaml", "extends: top.yaml\na: left\n");
	tree_folder_write("right.yaml", "extends: ./top.yaml\nc: right\n");
	tree_folder_write("prod.yaml", "extends: [left.yaml, right.yaml]\n");
	tree_folder_load(folder, "prod.yaml");
	assert_non_null(folder->root);

	CLEANUP(textp) char *json = node_json(folder->root);

	/* right extends top, but that does not come back over left. */
	assert_string_equal(json, "{\"a\":\"left\",\"b\":\"top\","
	                          "\"c\":\"right\"}");
	assert_int_equal(documents_file_count(folder->documents), 4);
}

static void null_removes_what_an_earlier_fragment_says(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("left.yaml", "a: left\nb: left\n");
	tree_folder_write("right.yaml", "a: null\n");
	tree_folder_write("prod.yaml", "extends: [left.yaml, right.yaml]\n");
	tree_folder_load(folder, "prod.yaml");
	assert_non_null(folder->root);

	CLEANUP(textp) char *json = node_json(folder->root);

	assert_string_equal(json, "{\"b\":\"left\"}");
}

static void what_replaced_a_value_is_known(void **state)
{
	struct tree_folder *folder = *state;
	struct place under;

	tree_folder_write("base.yaml", "a: 1\nb: 2\n");
	tree_folder_write("prod.yaml", "extends: base.yaml\nb: 3\n");
	tree_folder_load(folder, "prod.yaml");
	assert_non_null(folder->root);

	assert_true(documents_overridden(
		folder->documents,
		node_place(folder->documents, node_get(folder->root, "b")),
		&under));
	assert_non_null(strstr(under.file, "base.yaml"));
	assert_int_equal(under.line, 2);
	assert_int_equal(under.column, 4);
	assert_false(documents_overridden(
		folder->documents,
		node_place(folder->documents, node_get(folder->root, "a")),
		&under));
}

static void a_circle_is_shown(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("prod.yaml", "extends: [a.yaml]\n");
	tree_folder_write("a.yaml", "x: 1\nextends: b.yaml\n");
	tree_folder_write("b.yaml", "extends:\n- a.yaml\n- b.yaml\n");
	tree_folder_load(folder, "prod.yaml");
	assert_null(folder->root);
	expect_report(folder, 0, CODE_EXTENDS_CYCLE, "b.yaml", 2);
	expect_report(folder, 1, CODE_EXTENDS_CYCLE, "b.yaml", 3);
	assert_int_equal(diag_length(folder->diag), 2);
	assert_string_equal(diag_at(folder->diag, 0)->text,
	                    "`a.yaml` extends itself: a.yaml -> b.yaml -> "
	                    "a.yaml; remove one of these");
}

static void fragments_may_not_say_where_things_go(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("prod.yaml", "extends: [base.yaml]\n");
	tree_folder_write("base.yaml", "environment: prod\nplatform: {}\n"
	                               "ledger: none\n'platform ': x\n");
	tree_folder_load(folder, "prod.yaml");
	assert_null(folder->root);
	assert_int_equal(diag_length(folder->diag), 3);
	for (unsigned i = 0; i < 3; i++)
		expect_report(folder, i, CODE_EXTENDS_FORBIDDEN_KEY,
		              "base.yaml", i + 1);
	assert_string_equal(diag_at(folder->diag, 0)->notes[0].place.file,
	                    "prod.yaml");
}

static void mistakes_of_all_files_are_reported(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("next.yaml",
	                  "extends:\n- none.yaml\n- syntax.yaml\n"
	                  "- list.yaml\n- ../out.yaml\n- /etc/passwd\n- 12\n"
	                  "- {a: b}\n- empty.yaml\n- link.yaml\n- good.yaml\n");
	tree_folder_write("syntax.yaml", "a: b: c\n");
	tree_folder_write("list.yaml", "- a\n");
	tree_folder_write("empty.yaml", "");
	tree_folder_write("good.yaml", "a: 1\n");
	assert_int_equal(symlink("good.yaml", "link.yaml"), 0);
	tree_folder_load(folder, "next.yaml");
	assert_null(folder->root);
	expect_report(folder, 0, CODE_EMPTY_FILE, "empty.yaml", 0);
	expect_report(folder, 1, CODE_NO_MAPPING, "list.yaml", 1);
	expect_report(folder, 2, CODE_FILE_UNREADABLE, "next.yaml", 2);
	expect_report(folder, 3, CODE_OUTSIDE_ROOT, "next.yaml", 5);
	expect_report(folder, 4, CODE_OUTSIDE_ROOT, "next.yaml", 6);
	expect_report(folder, 5, CODE_EXTENDS_VALUE, "next.yaml", 7);
	expect_report(folder, 6, CODE_EXTENDS_VALUE, "next.yaml", 8);
	expect_report(folder, 7, CODE_NOT_A_FILE, "next.yaml", 10);
	expect_report(folder, 8, CODE_YAML_SYNTAX, "syntax.yaml", 1);
	assert_int_equal(diag_length(folder->diag), 9);
}

static void extends_of_another_kind_is_refused(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("prod.yaml", "extends: {a: b}\n");
	tree_folder_load(folder, "prod.yaml");
	assert_null(folder->root);
	expect_report(folder, 0, CODE_EXTENDS_VALUE, "prod.yaml", 1);
}

static void nothing_extended_is_fine(void **state)
{
	struct tree_folder *folder = *state;

	tree_folder_write("prod.yaml", "extends: []\na: 1\n");
	tree_folder_load(folder, "prod.yaml");

	CLEANUP(textp) char *json = node_json(folder->root);

	assert_string_equal(json, "{\"a\":1}");
}

/* f0 extends f1 extends … f`last`. */
static void write_chain(size_t last)
{
	for (size_t i = 0; i <= last; i++) {
		CLEANUP(textp) char *name = xasprintf("f%zu.yaml", i);
		CLEANUP(textp)
		char *text = xasprintf("a: 1\nextends: f%zu.yaml\n", i + 1);

		tree_folder_write(name, i < last ? text : "b: 1\n");
	}
}

static void a_chain_may_have_its_length_and_no_more(void **state)
{
	struct tree_folder *folder = *state;

	write_chain(LIMIT_EXTENDS_DEPTH);
	tree_folder_load(folder, "f0.yaml");
	assert_non_null(folder->root);
	source_free(folder->source);
	write_chain(LIMIT_EXTENDS_DEPTH + 1);
	tree_folder_load(folder, "f0.yaml");
	assert_null(folder->root);
	expect_report(folder, 0, CODE_EXTENDS_LIMIT, "f16.yaml", 2);
}

/* prod.yaml extends `count` fragments. */
static void write_fan(size_t count)
{
	FILE *out = fopen("prod.yaml", "we");

	assert_non_null(out);
	fputs("extends:\n", out);
	for (size_t i = 0; i < count; i++) {
		CLEANUP(textp) char *name = xasprintf("f%zu.yaml", i);

		tree_folder_write(name, "a: 1\n");
		fprintf(out, "- %s\n", name);
	}
	assert_int_equal(fclose(out), 0);
}

static void files_have_their_number_and_no_more(void **state)
{
	struct tree_folder *folder = *state;

	write_fan(LIMIT_FILES);
	tree_folder_load(folder, "prod.yaml");
	assert_non_null(folder->root);
	source_free(folder->source);
	documents_free(folder->documents);
	folder->documents = documents_new();
	write_fan(LIMIT_FILES + 1);
	tree_folder_load(folder, "prod.yaml");
	assert_null(folder->root);
	assert_int_equal(diag_length(folder->diag), 1);
	expect_report(folder, 0, CODE_EXTENDS_LIMIT, "prod.yaml",
	              LIMIT_FILES + 2);
}

/* A text of that length. */
static void write_long(const char *path, const char *begin, size_t length)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(begin, out);
	for (size_t i = strlen(begin); i < length; i++)
		fputc(i % 64 ? '#' : '\n', out);
	assert_int_equal(fclose(out), 0);
}

static void memory_of_the_largest_text_can_be_used_again(void **state)
{
	struct tree_folder *folder = *state;
	void *memory;
	size_t size;

	write_long("a.yaml", "extends: [b.yaml, c.yaml, d.yaml]\n", 1000);
	write_long("b.yaml", "b: 1\n", 5 << 20);
	write_long("c.yaml", "c: 1\n", 6 << 20);
	write_long("d.yaml", "d: 1\n", 5 << 20);

	tree_folder_load(folder, "a.yaml");
	memory = documents_take_spare(folder->documents, &size);

	assert_non_null(folder->root);
	assert_int_equal(size, 6 << 20);
	memset(memory, 0, size);
	free(memory);
	assert_null(documents_take_spare(folder->documents, &size));
}

static void named_keys_are_grafted(void **state)
{
	static const char *const names[] = { "p", "q", NULL };
	static const struct {
		const char *map, *from, *grafted;
	} rows[] = {
		{ "{a: 1, p: 2}", "{a: 3, p: 4, q: 5}",
		  "{\"a\":1,\"p\":4,\"q\":5}" },
		{ "{a: 1, p: 2, q: 3}", "{b: 1}", "{\"a\":1}" },
		{ "{}", "{p: {x: 1}}", "{\"p\":{\"x\":1}}" },
		{ "{a: {p: 1}}", "{p: 2}", "{\"a\":{\"p\":1},\"p\":2}" },
	};
	const struct tree_folder *folder = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct node *map =
			document_parse(folder->documents, "map", rows[i].map,
		                       strlen(rows[i].map), folder->diag);
		const struct node *from =
			document_parse(folder->documents, "from", rows[i].from,
		                       strlen(rows[i].from), folder->diag);
		const struct node *grafted =
			document_graft(folder->documents, map, from, names);
		CLEANUP(textp) char *text = node_json(grafted);

		assert_string_equal(text, rows[i].grafted);
		if (i == 0)
			assert_string_equal(node_place(folder->documents,
			                               node_get(grafted, "p"))
			                            .file,
			                    "from");
	}
}

static void a_copy_outlives_what_it_is_of(void **state)
{
	static const char text[] = "{a: [1, x, {b: ~}], c: {}, d: 'true'}";
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *copies = documents_new();
	struct documents *documents = documents_new();
	const struct node *from =
		document_parse(documents, "from", text, strlen(text), diag);
	const struct node *merged = document_merge(
		documents, from,
		document_parse(documents, "over", "c: {e: 2}", 9, diag));
	const struct node *copy = document_copy(copies, documents, merged);
	struct place place;

	(void)state;
	documents_free(documents);

	CLEANUP(textp) char *json = node_json(copy);
	assert_string_equal(json, "{\"a\":[1,\"x\",{\"b\":null}],"
	                          "\"c\":{\"e\":2},\"d\":\"true\"}");
	place = node_place(copies, node_get(node_get(copy, "c"), "e"));
	assert_string_equal(place.file, "over");
	assert_int_equal(place.column, 8);
	assert_string_equal(node_place(copies, node_get(copy, "a")).file,
	                    "from");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_FOLDER_TEST(maps_merge_lists_replace_null_removes),
		TREE_FOLDER_TEST(removals_outlast_a_merge),
		TREE_FOLDER_TEST(large_maps_merge_alike),
		TREE_FOLDER_TEST(fragments_are_merged_in_their_order),
		TREE_FOLDER_TEST(what_wins_keeps_its_place),
		TREE_FOLDER_TEST(a_null_removes_what_fragments_say),
		TREE_FOLDER_TEST(a_diamond_is_read_once),
		TREE_FOLDER_TEST(null_removes_what_an_earlier_fragment_says),
		TREE_FOLDER_TEST(what_replaced_a_value_is_known),
		TREE_FOLDER_TEST(a_circle_is_shown),
		TREE_FOLDER_TEST(fragments_may_not_say_where_things_go),
		TREE_FOLDER_TEST(mistakes_of_all_files_are_reported),
		TREE_FOLDER_TEST(extends_of_another_kind_is_refused),
		TREE_FOLDER_TEST(nothing_extended_is_fine),
		TREE_FOLDER_TEST(a_chain_may_have_its_length_and_no_more),
		TREE_FOLDER_TEST(files_have_their_number_and_no_more),
		TREE_FOLDER_TEST(memory_of_the_largest_text_can_be_used_again),
		TREE_FOLDER_TEST(named_keys_are_grafted),
		cmocka_unit_test(a_copy_outlives_what_it_is_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
