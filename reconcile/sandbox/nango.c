/* SPDX-License-Identifier: MIT */
/*
 * Nango's calls about integrations, as its server 0.71.4 answers them, and the
 * table of all of the dialect's calls.
 *
 * The connections of an integration are a number in the store.
 */
#include "sandbox/nango.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/nango_provider.h"
#include "sandbox/whole.h"

#include <stdlib.h>
#include <string.h>

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
	const struct span span = { .shelf = shelf_of(call),
		                   .limit = -1,
		                   .listed = true };
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
	    call_has_scope(call, NANGO_READ_CREDENTIALS))
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

/* Types are looked at by nango_admit(). */
static const struct route routes[] = {
	{ "GET", "/integrations", list, ROUTE_LIST, "list" },
	{ "POST", "/integrations", create, ROUTE_BODY | ROUTE_UNTYPED,
	  "create" },
	{ "POST", "/integrations/quickstart", quickstart,
	  ROUTE_BODY | ROUTE_UNTYPED, "create" },
	{ "GET", "/integrations/{key}", show, 0, "get" },
	{ "PATCH", "/integrations/{key}", update, ROUTE_BODY | ROUTE_UNTYPED,
	  "update" },
	{ "DELETE", "/integrations/{key}", delete_integration, 0, "delete" },
	{ "GET", "/connections", nango_list_connections, 0, NULL },
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
	.key_scopes = nango_key_scopes,
	.admit = nango_admit,
	.refuse = nango_refuse,
	.complete = nango_complete,
	.draw = nango_draw,
};
