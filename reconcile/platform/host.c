/* SPDX-License-Identifier: MIT */
/* Where the API key may go: decided before any packet. */
#include "platform/inside.h"

#include "base/text.h"
#include "schema/codes.h"

#include <string.h>
#include <strings.h>

static bool is_known(const struct binding *binding,
                     const struct platform_settings *settings,
                     const char *origin)
{
	CLEANUP(textp) char *own = http_origin(binding->url);

	return str_equal(origin, own) || http_is_loopback(origin) ||
	       http_is_among(origin, settings->allow_hosts,
	                     settings->allow_host_count);
}

/* What a path may hold: no query, no dot segments, nothing to be escaped. */
static bool is_plain_path(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-._~!$&'()*+,;=:@%/";

	return strspn(path, plain) == strlen(path) && !strstr(path, "/./") &&
	       !strstr(path, "/../") && !str_ends(path, "/.") &&
	       !str_ends(path, "/..");
}

static const char *path_of(const char *url)
{
	const char *authority = strstr(url, "://") + strlen("://");

	return authority + strcspn(authority, "/?#");
}

static int check_form(const struct platform_settings *settings,
                      const char *origin, struct diag *diag)
{
	if (!origin)
		return diag_error(diag, CODE_BAD_URL, settings->url_place,
		                  "`%s` is no http(s) URL of a host; write "
		                  "https://host/path, without a user",
		                  settings->url);
	if (!is_plain_path(path_of(settings->url)))
		return diag_error(diag, CODE_BAD_URL, settings->url_place,
		                  "`%s` holds more than a host and a path; "
		                  "remove query, fragment and dot segments",
		                  settings->url);
	if (str_starts(origin, "http:") && !http_is_loopback(origin))
		return diag_error(diag, CODE_BAD_URL, settings->url_place,
		                  "`%s` would carry the API key in clear; use "
		                  "https",
		                  settings->url);
	return 0;
}

char *host_check(const struct binding *binding,
                 const struct platform_settings *settings, struct diag *diag)
{
	CLEANUP(textp) char *origin = http_origin(settings->url);
	const char *host;

	if (check_form(settings, origin, diag) < 0)
		return NULL;
	host = strstr(origin, "://") + strlen("://");
	if (!is_known(binding, settings, origin)) {
		diag_error(diag, CODE_HOST_REFUSED, settings->url_place,
		           "`%s` is not the host of `%s`, so the API key does "
		           "not go there; if you know it, give --allow-host %s",
		           settings->url, binding->name, host);
		return NULL;
	}
	if (binding->status == BINDING_UNVERIFIED &&
	    !http_is_loopback(origin)) {
		diag_error(diag, CODE_UNVERIFIED_BINDING, settings->url_place,
		           "`%s` is an unverified binding and may not speak "
		           "to `%s`; set `platform.url` to a sandbox on this "
		           "machine",
		           binding->name, host);
		return NULL;
	}
	return TAKE(origin);
}
