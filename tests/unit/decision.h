/* SPDX-License-Identifier: MIT */
/* Decision: decision.csv, the law's tables as data, line by line. */
#ifndef TESTS_UNIT_DECISION_H
#define TESTS_UNIT_DECISION_H

#include "scene.h"

enum { DECISION_COLUMNS = 16 };

/* A line of the table, cut at its commas. */
struct line {
	const char *section;
	const char *cells[DECISION_COLUMNS];
	size_t count;
};

typedef void line_fn(const struct line *line);

/* Each line of a section, of which there must be some. */
void each_line(const char *section, line_fn *visit);
/* True when `token` is one of those that + joins. */
bool has_token(const char *tokens, const char *token);

#endif
