/* SPDX-License-Identifier: MIT */
/* Bindings of platforms that are worked by hand. */
#include "platform/platform.h"
#include "schema/codes.h"
#include "state/state.h"
#include "unit.h"

#include "base/text.h"

#include <string.h>

static const char full[] =
	"platform: full\n"
	"url: https://api.example.com\n"
	"headers: { X-Key: \"{secret.apiKey}\" }\n"
	"immutable: [connector]\n"
	"manual:\n"
	"  id: { pattern: \"^ac_[a-z]+$\", words: ac_ and letters }\n"
	"  fields: [connector, name, ownership, client.id, scopes]\n"
	"  given: [redirectUri]\n"
	"  secrets: [client.secret]\n"
	"  create:\n"
	"    - say: \"{environment}/{key} {id}: {connector}, {scopes}, "
	"{redirectUri}\"\n"
	"    - when: { ownership: own }\n"
	"      say: own {client.id} by {client.secret}\n"
	"    - when: { ownership: managed }\n"
	"      say: managed\n"
	"    - when: { lacks: scopes }\n"
	"      say: no scopes\n"
	"  update:\n"
	"    - when: { changes: name }\n"
	"      say: \"{before name} to {name}\"\n"
	"    - when: { adds: scopes }\n"
	"      say: add {added scopes}\n"
	"    - when: { removes: scopes }\n"
	"      say: remove {removed scopes}\n"
	"    - when: { changes: client.secret, declares: client.secret }\n"
	"      say: secret {client.secret}\n"
	"  replace: [ { say: \"keep {id}\" } ]\n"
	"  delete: [ { say: \"delete {id}, {before connector}\" } ]\n"
	"calls:\n"
	"  metadata:\n"
	"    path: \"/c/{id}/m\"\n"
	"    query: { v: one }\n"
	"    items: /i\n"
	"    type: /t\n"
	"    required: /r\n"
	"  connect:\n"
	"    path: \"/c/{id}\"\n"
	"    user: /u\n"
	"    authConfig: /a\n"
	"    url: /url\n";

static struct binding *parse(const char *text, struct diag *diag)
{
	return binding_parse("full.yaml", text, strlen(text), diag);
}

/* ---- good ones ---- */

static void alloy_is_worked_by_hand(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep)
	struct binding *binding = binding_load("alloy", PLACE_NONE, diag);

	(void)state;
	assert_non_null(binding);
	assert_true(binding_is_manual(binding));
	assert_true(binding_is_verified(binding));
	for (unsigned call = 0; call < AROUND_CALLS; call++)
		assert_true(binding_has_call(binding, (enum around_call)call));
	assert_null(binding_id_problem(binding, "67a37f29e0aa276e50d7253a"));
}

static void ids_are_held_against_the_form(void **state)
{
	static const char *const bad[] = {
		"67a37f29e0aa276e50d7253",    "67a37f29e0aa276e50d7253aa",
		"67A37F29e0aa276e50d7253a",   "67a37f29e0aa276e50d7253g",
		"67a37f29e0aa276e50d7253a\n", ""
	};
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep)
	struct binding *binding = binding_load("alloy", PLACE_NONE, diag);

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_non_null(binding_id_problem(binding, bad[i]));
}

static void traits_follow_from_the_lists(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep) struct binding *binding = parse(full, diag);
	const struct traits *traits = binding_traits(binding);

	(void)state;
	assert_int_equal(traits->abilities,
	                 CAN_CREATE | CAN_UPDATE | CAN_DELETE);
	assert_int_equal(traits->field_count, 6);
	for (size_t i = 1; i < traits->field_count; i++)
		assert_true(strcmp(traits->fields[i - 1].name,
		                   traits->fields[i].name) < 0);
	assert_int_equal(traits_field(traits, "redirectUri")->mode,
	                 MODE_ASSERT);
	assert_int_equal(traits_field(traits, "connector")->flags,
	                 FIELD_IMMUTABLE | FIELD_EMPTY_NONE);
	assert_int_equal(traits_field(traits, "name")->mode, MODE_SETTABLE);
	assert_int_equal(traits_secret(traits, "client.secret")->readback,
	                 READBACK_NEVER);
	assert_false(binding_has_call(binding, AROUND_CONNECTORS));
	assert_true(binding_has_call(binding, AROUND_NEEDS));
}

/* ---- live ---- */

static void live_is_what_was_recorded(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep) struct binding *binding = parse(full, diag);
	CLEANUP(state_freep) struct state *rows = state_new(STATE_BY_KEY);
	CLEANUP(state_freep) struct state *live = NULL;
	const struct auth_config *config;
	const char *twin = NULL;
	char *none = NULL;

	(void)state;
	state_begin(rows, "crm", PLACE_NONE);
	state_open(rows)->id = state_text(rows, "ac_new");
	state_field(rows, "name", state_value_text(rows, "sent"), PLACE_NONE);
	state_seen(rows, "name", state_value_text(rows, "seen"));
	state_seen(rows, "enabled", state_value_boolean(true));
	state_retired(rows, "ac_old");
	state_end(rows);
	assert_int_equal(state_finish(rows, &twin), 0);

	live = binding_recorded(binding, rows, &none);

	assert_int_equal(state_length(live), 2);
	assert_non_null(state_find(live, "ac_old"));
	config = state_find(live, "ac_new");
	assert_string_equal(auth_config_text(config, "name"), "seen");
	assert_int_equal(auth_config_value(config, "redirectUri").kind,
	                 VALUE_UNREADABLE);
	/* Of an older binding, perhaps. */
	assert_int_equal(auth_config_value(config, "enabled").kind,
	                 VALUE_ABSENT);
	assert_int_equal(config->connections, -1);
}

static void an_id_in_two_rows_is_told(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep) struct binding *binding = parse(full, diag);
	CLEANUP(state_freep) struct state *rows = state_new(STATE_BY_KEY);
	CLEANUP(textp) char *found = NULL;
	const char *twin = NULL;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		state_begin(rows, i ? "a" : "b", PLACE_NONE);
		state_open(rows)->id = state_text(rows, "ac_one");
		state_end(rows);
	}
	assert_int_equal(state_finish(rows, &twin), 0);
	assert_null(binding_recorded(binding, rows, &found));
	assert_string_equal(found, "ac_one");
}

/* ---- steps ---- */

static struct value text(const char *bytes)
{
	return (struct value){ bytes, (uint32_t)strlen(bytes), VALUE_TEXT };
}

/* Items each with a NUL behind it; the last one's is the text's own. */
#define SET(bytes) ((struct value){ bytes, sizeof(bytes), VALUE_SET })

static void expect_steps(const struct binding *binding,
                         const struct manual_change *change, const char *wanted)
{
	CLEANUP(textp) char *all = xstrdup("");
	struct manual_steps steps;

	binding_steps(binding, change, &steps);
	for (size_t i = 0; i < steps.count; i++) {
		char *longer = xasprintf("%s%s\n", all, steps.items[i]);

		free(all);
		all = longer;
	}
	manual_steps_release(&steps);
	assert_string_equal(all, wanted);
}

static void a_create_says_what_is_declared(void **state)
{
	const struct manual_part parts[] = {
		{ .name = "connector",
		  .after = text("slack"),
		  .written = true },
		{ .name = "ownership", .after = text("own"), .written = true },
		{ .name = "client.id", .after = text("1.2"), .written = true },
		{ .name = "scopes", .after = SET("a\0b"), .written = true },
		{ .name = "client.secret", .source = "env:X", .written = true },
	};
	const struct manual_change change = {
		MANUAL_TO_CREATE, "crm", "prod", NULL, parts, LENGTH(parts),
	};
	const struct manual_change replace = {
		MANUAL_TO_REPLACE, "crm", "prod", "ac_old", parts, 2,
	};
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep) struct binding *binding = parse(full, diag);

	(void)state;
	expect_steps(binding, &change,
	             "prod/crm ID: slack, a, b, none\n"
	             "own 1.2 by the variable X\n");
	expect_steps(binding, &replace,
	             "prod/crm ac_old: slack, none, none\n"
	             "own none by none\n"
	             "no scopes\n"
	             "keep ac_old\n");
}

static void an_update_says_only_what_changes(void **state)
{
	const struct manual_part parts[] = {
		{ .name = "name",
		  .before = text("Old"),
		  .after = text("New"),
		  .written = true },
		{ .name = "scopes",
		  .before = SET("a\0b"),
		  .after = SET("b\0c"),
		  .written = true },
		{ .name = "client.secret", .source = "file:k/x" },
	};
	struct manual_change change = {
		MANUAL_TO_UPDATE, "crm", "prod", "ac_x", parts, LENGTH(parts),
	};
	const struct manual_part secret = {
		.name = "client.secret",
		.source = "file:k/x",
		.written = true,
	};
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep) struct binding *binding = parse(full, diag);

	(void)state;
	expect_steps(binding, &change, "Old to New\nadd c\nremove a\n");
	change.parts = &secret;
	change.part_count = 1;
	expect_steps(binding, &change, "secret the file k/x\n");
	change.part_count = 0;
	expect_steps(binding, &change, "");
}

/* ---- bad ones ---- */

struct bad {
	const char *from, *to;
	unsigned code, line, column;
	const char *words; /* a part of them */
};

static const struct bad bads[] = {
	{ "manual:", "manuel:", CODE_UNKNOWN_KEY, 5, 1, "`manual`" },
	{ "immutable: [connector]", "filled: [scopes]", CODE_BAD_BINDING, 4, 9,
	  "no meaning beside `manual`" },
	{ "immutable: [connector]",
	  "list: { path: /x, items: /i, page: { kind: none } }",
	  CODE_BAD_BINDING, 4, 7, "no meaning beside `manual`" },
	{ "immutable: [connector]", "immutable: [type]", CODE_BAD_BINDING, 4,
	  13, "not among `fields`" },
	{ "^ac_[a-z]+$", "^ac_[a-z", CODE_BAD_PATTERN, 6, 18, "" },
	{ "words: ac_ and letters", "word: x", CODE_UNKNOWN_KEY, 6, 33,
	  "`words`" },
	{ "[connector, name,", "[conector, name,", CODE_BAD_BINDING, 7, 12,
	  "`conector` is no field" },
	{ "[connector, name,", "[client.secret, name,", CODE_BAD_BINDING, 7, 12,
	  "is no field" },
	{ "[connector, name,", "[platformKey, name,", CODE_BAD_BINDING, 7, 12,
	  "is no field" },
	{ "[connector, name,", "[connector,", CODE_BAD_BINDING, 6, 3,
	  "lacks `name`" },
	{ "given: [redirectUri]", "given: [secrets.x]", CODE_BAD_BINDING, 8, 11,
	  "is no field" },
	{ "secrets: [client.secret]", "secrets: [name]", CODE_BAD_BINDING, 9,
	  13, "is no secret" },
	{ "own {client.id}", "own {client.ID}", CODE_BAD_BINDING, 13, 12,
	  "`{client.ID}` stands for nothing" },
	{ "own {client.id}", "own {client.id", CODE_BAD_BINDING, 13, 12,
	  "stands for nothing" },
	{ "by {client.secret}", "by {client.secret", CODE_BAD_BINDING, 13, 12,
	  "never closed" },
	{ "{before name}", "{before title}", CODE_BAD_BINDING, 20, 12,
	  "stands for nothing" },
	{ "lacks: scopes", "lacks: scope", CODE_BAD_BINDING, 16, 22,
	  "`scope` is not among" },
	{ "ownership: managed }", "ownership: theirs }", CODE_BAD_VALUE, 14, 26,
	  "managed" },
	{ "  replace: [ { say: \"keep {id}\" } ]\n", "", CODE_MISSING_KEY, 5, 1,
	  "replace" },
	{ "\"{secret.apiKey}\"", "key", CODE_BAD_BINDING, 3, 19,
	  "{secret.apiKey} stands 0 times" },
	{ "\"/c/{id}/m\"", "/c/m", CODE_BAD_BINDING, 31, 11,
	  "must hold {id} once" },
	{ "\"/c/{id}/m\"", "\"/c/{id}/{secret.apiKey}\"", CODE_BAD_BINDING, 31,
	  11, "goes into a header" },
	{ "\"/c/{id}/m\"", "\"/c/{id}/{parameter.x}\"", CODE_BAD_BINDING, 31,
	  11, "no place in `calls`" },
	{ "v: one", "v: \"{id}\"", CODE_BAD_BINDING, 32, 17, "remove {id}" },
	{ "authConfig: /a", "authConfig: /u/a", CODE_BAD_BINDING, 30, 3,
	  "stand in one place" },
	{ "    required: /r\n", "", CODE_MISSING_KEY, 30, 3, "required" },
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

static void bad_ones_are_refused_at_the_very_place(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(bads); i++) {
		const char *at = strstr(full, bads[i].from);
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(textp)
		char *edited = xasprintf("%.*s%s%s", (int)(at - full), full,
		                         bads[i].to, at + strlen(bads[i].from));
		CLEANUP(binding_freep)
		struct binding *binding = parse(edited, diag);
		CLEANUP(textp) char *shown = diag_text(diag);

		if (!binding && is_reported(diag, &bads[i]))
			continue;
		print_error("%zu: `%s` -> `%s`: %s\n%s", i, bads[i].from,
		            bads[i].to, binding ? "accepted" : "", shown);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* The first is what a binding without either is told. */
static void without_it_a_list_is_needed(void **state)
{
	static const char bare[] = "platform: bare\n"
				   "url: https://api.example.com\n"
				   "headers: { X-Key: \"{secret.apiKey}\" }\n";
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	assert_null(parse(bare, diag));
	assert_int_equal(diag_length(diag), 2);
	assert_int_equal(diag_at(diag, 0)->code, CODE_MISSING_KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alloy_is_worked_by_hand),
		cmocka_unit_test(ids_are_held_against_the_form),
		cmocka_unit_test(traits_follow_from_the_lists),
		cmocka_unit_test(live_is_what_was_recorded),
		cmocka_unit_test(an_id_in_two_rows_is_told),
		cmocka_unit_test(a_create_says_what_is_declared),
		cmocka_unit_test(an_update_says_only_what_changes),
		cmocka_unit_test(bad_ones_are_refused_at_the_very_place),
		cmocka_unit_test(without_it_a_list_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
