/* SPDX-License-Identifier: MIT */
/*
 * Pace: when the next request may start.
 *
 * Three things hold requests back: our own limit (--max-rps), a pause that the
 * platform asked for (Retry-After), and a budget it announced that is used up
 * (X-RateLimit-Remaining, until X-RateLimit-Reset).
 *
 * Each has jitter, so that clients that were told the same do not come in step:
 * a wait that the platform asked for gets a little longer, never shorter; our
 * own limit keeps its rate, and starts fall somewhere into the first half of
 * their turn.
 */
#ifndef RECONCILE_HTTP_PACE_H
#define RECONCILE_HTTP_PACE_H

#include "base/chance.h"

#include <stddef.h>
#include <stdint.h>

enum pace_limits {
	PACE_BACKOFF_MS = 200, /* doubled with each try */
	PACE_LONGEST_BACKOFF_MS = 30000,
	PACE_LONGEST_PAUSE_MS = 900000, /* whatever a platform asks for */
	PACE_LONGEST_JITTER_MS = 1000,
};

struct pace {
	double interval_ms;      /* of --max-rps; 0: none */
	double next_ms;          /* steady; by --max-rps, the next turn */
	double late_ms;          /* into it */
	int64_t paused_until_ms; /* steady; 0: not */
	int64_t remaining;       /* -1: unknown */
	int64_t reset_ms;        /* steady; when `remaining` ends to hold */
	struct chance chance;
};

/* What one answer's headers say; NULL where they say nothing. */
struct pace_hints {
	int status;
	const char *retry_after;    /* seconds, or a date */
	const char *retry_after_ms; /* milliseconds */
	const char *remaining, *reset;
	const char *date; /* the platform's own clock */
};

struct pace_times {
	int64_t steady_ms, wall_ms;
};

/* `chance` as in http_settings. */
void pace_init(struct pace *pace, double max_rps, struct chance chance);

/* Milliseconds until one more may start; 0: now. */
int64_t pace_wait_ms(const struct pace *pace, int64_t now_ms, size_t in_flight);
void pace_started(struct pace *pace, int64_t now_ms);
void pace_learn(struct pace *pace, const struct pace_hints *hints,
                struct pace_times now);

/* After so many failures: doubled each time, then anything between half of that
 * and all of it; 0 after none. */
int64_t pace_backoff_ms(const struct pace *pace, unsigned failures);

#endif
