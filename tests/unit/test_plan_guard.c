/* SPDX-License-Identifier: MIT */
/* What stops an apply: permissions for replacing, and guards at their limit
 * and one past it. */
#include "scene.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* ---- replacements ---- */

enum replace_flags {
	PERMITTED = 1 << 0,
	APPLIED_PROTECTS = 1 << 1,
	ENTRY_PROTECTS = 1 << 2,
};

static struct plan *plan_replaced(struct scene *scene, unsigned flags,
                                  unsigned can, enum ledger_mode mode)
{
	static const char *const keys[] = { "k" };

	scene_init(scene);
	scene->mode = mode;
	scene->traits.abilities =
		(enum platform_abilities)(scene->traits.abilities | can);
	if (flags & PERMITTED) {
		scene->permissions.allow_replace = keys;
		scene->permissions.allow_replace_count = 1;
	}
	scene_desired(scene, "k",
	              flags & ENTRY_PROTECTS
	                      ? "connector=slack name=k type=new @protect "
	                        "@natural=k"
	                      : "connector=slack name=k type=new @natural=k");
	scene_row(scene, "k", "o1",
	          flags & APPLIED_PROTECTS
	                  ? "connector=slack name=k type=old @protect"
	                  : "connector=slack name=k type=old");
	scene_live(scene, "o1",
	           "connector=slack name=k type=old @connections=2 "
	           "@natural=k");
	return scene_plan(scene);
}

static void replacing_needs_permission_and_no_protection(void **state)
{
	static const struct {
		unsigned flags;
		enum ledger_mode mode;
		const char *reason; /* NULL: it is not blocked */
	} tries[] = {
		{ PERMITTED, LEDGER_MODE_KEPT, NULL },
		{ 0, LEDGER_MODE_KEPT, "--allow-replace k" },
		{ PERMITTED | APPLIED_PROTECTS, LEDGER_MODE_KEPT, "protected" },
		{ PERMITTED | ENTRY_PROTECTS, LEDGER_MODE_KEPT, "protected" },
		{ PERMITTED, LEDGER_MODE_UNTRUSTED, "not authenticated" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(tries); i++) {
		struct scene scene;
		CLEANUP(plan_freep)
		struct plan *plan =
			plan_replaced(&scene, tries[i].flags, 0, tries[i].mode);
		const struct change *change = plan_only(plan);

		assert_int_equal(change->kind, CHANGE_REPLACE);
		assert_int_equal(change->blocked, tries[i].reason != NULL);
		assert_int_equal(plan->blocked, tries[i].reason != NULL);
		if (tries[i].reason)
			assert_non_null(
				strstr(change->reasons[0], tries[i].reason));
		assert_true(change_has_reason(change, "2 connections break"));
		plan_free(TAKE(plan));
		scene_release(&scene);
	}
}

static void without_a_ledger_nothing_is_replaced(void **state)
{
	static const char *const keys[] = { "k" };
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.mode = LEDGER_MODE_STATELESS;
	scene.permissions.allow_replace = keys;
	scene.permissions.allow_replace_count = 1;
	scene_desired(&scene, "k", "connector=slack name=k type=new");
	scene_live(&scene, "o1", "connector=slack name=k type=old");

	plan = scene_plan(&scene);

	assert_int_equal(plan_only(plan)->kind, CHANGE_REPLACE);
	assert_true(plan->changes[0].blocked);
	assert_true(change_has_reason(&plan->changes[0], "without a ledger"));
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void replacing_by_delete_needs_both_numbers(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep)
	struct plan *plan = plan_replaced(&scene, PERMITTED, HAS_NATURAL_KEY,
	                                  LEDGER_MODE_KEPT);

	(void)state;
	assert_int_equal(plan_only(plan)->replace_way, REPLACE_DELETE_FIRST);
	assert_false(plan_guard(plan, "maxDeletes")->lifted);
	assert_false(plan_guard(plan, "connections")->lifted);

	scene.permissions.allow_deletes = 1;
	scene.permissions.break_connections = 2;
	plan_judge(plan, &scene.input);

	assert_true(plan_guard(plan, "maxDeletes")->lifted);
	assert_true(plan_guard(plan, "connections")->lifted);
	assert_false(plan->blocked);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

/* ---- guards ---- */

struct guard_try {
	const char *name;
	unsigned known, orphans, missing, fresh;
	unsigned limit;
	bool blocked;
};

static void set_limits(struct scene *scene, const struct guard_try *try)
{
	if (str_equal(try->name, "maxDeletes"))
		scene->policy.max_deletes = try->limit;
	if (str_equal(try->name, "maxDeletePercent"))
		scene->policy.max_delete_percent = try->limit;
	if (str_equal(try->name, "maxChanges"))
		scene->policy.max_changes = try->limit;
	if (str_equal(try->name, "maxMissing"))
		scene->policy.max_missing = try->limit;
	if (str_equal(try->name, "emptyPlatform"))
		scene->mode = LEDGER_MODE_STATELESS;
}

static void check_guard(const struct guard_try *try)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	scene_init(&scene);
	scene.permissions.prune = true;
	set_limits(&scene, try);
	scene_many(&scene, 'k', try->known, scene_known);
	scene_many(&scene, 'o', try->orphans, scene_plain_orphan);
	scene_many(&scene, 'm', try->missing, scene_missing);
	scene_many(&scene, 'n', try->fresh, scene_new_one);
	plan = scene_plan(&scene);
	assert_non_null(plan);
	assert_int_equal(plan_guard(plan, try->name) != NULL, try->blocked);
	assert_int_equal(plan->blocked, try->blocked);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void guards_hold_one_past_their_limit(void **state)
{
	static const struct guard_try tries[] = {
		{ "maxDeletes", 1, 2, 0, 0, 2, false },
		{ "maxDeletes", 1, 3, 0, 0, 2, true },
		{ "maxDeletes", 1, 0, 0, 0, 0, false },
		{ "maxDeletes", 1, 1, 0, 0, 0, true },
		{ "maxDeletePercent", 7, 3, 0, 0, 30, false },
		{ "maxDeletePercent", 6, 4, 0, 0, 30, true },
		{ "maxDeletePercent", 5, 4, 0, 0, 30, false },
		{ "maxDeletePercent", 9, 1, 0, 0, 9, true },
		{ "maxDeletePercent", 9, 1, 0, 0, 10, false },
		{ "maxChanges", 1, 0, 0, 3, 3, false },
		{ "maxChanges", 1, 0, 0, 4, 3, true },
		{ "maxMissing", 3, 0, 1, 0, 1, false },
		{ "maxMissing", 3, 0, 2, 0, 1, true },
		{ "maxMissing", 0, 0, 1, 0, 1, false },
		{ "maxMissing", 0, 0, 2, 0, 5, true },
		{ "emptyPlatform", 0, 0, 0, 1, 0, false },
		{ "emptyPlatform", 0, 0, 0, 2, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(tries); i++) {
		print_message("%s %zu\n", tries[i].name, i);
		check_guard(&tries[i]);
	}
}

static void override_must_be_the_planned_number(void **state)
{
	static const struct {
		int64_t given;
		bool lifted;
	} tries[] = { { -1, false }, { 2, false }, { 3, true }, { 4, false } };

	(void)state;
	for (size_t i = 0; i < LENGTH(tries); i++) {
		struct scene scene;
		CLEANUP(plan_freep) struct plan *plan = NULL;

		scene_init(&scene);
		scene.permissions.prune = true;
		scene.permissions.allow_deletes = tries[i].given;
		scene.policy.max_deletes = 1;
		scene_known(&scene, "k", "o9");
		scene_many(&scene, 'o', 3, scene_plain_orphan);
		plan = scene_plan(&scene);
		assert_int_equal(plan_guard(plan, "maxDeletes")->lifted,
		                 tries[i].lifted);
		assert_int_equal(plan->blocked, !tries[i].lifted);
		assert_non_null(strstr(plan_guard(plan, "maxDeletes")->text,
		                       "--allow-deletes 3"));
		plan_free(TAKE(plan));
		scene_release(&scene);
	}
}

static void one_override_lifts_both_guards_of_deletes(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = true;
	scene.permissions.allow_deletes = 6;
	scene.policy.max_deletes = 1;
	scene.policy.max_delete_percent = 30;
	scene_many(&scene, 'k', 6, scene_known);
	scene_many(&scene, 'o', 6, scene_plain_orphan);

	plan = scene_plan(&scene);

	assert_true(plan_guard(plan, "maxDeletes")->lifted);
	assert_true(plan_guard(plan, "maxDeletePercent")->lifted);
	assert_false(plan->blocked);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void an_empty_platform_is_no_riddle_before_the_first_ledger(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.mode = LEDGER_MODE_NEVER_MADE;
	scene_many(&scene, 'n', 3, scene_new_one);

	plan = scene_plan(&scene);

	assert_int_equal(plan->change_count, 3);
	assert_false(plan->blocked);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void cascading_delete_needs_the_number_of_connections(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = true;
	scene.traits.abilities =
		(enum platform_abilities)(scene.traits.abilities | HAS_CASCADE);
	scene_known(&scene, "k", "o9");
	scene_row(&scene, "old", "o1", "connector=slack name=old");
	scene_live(&scene, "o1", "connector=slack name=old");
	plan = scene_plan(&scene);
	assert_false(plan_guard(plan, "connections")->lifted);
	assert_non_null(strstr(plan_guard(plan, "connections")->text,
	                       "nobody knows how many at 1 auth config, "));

	plan->changes[0].connections = 1;
	plan_judge(plan, &scene.input);
	assert_null(strstr(plan_guard(plan, "connections")->text, "nobody"));
	assert_true(
		change_has_reason(&plan->changes[0], "1 connection breaks"));

	plan->changes[0].connections = 7;
	scene.permissions.break_connections = 7;
	plan_judge(plan, &scene.input);
	assert_true(plan_guard(plan, "connections")->lifted);

	plan->changes[0].connections = 0;
	plan_judge(plan, &scene.input);
	assert_null(plan_guard(plan, "connections"));
	plan_free(TAKE(plan));
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replacing_needs_permission_and_no_protection),
		cmocka_unit_test(without_a_ledger_nothing_is_replaced),
		cmocka_unit_test(replacing_by_delete_needs_both_numbers),
		cmocka_unit_test(guards_hold_one_past_their_limit),
		cmocka_unit_test(override_must_be_the_planned_number),
		cmocka_unit_test(one_override_lifts_both_guards_of_deletes),
		cmocka_unit_test(
			an_empty_platform_is_no_riddle_before_the_first_ledger),
		cmocka_unit_test(
			cascading_delete_needs_the_number_of_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
