/* SPDX-License-Identifier: MIT */
/*
 * Body: the JSON of a request, put together from values and the places where
 * they stand. It is written into one piece of memory, which is wiped where it
 * is left: it may hold a secret.
 *
 *     body_text(&body, &at, bytes, length) …
 *     body_end(&body, &out)
 *     body_release(&body)
 *
 * The bytes are those of jansson's JSON_COMPACT: members stand in the order in
 * which they, or the first below them, were put.
 */
#ifndef RECONCILE_PLATFORM_BODY_H
#define RECONCILE_PLATFORM_BODY_H

#include "base/file.h"
#include "platform/pointer.h"

/* A value that was put, in `values`. */
struct body_part {
	const struct pointer *at; /* borrowed */
	size_t from, length;
};

struct body {
	struct body_part *parts;
	size_t part_count, part_capacity;
	char *values; /* one after the other */
	size_t length, capacity;
};

void body_release(struct body *body);

/*
 * Places do not clash (pointer_clashes()), and are not the root. -1: the text
 * is no clean UTF-8; then the body is of no use any more.
 */
int body_text(struct body *body, const struct pointer *at, const char *bytes,
              size_t length) MUST_CHECK;
void body_json(struct body *body, const struct pointer *at, const json_t *json);

/* An array of texts: body_array(), its items, body_array_end(). */
void body_array(struct body *body, const struct pointer *at);
int body_item(struct body *body, const char *bytes, size_t length) MUST_CHECK;
void body_array_end(struct body *body);

/* All of it as one object, for buffer_wipe(); NUL-terminated. */
void body_end(const struct body *body, struct buffer *out);

#endif
