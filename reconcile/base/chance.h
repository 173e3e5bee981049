/* SPDX-License-Identifier: MIT */
/* Chance: random numbers as a value that is passed in, so that tests own it. */
#ifndef RECONCILE_BASE_CHANCE_H
#define RECONCILE_BASE_CHANCE_H

#include <stdint.h>

struct chance {
	uint64_t (*next)(void *context); /* all 64 bits of it */
	void *context;
};

/* The system's; no two runs draw the same. */
struct chance chance_system(void);

/* SplitMix64 from `*state` on, which moves with it: the same on every machine
 * for the same seed. */
struct chance chance_seeded(uint64_t *state);

uint64_t chance_next(const struct chance *chance);
/* From 0 up to, but not, 1. */
double chance_draw(const struct chance *chance);

#endif
