/* SPDX-License-Identifier: MIT */
/* Remote: a connection to a server, and the refs it shows. */
#ifndef RECONCILE_GIT_REMOTE_H
#define RECONCILE_GIT_REMOTE_H

#include "git/serving.h"

struct connection {
	git_direction direction; /* set before */
	git_remote *remote;
	const git_remote_head *
		*heads; /* of the remote, while it is connected */
	size_t count;
};

/* 0, or -1 after helper_fail(). */
int connection_open(struct access *access, struct connection *connection);
void connection_release(struct connection *connection);
/* The ref of this full name; NULL when the server has none. */
const git_remote_head *connection_find(const struct connection *connection,
                                       const char *name);

#endif
