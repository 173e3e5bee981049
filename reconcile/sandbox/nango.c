/* SPDX-License-Identifier: MIT */
/*
 * Nango's calls about integrations, as its server 0.71.4 answers them, and the
 * table of all of the dialect's calls.
 *
 * Its keys have scopes (see the table). The connections of an integration are
 * a number in the store. Where several things are wrong with a request the
 * server may say another one of them first: it reads the body before the key.
 */
#include "sandbox/nango.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/nango_provider.h"
#include "sandbox/whole.h"

#include <ctype.h>
#include <stdlib.h>
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
	{ REFUSE_BROKEN, "server_error", NULL },
	{ REFUSE_TOLD, "server_error", NULL },
};

static void refuse(const struct call *call, const struct refused *refused)
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
	abort(); /* no other one comes up on this side */
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

static const char *const key_scopes[] = {
	"environment:*",
	INTEGRATIONS "list",
	INTEGRATIONS "list_credentials",
	INTEGRATIONS "read",
	INTEGRATIONS "read_credentials",
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

static int check_scope(const struct call *call)
{
	const struct route *route = call->route;

	for (size_t i = 0; i < LENGTH(gates); i++) {
		const struct gate *gate = &gates[i];

		if (!str_equal(gate->method, route->method) ||
		    !str_equal(gate->path, route->path))
			continue;
		if (call_has_scope(call, gate->scopes[0]) ||
		    (gate->scopes[1] && call_has_scope(call, gate->scopes[1])))
			return 0;
		return refuse_scope(call, gate);
	}
	abort(); /* every route has a gate */
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

static int admit(struct call *call)
{
	const char *header = http_call_header(call->http, "Authorization");

	if (!strstr(header, "Bearer "))
		return answer_refuse(call, REFUSE_BAD_KEY, NULL);
	return check_scope(call) < 0 ? -1 : check_type(call);
}

/* ---- the calls ---- */

static struct shelf shelf_of(const struct call *call)
{
	return (struct shelf){ call->environment->number, RECORD_CONFIG };
}

/* True when the query is as the call wants it. */
static bool takes_query(const struct call *call)
{
	json_auto_t *query = nango_read_query(call, NANGO_NO_QUERY);

	return query != NULL;
}

static void answer_view(const struct call *call, const json_t *stored,
                        unsigned include)
{
	answer_json(
		call->reply, 200,
		json_pack("{s:o}", "data", nango_view(call, stored, include)));
}

/* What is secret beside the client secret. */
static int see_secrets(const struct call *call, const json_t *stored)
{
	static const char *const names[] = { "private_key", "webhook_secret" };
	const json_t *credentials = json_object_get(stored, "credentials");

	for (size_t i = 0; i < LENGTH(names); i++) {
		const char *secret = json_string_value(
			json_object_get(credentials, names[i]));

		if (store_see_secret(call->sandbox->store,
		                     call->environment->number, secret) < 0)
			return answer_refuse(call, REFUSE_BROKEN, NULL);
	}
	return 0;
}

struct listing {
	const struct dialect *dialect;
	json_t *objects;
};

static void append_object(const struct record *record, void *context)
{
	const struct listing *listing = context;

	json_array_append_new(listing->objects,
	                      whole_from_record(listing->dialect, record));
}

struct place_in_list {
	const char *provider;
	size_t index;
};

static int compare_places(const void *a, const void *b)
{
	const struct place_in_list *one = a, *other = b;
	int order = str_compare(one->provider, other->provider);

	if (order)
		return order;
	return (one->index > other->index) - (one->index < other->index);
}

/* By provider, then by age, in which they are. */
static json_t *sort_objects(const json_t *objects)
{
	size_t count = json_array_size(objects);
	struct place_in_list *places = xcalloc(count + 1, sizeof(*places));
	json_t *sorted = json_array();

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place_in_list){
			json_string_value(json_object_get(
				json_array_get(objects, i), "provider")),
			i,
		};
	qsort(places, count, sizeof(*places), compare_places);
	for (size_t i = 0; i < count; i++)
		json_array_append(sorted,
		                  json_array_get(objects, places[i].index));
	free(places);
	return sorted;
}

json_t *nango_all(const struct call *call)
{
	const struct span span = { .shelf = shelf_of(call), .limit = -1 };
	json_auto_t *objects = json_array();
	struct listing listing = { call->sandbox->dialect, objects };

	if (store_each(call->sandbox->store, &span, append_object, &listing) <
	    0) {
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
		return NULL;
	}
	return sort_objects(objects);
}

/* NULL when an admin gave one of them a provider that there is not. */
static json_t *view_all(const struct call *call, const json_t *objects)
{
	json_auto_t *views = json_array();

	for (size_t i = 0; i < json_array_size(objects); i++) {
		const json_t *object = json_array_get(objects, i);

		if (!nango_provider_of(object)) {
			(void)nango_fail(call, 500, "server_error",
			                 "Failed to list integrations");
			return NULL;
		}
		json_array_append_new(views, nango_view(call, object, 0));
	}
	return json_incref(views);
}

static void list(struct call *call)
{
	if (!takes_query(call))
		return;

	json_auto_t *objects = nango_all(call);
	json_t *views = objects ? view_all(call, objects) : NULL;

	if (views)
		answer_json(call->reply, 200,
		            json_pack("{s:o}", "data", views));
}

static void create_with(struct call *call, enum nango_body body)
{
	if (!takes_query(call) || nango_check_body(call, body) < 0)
		return;

	json_auto_t *stored = nango_create(call, body);

	if (!stored)
		return;

	CLEANUP(whole_release)
	struct parts parts = whole_split(call->sandbox->dialect, stored);

	if (store_add(call->sandbox->store, shelf_of(call), &parts.record) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else if (see_secrets(call, stored) == 0)
		answer_view(call, stored, 0);
}

static void create(struct call *call)
{
	create_with(call, NANGO_CREATE);
}

static void quickstart(struct call *call)
{
	create_with(call, NANGO_QUICKSTART);
}

/* Its words differ by call. 0, -1 when it is not there. */
static int find(const struct call *call, struct record *record,
                const char *missing)
{
	int found = store_find(call->sandbox->store, shelf_of(call),
	                       call->captures[0], record);

	if (found < 0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	return found ? 0 : nango_fail(call, 404, "not_found", missing);
}

static int has_provider(const struct call *call, const json_t *stored)
{
	if (nango_provider_of(stored))
		return 0;

	CLEANUP(textp)
	char *message = xasprintf(
		"Unknown provider %s",
		json_string_value(json_object_get(stored, "provider")));

	return nango_fail(call, 404, "not_found", message);
}

/* The integration of the path, whole; *serial is set. NULL when refused. */
static json_t *read_stored(const struct call *call, int64_t *serial)
{
	struct record record;
	CLEANUP(textp)
	char *missing = xasprintf("Integration \"%s\" does not exist",
	                          call->captures[0]);

	if (find(call, &record, missing) < 0)
		return NULL;
	*serial = record.serial;

	json_auto_t *stored =
		whole_from_record(call->sandbox->dialect, &record);

	return has_provider(call, stored) < 0 ? NULL : json_incref(stored);
}

static bool names(const json_t *include, const char *word)
{
	if (str_equal(json_string_value(include), word))
		return true;
	for (size_t i = 0; i < json_array_size(include); i++) {
		if (str_equal(json_string_value(json_array_get(include, i)),
		              word))
			return true;
	}
	return false;
}

/* Credentials are left out, without a word, for a key that may not read
 * them. */
static unsigned include_of(const struct call *call, const json_t *query)
{
	const json_t *include = json_object_get(query, "include");
	unsigned flags = 0;

	if (names(include, "webhook"))
		flags |= NANGO_INCLUDE_WEBHOOK;
	if (names(include, "credentials") &&
	    call_has_scope(call, INTEGRATIONS "read_credentials"))
		flags |= NANGO_INCLUDE_CREDENTIALS;
	return flags;
}

static void show(struct call *call)
{
	json_auto_t *query = nango_read_query(call, NANGO_INCLUDE);
	int64_t serial;

	if (!query || nango_check_key(call) < 0)
		return;

	json_auto_t *stored = read_stored(call, &serial);

	if (stored)
		answer_view(call, stored, include_of(call, query));
}

/* Reads the row and writes it whole, as the vendor does: see race.h. */
static void update(struct call *call)
{
	struct update update = { .shelf = shelf_of(call) };

	if (!takes_query(call) || nango_check_body(call, NANGO_UPDATE) < 0 ||
	    nango_check_key(call) < 0)
		return;

	json_auto_t *before = read_stored(call, &update.serial);
	json_auto_t *after = before ? nango_update(call, before) : NULL;

	if (!after)
		return;
	update.before = before;
	update.after = after;
	if (race_store(call, &update) == 0 && see_secrets(call, after) == 0)
		answer_view(call, after, 0);
}

/* Its connections go with it: they stand in the same object. */
static void delete_integration(struct call *call)
{
	struct record record;

	if (!takes_query(call) || nango_check_key(call) < 0 ||
	    find(call, &record, "Integration does not exist") < 0)
		return;
	if (store_remove(call->sandbox->store, shelf_of(call), record.id) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}

/* Types are looked at by check_type(). */
static const struct route routes[] = {
	{ "GET", "/integrations", list, ROUTE_LIST },
	{ "POST", "/integrations", create, ROUTE_BODY | ROUTE_UNTYPED },
	{ "POST", "/integrations/quickstart", quickstart,
	  ROUTE_BODY | ROUTE_UNTYPED },
	{ "GET", "/integrations/{key}", show, 0 },
	{ "PATCH", "/integrations/{key}", update, ROUTE_BODY | ROUTE_UNTYPED },
	{ "DELETE", "/integrations/{key}", delete_integration, 0 },
	{ "GET", "/connections", nango_list_connections, 0 },
};

const struct dialect dialect_nango = {
	.name = "nango",
	.routes = { routes, LENGTH(routes), NULL },
	.keying = { "Authorization", "Bearer ", REFUSE_NO_KEY, REFUSE_BAD_KEY },
	.pacing = {
		.seconds = 60,
		.traits = PACING_SHARED | PACING_FLOOR,
		.limit = "X-RateLimit-Limit",
		.remaining = "X-RateLimit-Remaining",
		.reset = "X-RateLimit-Reset",
		.refusal = REFUSE_TOO_FAST,
	},
	.wording = {
		.items = "data",
		.empty_list = "{\"data\":[]}",
		.id = "unique_key",
		.updated = "updated_at",
		.milliseconds = true,
		.secret = "/credentials/client_secret",
	},
	.key_scopes = key_scopes,
	.admit = admit,
	.refuse = refuse,
	.complete = nango_complete,
	.draw = nango_draw,
};
