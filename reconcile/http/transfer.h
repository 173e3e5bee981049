/* SPDX-License-Identifier: MIT */
/*
 * Transfer: one request with its tries, each of them on a curl handle.
 *
 * transfer_new() -> { transfer_start() … transfer_end() }* -> transfer_free()
 */
#ifndef RECONCILE_HTTP_TRANSFER_H
#define RECONCILE_HTTP_TRANSFER_H

#include "http/http.h"
#include "http/pace.h"

#include <curl/curl.h>

/*
 * A curl handle with the URL it has. What is sent to the same URL as the last
 * time needs no parsing: of a create that is more than its body costs.
 */
struct handle {
	CURL *easy;
	CURLU *address;
	char *url;    /* as text; NULL: none yet */
	char *method; /* what it was told last; NULL: nothing */
};

struct handle *handle_new(const char *origin,
                          const struct http_settings *settings) MUST_CHECK;
void handle_free(struct handle *handle);

/* Which addresses may be connected to. */
enum reach { REACH_ALL, REACH_PUBLIC, REACH_OWN };

struct transfer {
	struct transfer *next; /* in the queue, or in flight */

	/* What was asked. */
	char *method, *url;
	struct curl_slist *headers; /* with their texts, in one piece */
	size_t headers_size;
	char *body; /* NULL: none */
	size_t body_length;
	enum http_flags flags;
	enum reach reach;
	http_done_fn *done;
	void *context;

	/* Over all tries. */
	unsigned tries;    /* all of them */
	unsigned failures; /* of a read, 429 apart */
	unsigned refusals; /* 429 */
	int64_t due_ms;    /* not before */

	/* The try that runs, or ran last. */
	struct handle *handle;  /* lent by the engine */
	CURL *easy;             /* its */
	bool connected;         /* about to send, or sent */
	curl_off_t sent_before; /* bytes, when it was connected */
	bool too_large, broken_off, not_public;
	struct buffer answer;
	size_t capacity, limit_bytes, header_bytes;
	int64_t timeout_ms;
	int64_t sent_ms;
	char words[CURL_ERROR_SIZE]; /* libcurl's */
};

/* `user_agent` NULL: none. */
struct transfer *transfer_new(const struct http_request *request,
                              const char *user_agent, http_done_fn *done,
                              void *context) MUST_CHECK;
void transfer_free(struct transfer *transfer);

/* Bytes of requests written so far, over all connections of the handle. */
curl_off_t transfer_bytes_sent(CURL *easy);

/* Sets `handle` up for one try. */
void transfer_start(struct transfer *transfer, struct handle *handle,
                    size_t limit_bytes, int64_t timeout_ms);

/*
 * What came of the try. The answer borrows from the transfer and its handle,
 * which stay as they are until transfer_reset().
 */
void transfer_end(struct transfer *transfer, CURLcode code,
                  struct http_answer *answer, struct pace_hints *hints);

/* True when another try could end better; it is then due after the backoff of
 * *failures, 0: as soon as the pace allows. */
bool transfer_may_retry(struct transfer *transfer, CURLcode code,
                        const struct http_answer *answer,
                        const struct pace_hints *hints, unsigned *failures);

/* Drops the answer and the handle, which is the caller's. */
struct handle *transfer_reset(struct transfer *transfer);

#endif
