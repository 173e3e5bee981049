/* SPDX-License-Identifier: MIT */
/*
 * Around auth configs: connectors, what their credentials need, and
 * credentials themselves; the section `calls` of a binding.
 */
#ifndef RECONCILE_PLATFORM_AROUND_H
#define RECONCILE_PLATFORM_AROUND_H

#include "platform/binding.h"

/* Where the members of an item stand, by call; one not given: not shown. */
struct around_reading {
	struct pointer items, id, name, type, created_at, required;
};

/* Where the values of a new credential stand, and what comes of it. */
struct around_connecting {
	struct pointer user, type, auth_config, redirect_uri, url, id;
};

struct around {
	struct operation operations[AROUND_CALLS]; /* method NULL: no such */
	struct around_reading readings[AROUND_CALLS];
	struct around_connecting connecting;
};

/* Sets binding->around and checks it. -1 after reporting. */
int around_compile(struct binding *binding, const struct node *root,
                   struct diag *diag) MUST_CHECK;

#endif
