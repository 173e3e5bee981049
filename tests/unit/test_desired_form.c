/* SPDX-License-Identifier: MIT */
/* Values of a form that the platform takes none of are refused where they
 * stand, before anything is sent. */
#include "desired_world.h"

#include "base/pattern.h"

static void expect_form(void **context, const struct traits *traits,
                        const char *yaml, const char *words)
{
	struct world *world = *context;
	struct diag *unheard = diag_new();
	struct pattern *letters = pattern_new("^[a-z]+$", PLACE_NONE, unheard);
	struct pattern *key = pattern_new("^.{1,3}$", PLACE_NONE, unheard);
	const struct value_form forms[] = {
		{ "name", letters, "^[a-z]+$" },
		{ "scopeSets.user", letters, "^[a-z]+$" },
		{ "platformKey", key, "^.{1,3}$" },
	};
	struct traits own = *traits;

	own.forms = forms;
	own.form_count = LENGTH(forms);
	world->traits = &own;
	read_world(world, yaml);
	world->traits = &platform;
	pattern_free(letters);
	pattern_free(key);
	diag_free(unheard);
	if (!words) {
		assert_int_equal(diag_length(world->diag), 0);
		assert_non_null(world->state);
		return;
	}
	assert_null(world->state);
	assert_int_equal(diag_length(world->diag), 1);
	assert_int_equal(diag_at(world->diag, 0)->code, CODE_FIELD_FORM);
	assert_non_null(strstr(diag_at(world->diag, 0)->text, words));
}

#define ENTRY "authConfigs:\n  abc:\n    connector: x\n    client: managed\n"

static void a_text_is_held_against_its_form(void **context)
{
	expect_form(context, &platform, ENTRY "    name: A b\n",
	            "takes no `name` like `A b`: it must match `^[a-z]+$`");
	assert_int_equal(
		diag_at(((struct world *)*context)->diag, 0)->place.line, 10);
	assert_int_equal(
		diag_at(((struct world *)*context)->diag, 0)->place.column, 11);
}

static void each_item_of_a_set_is(void **context)
{
	expect_form(context, &platform,
	            ENTRY "    name: a\n    scopeSets: { user: [a, B] }\n",
	            "like `[B, a]`: each item must match");
}

static void what_fits_is_taken(void **context)
{
	expect_form(context, &platform_with_keys,
	            ENTRY "    name: a\n    scopeSets: { user: [a, b] }\n",
	            NULL);
}

static void nothing_in_a_set_fits(void **context)
{
	expect_form(context, &platform,
	            ENTRY "    name: a\n    scopeSets: { user: [] }\n", NULL);
}

static void the_key_is_held_against_it(void **context)
{
	expect_form(context, &platform_with_keys,
	            ENTRY "    name: a\n    platformKey: abcd\n",
	            "takes no `platformKey` like `abcd`");
}

static void so_is_the_entrys_own_name(void **context)
{
	expect_form(context, &platform_with_keys,
	            "authConfigs:\n  abcd:\n    connector: x\n"
	            "    client: managed\n    name: a\n",
	            "takes no `platformKey` like `abcd`");
}

/* Where no OAuth app is shown, none need be named. */
static void without_apps_none_is_missed(void **context)
{
	static const struct traits shown = {
		.fields = field_traits,
		.field_count = 0,
	};
	static const struct field_trait names[] = {
		{ .name = "connector", .mode = MODE_ASSERT },
		{ .name = "name", .mode = MODE_ASSERT },
	};
	struct world *world = *context;
	struct traits traits = shown;

	traits.fields = names;
	traits.field_count = LENGTH(names);
	world->traits = &traits;
	read_world(world, "authConfigs:\n  a: { connector: x }\n");
	world->traits = &platform;
	assert_int_equal(diag_length(world->diag), 0);
	assert_int_equal(state_length(world->state), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_text_is_held_against_its_form),
		TEST(each_item_of_a_set_is),
		TEST(what_fits_is_taken),
		TEST(nothing_in_a_set_fits),
		TEST(the_key_is_held_against_it),
		TEST(so_is_the_entrys_own_name),
		TEST(without_apps_none_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
