/* SPDX-License-Identifier: MIT */
/*
 * What the door knows of the module: a table of functions under one name.
 *
 * Commands that need no network never open it, and so never load libcurl with
 * its thirty libraries.
 */
#ifndef RECONCILE_HTTP_MODULE_H
#define RECONCILE_HTTP_MODULE_H

#include "http/http.h"

#define HTTP_MODULE_FILE "trueup-http.so"
#define HTTP_MODULE_SYMBOL "trueup_http_module"

struct http_engine;

/* The functions do what http.h says of theirs. */
struct http_module {
	const char *version; /* must be the door's */
	/* `origin` was checked. NULL when libcurl does not start. */
	struct http_engine *(*open)(const char *origin,
	                            const struct http_settings *settings);
	void (*close)(struct http_engine *engine);
	void (*submit)(struct http_engine *engine,
	               const struct http_request *request, http_done_fn *done,
	               void *context);
	size_t (*turn)(struct http_engine *engine, int64_t wait_ms);
	uint64_t (*sent)(const struct http_engine *engine);
	const char *(*waiting)(struct http_engine *engine);
};

EXPORT extern const struct http_module trueup_http_module;

#endif
