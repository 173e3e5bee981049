/* SPDX-License-Identifier: MIT */
/* Hash: SHA-256 and HMAC-SHA-256 (Nettle), fed piece by piece; Base64. */
#ifndef RECONCILE_BASE_HASH_H
#define RECONCILE_BASE_HASH_H

#include "base/file.h"

#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32, HASH_HEX_SIZE = 65 };

struct hash;

struct hash *hash_new(void);
/* With a key it is an HMAC; 32 bytes are copied. */
struct hash *hash_new_keyed(const uint8_t key[HASH_BYTES]);
/* What was begun, once more: a key alone is half of a short HMAC. */
struct hash *hash_copy(const struct hash *hash);

/*
 * hash_add() adds bare bytes; hash_add_text() adds the length as 8 bytes, big
 * end first, then the text, so that no two sequences of texts collide. NULL is
 * added as the length 2^64 - 1.
 */
void hash_add(struct hash *hash, const void *bytes, size_t length);
void hash_add_text(struct hash *hash, const char *text);
void hash_add_bytes(struct hash *hash, const void *bytes, size_t length);

/* Ends it and frees (and wipes) the state. */
void hash_end(struct hash *hash, uint8_t out[HASH_BYTES]);

/* In constant time. */
int hash_equal(const uint8_t a[HASH_BYTES], const uint8_t b[HASH_BYTES]);

/* Base64 with its padding; the second takes it without, too. -1 when `text` is
 * something else. */
char *base64_encode(const void *bytes, size_t length) MUST_CHECK;
int base64_decode(const char *text, struct buffer *out) MUST_CHECK;

/* `length` bytes from the system's random source. */
void random_bytes(void *out, size_t length);

#endif
