/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000 };

static int64_t read_ms(clockid_t id)
{
	struct timespec now;

	if (clock_gettime(id, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

static int64_t system_wall_ms(const struct clock *clock)
{
	(void)clock;
	return read_ms(CLOCK_REALTIME);
}

static int64_t system_steady_ms(const struct clock *clock)
{
	(void)clock;
	return read_ms(CLOCK_MONOTONIC);
}

const struct clock *clock_system(void)
{
	static const struct clock clock = {
		.wall_ms = system_wall_ms,
		.steady_ms = system_steady_ms,
	};

	return &clock;
}

static const struct clock_fixed *fixed_of(const struct clock *clock)
{
	return (const struct clock_fixed *)(const void *)clock;
}

static int64_t fixed_wall_ms(const struct clock *clock)
{
	return fixed_of(clock)->wall_ms;
}

static int64_t fixed_steady_ms(const struct clock *clock)
{
	return fixed_of(clock)->steady_ms;
}

void clock_fixed_init(struct clock_fixed *fixed, int64_t wall_ms)
{
	*fixed = (struct clock_fixed){
		.clock = { fixed_wall_ms, fixed_steady_ms },
		.wall_ms = wall_ms,
	};
}

void clock_format(int64_t wall_ms, char out[CLOCK_TEXT_SIZE])
{
	int64_t seconds = wall_ms / MS_PER_S - (wall_ms % MS_PER_S < 0);
	time_t time = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&time, &tm) ||
	    !strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		out[0] = '\0';
}

static int take_number(const char **at, int digits, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		*value = *value * 10 + (**at - '0');
	}
	return 0;
}

/* Each number with the character that stands before it. */
static int parse_fields(const char **at, struct tm *tm)
{
	const struct {
		char before;
		int digits;
		int *value;
	} fields[] = {
		{ '\0', 4, &tm->tm_year }, { '-', 2, &tm->tm_mon },
		{ '-', 2, &tm->tm_mday },  { 'T', 2, &tm->tm_hour },
		{ ':', 2, &tm->tm_min },   { ':', 2, &tm->tm_sec },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].before && *(*at)++ != fields[i].before)
			return -1;
		if (take_number(at, fields[i].digits, fields[i].value) < 0)
			return -1;
	}
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return 0;
}

static int skip_fraction(const char **at)
{
	if (**at != '.')
		return 0;

	size_t digits = strspn(*at + 1, "0123456789");

	*at += 1 + digits;
	return digits ? 0 : -1;
}

/* Days of a month; 0 for one that is none. */
static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
		                    31, 31, 30, 31, 30, 31 };
	const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (month < 0 || month > 11)
		return 0;
	return days[month] + (leap && month == 1);
}

/* timegm() takes February 30 for March 2. Years have four digits, as they are
 * written. */
static bool is_real(const struct tm *tm)
{
	return tm->tm_year + 1900 >= 1000 && tm->tm_mday >= 1 &&
	       tm->tm_mday <= days_of(tm->tm_year + 1900, tm->tm_mon) &&
	       tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

int clock_parse(const char *text, int64_t *wall_ms)
{
	const char *at = text;
	struct tm tm = { 0 };

	if (parse_fields(&at, &tm) < 0 || skip_fraction(&at) < 0 ||
	    strcmp(at, "Z") != 0 || !is_real(&tm))
		return -1;
	*wall_ms = (int64_t)timegm(&tm) * MS_PER_S;
	return 0;
}

int clock_parse_day_end(const char *text, int64_t *wall_ms)
{
	enum { DAY_MS = 24 * 60 * 60 * 1000 };
	char moment[CLOCK_TEXT_SIZE] = "YYYY-MM-DDT00:00:00Z";
	const size_t length = strlen("2027-01-31");
	int64_t start_ms = 0;

	if (strlen(text) != length)
		return -1;
	memcpy(moment, text, length);
	if (clock_parse(moment, &start_ms) < 0)
		return -1;
	*wall_ms = start_ms + DAY_MS;
	return 0;
}
