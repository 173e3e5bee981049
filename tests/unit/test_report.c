/* SPDX-License-Identifier: MIT */
/* The text format: of plans around their changes, and of small commands. */
#include "base/text.h"
#include "report_text.h"

#include <string.h>

static void expect_first(const struct sample *sample, const char *line)
{
	CLEANUP(textp) char *whole = sample_write(sample, "text");
	const size_t length = strcspn(whole, "\n");

	whole[length] = '\0';
	assert_string_equal(whole, line);
}

/* ---- counts ---- */

static void empty_plan_is_one_line(void **state)
{
	struct sample *sample = *state;

	sample->plan.counts.unchanged = 5;

	text_expect(sample, "Plan: no changes, 5 unchanged.\n");
}

static void empty_plan_says_nothing_when_it_is_to_be_quiet(void **state)
{
	struct sample *sample = *state;

	sample->report.flags = REPORT_QUIET;

	text_expect(sample, "");
}

static void empty_plan_says_more_when_all_is_asked_for(void **state)
{
	struct sample *sample = *state;

	sample->report.flags = REPORT_FULL;

	text_expect(sample,
	            "Plan: no changes, 0 unchanged.\n" TEXT_HEADING TEXT_DIGEST
	            "Plan: no changes, 0 unchanged.\n");
}

static void an_orphan_is_listed_though_nothing_changes(void **state)
{
	struct sample *sample = *state;

	sample->orphan = (struct bystander){ "old", "id-1", "slack",
		                             "Old", "O13",  false };
	sample->plan.orphans = &sample->orphan;
	sample->plan.orphan_count = sample->plan.counts.orphaned = 1;

	text_expect_line(sample, "  old  id-1  slack  Old");
	expect_first(sample, "Plan: no changes, 1 orphaned, 0 unchanged.");
}

static void what_stands_as_it_stood_is_no_news_for_quiet(void **state)
{
	struct sample *sample = *state;

	sample_change(sample, CHANGE_NOTE, "crm", 20);
	sample->plan.ledger_mode = LEDGER_MODE_STATELESS;
	sample->orphan.id = sample->orphan.connector = "slack";
	sample->plan.orphans = &sample->orphan;
	sample->plan.orphan_count = 1;
	sample->report.flags = REPORT_QUIET;

	text_expect(sample, "");
}

static void quiet_does_not_hide_what_is_wrong(void **state)
{
	struct sample *sample = *state;

	sample_find(sample, "prod/crm", "scopes", "F4", SEVERITY_ERROR);
	sample->report.flags = REPORT_QUIET;

	expect_first(sample, "Plan: no changes, 0 unchanged.");
	text_expect_line(sample,
	                 "  error  prod/crm  scopes: sent `a`, live is `b`  "
	                 "prod.yaml:7:9");
}

static void quiet_does_not_hide_a_guard_or_an_open_intent(void **state)
{
	struct sample *sample = *state;
	char text[] = "`crm`: it was made";
	struct resolution resolution = { .key = "crm", .text = text };
	const struct resolved resolved = { .resolutions = &resolution,
		                           .resolution_count = 1 };

	sample->report.flags = REPORT_QUIET;
	sample->report.resolved = &resolved;
	text_expect_middle(sample, "\nLeft open by an earlier run\n"
	                           "  `crm`: it was made\n");

	sample->report.resolved = NULL;
	sample_guard(sample, "maxMissing", 3, 1);
	text_expect_line(
		sample,
		"BLOCKED: maxMissing: 3 planned, 1 allowed; give --allow");
}

static void counts_line_is_as_the_requirement_says(void **state)
{
	struct sample *sample = *state;

	sample_change(sample, CHANGE_CREATE, "a", 1);
	sample_secret(sample, "client.secret", SECRET_SET);
	sample_change(sample, CHANGE_ROTATE, "b", 2);
	sample_secret(sample, "client.secret", SECRET_ROTATE);
	sample_change(sample, CHANGE_UPDATE, "c", 3);
	sample_change(sample, CHANGE_RENAME, "d", 4);
	sample->plan.counts.unchanged = 5;
	sample->plan.counts.drifted = 1;

	expect_first(sample, "Plan: 1 to add, 2 to change, 0 to delete, 1 "
	                     "secret to rotate, 5 unchanged (drift: 1).");
}

static void counts_line_counts_every_kind(void **state)
{
	struct sample *sample = *state;

	for (unsigned kind = 0; kind < CHANGE_KINDS; kind++)
		sample_change(sample, (enum change_kind)kind, "a", 1);
	sample_change(sample, CHANGE_ROTATE, "b", 2);
	for (unsigned action = 0; action < SECRET_ACTIONS; action++)
		sample_secret(sample, "client.secret",
		              (enum secret_action)action);
	sample_secret(sample, "client.secret", SECRET_CLEAR);
	sample->plan.counts.orphaned = 7;

	expect_first(sample,
	             "Plan: 2 to add, 2 to change, 1 to delete, 1 to replace, "
	             "1 to adopt, 1 secret to rotate, 1 secret to set, 1 "
	             "secret to send again, 2 secrets to clear, 7 orphaned, 0 "
	             "unchanged.");
}

static void counts_line_is_first_and_last(void **state)
{
	struct sample *sample = *state;

	sample_update(sample);

	text_expect(sample,
	            TEXT_COUNTS TEXT_HEADING TEXT_HEAD TEXT_DIGEST TEXT_COUNTS);
}

/* ---- beside the changes ---- */

static void lists_are_aligned(void **state)
{
	struct sample *sample = *state;
	struct bystander items[] = {
		{ "a", "id-10", "slack", "One", "O13", false },
		{ "long", "id-2", "github", "Number two", "O13", true },
	};

	sample->plan.orphans = items;
	sample->plan.orphan_count = LENGTH(items);
	sample->plan.retired = items;
	sample->plan.retired_count = 1;

	text_expect_middle(
		sample,
		"\nOrphans, in the ledger and not in the file: --prune "
		"deletes them, `trueup forget KEY` lets go\n"
		"  a     id-10  slack   One\n"
		"  long  id-2   github  \"Number two\"  of a kind unknown "
		"here\n"
		"\nRetired by a replacement, still live: --prune deletes "
		"those that nobody is connected to\n"
		"  a  id-10  slack  One\n");
}

static void unmanaged_are_counted_and_listed_in_full(void **state)
{
	struct sample *sample = *state;
	struct bystander items[] = { { NULL, "id-1", "slack", "", "O17",
		                       false } };

	sample_update(sample);
	sample->plan.unmanaged = items;
	sample->plan.unmanaged_count = LENGTH(items);
	text_expect_line(sample,
	                 "Unmanaged, never touched: 1 (--full lists them)");

	sample->report.flags = REPORT_FULL;
	text_expect_line(sample, "  id-1  slack  \"\"");
}

static void notes_show_what_is_written_down(void **state)
{
	struct sample *sample = *state;

	sample_change(sample, CHANGE_NOTE, "crm", 20)->id = "id-1";
	sample_field(sample, "name", "F6", sample_text("A"), sample_text("A"));
	sample_field(sample, "scopes", "F2", sample_set(sample, "a;"),
	             value_absent());
	sample_field(sample, "type", "F3", sample_text("o"), sample_text("o"));

	text_expect_middle(
		sample, "\nNoted in the ledger by apply, nothing is sent: 1\n"
			"  prod/crm  note id-1  prod.yaml:20:3\n"
			"    name    A    changed back outside               "
			"prod.yaml:21:3\n"
			"    scopes  [a]  no longer declared, left as it is  "
			"prod.yaml:22:3\n");
}

static void findings_are_aligned_and_have_their_places(void **state)
{
	struct sample *sample = *state;

	sample_find(sample, "prod/a", "scopes", "F4", SEVERITY_ERROR);
	sample_find(sample, "prod/long", "name", "F5", SEVERITY_INFO);
	sample_find(sample, "prod/z", "type", "O7a", SEVERITY_WARNING);
	sample->findings[2].place = PLACE_NONE;

	text_expect_middle(
		sample, "\nFindings\n"
			"  error    prod/a     scopes: sent `a`, live is `b`  "
			"prod.yaml:7:9\n"
			"  info     prod/long  name: sent `a`, live is `b`    "
			"prod.yaml:7:9\n"
			"  warning  prod/z     type: sent `a`, live is `b`\n");
}

static void guards_stand_before_the_last_line(void **state)
{
	struct sample *sample = *state;

	sample_update(sample);
	sample_guard(sample, "maxChanges", 200, 100)->lifted = true;
	sample_guard(sample, "maxDeletes", 2, 1);

	text_expect(sample, TEXT_COUNTS TEXT_HEADING TEXT_HEAD TEXT_DIGEST
	            "Allowed: maxChanges 200, where 100 would be\n"
	            "BLOCKED: maxDeletes: 2 planned, 1 allowed; give "
	            "--allow\n" TEXT_COUNTS);
}

static void every_other_ledger_is_said(void **state)
{
	static const struct {
		enum ledger_mode mode;
		const char *line;
	} said[] = {
		{ LEDGER_MODE_NEVER_MADE,
		  "No ledger yet: planned as if there were none; apply needs "
		  "--init-ledger once." },
		{ LEDGER_MODE_STATELESS,
		  "Without a ledger: nothing is deleted, "
		  "and drift has no direction." },
		{ LEDGER_MODE_UNTRUSTED,
		  "The ledger is not authenticated: "
		  "deletes and replacements are refused." },
	};
	struct sample *sample = *state;

	for (size_t i = 0; i < LENGTH(said); i++) {
		sample->plan.ledger_mode = said[i].mode;
		text_expect_line(sample, said[i].line);
	}
}

/* ---- all of it ---- */

static void no_line_ends_in_blanks(void **state)
{
	struct sample *sample = *state;

	sample_fill(sample);
	for (unsigned full = 0; full < 2; full++) {
		CLEANUP(textp) char *text = NULL;

		sample->report.flags = full ? REPORT_FULL : 0;
		text = sample_write(sample, "text");
		assert_null(strstr(text, " \n"));
		assert_null(strstr(text, "\n\n\n"));
	}
}

static void color_is_taken_back_before_the_line_ends(void **state)
{
	struct sample *sample = *state;
	CLEANUP(textp) char *text = NULL;

	sample_update(sample);
	sample->report.flags = REPORT_COLOR;

	text = text_middle(sample);

	assert_string_equal(text, "\n\033[33m~ prod/crm  update id-1\033[0m  "
	                          "prod.yaml:20:3\n");
}

#define HOSTILE "\033[2J\nPlan: 9\r\u202e\xc2\x9b\u200bx\x80"
#define INERT "\\x1b[2J\\nPlan: 9\\r\\u202e\\u009b\\u200bx\\x80"

static void count_hostile(const char *text, size_t wanted)
{
	static const char inert[] = INERT;
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, inert)); at++)
		count++;
	assert_int_equal(count, wanted);
	assert_null(strpbrk(text, "\033\r\t\x7f"));
	assert_null(strstr(text, "\nPlan: 9"));
	assert_null(strstr(text, "\u202e"));
	assert_true(text_is_utf8(text, strlen(text)));
}

/* Every text that is not ours. */
static void poison(struct sample *sample)
{
	struct plan *plan = &sample->plan;
	struct change *change =
		sample_change(sample, CHANGE_UPDATE, HOSTILE, 1);
	struct secret_change *secret;

	change->id = change->renamed_from = HOSTILE;
	change->place.file = HOSTILE;
	sample_reason(sample, HOSTILE);
	sample_field(sample, HOSTILE, "F7", sample_text(HOSTILE),
	             sample_set(sample, HOSTILE ";"));
	secret = sample_secret(sample, HOSTILE, SECRET_ROTATE);
	secret->source = secret->version = secret->reason = HOSTILE;
	secret->previous_version = "1";
	plan->environment = plan->origin = plan->platform = plan->revision =
		HOSTILE;
	sample_find(sample, HOSTILE, HOSTILE, "F4", SEVERITY_ERROR);
	sample->orphan = (struct bystander){ HOSTILE, HOSTILE, HOSTILE,
		                             HOSTILE, "O13",   false };
	plan->orphans = &sample->orphan;
	plan->orphan_count = 1;
}

static void hostile_names_in_a_plan_are_inert(void **state)
{
	struct sample *sample = *state;
	CLEANUP(textp) char *text = NULL;

	poison(sample);

	text = sample_write(sample, "text");

	/* heading 4; head 4, reason 1; field 3 and a place; secret 4 and a
	 * place; orphan 4; finding 2. */
	count_hostile(text, 4 + 5 + 4 + 5 + 4 + 2);
}

static void hostile_names_in_other_reports_are_inert(void **state)
{
	struct sample *sample = *state;
	char scopes[] = HOSTILE;
	const struct report_file file = { HOSTILE, HOSTILE, 1, true };
	const struct memo memos[] = { { "probe." HOSTILE, HOSTILE, 1 },
		                      { ROTATION_OPEN, HOSTILE, 1 } };
	const struct auth_config recorded = { .memos = memos,
		                              .memo_count = LENGTH(memos) };
	const struct report_row row = { .key = HOSTILE,
		                        .id = HOSTILE,
		                        .connector = HOSTILE,
		                        .scopes = scopes,
		                        .note = HOSTILE,
		                        .recorded = &recorded };
	CLEANUP(textp) char *text = NULL;

	sample->report = (struct report){
		.files = &file, .file_count = 1, .rows = &row, .row_count = 1
	};
	text = sample_write(sample, "text");

	/* The probed part and its verdict; the rotation's key, twice, and what
	 * was in force before it. */
	count_hostile(text, 2 + 5 + 2 + 3);
}

/* ---- small commands ---- */

static void validate_says_each_file(void **state)
{
	static const struct report_file files[] = {
		{ "dev.yaml", "dev", 1, true },
		{ "prod.yaml", "prod", 12, true },
		{ "broken.yaml", NULL, 0, false },
	};
	struct sample *sample = *state;

	sample->report =
		(struct report){ .files = files, .file_count = LENGTH(files) };

	text_expect(sample,
	            "dev.yaml: valid, environment dev, 1 auth config\n"
	            "prod.yaml: valid, environment prod, 12 auth configs\n"
	            "broken.yaml: not valid\n");
}

static void status_is_a_table(void **state)
{
	struct sample *sample = *state;
	char scopes[] = "[a, b]";
	const struct report_row rows[] = {
		{ .key = "crm",
		  .id = "id-100",
		  .connector = "slack",
		  .scopes = scopes,
		  .applied_at_ms = 1790000000000,
		  .secret_set_at_ms = 1780000000000,
		  .note = "protected" },
		{ .key = "wiki" },
	};

	sample->report =
		(struct report){ .rows = rows, .row_count = LENGTH(rows) };

	text_expect(
		sample,
		"KEY   ID      CONNECTOR  SCOPES  APPLIED               SECRET "
		"SET            NOTE\n"
		"crm   id-100  slack      [a, b]  2026-09-21T14:13:20Z  "
		"2026-05-28T20:26:40Z  protected\n"
		"wiki  -       -          -       -                     -"
		"                     -\n");
}

static void a_message_may_have_several_lines(void **state)
{
	struct sample *sample = *state;

	sample->report = (struct report){ .message = "one\ntwo\033" };

	text_expect(sample, "one\ntwo\\x1b\n");
}

static void what_cannot_be_written_is_told(void **state)
{
	struct sample *sample = *state;
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	diag_error(diag, 0, PLACE_NONE, "some formats write only of these");
	sample->report.diag = diag;
	for (size_t i = 0; i < report_format_count; i++) {
		CLEANUP(filep) FILE *full = fopen("/dev/full", "w");

		assert_non_null(full);
		setbuf(full, NULL);
		assert_int_equal(
			report_formats[i]->write(&sample->report, full), -1);
	}
}

static void formats_are_found_by_name(void **state)
{
	(void)state;

	assert_string_equal(report_find("text")->name, "text");
	assert_string_equal(report_find("json")->name, "json");
	assert_null(report_find("tex"));
	for (size_t i = 1; i < report_format_count; i++)
		assert_true(strcmp(report_formats[i - 1]->name,
		                   report_formats[i]->name) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(empty_plan_is_one_line),
		SAMPLE_TEST(empty_plan_says_nothing_when_it_is_to_be_quiet),
		SAMPLE_TEST(empty_plan_says_more_when_all_is_asked_for),
		SAMPLE_TEST(an_orphan_is_listed_though_nothing_changes),
		SAMPLE_TEST(what_stands_as_it_stood_is_no_news_for_quiet),
		SAMPLE_TEST(quiet_does_not_hide_what_is_wrong),
		SAMPLE_TEST(quiet_does_not_hide_a_guard_or_an_open_intent),
		SAMPLE_TEST(counts_line_is_as_the_requirement_says),
		SAMPLE_TEST(counts_line_counts_every_kind),
		SAMPLE_TEST(counts_line_is_first_and_last),
		SAMPLE_TEST(lists_are_aligned),
		SAMPLE_TEST(unmanaged_are_counted_and_listed_in_full),
		SAMPLE_TEST(notes_show_what_is_written_down),
		SAMPLE_TEST(findings_are_aligned_and_have_their_places),
		SAMPLE_TEST(guards_stand_before_the_last_line),
		SAMPLE_TEST(every_other_ledger_is_said),
		SAMPLE_TEST(no_line_ends_in_blanks),
		SAMPLE_TEST(color_is_taken_back_before_the_line_ends),
		SAMPLE_TEST(hostile_names_in_a_plan_are_inert),
		SAMPLE_TEST(hostile_names_in_other_reports_are_inert),
		SAMPLE_TEST(validate_says_each_file),
		SAMPLE_TEST(status_is_a_table),
		SAMPLE_TEST(a_message_may_have_several_lines),
		SAMPLE_TEST(what_cannot_be_written_is_told),
		cmocka_unit_test(formats_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
