/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "unit.h"

#include <stdalign.h>
#include <string.h>

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	static const unsigned char zeros[97];

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		size_t size = i % sizeof(zeros);
		unsigned char *piece = arena_alloc(arena, size);

		assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
		assert_memory_equal(piece, zeros, size);
		memset(piece, 0xff, size);
		assert_string_equal(arena_copy(arena, "odd", 3), "odd");
	}
}

static void a_piece_larger_than_any_chunk_fits(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	size_t size = 5 << 20;
	char *large = arena_alloc(arena, size);

	(void)state;
	memset(large, 'x', size);
	assert_non_null(arena_alloc(arena, 1));
	assert_int_equal(large[size - 1], 'x');
}

static void adopted_memory_is_zeroed_and_used_up_first(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	enum { SIZE = 64 << 10, PIECE = 64 };
	const size_t within = SIZE / PIECE - 1;
	unsigned char *memory = xmalloc(SIZE);
	static const unsigned char zeros[PIECE];

	(void)state;
	memset(memory, 0xff, SIZE);
	memset(arena_alloc(arena, 1), 0xff, 1);

	arena_adopt(arena, memory, SIZE);

	for (size_t i = 0; i < 2 * within; i++) {
		unsigned char *piece = arena_alloc(arena, PIECE);
		const bool inside = piece > memory && piece < memory + SIZE;

		assert_int_equal(inside, i < within);
		assert_memory_equal(piece, zeros, PIECE);
		memset(piece, 0xff, PIECE);
	}
}

static void copies_hold_nuls_and_end_with_one(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	const char *copy = arena_copy(arena, "a\0b", 3);

	(void)state;
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_copy(arena, NULL, 0), "");
}

static void equal_bytes_are_interned_once(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	const char *seen[500];
	char text[16];

	(void)state;
	for (int i = 0; i < 500; i++) {
		int length = snprintf(text, sizeof(text), "scope-%d", i);

		seen[i] = arena_intern(arena, text, (size_t)length);
	}

	for (int i = 0; i < 500; i++) {
		int length = snprintf(text, sizeof(text), "scope-%d", i);

		assert_string_equal(seen[i], text);
		assert_ptr_equal(arena_intern(arena, text, (size_t)length),
		                 seen[i]);
	}
	assert_ptr_not_equal(arena_intern(arena, "a\0b", 3),
	                     arena_intern(arena, "a\0c", 3));
}

static void no_arena_is_freed_quietly(void **state)
{
	(void)state;
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(a_piece_larger_than_any_chunk_fits),
		cmocka_unit_test(adopted_memory_is_zeroed_and_used_up_first),
		cmocka_unit_test(copies_hold_nuls_and_end_with_one),
		cmocka_unit_test(equal_bytes_are_interned_once),
		cmocka_unit_test(no_arena_is_freed_quietly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
