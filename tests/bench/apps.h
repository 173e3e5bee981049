/* SPDX-License-Identifier: MIT */
/*
 * The auth configs that are measured: the same for the same seed, in the file
 * that `generate` writes and in the bodies that `floor-apply` posts.
 *
 *     apps_begin(&apps, seed);
 *     apps_next(&apps) … for the first, the second …
 */
#ifndef TESTS_BENCH_APPS_H
#define TESTS_BENCH_APPS_H

#include "base/text.h"

enum { SCOPES_MAX = 4 };

struct app {
	const char *connector;
	const char *id; /* from two numbers of 32 bits */
	const char *variable;
	const char *secret; /* from a number of 64 bits */
	const char *scopes[SCOPES_MAX];
};

struct apps {
	uint64_t state;
	/* The one that is next() now. */
	uint64_t index, random;
	const struct app *app;
	size_t scope_count;
};

void apps_begin(struct apps *apps, uint64_t seed);
void apps_next(struct apps *apps);

/* For free(). */
char *apps_client_id(const struct apps *apps) MUST_CHECK;
char *apps_secret(const struct app *app, uint64_t index) MUST_CHECK;

#endif
