/* SPDX-License-Identifier: MIT */
/*
 * The auth-config calls as we would expect them in Alloy's style, and the
 * table of all of the dialect's calls.
 */
#include "sandbox/alloy.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char version[] = "2025-09";

static int admit(struct call *call)
{
	const char *given = http_call_header(call->http, "x-api-version");

	if (!given)
		return answer_refuse(call, REFUSE_NO_VERSION, NULL);
	if (!str_equal(given, version))
		return answer_refuse(call, REFUSE_BAD_VERSION, given);
	return 0;
}

static struct shelf shelf_of(const struct call *call)
{
	return (struct shelf){ call->environment->number, RECORD_CONFIG };
}

/* Ids are taken in capitals too; they are kept, and shown, in small letters. */
static int check_id(const struct call *call)
{
	char *id = call->captures[0];

	if (strlen(id) != OBJECT_ID_SIZE - 1 ||
	    strspn(id, "0123456789abcdefABCDEF") != OBJECT_ID_SIZE - 1)
		return answer_refuse(call, REFUSE_BAD_ID, id);
	for (; *id; id++)
		*id = (char)tolower((unsigned char)*id);
	return 0;
}

/* 0 when it is there; -1 with the reply. */
static int find(const struct call *call, struct record *record)
{
	const char *id = call->captures[0];

	if (call_check_queries(call, NULL, 0) < 0 || check_id(call) < 0)
		return -1;

	int found =
		store_find(call->sandbox->store, shelf_of(call), id, record);

	if (found < 0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	if (found == 0)
		return answer_refuse(call, REFUSE_NO_CONFIG, id);
	return 0;
}

static void show(struct call *call)
{
	struct record record;

	if (find(call, &record) < 0)
		return;
	answer_text(call->reply, 200, xstrdup(record.text),
	            strlen(record.text));
}

/* Answers the text that was stored, or that it was not; owns it. */
static void answer_stored(const struct call *call, int status, char *text,
                          int stored)
{
	answer_text(call->reply, status, text, strlen(text));
	if (stored < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
}

static void create(struct call *call)
{
	const struct alloy_before before = { 0 };
	struct record record = { 0 };
	char id[OBJECT_ID_SIZE], now[CLOCK_TEXT_SIZE];

	if (call_check_queries(call, NULL, 0) < 0)
		return;

	json_t *fields = alloy_config_from_body(call, &before, &record.secret);

	if (!fields)
		return;
	object_id_make(id);
	call_now(call, now);

	json_auto_t *object = alloy_config_finish(fields, id, now, now);
	char *text = json_dumps(object, JSON_COMPACT);

	record.id = id;
	record.text = text;
	answer_stored(call, 201, text,
	              store_add(call->sandbox->store, shelf_of(call), &record));
}

static void store_update(const struct call *call, struct record *record,
                         const json_t *before, json_t *fields)
{
	char now[CLOCK_TEXT_SIZE];

	call_now(call, now);

	json_auto_t *object = alloy_config_finish(
		fields, record->id,
		json_string_value(json_object_get(before, "createdAt")), now);
	char *text = json_dumps(object, JSON_COMPACT);

	record->text = text;
	answer_stored(
		call, 200, text,
		store_replace(call->sandbox->store, shelf_of(call), record));
}

static void update(struct call *call)
{
	struct record record;

	if (find(call, &record) < 0)
		return;

	json_auto_t *object = json_loads(record.text, 0, NULL);
	const struct alloy_before before = { object, record.secret };
	json_t *fields = alloy_config_from_body(call, &before, &record.secret);

	if (fields)
		store_update(call, &record, object, fields);
}

static void delete_config(struct call *call)
{
	struct record record;

	if (find(call, &record) < 0)
		return;
	if (store_remove(call->sandbox->store, shelf_of(call), record.id) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}

static const struct route routes[] = {
	{ "GET", "/auth-configs", page_answer, ROUTE_LIST, "list" },
	{ "POST", "/auth-configs", create, ROUTE_BODY, "create" },
	{ "GET", "/auth-configs/{id}", show, 0, "get" },
	{ "PUT", "/auth-configs/{id}", update, ROUTE_BODY, "update" },
	{ "DELETE", "/auth-configs/{id}", delete_config, 0, "delete" },
	{ "GET", "/connectors", alloy_list_connectors, 0, NULL },
	{ "GET", "/connectors/{id}/credentials/metadata", alloy_show_metadata,
	  0, NULL },
	{ "GET", "/connectors/{id}/credentials", alloy_list_credentials, 0,
	  NULL },
	{ "POST", "/connectors/{id}/credentials", alloy_add_credential,
	  ROUTE_BODY, NULL },
	{ "DELETE", "/connectors/{id}/credentials/{credential}",
	  alloy_remove_credential, 0, NULL },
	{ "GET", "/api/strategy/connector/{id}/authorize", alloy_authorize,
	  ROUTE_OPEN, NULL },
};

const struct dialect dialect_alloy = {
	.name = "alloy",
	.routes = { routes, LENGTH(routes), NULL },
	.keying = { .header = "Authorization",
	            .scheme = "Bearer ",
	            .no_key = REFUSE_NO_KEY,
	            .bad_key = REFUSE_BAD_KEY },
	.pacing = { .seconds = 1,
	            .limit = "X-RateLimit-Limit",
	            .remaining = "X-RateLimit-Remaining",
	            .reset = "X-RateLimit-Reset",
	            .refusal = REFUSE_TOO_FAST },
	.wording = { .items = "authConfigs",
	             .total = "count",
	             .cursor = "nextCursor",
	             .empty_list = "{\"authConfigs\":[],\"count\":0}",
	             .id = "authConfigId",
	             .updated = "updatedAt",
	             .secret = "/clientSecret" },
	.admit = admit,
	.first_cursor = page_first_cursor,
	.complete = alloy_complete,
	.draw = alloy_draw,
};
