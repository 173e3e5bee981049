/* SPDX-License-Identifier: MIT */
/*
 * The admin side, for tests: what no real platform shows.
 *
 *     GET   /_sandbox/store           all environments, with their secrets,
 *                                     every secret that ever arrived, counts
 *     PUT   /_sandbox/store           {environments: {NAME: [object, …]}}
 *                                     replaces them all; what an object does
 *                                     not say is made up
 *     PATCH /_sandbox/objects/{id}    [?environment=NAME] changes members of
 *                                     any kind behind everyone's back; null
 *                                     removes one
 *     DELETE /_sandbox/objects/{id}   [?environment=NAME] likewise
 *     POST  /_sandbox/seed            ?count=N[&seed=S][&environment=NAME]
 *     GET   /_sandbox/requests        the counts and the last 10,000
 *     POST  /_sandbox/reset-counters
 *     POST  /_sandbox/list-mode       {mode[, times]}: see list_mode.c
 *     GET   /_sandbox/faults          the rules, how often they applied, and
 *                                     how many requests are to come late
 *     PUT   /_sandbox/faults          {faults: [rule, …][, seed]}: replaces
 *                                     them; see schema/faults.schema.json
 *     DELETE /_sandbox/faults         none any more
 *     POST  /_sandbox/faults/late     what is to come late comes now
 *     POST  /_sandbox/race            {id, patch[, wins]}: see race.h
 *     GET   /_sandbox/quirks          {NAME: true or false, …}
 *     POST  /_sandbox/quirks          the same: turns them on and off
 *
 * Every call has the header `x-sandbox-admin: TOKEN`. None is counted, none
 * is slowed down.
 */
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "sandbox/members.h"

#include <string.h>

static void show_requests(struct call *call)
{
	answer_json(call->reply, 200, requests_json(call->sandbox->requests));
}

static void reset_counters(struct call *call)
{
	requests_reset(call->sandbox->requests);
	answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}

static void show_quirks(struct call *call)
{
	const struct dialect *dialect = call->sandbox->dialect;
	json_t *quirks = json_object();

	for (unsigned i = 0; dialect->quirks[i]; i++)
		json_object_set_new(quirks, dialect->quirks[i],
		                    json_boolean(call_has_quirk(call, i)));
	answer_json(call->reply, 200, quirks);
}

static int set_quirk(struct call *call, const char *name, const json_t *on)
{
	struct sandbox *sandbox = call->sandbox;
	int quirk = sandbox_quirk_find(sandbox->dialect, name);

	if (quirk < 0) {
		CLEANUP(textp)
		char *known = sandbox_quirk_names(sandbox->dialect);

		return answer_refuse(call, REFUSE_NO_QUIRK, known);
	}
	if (!json_is_boolean(on))
		return answer_refuse(call, REFUSE_NOT_BOOLEAN, name);
	if (json_is_true(on))
		sandbox->quirks |= 1U << quirk;
	else
		sandbox->quirks &= ~(1U << quirk);
	return 0;
}

static void set_quirks(struct call *call)
{
	const char *name;
	json_t *on;

	json_object_foreach (call->body, name, on) {
		if (set_quirk(call, name, on) < 0)
			return;
	}
	show_quirks(call);
}

struct environment *admin_environment(struct call *call)
{
	struct sandbox *sandbox = call->sandbox;
	const char *name = http_call_query(call->http, "environment");

	if (!name)
		return &sandbox->environments[0];
	for (size_t i = 0; i < sandbox->environment_count; i++) {
		if (str_equal(sandbox->environments[i].name, name))
			return &sandbox->environments[i];
	}
	(void)answer_refuse(call, REFUSE_NO_ENVIRONMENT, name);
	return NULL;
}

static const struct route rows[] = {
	{ "GET", "/_sandbox/store", admin_show_store, 0, NULL },
	{ "PUT", "/_sandbox/store", admin_load_store,
	  ROUTE_BODY | ROUTE_UNTYPED, NULL },
	{ "PATCH", "/_sandbox/objects/{id}", admin_patch_object,
	  ROUTE_BODY | ROUTE_UNTYPED, NULL },
	{ "DELETE", "/_sandbox/objects/{id}", admin_delete_object, 0, NULL },
	{ "POST", "/_sandbox/seed", admin_seed, 0, NULL },
	{ "GET", "/_sandbox/requests", show_requests, 0, NULL },
	{ "POST", "/_sandbox/reset-counters", reset_counters, 0, NULL },
	{ "POST", "/_sandbox/list-mode", admin_set_list_mode,
	  ROUTE_BODY | ROUTE_UNTYPED, NULL },
	{ "GET", "/_sandbox/faults", admin_show_faults, 0, NULL },
	{ "PUT", "/_sandbox/faults", admin_set_faults,
	  ROUTE_BODY | ROUTE_UNTYPED, NULL },
	{ "DELETE", "/_sandbox/faults", admin_clear_faults, 0, NULL },
	{ "POST", "/_sandbox/faults/late", admin_hurry_faults, 0, NULL },
	{ "POST", "/_sandbox/race", admin_set_race, ROUTE_BODY | ROUTE_UNTYPED,
	  NULL },
	{ "GET", "/_sandbox/quirks", show_quirks, 0, NULL },
	{ "POST", "/_sandbox/quirks", set_quirks, ROUTE_BODY | ROUTE_UNTYPED,
	  NULL },
};

static const struct routes routes = { rows, LENGTH(rows), NULL };

void admin_serve(struct call *call)
{
	const char *token = http_call_header(call->http, "x-sandbox-admin");

	call->refuse = answer_plain_refusal;
	if (!str_equal(token, call->sandbox->admin_token)) {
		(void)answer_refuse(call, REFUSE_NO_ADMIN, NULL);
		return;
	}
	call_find_route(call, &routes);
	if (call_check_route(call, &routes) == 0 && call_read_body(call) == 0)
		call->route->handle(call);
}
