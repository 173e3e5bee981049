/* SPDX-License-Identifier: MIT */
/* How far an apply is: at a terminal a line that is written over, elsewhere one
 * each 10 s. */
#include "run/road.h"

enum { TERMINAL_MS = 100, ELSEWHERE_MS = 10000 };

void progress_begin(struct progress *progress, struct run *run)
{
	const int64_t now_ms = run->clock->steady_ms(run->clock);

	*progress = (struct progress){
		.run = run,
		.began_ms = now_ms,
		.last_ms = now_ms,
	};
}

void progress_show(size_t done, size_t total, const char *waiting,
                   void *context)
{
	struct progress *progress = context;
	struct run *run = progress->run;
	const bool terminal = run->options.flags & RUN_TERMINAL;
	const int64_t now_ms = run->clock->steady_ms(run->clock);
	const int64_t passed_ms = now_ms - progress->began_ms;

	if (now_ms - progress->last_ms <
	    (terminal ? TERMINAL_MS : ELSEWHERE_MS))
		return;
	progress->last_ms = now_ms;
	progress->shown = terminal;
	fprintf(run->talk, "%sapplying: %zu of %zu, %.1f/s%s%s%s",
	        terminal ? "\r" : "", done, total,
	        (double)done * 1000 / (double)passed_ms,
	        waiting ? ", waiting: " : "", waiting ? waiting : "",
	        terminal ? "\033[K" : "\n");
	fflush(run->talk);
}

void progress_end(const struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", progress->run->talk);
}
