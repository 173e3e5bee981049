/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "reading.h"
#include "schema/codes.h"

#include <math.h>
#include <string.h>

static char *json_of(const char *text)
{
	CLEANUP(reading_release) struct reading reading = read_text(text);

	if (!reading.root) {
		CLEANUP(textp) char *why = diag_text(reading.diag);

		fail_msg("%s\n%s", text, why);
	}
	return node_json(reading.root);
}

static void yaml_becomes_a_tree(void **state)
{
	static const struct {
		const char *yaml, *json;
	} rows[] = {
		{ "a: 1\nb: [x, 'y', \"z\"]\n",
		  "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}" },
		{ "b: {}\na: []\n", "{\"a\":[],\"b\":{}}" },
		{ "a: |\n  one\n  two\nb: >\n  one\n  two\n",
		  "{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\\n\"}" },
		{ "a: one\n  two\n", "{\"a\":\"one two\"}" },
		{ "- &x {k: v}\n- *x\n- *x\n",
		  "[{\"k\":\"v\"},{\"k\":\"v\"},{\"k\":\"v\"}]" },
		{ "a: &x 1\nb: &x 2\nc: *x\n", "{\"a\":1,\"b\":2,\"c\":2}" },
		{ "&k key: *k\n", "{\"key\":\"key\"}" },
		{ "%YAML 1.2\n---\na: b\n...\n", "{\"a\":\"b\"}" },
		{ "%TAG !t! tag:yaml.org,2002:\n---\na: !t!str 1\n",
		  "{\"a\":\"1\"}" },
		{ "a: !!str 0123\nb: ! 1\nc: !!int 7\nd: !!map {}\ne: !!seq "
		  "[]\n"
		  "f: !!null ~\ng: !!bool true\nh: !!float 1.5\n",
		  "{\"a\":\"0123\",\"b\":\"1\",\"c\":7,\"d\":{},\"e\":[],"
		  "\"f\":null,\"g\":true,\"h\":1.5}" },
		{ "\xef\xbb\xbf"
		  "a: b\n",
		  "{\"a\":\"b\"}" },
		{ "a: b\r\nc:\r\n  - d\r\n", "{\"a\":\"b\",\"c\":[\"d\"]}" },
		{ "a: caf\xc3\xa9 \xf0\x9f\x98\x80\n",
		  "{\"a\":\"caf\xc3\xa9 \xf0\x9f\x98\x80\"}" },
		{ "'<<': b\n", "{\"<<\":\"b\"}" },
		{ "plain text\n", "\"plain text\"" },
		{ "# only\n---\n\"\"\n", "\"\"" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *json = json_of(rows[i].yaml);

		assert_string_equal(json, rows[i].json);
	}
}

static void plain_scalars_follow_the_core_schema(void **state)
{
	static const struct {
		const char *text;
		enum scalar_kind kind;
	} rows[] = {
		{ "", SCALAR_NULL },
		{ "~", SCALAR_NULL },
		{ "null", SCALAR_NULL },
		{ "NULL", SCALAR_NULL },
		{ "nULL", SCALAR_STRING },
		{ "true", SCALAR_BOOLEAN },
		{ "False", SCALAR_BOOLEAN },
		{ "yes", SCALAR_STRING },
		{ "no", SCALAR_STRING },
		{ "on", SCALAR_STRING },
		{ "off", SCALAR_STRING },
		{ "y", SCALAR_STRING },
		{ "0", SCALAR_INTEGER },
		{ "-12", SCALAR_INTEGER },
		{ "+7", SCALAR_INTEGER },
		{ "0123", SCALAR_INTEGER },
		{ "0o17", SCALAR_INTEGER },
		{ "0o8", SCALAR_STRING },
		{ "0x1F", SCALAR_INTEGER },
		{ "0xg", SCALAR_STRING },
		{ "0x", SCALAR_STRING },
		{ "-0x1", SCALAR_STRING },
		{ "1_000", SCALAR_STRING },
		{ "1:30", SCALAR_STRING },
		{ "1e3", SCALAR_FLOAT },
		{ "1.", SCALAR_FLOAT },
		{ ".5", SCALAR_FLOAT },
		{ "-.5E-3", SCALAR_FLOAT },
		{ ".", SCALAR_STRING },
		{ "-", SCALAR_STRING },
		{ "1e", SCALAR_STRING },
		{ "1e+", SCALAR_STRING },
		{ "1.2.3", SCALAR_STRING },
		{ ".inf", SCALAR_FLOAT },
		{ "-.INF", SCALAR_FLOAT },
		{ ".nan", SCALAR_FLOAT },
		{ "+.nan", SCALAR_STRING },
		{ "inf", SCALAR_STRING },
		{ "2026-11-23", SCALAR_STRING },
		{ "123456789012345678901234567890", SCALAR_INTEGER },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct node node = {
			.type = NODE_SCALAR,
			.length = strlen(rows[i].text),
			.text = rows[i].text,
		};
		struct node quoted = node;

		quoted.style = NODE_QUOTED;
		if (node_scalar(&node) != rows[i].kind)
			fail_msg("%s: %u", rows[i].text, node_scalar(&node));
		assert_int_equal(node_scalar(&quoted), SCALAR_STRING);
	}
}

static void numbers_have_values(void **state)
{
	CLEANUP(reading_release)
	struct reading reading = read_text(
		"[0x1F, 0o17, -12, 0123, 1e3, 2.0, 2.5, .inf, text, '5',\n"
		" 9223372036854775807, 9223372036854775808, true]\n");
	static const int64_t integers[] = { 31, 15, -12, 123,       1000, 2, -1,
		                            -1, -1, -1,  INT64_MAX, -1,   -1 };

	(void)state;
	for (size_t i = 0; i < LENGTH(integers); i++)
		assert_true(node_integer(node_item(reading.root, i), -1) ==
		            integers[i]);
	assert_true(node_integer(NULL, 4) == 4);
	assert_true(fabs(node_number(node_item(reading.root, 6)) - 2.5) < 1e-9);
	assert_true(fabs(node_number(node_item(reading.root, 1)) - 15) < 1e-9);
	assert_true(isinf(node_number(node_item(reading.root, 7))));
	assert_true(isnan(node_number(node_item(reading.root, 8))));
	assert_true(node_boolean(node_item(reading.root, 12), false));
	assert_false(node_boolean(node_item(reading.root, 8), false));
	assert_true(node_boolean(NULL, true));
}

static void every_node_has_its_place(void **state)
{
	CLEANUP(reading_release)
	struct reading reading = read_text("\xef\xbb\xbf# c\n"
	                                   "map:\n"
	                                   "  \xc3\xa9: {k: [1, 22]}\n"
	                                   "empty:\n");
	const struct node *map = node_get(reading.root, "map");
	const struct node *list = node_get(node_get(map, "\xc3\xa9"), "k");
	struct place place = node_place(reading.documents, list);

	(void)state;
	assert_string_equal(place.file, "a.yaml");
	assert_int_equal(place.line, 3);
	assert_int_equal(place.column, 10);
	assert_int_equal(node_item(list, 1)->column, 14);
	assert_int_equal(node_key(reading.root, 0)->line, 2);
	assert_int_equal(node_key(reading.root, 0)->column, 1);
	assert_int_equal(map->column, 3);
	assert_int_equal(node_value(reading.root, 1)->line, 4);
	assert_true(node_is_null(node_value(reading.root, 1)));
	assert_null(node_get(reading.root, "none"));
	assert_null(node_get(NULL, "none"));
	assert_null(node_get(list, "none"));
	assert_null(node_text(list));
	assert_int_equal(documents_file_count(reading.documents), 1);
	assert_string_equal(documents_file(reading.documents, 0), "a.yaml");
}

static void a_node_is_small(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct node), 32);
}

struct mistake {
	const char *yaml;
	unsigned code, line, column;
	const char *says; /* a part of the text */
};

static void check_mistake(const struct mistake *mistake)
{
	CLEANUP(reading_release)
	struct reading reading = read_text(mistake->yaml);
	CLEANUP(textp) char *text = diag_text(reading.diag);

	if (mistake->code == CODE_DUPLICATE_KEY)
		assert_non_null(reading.root);
	else
		assert_null(reading.root);
	assert_int_equal(diag_length(reading.diag), 1);

	const struct diag_report *report = diag_at(reading.diag, 0);

	if (report->code != mistake->code ||
	    report->place.line != mistake->line ||
	    report->place.column != mistake->column ||
	    !strstr(report->text, mistake->says))
		fail_msg("%s\n%s", mistake->yaml, text);
}

static void mistakes_are_told_with_their_place(void **state)
{
	static const struct mistake rows[] = {
		{ "", CODE_EMPTY_FILE, 0, 0, "`a.yaml` holds nothing" },
		{ "# c\n\n", CODE_EMPTY_FILE, 0, 0, "nothing" },
		{ "---\n", CODE_EMPTY_FILE, 0, 0, "nothing" },
		{ "a: b\n---\nc: d\n", CODE_SEVERAL_DOCUMENTS, 2, 1,
		  "second document" },
		{ "a: 1\nb: 2\na: 3\n", CODE_DUPLICATE_KEY, 3, 1, "`a`" },
		{ "x:\n\ty: 1\n", CODE_YAML_TAB, 2, 1, "tab" },
		{ "\ta: 1\n", CODE_YAML_TAB, 1, 1, "tab" },
		{ "a: b: c\n", CODE_YAML_SYNTAX, 1, 5, "quotes" },
		{ "\xef\xbb\xbf"
		  "a: b: c\n",
		  CODE_YAML_SYNTAX, 1, 5, "quotes" },
		{ "a: \"b\n\nc: d\n", CODE_YAML_SYNTAX, 1, 4,
		  "close the quote" },
		{ "a: [1, 2\nb: 3\n", CODE_YAML_SYNTAX, 2, 2,
		  "close the list" },
		{ "a: @x\n", CODE_YAML_SYNTAX, 1, 4, "quotes" },
		{ "a: \"\\q\"\n", CODE_YAML_SYNTAX, 1, 5, "single quotes" },
		{ "a: b\n  c: d\n", CODE_YAML_SYNTAX, 2, 4, "quotes" },
		{ "a:\n  b: c\n d: e\n", CODE_YAML_SYNTAX, 3, 2,
		  "indentation" },
		{ "? [a]\n: b\n", CODE_YAML_KEY, 1, 3, "single text" },
		{ "a: {{ b }}\n", CODE_YAML_KEY, 1, 5, "quotes" },
		{ "b: &x [1]\n*x : c\n", CODE_YAML_KEY, 2, 1, "single text" },
		{ "a: &x {b: c}\nd:\n  <<: *x\n", CODE_YAML_KEY, 3, 3,
		  "`extends`" },
		{ "a: !!set {}\n", CODE_YAML_TAG, 1, 4, "2002:set" },
		{ "a: !x b\n", CODE_YAML_TAG, 1, 4, "`!x`" },
		{ "a: !!int b\n", CODE_YAML_TAG, 1, 4, "2002:int" },
		{ "a: *x\n", CODE_YAML_ALIAS, 1, 4, "`*x`" },
		{ "a: &x [*x]\n", CODE_YAML_ALIAS, 1, 8, "inside" },
		{ "a: \"\\0\"\n", CODE_YAML_ENCODING, 1, 4, "NUL" },
		{ "a: b\nc: \xff\n", CODE_YAML_ENCODING, 2, 4, "0xff" },
		{ "a: \xc3\x28\n", CODE_YAML_ENCODING, 1, 5, "UTF-8" },
		{ "a: \x01\n", CODE_YAML_ENCODING, 1, 4, "U+0001" },
		{ "%YAML 3.0\n---\na: b\n", CODE_YAML_SYNTAX, 1, 1, "%YAML" },
		{ "{\"a\": \"\\ud83d\\ude00\"}", CODE_YAML_SYNTAX, 1, 10,
		  "halves" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		check_mistake(&rows[i]);
}

static void other_encodings_are_named(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *says;
	} rows[] = {
		{ "\xff\xfe"
		  "a\0:\0",
		  6, "UTF-16" },
		{ "\xfe\xff\0a\0:", 6, "UTF-16" },
		{ "a\0:\0 \0b\0", 8, "UTF-16" },
		{ "\0a\0:", 4, "UTF-16" },
		{ "a: b\0c", 6, "NUL byte" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(reading_release)
		struct reading reading =
			read_bytes(rows[i].bytes, rows[i].length);

		assert_null(reading.root);
		assert_int_equal(diag_at(reading.diag, 0)->code,
		                 CODE_YAML_ENCODING);
		assert_non_null(
			strstr(diag_at(reading.diag, 0)->text, rows[i].says));
	}
}

static void all_duplicates_come_in_one_go(void **state)
{
	CLEANUP(reading_release)
	struct reading reading = read_text("a: 1\nb: {c: 1, c: 2, c: 3}\na: 2\n"
	                                   "<<: 1\n");

	(void)state;
	assert_null(reading.root);
	assert_int_equal(diag_length(reading.diag), 4);
	diag_sort(reading.diag);

	const struct diag_report *report = diag_at(reading.diag, 1);

	assert_int_equal(report->place.column, 17);
	assert_int_equal(report->notes[0].place.column, 5);
}

/* A mapping of `count` keys, each `step` after the other modulo the count. */
static char *many_keys(size_t count, size_t step, const char *tail)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "key-%06zu: v\n", i * step % count);
	fputs(tail, out);
	(void)fclose(out);
	return text;
}

static void duplicates_are_found_among_many(void **state)
{
	static const size_t steps[] = { 1, 7919 };

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		CLEANUP(textp) char *good = many_keys(10000, steps[i], "");
		CLEANUP(textp)
		char *bad = many_keys(10000, steps[i], "key-000042: w\n");
		CLEANUP(reading_release) struct reading one = read_text(good);
		CLEANUP(reading_release) struct reading two = read_text(bad);

		assert_non_null(one.root);
		assert_int_equal(one.root->count, 10000);
		assert_non_null(two.root);
		assert_int_equal(diag_length(two.diag), 1);
		assert_int_equal(diag_at(two.diag, 0)->place.line, 10001);
	}
}

static void what_may_be_a_secret_is_not_quoted(void **state)
{
	static const char *const texts[] = {
		"client: {id: x, secret: *CANARY }\n",
		"apiKey: !CANARY x\n",
		"secrets:\n  webhook:\n    - *CANARY\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		CLEANUP(reading_release)
		struct reading reading = read_text(texts[i]);
		CLEANUP(textp) char *text = diag_text(reading.diag);

		assert_int_equal(diag_length(reading.diag), 1);
		assert_null(strstr(text, "CANARY"));
	}
}

static void json_becomes_the_same_tree(void **state)
{
	static const char json[] = "{\"a\":[1,2.5,true,null,\"\\ud83d\\ude00\"]"
				   ",\"b\":{\"c\":\"1\"},"
				   "\"d\":1.0}";
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct node *root = document_parse_json(documents, "a.json", json,
	                                              strlen(json), diag);
	CLEANUP(textp) char *back = node_json(root);

	(void)state;
	assert_string_equal(back,
	                    "{\"a\":[1,2.5,true,null,\"\xf0\x9f\x98\x80\"],"
	                    "\"b\":{\"c\":\"1\"},\"d\":1.0}");
	assert_int_equal(node_scalar(node_get(node_get(root, "b"), "c")),
	                 SCALAR_STRING);
	assert_int_equal(root->line, 0);
}

static void bad_json_is_refused(void **state)
{
	CLEANUP(textp) char *deep = nested(LIMIT_JSON_DEPTH + 1, "[", "]");
	CLEANUP(textp) char *good = nested(LIMIT_JSON_DEPTH, "[", "]");
	const struct {
		const char *text;
		unsigned code;
	} rows[] = {
		{ good, 0 },
		{ deep, CODE_YAML_DEPTH },
		{ "{\"a\":1,\"a\":2}", CODE_JSON_SYNTAX },
		{ "{\"a\":", CODE_JSON_SYNTAX },
		{ "\"\\u0000\"", CODE_JSON_SYNTAX },
		{ "[1] x", CODE_JSON_SYNTAX },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(documents_freep)
		struct documents *documents = documents_new();
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		const struct node *root =
			document_parse_json(documents, "a.json", rows[i].text,
		                            strlen(rows[i].text), diag);

		assert_true(!root == !!rows[i].code);
		assert_int_equal(diag_length(diag), rows[i].code != 0);
		if (rows[i].code)
			assert_int_equal(diag_at(diag, 0)->code, rows[i].code);
	}
}

static void canonical_json_is_sorted_and_typed(void **state)
{
	static const struct {
		const char *yaml, *json;
	} rows[] = {
		{ "{b: 0x10, a: +7}", "{\"a\":7,\"b\":16}" },
		{ "[1e3, 1.50, -0, 007]", "[1000.0,1.5,0,7]" },
		{ "[.inf, .nan]", "[\".inf\",\".nan\"]" },
		{ "[~, null, true]", "[null,null,true]" },
		{ "'a\"\\\n\n  b'", "\"a\\\"\\\\\\nb\"" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *json = json_of(rows[i].yaml);

		assert_string_equal(json, rows[i].json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_becomes_a_tree),
		cmocka_unit_test(plain_scalars_follow_the_core_schema),
		cmocka_unit_test(numbers_have_values),
		cmocka_unit_test(every_node_has_its_place),
		cmocka_unit_test(a_node_is_small),
		cmocka_unit_test(mistakes_are_told_with_their_place),
		cmocka_unit_test(other_encodings_are_named),
		cmocka_unit_test(all_duplicates_come_in_one_go),
		cmocka_unit_test(duplicates_are_found_among_many),
		cmocka_unit_test(what_may_be_a_secret_is_not_quoted),
		cmocka_unit_test(json_becomes_the_same_tree),
		cmocka_unit_test(bad_json_is_refused),
		cmocka_unit_test(canonical_json_is_sorted_and_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
