/* SPDX-License-Identifier: MIT */
/* Outcomes: what an answer, or none, means for a request. */
#include "platform_sample.h"

#include "base/limits.h"

struct end_row {
	enum platform_verb verb;
	int status;
	const char *body; /* NULL: reset */
	enum platform_end end;
	const char *message; /* a part; NULL: none is there */
};

static const struct end_row end_rows[] = {
	{ PLATFORM_GET, 200, OBJECT, PLATFORM_DONE, NULL },
	{ PLATFORM_GET, 404, "{\"message\":\"gone\"}", PLATFORM_GONE, "gone" },
	{ PLATFORM_GET, 410, "", PLATFORM_GONE, NULL },
	{ PLATFORM_GET, 401, "{}", PLATFORM_UNAUTHORISED, NULL },
	{ PLATFORM_GET, 500, "{\"message\":\"oops\"}", PLATFORM_UNKNOWN,
	  "oops" },
	{ PLATFORM_GET, 200, "<p>", PLATFORM_UNKNOWN, "no JSON" },
	{ PLATFORM_GET, 200, "", PLATFORM_UNKNOWN, "no JSON" },
	{ PLATFORM_GET, 200, "{}", PLATFORM_UNKNOWN,
	  "`/authConfigId` is not there" },
	{ PLATFORM_GET, 200,
	  "{\"authConfigId\":\"other\",\"connectorId\":\"c\"}",
	  PLATFORM_UNKNOWN, "another object" },
	{ PLATFORM_GET, 0, NULL, PLATFORM_UNKNOWN, "the connection broke" },
	{ PLATFORM_CREATE, 200, OBJECT, PLATFORM_DONE, NULL },
	{ PLATFORM_CREATE, 202, OBJECT, PLATFORM_UNKNOWN, NULL },
	{ PLATFORM_CREATE, 201, "", PLATFORM_UNKNOWN, "no JSON" },
	{ PLATFORM_CREATE, 201, "{}", PLATFORM_UNKNOWN,
	  "`/authConfigId` is not there, not an id" },
	{ PLATFORM_CREATE, 201, "{\"authConfigId\":\"..\"}", PLATFORM_UNKNOWN,
	  "would change the path" },
	{ PLATFORM_CREATE, 201, "{\"authConfigId\":", PLATFORM_UNKNOWN,
	  "no JSON" },
	{ PLATFORM_CREATE, 302, "", PLATFORM_REFUSED, NULL },
	{ PLATFORM_CREATE, 400, "{\"message\":\"bad name\"}", PLATFORM_REFUSED,
	  "bad name" },
	{ PLATFORM_CREATE, 401, "{\"message\":\"bad key\"}",
	  PLATFORM_UNAUTHORISED, "bad key" },
	{ PLATFORM_CREATE, 403, "", PLATFORM_UNAUTHORISED, NULL },
	{ PLATFORM_CREATE, 404, "", PLATFORM_REFUSED, NULL },
	{ PLATFORM_CREATE, 408, "", PLATFORM_UNKNOWN, NULL },
	{ PLATFORM_CREATE, 409, "", PLATFORM_REFUSED, NULL },
	{ PLATFORM_CREATE, 500, "{\"message\":\"oops\"}", PLATFORM_UNKNOWN,
	  "oops" },
	{ PLATFORM_CREATE, 503, "", PLATFORM_UNKNOWN, NULL },
	{ PLATFORM_CREATE, 0, NULL, PLATFORM_UNKNOWN, "the connection broke" },
	{ PLATFORM_UPDATE, 200, OBJECT, PLATFORM_DONE, NULL },
	{ PLATFORM_UPDATE, 204, "", PLATFORM_DONE, NULL },
	{ PLATFORM_UPDATE, 200, "<p>", PLATFORM_UNKNOWN, "no JSON" },
	{ PLATFORM_UPDATE, 404, "", PLATFORM_GONE, NULL },
	{ PLATFORM_UPDATE, 422, "", PLATFORM_REFUSED, NULL },
	{ PLATFORM_UPDATE, 502, "<p>", PLATFORM_UNKNOWN, NULL },
	{ PLATFORM_UPDATE, 0, NULL, PLATFORM_UNKNOWN, "the connection broke" },
	{ PLATFORM_DELETE, 200, "{\"success\":true}", PLATFORM_DONE, NULL },
	{ PLATFORM_DELETE, 204, "", PLATFORM_DONE, NULL },
	{ PLATFORM_DELETE, 200, "{\"success\":false,\"message\":\"in use\"}",
	  PLATFORM_REFUSED, "in use" },
	{ PLATFORM_DELETE, 200, "{}", PLATFORM_UNKNOWN,
	  "nothing at `/success`" },
	{ PLATFORM_DELETE, 200, "<p>", PLATFORM_UNKNOWN, "no JSON" },
	{ PLATFORM_DELETE, 404, "", PLATFORM_GONE, NULL },
	{ PLATFORM_DELETE, 0, NULL, PLATFORM_UNKNOWN, "the connection broke" },
};

static void check_end(struct world *world, const struct end_row *row)
{
	const struct step step = { row->status, row->body };
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };
	const bool reads = row->verb == PLATFORM_GET;
	const bool passing = !row->body || row->status >= 500;

	world_open(world, NULL, &step, 1);
	sample_init(&sample, row->verb);
	end = perform(world, &sample);
	if (end.end != row->end ||
	    (row->message ? !strstr(end.message, row->message)
	                  : *end.message != '\0'))
		fail_msg("%d %d: %d `%s`", row->verb, row->status, end.end,
		         end.message);
	assert_int_equal(end.status, row->status);
	/* Only reads are tried again, and only where that may help. */
	assert_int_equal(world->seen_count,
	                 reads && passing ? LIMIT_READ_TRIES : 1);
}

static void ends_say_only_what_is_certain(void **state)
{
	for (size_t i = 0; i < LENGTH(end_rows); i++) {
		assert_int_equal(world_set_up(state), 0);
		check_end(*state, &end_rows[i]);
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void a_dead_server_has_seen_nothing(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 200, "" });
	http_server_stop(world->server);
	world->server = NULL;
	sample_init(&sample, PLATFORM_CREATE);
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_UNSENT);
	assert_int_equal(end.status, 0);
	assert_string_equal(end.message, "nothing listens there");
}

static void submit_all(struct world *world,
                       const struct platform_request *request, struct end *ends,
                       size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(platform_submit(world->platform, request,
		                                 note_end, &ends[i],
		                                 world->diag),
		                 0);
}

static void expect_all(struct end *ends, size_t count, enum platform_end end)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(ends[i].calls, 1);
		assert_int_equal(ends[i].end, end);
		end_release(&ends[i]);
	}
}

/* What was lent for a request has to be given back, and wiped. */
static void what_is_open_when_it_closes_is_abandoned(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	struct end ends[3] = { 0 };

	OPEN(world, NULL, { 201, OBJECT });
	sample_init(&sample, PLATFORM_CREATE);
	submit_all(world, &sample.request, ends, LENGTH(ends));
	platform_close(TAKE(world->platform));
	expect_all(ends, LENGTH(ends), PLATFORM_ABANDONED);
}

static void refused_often_enough_is_refused(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 429, "{\"message\":\"slow down\"}" });
	sample_init(&sample, PLATFORM_CREATE);
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_REFUSED);
	assert_string_equal(end.message, "slow down");
	assert_int_equal(world->seen_count, LIMIT_REFUSED_TRIES);
}

static void secrets_do_not_come_back_in_messages(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL,
	     { 400, "{\"message\":\"" SECRET SECRET " of test-api-key, " SECRET
	            "\"}" });
	sample_init(&sample, PLATFORM_CREATE);
	end = perform(world, &sample);
	assert_string_equal(end.message, "****** of ***, ***");
}

/* A secret of a letter or three is in every other word. */
static void short_secrets_do_not_hollow_out_messages(void **state)
{
	struct world *world = *state;
	CLEANUP(secret_freep) struct secret *letter = secret_new("e", 1);
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 400, "{\"message\":\"the server refused\"}" });
	sample_init(&sample, PLATFORM_CREATE);
	sample.secrets[0].secret = letter;
	end = perform(world, &sample);
	assert_string_equal(end.message, "the server refused");
}

static void long_messages_are_cut_between_characters(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };
	char words[600] = { 0 };
	CLEANUP(textp) char *body = NULL;
	struct step step;

	memset(words, 'x', 299);
	memcpy(words + 299, "\303\244\303\244", 4);
	body = xasprintf("{\"message\":\"%s\"}", words);
	step = (struct step){ 400, body };
	world_open(world, NULL, &step, 1);
	sample_init(&sample, PLATFORM_CREATE);
	end = perform(world, &sample);
	assert_int_equal(strlen(end.message), 299);
}

static void many_are_sent_side_by_side(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	struct end ends[40] = { 0 };

	OPEN(world, NULL, { 201, OBJECT });
	sample_init(&sample, PLATFORM_CREATE);
	submit_all(world, &sample.request, ends, LENGTH(ends));
	while (platform_turn(world->platform, 100) > 0)
		;
	assert_int_equal(world->seen_count, LENGTH(ends));
	expect_all(ends, LENGTH(ends), PLATFORM_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_say_only_what_is_certain),
		TEST(a_dead_server_has_seen_nothing),
		TEST(what_is_open_when_it_closes_is_abandoned),
		TEST(refused_often_enough_is_refused),
		TEST(secrets_do_not_come_back_in_messages),
		TEST(short_secrets_do_not_hollow_out_messages),
		TEST(long_messages_are_cut_between_characters),
		TEST(many_are_sent_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
