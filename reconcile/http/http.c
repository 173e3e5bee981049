/* SPDX-License-Identifier: MIT */
/* The door of the client: finds its module, opens it, hands calls through. */
#include "base/process.h"
#include "base/text.h"
#include "http/module.h"
#include "schema/codes.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdlib.h>

enum { RUN_WAIT_MS = 250 }; /* so often `stopping` is asked */

struct http_client {
	const struct http_module *module;
	struct http_engine *engine;
	char *origin;
};

/* ---- the module ---- */

/*
 * The library stays loaded: OpenSSL does not like to go. What it names itself
 * is looked up at once, since it is linked so; the thirty libraries that curl
 * brings along look theirs up when they need them, which most never do. One of
 * them is GnuTLS, for LDAP and RTMP, which we speak neither of: it would set
 * itself up.
 */
static void *open_library(void)
{
	static const char gnutls_waits[] = "GNUTLS_NO_IMPLICIT_INIT";
	CLEANUP(textp)
	char *path = process_beside(MODULE_FOLDER, HTTP_MODULE_FILE);
	void *library;

	if (!path)
		return NULL;
	(void)setenv(gnutls_waits, "1", 1);
	library = dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	(void)unsetenv(gnutls_waits);
	return library;
}

static const struct http_module *open_module(struct diag *diag)
{
	void *library = open_library();
	const struct http_module *module =
		library ? dlsym(library, HTTP_MODULE_SYMBOL) : NULL;
	const char *problem;

	if (module && str_equal(module->version, TRUEUP_VERSION))
		return module;
	if (module) {
		diag_error(diag, CODE_NETWORK_MODULE, PLACE_NONE,
		           "`" HTTP_MODULE_FILE "` is of version `%s`, this "
		           "is `" TRUEUP_VERSION "`; install both anew",
		           module->version);
		return NULL;
	}
	problem = dlerror();
	diag_error(diag, CODE_NETWORK_MODULE, PLACE_NONE,
	           "`" HTTP_MODULE_FILE "`, which speaks to the network, "
	           "cannot be opened: %s; install it with this program",
	           problem ? problem : "there is no such file");
	return NULL;
}

/* ---- the client ---- */

static int check_origin(const char *origin, struct diag *diag)
{
	CLEANUP(textp) char *known = http_origin(origin);

	if (!known)
		return diag_error(diag, CODE_BAD_URL, PLACE_NONE,
		                  "`%s` is no http(s) URL; write "
		                  "https://host",
		                  origin);
	if (!str_equal(known, origin))
		return diag_error(diag, CODE_BAD_URL, PLACE_NONE,
		                  "`%s` is more than an origin; write `%s`",
		                  origin, known);
	if (str_starts(origin, "http:") && !http_is_loopback(origin))
		return diag_error(diag, CODE_BAD_URL, PLACE_NONE,
		                  "`%s` would be spoken to in clear; use "
		                  "https",
		                  origin);
	return 0;
}

struct http_client *http_client_new(const char *origin,
                                    const struct http_settings *settings,
                                    struct diag *diag)
{
	CLEANUP(http_client_freep)
	struct http_client *client = xcalloc(1, sizeof(*client));

	if (check_origin(origin, diag) < 0)
		return NULL;
	client->origin = xstrdup(origin);
	client->module = open_module(diag);
	if (!client->module)
		return NULL;
	client->engine = client->module->open(origin, settings);
	if (!client->engine) {
		diag_error(diag, CODE_NETWORK_MODULE, PLACE_NONE,
		           "libcurl does not start; check its installation");
		return NULL;
	}
	return TAKE(client);
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	if (client->engine)
		client->module->close(client->engine);
	free(client->origin);
	free(client);
}

/* What begins with the origin is of it, where host and port end there; a URL
 * may also be written otherwise. */
static bool is_of_origin(const char *url, const char *origin)
{
	const size_t length = strlen(origin);
	CLEANUP(textp) char *read = NULL;

	if (strncmp(url, origin, length) == 0 && strchr("/?#", url[length]))
		return true;
	read = http_origin(url);
	return str_equal(read, origin);
}

void http_client_submit(struct http_client *client,
                        const struct http_request *request, http_done_fn *done,
                        void *context)
{
	assert(is_of_origin(request->url, client->origin));
	client->module->submit(client->engine, request, done, context);
}

size_t http_client_turn(struct http_client *client, int64_t wait_ms)
{
	return client->module->turn(client->engine, wait_ms);
}

void http_client_run(struct http_client *client)
{
	size_t left;

	do
		left = http_client_turn(client, RUN_WAIT_MS);
	while (left > 0);
}

uint64_t http_client_sent(const struct http_client *client)
{
	return client->module->sent(client->engine);
}

const char *http_client_waiting(const struct http_client *client)
{
	return client->module->waiting(client->engine);
}
