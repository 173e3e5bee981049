/* SPDX-License-Identifier: MIT */
#include "sandbox/pace.h"
#include "sandbox/answer.h"

#include <inttypes.h>

static void write_number(char out[PACE_TEXT_SIZE], int64_t number)
{
	(void)snprintf(out, PACE_TEXT_SIZE, "%" PRId64, number);
}

int pace_admit(struct window *window, unsigned limit, int64_t wall_ms,
               struct pace_texts *texts, struct http_reply *reply)
{
	int64_t second = wall_ms / 1000;
	int admitted = 0;

	if (window->second != second)
		*window = (struct window){ .second = second };
	if (window->used >= limit)
		admitted = answer_refuse(reply, REFUSE_TOO_FAST, NULL);
	else
		window->used++;

	write_number(texts->limit, limit);
	write_number(texts->remaining, (int64_t)limit - window->used);
	write_number(texts->reset, second + 1);
	answer_header(reply, "X-RateLimit-Limit", texts->limit);
	answer_header(reply, "X-RateLimit-Remaining", texts->remaining);
	answer_header(reply, "X-RateLimit-Reset", texts->reset);
	/* The rest of a window of one second is one second, rounded up. */
	if (admitted < 0)
		answer_header(reply, "Retry-After", "1");
	return admitted;
}
