/* SPDX-License-Identifier: MIT */
/*
 * Whether a request can have reached the server is measured, not guessed from
 * libcurl's error: the callback before a request is sent notes how many bytes
 * were written so far, and a failed try that wrote none more was never sent.
 *
 * When a kept connection dies after a request was written on it, libcurl sends
 * the request again by itself. For a write that could do it twice: the same
 * callback sees the second time coming and ends the try instead.
 */
#include "http/transfer.h"
#include "http/options.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	FIRST_BYTES = 16 << 10,
	/* An answer that hardly comes any more: for this share of the timeout,
	 * as libcurl measures it over some seconds. */
	STALL_SHARE = 4,
	/* What libcurl reads at once, allocates for each try and wipes. */
	LIST_BUFFER_BYTES = 64 << 10,
	OBJECT_BUFFER_BYTES = 4 << 10,
	/* Idle longer, a connection is not used for a write: the other end may
	 * be closing it at this moment. */
	WRITE_IDLE_S = 4,
	READ_IDLE_S = 60,
	/* As options.c says to libcurl where it parses by itself. */
	URL_FLAGS = CURLU_PATH_AS_IS | CURLU_DISALLOW_USER,
};

/* ---- what was asked ---- */

enum {
	OWN_HEADERS = 3,
	/* libcurl asks before larger ones: 1,024 bytes once, a MiB now. */
	UNASKED_BODY_BYTES = 1000,
};

struct headers {
	const struct http_request *request;
	struct http_header own[OWN_HEADERS]; /* before those asked for */
	size_t own_count;
};

static void add_own(struct headers *headers, const char *name,
                    const char *value)
{
	headers->own[headers->own_count++] =
		(struct http_header){ name, value };
}

/*
 * As few as will do: libcurl writes them byte by byte, a sixth of what a
 * request costs. User-Agent is no CURLOPT_USERAGENT, which it writes twice.
 * What answers a body is small, and nobody packs that unasked; other answers
 * are lists and pages. Without an empty Expect, which is then not sent, large
 * bodies wait a second.
 */
static struct headers all_headers(const struct http_request *request,
                                  const char *user_agent)
{
	struct headers headers = { .request = request };

	if (user_agent)
		add_own(&headers, "User-Agent", user_agent);
	if (!request->body)
		add_own(&headers, "Accept-Encoding", "identity");
	if (request->body_length > UNASKED_BODY_BYTES)
		add_own(&headers, "Expect", "");
	return headers;
}

static size_t header_count(const struct headers *headers)
{
	return headers->own_count + headers->request->header_count;
}

static const struct http_header *header_at(const struct headers *headers,
                                           size_t index)
{
	const size_t own = headers->own_count;

	return index < own ? &headers->own[index]
	                   : &headers->request->headers[index - own];
}

/* One node and one line. */
static size_t header_size(const struct http_header *header)
{
	return sizeof(struct curl_slist) + strlen(header->name) + strlen(": ") +
	       strlen(header->value) + 1;
}

/* All of them in one piece: curl_slist_append() would copy each line once more
 * and leave it, and the key in it, behind. */
static void copy_headers(struct transfer *transfer,
                         const struct headers *headers)
{
	const size_t count = header_count(headers);
	struct curl_slist *list;
	char *at;

	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		transfer->headers_size += header_size(header_at(headers, i));
	list = xmalloc(transfer->headers_size);
	at = (char *)(list + count);
	for (size_t i = 0; i < count; i++) {
		const struct http_header *header = header_at(headers, i);

		list[i] = (struct curl_slist){ at, &list[i + 1] };
		at = stpcpy(stpcpy(at, header->name), ": ");
		at = stpcpy(at, header->value) + 1;
	}
	list[count - 1].next = NULL;
	transfer->headers = list;
}

struct transfer *transfer_new(const struct http_request *request,
                              const char *user_agent, http_done_fn *done,
                              void *context)
{
	struct transfer *transfer = xcalloc(1, sizeof(*transfer));
	const struct headers headers = all_headers(request, user_agent);

	transfer->method = xstrdup(request->method);
	transfer->url = xstrdup(request->url);
	transfer->flags = request->flags;
	transfer->done = done;
	transfer->context = context;
	copy_headers(transfer, &headers);
	if (!request->body)
		return transfer;
	transfer->body = xmalloc(request->body_length + 1);
	memcpy(transfer->body, request->body, request->body_length);
	transfer->body[request->body_length] = '\0';
	transfer->body_length = request->body_length;
	return transfer;
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	if (transfer->headers)
		explicit_bzero(transfer->headers, transfer->headers_size);
	free(transfer->headers);
	if (transfer->body)
		explicit_bzero(transfer->body, transfer->body_length);
	free(transfer->body);
	buffer_wipe(&transfer->answer);
	free(transfer->method);
	free(transfer->url);
	free(transfer);
}

/* ---- callbacks of a try ---- */

curl_off_t transfer_bytes_sent(CURL *easy)
{
	long bytes = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
	return bytes;
}

static int before_sending(void *context, char *their_address, char *our_address,
                          int their_port, int our_port)
{
	struct transfer *transfer = context;
	const curl_off_t bytes = transfer_bytes_sent(transfer->easy);

	(void)their_address;
	(void)our_address;
	(void)their_port;
	(void)our_port;
	if (transfer->connected && bytes > transfer->sent_before &&
	    !(transfer->flags & HTTP_READ))
		return CURL_PREREQFUNC_ABORT;
	transfer->connected = true;
	transfer->sent_before = bytes;
	return CURL_PREREQFUNC_OK;
}

/* The address is the one that is about to be connected to: a name that leads
 * elsewhere by now, or a number that only looks like a name, ends here. */
static curl_socket_t open_socket(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
	struct transfer *transfer = context;

	(void)purpose;
	if ((transfer->reach == REACH_PUBLIC &&
	     !http_is_public(&address->addr)) ||
	    (transfer->reach == REACH_OWN && !http_is_own(&address->addr))) {
		transfer->not_public = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	              address->protocol);
}

/* Doubling would leave half-wiped copies; Content-Length spares it. */
static void make_room(struct transfer *transfer, size_t needed)
{
	size_t capacity = transfer->capacity ? transfer->capacity : FIRST_BYTES;
	char *bytes;

	if (needed <= transfer->capacity)
		return;
	while (capacity < needed)
		capacity *= 2;
	bytes = xmalloc(capacity);
	if (transfer->answer.length)
		memcpy(bytes, transfer->answer.bytes, transfer->answer.length);
	if (transfer->answer.bytes)
		explicit_bzero(transfer->answer.bytes, transfer->answer.length);
	free(transfer->answer.bytes);
	transfer->answer.bytes = bytes;
	transfer->capacity = capacity;
}

static void expect_length(struct transfer *transfer)
{
	curl_off_t length = -1;

	(void)curl_easy_getinfo(transfer->easy,
	                        CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (length > 0 && (size_t)length <= transfer->limit_bytes &&
	    !transfer->capacity) {
		transfer->capacity = (size_t)length + 1;
		transfer->answer.bytes = xmalloc(transfer->capacity);
	}
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct buffer *answer = &transfer->answer;
	const size_t length = size * count;

	if (length > transfer->limit_bytes - answer->length) {
		transfer->too_large = true;
		return CURL_WRITEFUNC_ERROR;
	}
	expect_length(transfer);
	make_room(transfer, answer->length + length + 1);
	memcpy(answer->bytes + answer->length, bytes, length);
	answer->length += length;
	answer->bytes[answer->length] = '\0';
	return length;
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	const size_t length = size * count;
	const int64_t stall_s = transfer->timeout_ms / STALL_SHARE / 1000 + 1;

	(void)line;
	/* From its first byte on an answer may not stall; before it, the
	 * platform may think as long as the timeout allows. */
	if (transfer->header_bytes == 0)
		(void)curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_TIME,
		                       (long)stall_s);
	transfer->header_bytes += length;
	if (transfer->header_bytes > LIMIT_HEADER_BYTES) {
		transfer->too_large = true;
		return CURL_WRITEFUNC_ERROR;
	}
	return length;
}

/* ---- starting ---- */

static bool set_callbacks(CURL *easy)
{
	return SET(easy, CURLOPT_WRITEFUNCTION, take_body) ||
	       SET(easy, CURLOPT_HEADERFUNCTION, take_header) ||
	       SET(easy, CURLOPT_PREREQFUNCTION, before_sending) ||
	       SET(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
}

struct handle *handle_new(const char *origin,
                          const struct http_settings *settings)
{
	struct handle *handle = xcalloc(1, sizeof(*handle));

	handle->easy = curl_easy_init();
	handle->address = curl_url();
	if (!handle->easy || !handle->address || set_callbacks(handle->easy) ||
	    options_set(handle->easy, origin, settings) < 0)
		abort();
	return handle;
}

void handle_free(struct handle *handle)
{
	curl_easy_cleanup(handle->easy);
	curl_url_cleanup(handle->address);
	free(handle->url);
	free(handle->method);
	free(handle);
}

/* What cannot be parsed is left to the transfer, which then says so. */
static bool set_url(struct handle *handle, const char *url)
{
	CURLU *address = handle->address;

	if (handle->url && str_equal(handle->url, url))
		return false;
	free(handle->url);
	handle->url = xstrdup(url);
	if (curl_url_set(address, CURLUPART_URL, url, URL_FLAGS) != CURLUE_OK)
		address = NULL;
	return SET(handle->easy, CURLOPT_URL, url) ||
	       SET(handle->easy, CURLOPT_CURLU, address);
}

/* After the body, which makes a POST of it, or a GET. */
static bool name_method(struct handle *handle, const char *method)
{
	if (handle->method && str_equal(handle->method, method))
		return false;
	free(handle->method);
	handle->method = xstrdup(method);
	return SET(handle->easy, CURLOPT_CUSTOMREQUEST, method);
}

static bool set_method(CURL *easy, const struct transfer *transfer)
{
	if (!transfer->body)
		return SET(easy, CURLOPT_HTTPGET, 1L) ||
		       name_method(transfer->handle, transfer->method);
	return SET(easy, CURLOPT_POSTFIELDS, transfer->body) ||
	       SET(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	           (curl_off_t)transfer->body_length) ||
	       name_method(transfer->handle, transfer->method);
}

static bool set_request(CURL *easy, struct transfer *transfer)
{
	const bool reads = transfer->flags & HTTP_READ;

	/* Refused while it has one, as after a request over HTTP/2. */
	(void)curl_easy_setopt(
		easy, CURLOPT_BUFFERSIZE,
		(long)(reads ? LIST_BUFFER_BYTES : OBJECT_BUFFER_BYTES));
	return set_method(easy, transfer) ||
	       set_url(transfer->handle, transfer->url) ||
	       SET(easy, CURLOPT_HTTPHEADER, transfer->headers) ||
	       SET(easy, CURLOPT_MAXAGE_CONN,
	           (long)(reads ? READ_IDLE_S : WRITE_IDLE_S)) ||
	       SET(easy, CURLOPT_LOW_SPEED_TIME, 0L) ||
	       SET(easy, CURLOPT_ERRORBUFFER, transfer->words) ||
	       SET(easy, CURLOPT_WRITEDATA, transfer) ||
	       SET(easy, CURLOPT_HEADERDATA, transfer) ||
	       SET(easy, CURLOPT_PREREQDATA, transfer) ||
	       SET(easy, CURLOPT_OPENSOCKETDATA, transfer) ||
	       SET(easy, CURLOPT_PRIVATE, transfer);
}

void transfer_start(struct transfer *transfer, struct handle *handle,
                    size_t limit_bytes, int64_t timeout_ms)
{
	transfer->handle = handle;
	transfer->easy = handle->easy;
	transfer->connected = false;
	transfer->sent_before = 0;
	transfer->too_large = false;
	transfer->broken_off = false;
	transfer->not_public = false;
	transfer->header_bytes = 0;
	transfer->limit_bytes = limit_bytes;
	transfer->timeout_ms = timeout_ms;
	transfer->words[0] = '\0';
	transfer->tries++;
	/* Only running out of memory makes these fail. */
	if (set_request(handle->easy, transfer))
		abort();
}

/* ---- ending ---- */

struct handle *transfer_reset(struct transfer *transfer)
{
	struct handle *handle = transfer->handle;

	transfer->handle = NULL;
	transfer->easy = NULL;
	buffer_wipe(&transfer->answer);
	transfer->answer = (struct buffer){ 0 };
	transfer->capacity = 0;
	return handle;
}
