/* SPDX-License-Identifier: MIT */
#include "sandbox/pace.h"
#include "sandbox/call.h"

#include <inttypes.h>

static void write_number(char out[PACE_TEXT_SIZE], int64_t number)
{
	(void)snprintf(out, PACE_TEXT_SIZE, "%" PRId64, number);
}

static void add_header(const struct call *call, const char *name,
                       const char *value)
{
	if (name)
		answer_header(call->reply, name, value);
}

static struct window *window_of(struct call *call)
{
	return call->sandbox->dialect->pacing.traits & PACING_SHARED
	               ? &call->sandbox->window
	               : &call->environment->window;
}

static void write_headers(const struct call *call, unsigned used, int64_t end)
{
	const struct pacing *pacing = &call->sandbox->dialect->pacing;
	struct rate *rate = &call->sandbox->rate;

	write_number(rate->limit_text, rate->limit);
	write_number(rate->remaining_text, (int64_t)rate->limit - used);
	write_number(rate->reset_text, end);
	(void)snprintf(rate->size_text, PACE_TEXT_SIZE, "%us", rate->seconds);
	add_header(call, pacing->limit, rate->limit_text);
	add_header(call, pacing->remaining, rate->remaining_text);
	add_header(call, pacing->reset, rate->reset_text);
	add_header(call, pacing->size, rate->size_text);
}

static void write_wait(const struct call *call, int64_t wait_ms)
{
	unsigned traits = call->sandbox->dialect->pacing.traits;
	char *text = call->sandbox->rate.wait_text;

	if (!(traits & PACING_FLOOR))
		wait_ms += 999;
	write_number(text, wait_ms / 1000);
	add_header(call, "Retry-After", text);
}

int pace_admit(struct call *call)
{
	const struct sandbox *sandbox = call->sandbox;
	const struct rate *rate = &sandbox->rate;
	int64_t wall_ms = sandbox->clock->wall_ms(sandbox->clock);
	int64_t number = wall_ms / 1000 / rate->seconds;
	int64_t end = (number + 1) * rate->seconds;
	struct window *window = window_of(call);
	int admitted = 0;

	if (window->number != number)
		*window = (struct window){ .number = number };
	if (window->used >= rate->limit)
		admitted = answer_refuse(call, sandbox->dialect->pacing.refusal,
		                         NULL);
	else
		window->used++;
	write_headers(call, window->used, end);
	if (admitted < 0)
		write_wait(call, end * 1000 - wall_ms);
	return admitted;
}
