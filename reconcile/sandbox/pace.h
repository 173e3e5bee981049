/* SPDX-License-Identifier: MIT */
/*
 * Pace: how many requests a key may send in a second.
 *
 * The windows are the whole seconds of the wall clock. X-RateLimit-Reset is
 * the end of the window in seconds since 1970, so it is exact; Retry-After is
 * the time until then in whole seconds, rounded up.
 */
#ifndef RECONCILE_SANDBOX_PACE_H
#define RECONCILE_SANDBOX_PACE_H

#include "http/http.h"

#include <stdint.h>

/* What one key used in the second it used last. */
struct window {
	int64_t second;
	unsigned used;
};

/* The headers' values, which must outlive the call. */
enum { PACE_TEXT_SIZE = 24 };
struct pace_texts {
	char limit[PACE_TEXT_SIZE];
	char remaining[PACE_TEXT_SIZE];
	char reset[PACE_TEXT_SIZE];
};

/* 0: counted; -1: over the limit, which the reply says. The X-RateLimit
 * headers are in the reply in both cases. */
int pace_admit(struct window *window, unsigned limit, int64_t wall_ms,
               struct pace_texts *texts, struct http_reply *reply) MUST_CHECK;

#endif
