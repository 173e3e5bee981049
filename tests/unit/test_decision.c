/* SPDX-License-Identifier: MIT */
/* Table F of decision.csv: plans of one object, for each line of it. */
#include "decision.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

enum field_cells {
	F_ID,
	F_DECLARED,
	F_SENT,
	F_SEEN,
	F_LIVE,
	F_MODE,
	F_SEMANTICS,
	F_RESULT,
	F_WRITE,
	F_HELD,
	F_RECORD
};

enum field_try_flags {
	TRY_OTHER = 1 << 0,   /* another field is written */
	TRY_HELD = 1 << 1,    /* --no-drift-fix */
	TRY_KNOWN = 1 << 2,   /* `any` is a value, not ? */
	TRY_REPLACE = 1 << 3, /* `any` is replace, not merge */
};

static const char entry_words[] = "connector=slack ownership=own type=t";

static void set_mode(struct scene *scene, const struct line *line,
                     unsigned flags)
{
	static const char *const resent[] = { "k" };
	struct field_trait *trait = scene_field(scene, "extra.v");
	const char *mode = line->cells[F_MODE];
	const char *semantics = line->cells[F_SEMANTICS];

	trait->mode = MODE_SETTABLE;
	if (has_token(mode, "assert"))
		trait->mode = MODE_ASSERT;
	if (has_token(mode, "unmapped"))
		trait->mode = MODE_UNMAPPED;
	if (has_token(mode, "empty"))
		trait->flags = FIELD_EMPTY_NONE;
	if (has_token(mode, "resend")) {
		scene->permissions.resend = resent;
		scene->permissions.resend_count = 1;
	}
	if (str_equal(semantics, "replace") ||
	    (str_equal(semantics, "any") && (flags & TRY_REPLACE)))
		scene->traits.semantics = UPDATE_REPLACE;
}

static char *row_words(const struct line *line, unsigned flags)
{
	const char *sent = line->cells[F_SENT];
	const char *seen = line->cells[F_SEEN];

	if (str_equal(sent, "any") && (flags & TRY_KNOWN))
		sent = seen = "q";
	if (str_equal(sent, "?") || str_equal(sent, "any"))
		return xasprintf("%s name=old", entry_words);
	return xasprintf("%s name=old extra.v=%s>%s", entry_words, sent, seen);
}

static struct plan *plan_field(struct scene *scene, const struct line *line,
                               unsigned flags)
{
	CLEANUP(textp) char *row = row_words(line, flags);
	CLEANUP(textp)
	char *desired = xasprintf("%s name=%s extra.v=%s", entry_words,
	                          flags & TRY_OTHER ? "new" : "old",
	                          line->cells[F_DECLARED]);
	CLEANUP(textp)
	char *live = xasprintf("%s name=old extra.v=%s", entry_words,
	                       line->cells[F_LIVE]);

	scene_init(scene);
	set_mode(scene, line, flags);
	scene->permissions.drift_kept = flags & TRY_HELD;
	scene_desired(scene, "k", desired);
	if (!str_equal(line->cells[F_LIVE], "none")) {
		scene_row(scene, "k", "o1", row);
		scene_live(scene, "o1", live);
	}
	return scene_plan(scene);
}

static enum field_record record_named(const char *name)
{
	static const char *const names[] = {
		[RECORD_KEEP] = "keep",
		[RECORD_SET] = "set",
		[RECORD_DROP] = "drop",
		[RECORD_NOTHING] = "nothing",
	};

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (str_equal(names[i], name))
			return (enum field_record)i;
	}
	fail_msg("no record rule %s", name);
	return RECORD_KEEP;
}

/* Beside another change, every row is there to be looked at. */
static void check_beside(const struct line *line, unsigned flags)
{
	const char *result = line->cells[F_RESULT];
	struct scene scene;
	CLEANUP(plan_freep)
	struct plan *plan = plan_field(&scene, line, flags | TRY_OTHER);
	const struct field_change *field = NULL;
	const struct change *change;

	if (str_equal(result, "error")) {
		assert_null(plan);
		assert_int_equal(scene_code(&scene), CODE_UNREADABLE_ECHO);
		scene_release(&scene);
		return;
	}
	assert_non_null(plan);
	assert_int_equal(plan->change_count, 1);
	change = &plan->changes[0];
	field = change_field(change, "extra.v");
	if (str_equal(result, "unmanaged")) {
		assert_null(field);
		assert_null(change_send(change, "extra.v"));
	} else {
		const bool held = (flags & TRY_HELD) &&
		                  str_equal(line->cells[F_HELD], "1");

		assert_non_null(field);
		assert_string_equal(field->row->result, result);
		assert_true(str_starts(line->cells[F_ID], field->row->row));
		assert_int_equal(field->row->record,
		                 record_named(line->cells[F_RECORD]));
		assert_int_equal(field->held, held);
		assert_int_equal(field->writes,
		                 str_equal(line->cells[F_WRITE], "1") && !held);
		assert_int_equal(
			change_send(change, "extra.v") != NULL,
			field->writes ||
				(scene.traits.semantics == UPDATE_REPLACE &&
		                 scene_field(&scene, "extra.v")->mode ==
		                         MODE_SETTABLE));
	}
	plan_free(TAKE(plan));
	scene_release(&scene);
}

/* Alone, only a row that writes makes a change, and only one that records
 * makes a note. */
static void check_alone(const struct line *line, unsigned flags)
{
	const bool made = str_equal(line->cells[F_LIVE], "none");
	const bool held =
		(flags & TRY_HELD) && str_equal(line->cells[F_HELD], "1");
	const bool writes = str_equal(line->cells[F_WRITE], "1") && !held;
	const enum field_record record = record_named(line->cells[F_RECORD]);
	const bool records = (record == RECORD_SET || record == RECORD_DROP) &&
	                     !writes && !held;
	struct scene scene;
	CLEANUP(plan_freep)
	struct plan *plan = plan_field(&scene, line, flags);

	assert_non_null(plan);
	assert_int_equal(plan->change_count, writes || made);
	assert_int_equal(plan->note_count, records && !made);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void check_field(const struct line *line)
{
	static const unsigned tries[] = { 0, TRY_HELD, TRY_KNOWN, TRY_REPLACE,
		                          TRY_KNOWN | TRY_REPLACE };

	assert_int_equal(line->count, F_RECORD + 1);
	for (size_t i = 0; i < LENGTH(tries); i++) {
		print_message("%s try %zu\n", line->cells[F_ID], i);
		check_beside(line, tries[i]);
		check_alone(line, tries[i]);
	}
}

static void each_field_row_is_decided_as_the_law_says(void **state)
{
	(void)state;
	each_line("fields", check_field);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_row_is_decided_as_the_law_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
