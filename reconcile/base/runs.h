/* SPDX-License-Identifier: MIT */
/*
 * Runs: expressions that are one run of ASCII characters after the other, as
 * `^[a-z0-9][a-z0-9-]{0,62}$`. Most forms of names and ids are; read from the
 * front without ever going back, they need no PCRE2.
 */
#ifndef RECONCILE_BASE_RUNS_H
#define RECONCILE_BASE_RUNS_H

#include "base/mem.h"

#include <stdbool.h>

struct runs;

/* NULL for every other expression. It is a valid one. */
struct runs *runs_new(const char *expression) MUST_CHECK;
void runs_free(struct runs *runs);

/* As PCRE2 would say. */
bool runs_match(const struct runs *runs, const char *text, size_t length);

#endif
