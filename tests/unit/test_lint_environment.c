/* SPDX-License-Identifier: MIT */
/* Separation of environments: what two share, hosts, names. */
#include "lint_world.h"

static size_t count_rule(const struct world *world, const char *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < findings_length(world->findings); i++)
		count += str_equal(findings_at(world->findings, i)->rule->id,
		                   rule);
	return count;
}

static void what_two_share_is_said_in_both(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(
		world,
		"dev: { client: { id: \"1.1\", secret: { env: S } } }\n"
		"prod: { client: { id: \"1.1\", secret: { env: S } } }\n"
		"eu: { client: { id: \"2.2\", secret: { env: T } } }\n",
		"environment-client-id");
	assert_int_equal(count_rule(world, "environment-client-id"), 2);
	assert_int_equal(count_rule(world, "environment-secret-source"), 2);
	assert_string_equal(finding->environment, "dev");
	assert_string_equal(finding->text,
	                    "`1.1` is also the client id of `prod/app`; "
	                    "register an app for each environment");
}

static void sharing_inside_one_environment_is_not_ours(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	assert_null(lint_yaml(world,
	                      "a: { client: { id: \"1.1\" } }\n"
	                      "b: { client: { id: \"1.1\" } }\n",
	                      "environment-client-id"));
}

static void secrets_that_were_not_compared_are_counted(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	world_read(world, "dev: { client: { secret: { env: A } } }\n"
	                  "prod: { client: { secret: { env: B } } }\n");
	world->secrets[1][0].group = 1;
	world_run(world);
	finding = find_rule(world, "environment-secret-unchecked");
	assert_string_equal(finding->environment, "dev");
	assert_null(finding->key);
	assert_non_null(strstr(finding->text, "1 of 1 secrets of `dev`"));
	assert_int_equal(count_rule(world, "environment-secret-unchecked"), 1);
	assert_null(find_rule(world, "environment-secret-value"));
	world->secrets[1][0].group = 0;
	world_run(world);
	assert_int_equal(count_rule(world, "environment-secret-unchecked"), 2);
	assert_null(find_rule(world, "environment-secret-value"));

	/* One environment alone has nothing to be compared with. */
	assert_null(lint_yaml(world, "dev: { client: { secret: { env: A } } }",
	                      "environment-secret-unchecked"));
}

static void hosts_say_where_they_stand(void **state)
{
	static const struct {
		const char *environment, *uri, *rules;
	} rows[] = {
		{ "prod", "https://app.example.com/cb", "" },
		{ "prod", "https://backend.composio.dev/cb", "" },
		{ "prod", "https://test.io/cb", "" },
		{ "prod", "https://developer.example.com/cb", "" },
		{ "prod", "https://latest.example.com/cb", "" },
		{ "prod", "https://dev.app.example.com/cb",
		  "environment-dev-host " },
		{ "prod", "https://app.dev2.example.com/cb",
		  "environment-dev-host " },
		{ "prod", "https://app-staging.example.com/cb",
		  "environment-dev-host " },
		{ "prod", "https://example-dev.com/cb",
		  "environment-dev-host " },
		{ "prod", "https://STAGING.app.example.com./cb",
		  "environment-dev-host " },
		{ "prod", "https://abc.ngrok-free.app/cb",
		  "environment-dev-host " },
		{ "prod", "https://abc.trycloudflare.com/cb",
		  "environment-dev-host " },
		{ "prod", "https://app.test/cb", "environment-dev-host " },
		{ "prod", "https://app.localhost/cb", "environment-dev-host " },
		{ "prod", "https://10.1.2.3/cb", "environment-dev-host " },
		{ "prod", "https://172.16.0.1/cb", "environment-dev-host " },
		{ "prod", "https://172.32.0.1/cb", "" },
		{ "prod", "https://192.168.0.1/cb", "environment-dev-host " },
		{ "prod", "https://[fd00::1]/cb", "environment-dev-host " },
		{ "prod", "https://[2001:db8::1]/cb", "" },
		{ "production", "https://dev.app.example.com/cb",
		  "environment-dev-host " },
		{ "eu-prod", "https://dev.app.example.com/cb",
		  "environment-dev-host " },
		{ "eu", "https://dev.app.example.com/cb", "" },
		{ "dev", "https://dev.app.example.com/cb", "" },
		{ "dev", "https://prod.app.example.com/cb",
		  "environment-prod-host " },
		{ "staging-2", "https://app-production.example.com/cb",
		  "environment-prod-host " },
		{ "dev", "https://product.app.example.com/cb", "" },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *yaml =
			xasprintf("eu: { connector: example, environment: %s, "
		                  "redirectUri: '%s' }",
		                  rows[i].environment, rows[i].uri);

		(void)lint_yaml(world, yaml, "");

		CLEANUP(textp) char *found = found_rules(world);

		if (!str_equal(found, rows[i].rules))
			fail_msg("%s `%s`: %s, not %s", rows[i].environment,
			         rows[i].uri, found, rows[i].rules);
	}
}

static void the_platforms_own_host_is_nobodys(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	world_read(world, "prod: { redirectUri: "
	                  "'https://sandbox.api.example.com/cb' }");
	world->environments[0].callback = "https://sandbox.api.example.com/cb";
	world_run(world);
	assert_int_equal(findings_length(world->findings), 0);
}

static void files_are_held_against_names(void **state)
{
	static const struct {
		const char *name, *file;
		bool wrong;
	} rows[] = {
		{ "prod", "prod.yaml", false },
		{ "prod", "trueup.yaml", false },
		{ "prod", "dev.yaml", true },
		{ "prod", "envs/prod/trueup.yaml", false },
		{ "prod", "envs/dev/trueup.yaml", true },
		{ "prod", "test/prod.yaml", false },
		{ "prod", "dev-prod/trueup.yaml", false },
		{ "prod", "prod-dev/trueup.yaml", false },
		{ "production", "prod.yaml", false },
		{ "eu", "dev.yaml", false },
		{ "eu", "us.yaml", true }, /* another environment's name */
		{ "dev", "staging.yaml", false },
		{ "", "prod.yaml", true },
		{ NULL, NULL, true },
		{ "prod", NULL, false },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		world_read(world, "dev: {}\nprod: {}");
		world->environments[0].name = rows[i].name;
		world->environments[0].file = rows[i].file;
		world->environments[1].name = "us";
		world->environments[1].file = "us.yaml";
		world_run(world);
		if (rows[i].wrong != !!find_rule(world, "environment-name"))
			fail_msg("%s in %s", rows[i].name ? rows[i].name : "-",
			         rows[i].file ? rows[i].file : "-");
	}
}

static void keys_and_origins_are_compared(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	(void)lint_yaml(world,
	                "dev: { platform: { apiKey: { env: K }, "
	                "url: 'https://p.example' } }\n"
	                "prod: { platform: { apiKey: { env: K }, "
	                "url: 'https://p.example' } }\n"
	                "eu: { platform: { apiKey: { env: L }, "
	                "url: 'https://p.example' } }\n",
	                "");
	assert_int_equal(count_rule(world, "environment-api-key"), 2);
	assert_int_equal(count_rule(world, "environment-origin"), 3);
	finding = find_rule(world, "environment-api-key");
	assert_string_equal(finding->field, "platform.apiKey");
	assert_non_null(strstr(finding->text, "of `prod` too"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_two_share_is_said_in_both),
		cmocka_unit_test(sharing_inside_one_environment_is_not_ours),
		cmocka_unit_test(secrets_that_were_not_compared_are_counted),
		cmocka_unit_test(hosts_say_where_they_stand),
		cmocka_unit_test(the_platforms_own_host_is_nobodys),
		cmocka_unit_test(files_are_held_against_names),
		cmocka_unit_test(keys_and_origins_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
