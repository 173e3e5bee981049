/* SPDX-License-Identifier: MIT */
/* Probing: what probe.c and probe_platform.c share. */
#ifndef RECONCILE_RUN_PROBING_H
#define RECONCILE_RUN_PROBING_H

#include "run/road.h"

struct probing {
	const struct auth_config *config; /* desired */
	struct probe_subject subject;
	const char *skipped; /* why it is not asked; or NULL */
	struct probe_result result;
	bool asked;
};

struct probes {
	struct probing *items;
	size_t count;
	bool stopped; /* somebody asked us to */
};

/* Where the platform would send a user of each: one credential is made of each
 * at the platform, and one step followed. */
int probe_platform(struct run *run, struct road *road, struct probes *probes)
	MUST_CHECK;

#endif
