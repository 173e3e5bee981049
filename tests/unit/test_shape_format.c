/* SPDX-License-Identifier: MIT */
/* The format of the environment file, schema/config.schema.json. */
#include "base/text.h"
#include "shape_trial.h"

#include <string.h>

static const char whole_format[] =
	"trueup: 1\n"
	"environment: prod\n"
	"platform:\n"
	"  binding: composio\n"
	"  url: https://backend.composio.dev/api/v3.1\n"
	"  apiKey: { env: COMPOSIO_PROD_API_KEY }\n"
	"  parameters: { projectId: p-1 }\n"
	"ledger: { store: file }\n"
	"policy:\n"
	"  prune: false\n"
	"  maxDeletes: 1\n"
	"  maxDeletePercent: 30\n"
	"  maxChanges: 100\n"
	"  maxMissing: 1\n"
	"  ignore: ['legacy-*']\n"
	"defaults: { type: oauth2, client: { secretVersion: 'x' } }\n"
	"authConfigs:\n"
	"  slack-crm:\n"
	"    connector: slack\n"
	"    name: Slack CRM\n"
	"    type: oauth2\n"
	"    platformKey: slack-crm\n"
	"    renamedFrom: slack\n"
	"    client:\n"
	"      id: \"1234567890.0987654321\"\n"
	"      secret: { env: SLACK_PROD_CLIENT_SECRET }\n"
	"      secretVersion: \"2026-11\"\n"
	"    secrets: { webhookSecret: { file: /run/secrets/x } }\n"
	"    scopes: [channels:read, chat:write]\n"
	"    scopeSets: { user: [search:read] }\n"
	"    redirectUri: https://backend.composio.dev/callback\n"
	"    enabled: true\n"
	"    protect: true\n"
	"    extra: { any: [1, { thing: null }] }\n"
	"  notion: { connector: notion, client: managed, scopes: [] }\n";

static void the_whole_format_fits(void **state)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("config.schema.json");
	CLEANUP(trial_release)
	struct trial trial = try_shape(shape, whole_format);
	CLEANUP(textp) char *said = reports(&trial);

	(void)state;
	assert_string_equal(said, "");
	assert_int_equal(trial.result, 0);
}

#define HEAD                             \
	"trueup: 1\nenvironment: prod\n" \
	"platform: { binding: b, apiKey: { env: K } }\n"
#define ENTRY HEAD "authConfigs:\n  a:\n    connector: c\n    "

static void mistakes_in_the_format_are_told(void **state)
{
	static const struct {
		const char *yaml, *reports;
	} rows[] = {
		{ HEAD "authConfigs: {}\n", "" },
		{ HEAD "ledger: none\nauthConfigs: {}\n", "" },
		{ HEAD "ledger: { store: none }\nauthConfigs: {}\n", "" },
		{ HEAD "defaults: { connector: c }\nauthConfigs: { a: {} }\n",
		  "" },
		{ HEAD "authConfigs: { a: {} }\n",
		  "4:16 MISSING_KEY `authConfigs.a` needs `connector`; add "
		  "it" },
		{ HEAD "defaults: { name: x }\nauthConfigs: { a: {} }\n",
		  "4:19 BAD_VALUE `defaults.name` is not allowed here; remove "
		  "it\n5:16 MISSING_KEY `authConfigs.a` needs `connector`; add "
		  "it" },
		{ "trueup: 2\n",
		  "1:1 MISSING_KEY the file needs `authConfigs`; add it\n"
		  "1:1 MISSING_KEY the file needs `environment`; add it\n"
		  "1:1 MISSING_KEY the file needs `platform`; add it\n"
		  "1:9 BAD_VALUE `trueup` must be `1`, not `2`" },
		{ ENTRY "client: { id: 0123, secret: { env: S } }\n",
		  "7:19 NEEDS_QUOTES `authConfigs.a.client.id` must be text: "
		  "write `\"0123\"` with quotes" },
		{ ENTRY "client: { id: x, secret: CANARY }\n",
		  "7:30 SECRET_LITERAL `authConfigs.a.client.secret` holds a "
		  "secret itself; write where it is, { env: NAME } or { file: "
		  "PATH }" },
		{ ENTRY "client: mangaed\n",
		  "7:13 BAD_VALUE `authConfigs.a.client` must be `managed` or "
		  "a "
		  "client of your own (`id` and `secret`), not `mangaed`" },
		{ ENTRY "scope: [x]\n",
		  "7:5 UNKNOWN_KEY unknown key `scope` in `authConfigs.a`; did "
		  "you mean `scopes`?" },
		{ ENTRY "scopes: [x, x]\n",
		  "7:17 DUPLICATE_ITEM `authConfigs.a.scopes` holds `x` twice; "
		  "remove one" },
		{ ENTRY "scopes: x\n",
		  "7:13 WRONG_TYPE `authConfigs.a.scopes` must be a list, not "
		  "`x`" },
		{ ENTRY "enabled: yes\n",
		  "7:14 WRONG_TYPE `authConfigs.a.enabled` must be true or "
		  "false, not `yes`" },
		{ ENTRY "secrets: { hook: CANARY }\n",
		  "7:22 SECRET_LITERAL `authConfigs.a.secrets.hook` holds a "
		  "secret itself; write where it is, { env: NAME } or { file: "
		  "PATH }" },
		{ HEAD "authConfigs: { Slack CRM: { connector: c } }\n",
		  "4:16 BAD_KEY the key `Slack CRM` in `authConfigs` must be "
		  "lower-case letters, digits and hyphens, at most 63, "
		  "beginning with a letter or digit" },
		{ HEAD "authConfigs: {}\nledger: { store: git, ref: x }\n",
		  "5:28 BAD_VALUE `ledger.ref` must be a ref below "
		  "`refs/trueup/ledger/`, or a branch: "
		  "`refs/trueup/ledger/prod`, not `x`" },
		{ HEAD "authConfigs: {}\nledger: git\n",
		  "5:9 BAD_VALUE `ledger` must be `none` or a mapping with "
		  "`store`, not `git`" },
		{ HEAD "authConfigs: {}\nledger: { store: sqlite }\n",
		  "5:18 BAD_VALUE `ledger.store` must be `file`, `none` or "
		  "`git`, not `sqlite`" },
		{ HEAD "authConfigs: {}\npolicy: { rules: { x: fatal } }\n",
		  "5:23 BAD_VALUE `policy.rules.x` must be `error`, "
		  "`warning`, `info` or `off`, not `fatal`" },
		{ HEAD "authConfigs: {}\npolicy: { waivers: [{ rule: x, "
		       "key: a, reason: b }] }\n",
		  "5:21 MISSING_KEY `policy.waivers[0]` needs `expires`; add "
		  "it" },
		{ HEAD "authConfigs: {}\npolicy: { scopes: { slack: {} } }\n",
		  "5:21 BAD_COUNT `policy.scopes.slack` must have at least 1 "
		  "keys, not 0" },
		{ HEAD "authConfigs: {}\npolicy: { maxDeletePercent: 101 }\n",
		  "5:29 BAD_VALUE `policy.maxDeletePercent` must be at most "
		  "100, not `101`" },
		{ "trueup: 1\nenvironment: Prod\nplatform: { binding: b, "
		  "apiKey: { env: K } , url: ftp://x }\nauthConfigs: {}\n",
		  "2:14 BAD_VALUE `environment` must be lower-case letters, "
		  "digits and hyphens, at most 63, beginning with a letter or "
		  "digit, not `Prod`\n"
		  "3:51 BAD_VALUE `platform.url` must be a URL that begins "
		  "with "
		  "https:// (http:// to loopback only), not `ftp://x`" },
		{ HEAD "authConfigs: {}\nplatfrom: x\n",
		  "5:1 UNKNOWN_KEY unknown key `platfrom`; did you mean "
		  "`platform`?" },
	};
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("config.schema.json");

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(trial_release)
		struct trial trial = try_shape(shape, rows[i].yaml);
		CLEANUP(textp) char *said = reports(&trial);

		if (!str_equal(said, rows[i].reports))
			fail_msg("%s\n%s", rows[i].yaml, said);
	}
}

/* Every schema below has a title, a description and examples, or is `$ref` or
 * a boolean. */
static void check_annotated(const struct node *schema, const char *where)
{
	static const char *const wanted[] = { "title", "description",
		                              "examples" };

	if (schema->type != NODE_MAPPING || node_get(schema, "$ref"))
		return;
	for (size_t i = 0; i < LENGTH(wanted); i++) {
		if (!node_get(schema, wanted[i]))
			fail_msg("%s has no %s", where, wanted[i]);
	}

	const struct node *properties = node_get(schema, "properties");

	for (size_t i = 0; properties && i < properties->count; i++)
		check_annotated(node_value(properties, i),
		                node_key(properties, i)->text);
}

static const struct node *parse_schema(struct documents *documents,
                                       struct diag *diag)
{
	const struct schema_file *file = schema_find("config.schema.json");

	return document_parse_json(documents, file->name, file->bytes,
	                           file->length, diag);
}

static void every_key_is_described(void **state)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct node *root = parse_schema(documents, diag);
	const struct node *definitions = node_get(root, "definitions");

	(void)state;
	check_annotated(root, "the root");
	for (size_t i = 0; i < definitions->count; i++)
		check_annotated(node_value(definitions, i),
		                node_key(definitions, i)->text);
}

static void examples_fit_what_they_are_examples_of(void **state)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct node *root = parse_schema(documents, diag);
	const struct node *definitions = node_get(root, "definitions");
	CLEANUP(textp) char *json = node_json(definitions);

	(void)state;
	for (size_t i = 0; i < definitions->count; i++) {
		const char *name = node_key(definitions, i)->text;
		const struct node *examples =
			node_get(node_value(definitions, i), "examples");
		CLEANUP(textp)
		char *schema = xasprintf("{\"$ref\":\"#/definitions/%s\","
		                         "\"definitions\":%s}",
		                         name, json);
		CLEANUP(shape_freep)
		struct shape *shape =
			shape_new(name, schema, strlen(schema), diag);

		assert_non_null(shape);
		for (size_t k = 0; k < examples->count; k++) {
			if (shape_check(shape, documents,
			                node_item(examples, k), diag) < 0)
				fail_msg("an example of %s does not fit", name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_format_fits),
		cmocka_unit_test(mistakes_in_the_format_are_told),
		cmocka_unit_test(every_key_is_described),
		cmocka_unit_test(examples_fit_what_they_are_examples_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
