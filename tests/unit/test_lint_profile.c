/* SPDX-License-Identifier: MIT */
/* Connector profiles: those we ship, and what a bad one is told. */
#include "lint_world.h"

#include "base/pattern.h"
#include "schema/schema.h"

static void all_that_are_shipped_load(void **state)
{
	static const char *const expected[] = {
		"github", "google", "hubspot", "microsoft", "notion", "slack",
	};
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(profiles_freep) struct profiles *profiles = profiles_load(diag);

	(void)state;
	assert_non_null(profiles);
	assert_int_equal(profiles_length(profiles), LENGTH(expected));
	for (size_t i = 0; i < LENGTH(expected); i++) {
		const struct profile *profile = profiles_at(profiles, i);
		CLEANUP(textp)
		char *name = xasprintf("connectors/%s.yaml", expected[i]);

		assert_non_null(schema_find(name));
		assert_string_equal(profile->connector, expected[i]);
		assert_ptr_equal(profiles_find(profiles, expected[i]), profile);
		assert_non_null(profile->title);
		assert_true(str_starts(profile->authorization_url, "https://"));
		assert_true(str_starts(profile->token_url, "https://"));
		assert_int_not_equal(profile->authentication,
		                     CLIENT_AUTHENTICATION_UNKNOWN);
		for (size_t j = 1; j < profile->scope_count; j++)
			assert_true(strcmp(profile->scopes[j - 1],
			                   profile->scopes[j]) < 0);
	}
	assert_null(profiles_find(profiles, "acme"));
	assert_ptr_equal(profiles_find(profiles, "google-drive"),
	                 profiles_find(profiles, "google"));
}

/* They are trusted where they are loaded, so here they are held to it. */
static void all_that_are_shipped_have_the_shape(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(profiles_freep) struct profiles *profiles = profiles_load(diag);

	(void)state;
	for (size_t i = 0; i < schema_file_count; i++) {
		const struct schema_file *file = &schema_files[i];

		if (str_starts(file->name, "connectors/"))
			assert_int_equal(profiles_add(profiles, file->name,
			                              file->bytes, file->length,
			                              diag),
			                 0);
	}
	assert_int_equal(diag_length(diag), 0);
}

static void facts_arrive_where_they_belong(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct profile *slack = profiles_find(world->profiles, "slack");
	const struct profile *microsoft =
		profiles_find(world->profiles, "microsoft");

	(void)state;
	assert_string_equal(slack->scope_separator, ",");
	assert_int_equal(slack->authentication, CLIENT_AUTHENTICATION_FORM);
	assert_int_equal(slack->https, HTTPS_ALWAYS);
	assert_int_equal(slack->redirect_limit, 1000);
	assert_int_equal(slack->scope_limit, 255);
	assert_non_null(strstr(slack->rotation, "refresh tokens"));
	assert_true(pattern_matches(slack->id_form, "1.2", 3));
	assert_int_equal(microsoft->redirect_length, 256);
	assert_string_equal(microsoft->redirect_forbidden, "!$'(),;");
	assert_string_equal(microsoft->scope_prefix,
	                    "https://graph.microsoft.com/");
	assert_int_equal(microsoft->secret_days, 732);
	assert_int_equal(profiles_find(world->profiles, "github")->app_limit,
	                 100);
	assert_int_equal(
		profiles_find(world->profiles, "notion")->authentication,
		CLIENT_AUTHENTICATION_BASIC);
	assert_int_equal(profiles_find(world->profiles, "hubspot")->addresses,
	                 ADDRESSES_NEVER);
}

static void a_later_profile_takes_the_place_of_one(void **state)
{
	static const char yaml[] =
		"profile: 1\nconnector: slack\ntitle: Our Slack\n"
		"sources: { own: { url: 'https://a.example', "
		"read: '2026-11-23' } }\n"
		"aliases: [{ items: [chat], source: own }]\n";
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	assert_int_equal(profiles_add(world->profiles, "own.yaml", yaml,
	                              strlen(yaml), world->diag),
	                 0);
	assert_string_equal(profiles_find(world->profiles, "slack")->title,
	                    "Our Slack");
	assert_string_equal(profiles_find(world->profiles, "chat")->title,
	                    "Our Slack");
}

/* ---- bad ones ---- */

#define HEAD                \
	"profile: 1\n"      \
	"connector: acme\n" \
	"title: Acme\n"     \
	"sources:\n"        \
	"  own: { url: 'https://acme.example', read: '2026-11-23' }\n"

static const struct {
	const char *yaml;
	unsigned code, line;
	const char *text;
} bad[] = {
	{ HEAD "endpoints:\n  token: { value: 'https://t.example', "
	       "source: doc }\n",
	  CODE_BAD_PROFILE, 7, "there is no source `doc`" },
	{ HEAD "rotation: { text: x, source: docs }\n", CODE_BAD_PROFILE, 6,
	  "there is no source `docs`" },
	{ HEAD "scopes:\n  known:\n"
	       "    - { source: own, items: [a, b] }\n"
	       "    - { source: own, items: [c, a] }\n",
	  CODE_BAD_PROFILE, 8, "the scope `a` is listed twice" },
	{ HEAD "credentials:\n  id: { value: '^[a$', source: own }\n",
	  CODE_BAD_PATTERN, 7, "" },
	{ HEAD "credentials:\n  id: { value: 'abc', source: own }\n",
	  CODE_BAD_VALUE, 7, "" },
	{ HEAD "scopes:\n  broad:\n"
	       "    - { pattern: '(', why: x, source: own }\n",
	  CODE_BAD_PATTERN, 8, "" },
	{ HEAD "limits:\n  apps: { value: 0, source: own }\n", CODE_BAD_VALUE,
	  7, "" },
	{ HEAD "limits:\n  apps: 3\n", CODE_WRONG_TYPE, 7, "" },
	{ HEAD "limits:\n  app: { value: 3, source: own }\n", CODE_UNKNOWN_KEY,
	  7, "did you mean `apps`" },
	{ HEAD "limits:\n  apps: { value: 3 }\n", CODE_MISSING_KEY, 7,
	  "source" },
	{ HEAD "endpoints:\n  token: { value: 'http://t.example', "
	       "source: own }\n",
	  CODE_BAD_VALUE, 7, "" },
	{ "connector: acme\ntitle: Acme\n", CODE_MISSING_KEY, 1, "profile" },
};

static void a_bad_one_is_refused_at_its_place(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		const struct diag_report *report;

		assert_int_equal(profiles_add(world->profiles, "acme.yaml",
		                              bad[i].yaml, strlen(bad[i].yaml),
		                              diag),
		                 -1);
		assert_true(diag_length(diag) > 0);
		report = diag_at(diag, 0);
		if (report->code != bad[i].code ||
		    report->place.line != bad[i].line ||
		    !strstr(report->text, bad[i].text))
			fail_msg("%zu: %u at line %u: %s", i, report->code,
			         report->place.line, report->text);
		assert_null(profiles_find(world->profiles, "acme"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_are_shipped_load),
		cmocka_unit_test(all_that_are_shipped_have_the_shape),
		cmocka_unit_test(facts_arrive_where_they_belong),
		cmocka_unit_test(a_later_profile_takes_the_place_of_one),
		cmocka_unit_test(a_bad_one_is_refused_at_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
