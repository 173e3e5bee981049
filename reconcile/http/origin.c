/* SPDX-License-Identifier: MIT */
/* URLs as far as trueup must understand them itself: whom it would talk to. */
#include "base/text.h"
#include "http/http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct scheme {
	const char *prefix;
	uint64_t port; /* its default */
};

static const struct scheme schemes[] = { { "https://", 443 },
	                                 { "http://", 80 } };

static const char host_characters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
static const char address_characters[] = "0123456789abcdefABCDEF:.";

static const struct scheme *scheme_of(const char *url)
{
	for (size_t i = 0; i < LENGTH(schemes); i++) {
		const char *prefix = schemes[i].prefix;

		if (strncasecmp(url, prefix, strlen(prefix)) == 0)
			return &schemes[i];
	}
	return NULL;
}

/* Of a host's name or of an address in brackets; 0 when it is neither. */
static size_t host_length(const char *authority)
{
	size_t length;

	if (*authority != '[')
		return strspn(authority, host_characters);
	length = strspn(authority + 1, address_characters);
	return length && authority[length + 1] == ']' ? length + 2 : 0;
}

/* What stands between the host and the path; -1 when it is no port. */
static int parse_port(const char *from, size_t length, uint64_t *port)
{
	CLEANUP(textp) char *digits = NULL;

	if (length == 0)
		return 0;
	if (*from != ':')
		return -1;
	digits = xstrndup(from + 1, length - 1);
	if (parse_uint(digits, UINT16_MAX, port) < 0 || *port == 0)
		return -1;
	return 0;
}

char *http_origin(const char *url)
{
	const struct scheme *scheme = scheme_of(url);
	const char *authority;
	size_t host, length;
	uint64_t port;
	char *origin;

	if (!scheme)
		return NULL;
	authority = url + strlen(scheme->prefix);
	host = host_length(authority);
	length = strcspn(authority, "/?#");
	port = scheme->port;
	if (host == 0 || host > length || strchr(".-", *authority) ||
	    parse_port(authority + host, length - host, &port) < 0)
		return NULL;
	origin = port == scheme->port
	                 ? xasprintf("%s%.*s", scheme->prefix, (int)host,
	                             authority)
	                 : xasprintf("%s%.*s:%u", scheme->prefix, (int)host,
	                             authority, (unsigned)port);
	for (char *at = origin; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return origin;
}

static bool is_named(const char *origin, const char *host)
{
	CLEANUP(textp) char *as_url = xasprintf("https://%s", host);
	CLEANUP(textp)
	char *named = http_origin(strstr(host, "://") ? host : as_url);

	return str_equal(origin, named);
}

bool http_is_among(const char *origin, const char *const *hosts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_named(origin, hosts[i]))
			return true;
	}
	return false;
}

bool http_is_loopback(const char *origin)
{
	static const char *const hosts[] = { "127.0.0.1", "[::1]",
		                             "localhost" };
	const struct scheme *scheme = scheme_of(origin);

	for (size_t i = 0; scheme && i < LENGTH(hosts); i++) {
		const char *host = origin + strlen(scheme->prefix);
		const size_t length = strlen(hosts[i]);

		if (strncmp(host, hosts[i], length) == 0 &&
		    (host[length] == '\0' || host[length] == ':'))
			return true;
	}
	return false;
}

char *http_escape(const char *text)
{
	static const char unreserved[] = "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789-._~";
	static const char digits[] = "0123456789ABCDEF";
	char *escaped = xmalloc(3 * strlen(text) + 1);
	char *out = escaped;

	for (; *text; text++) {
		const unsigned char byte = (unsigned char)*text;

		if (strchr(unreserved, *text)) {
			*out++ = *text;
			continue;
		}
		*out++ = '%';
		*out++ = digits[byte >> 4];
		*out++ = digits[byte & 15];
	}
	*out = '\0';
	return escaped;
}
