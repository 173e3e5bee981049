/* SPDX-License-Identifier: MIT */
/* Text: comparing, parsing and showing short strings. */
#ifndef RECONCILE_BASE_TEXT_H
#define RECONCILE_BASE_TEXT_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Both NULL is equal; one NULL is not. Most that differ do so at once. */
static inline bool str_equal(const char *a, const char *b)
{
	if (a == b)
		return true;
	return a && b && *a == *b && strcmp(a, b) == 0;
}

bool str_starts(const char *text, const char *start);
bool str_ends(const char *text, const char *end);

/* strcmp() with NULL first; for qsort() and bsearch() of `const char *`. */
int str_compare(const char *a, const char *b);

/* Decimal digits only, at most `max`: 0 and *value set; else -1. */
int parse_uint(const char *text, uint64_t max, uint64_t *value) MUST_CHECK;

/*
 * The candidate nearest to `word` for "did you mean" (Damerau-Levenshtein,
 * case ignored, at most a third of its length away); NULL when none is near.
 */
const char *text_nearest(const char *word, const char *const *candidates,
                         size_t count);

/* How many bytes at the start are printable ASCII. */
size_t text_plain_length(const char *bytes, size_t length);

bool text_is_utf8(const char *bytes, size_t length);

/*
 * Writes text so that no terminal obeys it: control characters, DEL, C1,
 * invalid UTF-8, bidirectional controls, zero-width characters and line
 * separators as \n, \t, \x1b, \u202e …; everything else as it is.
 */
void text_write_safe(FILE *out, const char *bytes, size_t length);
char *text_safe(const char *text) MUST_CHECK;

/* Lower-case hexadecimal. `out` holds 2 * length + 1 bytes. */
void text_hex(char *out, const void *bytes, size_t length);

/* RFC 4648 4, with padding. */
char *text_base64(const char *bytes, size_t length) MUST_CHECK;

/* Shell-style match over the whole text: `*` and `?`. */
bool text_glob(const char *glob, const char *text);

/* A sorted, unique array of borrowed strings, searched by bsearch(). */
bool text_sorted_contains(const char *const *sorted, size_t count,
                          const char *text);

#endif
