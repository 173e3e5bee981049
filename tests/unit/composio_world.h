/* SPDX-License-Identifier: MIT */
/* A pretend Composio with an own, a managed and a disabled auth config. */
#ifndef TESTS_UNIT_COMPOSIO_WORLD_H
#define TESTS_UNIT_COMPOSIO_WORLD_H

#include "base/text.h"
#include "visitor.h"

#define API "/api/v3.1"
#define LIST API "/auth_configs"
#define OWN_ID "ac_own"
#define MANAGED_ID "ac_managed"
#define OFF_ID "ac_off"
#define OWN_PATH LIST "/" OWN_ID
#define MANAGED_PATH LIST "/" MANAGED_ID
#define OFF_PATH LIST "/" OFF_ID
#define MISSING_PATH LIST "/ac_missing"

#define FINE (API_KEY_ONE | JSON)
#define SECOND (API_KEY_TWO | JSON)

/* A creation; `credentials` and `more` are what is left to say. */
#define OWN_AUTH(credentials, more)                               \
	"{\"toolkit\":{\"slug\":\"github\"},\"auth_config\":{"    \
	"\"type\":\"use_custom_auth\",\"authScheme\":\"OAUTH2\"," \
	"\"name\":\"n\",\"credentials\":{" credentials "}" more "}}"
#define CLIENT "\"client_id\":\"c\",\"client_secret\":\"s3cret-value\""
#define MANAGED_AUTH(toolkit, more)                                 \
	"{\"toolkit\":{\"slug\":\"" toolkit "\"},\"auth_config\":{" \
	"\"type\":\"use_composio_managed_auth\"" more "}}"
#define CUSTOM(rest) "{\"type\":\"custom\"" rest "}"
#define DEFAULT(rest) "{\"type\":\"default\"" rest "}"

#define ASK_IT(method, path, body, status) \
	get(made, method, path, FINE, body, status)

static const char composio_store[] =
	"{\"environments\":{\"one\":["
	"{\"id\":\"" OWN_ID "\",\"toolkit\":{\"slug\":\"slack\"},"
	"\"name\":\"Own\",\"credentials\":{\"client_id\":\"c1\","
	"\"client_secret\":\"first-secret\",\"scopes\":[\"a\",\"b\"],"
	"\"verification_token\":\"vt-123456\"},\"no_of_connections\":3},"
	"{\"id\":\"" MANAGED_ID "\",\"toolkit\":{\"slug\":\"github\"},"
	"\"name\":\"Managed\"},"
	"{\"id\":\"" OFF_ID "\",\"toolkit\":{\"slug\":\"github\"},"
	"\"name\":\"Off\",\"status\":\"DISABLED\","
	"\"credentials\":{\"client_id\":\"c3\"}}"
	"],\"two\":[]}}";

static inline int set_up_composio_with(void **state,
                                       struct sandbox_settings settings)
{
	settings.dialect = "composio";
	return set_up_store(state, settings, composio_store);
}

static inline int set_up_composio(void **state)
{
	return set_up_composio_with(state, (struct sandbox_settings){ 0 });
}

static inline const json_t *credentials_of(const json_t *object)
{
	return json_object_get(object, "credentials");
}

static inline void assert_scopes(const json_t *object, const char *wanted)
{
	assert_json(json_object_get(credentials_of(object), "scopes"), wanted);
}

/* What the admin side shows of an object of environment one. */
static inline json_t *stored(const struct fixture *made, const char *id)
{
	json_auto_t *all = environments(made);
	json_t *each;
	size_t i;

	json_array_foreach (json_object_get(all, "one"), i, each) {
		if (str_equal(text_at(each, "id"), id))
			return json_incref(each);
	}
	fail_msg("no %s", id);
	return NULL;
}

#define COMPOSIO(name) WITH(set_up_composio, name)

#endif
