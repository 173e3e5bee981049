/* SPDX-License-Identifier: MIT */
/* A pretend Nango with an integration of each kind in environment one. */
#ifndef TESTS_UNIT_NANGO_WORLD_H
#define TESTS_UNIT_NANGO_WORLD_H

#include "visitor.h"

#define LIST "/integrations"
#define GITHUB LIST "/acme-github"
#define CREDENTIALS "?include=credentials"
#define NOW "2026-11-23T17:28:08.250Z"
#define LOGO(provider) \
	"https://app.nango.dev/images/template-logos/" provider ".svg"

#define FINE (KEY_ONE | JSON)
#define SECOND (KEY_TWO_EXACT | JSON)
#define ASK_IT(method, path, body, status) \
	get(made, method, path, FINE, body, status)

/* A creation; `more` is what is left to say. */
#define NEW(provider, key, more) \
	"{\"provider\":\"" provider "\",\"unique_key\":\"" key "\"" more "}"
#define OAUTH2(more)                             \
	"\"credentials\":{\"type\":\"OAUTH2\","  \
	"\"client_id\":\"c\",\"client_secret\":" \
	"\"s3cret-value\"" more "}"
#define NEW_GITHUB(more) NEW("github", "k", "," OAUTH2(more))
#define PATCH(more) "{" OAUTH2(more) "}"
#define KEY_TEXT                                       \
	"-----BEGIN RSA PRIVATE KEY-----\\nMIIpretend" \
	"\\n-----END RSA PRIVATE KEY-----"

static const char nango_store[] =
	"{\"environments\":{\"one\":["
	"{\"unique_key\":\"acme-slack\",\"provider\":\"slack\","
	"\"connections\":2,\"credentials\":{\"client_id\":\"c1\","
	"\"client_secret\":\"first-secret\",\"scopes\":\"b,a\","
	"\"webhook_secret\":\"hook-secret\"}},"
	"{\"id\":\"acme-github\",\"provider\":\"github\","
	"\"display_name\":\"Acme GitHub\",\"credentials\":{"
	"\"client_id\":\"c2\",\"client_secret\":\"second-secret\","
	"\"scopes\":\"repo\"}},"
	"{\"unique_key\":\"managed\",\"provider\":\"github\"}"
	"],\"two\":[]}}";

static inline int set_up_nango_with(void **state,
                                    struct sandbox_settings settings)
{
	settings.dialect = "nango";
	return set_up_store(state, settings, nango_store);
}

static inline int set_up_nango(void **state)
{
	return set_up_nango_with(state, (struct sandbox_settings){ 0 });
}

#define NANGO(name) WITH(set_up_nango, name)

/* What a read of the credentials of one shows; to be freed. */
static inline json_t *credentials_of(const struct fixture *made,
                                     const char *key)
{
	CLEANUP(textp) char *path = xasprintf(LIST "/%s" CREDENTIALS, key);
	json_auto_t *answer = ASK_IT("GET", path, NULL, 200);

	return json_incref(json_object_get(json_object_get(answer, "data"),
	                                   "credentials"));
}

static inline void assert_credentials(const struct fixture *made,
                                      const char *key, const char *wanted)
{
	json_auto_t *credentials = credentials_of(made, key);

	assert_non_null(credentials);
	assert_json(credentials, wanted);
}

#endif
