/* SPDX-License-Identifier: MIT */
/*
 * Hosts: which keys a known_hosts file records for a host.
 *
 * All forms of OpenSSH's file: several names, patterns, `[host]:port`, hashed
 * names, @revoked. Lines with @cert-authority say nothing about a key.
 */
#ifndef RECONCILE_GIT_HOSTS_H
#define RECONCILE_GIT_HOSTS_H

#include "base/file.h"

#include <stdbool.h>

struct recorded {
	char *type;        /* "ssh-ed25519" */
	char *text;        /* the key in base64 */
	struct buffer key; /* and its bytes */
	unsigned line;
	bool revoked;
};

struct host {
	char *name; /* "example.org" */
	int port;
	char *file; /* that was read */
	struct recorded *keys;
	size_t count;
};

/* The host of an ssh URL, with its keys from `file` (which may be absent).
 * NULL for another URL. */
struct host *host_read(const char *url, const char *file) MUST_CHECK;
void host_free(struct host *host);
DEFINE_CLEANUP(host)

/* "SHA256:…" as ssh-keygen -l shows it. */
char *host_fingerprint(const void *key, size_t length) MUST_CHECK;

#endif
