/* SPDX-License-Identifier: MIT */
/* Bodies: every codec, and what else a binding says of them. */
#include "platform_sample.h"

static const char rich[] =
	"platform: rich\n"
	"url: https://api.example.com\n"
	"headers: { X-Key: \"{secret.apiKey}\" }\n"
	"list: { path: /x, items: /i, page: { kind: none } }\n"
	"get: { path: \"/x/{id}\", object: \"\" }\n"
	"create:\n"
	"  - path: /x\n"
	"    ok: [200]\n"
	"    query: { force: \"yes\" }\n"
	"    const: { /auth/type: custom, /v: 2, /list: [1, { a: null }] }\n"
	"    id: /made/0\n"
	"    fields:\n"
	"      platformKey: /key\n"
	"      connector: /auth/app/slug\n"
	"      name: /name\n"
	"      scopes: { at: /auth/scopes, codec: csv }\n"
	"      scopeSets.user: { at: /auth/user, codec: ssv }\n"
	"      scopeSets.more: { at: /more, codec: array_or_csv }\n"
	"      enabled: /on\n"
	"      extra.x: /a~1b/~0\n"
	"update:\n"
	"  semantics: merge\n"
	"  variants:\n"
	"    - method: PATCH\n"
	"      path: \"/x/{id}\"\n"
	"      fields: { name: /name, scopes: /s, scopeSets.user: /u,\n"
	"        scopeSets.more: /m, enabled: /on, extra.x: /x }\n"
	"delete: { method: POST, path: \"/x/{id}/delete\" }\n"
	"immutable: [connector]\n"
	"read:\n"
	"  id: /id\n"
	"  platformKey: /key\n"
	"  fields: { connector: /c, name: /n }\n";

static void rich_init(struct sample *sample, const char *const *scopes,
                      size_t count)
{
	*sample = (struct sample){ .state = state_new(STATE_BY_ID) };
	sample->request = (struct platform_request){
		.verb = PLATFORM_CREATE,
		.natural_key = "my-key",
		.fields = sample->fields,
	};
	sample_text(sample, "connector", "slack");
	sample_field(sample, "scopes",
	             state_value_set(sample->state, scopes, count));
	sample_field(sample, "scopeSets.user",
	             state_value_set(sample->state, scopes, count));
	sample_field(sample, "scopeSets.more",
	             state_value_set(sample->state, scopes, count));
	sample_field(sample, "enabled", state_value_boolean(false));
	sample_field(sample, "extra.x",
	             state_value_json(sample->state, "{\"a\":[1]}"));
	sample_field(sample, "name", value_absent());
}

static void bodies_are_built_by_pointers(void **state)
{
	static const char *const scopes[] = { "b", "a" };
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, rich, { 200, "{\"made\":[\"new-1\"]}" });
	rich_init(&sample, scopes, 2);
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_string_equal(end.id, "new-1");
	assert_null(end.name);
	assert_string_equal(world->seen[0].path, "/base/x?force=yes");
	assert_string_equal(
		world->seen[0].body,
		"{\"key\":\"my-key\",\"auth\":{\"type\":\"custom\",\"app\":{"
		"\"slug\":\"slack\"},\"scopes\":\"a,b\",\"user\":\"a b\"},"
		"\"v\":2,\"list\":[1,{\"a\":null}],\"more\":[\"a\",\"b\"],"
		"\"on\":false,\"a/b\":{\"~\":{\"a\":[1]}}}");
}

static void empty_sets_are_sent_as_such(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, rich, { 200, "{\"made\":[7]}" });
	rich_init(&sample, NULL, 0);
	end = perform(world, &sample);
	assert_string_equal(end.id, "7");
	assert_non_null(
		strstr(world->seen[0].body, "\"scopes\":\"\",\"user\":\"\""));
	assert_non_null(strstr(world->seen[0].body, "\"more\":[]"));
}

static void items_that_a_codec_would_split_are_errors(void **state)
{
	static const struct {
		const char *scope, *field;
	} rows[] = { { "a,b", "`scopes`" },
		     { "a b", "`scopeSets.user`" },
		     { " a", "`scopes`" },
		     { "", "`scopes`" } };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(sample_release) struct sample sample;
		struct end end = { 0 };
		struct world *world;

		assert_int_equal(world_set_up(state), 0);
		world = *state;
		OPEN(world, rich, { 200, "{}" });
		rich_init(&sample, &rows[i].scope, 1);
		assert_int_equal(platform_submit(world->platform,
		                                 &sample.request, note_end,
		                                 &end, world->diag),
		                 -1);
		assert_int_equal(diag_at(world->diag, 0)->code, CODE_REQUEST);
		assert_non_null(
			strstr(diag_at(world->diag, 0)->text, rows[i].field));
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void a_missing_natural_key_is_an_error(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;

	OPEN(world, rich, { 200, "{}" });
	rich_init(&sample, NULL, 0);
	sample.request.natural_key = NULL;
	assert_unsendable(world, &sample, "`platformKey` cannot be sent");
}

static void verbs_and_paths_are_the_bindings(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, rich, { 200, "" });
	rich_init(&sample, NULL, 0);
	sample.request.verb = PLATFORM_DELETE;
	sample.request.id = "a";
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_string_equal(world->seen[0].method, "POST");
	assert_string_equal(world->seen[0].path, "/base/x/a/delete");
	assert_string_equal(world->seen[0].body, "");
}

static const char listed_only[] =
	"platform: test\n"
	"url: https://api.example.com/v1\n"
	"headers: { X-Key: \"{secret.apiKey}\" }\n"
	"list: { path: /x, items: /i, page: { kind: none } }\n"
	"read: { id: /id, fields: { connector: /c, name: /n } }\n";

static void what_a_platform_cannot_do_is_an_error(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;

	OPEN(world, listed_only, { 200, "{}" });
	sample_init(&sample, PLATFORM_DELETE);
	assert_unsendable(world, &sample, "`test` has no `delete`");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bodies_are_built_by_pointers),
		TEST(empty_sets_are_sent_as_such),
		cmocka_unit_test(items_that_a_codec_would_split_are_errors),
		TEST(a_missing_natural_key_is_an_error),
		TEST(verbs_and_paths_are_the_bindings),
		TEST(what_a_platform_cannot_do_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
