/* SPDX-License-Identifier: MIT */
/* Batch: several children side by side, or some after others; what they say is
 * read when all have ended. */
#ifndef RECONCILE_BASE_BATCH_H
#define RECONCILE_BASE_BATCH_H

#include "base/diag.h"
#include "base/file.h"

#include <stdbool.h>
#include <stddef.h>

enum { BATCH_AT_ONCE = -1 };

struct batch_item {
	const char *const *arguments;   /* argv, NULL-terminated; [0] a path */
	const char *const *environment; /* the whole of it, NULL-terminated */
	/* The index of an earlier item that must end first; BATCH_AT_ONCE. */
	int after;
	/* Set by batch_run(): the exit code, 128 and the signal when one ended
	 * it; all of stdout and stderr, for buffer_release(). */
	int exit;
	struct buffer output, talk;
};

struct batch {
	struct batch_item *items;
	size_t count;
	/* Asked ten times a second; once it is true, each child gets SIGTERM
	 * and has its own time to end. */
	bool (*stopping)(void *context);
	void *context;
};

/*
 * Runs all; none is started any more once `stopping` said true: its exit is
 * then 128 + SIGTERM. -1 after reporting CODE_PROCESS_UNSTARTED, when all that
 * was started has ended.
 */
int batch_run(struct batch *batch, struct diag *diag) MUST_CHECK;

#endif
