/* SPDX-License-Identifier: MIT */
/* The text format: of changes. */
#include "report_text.h"

static void every_kind_has_its_mark_and_words(void **state)
{
	static const char *const heads[CHANGE_KINDS] = {
		[CHANGE_DELETE] = "- prod/a  delete id-1",
		[CHANGE_REPLACE] = "- prod/a  replace id-1 by a new object",
		[CHANGE_RECREATE] = "+ prod/a  create again",
		[CHANGE_CREATE] = "+ prod/a  create",
		[CHANGE_RENAME] = "~ prod/a  rename id-1, renamed from b",
		[CHANGE_UPDATE] = "~ prod/a  update id-1",
		[CHANGE_ROTATE] = "~ prod/a  send a secret to id-1",
		[CHANGE_ADOPT] = "~ prod/a  adopt id-1",
		[CHANGE_NOTE] = "  prod/a  note id-1",
	};
	struct sample *sample = *state;

	for (unsigned kind = 0; kind < CHANGE_KINDS; kind++) {
		struct change *change =
			sample_change(sample, (enum change_kind)kind, "a", 0);

		if (kind != CHANGE_CREATE && kind != CHANGE_RECREATE)
			change->id = "id-1";
		if (kind == CHANGE_RENAME)
			change->renamed_from = "b";
		text_expect_line(sample, heads[kind]);
	}
}

static void rows_that_say_more_than_the_kind_are_told(void **state)
{
	static const struct {
		const char *row;
		enum change_kind kind;
		const char *line;
	} told[] = {
		{ "O2", CHANGE_ADOPT, "~ prod/a  adopt id-1" },
		{ "O2", CHANGE_UPDATE, "~ prod/a  adopt and update id-1" },
		{ "O12", CHANGE_ROTATE,
		  "~ prod/a  adopt and send a secret to id-1" },
		{ "O18", CHANGE_DELETE,
		  "- prod/a  delete its former object id-1" },
		{ "O16", CHANGE_NOTE,
		  "  prod/a  note: it is gone, its row goes as well; id-1" },
		{ "O20", CHANGE_NOTE,
		  "  prod/a  note: `protect` changes; id-1" },
	};
	struct sample *sample = *state;

	for (size_t i = 0; i < LENGTH(told); i++) {
		struct change *change =
			sample_change(sample, told[i].kind, "a", 0);

		change->row = told[i].row;
		change->id = "id-1";
		text_expect_line(sample, told[i].line);
	}
}

static void created_fields_stand_in_columns_with_their_places(void **state)
{
	struct sample *sample = *state;

	sample_change(sample, CHANGE_CREATE, "crm", 20);
	sample_field(sample, "name", "F18", value_absent(),
	             sample_text("Slack CRM"));
	sample_field(sample, "redirectUri", "F18a", value_absent(),
	             sample_text("https://a.test/cb?x=1"));
	sample_field(sample, "scopes", "F18", value_absent(),
	             sample_set(sample, "chat:write;odd, one;"));
	sample_field(sample, "enabled", "F18", value_absent(),
	             (struct value){ "true", 4, VALUE_BOOLEAN });
	sample_secret(sample, "client.secret", SECRET_SET)->row = "S1";

	text_expect_middle(sample,
	                   "\n+ prod/crm  create  prod.yaml:20:3\n"
	                   "    name           \"Slack CRM\"              "
	                   "                            prod.yaml:21:3\n"
	                   "    redirectUri    https://a.test/cb?x=1     "
	                   "the platform must give it  prod.yaml:22:3\n"
	                   "    scopes         [chat:write, \"odd, one\"]  "
	                   "                           prod.yaml:23:3\n"
	                   "    enabled        true                      "
	                   "                           prod.yaml:24:3\n"
	                   "    client.secret  set from env:SECRET       "
	                   "                           prod.yaml:40:3\n");
}

static void one_wide_value_does_not_push_the_others_away(void **state)
{
	static const char wide[] =
		"https://platform.test/a/callback/that/is/longer/than/others/x";
	struct sample *sample = *state;

	sample_change(sample, CHANGE_CREATE, "crm", 20);
	sample_field(sample, "name", "F18", value_absent(),
	             sample_text("Größe"));
	sample_field(sample, "redirectUri", "F18", value_absent(),
	             sample_text(wide));
	sample_field(sample, "type", "F18", value_absent(),
	             sample_text("oauth2"))
		->place.line = 0;

	text_expect_middle(sample, "\n+ prod/crm  create  prod.yaml:20:3\n"
	                           "    name         \"Größe\"  "
	                           "prod.yaml:21:3\n"
	                           "    redirectUri  https://platform.test/a/"
	                           "callback/that/is/longer/than/others/x  "
	                           "prod.yaml:22:3\n"
	                           "    type         oauth2   prod.yaml\n");
}

static void only_fields_that_change_are_shown(void **state)
{
	struct sample *sample = *state;

	sample_update(sample);
	sample_field(sample, "client.id", "F3", sample_text("1"),
	             sample_text("1"));
	sample_field(sample, "extra.group", "F3", sample_text("g"),
	             sample_text("g"))
		->writes = true;
	sample_field(sample, "name", "F7", sample_text("Old -> new"),
	             sample_text("New"));
	sample_field(sample, "redirectUri", "F6", sample_text("u"),
	             sample_text("u"));
	sample_secret(sample, "client.secret", SECRET_KEEP);
	text_expect_middle(sample, TEXT_HEAD "    name  \"Old -> new\" -> New  "
	                                     "prod.yaml:23:3\n");

	sample->report.flags = REPORT_FULL;
	text_expect_line(sample,
	                 "    client.id      1                     clean    "
	                 "             prod.yaml:21:3");
	text_expect_line(sample,
	                 "    redirectUri    u                     changed "
	                 "back outside  prod.yaml:24:3");
}

static void what_is_none_on_both_sides_does_not_change(void **state)
{
	struct sample *sample = *state;

	sample_change(sample, CHANGE_REPLACE, "crm", 20)->id = "id-1";
	sample_field(sample, "connector", "F7", sample_text("slack"),
	             sample_text("notion"));
	sample_field(sample, "scopes", "F7", value_absent(),
	             sample_set(sample, ""));

	text_expect_middle(sample,
	                   "\n- prod/crm  replace id-1 by a new object  "
	                   "prod.yaml:20:3\n"
	                   "    connector  slack -> notion  "
	                   "prod.yaml:21:3\n");
}

static void sets_show_what_comes_and_goes(void **state)
{
	struct sample *sample = *state;

	sample_update(sample);
	sample_field(sample, "scopes", "F5", sample_set(sample, "a;b;d;"),
	             sample_set(sample, "b;c;e f;"));
	sample_field(sample, "scopeSets.user", "F7", sample_set(sample, "x;"),
	             sample_set(sample, ""));

	text_expect_middle(sample, TEXT_HEAD
	                   "    scopes          + c  drift: changed outside  "
	                   "prod.yaml:21:3\n"
	                   "                    + \"e f\"\n"
	                   "                    - a\n"
	                   "                    - d\n"
	                   "    scopeSets.user  - x                          "
	                   "prod.yaml:22:3\n");
}

static void long_values_stand_under_each_other(void **state)
{
	struct sample *sample = *state;

	sample_update(sample);
	sample_field(sample, "redirectUri", "F7",
	             sample_text("https://platform.test/callback/"),
	             sample_text("https://platform.test/callback"));

	text_expect_middle(sample,
	                   TEXT_HEAD "    redirectUri     "
	                             "https://platform.test/callback/  "
	                             "prod.yaml:21:3\n"
	                             "                 -> "
	                             "https://platform.test/callback\n");
}

static void conflict_shows_what_was_there_before(void **state)
{
	struct sample *sample = *state;
	struct field_change *field;

	sample_update(sample);
	field = sample_field(sample, "name", "F9", sample_text("Theirs"),
	                     sample_text("Ours"));
	field->seen = sample_text("Before");

	text_expect_middle(sample, TEXT_HEAD
	                   "    name  Theirs -> Ours  conflict: changed "
	                   "here and outside  prod.yaml:21:3\n"
	                   "          when last applied: Before\n");
}

static void values_that_are_not_there_are_told_from_texts(void **state)
{
	struct sample *sample = *state;

	sample_update(sample);
	sample_field(sample, "a", "F7", value_absent(), sample_text("(none)"));
	sample_field(sample, "b", "F14", value_unreadable(),
	             sample_set(sample, "x;"));
	sample_field(sample, "c", "F7", sample_text(""), sample_text("\"\\"));
	sample_field(sample, "extra.d", "F7", sample_json("{\"a\":1}"),
	             sample_json("[1,2]"));

	text_expect_middle(
		sample, TEXT_HEAD
		"    a        (none) -> \"(none)\"       prod.yaml:21:3\n"
		"    b        (cannot be read) -> [x]  prod.yaml:22:3\n"
		"    c        \"\" -> \"\\\"\\\\\"             prod.yaml:23:3\n"
		"    extra.d  {\"a\":1} -> [1,2]         "
		"prod.yaml:24:3\n");
}

static void held_drift_is_said_to_be_left_alone(void **state)
{
	struct sample *sample = *state;
	struct field_change *field;
	struct secret_change *secret;

	sample_update(sample);
	field = sample_field(sample, "name", "F5", sample_text("a"),
	                     sample_text("b"));
	field->held = true;
	field->writes = false;
	secret = sample_secret(sample, "client.secret", SECRET_KEEP);
	secret->held = true;
	secret->reason = "changed outside";

	text_expect_line(sample,
	                 "    name           a -> b                drift: "
	                 "changed outside, left alone: --no-drift-fix  "
	                 "prod.yaml:21:3");
	text_expect_line(sample,
	                 "    client.secret  keep from env:SECRET  changed "
	                 "outside, left alone: --no-drift-fix         "
	                 "prod.yaml:40:3");
}

static void secrets_show_action_source_version_and_reason(void **state)
{
	static const struct {
		enum secret_action action;
		const char *line;
	} told[] = {
		{ SECRET_UNKNOWN, "    client.secret  keep from env:SECRET, "
		                  "version 1 -> 2  because  prod.yaml:40:3" },
		{ SECRET_NOT_COMPARED,
		  "    client.secret  keep from env:SECRET, version 1 -> 2  "
		  "because  prod.yaml:40:3" },
		{ SECRET_SET,
		  "    client.secret  set from env:SECRET, version 1 "
		  "-> 2  because  prod.yaml:40:3" },
		{ SECRET_ROTATE, "    client.secret  rotate from env:SECRET, "
		                 "version 1 -> 2  because  prod.yaml:40:3" },
		{ SECRET_RESEND,
		  "    client.secret  send again from env:SECRET, version 1 -> "
		  "2  because  prod.yaml:40:3" },
		{ SECRET_CLEAR, "    client.secret  clear from env:SECRET, "
		                "version 1 -> 2  because  prod.yaml:40:3" },
	};
	struct sample *sample = *state;
	struct secret_change *secret;

	sample_update(sample);
	secret = sample_secret(sample, "client.secret", SECRET_NONE);
	secret->version = "2";
	secret->previous_version = "1";
	secret->reason = "because";
	for (size_t i = 0; i < LENGTH(told); i++) {
		secret->action = told[i].action;
		text_expect_line(sample, told[i].line);
	}
	secret->previous_version = "2";
	text_expect_line(sample,
	                 "    client.secret  clear from env:SECRET, version "
	                 "2  because  prod.yaml:40:3");
	secret->action = SECRET_KEEP;
	text_expect_middle(sample, TEXT_HEAD);
	secret->records = true;
	text_expect_line(sample,
	                 "    client.secret  keep from env:SECRET, version "
	                 "2  because  prod.yaml:40:3");
}

static void danger_and_reasons_stand_right_under_the_head(void **state)
{
	struct sample *sample = *state;
	struct change *change = sample_change(sample, CHANGE_DELETE, "old", 0);

	change->id = "id-7";
	change->danger = DANGER_DESTRUCTIVE;
	change->blocked = true;
	sample_reason(sample, "it is protected");
	sample_reason(sample, "12 connections break");
	sample_live(sample, "slack", "Old one");

	text_expect(sample,
	            "Plan: 0 to add, 0 to change, 1 to delete, 0 "
	            "unchanged.\n" TEXT_HEADING "\n- prod/old  delete id-7\n"
	            "    ! BLOCKED, destructive\n"
	            "    ! it is protected\n"
	            "    ! 12 connections break\n"
	            "    connector  slack\n"
	            "    name       \"Old one\"\n" TEXT_DIGEST
	            "BLOCKED: prod/old, as said above\n"
	            "Plan: 0 to add, 0 to change, 1 to delete, 0 unchanged.\n");
}

static void review_is_said_without_a_reason(void **state)
{
	struct sample *sample = *state;

	sample_update(sample)->danger = DANGER_REVIEW;

	text_expect_middle(sample, TEXT_HEAD "    ! review\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(every_kind_has_its_mark_and_words),
		SAMPLE_TEST(rows_that_say_more_than_the_kind_are_told),
		SAMPLE_TEST(created_fields_stand_in_columns_with_their_places),
		SAMPLE_TEST(one_wide_value_does_not_push_the_others_away),
		SAMPLE_TEST(only_fields_that_change_are_shown),
		SAMPLE_TEST(what_is_none_on_both_sides_does_not_change),
		SAMPLE_TEST(sets_show_what_comes_and_goes),
		SAMPLE_TEST(long_values_stand_under_each_other),
		SAMPLE_TEST(conflict_shows_what_was_there_before),
		SAMPLE_TEST(values_that_are_not_there_are_told_from_texts),
		SAMPLE_TEST(held_drift_is_said_to_be_left_alone),
		SAMPLE_TEST(secrets_show_action_source_version_and_reason),
		SAMPLE_TEST(danger_and_reasons_stand_right_under_the_head),
		SAMPLE_TEST(review_is_said_without_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
