/* SPDX-License-Identifier: MIT */
/* JSON Pointers (RFC 6901), taken apart once. */
#ifndef RECONCILE_PLATFORM_POINTER_H
#define RECONCILE_PLATFORM_POINTER_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>

/* Not given: `text` is NULL. The root: "", no tokens. */
struct pointer {
	const char *text;
	const char *const *tokens;
	size_t count;
};

/* `text` has the form the schema wants. */
struct pointer pointer_parse(struct arena *arena, const char *text);

/* Borrowed; NULL when nothing stands there. */
json_t *pointer_get(const struct pointer *pointer, json_t *root);

/* Takes `value`; objects on the way are made. The ways of one body do not
 * clash: binding_check() saw to it. */
void pointer_set(const struct pointer *pointer, json_t *root, json_t *value);

/* True when one stands at or below the other. */
bool pointer_clashes(const struct pointer *a, const struct pointer *b);

#endif
