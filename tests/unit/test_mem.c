/* SPDX-License-Identifier: MIT */
#include "base/process.h"
#include "unit.h"

#include <string.h>

static void arrays_grow_and_keep_what_they_hold(void **state)
{
	size_t count = 0, capacity = 0;
	size_t *items = NULL;

	(void)state;
	for (; count < 1000; count++) {
		items = xgrow(items, count, &capacity, sizeof(*items));
		items[count] = count;
		assert_true(capacity > count);
	}

	for (size_t i = 0; i < count; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static void nothing_is_still_something_to_free(void **state)
{
	void *none = xmalloc(0), *zeros = xcalloc(0, 8);

	(void)state;
	assert_non_null(none);
	assert_non_null(zeros);
	free(none);
	free(zeros);
}

/* Small and large: huge pages begin where addresses divide by their size. */
static void huge_rooms_hold_what_was_asked_for(void **state)
{
	enum { HUGE = 2 << 20 };
	static const size_t sizes[] = { 0, 1, HUGE - 1, HUGE, HUGE + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *room = xmalloc_huge(sizes[i]);

		assert_non_null(room);
		if (sizes[i] >= HUGE)
			assert_int_equal((uintptr_t)room % HUGE, 0);
		memset(room, 'x', sizes[i]);
		if (sizes[i])
			assert_int_equal(room[sizes[i] - 1], 'x');
		free(room);
	}
}

static char *make_text(void)
{
	CLEANUP(textp) char *text = xasprintf("%s-%d", "slack", 7);

	return TAKE(text);
}

static void what_is_taken_outlives_the_block(void **state)
{
	CLEANUP(textp) char *text = make_text();

	(void)state;
	assert_string_equal(text, "slack-7");
}

static void streams_write_into_memory(void **state)
{
	CLEANUP(textp) char *text = NULL;
	size_t length;
	FILE *stream = xmemstream(&text, &length);

	(void)state;
	fputs("two words", stream);
	(void)fclose(stream);

	assert_int_equal(length, 9);
	assert_string_equal(text, "two words");
}

static void too_much_memory_ends_the_process_with_a_line(void **state)
{
	const char *const arguments[] = { "/proc/self/exe", "die", NULL };
	const char *const environment[] = { NULL };
	const struct process process = { .arguments = arguments,
		                         .environment = environment,
		                         .deadline_ms = 60000 };
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(process_result_release) struct process_result result = { 0 };

	(void)state;
	assert_int_equal(process_run(&process, &result, diag), 0);

	assert_int_equal(result.end, PROCESS_EXITED);
	assert_int_equal(result.status, 1);
	assert_string_equal(result.talk.bytes, "trueup: out of memory\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrays_grow_and_keep_what_they_hold),
		cmocka_unit_test(nothing_is_still_something_to_free),
		cmocka_unit_test(huge_rooms_hold_what_was_asked_for),
		cmocka_unit_test(what_is_taken_outlives_the_block),
		cmocka_unit_test(streams_write_into_memory),
		cmocka_unit_test(too_much_memory_ends_the_process_with_a_line),
	};

	if (argc > 1 && strcmp(argv[1], "die") == 0)
		free(xreallocarray(NULL, SIZE_MAX, 2));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
