/* SPDX-License-Identifier: MIT */
/* A platform's server by script, and an open platform that speaks to it. */
#ifndef TESTS_UNIT_PLATFORM_WORLD_H
#define TESTS_UNIT_PLATFORM_WORLD_H

#include "http/http.h"
#include "platform/platform.h"
#include "schema/codes.h"
#include "secrets/secrets.h"
#include "unit.h"

#include "base/text.h"

#include <pthread.h>
#include <string.h>

/* Answers the n-th request; the last one repeats. */
struct step {
	int status;
	const char *body; /* NULL: the connection is reset */
};

enum { WORLD_REQUESTS = 128 };

struct seen {
	char *method, *path, *body, *key, *version, *type;
};

/* `seen` is the server's until no request is in flight. */
struct world {
	struct diag *diag;
	struct http_server *server;
	const struct step *steps;
	size_t step_count;
	struct seen seen[WORLD_REQUESTS];
	size_t seen_count;
	struct clock_fixed clock;
	struct http_settings http;
	struct binding *binding;
	struct secret *key;
	char *url;
	struct platform *platform;
};

static inline char *copy_header(const struct http_call *call, const char *name)
{
	const char *value = http_call_header(call, name);

	return xstrdup(value ? value : "");
}

static inline void world_serve(const struct http_call *call,
                               struct http_reply *reply, void *context)
{
	struct world *world = context;
	const size_t index = world->seen_count;
	const struct step *step =
		&world->steps[index < world->step_count
	                              ? index
	                              : world->step_count - 1];

	if (index < WORLD_REQUESTS)
		world->seen[world->seen_count++] = (struct seen){
			xstrdup(call->method),
			xstrdup(call->raw_path),
			xstrdup(call->body),
			copy_header(call, "Authorization"),
			copy_header(call, "x-api-version"),
			copy_header(call, "Content-Type"),
		};
	if (!step->body) {
		reply->fate = HTTP_FATE_RESET;
		return;
	}
	reply->status = step->status;
	reply->body = xstrdup(step->body);
	reply->body_length = strlen(step->body);
}

/* The clock of a test jumps further than any backoff, so that none is waited
 * for: one that is not over is looked at again after a quarter of a second. */
enum { JUMP_MS = 30000 };

static inline int64_t jump_ms(const struct clock *clock)
{
	union {
		const struct clock *seen;
		struct clock_fixed *own;
	} view = { clock };

	return view.own->steady_ms += JUMP_MS;
}

static inline int world_set_up(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->diag = diag_new();
	clock_fixed_init(&world->clock, 1800000000000);
	world->clock.clock.steady_ms = jump_ms;
	world->http = (struct http_settings){ .clock = &world->clock.clock };
	world->key = secret_new("test-api-key", strlen("test-api-key"));
	*state = world;
	return 0;
}

static inline int world_tear_down(void **state)
{
	struct world *world = *state;

	platform_close(world->platform);
	http_server_stop(world->server);
	for (size_t i = 0; i < world->seen_count; i++) {
		free(world->seen[i].method);
		free(world->seen[i].path);
		free(world->seen[i].body);
		free(world->seen[i].key);
		free(world->seen[i].version);
		free(world->seen[i].type);
	}
	binding_free(world->binding);
	secret_free(world->key);
	diag_free(world->diag);
	free(world->url);
	free(world);
	return 0;
}

/* `yaml` NULL: alloy-assumed. */
static inline void world_open(struct world *world, const char *yaml,
                              const struct step *steps, size_t count)
{
	struct platform_settings settings = {
		.place = { "prod.yaml", 2, 1 },
		.url_place = { "prod.yaml", 5, 8 },
		.api_key = world->key,
		.http = &world->http,
	};

	world->steps = steps;
	world->step_count = count;
	world->server = http_server_start(0, world_serve, world, world->diag);
	assert_non_null(world->server);
	world->url = xasprintf("http://127.0.0.1:%u/base/",
	                       http_server_port(world->server));
	settings.url = world->url;
	world->binding =
		yaml ? binding_parse("test.yaml", yaml, strlen(yaml),
	                             world->diag)
		     : binding_load("alloy-assumed", PLACE_NONE, world->diag);
	if (!world->binding) {
		CLEANUP(textp) char *text = diag_text(world->diag);

		fail_msg("%s", text);
	}
	world->platform = platform_open(world->binding, &settings, world->diag);
	assert_non_null(world->platform);
}

#define OPEN(world, yaml, ...)                               \
	static const struct step steps_[] = { __VA_ARGS__ }; \
	world_open((world), (yaml), steps_, LENGTH(steps_))

/* One report, whose text holds `words`. */
static inline void assert_report(const struct world *world, unsigned code,
                                 const char *words)
{
	assert_int_equal(diag_length(world->diag), 1);
	assert_int_equal(diag_at(world->diag, 0)->code, code);
	if (!strstr(diag_at(world->diag, 0)->text, words))
		fail_msg("%s", diag_at(world->diag, 0)->text);
	assert_string_equal(diag_at(world->diag, 0)->place.file, "prod.yaml");
}

static inline void assert_refused(struct world *world, unsigned code,
                                  const char *words)
{
	CLEANUP(state_freep)
	struct state *state = platform_list(world->platform, world->diag);

	assert_null(state);
	assert_report(world, code, words);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

#endif
