/* SPDX-License-Identifier: MIT */
/*
 * Plain JSON: what nearly all answers are made of, read at a fraction of
 * jansson's cost.
 *
 * jansson asks for its input byte by byte; of a plan with nothing to do that is
 * half the time. Plain are texts without escapes, whole numbers of at most 18
 * digits, booleans, null, arrays and objects. What is anything else is left
 * alone: the caller then asks jansson, whose word counts. So it is never
 * decided here that something is no JSON.
 */
#ifndef RECONCILE_PLATFORM_PLAIN_JSON_H
#define RECONCILE_PLATFORM_PLAIN_JSON_H

#include "base/mem.h"

#include <jansson.h>

/*
 * The value that begins at `at`, after spaces; *after is behind it. Names are
 * unique in each object, and nothing nests deeper than `levels`. NULL: it is
 * not plain, whatever it is.
 *
 * It is read into the tree of the value `before` as far as the two are alike:
 * most objects of a list have the same members. `before` is taken; what others
 * hold of it stays as it is. NULL: there is none.
 */
json_t *plain_json_read(json_t *before, const char *at, const char *end,
                        unsigned levels, const char **after) MUST_CHECK;

#endif
