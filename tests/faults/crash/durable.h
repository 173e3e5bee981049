/* SPDX-License-Identifier: MIT */
/*
 * Durable: what of a folder is on the disk for certain. A file's bytes are
 * when it was synced, its name when its folder was. It is stricter than most
 * file systems, and what it keeps is what POSIX promises.
 *
 * durable_new() -> durable_sync()* -> durable_write()
 */
#ifndef TESTS_FAULTS_CRASH_DURABLE_H
#define TESTS_FAULTS_CRASH_DURABLE_H

#include "base/mem.h"

#include <stdint.h>

struct durable;

/* All that is there now is durable. Copies are kept in `store`, a folder. */
struct durable *durable_new(const char *root, const char *store) MUST_CHECK;
void durable_free(struct durable *durable);
DEFINE_CLEANUP(durable)

/* `path` was synced: a file's bytes, or the names in a folder. What is not
 * below the root is of no concern. */
void durable_sync(struct durable *durable, const char *path);

/*
 * Writes what a power cut leaves into the folder `target`. `seed` 0: what was
 * synced and nothing else. Other seeds: of each file some pages that were not
 * synced are there too, as the seed decides.
 */
void durable_write(const struct durable *durable, const char *target,
                   uint64_t seed);

#endif
