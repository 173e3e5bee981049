/* SPDX-License-Identifier: MIT */
/* Child: what process.c and talk.c share of starting and ending one. */
#ifndef RECONCILE_BASE_CHILD_H
#define RECONCILE_BASE_CHILD_H

#include <stdint.h>
#include <sys/types.h>

enum { CHILD_STREAMS = 3 }; /* stdin, stdout, stderr */

/* `fd`, moved away from 0 to 2, which the child's own take; or -1. */
int child_lift(int fd);

/*
 * Spawns arguments[0] in a process group of its own, with these streams and no
 * other descriptor, and with no signal blocked or ignored. 0, or what errno
 * would say.
 */
int child_spawn(const char *const *arguments, const char *const *environment,
                const int streams[CHILD_STREAMS], pid_t *pid);

/* Kills its group and waits for it; the status as waitpid() gives it. */
int child_end(pid_t pid);

/* From now until then on the steady clock, for poll(): 0 to a minute. */
int child_left_ms(int64_t until_ms);

#endif
