/* SPDX-License-Identifier: MIT */
/*
 * cost: what each format of a plan of 10,000 changes takes of the processor,
 * against writing the JSON: the least of a few runs, taken in turns, so that
 * what else the machine does falls on all. None may take three times as much.
 */
#include "plans.h"

#include "base/text.h"

#include <stdlib.h>
#include <time.h>

enum { CHANGES = 10000, ROUNDS = 5, MOST = 3, FORMATS = 16 };

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double write_once(const struct report_format *format,
                         const struct plans *plans)
{
	CLEANUP(textp) char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);
	const double since = seconds();

	if (format->write(&plans->report, out) < 0 || fclose(out) != 0)
		abort();
	return seconds() - since;
}

static void measure(const struct plans *plans, double *least)
{
	for (size_t i = 0; i < ROUNDS * report_format_count; i++) {
		const size_t at = i % report_format_count;
		const double took = write_once(report_formats[at], plans);

		if (i < report_format_count || took < least[at])
			least[at] = took;
	}
}

int main(void)
{
	static const char *const kinds[] = { "usual", "destructive" };
	double least[FORMATS] = { 0 };
	int result = 0;

	if (report_format_count > FORMATS)
		abort();
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		CLEANUP(plans_freep)
		struct plans *plans = plans_new(kinds[i], CHANGES);
		double json = 0;

		measure(plans, least);
		for (size_t j = 0; j < report_format_count; j++) {
			if (str_equal(report_formats[j]->name, "json"))
				json = least[j];
		}
		for (size_t j = 0; j < report_format_count; j++) {
			printf("%-12s %-18s %8.1f ms, %.2f of the JSON\n",
			       kinds[i], report_formats[j]->name,
			       least[j] * 1e3, least[j] / json);
			if (least[j] > MOST * json)
				result = 1;
		}
	}
	return result;
}
