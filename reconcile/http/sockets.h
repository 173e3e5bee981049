/* SPDX-License-Identifier: MIT */
/*
 * Sockets: what libcurl waits for, watched by one poll() a turn.
 *
 * curl_multi_perform() asks the kernel once more for each transfer that is in
 * flight, ready or not: a sixth of what a loop of small requests costs.
 */
#ifndef RECONCILE_HTTP_SOCKETS_H
#define RECONCILE_HTTP_SOCKETS_H

#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

struct pollfd;

struct sockets {
	CURLM *multi;
	struct pollfd *items;
	size_t count, capacity;
	struct ready *ready; /* as many as `items` has room for */
};

/* From here on `multi` is driven by sockets_turn() alone. */
void sockets_init(struct sockets *sockets, CURLM *multi);
/* After curl_multi_cleanup(), which still speaks of them. */
void sockets_release(struct sockets *sockets);

/*
 * Waits until something can be done, at most `wait_ms`, and does all of it,
 * timeouts too. What was finished is to be read before the next wait.
 */
void sockets_turn(struct sockets *sockets, int64_t wait_ms);

#endif
