/* SPDX-License-Identifier: MIT */
/* Providers: what Nango's integrations connect to, some of its 981. */
#ifndef RECONCILE_SANDBOX_NANGO_PROVIDER_H
#define RECONCILE_SANDBOX_NANGO_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum auth_mode {
	MODE_OAUTH2,
	MODE_OAUTH1,
	MODE_TBA,
	MODE_APP,
	MODE_CUSTOM,
	MODE_API_KEY,
	MODE_BASIC
};

/* As credentials.type says it. */
const char *auth_mode_name(enum auth_mode mode);

struct provider {
	const char *key, *name;
	enum auth_mode mode;
	const char *default_scopes; /* joined by commas; NULL: none */
	bool webhooks;
	/* The scopes of the app that Nango itself has there, which a quickstart
	 * uses; NULL: it has none. Which they are is the sandbox's invention,
	 * the vendor publishes none. */
	const char *shared;
	const struct config_field *config; /* of integration_config; NULL */
};

/* NULL when there is none. */
const struct provider *provider_find(const char *key);

/*
 * What an integration_config that was sent becomes: checked, and on a creation
 * with what it leaves out filled in. On an update what it
 * leaves out is left out. NULL with *problem, to be freed, set.
 */
enum config_when { CONFIG_CREATE, CONFIG_UPDATE };
json_t *provider_config(const struct provider *provider, json_t *given,
                        enum config_when when, char **problem);

#endif
