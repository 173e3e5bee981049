/* SPDX-License-Identifier: MIT */
/* A client of http, a raw server for it, and a clock that the test moves. */
#ifndef TESTS_UNIT_HTTP_WORLD_H
#define TESTS_UNIT_HTTP_WORLD_H

#include "http/http.h"
#include "schema/codes.h"
#include "unit.h"

#include "base/limits.h"
#include "raw_server.h"

/* What came of one request; copied, for the answer is borrowed. */
struct end {
	unsigned calls;
	enum http_outcome outcome;
	int status;
	char *body, *problem, *request_id;
	unsigned tries;
};

struct fixture {
	struct raw_server server;
	struct diag *diag;
	struct http_client *client;
	struct clock_fixed clock;
	struct http_settings settings;
	char *origin;
	struct end ends[64];
	int64_t step_ms; /* of the clock in a turn */
	uint64_t seed;
	bool stopping;
};

static inline bool is_stopping(void *context)
{
	return ((const struct fixture *)context)->stopping;
}

/* No jitter: waits are what was asked for, to the millisecond. */
static inline uint64_t never(void *context)
{
	(void)context;
	return 0;
}

static inline int set_up(void **state)
{
	struct fixture *made = xcalloc(1, sizeof(*made));

	made->diag = diag_new();
	made->server.stop_fd = -1;
	made->step_ms = 100;
	clock_fixed_init(&made->clock, 1800000000000);
	made->settings = (struct http_settings){
		.clock = &made->clock.clock,
		.chance = { never, NULL },
		.user_agent = "trueup/test",
		.timeout_ms = 20000,
		.parallelism = 1,
		.stopping = is_stopping,
		.stopping_context = made,
	};
	*state = made;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *made = *state;

	http_client_free(made->client);
	raw_server_release(&made->server);
	for (size_t i = 0; i < LENGTH(made->ends); i++) {
		free(made->ends[i].body);
		free(made->ends[i].problem);
		free(made->ends[i].request_id);
	}
	free(made->origin);
	diag_free(made->diag);
	free(made);
	return 0;
}

static inline void serve(struct fixture *made, const struct raw_step *steps,
                         size_t count)
{
	raw_server_start(&made->server, steps, count);
	made->origin = xasprintf("http://127.0.0.1:%u", made->server.port);
}

#define SERVE(made, ...)                                                    \
	static const struct raw_step steps_[] = { __VA_ARGS__ };            \
	serve((made), steps_, LENGTH(steps_));                              \
	(made)->client = http_client_new((made)->origin, &(made)->settings, \
	                                 (made)->diag);                     \
	assert_non_null((made)->client)

static inline void note_end(const struct http_answer *answer, void *context)
{
	struct end *end = context;

	end->calls++;
	end->outcome = answer->outcome;
	end->status = answer->status;
	end->body = xstrdup(answer->body);
	end->problem = xstrdup(answer->problem);
	end->request_id = xstrdup(answer->request_id);
	end->tries = answer->tries;
	assert_int_equal(strlen(answer->body), answer->body_length);
}

static inline void submit(struct fixture *made, size_t index,
                          const char *method, const char *path,
                          const char *body)
{
	CLEANUP(textp) char *url = xasprintf("%s%s", made->origin, path);
	const struct http_header headers[] = {
		{ "Authorization", "Bearer KEY" },
		{ "Content-Type", "application/json" },
	};
	const struct http_request request = {
		.method = method,
		.url = url,
		.headers = headers,
		.header_count = LENGTH(headers),
		.body = body,
		.body_length = body ? strlen(body) : 0,
		.flags = str_equal(method, "GET") ? HTTP_READ : 0,
	};

	http_client_submit(made->client, &request, note_end,
	                   &made->ends[index]);
}

/* Time passes only here, so that no test waits for a backoff. */
static inline void run(struct fixture *made)
{
	while (http_client_turn(made->client, 5) > 0)
		made->clock.steady_ms += made->step_ms;
}

static inline struct end *ask(struct fixture *made, size_t index,
                              const char *method, const char *path,
                              const char *body)
{
	submit(made, index, method, path, body);
	run(made);
	assert_int_equal(made->ends[index].calls, 1);
	return &made->ends[index];
}

#define OK_LENGTH(length) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n"
#define OK OK_LENGTH("2") "\r\n{}"

#define EMPTY "Content-Length: 0\r\n\r\n"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
