/* SPDX-License-Identifier: MIT */
/*
 * Raw server: answers each request with the next step of a script, byte for
 * byte, and so can misbehave in ways no HTTP library would.
 *
 * One thread serves one connection after the other; clients with more than one
 * request in flight must not be used on it.
 */
#ifndef TESTS_UNIT_RAW_SERVER_H
#define TESTS_UNIT_RAW_SERVER_H

#include "unit.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

enum raw_then {
	RAW_KEEP,  /* wait for the next request */
	RAW_CLOSE, /* FIN */
	RAW_RESET, /* RST */
	RAW_STALL, /* nothing more, until the client goes away */
};

struct raw_step {
	const char *answer; /* NULL: none */
	enum raw_then then;
};

enum { RAW_REQUESTS = 64 };

/* Read `requests` and the counts when the server has stopped. */
struct raw_server {
	int fd, stop_fd;
	unsigned port;
	pthread_t thread;
	const struct raw_step *steps; /* the last one repeats */
	size_t step_count;
	char *requests[RAW_REQUESTS]; /* header and body */
	size_t request_count, connection_count;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t closed_count;
};

/* False when nothing comes any more. */
static inline bool raw_wait(const struct raw_server *server, int fd)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
		                { .fd = server->stop_fd, .events = POLLIN } };

	return poll(fds, 2, -1) > 0 && !fds[1].revents;
}

static inline size_t raw_body_length(const char *request)
{
	const char *header = strcasestr(request, "\r\ncontent-length:");

	return header ? strtoul(header + strlen("\r\ncontent-length:"), NULL,
	                        10)
	              : 0;
}

static inline bool raw_is_whole(const char *request, size_t length)
{
	const char *end = strstr(request, "\r\n\r\n");

	return end &&
	       length >= (size_t)(end - request) + 4 + raw_body_length(request);
}

/* NULL when the client went away first. */
static inline char *raw_read(const struct raw_server *server, int fd)
{
	char *request = xcalloc(1, 1);
	size_t length = 0;

	while (!raw_is_whole(request, length)) {
		char bytes[4096];
		ssize_t count = raw_wait(server, fd)
		                        ? recv(fd, bytes, sizeof(bytes), 0)
		                        : 0;

		if (count <= 0) {
			free(request);
			return NULL;
		}
		request = xreallocarray(request, length + (size_t)count + 1, 1);
		memcpy(request + length, bytes, (size_t)count);
		length += (size_t)count;
		request[length] = '\0';
	}
	return request;
}

static inline void raw_send(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = send(fd, bytes, length, MSG_NOSIGNAL);

		if (count <= 0)
			return;
		bytes += count;
		length -= (size_t)count;
	}
}

static inline const struct raw_step *raw_next(struct raw_server *server,
                                              char *request)
{
	size_t index = server->request_count;

	assert(index < RAW_REQUESTS);
	server->requests[server->request_count++] = request;
	return &server->steps[index < server->step_count
	                              ? index
	                              : server->step_count - 1];
}

static inline void raw_reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static inline void raw_serve(struct raw_server *server, int fd)
{
	const struct raw_step *step;
	char byte;

	do {
		char *request = raw_read(server, fd);

		if (!request)
			return;
		step = raw_next(server, request);
		if (step->answer)
			raw_send(fd, step->answer, strlen(step->answer));
		if (step->then == RAW_RESET)
			raw_reset(fd);
		while (step->then == RAW_STALL && raw_wait(server, fd) &&
		       recv(fd, &byte, 1, 0) > 0)
			;
	} while (step->then == RAW_KEEP);
}

static inline void *raw_loop(void *context)
{
	struct raw_server *server = context;

	while (raw_wait(server, server->fd)) {
		int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);

		server->connection_count++;
		raw_serve(server, fd);
		(void)close(fd);
		(void)pthread_mutex_lock(&server->lock);
		server->closed_count++;
		(void)pthread_cond_broadcast(&server->changed);
		(void)pthread_mutex_unlock(&server->lock);
	}
	return NULL;
}

/* Until so many connections were closed by the server. */
static inline void raw_server_wait_closed(struct raw_server *server,
                                          size_t count)
{
	(void)pthread_mutex_lock(&server->lock);
	while (server->closed_count < count)
		(void)pthread_cond_wait(&server->changed, &server->lock);
	(void)pthread_mutex_unlock(&server->lock);
}

static inline void raw_server_start(struct raw_server *server,
                                    const struct raw_step *steps, size_t count)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);

	*server = (struct raw_server){
		.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		.stop_fd = eventfd(0, EFD_CLOEXEC),
		.steps = steps,
		.step_count = count,
	};
	(void)pthread_mutex_init(&server->lock, NULL);
	(void)pthread_cond_init(&server->changed, NULL);
	assert_int_equal(bind(server->fd, (const void *)&address, length), 0);
	assert_int_equal(listen(server->fd, 16), 0);
	assert_int_equal(getsockname(server->fd, (void *)&address, &length), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(
		pthread_create(&server->thread, NULL, raw_loop, server), 0);
}

static inline void raw_server_stop(struct raw_server *server)
{
	const uint64_t one = 1;

	if (server->stop_fd < 0)
		return;
	assert_int_equal(write(server->stop_fd, &one, sizeof(one)), 8);
	(void)pthread_join(server->thread, NULL);
	(void)close(server->fd);
	(void)close(server->stop_fd);
	server->stop_fd = -1;
}

static inline void raw_server_release(struct raw_server *server)
{
	raw_server_stop(server);
	for (size_t i = 0; i < server->request_count; i++)
		free(server->requests[i]);
	(void)pthread_mutex_destroy(&server->lock);
	(void)pthread_cond_destroy(&server->changed);
}

#endif
