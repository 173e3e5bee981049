/* SPDX-License-Identifier: MIT */
/*
 * Faults: the one place where the sandbox misbehaves on demand.
 *
 * `apply` is called twice for each request of the platform's side: before it
 * is looked at, and after its reply is made. Before, it may fill in the reply
 * (or a fate, or a delay) and return FAULT_TAKEN: then the request is not
 * handled at all. After, it may change the reply, what is stored has happened.
 * What it returns then has no meaning.
 *
 * The faults there are: the list modes, which spoil successful lists.
 */
#ifndef RECONCILE_SANDBOX_FAULTS_H
#define RECONCILE_SANDBOX_FAULTS_H

#include "sandbox/answer.h"

#include <stdint.h>

struct dialect;

enum fault_when { FAULT_BEFORE, FAULT_AFTER };
enum fault_verdict { FAULT_NONE, FAULT_TAKEN };

struct faults {
	enum fault_verdict (*apply)(struct faults *faults, enum fault_when when,
	                            struct call *call);
	const struct list_mode *list_mode;
	int64_t times; /* lists left to spoil; -1: all to come */
};

void faults_init(struct faults *faults);

/* "normal", "truncated", …; what is wrong with it, or REFUSE_NOTHING. */
enum refusal faults_set_list_mode(struct faults *faults,
                                  const struct dialect *dialect,
                                  const char *name, int64_t times) MUST_CHECK;
const char *faults_list_mode(const struct faults *faults);

#endif
