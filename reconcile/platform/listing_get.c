/* SPDX-License-Identifier: MIT */
/* Where the list lacks fields: every object once more, by `get`. */
#include "platform/listing.h"

#include "base/text.h"
#include "platform/items.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Two of one id would be read twice and then be told apart no more. */
static bool has_twins(struct listing *listing)
{
	if (listing->id_count == 0)
		return false;
	qsort(listing->ids, listing->id_count, sizeof(char *), compare_texts);
	for (size_t i = 1; i < listing->id_count; i++) {
		if (str_equal(listing->ids[i - 1], listing->ids[i]))
			return true;
	}
	return false;
}

static void fail(struct listing *listing, unsigned code, const char *words)
{
	listing_fail(listing, &listing->platform->binding->get, code, words);
}

static void read_object(struct listing *listing,
                        const struct http_answer *answer)
{
	const struct operation *get = &listing->platform->binding->get;
	json_auto_t *json = json_parse(answer->body, answer->body_length);
	json_t *object = json ? pointer_get(&get->object, json) : NULL;

	if (!json)
		fail(listing, CODE_BAD_ANSWER, "not with JSON");
	else if (reader_object(&listing->reader, object) < 0) {
		words_blank(listing->platform, NULL, listing->reader.words);
		fail(listing, listing->reader.code, listing->reader.words);
	}
}

static void take_answer(const struct http_answer *answer, void *context)
{
	struct listing *listing = context;
	const struct operation *get = &listing->platform->binding->get;

	if (listing->verdict != LIST_GOES_ON)
		return;
	if (answer->outcome == HTTP_ANSWERED && answer->status == 404) {
		listing_doubt(listing, CODE_LIST_INCOMPLETE,
		              xstrdup("an object of the list was gone when "
		                      "it was read"));
	} else if (answer->outcome == HTTP_ANSWERED &&
	           operation_accepts(get, answer->status)) {
		read_object(listing, answer);
	} else {
		listing->verdict = LIST_FAILED;
		(void)report_answer(listing->platform, get, answer,
		                    listing->diag);
	}
}

void listing_get(struct listing *listing)
{
	struct platform *platform = listing->platform;

	if (has_twins(listing)) {
		listing_doubt(listing, CODE_LIST_INCOMPLETE,
		              xstrdup("two objects have one id"));
		return;
	}
	for (size_t i = 0; i < listing->id_count; i++) {
		const struct target target = { .id = listing->ids[i] };

		platform_send(platform, &platform->binding->get, &target, NULL,
		              take_answer, listing);
	}
	http_client_run(platform->client);
}
