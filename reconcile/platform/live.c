/* SPDX-License-Identifier: MIT */
/*
 * Live: the platform's list, as a state (row P4).
 *
 * A list is believed only when it is whole: every page read, the total met, no
 * id twice, no cursor twice. One that is not is asked for again.
 */
#include "platform/listing.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"

#include <inttypes.h>
#include <stdlib.h>

void listing_doubt(struct listing *listing, unsigned code, char *words)
{
	free(listing->words);
	listing->verdict = LIST_DOUBTFUL;
	listing->code = code;
	listing->words = words;
}

void listing_fail(struct listing *listing, const struct operation *operation,
                  unsigned code, const char *words)
{
	const struct platform *platform = listing->platform;
	CLEANUP(textp) char *path = path_shown(operation);

	listing->verdict = LIST_FAILED;
	diag_error(listing->diag, code, platform->place,
	           "`%s` answered %s %s, but %s; %s", platform->binding->name,
	           operation->method, path, words,
	           code == CODE_UNAUTHORISED
	                   ? "give the key that permission at the platform"
	                   : "check `platform.url`, and tell the platform if "
	                     "it is right");
}

static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

static void listing_release(struct listing *listing)
{
	state_free(listing->state);
	reader_release(&listing->reader);
	free_texts(listing->cursors, listing->cursor_count);
	free_texts(listing->ids, listing->id_count);
	free(listing->words);
	free(listing->parameter);
	free(listing->cursor);
	free(listing->last_id);
}

/* ---- pages ---- */

static void take_page(const struct http_answer *answer, void *context)
{
	struct listing *listing = context;
	struct platform *platform = listing->platform;
	const struct operation *list = &platform->binding->list;

	if (answer->outcome == HTTP_ANSWERED &&
	    operation_accepts(list, answer->status)) {
		listing_page(listing, answer);
		return;
	}
	listing->verdict = LIST_FAILED;
	(void)report_answer(platform, list, answer, listing->diag);
}

static void ask_page(struct listing *listing)
{
	struct platform *platform = listing->platform;
	const struct page *page = &listing->page;
	CLEANUP(textp) char *limit = xasprintf("%" PRId64, page->limit);
	struct target target = { 0 };

	if (page->limit_parameter)
		target.queries[target.query_count++] =
			(struct query){ page->limit_parameter, limit };
	if (listing->parameter)
		target.queries[target.query_count++] =
			(struct query){ page->parameter, listing->parameter };
	platform_send(platform, &platform->binding->list, &target, NULL,
	              take_page, listing);
	http_client_run(platform->client);
}

static void list_pages(struct listing *listing)
{
	const struct page *page = &listing->page;
	char *next = paging_first(page);

	do {
		free(listing->parameter);
		listing->parameter = next;
		ask_page(listing);
		if (listing->verdict != LIST_GOES_ON)
			return;
		next = paging_next(page, &listing->progress);
		if (next && listing->progress.pages >= LIMIT_PAGES) {
			free(next);
			listing_fail(listing, &listing->platform->binding->list,
			             CODE_LIST_INCOMPLETE, "it has no end");
			return;
		}
	} while (next);
}

/* ---- the whole ---- */

static void check_total(struct listing *listing)
{
	const struct progress *progress = &listing->progress;

	if (progress->total >= 0 && progress->total != progress->listed)
		listing_doubt(listing, CODE_LIST_INCOMPLETE,
		              xasprintf("it says that there are %" PRId64
		                        " auth configs and lists %" PRId64,
		                        progress->total, progress->listed));
}

static void finish(struct listing *listing)
{
	const char *twin;

	if (state_finish(listing->state, &twin) == 0)
		listing->verdict = LIST_WHOLE;
	else
		listing_doubt(listing, CODE_LIST_INCOMPLETE,
		              xasprintf("it lists the id `%.80s` twice", twin));
}

static void list_once(struct listing *listing)
{
	list_pages(listing);
	if (listing->verdict == LIST_GOES_ON)
		check_total(listing);
	if (listing->verdict == LIST_GOES_ON &&
	    listing->platform->binding->then_get)
		listing_get(listing);
	if (listing->verdict == LIST_GOES_ON)
		finish(listing);
}

static void listing_init(struct listing *listing, struct platform *platform,
                         const struct page *page, struct diag *diag)
{
	*listing = (struct listing){
		.platform = platform,
		.diag = diag,
		.state = state_new(STATE_BY_ID),
		.page = *page,
		.progress = { .total = -1 },
	};
	listing->reader.binding = platform->binding;
	listing->reader.state = listing->state;
}

static void report_doubt(const struct listing *listing)
{
	const struct platform *platform = listing->platform;
	CLEANUP(textp) char *path = path_shown(&platform->binding->list);

	diag_error(listing->diag, listing->code, platform->place,
	           "`%s` was asked %d times for %s, but %s; nothing is "
	           "planned from that, run again later",
	           platform->binding->name, LIMIT_RELISTS + 1, path,
	           listing->words);
}

/* Tries that are left, and how the next one goes on. */
struct attempts {
	unsigned left;
	bool again;
	struct page page;
};

/* A list that is short by its cursors is walked by its numbers, and the other
 * way round. */
static void choose_page(const struct listing *listing,
                        struct attempts *attempts)
{
	const struct page *own = &listing->platform->binding->page;

	if (listing->code != CODE_LIST_INCOMPLETE || !own->fallback)
		return;
	attempts->page = listing->page.fallback ? paging_fallback(own) : *own;
}

/* One try; NULL with `again` set when another may do better. */
static struct state *try_list(struct platform *platform,
                              struct attempts *attempts, struct diag *diag)
{
	CLEANUP(listing_release) struct listing listing;

	listing_init(&listing, platform, &attempts->page, diag);
	list_once(&listing);
	attempts->again =
		listing.verdict == LIST_DOUBTFUL && attempts->left > 0;
	choose_page(&listing, attempts);
	if (listing.verdict == LIST_WHOLE)
		return TAKE(listing.state);
	if (listing.verdict == LIST_DOUBTFUL && attempts->left-- == 0)
		report_doubt(&listing);
	return NULL;
}

struct state *platform_list(struct platform *platform, struct diag *diag)
{
	struct attempts attempts = { .left = LIMIT_RELISTS,
		                     .page = platform->binding->page };
	struct state *state;

	if (platform_connect(platform, diag) < 0)
		return NULL;
	do
		state = try_list(platform, &attempts, diag);
	while (attempts.again);
	return state;
}
