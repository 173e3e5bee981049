/* SPDX-License-Identifier: MIT */
/*
 * All uses of the key begin with a text of their own, length first, so that
 * none can stand for another.
 */
#include "secrets/secrets.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_ID_BYTES = 8, SHORTEST = 16 };

struct fingerprint_key {
	uint8_t bytes[HASH_BYTES];
	struct hash *begun; /* a fingerprint, up to what differs */
	char id[2 * KEY_ID_BYTES + 1];
};

struct fingerprint_key *fingerprint_key_new(const uint8_t bytes[HASH_BYTES])
{
	struct fingerprint_key *key = xcalloc(1, sizeof(*key));
	uint8_t id[HASH_BYTES];

	memcpy(key->bytes, bytes, HASH_BYTES);
	fingerprint_key_derive(key, "trueup-key-id-1", id);
	text_hex(key->id, id, KEY_ID_BYTES);
	key->begun = hash_new_keyed(bytes);
	hash_add_text(key->begun, "trueup-fp-1");
	return key;
}

void fingerprint_key_free(struct fingerprint_key *key)
{
	uint8_t nothing[HASH_BYTES];

	if (!key)
		return;
	hash_end(key->begun, nothing); /* which wipes it */
	explicit_bzero(nothing, sizeof(nothing));
	explicit_bzero(key, sizeof(*key));
	free(key);
}

const char *fingerprint_key_id(const struct fingerprint_key *key)
{
	return key->id;
}

bool secret_fingerprint(const struct fingerprint_key *key, const char *row_uuid,
                        const char *field, const struct secret *secret,
                        uint8_t out[HASH_BYTES])
{
	struct hash *hash;

	if (secret_length(secret) < SHORTEST)
		return false;
	hash = hash_copy(key->begun);
	hash_add_text(hash, row_uuid);
	hash_add_text(hash, field);
	hash_add_bytes(hash, secret_reveal(secret), secret_length(secret));
	hash_end(hash, out);
	return true;
}

void fingerprint_key_derive(const struct fingerprint_key *key,
                            const char *purpose, uint8_t out[HASH_BYTES])
{
	struct hash *hash = hash_new_keyed(key->bytes);

	hash_add_text(hash, "trueup-derive-1");
	hash_add_text(hash, purpose);
	hash_end(hash, out);
}
