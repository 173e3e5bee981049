/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "unit.h"

static void a_fixed_clock_stands_still(void **state)
{
	struct clock_fixed fixed;

	(void)state;
	clock_fixed_init(&fixed, 1234);
	assert_int_equal(fixed.clock.wall_ms(&fixed.clock), 1234);
	assert_int_equal(fixed.clock.steady_ms(&fixed.clock), 0);
	fixed.steady_ms += 50;
	assert_int_equal(fixed.clock.steady_ms(&fixed.clock), 50);
}

static void the_system_s_clock_is_after_2025(void **state)
{
	const struct clock *clock = clock_system();

	(void)state;
	assert_true(clock->wall_ms(clock) > 1735689600000);
	assert_true(clock->steady_ms(clock) <= clock->steady_ms(clock));
}

static void times_are_written_and_read_back(void **state)
{
	static const struct {
		int64_t wall_ms;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1795454888000, "2026-11-23T17:28:08Z" },
		{ 951782400000, "2000-02-29T00:00:00Z" },
		{ -1000, "1969-12-31T23:59:59Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[CLOCK_TEXT_SIZE];
		int64_t back = 1;

		clock_format(rows[i].wall_ms, out);
		assert_string_equal(out, rows[i].text);
		assert_int_equal(clock_parse(out, &back), 0);
		assert_int_equal(back, rows[i].wall_ms);
	}
}

static void fractions_are_cut(void **state)
{
	char out[CLOCK_TEXT_SIZE];
	int64_t wall_ms;

	(void)state;
	clock_format(1999, out);
	assert_string_equal(out, "1970-01-01T00:00:01Z");
	clock_format(-1, out);
	assert_string_equal(out, "1969-12-31T23:59:59Z");
	assert_int_equal(clock_parse("1970-01-01T00:00:01.987654Z", &wall_ms),
	                 0);
	assert_int_equal(wall_ms, 1000);
}

static void other_forms_are_no_times(void **state)
{
	static const char *const wrong[] = {
		"",
		"now",
		"2026-11-23",
		"2026-11-23T17:28:08",
		"2026-11-23T17:28:08+00:00",
		"2026-11-23t17:28:08z",
		"2026-11-23 17:28:08Z",
		"2026-02-30T00:00:00Z",
		"2026-13-01T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:00:60Z",
		"2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00ZZ",
		"2026-1-01T00:00:00Z",
	};
	int64_t wall_ms = 5;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(clock_parse(wrong[i], &wall_ms), -1);
	assert_int_equal(wall_ms, 5);
}

static void a_day_ends_where_the_next_begins(void **state)
{
	int64_t end_ms = 0, next_ms = 0;

	(void)state;
	assert_int_equal(clock_parse_day_end("2028-02-29", &end_ms), 0);
	assert_int_equal(clock_parse("2028-03-01T00:00:00Z", &next_ms), 0);
	assert_int_equal(end_ms, next_ms);
	assert_int_equal(clock_parse_day_end("2027-02-29", &end_ms), -1);
	assert_int_equal(clock_parse_day_end("2027-2-29", &end_ms), -1);
	assert_int_equal(clock_parse_day_end("2027-02-28 ", &end_ms), -1);
	assert_int_equal(clock_parse_day_end("", &end_ms), -1);
	assert_int_equal(end_ms, next_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_ends_where_the_next_begins),
		cmocka_unit_test(a_fixed_clock_stands_still),
		cmocka_unit_test(the_system_s_clock_is_after_2025),
		cmocka_unit_test(times_are_written_and_read_back),
		cmocka_unit_test(fractions_are_cut),
		cmocka_unit_test(other_forms_are_no_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
