/* SPDX-License-Identifier: MIT */
/* Pattern: regular expressions (PCRE2) under a match limit, so that neither a
 * schema nor a user's binding can make one run for ever. */
#ifndef RECONCILE_BASE_PATTERN_H
#define RECONCILE_BASE_PATTERN_H

#include "base/diag.h"

struct pattern;

/*
 * ECMAScript-like, as JSON Schema means it: unanchored, UTF-8, `$` only at the
 * very end. NULL after reporting CODE_BAD_PATTERN at `place`.
 */
struct pattern *pattern_new(const char *expression, struct place place,
                            struct diag *diag) MUST_CHECK;
void pattern_free(struct pattern *pattern);
DEFINE_CLEANUP(pattern)

/* True when it matches anywhere; false also when the limit was reached. */
bool pattern_matches(const struct pattern *pattern, const char *text,
                     size_t length);

#endif
