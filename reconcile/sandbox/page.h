/* SPDX-License-Identifier: MIT */
/* Page: a list, whole or in pages, and the cursors that lead on. */
#ifndef RECONCILE_SANDBOX_PAGE_H
#define RECONCILE_SANDBOX_PAGE_H

#include "base/mem.h"

struct call;

/* For dialects whose lists are pages by limit and opaque cursor, and whose
 * objects are answered as they are stored: Alloy. */

/* A cursor is good for one environment; who changes it is found out. */
char *page_first_cursor(const struct call *call) MUST_CHECK;

/*
 * Answers the auth configs of the call's environment, in order of creation:
 * {items: […], total: N, cursor?}, by the dialect's names. The query may hold
 * limit (1 to 1000; without it everything is one page) and cursor.
 */
void page_answer(struct call *call);

#endif
