/* SPDX-License-Identifier: MIT */
/*
 * HTTP: one loop of parallel requests to one origin, and a small server.
 *
 * http_client_new() -> http_client_submit()* -> http_client_run() -> free
 *
 * The client (libcurl multi, in a module that is opened here and not before)
 * keeps connections alive, verifies TLS, follows no redirect, reads no netrc,
 * keeps no cookie, speaks http: only to loopback, and knows the platform's
 * pace. It never decides what an answer means, but it knows one thing that
 * only it can know: whether a request can have reached the server.
 *
 * The server half (libmicrohttpd) is a part of its own, room_http_server; it
 * serves the sandbox and tests, on 127.0.0.1 only.
 */
#ifndef RECONCILE_HTTP_HTTP_H
#define RECONCILE_HTTP_HTTP_H

#include "base/chance.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/file.h"

#include <stdbool.h>
#include <stdint.h>

struct sockaddr;

/* ---- client ---- */

struct http_client;

struct http_settings {
	const struct clock *clock;
	struct chance chance; /* of jitter; zero: the system's */
	const char *user_agent;
	int64_t connect_timeout_ms; /* 0: 10,000 */
	int64_t timeout_ms;         /* of one request; 0: 60,000 */
	unsigned parallelism;       /* requests in flight; 0: 8 */
	double max_rps;             /* requests a second; 0: no limit of ours */
	size_t body_limit_bytes;    /* of one answer; 0: LIMIT_BODY_BYTES */
	const char *ca_file;        /* NULL: the system's */
	/* Only public addresses are connected to, whatever a name resolves to
	 * at that moment, and so without a proxy, which would look the name up
	 * itself; of a loopback origin only this machine's (threats T14). */
	bool public_only;
	/* Asked between turns of the loop; true: start nothing new. */
	bool (*stopping)(void *context);
	void *stopping_context;
	/* One line per request for --debug: method, path without query,
	 * status, request id, times; never a body or a header's value. NULL:
	 * no trace. */
	FILE *trace;
};

struct http_header {
	const char *name, *value;
};

enum http_flags {
	/* A read: retried with backoff on 408, 429, 5xx and broken
	 * connections, LIMIT_READ_TRIES in all. Without it only 429, which
	 * says that nothing was done, is sent again. */
	HTTP_READ = 1 << 0,
	/* Sent once at most: a 429 is the answer, too. */
	HTTP_ONCE = 1 << 1,
};

/* Everything is copied by http_client_submit(); the copies of headers and body
 * are wiped when the request is done. */
struct http_request {
	const char *method; /* "GET" */
	const char *url;    /* absolute; sent as it is, no path squashing */
	const struct http_header *headers;
	size_t header_count;
	const char *body; /* NULL: none */
	size_t body_length;
	enum http_flags flags;
};

enum http_outcome {
	HTTP_ANSWERED, /* a whole answer: see status */
	HTTP_UNSENT,   /* the server cannot have seen it */
	HTTP_UNKNOWN,  /* sent, or partly; no whole answer came back */
	HTTP_ABANDONED /* never started: stopping */
};

/* Borrowed by the callback for its duration. */
struct http_answer {
	enum http_outcome outcome;
	int status;
	const char *body; /* NUL-terminated; may be empty */
	size_t body_length;
	const char *content_type; /* "" when there is none */
	const char *location;     /* where a redirect leads; "" */
	const char *request_id;   /* x-request-id and its kin; "" */
	const char *problem;      /* why not HTTP_ANSWERED, one line; "" */
	unsigned tries;
	int64_t sent_ms, done_ms; /* steady clock */
};

typedef void http_done_fn(const struct http_answer *answer, void *context);

/*
 * NULL after reporting: CODE_NETWORK_MODULE when the module does not open,
 * CODE_BAD_URL when `origin` (scheme://host[:port], what the platform room
 * allowed) is http: and not loopback, or no URL.
 */
struct http_client *http_client_new(const char *origin,
                                    const struct http_settings *settings,
                                    struct diag *diag) MUST_CHECK;
void http_client_free(struct http_client *client);
DEFINE_CLEANUP(http_client)

/* Queues one; `done` is called from http_client_run(), exactly once, and may
 * submit more. A URL of another origin is an assertion. */
void http_client_submit(struct http_client *client,
                        const struct http_request *request, http_done_fn *done,
                        void *context);

/* Runs until nothing is queued or in flight. While `stopping` says true what
 * is queued ends as HTTP_ABANDONED; what is in flight has 10 s. */
void http_client_run(struct http_client *client);

/* One turn of the loop: starts what may start, waits at most `wait_ms`, calls
 * what is done. Returns how many are queued or in flight. */
size_t http_client_turn(struct http_client *client, int64_t wait_ms);

/* Requests sent since the client was made, retries included. */
uint64_t http_client_sent(const struct http_client *client);

/* Why the next request waits ("rate limit, 12 s"), or NULL. Borrowed until the
 * next turn. */
const char *http_client_waiting(const struct http_client *client);

/* Percent-encodes everything but unreserved characters (RFC 3986 2.3); dots
 * are left, so callers check ids for "." and ".." first. */
char *http_escape(const char *text) MUST_CHECK;

/* "https://host:8443" of a URL, lower case, default port left out; NULL when
 * `url` is no absolute http(s) URL or carries user-info. No network module is
 * needed. */
char *http_origin(const char *url) MUST_CHECK;
/* `hosts` are "host", "host:port" or whole origins; those without a scheme are
 * https. */
bool http_is_among(const char *origin, const char *const *hosts, size_t count);
/* True for http(s)://127.0.0.1, [::1] and localhost, any port. */
bool http_is_loopback(const char *origin);

/* False for addresses of this machine, private and shared networks, links,
 * metadata services, documentation and multicast, also inside IPv6 forms of
 * IPv4 addresses. */
bool http_is_public(const struct sockaddr *address);
bool http_is_own(const struct sockaddr *address); /* 127/8, ::1 */

/* ---- server (room_http_server) ---- */

struct http_server;

struct http_call {
	const char *method, *path; /* path percent-decoded once, no query */
	const char *raw_path;      /* as sent, with the query */
	const char *body;          /* "" when none; NUL-terminated */
	size_t body_length;
	void *handle; /* for http_call_* */
	/* It is served a second time, long after: see `again_ms`. */
	const struct http_kept *kept; /* NULL: the first time */
};

/* NULL when there is none; "" for a query `?name`. Borrowed for the call. */
const char *http_call_header(const struct http_call *call, const char *name);
const char *http_call_query(const struct http_call *call, const char *name);
/* How many there are, known or not, repeated ones too. */
size_t http_call_query_count(const struct http_call *call);
/* Visits each, as it was sent; the value of `?name` is "". */
typedef void http_query_fn(const char *name, const char *value, void *context);
void http_call_each_query(const struct http_call *call, http_query_fn *visit,
                          void *context);

enum http_fate {
	HTTP_FATE_ANSWER, /* send the reply */
	HTTP_FATE_RESET,  /* close the connection without a byte */
	HTTP_FATE_CUT     /* send half of what the head announces, then close */
};

/* What the handler fills in; zeroed before. The server frees body. */
struct http_reply {
	int status;
	char *body;
	size_t body_length;
	struct http_header headers[16]; /* alive until the next call */
	size_t header_count;
	enum http_fate fate;
	int64_t delay_ms; /* before it is sent, or the connection reset */
	/* Above 0: the request is served once more, that much later, whatever
	 * has become of its connection; the reply then goes nowhere. */
	int64_t again_ms;
	bool hurried; /* all that waits, for this or a delay, goes on now */
};

typedef void http_serve_fn(const struct http_call *call,
                           struct http_reply *reply, void *context);

/*
 * Listens on 127.0.0.1:`port` (0: the system chooses) and answers from one
 * thread of its own, so that handlers never run at the same time. Bodies over
 * 10 MiB (413) and paths that do not decode (400) do not come to the handler;
 * a delayed reply keeps no other waiting. NULL after reporting CODE_LISTEN.
 */
struct http_server *http_server_start(unsigned port, http_serve_fn *serve,
                                      void *context, struct diag *diag)
	MUST_CHECK;
unsigned http_server_port(const struct http_server *server);
void http_server_stop(struct http_server *server);

#endif
