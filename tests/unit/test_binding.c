/* SPDX-License-Identifier: MIT */
/* Bindings: what is built in, what they derive, and how bad ones are refused.
 */
#include "platform/platform.h"
#include "schema/codes.h"
#include "state/state.h"
#include "unit.h"

#include "base/text.h"

#include <string.h>

/* With everything in it that a binding can say. */
static const char full[] =
	"platform: full\n"
	"url: https://api.example.com/v1\n"
	"headers:\n"
	"  X-Api-Key: \"{secret.apiKey}\"\n"
	"  X-Project: \"{parameter.project}\"\n"
	"parameters:\n"
	"  project: { description: The project., pattern: \"^p-[0-9]+$\" }\n"
	"errors: { message: [/error/message, /message] }\n"
	"list:\n"
	"  path: /{parameter.project}/configs\n"
	"  query: { show: all }\n"
	"  items: /data/items\n"
	"  thenGet: true\n"
	"  page:\n"
	"    kind: number\n"
	"    parameter: page\n"
	"    first: 0\n"
	"    limit: { parameter: size, size: 50 }\n"
	"    total: /data/total\n"
	"get: { path: \"/configs/{id}\", object: /data }\n"
	"create:\n"
	"  - when: { ownership: own }\n"
	"    path: /configs\n"
	"    ok: [201]\n"
	"    const: { /kind: custom }\n"
	"    id: /config/id\n"
	"    fields:\n"
	"      connector: /toolkit/slug\n"
	"      name: /name\n"
	"      type: { at: /scheme, map: { oauth2: OAUTH2, oauth1: OAUTH1 } }\n"
	"      client.id: /credentials/id\n"
	"      client.secret: /credentials/secret\n"
	"      secrets.hook: /credentials/hook\n"
	"      scopes: { at: /credentials/scopes, codec: csv }\n"
	"      scopeSets.user: /credentials/user\n"
	"      enabled: { at: /status, map: { true: \"ON\", false: \"OFF\" } "
	"}\n"
	"      extra.color: /color\n"
	"  - when: { ownership: managed }\n"
	"    path: /configs/managed\n"
	"    id: /config/id\n"
	"    fields: { connector: /toolkit, name: /name }\n"
	"update:\n"
	"  semantics: merge\n"
	"  groups: [[client.id, client.secret, scopes]]\n"
	"  variants:\n"
	"    - method: PATCH\n"
	"      path: \"/configs/{id}\"\n"
	"      fields:\n"
	"        name: /name\n"
	"        client.id: /credentials/id\n"
	"        client.secret: /credentials/secret\n"
	"        secrets.hook: /credentials/hook\n"
	"        scopes: { at: /credentials/scopes, codec: csv }\n"
	"        scopeSets.user: /credentials/user\n"
	"        enabled: { at: /status, map: { true: \"ON\", false: \"OFF\" } "
	"}\n"
	"        extra.color: /color\n"
	"delete: { path: \"/configs/{id}\", success: /done, cascade: true }\n"
	"read:\n"
	"  id: /id\n"
	"  updatedAt: /updated\n"
	"  connections: /users\n"
	"  fields:\n"
	"    connector: /toolkit/slug\n"
	"    name: /name\n"
	"    type: { at: /scheme, map: { OAUTH2: oauth2, OAUTH1: oauth1 } }\n"
	"    ownership: { at: /managed, map: { true: managed, false: own } }\n"
	"    client.id: { at: /credentials/id, masked: [\"^REDACTED$\"] }\n"
	"    scopes: { at: /credentials/scopes, codec: array_or_csv, empty: "
	"none }\n"
	"    enabled: { at: /status, map: { ON: true, OFF: false } }\n"
	"    redirectUri: /redirect\n"
	"    extra.color: /color\n"
	"  secrets:\n"
	"    client.secret: { readback: hint, at: /hint, hintLength: 4 }\n"
	"    secrets.hook: { readback: masked, at: /hook, unset: null }\n"
	"immutable: [connector, type]\n"
	"filled: [scopes]\n"
	"uniqueNames: true\n";

static struct binding *parse(const char *text, struct diag *diag)
{
	return binding_parse("full.yaml", text, strlen(text), diag);
}

static char *edited(const char *from, const char *to)
{
	const char *at = strstr(full, from);

	assert_non_null(at);
	return xasprintf("%.*s%s%s", (int)(at - full), full, to,
	                 at + strlen(from));
}

/* ---- good ones ---- */

static void the_built_in_binding_loads(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep)
	struct binding *binding =
		binding_load("alloy-assumed", PLACE_NONE, diag);
	const struct traits *traits;

	(void)state;
	assert_non_null(binding);
	assert_int_equal(diag_length(diag), 0);
	assert_string_equal(binding_name(binding), "alloy-assumed");
	assert_string_equal(binding_url(binding),
	                    "https://production.runalloy.com");
	assert_false(binding_is_verified(binding));
	assert_int_equal(strlen(binding_hash(binding)), 64);
	traits = binding_traits(binding);
	assert_int_equal(traits->semantics, UPDATE_REPLACE);
	assert_int_equal(traits->secret_omit, SECRET_OMIT_KEEP);
	assert_int_equal(traits->abilities, CAN_LIST | CAN_CREATE | CAN_UPDATE |
	                                            CAN_DELETE |
	                                            HAS_MUTABLE_OWNERSHIP);
	assert_int_equal(traits->field_count, 7);
	assert_int_equal(traits_field(traits, "redirectUri")->mode,
	                 MODE_ASSERT);
	assert_int_equal(traits_field(traits, "connector")->flags,
	                 FIELD_IMMUTABLE);
	assert_int_equal(traits_field(traits, "type")->flags, FIELD_IMMUTABLE);
	assert_int_equal(traits_field(traits, "scopes")->flags,
	                 FIELD_EMPTY_NONE);
	assert_int_equal(traits_field(traits, "scopes")->mode, MODE_SETTABLE);
	assert_null(traits_field(traits, "enabled"));
	assert_int_equal(traits_secret(traits, "client.secret")->readback,
	                 READBACK_NEVER);
}

static void traits_follow_from_what_is_mapped(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep) struct binding *binding = parse(full, diag);
	CLEANUP(textp) char *text = diag_text(diag);
	const struct traits *traits;

	(void)state;
	assert_string_equal(text, "");
	assert_true(binding_is_verified(binding));
	traits = binding_traits(binding);
	assert_int_equal(traits->semantics, UPDATE_MERGE);
	assert_int_equal(traits->secret_omit, SECRET_OMIT_KEEP);
	assert_int_equal(traits->abilities,
	                 CAN_LIST | CAN_CREATE | CAN_UPDATE | CAN_DELETE |
	                         HAS_UNIQUE_NAMES | HAS_CONNECTIONS |
	                         HAS_CASCADE);
	assert_int_equal(traits->field_count, 10);
	for (size_t i = 1; i < traits->field_count; i++)
		assert_true(strcmp(traits->fields[i - 1].name,
		                   traits->fields[i].name) < 0);
	/* It is what its variants say. */
	assert_int_equal(traits_field(traits, "ownership")->mode,
	                 MODE_SETTABLE);
	assert_int_equal(traits_field(traits, "scopes")->flags,
	                 FIELD_EMPTY_NONE | FIELD_FILLED);
	assert_int_equal(traits_field(traits, "scopes")->group, 1);
	assert_int_equal(traits_field(traits, "client.id")->group, 1);
	assert_int_equal(traits_field(traits, "name")->group, 0);
	assert_int_equal(traits_secret(traits, "client.secret")->group, 1);
	assert_int_equal(traits_secret(traits, "client.secret")->hint_length,
	                 4);
	assert_int_equal(traits_secret(traits, "secrets.hook")->readback,
	                 READBACK_MASKED);
}

static void a_hash_is_of_the_bytes(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp) char *other = edited("show: all", "show: most");
	CLEANUP(binding_freep) struct binding *a = parse(full, diag);
	CLEANUP(binding_freep) struct binding *b = parse(full, diag);
	CLEANUP(binding_freep) struct binding *c = parse(other, diag);

	(void)state;
	assert_string_equal(binding_hash(a), binding_hash(b));
	assert_string_not_equal(binding_hash(a), binding_hash(c));
}

static void the_client_may_choose_the_key(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp)
	char *once = edited("      connector: /toolkit/slug\n",
	                    "      connector: /toolkit/slug\n"
	                    "      platformKey: /key\n");
	CLEANUP(textp) char *twice = NULL;
	CLEANUP(binding_freep) struct binding *binding = NULL;
	char *at = strstr(once, "  id: /id\n");

	(void)state;
	twice = xasprintf("%.*s  platformKey: /key\n%s", (int)(at - once), once,
	                  at);
	binding = parse(twice, diag);
	assert_non_null(binding);
	assert_true(binding_traits(binding)->abilities & HAS_NATURAL_KEY);
	assert_null(traits_field(binding_traits(binding), "platformKey"));
}

/* ---- bad ones ---- */

static void unknown_names_are_refused_with_a_suggestion(void **state)
{
	const struct place place = { "prod.yaml", 4, 12 };
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	assert_null(binding_load("aloy-assumed", place, diag));
	assert_null(binding_load("nothing", place, diag));
	assert_null(binding_load("../platforms/alloy-assumed", place, diag));
	assert_int_equal(diag_length(diag), 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(diag_at(diag, i)->code, CODE_UNKNOWN_BINDING);
		assert_int_equal(diag_at(diag, i)->place.line, 4);
	}
	assert_string_equal(diag_at(diag, 0)->text,
	                    "there is no binding `aloy-assumed`; did you mean "
	                    "`alloy-assumed`?");
	assert_non_null(
		strstr(diag_at(diag, 1)->text, "there are: alloy-assumed"));
}

struct bad {
	const char *from, *to;
	unsigned code, line, column;
	const char *words; /* a part of them */
};

static const struct bad bads[] = {
	{ "platform: full\n", "platform: Full\n", CODE_BAD_VALUE, 1, 11,
	  "lower-case letters" },
	{ "url: https:", "url: http:", CODE_BAD_VALUE, 2, 6, "https://" },
	{ "url: https://api.example.com/v1", "url: https://u@api.example.com",
	  CODE_BAD_BINDING, 2, 6, "is no URL of a host" },
	{ "\"{secret.apiKey}\"", "key", CODE_BAD_BINDING, 4, 14,
	  "{secret.apiKey} stands 0 times" },
	{ "\"{parameter.project}\"", "\"{secret.apiKey}\"", CODE_BAD_BINDING, 4,
	  14, "{secret.apiKey} stands 2 times" },
	{ "\"{parameter.project}\"", "\"{id}\"", CODE_BAD_BINDING, 5, 14,
	  "neither {id} nor {value}" },
	{ "\"{parameter.project}\"", "\"{client.secret}\"", CODE_BAD_BINDING, 5,
	  14, "`{client.secret}` stands for nothing" },
	{ "\"{parameter.project}\"", "\"{parameter.project\"", CODE_BAD_BINDING,
	  5, 14, "do not match" },
	{ "\"{parameter.project}\"", "\"}x\"", CODE_BAD_BINDING, 5, 14,
	  "do not match" },
	{ "\"{parameter.project}\"", "\"{parameter.team}\"", CODE_BAD_BINDING,
	  5, 14, "`team` is not among the `parameters`" },
	{ "X-Project", "Host", CODE_BAD_BINDING, 5, 9, "set by trueup itself" },
	{ "X-Project", "content-TYPE", CODE_BAD_BINDING, 5, 17,
	  "set by trueup itself" },
	{ "^p-[0-9]+$", "^p-[0-9", CODE_BAD_PATTERN, 7, 50, "" },
	{ "/{parameter.project}/configs", "/{id}/configs", CODE_BAD_BINDING, 10,
	  9, "remove {id}" },
	{ "/{parameter.project}/configs", "/{secret.apiKey}/configs",
	  CODE_BAD_BINDING, 10, 9, "not into the path" },
	{ "/{parameter.project}/configs", "/configs?a=b", CODE_BAD_VALUE, 10, 9,
	  "segments after slashes" },
	{ "show: all", "show: \"{secret.apiKey}\"", CODE_BAD_BINDING, 11, 18,
	  "a query holds neither" },
	{ "items: /data/items", "items: data", CODE_BAD_VALUE, 12, 10,
	  "JSON Pointer" },
	{ "kind: number", "kind: nummer", CODE_BAD_VALUE, 15, 11, "number" },
	{ "kind: number", "kind: none", CODE_BAD_BINDING, 15, 5,
	  "takes no `parameter`" },
	{ "    parameter: page\n", "", CODE_BAD_BINDING, 15, 5,
	  "needs a `parameter`" },
	{ "kind: number", "kind: cursor", CODE_BAD_BINDING, 15, 5,
	  "needs a `next`" },
	{ "first: 0", "next: /next", CODE_BAD_BINDING, 15, 5,
	  "takes no `next`" },
	{ "kind: number", "kind: last_id", CODE_BAD_BINDING, 15, 5,
	  "takes no `first`" },
	{ "get: { path: \"/configs/{id}\", object: /data }\n", "",
	  CODE_BAD_BINDING, 10, 3, "`thenGet` needs `get`" },
	{ "get: { path: \"/configs/{id}\"", "get: { path: \"/configs\"",
	  CODE_BAD_BINDING, 20, 14, "must hold {id} once" },
	{ "ok: [201]", "ok: [404]", CODE_BAD_VALUE, 24, 10, "299" },
	{ "/kind: custom", "/name/first: custom", CODE_BAD_BINDING, 25, 14,
	  "are written to one place" },
	{ "      name: /name\n      type", "      name: /toolkit\n      type",
	  CODE_BAD_BINDING, 29, 7, "are written to one place" },
	{ "      connector: /toolkit/slug\n      name",
	  "      conector: /toolkit/slug\n      name", CODE_BAD_BINDING, 28, 7,
	  "did you mean `connector`?" },
	{ "oauth1: OAUTH1", "oauth1: OAUTH2", CODE_BAD_BINDING, 30, 7,
	  "takes for `oauth2`" },
	{ "map: { true: \"ON\", false", "map: { on: \"ON\", false",
	  CODE_BAD_BINDING, 36, 7, "no word for `enabled`" },
	{ "secrets.hook: /credentials/hook\n      scopes",
	  "secrets.clientSecret: /credentials/hook\n      scopes",
	  CODE_BAD_BINDING, 33, 7, "did you mean `client.secret`?" },
	{ "client.id: /credentials/id\n      client.secret",
	  "client.id: { at: /credentials/id, codec: csv }\n      client.secret",
	  CODE_BAD_BINDING, 31, 48, "`client.id` is no set" },
	{ "extra.color: /color\n  - when: { ownership: managed }",
	  "extra.color: /color\n  - when: { ownership: own }", CODE_BAD_BINDING,
	  38, 5, "an earlier variant" },
	{ "  - when: { ownership: own }\n    path", "  - path",
	  CODE_BAD_BINDING, 37, 5, "an earlier variant" },
	{ "merge\n", "merge\n  secretOmit: keep\n", CODE_BAD_BINDING, 47, 7,
	  "remove `secretOmit`" },
	{ "[[client.id,", "[[connector,", CODE_BAD_BINDING, 44, 13,
	  "never updated" },
	{ "[[client.id, client.secret, scopes]]",
	  "[[client.id, scopes], [name, scopes]]", CODE_BAD_BINDING, 44, 24,
	  "in several groups" },
	{ "        name: /name\n", "        connector: /toolkit/slug\n",
	  CODE_BAD_BINDING, 29, 7, "is created and never updated" },
	{ "        name: /name\n",
	  "        name: /name\n        redirectUri: /redirect\n",
	  CODE_BAD_BINDING, 50, 9, "is updated and never created" },
	{ "        name: /name\n",
	  "        name: /name\n        platformKey: /key\n", CODE_BAD_BINDING,
	  50, 9, "`platformKey` cannot be updated" },
	{ "    name: /name\n    type: { at: /scheme, map: { OAUTH2",
	  "    type: { at: /scheme, map: { OAUTH2", CODE_BAD_BINDING, 59, 3,
	  "`name` is not read" },
	{ "    redirectUri: /redirect\n", "    client.secret: /secret\n",
	  CODE_BAD_BINDING, 70, 5, "is a secret" },
	{ "\"^REDACTED$\"", "\"(\"", CODE_BAD_PATTERN, 67, 48, "" },
	{ "false: own }", "false: ours }", CODE_BAD_BINDING, 66, 5,
	  "no word for `ownership`" },
	{ "{ readback: hint, at: /hint, hintLength: 4 }",
	  "{ readback: hint, at: /hint }", CODE_BAD_BINDING, 73, 5,
	  "a hint has a place and a length" },
	{ "{ readback: hint, at: /hint, hintLength: 4 }",
	  "{ readback: never, at: /hint }", CODE_BAD_BINDING, 73, 5,
	  "nothing comes back" },
	{ "    secrets.hook: { readback: masked, at: /hook, unset: null }\n",
	  "", CODE_BAD_BINDING, 33, 7, "write `readback: never`" },
	{ "    secrets.hook: {", "    secrets.other: {", CODE_BAD_BINDING, 74,
	  5, "`secrets.other` is never written" },
	{ "immutable: [connector, type]", "immutable: [connector, type, kind]",
	  CODE_BAD_BINDING, 75, 30, "`kind` is not created" },
	{ "filled: [scopes]", "filled: [name]", CODE_BAD_BINDING, 76, 10,
	  "`name` is no set" },
	{ "uniqueNames", "uniqeNames", CODE_UNKNOWN_KEY, 77, 1,
	  "did you mean `uniqueNames`?" },
	{ "uniqueNames: true\n", "uniqueNames: true\nuniqueNames: true\n",
	  CODE_DUPLICATE_KEY, 78, 1, "" },
};

static bool is_reported(const struct diag *diag, const struct bad *bad)
{
	for (size_t i = 0; i < diag_length(diag); i++) {
		const struct diag_report *report = diag_at(diag, i);

		if (report->code == bad->code &&
		    report->place.line == bad->line &&
		    report->place.column == bad->column &&
		    strstr(report->text, bad->words) &&
		    str_equal(report->place.file, "full.yaml"))
			return true;
	}
	return false;
}

static void bad_bindings_are_refused_at_the_very_place(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(bads); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(textp) char *text = edited(bads[i].from, bads[i].to);
		CLEANUP(binding_freep)
		struct binding *binding = parse(text, diag);

		if (!binding && is_reported(diag, &bads[i]))
			continue;

		CLEANUP(textp) char *shown = diag_text(diag);

		print_error("%zu: `%s` -> `%s`: %s\n%s", i, bads[i].from,
		            bads[i].to, binding ? "accepted" : "", shown);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void several_mistakes_come_in_one_run(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp)
	char *text = edited("filled: [scopes]", "filled: [name]");
	char *header = strstr(text, "X-Project");

	(void)state;
	memcpy(header, "Expect   ", strlen("X-Project"));
	assert_null(parse(text, diag));
	assert_int_equal(diag_length(diag), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_binding_loads),
		cmocka_unit_test(traits_follow_from_what_is_mapped),
		cmocka_unit_test(a_hash_is_of_the_bytes),
		cmocka_unit_test(the_client_may_choose_the_key),
		cmocka_unit_test(unknown_names_are_refused_with_a_suggestion),
		cmocka_unit_test(bad_bindings_are_refused_at_the_very_place),
		cmocka_unit_test(several_mistakes_come_in_one_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
