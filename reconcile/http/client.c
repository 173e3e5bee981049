/* SPDX-License-Identifier: MIT */
/* The engine: one curl_multi loop over a queue of transfers. */
#include "http/module.h"
#include "http/pace.h"
#include "http/sockets.h"
#include "http/transfer.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/wiping.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONNECT_TIMEOUT_MS = 10000,
	TIMEOUT_MS = 60000,
	PARALLELISM = 8,
	GRACE_MS = 10000, /* of what is in flight, once it is to stop */
	WORTH_SAYING_MS = 1000,
	/* Then what was answered meanwhile leaves its connection to those that
	 * follow. */
	STARTS_A_TURN = 4,
};

struct http_engine {
	struct http_settings settings; /* with the defaults filled in */
	char *origin, *user_agent, *ca_file;
	enum reach reach;
	CURLM *multi;
	struct sockets sockets;
	struct handle **idle; /* set up and not in use */
	size_t idle_count, idle_capacity;
	struct transfer *queue, **queue_end; /* in order, those due later too */
	struct transfer *flying;
	size_t queued, in_flight;
	struct pace pace;
	uint64_t sent;
	int64_t stopping_since_ms; /* -1: not */
	char *waiting;
};

static int64_t now_ms(const struct http_engine *engine)
{
	return engine->settings.clock->steady_ms(engine->settings.clock);
}

/* ---- lists ---- */

static void append(struct http_engine *engine, struct transfer *transfer)
{
	transfer->next = NULL;
	*engine->queue_end = transfer;
	engine->queue_end = &transfer->next;
	engine->queued++;
}

/* What was tried before goes before what was not. */
static void prepend(struct http_engine *engine, struct transfer *transfer)
{
	transfer->next = engine->queue;
	if (!engine->queue)
		engine->queue_end = &transfer->next;
	engine->queue = transfer;
	engine->queued++;
}

static struct transfer *take_queued(struct http_engine *engine,
                                    struct transfer **link)
{
	struct transfer *transfer = *link;

	*link = transfer->next;
	if (!transfer->next)
		engine->queue_end = link;
	engine->queued--;
	return transfer;
}

static void fly(struct http_engine *engine, struct transfer *transfer)
{
	transfer->next = engine->flying;
	engine->flying = transfer;
	engine->in_flight++;
}

static void land(struct http_engine *engine, struct transfer *transfer)
{
	struct transfer **link = &engine->flying;

	while (*link != transfer)
		link = &(*link)->next;
	*link = transfer->next;
	engine->in_flight--;
}

/* ---- starting ---- */

static struct handle *take_handle(struct http_engine *engine)
{
	if (engine->idle_count)
		return engine->idle[--engine->idle_count];
	return handle_new(engine->origin, &engine->settings);
}

static void give_handle(struct http_engine *engine, struct handle *handle)
{
	engine->idle = xgrow(engine->idle, engine->idle_count,
	                     &engine->idle_capacity, sizeof(struct handle *));
	engine->idle[engine->idle_count++] = handle;
}

static void start(struct http_engine *engine, struct transfer *transfer)
{
	transfer_start(transfer, take_handle(engine),
	               engine->settings.body_limit_bytes,
	               engine->settings.timeout_ms);
	transfer->sent_ms = now_ms(engine);
	pace_started(&engine->pace, transfer->sent_ms);
	engine->sent++;
	fly(engine, transfer);
	if (curl_multi_add_handle(engine->multi, transfer->easy) != CURLM_OK)
		abort();
}

static bool has_room(const struct http_engine *engine, int64_t now)
{
	return engine->in_flight < engine->settings.parallelism &&
	       pace_wait_ms(&engine->pace, now, engine->in_flight) == 0;
}

static void start_due(struct http_engine *engine)
{
	const int64_t now = now_ms(engine);
	struct transfer **link = &engine->queue;
	size_t started = 0;

	while (*link && started < STARTS_A_TURN && has_room(engine, now)) {
		if ((*link)->due_ms > now) {
			link = &(*link)->next;
			continue;
		}
		start(engine, take_queued(engine, link));
		started++;
	}
}

/* ---- ending ---- */

/* Never a query, a body or a header's value but the request's id. */
static void trace(const struct http_engine *engine,
                  const struct transfer *transfer,
                  const struct http_answer *answer)
{
	const char *path = transfer->url + strlen(engine->origin);
	FILE *out = engine->settings.trace;

	if (!out)
		return;
	fprintf(out, "%s ", transfer->method);
	text_write_safe(out, path, strcspn(path, "?"));
	fprintf(out, " %d %" PRId64 " ms", answer->status,
	        answer->done_ms - answer->sent_ms);
	if (*answer->request_id) {
		fputs(" request ", out);
		text_write_safe(out, answer->request_id,
		                strlen(answer->request_id));
	}
	if (*answer->problem) {
		fputs(": ", out);
		text_write_safe(out, answer->problem, strlen(answer->problem));
	}
	fputc('\n', out);
}

static void abandon(struct transfer *transfer)
{
	const struct http_answer answer = {
		.outcome = HTTP_ABANDONED,
		.body = "",
		.content_type = "",
		.location = "",
		.request_id = "",
		.problem = "interrupted before it was sent",
		.tries = transfer->tries,
	};

	transfer->done(&answer, transfer->context);
	transfer_free(transfer);
}

/* Takes the handle out of the loop; the answer lives on until it is given
 * back. */
static void end(struct http_engine *engine, struct transfer *transfer,
                CURLcode code)
{
	const struct clock *clock = engine->settings.clock;
	struct http_answer answer;
	struct pace_hints hints;
	unsigned failures;

	land(engine, transfer);
	transfer_end(transfer, code, &answer, &hints);
	(void)curl_multi_remove_handle(engine->multi, transfer->easy);
	answer.done_ms = now_ms(engine);
	pace_learn(
		&engine->pace, &hints,
		(struct pace_times){ answer.done_ms, clock->wall_ms(clock) });
	trace(engine, transfer, &answer);
	if (engine->stopping_since_ms < 0 &&
	    transfer_may_retry(transfer, code, &answer, &hints, &failures)) {
		transfer->due_ms = answer.done_ms +
		                   pace_backoff_ms(&engine->pace, failures);
		give_handle(engine, transfer_reset(transfer));
		prepend(engine, transfer);
		return;
	}
	transfer->done(&answer, transfer->context);
	give_handle(engine, transfer_reset(transfer));
	transfer_free(transfer);
}

/* Everything that is finished, at once: the next wait would sleep over a
 * message that waits while nothing is on the wire. */
static size_t collect(struct http_engine *engine)
{
	size_t count = 0;
	CURLMsg *message;
	int left;

	for (;;) {
		struct transfer *transfer = NULL;
		CURLcode code;

		message = curl_multi_info_read(engine->multi, &left);
		if (!message)
			return count;
		code = message->data.result;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		                        &transfer);
		end(engine, transfer, code);
		count++;
	}
}

/* Returns how many were finished. */
static size_t drive(struct http_engine *engine, int64_t wait_ms)
{
	sockets_turn(&engine->sockets, wait_ms);
	return collect(engine);
}

/* ---- stopping ---- */

static void abandon_queue(struct http_engine *engine)
{
	while (engine->queue)
		abandon(take_queued(engine, &engine->queue));
}

static void break_off(struct http_engine *engine)
{
	while (engine->flying) {
		struct transfer *transfer = engine->flying;

		transfer->broken_off = true;
		end(engine, transfer, CURLE_OPERATION_TIMEDOUT);
	}
}

static bool is_stopping(struct http_engine *engine)
{
	const struct http_settings *settings = &engine->settings;

	if (!settings->stopping ||
	    !settings->stopping(settings->stopping_context)) {
		engine->stopping_since_ms = -1;
		return false;
	}
	if (engine->stopping_since_ms < 0)
		engine->stopping_since_ms = now_ms(engine);
	return true;
}

static void stop(struct http_engine *engine)
{
	abandon_queue(engine);
	if (now_ms(engine) - engine->stopping_since_ms >= GRACE_MS)
		break_off(engine);
}

/* ---- the loop ---- */

static int64_t earliest_ms(const struct http_engine *engine, int64_t now)
{
	int64_t due_ms = INT64_MAX;
	const int64_t paced_ms =
		now + pace_wait_ms(&engine->pace, now, engine->in_flight);

	for (const struct transfer *at = engine->queue; at; at = at->next) {
		if (at->due_ms < due_ms)
			due_ms = at->due_ms;
		if (due_ms <= paced_ms)
			return paced_ms;
	}
	return due_ms;
}

/* Not longer than until something that waits may be sent. */
static int64_t wait_at_most(const struct http_engine *engine, int64_t wait_ms)
{
	const int64_t now = now_ms(engine);
	int64_t left_ms;

	if (!engine->queue || engine->in_flight >= engine->settings.parallelism)
		return wait_ms;
	left_ms = earliest_ms(engine, now) - now;
	if (left_ms > wait_ms)
		return wait_ms;
	return left_ms > 0 ? left_ms : 0;
}

static size_t turn(struct http_engine *engine, int64_t wait_ms)
{
	if (is_stopping(engine))
		stop(engine);
	else
		start_due(engine);
	if (drive(engine, 0) == 0 && engine->queued + engine->in_flight > 0 &&
	    wait_ms > 0)
		(void)drive(engine, wait_at_most(engine, wait_ms));
	return engine->queued + engine->in_flight;
}

/* ---- the module ---- */

static void submit(struct http_engine *engine,
                   const struct http_request *request, http_done_fn *done,
                   void *context)
{
	struct transfer *transfer = transfer_new(
		request, engine->settings.user_agent, done, context);

	transfer->reach = engine->reach;
	append(engine, transfer);
}

static uint64_t sent(const struct http_engine *engine)
{
	return engine->sent;
}

static const char *waiting(struct http_engine *engine)
{
	const int64_t wait_ms =
		pace_wait_ms(&engine->pace, now_ms(engine), engine->in_flight);

	free(engine->waiting);
	engine->waiting = NULL;
	if (engine->queued && wait_ms >= WORTH_SAYING_MS)
		engine->waiting = xasprintf("rate limit, %" PRId64 " s",
		                            (wait_ms + 999) / 1000);
	return engine->waiting;
}

/* Those still asked for are dropped without a call. */
static void close_engine(struct http_engine *engine)
{
	while (engine->flying) {
		struct transfer *transfer = engine->flying;

		land(engine, transfer);
		(void)curl_multi_remove_handle(engine->multi, transfer->easy);
		give_handle(engine, transfer_reset(transfer));
		transfer_free(transfer);
	}
	while (engine->queue)
		transfer_free(take_queued(engine, &engine->queue));
	for (size_t i = 0; i < engine->idle_count; i++)
		handle_free(engine->idle[i]);
	(void)curl_multi_cleanup(engine->multi);
	curl_global_cleanup();
	sockets_release(&engine->sockets);
	free(engine->idle);
	free(engine->waiting);
	free(engine->origin);
	free(engine->user_agent);
	free(engine->ca_file);
	free(engine);
}

static char *copy_text(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static void fill_settings(struct http_engine *engine,
                          const struct http_settings *settings)
{
	struct http_settings *own = &engine->settings;

	*own = *settings;
	own->user_agent = engine->user_agent = copy_text(settings->user_agent);
	own->ca_file = engine->ca_file = copy_text(settings->ca_file);
	if (!own->connect_timeout_ms)
		own->connect_timeout_ms = CONNECT_TIMEOUT_MS;
	if (!own->timeout_ms)
		own->timeout_ms = TIMEOUT_MS;
	if (!own->parallelism)
		own->parallelism = PARALLELISM;
	if (!own->body_limit_bytes)
		own->body_limit_bytes = LIMIT_BODY_BYTES;
}

static struct http_engine *open_engine(const char *origin,
                                       const struct http_settings *settings)
{
	struct http_engine *engine;
	CURLM *multi;

	/* Its buffers hold headers and bodies: the API key, secrets. */
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc,
	                         wiping_free, wiping_realloc, wiping_strdup,
	                         wiping_calloc) != CURLE_OK)
		return NULL;
	multi = curl_multi_init();
	if (!multi) {
		curl_global_cleanup();
		return NULL;
	}
	engine = xcalloc(1, sizeof(*engine));
	engine->multi = multi;
	sockets_init(&engine->sockets, multi);
	engine->origin = xstrdup(origin);
	engine->queue_end = &engine->queue;
	engine->stopping_since_ms = -1;
	fill_settings(engine, settings);
	if (settings->public_only)
		engine->reach =
			http_is_loopback(origin) ? REACH_OWN : REACH_PUBLIC;
	pace_init(&engine->pace, settings->max_rps, settings->chance);
	(void)curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	(void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
	                        (long)engine->settings.parallelism);
	return engine;
}

const struct http_module trueup_http_module = {
	.version = TRUEUP_VERSION,
	.open = open_engine,
	.close = close_engine,
	.submit = submit,
	.turn = turn,
	.sent = sent,
	.waiting = waiting,
};
