/* SPDX-License-Identifier: MIT */
/* A page: its objects, its total, its cursor. */
#include "platform/listing.h"

#include "base/limits.h"
#include "base/text.h"
#include "platform/items.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static const struct binding *binding_of(const struct listing *listing)
{
	return listing->platform->binding;
}

static void fail(struct listing *listing, unsigned code, const char *words)
{
	listing_fail(listing, &binding_of(listing)->list, code, words);
}

/* ---- objects ---- */

static void note_id(struct listing *listing, char *id)
{
	listing->ids = xgrow(listing->ids, listing->id_count,
	                     &listing->id_capacity, sizeof(char *));
	listing->ids[listing->id_count++] = id;
}

static int take_id(struct listing *listing, json_t *item)
{
	char *id = reader_id(&listing->reader, item,
	                     &binding_of(listing)->reading.id);

	if (!id)
		return -1;
	free(listing->last_id);
	listing->last_id = xstrdup(id);
	if (binding_of(listing)->then_get)
		note_id(listing, id);
	else
		free(id);
	return 0;
}

static int take_object(struct listing *listing, json_t *item)
{
	const struct binding *binding = binding_of(listing);

	if ((binding->then_get || paging_uses_ids(&listing->page)) &&
	    take_id(listing, item) < 0)
		return -1;
	if (binding->then_get)
		return 0;
	return reader_object(&listing->reader, item);
}

static int take_item(json_t *item, size_t index, void *context)
{
	struct listing *listing = context;
	struct progress *progress = &listing->progress;

	if (take_object(listing, item) < 0) {
		CLEANUP(textp)
		char *words = xasprintf("object %zu of `%s`: %s", index + 1,
		                        binding_of(listing)->items.text,
		                        listing->reader.words);

		words_blank(listing->platform, NULL, words);
		fail(listing, listing->reader.code, words);
		return -1;
	}
	progress->page_items++;
	if (progress->listed + progress->page_items <= LIMIT_LISTED)
		return 0;
	fail(listing, CODE_LIST_INCOMPLETE, "it has no end");
	return -1;
}

/* ---- what stands around them ---- */

static void read_total(struct listing *listing, json_t *rest)
{
	const struct pointer *at = &listing->page.total;
	const json_t *total = at->text ? pointer_get(at, rest) : NULL;
	CLEANUP(textp) char *words = NULL;

	if (!at->text)
		return;
	if (json_is_integer(total) && json_integer_value(total) >= 0) {
		listing->progress.total = json_integer_value(total);
		return;
	}
	words = xasprintf("there is no count at `%s`", at->text);
	fail(listing, CODE_BAD_ANSWER, words);
}

static bool is_new(struct listing *listing, const char *cursor)
{
	for (size_t i = 0; i < listing->cursor_count; i++) {
		if (str_equal(listing->cursors[i], cursor))
			return false;
	}
	listing->cursors = xgrow(listing->cursors, listing->cursor_count,
	                         &listing->cursor_capacity, sizeof(char *));
	listing->cursors[listing->cursor_count++] = xstrdup(cursor);
	return true;
}

static void read_cursor(struct listing *listing, json_t *rest)
{
	const struct pointer *at = &listing->page.next;
	const json_t *cursor = at->text ? pointer_get(at, rest) : NULL;
	const char *text = json_string_value(cursor);

	free(listing->cursor);
	listing->cursor = NULL;
	if (!cursor || json_is_null(cursor) || (text && !*text))
		return;
	if (!text)
		fail(listing, CODE_BAD_ANSWER, "its cursor is no text");
	else if (is_new(listing, text))
		listing->cursor = xstrdup(text);
	else
		listing_doubt(listing, CODE_LIST_INCOMPLETE,
		              xstrdup("it goes in a circle: a page named a "
		                      "cursor again"));
}

static void read_rest(struct listing *listing, json_t *rest)
{
	struct progress *progress = &listing->progress;

	progress->pages++;
	progress->listed += progress->page_items;
	read_total(listing, rest);
	if (listing->verdict == LIST_GOES_ON)
		read_cursor(listing, rest);
	progress->cursor = listing->cursor;
	progress->last_id = listing->last_id;
}

/* ---- the page ---- */

static void fail_array(struct listing *listing)
{
	CLEANUP(textp)
	char *words = xasprintf("there is no list at `%s`",
	                        binding_of(listing)->items.text);

	fail(listing, CODE_BAD_ANSWER, words);
}

void listing_page(struct listing *listing, const struct http_answer *answer)
{
	json_auto_t *rest = NULL;
	enum items_end end;

	listing->progress.page_items = 0;
	end = items_each(answer->body, answer->body_length,
	                 &binding_of(listing)->items, take_item, listing,
	                 &rest);
	switch (end) {
	case ITEMS_DONE:
		read_rest(listing, rest);
		break;
	case ITEMS_STOPPED:
		break;
	case ITEMS_CUT:
		listing_doubt(listing, CODE_BAD_ANSWER,
		              xstrdup("its JSON is broken or cut off"));
		break;
	case ITEMS_NO_JSON:
		fail(listing, CODE_BAD_ANSWER, "not with JSON");
		break;
	case ITEMS_NO_ARRAY:
		fail_array(listing);
		break;
	}
}
