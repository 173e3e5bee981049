/* SPDX-License-Identifier: MIT */
/* The end of a try: what came of it, and whether another could end better. */
#include "http/transfer.h"

#include "base/limits.h"
#include "base/text.h"

enum { ROUGHLY_MS = 50 };

/* The first that is there; "" is there. */
static const char *header_of(CURL *easy, const char *const *names, size_t count)
{
	struct curl_header *header;

	for (size_t i = 0; i < count; i++) {
		if (curl_easy_header(easy, names[i], 0, CURLH_HEADER, -1,
		                     &header) == CURLHE_OK)
			return header->value;
	}
	return NULL;
}

#define HEADER(easy, ...)                                       \
	header_of((easy), (const char *const[]){ __VA_ARGS__ }, \
	          LENGTH(((const char *const[]){ __VA_ARGS__ })))

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* libcurl's own words hold times and counts that differ in each run. */
struct problem_row {
	CURLcode code;
	const char *words;
};

static const struct problem_row problem_rows[] = {
	{ CURLE_COULDNT_RESOLVE_PROXY, "the proxy's name does not resolve" },
	{ CURLE_COULDNT_RESOLVE_HOST, "the host's name does not resolve" },
	{ CURLE_COULDNT_CONNECT, "nothing listens there" },
	{ CURLE_PEER_FAILED_VERIFICATION, "its certificate is not trusted" },
	{ CURLE_PARTIAL_FILE, "the answer ended too early" },
	{ CURLE_GOT_NOTHING, "the connection broke before an answer came" },
	{ CURLE_RECV_ERROR, "the connection broke before an answer came" },
	{ CURLE_SEND_ERROR, "the connection broke while it was sent" },
	{ CURLE_ABORTED_BY_CALLBACK,
	  "the connection broke before an answer came" },
	{ CURLE_HTTP2, "the connection broke before an answer came" },
	{ CURLE_HTTP2_STREAM, "the answer broke off" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "the answer is not HTTP" },
	{ CURLE_WEIRD_SERVER_REPLY, "the answer is not HTTP" },
};

static const char *lateness_of(const struct transfer *transfer)
{
	curl_off_t total_us = 0;

	if (!transfer->connected)
		return "no connection came about in time";
	(void)curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T,
	                        &total_us);
	return transfer->header_bytes && total_us / 1000 + ROUGHLY_MS <
	                                         transfer->timeout_ms
	               ? "the answer stopped in the middle"
	               : "no whole answer came in time";
}

static const char *problem_of(const struct transfer *transfer, CURLcode code)
{
	if (code == CURLE_OK)
		return "";
	if (transfer->too_large)
		return "the answer is larger than its limit";
	if (transfer->not_public)
		return "its address is not a public one";
	if (transfer->broken_off)
		return "interrupted before the answer came";
	if (code == CURLE_OPERATION_TIMEDOUT)
		return lateness_of(transfer);
	for (size_t i = 0; i < LENGTH(problem_rows); i++) {
		if (problem_rows[i].code == code)
			return problem_rows[i].words;
	}
	return *transfer->words ? transfer->words : curl_easy_strerror(code);
}

static enum http_outcome outcome_of(const struct transfer *transfer,
                                    CURLcode code)
{
	if (code == CURLE_OK)
		return HTTP_ANSWERED;
	if (!transfer->connected ||
	    (code != CURLE_ABORTED_BY_CALLBACK &&
	     transfer_bytes_sent(transfer->easy) <= transfer->sent_before))
		return HTTP_UNSENT;
	return HTTP_UNKNOWN;
}

static void read_hints(CURL *easy, struct pace_hints *hints)
{
	hints->retry_after = HEADER(easy, "Retry-After");
	hints->retry_after_ms = HEADER(easy, "Retry-After-Ms");
	hints->remaining =
		HEADER(easy, "X-RateLimit-Remaining", "RateLimit-Remaining");
	hints->reset = HEADER(easy, "X-RateLimit-Reset", "RateLimit-Reset");
	hints->date = HEADER(easy, "Date");
}

void transfer_end(struct transfer *transfer, CURLcode code,
                  struct http_answer *answer, struct pace_hints *hints)
{
	CURL *easy = transfer->easy;
	long status = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	*answer = (struct http_answer){
		.outcome = outcome_of(transfer, code),
		.body = or_empty(transfer->answer.bytes),
		.body_length = transfer->answer.length,
		.content_type = or_empty(HEADER(easy, "Content-Type")),
		.location = or_empty(HEADER(easy, "Location")),
		.request_id = or_empty(HEADER(easy, "X-Request-Id",
		                              "Request-Id", "X-Correlation-Id",
		                              "X-Amzn-RequestId")),
		.problem = problem_of(transfer, code),
		.tries = transfer->tries,
		.sent_ms = transfer->sent_ms,
	};
	*hints = (struct pace_hints){ 0 };
	if (answer->outcome != HTTP_ANSWERED)
		return;
	answer->status = (int)status;
	hints->status = (int)status;
	read_hints(easy, hints);
}

/* What the next try would not mend. */
static bool is_final(const struct transfer *transfer, CURLcode code)
{
	static const CURLcode final[] = { CURLE_PEER_FAILED_VERIFICATION,
		                          CURLE_SSL_CACERT_BADFILE,
		                          CURLE_UNSUPPORTED_PROTOCOL,
		                          CURLE_URL_MALFORMAT };

	for (size_t i = 0; i < LENGTH(final); i++) {
		if (code == final[i])
			return true;
	}
	return transfer->too_large || transfer->not_public;
}

static bool is_passing(const struct transfer *transfer, CURLcode code,
                       const struct http_answer *answer)
{
	if (answer->outcome != HTTP_ANSWERED)
		return !is_final(transfer, code);
	return answer->status == 408 || answer->status >= 500;
}

bool transfer_may_retry(struct transfer *transfer, CURLcode code,
                        const struct http_answer *answer,
                        const struct pace_hints *hints, unsigned *failures)
{
	const bool told = hints->retry_after || hints->retry_after_ms;

	*failures = 0;
	if (transfer->flags & HTTP_ONCE)
		return false;
	if (answer->outcome == HTTP_ANSWERED && answer->status == 429) {
		transfer->refusals++;
		/* The first time the platform's own word is enough. */
		if (!told || transfer->refusals > 1)
			*failures = transfer->refusals;
		return transfer->refusals < LIMIT_REFUSED_TRIES;
	}
	if (!(transfer->flags & HTTP_READ) ||
	    !is_passing(transfer, code, answer))
		return false;
	transfer->failures++;
	*failures = transfer->failures;
	return transfer->failures < LIMIT_READ_TRIES;
}
