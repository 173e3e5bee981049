/* SPDX-License-Identifier: MIT */
/* Plans by their door: what several objects come to, requests, dangers and
 * order. The rows one by one are test_decision's. */
#include "scene.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* ---- the whole ---- */

static void unchanged_objects_make_an_empty_plan(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_many(&scene, 'k', 3, scene_known);

	plan = scene_plan(&scene);

	assert_true(plan_is_empty(plan));
	assert_int_equal(plan->note_count, 0);
	assert_int_equal(plan->counts.unchanged, 3);
	assert_false(plan->blocked);
	scene_release(&scene);
}

static void empty_file_is_refused(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = true;

	plan = scene_plan(&scene);

	assert_null(plan);
	assert_int_equal(scene_code(&scene), CODE_EMPTY_DESIRED);
	scene_release(&scene);
}

static void empty_file_is_planned_when_it_is_meant(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = scene.permissions.allow_empty = true;
	scene_orphan(&scene, "k", "o1", "");

	plan = scene_plan(&scene);

	assert_int_equal(plan_only(plan)->kind, CHANGE_DELETE);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void all_mistakes_are_reported_at_once(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_new(&scene, "a");
	scene_new(&scene, "b");
	scene_live(&scene, "a1", "connector=slack name=a");
	scene_live(&scene, "a2", "connector=slack name=a");
	scene_live(&scene, "b1", "connector=slack name=b");
	scene_live(&scene, "b2", "connector=slack name=b");

	plan = scene_plan(&scene);

	assert_null(plan);
	assert_int_equal(diag_count(scene.diag, SEVERITY_ERROR), 2);
	assert_non_null(strstr(diag_at(scene.diag, 0)->text, "`a1`, `a2`"));
	assert_non_null(
		strstr(diag_at(scene.diag, 1)->text, "trueup adopt b --id"));
	scene_release(&scene);
}

static void orphans_twin_is_an_error_before_it_is_an_adoption(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_desired(&scene, "new", "connector=slack name=old ownership=own");
	scene_orphan(&scene, "old", "o1", "");
	scene_live(&scene, "o2", "connector=slack name=old ownership=own");

	plan = scene_plan(&scene);

	assert_null(plan);
	assert_int_equal(scene_code(&scene), CODE_CLAIMED_MATCH);
	assert_non_null(
		strstr(diag_at(scene.diag, 0)->text, "renamedFrom: old"));
	scene_release(&scene);
}

static void two_entries_cannot_take_one_row_over(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_desired(&scene, "a", "connector=slack name=a @from=old");
	scene_desired(&scene, "b", "connector=slack name=b @from=old");
	scene_orphan(&scene, "old", "o1", "");

	plan = scene_plan(&scene);

	assert_null(plan);
	assert_int_equal(scene_code(&scene), CODE_RENAME_TWICE);
	scene_release(&scene);
}

static void rename_keeps_the_object_and_leaves_no_orphan(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_desired(&scene, "new",
	              "connector=slack ownership=own type=t name=old "
	              "@from=old");
	scene_orphan(&scene, "old", "o1", "");

	plan = scene_plan(&scene);

	assert_int_equal(plan_only(plan)->kind, CHANGE_RENAME);
	assert_string_equal(plan->changes[0].renamed_from, "old");
	assert_string_equal(plan->changes[0].id, "o1");
	assert_int_equal(plan->changes[0].send_count, 0);
	assert_int_equal(plan->changes[0].danger, DANGER_NONE);
	assert_int_equal(plan->orphan_count, 0);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static struct plan *plan_rekeyed(struct scene *scene, unsigned can,
                                 const char *connections)
{
	CLEANUP(textp)
	char *live = xasprintf("connector=slack name=n ownership=own "
	                       "@natural=old @connections=%s",
	                       connections);

	scene_init(scene);
	scene->traits.abilities =
		(enum platform_abilities)(scene->traits.abilities | can);
	scene_desired(scene, "new",
	              "connector=slack name=n ownership=own @natural=new "
	              "@from=old");
	scene_row(scene, "old", "o1",
	          "connector=slack name=n ownership=own @natural=old");
	scene_live(scene, "o1", live);
	return scene_plan(scene);
}

static void natural_key_is_renamed_only_where_nobody_hangs_on_it(void **state)
{
	static const struct {
		unsigned can;
		const char *connections;
		bool blocked;
	} tries[] = {
		{ HAS_NATURAL_KEY | CAN_RENAME, "0", false },
		{ HAS_NATURAL_KEY | CAN_RENAME, "1", true },
		{ HAS_NATURAL_KEY | CAN_RENAME, "-1", true },
		{ HAS_NATURAL_KEY, "0", true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(tries); i++) {
		struct scene scene;
		CLEANUP(plan_freep)
		struct plan *plan = plan_rekeyed(&scene, tries[i].can,
		                                 tries[i].connections);

		assert_int_equal(plan_only(plan)->kind, CHANGE_RENAME);
		assert_int_equal(plan->changes[0].blocked, tries[i].blocked);
		assert_int_equal(plan->changes[0].danger, DANGER_REVIEW);
		plan_free(TAKE(plan));
		scene_release(&scene);
	}
}

static void finished_rename_is_only_hinted_at(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_desired(&scene, "k", "connector=slack name=n @from=old");
	scene_row(&scene, "k", "o1", "connector=slack name=n");
	scene_live(&scene, "o1", "connector=slack name=n");

	plan = scene_plan(&scene);

	assert_true(plan_is_empty(plan));
	assert_int_equal(plan_finding_of(plan, "O7a")->severity, SEVERITY_INFO);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void unmanaged_objects_are_counted_and_may_be_hidden(void **state)
{
	static const char *const ignore[] = { "legacy-*" };
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.policy.ignore = ignore;
	scene.policy.ignore_count = 1;
	scene.permissions.prune = true;
	scene_known(&scene, "k", "o1");
	scene_live(&scene, "o2", "connector=slack name=legacy-1");
	scene_live(&scene, "o3", "connector=slack name=other");

	plan = scene_plan(&scene);

	assert_true(plan_is_empty(plan));
	assert_int_equal(plan->counts.unmanaged, 2);
	assert_int_equal(plan->unmanaged_count, 1);
	assert_string_equal(plan->unmanaged[0].id, "o3");
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void retired_id_that_another_row_has_is_left_to_it(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = true;
	scene_desired(&scene, "a", "connector=slack name=a");
	scene_desired(&scene, "b", "connector=slack name=b");
	scene_row(&scene, "a", "o1", "connector=slack name=a @retired=o2");
	scene_row(&scene, "b", "o2", "connector=slack name=b");
	scene_live(&scene, "o1", "connector=slack name=a @connections=0");
	scene_live(&scene, "o2", "connector=slack name=b @connections=0");

	plan = scene_plan(&scene);

	assert_true(plan_is_empty(plan));
	assert_int_equal(plan->retired_count, 0);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

/* ---- requests ---- */

static void create_sends_what_is_declared_and_can_be_set(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;
	const struct change *change;

	(void)state;
	scene_init(&scene);
	scene_field(&scene, "redirectUri")->mode = MODE_ASSERT;
	scene_field(&scene, "extra.v")->mode = MODE_UNMAPPED;
	scene_desired(&scene, "k",
	              "connector=slack name=n ownership=own scopes=[] "
	              "redirectUri=https://x extra.v=1 @secret=env:S");

	plan = scene_plan(&scene);

	change = plan_only(plan);
	assert_int_equal(change->send_count, 4);
	assert_string_equal(change->sends[0].name, "connector");
	assert_string_equal(change->sends[1].name, "name");
	assert_string_equal(change->sends[2].name, "ownership");
	assert_string_equal(change->sends[3].name, "scopes");
	assert_int_equal(change_secret(change)->action, SECRET_SET);
	assert_int_equal(change->danger, DANGER_NONE);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static struct plan *plan_drifted(struct scene *scene,
                                 enum update_semantics semantics)
{
	scene_init(scene);
	scene->traits.semantics = semantics;
	scene_desired(scene, "k",
	              "connector=slack name=new scopes=[a] ownership=own");
	scene_row(scene, "k", "o1",
	          "connector=slack name=old scopes=[a] ownership=own");
	scene_live(scene, "o1",
	           "connector=slack name=old scopes=[b] extra.v=theirs "
	           "ownership=own");
	scene->permissions.drift_kept = true;
	return scene_plan(scene);
}

static void merging_update_sends_only_what_is_written(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep)
	struct plan *plan = plan_drifted(&scene, UPDATE_MERGE);

	(void)state;
	assert_int_equal(plan_only(plan)->send_count, 1);
	assert_string_equal(plan->changes[0].sends[0].name, "name");
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void replacing_update_echoes_what_it_must_not_change(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep)
	struct plan *plan = plan_drifted(&scene, UPDATE_REPLACE);
	const struct change *change;
	struct value scopes;

	(void)state;
	change = plan_only(plan);
	assert_non_null(change_send(change, "extra.v"));
	assert_string_equal(change_send(change, "extra.v")->value.bytes,
	                    "theirs");
	assert_string_equal(change_send(change, "name")->value.bytes, "new");
	scopes = change_send(change, "scopes")->value;
	assert_true(value_contains(&scopes, "b"));
	assert_false(value_contains(&scopes, "a"));
	assert_true(change_field(change, "scopes")->held);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void written_group_is_sent_whole(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;
	const struct change *change;

	(void)state;
	scene_init(&scene);
	scene_field(&scene, "client.id")->group = 1;
	scene_field(&scene, "extra.v")->group = 1;
	scene.secrets[0].group = 1;
	scene_desired(&scene, "k",
	              "connector=slack name=n ownership=own client.id=c "
	              "@secret=env:S @version=2");
	scene_row(&scene, "k", "o1",
	          "connector=slack name=n ownership=own client.id=c @known "
	          "@version=1");
	scene_live(&scene, "o1",
	           "connector=slack name=n ownership=own client.id=c "
	           "extra.v=theirs");

	plan = scene_plan(&scene);

	change = plan_only(plan);
	assert_int_equal(change->kind, CHANGE_ROTATE);
	assert_int_equal(change->send_count, 2);
	assert_true(change_field(change, "client.id")->writes);
	assert_string_equal(change_send(change, "extra.v")->value.bytes,
	                    "theirs");
	plan_free(TAKE(plan));
	scene_release(&scene);
}

/* ---- dangers ---- */

static void dangers_are_those_of_the_fields(void **state)
{
	static const struct {
		const char *before, *after;
		enum danger danger;
	} tries[] = {
		{ "name=a", "name=b", DANGER_NONE },
		{ "client.id=a", "client.id=b", DANGER_DESTRUCTIVE },
		{ "enabled=true", "enabled=false", DANGER_DESTRUCTIVE },
		{ "enabled=false", "enabled=true", DANGER_NONE },
		{ "scopes=[a]", "scopes=[a,b]", DANGER_REVIEW },
		{ "redirectUri=a", "redirectUri=b", DANGER_REVIEW },
		{ "extra.v=a", "extra.v=b", DANGER_REVIEW },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(tries); i++) {
		struct scene scene;
		CLEANUP(plan_freep) struct plan *plan = NULL;

		scene_init(&scene);
		scene_desired(&scene, "k", tries[i].after);
		scene_row(&scene, "k", "o1", tries[i].before);
		scene_live(&scene, "o1", tries[i].before);
		plan = scene_plan(&scene);
		assert_int_equal(plan_only(plan)->danger, tries[i].danger);
		assert_int_equal(plan->danger, tries[i].danger);
		plan_free(TAKE(plan));
		scene_release(&scene);
	}
}

static void rewritten_values_weigh_as_their_fields(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_desired(&scene, "k", "connector=slack name=a scopes=[a]");
	scene_row(&scene, "k", "o1", "connector=slack name=a>A scopes=[a]>[b]");
	scene_live(&scene, "o1", "connector=slack name=A scopes=[b]");

	plan = scene_plan(&scene);

	assert_true(plan_is_empty(plan));
	assert_int_equal(plan->finding_count, 2);
	assert_string_equal(plan->findings[0].field, "name");
	assert_int_equal(plan->findings[0].severity, SEVERITY_INFO);
	assert_int_equal(plan->findings[1].severity, SEVERITY_ERROR);
	assert_non_null(strstr(plan->findings[1].text, "`[b]`"));
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void recreating_says_who_points_to_the_old_one(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_missing(&scene, "k", "o1");

	plan = scene_plan(&scene);

	assert_int_equal(plan_only(plan)->kind, CHANGE_RECREATE);
	assert_int_equal(plan->changes[0].danger, DANGER_DESTRUCTIVE);
	assert_true(change_has_reason(&plan->changes[0], "point to it"));
	assert_null(plan->changes[0].id);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void unresolved_secret_says_where_it_was_looked_for(void **state)
{
	const struct secret_fact fact = { .key = "k",
		                          .unresolved_why =
		                                  "variable is not set" };
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	(void)state;
	scene_init(&scene);
	scene_fact(&scene, &fact);
	scene_desired(&scene, "k", "connector=slack name=b @secret=env:S");
	scene_row(&scene, "k", "o1", "connector=slack name=a @known @print");
	scene_live(&scene, "o1", "connector=slack name=a");

	plan = scene_plan(&scene);

	assert_string_equal(change_secret(plan_only(plan))->reason,
	                    "not compared: `env:S`: variable is not set");
	plan_free(TAKE(plan));
	scene_release(&scene);
}

/* ---- order ---- */

static void apply_goes_from_what_makes_to_what_breaks(void **state)
{
	static const enum change_kind kinds[] = {
		CHANGE_CREATE, CHANGE_RECREATE, CHANGE_RENAME,  CHANGE_ADOPT,
		CHANGE_UPDATE, CHANGE_ROTATE,   CHANGE_REPLACE, CHANGE_DELETE,
	};
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;
	size_t order[LENGTH(kinds)];

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = true;
	scene_desired(&scene, "h", "connector=s name=h");
	scene_missing(&scene, "g", "og");
	scene_desired(&scene, "f", "connector=s name=f @from=f0");
	scene_row(&scene, "f0", "of", "connector=s name=f");
	scene_live(&scene, "of", "connector=s name=f");
	scene_desired(&scene, "e", "connector=s name=e");
	scene_live(&scene, "oe", "connector=s name=e");
	scene_desired(&scene, "d", "connector=s name=d");
	scene_row(&scene, "d", "od", "connector=s name=d0");
	scene_live(&scene, "od", "connector=s name=d0");
	scene_desired(&scene, "c",
	              "connector=s name=c @secret=env:S @version=2");
	scene_row(&scene, "c", "oc", "connector=s name=c @known @version=1");
	scene_live(&scene, "oc", "connector=s name=c");
	scene_desired(&scene, "b", "connector=s name=b type=new");
	scene_row(&scene, "b", "ob", "connector=s name=b type=old");
	scene_live(&scene, "ob", "connector=s name=b type=old");
	scene_orphan(&scene, "a", "oa", "");

	plan = scene_plan(&scene);

	assert_int_equal(plan->change_count, LENGTH(kinds));
	plan_order(plan, order);
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		assert_int_equal(plan->changes[order[i]].kind, kinds[i]);
		assert_int_equal(plan->changes[i].key[0], 'a' + (int)i);
	}
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static int count_visit(struct change *change, void *context)
{
	size_t *count = context;

	assert_true(change->kind != CHANGE_CREATE);
	(*count)++;
	return 0;
}

static void facts_are_asked_only_for_dangerous_changes(void **state)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;
	size_t count = 0;

	(void)state;
	scene_init(&scene);
	scene.permissions.prune = true;
	scene_new(&scene, "new");
	scene_orphan(&scene, "old", "o1", "");
	scene_desired(&scene, "own", "connector=s name=n ownership=managed");
	scene_row(&scene, "own", "o2", "connector=s name=n ownership=own");
	scene_live(&scene, "o2", "connector=s name=n ownership=own");

	plan = scene_plan(&scene);

	assert_int_equal(plan_each_dangerous(plan, count_visit, &count), 0);
	assert_int_equal(count, 2);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unchanged_objects_make_an_empty_plan),
		cmocka_unit_test(empty_file_is_refused),
		cmocka_unit_test(empty_file_is_planned_when_it_is_meant),
		cmocka_unit_test(all_mistakes_are_reported_at_once),
		cmocka_unit_test(
			orphans_twin_is_an_error_before_it_is_an_adoption),
		cmocka_unit_test(two_entries_cannot_take_one_row_over),
		cmocka_unit_test(rename_keeps_the_object_and_leaves_no_orphan),
		cmocka_unit_test(
			natural_key_is_renamed_only_where_nobody_hangs_on_it),
		cmocka_unit_test(finished_rename_is_only_hinted_at),
		cmocka_unit_test(
			unmanaged_objects_are_counted_and_may_be_hidden),
		cmocka_unit_test(retired_id_that_another_row_has_is_left_to_it),
		cmocka_unit_test(create_sends_what_is_declared_and_can_be_set),
		cmocka_unit_test(merging_update_sends_only_what_is_written),
		cmocka_unit_test(
			replacing_update_echoes_what_it_must_not_change),
		cmocka_unit_test(written_group_is_sent_whole),
		cmocka_unit_test(dangers_are_those_of_the_fields),
		cmocka_unit_test(rewritten_values_weigh_as_their_fields),
		cmocka_unit_test(recreating_says_who_points_to_the_old_one),
		cmocka_unit_test(
			unresolved_secret_says_where_it_was_looked_for),
		cmocka_unit_test(apply_goes_from_what_makes_to_what_breaks),
		cmocka_unit_test(facts_are_asked_only_for_dangerous_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
