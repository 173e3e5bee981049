/* SPDX-License-Identifier: MIT */
/* Table S of decision.csv: plans of one object, for each line of it. */
#include "decision.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

enum secret_cells {
	S_ID,
	S_REF,
	S_VERSION,
	S_PRINT,
	S_PRINT_VERSION,
	S_READBACK,
	S_LIVE,
	S_OTHER,
	S_WISH,
	S_NEEDS_VALUE,
	S_ROW
};

enum secret_try_flags { TRY_HELD = 1 << 0 }; /* --no-drift-fix */

/* What a wish of the table is in a plan. */
static const struct wish {
	const char *name;
	enum secret_action action;
	bool records, drift;
	const char *finding; /* row, or NULL */
} wishes[] = {
	{ "none", SECRET_NONE, false, false, NULL },
	{ "set", SECRET_SET, false, false, NULL },
	{ "rotate", SECRET_ROTATE, false, false, NULL },
	{ "rotate_drift", SECRET_ROTATE, false, true, NULL },
	{ "resend", SECRET_RESEND, false, false, NULL },
	{ "resend_drift", SECRET_RESEND, false, true, NULL },
	{ "clear", SECRET_CLEAR, false, false, NULL },
	{ "keep", SECRET_KEEP, false, false, NULL },
	{ "keep_warn", SECRET_KEEP, false, false, "S8w" },
	{ "keep_probable", SECRET_KEEP, false, false, NULL },
	{ "keep_maybe", SECRET_KEEP, false, false, "S14" },
	{ "keep_record", SECRET_KEEP, true, false, NULL },
	{ "note", SECRET_KEEP, true, false, NULL },
	{ "keep_unknown", SECRET_UNKNOWN, false, false, NULL },
	{ "keep_not_compared", SECRET_NOT_COMPARED, false, false, NULL },
	{ "error", SECRET_NONE, false, false, NULL },
};

static const struct wish *wish_named(const char *name)
{
	for (size_t i = 0; i < LENGTH(wishes); i++) {
		if (str_equal(wishes[i].name, name))
			return &wishes[i];
	}
	fail_msg("no wish %s", name);
	return NULL;
}

/* The letter of a value; 0: none. */
static char declared_letter(const struct line *line)
{
	return str_starts(line->cells[S_REF], "resolved:")
	               ? line->cells[S_REF][9]
	               : '\0';
}

static char live_letter(const struct line *line)
{
	const char *live = line->cells[S_LIVE];

	if (str_equal(live, "match"))
		return declared_letter(line);
	if (str_equal(live, "other"))
		return 'H';
	return live[1] ? '\0' : live[0] == '-' ? '\0' : live[0];
}

static enum secret_match match(char a, char b)
{
	if (!a || !b)
		return MATCH_NOT_COMPARED;
	return a == b ? MATCH_EQUAL : MATCH_DIFFERENT;
}

static void add_fact(struct scene *scene, const struct line *line)
{
	const char *print = line->cells[S_PRINT];
	const char letter = declared_letter(line);
	const char live = live_letter(line);
	const bool printed = str_equal(print, "F");
	struct secret_fact fact = {
		.key = "k",
		.resolved = letter,
		.unresolved_why = letter ? NULL : "variable is not set",
	};

	if (printed)
		fact.fingerprint = match(letter, 'F');
	if (str_equal(print, "F/otherkey") && letter)
		fact.fingerprint = MATCH_OTHER_KEY;
	if (str_equal(line->cells[S_READBACK], "hint"))
		fact.hint = match(letter, live);
	if (str_equal(line->cells[S_READBACK], "clear")) {
		fact.clear = match(letter, live);
		if (printed)
			fact.live_fingerprint = match(live, 'F');
	}
	scene_fact(scene, &fact);
}

static enum secret_readback readback_named(const char *name)
{
	if (str_equal(name, "hint"))
		return READBACK_HINT;
	if (str_equal(name, "clear"))
		return READBACK_CLEAR;
	return str_equal(name, "masked") ? READBACK_MASKED : READBACK_NEVER;
}

/* The object is a managed one before the change. */
static bool is_managed(const struct line *line)
{
	return has_token(line->cells[S_OTHER], "to_own") ||
	       has_token(line->cells[S_OTHER], "managed");
}

static char *known_words(const struct line *line)
{
	const char *version = line->cells[S_PRINT_VERSION];
	const bool moved = has_token(line->cells[S_OTHER], "source");

	if (line->cells[S_PRINT][0] != 'F')
		return xstrdup("");
	return xasprintf("@known @hint=F @source=%s %s%s",
	                 moved ? "env:OLD" : "env:NEW",
	                 version[0] != '-' ? "@version=" : "",
	                 version[0] != '-' ? version : "");
}

static char *secret_row_words(const struct line *line)
{
	const char *other = line->cells[S_OTHER];
	CLEANUP(textp) char *known = known_words(line);

	return xasprintf("connector=slack name=old @updated=1 %s %s %s %s",
	                 is_managed(line) ? "ownership=managed"
	                                  : "ownership=own client.id=c",
	                 known, has_token(other, "in_doubt") ? "@doubt" : "",
	                 has_token(other, "dated_explained") ? "redirectUri=r>q"
	                                                     : "");
}

static char *secret_live_words(const struct line *line)
{
	const char *other = line->cells[S_OTHER];
	const bool managed = is_managed(line);
	const char letter = live_letter(line);
	const bool hint = str_equal(line->cells[S_READBACK], "hint") && letter;
	const char hints[] = { letter, '\0' };

	return xasprintf(
		"connector=slack ownership=%s name=old %s %s %s%s %s "
		"@updated=%c %s",
		managed ? "managed" : "own", managed ? "" : "client.id=c",
		has_token(other, "dated_explained") ? "redirectUri=r" : "",
		hint ? "@hint=" : "", hint ? hints : "",
		str_equal(line->cells[S_LIVE], "unset") ? "@unset" : "",
		has_token(other, "dated") || has_token(other, "dated_explained")
			? '2'
			: '1',
		str_equal(line->cells[S_LIVE], "missing") ? "@missing" : "");
}

static char *secret_entry_words(const struct line *line, const char *name)
{
	const char *other = line->cells[S_OTHER];
	const char *version = line->cells[S_VERSION];
	const bool managed =
		has_token(other, "managed") || has_token(other, "to_managed");

	return xasprintf("connector=slack ownership=%s name=%s %s %s %s %s%s",
	                 managed ? "managed" : "own", name,
	                 managed                         ? ""
	                 : has_token(other, "client_id") ? "client.id=new"
	                                                 : "client.id=c",
	                 managed ? "" : "@secret=env:NEW",
	                 has_token(other, "dated_explained") ? "redirectUri=r"
	                                                     : "",
	                 version[0] != '-' ? "@version=" : "",
	                 version[0] != '-' ? version : "");
}

static void set_secret_traits(struct scene *scene, const struct line *line)
{
	static const char *const asked[] = { "k" };
	const char *other = line->cells[S_OTHER];

	scene->secrets[0].readback = readback_named(line->cells[S_READBACK]);
	if (has_token(other, "group")) {
		scene->secrets[0].group = 3;
		scene_field(scene, "name")->group = 3;
	}
	if (has_token(other, "required") || has_token(other, "replace"))
		scene->traits.semantics = UPDATE_REPLACE;
	if (has_token(other, "required"))
		scene->traits.secret_omit = SECRET_OMIT_REQUIRED;
	if (has_token(other, "kept"))
		scene->permissions.drift_kept = true;
	if (has_token(other, "ask")) {
		scene->permissions.resend_secrets = asked;
		scene->permissions.resend_secrets_count = 1;
	}
}

static struct plan *plan_secret(struct scene *scene, const struct line *line,
                                unsigned flags)
{
	CLEANUP(textp) char *row = secret_row_words(line);
	CLEANUP(textp) char *live = secret_live_words(line);
	CLEANUP(textp) char *entry = secret_entry_words(line, "new");

	scene_init(scene);
	set_secret_traits(scene, line);
	if (flags & TRY_HELD)
		scene->permissions.drift_kept = true;
	scene_desired(scene, "k", entry);
	if (!has_token(line->cells[S_OTHER], "create")) {
		scene_row(scene, "k", "o1", row);
		scene_live(scene, "o1", live);
	}
	add_fact(scene, line);
	return scene_plan(scene);
}

static void check_held(const struct line *line, const struct wish *wish)
{
	struct scene scene;
	CLEANUP(plan_freep)
	struct plan *plan = plan_secret(&scene, line, TRY_HELD);
	const struct secret_change *secret;

	assert_non_null(plan);
	secret = change_secret(&plan->changes[0]);
	assert_non_null(secret);
	assert_int_equal(secret->held, wish->drift);
	if (wish->drift) {
		assert_int_equal(secret->action, SECRET_KEEP);
		assert_false(secret->needs_value);
	}
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void check_wish(const struct line *line, const struct plan *plan,
                       const struct wish *wish)
{
	const struct secret_change *secret = change_secret(&plan->changes[0]);

	if (wish->action == SECRET_NONE) {
		assert_null(secret);
		return;
	}
	assert_non_null(secret);
	assert_string_equal(secret->row, line->cells[S_ROW]);
	assert_string_equal(secret_action_names[secret->action],
	                    secret_action_names[wish->action]);
	assert_int_equal(secret->needs_value,
	                 str_equal(line->cells[S_NEEDS_VALUE], "1"));
	assert_int_equal(secret->records, wish->records);
	assert_true(secret->reason[0]);
	if (wish->finding)
		assert_non_null(plan_finding_of(plan, wish->finding));
}

static void check_secret(const struct line *line)
{
	const struct wish *wish = wish_named(line->cells[S_WISH]);
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	assert_int_equal(line->count, S_ROW + 1);
	print_message("%s\n", line->cells[S_ID]);
	plan = plan_secret(&scene, line, 0);
	if (str_equal(line->cells[S_WISH], "error")) {
		assert_null(plan);
		assert_int_equal(scene_code(&scene), CODE_SECRET_UNREADABLE);
		scene_release(&scene);
		return;
	}
	assert_non_null(plan);
	assert_int_equal(plan->change_count, 1);
	check_wish(line, plan, wish);
	if (change_secret(&plan->changes[0]) &&
	    !has_token(line->cells[S_OTHER], "kept") &&
	    !has_token(line->cells[S_OTHER], "to_own"))
		check_held(line, wish);
	plan_free(TAKE(plan));
	scene_release(&scene);
}

static void each_secret_row_is_decided_as_the_law_says(void **state)
{
	(void)state;
	each_line("secrets", check_secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_secret_row_is_decided_as_the_law_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
