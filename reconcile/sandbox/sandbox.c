/* SPDX-License-Identifier: MIT */
#include "sandbox/sandbox.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static const struct dialect *const dialects[] = { &dialect_alloy };

static const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(dialects); i++) {
		if (str_equal(dialects[i]->name, name))
			return dialects[i];
	}
	return NULL;
}

static int add_environments(struct sandbox *sandbox,
                            const struct sandbox_keys *keys)
{
	sandbox->environments =
		xcalloc(keys->count, sizeof(*sandbox->environments));
	for (size_t i = 0; i < keys->count; i++) {
		int64_t number =
			store_environment(sandbox->store, keys->items[i].name);

		if (number < 0)
			return -1;
		sandbox->environments[sandbox->environment_count++] =
			(struct environment){
				.name = xstrdup(keys->items[i].name),
				.key = xstrdup(keys->items[i].key),
				.number = number,
			};
	}
	return 0;
}

struct sandbox *sandbox_new(const struct sandbox_settings *settings,
                            struct diag *diag)
{
	CLEANUP(sandbox_freep)
	struct sandbox *sandbox = xcalloc(1, sizeof(*sandbox));

	sandbox->dialect = dialect_find(settings->dialect);
	sandbox->clock = settings->clock;
	sandbox->admin_token = xstrdup(settings->admin_token);
	sandbox->secret_omit = settings->secret_omit;
	sandbox->rate_limit = settings->rate_limit;
	sandbox->requests = requests_new();
	faults_init(&sandbox->faults);
	if (!sandbox->dialect) {
		(void)diag_error(diag, CODE_SANDBOX_SETTINGS, PLACE_NONE,
		                 "unknown dialect `%s`; use `%s`",
		                 settings->dialect, dialects[0]->name);
		return NULL;
	}
	sandbox->store = store_new(settings->data_path, diag);
	if (!sandbox->store || add_environments(sandbox, settings->keys) < 0)
		return NULL;
	return TAKE(sandbox);
}

void sandbox_free(struct sandbox *sandbox)
{
	if (!sandbox)
		return;
	for (size_t i = 0; i < sandbox->environment_count; i++) {
		free(sandbox->environments[i].name);
		free(sandbox->environments[i].key);
	}
	free(sandbox->environments);
	free(sandbox->admin_token);
	free(sandbox->allowed);
	requests_free(sandbox->requests);
	store_free(sandbox->store);
	free(sandbox);
}

static int find_environment(struct call *call)
{
	static const char scheme[] = "Bearer ";
	const char *given = http_call_header(call->http, "Authorization");
	struct sandbox *sandbox = call->sandbox;

	if (!given || strncasecmp(given, scheme, sizeof(scheme) - 1) != 0)
		return answer_refuse(call->reply, REFUSE_NO_KEY, NULL);
	for (size_t i = 0; i < sandbox->environment_count; i++) {
		if (!str_equal(sandbox->environments[i].key,
		               given + sizeof(scheme) - 1))
			continue;
		call->environment = &sandbox->environments[i];
		return 0;
	}
	return answer_refuse(call->reply, REFUSE_BAD_KEY, NULL);
}

static int keep_pace(struct call *call)
{
	struct sandbox *sandbox = call->sandbox;

	if (!sandbox->rate_limit)
		return 0;
	return pace_admit(&call->environment->window, sandbox->rate_limit,
	                  sandbox->clock->wall_ms(sandbox->clock),
	                  &sandbox->pace, call->reply);
}

/* The key comes first: who has none learns nothing of the paths. */
static void handle(struct call *call)
{
	const struct dialect *dialect = call->sandbox->dialect;

	if (find_environment(call) < 0 || keep_pace(call) < 0)
		return;
	if (call_check_route(call, &dialect->routes) < 0 ||
	    dialect->admit(call) < 0 || call_read_body(call) < 0)
		return;
	call->route->handle(call);
}

static void serve_platform(struct call *call)
{
	struct sandbox *sandbox = call->sandbox;
	struct faults *faults = &sandbox->faults;

	call_find_route(call, &sandbox->dialect->routes);
	if (faults->apply(faults, FAULT_BEFORE, call) == FAULT_NONE)
		handle(call);
	(void)faults->apply(faults, FAULT_AFTER, call);
	requests_add(
		sandbox->requests, call->http,
		call->environment ? call->environment->name : NULL,
		call->reply->fate == HTTP_FATE_RESET ? 0 : call->reply->status);
}

void sandbox_serve(const struct http_call *http, struct http_reply *reply,
                   void *context)
{
	struct call call = {
		.http = http,
		.reply = reply,
		.sandbox = context,
	};

	if (str_starts(http->path, "/_sandbox/"))
		admin_serve(&call);
	else
		serve_platform(&call);
	call_release(&call);
}
