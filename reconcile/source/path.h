/* SPDX-License-Identifier: MIT */
/* Path: paths as text, without asking the file system. */
#ifndef RECONCILE_SOURCE_PATH_H
#define RECONCILE_SOURCE_PATH_H

#include "base/mem.h"

/*
 * `reference` seen from `folder`, without `.`, `..` and double slashes. An
 * absolute `reference` stands for itself. What leads above a relative
 * `folder` keeps its leading `..`; an empty path is ".".
 */
char *path_resolve(const char *folder, const char *reference) MUST_CHECK;

/* As above below the root "": NULL when it leaves the root on its way. */
char *path_resolve_inside(const char *folder, const char *reference) MUST_CHECK;

/* How to get from `folder` to `path`: both absolute or both below one root. */
char *path_between(const char *folder, const char *path) MUST_CHECK;

#endif
