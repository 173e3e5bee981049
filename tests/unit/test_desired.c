/* SPDX-License-Identifier: MIT */
#include "desired_world.h"

/* ---- entries ---- */

static const char whole[] = "authConfigs:\n"
			    "  slack-crm:\n"
			    "    connector: slack\n"
			    "    name: Slack CRM\n"
			    "    client:\n"
			    "      id: \"0123\"\n"
			    "      secret: { env: SLACK_SECRET }\n"
			    "      secretVersion: \"2026-11\"\n"
			    "    secrets:\n"
			    "      webhook: { file: hooks/slack }\n"
			    "    scopes: [chat:write, channels:read]\n"
			    "    scopeSets: { user: [b, a, b] }\n"
			    "    redirectUri: https://a.example/cb\n"
			    "    protect: true\n"
			    "    extra: { region: { b: 1, a: [true, x] } }\n";

static void an_entry_becomes_fields(void **context)
{
	const struct auth_config *config = read_one(*context, whole);

	assert_string_equal(config->key, "slack-crm");
	assert_null(config->id);
	assert_null(config->natural_key);
	expect_text(config, "connector", "slack");
	expect_text(config, "name", "Slack CRM");
	expect_text(config, "type", "oauth2");
	expect_text(config, "ownership", "own");
	expect_text(config, "client.id", "0123");
	expect_text(config, "redirectUri", "https://a.example/cb");
	expect_shown(config, "scopes", VALUE_SET,
	             "[channels:read, chat:write]");
	expect_shown(config, "scopeSets.user", VALUE_SET, "[a, b]");
	expect_shown(config, "extra.region", VALUE_JSON,
	             "{\"a\":[true,\"x\"],\"b\":1}");
	assert_int_equal(config->field_count, 9);
	assert_true(config->flags & AUTH_CONFIG_PROTECTED);
}

static void secrets_become_references(void **context)
{
	struct world *world = *context;
	const struct auth_config *config = read_one(world, whole);
	const struct secret_reference *client =
		auth_config_reference(config, "client.secret");
	const struct secret_reference *hook =
		auth_config_reference(config, "secrets.webhook");

	assert_int_equal(config->reference_count, 2);
	assert_string_equal(client->source, "env:SLACK_SECRET");
	assert_string_equal(client->version, "2026-11");
	assert_int_equal(client->place.line, 12);
	assert_int_equal(client->place.column, 15);
	assert_string_equal(hook->source, "file:hooks/slack");
	assert_null(hook->version);
}

static void every_value_knows_its_place(void **context)
{
	static const struct {
		const char *name;
		unsigned line, column;
	} rows[] = {
		{ "connector", 8, 16 },    { "name", 9, 11 },
		{ "type", 7, 3 },          { "client.id", 11, 11 },
		{ "scopes", 16, 13 },      { "scopeSets.user", 17, 24 },
		{ "redirectUri", 18, 18 }, { "extra.region", 20, 22 },
	};
	struct world *world = *context;
	const struct auth_config *config = read_one(world, whole);
	const struct place place = auth_config_place(world->state, config);

	assert_int_equal(place.line, 7);
	assert_int_equal(place.column, 3);
	for (size_t i = 0; i < config->field_count; i++) {
		const struct field *field = &config->fields[i];
		const struct place at = field_place(world->state, field);

		for (size_t j = 0; j < LENGTH(rows); j++) {
			if (strcmp(rows[j].name, field->name))
				continue;
			assert_string_equal(at.file, "prod.yaml");
			assert_int_equal(at.line, rows[j].line);
			assert_int_equal(at.column, rows[j].column);
		}
	}
}

static void what_is_not_said_is_not_managed(void **context)
{
	const struct auth_config *config =
		read_one(*context, "authConfigs:\n"
	                           "  a: { connector: x, client: managed }\n");

	expect_text(config, "ownership", "managed");
	expect_text(config, "name", "a");
	expect_text(config, "type", "oauth2");
	assert_int_equal(config->field_count, 4);
	assert_int_equal(config->reference_count, 0);
	assert_int_equal(config->flags, 0);
}

static void an_empty_list_is_the_empty_set(void **context)
{
	const struct auth_config *config = read_one(
		*context,
		"authConfigs:\n"
		"  a: { connector: x, client: managed, scopes: [] }\n");

	expect_shown(config, "scopes", VALUE_SET, "[]");
}

static void entries_are_sorted_by_key(void **context)
{
	struct world *world = *context;

	read_world(world, "authConfigs:\n"
	                  "  z: { connector: x, client: managed }\n"
	                  "  a: { connector: x, client: managed }\n"
	                  "  m: { connector: x, client: managed }\n");
	assert_string_equal(state_at(world->state, 0)->key, "a");
	assert_string_equal(state_at(world->state, 2)->key, "z");
	assert_non_null(state_find(world->state, "m"));
}

static void defaults_stand_under_each_entry(void **context)
{
	struct world *world = *context;
	const struct auth_config *config;

	read_world(world, "defaults:\n"
	                  "  type: apiKey\n"
	                  "  scopes: [a]\n"
	                  "  protect: true\n"
	                  "  extra: { region: { a: 1, b: 2 } }\n"
	                  "authConfigs:\n"
	                  "  one: { connector: x }\n"
	                  "  two:\n"
	                  "    connector: x\n"
	                  "    type: oauth2\n"
	                  "    client: managed\n"
	                  "    scopes: [b]\n"
	                  "    protect: false\n"
	                  "    extra: { region: { b: 3 } }\n");
	assert_non_null(world->state);
	config = state_find(world->state, "one");
	expect_text(config, "type", "apiKey");
	expect_shown(config, "scopes", VALUE_SET, "[a]");
	assert_int_equal(auth_config_value(config, "ownership").kind,
	                 VALUE_ABSENT);
	assert_true(config->flags & AUTH_CONFIG_PROTECTED);
	assert_string_equal(config->fields[3].name, "scopes");
	assert_int_equal(field_place(world->state, &config->fields[3]).line, 8);
	config = state_find(world->state, "two");
	expect_text(config, "type", "oauth2");
	expect_shown(config, "scopes", VALUE_SET, "[b]");
	expect_shown(config, "extra.region", VALUE_JSON, "{\"a\":1,\"b\":3}");
	assert_false(config->flags & AUTH_CONFIG_PROTECTED);
}

static void parts_of_a_client_may_come_from_defaults(void **context)
{
	const struct auth_config *config = read_one(
		*context, "defaults:\n"
			  "  client: { secret: { env: S } }\n"
			  "authConfigs:\n"
			  "  a: { connector: x, client: { id: i } }\n");

	expect_text(config, "client.id", "i");
	assert_string_equal(
		auth_config_reference(config, "client.secret")->source,
		"env:S");
}

static void managed_replaces_a_client_of_defaults(void **context)
{
	const struct auth_config *config =
		read_one(*context, "defaults:\n"
	                           "  client: { id: i, secret: { env: S } }\n"
	                           "authConfigs:\n"
	                           "  a: { connector: x, client: managed }\n");

	expect_text(config, "ownership", "managed");
	assert_int_equal(config->reference_count, 0);
}

static void null_removes_a_default(void **context)
{
	const struct auth_config *config = read_one(
		*context,
		"defaults: { scopes: [a], redirectUri: b,\n"
		"            extra: { region: { c: 1, d: 2 } },\n"
		"            client: { id: i, secret: { env: S },\n"
		"                      secretVersion: v } }\n"
		"authConfigs:\n"
		"  a: { connector: x, scopes: null,\n"
		"       redirectUri: ~, extra: { region: { d: null } },\n"
		"       client: { secretVersion: null } }\n");

	assert_int_equal(auth_config_value(config, "scopes").kind,
	                 VALUE_ABSENT);
	assert_int_equal(auth_config_value(config, "redirectUri").kind,
	                 VALUE_ABSENT);
	expect_shown(config, "extra.region", VALUE_JSON, "{\"c\":1}");
	expect_text(config, "client.id", "i");
	assert_null(auth_config_reference(config, "client.secret")->version);
}

static void the_long_form_is_the_clients_secret(void **context)
{
	const struct auth_config *config = read_one(
		*context, "authConfigs:\n"
			  "  a:\n"
			  "    connector: x\n"
			  "    client: { id: i }\n"
			  "    secrets: { clientSecret: { env: S } }\n");

	assert_string_equal(
		auth_config_reference(config, "client.secret")->source,
		"env:S");
}

static void a_natural_key_is_the_key_unless_said(void **context)
{
	struct world *world = *context;

	world->traits = &platform_with_keys;
	read_world(world, "authConfigs:\n"
	                  "  a: { connector: x, client: managed }\n"
	                  "  b: { connector: x, client: managed, name: a,\n"
	                  "       platformKey: bee }\n");
	assert_non_null(world->state);
	assert_string_equal(state_find(world->state, "a")->natural_key, "a");
	assert_string_equal(state_find(world->state, "b")->natural_key, "bee");
}

static void defaults_of_the_format_need_no_mapping(void **context)
{
	struct world *world = *context;
	const struct auth_config *config;

	world->traits = &bare_platform;
	config = read_one(world, "defaults: { type: oauth2 }\n"
	                         "authConfigs:\n"
	                         "  a:\n"
	                         "    connector: x\n"
	                         "    client: { id: i, secret: { env: S } }\n");
	assert_int_equal(config->field_count, 2);
	assert_int_equal(config->reference_count, 1);
}

/* ---- mistakes ---- */

static void a_field_nobody_maps_is_refused(void **context)
{
	static const struct {
		const char *member;
		unsigned column;
	} rows[] = {
		{ "enabled: true", 14 },
		{ "platformKey: k", 18 },
		{ "scopeSets: { bot: [a] }", 23 },
		{ "secrets: { other: { env: S } }", 23 },
		{ "extra: { size: 1 }", 20 },
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *yaml = xasprintf("authConfigs:\n"
		                       "  a:\n"
		                       "    connector: x\n"
		                       "    client: managed\n"
		                       "    %s\n",
		                       rows[i].member);

		expect_refused(world, yaml, CODE_FIELD_UNMAPPED, 10,
		               rows[i].column);
		environment_release(&world->environment);
		diag_free(world->diag);
		world->diag = diag_new();
	}
}

static void a_near_name_is_suggested(void **context)
{
	struct world *world = *context;

	read_world(world, "authConfigs:\n"
	                  "  a:\n"
	                  "    connector: x\n"
	                  "    client: managed\n"
	                  "    extra: { regoin: eu }\n");
	expect_report(world, CODE_FIELD_UNMAPPED, 10, 22,
	              "did you mean `extra.region`?");
}

static void managed_needs_a_platform_with_apps_of_its_own(void **context)
{
	struct world *world = *context;

	world->traits = &bare_platform;
	expect_refused(world,
	               "authConfigs:\n"
	               "  a: { connector: x, client: managed }\n",
	               CODE_FIELD_UNMAPPED, 7, 30);
}

static void an_oauth2_entry_says_whose_app_it_is(void **context)
{
	expect_refused(*context,
	               "authConfigs:\n"
	               "  a: { connector: x }\n",
	               CODE_CLIENT_MISSING, 7, 3);
}

static void a_misspelt_member_is_not_reported_as_missing(void **context)
{
	struct world *world = *context;

	read_world(world, "authConfigs:\n"
	                  "  a: { connector: x, cliemt: managed }\n");
	assert_int_equal(diag_length(world->diag), 0);
}

static void other_types_need_no_client(void **context)
{
	const struct auth_config *config =
		read_one(*context, "authConfigs:\n"
	                           "  a: { connector: x, type: apiKey }\n");

	assert_int_equal(auth_config_value(config, "ownership").kind,
	                 VALUE_ABSENT);
}

static void a_secret_is_declared_once(void **context)
{
	expect_refused(*context,
	               "authConfigs:\n"
	               "  a:\n"
	               "    connector: x\n"
	               "    client: { id: i, secret: { env: A } }\n"
	               "    secrets: { clientSecret: { env: B } }\n",
	               CODE_SECRET_CONFLICT, 10, 30);
}

static void a_managed_app_has_no_secret(void **context)
{
	expect_refused(*context,
	               "authConfigs:\n"
	               "  a:\n"
	               "    connector: x\n"
	               "    client: managed\n"
	               "    secrets: { clientSecret: { env: B } }\n",
	               CODE_SECRET_CONFLICT, 10, 30);
}

static void a_reference_names_one_source(void **context)
{
	expect_refused(*context,
	               "defaults: { client: { secret: { env: A } } }\n"
	               "authConfigs:\n"
	               "  a:\n"
	               "    connector: x\n"
	               "    client: { id: i, secret: { file: b } }\n",
	               CODE_SECRET_CONFLICT, 10, 30);
}

static void twins_are_shown_with_both_places(void **context)
{
	struct world *world = *context;
	const struct diag_report *report;

	read_world(world, "authConfigs:\n"
	                  "  b: { connector: x, client: managed, name: N }\n"
	                  "  a: { connector: x, client: managed, name: N }\n"
	                  "  c: { connector: y, client: managed, name: N }\n");
	assert_null(world->state);
	expect_report(world, CODE_TWIN_ENTRIES, 7, 3, "`b` and `a`");
	report = diag_at(world->diag, 0);
	assert_int_equal(report->note_count, 1);
	assert_int_equal(report->notes[0].place.line, 8);
}

static void twins_that_the_ledger_binds_are_told_apart(void **context)
{
	struct world *world = *context;
	CLEANUP(state_freep) struct state *one = state_new(STATE_BY_KEY);
	CLEANUP(state_freep) struct state *both = state_new(STATE_BY_KEY);
	const char *twin = NULL;

	world->settings.flags = DESIRED_TWINS_LATER;
	read_world(world, "authConfigs:\n"
	                  "  b: { connector: x, client: managed, name: N }\n"
	                  "  a: { connector: x, client: managed, name: N }\n");
	assert_non_null(world->state);
	state_begin(one, "a", PLACE_NONE);
	state_end(one);
	assert_int_equal(state_finish(one, &twin), 0);
	state_copy(both, one, state_at(one, 0));
	state_begin(both, "b", PLACE_NONE);
	state_end(both);
	assert_int_equal(state_finish(both, &twin), 0);

	assert_int_equal(desired_check_twins(world->state, world->traits, both,
	                                     world->diag),
	                 0);
	assert_int_equal(desired_check_twins(world->state, world->traits, one,
	                                     world->diag),
	                 -1);
	expect_report(world, CODE_TWIN_ENTRIES, 7, 3, "`b` and `a`");
}

static void twins_by_platform_key_are_refused(void **context)
{
	struct world *world = *context;

	world->traits = &platform_with_keys;
	expect_refused(world,
	               "authConfigs:\n"
	               "  a: { connector: x, client: managed }\n"
	               "  b: { connector: y, client: managed,\n"
	               "       platformKey: a }\n",
	               CODE_TWIN_ENTRIES, 8, 3);
}

static void a_rename_is_kept(void **context)
{
	const struct auth_config *config = read_one(
		*context,
		"authConfigs:\n"
		"  a: { connector: x, client: managed, renamedFrom: b }\n");

	assert_string_equal(config->renamed_from, "b");
}

static void a_rename_from_itself_is_refused(void **context)
{
	expect_refused(
		*context,
		"authConfigs:\n"
		"  a: { connector: x, client: managed, renamedFrom: a }\n",
		CODE_BAD_RENAME, 7, 52);
}

static void a_rename_from_a_declared_key_is_refused(void **context)
{
	expect_refused(
		*context,
		"authConfigs:\n"
		"  a: { connector: x, client: managed, renamedFrom: b }\n"
		"  b: { connector: x, client: managed }\n",
		CODE_BAD_RENAME, 7, 52);
}

static void renames_in_a_circle_are_refused(void **context)
{
	struct world *world = *context;

	read_world(world,
	           "authConfigs:\n"
	           "  a: { connector: x, client: managed, renamedFrom: b }\n"
	           "  b: { connector: x, client: managed, renamedFrom: a }\n");
	assert_null(world->state);
	assert_int_equal(diag_count(world->diag, SEVERITY_ERROR), 2);
}

static void two_renames_from_one_key_are_refused(void **context)
{
	expect_refused(
		*context,
		"authConfigs:\n"
		"  a: { connector: x, client: managed, renamedFrom: k }\n"
		"  b: { connector: x, client: managed, renamedFrom: k }\n",
		CODE_BAD_RENAME, 8, 52);
}

static void all_mistakes_are_reported_in_one_go(void **context)
{
	struct world *world = *context;

	read_world(world,
	           "authConfigs:\n"
	           "  a: { connector: x, enabled: true }\n"
	           "  b: { connector: x, client: managed, name: a,\n"
	           "       renamedFrom: a, redirectUri: \"${env:HOME}\" }\n");
	assert_null(world->state);
	assert_int_equal(diag_count(world->diag, SEVERITY_ERROR), 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_entry_becomes_fields),
		TEST(secrets_become_references),
		TEST(every_value_knows_its_place),
		TEST(what_is_not_said_is_not_managed),
		TEST(an_empty_list_is_the_empty_set),
		TEST(entries_are_sorted_by_key),
		TEST(defaults_stand_under_each_entry),
		TEST(parts_of_a_client_may_come_from_defaults),
		TEST(managed_replaces_a_client_of_defaults),
		TEST(null_removes_a_default),
		TEST(the_long_form_is_the_clients_secret),
		TEST(a_natural_key_is_the_key_unless_said),
		TEST(defaults_of_the_format_need_no_mapping),
		TEST(a_field_nobody_maps_is_refused),
		TEST(a_near_name_is_suggested),
		TEST(managed_needs_a_platform_with_apps_of_its_own),
		TEST(an_oauth2_entry_says_whose_app_it_is),
		TEST(a_misspelt_member_is_not_reported_as_missing),
		TEST(other_types_need_no_client),
		TEST(a_secret_is_declared_once),
		TEST(a_managed_app_has_no_secret),
		TEST(a_reference_names_one_source),
		TEST(twins_are_shown_with_both_places),
		TEST(twins_that_the_ledger_binds_are_told_apart),
		TEST(twins_by_platform_key_are_refused),
		TEST(a_rename_is_kept),
		TEST(a_rename_from_itself_is_refused),
		TEST(a_rename_from_a_declared_key_is_refused),
		TEST(renames_in_a_circle_are_refused),
		TEST(two_renames_from_one_key_are_refused),
		TEST(all_mistakes_are_reported_in_one_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
