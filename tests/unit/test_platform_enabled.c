/* SPDX-License-Identifier: MIT */
/* Where `enabled` has a call of its own: both are one request, and what is
 * done is never said to be undone. */
#include "calls_binding.h"
#include "platform_world.h"

#include "base/limits.h"

#define CONFIG(id, name, status)                                         \
	"{\"id\":\"" id "\",\"c\":\"slack\",\"n\":\"" name "\",\"cr\":{" \
	"\"id\":\"1\"},\"s\":[],\"status\":\"" status "\"}"

struct end {
	unsigned calls;
	enum platform_end end;
	int status;
	char *id, *message;
	bool object;
};

static void end_release(struct end *end)
{
	free(end->id);
	free(end->message);
}

static void note_end(const struct platform_result *result, void *context)
{
	struct end *end = context;

	end->calls++;
	end->end = result->end;
	end->status = result->status;
	end->id = result->id ? xstrdup(result->id) : NULL;
	end->message = xstrdup(result->message);
	end->object = result->object;
	assert_non_null(result->request_id);
}

/* What is asked for: NULL is left out. */
struct wish {
	enum platform_verb verb;
	const char *name, *enabled;
};

static struct end ask(struct world *world, const struct wish *wish)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_ID);
	struct platform_field fields[2];
	struct platform_request request = {
		.verb = wish->verb,
		.id = wish->verb == PLATFORM_CREATE ? NULL : "x1",
		.ownership = "own",
		.fields = fields,
	};
	struct end end = { 0 };

	if (wish->name)
		fields[request.field_count++] = (struct platform_field){
			"name", state_value_text(state, wish->name)
		};
	if (wish->enabled)
		fields[request.field_count++] = (struct platform_field){
			"enabled",
			state_value_boolean(str_equal(wish->enabled, "true"))
		};
	assert_int_equal(platform_perform(world->platform, &request, note_end,
	                                  &end, world->diag),
	                 0);
	assert_int_equal(end.calls, 1);
	return end;
}

struct row {
	struct wish wish;
	struct step steps[2];
	enum platform_end end;
	const char *id, *message;
	const char *lines[2]; /* of the requests; NULL: none is sent */
};

#define CREATE_LINE "POST /base/x"
#define UPDATE_LINE "PATCH /base/x/x1"

static const struct row rows[] = {
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 201, "{\"id\":\"x1\"}" }, { 200, "{}" } },
	  PLATFORM_DONE,
	  "x1",
	  "",
	  { CREATE_LINE, "PATCH /base/x/x1/OFF" } },
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 201, "{\"id\":\"x1\"}" }, { 204, "" } },
	  PLATFORM_DONE,
	  "x1",
	  "",
	  { CREATE_LINE, "PATCH /base/x/x1/OFF" } },
	/* A new one is enabled already. */
	{ { PLATFORM_CREATE, "N", "true" },
	  { { 201, "{\"id\":\"x1\"}" }, { 500, "" } },
	  PLATFORM_DONE,
	  "x1",
	  "",
	  { CREATE_LINE, NULL } },
	{ { PLATFORM_CREATE, "N", NULL },
	  { { 201, "{\"id\":\"x1\"}" }, { 500, "" } },
	  PLATFORM_DONE,
	  "x1",
	  "",
	  { CREATE_LINE, NULL } },
	/* The first is not done: the second is not tried. */
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 400, "{\"e\":\"bad\"}" }, { 200, "{}" } },
	  PLATFORM_REFUSED,
	  NULL,
	  "bad",
	  { CREATE_LINE, NULL } },
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 201, "<p>" }, { 200, "{}" } },
	  PLATFORM_UNKNOWN,
	  NULL,
	  "the answer is no JSON",
	  { CREATE_LINE, NULL } },
	/* The first is done, whatever becomes of the second. */
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 201, "{\"id\":\"x1\"}" }, { 400, "{\"m\":\"no\"}" } },
	  PLATFORM_DONE,
	  "x1",
	  "400 no",
	  { CREATE_LINE, "PATCH /base/x/x1/OFF" } },
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 201, "{\"id\":\"x1\"}" }, { 403, "{\"m\":\"no right\"}" } },
	  PLATFORM_DONE,
	  "x1",
	  "403 no right",
	  { CREATE_LINE, "PATCH /base/x/x1/OFF" } },
	{ { PLATFORM_CREATE, "N", "false" },
	  { { 201, "{\"id\":\"x1\"}" }, { 0, NULL } },
	  PLATFORM_DONE,
	  "x1",
	  "the connection broke before an answer came",
	  { CREATE_LINE, "PATCH /base/x/x1/OFF" } },
	{ { PLATFORM_UPDATE, "N", "true" },
	  { { 200, CONFIG("x1", "N", "OFF") }, { 500, "{\"m\":\"oops\"}" } },
	  PLATFORM_DONE,
	  NULL,
	  "500 oops",
	  { UPDATE_LINE, "PATCH /base/x/x1/ON" } },
	{ { PLATFORM_UPDATE, "N", "true" },
	  { { 200, CONFIG("x1", "N", "OFF") }, { 200, "{}" } },
	  PLATFORM_DONE,
	  NULL,
	  "",
	  { UPDATE_LINE, "PATCH /base/x/x1/ON" } },
	{ { PLATFORM_UPDATE, "N", "true" },
	  { { 404, "" }, { 200, "{}" } },
	  PLATFORM_GONE,
	  NULL,
	  "",
	  { UPDATE_LINE, NULL } },
	/* Alone, it is the request, and ends as its own call does. */
	{ { PLATFORM_UPDATE, NULL, "false" },
	  { { 200, "{}" }, { 500, "" } },
	  PLATFORM_DONE,
	  NULL,
	  "",
	  { "PATCH /base/x/x1/OFF", NULL } },
	{ { PLATFORM_UPDATE, NULL, "true" },
	  { { 409, "{\"m\":\"no\"}" }, { 500, "" } },
	  PLATFORM_REFUSED,
	  NULL,
	  "no",
	  { "PATCH /base/x/x1/ON", NULL } },
	{ { PLATFORM_UPDATE, NULL, "true" },
	  { { 404, "" }, { 500, "" } },
	  PLATFORM_GONE,
	  NULL,
	  "",
	  { "PATCH /base/x/x1/ON", NULL } },
	{ { PLATFORM_UPDATE, NULL, "true" },
	  { { 401, "" }, { 500, "" } },
	  PLATFORM_UNAUTHORISED,
	  NULL,
	  "",
	  { "PATCH /base/x/x1/ON", NULL } },
	/* It is a write: a lost answer is not asked for again. */
	{ { PLATFORM_UPDATE, NULL, "true" },
	  { { 0, NULL }, { 200, "{}" } },
	  PLATFORM_UNKNOWN,
	  NULL,
	  "the connection broke before an answer came",
	  { "PATCH /base/x/x1/ON", NULL } },
};

static void assert_line(const struct world *world, size_t index,
                        const char *line)
{
	CLEANUP(textp) char *seen = NULL;

	if (!line) {
		assert_int_equal(world->seen_count, index);
		return;
	}
	assert_true(world->seen_count > index);
	seen = xasprintf("%s %s", world->seen[index].method,
	                 world->seen[index].path);
	assert_string_equal(seen, line);
}

static void check_row(struct world *world, const struct row *row)
{
	CLEANUP(end_release) struct end end = { 0 };

	world_open(world, calls_binding, row->steps, 2);
	end = ask(world, &row->wish);
	assert_int_equal(end.end, row->end);
	assert_string_equal(end.message, row->message);
	if (row->id)
		assert_string_equal(end.id, row->id);
	else
		assert_null(end.id);
	for (size_t i = 0; i < 2; i++)
		assert_line(world, i, row->lines[i]);
	/* What the first answer showed is older than the second call. */
	if (row->lines[1]) {
		assert_false(end.object);
		assert_string_equal(world->seen[1].body, "");
		assert_string_equal(world->seen[1].type, "");
		assert_string_equal(world->seen[1].key,
		                    "Basic dGVzdC1hcGkta2V5Og==");
	}
}

static void both_calls_are_one_request(void **state)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(world_set_up(state), 0);
		check_row(*state, &rows[i]);
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void unknown_beginnings_are_always_set(void **state)
{
	struct world *world = *state;
	const struct wish wish = { PLATFORM_CREATE, "N", "true" };
	CLEANUP(textp) char *yaml = calls_edited("  initial: true\n", "");
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, yaml, { 201, "{\"id\":\"x1\"}" }, { 200, "{}" });
	end = ask(world, &wish);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_line(world, 1, "PATCH /base/x/x1/ON");
}

static void ids_are_escaped_in_both(void **state)
{
	struct world *world = *state;
	const struct wish wish = { PLATFORM_CREATE, "N", "false" };
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, calls_binding, { 201, "{\"id\":\"a b:@\"}" },
	     { 200, "{}" });
	end = ask(world, &wish);
	assert_string_equal(end.id, "a b:@");
	assert_line(world, 1, "PATCH /base/x/a%20b%3A%40/OFF");
}

static void a_platform_may_close_between_the_two(void **state)
{
	struct world *world = *state;
	struct end end = { 0 };
	const struct platform_field fields[] = {
		{ "enabled", state_value_boolean(false) },
	};
	const struct platform_request request = {
		.verb = PLATFORM_CREATE,
		.ownership = "own",
		.fields = fields,
		.field_count = 1,
	};

	OPEN(world, calls_binding, { 201, "{\"id\":\"x1\"}" }, { 200, "{}" });
	assert_int_equal(platform_submit(world->platform, &request, note_end,
	                                 &end, world->diag),
	                 0);
	while (platform_requests(world->platform) < 2)
		(void)platform_turn(world->platform, 10);
	/* What the first one left must not be lost or freed twice. */
	platform_close(world->platform);
	world->platform = NULL;
	assert_true(end.calls <= 1);
	end_release(&end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_calls_are_one_request),
		TEST(unknown_beginnings_are_always_set),
		TEST(ids_are_escaped_in_both),
		TEST(a_platform_may_close_between_the_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
