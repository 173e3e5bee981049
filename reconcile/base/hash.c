/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "base/mem.h"

#include <endian.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Nettle's SHA-256 uses the machine's own instructions, where it has such;
 * libsodium's is portable C. */
struct hash {
	bool keyed;
	union {
		struct sha256_ctx plain;
		struct hmac_sha256_ctx keyed;
	} state;
	size_t gathered;
	uint8_t bytes[]; /* only of one without a key: that are to be added */
};

/* Who has no key adds many small pieces, and each would cost as much as its
 * hash does. */
enum { GATHERED_BYTES = 512 };

static size_t size_of(const struct hash *hash)
{
	return sizeof(*hash) + (hash->keyed ? 0 : GATHERED_BYTES);
}

struct hash *hash_new(void)
{
	struct hash *hash = xcalloc(1, sizeof(*hash) + GATHERED_BYTES);

	sha256_init(&hash->state.plain);
	return hash;
}

struct hash *hash_new_keyed(const uint8_t key[HASH_BYTES])
{
	struct hash *hash = xcalloc(1, sizeof(*hash));

	hash->keyed = true;
	hmac_sha256_set_key(&hash->state.keyed, HASH_BYTES, key);
	return hash;
}

struct hash *hash_copy(const struct hash *hash)
{
	struct hash *copy = xmalloc(size_of(hash));

	memcpy(copy, hash, size_of(hash));
	return copy;
}

static void flush(struct hash *hash)
{
	sha256_update(&hash->state.plain, hash->gathered, hash->bytes);
	hash->gathered = 0;
}

static void gather(struct hash *hash, const void *bytes, size_t length)
{
	if (length > GATHERED_BYTES - hash->gathered)
		flush(hash);
	if (length > GATHERED_BYTES) {
		sha256_update(&hash->state.plain, length, bytes);
		return;
	}
	memcpy(hash->bytes + hash->gathered, bytes, length);
	hash->gathered += length;
}

void hash_add(struct hash *hash, const void *bytes, size_t length)
{
	if (hash->keyed)
		hmac_sha256_update(&hash->state.keyed, length, bytes);
	else if (length)
		gather(hash, bytes, length);
}

static void add_length(struct hash *hash, uint64_t length)
{
	const uint64_t bytes = htobe64(length);

	hash_add(hash, &bytes, sizeof(bytes));
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
	if (hash->keyed) {
		hmac_sha256_digest(&hash->state.keyed, HASH_BYTES, out);
	} else {
		flush(hash);
		sha256_digest(&hash->state.plain, HASH_BYTES, out);
	}
	explicit_bzero(hash, size_of(hash));
	free(hash);
}

int hash_equal(const uint8_t a[HASH_BYTES], const uint8_t b[HASH_BYTES])
{
	return memeql_sec(a, b, HASH_BYTES);
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
