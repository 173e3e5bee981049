/* SPDX-License-Identifier: MIT */
/*
 * The dialect of Composio: its table, and the calls on one auth config.
 *
 * Its quirks:
 *     clamp-limit    a page holds 50 at most; see composio_list.c
 *     early-end      every page says that it is the last one
 *     redact-all     a managed one's scopes are REDACTED too
 *     read-only-key  the API keys may only read
 *     fill-scopes    no scopes at creation means the toolkit's own, too: the
 *                    documents say so only of scopes that are left out
 */
#include "sandbox/composio.h"
#include "base/text.h"
#include "sandbox/whole.h"

#include <string.h>

static int admit(struct call *call)
{
	if (!call_has_quirk(call, COMPOSIO_READ_ONLY_KEY) ||
	    str_equal(call->http->method, "GET"))
		return 0;
	return answer_refuse(call, REFUSE_COMPOSIO_READ_ONLY, NULL);
}

static struct shelf shelf_of(const struct call *call)
{
	return (struct shelf){ call->environment->number, RECORD_CONFIG };
}

static int check_id(const struct call *call)
{
	const char *id = call->captures[0];

	if (str_starts(id, "ac_") &&
	    strspn(id + 3,
	           "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	           "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(id) - 3 &&
	    id[3])
		return 0;
	return answer_refuse(call, REFUSE_COMPOSIO_ID, id);
}

/* 0 when it is there; -1 with the reply. */
static int find(const struct call *call, struct record *record)
{
	const char *id = call->captures[0];

	if (check_id(call) < 0)
		return -1;

	int found =
		store_find(call->sandbox->store, shelf_of(call), id, record);

	if (found < 0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	if (found == 0)
		return answer_refuse(call, REFUSE_NO_CONFIG, id);
	return 0;
}

static int find_without_queries(const struct call *call, struct record *record)
{
	return call_check_queries(call, NULL, 0) < 0 ? -1 : find(call, record);
}

static void show(struct call *call)
{
	struct record record;

	if (find_without_queries(call, &record) == 0)
		answer_json(call->reply, 200, composio_view(call, &record));
}

static json_t *created_answer(const json_t *object)
{
	return json_pack(
		"{s:{s:O}, s:{s:O, s:O, s:O, s:O}}", "toolkit", "slug",
		json_object_get(json_object_get(object, "toolkit"), "slug"),
		"auth_config", "id", json_object_get(object, "id"),
		"auth_scheme", json_object_get(object, "auth_scheme"),
		"is_composio_managed",
		json_object_get(object, "is_composio_managed"),
		"restrict_to_following_tools",
		json_object_get(object, "restrict_to_following_tools"));
}

static void create(struct call *call)
{
	if (call_check_queries(call, NULL, 0) < 0 ||
	    composio_check_create(call) < 0)
		return;

	json_auto_t *object = composio_create(call);
	CLEANUP(whole_release)
	struct parts parts = whole_split(call->sandbox->dialect, object);

	if (store_add(call->sandbox->store, shelf_of(call), &parts.record) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 201, created_answer(object));
}

/* Stores the object anew, with the time of it. Its calls answer {}. */
static void store_again(const struct call *call, int64_t serial, json_t *object)
{
	char now[CLOCK_TEXT_SIZE];

	call_now(call, now);
	json_object_set_new(object, "last_updated_at", json_string(now));

	CLEANUP(whole_release)
	struct parts parts = whole_split(call->sandbox->dialect, object);

	parts.record.serial = serial;
	if (store_replace(call->sandbox->store, shelf_of(call), &parts.record) <
	    0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, json_object());
}

static void update(struct call *call)
{
	struct record record;

	if (find_without_queries(call, &record) < 0)
		return;

	json_auto_t *object =
		whole_from_record(call->sandbox->dialect, &record);

	if (composio_check_update(call, object) < 0)
		return;
	composio_update(call, object);
	store_again(call, record.serial, object);
}

static void set_status(struct call *call)
{
	const char *status = call->captures[1];
	struct record record;

	if (!str_equal(status, "ENABLED") && !str_equal(status, "DISABLED")) {
		(void)answer_refuse(call, REFUSE_COMPOSIO_STATUS, status);
		return;
	}
	if (find_without_queries(call, &record) < 0)
		return;

	json_auto_t *object =
		whole_from_record(call->sandbox->dialect, &record);

	json_object_set_new(object, "status", json_string(status));
	store_again(call, record.serial, object);
}

static json_t *deleted_answer(const char *revoke)
{
	char id[OBJECT_ID_SIZE];
	json_t *answer = json_object();

	object_id_make(id);
	if (str_equal(revoke, "true"))
		json_object_set_new(answer, "revoke_job_id",
		                    json_sprintf("job_%s", id));
	return answer;
}

static void delete_config(struct call *call)
{
	static const char *const queries[] = { "revoke_on_delete" };
	const char *revoke = http_call_query(call->http, queries[0]);
	struct record record;

	if (call_check_queries(call, queries, LENGTH(queries)) < 0)
		return;
	if (revoke && !str_equal(revoke, "true") &&
	    !str_equal(revoke, "false")) {
		(void)answer_refuse(call, REFUSE_NOT_BOOLEAN, queries[0]);
		return;
	}
	if (find(call, &record) < 0)
		return;
	if (store_remove(call->sandbox->store, shelf_of(call), record.id) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, deleted_answer(revoke));
}

static const struct route routes[] = {
	{ "GET", "/auth_configs", composio_list, ROUTE_LIST, "list" },
	{ "POST", "/auth_configs", create, ROUTE_BODY, "create" },
	{ "GET", "/auth_configs/{id}", show, 0, "get" },
	{ "PATCH", "/auth_configs/{id}", update, ROUTE_BODY, "update" },
	{ "DELETE", "/auth_configs/{id}", delete_config, 0, "delete" },
	{ "PATCH", "/auth_configs/{id}/{status}", set_status, 0, "enable" },
};

static const char *const versions[] = { "/api/v3.1", "/api/v3", NULL };

const struct dialect dialect_composio = {
	.name = "composio",
	.routes = { routes, LENGTH(routes), versions },
	.keying = { .header = "x-api-key",
	            .scheme = "",
	            .no_key = REFUSE_COMPOSIO_NO_KEY,
	            .bad_key = REFUSE_BAD_KEY },
	.pacing = { .seconds = 60,
	            .traits = PACING_SHARED,
	            .limit = "X-RateLimit",
	            .remaining = "X-RateLimit-Remaining",
	            .size = "X-RateLimit-Window-Size",
	            .refusal = REFUSE_TOO_MANY },
	.wording = { .items = "items",
	             .total = "total_items",
	             .cursor = "next_cursor",
	             .empty_list = "{\"items\":[],\"next_cursor\":null,"
	                           "\"total_pages\":0,\"current_page\":1,"
	                           "\"total_items\":0}",
	             .id = "id",
	             .updated = "last_updated_at",
	             .secret = "/credentials/client_secret" },
	.quirks = { [COMPOSIO_CLAMP_LIMIT] = "clamp-limit",
	            [COMPOSIO_EARLY_END] = "early-end",
	            [COMPOSIO_REDACT_ALL] = "redact-all",
	            [COMPOSIO_READ_ONLY_KEY] = "read-only-key",
	            [COMPOSIO_FILL_SCOPES] = "fill-scopes" },
	.admit = admit,
	.refuse = composio_refuse,
	.first_cursor = composio_first_cursor,
	.complete = composio_complete,
	.draw = composio_draw,
};
