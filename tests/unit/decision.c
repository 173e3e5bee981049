/* SPDX-License-Identifier: MIT */
#include "decision.h"

#include "base/text.h"

#include <string.h>

static char *read_table(void)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct buffer buffer = { 0 };

	assert_int_equal(file_read(TESTS_FOLDER "/unit/decision.csv", 1 << 20,
	                           &buffer, diag),
	                 0);
	return buffer.bytes;
}

static void cut(char *text, struct line *line)
{
	char *rest = NULL;

	line->count = 0;
	for (char *cell = strtok_r(text, ",", &rest); cell;
	     cell = strtok_r(NULL, ",", &rest)) {
		assert_true(line->count < DECISION_COLUMNS);
		line->cells[line->count++] = cell;
	}
}

void each_line(const char *section, line_fn *visit)
{
	CLEANUP(textp) char *table = read_table();
	struct line line = { .section = "" };
	size_t visited = 0;
	char *rest = NULL;

	for (char *text = strtok_r(table, "\n", &rest); text;
	     text = strtok_r(NULL, "\n", &rest)) {
		if (text[0] == '#') {
			line.section = text + 2;
			continue;
		}
		if (!str_equal(line.section, section) ||
		    str_starts(text, "id,"))
			continue;
		cut(text, &line);
		visit(&line);
		visited++;
	}
	assert_true(visited > 10);
}

bool has_token(const char *tokens, const char *token)
{
	CLEANUP(textp) char *copy = xstrdup(tokens);
	char *rest = NULL;

	for (char *at = strtok_r(copy, "+", &rest); at;
	     at = strtok_r(NULL, "+", &rest)) {
		if (str_equal(at, token))
			return true;
	}
	return false;
}
