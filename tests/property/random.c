/* SPDX-License-Identifier: MIT */
/* xorshift64*: short, and the same everywhere. */
#include "domain.h"

uint64_t random_next(struct random *random)
{
	uint64_t state = random->state;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	random->state = state;
	return state * UINT64_C(2685821657736338717);
}

unsigned random_below(struct random *random, unsigned limit)
{
	return (unsigned)((random_next(random) >> 33) % limit);
}

bool random_chance(struct random *random, unsigned percent)
{
	return random_below(random, 100) < percent;
}
