/* SPDX-License-Identifier: MIT */
/* Spans: where the secrets of a YAML text stand, for hiding them. */
#ifndef RECONCILE_DOCUMENT_SPANS_H
#define RECONCILE_DOCUMENT_SPANS_H

#include <stddef.h>

/* Lines and columns count from 0; the end is behind the last character. */
struct span {
	size_t line, column, end_line, end_column;
};

struct spans {
	struct span *items; /* in the order of the text, none in another */
	size_t count, capacity;
	struct scan *scan; /* of what is not searched yet; NULL: all was */
};

/*
 * Finds them by the names of keys (is_secret_name()). Where the text stops
 * being YAML and a secret may follow, the rest is one span. Bytes without a
 * byte order mark, borrowed.
 */
void spans_begin(struct spans *spans, const char *bytes, size_t length);
/* Goes on until all are found that begin on `line` or before. */
void spans_find(struct spans *spans, size_t line);
void spans_release(struct spans *spans);

#endif
