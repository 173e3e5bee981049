/* SPDX-License-Identifier: MIT */
/* Pages: how a list that comes in pieces goes on. */
#ifndef RECONCILE_PLATFORM_PAGES_H
#define RECONCILE_PLATFORM_PAGES_H

#include "platform/binding.h"

/* How far a list was read. */
struct progress {
	int64_t pages, listed;
	int64_t page_items;  /* on the last page */
	int64_t total;       /* -1: not said */
	const char *cursor;  /* that the last page named; or NULL */
	const char *last_id; /* or NULL */
};

/* Both the caller's. The parameter of the first page; NULL: none is sent. */
char *paging_first(const struct page *page) MUST_CHECK;
/* Of the page after; NULL when there is none. */
char *paging_next(const struct page *page, const struct progress *progress)
	MUST_CHECK;
/* The same pages by their numbers; it has a `fallback`. */
struct page paging_fallback(const struct page *page);
/* True when `last_id` must be known. */
bool paging_uses_ids(const struct page *page);

#endif
