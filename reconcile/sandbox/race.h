/* SPDX-License-Identifier: MIT */
/*
 * Race: an update that crosses another writer's, so that one of them is lost.
 *
 * Platforms that read an object, change it and write it whole, without looking
 * whether it changed meanwhile, lose updates: both writers get their 200. It is
 * told for the next update of one object:
 *
 *     POST /_sandbox/race[?environment=NAME]
 *     {"id": ID, "patch": {…}[, "wins": "them" or "us"]}
 *
 * The other writer begins from the same object as the update, changes it as
 * `patch` says (as PATCH /_sandbox/objects/ID would), and writes it whole:
 * with "them", the default, after the update, of which nothing is left though
 * its answer says otherwise; with "us" before it, and the patch is lost.
 */
#ifndef RECONCILE_SANDBOX_RACE_H
#define RECONCILE_SANDBOX_RACE_H

#include "sandbox/store.h"

#include <stdbool.h>

#include <jansson.h>

struct call;

struct race {
	char *id; /* NULL: none is on */
	int64_t environment;
	json_t *patch;
	bool theirs_last;
};

void race_release(struct race *race);

/*
 * Stores what an update made of an object (`after`), with the serial that
 * `before` has in the store; and what the other writer of a race made of it.
 * Both are whole. 0; -1 after refusing.
 */
struct update {
	struct shelf shelf;
	int64_t serial;
	const json_t *before, *after;
};

int race_store(struct call *call, const struct update *update) MUST_CHECK;

#endif
