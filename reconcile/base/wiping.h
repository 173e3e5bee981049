/* SPDX-License-Identifier: MIT */
/*
 * Wiping: the functions of malloc() for libraries whose memory may hold a
 * secret (jansson's trees, libcurl's buffers). What is given back is wiped
 * first, what grows is moved; running out of memory ends the process as in
 * base/mem.h, so that no library goes on without what it asked for.
 */
#ifndef RECONCILE_BASE_WIPING_H
#define RECONCILE_BASE_WIPING_H

#include "base/mem.h"

void *wiping_malloc(size_t size) MUST_CHECK;
void *wiping_calloc(size_t count, size_t size) MUST_CHECK;
void *wiping_realloc(void *old, size_t size) MUST_CHECK;
char *wiping_strdup(const char *text) MUST_CHECK;
void wiping_free(void *memory);

#endif
