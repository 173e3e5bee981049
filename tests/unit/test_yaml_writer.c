/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "document/document.h"
#include "unit.h"

#include <string.h>

/* A writer into memory, and what came of it. */
struct paper {
	char *text;
	size_t length;
	FILE *out;
	struct yaml_writer *writer;
};

static void paper_open(struct paper *paper)
{
	paper->out = xmemstream(&paper->text, &paper->length);
	paper->writer = yaml_writer_new(paper->out);
}

static const char *paper_close(struct paper *paper)
{
	assert_int_equal(yaml_writer_end(paper->writer), 0);
	assert_int_equal(fclose(paper->out), 0);
	return paper->text;
}

static void paper_release(struct paper *paper)
{
	free(paper->text);
}

static void documents_look_as_people_write_them(void **state)
{
	CLEANUP(paper_release) struct paper paper;
	struct yaml_writer *writer;

	(void)state;
	paper_open(&paper);
	writer = paper.writer;
	yaml_comment(writer, "yaml-language-server: $schema=x\nsecond\n");
	yaml_map(writer);
	yaml_text(writer, "trueup");
	yaml_plain(writer, "1");
	yaml_comment(writer, "what is reconciled");
	yaml_text(writer, "authConfigs");
	yaml_map(writer);
	yaml_comment(writer, "the first\x1b");
	yaml_text(writer, "slack-crm");
	yaml_map(writer);
	yaml_text(writer, "name");
	yaml_text(writer, "Slack CRM");
	yaml_text(writer, "secret");
	yaml_flow_map(writer);
	yaml_text(writer, "env");
	yaml_text(writer, "SLACK_SECRET");
	yaml_map_end(writer);
	yaml_text(writer, "scopes");
	yaml_list(writer);
	yaml_text(writer, "channels:read");
	yaml_text(writer, "no");
	yaml_list_end(writer);
	yaml_text(writer, "extra");
	yaml_map(writer);
	yaml_map_end(writer);
	yaml_text(writer, "none");
	yaml_list(writer);
	yaml_list_end(writer);
	yaml_map_end(writer);
	yaml_map_end(writer);
	yaml_map_end(writer);

	assert_string_equal(paper_close(&paper),
	                    "# yaml-language-server: $schema=x\n"
	                    "# second\n"
	                    "#\n"
	                    "trueup: 1\n"
	                    "# what is reconciled\n"
	                    "authConfigs:\n"
	                    "  # the first\\x1b\n"
	                    "  slack-crm:\n"
	                    "    name: Slack CRM\n"
	                    "    secret: { env: SLACK_SECRET }\n"
	                    "    scopes:\n"
	                    "      - channels:read\n"
	                    "      - \"no\"\n"
	                    "    extra: {}\n"
	                    "    none: []\n");
}

static void collections_nest_in_every_way(void **state)
{
	CLEANUP(paper_release) struct paper paper;
	struct yaml_writer *writer;

	(void)state;
	paper_open(&paper);
	writer = paper.writer;
	yaml_list(writer);
	yaml_map(writer);
	yaml_text(writer, "a");
	yaml_plain(writer, "1");
	yaml_text(writer, "b");
	yaml_list(writer);
	yaml_plain(writer, "2");
	yaml_list_end(writer);
	yaml_map_end(writer);
	yaml_list(writer);
	yaml_list(writer);
	yaml_plain(writer, "3");
	yaml_list_end(writer);
	yaml_map(writer);
	yaml_map_end(writer);
	yaml_list_end(writer);
	yaml_flow_map(writer);
	yaml_text(writer, "c");
	yaml_list(writer);
	yaml_plain(writer, "4");
	yaml_map(writer);
	yaml_map_end(writer);
	yaml_list_end(writer);
	yaml_text(writer, "d");
	yaml_map(writer);
	yaml_text(writer, "e");
	yaml_plain(writer, "null");
	yaml_map_end(writer);
	yaml_map_end(writer);
	yaml_comment(writer, "end");
	yaml_text(writer, "f");
	yaml_list_end(writer);

	assert_string_equal(paper_close(&paper),
	                    "- a: 1\n"
	                    "  b:\n"
	                    "    - 2\n"
	                    "- - - 3\n"
	                    "  - {}\n"
	                    "- { c: [4, {}], d: { e: null } }\n"
	                    "# end\n"
	                    "- f\n");
}

static void comments_swallow_nothing(void **state)
{
	CLEANUP(paper_release) struct paper paper;
	CLEANUP(paper_release) struct paper bare;

	(void)state;
	paper_open(&paper);
	yaml_comment(paper.writer, "nothing");
	yaml_map(paper.writer);
	yaml_comment(paper.writer, "inside");
	yaml_map_end(paper.writer);
	assert_string_equal(paper_close(&paper), "# nothing\n# inside\n{}\n");

	paper_open(&bare);
	yaml_comment(bare.writer, "one text");
	yaml_text(bare.writer, "text");
	assert_string_equal(paper_close(&bare), "# one text\ntext\n");
}

static const char *const hostile[] = {
	"",
	" ",
	" x",
	"x ",
	"a\n",
	"\n",
	"a\nb",
	"a\r\nb",
	"\ta",
	"a\tb",
	"no",
	"yes",
	"null",
	"Null",
	"~",
	"true",
	"FALSE",
	"0123",
	"1e3",
	"0x1F",
	"0o7",
	"-1",
	"+1",
	".5",
	".inf",
	".nan",
	"1_000",
	"2026-11-23",
	"1.2.3",
	"a: b",
	"a:",
	":a",
	"a:b",
	"a #b",
	"#c",
	"a#b",
	"- a",
	"-",
	"---",
	"...",
	"? a",
	"?",
	"[a",
	"a]",
	"{a",
	"a}",
	"a, b",
	",",
	"&a",
	"*a",
	"!a",
	"|",
	">",
	"%a",
	"@a",
	"`a",
	"'a'",
	"\"a\"",
	"it's",
	"say \"x\"",
	"a\\b",
	"\\",
	"\\n",
	"\x01",
	"\x1b[31m",
	"\x7f",
	"\xc2\x85",
	"\xc2\xa0",
	"\xe2\x80\xa8",
	"\xe2\x80\xa9",
	"\xef\xbb\xbf",
	"\xef\xbf\xbe",
	"\xef\xbf\xbf",
	"a\xef\xbf\xbd",
	"\xf0\x9f\x98\x80",
	"caf\xc3\xa9",
	"\xe2\x80\xae-x",
	"=",
	"<<",
	"${env:X}",
	"https://x.y/z?a=b&c=d#e",
	"channels:read",
	"https://www.googleapis.com/auth/drive",
	"a  b",
	"/path",
	"key with spaces",
	"x:",
	"x: ",
	"x :y",
};

/* { TEXT: [TEXT, { TEXT: TEXT }] }, in block and in flow. */
static void write_everywhere(struct yaml_writer *writer, const char *text)
{
	yaml_map(writer);
	yaml_text(writer, text);
	yaml_list(writer);
	yaml_text(writer, text);
	yaml_flow_map(writer);
	yaml_text(writer, text);
	yaml_text(writer, text);
	yaml_map_end(writer);
	yaml_list_end(writer);
	yaml_map_end(writer);
}

static bool is_same(const struct node *node, const char *text)
{
	return node && node->type == NODE_SCALAR &&
	       node_scalar(node) == SCALAR_STRING &&
	       str_equal(node->text, text);
}

static void hostile_texts_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(hostile); i++) {
		CLEANUP(paper_release) struct paper paper;
		CLEANUP(documents_freep)
		struct documents *documents = documents_new();
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		const char *text = hostile[i];

		paper_open(&paper);
		write_everywhere(paper.writer, text);
		paper_close(&paper);

		const struct node *root = document_parse(
			documents, "x", paper.text, paper.length, diag);
		CLEANUP(textp) char *why = diag_text(diag);

		if (!root)
			fail_msg("%s\n%s", paper.text, why);

		const struct node *list = node_value(root, 0);
		const struct node *map = node_item(list, 1);

		if (!is_same(node_key(root, 0), text) ||
		    !is_same(node_item(list, 0), text) ||
		    !is_same(node_key(map, 0), text) ||
		    !is_same(node_value(map, 0), text))
			fail_msg("%s", paper.text);
	}
}

static void a_full_disk_is_told(void **state)
{
	FILE *out = fopen("/dev/full", "we");
	struct yaml_writer *writer;

	(void)state;
	assert_non_null(out);
	writer = yaml_writer_new(out);
	yaml_text(writer, "x");
	assert_int_equal(yaml_writer_end(writer), -1);
	(void)fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_look_as_people_write_them),
		cmocka_unit_test(collections_nest_in_every_way),
		cmocka_unit_test(comments_swallow_nothing),
		cmocka_unit_test(hostile_texts_come_back),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
