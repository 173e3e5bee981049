/* SPDX-License-Identifier: MIT */
#include "base/wiping.h"
#include "unit.h"

#include <string.h>

#define MARK "wiped-mark-0123456789"

static void what_grows_is_moved_with_its_bytes(void **state)
{
	char *memory = wiping_strdup(MARK);

	(void)state;
	memory = wiping_realloc(memory, 10000);
	assert_string_equal(memory, MARK);
	memory = wiping_realloc(memory, 4);
	assert_memory_equal(memory, MARK, 4);
	wiping_free(memory);
}

static void nothing_is_moved_from_nothing(void **state)
{
	char *memory = wiping_realloc(NULL, 3);

	(void)state;
	assert_non_null(memory);
	wiping_free(memory);
	wiping_free(NULL);
}

static void counted_memory_is_zero(void **state)
{
	static const char zeroes[12];
	char *memory = wiping_calloc(3, 4);

	(void)state;
	assert_memory_equal(memory, zeroes, sizeof(zeroes));
	wiping_free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_grows_is_moved_with_its_bytes),
		cmocka_unit_test(nothing_is_moved_from_nothing),
		cmocka_unit_test(counted_memory_is_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
