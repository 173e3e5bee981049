/* SPDX-License-Identifier: MIT */
/* Spans: where the secrets of a YAML text stand, for hiding them. */
#ifndef RECONCILE_DOCUMENT_SPANS_H
#define RECONCILE_DOCUMENT_SPANS_H

#include "base/file.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

#include <yaml.h>

struct source;

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

/*
 * Who reads a text anyway shows each event of it, and so finds the spans too.
 * -1: what is nested as deep as that is not followed. Where not all of a text
 * was seen, spans_begin() knows what to do.
 */
struct watch;
struct watch *watch_new(struct spans *spans) MUST_CHECK;
int watch_event(struct watch *watch, const yaml_event_t *event) MUST_CHECK;
bool watch_saw_all(const struct watch *watch);
void watch_free(struct watch *watch);
DEFINE_CLEANUP(watch)

/* A file that was just read, with all its spans, for document_line(); what is
 * kept of the two is taken. */
void lines_know(struct source *source, const char *path, struct buffer *text,
                struct spans *spans);

#endif
