/* SPDX-License-Identifier: MIT */
/* Redirect URIs: what each looks like, loopback and what is none, near misses
 * of one another and of live objects. */
#include "lint_world.h"

/* Runs one URI in the environment; the findings' ids with a space each. */
static char *judge(struct world *world, const char *environment,
                   const char *connector, const char *uri)
{
	CLEANUP(textp)
	char *yaml = xasprintf("%s: { connector: %s, redirectUri: '%s' }",
	                       environment, connector, uri);

	world_read(world, yaml);
	world_run(world);
	return found_rules(world);
}

static void each_uri_breaks_what_it_breaks(void **state)
{
	static const struct {
		const char *uri, *rules;
	} rows[] = {
		{ "https://a.example.com/cb", "" },
		{ "https://a.example.com", "" },
		{ "https://a.example.com/", "" },
		{ "https://a.example.com:8443/cb?tenant=7", "" },
		{ "https://a.example.com/a%20b", "" },
		{ "https://xn--bcher-kva.example.com/cb", "" },
		{ "https://[2001:db8::1]/cb", "" },
		{ "com.example.app:/cb", "" },
		{ "", "redirect-syntax " },
		{ "/cb", "redirect-syntax " },
		{ "a.example.com/cb", "redirect-syntax " },
		{ "https:///cb", "redirect-syntax " },
		{ "https:/cb", "redirect-syntax " },
		{ "https://a..example.com/cb", "redirect-syntax " },
		{ "https://[::1/cb", "redirect-syntax " },
		{ "https://a.example.com:/cb", "redirect-syntax " },
		{ "https://a.example.com:0/cb", "redirect-syntax " },
		{ "https://a.example.com:65536/cb", "redirect-syntax " },
		{ "https://a.example.com:8o/cb", "redirect-syntax " },
		{ "https://a.example.com/c b", "redirect-syntax " },
		{ "https://a.example.com/cb ", "redirect-syntax " },
		{ "https://b\xc3\xbc"
		  "cher.example.com/",
		  "redirect-syntax " },
		{ "https://a.example.com/\xc3\xbc", "redirect-syntax " },
		{ "https://a.example.com/%7", "redirect-syntax " },
		{ "https://a.example.com/%zz", "redirect-syntax " },
		{ "https://a.example.com/<x>", "redirect-syntax " },
		{ "https://a.example.com/cb#", "redirect-fragment " },
		{ "https://a.example.com/#/cb", "redirect-fragment " },
		{ "https://u:p@a.example.com/cb", "redirect-userinfo " },
		{ "http://a.example.com/cb", "redirect-http " },
		{ "HTTP://a.example.com/cb", "redirect-http " },
		{ "https://*.example.com/cb", "redirect-wildcard " },
		{ "https://a.example.com/{tenant}/cb", "redirect-wildcard " },
		{ "https://a.example.com/x/../cb", "redirect-path " },
		{ "https://a.example.com/./cb", "redirect-path " },
		{ "https://a.example.com/x/..", "redirect-path " },
		{ "https://a.example.com/x/%2E%2e/cb", "redirect-path " },
		{ "https://a.example.com/x/.%2e", "redirect-path " },
		{ "https://a.example.com//cb", "redirect-path " },
		{ "https://a.example.com/cb//", "redirect-path " },
		{ "https://a.example.com\\cb", "redirect-path " },
		{ "https://a.example.com/..cb/...", "" },
		{ "javascript:alert(1)", "redirect-scheme " },
		{ "DATA:text/html,x", "redirect-scheme " },
		{ "vbscript:x", "redirect-scheme " },
		{ "myapp:/cb", "redirect-private-scheme " },
		{ "myapp://cb", "redirect-private-scheme " },
		{ "https://a.example.com/cb?code=1", "redirect-reserved " },
		{ "https://a.example.com/cb?a=1&state", "redirect-reserved " },
		{ "https://a.example.com/cb?State=1", "redirect-reserved " },
		{ "https://a.example.com/cb?response=1", "redirect-reserved " },
		{ "https://a.example.com/cb?coded=1&estate=2", "" },
		{ "https://a.example.com/${env:TRUEUP_VAR_X}", "" },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *found = judge(world, "eu", "example", rows[i].uri);

		if (!str_equal(found, rows[i].rules))
			fail_msg("`%s`: %s, not %s", rows[i].uri, found,
			         rows[i].rules);
	}
}

/* R7.4: which http is loopback, and where that is allowed. */
static void only_loopback_is_loopback_and_only_for_development(void **state)
{
	static const struct {
		const char *environment, *uri, *rules;
	} rows[] = {
		{ "dev", "http://127.0.0.1/cb", "" },
		{ "dev", "http://127.0.0.1:1/cb", "" },
		{ "dev", "http://127.0.0.1:65535/cb", "" },
		{ "dev", "http://[::1]/cb", "" },
		{ "dev", "http://[::1]:8080/cb", "" },
		{ "dev", "http://localhost:8080/cb", "redirect-localhost " },
		{ "dev", "https://localhost/cb", "redirect-localhost " },
		{ "dev", "http://127.0.0.2/cb", "redirect-http " },
		{ "dev", "http://127.1/cb", "redirect-http " },
		{ "dev", "http://0.0.0.0/cb", "redirect-http " },
		{ "dev", "http://[::]/cb", "redirect-http " },
		{ "dev", "http://[::ffff:127.0.0.1]/cb", "redirect-http " },
		{ "dev", "http://localhost.example.com/cb", "redirect-http " },
		{ "dev", "http://127.0.0.1.nip.io/cb", "redirect-http " },
		{ "dev", "http://notlocalhost/cb", "redirect-http " },
		{ "dev", "http://localhost@evil.test/cb",
		  "redirect-http redirect-userinfo " },
		{ "dev", "http://evil.test@x@127.0.0.1/cb",
		  "redirect-userinfo " },
		{ "eu", "http://127.0.0.1/cb", "redirect-http " },
		{ "eu", "http://[::1]/cb", "redirect-http " },
		{ "prod", "http://127.0.0.1/cb", "environment-dev-host " },
		{ "prod", "http://localhost/cb", "environment-dev-host " },
		{ "prod", "https://localhost/cb", "environment-dev-host " },
	};
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *found = judge(world, rows[i].environment, "example",
		                    rows[i].uri);

		if (!str_equal(found, rows[i].rules))
			fail_msg("%s `%s`: %s, not %s", rows[i].environment,
			         rows[i].uri, found, rows[i].rules);
	}
}

static void providers_add_rules_of_their_own(void **state)
{
	static const struct {
		const char *connector, *uri, *rules;
	} rows[] = {
		{ "google", "https://203.0.113.7/cb", "redirect-provider " },
		{ "google", "https://127.0.0.1/cb", "" },
		{ "google", "com.example.app:/cb", "redirect-provider " },
		{ "hubspot", "https://127.0.0.1/cb", "redirect-provider " },
		{ "hubspot", "http://localhost/cb", "" },
		{ "microsoft", "https://a.example.com/(cb)",
		  "redirect-provider " },
		{ "slack", "http://127.0.0.1/cb", "redirect-provider " },
		{ "github", "http://127.0.0.1/cb", "" },
	};
	CLEANUP(world_freep) struct world *world = world_new();
	CLEANUP(textp)
	char *at = xasprintf("https://a.example.com/%0*d", 256 - 22, 7);
	CLEANUP(textp) char *past = xasprintf("%s0", at);

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *found =
			judge(world, "dev", rows[i].connector, rows[i].uri);

		if (!str_equal(found, rows[i].rules))
			fail_msg("%s `%s`: %s, not %s", rows[i].connector,
			         rows[i].uri, found, rows[i].rules);
	}

	CLEANUP(textp) char *fits = judge(world, "dev", "microsoft", at);
	CLEANUP(textp) char *long_one = judge(world, "dev", "microsoft", past);

	assert_string_equal(fits, "");
	assert_string_equal(long_one, "redirect-provider ");
}

/* ---- near misses ---- */

/* R7.2. What differs is said; `NULL`: they are no twins. */
static const struct {
	const char *a, *b, *difference;
} pairs[] = {
	{ "https://a.example.com/cb", "https://a.example.com/cb/",
	  "only in a trailing slash;" },
	{ "https://a.example.com", "https://a.example.com/",
	  "only in a trailing slash;" },
	{ "https://a.example.com/cb", "HTTPS://a.example.com/cb",
	  "only in upper and lower case;" },
	{ "https://a.example.com/cb", "https://A.example.com/cb",
	  "only in upper and lower case;" },
	{ "https://a.example.com/cb", "https://a.example.com/CB",
	  "only in upper and lower case;" },
	{ "https://a.example.com/cb", "https://a.example.com:443/cb",
	  "only in the default port;" },
	{ "https://a.example.com/~u", "https://a.example.com/%7Eu",
	  "only in percent-encoding;" },
	{ "https://a.example.com/%7eu", "https://a.example.com/%7Eu",
	  "only in " },
	{ "https://a.example.com/cb", "http://a.example.com/cb",
	  "only in http and https;" },
	{ "https://a.example.com:443/cb", "http://a.example.com/CB/",
	  "only in a trailing slash and in upper and lower case and in the "
	  "default port and in http and https;" },
	{ "https://a.example.com/cb", "http://a.example.com:80/cb",
	  "only in the default port and in http and https;" },
	{ "https://a.example.com/cb?x=%41", "https://a.example.com/cb?x=A",
	  "only in percent-encoding;" },
	{ "com.example.app:/cb", "com.example.app:/cb/",
	  "only in a trailing slash;" },
	{ "https://a.example.com/cb", "https://a.example.com/cb", NULL },
	{ "https://a.example.com/cb", "https://a.example.com/cbs", NULL },
	{ "https://a.example.com/cb", "https://a.example.com:8443/cb", NULL },
	{ "https://a.example.com/cb", "https://a.example.com:80/cb", NULL },
	{ "https://a.example.com/cb", "https://b.example.com/cb", NULL },
	{ "https://a.example.com/cb", "https://a.example.com/cb?x", NULL },
	{ "https://a.example.com/a/b", "https://a.example.com/ab", NULL },
	{ "https://a.example.com/%00", "https://a.example.com/", NULL },
};

static void twins_are_found_and_the_difference_is_said(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		CLEANUP(textp)
		char *yaml = xasprintf("{ a: { redirectUri: '%s' }, "
		                       "b: { redirectUri: '%s' } }",
		                       pairs[i].a, pairs[i].b);
		const struct finding *finding =
			lint_yaml(world, yaml, "redirect-twin");

		if (!pairs[i].difference) {
			if (finding)
				fail_msg("%s", finding->text);
			continue;
		}
		if (!finding)
			fail_msg("`%s` and `%s` pass", pairs[i].a, pairs[i].b);
		if (!strstr(finding->text, pairs[i].difference))
			fail_msg("%s", finding->text);
		assert_string_equal(finding->key, "b");
		assert_non_null(strstr(finding->text, "did you mean `"));
		assert_non_null(strstr(finding->text, pairs[i].a));
	}
}

static void the_odd_one_out_is_asked_to_change(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(world,
	                    "a: { redirectUri: 'https://a.example.com/cb/' }\n"
	                    "b: { redirectUri: 'https://a.example.com/cb' }\n"
	                    "c: { redirectUri: 'https://a.example.com/cb' }\n",
	                    "redirect-twin");
	assert_string_equal(finding->key, "a");
	assert_string_equal(finding->text,
	                    "`https://a.example.com/cb/` differs from that of "
	                    "`b` only in a trailing slash; did you mean "
	                    "`https://a.example.com/cb`?");

	finding = lint_yaml(world,
	                    "a: { redirectUri: 'http://a.example.com/cb' }\n"
	                    "b: { redirectUri: 'https://a.example.com/cb' }\n",
	                    "redirect-twin");
	assert_string_equal(finding->key, "a");

	finding = lint_yaml(world,
	                    "a: { redirectUri: 'https://a.example.com/cb' }\n"
	                    "b: { connector: github, redirectUri: "
	                    "'https://a.example.com/cb/' }\n",
	                    "redirect-twin");
	assert_null(finding); /* of another connector */
}

/* ---- live ones ---- */

static void add_live(struct world *world, const char *name, const char *uri)
{
	struct state *live = state_new(STATE_BY_ID);
	const char *twin;

	state_begin(live, "id-1", PLACE_NONE);
	state_field(live, "connector", state_value_text(live, "slack"),
	            PLACE_NONE);
	state_field(live, "name", state_value_text(live, name), PLACE_NONE);
	state_field(live, "redirectUri", state_value_text(live, uri),
	            PLACE_NONE);
	state_end(live);
	assert_int_equal(state_finish(live, &twin), 0);
	state_free(world->live[0]);
	world->live[0] = live;
	world->environments[0].live = live;
}

static void a_live_twin_of_another_object_is_found(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	world_read(world, "redirectUri: https://a.example.com/CB");
	add_live(world, "another", "https://a.example.com/cb");
	world_run(world);
	finding = find_rule(world, "redirect-twin");
	assert_null(finding); /* the declared one counts more than a live one */

	world_read(world, "redirectUri: http://a.example.com/cb");
	add_live(world, "another", "https://a.example.com/cb");
	world_run(world);
	finding = find_rule(world, "redirect-twin");
	assert_non_null(finding);
	assert_non_null(strstr(finding->text, "of the live object `id-1`"));
}

static void the_live_object_of_the_entry_itself_is_no_twin(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	struct state *applied;
	const char *twin;

	(void)state;
	world_read(world, "redirectUri: http://a.example.com/cb");
	add_live(world, "app", "https://a.example.com/cb"); /* by name */
	world_run(world);
	assert_null(find_rule(world, "redirect-twin"));

	add_live(world, "renamed there", "https://a.example.com/cb");
	world_run(world);
	assert_non_null(find_rule(world, "redirect-twin"));

	applied = state_new(STATE_BY_KEY);
	state_begin(applied, "app", PLACE_NONE);
	state_open(applied)->id = state_text(applied, "id-1");
	state_end(applied);
	assert_int_equal(state_finish(applied, &twin), 0);
	world->environments[0].applied = world->applied[0] = applied;
	world_run(world);
	assert_null(find_rule(world, "redirect-twin")); /* by id */
}

/* ---- the platform's callback ---- */

static void a_near_miss_of_the_callback_is_said_once(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	world_read(world, "a: { redirectUri: " WORLD_CALLBACK "/ }\n"
	                  "b: { redirectUri: " WORLD_CALLBACK " }\n");
	world->environments[0].callback = WORLD_CALLBACK;
	world_run(world);

	CLEANUP(textp) char *found = found_rules(world);

	assert_string_equal(found, "redirect-callback ");
	finding = find_rule(world, "redirect-callback");
	assert_string_equal(finding->key, "a");
	assert_non_null(strstr(finding->text,
	                       "only in a trailing slash; did "
	                       "you mean `" WORLD_CALLBACK "`?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_uri_breaks_what_it_breaks),
		cmocka_unit_test(
			only_loopback_is_loopback_and_only_for_development),
		cmocka_unit_test(providers_add_rules_of_their_own),
		cmocka_unit_test(twins_are_found_and_the_difference_is_said),
		cmocka_unit_test(the_odd_one_out_is_asked_to_change),
		cmocka_unit_test(a_live_twin_of_another_object_is_found),
		cmocka_unit_test(
			the_live_object_of_the_entry_itself_is_no_twin),
		cmocka_unit_test(a_near_miss_of_the_callback_is_said_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
