/* SPDX-License-Identifier: MIT */
/*
 * Chunks double from nearly 1 KiB, which malloc() gives at once, to nearly
 * 128 KiB; from then on each is a huge page, where the system has such:
 * faulting in small ones is a tenth of the time of reading a large file. What
 * is larger than a quarter of a chunk gets one of its own. Interned bytes are
 * found by an open hash table whose key is random, so that no input can make it
 * slow.
 */
#include "base/arena.h"

#include <assert.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	CHUNK_SMALLEST = 960,
	CHUNK_DOUBLED = CHUNK_SMALLEST << 7,
	HUGE = 2 << 20
};

struct chunk {
	struct chunk *next;
	bool mapped; /* a huge page, else allocated */
	alignas(max_align_t) unsigned char bytes[];
};

struct slot {
	const char *bytes; /* NULL: free */
	size_t length;
	uint64_t hash;
};

struct arena {
	struct chunk *chunks;
	unsigned char *at;
	size_t left;
	size_t chunk_size;
	struct slot *slots;
	size_t slot_count; /* a power of two */
	size_t slots_used;
	unsigned char hash_key[crypto_shorthash_KEYBYTES];
};

struct arena *arena_new(void)
{
	struct arena *arena = xcalloc(1, sizeof(*arena));

	arena->chunk_size = CHUNK_SMALLEST;
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct chunk *chunk = arena->chunks; chunk;) {
		struct chunk *next = chunk->next;

		if (chunk->mapped)
			(void)munmap(chunk, HUGE);
		else
			free(chunk);
		chunk = next;
	}
	free(arena->slots);
	free(arena);
}

static struct chunk *add_chunk(struct arena *arena, size_t size)
{
	size_t total;

	if (__builtin_add_overflow(size, sizeof(struct chunk), &total))
		total = SIZE_MAX; /* which xcalloc() refuses */

	struct chunk *chunk = xcalloc(1, total);

	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

/* Zeroed, at a place where a huge page can be; NULL when there is none. */
static void *map_huge(void)
{
	unsigned char *room =
		mmap(NULL, 2 * (size_t)HUGE, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (room == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)room & (HUGE - 1);
	if (before)
		(void)munmap(room, before);
	(void)munmap(room + before + HUGE, HUGE - before);
	(void)madvise(room + before, HUGE, MADV_HUGEPAGE);
	return room + before;
}

static size_t add_huge(struct arena *arena)
{
	struct chunk *chunk = map_huge();

	if (!chunk)
		return 0;
	chunk->mapped = true;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return HUGE - sizeof(*chunk);
}

static void refill(struct arena *arena)
{
	const size_t size = arena->chunk_size;

	arena->left = size > CHUNK_DOUBLED ? add_huge(arena) : 0;
	if (!arena->left) {
		add_chunk(arena, size);
		arena->left = size;
	}
	arena->at = arena->chunks->bytes;
	if (size <= CHUNK_DOUBLED)
		arena->chunk_size *= 2;
}

void arena_adopt(struct arena *arena, void *memory, size_t size)
{
	struct chunk *chunk = memory;

	assert(size > sizeof(*chunk));
	memset(memory, 0, size);
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->at = chunk->bytes;
	arena->left = size - sizeof(*chunk);
}

static void *take(struct arena *arena, size_t size, size_t align)
{
	size_t pad = -(uintptr_t)arena->at & (align - 1);

	if (size <= arena->left && pad <= arena->left - size) {
		unsigned char *taken = arena->at + pad;

		arena->at = taken + size;
		arena->left -= pad + size;
		return taken;
	}
	if (size > arena->chunk_size / 4)
		return add_chunk(arena, size)->bytes;

	refill(arena);
	return take(arena, size, align);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size ? size : 1, alignof(max_align_t));
}

const char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
	char *copy = (char *)arena->at;

	if (length < arena->left) {
		arena->at += length + 1;
		arena->left -= length + 1;
	} else {
		copy = take(arena, length + 1, 1);
	}
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

static uint64_t hash_bytes(const struct arena *arena, const void *bytes,
                           size_t length)
{
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t hash;

	_Static_assert(sizeof(out) == sizeof(hash), "a hash is 64 bits");
	crypto_shorthash(out, bytes, length, arena->hash_key);
	memcpy(&hash, out, sizeof(hash));
	return hash;
}

/* The slot that holds the bytes, or the free one where they belong. */
static struct slot *find_slot(const struct arena *arena, const void *bytes,
                              size_t length, uint64_t hash)
{
	size_t mask = arena->slot_count - 1;

	for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
		struct slot *slot = &arena->slots[i];

		if (!slot->bytes)
			return slot;
		if (slot->hash == hash && slot->length == length &&
		    memcmp(slot->bytes, bytes, length) == 0)
			return slot;
	}
}

static void grow_slots(struct arena *arena)
{
	struct slot *old = arena->slots;
	size_t old_count = arena->slot_count;

	if (!old)
		randombytes_buf(arena->hash_key, sizeof(arena->hash_key));
	arena->slot_count = old ? old_count * 2 : 64;
	arena->slots = xcalloc(arena->slot_count, sizeof(*arena->slots));
	for (size_t i = 0; i < old_count; i++) {
		if (old[i].bytes)
			*find_slot(arena, old[i].bytes, old[i].length,
			           old[i].hash) = old[i];
	}
	free(old);
}

const char *arena_intern(struct arena *arena, const void *bytes, size_t length)
{
	if (arena->slots_used * 2 >= arena->slot_count)
		grow_slots(arena);

	uint64_t hash = hash_bytes(arena, bytes, length);
	struct slot *slot = find_slot(arena, bytes, length, hash);

	if (!slot->bytes) {
		slot->bytes = arena_copy(arena, bytes, length);
		slot->length = length;
		slot->hash = hash;
		arena->slots_used++;
	}
	return slot->bytes;
}
