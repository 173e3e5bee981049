/* SPDX-License-Identifier: MIT */
/* Opening a platform: where the key may go, and with what. */
#include "platform_world.h"

#include "document/document.h"

/* ---- opening ---- */

struct host_row {
	const char *url, *allowed; /* the operator's; or NULL */
	unsigned code;             /* 0: opens */
};

static const struct host_row unverified_rows[] = {
	{ "http://127.0.0.1:8080", NULL, 0 },
	{ "http://localhost:8080/a/b/", NULL, 0 },
	{ "https://[::1]", NULL, 0 },
	{ "https://production.runalloy.com", NULL, CODE_UNVERIFIED_BINDING },
	{ "https://example.com", "example.com", CODE_UNVERIFIED_BINDING },
	{ "https://example.com", NULL, CODE_HOST_REFUSED },
};

static const struct host_row verified_rows[] = {
	{ "https://api.example.com", NULL, 0 },
	{ "https://API.example.com:443/other/path", NULL, 0 },
	{ "http://127.0.0.1:1", NULL, 0 },
	{ "https://eu.example.com", NULL, CODE_HOST_REFUSED },
	{ "https://api.example.com.evil.example", NULL, CODE_HOST_REFUSED },
	{ "https://api.example.com:8443", NULL, CODE_HOST_REFUSED },
	{ "https://eu.example.com", "eu.example.com", 0 },
	{ "https://eu.example.com", "https://EU.example.com", 0 },
	{ "https://eu.example.com:8443", "eu.example.com", CODE_HOST_REFUSED },
	{ "https://eu.example.com:8443", "eu.example.com:8443", 0 },
	{ "https://eu.example.com", "*", CODE_HOST_REFUSED },
	{ "https://eu.example.com", "", CODE_HOST_REFUSED },
	{ "http://api.example.com", NULL, CODE_BAD_URL },
	{ "http://eu.example.com", "http://eu.example.com", CODE_BAD_URL },
	{ "https://user@api.example.com", NULL, CODE_BAD_URL },
	{ "https://api.example.com@evil.example", NULL, CODE_BAD_URL },
	{ "https://api.example.com/a?b=c", NULL, CODE_BAD_URL },
	{ "https://api.example.com/a#b", NULL, CODE_BAD_URL },
	{ "https://api.example.com/a/../b", NULL, CODE_BAD_URL },
	{ "https://api.example.com/a/..", NULL, CODE_BAD_URL },
	{ "https://api.example.com/a b", NULL, CODE_BAD_URL },
	{ "https://api.example.com\\@evil.example/", NULL, CODE_BAD_URL },
	{ "ftp://api.example.com", NULL, CODE_BAD_URL },
	{ "api.example.com", NULL, CODE_BAD_URL },
	{ "", NULL, CODE_BAD_URL },
};

static const char verified[] =
	"platform: test\n"
	"url: https://api.example.com/v1\n"
	"headers: { X-Key: \"{secret.apiKey}\" }\n"
	"list: { path: /x, items: /i, page: { kind: none } }\n"
	"read: { id: /id, fields: { connector: /c, name: /n } }\n";

static void check_hosts(struct world *world, const struct binding *binding,
                        const struct host_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		const struct platform_settings settings = {
			.url = rows[i].url,
			.url_place = { "prod.yaml", 5, 8 },
			.api_key = world->key,
			.allow_hosts = &rows[i].allowed,
			.allow_host_count = rows[i].allowed ? 1 : 0,
			.http = &world->http,
		};
		CLEANUP(platform_closep)
		struct platform *platform =
			platform_open(binding, &settings, diag);
		const unsigned code =
			diag_length(diag) ? diag_at(diag, 0)->code : 0;

		if (code != rows[i].code || !platform != !!code)
			fail_msg("%s: %u", rows[i].url, code);
		if (code)
			assert_int_equal(diag_at(diag, 0)->place.line, 5);
	}
}

static void the_key_goes_only_to_known_hosts(void **state)
{
	struct world *world = *state;
	CLEANUP(binding_freep)
	struct binding *unknown =
		binding_load("alloy-assumed", PLACE_NONE, world->diag);
	CLEANUP(binding_freep)
	struct binding *known = binding_parse("test.yaml", verified,
	                                      strlen(verified), world->diag);

	assert_non_null(known);
	check_hosts(world, unknown, unverified_rows, LENGTH(unverified_rows));
	check_hosts(world, known, verified_rows, LENGTH(verified_rows));
}

static void keys_that_are_none_stay_out_of_headers(void **state)
{
	static const char *const keys[] = { "",     "a\r\nX-Evil: b", "a b",
		                            "a\tb", "k\303\244y",     "a\x7f" };
	struct world *world = *state;
	CLEANUP(binding_freep)
	struct binding *binding =
		binding_load("alloy-assumed", PLACE_NONE, world->diag);

	for (size_t i = 0; i < LENGTH(keys); i++) {
		CLEANUP(secret_freep)
		struct secret *key = secret_new(keys[i], strlen(keys[i]));
		const struct platform_settings settings = {
			.url = "http://127.0.0.1:1",
			.api_key = key,
			.http = &world->http,
		};

		assert_null(platform_open(binding, &settings, world->diag));
		assert_int_equal(diag_at(world->diag, i)->code, CODE_KEY_FORM);
		assert_null(strstr(diag_at(world->diag, i)->text, "Evil"));
	}
}

static void opening_sends_nothing(void **state)
{
	struct world *world = *state;

	OPEN(world, NULL, { 200, "" });
	assert_int_equal(platform_requests(world->platform), 0);
	assert_null(platform_waiting(world->platform));
	assert_int_equal(platform_turn(world->platform, 1000), 0);
	assert_true(str_starts(world->url, platform_origin(world->platform)));
}

/* ---- parameters ---- */

static const char parametric[] =
	"platform: test\n"
	"url: https://api.example.com\n"
	"headers: { X-Key: \"{secret.apiKey}\", X-P: \"p {parameter.project}\" "
	"}\n"
	"parameters: { project: { pattern: \"^p-\" }, team: {} }\n"
	"list:\n"
	"  path: /{parameter.team}/x\n"
	"  query: { p: \"{parameter.project}\" }\n"
	"  items: /i\n"
	"  page: { kind: none }\n"
	"read: { id: /id, fields: { connector: /c, name: /n } }\n";

struct parameter_row {
	const char *yaml, *words; /* NULL: opens */
};

static const struct parameter_row parameter_rows[] = {
	{ "{ project: p-1, team: a/b }", NULL },
	{ "{ project: p-1 }", "needs the parameter `team`" },
	{ "{ project: q, team: a }", "`project` of `test` cannot be `q`" },
	{ "{ project: p-1, team: .. }", "`team` of `test` cannot be `..`" },
	{ "{ project: p-1, team: \"\" }", "cannot be ``" },
	{ "{ project: \"p-\\r\\nX: y\", team: a }", "cannot be `p-" },
	{ "{ project: p-1, team: a, more: b }", "no parameter `more`" },
};

static void parameters_are_what_the_binding_asks_for(void **state)
{
	static const struct step step = { 200, "{\"i\":[]}" };
	struct world *world = *state;
	CLEANUP(binding_freep)
	struct binding *binding = binding_parse(
		"test.yaml", parametric, strlen(parametric), world->diag);

	world->steps = &step;
	world->step_count = 1;
	world->server = http_server_start(0, world_serve, world, world->diag);
	world->url = xasprintf("http://127.0.0.1:%u",
	                       http_server_port(world->server));
	for (size_t i = 0; i < LENGTH(parameter_rows); i++) {
		const struct parameter_row *row = &parameter_rows[i];
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(documents_freep)
		struct documents *documents = documents_new();
		const struct platform_settings settings = {
			.url = world->url,
			.api_key = world->key,
			.http = &world->http,
			.parameters = document_parse(documents, "x", row->yaml,
			                             strlen(row->yaml), diag),
		};
		CLEANUP(platform_closep)
		struct platform *platform =
			platform_open(binding, &settings, diag);
		CLEANUP(state_freep) struct state *live = NULL;

		assert_int_equal(platform != NULL, row->words == NULL);
		if (row->words) {
			assert_int_equal(diag_at(diag, 0)->code,
			                 CODE_PARAMETER);
			assert_non_null(
				strstr(diag_at(diag, 0)->text, row->words));
			continue;
		}
		live = platform_list(platform, diag);
		assert_non_null(live);
	}
	assert_string_equal(world->seen[0].path, "/a%2Fb/x?p=p-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_key_goes_only_to_known_hosts),
		TEST(keys_that_are_none_stay_out_of_headers),
		TEST(opening_sends_nothing),
		TEST(parameters_are_what_the_binding_asks_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
