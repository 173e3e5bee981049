/* SPDX-License-Identifier: MIT */
#include "base/order.h"
#include "base/text.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static void texts_stand_as_strcmp_says(void **state)
{
	static const char *const texts[] = {
		"prefix-b",  "prefix-a",  "prefix-a12345678b",
		"prefix-",   "prefix-aa", "prefix-\xc3\xa4",
		"prefix-12", "prefix-a",  "prefix-a12345678a",
	};
	struct ordered items[LENGTH(texts)];

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		items[i] = (struct ordered){ .text = texts[i], .index = i };

	order_sort(items, LENGTH(items));

	for (size_t i = 1; i < LENGTH(items); i++) {
		const int order = strcmp(items[i - 1].text, items[i].text);

		assert_true(order < 0 || (order == 0 &&
		                          items[i - 1].index < items[i].index));
	}
	for (size_t i = 0; i < LENGTH(items); i++)
		assert_ptr_equal(items[i].text, texts[items[i].index]);
}

enum { TEXTS = 2000, TEXT_BYTES = 16 };

/* Of few letters, so that many begin alike or are the same. */
static void make_texts(char (*texts)[TEXT_BYTES])
{
	uint32_t state = 1;

	for (size_t i = 0; i < TEXTS; i++) {
		const size_t length = 4 + (i * 7) % 11;

		memset(texts[i], 0, TEXT_BYTES);
		memcpy(texts[i], "app-", 4);
		for (size_t at = 4; at < length; at++) {
			state = state * 1664525U + 1013904223U;
			texts[i][at] = "ab\xc3~"[state >> 30];
		}
	}
}

static void many_texts_stand_as_strcmp_says(void **state)
{
	char(*texts)[TEXT_BYTES] = xcalloc(TEXTS, TEXT_BYTES);
	struct ordered *items = xcalloc(TEXTS, sizeof(*items));
	size_t equal = 0;

	(void)state;
	make_texts(texts);
	for (size_t i = 0; i < TEXTS; i++)
		items[i] = (struct ordered){ .text = texts[i], .index = i };

	order_sort(items, TEXTS);

	for (size_t i = 1; i < TEXTS; i++) {
		const int order = strcmp(items[i - 1].text, items[i].text);

		assert_true(order < 0 || (order == 0 &&
		                          items[i - 1].index < items[i].index));
		assert_ptr_equal(items[i].text, texts[items[i].index]);
		equal += order == 0;
	}
	assert_true(equal > 100);
	free(items);
	free(texts);
}

static void none_one_and_equal_ones_are_fine(void **state)
{
	struct ordered items[] = { { .text = "", .index = 1 },
		                   { .text = "", .index = 0 } };

	(void)state;
	order_sort(NULL, 0);
	order_sort(items, 1);
	assert_int_equal(items[0].index, 1);
	order_sort(items, 2);
	assert_int_equal(items[0].index, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_stand_as_strcmp_says),
		cmocka_unit_test(many_texts_stand_as_strcmp_says),
		cmocka_unit_test(none_one_and_equal_ones_are_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
