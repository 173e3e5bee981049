/* SPDX-License-Identifier: MIT */
/* What a platform says of an error: words, code, request id; and the header
 * that carries the key. */
#include "calls_binding.h"
#include "platform_world.h"

#include "base/limits.h"

struct end {
	enum platform_end end;
	char *message, *request_id;
};

static void end_release(struct end *end)
{
	free(end->message);
	free(end->request_id);
}

static void note_end(const struct platform_result *result, void *context)
{
	struct end *end = context;

	end->end = result->end;
	end->message = xstrdup(result->message);
	end->request_id = xstrdup(result->request_id);
}

struct row {
	enum platform_verb verb;
	struct step step;
	enum platform_end end;
	const char *message, *request_id;
};

static const struct row rows[] = {
	{ PLATFORM_DELETE,
	  { 400, "{\"m\":\"in use\",\"c\":\"busy\",\"r\":\"r-1\"}" },
	  PLATFORM_REFUSED,
	  "in use (busy)",
	  "r-1" },
	{ PLATFORM_DELETE, { 409, "{\"c\":12}" }, PLATFORM_REFUSED, "12", "" },
	{ PLATFORM_DELETE, { 409, "{\"c\":{}}" }, PLATFORM_REFUSED, "", "" },
	/* A code may say that there is no such object; a status may not. */
	{ PLATFORM_DELETE,
	  { 400, "{\"m\":\"none\",\"c\":607}" },
	  PLATFORM_GONE,
	  "none (607)",
	  "" },
	{ PLATFORM_GET,
	  { 400, "{\"m\":\"none\",\"c\":\"607\"}" },
	  PLATFORM_GONE,
	  "none (607)",
	  "" },
	{ PLATFORM_UPDATE, { 400, "{\"c\":607}" }, PLATFORM_GONE, "607", "" },
	{ PLATFORM_UPDATE,
	  { 400, "{\"c\":608}" },
	  PLATFORM_REFUSED,
	  "608",
	  "" },
	/* Not of a create, whose errors are its own, and not after a failure.
	 */
	{ PLATFORM_CREATE,
	  { 400, "{\"c\":607,\"e\":\"bad\",\"k\":9,\"m\":\"x\"}" },
	  PLATFORM_REFUSED,
	  "bad (9)",
	  "" },
	{ PLATFORM_DELETE,
	  { 500, "{\"c\":607}" },
	  PLATFORM_UNKNOWN,
	  "607",
	  "" },
	{ PLATFORM_DELETE, { 404, "<p>" }, PLATFORM_GONE, "", "" },
	/* The key comes back neither plain nor as it was sent. */
	{ PLATFORM_DELETE,
	  { 400, "{\"m\":\"`test-api-key` `dGVzdC1hcGkta2V5Og==`\"}" },
	  PLATFORM_REFUSED,
	  "`***` `***`",
	  "" },
};

static void check_row(struct world *world, const struct row *row)
{
	const struct platform_field name = {
		"name", { .bytes = "N", .length = 1, .kind = VALUE_TEXT }
	};
	const struct platform_request request = {
		.verb = row->verb,
		.id = row->verb == PLATFORM_CREATE ? NULL : "x1",
		.ownership = "own",
		.fields = &name,
		.field_count = row->verb == PLATFORM_UPDATE,
	};
	CLEANUP(end_release) struct end end = { 0 };

	world_open(world, calls_binding, &row->step, 1);
	assert_int_equal(platform_perform(world->platform, &request, note_end,
	                                  &end, world->diag),
	                 0);
	assert_int_equal(end.end, row->end);
	assert_string_equal(end.message, row->message);
	assert_string_equal(end.request_id, row->request_id);
	assert_string_equal(world->seen[0].key, "Basic dGVzdC1hcGkta2V5Og==");
}

static void errors_are_read_as_the_binding_says(void **state)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(world_set_up(state), 0);
		check_row(*state, &rows[i]);
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void a_list_tells_the_code_as_well(void **state)
{
	struct world *world = *state;

	OPEN(world, calls_binding, { 400, "{\"m\":\"no\",\"c\":\"k-1\"}" });
	assert_refused(world, CODE_PLATFORM, "with 400, `no (k-1)`");
}

/* RFC 4648 section 10, through the header. */
static void headers_encode_in_base64(void **state)
{
	static const char *const pairs[][2] = {
		{ "f", "Zg==" },          { "fo", "Zm8=" },
		{ "foo", "Zm9v" },        { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },  { "foobar", "Zm9vYmFy" },
		{ "~~~???", "fn5+Pz8/" },
	};
	static const struct step step = { 200, "{\"i\":[],\"t\":0}" };

	for (size_t i = 0; i < LENGTH(pairs); i++) {
		struct world *world;
		CLEANUP(textp)
		char *yaml =
			calls_edited("secret.apiKey + ':'", "secret.apiKey");
		CLEANUP(state_freep) struct state *live = NULL;
		CLEANUP(textp) char *header = NULL;

		assert_int_equal(world_set_up(state), 0);
		world = *state;
		secret_free(world->key);
		world->key = secret_new(pairs[i][0], strlen(pairs[i][0]));
		world_open(world, yaml, &step, 1);
		live = platform_list(world->platform, world->diag);
		assert_non_null(live);
		header = xasprintf("Basic %s", pairs[i][1]);
		assert_string_equal(world->seen[0].key, header);
		assert_int_equal(world_tear_down(state), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_are_read_as_the_binding_says),
		TEST(a_list_tells_the_code_as_well),
		cmocka_unit_test(headers_encode_in_base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
