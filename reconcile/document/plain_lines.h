/* SPDX-License-Identifier: MIT */
/* Plain lines: a text by lines without spaces and comments, and where we are in
 * it, for plain YAML. */
#ifndef RECONCILE_DOCUMENT_PLAIN_LINES_H
#define RECONCILE_DOCUMENT_PLAIN_LINES_H

#include "base/mem.h"

#include <stdbool.h>

/* Begins with `next` and `end`, and zero. */
struct plain_lines {
	const char *next, *end;         /* the lines behind this one */
	const char *start, *limit, *at; /* this one, without its break */
	size_t number;                  /* from 1 */
	long column; /* of its first character but spaces; -1: no more lines */
	bool wide;   /* it has characters of several bytes: counted up to */
	const char *counted;
	size_t counted_column;
};

/* To the next line with anything but a comment, behind its spaces. False where
 * a line has characters that do not stand for themselves: tabs and other
 * controls, breaks but for line feeds, what is not UTF-8, and some that are
 * rare. */
bool plain_lines_next(struct plain_lines *lines) MUST_CHECK;

/* Of a byte in this line, from 0, as libyaml counts: characters. */
size_t plain_lines_column(struct plain_lines *lines, const char *at);

static inline void plain_lines_skip_spaces(struct plain_lines *lines)
{
	while (lines->at < lines->limit && *lines->at == ' ')
		lines->at++;
}

static inline bool plain_lines_is_at(const struct plain_lines *lines,
                                     char character)
{
	return lines->at < lines->limit && *lines->at == character;
}

#endif
