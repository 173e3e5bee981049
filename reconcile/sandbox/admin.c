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
 *     POST  /_sandbox/list-mode       {mode[, times]}: see faults.c
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

static void set_list_mode(struct call *call)
{
	static const struct member members[] = {
		{ "mode", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
		{ "times", MEMBER_COUNT, 0, 0 },
	};
	struct faults *faults = &call->sandbox->faults;

	if (members_check(call->body, members, LENGTH(members), call->reply) <
	    0)
		return;

	const json_t *times = json_object_get(call->body, "times");
	const char *mode =
		json_string_value(json_object_get(call->body, "mode"));

	if (faults_set_list_mode(faults, mode,
	                         times ? json_integer_value(times) : -1) < 0)
		(void)answer_refuse(call->reply, REFUSE_BAD_MEMBER, mode);
	else
		answer_json(
			call->reply, 200,
			json_pack("{s:s}", "mode", faults_list_mode(faults)));
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
	(void)answer_refuse(call->reply, REFUSE_NO_ENVIRONMENT, name);
	return NULL;
}

static const struct route rows[] = {
	{ "GET", "/_sandbox/store", admin_show_store, 0 },
	{ "PUT", "/_sandbox/store", admin_load_store,
	  ROUTE_BODY | ROUTE_UNTYPED },
	{ "PATCH", "/_sandbox/objects/{id}", admin_patch_object,
	  ROUTE_BODY | ROUTE_UNTYPED },
	{ "DELETE", "/_sandbox/objects/{id}", admin_delete_object, 0 },
	{ "POST", "/_sandbox/seed", admin_seed, 0 },
	{ "GET", "/_sandbox/requests", show_requests, 0 },
	{ "POST", "/_sandbox/reset-counters", reset_counters, 0 },
	{ "POST", "/_sandbox/list-mode", set_list_mode,
	  ROUTE_BODY | ROUTE_UNTYPED },
};

static const struct routes routes = { rows, LENGTH(rows) };

void admin_serve(struct call *call)
{
	const char *token = http_call_header(call->http, "x-sandbox-admin");

	if (!str_equal(token, call->sandbox->admin_token)) {
		(void)answer_refuse(call->reply, REFUSE_NO_ADMIN, NULL);
		return;
	}
	call_find_route(call, &routes);
	if (call_check_route(call, &routes) == 0 && call_read_body(call) == 0)
		call->route->handle(call);
}
