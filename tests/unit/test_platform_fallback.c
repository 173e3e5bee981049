/* SPDX-License-Identifier: MIT */
/* A server that cuts the limit and goes on as if it had not: all objects are
 * seen, or the list is refused. */
#include "platform_world.h"

#include "base/limits.h"

#include <stdlib.h>

enum { TOTAL = 248, CUT = 20 };

enum walk { BY_CUT, BY_LIMIT, BY_NOTHING };

/* How it takes plain page numbers. */
struct clamp {
	enum walk walk;
	long cut, total;
	unsigned requests, numbered;
};

struct span {
	long from, next; /* -1: none */
};

/* "PAGE-LIMIT" counts by the limit that was asked for. */
static struct span span_of(struct clamp *clamp, const char *cursor, long limit)
{
	const char *dash = cursor ? strchr(cursor, '-') : NULL;
	const long page = cursor ? strtol(cursor, NULL, 10) : 1;
	const long step = clamp->walk == BY_CUT ? clamp->cut : limit;

	if (!cursor || dash)
		return (struct span){ (page - 1) * limit,
			              page * limit < clamp->total ? page + 1
			                                          : -1 };
	clamp->numbered++;
	return (struct span){ clamp->walk == BY_NOTHING ? clamp->total
		                                        : (page - 1) * step,
		              -1 };
}

static void serve(const struct http_call *call, struct http_reply *reply,
                  void *context)
{
	struct clamp *clamp = context;
	const long limit = strtol(http_call_query(call, "limit"), NULL, 10);
	const struct span span =
		span_of(clamp, http_call_query(call, "cursor"), limit);
	const long end = span.from + (limit < clamp->cut ? limit : clamp->cut);
	FILE *out = xmemstream(&reply->body, &reply->body_length);

	clamp->requests++;
	fputs("{\"items\":[", out);
	for (long i = span.from; i < end && i < clamp->total; i++)
		fprintf(out,
		        "%s{\"id\":\"ac_%04ld\",\"toolkit\":{\"slug\":\"x\"},"
		        "\"name\":\"n\",\"status\":\"DISABLED\","
		        "\"is_composio_managed\":false}",
		        i == span.from ? "" : ",", i);
	fprintf(out, "],\"total_items\":%ld,\"next_cursor\":", clamp->total);
	if (span.next > 0)
		fprintf(out, "\"%ld-%ld\"}", span.next, limit);
	else
		fputs("null}", out);
	(void)fclose(out);
	reply->status = 200;
}

/* world->url and the rest are freed by the world. */
static void open_clamp(struct world *world, struct clamp *clamp)
{
	struct platform_settings settings = {
		.place = { "prod.yaml", 2, 1 },
		.url_place = { "prod.yaml", 5, 8 },
		.api_key = world->key,
		.http = &world->http,
	};

	world->server = http_server_start(0, serve, clamp, world->diag);
	assert_non_null(world->server);
	world->url = xasprintf("http://127.0.0.1:%u",
	                       http_server_port(world->server));
	settings.url = world->url;
	world->binding = binding_load("composio", PLACE_NONE, world->diag);
	world->platform = platform_open(world->binding, &settings, world->diag);
	assert_non_null(world->platform);
}

static void all_are_seen_by_their_cursors(void **state)
{
	struct world *world = *state;
	struct clamp clamp = { .walk = BY_NOTHING, .cut = 50, .total = TOTAL };
	CLEANUP(state_freep) struct state *live = NULL;

	open_clamp(world, &clamp);
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), TOTAL);
	assert_int_equal(clamp.requests, 5);
	assert_int_equal(clamp.numbered, 0);
}

static void all_are_seen_by_their_numbers(void **state)
{
	struct world *world = *state;
	struct clamp clamp = { .walk = BY_CUT, .cut = CUT, .total = TOTAL };
	CLEANUP(state_freep) struct state *live = NULL;

	open_clamp(world, &clamp);
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), TOTAL);
	assert_int_equal(clamp.requests, 5 + 13);
	assert_int_equal(clamp.numbered, 13);
	assert_string_equal(
		auth_config_value(state_at(live, TOTAL - 1), "enabled").bytes,
		"false");
}

/* 50 objects, a page of 49, and no cursor. */
static void a_cursor_that_ends_too_early_is_no_end(void **state)
{
	struct world *world = *state;
	struct clamp clamp = { .walk = BY_CUT, .cut = 49, .total = 50 };
	CLEANUP(state_freep) struct state *live = NULL;

	open_clamp(world, &clamp);
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 50);
	assert_int_equal(clamp.numbered, 2);
}

static void a_list_that_stays_short_is_refused(void **state)
{
	for (enum walk walk = BY_LIMIT; walk <= BY_NOTHING; walk++) {
		struct clamp clamp = { .walk = walk,
			               .cut = CUT,
			               .total = TOTAL };

		assert_int_equal(world_set_up(state), 0);
		open_clamp(*state, &clamp);
		assert_refused(*state, CODE_LIST_INCOMPLETE,
		               walk == BY_LIMIT
		                       ? "there are 248 auth configs and lists "
		                         "100"
		                       : "there are 248 auth configs and lists "
		                         "0");
		assert_int_equal(world_tear_down(state), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_are_seen_by_their_cursors),
		TEST(all_are_seen_by_their_numbers),
		TEST(a_cursor_that_ends_too_early_is_no_end),
		cmocka_unit_test(a_list_that_stays_short_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
