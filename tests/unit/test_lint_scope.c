/* SPDX-License-Identifier: MIT */
/* Scopes: the ABNF over all bytes, and what profiles know. */
#include "lint_world.h"

/* A config of `connector` with these scopes, bytes as they are. */
static void set_scopes(struct world *world, const char *connector,
                       const char *const *scopes, size_t count)
{
	struct state *made = state_new(STATE_BY_KEY);
	const char *twin;

	world_read(world, "connector: example");
	state_begin(made, "app", PLACE_NONE);
	state_field(made, "connector", state_value_text(made, connector),
	            PLACE_NONE);
	state_field(made, "scopes", state_value_set(made, scopes, count),
	            PLACE_NONE);
	state_end(made);
	assert_int_equal(state_finish(made, &twin), 0);
	state_free(world->desired[0]);
	world->desired[0] = made;
	world->environments[0].desired = made;
	world_run(world);
}

/* scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), written out once more. */
static bool is_legal(unsigned byte)
{
	if (byte == '"' || byte == '\\')
		return false;
	return byte > 0x20 && byte < 0x7f;
}

static void every_byte_is_judged_by_the_abnf(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	unsigned legal = 0;

	(void)state;
	for (unsigned byte = 1; byte < 256; byte++) {
		const char scope[] = { 'a', (char)byte, 'b', '\0' };
		const char *const scopes[] = { scope };
		const struct finding *finding;

		set_scopes(world, "github", scopes, 1);
		finding = find_rule(world, "scope-syntax");
		if (is_legal(byte) != !finding)
			fail_msg("byte 0x%02x", byte);
		legal += is_legal(byte);
		if (finding && byte != ' ') {
			CLEANUP(textp)
			char *code = xasprintf("(byte 0x%02x)", byte);

			assert_non_null(strstr(finding->text, code));
		}
		assert_int_equal(byte == ',',
		                 find_rule(world, "scope-comma") != NULL);
	}
	assert_int_equal(legal, 92);

	/* The 256th, NUL, ends a text: what is left is empty. */
	set_scopes(world, "github", (const char *const[]){ "" }, 1);
	assert_non_null(find_rule(world, "scope-syntax"));
}

static void several_scopes_in_one_are_told_apart(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(world, "scopes: ['channels:read chat:write']",
	                    "scope-syntax");
	assert_string_equal(finding->text,
	                    "`channels:read chat:write` has a space; write "
	                    "each scope as an item of its own");
}

static void unknown_is_an_error_only_where_all_are_known(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(world, "{ connector: example, scopes: [reed] }",
	                    "scope-unknown");
	assert_int_equal(finding->severity, LINT_ERROR);
	assert_string_equal(finding->text, "`reed` is no scope of Example; "
	                                   "did you mean `read`?");

	assert_null(lint_yaml(world, "{ connector: github, scopes: [reop] }",
	                      "scope-unknown"));
	finding = find_rule(world, "scope-unlisted");
	assert_int_equal(finding->severity, LINT_INFO);
	assert_non_null(strstr(finding->text, "did you mean `repo`?"));

	/* Nothing is known of Notion's, and nothing at all of acme. */
	assert_null(lint_yaml(world, "{ connector: notion, scopes: [x] }",
	                      "scope-unlisted"));
	(void)lint_yaml(world, "{ connector: acme, scopes: [x] }", "");

	CLEANUP(textp) char *found = found_rules(world);

	assert_string_equal(found, "connector-unknown ");
}

static void a_scope_may_have_its_provider_before_it(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	assert_null(lint_yaml(world,
	                      "{ connector: microsoft, scopes: "
	                      "['https://graph.microsoft.com/User.Read', "
	                      "Mail.Read] }",
	                      "scope-unlisted"));
	assert_non_null(
		lint_yaml(world,
	                  "{ connector: microsoft, scopes: "
	                  "['https://graph.microsoft.com/Files.ReadWrite.All'] "
	                  "}",
	                  "scope-broad"));
}

static void broad_scopes_say_what_they_give(void **state)
{
	static const struct {
		const char *connector, *scope;
		bool broad;
	} rows[] = {
		{ "github", "repo", true },
		{ "github", "public_repo", false },
		{ "github", "admin:org", true },
		{ "github", "read:org", false },
		{ "google", "https://mail.google.com/", true },
		{ "google", "https://www.googleapis.com/auth/drive", true },
		{ "google", "https://www.googleapis.com/auth/drive.file",
		  false },
		{ "google-drive", "https://www.googleapis.com/auth/drive",
		  true },
		{ "slack", "admin", true },
		{ "slack", "admin.users:read", true },
		{ "slack", "administer", false },
		{ "microsoft", "Mail.Read", false },
		{ "microsoft", "Sites.ReadWrite.All", true },
		{ "acme", "*", true },
		{ "acme", "crm:*", true },
		{ "acme", "crm", false },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		set_scopes(world, rows[i].connector, &rows[i].scope, 1);
		if (rows[i].broad != !!find_rule(world, "scope-broad"))
			fail_msg("%s of %s", rows[i].scope, rows[i].connector);
	}
}

static void many_unknown_scopes_stay_cheap(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	enum { COUNT = 2000 };
	char **texts = xcalloc(COUNT, sizeof(*texts));
	const char **scopes = xcalloc(COUNT, sizeof(*scopes));
	size_t guesses = 0;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		scopes[i] = texts[i] = xasprintf("repo%04zu", i);
	set_scopes(world, "github", scopes, COUNT);
	assert_int_equal(findings_length(world->findings), COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		guesses += strstr(findings_at(world->findings, i)->text,
		                  "did you mean") != NULL;
		free(texts[i]);
	}
	assert_true(guesses <= 200);
	free(scopes);
	free(texts);
}

static void the_policy_allows_and_denies(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	assert_non_null(lint_yaml(world,
	                          "{ policy: { scopes: { slack: { allow: "
	                          "['channels:*'] } } }, scopes: "
	                          "[chat:write] }",
	                          "scope-policy"));
	assert_null(lint_yaml(world,
	                      "{ policy: { scopes: { slack: { allow: "
	                      "['channels:*'] } } }, scopes: "
	                      "[channels:read] }",
	                      "scope-policy"));
	assert_null(lint_yaml(world,
	                      "{ policy: { scopes: { github: { deny: "
	                      "['*'] } } }, scopes: [channels:read] }",
	                      "scope-policy"));
	assert_non_null(lint_yaml(world,
	                          "{ policy: { scopes: { slack: { allow: "
	                          "['*'], deny: ['admin*'] } } }, scopes: "
	                          "[admin] }",
	                          "scope-policy"));
}

static void production_is_measured_by_development(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	assert_null(lint_yaml(world, "prod: { scopes: [a] }\neu: {}",
	                      "scope-baseline"));
	assert_null(lint_yaml(world, "eu: { scopes: [a] }\ndev: { scopes: [] }",
	                      "scope-baseline"));
	assert_null(lint_yaml(world, "prod: { scopes: [a] }\ndev: {}",
	                      "scope-baseline"));
	assert_null(lint_yaml(world,
	                      "dev: { scopes: [a, b] }\nprod: { scopes: [a] }",
	                      "scope-baseline"));
	assert_non_null(lint_yaml(world,
	                          "dev: { scopes: [] }\nprod: { scopes: [a] }",
	                          "scope-baseline"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_judged_by_the_abnf),
		cmocka_unit_test(several_scopes_in_one_are_told_apart),
		cmocka_unit_test(unknown_is_an_error_only_where_all_are_known),
		cmocka_unit_test(a_scope_may_have_its_provider_before_it),
		cmocka_unit_test(broad_scopes_say_what_they_give),
		cmocka_unit_test(many_unknown_scopes_stay_cheap),
		cmocka_unit_test(the_policy_allows_and_denies),
		cmocka_unit_test(production_is_measured_by_development),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
