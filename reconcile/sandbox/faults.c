/* SPDX-License-Identifier: MIT */
#include "sandbox/faults.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"

#include <stdlib.h>
#include <string.h>

static void reset(struct call *call)
{
	call->reply->fate = HTTP_FATE_RESET;
}

static void fail(struct call *call)
{
	(void)answer_refuse(call, REFUSE_TOLD, NULL);
}

static void answer_html(struct call *call)
{
	static const char page[] = "<!DOCTYPE html>\n"
				   "<title>Maintenance</title>\n"
				   "<p>We will be back soon.\n";

	answer_header(call->reply, "Content-Type", "text/html");
	answer_text(call->reply, 200, xstrdup(page), sizeof(page) - 1);
}

static void answer_empty(struct call *call)
{
	const char *list = call->sandbox->dialect->wording.empty_list;

	answer_text(call->reply, 200, xstrdup(list), strlen(list));
}

/* A whole answer whose JSON ends in the middle. */
static void truncate_body(struct call *call)
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

static void miscount(struct call *call)
{
	json_t *page = page_of(call);

	add_to_total(call, page, 1);
	answer_again(call, page);
}

/* The cursor that was sent, or one for the first page, comes back. */
static void repeat_cursor(struct call *call)
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
static void double_first(struct call *call)
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

static void spoil_id(struct call *call)
{
	const struct wording *wording = &call->sandbox->dialect->wording;
	json_t *page = page_of(call);
	json_t *first =
		json_array_get(json_object_get(page, wording->items), 0);

	if (first)
		json_object_set_new(first, wording->id, json_string("../x"));
	answer_again(call, page);
}

/* A mode with `before` never lets the request be handled. */
struct list_mode {
	const char *name;
	void (*before)(struct call *call);
	void (*after)(struct call *call);
	enum { NEEDS_NOTHING, NEEDS_TOTAL, NEEDS_CURSOR } needs;
};

static const struct list_mode list_modes[] = {
	{ "normal", NULL, NULL, NEEDS_NOTHING },
	{ "truncated", NULL, truncate_body, NEEDS_NOTHING },
	{ "wrong-count", NULL, miscount, NEEDS_TOTAL },
	{ "empty", NULL, answer_empty, NEEDS_NOTHING },
	{ "repeat-cursor", NULL, repeat_cursor, NEEDS_CURSOR },
	{ "duplicate-id", NULL, double_first, NEEDS_NOTHING },
	{ "bad-id", NULL, spoil_id, NEEDS_NOTHING },
	{ "500", fail, NULL, NEEDS_NOTHING },
	{ "html", answer_html, NULL, NEEDS_NOTHING },
	{ "reset", reset, NULL, NEEDS_NOTHING },
};

static void use_up(struct faults *faults)
{
	if (faults->times > 0 && --faults->times == 0)
		faults_init(faults);
}

static enum fault_verdict spoil_list(struct faults *faults,
                                     enum fault_when when, struct call *call)
{
	const struct list_mode *mode = faults->list_mode;

	if (!call->route || !(call->route->traits & ROUTE_LIST))
		return FAULT_NONE;
	if (when == FAULT_BEFORE && mode->before) {
		mode->before(call);
		use_up(faults);
		return FAULT_TAKEN;
	}
	if (when == FAULT_AFTER && mode->after && call->reply->status == 200) {
		mode->after(call);
		use_up(faults);
	}
	return FAULT_NONE;
}

void faults_init(struct faults *faults)
{
	*faults = (struct faults){
		.apply = spoil_list,
		.list_mode = &list_modes[0],
		.times = -1,
	};
}

static bool is_possible(const struct list_mode *mode,
                        const struct dialect *dialect)
{
	if (mode->needs == NEEDS_TOTAL)
		return dialect->wording.total != NULL;
	if (mode->needs == NEEDS_CURSOR)
		return dialect->first_cursor != NULL;
	return true;
}

enum refusal faults_set_list_mode(struct faults *faults,
                                  const struct dialect *dialect,
                                  const char *name, int64_t times)
{
	for (size_t i = 0; i < LENGTH(list_modes); i++) {
		if (!str_equal(list_modes[i].name, name))
			continue;
		if (!is_possible(&list_modes[i], dialect))
			return REFUSE_NO_MODE;
		faults->list_mode = &list_modes[i];
		faults->times = times;
		return REFUSE_NOTHING;
	}
	return REFUSE_BAD_MEMBER;
}

const char *faults_list_mode(const struct faults *faults)
{
	return faults->list_mode->name;
}
