/* SPDX-License-Identifier: MIT */
/*
 * Arena: many small things that live and die together.
 *
 * Documents and states are made of hundreds of thousands of small pieces; an
 * arena gives them out of large chunks and frees all at once.
 */
#ifndef RECONCILE_BASE_ARENA_H
#define RECONCILE_BASE_ARENA_H

#include "base/mem.h"

struct arena;

struct arena *arena_new(void) MUST_CHECK;
void arena_free(struct arena *arena);
DEFINE_CLEANUP(arena)

/* Takes memory of malloc() that was used before: what is asked for comes out of
 * it until it is full. At least 64 bytes. */
void arena_adopt(struct arena *arena, void *memory, size_t size);

/* Zeroed bytes, aligned for any type; they live as long as the arena. */
void *arena_alloc(struct arena *arena, size_t size) MUST_CHECK;

/* A NUL-terminated copy of `length` bytes (which may contain NULs). */
const char *arena_copy(struct arena *arena, const void *bytes, size_t length)
	MUST_CHECK;

/*
 * As arena_copy(), but equal bytes give the same pointer: for values that
 * repeat (connectors, redirect URIs, scope sets). Compare still with memcmp.
 */
const char *arena_intern(struct arena *arena, const void *bytes, size_t length)
	MUST_CHECK;

#endif
