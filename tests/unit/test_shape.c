/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "document/document.h"
#include "schema/codes.h"
#include "schema/schema.h"
#include "shape/shape.h"
#include "unit.h"

#include <string.h>

/* A document checked by a schema, and what came of it. */
struct trial {
	struct documents *documents;
	struct diag *diag;
	const struct node *root;
	int result;
};

static void trial_release(struct trial *trial)
{
	documents_free(trial->documents);
	diag_free(trial->diag);
}

static struct trial try_shape(const struct shape *shape, const char *yaml)
{
	struct trial trial = { documents_new(), diag_new(), NULL, -1 };

	trial.root = document_parse(trial.documents, "a", yaml, strlen(yaml),
	                            trial.diag);
	if (!trial.root)
		fail_msg("no YAML: %s", yaml);
	trial.result =
		shape_check(shape, trial.documents, trial.root, trial.diag);
	diag_sort(trial.diag);
	return trial;
}

/* "L:C CODE TEXT" of each report. */
static char *reports(const struct trial *trial)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < diag_length(trial->diag); i++) {
		const struct diag_report *report = diag_at(trial->diag, i);

		fprintf(out, "%s%u:%u %s %s", i ? "\n" : "", report->place.line,
		        report->place.column, code_find(report->code)->name,
		        report->text);
	}
	(void)fclose(out);
	return text;
}

struct row {
	const char *schema, *yaml;
	const char *reports; /* "": it fits */
};

static void check_row(const struct row *row)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(shape_freep)
	struct shape *shape =
		shape_new("test", row->schema, strlen(row->schema), diag);
	CLEANUP(textp) char *why = diag_text(diag);

	if (!shape)
		fail_msg("%s", why);

	CLEANUP(trial_release) struct trial trial = try_shape(shape, row->yaml);
	CLEANUP(textp) char *said = reports(&trial);

	if (!str_equal(said, row->reports) ||
	    trial.result != (*row->reports ? -1 : 0))
		fail_msg("%s\n%s\n%s", row->schema, row->yaml, said);
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

#define TEXT "{\"properties\":{\"a\":{\"type\":\"string\"}}}"

static void text_without_quotes_keeps_its_spelling(void **state)
{
	static const struct row rows[] = {
		{ TEXT, "a: no", "" },
		{ TEXT, "a: '0123'", "" },
		{ TEXT, "a: 1_000", "" },
		{ TEXT, "a: 0123",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"0123\"` with "
		  "quotes" },
		{ TEXT, "a: 1e3",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"1e3\"` with "
		  "quotes" },
		{ TEXT, "a: true",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"true\"` with "
		  "quotes" },
		{ TEXT, "a: null",
		  "1:4 NEEDS_QUOTES `a` must be text: write `\"null\"` with "
		  "quotes" },
		{ TEXT, "a:",
		  "1:3 WRONG_TYPE `a` must be text, but nothing stands here" },
		{ TEXT, "a: [x]",
		  "1:4 WRONG_TYPE `a` must be text, not a list" },
		{ TEXT, "a: {b: x}",
		  "1:4 WRONG_TYPE `a` must be text, not a mapping" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void wrong_kinds_say_what_is_wanted(void **state)
{
	static const struct row rows[] = {
		{ "{\"type\":\"object\"}", "text",
		  "1:1 WRONG_TYPE the file must be a mapping (keys with "
		  "values), not `text`" },
		{ "{\"items\":{\"type\":\"integer\"}}", "[1, 2.0, 2.5, '3']",
		  "1:10 WRONG_TYPE `[2]` must be a whole number, not `2.5`\n"
		  "1:15 WRONG_TYPE `[3]` must be a whole number: write `3` "
		  "without quotes" },
		{ "{\"type\":[\"boolean\",\"null\",\"number\"]}", "yes",
		  "1:1 WRONG_TYPE the file must be a number, true or false or "
		  "null, not `yes`" },
		{ "{\"type\":\"array\"}", "{}",
		  "1:1 WRONG_TYPE the file must be a list, not a mapping" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define KEYS                                                         \
	"{\"properties\":{\"scopes\":{},\"name\":{},\"m\":{"         \
	"\"properties\":{\"id\":{}},\"additionalProperties\":false," \
	"\"required\":[\"id\"]}},\"additionalProperties\":false}"

static void unknown_and_missing_keys_are_named(void **state)
{
	static const struct row rows[] = {
		{ KEYS, "scopes: x\nm: {id: 1}\n", "" },
		{ KEYS, "scope: x\n",
		  "1:1 UNKNOWN_KEY unknown key `scope`; did you mean "
		  "`scopes`?" },
		{ KEYS, "colour: x\n",
		  "1:1 UNKNOWN_KEY unknown key `colour`; known are `m`, "
		  "`name`, `scopes`" },
		{ KEYS, "m:\n  ib: x\n",
		  "1:1 MISSING_KEY `m` needs `id`; add it\n"
		  "2:3 UNKNOWN_KEY unknown key `ib` in `m`; known are `id`" },
		{ "{\"required\":[\"a\",\"b\"]}", "c: 1",
		  "1:1 MISSING_KEY the file needs `a`; add it\n"
		  "1:1 MISSING_KEY the file needs `b`; add it" },
		{ "{\"propertyNames\":{\"pattern\":\"^[a-z]+$\"}}", "A: 1",
		  "1:1 BAD_KEY the key `A` in the file must be of another "
		  "form" },
		{ "{\"propertyNames\":{\"pattern\":\"^[a-z0-9]+$\",\"x-"
		  "expected\":"
		  "\"small\"}}",
		  "{A: 1, 12: x}",
		  "1:2 BAD_KEY the key `A` in the file must be small" },
		{ "{\"patternProperties\":{\"^x-\":{\"type\":\"integer\"}},"
		  "\"additionalProperties\":{\"type\":\"boolean\"}}",
		  "{x-a: b, c: 1}",
		  "1:7 WRONG_TYPE `x-a` must be a whole number, not `b`\n"
		  "1:13 WRONG_TYPE `c` must be true or false, not `1`" },
		{ "{\"properties\":{\"a\":false}}", "a: 1",
		  "1:4 BAD_VALUE `a` is not allowed here; remove it" },
		{ "{\"minProperties\":1}", "{}",
		  "1:1 BAD_COUNT the file must have at least 1 keys, not 0" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void values_have_their_bounds(void **state)
{
	static const struct row rows[] = {
		{ "{\"minLength\":1}", "''",
		  "1:1 BAD_VALUE the file must not be empty" },
		{ "{\"minLength\":3}", "\xc3\xa9\xc3\xa9",
		  "1:1 BAD_VALUE the file must have at least 3 characters" },
		{ "{\"maxLength\":2}", "\xc3\xa9\xc3\xa9", "" },
		{ "{\"maxLength\":2}", "abc",
		  "1:1 BAD_VALUE the file must have at most 2 characters; "
		  "shorten it" },
		{ "{\"pattern\":\"^a\"}", "b",
		  "1:1 BAD_VALUE the file must match the pattern `^a`, not "
		  "`b`" },
		{ "{\"pattern\":\"^a\",\"x-expected\":\"an a\"}", "b",
		  "1:1 BAD_VALUE the file must be an a, not `b`" },
		{ "{\"minimum\":1,\"maximum\":3}", "0x4",
		  "1:1 BAD_VALUE the file must be at most 3, not `0x4`" },
		{ "{\"minimum\":1}", "0",
		  "1:1 BAD_VALUE the file must be at least 1, not `0`" },
		{ "{\"exclusiveMinimum\":1}", "1",
		  "1:1 BAD_VALUE the file must be more than 1, not `1`" },
		{ "{\"exclusiveMaximum\":1}", "1",
		  "1:1 BAD_VALUE the file must be less than 1, not `1`" },
		{ "{\"multipleOf\":5}", "7",
		  "1:1 BAD_VALUE the file must be a multiple of 5, not `7`" },
		{ "{\"maxItems\":1}", "[a, b]",
		  "1:1 BAD_COUNT the file must have at most 1 items, not 2" },
		{ "{\"enum\":[\"a\",\"b\",1]}", "c",
		  "1:1 BAD_VALUE the file must be `a`, `b` or `1`, not `c`" },
		{ "{\"const\":1}", "'1'",
		  "1:1 BAD_VALUE the file must be `1`, not `1`" },
		{ "{\"const\":{\"a\":[1]}}", "a: [1.0]", "" },
		{ "{\"const\":{\"a\":[1]}}", "a: [2]",
		  "1:1 BAD_VALUE the file must be `{\"a\":[1]}`, not a "
		  "mapping" },
		{ "{\"uniqueItems\":true}", "[a, b, a]",
		  "1:8 DUPLICATE_ITEM the file holds `a` twice; remove one" },
		{ "{\"uniqueItems\":true}", "[1, {a: 1, b: 2}, {b: 2, a: 1.0}]",
		  "1:19 DUPLICATE_ITEM the file holds an item twice; remove "
		  "one" },
		{ "{\"not\":{\"const\":1}}", "1",
		  "1:1 BAD_VALUE the file must not be `1`" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define UNION                                                           \
	"{\"oneOf\":[{\"const\":\"managed\"},{\"type\":\"object\","     \
	"\"title\":\"your own\",\"required\":[\"id\"],\"properties\":{" \
	"\"id\":{\"type\":\"string\"}},\"additionalProperties\":false}]}"

#define SHAPES                                                           \
	"{\"anyOf\":[{\"properties\":{\"kind\":{\"const\":\"a\"},"       \
	"\"x\":{\"type\":\"integer\"}},\"additionalProperties\":false}," \
	"{\"properties\":{\"kind\":{\"const\":\"b\"}},"                  \
	"\"required\":[\"kind\"]}]}"

static void alternatives_explain_the_one_that_is_meant(void **state)
{
	static const struct row rows[] = {
		{ UNION, "managed", "" },
		{ UNION, "{id: x}", "" },
		{ UNION, "mine",
		  "1:1 BAD_VALUE the file must be `managed` or your own, not "
		  "`mine`" },
		{ UNION, "12",
		  "1:1 BAD_VALUE the file must be `managed` or your own, not "
		  "`12`" },
		{ UNION, "[a]",
		  "1:1 BAD_VALUE the file must be `managed` or your own, not a "
		  "list" },
		{ UNION, "{id: 12, ip: x}",
		  "1:6 NEEDS_QUOTES `id` must be text: write `\"12\"` with "
		  "quotes\n"
		  "1:10 UNKNOWN_KEY unknown key `ip`; known are `id`" },
		{ SHAPES, "{kind: a, x: y}",
		  "1:14 WRONG_TYPE `x` must be a whole number, not `y`" },
		{ "{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":2}]}", "3",
		  "1:1 BAD_VALUE the file must be only one of a whole number "
		  "or text, a number, true or false, a list, a mapping (keys "
		  "with values) or null" },
		{ "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":["
		  "\"b\"]}"
		  ",\"else\":{\"required\":[\"c\"]}}",
		  "{a: 1}", "1:1 MISSING_KEY the file needs `b`; add it" },
		{ "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":["
		  "\"b\"]}"
		  ",\"else\":{\"required\":[\"c\"]}}",
		  "{d: 1}", "1:1 MISSING_KEY the file needs `c`; add it" },
		{ "{\"allOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",
		  "{c: 1}",
		  "1:1 MISSING_KEY the file needs `a`; add it\n"
		  "1:1 MISSING_KEY the file needs `b`; add it" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define UNBUILT                                                             \
	"{\"properties\":{\"a\":{\"x-unbuilt\":\"later\"},\"s\":{"          \
	"\"oneOf\":[{\"const\":\"file\"},{\"const\":\"git\",\"x-unbuilt\":" \
	"\"not yet\"}]}}}"

static void what_is_not_built_is_refused(void **state)
{
	static const struct row rows[] = {
		{ UNBUILT, "s: file", "" },
		{ UNBUILT, "a: {b: c}",
		  "1:1 UNBUILT_KEY `a` has no effect yet: later" },
		{ UNBUILT, "s: git",
		  "1:1 UNBUILT_KEY `s` has no effect yet: not yet" },
		{ UNBUILT, "s: bzr",
		  "1:4 BAD_VALUE `s` must be `file`, not `bzr`" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

#define SECRET                                                              \
	"{\"properties\":{\"s\":{\"x-reference\":true,\"type\":\"object\"," \
	"\"minProperties\":1,\"maxProperties\":1,"                          \
	"\"additionalProperties\":false,\"properties\":{\"env\":{"          \
	"\"type\":\"string\",\"pattern\":\"^[A-Z]+$\",\"x-expected\":"      \
	"\"a variable\"},\"file\":{\"enum\":[\"f\"]}}}}}"

static void secrets_are_never_shown(void **state)
{
	static const struct row rows[] = {
		{ SECRET, "s: {env: NAME}", "" },
		{ SECRET, "s: CANARY",
		  "1:4 SECRET_LITERAL `s` holds a secret itself; write where "
		  "it is, { env: NAME } or { file: PATH }" },
		{ SECRET, "s: 12345",
		  "1:4 SECRET_LITERAL `s` holds a secret itself; write where "
		  "it is, { env: NAME } or { file: PATH }" },
		{ SECRET, "s: [CANARY]",
		  "1:4 SECRET_LITERAL `s` holds a secret itself; write where "
		  "it is, { env: NAME } or { file: PATH }" },
		{ SECRET, "s: {env: canary}",
		  "1:10 BAD_VALUE `s.env` must be a variable" },
		{ SECRET, "s: {env: 12345}",
		  "1:10 NEEDS_QUOTES `s.env` must be text: put it in quotes" },
		{ SECRET, "s: {env: {x: CANARY}}",
		  "1:10 WRONG_TYPE `s.env` must be text" },
		{ SECRET, "s: {file: CANARY}",
		  "1:11 BAD_VALUE `s.file` must be `f`" },
		{ SECRET, "s: {evn: CANARY}",
		  "1:5 UNKNOWN_KEY unknown key `evn` in `s`; did you mean "
		  "`env`?" },
		{ SECRET, "s: {env: A, file: f}",
		  "1:1 BAD_COUNT `s` must name one place of the secret, { env: "
		  "NAME } or { file: PATH }" },
		{ SECRET, "s: {}",
		  "1:1 BAD_COUNT `s` must name one place of the secret, { env: "
		  "NAME } or { file: PATH }" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void useless_schemas_are_refused(void **state)
{
	static const struct {
		const char *schema, *says;
	} rows[] = {
		{ "{\"typ\":1}", "`typ` is no keyword" },
		{ "{\"type\":\"text\"}", "`type` names no type" },
		{ "{\"minLength\":-1}", "`minLength` must be a whole number" },
		{ "{\"minLength\":\"1\"}", "`minLength`" },
		{ "{\"maximum\":\"1\"}", "`maximum` must be a number" },
		{ "{\"enum\":1}", "`enum` must be a list" },
		{ "{\"required\":[1,{}]}", "`required`" },
		{ "{\"properties\":[]}", "`properties` must be an object" },
		{ "{\"properties\":{\"a\":1}}", "`1` is no schema" },
		{ "{\"uniqueItems\":1}", "`uniqueItems` must be true" },
		{ "{\"title\":1}", "`title` must be text" },
		{ "{\"pattern\":\"[\"}", "no regular expression" },
		{ "{\"$ref\":\"#/definitions/x\"}", "names nothing" },
		{ "{\"$ref\":\"http://x/\"}", "part of this schema" },
		{ "{\"$ref\":\"#\"}", "leads to itself" },
		{ "{\"definitions\":{\"a\":{\"allOf\":[3]}}}", "is no schema" },
		{ "{", "no JSON" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		struct shape *shape = shape_new("bad", rows[i].schema,
		                                strlen(rows[i].schema), diag);
		CLEANUP(textp) char *why = diag_text(diag);

		assert_null(shape);
		assert_int_equal(diag_length(diag), 1);
		if (!strstr(why, rows[i].says))
			fail_msg("%s\n%s", rows[i].schema, why);
	}
}

static void long_values_are_cut_in_messages(void **state)
{
	char text[400];
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(shape_freep)
	struct shape *shape = shape_new("x", "{\"enum\":[1]}", 12, diag);

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';

	CLEANUP(trial_release) struct trial trial = try_shape(shape, text);

	assert_true(strlen(diag_at(trial.diag, 0)->text) < 120);
	assert_non_null(strstr(diag_at(trial.diag, 0)->text, "x…`"));
}

static void a_flood_of_mistakes_is_dammed(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(shape_freep)
	struct shape *shape = shape_new("x", "{\"items\":false}", 15, diag);
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	(void)state;
	for (size_t i = 0; i < 20 * LIMIT_REPORTS; i++)
		fputs("- a\n", out);
	(void)fclose(out);

	CLEANUP(trial_release) struct trial trial = try_shape(shape, text);

	assert_int_equal(trial.result, -1);
	assert_int_equal(diag_length(trial.diag), 10 * LIMIT_REPORTS);
	free(text);
}

/* ---- the format ---- */

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
		{ HEAD "authConfigs: {}\nledger: { store: git }\n",
		  "5:11 UNBUILT_KEY `ledger.store` has no effect yet: ledgers "
		  "in git are not built; write `store: file`, or `ledger: "
		  "none`" },
		{ HEAD "authConfigs: {}\nledger: git\n",
		  "5:9 BAD_VALUE `ledger` must be `none` or a mapping with "
		  "`store`, not `git`" },
		{ HEAD "authConfigs: {}\nledger: { store: sqlite }\n",
		  "5:18 BAD_VALUE `ledger.store` must be `file` or `none`, not "
		  "`sqlite`" },
		{ HEAD "authConfigs: {}\npolicy: { rules: { x: error } }\n",
		  "5:11 UNBUILT_KEY `policy.rules` has no effect yet: there "
		  "are "
		  "no lint rules to weigh; remove it" },
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
		cmocka_unit_test(text_without_quotes_keeps_its_spelling),
		cmocka_unit_test(wrong_kinds_say_what_is_wanted),
		cmocka_unit_test(unknown_and_missing_keys_are_named),
		cmocka_unit_test(values_have_their_bounds),
		cmocka_unit_test(alternatives_explain_the_one_that_is_meant),
		cmocka_unit_test(what_is_not_built_is_refused),
		cmocka_unit_test(secrets_are_never_shown),
		cmocka_unit_test(useless_schemas_are_refused),
		cmocka_unit_test(long_values_are_cut_in_messages),
		cmocka_unit_test(a_flood_of_mistakes_is_dammed),
		cmocka_unit_test(the_whole_format_fits),
		cmocka_unit_test(mistakes_in_the_format_are_told),
		cmocka_unit_test(every_key_is_described),
		cmocka_unit_test(examples_fit_what_they_are_examples_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
