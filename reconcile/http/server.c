/* SPDX-License-Identifier: MIT */
/*
 * One thread turns libmicrohttpd's loop: requests, handlers and delayed
 * replies all happen in it, so nothing here is locked. A delayed reply is
 * ready before its connection is suspended; the loop resumes it in time.
 */
#include "http/server.h"

#include "base/clock.h"
#include "base/text.h"
#include "schema/codes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

enum {
	BODY_LIMIT_BYTES = 10 << 20,
	IDLE_TIMEOUT_S = 120,
	CONNECTION_LIMIT = 1000,
	LONGEST_WAIT_MS = 60000,
};

struct http_server {
	struct MHD_Daemon *daemon;
	http_serve_fn *serve;
	void *context;
	struct exchange *delayed; /* a list, in no order */
	struct http_kept *kept;   /* likewise */
	pthread_t thread;
	bool started;
	int loop_fd; /* libmicrohttpd's; not ours to close */
	int stop_fd;
};

/* One request and its reply. */
struct exchange {
	struct http_server *server;
	struct MHD_Connection *connection;
	char *raw_path, *path; /* path NULL: it does not decode */
	char *body;
	size_t body_length, body_capacity;
	bool begun;      /* the headers were seen */
	int refusal;     /* a status, before the handler is asked */
	unsigned status; /* of `response` */
	struct MHD_Response *response; /* ready, waiting to be sent */
	bool doomed;                   /* waiting to be reset */
	int64_t due_ms;
	struct exchange *next; /* in `delayed` */
};

static int64_t now_ms(void)
{
	return clock_system()->steady_ms(clock_system());
}

/* The value of a hexadecimal digit, or -1. */
static int digit_value(char digit)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = digit ? strchr(digits, digit) : NULL;
	int value = at ? (int)(at - digits) : -1;

	return value > 15 ? value - 6 : value;
}

/* Decodes what stands before the query; NULL when an escape is broken or
 * stands for NUL. */
static char *decode_path(const char *raw)
{
	size_t length = strcspn(raw, "?");
	CLEANUP(textp) char *path = xmalloc(length + 1);
	char *out = path;

	for (size_t i = 0; i < length; i++) {
		*out = raw[i];
		if (raw[i] == '%') {
			int high = digit_value(raw[i + 1]);
			int low = high < 0 ? -1 : digit_value(raw[i + 2]);

			if (low < 0 || high + low == 0)
				return NULL;
			*out = (char)(high << 4 | low);
			i += 2;
		}
		out++;
	}
	*out = '\0';
	return TAKE(path);
}

/* libmicrohttpd asks here first, with the target as it was sent. */
static void *begin_exchange(void *context, const char *target,
                            struct MHD_Connection *connection)
{
	struct exchange *exchange = xcalloc(1, sizeof(*exchange));

	exchange->server = context;
	exchange->connection = connection;
	exchange->raw_path = xstrdup(target);
	exchange->path = decode_path(target);
	return exchange;
}

static void forget_delay(struct exchange *exchange)
{
	struct exchange **link = &exchange->server->delayed;

	while (*link && *link != exchange)
		link = &(*link)->next;
	if (*link)
		*link = exchange->next;
}

static void end_exchange(void *context, struct MHD_Connection *connection,
                         void **state,
                         enum MHD_RequestTerminationCode termination)
{
	struct exchange *exchange = *state;

	(void)context;
	(void)connection;
	(void)termination;
	*state = NULL;
	if (!exchange)
		return;
	forget_delay(exchange);
	if (exchange->response)
		MHD_destroy_response(exchange->response);
	free(exchange->raw_path);
	free(exchange->path);
	free(exchange->body);
	free(exchange);
}

static enum MHD_Result send_response(struct exchange *exchange)
{
	return MHD_queue_response(exchange->connection, exchange->status,
	                          exchange->response);
}

static void delay(struct exchange *exchange, int64_t delay_ms)
{
	exchange->due_ms = now_ms() + delay_ms;
	exchange->next = exchange->server->delayed;
	exchange->server->delayed = exchange;
	MHD_suspend_connection(exchange->connection);
}

static enum MHD_Result refuse(struct exchange *exchange)
{
	exchange->status = (unsigned)exchange->refusal;
	exchange->response = MHD_create_response_from_buffer(
		0, NULL, MHD_RESPMEM_PERSISTENT);
	return send_response(exchange);
}

static void keep(struct http_server *server, const struct http_call *call,
                 int64_t again_ms)
{
	struct http_kept *kept = kept_new(call, now_ms() + again_ms);

	kept->next = server->kept;
	server->kept = kept;
}

/* Serves what was kept and is due. Its reply is nobody's. */
static void serve_kept(struct http_server *server, int64_t until_ms)
{
	struct http_kept **link = &server->kept;

	while (*link) {
		struct http_kept *kept = *link;
		struct http_reply reply = { 0 };

		if (kept->due_ms > until_ms) {
			link = &kept->next;
			continue;
		}
		*link = kept->next;
		server->serve(&kept->call, &reply, server->context);
		free(reply.body);
		kept_free(kept);
	}
}

static enum MHD_Result end_with_reset(struct exchange *exchange,
                                      struct http_reply *reply)
{
	free(reply->body);
	if (reply->delay_ms <= 0)
		return fate_reset(exchange->connection);
	exchange->doomed = true;
	delay(exchange, reply->delay_ms);
	return MHD_YES;
}

static enum MHD_Result call_handler(struct exchange *exchange,
                                    const char *method)
{
	struct http_reply reply = { 0 };
	const struct http_call call = {
		.method = method,
		.path = exchange->path,
		.raw_path = exchange->raw_path,
		.body = exchange->body ? exchange->body : "",
		.body_length = exchange->body_length,
		.handle = exchange->connection,
	};

	exchange->server->serve(&call, &reply, exchange->server->context);
	if (reply.again_ms > 0)
		keep(exchange->server, &call, reply.again_ms);
	if (reply.hurried)
		serve_kept(exchange->server, INT64_MAX);
	if (reply.fate == HTTP_FATE_RESET)
		return end_with_reset(exchange, &reply);
	exchange->status = (unsigned)reply.status;
	exchange->response = fate_response(&reply);
	if (reply.delay_ms <= 0)
		return send_response(exchange);
	delay(exchange, reply.delay_ms);
	return MHD_YES;
}

/* The first call for a request, with nothing but its headers: what cannot be
 * served is refused before its body is sent. */
static enum MHD_Result see_headers(struct exchange *exchange)
{
	const char *length = MHD_lookup_connection_value(
		exchange->connection, MHD_HEADER_KIND, "Content-Length");
	uint64_t bytes;

	exchange->begun = true;
	if (!exchange->path)
		exchange->refusal = MHD_HTTP_BAD_REQUEST;
	if (length && parse_uint(length, BODY_LIMIT_BYTES, &bytes) < 0)
		exchange->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
	return exchange->refusal ? refuse(exchange) : MHD_YES;
}

static void take_body(struct exchange *exchange, const char *bytes,
                      size_t length)
{
	size_t needed = exchange->body_length + length;

	if (needed > BODY_LIMIT_BYTES) { /* sent in chunks, so not announced */
		exchange->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
		return;
	}
	if (needed + 1 > exchange->body_capacity) {
		exchange->body_capacity = needed * 2 + 1;
		exchange->body = xreallocarray(exchange->body,
		                               exchange->body_capacity, 1);
	}
	memcpy(exchange->body + exchange->body_length, bytes, length);
	exchange->body_length = needed;
	exchange->body[needed] = '\0';
}

static enum MHD_Result take_request(void *context,
                                    struct MHD_Connection *connection,
                                    const char *url, const char *method,
                                    const char *version, const char *upload,
                                    size_t *upload_length, void **state)
{
	struct exchange *exchange = *state;

	(void)context;
	(void)connection;
	(void)url;
	(void)version;
	if (!exchange->begun)
		return see_headers(exchange);
	if (exchange->doomed) /* resumed: its time has come */
		return fate_reset(exchange->connection);
	if (exchange->response)
		return send_response(exchange);
	if (*upload_length) {
		take_body(exchange, upload, *upload_length);
		*upload_length = 0;
		return MHD_YES;
	}
	if (exchange->refusal)
		return refuse(exchange);
	return call_handler(exchange, method);
}

/* Resumes the connections whose delay is over; INT64_MAX: all. */
static void resume_due(struct http_server *server, int64_t until_ms)
{
	struct exchange **link = &server->delayed;

	while (*link) {
		struct exchange *exchange = *link;

		if (exchange->due_ms > until_ms) {
			link = &exchange->next;
			continue;
		}
		*link = exchange->next;
		MHD_resume_connection(exchange->connection);
	}
}

static int wait_time_ms(const struct http_server *server)
{
	int64_t now = now_ms(), wait_ms = LONGEST_WAIT_MS;
	MHD_UNSIGNED_LONG_LONG wanted_ms;

	for (const struct exchange *each = server->delayed; each;
	     each = each->next) {
		if (each->due_ms - now < wait_ms)
			wait_ms = each->due_ms - now;
	}
	for (const struct http_kept *each = server->kept; each;
	     each = each->next) {
		if (each->due_ms - now < wait_ms)
			wait_ms = each->due_ms - now;
	}
	if (MHD_get_timeout(server->daemon, &wanted_ms) == MHD_YES &&
	    wanted_ms < LONGEST_WAIT_MS && (int64_t)wanted_ms < wait_ms)
		wait_ms = (int64_t)wanted_ms;
	return wait_ms > 0 ? (int)wait_ms : 0;
}

/* What was resumed goes on in the MHD_run() right after. */
static void *turn_loop(void *context)
{
	struct http_server *server = context;
	struct pollfd fds[] = {
		{ .fd = server->loop_fd, .events = POLLIN },
		{ .fd = server->stop_fd, .events = POLLIN },
	};

	while (!(fds[1].revents & POLLIN)) {
		(void)poll(fds, LENGTH(fds), wait_time_ms(server));
		serve_kept(server, now_ms());
		resume_due(server, now_ms());
		(void)MHD_run(server->daemon);
	}
	resume_due(server, INT64_MAX);
	return NULL;
}

static int unable(unsigned port, struct diag *diag)
{
	return diag_error(diag, CODE_LISTEN, PLACE_NONE,
	                  "`127.0.0.1:%u` cannot be listened on: %s; choose "
	                  "another port, or 0 for any free one",
	                  port, strerror(errno));
}

static struct MHD_Daemon *listen_on(struct http_server *server, unsigned port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	/* What it sets when the port is taken, or out of range. */
	errno = EADDRNOTAVAIL;
	if (port > UINT16_MAX)
		return NULL;
	return MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)port, NULL,
		NULL, take_request, NULL, MHD_OPTION_SOCK_ADDR, &address,
		MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server,
		MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
		MHD_OPTION_END);
}

/* Signals are for the thread that started us. */
static int start_thread(struct http_server *server)
{
	sigset_t all, before;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	errno = pthread_create(&server->thread, NULL, turn_loop, server);
	server->started = errno == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return server->started ? 0 : -1;
}

static int start(struct http_server *server, unsigned port)
{
	server->daemon = listen_on(server, port);
	if (!server->daemon)
		return -1;
	server->loop_fd =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)
			->epoll_fd;
	server->stop_fd = eventfd(0, EFD_CLOEXEC);
	return server->stop_fd < 0 ? -1 : start_thread(server);
}

struct http_server *http_server_start(unsigned port, http_serve_fn *serve,
                                      void *context, struct diag *diag)
{
	struct http_server *server = xcalloc(1, sizeof(*server));

	server->serve = serve;
	server->context = context;
	server->stop_fd = -1;
	if (start(server, port) < 0) {
		(void)unable(port, diag);
		http_server_stop(server);
		return NULL;
	}
	return server;
}

unsigned http_server_port(const struct http_server *server)
{
	return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)
	        ->port;
}

void http_server_stop(struct http_server *server)
{
	if (!server)
		return;
	if (server->started) {
		(void)eventfd_write(server->stop_fd, 1);
		(void)pthread_join(server->thread, NULL);
	}
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	if (server->stop_fd >= 0)
		(void)close(server->stop_fd);
	while (server->kept) {
		struct http_kept *kept = server->kept;

		server->kept = kept->next;
		kept_free(kept);
	}
	free(server);
}
