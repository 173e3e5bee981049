/* SPDX-License-Identifier: MIT */
#include "http/pace.h"

#include "base/text.h"

#include <curl/curl.h>

enum {
	SLACK_MS = 50, /* of a late start that is caught up */
	CLOCKS_DIFFER_MS = 2000,
	WAIT_SHARES = 32, /* one of them is the jitter of a wait */
};

/* From here on numbers are dates, not lengths of time. */
static const int64_t epoch_from_s = 100000000;
static const int64_t epoch_from_ms = 100000000000;

void pace_init(struct pace *pace, double max_rps, struct chance chance)
{
	*pace = (struct pace){
		.interval_ms = max_rps > 0 ? 1000 / max_rps : 0,
		.remaining = -1,
		.chance = chance.next ? chance : chance_system(),
	};
}

/* Below `limit_ms`, and below the longest. */
static double jitter_ms(const struct pace *pace, double limit_ms)
{
	if (limit_ms > PACE_LONGEST_JITTER_MS)
		limit_ms = PACE_LONGEST_JITTER_MS;
	return limit_ms > 0 ? limit_ms * chance_draw(&pace->chance) : 0;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t by_budget_ms(const struct pace *pace, int64_t now_ms,
                            size_t in_flight)
{
	if (pace->remaining < 0 || pace->reset_ms <= now_ms)
		return 0;
	/* Those in flight may or may not be counted yet. */
	if (pace->remaining > (int64_t)in_flight)
		return 0;
	return pace->reset_ms - now_ms;
}

static int64_t by_rate_ms(const struct pace *pace, int64_t now_ms)
{
	const double wait_ms = pace->next_ms + pace->late_ms - (double)now_ms;

	return wait_ms > 0 ? (int64_t)wait_ms + 1 : 0;
}

int64_t pace_wait_ms(const struct pace *pace, int64_t now_ms, size_t in_flight)
{
	int64_t wait_ms = later(0, pace->paused_until_ms - now_ms);

	wait_ms = later(wait_ms, by_budget_ms(pace, now_ms, in_flight));
	return later(wait_ms, by_rate_ms(pace, now_ms));
}

void pace_started(struct pace *pace, int64_t now_ms)
{
	const double earliest_ms = (double)(now_ms - SLACK_MS) - pace->late_ms;

	if (pace->next_ms < earliest_ms)
		pace->next_ms = earliest_ms;
	pace->next_ms += pace->interval_ms;
	pace->late_ms = jitter_ms(pace, pace->interval_ms / 2);
}

/* -1 when it is no number. */
static int64_t number(const char *text)
{
	uint64_t value;

	if (!text || parse_uint(text, INT64_MAX / 1000, &value) < 0)
		return -1;
	return (int64_t)value;
}

/* From the platform's clock, which may go differently from ours; its Date has
 * whole seconds only, so it is asked only where the two differ. */
static int64_t until_ms(int64_t wall_ms, const char *date, int64_t now_ms)
{
	const int64_t theirs_ms = date ? curl_getdate(date, NULL) * 1000 : -1;
	const int64_t ahead_ms = theirs_ms - now_ms;

	if (theirs_ms > 0 &&
	    (ahead_ms > CLOCKS_DIFFER_MS || ahead_ms < -CLOCKS_DIFFER_MS))
		now_ms = theirs_ms;
	return later(0, wall_ms - now_ms);
}

/* -1 when nothing is said. */
static int64_t retry_ms(const struct pace_hints *hints, int64_t wall_ms)
{
	const int64_t exact_ms = number(hints->retry_after_ms);
	const int64_t seconds = number(hints->retry_after);
	int64_t date_s;

	if (exact_ms >= 0)
		return exact_ms;
	if (seconds >= 0)
		return seconds * 1000;
	date_s = hints->retry_after ? curl_getdate(hints->retry_after, NULL)
	                            : -1;
	return date_s < 0 ? -1 : until_ms(date_s * 1000, hints->date, wall_ms);
}

/* Platforms mean a date, in seconds or milliseconds, or seconds from now. */
static int64_t reset_ms(const struct pace_hints *hints, int64_t wall_ms)
{
	const int64_t value = number(hints->reset);

	if (value < 0)
		return -1;
	if (value >= epoch_from_ms)
		return until_ms(value, hints->date, wall_ms);
	if (value >= epoch_from_s)
		return until_ms(value * 1000, hints->date, wall_ms);
	return value * 1000;
}

/* As long as was asked for, within bounds, and a little. */
static int64_t spread(const struct pace *pace, int64_t wait_ms)
{
	double more_ms;

	if (wait_ms > PACE_LONGEST_PAUSE_MS)
		wait_ms = PACE_LONGEST_PAUSE_MS;
	more_ms = jitter_ms(pace, (double)wait_ms / WAIT_SHARES);
	return wait_ms + (int64_t)more_ms;
}

static void pause_for(struct pace *pace, int64_t wait_ms, int64_t now_ms)
{
	pace->paused_until_ms =
		later(pace->paused_until_ms, now_ms + spread(pace, wait_ms));
}

void pace_learn(struct pace *pace, const struct pace_hints *hints,
                struct pace_times now)
{
	const bool refused = hints->status == 429 || hints->status == 503;
	const int64_t remaining = number(hints->remaining);
	const int64_t until_reset_ms = reset_ms(hints, now.wall_ms);
	const bool budgeted = remaining >= 0 && until_reset_ms >= 0;
	int64_t wait_ms = refused ? retry_ms(hints, now.wall_ms) : -1;

	/* Retry-After is in whole seconds, the reset may be more exact. */
	if (budgeted && remaining == 0 && wait_ms > until_reset_ms)
		wait_ms = until_reset_ms;
	if (wait_ms > 0)
		pause_for(pace, wait_ms, now.steady_ms);
	if (!budgeted)
		return;
	pace->remaining = remaining;
	pace->reset_ms = now.steady_ms + spread(pace, until_reset_ms);
}

int64_t pace_backoff_ms(const struct pace *pace, unsigned failures)
{
	int64_t wait_ms = PACE_BACKOFF_MS;

	if (!failures)
		return 0;
	for (unsigned i = 1; i < failures && wait_ms < PACE_LONGEST_BACKOFF_MS;
	     i++)
		wait_ms *= 2;
	if (wait_ms > PACE_LONGEST_BACKOFF_MS)
		wait_ms = PACE_LONGEST_BACKOFF_MS;
	return wait_ms / 2 +
	       (int64_t)((double)wait_ms / 2 * chance_draw(&pace->chance));
}
