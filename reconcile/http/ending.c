/* SPDX-License-Identifier: MIT */
/* The end of a try: what came of it, and whether another could end better. */
#include "http/transfer.h"

#include "base/limits.h"
#include "base/text.h"

enum { ROUGHLY_MS = 50 };

/* The headers that are read; of those that mean the same the first that is
 * there counts. */
enum header {
	CONTENT_TYPE,
	LOCATION,
	X_REQUEST_ID,
	REQUEST_ID,
	X_CORRELATION_ID,
	X_AMZN_REQUESTID,
	RETRY_AFTER,
	RETRY_AFTER_MS,
	X_RATELIMIT_REMAINING,
	RATELIMIT_REMAINING,
	X_RATELIMIT_RESET,
	RATELIMIT_RESET,
	DATE,
	HEADERS
};

static const char *const header_names[HEADERS] = {
	[CONTENT_TYPE] = "Content-Type",
	[LOCATION] = "Location",
	[X_REQUEST_ID] = "X-Request-Id",
	[REQUEST_ID] = "Request-Id",
	[X_CORRELATION_ID] = "X-Correlation-Id",
	[X_AMZN_REQUESTID] = "X-Amzn-RequestId",
	[RETRY_AFTER] = "Retry-After",
	[RETRY_AFTER_MS] = "Retry-After-Ms",
	[X_RATELIMIT_REMAINING] = "X-RateLimit-Remaining",
	[RATELIMIT_REMAINING] = "RateLimit-Remaining",
	[X_RATELIMIT_RESET] = "X-RateLimit-Reset",
	[RATELIMIT_RESET] = "RateLimit-Reset",
	[DATE] = "Date",
};

/* Letters of a name differ in this bit by their case. */
enum { CASE_BIT = 0x20 };

static bool is_named(const struct curl_header *header, const char *name)
{
	return ((header->name[0] ^ name[0]) & ~CASE_BIT) == 0 &&
	       curl_strequal(header->name, name);
}

/* In one pass: asking for each by its name costs as many. */
static void find_headers(CURL *easy, const char *values[HEADERS])
{
	struct curl_header *header = NULL;

	while ((header =
	                curl_easy_nextheader(easy, CURLH_HEADER, -1, header))) {
		for (size_t i = 0; i < HEADERS; i++) {
			if (!values[i] && is_named(header, header_names[i]))
				values[i] = header->value;
		}
	}
}

/* The first of several, "" is there too; NULL: none is. */
static const char *first_of(const char *const *values, enum header from,
                            enum header to)
{
	for (unsigned i = from; i <= to; i++) {
		if (values[i])
			return values[i];
	}
	return NULL;
}

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

static struct pace_hints hints_of(const char *const *headers, int status)
{
	return (struct pace_hints){
		.status = status,
		.retry_after = headers[RETRY_AFTER],
		.retry_after_ms = headers[RETRY_AFTER_MS],
		.remaining = first_of(headers, X_RATELIMIT_REMAINING,
		                      RATELIMIT_REMAINING),
		.reset = first_of(headers, X_RATELIMIT_RESET, RATELIMIT_RESET),
		.date = headers[DATE],
	};
}

void transfer_end(struct transfer *transfer, CURLcode code,
                  struct http_answer *answer, struct pace_hints *hints)
{
	CURL *easy = transfer->easy;
	const char *headers[HEADERS] = { NULL };
	long status = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	find_headers(easy, headers);
	*answer = (struct http_answer){
		.outcome = outcome_of(transfer, code),
		.body = or_empty(transfer->answer.bytes),
		.body_length = transfer->answer.length,
		.content_type = or_empty(headers[CONTENT_TYPE]),
		.location = or_empty(headers[LOCATION]),
		.request_id = or_empty(
			first_of(headers, X_REQUEST_ID, X_AMZN_REQUESTID)),
		.problem = problem_of(transfer, code),
		.tries = transfer->tries,
		.sent_ms = transfer->sent_ms,
	};
	*hints = (struct pace_hints){ 0 };
	if (answer->outcome != HTTP_ANSWERED)
		return;
	answer->status = (int)status;
	*hints = hints_of(headers, answer->status);
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
