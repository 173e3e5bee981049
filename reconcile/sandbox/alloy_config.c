/* SPDX-License-Identifier: MIT */
/*
 * What a body may say of an auth config. answer.h lists the refusals.
 *
 * An update replaces: what it leaves out takes the value that a creation
 * would give it, but clientSecret, for which the sandbox has a switch.
 */
#include "base/text.h"
#include "sandbox/alloy.h"
#include "sandbox/answer.h"
#include "sandbox/connectors.h"
#include "sandbox/members.h"

#include <string.h>

enum { MOST_SCOPES = 200, LONGEST_SCOPE = 500, LONGEST_SECRET = 16384 };

static const char redirect_uri[] =
	"https://production.runalloy.com/oauth/callback";
static const char default_authentication[] = "oauth2";

static const struct member member_rows[] = {
	{ "authConfigId", MEMBER_TEXT, MEMBER_READ_ONLY, 0 },
	{ "connectorId", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "name", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "authenticationType", MEMBER_TEXT, 0, 100 },
	{ "useOwnCredentials", MEMBER_BOOLEAN, 0, 0 },
	{ "clientId", MEMBER_TEXT, 0, 255 },
	{ "clientSecret", MEMBER_TEXT, 0, LONGEST_SECRET },
	{ "scopes", MEMBER_TEXTS, 0, 0 },
	{ "redirectUri", MEMBER_TEXT, MEMBER_READ_ONLY, 0 },
	{ "createdAt", MEMBER_TEXT, MEMBER_READ_ONLY, 0 },
	{ "updatedAt", MEMBER_TEXT, MEMBER_READ_ONLY, 0 },
};

static const struct members members = { member_rows, LENGTH(member_rows),
	                                NULL };

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static const char *authentication_of(const json_t *body)
{
	const char *given = text_of(body, "authenticationType");

	return given ? given : default_authentication;
}

static bool is_own(const json_t *object)
{
	return json_is_true(json_object_get(object, "useOwnCredentials"));
}

static int check_words(const struct call *call)
{
	const char *connector = text_of(call->body, "connectorId");
	const char *authentication = authentication_of(call->body);

	if (!connector_find(connector))
		return answer_refuse(call, REFUSE_BAD_CONNECTOR, connector);
	if (!authentication_is_known(authentication))
		return answer_refuse(call, REFUSE_BAD_AUTHENTICATION,
		                     authentication);
	return 0;
}

static int check_unchanged(const struct call *call,
                           const struct alloy_before *before)
{
	if (!before->object)
		return 0;
	if (!str_equal(text_of(before->object, "connectorId"),
	               text_of(call->body, "connectorId")))
		return answer_refuse(call, REFUSE_OTHER_CONNECTOR,
		                     text_of(before->object, "connectorId"));
	if (!str_equal(text_of(before->object, "authenticationType"),
	               authentication_of(call->body)))
		return answer_refuse(
			call, REFUSE_OTHER_AUTHENTICATION,
			text_of(before->object, "authenticationType"));
	return 0;
}

static bool is_twice(const json_t *scopes, size_t index)
{
	const json_t *scope = json_array_get(scopes, index);

	for (size_t i = 0; i < index; i++) {
		if (json_equal(scope, json_array_get(scopes, i)))
			return true;
	}
	return false;
}

static int check_scopes(const struct call *call)
{
	const json_t *scopes = json_object_get(call->body, "scopes");
	size_t count = json_array_size(scopes);

	if (count > MOST_SCOPES)
		return answer_refuse(call, REFUSE_MANY_SCOPES, NULL);
	for (size_t i = 0; i < count; i++) {
		const char *scope =
			json_string_value(json_array_get(scopes, i));

		if (!*scope)
			return answer_refuse(call, REFUSE_EMPTY_SCOPE, NULL);
		if (strlen(scope) > LONGEST_SCOPE)
			return answer_refuse(call, REFUSE_LONG_TEXT, "scopes");
		if (is_twice(scopes, i))
			return answer_refuse(call, REFUSE_SAME_SCOPE, scope);
	}
	return 0;
}

static int check_managed(const struct call *call)
{
	static const char *const own_only[] = { "clientId", "clientSecret" };

	for (size_t i = 0; i < LENGTH(own_only); i++) {
		if (json_object_get(call->body, own_only[i]))
			return answer_refuse(call, REFUSE_MANAGED_CLIENT,
			                     own_only[i]);
	}
	return 0;
}

/* The secret that stands after an update which names none. */
static int secret_left(const struct call *call,
                       const struct alloy_before *before, const char **secret)
{
	enum sandbox_omit omit = call->sandbox->secret_omit;

	if (before->object && omit == SANDBOX_OMIT_REQUIRED)
		return answer_refuse(call, REFUSE_SECRET_OMITTED, NULL);
	if (!before->object || !is_own(before->object))
		return answer_refuse(call, REFUSE_NO_CLIENT_SECRET, NULL);
	*secret = omit == SANDBOX_OMIT_CLEAR ? NULL : before->secret;
	return 0;
}

static int check_client(const struct call *call,
                        const struct alloy_before *before, const char **secret)
{
	*secret = NULL;
	if (!is_own(call->body))
		return check_managed(call);
	if (!json_object_get(call->body, "clientId"))
		return answer_refuse(call, REFUSE_NO_CLIENT_ID, NULL);
	*secret = text_of(call->body, "clientSecret");
	return *secret ? 0 : secret_left(call, before, secret);
}

json_t *alloy_config_from_body(const struct call *call,
                               const struct alloy_before *before,
                               const char **secret)
{
	if (members_check(call, call->body, &members) < 0 ||
	    check_words(call) < 0 || check_unchanged(call, before) < 0 ||
	    check_scopes(call) < 0 || check_client(call, before, secret) < 0)
		return NULL;
	return json_incref(call->body);
}

/* The member itself, or what a body without it means. */
static json_t *value_of(const json_t *fields, const char *name,
                        json_t *otherwise)
{
	json_t *value = json_object_get(fields, name);

	if (!value)
		return otherwise;
	json_decref(otherwise);
	return json_incref(value);
}

json_t *alloy_config_finish(json_t *fields, const char *id, const char *created,
                            const char *updated)
{
	json_t *object = json_object();

	json_object_set_new(object, "authConfigId", json_string(id));
	json_object_set(object, "connectorId",
	                json_object_get(fields, "connectorId"));
	json_object_set(object, "name", json_object_get(fields, "name"));
	json_object_set_new(object, "authenticationType",
	                    value_of(fields, "authenticationType",
	                             json_string(default_authentication)));
	json_object_set_new(object, "useOwnCredentials",
	                    json_boolean(is_own(fields)));
	json_object_set(object, "clientId",
	                json_object_get(fields, "clientId"));
	json_object_set_new(object, "scopes",
	                    value_of(fields, "scopes", json_array()));
	json_object_set_new(object, "redirectUri", json_string(redirect_uri));
	json_object_set_new(object, "createdAt", json_string(created));
	json_object_set_new(object, "updatedAt", json_string(updated));
	json_decref(fields);
	return object;
}

/* What an admin gives may be anything: it is laid over a good object. */
json_t *alloy_complete(const struct call *call, json_t *given)
{
	char id[OBJECT_ID_SIZE], now[CLOCK_TEXT_SIZE];
	json_t *object;

	object_id_make(id);
	call_now(call, now);
	object = alloy_config_finish(
		json_pack("{s:s, s:s, s:b}", "connectorId", "slack", "name", id,
	                  "useOwnCredentials",
	                  json_object_get(given, "clientId") != NULL),
		id, now, now);
	json_object_update(object, given);
	return object;
}

json_t *alloy_draw(const struct sample *sample)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:O}", "authConfigId",
	                 sample->id, "connectorId", sample->connector, "name",
	                 sample->name, "useOwnCredentials", 1, "clientId",
	                 sample->client_id, "clientSecret",
	                 sample->client_secret, "scopes", sample->scopes);
}
