/* SPDX-License-Identifier: MIT */
/* Integrations: what bodies make of them, and how reads show them. */
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/nango.h"
#include "sandbox/nango_provider.h"

#include <inttypes.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

const struct provider *nango_provider_of(const json_t *stored)
{
	return provider_find(text_of(stored, "provider"));
}

int64_t nango_connections_of(const json_t *stored)
{
	return json_integer_value(json_object_get(stored, "connections"));
}

static bool is_managed(const json_t *stored)
{
	return json_is_true(json_object_get(stored, "managed"));
}

static bool has_oauth_client(enum auth_mode mode)
{
	return mode == MODE_OAUTH2 || mode == MODE_OAUTH1 || mode == MODE_TBA;
}

/* ---- what a body says ---- */

static int check_type(const struct call *call, const struct provider *provider)
{
	const json_t *credentials = json_object_get(call->body, "credentials");

	if (!credentials || str_equal(text_of(credentials, "type"),
	                              auth_mode_name(provider->mode)))
		return 0;
	return nango_fail(call, 400, "invalid_body",
	                  "incompatible credentials auth type and provider "
	                  "auth");
}

static int check_own(const struct call *call, const struct provider *provider)
{
	if (check_type(call, provider) < 0)
		return -1;
	if (json_object_get(call->body, "credentials") ||
	    provider->mode == MODE_TBA || provider->mode == MODE_API_KEY ||
	    provider->mode == MODE_BASIC)
		return 0;
	return nango_fail(call, 400, "invalid_body", "Missing credentials");
}

static int check_quickstart(const struct call *call,
                            const struct provider *provider)
{
	if (provider->mode == MODE_OAUTH2 || provider->mode == MODE_OAUTH1 ||
	    provider->mode == MODE_APP)
		return 0;
	return nango_fail(call, 400, "invalid_body",
	                  "Quickstart is only available for providers that "
	                  "require a developer app");
}

/* 1: there is one of this key, 0: there is none, -1: refused. */
static int find_key(const struct call *call, const char *key)
{
	const struct shelf shelf = { call->environment->number, RECORD_CONFIG };
	struct record record;
	int found = store_find(call->sandbox->store, shelf, key, &record);

	return found < 0 ? answer_refuse(call, REFUSE_BROKEN, NULL) : found;
}

static int check_new_key(const struct call *call)
{
	int found = find_key(call, text_of(call->body, "unique_key"));

	if (found > 0)
		return nango_fail_at(call, "invalid_string",
		                     "Unique key already exists", "uniqueKey");
	return found;
}

static int check_shared_app(const struct call *call,
                            const struct provider *provider)
{
	if (provider->shared)
		return 0;
	return nango_fail(call, 400, "invalid_body",
	                  "No Nango-provided developer app is configured for "
	                  "this provider");
}

/* The provider of a creation; NULL when refused. */
static const struct provider *check_create(const struct call *call,
                                           enum nango_body body)
{
	const struct provider *provider = nango_provider_of(call->body);

	if (!provider) {
		(void)nango_fail_at(call, "invalid_string", "Invalid provider",
		                    "provider");
		return NULL;
	}
	if (body == NANGO_CREATE)
		return check_own(call, provider) < 0 || check_new_key(call) < 0
		               ? NULL
		               : provider;
	return check_quickstart(call, provider) < 0 ||
	                       check_new_key(call) < 0 ||
	                       check_shared_app(call, provider) < 0
	               ? NULL
	               : provider;
}

/* ---- what becomes of it ---- */

static json_t *member_of(json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	if (member)
		return member;
	member = json_object();
	json_object_set_new(object, name, member);
	return member;
}

/* An empty webhook_secret removes the old one, but of OAUTH2 only. */
static void apply_webhook_secret(json_t *credentials, const json_t *given,
                                 const struct provider *provider)
{
	json_t *secret = json_object_get(given, "webhook_secret");

	if (!secret)
		return;
	if (json_string_length(secret))
		json_object_set(credentials, "webhook_secret", secret);
	else if (provider->mode == MODE_OAUTH2)
		json_object_del(credentials, "webhook_secret");
}

static void apply_credentials(json_t *stored, json_t *body,
                              const struct provider *provider)
{
	json_t *given = json_object_get(body, "credentials");
	json_t *credentials, *value;
	const char *name;

	if (!given)
		return;
	credentials = member_of(stored, "credentials");
	json_object_foreach (given, name, value) {
		if (!str_equal(name, "type") &&
		    !str_equal(name, "webhook_secret"))
			json_object_set(credentials, name, value);
	}
	apply_webhook_secret(credentials, given, provider);
}

static void apply_default_scopes(json_t *stored,
                                 const struct provider *provider)
{
	json_t *credentials = json_object_get(stored, "credentials");
	const char *scopes = text_of(credentials, "scopes");

	if ((scopes && *scopes) || !provider->default_scopes ||
	    is_managed(stored))
		return;
	json_object_set_new(member_of(stored, "credentials"), "scopes",
	                    json_string(provider->default_scopes));
}

static int apply_config(const struct call *call, json_t *stored,
                        const struct provider *provider, enum config_when when)
{
	json_t *given = json_object_get(call->body, "integration_config");
	CLEANUP(textp) char *problem = NULL;

	if (!json_object_size(given))
		return 0;

	json_auto_t *values = provider_config(provider, given, when, &problem);

	if (!values)
		return nango_fail(call, 400, "invalid_body", problem);
	json_object_update(member_of(stored, "integration_config"), values);
	return 0;
}

static int apply_custom(const struct call *call, json_t *stored,
                        const struct provider *provider)
{
	json_t *given = json_object_get(call->body, "custom");

	if (!json_object_size(given))
		return 0;
	if (provider->config)
		return nango_fail(call, 400, "invalid_body",
		                  "This provider uses integration_config; set "
		                  "its values there instead of custom");
	json_object_update(member_of(stored, "custom"), given);
	return 0;
}

/* All that a body may say of an integration of this provider. */
static int apply(const struct call *call, json_t *stored,
                 const struct provider *provider, enum config_when when)
{
	static const char *const plain[] = { "unique_key", "display_name",
		                             "forward_webhooks" };
	char now[CLOCK_TEXT_SIZE];

	for (size_t i = 0; i < LENGTH(plain); i++) {
		json_t *value = json_object_get(call->body, plain[i]);

		if (value)
			json_object_set(stored, plain[i], value);
	}
	call_now(call, now);
	json_object_set_new(stored, "updated_at", json_string(now));
	if (apply_config(call, stored, provider, when) < 0 ||
	    apply_custom(call, stored, provider) < 0)
		return -1;
	apply_credentials(stored, call->body, provider);
	return 0;
}

json_t *nango_create(const struct call *call, enum nango_body body)
{
	const struct provider *provider = check_create(call, body);
	char now[CLOCK_TEXT_SIZE];

	if (!provider)
		return NULL;
	call_now(call, now);

	json_auto_t *stored = json_pack(
		"{s:s, s:s, s:b, s:s}", "unique_key",
		text_of(call->body, "unique_key"), "provider", provider->key,
		"forward_webhooks", 1, "created_at", now);

	if (body == NANGO_QUICKSTART)
		json_object_set_new(stored, "managed", json_true());
	if (apply(call, stored, provider, CONFIG_CREATE) < 0)
		return NULL;
	apply_default_scopes(stored, provider);
	return json_incref(stored);
}

static int check_rename(const struct call *call, const json_t *before)
{
	const char *key = text_of(call->body, "unique_key");

	if (!key || str_equal(key, text_of(before, "unique_key")))
		return 0;

	int found = find_key(call, key);

	if (found < 0)
		return -1;
	if (found > 0)
		return nango_fail(call, 400, "invalid_body",
		                  "uniqueKey is already used by another "
		                  "integration");
	if (nango_connections_of(before) > 0)
		return nango_fail(call, 400, "invalid_body",
		                  "Can't rename an integration with active "
		                  "connections");
	return 0;
}

json_t *nango_update(const struct call *call, const json_t *before)
{
	const struct provider *provider = nango_provider_of(before);
	json_auto_t *stored = json_deep_copy(before);

	if (check_type(call, provider) < 0 || check_rename(call, before) < 0 ||
	    apply(call, stored, provider, CONFIG_UPDATE) < 0)
		return NULL;
	return json_incref(stored);
}

/* ---- how it is shown ---- */

struct shown {
	const char *name;
	enum { SECRETIVE, PLAIN } kind; /* "" of Nango's own app, or as it is */
};

static const struct shown oauth_shown[] = {
	{ "client_id", SECRETIVE },
	{ "client_secret", SECRETIVE },
	{ "scopes", PLAIN },
	{ "webhook_secret", PLAIN },
	{ NULL, PLAIN },
};

static const struct shown app_shown[] = {
	{ "app_id", SECRETIVE },
	{ "private_key", SECRETIVE },
	{ "app_link", PLAIN },
	{ NULL, PLAIN },
};

static const struct shown custom_shown[] = {
	{ "client_id", SECRETIVE },   { "client_secret", SECRETIVE },
	{ "app_id", SECRETIVE },      { "app_link", PLAIN },
	{ "private_key", SECRETIVE }, { NULL, PLAIN },
};

static const struct shown *const shown_of[] = {
	[MODE_OAUTH2] = oauth_shown,  [MODE_OAUTH1] = oauth_shown,
	[MODE_TBA] = oauth_shown,     [MODE_APP] = app_shown,
	[MODE_CUSTOM] = custom_shown, [MODE_API_KEY] = NULL,
	[MODE_BASIC] = NULL,
};

static json_t *show_member(const json_t *stored, const struct shown *shown,
                           const struct provider *provider)
{
	const char *text =
		text_of(json_object_get(stored, "credentials"), shown->name);

	if (is_managed(stored) && shown->kind == SECRETIVE)
		return json_string("");
	if (is_managed(stored) && str_equal(shown->name, "scopes"))
		text = provider->shared;
	return text && *text ? json_string(text) : json_null();
}

static json_t *show_credentials(const json_t *stored,
                                const struct provider *provider)
{
	const struct shown *shown = shown_of[provider->mode];

	if (!shown)
		return json_null();

	json_t *credentials =
		json_pack("{s:s}", "type", auth_mode_name(provider->mode));

	for (; shown->name; shown++)
		json_object_set_new(credentials, shown->name,
		                    show_member(stored, shown, provider));
	return credentials;
}

static json_t *show_webhook(const struct call *call, const json_t *stored,
                            const struct provider *provider)
{
	if (!provider->webhooks)
		return json_null();

	CLEANUP(textp)
	char *key = http_escape(text_of(stored, "unique_key"));

	return json_sprintf("https://api.nango.dev/webhook/"
	                    "00000000-0000-4000-8000-%012" PRId64 "/%s",
	                    call->environment->number, key);
}

static void show_label(json_t *view, const json_t *stored)
{
	const char *label = text_of(
		json_object_get(stored, "integration_config"), "keyLabel");

	if (label && *label)
		json_object_set_new(view, "credentials_label",
		                    json_pack("{s:s}", "apiKey", label));
}

json_t *nango_view(const struct call *call, const json_t *stored,
                   unsigned include)
{
	const struct provider *provider = nango_provider_of(stored);
	const char *name = text_of(stored, "display_name");
	json_t *view = json_pack(
		"{s:O, s:s, s:s, s:o}", "unique_key",
		json_object_get(stored, "unique_key"), "provider",
		provider->key, "display_name", name ? name : provider->name,
		"logo",
		json_sprintf("https://app.nango.dev/images/template-logos/"
	                     "%s.svg",
	                     provider->key));

	show_label(view, stored);
	if (include & NANGO_INCLUDE_WEBHOOK)
		json_object_set_new(view, "webhook_url",
		                    show_webhook(call, stored, provider));
	if (include & NANGO_INCLUDE_CREDENTIALS)
		json_object_set_new(view, "credentials",
		                    show_credentials(stored, provider));
	json_object_set(view, "forward_webhooks",
	                json_object_get(stored, "forward_webhooks"));
	json_object_set(view, "created_at",
	                json_object_get(stored, "created_at"));
	json_object_set(view, "updated_at",
	                json_object_get(stored, "updated_at"));
	return view;
}

/* ---- the admin side ---- */

/* What an admin gives may be anything: it is laid over a good object. One that
 * says nothing of its client is managed where that can be. */
json_t *nango_complete(const struct call *call, json_t *given)
{
	char key[OBJECT_ID_SIZE], now[CLOCK_TEXT_SIZE];
	const struct provider *provider = nango_provider_of(given);
	json_t *object;

	object_id_make(key);
	call_now(call, now);
	object = json_pack("{s:s, s:s, s:b, s:s, s:s}", "unique_key", key,
	                   "provider", "slack", "forward_webhooks", 1,
	                   "created_at", now, "updated_at", now);
	if (!json_object_get(given, "credentials") &&
	    (!provider || provider->shared))
		json_object_set_new(object, "managed", json_true());
	json_object_update(object, given);
	return object;
}

static char *join(const json_t *scopes)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < json_array_size(scopes); i++)
		fprintf(out, "%s%s", i ? "," : "",
		        json_string_value(json_array_get(scopes, i)));
	(void)fclose(out);
	return text;
}

json_t *nango_draw(const struct sample *sample)
{
	const struct provider *provider = provider_find(sample->connector);
	CLEANUP(textp) char *scopes = join(sample->scopes);

	if (!provider || !has_oauth_client(provider->mode))
		provider = provider_find("slack");
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s}}", "unique_key",
	                 sample->name, "provider", provider->key,
	                 "display_name", sample->name, "credentials",
	                 "client_id", sample->client_id, "client_secret",
	                 sample->client_secret, "scopes", scopes);
}
