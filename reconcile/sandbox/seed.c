/* SPDX-License-Identifier: MIT */
/*
 * Seed: many auth configs at once, the same for the same seed.
 *
 * Object i (from 1) is drawn by base/chance begun at seed * 2^32 + i: an id of
 * 24 digits, a connector, client id and secret, and two to six scopes. It is
 * called bench-000001, bench-000002, …
 */
#include "base/chance.h"
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "sandbox/connectors.h"

#include <inttypes.h>

static const char *const nouns[] = { "accounts", "channels", "contacts",
	                             "deals",    "files",    "invoices",
	                             "messages", "orders",   "projects",
	                             "reports",  "tickets",  "users" };

static uint64_t draw(uint64_t *state)
{
	const struct chance chance = chance_seeded(state);

	return chance_next(&chance);
}

/* Neighbours in a circle of nouns, so none comes twice. */
static json_t *draw_scopes(uint64_t *state)
{
	static const char *const verbs[] = { "read", "write" };
	size_t count = 2 + draw(state) % 5, first = draw(state);
	json_t *scopes = json_array();

	for (size_t i = 0; i < count; i++) {
		CLEANUP(textp)
		char *scope =
			xasprintf("%s:%s", nouns[(first + i) % LENGTH(nouns)],
		                  verbs[draw(state) % LENGTH(verbs)]);

		json_array_append_new(scopes, json_string(scope));
	}
	return scopes;
}

static json_t *draw_object(const struct dialect *dialect, uint64_t seed,
                           uint64_t index)
{
	uint64_t state = (seed << 32) + index;
	const uint64_t draws[] = { draw(&state), draw(&state), draw(&state),
		                   draw(&state), draw(&state) };
	CLEANUP(textp)
	char *id = xasprintf("%016" PRIx64 "%08" PRIx32, draws[0],
	                     (uint32_t)draws[1]);
	CLEANUP(textp) char *name = xasprintf("bench-%06" PRIu64, index);
	CLEANUP(textp) char *client = xasprintf("client-%016" PRIx64, draws[3]);
	CLEANUP(textp) char *secret = xasprintf("secret-%016" PRIx64, draws[4]);
	json_auto_t *scopes = draw_scopes(&state);
	const struct sample sample = {
		.id = id,
		.connector = connectors[draws[2] % connector_count].id,
		.name = name,
		.client_id = client,
		.client_secret = secret,
		.scopes = scopes,
	};

	return dialect->draw(&sample);
}

static int add_all(struct call *call, int64_t environment, uint64_t count,
                   uint64_t seed)
{
	const struct dialect *dialect = call->sandbox->dialect;

	for (uint64_t i = 1; i <= count; i++) {
		if (admin_add(call, environment,
		              draw_object(dialect, seed, i)) < 0)
			return -1;
	}
	return 0;
}

static int read_number(const struct call *call, const char *name, uint64_t max,
                       uint64_t *number)
{
	const char *text = http_call_query(call->http, name);

	if (!text || parse_uint(text, max, number) == 0)
		return 0;
	return answer_refuse(call, REFUSE_BAD_COUNT, text);
}

void admin_seed(struct call *call)
{
	static const char *const queries[] = { "count", "seed", "environment" };
	struct store *store = call->sandbox->store;
	uint64_t count = 0, seed = 1;

	if (call_check_queries(call, queries, LENGTH(queries)) < 0 ||
	    read_number(call, "count", LIMIT_LISTED, &count) < 0 ||
	    read_number(call, "seed", UINT32_MAX, &seed) < 0)
		return;

	const struct environment *environment = admin_environment(call);

	if (!environment)
		return;

	int begun = store_enter(store);

	if (begun == 0 && add_all(call, environment->number, count, seed) < 0) {
		store_rollback(store);
		return;
	}
	if (begun < 0 || store_commit(store) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200,
		            json_pack("{s:I}", "created", (json_int_t)count));
}
