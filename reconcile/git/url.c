/* SPDX-License-Identifier: MIT */
/*
 * URLs of repositories, checked before libgit2 sees them. What is not one of
 * the forms below is refused, so that no other transport can be named.
 */
#include "git/git.h"

#include "base/text.h"
#include "http/http.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

/* Where the host begins, and where user and password end; both in the URL. */
struct parts {
	const char *authority, *at, *path;
};

/* `user@host:path`, without a scheme; ssh's own way. */
static bool is_short_ssh(const char *url)
{
	const size_t host = strcspn(url, "/:");

	return host && url[host] == ':' && !str_starts(url + host, "://");
}

static struct parts split_plainly(const char *url)
{
	const char *scheme_end = strstr(url, "://");
	struct parts parts = {
		.authority = scheme_end ? scheme_end + 3 : url,
	};
	size_t length;

	length = strcspn(parts.authority,
	                 scheme_end ? "/?#" : (is_short_ssh(url) ? ":" : "/"));
	parts.path = parts.authority + length;
	for (const char *c = parts.authority; c < parts.path; c++) {
		if (*c == '@')
			parts.at = c;
	}
	return parts;
}

/* A password with a slash in it ends what looks like the host. */
static bool is_port(const char *text, const char *end)
{
	return strspn(text, "0123456789") >= (size_t)(end - text);
}

static void find_torn_password(const char *url, struct parts *parts)
{
	const char *colon = memchr(parts->authority, ':',
	                           (size_t)(parts->path - parts->authority));

	if (parts->at || !colon || parts->authority[0] == '[' ||
	    is_port(colon + 1, parts->path))
		return;
	parts->at = strrchr(url, '@');
	if (parts->at)
		parts->path = parts->at + strcspn(parts->at, "/");
}

static struct parts split(const char *url)
{
	struct parts parts = split_plainly(url);

	if (strstr(url, "://"))
		find_torn_password(url, &parts);
	return parts;
}

char *git_url_shown(const char *url)
{
	const struct parts parts = split(url);

	if (!parts.at)
		return xstrdup(url);
	return xasprintf("%.*s%s", (int)(parts.authority - url), url,
	                 parts.at + 1);
}

static bool is_loopback(const char *url)
{
	CLEANUP(textp) char *shown = git_url_shown(url);
	CLEANUP(textp) char *origin = http_origin(shown);

	return origin && http_is_loopback(origin);
}

static const char *refusal(const char *url, unsigned flags)
{
	const struct parts parts = split(url);

	if (url[0] == '-')
		return "begins with a hyphen; give https://host/path";
	for (const char *c = url; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return "holds a blank or a control character; write "
			       "it as %20 and so on";
	}
	if (parts.at &&
	    memchr(parts.authority, ':', (size_t)(parts.at - parts.authority)))
		return "holds a password; give it with --git-token-env NAME "
		       "instead";
	if (str_starts(url, "file://"))
		return flags & GIT_ALLOW_FILE && parts.path == parts.authority
		               ? NULL
		               : "names a folder of this machine; say "
		                 "--allow-file for file:///path";
	if (parts.path == parts.authority || parts.path == parts.at + 1)
		return "names no host; give https://host/path";
	if (str_starts(url, "https://") || str_starts(url, "ssh://"))
		return NULL;
	if (str_starts(url, "http://"))
		return is_loopback(url) ? NULL
		                        : "would be spoken to in clear; use "
		                          "https";
	if (is_short_ssh(url) && parts.at)
		return NULL;
	return "is none that is fetched from; give https://host/path or "
	       "ssh://user@host/path";
}

int git_check_url(const char *url, unsigned flags, struct diag *diag)
{
	const char *why = refusal(url, flags);
	CLEANUP(textp) char *shown = NULL;

	if (!why)
		return 0;
	shown = git_url_shown(url);
	return diag_error(diag, CODE_GIT_URL, PLACE_NONE, "`%s` %s", shown,
	                  why);
}
