/* SPDX-License-Identifier: MIT */
/*
 * What every call needs, a key with its scope and a content type, and how the
 * server says no.
 *
 * Where several things are wrong with a request the server may say another one
 * of them first: it reads the body before the key.
 */
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/nango.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* ---- refusals ---- */

/* XXXXXXXX-XXXX-4XXX-YXXX-XXXXXXXXXXXX, Y one of 8, 9, a, b. */
static bool is_key_form(const char *key)
{
	static const char form[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";

	if (strlen(key) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i]; i++) {
		bool good = form[i] == 'x'   ? isxdigit((unsigned char)key[i])
		            : form[i] == 'y' ? strchr("89abAB", key[i]) != NULL
		                             : form[i] == key[i];

		if (!good)
			return false;
	}
	return true;
}

/* Code and words of a key that opens nothing. */
static const char *const *key_refusal(const char *header)
{
	static const char *const refusals[][2] = {
		{ "missing_auth_header",
		  "Authentication failed. The request is missing the "
		  "Authorization header." },
		{ "malformed_auth_header",
		  "Authentication failed. The Authorization header is "
		  "malformed." },
		{ "invalid_secret_key_format",
		  "Authentication failed. The provided secret key is not a "
		  "UUID v4." },
		{ "unknown_account",
		  "Authentication failed. The provided authorization header "
		  "does not match any account." },
	};
	const char *bearer = header ? strstr(header, "Bearer ") : NULL;
	const char *key = bearer ? bearer + strlen("Bearer ") : header;

	if (!header)
		return refusals[0];
	if (!*key)
		return refusals[1];
	return is_key_form(key) ? refusals[3] : refusals[2];
}

static void refuse_key(const struct call *call, const struct refused *refused)
{
	const char *const *words =
		key_refusal(http_call_header(call->http, "Authorization"));

	answer_json(call->reply, refused->status,
	            json_pack("{s:{s:s, s:s, s:{}}}", "error", "message",
	                      words[1], "code", words[0], "payload"));
}

static void refuse_pace(const struct call *call, const struct refused *refused)
{
	answer_json(call->reply, refused->status,
	            json_pack("{s:{s:s, s:s, s:s}}", "error", "code",
	                      "too_many_request", "method", call->http->method,
	                      "path", call->http->path));
}

static void refuse_path(const struct call *call, const struct refused *refused)
{
	char *page = xasprintf("<!DOCTYPE html>\n"
	                       "<html lang=\"en\">\n"
	                       "<head>\n"
	                       "<meta charset=\"utf-8\">\n"
	                       "<title>Error</title>\n"
	                       "</head>\n"
	                       "<body>\n"
	                       "<pre>Cannot %s</pre>\n"
	                       "</body>\n"
	                       "</html>\n",
	                       call->http->method);

	(void)refused;
	answer_header(call->reply, "Content-Type", "text/html; charset=utf-8");
	answer_text(call->reply, 404, page, strlen(page));
}

/* A body of another JSON type is checked as the vendor does it: arrays are
 * JSON, single values are not. */
static void refuse_object(const struct call *call,
                          const struct refused *refused)
{
	if (!json_is_array(call->body) ||
	    nango_check_body(call, NANGO_CREATE) == 0)
		(void)nango_fail(call, 400, "invalid_json", refused->message);
}

static const struct {
	enum refusal refusal;
	const char *code; /* NULL: `refuse` does it */
	refuse_fn *refuse;
} refusals[] = {
	{ REFUSE_NO_KEY, NULL, refuse_key },
	{ REFUSE_BAD_KEY, NULL, refuse_key },
	{ REFUSE_TOO_FAST, NULL, refuse_pace },
	{ REFUSE_NO_PATH, NULL, refuse_path },
	{ REFUSE_BAD_METHOD, NULL, refuse_path },
	{ REFUSE_NOT_OBJECT, NULL, refuse_object },
	{ REFUSE_NOT_JSON, "invalid_json", NULL },
	{ REFUSE_EXTRA_BODY, "invalid_body", NULL },
};

void nango_refuse(const struct call *call, const struct refused *refused)
{
	for (size_t i = 0; i < LENGTH(refusals); i++) {
		if (refusals[i].refusal != refused->refusal)
			continue;
		if (refusals[i].refuse)
			refusals[i].refuse(call, refused);
		else
			(void)nango_fail(call, refused->status,
			                 refusals[i].code, refused->message);
		return;
	}
	(void)nango_fail(call, refused->status, "server_error",
	                 refused->message);
}

/* ---- what every call needs ---- */

#define INTEGRATIONS "environment:integrations:"
#define CONNECTIONS "environment:connections:"

/* One of the scopes is needed. */
enum { GATE_SCOPES = 2 };

struct gate {
	const char *method, *path;
	const char *scopes[GATE_SCOPES];
};

static const struct gate gates[] = {
	{ "GET",
	  "/integrations",
	  { INTEGRATIONS "list", INTEGRATIONS "list_credentials" } },
	{ "POST", "/integrations", { INTEGRATIONS "create" } },
	{ "POST", "/integrations/quickstart", { INTEGRATIONS "create" } },
	{ "GET",
	  "/integrations/{key}",
	  { INTEGRATIONS "read", INTEGRATIONS "read_credentials" } },
	{ "PATCH", "/integrations/{key}", { INTEGRATIONS "update" } },
	{ "DELETE", "/integrations/{key}", { INTEGRATIONS "delete" } },
	{ "GET",
	  "/connections",
	  { CONNECTIONS "list", CONNECTIONS "list_credentials" } },
};

const char *const nango_key_scopes[] = {
	"environment:*",
	INTEGRATIONS "list",
	INTEGRATIONS "list_credentials",
	INTEGRATIONS "read",
	NANGO_READ_CREDENTIALS,
	INTEGRATIONS "create",
	INTEGRATIONS "update",
	INTEGRATIONS "delete",
	INTEGRATIONS "*",
	CONNECTIONS "list",
	CONNECTIONS "list_credentials",
	CONNECTIONS "*",
	NULL,
};

static int refuse_scope(const struct call *call, const struct gate *gate)
{
	CLEANUP(textp)
	char *message =
		gate->scopes[1]
			? xasprintf("Insufficient scope. Required one of: %s "
	                            "or %s",
	                            gate->scopes[0], gate->scopes[1])
			: xasprintf("Insufficient scope. Required: %s",
	                            gate->scopes[0]);

	return nango_fail(call, 403, "forbidden", message);
}

static const struct gate *gate_of(const struct route *route)
{
	for (size_t i = 0; i < LENGTH(gates); i++) {
		if (str_equal(gates[i].method, route->method) &&
		    str_equal(gates[i].path, route->path))
			return &gates[i];
	}
	return NULL;
}

static int check_scope(const struct call *call)
{
	const struct gate *gate = gate_of(call->route);

	assert(gate);
	if (call_has_scope(call, gate->scopes[0]) ||
	    (gate->scopes[1] && call_has_scope(call, gate->scopes[1])))
		return 0;
	return refuse_scope(call, gate);
}

/* No type is no body, which only the checks of the body refuse. */
static int check_type(struct call *call)
{
	const char *type = http_call_header(call->http, "Content-Type");

	if (type && !str_starts(type, "application/json"))
		return nango_fail(call, 415, "invalid_content_type",
		                  "Content-Type header must be "
		                  "application/json");
	if (!type && (call->route->traits & ROUTE_BODY))
		return nango_check_body(call, NANGO_CREATE);
	return 0;
}

int nango_admit(struct call *call)
{
	const char *header = http_call_header(call->http, "Authorization");

	if (!strstr(header, "Bearer "))
		return answer_refuse(call, REFUSE_BAD_KEY, NULL);
	return check_scope(call) < 0 ? -1 : check_type(call);
}
