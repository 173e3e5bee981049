/* SPDX-License-Identifier: MIT */
#include "http/options.h"

#include "base/text.h"

/*
 * Many requests share one connection where the server agrees to HTTP/2 as TLS
 * is set up; the first ones wait for that answer, as otherwise each would set
 * one up of its own. What was sent is known as well: a request that was handed
 * to a stream counts as sent.
 */
static bool set_version(CURL *easy, const char *origin)
{
	if (str_starts(origin, "http:"))
		return SET(easy, CURLOPT_HTTP_VERSION,
		           (long)CURL_HTTP_VERSION_1_1);
	return SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) ||
	       SET(easy, CURLOPT_PIPEWAIT, 1L);
}

static bool set_safety(CURL *easy, const char *origin,
                       const struct http_settings *settings)
{
	const bool direct = http_is_loopback(origin) || settings->public_only;
	const char *protocol = str_starts(origin, "http:") ? "http" : "https";

	return SET(easy, CURLOPT_PROTOCOLS_STR, protocol) ||
	       SET(easy, CURLOPT_FOLLOWLOCATION, 0L) ||
	       SET(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ||
	       SET(easy, CURLOPT_PATH_AS_IS, 1L) ||
	       SET(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) ||
	       SET(easy, CURLOPT_SSL_VERIFYPEER, 1L) ||
	       SET(easy, CURLOPT_SSL_VERIFYHOST, 2L) ||
	       SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ||
	       SET(easy, CURLOPT_HTTP09_ALLOWED, 0L) ||
	       SET(easy, CURLOPT_NOSIGNAL, 1L) ||
	       SET(easy, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES_A_SECOND) ||
	       /* NULL: as the environment says. */
	       SET(easy, CURLOPT_PROXY, direct ? "" : NULL);
}

static bool set_timeouts(CURL *easy, const struct http_settings *settings)
{
	return SET(easy, CURLOPT_CONNECTTIMEOUT_MS,
	           (long)settings->connect_timeout_ms) ||
	       SET(easy, CURLOPT_TIMEOUT_MS, (long)settings->timeout_ms);
}

int options_set(CURL *easy, const char *origin,
                const struct http_settings *settings)
{
	bool refused = set_version(easy, origin) ||
	               set_safety(easy, origin, settings) ||
	               set_timeouts(easy, settings);

	if (settings->ca_file && !refused)
		refused = SET(easy, CURLOPT_CAINFO, settings->ca_file);
	return refused ? -1 : 0;
}
