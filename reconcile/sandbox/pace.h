/* SPDX-License-Identifier: MIT */
/*
 * Pace: how many requests a key, or all keys together, may send in a window.
 *
 * The windows are whole multiples of their length on the wall clock. The
 * header that tells the reset says the end of the window in seconds since
 * 1970, so it is exact; Retry-After is the time until then in whole seconds,
 * rounded up unless the platform rounds down.
 */
#ifndef RECONCILE_SANDBOX_PACE_H
#define RECONCILE_SANDBOX_PACE_H

#include "sandbox/answer.h"

#include <stdint.h>

enum pacing_traits {
	PACING_SHARED = 1 << 0, /* all keys use up one window */
	PACING_FLOOR = 1 << 1   /* Retry-After is rounded down */
};

/* How a platform does it. */
struct pacing {
	unsigned seconds; /* of a window */
	unsigned traits;
	/* Header names; NULL: there is none. `size` says "60s". */
	const char *limit, *remaining, *reset, *size;
	enum refusal refusal;
};

/* What one key used in the window it used last. */
struct window {
	int64_t number;
	unsigned used;
};

/* The headers' values, which must outlive the call. */
enum { PACE_TEXT_SIZE = 24 };

struct rate {
	unsigned limit;   /* requests a window; 0: none, and no headers */
	unsigned seconds; /* of a window */
	char limit_text[PACE_TEXT_SIZE], remaining_text[PACE_TEXT_SIZE],
		reset_text[PACE_TEXT_SIZE], size_text[PACE_TEXT_SIZE],
		wait_text[PACE_TEXT_SIZE];
};

/* 0: counted; -1: over the limit, which the reply says. The headers are in the
 * reply in both cases. */
int pace_admit(struct call *call) MUST_CHECK;

#endif
