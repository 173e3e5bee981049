/* SPDX-License-Identifier: MIT */
#include "base/chance.h"

#include "base/hash.h"

#include <stddef.h>

enum { DRAWN_BITS = 53 }; /* as many as a double holds */

static uint64_t next_of_system(void *context)
{
	uint64_t bits;

	(void)context;
	random_bytes(&bits, sizeof(bits));
	return bits;
}

struct chance chance_system(void)
{
	return (struct chance){ next_of_system, NULL };
}

static uint64_t next_seeded(void *context)
{
	uint64_t *state = context;
	uint64_t bits = *state += 0x9e3779b97f4a7c15U;

	bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9U;
	bits = (bits ^ bits >> 27) * 0x94d049bb133111ebU;
	return bits ^ bits >> 31;
}

struct chance chance_seeded(uint64_t *state)
{
	return (struct chance){ next_seeded, state };
}

uint64_t chance_next(const struct chance *chance)
{
	return chance->next(chance->context);
}

double chance_draw(const struct chance *chance)
{
	return (double)(chance_next(chance) >> (64 - DRAWN_BITS)) /
	       (double)(UINT64_C(1) << DRAWN_BITS);
}
