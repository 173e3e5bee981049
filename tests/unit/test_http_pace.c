/* SPDX-License-Identifier: MIT */
/* The client half of http: when requests start, again or no more. */
#include "http_world.h"

static void reads_are_tried_again_and_writes_are_not(void **state)
{
	static const struct {
		const char *answer;
		unsigned reads;
	} rows[] = {
		{ "HTTP/1.1 500 No\r\n" EMPTY, LIMIT_READ_TRIES },
		{ "HTTP/1.1 503 No\r\n" EMPTY, LIMIT_READ_TRIES },
		{ "HTTP/1.1 408 No\r\n" EMPTY, LIMIT_READ_TRIES },
		{ "HTTP/1.1 404 No\r\n" EMPTY, 1 },
		{ "HTTP/1.1 401 No\r\n" EMPTY, 1 },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct raw_step step = { rows[i].answer, RAW_KEEP };
		struct fixture *made;

		assert_int_equal(set_up(state), 0);
		made = *state;
		serve(made, &step, 1);
		made->client = http_client_new(made->origin, &made->settings,
		                               made->diag);
		assert_int_equal(ask(made, 0, "GET", "/", NULL)->tries,
		                 rows[i].reads);
		assert_int_equal(ask(made, 1, "POST", "/", "{}")->tries, 1);
		assert_int_equal(made->ends[1].outcome, HTTP_ANSWERED);
		assert_int_equal(tear_down(state), 0);
	}
}

static void too_many_requests_are_sent_again_to_a_limit(void **state)
{
	struct fixture *made = *state;

	made->step_ms = 5000;
	SERVE(made, { "HTTP/1.1 429 Slow\r\n" EMPTY, RAW_KEEP });
	const struct end *end = ask(made, 0, "POST", "/", "{}");

	assert_int_equal(end->outcome, HTTP_ANSWERED);
	assert_int_equal(end->status, 429);
	assert_int_equal(end->tries, LIMIT_REFUSED_TRIES);
}

/* Nothing goes out before `wait_ms` have passed, and then it does. */
static void assert_waits(struct fixture *made, int64_t wait_ms)
{
	const uint64_t sent = http_client_sent(made->client);

	submit(made, 1, "POST", "/", "{}");
	made->clock.steady_ms += wait_ms - 1;
	assert_int_equal(http_client_turn(made->client, 0), 1);
	assert_int_equal(http_client_sent(made->client), sent);
	made->clock.steady_ms += 1;
	(void)http_client_turn(made->client, 0);
	assert_int_equal(http_client_sent(made->client), sent + 1);
	run(made);
	assert_int_equal(made->ends[1].calls, 1);
}

static void the_platform_sets_the_pace(void **state)
{
	/* The clock of the test is at Fri, 15 Jan 2027 08:00:00 GMT. */
	static const struct {
		const char *headers;
		int64_t wait_ms;
	} rows[] = {
		{ "503 No\r\nRetry-After: 30\r\n", 30000 },
		{ "503 No\r\nRetry-After-Ms: 1500\r\nRetry-After: 9\r\n",
		  1500 },
		{ "503 No\r\nRetry-After: Fri, 15 Jan 2027 08:00:07 GMT\r\n",
		  7000 },
		{ "503 No\r\nRetry-After: 999999999\r\n", 900000 },
		{ "503 No\r\nDate: Fri, 15 Jan 2027 09:00:00 GMT\r\n"
		  "Retry-After: Fri, 15 Jan 2027 09:00:05 GMT\r\n",
		  5000 },
		{ "200 OK\r\nX-RateLimit-Remaining: 0\r\n"
		  "X-RateLimit-Reset: 12\r\n",
		  12000 },
		{ "200 OK\r\nX-RateLimit-Remaining: 0\r\n"
		  "X-RateLimit-Reset: 1800000003\r\n",
		  3000 },
		{ "200 OK\r\nRateLimit-Remaining: 0\r\n"
		  "RateLimit-Reset: 1800000002500\r\n",
		  2500 },
		{ "503 No\r\nX-RateLimit-Remaining: 0\r\nRetry-After: 4\r\n"
		  "X-RateLimit-Reset: 1800000003\r\n",
		  3000 },
		{ "200 OK\r\nX-RateLimit-Remaining: 0\r\n"
		  "X-RateLimit-Reset: 1800003600\r\n"
		  "Date: Fri, 15 Jan 2027 08:59:50 GMT\r\n",
		  10000 },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *answer = xasprintf("HTTP/1.1 %s" EMPTY, rows[i].headers);
		const struct raw_step step[] = { { answer, RAW_KEEP },
			                         { OK, RAW_KEEP } };
		struct fixture *made;

		assert_int_equal(set_up(state), 0);
		made = *state;
		serve(made, step, 2);
		made->client = http_client_new(made->origin, &made->settings,
		                               made->diag);
		submit(made, 0, "POST", "/", "{}");
		while (http_client_turn(made->client, 5) > 0)
			;
		assert_waits(made, rows[i].wait_ms);
		assert_int_equal(tear_down(state), 0);
	}
}

static void nonsense_does_not_set_the_pace(void **state)
{
	static const char *const headers[] = {
		"503 No\r\nRetry-After: -5\r\n",
		"503 No\r\nRetry-After: soon\r\n",
		"503 No\r\nRetry-After: 99999999999999999999999\r\n",
		"503 No\r\nRetry-After: Fri, 15 Jan 2027 07:00:00 GMT\r\n",
		"200 OK\r\nX-RateLimit-Remaining: 0\r\n",
		"200 OK\r\nX-RateLimit-Remaining: none\r\n"
		"X-RateLimit-Reset: 12\r\n",
		"200 OK\r\nX-RateLimit-Remaining: 5\r\n"
		"X-RateLimit-Reset: 12\r\n",
		"200 OK\r\nRetry-After: 30\r\n",
	};

	for (size_t i = 0; i < LENGTH(headers); i++) {
		CLEANUP(textp)
		char *answer = xasprintf("HTTP/1.1 %s" EMPTY, headers[i]);
		const struct raw_step step[] = { { answer, RAW_KEEP },
			                         { OK, RAW_KEEP } };
		struct fixture *made;

		assert_int_equal(set_up(state), 0);
		made = *state;
		serve(made, step, 2);
		made->client = http_client_new(made->origin, &made->settings,
		                               made->diag);
		for (size_t j = 0; j < 2; j++) {
			submit(made, j, "POST", "/", "{}");
			while (http_client_turn(made->client, 5) > 0)
				;
		}
		assert_int_equal(made->ends[1].status, 200);
		assert_int_equal(tear_down(state), 0);
	}
}

static void a_wait_is_told(void **state)
{
	struct fixture *made = *state;

	SERVE(made,
	      { "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\n" EMPTY, RAW_KEEP },
	      { OK, RAW_KEEP });
	submit(made, 0, "POST", "/", "{}");
	assert_null(http_client_waiting(made->client));
	while (!http_client_waiting(made->client))
		(void)http_client_turn(made->client, 5);
	assert_string_equal(http_client_waiting(made->client),
	                    "rate limit, 30 s");
	made->clock.steady_ms += 10500;
	assert_string_equal(http_client_waiting(made->client),
	                    "rate limit, 20 s");
	run(made);
	assert_int_equal(made->ends[0].status, 200);
	assert_int_equal(made->ends[0].tries, 2);
	assert_null(http_client_waiting(made->client));
}

static void our_own_limit_holds(void **state)
{
	struct fixture *made = *state;
	int64_t start_ms;

	made->settings.max_rps = 20;
	made->settings.chance = chance_seeded(&made->seed);
	SERVE(made, { OK, RAW_KEEP });
	start_ms = made->clock.steady_ms;
	for (size_t i = 0; i < 40; i++)
		submit(made, i, "POST", "/", "{}");
	while (http_client_turn(made->client, 1) > 0)
		made->clock.steady_ms += 1;
	/* 40 at 20 a second; the first needs no wait, and some slack. */
	assert_in_range(made->clock.steady_ms - start_ms, 1850, 2600);
}

/* ---- stopping ---- */

static void stopping_abandons_what_waits(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { NULL, RAW_STALL });
	submit(made, 0, "POST", "/", "{}");
	submit(made, 1, "POST", "/", "{}");
	(void)http_client_turn(made->client, 0);
	made->stopping = true;
	assert_int_equal(http_client_turn(made->client, 0), 1);
	assert_int_equal(made->ends[1].outcome, HTTP_ABANDONED);
	assert_int_equal(made->ends[1].tries, 0);
	assert_int_equal(made->ends[0].calls, 0);

	/* What is in flight has ten seconds. */
	made->clock.steady_ms += 9999;
	assert_int_equal(http_client_turn(made->client, 20), 1);
	made->clock.steady_ms += 1;
	assert_int_equal(http_client_turn(made->client, 0), 0);
	assert_int_equal(made->ends[0].outcome, HTTP_UNKNOWN);
}

static void stopping_lets_what_is_in_flight_end(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK, RAW_KEEP });
	submit(made, 0, "POST", "/", "{}");
	(void)http_client_turn(made->client, 0);
	made->stopping = true;
	while (http_client_turn(made->client, 5) > 0)
		;
	assert_int_equal(made->ends[0].outcome, HTTP_ANSWERED);
}

static void stopping_ends_retries(void **state)
{
	struct fixture *made = *state;

	SERVE(made,
	      { "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\n" EMPTY, RAW_KEEP });
	submit(made, 0, "POST", "/", "{}");
	while (!http_client_waiting(made->client))
		(void)http_client_turn(made->client, 5);
	made->stopping = true;
	assert_int_equal(http_client_turn(made->client, 0), 0);
	assert_int_equal(made->ends[0].outcome, HTTP_ABANDONED);
}

/* So that not all of them open a connection before the first is answered. */
static void few_requests_start_at_once(void **state)
{
	static const uint64_t sent[] = { 4, 8, 9 };
	struct fixture *made = *state;

	made->settings.parallelism = 16;
	SERVE(made, { OK, RAW_KEEP });
	for (size_t i = 0; i < 9; i++)
		submit(made, i, "GET", "/a", NULL);
	for (size_t i = 0; i < LENGTH(sent); i++) {
		(void)http_client_turn(made->client, 0);
		assert_int_equal(http_client_sent(made->client), sent[i]);
	}
}

static void a_client_may_go_while_requests_are_open(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { NULL, RAW_STALL });
	for (size_t i = 0; i < 3; i++)
		submit(made, i, "POST", "/", "{}");
	(void)http_client_turn(made->client, 10);
	http_client_free(made->client);
	made->client = NULL;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(made->ends[i].calls, 0);
}

/* ---- parallel ---- */

struct chain {
	struct http_client *client;
	const char *url;
	unsigned left, done;
};

static void follow(const struct http_answer *answer, void *context)
{
	struct chain *chain = context;
	const struct http_request request = {
		.method = "POST",
		.url = chain->url,
		.body = "{}",
		.body_length = 2,
	};

	assert_int_equal(answer->outcome, HTTP_ANSWERED);
	chain->done++;
	if (chain->left == 0)
		return;
	chain->left--;
	http_client_submit(chain->client, &request, follow, chain);
}

static void answer_ok(const struct http_call *call, struct http_reply *reply,
                      void *context)
{
	(void)call;
	(void)context;
	reply->status = 200;
	reply->body = xstrdup("{}");
	reply->body_length = 2;
}

static void many_run_side_by_side(void **state)
{
	struct fixture *made = *state;
	struct http_server *server =
		http_server_start(0, answer_ok, NULL, made->diag);
	struct chain chain = { .left = 1000 };

	made->origin =
		xasprintf("http://127.0.0.1:%u", http_server_port(server));
	made->settings.parallelism = 16;
	made->settings.clock = clock_system();
	made->client =
		http_client_new(made->origin, &made->settings, made->diag);
	chain.client = made->client;
	chain.url = made->origin;
	for (size_t i = 0; i < 32; i++) {
		const struct http_request request = { .method = "GET",
			                              .url = made->origin,
			                              .flags = HTTP_READ };

		http_client_submit(made->client, &request, follow, &chain);
	}
	http_client_run(made->client);
	assert_int_equal(chain.done, 1032);
	assert_int_equal(http_client_sent(made->client), 1032);
	http_server_stop(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_are_tried_again_and_writes_are_not),
		TEST(too_many_requests_are_sent_again_to_a_limit),
		cmocka_unit_test(the_platform_sets_the_pace),
		cmocka_unit_test(nonsense_does_not_set_the_pace),
		TEST(a_wait_is_told),
		TEST(our_own_limit_holds),
		TEST(stopping_abandons_what_waits),
		TEST(stopping_lets_what_is_in_flight_end),
		TEST(stopping_ends_retries),
		TEST(a_client_may_go_while_requests_are_open),
		TEST(few_requests_start_at_once),
		TEST(many_run_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
