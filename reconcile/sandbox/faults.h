/* SPDX-License-Identifier: MIT */
/*
 * Faults: the one place where the sandbox misbehaves on demand.
 *
 *     faults_before() -> the request is handled, or not -> faults_after()
 *
 * There are two kinds of them: the list modes (list_mode.h), and rules, which
 * come as YAML or JSON (schema/faults.schema.json) at the start or later. A
 * request meets the first rule that fires: it may go wrong before it is
 * handled, after it, or go wrong at once and be handled later, when whoever
 * sent it has given it up.
 */
#ifndef RECONCILE_SANDBOX_FAULTS_H
#define RECONCILE_SANDBOX_FAULTS_H

#include "base/file.h"
#include "sandbox/fault_rule.h"
#include "sandbox/list_mode.h"

struct faults {
	struct list_modes modes;
	struct fault_rules rules;
	/* The list answered last, for those who repeat it. */
	struct buffer page;
	int64_t pending; /* requests that went wrong, and come later */
};

void faults_init(struct faults *faults);
void faults_release(struct faults *faults);

/* True: the reply is made, and the request is not to be handled now. */
bool faults_before(struct call *call);
/* The reply is made, whoever made it. */
void faults_after(struct call *call);

#endif
