/* SPDX-License-Identifier: MIT */
/*
 * The object: made of a body or of what an admin gave, changed by an update,
 * and masked when it is read.
 *
 * It is stored as the admin side shows it, in clear. A read shows of a managed
 * one's credentials REDACTED for each, but for its scopes and redirect; of a
 * custom one's the client id as it is, and of the others the first four
 * characters at most.
 */
#include "base/hash.h"
#include "base/text.h"
#include "sandbox/composio.h"
#include "sandbox/connectors.h"
#include "sandbox/whole.h"

#include <string.h>

enum { SHOWN = 4, LONG_ENOUGH = 8 };

/* A default that changed with the version of the call. */
static const char new_redirect[] =
	"https://backend.composio.dev/api/v3.1/toolkits/auth/callback";
static const char old_redirect[] =
	"https://backend.composio.dev/api/v1/auth-apps/add";

static const char redacted[] = "REDACTED";

static const char *const scope_members[] = { "scopes", "user_scopes",
	                                     "optional_scopes" };
/* Those of credentials that are shown in clear, scopes aside. */
static const char *const clear_members[] = { "client_id", "consumer_key",
	                                     "oauth_redirect_uri" };

static const struct {
	const char *authentication, *scheme;
} schemes[] = {
	{ "oauth2", "OAUTH2" },
	{ "oauth1", "OAUTH1" },
	{ "api_key", "API_KEY" },
	{ "basic", "BASIC" },
};

const char *composio_scheme(const char *authentication)
{
	for (size_t i = 0; i < LENGTH(schemes); i++) {
		if (str_equal(schemes[i].authentication, authentication))
			return schemes[i].scheme;
	}
	return NULL;
}

bool composio_is_managed(const json_t *object)
{
	return json_is_true(json_object_get(object, "is_composio_managed"));
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(names[i], name))
			return true;
	}
	return false;
}

bool composio_holds_scopes(const char *member)
{
	return is_among(scope_members, LENGTH(scope_members), member);
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* ---- scopes ---- */

static void append_trimmed(json_t *scopes, const char *text, size_t length)
{
	while (length && *text == ' ') {
		text++;
		length--;
	}
	while (length && text[length - 1] == ' ')
		length--;
	if (length)
		json_array_append_new(scopes, json_stringn(text, length));
}

/* An array, of what may be a text with commas. */
static json_t *scopes_from(json_t *given)
{
	const char *text = json_string_value(given);
	json_t *scopes = json_array();

	if (json_is_array(given))
		json_array_extend(scopes, given);
	while (text) {
		size_t length = strcspn(text, ",");

		append_trimmed(scopes, text, length);
		text = text[length] ? text + length + 1 : NULL;
	}
	return scopes;
}

static json_t *default_scopes(const char *slug)
{
	const struct connector *toolkit = connector_find(slug);
	json_t *scopes = json_array();

	for (size_t i = 0; toolkit && i < CONNECTOR_WORDS; i++) {
		if (toolkit->default_scopes[i])
			json_array_append_new(
				scopes,
				json_string(toolkit->default_scopes[i]));
	}
	return scopes;
}

/* ---- making ---- */

static const char *redirect_for(const struct call *call)
{
	return str_starts(call->http->path, "/api/v3/") ? old_redirect
	                                                : new_redirect;
}

/* One without a name, and without any credentials but the defaults. */
static json_t *make(const struct call *call, const char *slug)
{
	char id[OBJECT_ID_SIZE], uuid[OBJECT_ID_SIZE], now[CLOCK_TEXT_SIZE];
	CLEANUP(textp)
	char *logo = xasprintf("https://logos.composio.dev/api/%s", slug);

	object_id_make(id);
	object_id_make(uuid);
	call_now(call, now);
	return json_pack(
		"{s:o, s:s, s:s, s:{s:s, s:s}, s:o, s:s, s:b, s:{s:s, s:o}, "
		"s:s, s:s, s:s, s:s, s:i, s:[], s:[], s:{s:[], s:[]}, s:b}",
		"id", json_sprintf("ac_%s", id), "uuid", uuid, "type", "custom",
		"toolkit", "slug", slug, "logo", logo, "name",
		json_sprintf("%s-%.6s", slug, id), "auth_scheme", "OAUTH2",
		"is_composio_managed", 0, "credentials", "oauth_redirect_uri",
		redirect_for(call), "scopes", default_scopes(slug), "status",
		"ENABLED", "created_by", "sandbox", "created_at", now,
		"last_updated_at", now, "no_of_connections", 0,
		"expected_input_fields", "restrict_to_following_tools",
		"tool_access_config", "tools_for_connected_account_creation",
		"tools_available_for_execution", "is_enabled_for_tool_router",
		1);
}

static void make_managed(json_t *object)
{
	json_t *credentials = json_object_get(object, "credentials");

	json_object_set_new(object, "type", json_string("default"));
	json_object_set_new(object, "is_composio_managed", json_true());
	json_object_set_new(credentials, "client_id",
	                    json_string("composio-owned"));
}

/* ---- merging ---- */

static bool is_cleared(const json_t *value)
{
	return json_is_null(value) ||
	       (json_is_string(value) && !json_string_length(value));
}

static void set_field(const struct call *call, json_t *credentials,
                      const char *name, json_t *value)
{
	if (composio_holds_scopes(name))
		json_object_set_new(credentials, name, scopes_from(value));
	else if (!is_cleared(value))
		json_object_set_new(credentials, name,
		                    json_string(json_string_value(value)));
	else if (str_equal(name, "oauth_redirect_uri"))
		json_object_set_new(credentials, name,
		                    json_string(redirect_for(call)));
	else
		json_object_del(credentials, name);
}

static void merge_credentials(const struct call *call, json_t *object,
                              json_t *given)
{
	json_t *credentials = json_object_get(object, "credentials");
	const char *name;
	json_t *value;

	json_object_foreach (given, name, value)
		set_field(call, credentials, name, value);
}

/* Of a body's members those that stand in the object as they are. */
static void merge_members(json_t *object, json_t *body)
{
	static const char *const plain[] = { "name", "shared_credentials",
		                             "is_enabled_for_tool_router",
		                             "restrict_to_following_tools" };
	json_t *proxy = json_object_get(body, "proxy_config");
	json_t *access = json_object_get(body, "tool_access_config");

	for (size_t i = 0; i < LENGTH(plain); i++) {
		json_t *value = json_object_get(body, plain[i]);

		if (value)
			json_object_set(object, plain[i], value);
	}
	if (json_is_null(proxy))
		json_object_del(object, "proxy_config");
	else if (proxy)
		json_object_set(object, "proxy_config", proxy);
	if (access)
		json_object_update(
			json_object_get(object, "tool_access_config"), access);
}

static void fill_scopes(json_t *credentials, const char *slug)
{
	if (!json_array_size(json_object_get(credentials, "scopes")))
		json_object_set_new(credentials, "scopes",
		                    default_scopes(slug));
}

json_t *composio_create(const struct call *call)
{
	const char *slug =
		text_of(json_object_get(call->body, "toolkit"), "slug");
	json_t *config = json_object_get(call->body, "auth_config");
	const char *scheme = text_of(config, "authScheme");
	json_t *object = make(call, slug);

	if (scheme)
		json_object_set_new(object, "auth_scheme", json_string(scheme));
	else
		make_managed(object);
	merge_members(object, config);
	merge_credentials(call, object, json_object_get(config, "credentials"));
	if (call_has_quirk(call, COMPOSIO_FILL_SCOPES))
		fill_scopes(json_object_get(object, "credentials"), slug);
	return object;
}

void composio_update(const struct call *call, json_t *object)
{
	json_t *credentials = json_object_get(object, "credentials");

	merge_members(object, call->body);
	merge_credentials(call, object,
	                  json_object_get(call->body, "credentials"));
	for (size_t i = 0; i < LENGTH(scope_members); i++) {
		json_t *scopes = json_object_get(call->body, scope_members[i]);

		if (scopes)
			set_field(call, credentials, scope_members[i], scopes);
	}
}

/* ---- reading ---- */

static json_t *mask_text(const char *text)
{
	return strlen(text) < LONG_ENOUGH
	               ? json_string("...")
	               : json_sprintf("%.*s...", SHOWN, text);
}

static json_t *mask_custom(const char *name, json_t *value)
{
	if (!json_is_string(value) ||
	    is_among(clear_members, LENGTH(clear_members), name))
		return json_incref(value);
	return mask_text(json_string_value(value));
}

static json_t *mask_managed(const struct call *call, const char *name,
                            json_t *value)
{
	bool clear = composio_holds_scopes(name) ||
	             str_equal(name, "oauth_redirect_uri");

	if (clear && !call_has_quirk(call, COMPOSIO_REDACT_ALL))
		return json_incref(value);
	return json_string(redacted);
}

static json_t *mask_credentials(const struct call *call, const json_t *object)
{
	bool managed = composio_is_managed(object);
	json_t *masked = json_object();
	const char *name;
	json_t *value;

	json_object_foreach (json_object_get(object, "credentials"), name,
	                     value)
		json_object_set_new(masked, name,
		                    managed ? mask_managed(call, name, value)
		                            : mask_custom(name, value));
	if (managed)
		json_object_set_new(masked, "client_secret",
		                    json_string(redacted));
	return masked;
}

static void redact_texts(json_t *object)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, name, value)
	{
		if (json_is_string(value))
			json_object_set_new(object, name,
			                    json_string(redacted));
	}
}

json_t *composio_view(const struct call *call, const struct record *record)
{
	json_t *object = whole_from_record(call->sandbox->dialect, record);
	json_t *proxy = json_object_get(object, "proxy_config");

	json_object_set_new(object, "credentials",
	                    mask_credentials(call, object));
	redact_texts(json_object_get(object, "shared_credentials"));
	if (json_object_get(proxy, "proxy_auth_key"))
		json_object_set_new(proxy, "proxy_auth_key",
		                    json_string(redacted));
	return object;
}

/* ---- the admin side ---- */

/* What an admin gives may be anything: it is laid over a good object, which is
 * managed where it is given neither type nor client id. */
json_t *composio_complete(const struct call *call, json_t *given)
{
	const char *slug = text_of(json_object_get(given, "toolkit"), "slug");
	const char *type = text_of(given, "type");
	const json_t *credentials = json_object_get(given, "credentials");
	json_t *object = make(call, slug ? slug : "slack");

	if (type ? str_equal(type, "default")
	         : !json_object_get(credentials, "client_id"))
		make_managed(object);
	whole_merge(object, given);
	return object;
}

json_t *composio_draw(const struct sample *sample)
{
	return json_pack("{s:o, s:{s:s}, s:s, s:{s:s, s:s, s:O}}", "id",
	                 json_sprintf("ac_%s", sample->id), "toolkit", "slug",
	                 sample->connector, "name", sample->name, "credentials",
	                 "client_id", sample->client_id, "client_secret",
	                 sample->client_secret, "scopes", sample->scopes);
}
