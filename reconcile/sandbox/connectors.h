/* SPDX-License-Identifier: MIT */
/* Connectors: the third-party apps that the pretend platform connects to. */
#ifndef RECONCILE_SANDBOX_CONNECTORS_H
#define RECONCILE_SANDBOX_CONNECTORS_H

#include <stdbool.h>
#include <stddef.h>

enum { CONNECTOR_WORDS = 3 };

/* Arrays end at NULL or at their size. */
struct connector {
	const char *id, *name;
	const char *categories[CONNECTOR_WORDS];
	const char *authentications[CONNECTOR_WORDS];
	bool auth_config_required;
	/* What an app asks for where nobody says which scopes; may be none. */
	const char *default_scopes[CONNECTOR_WORDS];
};

/* Sorted by id. */
extern const struct connector connectors[];
extern const size_t connector_count;

/* NULL when there is none. */
const struct connector *connector_find(const char *id);
bool connector_offers(const struct connector *connector,
                      const char *authentication);

/* True for a type that some connector could offer. */
bool authentication_is_known(const char *authentication);

#endif
