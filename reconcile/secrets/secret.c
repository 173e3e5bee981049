/* SPDX-License-Identifier: MIT */
/*
 * Plain memory, wiped when freed. sodium_malloc() would take four mappings a
 * secret and run out of them at some 16,000; the process is not dumpable.
 */
#include "secrets/secrets.h"

#include "base/pattern.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct secret {
	size_t length;
	char bytes[]; /* NUL-terminated */
};

struct secret *secret_new(const char *bytes, size_t length)
{
	struct secret *secret = xmalloc(sizeof(*secret) + length + 1);

	secret->length = length;
	memcpy(secret->bytes, bytes, length);
	secret->bytes[length] = '\0';
	return secret;
}

void secret_free(struct secret *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, sizeof(*secret) + secret->length + 1);
	free(secret);
}

const char *secret_reveal(const struct secret *secret)
{
	return secret->bytes;
}

size_t secret_length(const struct secret *secret)
{
	return secret->length;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
	return a->length == b->length &&
	       sodium_memcmp(a->bytes, b->bytes, a->length) == 0;
}

bool secret_has_hint(const struct secret *secret, const char *hint,
                     unsigned length)
{
	return length && length <= secret->length && strlen(hint) == length &&
	       sodium_memcmp(secret->bytes + secret->length - length, hint,
	                     length) == 0;
}

bool secret_is_text(const struct secret *secret, const char *text)
{
	return strlen(text) == secret->length &&
	       sodium_memcmp(secret->bytes, text, secret->length) == 0;
}

bool secret_matches(const struct secret *secret, const struct pattern *pattern)
{
	return pattern &&
	       pattern_matches(pattern, secret->bytes, secret->length);
}
