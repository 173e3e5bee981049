/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "base/mem.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* SHA-256 takes 64 bytes at a time, and libsodium copies what is less byte by
 * byte; texts and their lengths are less. */
enum { WAITING_BYTES = 256 };

struct hash {
	bool keyed;
	size_t waiting;
	union {
		crypto_hash_sha256_state plain;
		crypto_auth_hmacsha256_state keyed;
	} state;
	uint8_t bytes[WAITING_BYTES]; /* of which `waiting` are to be added */
};

struct hash *hash_new(void)
{
	struct hash *hash = xcalloc(1, sizeof(*hash));

	crypto_hash_sha256_init(&hash->state.plain);
	return hash;
}

struct hash *hash_new_keyed(const uint8_t key[HASH_BYTES])
{
	struct hash *hash = xcalloc(1, sizeof(*hash));

	hash->keyed = true;
	crypto_auth_hmacsha256_init(&hash->state.keyed, key, HASH_BYTES);
	return hash;
}

struct hash *hash_copy(const struct hash *hash)
{
	struct hash *copy = xmalloc(sizeof(*copy));

	*copy = *hash;
	return copy;
}

static void add_waiting(struct hash *hash)
{
	if (hash->keyed)
		crypto_auth_hmacsha256_update(&hash->state.keyed, hash->bytes,
		                              hash->waiting);
	else
		crypto_hash_sha256_update(&hash->state.plain, hash->bytes,
		                          hash->waiting);
	hash->waiting = 0;
}

void hash_add(struct hash *hash, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	while (length) {
		const size_t room = WAITING_BYTES - hash->waiting;
		const size_t taken = length < room ? length : room;

		memcpy(hash->bytes + hash->waiting, at, taken);
		hash->waiting += taken;
		at += taken;
		length -= taken;
		if (hash->waiting == WAITING_BYTES)
			add_waiting(hash);
	}
}

static void add_length(struct hash *hash, uint64_t length)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(length >> (8 * (7 - i)));
	hash_add(hash, bytes, sizeof(bytes));
}

void hash_add_bytes(struct hash *hash, const void *bytes, size_t length)
{
	add_length(hash, length);
	hash_add(hash, bytes, length);
}

void hash_add_text(struct hash *hash, const char *text)
{
	if (text)
		hash_add_bytes(hash, text, strlen(text));
	else
		add_length(hash, UINT64_MAX);
}

void hash_end(struct hash *hash, uint8_t out[HASH_BYTES])
{
	add_waiting(hash);
	if (hash->keyed)
		crypto_auth_hmacsha256_final(&hash->state.keyed, out);
	else
		crypto_hash_sha256_final(&hash->state.plain, out);
	sodium_memzero(hash, sizeof(*hash));
	free(hash);
}

int hash_equal(const uint8_t a[HASH_BYTES], const uint8_t b[HASH_BYTES])
{
	return sodium_memcmp(a, b, HASH_BYTES) == 0;
}

void random_bytes(void *out, size_t length)
{
	randombytes_buf(out, length);
}

char *base64_encode(const void *bytes, size_t length)
{
	const size_t size = sodium_base64_ENCODED_LEN(
		length, sodium_base64_VARIANT_ORIGINAL);
	char *text = xmalloc(size);

	return sodium_bin2base64(text, size, bytes, length,
	                         sodium_base64_VARIANT_ORIGINAL);
}

int base64_decode(const char *text, struct buffer *out)
{
	const size_t length = strcspn(text, "=");
	struct buffer decoded = { .bytes = xmalloc(length + 1) };
	const char *end = NULL;

	if (sodium_base642bin((unsigned char *)decoded.bytes, length, text,
	                      length, NULL, &decoded.length, &end,
	                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING) < 0 ||
	    end != text + length || strlen(end) > 2 ||
	    strspn(end, "=") != strlen(end)) {
		buffer_release(&decoded);
		return -1;
	}
	decoded.bytes[decoded.length] = '\0';
	*out = decoded;
	return 0;
}
