/* SPDX-License-Identifier: MIT */
/*
 * The calls that Alloy documents: connectors, and credentials (an end user's
 * connection, made with an auth config). The pretend user says yes at once,
 * so a credential is there as soon as it was asked for.
 */
#include "base/text.h"
#include "sandbox/alloy.h"
#include "sandbox/answer.h"
#include "sandbox/connectors.h"
#include "sandbox/members.h"

#include <stdlib.h>
#include <string.h>

static json_t *words_json(const char *const words[CONNECTOR_WORDS])
{
	json_t *json = json_array();

	for (size_t i = 0; i < CONNECTOR_WORDS && words[i]; i++)
		json_array_append_new(json, json_string(words[i]));
	return json;
}

void alloy_list_connectors(struct call *call)
{
	json_auto_t *list = json_array();

	if (call_check_queries(call, NULL, 0) < 0)
		return;
	for (size_t i = 0; i < connector_count; i++) {
		const struct connector *each = &connectors[i];
		CLEANUP(textp)
		char *icon = xasprintf(
			"https://production.runalloy.com/icons/%s.svg",
			each->id);

		json_array_append_new(list,
		                      json_pack("{s:s, s:s, s:s, s:o}", "id",
		                                each->id, "name", each->name,
		                                "icon", icon, "category",
		                                words_json(each->categories)));
	}
	answer_json(call->reply, 200, json_pack("{s:O}", "connectors", list));
}

/* NULL after refusing. */
static const struct connector *connector_of(const struct call *call)
{
	const struct connector *connector = connector_find(call->captures[0]);

	if (call_check_queries(call, NULL, 0) < 0)
		return NULL;
	if (!connector)
		(void)answer_refuse(call, REFUSE_NO_CONNECTOR,
		                    call->captures[0]);
	return connector;
}

static json_t *input_schema(const char *authentication)
{
	return json_pack(
		"{s:s, s:[s, s], s:{s:{s:s}, s:{s:s}, s:{s:s, s:s}, s:{s:s}}}",
		"type", "object", "required", "userId", "authenticationType",
		"properties", "userId", "type", "string", "authenticationType",
		"const", authentication, "redirectUri", "type", "string",
		"format", "uri", "data", "type", "object");
}

static json_t *metadata_of(const struct connector *connector,
                           const char *authentication)
{
	return json_pack("{s:s, s:b, s:o, s:{s:s, s:s}}", "authenticationType",
	                 authentication, "authConfigRequired",
	                 connector->auth_config_required, "inputSchema",
	                 input_schema(authentication), "sampleInput", "userId",
	                 "67a37f29e0aa276e50d7253a", "authenticationType",
	                 authentication);
}

void alloy_show_metadata(struct call *call)
{
	const struct connector *connector = connector_of(call);

	if (!connector)
		return;

	json_t *list = json_array();

	for (size_t i = 0; i < CONNECTOR_WORDS && connector->authentications[i];
	     i++)
		json_array_append_new(
			list,
			metadata_of(connector, connector->authentications[i]));
	answer_json(call->reply, 200, json_pack("{s:o}", "metadata", list));
}

/* Which auth config it was made with is kept, and not shown. */
static void append_object(const struct record *record, void *context)
{
	json_t *object = json_loads(record->text, 0, NULL);

	(void)json_object_del(object, "authConfigId");
	json_array_append_new(context, object);
}

static struct shelf shelf_of(const struct call *call)
{
	return (struct shelf){ call->environment->number, RECORD_CREDENTIAL };
}

void alloy_list_credentials(struct call *call)
{
	const struct connector *connector = connector_of(call);

	if (!connector)
		return;

	const struct span span = {
		.shelf = shelf_of(call),
		.parent = connector->id,
		.limit = -1,
	};
	json_t *list = json_array();
	int read = store_each(call->sandbox->store, &span, append_object, list);

	answer_json(call->reply, 200, json_pack("{s:o}", "credentials", list));
	if (read < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
}

static const struct member member_rows[] = {
	{ "userId", MEMBER_TEXT, MEMBER_REQUIRED, 255 },
	{ "authenticationType", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "authConfigId", MEMBER_TEXT, 0, OBJECT_ID_SIZE - 1 },
	{ "redirectUri", MEMBER_TEXT, 0, 2000 },
	{ "data", MEMBER_MAP, 0, 0 },
};

static const struct members members = { member_rows, LENGTH(member_rows),
	                                NULL };

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static int check_config(const struct call *call,
                        const struct connector *connector)
{
	const struct shelf shelf = { call->environment->number, RECORD_CONFIG };
	const char *id = text_of(call->body, "authConfigId");
	struct record record;

	if (!id && connector->auth_config_required)
		return answer_refuse(call, REFUSE_NO_AUTH_CONFIG, NULL);
	if (!id)
		return 0;

	int found = store_find(call->sandbox->store, shelf, id, &record);

	if (found < 0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	if (found == 0)
		return answer_refuse(call, REFUSE_BAD_AUTH_CONFIG, id);

	json_auto_t *config = json_loads(record.text, 0, NULL);

	if (!str_equal(text_of(config, "connectorId"), connector->id))
		return answer_refuse(call, REFUSE_FOREIGN_AUTH_CONFIG, id);
	return 0;
}

static int check_redirect(const struct call *call)
{
	const char *redirect = text_of(call->body, "redirectUri");

	if (!redirect || str_starts(redirect, "https://") ||
	    str_starts(redirect, "http://"))
		return 0;
	return answer_refuse(call, REFUSE_BAD_REDIRECT, redirect);
}

static int check_body(const struct call *call,
                      const struct connector *connector)
{
	const char *authentication;

	if (members_check(call, call->body, &members) < 0)
		return -1;
	authentication = text_of(call->body, "authenticationType");
	if (!connector_offers(connector, authentication))
		return answer_refuse(call, REFUSE_BAD_AUTHENTICATION,
		                     authentication);
	if (check_redirect(call) < 0)
		return -1;
	return check_config(call, connector);
}

/* Where the user is sent: an address of the platform, which goes on to the
 * provider's. */
static json_t *oauth_answer(const struct call *call,
                            const struct connector *connector, const char *id)
{
	const char *redirect = text_of(call->body, "redirectUri");
	const char *host = http_call_header(call->http, "Host");
	CLEANUP(textp) char *user = http_escape(text_of(call->body, "userId"));
	CLEANUP(textp) char *back = http_escape(redirect ? redirect : "");
	CLEANUP(textp)
	char *url = xasprintf("http://%s/api/strategy/connector/%s/authorize"
	                      "?userId=%s&redirectUri=%s&token=%s",
	                      host ? host : "", connector->id, user, back, id);

	return json_pack("{s:s}", "oauthUrl", url);
}

static int keep(const struct call *call, const struct connector *connector,
                const char *id)
{
	const char *authentication = text_of(call->body, "authenticationType");
	char now[CLOCK_TEXT_SIZE];
	CLEANUP(textp)
	char *type = xasprintf("%s-%s", connector->id, authentication);

	call_now(call, now);

	json_auto_t *object =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*}", "credentialId", id,
	                  "name", text_of(call->body, "userId"), "type", type,
	                  "createdAt", now, "updatedAt", now, "authConfigId",
	                  text_of(call->body, "authConfigId"));
	CLEANUP(textp) char *text = json_dumps(object, JSON_COMPACT);
	const struct record record = {
		.id = id,
		.parent = connector->id,
		.text = text,
	};

	return store_add(call->sandbox->store, shelf_of(call), &record);
}

void alloy_add_credential(struct call *call)
{
	const struct connector *connector = connector_of(call);
	char id[OBJECT_ID_SIZE];

	if (!connector || check_body(call, connector) < 0)
		return;
	object_id_make(id);
	if (keep(call, connector, id) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else if (str_starts(text_of(call->body, "authenticationType"), "oauth"))
		answer_json(call->reply, 200,
		            oauth_answer(call, connector, id));
	else
		answer_json(call->reply, 200,
		            json_pack("{s:s}", "credentialId", id));
}

/* ---- the user's browser ---- */

static json_t *find_object(const struct call *call, struct shelf shelf,
                           const char *id)
{
	struct record record;

	return id && store_find(call->sandbox->store, shelf, id, &record) == 1
	               ? json_loads(record.text, 0, NULL)
	               : NULL;
}

/* The auth config that a credential was made with, of whichever key. */
static json_t *config_of(const struct call *call, const char *token)
{
	for (size_t i = 0; i < call->sandbox->environment_count; i++) {
		const int64_t number = call->sandbox->environments[i].number;
		json_auto_t *credential = find_object(
			call, (struct shelf){ number, RECORD_CREDENTIAL },
			token);

		if (credential)
			return find_object(
				call, (struct shelf){ number, RECORD_CONFIG },
				text_of(credential, "authConfigId"));
	}
	return NULL;
}

static char *scopes_of(const json_t *config)
{
	const json_t *scopes = json_object_get(config, "scopes");
	char *text = NULL;
	size_t length = 0, i;
	FILE *out = xmemstream(&text, &length);
	const json_t *scope;

	json_array_foreach (scopes, i, scope)
		fprintf(out, "%s%s", i ? " " : "", json_string_value(scope));
	(void)fclose(out);
	return text;
}

/* The pretend provider's address, never opened by anybody. */
static char *provider_url(const struct call *call, const json_t *config)
{
	const char *id_text = text_of(config, "clientId");
	const char *uri_text = text_of(config, "redirectUri");
	CLEANUP(textp) char *scopes = scopes_of(config);
	CLEANUP(textp) char *id = http_escape(id_text ? id_text : "");
	CLEANUP(textp) char *uri = http_escape(uri_text ? uri_text : "");
	CLEANUP(textp) char *scope = http_escape(scopes);

	return xasprintf("https://%s.example/authorize?response_type=code"
	                 "&client_id=%s&redirect_uri=%s&scope=%s&state=x",
	                 call->captures[0], id, uri, scope);
}

void alloy_authorize(struct call *call)
{
	json_auto_t *config =
		config_of(call, http_call_query(call->http, "token"));
	struct sandbox *sandbox = call->sandbox;

	if (!config) {
		(void)answer_refuse(call, REFUSE_NO_CREDENTIAL, "token");
		return;
	}
	free(sandbox->location);
	sandbox->location = provider_url(call, config);
	answer_header(call->reply, "Location", sandbox->location);
	call->reply->status = 302;
}

void alloy_remove_credential(struct call *call)
{
	const char *id = call->captures[1];

	if (!connector_of(call))
		return;

	int removed = store_remove(call->sandbox->store, shelf_of(call), id);

	if (removed < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else if (removed == 0)
		(void)answer_refuse(call, REFUSE_NO_CREDENTIAL, id);
	else
		answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}
