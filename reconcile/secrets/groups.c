/* SPDX-License-Identifier: MIT */
/* Groups: a hash table of keyed hashes, open addressing. The key is random and
 * lives as long as the table. */
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

struct group {
	uint8_t print[HASH_BYTES];
	unsigned number; /* 0: free */
};

struct secret_groups {
	uint8_t key[HASH_BYTES];
	struct group *slots;
	size_t size; /* a power of two, more than twice the count */
	unsigned count;
};

enum { FIRST_SIZE = 64 };

struct secret_groups *secret_groups_new(void)
{
	struct secret_groups *groups = xcalloc(1, sizeof(*groups));

	random_bytes(groups->key, sizeof(groups->key));
	groups->size = FIRST_SIZE;
	groups->slots = xcalloc(groups->size, sizeof(*groups->slots));
	return groups;
}

void secret_groups_free(struct secret_groups *groups)
{
	if (!groups)
		return;
	free(groups->slots);
	explicit_bzero(groups, sizeof(*groups));
	free(groups);
}

/* The slot of a print, or the free one where it belongs. */
static struct group *find(struct group *slots, size_t size,
                          const uint8_t print[HASH_BYTES])
{
	uint64_t start;
	size_t at;

	memcpy(&start, print, sizeof(start));
	at = start & (size - 1);
	while (slots[at].number && !hash_equal(slots[at].print, print))
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static void grow(struct secret_groups *groups)
{
	const size_t size = 2 * groups->size;
	struct group *slots = xcalloc(size, sizeof(*slots));

	for (size_t i = 0; i < groups->size; i++) {
		const struct group *group = &groups->slots[i];

		if (group->number)
			*find(slots, size, group->print) = *group;
	}
	free(groups->slots);
	groups->slots = slots;
	groups->size = size;
}

unsigned secret_groups_number(struct secret_groups *groups,
                              const struct secret *secret)
{
	struct hash *hash = hash_new_keyed(groups->key);
	uint8_t print[HASH_BYTES];
	struct group *group;

	hash_add_bytes(hash, secret_reveal(secret), secret_length(secret));
	hash_end(hash, print);
	group = find(groups->slots, groups->size, print);
	if (group->number)
		return group->number;
	memcpy(group->print, print, sizeof(print));
	group->number = ++groups->count;
	if (2 * (size_t)groups->count < groups->size)
		return groups->count;
	grow(groups);
	return groups->count;
}
