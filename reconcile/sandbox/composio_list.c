/* SPDX-License-Identifier: MIT */
/*
 * GET /auth_configs: filters, and pages by cursors that are base64 of
 * `page-limit`, or, as users found out, the number of a page alone.
 *
 * A cursor's limit counts more than the query's. Two of the platform's known
 * defects are quirks here. With `clamp-limit` a page holds at most 50 while
 * everything else (cursor, offset, number of pages) is reckoned from the limit
 * that was asked for: what lies between is never listed. With `early-end` each
 * page says that it is the last one; only the total tells the truth.
 */
#include "base/text.h"
#include "sandbox/composio.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 20, LARGEST_PAGE = 200, CLAMPED_PAGE = 50 };
enum { LONGEST_CURSOR = 40, MOST_PAGES = 1000000 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* What is no base64 gives a text that is no cursor either. */
static char *from_base64(const char *text)
{
	char *out = xcalloc(1, strlen(text) + 1);
	uint32_t bits = 0;
	size_t count = 0, held = 0;

	for (; *text && *text != '='; text++) {
		const char *digit = strchr(digits, *text);

		if (!digit)
			break;
		bits = bits << 6 | (uint32_t)(digit - digits);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[count++] = (char)(bits >> held & 0xff);
	}
	return out;
}

static char *write_cursor(uint64_t page, uint64_t limit)
{
	CLEANUP(textp)
	char *text = xasprintf("%" PRIu64 "-%" PRIu64, page, limit);

	return text_base64(text, strlen(text));
}

char *composio_first_cursor(const struct call *call)
{
	(void)call;
	return write_cursor(1, PAGE);
}

/* What was asked for, and what of it is shown. */
struct listing {
	const struct call *call;
	const char *toolkits, *search;
	const char *managed; /* "true", "false", NULL: both */
	bool disabled;       /* those too */
	uint64_t page, limit, shown;
	uint64_t matches;
	json_t *items;
};

static bool is_filtered(const struct listing *listing)
{
	return listing->toolkits || listing->search || listing->managed ||
	       !listing->disabled;
}

static bool contains_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (;;) {
		size_t next = strcspn(list, ",");

		if (next == length && strncmp(list, word, length) == 0)
			return true;
		if (!list[next])
			return false;
		list += next + 1;
	}
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static bool matches(const struct listing *listing, const json_t *object)
{
	const char *slug = text_of(json_object_get(object, "toolkit"), "slug");

	if (!listing->disabled &&
	    str_equal(text_of(object, "status"), "DISABLED"))
		return false;
	if (listing->toolkits && !contains_word(listing->toolkits, slug))
		return false;
	if (listing->managed &&
	    str_equal(listing->managed, "true") != composio_is_managed(object))
		return false;
	return !listing->search ||
	       strcasestr(text_of(object, "name"), listing->search) ||
	       strcasestr(text_of(object, "id"), listing->search);
}

static uint64_t first_of(const struct listing *listing)
{
	return (listing->page - 1) * listing->limit;
}

static bool is_on_page(const struct listing *listing)
{
	const uint64_t first = first_of(listing);

	return listing->matches >= first &&
	       listing->matches < first + listing->shown;
}

static void show(const struct record *record, void *context)
{
	const struct listing *listing = context;

	json_array_append_new(listing->items,
	                      composio_view(listing->call, record));
}

static void filter(const struct record *record, void *context)
{
	struct listing *listing = context;
	json_auto_t *object = json_loads(record->text, 0, NULL);

	if (!matches(listing, object))
		return;
	if (is_on_page(listing))
		show(record, context);
	listing->matches++;
}

/* An object is looked at only where that is needed: lists may be long. */
static int find(struct listing *listing)
{
	const struct call *call = listing->call;
	struct store *store = call->sandbox->store;
	struct span span = {
		.shelf = { call->environment->number, RECORD_CONFIG },
		.limit = -1,
		.listed = true,
	};
	int64_t count;

	if (is_filtered(listing))
		return store_each(store, &span, filter, listing);
	count = store_count(store, span.shelf);
	if (count < 0)
		return -1;
	listing->matches = (uint64_t)count;
	span.skip = (int64_t)first_of(listing);
	span.limit = (int64_t)listing->shown;
	return store_each(store, &span, show, listing);
}

/* *value is NULL when there is none. */
static int read_boolean(const struct call *call, const char *name,
                        const char **value)
{
	*value = http_call_query(call->http, name);
	if (!*value || str_equal(*value, "true") || str_equal(*value, "false"))
		return 0;
	return answer_refuse(call, REFUSE_NOT_BOOLEAN, name);
}

static uint64_t largest_limit(const struct call *call)
{
	return call_has_quirk(call, COMPOSIO_CLAMP_LIMIT) ? MOST_PAGES
	                                                  : LARGEST_PAGE;
}

static int read_limit(const struct call *call, uint64_t *limit)
{
	const char *text = http_call_query(call->http, "limit");

	if (!text)
		return 0;
	if (parse_uint(text, largest_limit(call), limit) < 0 || *limit == 0)
		return answer_refuse(call, REFUSE_COMPOSIO_LIMIT, text);
	return 0;
}

static int parse_cursor(const char *text, struct listing *listing)
{
	CLEANUP(textp) char *plain = from_base64(text);
	char *dash = strchr(plain, '-');

	if (parse_uint(text, MOST_PAGES, &listing->page) == 0)
		return listing->page ? 0 : -1;
	if (!dash || strlen(text) > LONGEST_CURSOR)
		return -1;
	*dash = '\0';
	if (parse_uint(plain, MOST_PAGES, &listing->page) < 0 ||
	    parse_uint(dash + 1, largest_limit(listing->call),
	               &listing->limit) < 0 ||
	    listing->page == 0 || listing->limit == 0)
		return -1;
	*dash = '-';

	CLEANUP(textp) char *again = text_base64(plain, strlen(plain));

	return str_equal(again, text) ? 0 : -1;
}

static int read_cursor(const struct call *call, struct listing *listing)
{
	const char *text = http_call_query(call->http, "cursor");

	if (!text || parse_cursor(text, listing) == 0)
		return 0;
	return answer_refuse(call, REFUSE_BAD_CURSOR, text);
}

static int read_queries(const struct call *call, struct listing *listing)
{
	static const char *const queries[] = {
		"toolkit_slug",  "is_composio_managed",
		"show_disabled", "search",
		"limit",         "cursor"
	};
	const char *disabled;

	if (call_check_queries(call, queries, LENGTH(queries)) < 0 ||
	    read_boolean(call, "is_composio_managed", &listing->managed) < 0 ||
	    read_boolean(call, "show_disabled", &disabled) < 0 ||
	    read_limit(call, &listing->limit) < 0 ||
	    read_cursor(call, listing) < 0)
		return -1;
	listing->disabled = str_equal(disabled, "true");
	listing->toolkits = http_call_query(call->http, "toolkit_slug");
	listing->search = http_call_query(call->http, "search");
	listing->shown = listing->limit;
	if (call_has_quirk(call, COMPOSIO_CLAMP_LIMIT) &&
	    listing->shown > CLAMPED_PAGE)
		listing->shown = CLAMPED_PAGE;
	return 0;
}

static json_t *answer_of(const struct listing *listing)
{
	uint64_t pages =
		(listing->matches + listing->limit - 1) / listing->limit;
	CLEANUP(textp) char *next = NULL;

	if (call_has_quirk(listing->call, COMPOSIO_EARLY_END))
		pages = 1;
	else if (listing->page < pages)
		next = write_cursor(listing->page + 1, listing->limit);
	return json_pack("{s:O, s:s?, s:I, s:I, s:I}", "items", listing->items,
	                 "next_cursor", next, "total_pages", (json_int_t)pages,
	                 "current_page", (json_int_t)listing->page,
	                 "total_items", (json_int_t)listing->matches);
}

void composio_list(struct call *call)
{
	json_auto_t *items = json_array();
	struct listing listing = {
		.call = call, .page = 1, .limit = PAGE, .items = items
	};

	if (read_queries(call, &listing) < 0)
		return;
	if (find(&listing) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, answer_of(&listing));
}
