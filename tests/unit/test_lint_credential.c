/* SPDX-License-Identifier: MIT */
/* Credentials: what ids look like, and how old secrets are. */
#include "lint_world.h"

static void each_id_breaks_what_it_breaks(void **state)
{
	static const struct {
		const char *connector, *id, *rules;
	} rows[] = {
		{ "example", "abc", "" },
		{ "example", "a b", "" }, /* VSCHAR has the space */
		{ "example", "", "client-id-syntax " },
		{ "example", " abc", "client-id-syntax " },
		{ "example", "abc ", "client-id-syntax " },
		{ "example", "abc\\n", "client-id-syntax " },
		{ "example", "a\\tbc", "client-id-syntax " },
		{ "example", "\\\"abc\\\"", "client-id-syntax " },
		{ "example", "'abc'", "client-id-syntax " },
		{ "example", "ab\xc3\xa9", "client-id-syntax " },
		{ "example", "a\\x7fb", "client-id-syntax " },
		{ "example", "<client id>", "client-id-placeholder " },
		{ "example", "your-client-id", "client-id-placeholder " },
		{ "example", "YOUR_CLIENT_ID", "client-id-placeholder " },
		{ "example", "SLACK_CLIENT_ID", "client-id-placeholder " },
		{ "example", "changeme", "client-id-placeholder " },
		{ "example", "ToDo", "client-id-placeholder " },
		{ "example", "xxxxxxxx", "client-id-placeholder " },
		{ "example", "REDACTED", "client-id-placeholder " },
		{ "example", "********", "client-id-placeholder " },
		{ "example", "abcd...", "client-id-placeholder " },
		{ "example", "ABC", "" },
		{ "example", "Iv1.A_B", "" },
		{ "example", "xoxb-1-2-abc", "client-id-secret " },
		{ "example", "ghp_abc", "client-id-secret " },
		{ "slack", "1.2", "" },
		{ "slack", "A0123", "client-id-form " },
		{ "slack", "e1b9e11dfcd19c1982d5de12921e17e8",
		  "client-id-secret " },
		{ "slack", "your-client-id", "client-id-placeholder " },
		{ "github", "0123456789abcdef0123", "" },
		{ "github", "Iv1.0123456789abcdef", "" },
		{ "github", "Ov23linvCi8kvFipqMHh", "" },
		{ "github", "0123456789abcdef0123456789abcdef01234567",
		  "client-id-secret " },
		{ "google", "1-a.apps.googleusercontent.com", "" },
		{ "google", "1-a.apps.googleusercontent.com.evil.test",
		  "client-id-form " },
		{ "google", "GOCSPX-0123", "client-id-secret " },
		{ "hubspot", "7fff1e36-2d40-4ae1-bbb1-5266d59564fb", "" },
		{ "microsoft", "00001111-aaaa-2222-bbbb-3333cccc4444", "" },
		{ "microsoft", "contoso", "client-id-form " },
		{ "example", "${env:TRUEUP_VAR_X}", "" },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *yaml =
			xasprintf("{ connector: %s, client: { id: \"%s\" } }",
		                  rows[i].connector, rows[i].id);

		(void)lint_yaml(world, yaml, "");

		CLEANUP(textp) char *found = found_rules(world);

		if (!str_equal(found, rows[i].rules))
			fail_msg("%s `%s`: %s, not %s", rows[i].connector,
			         rows[i].id, found, rows[i].rules);
	}
}

/* ---- age ---- */

static void set_age(struct world *world, const char *yaml, int64_t age_days)
{
	struct state *applied = state_new(STATE_BY_KEY);
	const char *twin;

	world_read(world, yaml);
	state_begin(applied, "app", PLACE_NONE);
	state_record(applied,
	             &(struct secret_record){
			     .name = "client.secret",
			     .known = true,
			     .version = "1",
			     .set_at_ms = world->today_ms - DAYS(age_days),
		     });
	state_end(applied);
	assert_int_equal(state_finish(applied, &twin), 0);
	world->environments[0].applied = world->applied[0] = applied;
	world_run(world);
}

static void age_is_measured_at_the_day(void **state)
{
	static const struct {
		int64_t days;
		const char *rules;
	} rows[] = {
		{ 0, "" },
		{ 180, "" },
		{ 181, "secret-old " },
		{ 360, "secret-old " },
		{ 361, "secret-overdue " },
		{ 4000, "secret-overdue " },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		set_age(world, "client: { secret: { env: X } }", rows[i].days);

		CLEANUP(textp) char *found = found_rules(world);

		assert_string_equal(found, rows[i].rules);
	}
}

static void the_policy_and_the_provider_set_the_age(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	set_age(world,
	        "policy: { maxSecretAgeDays: 10 }\n"
	        "client: { secret: { env: X } }\n",
	        11);
	assert_non_null(find_rule(world, "secret-old"));

	set_age(world,
	        "policy: { maxSecretAgeDays: 1000 }\n"
	        "client: { secret: { env: X } }\n",
	        800);
	assert_null(find_rule(world, "secret-overdue"));
	set_age(world,
	        "policy: { maxSecretAgeDays: 1000 }\nconnector: microsoft\n"
	        "client: { secret: { env: X } }\n",
	        800);
	assert_non_null(find_rule(world, "secret-overdue"));
}

static void a_rotation_under_way_is_not_held_up_by_age(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	set_age(world, "client: { secret: { env: X }, secretVersion: '2' }",
	        1000);
	assert_int_equal(findings_length(world->findings), 0);
	set_age(world, "client: { secret: { env: X }, secretVersion: '1' }",
	        1000);
	assert_non_null(find_rule(world, "secret-overdue"));
}

static void expiry_is_counted_down(void **state)
{
	static const struct {
		const char *day, *rule, *text;
	} rows[] = {
		{ "2026-11-22", "secret-expires-week", "has expired;" },
		{ "2026-11-24", "secret-expires-week", "in 1 days;" },
		{ "2026-11-30", "secret-expires-week", "in 7 days;" },
		{ "2026-12-01", "secret-expires-month", "in 8 days;" },
		{ "2026-12-23", "secret-expires-month", "in 30 days;" },
		{ "2026-12-24", NULL, NULL },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *yaml = xasprintf("client: { secretExpires: '%s' }",
		                       rows[i].day);

		(void)lint_yaml(world, yaml, "");
		assert_int_equal(findings_length(world->findings),
		                 rows[i].rule ? 1 : 0);
		if (!rows[i].rule)
			continue;
		assert_non_null(find_rule(world, rows[i].rule));
		assert_non_null(strstr(findings_at(world->findings, 0)->text,
		                       rows[i].text));
	}
}

/* ---- what is known of a value ---- */

static void one_finding_says_what_a_value_is(void **state)
{
	static const struct {
		unsigned flags;
		const char *rule, *text;
	} rows[] = {
		{ LINT_SECRET_IS_ID | LINT_SECRET_AS_ID | LINT_SECRET_MISFORMED,
		  "secret-is-id", "holds the client id" },
		{ LINT_SECRET_AS_ID | LINT_SECRET_MISFORMED, "secret-form",
		  "swapped?" },
		{ LINT_SECRET_AS_TOKEN | LINT_SECRET_MISFORMED, "secret-form",
		  "access token" },
		{ LINT_SECRET_MISFORMED, "secret-form", "does not look like" },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		world_read(world, "client: { secret: { env: THE_SOURCE } }");
		world->secrets[0][0].flags = rows[i].flags;
		world_run(world);
		assert_int_equal(findings_length(world->findings), 1);

		const struct finding *finding = findings_at(world->findings, 0);

		assert_string_equal(finding->rule->id, rows[i].rule);
		assert_non_null(strstr(finding->text, "`env:THE_SOURCE`"));
		assert_non_null(strstr(finding->text, rows[i].text));
		assert_string_equal(finding->field, "client.secret");
		assert_int_equal(finding->place.line, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_id_breaks_what_it_breaks),
		cmocka_unit_test(age_is_measured_at_the_day),
		cmocka_unit_test(the_policy_and_the_provider_set_the_age),
		cmocka_unit_test(a_rotation_under_way_is_not_held_up_by_age),
		cmocka_unit_test(expiry_is_counted_down),
		cmocka_unit_test(one_finding_says_what_a_value_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
