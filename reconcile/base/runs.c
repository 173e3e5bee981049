/* SPDX-License-Identifier: MIT */
#include "base/runs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RUNS = 64, MAX_TIMES = 65535 };

/* So many characters out of a set. */
struct run {
	uint64_t set[2]; /* one bit a character of ASCII */
	size_t least, most;
};

struct runs {
	size_t count;
	struct run items[];
};

struct reading {
	const char *at;
	size_t count; /* one too many where there are too many */
	struct run items[MAX_RUNS];
};

static void put(struct run *run, unsigned char from, unsigned char to)
{
	for (unsigned c = from; c <= to; c++)
		run->set[c / 64] |= UINT64_C(1) << c % 64;
}

static bool holds(const struct run *run, unsigned char c)
{
	return c < 128 && run->set[c / 64] >> c % 64 & 1;
}

/* ---- reading ---- */

static bool is_mark(char c)
{
	return c && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c);
}

/* One character, by itself or behind a backslash, or 0. */
static char read_character(struct reading *reading, const char *specials)
{
	const char *text = reading->at;

	if (*text == '\\' && is_mark(text[1])) {
		reading->at += 2;
		return text[1];
	}
	if (*text < ' ' || *text > '~' || strchr(specials, *text))
		return '\0';
	reading->at += 1;
	return *text;
}

static bool read_range(struct reading *reading, struct run *run)
{
	const char from = read_character(reading, "\\[]^");
	char to = from;

	if (from && *reading->at == '-' && reading->at[1] != ']') {
		reading->at += 1;
		to = read_character(reading, "\\[]^-");
	}
	if (!from || to < from)
		return false;
	put(run, (unsigned char)from, (unsigned char)to);
	return true;
}

static bool read_set(struct reading *reading, struct run *run)
{
	if (*reading->at != '[') {
		const char single = read_character(reading, "\\^$.|?*+()[]{}");

		if (single)
			put(run, (unsigned char)single, (unsigned char)single);
		return single;
	}
	reading->at += 1;
	while (*reading->at != ']') {
		if (!read_range(reading, run))
			return false;
	}
	reading->at += 1;
	return run->set[0] || run->set[1];
}

static bool read_number(struct reading *reading, size_t *number)
{
	char *end = NULL;
	unsigned long value;

	if (*reading->at < '0' || *reading->at > '9')
		return false;
	value = strtoul(reading->at, &end, 10);
	reading->at = end;
	*number = value;
	return value <= MAX_TIMES;
}

static bool read_counts(struct reading *reading, struct run *run)
{
	reading->at += 1;
	if (!read_number(reading, &run->least))
		return false;
	run->most = run->least;
	if (*reading->at == ',') {
		reading->at += 1;
		run->most = SIZE_MAX;
		if (*reading->at != '}' && !read_number(reading, &run->most))
			return false;
	}
	if (*reading->at != '}')
		return false;
	reading->at += 1;
	return run->least <= run->most;
}

static bool read_times(struct reading *reading, struct run *run)
{
	run->least = run->most = 1;
	switch (*reading->at) {
	case '*':
		run->least = 0;
		run->most = SIZE_MAX;
		break;
	case '+':
		run->most = SIZE_MAX;
		break;
	case '?':
		run->least = 0;
		break;
	case '{':
		return read_counts(reading, run);
	default:
		return true;
	}
	reading->at += 1;
	return true;
}

/* Twice, or in a way that is not ours: `a+?`. */
static bool is_counted(const struct reading *reading)
{
	return *reading->at && strchr("*+?{", *reading->at);
}

static bool overlap(const struct run *a, const struct run *b)
{
	return a->set[0] & b->set[0] || a->set[1] & b->set[1];
}

/* A run that may be longer or shorter ends where no next one can begin: then
 * it is never wrong to take all of it. */
static bool is_certain(const struct reading *reading, size_t index)
{
	const struct run *run = &reading->items[index];

	if (run->least == run->most)
		return true;
	for (size_t i = index + 1; i < reading->count; i++) {
		if (overlap(run, &reading->items[i]))
			return false;
		if (reading->items[i].least)
			return true;
	}
	return true;
}

static bool read_run(struct reading *reading)
{
	struct run *run = &reading->items[reading->count];

	return reading->count++ < MAX_RUNS && read_set(reading, run) &&
	       read_times(reading, run) && !is_counted(reading);
}

/* All since `first` once more. */
static bool repeat(struct reading *reading, size_t first, size_t count)
{
	if (reading->count + count > MAX_RUNS)
		return false;
	memcpy(&reading->items[reading->count], &reading->items[first],
	       count * sizeof(reading->items[0]));
	reading->count += count;
	return true;
}

/* Some runs, a fixed number of times. */
static bool read_group(struct reading *reading)
{
	const size_t first = reading->count;
	struct run times = { .least = 0 };
	size_t count;

	for (reading->at += 1; *reading->at != ')';) {
		if (!read_run(reading))
			return false;
	}
	reading->at += 1;
	count = reading->count - first;
	if (!read_times(reading, &times) || times.least != times.most ||
	    !times.least || is_counted(reading))
		return false;
	for (size_t i = 1; i < times.least; i++) {
		if (!repeat(reading, first, count))
			return false;
	}
	return true;
}

static bool read_runs(struct reading *reading)
{
	if (*reading->at != '^')
		return false;
	for (reading->at += 1; *reading->at != '$';) {
		if (!(*reading->at == '(' ? read_group : read_run)(reading))
			return false;
	}
	if (reading->at[1])
		return false;
	for (size_t i = 0; i < reading->count; i++) {
		if (!is_certain(reading, i))
			return false;
	}
	return true;
}

struct runs *runs_new(const char *expression)
{
	struct reading reading = { .at = expression };
	struct runs *runs;
	size_t size;

	if (!read_runs(&reading))
		return NULL;
	size = reading.count * sizeof(reading.items[0]);
	runs = xmalloc(sizeof(*runs) + size);
	runs->count = reading.count;
	memcpy(runs->items, reading.items, size);
	return runs;
}

void runs_free(struct runs *runs)
{
	free(runs);
}

/* ---- matching ---- */

bool runs_match(const struct runs *runs, const char *text, size_t length)
{
	size_t at = 0;

	for (size_t i = 0; i < runs->count; i++) {
		const struct run *run = &runs->items[i];
		size_t times = 0;

		while (times < run->most && at < length &&
		       holds(run, (unsigned char)text[at])) {
			at++;
			times++;
		}
		if (times < run->least)
			return false;
	}
	return at == length;
}
