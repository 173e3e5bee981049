/* SPDX-License-Identifier: MIT */
/* The kinds of paging, a row each. */
#include "platform/pages.h"

#include "base/text.h"

#include <inttypes.h>

enum paging_wants {
	WANTS_PARAMETER = 1 << 0,
	WANTS_NEXT = 1 << 1,
	TAKES_FIRST = 1 << 2,
	USES_IDS = 1 << 3,
};

struct paging {
	const char *name;
	unsigned wants;
	int64_t first; /* where the binding says nothing */
	char *(*next)(const struct page *page, const struct progress *progress);
};

/* A short page is no end: platforms cut a limit that is too large for them. */
static bool is_over(const struct progress *progress)
{
	return progress->page_items == 0 ||
	       (progress->total >= 0 && progress->listed >= progress->total);
}

static int64_t first_of(const struct page *page)
{
	return page->first >= 0 ? page->first : page->kind->first;
}

static char *next_none(const struct page *page, const struct progress *progress)
{
	(void)page;
	(void)progress;
	return NULL;
}

static char *next_cursor(const struct page *page,
                         const struct progress *progress)
{
	(void)page;
	return progress->cursor ? xstrdup(progress->cursor) : NULL;
}

static char *next_number(const struct page *page,
                         const struct progress *progress)
{
	if (is_over(progress))
		return NULL;
	return xasprintf("%" PRId64, first_of(page) + progress->pages);
}

static char *next_offset(const struct page *page,
                         const struct progress *progress)
{
	if (is_over(progress))
		return NULL;
	return xasprintf("%" PRId64, first_of(page) + progress->listed);
}

static char *next_last_id(const struct page *page,
                          const struct progress *progress)
{
	(void)page;
	return is_over(progress) ? NULL : xstrdup(progress->last_id);
}

static const struct paging pagings[] = {
	{ "none", 0, 0, next_none },
	{ "cursor", WANTS_PARAMETER | WANTS_NEXT, 0, next_cursor },
	{ "number", WANTS_PARAMETER | TAKES_FIRST, 1, next_number },
	{ "offset", WANTS_PARAMETER | TAKES_FIRST, 0, next_offset },
	{ "last_id", WANTS_PARAMETER | USES_IDS, 0, next_last_id },
};

const struct paging *paging_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(pagings); i++) {
		if (str_equal(pagings[i].name, name))
			return &pagings[i];
	}
	return NULL;
}

const char *paging_problem(const struct page *page)
{
	const unsigned wants = page->kind->wants;

	if (!page->parameter != !(wants & WANTS_PARAMETER))
		return page->parameter ? "takes no `parameter`"
		                       : "needs a `parameter`";
	if (!page->next.text != !(wants & WANTS_NEXT))
		return page->next.text ? "takes no `next`" : "needs a `next`";
	if (page->first >= 0 && !(wants & TAKES_FIRST) && !page->fallback)
		return "takes no `first`";
	if (page->fallback && !(wants & WANTS_NEXT))
		return "takes no `fallback`";
	if (page->fallback && !page->total.text)
		return "needs a `total` to see when to fall back";
	return NULL;
}

char *paging_first(const struct page *page)
{
	if (!(page->kind->wants & TAKES_FIRST))
		return NULL;
	return xasprintf("%" PRId64, first_of(page));
}

char *paging_next(const struct page *page, const struct progress *progress)
{
	return page->kind->next(page, progress);
}

struct page paging_fallback(const struct page *page)
{
	struct page other = *page;

	other.kind = page->fallback;
	other.fallback = NULL;
	other.next = (struct pointer){ 0 };
	return other;
}

bool paging_uses_ids(const struct page *page)
{
	return page->kind->wants & USES_IDS;
}
