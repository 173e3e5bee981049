/* SPDX-License-Identifier: MIT */
/* Behind the door of http: the jitter of each wait, drawn from a seed. */
#include "http/pace.h"
#include "unit.h"

#include "base/mem.h"

enum {
	DRAWS = 1000,
	SLACKENED = 4 /* starts that may come early, at the beginning */
};

static struct pace made(double max_rps, uint64_t *seed)
{
	struct pace pace;

	pace_init(&pace, max_rps, chance_seeded(seed));
	return pace;
}

static void one_seed_gives_one_row(void **state)
{
	uint64_t left = 7, right = 7, other = 8;
	const struct pace paces[] = { made(0, &left), made(0, &right),
		                      made(0, &other) };
	bool differs = false;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		const int64_t wait_ms = pace_backoff_ms(&paces[0], 8);

		assert_int_equal(pace_backoff_ms(&paces[1], 8), wait_ms);
		differs |= pace_backoff_ms(&paces[2], 8) != wait_ms;
	}
	assert_true(differs);
}

static void without_a_source_the_system_draws(void **state)
{
	struct pace pace;
	int64_t first_ms;
	bool differs = false;

	(void)state;
	pace_init(&pace, 0, (struct chance){ NULL, NULL });
	first_ms = pace_backoff_ms(&pace, 8);
	for (int i = 0; i < DRAWS; i++)
		differs |= pace_backoff_ms(&pace, 8) != first_ms;
	assert_true(differs);
}

/* All of `from` to `below` is drawn from: both ends nearly. */
static void assert_spread(const int64_t *drawn, int64_t from, int64_t below)
{
	const int64_t edge = (below - from) / 20;
	int64_t least = INT64_MAX, most = 0;

	for (int i = 0; i < DRAWS; i++) {
		least = drawn[i] < least ? drawn[i] : least;
		most = drawn[i] > most ? drawn[i] : most;
	}
	assert_in_range(least, from, from + edge);
	assert_in_range(most, below - 1 - edge, below - 1);
}

static void a_backoff_is_half_of_it_and_a_share_of_the_rest(void **state)
{
	static const struct {
		unsigned failures;
		int64_t most_ms;
	} rows[] = { { 1, 200 },   { 2, 400 },   { 3, 800 },   { 7, 12800 },
		     { 8, 25600 }, { 9, 30000 }, { 40, 30000 } };
	uint64_t seed = 1;
	const struct pace pace = made(0, &seed);
	int64_t drawn[DRAWS];

	(void)state;
	assert_int_equal(pace_backoff_ms(&pace, 0), 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		for (int j = 0; j < DRAWS; j++)
			drawn[j] = pace_backoff_ms(&pace, rows[i].failures);
		assert_spread(drawn, rows[i].most_ms / 2, rows[i].most_ms);
	}
}

/* What an answer makes the next request wait. */
static int64_t learnt_ms(const struct pace_hints *hints, uint64_t *seed)
{
	struct pace pace = made(0, seed);

	pace_learn(&pace, hints, (struct pace_times){ 5000, 1800000000000 });
	return pace_wait_ms(&pace, 5000, 0);
}

static void a_wait_that_was_asked_for_gets_a_little_longer(void **state)
{
	static const struct {
		struct pace_hints hints;
		int64_t asked_ms, more_ms;
	} rows[] = {
		{ { .status = 429, .retry_after = "16" }, 16000, 500 },
		{ { .status = 503, .retry_after_ms = "3200" }, 3200, 100 },
		{ { .status = 429, .retry_after = "60" }, 60000, 1000 },
		{ { .status = 429, .retry_after = "9999" }, 900000, 1000 },
		{ { .status = 200, .remaining = "0", .reset = "8" },
		  8000,
		  250 },
	};
	uint64_t seed = 1;
	int64_t drawn[DRAWS];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		for (int j = 0; j < DRAWS; j++)
			drawn[j] = learnt_ms(&rows[i].hints, &seed);
		assert_spread(drawn, rows[i].asked_ms,
		              rows[i].asked_ms + rows[i].more_ms);
	}
}

/* Of those that come, ten in a row are not all the same. */
static bool differ(const int64_t *gaps_ms)
{
	for (int i = 1; i < 10; i++) {
		if (gaps_ms[i] != gaps_ms[0])
			return true;
	}
	return false;
}

/* Starts as soon as it may; the times between two starts. */
static int64_t start_all(struct pace *pace, int64_t *gaps_ms)
{
	int64_t now_ms = 100000, last_ms = 0;

	pace_started(pace, now_ms);
	for (int i = 0; i < DRAWS; i++) {
		last_ms = now_ms;
		now_ms += pace_wait_ms(pace, now_ms, 0);
		pace_started(pace, now_ms);
		gaps_ms[i] = now_ms - last_ms;
	}
	return now_ms - 100000;
}

static void our_own_limit_keeps_its_rate_out_of_step(void **state)
{
	static const struct {
		double max_rps;
		int64_t least_ms, below_ms; /* between two starts */
		int64_t all_ms;
	} rows[] = {
		{ 20, 25, 76, 50 * DRAWS },
		{ 0.5, 1000, 3001, 2000 * DRAWS },
		{ 0.1, 9000, 11001, 10000 * DRAWS },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint64_t seed = i + 1;
		struct pace pace = made(rows[i].max_rps, &seed);
		int64_t gaps_ms[DRAWS];
		const int64_t took_ms = start_all(&pace, gaps_ms);

		for (int j = SLACKENED; j < DRAWS; j++)
			assert_in_range(gaps_ms[j], rows[i].least_ms,
			                rows[i].below_ms);
		assert_true(differ(gaps_ms + SLACKENED));
		/* The slack of the first, and where the last one fell. */
		assert_in_range(took_ms, rows[i].all_ms - 50,
		                rows[i].all_ms + rows[i].below_ms);
	}
}

static void no_limit_of_ours_is_no_wait(void **state)
{
	uint64_t seed = 1;
	struct pace pace = made(0, &seed);
	int64_t gaps_ms[DRAWS];

	(void)state;
	assert_int_equal(start_all(&pace, gaps_ms), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_seed_gives_one_row),
		cmocka_unit_test(without_a_source_the_system_draws),
		cmocka_unit_test(
			a_backoff_is_half_of_it_and_a_share_of_the_rest),
		cmocka_unit_test(
			a_wait_that_was_asked_for_gets_a_little_longer),
		cmocka_unit_test(our_own_limit_keeps_its_rate_out_of_step),
		cmocka_unit_test(no_limit_of_ours_is_no_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
