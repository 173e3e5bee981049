/* SPDX-License-Identifier: MIT */
#include "sandbox/page.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LARGEST_PAGE = 1000, CURSOR_SIZE = 25 };

/* FNV-1a over both numbers: a check digit, not a seal. */
static uint32_t check_digits(int64_t environment, int64_t serial)
{
	const uint64_t numbers[] = { (uint64_t)environment, (uint64_t)serial };
	uint32_t sum = 2166136261U;

	for (size_t i = 0; i < 8 * LENGTH(numbers); i++) {
		sum ^= (uint32_t)(numbers[i / 8] >> (i % 8 * 8) & 0xff);
		sum *= 16777619U;
	}
	return sum;
}

static void cursor_write(char out[CURSOR_SIZE], int64_t environment,
                         int64_t serial)
{
	(void)snprintf(out, CURSOR_SIZE, "%016" PRIx64 "%08" PRIx32,
	               (uint64_t)serial, check_digits(environment, serial));
}

char *page_first_cursor(const struct call *call)
{
	char cursor[CURSOR_SIZE];

	cursor_write(cursor, call->environment->number, 0);
	return xstrdup(cursor);
}

static int cursor_parse(const char *text, int64_t environment, int64_t *serial)
{
	CLEANUP(textp) char *digits = xstrndup(text, 16);
	int64_t number = (int64_t)strtoull(digits, NULL, 16);
	char again[CURSOR_SIZE];

	cursor_write(again, environment, number);
	if (!str_equal(again, text))
		return -1;
	*serial = number;
	return 0;
}

static int read_limit(const struct call *call, int64_t *limit)
{
	const char *text = http_call_query(call->http, "limit");
	uint64_t number;

	*limit = -1;
	if (!text)
		return 0;
	if (parse_uint(text, LARGEST_PAGE, &number) < 0 || number == 0)
		return answer_refuse(call, REFUSE_BAD_LIMIT, text);
	*limit = (int64_t)number;
	return 0;
}

static int read_cursor(const struct call *call, int64_t *after)
{
	const char *text = http_call_query(call->http, "cursor");

	*after = 0;
	if (!text || cursor_parse(text, call->environment->number, after) == 0)
		return 0;
	return answer_refuse(call, REFUSE_BAD_CURSOR, text);
}

/* The objects are JSON already: the page is their texts, put together. */
struct page {
	FILE *out;
	int64_t limit; /* -1: no limit */
	int64_t count, last_serial;
};

/* One more than the limit is asked for, to see whether there is more. */
static void write_object(const struct record *record, void *context)
{
	struct page *page = context;

	if (page->count++ == page->limit)
		return;
	if (page->count > 1)
		(void)fputc(',', page->out);
	(void)fputs(record->text, page->out);
	page->last_serial = record->serial;
}

static void write_end(const struct call *call, const struct page *page,
                      int64_t total)
{
	const struct wording *wording = &call->sandbox->dialect->wording;
	char cursor[CURSOR_SIZE];

	fprintf(page->out, "],\"%s\":%" PRId64, wording->total, total);
	if (page->limit >= 0 && page->count > page->limit) {
		cursor_write(cursor, call->environment->number,
		             page->last_serial);
		fprintf(page->out, ",\"%s\":\"%s\"", wording->cursor, cursor);
	}
	(void)fputc('}', page->out);
}

static int write_page(const struct call *call, struct page *page, int64_t after)
{
	struct store *store = call->sandbox->store;
	const struct span span = {
		.shelf = { call->environment->number, RECORD_CONFIG },
		.after = after,
		.limit = page->limit < 0 ? -1 : page->limit + 1,
		.listed = true,
	};
	int64_t total = store_count(store, span.shelf);

	fprintf(page->out, "{\"%s\":[", call->sandbox->dialect->wording.items);
	if (total < 0 || store_each(store, &span, write_object, page) < 0)
		return -1;
	write_end(call, page, total);
	return 0;
}

void page_answer(struct call *call)
{
	static const char *const queries[] = { "limit", "cursor" };
	struct page page = { 0 };
	char *text = NULL;
	size_t length;
	int64_t after;

	if (call_check_queries(call, queries, LENGTH(queries)) < 0 ||
	    read_limit(call, &page.limit) < 0 || read_cursor(call, &after) < 0)
		return;
	page.out = xmemstream(&text, &length);

	int written = write_page(call, &page, after);

	(void)fclose(page.out);
	answer_text(call->reply, 200, text, length);
	if (written < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
}
