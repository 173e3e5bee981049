/* SPDX-License-Identifier: MIT */
/*
 * Plain YAML may know less than libyaml, never more: what it shows, libyaml
 * gives too, event by event.
 */
#include "unit.h"

#include "yaml_judge.h"

static const char sample[] =
	"# a file\n"
	"---\n"
	"trueup: 1\n"
	"platform:   # where\n"
	"  url: https://x.example:80/a?b=c#d\n"
	"  apiKey: { env: KEY, 'a': \"b: c\", in: [ 1, -2 ] }\n"
	"\n"
	"list:\n"
	"- a:b\n"
	"- k: v  # said\n"
	"  more: {}\n"
	"apps:\n"
	"  gr\xc3\xbc\xc3\x9f"
	"e-1: \xe2\x82\xac and more\n"
	"  \"two\":\n"
	"    scopes: [\"x\", y,\n"
	"      z ] # end\n"
	"    name: It's 1, [2] \xf0\x9f\x98\x80\n"
	"    'x': 'b'\n"
	"  three:\n"
	"    - -5\n"
	"    - $(x)\n";

static enum yaml_verdict judge(const char *text)
{
	return judge_yaml(text, strlen(text));
}

static void expect_all(const char *const *texts, size_t count,
                       enum yaml_verdict verdict)
{
	for (size_t i = 0; i < count; i++) {
		if (judge(texts[i]) != verdict)
			fail_msg("not %s: %s",
			         verdict == YAML_TAKEN ? "taken" : "left",
			         texts[i]);
	}
}

static void what_files_are_made_of_is_read(void **state)
{
	static const char *const texts[] = {
		sample,
		"a: b",
		"  a: b\n  c: d\n",
		"- a\n- b: c\n  d: [e]\n- 'f'\n",
		"a:\n- b\n- c\nd: e\n",
		"a:\n  - b:\n    - c\n  - d\ne: f # g\n",
		"a: {b: {c: {d: []}}}\n",
		"a: b #c\n#d\n   #e\nf: g\n",
		"a: ~\nb: <<\n<<: c\n=: d\n",
		"a b: c d\n",
	};

	(void)state;
	expect_all(texts, LENGTH(texts), YAML_TAKEN);
}

static void what_else_there_is_is_left(void **state)
{
	static const char *const texts[] = {
		"",
		"# a\n",
		"---\n",
		"a\n",
		"[a]\n",
		"{a: b}\n",
		"a:\n",
		"a: b\n\tc: d\n",
		"a: b\r\nc: d\r\n",
		"a: b\n  c\n",
		"a: b\n\n  c: d\n",
		"a: 'b\n  c'\n",
		"a: \"\\n\"\n",
		"a: 'it''s'\n",
		"a: &b c\n",
		"a: *b\n",
		"a: !b c\n",
		"a: |\n  b\n",
		"a: >\n  b\n",
		"? a\n: b\n",
		"a: @b\n",
		"a: %b\n",
		"%YAML 1.1\n---\na: b\n",
		"a: b\n---\nc: d\n",
		"a: b\n...\n",
		"a : b\n",
		"a: b: c\n",
		"a: [b, ]\n",
		"a: [b\n  c]\n",
		"a: [b: c]\n",
		"a: [[b]: c]\n",
		"a: [[b], c]\n",
		"a: [b]: c\n",
		"a: {b}\n",
		"a: {b: }\n",
		"a: {b:c}\n",
		"a: {b: c\n",
		"a: {\"b\":c}\n",
		"a: [b?c]\n",
		"a: {b: c:}\n",
		"a: \"b\"#c\n",
		"- - a\n",
		"-\n  a\n",
		"- [a]: b\n",
		"- a\n -\n",
		"a:\n- b\n-\n",
		"a:\n    b: c\n  d: e\n",
		"a: b\n \x01: c\n",
		"a: \xc3\n",
		"a: \xc0\x80\n",
		"a: \xed\xa0\x80\n",
		"a: b\xc2\x85  c\n",
		"a: b\xe2\x80\xa8  c\n",
		"a: \xef\xbb\xbf\n",
		"a: \x7f\n",
	};

	(void)state;
	expect_all(texts, LENGTH(texts), YAML_LEFT);
}

/* A key may have 1024 characters; we stop before. */
static void long_texts_are_left(void **state)
{
	char text[1100];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 1000, ": b\n", 5);
	assert_int_equal(judge(text), YAML_TAKEN);
	memset(text, 'a', sizeof(text));
	memcpy(text + 1001, ": b\n", 5);
	assert_int_equal(judge(text), YAML_LEFT);
	memset(text, 'a', sizeof(text));
	memcpy(text, "a: ", 3);
	memcpy(text + 1004, "\n", 2);
	assert_int_equal(judge(text), YAML_LEFT);
}

/* A text of `depth` mappings. */
static char *nested(size_t depth)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 1; i < depth; i++)
		fputs(i == 1 ? "a: {a: " : "{a: ", out);
	fputs("b", out);
	for (size_t i = 1; i < depth; i++)
		fputs("}", out);
	(void)fclose(out);
	return text;
}

static void deep_nesting_is_left(void **state)
{
	CLEANUP(textp) char *deepest = nested(32);
	CLEANUP(textp) char *deeper = nested(33);

	(void)state;
	assert_int_equal(judge(deepest), YAML_TAKEN);
	assert_int_equal(judge(deeper), YAML_LEFT);
}

/* Each byte of the sample by each other one, left out, given twice, and the
 * text cut. */
static void no_damage_is_taken_that_libyaml_refuses(void **state)
{
	const size_t length = strlen(sample);
	char text[sizeof(sample) + 1];
	size_t taken = 0, wrong = 0;

	(void)state;
	for (size_t at = 0; at < length; at++) {
		memcpy(text, sample, length);
		for (unsigned byte = 0; byte < 256; byte++) {
			enum yaml_verdict verdict;

			text[at] = (char)byte;
			verdict = judge_yaml(text, length);
			taken += verdict == YAML_TAKEN;
			if (verdict == YAML_WRONG)
				fail_msg("%s", text);
		}
		memmove(text + at, sample + at + 1, length - at - 1);
		wrong += judge_yaml(text, length - 1) == YAML_WRONG;
		memcpy(text, sample, at);
		memcpy(text + at, sample + at, length - at);
		memmove(text + at + 1, sample + at, length - at);
		wrong += judge_yaml(text, length + 1) == YAML_WRONG;
		wrong += judge_yaml(sample, at) == YAML_WRONG;
	}
	assert_int_equal(wrong, 0);
	assert_true(taken > length);
}

static int stop_third(const yaml_event_t *event, void *context)
{
	size_t *count = context;

	(void)event;
	return ++*count == 3;
}

static void who_is_shown_may_stop(void **state)
{
	size_t count = 0, shown = 0;

	(void)state;
	assert_true(plain_yaml_read("a: b\nc: d\n", 10, stop_third, &count,
	                            &shown));
	assert_int_equal(count, 3);
	assert_int_equal(shown, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_files_are_made_of_is_read),
		cmocka_unit_test(what_else_there_is_is_left),
		cmocka_unit_test(long_texts_are_left),
		cmocka_unit_test(deep_nesting_is_left),
		cmocka_unit_test(no_damage_is_taken_that_libyaml_refuses),
		cmocka_unit_test(who_is_shown_may_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
