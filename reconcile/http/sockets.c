/* SPDX-License-Identifier: MIT */
#include "http/sockets.h"

#include "base/mem.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>

struct ready {
	curl_socket_t socket;
	int actions; /* CURL_CSELECT_… */
};

/* As many as there are where it is none of them. */
static size_t find(const struct sockets *sockets, curl_socket_t socket)
{
	size_t i = 0;

	while (i < sockets->count && sockets->items[i].fd != socket)
		i++;
	return i;
}

static void grow(struct sockets *sockets)
{
	const size_t before = sockets->capacity;

	sockets->items = xgrow(sockets->items, sockets->count,
	                       &sockets->capacity, sizeof(*sockets->items));
	if (sockets->capacity > before)
		sockets->ready =
			xreallocarray(sockets->ready, sockets->capacity,
		                      sizeof(*sockets->ready));
}

static short events_of(int what)
{
	static const short events[] = {
		[CURL_POLL_IN] = POLLIN,
		[CURL_POLL_OUT] = POLLOUT,
		[CURL_POLL_INOUT] = POLLIN | POLLOUT,
	};

	return what <= CURL_POLL_INOUT ? events[what] : 0;
}

/* libcurl says what it waits for. */
static int watch(CURL *easy, curl_socket_t socket, int what, void *context,
                 void *ours)
{
	struct sockets *sockets = context;
	const size_t at = find(sockets, socket);

	(void)easy;
	(void)ours;
	if (what == CURL_POLL_REMOVE) {
		if (at < sockets->count)
			sockets->items[at] = sockets->items[--sockets->count];
		return 0;
	}
	if (at == sockets->count) {
		grow(sockets);
		sockets->count++;
	}
	sockets->items[at] = (struct pollfd){
		.fd = socket,
		.events = events_of(what),
	};
	return 0;
}

void sockets_init(struct sockets *sockets, CURLM *multi)
{
	*sockets = (struct sockets){ .multi = multi };
	(void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
	(void)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, sockets);
}

void sockets_release(struct sockets *sockets)
{
	free(sockets->items);
	free(sockets->ready);
}

/* As libcurl reads what poll() says: a broken connection is one to read from,
 * which tells how it broke. */
static int actions_of(const struct pollfd *item)
{
	int actions = 0;

	if ((item->events & POLLIN) &&
	    (item->revents & (POLLIN | POLLERR | POLLHUP)))
		actions |= CURL_CSELECT_IN;
	if (!(item->events & POLLOUT))
		return actions;
	if (item->revents & POLLOUT)
		actions |= CURL_CSELECT_OUT;
	if (item->revents & (POLLERR | POLLHUP | POLLNVAL))
		actions |= CURL_CSELECT_ERR;
	return actions;
}

static void act(struct sockets *sockets, curl_socket_t socket, int actions)
{
	int running;

	if (curl_multi_socket_action(sockets->multi, socket, actions,
	                             &running) != CURLM_OK)
		abort();
}

/* Apart from the items, which change with each of them. */
static size_t collect(struct sockets *sockets)
{
	size_t count = 0;

	for (size_t i = 0; i < sockets->count; i++) {
		const struct pollfd *item = &sockets->items[i];
		const int actions = actions_of(item);

		if (item->revents)
			sockets->ready[count++] =
				(struct ready){ item->fd, actions };
	}
	return count;
}

/* Not longer than until libcurl wants to be asked. */
static int limit(const struct sockets *sockets, int64_t wait_ms)
{
	long timeout_ms = -1;

	(void)curl_multi_timeout(sockets->multi, &timeout_ms);
	if (timeout_ms >= 0 && timeout_ms < wait_ms)
		return timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX;
	return wait_ms < INT_MAX ? (int)wait_ms : INT_MAX;
}

void sockets_turn(struct sockets *sockets, int64_t wait_ms)
{
	size_t count = 0;

	if (poll(sockets->items, (nfds_t)sockets->count,
	         limit(sockets, wait_ms)) > 0)
		count = collect(sockets);
	for (size_t i = 0; i < count; i++)
		act(sockets, sockets->ready[i].socket,
		    sockets->ready[i].actions);
	act(sockets, CURL_SOCKET_TIMEOUT, 0);
}
