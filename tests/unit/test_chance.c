/* SPDX-License-Identifier: MIT */
#include "base/chance.h"
#include "base/mem.h"
#include "unit.h"

static void a_seed_gives_the_same_on_every_machine(void **state)
{
	/* Those that SplitMix64 is published with. */
	static const uint64_t wanted[] = { 6457827717110365317U,
		                           3203168211198807973U,
		                           9817491932198370423U };
	uint64_t seed = 1234567;
	const struct chance chance = chance_seeded(&seed);

	(void)state;
	for (size_t i = 0; i < LENGTH(wanted); i++)
		assert_true(chance_next(&chance) == wanted[i]);
}

static void the_system_draws_something_else_each_time(void **state)
{
	const struct chance chance = chance_system();
	const uint64_t first = chance_next(&chance);

	(void)state;
	assert_true(chance_next(&chance) != first);
}

static uint64_t all_ones(void *context)
{
	(void)context;
	return UINT64_MAX;
}

static uint64_t nothing(void *context)
{
	(void)context;
	return 0;
}

static void a_draw_is_from_0_to_below_1(void **state)
{
	const struct chance most = { all_ones, NULL },
			    least = { nothing, NULL };
	uint64_t seed = 1;
	const struct chance chance = chance_seeded(&seed);
	double sum = 0;

	(void)state;
	assert_true(chance_draw(&most) < 1);
	assert_true(chance_draw(&most) > 0.999999);
	assert_true(chance_draw(&least) <= 0);
	for (int i = 0; i < 10000; i++)
		sum += chance_draw(&chance);
	assert_true(sum > 4800 && sum < 5200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_gives_the_same_on_every_machine),
		cmocka_unit_test(the_system_draws_something_else_each_time),
		cmocka_unit_test(a_draw_is_from_0_to_below_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
