/* SPDX-License-Identifier: MIT */
/*
 * Items: a long JSON array, one element in memory at a time.
 *
 * A list of 100,000 objects is 40 MB of text but 230 MB as a tree. So each
 * element is parsed alone, given out and dropped; what stands around the array
 * is parsed as a document of its own, with the array empty.
 */
#ifndef RECONCILE_PLATFORM_ITEMS_H
#define RECONCILE_PLATFORM_ITEMS_H

#include "platform/pointer.h"

/* Non-zero stops. */
typedef int item_fn(json_t *item, size_t index, void *context);

enum items_end {
	ITEMS_DONE,
	ITEMS_STOPPED, /* by the callback */
	ITEMS_CUT,     /* begins like JSON and breaks off: worth another try */
	ITEMS_NO_JSON,
	ITEMS_NO_ARRAY, /* JSON, but no array of objects at the pointer */
};

/*
 * Calls `each` for every element of the array that `items` points to. *rest is
 * the document around it, for json_decref(); NULL unless ITEMS_DONE. Duplicate
 * names and too deep a nesting count as no JSON.
 */
enum items_end items_each(const char *body, size_t length,
                          const struct pointer *items, item_fn *each,
                          void *context, json_t **rest);

/* A whole JSON text under the same rules; NULL when it is none. */
json_t *json_parse(const char *body, size_t length) MUST_CHECK;
/* The same, in the memory of the text `before` as far as the two are alike; it
 * is taken. */
json_t *json_parse_again(json_t *before, const char *body, size_t length)
	MUST_CHECK;

#endif
