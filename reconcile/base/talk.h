/* SPDX-License-Identifier: MIT */
/* Talk: a child that is asked again and again, each time with a deadline. */
#ifndef RECONCILE_BASE_TALK_H
#define RECONCILE_BASE_TALK_H

#include "base/diag.h"
#include "base/process.h"

#include <stdint.h>

struct talk;

/*
 * Starts it as process_run() does, but of `process` only arguments and
 * environment are used. Its stdin and stdout are one socket to us, its stderr
 * is ours. NULL after reporting CODE_PROCESS_UNSTARTED.
 */
struct talk *talk_start(const struct process *process, struct diag *diag)
	MUST_CHECK;

enum said {
	TALK_SAID,
	TALK_GONE, /* it ended, or closed its side */
	TALK_LATE  /* not by `until_ms` of the steady clock */
};

/* Sends all of `bytes`; waits for something to take; takes all of `length`. */
enum said talk_send(struct talk *talk, const void *bytes, size_t length,
                    int64_t until_ms) MUST_CHECK;
enum said talk_wait(struct talk *talk, int64_t until_ms) MUST_CHECK;
enum said talk_take(struct talk *talk, void *out, size_t length,
                    int64_t until_ms) MUST_CHECK;

/* Ends its stdin and waits for it up to `patience_ms`; then its whole group is
 * killed. The exit code; 128 and the signal when one ended it. */
int talk_end(struct talk *talk, int64_t patience_ms);

#endif
