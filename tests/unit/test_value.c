/* SPDX-License-Identifier: MIT */
#include "state/state.h"
#include "unit.h"

#include <string.h>

static int make_state(void **context)
{
	*context = state_new(STATE_BY_KEY);
	return 0;
}

static int drop_state(void **context)
{
	state_free(*context);
	return 0;
}

static struct value set_of(struct state *state, const char *const *items)
{
	size_t count = 0;

	while (items[count])
		count++;
	return state_value_set(state, items, count);
}

static void expect_shown(struct value value, const char *text)
{
	CLEANUP(textp) char *shown = value_show(&value);

	assert_string_equal(shown, text);
}

static void a_set_does_not_depend_on_order_or_repetition(void **context)
{
	static const char *const one[] = { "b", "a", "c", "a", NULL };
	static const char *const other[] = { "a", "b", "c", NULL };
	const struct value left = set_of(*context, one);
	const struct value right = set_of(*context, other);

	assert_true(value_equal(&left, &right));
	assert_int_equal(value_count(&left), 3);
	assert_int_equal(left.length, 6);
	assert_memory_equal(left.bytes, "a\0b\0c", 6);
	expect_shown(left, "[a, b, c]");
}

static void sets_are_compared_byte_by_byte(void **context)
{
	static const char *const one[] = { "Repo", NULL };
	static const char *const other[] = { "repo", NULL };
	const struct value left = set_of(*context, one);
	const struct value right = set_of(*context, other);

	assert_false(value_equal(&left, &right));
}

static void a_set_of_two_is_not_the_set_of_both_in_one(void **context)
{
	static const char *const one[] = { "a", "b", NULL };
	static const char *const other[] = { "ab", NULL };
	const struct value left = set_of(*context, one);
	const struct value right = set_of(*context, other);

	assert_false(value_equal(&left, &right));
}

static void items_come_in_order_and_end(void **context)
{
	static const char *const items[] = { "y", "x", "", NULL };
	const struct value set = set_of(*context, items);
	const char *item = value_next(&set, NULL);

	assert_string_equal(item, "");
	item = value_next(&set, item);
	assert_string_equal(item, "x");
	item = value_next(&set, item);
	assert_string_equal(item, "y");
	assert_null(value_next(&set, item));
	assert_true(value_contains(&set, "x"));
	assert_true(value_contains(&set, ""));
	assert_false(value_contains(&set, "xx"));
	assert_false(value_contains(&set, "z"));
}

static void a_large_set_is_sorted_too(void **context)
{
	enum { MANY = 500 };
	char *items[MANY + 1] = { NULL };
	struct value set;
	const char *before = NULL, *item = NULL;

	for (int i = 0; i < MANY; i++)
		items[i] = xasprintf("scope-%d", (i * 7919) % MANY);
	set = set_of(*context, (const char *const *)items);

	assert_int_equal(value_count(&set), MANY);
	while ((item = value_next(&set, item))) {
		if (before)
			assert_true(strcmp(before, item) < 0);
		before = item;
	}
	for (int i = 0; i < MANY; i++)
		free(items[i]);
}

static void the_empty_set_differs_from_nothing(void **context)
{
	const struct value empty = state_value_set(*context, NULL, 0);
	const struct value absent = value_absent();

	assert_false(value_equal(&empty, &absent));
	assert_true(value_is_empty(&empty));
	assert_true(value_is_empty(&absent));
	assert_int_equal(value_count(&empty), 0);
	expect_shown(empty, "[]");
	expect_shown(absent, "");
}

static void empty_texts_and_null_are_empty_and_false_is_not(void **context)
{
	const struct value text = state_value_text(*context, "");
	const struct value null = state_value_json(*context, "null");
	const struct value word = state_value_text(*context, "null");
	const struct value no = state_value_boolean(false);
	const struct value unreadable = value_unreadable();

	assert_true(value_is_empty(&text));
	assert_true(value_is_empty(&null));
	assert_false(value_is_empty(&word));
	assert_false(value_is_empty(&no));
	assert_false(value_is_empty(&unreadable));
}

static void equal_bytes_of_two_kinds_are_not_equal(void **context)
{
	const struct value text = state_value_text(*context, "true");
	const struct value yes = state_value_boolean(true);
	const struct value same = state_value_text(*context, "true");

	assert_false(value_equal(&text, &yes));
	assert_true(value_equal(&text, &same));
	expect_shown(text, "true");
	expect_shown(yes, "true");
	expect_shown(value_unreadable(), "(not readable)");
}

static void values_that_repeat_are_kept_once(void **context)
{
	struct state *state = *context;
	const struct value one =
		state_value_text(state, "https://a.example/cb");
	const struct value other =
		state_value_text(state, "https://a.example/cb");

	assert_ptr_equal(one.bytes, other.bytes);
}

static void traits_are_found_by_name(void **context)
{
	static const struct field_trait fields[] = {
		{ .name = "client.id", .mode = MODE_SETTABLE },
		{ .name = "connector", .flags = FIELD_IMMUTABLE },
		{ .name = "scopes", .flags = FIELD_EMPTY_NONE },
	};
	static const struct secret_trait secrets[] = {
		{ .name = "client.secret", .readback = READBACK_NEVER },
	};
	const struct traits traits = { .fields = fields,
		                       .field_count = LENGTH(fields),
		                       .secrets = secrets,
		                       .secret_count = LENGTH(secrets) };
	const struct traits none = { 0 };

	(void)context;
	for (size_t i = 0; i < LENGTH(fields); i++)
		assert_ptr_equal(traits_field(&traits, fields[i].name),
		                 &fields[i]);
	assert_null(traits_field(&traits, "scope"));
	assert_null(traits_field(&none, "scopes"));
	assert_ptr_equal(traits_secret(&traits, "client.secret"), secrets);
	assert_null(traits_secret(&traits, "secrets.other"));
	assert_null(traits_secret(&none, "client.secret"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_state, drop_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_set_does_not_depend_on_order_or_repetition),
		TEST(sets_are_compared_byte_by_byte),
		TEST(a_set_of_two_is_not_the_set_of_both_in_one),
		TEST(items_come_in_order_and_end),
		TEST(a_large_set_is_sorted_too),
		TEST(the_empty_set_differs_from_nothing),
		TEST(empty_texts_and_null_are_empty_and_false_is_not),
		TEST(equal_bytes_of_two_kinds_are_not_equal),
		TEST(values_that_repeat_are_kept_once),
		TEST(traits_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
