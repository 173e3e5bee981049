/* SPDX-License-Identifier: MIT */
#include "desired_world.h"

/* ---- environments ---- */

static void an_environment_has_the_formats_defaults(void **context)
{
	struct world *world = *context;
	const struct environment *environment = &world->environment;

	read_world(world, "");
	assert_int_equal(world->environment_result, 0);
	assert_string_equal(environment->name, "prod");
	assert_string_equal(environment->binding, "alloy-assumed");
	assert_string_equal(environment->api_key_source, "env:KEY");
	assert_null(environment->url);
	assert_null(environment->parameters);
	assert_int_equal(environment->store, LEDGER_FILE);
	assert_false(environment->policy.prune);
	assert_int_equal(environment->policy.max_deletes, 1);
	assert_int_equal(environment->policy.max_delete_percent, 30);
	assert_int_equal(environment->policy.max_changes, 100);
	assert_int_equal(environment->policy.max_missing, 1);
	assert_int_equal(environment->policy.ignore_count, 0);
	assert_int_equal(environment->place.line, 2);
	assert_int_equal(environment->binding_place.line, 4);
	assert_int_equal(environment->api_key_place.line, 5);
	assert_non_null(world->state);
	assert_int_equal(state_length(world->state), 0);
}

static void a_policy_is_read(void **context)
{
	struct world *world = *context;
	const struct policy *policy = &world->environment.policy;

	read_world(world, "policy:\n"
	                  "  prune: true\n"
	                  "  maxDeletes: 7\n"
	                  "  maxDeletePercent: 0\n"
	                  "  maxChanges: 5\n"
	                  "  maxMissing: 2\n"
	                  "  ignore: [\"test-*\", old]\n");
	assert_true(policy->prune);
	assert_int_equal(policy->max_deletes, 7);
	assert_int_equal(policy->max_delete_percent, 0);
	assert_int_equal(policy->max_changes, 5);
	assert_int_equal(policy->max_missing, 2);
	assert_int_equal(policy->ignore_count, 2);
	assert_string_equal(policy->ignore[0], "test-*");
	assert_string_equal(policy->ignore[1], "old");
}

static void ledgers_are_told_apart(void **context)
{
	static const struct {
		const char *yaml;
		enum ledger_store store;
	} rows[] = {
		{ "ledger: none\n", LEDGER_NONE },
		{ "ledger: { store: none }\n", LEDGER_NONE },
		{ "ledger: { store: file }\n", LEDGER_FILE },
		{ "ledger: { store: git }\n", LEDGER_GIT },
		{ "ledger: { store: git, ref: refs/heads/book }\n",
		  LEDGER_GIT },
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		read_world(world, rows[i].yaml);
		assert_int_equal(world->environment.store, rows[i].store);
		environment_release(&world->environment);
		state_free(TAKE(world->state));
	}
}

static void a_file_may_be_the_api_keys_source(void **context)
{
	static const char yaml[] = "environment: dev\n"
				   "platform:\n"
				   "  binding: b\n"
				   "  url: https://${env:TRUEUP_VAR_HOST}/v1\n"
				   "  apiKey: { file: secrets/key }\n";
	struct world *world = *context;
	const struct node *root = document_parse(
		world->documents, "dev.yaml", yaml, strlen(yaml), world->diag);

	assert_int_equal(environment_read(world->documents, root,
	                                  &world->settings, &world->environment,
	                                  world->diag),
	                 0);
	assert_string_equal(world->environment.api_key_source,
	                    "file:secrets/key");
	assert_string_equal(world->environment.url, "https://api.example/v1");
	assert_int_equal(world->environment.url_place.line, 4);
}

/* ---- variables ---- */

static const struct auth_config *read_name(struct world *world,
                                           const char *name)
{
	CLEANUP(textp)
	char *yaml = xasprintf("authConfigs:\n"
	                       "  a:\n"
	                       "    connector: x\n"
	                       "    client: managed\n"
	                       "    name: '%s'\n",
	                       name);

	read_world(world, yaml);
	return world->state ? state_at(world->state, 0) : NULL;
}

static void variables_are_filled_in(void **context)
{
	static const struct {
		const char *written, *read;
	} rows[] = {
		{ "a ${env:TRUEUP_VAR_HOST} b", "a api.example b" },
		{ "${env:TRUEUP_VAR_HOST}${env:TRUEUP_VAR_HOST}",
		  "api.exampleapi.example" },
		{ "$${env:HOME}", "${env:HOME}" },
		{ "$$ $5 {} $", "$$ $5 {} $" },
		{ "$$${", "$${" },
		{ "${env:TRUEUP_VAR_NESTED}", "${env:TRUEUP_VAR_HOST}" },
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct auth_config *config =
			read_name(world, rows[i].written);

		assert_non_null(config);
		expect_text(config, "name", rows[i].read);
		environment_release(&world->environment);
		state_free(TAKE(world->state));
	}
}

static void variables_are_filled_in_everywhere(void **context)
{
	const struct auth_config *config = read_one(
		*context,
		"authConfigs:\n"
		"  a:\n"
		"    connector: x\n"
		"    client: managed\n"
		"    redirectUri: https://${env:TRUEUP_VAR_HOST}/cb\n"
		"    scopes: [\"https://${env:TRUEUP_VAR_HOST}/read\"]\n"
		"    extra: { region: [{ h: \"${env:TRUEUP_VAR_HOST}\" }] }\n");

	expect_text(config, "redirectUri", "https://api.example/cb");
	expect_shown(config, "scopes", VALUE_SET, "[https://api.example/read]");
	expect_shown(config, "extra.region", VALUE_JSON,
	             "[{\"h\":\"api.example\"}]");
}

static void other_variables_are_never_read(void **context)
{
	static const char *const rows[] = {
		"${env:AWS_SECRET_ACCESS_KEY}",
		"x ${env:TRUEUP_VAR_}",
		"${env:TRUEUP_VAR_HOST",
		"${TRUEUP_VAR_HOST}",
		"${env:TRUEUP_VAR_HOST:-AWS_SECRET_ACCESS_KEY}",
		"${file:/etc/hostname}",
		"${",
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *said = NULL;

		assert_null(read_name(world, rows[i]));
		expect_report(world, CODE_VARIABLE_NAME, 10, 11, "${");
		said = diag_text(world->diag);
		assert_null(strstr(said, "CANARY"));
		environment_release(&world->environment);
		diag_free(world->diag);
		world->diag = diag_new();
	}
}

static void an_unset_variable_is_an_error(void **context)
{
	struct world *world = *context;

	assert_null(read_name(world, "${env:TRUEUP_VAR_MISSING}"));
	expect_report(world, CODE_VARIABLE_UNSET, 10, 11,
	              "`TRUEUP_VAR_MISSING`");
}

static void an_empty_variable_counts_as_unset(void **context)
{
	struct world *world = *context;

	assert_null(read_name(world, "${env:TRUEUP_VAR_EMPTY}"));
	expect_report(world, CODE_VARIABLE_UNSET, 10, 11, "TRUEUP_VAR_EMPTY");
}

static void an_unset_variable_is_a_warning_when_that_is_asked(void **context)
{
	struct world *world = *context;
	const struct auth_config *config;

	world->settings.flags = DESIRED_LENIENT;
	config = read_name(world, "a ${env:TRUEUP_VAR_HOST} "
	                          "${env:TRUEUP_VAR_MISSING}");
	assert_non_null(config);
	expect_text(config, "name",
	            "a ${env:TRUEUP_VAR_HOST} ${env:TRUEUP_VAR_MISSING}");
	assert_int_equal(diag_count(world->diag, SEVERITY_WARNING), 1);
	assert_int_equal(diag_count(world->diag, SEVERITY_ERROR), 0);
}

static void a_variable_of_another_name_is_an_error_even_then(void **context)
{
	struct world *world = *context;

	world->settings.flags = DESIRED_LENIENT;
	assert_null(read_name(world, "${env:HOME}"));
	expect_report(world, CODE_VARIABLE_NAME, 10, 11, "`${env:HOME}`");
}

static void values_that_are_no_line_of_text_are_refused(void **context)
{
	static const char *const rows[] = { "${env:TRUEUP_VAR_LINES}",
		                            "${env:TRUEUP_VAR_BYTES}" };
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_null(read_name(world, rows[i]));
		expect_report(world, CODE_VARIABLE_VALUE, 10, 11, "TRUEUP_VAR");
		environment_release(&world->environment);
		diag_free(world->diag);
		world->diag = diag_new();
	}
}

static void references_hold_no_variables(void **context)
{
	expect_refused(*context,
	               "authConfigs:\n"
	               "  a:\n"
	               "    connector: x\n"
	               "    client:\n"
	               "      id: i\n"
	               "      secret: { file: \"k/${env:TRUEUP_VAR_HOST}\" }\n",
	               CODE_VARIABLE_PLACE, 11, 23);
}

static void parameters_hold_no_variables(void **context)
{
	static const char yaml[] =
		"environment: dev\n"
		"platform:\n"
		"  binding: b\n"
		"  apiKey: { env: K }\n"
		"  parameters: { project: [\"${env:TRUEUP_VAR_HOST}\"] }\n";
	struct world *world = *context;
	const struct node *root = document_parse(
		world->documents, "prod.yaml", yaml, strlen(yaml), world->diag);

	assert_int_equal(environment_read(world->documents, root,
	                                  &world->settings, &world->environment,
	                                  world->diag),
	                 -1);
	expect_report(world, CODE_VARIABLE_PLACE, 5, 27, "parameters");
}

/* ---- trees of the wrong shape ---- */

static void no_tree_makes_it_fall(void **context)
{
	static const char *const rows[] = {
		"authConfigs: 3\n",
		"authConfigs: [a, b]\n",
		"authConfigs: { a: 1, b: [], c: null }\n",
		"defaults: []\nauthConfigs: { a: { client: managed } }\n",
		"authConfigs: { a: { connector: [x], name: {}, type: [],\n"
		"  client: [], secrets: 1, scopes: x, scopeSets: [1],\n"
		"  redirectUri: {}, protect: maybe,\n"
		"  renamedFrom: [], extra: 3 } }\n",
		"authConfigs: { a: { scopes: [[x], {y: z}], client: {\n"
		"  id: [], secret: [], secretVersion: {} },\n"
		"  scopeSets: { user: {} } } }\n",
		"authConfigs: { a: { client: { secret: { env: [x] } } } }\n",
		"authConfigs: { a: { client: { secret: { file: {} } } } }\n",
		("authConfigs: { a: &a { connector: x, name: [], type: t }, "
		 "b: *a }\n"),
		"policy: 3\nledger: [x]\n",
		"policy: { ignore: x, maxDeletes: x, prune: 3 }\n",
		"policy: { ignore: [[x]], maxDeletes: -1 }\nledger: {}\n",
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		read_world(world, rows[i]);
		assert_int_equal(world->environment.policy.max_deletes, 1);
		environment_release(&world->environment);
		state_free(TAKE(world->state));
	}
	assert_int_equal(diag_length(world->diag), 0);
}

/* The parser has reported it. */
static void a_key_given_twice_is_refused(void **context)
{
	static const struct node text = { .length = 1, .text = "a" };
	struct world *world = *context;
	const struct node *entry = document_parse(
		world->documents, "prod.yaml", "{ type: t }", 11, world->diag);
	const struct node entries[] = { text, *entry, text, *entry };
	const struct node configs = { .type = NODE_MAPPING,
		                      .count = 2,
		                      .kids = entries };
	const struct node name = { .length = 11, .text = "authConfigs" };
	const struct node pairs[] = { name, configs };
	const struct node root = { .type = NODE_MAPPING,
		                   .count = 1,
		                   .kids = pairs };

	world->environment.binding = "b";
	assert_null(desired_read(world->documents, &root, &world->environment,
	                         world->traits, &world->settings, world->diag));
	assert_int_equal(diag_length(world->diag), 0);
}

static void without_a_platform_there_is_no_environment(void **context)
{
	static const char *const rows[] = {
		"x: 1\n",
		"[a]\n",
		"environment: [a]\nplatform: 3\n",
		"environment: a\nplatform: { binding: b, apiKey: literal }\n",
		"environment: a\nplatform: { apiKey: { env: K } }\n",
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(diag_freep) struct diag *unseen = diag_new();
		const struct node *root =
			document_parse(world->documents, "x.yaml", rows[i],
		                       strlen(rows[i]), unseen);

		if (!root)
			continue;
		assert_int_equal(environment_read(world->documents, root,
		                                  &world->settings,
		                                  &world->environment,
		                                  world->diag),
		                 -1);
		environment_release(&world->environment);
	}
	assert_int_equal(diag_length(world->diag), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_environment_has_the_formats_defaults),
		TEST(a_policy_is_read),
		TEST(ledgers_are_told_apart),
		TEST(a_file_may_be_the_api_keys_source),
		TEST(variables_are_filled_in),
		TEST(variables_are_filled_in_everywhere),
		TEST(other_variables_are_never_read),
		TEST(an_unset_variable_is_an_error),
		TEST(an_empty_variable_counts_as_unset),
		TEST(an_unset_variable_is_a_warning_when_that_is_asked),
		TEST(a_variable_of_another_name_is_an_error_even_then),
		TEST(values_that_are_no_line_of_text_are_refused),
		TEST(references_hold_no_variables),
		TEST(parameters_hold_no_variables),
		TEST(no_tree_makes_it_fall),
		TEST(a_key_given_twice_is_refused),
		TEST(without_a_platform_there_is_no_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
