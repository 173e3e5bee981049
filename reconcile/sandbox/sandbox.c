/* SPDX-License-Identifier: MIT */
#include "sandbox/sandbox.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

enum { FAULTS_LIMIT_BYTES = 1 << 20 };

static const struct dialect *const dialects[] = { &dialect_alloy,
	                                          &dialect_composio,
	                                          &dialect_nango };

static const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(dialects); i++) {
		if (str_equal(dialects[i]->name, name))
			return dialects[i];
	}
	return NULL;
}

static int refuse_dialect(const char *name, struct diag *diag)
{
	CLEANUP(textp) char *known = xasprintf("`%s`", dialects[0]->name);

	for (size_t i = 1; i < LENGTH(dialects); i++) {
		char *more = xasprintf("%s, `%s`", known, dialects[i]->name);

		free(known);
		known = more;
	}
	return diag_error(diag, CODE_SANDBOX_SETTINGS, PLACE_NONE,
	                  "unknown dialect `%s`; use one of %s", name, known);
}

int sandbox_quirk_find(const struct dialect *dialect, const char *name)
{
	for (int i = 0; dialect->quirks[i]; i++) {
		if (str_equal(dialect->quirks[i], name))
			return i;
	}
	return -1;
}

char *sandbox_quirk_names(const struct dialect *dialect)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; dialect->quirks[i]; i++)
		fprintf(out, "%s%s", i ? ", " : "", dialect->quirks[i]);
	if (!dialect->quirks[0])
		fputs("none", out);
	(void)fclose(out);
	return text;
}

static int add_quirk(struct sandbox *sandbox, const char *name,
                     struct diag *diag)
{
	int quirk = sandbox_quirk_find(sandbox->dialect, name);

	if (quirk < 0) {
		CLEANUP(textp)
		char *known = sandbox_quirk_names(sandbox->dialect);

		return diag_error(diag, CODE_SANDBOX_SETTINGS, PLACE_NONE,
		                  "the dialect `%s` has no quirk `%s`; it "
		                  "has: %s",
		                  sandbox->dialect->name, name, known);
	}
	sandbox->quirks |= 1U << quirk;
	return 0;
}

static int set_dialect(struct sandbox *sandbox,
                       const struct sandbox_settings *settings,
                       struct diag *diag)
{
	sandbox->dialect = dialect_find(settings->dialect);
	if (!sandbox->dialect)
		return refuse_dialect(settings->dialect, diag);
	sandbox->rate.limit = settings->rate_limit;
	sandbox->rate.seconds = settings->rate_window
	                                ? settings->rate_window
	                                : sandbox->dialect->pacing.seconds;
	for (const char *const *quirk = settings->quirks; quirk && *quirk;
	     quirk++) {
		if (add_quirk(sandbox, *quirk, diag) < 0)
			return -1;
	}
	return 0;
}

static int read_faults(struct sandbox *sandbox,
                       const struct sandbox_settings *settings,
                       struct diag *diag)
{
	struct fault_source source = { .documents = settings->documents,
		                       .display = settings->faults_path };
	struct buffer bytes = { 0 };
	int result;

	if (!settings->faults_path)
		return 0;
	if (file_read(settings->faults_path, FAULTS_LIMIT_BYTES, &bytes, diag) <
	    0)
		return -1;
	source.bytes = bytes.bytes;
	source.length = bytes.length;
	result = fault_rules_read(&sandbox->faults.rules, sandbox->dialect,
	                          &source, diag);
	buffer_release(&bytes);
	return result;
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static size_t count_key_scopes(const struct dialect *dialect)
{
	size_t count = 0;

	while (dialect->key_scopes && dialect->key_scopes[count])
		count++;
	return count;
}

/* A scope that is not known could never be missed. */
static int check_key_scope(const struct dialect *dialect, const char *scope,
                           struct diag *diag)
{
	size_t count = count_key_scopes(dialect);

	if (!count)
		return diag_error(diag, CODE_SANDBOX_SETTINGS, PLACE_NONE,
		                  "keys of the dialect `%s` have no scopes; "
		                  "leave `scopes=%s` out",
		                  dialect->name, scope);
	for (size_t i = 0; i < count; i++) {
		if (str_equal(dialect->key_scopes[i], scope))
			return 0;
	}

	const char *near = text_nearest(scope, dialect->key_scopes, count);

	return diag_error(diag, CODE_SANDBOX_SETTINGS, PLACE_NONE,
	                  "a key of the dialect `%s` cannot have the scope "
	                  "`%s`; use one like `%s`",
	                  dialect->name, scope,
	                  near ? near : dialect->key_scopes[0]);
}

static int check_key_scopes(const struct sandbox *sandbox,
                            const struct sandbox_keys *keys, struct diag *diag)
{
	for (size_t i = 0; i < keys->count; i++) {
		CLEANUP(textp) char *scopes = copy(keys->items[i].scopes);
		char *rest = scopes;

		for (const char *scope; (scope = strsep(&rest, ","));) {
			if (*scope &&
			    check_key_scope(sandbox->dialect, scope, diag) < 0)
				return -1;
		}
	}
	return 0;
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
				.scopes = copy(keys->items[i].scopes),
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

	sandbox->clock = settings->clock;
	sandbox->admin_token = xstrdup(settings->admin_token);
	sandbox->secret_omit = settings->secret_omit;
	sandbox->requests = requests_new();
	faults_init(&sandbox->faults);
	if (set_dialect(sandbox, settings, diag) < 0 ||
	    check_key_scopes(sandbox, settings->keys, diag) < 0 ||
	    read_faults(sandbox, settings, diag) < 0)
		return NULL;
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
		free(sandbox->environments[i].scopes);
	}
	free(sandbox->environments);
	free(sandbox->admin_token);
	free(sandbox->allowed);
	free(sandbox->location);
	race_release(&sandbox->race);
	requests_free(sandbox->requests);
	faults_release(&sandbox->faults);
	store_free(sandbox->store);
	free(sandbox);
}

static int find_environment(struct call *call)
{
	struct sandbox *sandbox = call->sandbox;
	const struct keying *keying = &sandbox->dialect->keying;
	const char *given = http_call_header(call->http, keying->header);
	size_t scheme = strlen(keying->scheme);

	if (!given || strncasecmp(given, keying->scheme, scheme) != 0)
		return answer_refuse(call, keying->no_key, NULL);
	for (size_t i = 0; i < sandbox->environment_count; i++) {
		if (!str_equal(sandbox->environments[i].key, given + scheme))
			continue;
		call->environment = &sandbox->environments[i];
		return 0;
	}
	return answer_refuse(call, keying->bad_key, NULL);
}

/* What comes late was counted when it came. */
static int keep_pace(struct call *call)
{
	if (!call->sandbox->rate.limit || call->http->kept)
		return 0;
	return pace_admit(call);
}

static int admit(struct call *call)
{
	const struct dialect *dialect = call->sandbox->dialect;

	return dialect->admit ? dialect->admit(call) : 0;
}

/* The key comes first: who has none learns nothing of the paths. */
static void handle(struct call *call)
{
	const struct dialect *dialect = call->sandbox->dialect;

	if (call->route && call->route->traits & ROUTE_OPEN) {
		call->route->handle(call);
		return;
	}
	if (find_environment(call) < 0 || keep_pace(call) < 0)
		return;
	if (call_check_route(call, &dialect->routes) < 0 || admit(call) < 0 ||
	    call_read_body(call) < 0)
		return;
	call->route->handle(call);
}

static void add_request(const struct call *call)
{
	const struct http_reply *reply = call->reply;

	requests_add(call->sandbox->requests, call->http,
	             call->environment ? call->environment->name : NULL,
	             reply->fate == HTTP_FATE_RESET ? 0 : reply->status);
}

static void serve_platform(struct call *call)
{
	struct sandbox *sandbox = call->sandbox;

	if (sandbox->dialect->refuse)
		call->refuse = sandbox->dialect->refuse;
	call_find_route(call, &sandbox->dialect->routes);
	if (call->http->kept) {
		sandbox->faults.pending--;
		handle(call);
		return;
	}
	if (!faults_before(call))
		handle(call);
	faults_after(call);
	sandbox->faults.pending += call->reply->again_ms > 0;
	add_request(call);
}

void sandbox_serve(const struct http_call *http, struct http_reply *reply,
                   void *context)
{
	struct call call = {
		.http = http,
		.reply = reply,
		.sandbox = context,
		.refuse = answer_plain_refusal,
	};

	if (str_starts(http->path, "/_sandbox/"))
		admin_serve(&call);
	else
		serve_platform(&call);
	call_release(&call);
}
