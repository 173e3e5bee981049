/* SPDX-License-Identifier: MIT */
/* Clock: time as a value that is passed in, so that tests own it. */
#ifndef RECONCILE_BASE_CLOCK_H
#define RECONCILE_BASE_CLOCK_H

#include <stdint.h>

struct clock {
	/* Milliseconds since 1970-01-01 UTC; may jump. */
	int64_t (*wall_ms)(const struct clock *clock);
	/* Milliseconds that only grow; for waiting and deadlines. */
	int64_t (*steady_ms)(const struct clock *clock);
};

/* The system's; static, never freed. */
const struct clock *clock_system(void);

/* One that stands still at `wall_ms`; for tests. */
struct clock_fixed {
	struct clock clock;
	int64_t wall_ms, steady_ms;
};
void clock_fixed_init(struct clock_fixed *fixed, int64_t wall_ms);

/* RFC 3339 in UTC with seconds, "2026-11-23T17:28:08Z". */
enum { CLOCK_TEXT_SIZE = 32 };
void clock_format(int64_t wall_ms, char out[CLOCK_TEXT_SIZE]);

/* The same back; -1 when `text` is not of that form (fractions are cut). */
int clock_parse(const char *text, int64_t *wall_ms);
/* The first moment after a day, "2027-01-31"; -1 when `text` is none. */
int clock_parse_day_end(const char *text, int64_t *wall_ms);

#endif
