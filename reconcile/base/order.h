/* SPDX-License-Identifier: MIT */
/*
 * Order: sorting many things by texts that are far away in memory.
 *
 * What two of a hundred thousand texts are compared for is mostly fetching
 * them; so the bytes in which they begin to differ stand beside the pointers.
 */
#ifndef RECONCILE_BASE_ORDER_H
#define RECONCILE_BASE_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct ordered {
	const char *text; /* NUL-terminated, borrowed */
	size_t index;     /* where the thing stands before */
	uint64_t head;    /* order_sort()'s */
};

/* Sorts by text as strcmp() does, equal ones by index. */
void order_sort(struct ordered *items, size_t count);

#endif
