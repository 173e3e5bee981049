/* SPDX-License-Identifier: MIT */
/* Process: children with a deadline. Spawned, never forked by hand (a fork
 * after threads hangs), in a process group of their own that is killed whole
 * when the deadline passes. */
#ifndef RECONCILE_BASE_PROCESS_H
#define RECONCILE_BASE_PROCESS_H

#include "base/file.h"

#include <stdint.h>

struct process {
	const char *const *arguments;   /* argv, NULL-terminated; [0] a path */
	const char *const *environment; /* the whole of it, NULL-terminated */
	const void *input;              /* for its stdin; NULL: /dev/null */
	size_t input_length;
	int64_t deadline_ms;       /* from now */
	size_t output_limit_bytes; /* of stdout; the rest ends it */
};

enum process_end {
	PROCESS_EXITED,   /* `status` is its exit code */
	PROCESS_SIGNALED, /* `status` is the signal */
	PROCESS_LATE,     /* killed at the deadline */
	PROCESS_LOUD,     /* killed at the output limit */
};

struct process_result {
	enum process_end end;
	int status;
	struct buffer output; /* stdout; for buffer_release() */
	struct buffer talk;   /* stderr, at most 64 KiB of it */
};

/* 0 when it was started, whatever became of it; -1 after reporting
 * CODE_PROCESS_UNSTARTED. */
int process_run(const struct process *process, struct process_result *result,
                struct diag *diag) MUST_CHECK;
void process_result_release(struct process_result *result);

/*
 * The file `name` beside this program (a build), else in `folder` as seen from
 * there (an installation); NULL when there is neither.
 */
char *process_beside(const char *folder, const char *name) MUST_CHECK;

/* No core file, no reading of our memory by others; nothing in sanitizer
 * builds, whose leak check needs the latter. */
void process_harden(void);

#endif
