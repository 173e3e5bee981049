/* SPDX-License-Identifier: MIT */
/*
 * Keys: what libssh2 makes of RSA keys of ssh. Before 1.11 it knows them with
 * SHA-1 alone, which servers refuse since OpenSSH 8.8.
 */
#ifndef RECONCILE_GIT_KEYS_H
#define RECONCILE_GIT_KEYS_H

#include "base/mem.h"

/* Why a server that refused the private key in `file` (NULL: all keys of the
 * agent) cannot be shown it in a way it takes, for free(). NULL when it is, or
 * one of them is, no RSA key: then the key was refused for what it is. */
char *keys_refusal(const char *file) MUST_CHECK;

/* What could keep a server and us from having a host key in common, for
 * free(). */
char *keys_host_words(void) MUST_CHECK;

#endif
