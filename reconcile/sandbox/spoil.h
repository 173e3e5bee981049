/* SPDX-License-Identifier: MIT */
/* Spoil: answers made wrong, by the list modes and by the rules of faults. */
#ifndef RECONCILE_SANDBOX_SPOIL_H
#define RECONCILE_SANDBOX_SPOIL_H

#include <stdbool.h>
#include <stddef.h>

struct call;
struct dialect;

/* What an answer must have for it; see dialect.h, `struct wording`. */
enum spoil_needs { NEEDS_NOTHING, NEEDS_LIST, NEEDS_TOTAL, NEEDS_CURSOR };

bool spoil_is_possible(enum spoil_needs needs, const struct dialect *dialect);

/* ---- instead of an answer ---- */

/* 500, in the platform's form. */
void spoil_fail(struct call *call);
void spoil_html(struct call *call);
void spoil_empty(struct call *call);

/* ---- an answer that is there ---- */

/* A whole answer whose JSON ends in the middle. */
void spoil_truncate(struct call *call);
/* The total is one too many. */
void spoil_count(struct call *call);
/* The cursor that was sent, or one for the first page, comes back. */
void spoil_cursor(struct call *call);
/* An object comes twice. */
void spoil_double(struct call *call);
/* The objects are those of another answer, `page`. */
void spoil_repeat(struct call *call, const char *page, size_t length);
void spoil_id(struct call *call);

#endif
