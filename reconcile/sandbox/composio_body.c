/* SPDX-License-Identifier: MIT */
/*
 * What a body may say. Creation and update know the kinds by other words:
 * use_custom_auth and custom, use_composio_managed_auth and default; and a
 * managed one's scopes stand in `credentials` first and beside it later.
 */
#include "base/text.h"
#include "sandbox/composio.h"
#include "sandbox/connectors.h"
#include "sandbox/members.h"
#include "sandbox/whole.h"

#include <string.h>

enum { LONGEST_NAME = 255, LONGEST_CREDENTIAL = 16384 };

static const struct member create_rows[] = {
	{ "toolkit", MEMBER_MAP, MEMBER_REQUIRED, 0 },
	{ "auth_config", MEMBER_MAP, 0, 0 },
};

static const struct member toolkit_rows[] = {
	{ "slug", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
};

static const struct member create_custom_rows[] = {
	{ "type", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "name", MEMBER_TEXT, 0, LONGEST_NAME },
	{ "tool_access_config", MEMBER_MAP, 0, 0 },
	{ "shared_credentials", MEMBER_MAP, 0, 0 },
	{ "is_enabled_for_tool_router", MEMBER_BOOLEAN, 0, 0 },
	{ "restrict_to_following_tools", MEMBER_TEXTS, 0, 0 },
	{ "authScheme", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "credentials", MEMBER_MAP, 0, 0 },
	{ "proxy_config", MEMBER_MAP, MEMBER_NULLABLE, 0 },
};

static const struct member create_managed_rows[] = {
	{ "type", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "name", MEMBER_TEXT, 0, LONGEST_NAME },
	{ "tool_access_config", MEMBER_MAP, 0, 0 },
	{ "shared_credentials", MEMBER_MAP, 0, 0 },
	{ "is_enabled_for_tool_router", MEMBER_BOOLEAN, 0, 0 },
	{ "restrict_to_following_tools", MEMBER_TEXTS, 0, 0 },
	{ "credentials", MEMBER_MAP, 0, 0 },
};

static const struct member update_custom_rows[] = {
	{ "type", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "name", MEMBER_TEXT, 0, LONGEST_NAME },
	{ "tool_access_config", MEMBER_MAP, 0, 0 },
	{ "shared_credentials", MEMBER_MAP, 0, 0 },
	{ "is_enabled_for_tool_router", MEMBER_BOOLEAN, 0, 0 },
	{ "restrict_to_following_tools", MEMBER_TEXTS, 0, 0 },
	{ "credentials", MEMBER_MAP, 0, 0 },
	{ "proxy_config", MEMBER_MAP, MEMBER_NULLABLE, 0 },
	/* answered, but not for a body to name */
	{ "id", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "toolkit", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "authScheme", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "auth_scheme", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "is_composio_managed", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "status", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "no_of_connections", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
};

static const struct member update_managed_rows[] = {
	{ "type", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
	{ "name", MEMBER_TEXT, 0, LONGEST_NAME },
	{ "tool_access_config", MEMBER_MAP, 0, 0 },
	{ "shared_credentials", MEMBER_MAP, 0, 0 },
	{ "is_enabled_for_tool_router", MEMBER_BOOLEAN, 0, 0 },
	{ "restrict_to_following_tools", MEMBER_TEXTS, 0, 0 },
	{ "scopes", MEMBER_ANY, 0, 0 },
	{ "user_scopes", MEMBER_ANY, 0, 0 },
	/* answered, but not for a body to name */
	{ "id", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "toolkit", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "authScheme", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "auth_scheme", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "is_composio_managed", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "status", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
	{ "no_of_connections", MEMBER_ANY, MEMBER_READ_ONLY, 0 },
};

static const struct member managed_credential_rows[] = {
	{ "scopes", MEMBER_ANY, 0, 0 },
	{ "user_scopes", MEMBER_ANY, 0, 0 },
};

static const struct member proxy_rows[] = {
	{ "proxy_url", MEMBER_TEXT, MEMBER_REQUIRED, 2000 },
	{ "proxy_auth_key", MEMBER_TEXT, 0, LONGEST_CREDENTIAL },
};

static const struct member access_rows[] = {
	{ "tools_for_connected_account_creation", MEMBER_TEXTS, 0, 0 },
	{ "tools_available_for_execution", MEMBER_TEXTS, 0, 0 },
};

/* One word for a kind, and what a body of it may hold. */
struct form {
	const char *type;
	bool managed;
	struct members members;
};

static const struct form create_forms[] = {
	{ "use_custom_auth",
	  false,
	  { create_custom_rows, LENGTH(create_custom_rows), "auth_config" } },
	{ "use_composio_managed_auth",
	  true,
	  { create_managed_rows, LENGTH(create_managed_rows), "auth_config" } },
};

static const struct form update_forms[] = {
	{ "custom",
	  false,
	  { update_custom_rows, LENGTH(update_custom_rows), NULL } },
	{ "default",
	  true,
	  { update_managed_rows, LENGTH(update_managed_rows), NULL } },
};

static const char *const required_fields[] = { "client_id", "client_secret" };

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* NULL after refusing. */
static const struct form *form_of(const struct call *call, const json_t *config,
                                  const struct form *forms)
{
	const json_t *type = json_object_get(config, "type");

	for (size_t i = 0; i < 2; i++) {
		if (json_is_string(type) &&
		    str_equal(json_string_value(type), forms[i].type))
			return &forms[i];
	}
	(void)answer_refuse(
		call, type ? REFUSE_COMPOSIO_TYPE : REFUSE_NO_MEMBER,
		json_is_string(type) ? json_string_value(type) : "type");
	return NULL;
}

static int check_within(const struct call *call, const json_t *object,
                        const struct members *members)
{
	json_t *part = json_object_get(object, members->within);

	return json_is_object(part) ? members_check(call, part, members) : 0;
}

/* The members that are objects of a known make. */
static int check_parts(const struct call *call, const json_t *config)
{
	static const struct members parts[] = {
		{ proxy_rows, LENGTH(proxy_rows), "proxy_config" },
		{ access_rows, LENGTH(access_rows), "tool_access_config" },
	};

	for (size_t i = 0; i < LENGTH(parts); i++) {
		if (check_within(call, config, &parts[i]) < 0)
			return -1;
	}
	return 0;
}

static bool is_scopes(const json_t *value)
{
	if (!json_is_array(value))
		return json_is_string(value);
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!json_is_string(json_array_get(value, i)))
			return false;
	}
	return true;
}

/* null clears, but only what stands. */
enum clearing { CLEARING_REFUSED, CLEARING_TAKEN };

static enum refusal check_field(const char *name, const json_t *value,
                                enum clearing clearing)
{
	if (json_is_null(value) && clearing == CLEARING_TAKEN)
		return REFUSE_NOTHING;
	if (composio_holds_scopes(name))
		return is_scopes(value) ? REFUSE_NOTHING
		                        : REFUSE_COMPOSIO_SCOPES;
	if (!json_is_string(value))
		return REFUSE_NOT_TEXT;
	if (json_string_length(value) > LONGEST_CREDENTIAL)
		return REFUSE_LONG_TEXT;
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") ==
	                               strlen(name)
	               ? REFUSE_NOTHING
	               : REFUSE_UNKNOWN_MEMBER;
}

/* There may be any of a provider's. */
static int check_fields(const struct call *call, json_t *fields,
                        enum clearing clearing)
{
	const char *name;
	json_t *value;

	json_object_foreach (fields, name, value) {
		enum refusal refusal = check_field(name, value, clearing);

		if (refusal != REFUSE_NOTHING)
			return answer_refuse(call, refusal, name);
	}
	return 0;
}

static int check_top_scopes(const struct call *call, const json_t *body)
{
	for (size_t i = 0; i < LENGTH(managed_credential_rows); i++) {
		const char *name = managed_credential_rows[i].name;
		const json_t *value = json_object_get(body, name);

		if (value &&
		    check_field(name, value, CLEARING_TAKEN) != REFUSE_NOTHING)
			return answer_refuse(call, REFUSE_COMPOSIO_SCOPES,
			                     name);
	}
	return 0;
}

/* What a custom one of OAuth 2.0 must have, now or after an update. */
static int check_required(const struct call *call, const char *scheme,
                          const json_t *credentials)
{
	if (!str_equal(scheme, "OAUTH2"))
		return 0;
	for (size_t i = 0; i < LENGTH(required_fields); i++) {
		const char *value = text_of(credentials, required_fields[i]);

		if (!value || !*value)
			return answer_refuse(call, REFUSE_COMPOSIO_FIELD,
			                     required_fields[i]);
	}
	return 0;
}

static bool offers(const struct connector *toolkit, const char *scheme)
{
	for (size_t i = 0; i < CONNECTOR_WORDS && toolkit->authentications[i];
	     i++) {
		if (str_equal(composio_scheme(toolkit->authentications[i]),
		              scheme))
			return true;
	}
	return false;
}

static int check_custom(const struct call *call, const json_t *config,
                        const struct connector *toolkit)
{
	const char *scheme = text_of(config, "authScheme");
	json_t *credentials = json_object_get(config, "credentials");

	if (!offers(toolkit, scheme))
		return answer_refuse(call, REFUSE_COMPOSIO_SCHEME, scheme);
	if (check_fields(call, credentials, CLEARING_REFUSED) < 0)
		return -1;
	return check_required(call, scheme, credentials);
}

static int check_managed(const struct call *call, const json_t *config,
                         const struct connector *toolkit)
{
	static const struct members members = { managed_credential_rows,
		                                LENGTH(managed_credential_rows),
		                                "credentials" };
	json_t *credentials = json_object_get(config, "credentials");

	if (toolkit->auth_config_required || !offers(toolkit, "OAUTH2"))
		return answer_refuse(call, REFUSE_COMPOSIO_NO_APP, toolkit->id);
	if (check_within(call, config, &members) < 0)
		return -1;
	return check_fields(call, credentials, CLEARING_REFUSED);
}

static int check_config(const struct call *call, json_t *config,
                        const struct connector *toolkit)
{
	const struct form *form = form_of(call, config, create_forms);

	if (!form || members_check(call, config, &form->members) < 0 ||
	    check_parts(call, config) < 0)
		return -1;
	return form->managed ? check_managed(call, config, toolkit)
	                     : check_custom(call, config, toolkit);
}

int composio_check_create(const struct call *call)
{
	static const struct members body = { create_rows, LENGTH(create_rows),
		                             NULL };
	static const struct members within = { toolkit_rows,
		                               LENGTH(toolkit_rows),
		                               "toolkit" };
	json_t *config = json_object_get(call->body, "auth_config");

	if (members_check(call, call->body, &body) < 0 ||
	    check_within(call, call->body, &within) < 0)
		return -1;

	const char *slug =
		text_of(json_object_get(call->body, "toolkit"), "slug");
	const struct connector *toolkit = connector_find(slug);

	if (!toolkit)
		return answer_refuse(call, REFUSE_COMPOSIO_TOOLKIT, slug);
	return config ? check_config(call, config, toolkit)
	              : check_managed(call, NULL, toolkit);
}

static int check_merged(const struct call *call, const json_t *before)
{
	json_auto_t *after =
		json_deep_copy(json_object_get(before, "credentials"));
	json_t *patch = json_object_get(call->body, "credentials");

	if (check_fields(call, patch, CLEARING_TAKEN) < 0)
		return -1;
	if (patch)
		whole_merge(after, patch);
	return check_required(call, text_of(before, "auth_scheme"), after);
}

int composio_check_update(const struct call *call, const json_t *before)
{
	bool managed = composio_is_managed(before);
	const struct form *form = form_of(call, call->body, update_forms);

	if (!form)
		return -1;
	if (form->managed != managed)
		return answer_refuse(call, REFUSE_COMPOSIO_KIND, form->type);
	if (members_check(call, call->body, &form->members) < 0 ||
	    check_parts(call, call->body) < 0)
		return -1;
	return managed ? check_top_scopes(call, call->body)
	               : check_merged(call, before);
}
