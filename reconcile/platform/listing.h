/* SPDX-License-Identifier: MIT */
/* One try to list everything. */
#ifndef RECONCILE_PLATFORM_LISTING_H
#define RECONCILE_PLATFORM_LISTING_H

#include "platform/inside.h"
#include "platform/pages.h"

enum verdict {
	LIST_GOES_ON,
	LIST_WHOLE,
	LIST_DOUBTFUL, /* asked for again */
	LIST_FAILED,   /* reported */
};

struct listing {
	struct platform *platform;
	struct diag *diag;
	struct state *state;
	struct reader reader;
	struct page page;         /* how this try goes on */
	struct progress progress; /* borrows `cursor` and `last_id` */
	enum verdict verdict;
	unsigned code; /* of a doubtful list, should it stay so */
	char *words;
	char *parameter; /* of the page in hand; or NULL */
	char *cursor, *last_id;
	char **cursors; /* all that came */
	size_t cursor_count, cursor_capacity;
	char **ids; /* to be read one by one */
	size_t id_count, id_capacity;
};

/* Takes `words`. */
void listing_doubt(struct listing *listing, unsigned code, char *words);
void listing_fail(struct listing *listing, const struct operation *operation,
                  unsigned code, const char *words);

/* listing_page.c: reads one page of an answer into the listing. */
void listing_page(struct listing *listing, const struct http_answer *answer);

/* listing_get.c: reads each object that the pages named, side by side. */
void listing_get(struct listing *listing);

#endif
