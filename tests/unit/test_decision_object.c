/* SPDX-License-Identifier: MIT */
/* Tables O and R of decision.csv: a plan for each line of it. */
#include "decision.h"

#include "base/text.h"

#include <string.h>

enum object_cells {
	O_ID,
	O_DECLARED,
	O_APPLIED,
	O_LIVE,
	O_MATCHES,
	O_OTHER,
	O_KIND
};

static const char plain_words[] = "connector=slack name=n ownership=own "
				  "type=t";

static void set_abilities(struct scene *scene, const char *other)
{
	unsigned can = scene->traits.abilities;

	if (has_token(other, "unique"))
		can |= HAS_UNIQUE_NAMES;
	if (has_token(other, "natural"))
		can |= HAS_NATURAL_KEY;
	if (has_token(other, "cannot_create"))
		can &= ~(unsigned)CAN_CREATE;
	scene->traits.abilities = (enum platform_abilities)can;
	scene->permissions.prune = has_token(other, "prune");
	if (has_token(other, "stateless"))
		scene->mode = LEDGER_MODE_STATELESS;
	if (has_token(other, "never_made"))
		scene->mode = LEDGER_MODE_NEVER_MADE;
}

static void add_entry(struct scene *scene, const char *other)
{
	CLEANUP(textp)
	char *words = xasprintf(
		"%s%s%s%s%s%s @natural=n", "connector=slack name=n ownership=",
		has_token(other, "ownership") ? "managed" : "own",
		has_token(other, "immutable") ? " type=u" : " type=t",
		has_token(other, "differs") ? " extra.v=y" : "",
		has_token(other, "protect") ? " @protect" : "",
		has_token(other, "renamed") ||
				has_token(other, "renamed_before") ||
				has_token(other, "renamed_both") ||
				has_token(other, "renamed_nothing")
			? " @from=old"
			: "");
	CLEANUP(textp)
	char *all = xasprintf("%s%s", words,
	                      has_token(other, "secret")
	                              ? " @secret=env:NEW @version=2"
	                              : "");

	scene_desired(scene, "k", all);
}

static void add_row(struct scene *scene, const struct line *line)
{
	const char *other = line->cells[O_OTHER];
	const char *key = has_token(other, "renamed") ? "old" : "k";
	const bool retired = str_equal(line->cells[O_APPLIED], "retired");
	CLEANUP(textp)
	char *words = xasprintf(
		"%s @natural=n%s%s%s%s", plain_words,
		has_token(other, "protected") ? " @protect" : "",
		has_token(other, "secret") ? " @known @version=1" : "",
		has_token(other, "undeclared_field") ? " extra.v=y" : "",
		retired ? " @retired=o1" : "");

	scene_row(scene, key, retired ? "own" : "o1", words);
	if (retired)
		scene_live(scene, "own", plain_words);
	if (str_equal(line->cells[O_APPLIED], "two"))
		scene_row(scene, "k2", "o1", words);
	if (has_token(other, "renamed_both"))
		scene_row(scene, "old", "o7", plain_words);
}

static void add_object(struct scene *scene, const char *id, const char *other)
{
	CLEANUP(textp)
	char *words = xasprintf(
		"%s name=n ownership=own type=t @natural=n%s%s%s",
		has_token(other, "foreign") ? "connector=jira"
					    : "connector=slack",
		has_token(other, "differs") ? " extra.v=x" : "",
		has_token(other, "opaque") || has_token(other, "opaque_match")
			? " @opaque"
			: "",
		has_token(other, "idle") ? " @connections=0" : "");

	scene_live(scene, id, words);
}

static void add_claimed(struct scene *scene, const char *other)
{
	if (!has_token(other, "claimed_by_undeclared") &&
	    !has_token(other, "claimed_by_declared"))
		return;
	scene_row(scene, "k0", "o9", plain_words);
	scene_live(scene, "o9", "connector=slack name=n ownership=own type=t");
	if (has_token(other, "claimed_by_declared"))
		scene_desired(scene, "k0",
		              "connector=slack name=n0 ownership=own type=t");
}

static void add_objects(struct scene *scene, const struct line *line)
{
	static const char *const ids[] = { "m1", "m2" };
	const char *other = line->cells[O_OTHER];
	uint64_t matches = 0;

	if (!str_equal(line->cells[O_MATCHES], "-"))
		assert_int_equal(
			parse_uint(line->cells[O_MATCHES], 2, &matches), 0);
	for (size_t i = 0; i < matches; i++)
		add_object(scene, ids[i], other);
	if (str_equal(line->cells[O_LIVE], "y"))
		add_object(scene, "o1", other);
	if (has_token(other, "opaque_match"))
		add_object(scene, "m1", other);
}

/* Where the object is found in the plan. */
static const char *outcome(const struct plan *plan, const char *key)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		if (!str_equal(change->key, key))
			continue;
		if (change->blocked && change->kind == CHANGE_DELETE)
			return "blocked";
		return change_kind_names[change->kind];
	}
	if (plan->orphan_count)
		return "orphan";
	if (plan->retired_count)
		return "retired";
	if (plan->note_count)
		return "note";
	return plan->unmanaged_count ? "unmanaged" : "nothing";
}

static const char *row_found(const struct plan *plan, const char *key)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		if (str_equal(plan->changes[i].key, key))
			return plan->changes[i].row;
	}
	if (plan->orphan_count)
		return plan->orphans[0].row;
	if (plan->retired_count)
		return plan->retired[0].row;
	if (plan->note_count)
		return plan->notes[0].row;
	return plan->unmanaged_count ? plan->unmanaged[0].row : NULL;
}

/* The kinds that say more than a kind: how it is replaced, and whether. */
static bool check_replacement(const struct plan *plan, const char *expected)
{
	const struct change *change = &plan->changes[0];

	if (str_equal(expected, "replace_create_first"))
		assert_int_equal(change->replace_way, REPLACE_CREATE_FIRST);
	else if (str_equal(expected, "replace_delete_first"))
		assert_int_equal(change->replace_way, REPLACE_DELETE_FIRST);
	else if (str_equal(expected, "replace_blocked"))
		assert_non_null(strstr(change->reasons[0], "by hand"));
	else if (str_equal(expected, "update_blocked"))
		assert_non_null(strstr(change->reasons[0], "--allow-replace"));
	else
		return false;
	assert_true(change->blocked);
	assert_true(str_starts(expected, change_kind_names[change->kind]));
	return true;
}

static void check_outcome(const struct line *line, const struct plan *plan)
{
	const char *id = line->cells[O_ID];
	const char *row = row_found(plan, "k");
	const bool renamed = str_starts(id, "O7");

	if (check_replacement(plan, line->cells[O_KIND]))
		return;
	assert_string_equal(outcome(plan, "k"), line->cells[O_KIND]);
	if (row && !renamed && !str_starts(id, "P"))
		assert_string_equal(row, id);
}

static void check_object(const struct line *line)
{
	const char *other = line->cells[O_OTHER];
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;
	uint64_t code;

	assert_int_equal(line->count, O_KIND + 1);
	print_message("%s %s\n", line->cells[O_ID], other);
	scene_init(&scene);
	set_abilities(&scene, other);
	if (str_equal(line->cells[O_DECLARED], "y"))
		add_entry(&scene, other);
	else
		scene_desired(&scene, "z", "connector=z name=z ownership=own");
	if (!str_equal(line->cells[O_APPLIED], "n") ||
	    has_token(other, "renamed"))
		add_row(&scene, line);
	add_claimed(&scene, other);
	add_objects(&scene, line);
	plan = scene_plan(&scene);
	if (parse_uint(line->cells[O_KIND], 9999, &code) == 0) {
		assert_null(plan);
		assert_int_equal(scene_code(&scene), code);
	} else {
		assert_non_null(plan);
		check_outcome(line, plan);
	}
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void each_object_row_is_decided_as_the_law_says(void **state)
{
	(void)state;
	each_line("objects", check_object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_object_row_is_decided_as_the_law_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
