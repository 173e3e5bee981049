/* SPDX-License-Identifier: MIT */
/* List modes: one way at a time in which successful lists are spoilt. */
#ifndef RECONCILE_SANDBOX_LIST_MODE_H
#define RECONCILE_SANDBOX_LIST_MODE_H

#include "sandbox/answer.h"

#include <stdbool.h>
#include <stdint.h>

struct dialect;
struct list_mode;

struct list_modes {
	const struct list_mode *mode;
	int64_t times; /* lists left to spoil; -1: all to come */
};

void list_modes_init(struct list_modes *modes);

/* "normal", "truncated", …; what is wrong with it, or REFUSE_NOTHING. */
enum refusal list_modes_set(struct list_modes *modes,
                            const struct dialect *dialect, const char *name,
                            int64_t times) MUST_CHECK;
const char *list_modes_name(const struct list_modes *modes);

/* Of a list. True: the reply is made, and the request not to be handled. */
bool list_modes_before(struct list_modes *modes, struct call *call);
/* The reply of a list is made. */
void list_modes_after(struct list_modes *modes, struct call *call);

#endif
