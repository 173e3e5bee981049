/* SPDX-License-Identifier: MIT */
/* Connections: how many users hang on an auth config, by a call of its own. */
#include "platform/inside.h"

#include "base/limits.h"
#include "base/text.h"
#include "platform/items.h"
#include "platform/pages.h"
#include "schema/codes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	struct platform *platform;
	const struct counting *counting;
	const char *id;
	struct diag *diag;
	struct progress progress; /* borrows `cursor` */
	char *cursor;
	int64_t matching;
	int result; /* -1: reported */
};

static void fail(struct tally *tally, const char *words)
{
	const struct platform *platform = tally->platform;
	CLEANUP(textp) char *path = path_shown(&tally->counting->operation);

	tally->result = diag_error(
		tally->diag, CODE_BAD_ANSWER, platform->place,
		"`%s` answered GET %s, but %s; check `platform.url`, and tell "
		"the platform if it is right",
		platform->binding->name, path, words);
}

static bool matches(const struct tally *tally, json_t *item)
{
	const struct pointer *at = &tally->counting->match;

	return !at->text ||
	       str_equal(json_string_value(pointer_get(at, item)), tally->id);
}

static int take_item(json_t *item, size_t index, void *context)
{
	struct tally *tally = context;

	(void)index;
	tally->progress.page_items++;
	tally->matching += matches(tally, item);
	return 0;
}

/* ---- what stands around them ---- */

static void read_rest(struct tally *tally, json_t *rest)
{
	const struct page *page = &tally->counting->page;
	const json_t *total =
		page->total.text ? pointer_get(&page->total, rest) : NULL;
	const char *next =
		page->next.text
			? json_string_value(pointer_get(&page->next, rest))
			: NULL;
	struct progress *progress = &tally->progress;

	progress->pages++;
	progress->listed += progress->page_items;
	if (json_is_integer(total))
		progress->total = json_integer_value(total);
	free(tally->cursor);
	tally->cursor = next && *next ? xstrdup(next) : NULL;
	progress->cursor = tally->cursor;
}

static void take_page(const struct http_answer *answer, void *context)
{
	struct tally *tally = context;
	const struct operation *operation = &tally->counting->operation;
	json_auto_t *rest = NULL;

	if (answer->outcome != HTTP_ANSWERED ||
	    !operation_accepts(operation, answer->status)) {
		tally->result = report_answer(tally->platform, operation,
		                              answer, tally->diag);
		return;
	}
	tally->progress.page_items = 0;
	if (items_each(answer->body, answer->body_length,
	               &tally->counting->items, take_item, tally,
	               &rest) == ITEMS_DONE)
		read_rest(tally, rest);
	else
		fail(tally, "without a whole list of connections");
}

/* ---- pages ---- */

static void ask_page(struct tally *tally, const char *parameter)
{
	const struct page *page = &tally->counting->page;
	CLEANUP(textp) char *limit = xasprintf("%" PRId64, page->limit);
	struct target target = { .id = tally->id };

	if (page->limit_parameter)
		target.queries[target.query_count++] =
			(struct query){ page->limit_parameter, limit };
	if (parameter)
		target.queries[target.query_count++] =
			(struct query){ page->parameter, parameter };
	platform_send(tally->platform, &tally->counting->operation, &target,
	              NULL, take_page, tally);
	http_client_run(tally->platform->client);
}

static void count_pages(struct tally *tally)
{
	const struct page *page = &tally->counting->page;
	char *next = paging_first(page);

	do {
		CLEANUP(textp) char *parameter = next;

		ask_page(tally, parameter);
		if (tally->result < 0)
			return;
		next = paging_next(page, &tally->progress);
	} while (next && tally->progress.pages < LIMIT_PAGES);
	if (!next)
		return;
	free(next);
	fail(tally, "its list of connections has no end");
}

/* A list that is cut, or not as long as it says, is no count. */
static bool is_whole(const struct tally *tally)
{
	const int64_t most = tally->counting->most;
	const struct progress *progress = &tally->progress;

	return (most == 0 || progress->listed < most) &&
	       (progress->total < 0 || progress->total == progress->listed);
}

int platform_connections(struct platform *platform, const char *id,
                         int64_t *count, struct diag *diag)
{
	struct tally tally = {
		.platform = platform,
		.counting = &platform->binding->counting,
		.id = id,
		.diag = diag,
		.progress = { .total = -1 },
	};

	*count = -1;
	if (!tally.counting->operation.method)
		return 0;
	if (id_problem(id, strlen(id)))
		return diag_error(diag, CODE_REQUEST, platform->place,
		                  "the id `%.80s` %s; correct the ledger with "
		                  "`trueup forget` and `trueup adopt`",
		                  id, id_problem(id, strlen(id)));
	if (platform_connect(platform, diag) < 0)
		return -1;
	count_pages(&tally);
	free(tally.cursor);
	if (tally.result == 0 && is_whole(&tally))
		*count = tally.matching;
	return tally.result;
}
