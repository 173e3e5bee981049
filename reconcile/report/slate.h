/* SPDX-License-Identifier: MIT */
/*
 * Slate: text that is made of many small parts; each through stdio would cost
 * more than making it.
 *
 * { slate_bytes() … } -> slate_pass() … -> slate_end()
 *
 * Starts as { 0 }. Words of others are put there by show.h.
 */
#ifndef RECONCILE_REPORT_SLATE_H
#define RECONCILE_REPORT_SLATE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct slate {
	char *bytes;
	size_t length, capacity;
	bool streamed; /* what came by the stream may be more than ASCII */
	FILE *stream;  /* of slate_stream(), once it was asked for */
};

void slate_grow(struct slate *slate, size_t length);

/* Where more than `length` bytes can be put; who puts some, counts them. */
static inline char *slate_room(struct slate *slate, size_t length)
{
	if (length >= slate->capacity - slate->length)
		slate_grow(slate, length);
	return slate->bytes + slate->length;
}

/* Those and all below are ASCII. */
static inline void slate_bytes(struct slate *slate, const char *bytes,
                               size_t length)
{
	memcpy(slate_room(slate, length), bytes, length);
	slate->length += length;
}

static inline void slate_char(struct slate *slate, char character)
{
	*slate_room(slate, 1) = character;
	slate->length++;
}

static inline void slate_words(struct slate *slate, const char *words)
{
	slate_bytes(slate, words, strlen(words));
}

/* For what is seldom written, or not by us: what goes to the stream is at once
 * behind what is on the slate, which keeps it. */
FILE *slate_stream(struct slate *slate);

/* Moves what is on the slate to `out` once it is worth it. */
void slate_pass(struct slate *slate, FILE *out);
/* … all of it; nothing is left to be freed. */
void slate_end(struct slate *slate, FILE *out);
/* Drops what is on it; for CLEANUP(). */
void slate_release(struct slate *slate);

#endif
