/* SPDX-License-Identifier: MIT */
/* Bindings: calls of their own, presence, patterns, functions, errors; and how
 * they contradict themselves. */
#include "calls_binding.h"
#include "platform/platform.h"
#include "schema/codes.h"
#include "state/state.h"

static struct binding *parse(const char *text, struct diag *diag)
{
	return binding_parse("calls.yaml", text, strlen(text), diag);
}

static void traits_tell_of_calls_and_forms(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep)
	struct binding *binding = parse(calls_binding, diag);
	CLEANUP(textp) char *text = diag_text(diag);
	const struct traits *traits;

	(void)state;
	assert_string_equal(text, "");
	traits = binding_traits(binding);
	assert_int_equal(traits->abilities, CAN_LIST | CAN_CREATE | CAN_UPDATE |
	                                            CAN_DELETE |
	                                            HAS_CONNECTIONS);
	assert_int_equal(traits->settle_ms, 250);
	assert_int_equal(traits_field(traits, "enabled")->mode, MODE_SETTABLE);
	assert_int_equal(traits_field(traits, "enabled")->flags, FIELD_APART);
	assert_int_equal(traits_field(traits, "ownership")->mode,
	                 MODE_SETTABLE);
	assert_int_equal(traits_field(traits, "ownership")->flags,
	                 FIELD_IMMUTABLE);
	assert_int_equal(traits->form_count, 2);
	assert_string_equal(traits_form(traits, "scopes")->expression,
	                    "^[a-z:]+$");
	assert_null(traits_form(traits, "name"));
}

struct bad {
	const char *from, *to;
	unsigned code, line, column;
	const char *words;
};

static const struct bad bads[] = {
	/* headers */
	{ "{base64(secret.apiKey + ':')}", "{base64(secret.apiKey + ':)}",
	  CODE_BAD_BINDING, 4, 18, "stands for nothing" },
	{ "{base64(secret.apiKey + ':')}", "{base64(secret.apiKey, ':')}",
	  CODE_BAD_BINDING, 4, 18, "stands for nothing" },
	{ "{base64(secret.apiKey + ':')}", "{base64()}", CODE_BAD_BINDING, 4,
	  18, "stands for nothing" },
	{ "{base64(secret.apiKey + ':')}",
	  "{base64(secret.apiKey)}{base64(secret.apiKey)}", CODE_BAD_BINDING, 4,
	  18, "stands 2 times" },
	{ "{base64(secret.apiKey + ':')}", "{base64('a')}", CODE_BAD_BINDING, 4,
	  18, "stands 0 times" },
	{ "{base64(secret.apiKey + ':')}", "{base64(client.secret)}",
	  CODE_BAD_BINDING, 4, 18, "stands for nothing" },
	{ "{base64(secret.apiKey + ':')}", "{secret.apiKey}{value}",
	  CODE_BAD_BINDING, 4, 18, "neither {id} nor {value}" },
	/* errors */
	{ "code: [/c], gone", "gone", CODE_BAD_BINDING, 7, 3,
	  "add `code` to `errors`" },
	{ "gone: [607]", "gone: [6.7]", CODE_NEEDS_QUOTES, 5, 45, "" },
	{ "errors: { message: [/e], code: [/k] }", "errors: { code: [/k] }",
	  CODE_MISSING_KEY, 21, 5, "message" },
	/* pages */
	{ "    total: /t\n", "", CODE_BAD_BINDING, 10, 5, "needs a `total`" },
	{ "kind: cursor\n    parameter: cursor\n    next: /next\n",
	  "kind: number\n    parameter: cursor\n", CODE_BAD_BINDING, 10, 5,
	  "takes no `fallback`" },
	/* patterns */
	{ "pattern: \"^[a-z]+$\"", "pattern: \"[\"", CODE_BAD_PATTERN, 23, 37,
	  "" },
	{ "client.secret: /cs\n", "client.secret: { at: /cs, pattern: a }\n",
	  CODE_BAD_BINDING, 26, 42, "neither text nor set" },
	/* setEnabled */
	{ "/x/{id}/{value}", "/x/{id}", CODE_BAD_BINDING, 44, 9,
	  "must hold {value} once" },
	{ "/x/{id}/{value}", "/x/{value}", CODE_BAD_BINDING, 44, 9,
	  "must hold {id} once" },
	{ "get: { path: \"/x/{id}\"", "get: { path: \"/x/{id}/{value}\"",
	  CODE_BAD_BINDING, 16, 14, "is for `setEnabled`" },
	{ "{ true: \"ON\", false: \"OFF\" }", "{ true: \"ON\" }",
	  CODE_MISSING_KEY, 45, 3, "false" },
	{ "{ true: \"ON\", false: \"OFF\" }",
	  "{ true: \"O/N\", false: \"OFF\" }", CODE_BAD_VALUE, 45, 16,
	  "letters, digits" },
	{ "{ true: \"ON\", false: \"OFF\" }",
	  "{ true: \"OFF\", false: \"ON\" }", CODE_BAD_BINDING, 44, 3,
	  "make the two maps fit" },
	{ "{ true: \"ON\", false: \"OFF\" }", "{ true: \"X\", false: \"X\" }",
	  CODE_BAD_BINDING, 44, 3, "are one word" },
	{ "    fields: { connector: /c, name: /n }",
	  "    fields: { connector: /c, name: /n, enabled: /e }",
	  CODE_BAD_BINDING, 31, 40, "a call of its own" },
	{ "    enabled: { at: /status, map: { ON: true, OFF: false } }\n", "",
	  CODE_BAD_BINDING, 44, 3, "set and not read" },
	/* connections */
	{ "  match: /config\n", "", CODE_BAD_BINDING, 49, 3,
	  "whose connections" },
	{ "  page: { kind: none }\n",
	  "  page: { kind: last_id, parameter: after }\n", CODE_BAD_BINDING, 53,
	  9, "not paged so" },
	{ "  page: { kind: none }\n", "  page: { kind: offset }\n",
	  CODE_BAD_BINDING, 53, 9, "needs a `parameter`" },
	{ "  id: /id\n  present", "  id: /id\n  connections: /u\n  present",
	  CODE_BAD_BINDING, 49, 3, "remove one of the two" },
	{ "path: /users", "path: \"/users/{value}\"", CODE_BAD_BINDING, 49, 9,
	  "is for `setEnabled`" },
	{ "path: /users", "path: /users\n  query: { k: \"{secret.apiKey}\" }",
	  CODE_BAD_BINDING, 50, 15, "neither key" },
	{ "settleMs: 250", "settleMs: 60001", CODE_BAD_VALUE, 54, 11, "60000" },
	/* reads */
	{ "present: { at: /cr, permission: \"configs:read_all\" }",
	  "present: { at: /cr }", CODE_MISSING_KEY, 57, 3, "permission" },
	{ "empty: managed, filled: own", "empty: managed", CODE_BAD_BINDING, 61,
	  16, "needs both" },
	{ "empty: managed, filled: own", "filled: theirs", CODE_BAD_VALUE, 61,
	  38, "" },
	{ "client.id: { at: /cr/id, masked",
	  "client.id: { at: /cr/id, filled: own, empty: managed, masked",
	  CODE_BAD_BINDING, 62, 16, "is for `ownership`" },
	{ "enabled: { at: /status, map: { ON: true, OFF: false } }",
	  "enabled: { at: /status, masked: [x] }", CODE_BAD_BINDING, 68, 37,
	  "neither text nor set" },
	{ "immutable: [connector, ownership]", "immutable: [type]",
	  CODE_BAD_BINDING, 70, 13, "`type` is not created" },
};

static bool is_reported(const struct diag *diag, const struct bad *bad)
{
	for (size_t i = 0; i < diag_length(diag); i++) {
		const struct diag_report *report = diag_at(diag, i);

		if (report->code == bad->code &&
		    report->place.line == bad->line &&
		    report->place.column == bad->column &&
		    strstr(report->text, bad->words))
			return true;
	}
	return false;
}

static void contradictions_are_refused_at_the_very_place(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(bads); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(textp)
		char *text = calls_edited(bads[i].from, bads[i].to);
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

/* What is not wrong, though it is near to it. */
static void neighbours_are_accepted(void **state)
{
	static const char *const edits[][2] = {
		{ "  match: /config\n", "  query: { of: \"{id}\" }\n" },
		{ "path: /users", "path: \"/users/{id}\"" },
		{ "  initial: true\n", "" },
		{ "  present: { at: /cr, permission: \"configs:read_all\" }\n",
		  "" },
		{ "kind: cursor\n", "kind: cursor\n    first: 0\n" },
		{ "{base64(secret.apiKey + ':')}",
		  "{base64('a' + secret.apiKey)}" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(edits); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(textp)
		char *text = calls_edited(edits[i][0], edits[i][1]);
		CLEANUP(binding_freep)
		struct binding *binding = parse(text, diag);
		CLEANUP(textp) char *shown = diag_text(diag);

		assert_string_equal(shown, "");
		assert_non_null(binding);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traits_tell_of_calls_and_forms),
		cmocka_unit_test(contradictions_are_refused_at_the_very_place),
		cmocka_unit_test(neighbours_are_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
