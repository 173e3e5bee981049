/* SPDX-License-Identifier: MIT */
#include "sandbox/spoil.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"

#include <string.h>

bool spoil_is_possible(enum spoil_needs needs, const struct dialect *dialect)
{
	if (needs == NEEDS_TOTAL)
		return dialect->wording.total != NULL;
	if (needs == NEEDS_CURSOR)
		return dialect->first_cursor != NULL;
	return true;
}

void spoil_fail(struct call *call)
{
	(void)answer_refuse(call, REFUSE_TOLD, NULL);
}

void spoil_html(struct call *call)
{
	static const char page[] = "<!DOCTYPE html>\n"
				   "<title>Maintenance</title>\n"
				   "<p>We will be back soon.\n";

	answer_header(call->reply, "Content-Type", "text/html");
	answer_text(call->reply, 200, xstrdup(page), sizeof(page) - 1);
}

void spoil_empty(struct call *call)
{
	const char *list = call->sandbox->dialect->wording.empty_list;

	answer_text(call->reply, 200, xstrdup(list), strlen(list));
}

/* A whole answer whose JSON ends in the middle. */
void spoil_truncate(struct call *call)
{
	call->reply->body_length /= 2;
}

/* The list as it was answered, for a mode that changes it. */
static void answer_again(struct call *call, json_t *page)
{
	answer_json(call->reply, 200, page);
}

static json_t *page_of(const struct call *call)
{
	return json_loadb(call->reply->body, call->reply->body_length, 0, NULL);
}

static void add_to_total(const struct call *call, json_t *page, int change)
{
	const char *total = call->sandbox->dialect->wording.total;

	if (!total)
		return;

	json_int_t count = json_integer_value(json_object_get(page, total));

	json_object_set_new(page, total, json_integer(count + change));
}

void spoil_count(struct call *call)
{
	json_t *page = page_of(call);

	add_to_total(call, page, 1);
	answer_again(call, page);
}

/* The cursor that was sent, or one for the first page, comes back. */
void spoil_cursor(struct call *call)
{
	const char *sent = http_call_query(call->http, "cursor");
	const struct dialect *dialect = call->sandbox->dialect;
	CLEANUP(textp) char *first = dialect->first_cursor(call);
	json_t *page = page_of(call);

	json_object_set_new(page, dialect->wording.cursor,
	                    json_string(sent ? sent : first));
	answer_again(call, page);
}

/* The last object gives way to a second first one, so that the total is
 * right; one alone is doubled. */
void spoil_double(struct call *call)
{
	json_t *page = page_of(call);
	json_t *items =
		json_object_get(page, call->sandbox->dialect->wording.items);
	size_t count = json_array_size(items);

	if (count >= 2)
		json_array_set(items, count - 1, json_array_get(items, 0));
	if (count == 1) {
		json_array_append(items, json_array_get(items, 0));
		add_to_total(call, page, 1);
	}
	answer_again(call, page);
}

void spoil_repeat(struct call *call, const char *page, size_t length)
{
	const char *items = call->sandbox->dialect->wording.items;
	json_auto_t *before = json_loadb(page, length, 0, NULL);
	json_t *again = page_of(call);

	json_object_set(again, items, json_object_get(before, items));
	answer_again(call, again);
}

void spoil_id(struct call *call)
{
	const struct wording *wording = &call->sandbox->dialect->wording;
	json_t *page = page_of(call);
	json_t *first =
		json_array_get(json_object_get(page, wording->items), 0);

	if (first)
		json_object_set_new(first, wording->id, json_string("../x"));
	answer_again(call, page);
}
