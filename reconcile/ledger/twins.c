/* SPDX-License-Identifier: MIT */
/*
 * Finding two rows that hold one id: an open hash table, a third of the time
 * of sorting. Its key is random, so that no ids can make it slow.
 */
#include "ledger/store.h"

#include "schema/schema.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct claim {
	const char *id; /* NULL: free */
	const struct auth_config *row;
};

struct claims {
	struct claim *slots;
	size_t mask; /* a power of two, less one */
	unsigned char key[crypto_shorthash_KEYBYTES];
};

static size_t count_ids(const struct state *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < state_length(rows); i++)
		count += 1U + state_at(rows, i)->retired_count;
	return count;
}

static struct claims claims_new(size_t count)
{
	struct claims claims = { .mask = 15 };

	while (claims.mask < 2 * count)
		claims.mask = 2 * claims.mask + 1;
	claims.slots = xcalloc(claims.mask + 1, sizeof(*claims.slots));
	random_bytes(claims.key, sizeof(claims.key));
	return claims;
}

/* Who holds the id; `row` from now on, if nobody does yet. */
static const struct auth_config *claim(struct claims *claims, const char *id,
                                       const struct auth_config *row)
{
	uint8_t hash[crypto_shorthash_BYTES];
	struct claim *slot;
	size_t at;

	crypto_shorthash(hash, (const unsigned char *)id, strlen(id),
	                 claims->key);
	memcpy(&at, hash, sizeof(at));
	for (slot = &claims->slots[at & claims->mask]; slot->id;
	     slot = &claims->slots[++at & claims->mask]) {
		if (strcmp(slot->id, id) == 0)
			return slot->row;
	}
	*slot = (struct claim){ id, row };
	return row;
}

static int check_id(const struct ledger *ledger, struct claims *claims,
                    const char *id, const struct auth_config *row,
                    struct diag *diag)
{
	const struct auth_config *holder = row;

	if (id && *id)
		holder = claim(claims, id, row);
	if (holder == row)
		return 0;
	return diag_error(diag, CODE_LEDGER_TWINS, ledger->settings.place,
	                  "the rows `%s` and `%s` of the ledger `%s` both hold "
	                  "the id `%s`; put a copy back from before that",
	                  holder->key, row->key, ledger->path, id);
}

int check_twins(const struct ledger *ledger, const struct state *rows,
                struct diag *diag)
{
	struct claims claims = claims_new(count_ids(rows));
	int status = 0;

	for (size_t i = 0; i < state_length(rows); i++) {
		const struct auth_config *row = state_at(rows, i);

		status |= check_id(ledger, &claims, row->id, row, diag);
		for (size_t k = 0; k < row->retired_count; k++)
			status |= check_id(ledger, &claims, row->retired[k],
			                   row, diag);
	}
	free(claims.slots);
	return status;
}
