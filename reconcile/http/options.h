/* SPDX-License-Identifier: MIT */
/* Options: how libcurl has to behave, whatever the request. */
#ifndef RECONCILE_HTTP_OPTIONS_H
#define RECONCILE_HTTP_OPTIONS_H

#include "http/http.h"

#include <curl/curl.h>

enum {
	/* What counts as no longer coming, once CURLOPT_LOW_SPEED_TIME is
	 * set. */
	STALL_BYTES_A_SECOND = 16,
};

/* True when libcurl does not take it: for chains of ||. */
#define SET(easy, option, value) \
	(curl_easy_setopt((easy), (option), (value)) != CURLE_OK)

/* TLS verified; no redirect, netrc, cookie or cleverness with paths; one
 * protocol; timeouts. */
int options_set(CURL *easy, const char *origin,
                const struct http_settings *settings) MUST_CHECK;

#endif
