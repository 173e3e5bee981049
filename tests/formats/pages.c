/* SPDX-License-Identifier: MIT */
/*
 * pages KIND COUNT FORMAT [BYTES]: a made up plan on stdout; BYTES as by
 * --max-bytes.
 */
#include "plans.h"

#include "base/text.h"

int main(int argc, char **argv)
{
	CLEANUP(plans_freep) struct plans *plans = NULL;
	const struct report_format *format =
		argc > 3 ? report_find(argv[3]) : NULL;
	uint64_t count = 0, most = 0;

	if (!format || parse_uint(argv[2], 1000000, &count) < 0 ||
	    (argc > 4 && parse_uint(argv[4], 1000000, &most) < 0)) {
		fputs("usage: pages KIND COUNT FORMAT [BYTES]\n", stderr);
		return 64;
	}
	plans = plans_new(argv[1], count);
	plans->report.max_bytes = most;
	return format->write(&plans->report, stdout) < 0;
}
