/* SPDX-License-Identifier: MIT */
/* Profile: one connector's, made from its tree. */
#ifndef RECONCILE_LINT_PROFILE_H
#define RECONCILE_LINT_PROFILE_H

#include "lint/lint.h"

struct arena;

/* Where the parts of profiles live. */
struct profile_home {
	struct arena *arena;
	struct pattern **patterns;
	size_t count, capacity;
};

void profile_home_release(struct profile_home *home);

/*
 * From a tree that passed the shape check; its texts are borrowed. -1 after
 * reporting CODE_BAD_PROFILE and CODE_BAD_PATTERN.
 */
int profile_read(const struct documents *documents, const struct node *root,
                 struct profile_home *home, struct profile *profile,
                 struct diag *diag) MUST_CHECK;

/* Of profile.c, for profile_probe.c. */
struct reader {
	const struct documents *documents;
	const struct node *root, *sources;
	struct profile_home *home;
	struct profile *profile;
	struct diag *diag;
	int result;
};

/* An expression, compiled; NULL without one, or after reporting. */
const struct pattern *profile_pattern(struct reader *reader,
                                      const struct node *node);

/* A word of the file, and what it stands for; NULL is anything else. */
struct choice {
	const char *text;
	unsigned value;
};
unsigned profile_choose(const struct choice *choices, const char *text);

/* The member `probe`. */
void profile_read_probe(struct reader *reader);

#endif
