/* SPDX-License-Identifier: MIT */
#include "platform/calls.h"

#include "base/limits.h"
#include "schema/codes.h"
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

/* One line of printable ASCII: nothing else may enter a header. */
static int check_key(const struct platform_settings *settings,
                     struct diag *diag)
{
	const char *key = secret_reveal(settings->api_key);
	const size_t length = secret_length(settings->api_key);

	if (length == 0 || length > LIMIT_API_KEY_BYTES)
		return diag_error(diag, CODE_KEY_FORM, settings->place,
		                  "the API key is %s; look at what "
		                  "`platform.apiKey` names",
		                  length ? "longer than 8 KiB" : "empty");
	for (size_t i = 0; i < length; i++) {
		if (key[i] <= 0x20 || key[i] > 0x7e)
			return diag_error(
				diag, CODE_KEY_FORM, settings->place,
				"the API key holds spaces or other characters "
				"that no key has; look at what "
				"`platform.apiKey` names");
	}
	return 0;
}

static void add_header(struct platform *platform, const char *name, char *value)
{
	platform->values[platform->header_count] = value;
	platform->headers[platform->header_count++] =
		(struct http_header){ name, value };
}

/* Those of the binding, then what is always sent. */
static void fill_headers(struct platform *platform)
{
	const struct named_templates *headers = &platform->binding->headers;
	const struct filling filling = {
		.key = secret_reveal(platform->api_key),
		.parameter = parameter_value,
		.context = platform,
	};

	platform->headers =
		xcalloc(headers->count + 2, sizeof(*platform->headers));
	platform->values =
		xcalloc(headers->count + 2, sizeof(*platform->values));
	for (size_t i = 0; i < headers->count; i++)
		add_header(platform, headers->items[i].name,
		           template_text(&headers->items[i].value, &filling,
		                         NULL));
	add_header(platform, "Accept", xstrdup("application/json"));
	add_header(platform, "Content-Type", xstrdup("application/json"));
}

/* Platforms may repeat it, so it must be known in what they say. */
static void find_encoded(struct platform *platform)
{
	const struct named_templates *headers = &platform->binding->headers;

	for (size_t i = 0; i < headers->count; i++) {
		const char *value = platform->values[i];
		const char *space = strrchr(value, ' ');

		if (template_count(&headers->items[i].value, PIECE_BASE64))
			platform->encoded = space ? space + 1 : value;
	}
}

static char *without_slash(const char *url)
{
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		length--;
	return xstrndup(url, length);
}

struct platform *platform_open(const struct binding *binding,
                               const struct platform_settings *settings,
                               struct diag *diag)
{
	CLEANUP(textp) char *origin = NULL;
	struct platform *platform;

	if (binding_check_allowed(binding, settings->allow_bindings,
	                          settings->allow_binding_count,
	                          settings->binding_place, diag) < 0)
		return NULL;
	origin = host_check(binding, settings, diag);
	if (!origin || parameters_check(binding, settings, diag) < 0 ||
	    check_key(settings, diag) < 0)
		return NULL;
	platform = xcalloc(1, sizeof(*platform));
	platform->binding = binding;
	platform->http = settings->http;
	platform->api_key = settings->api_key;
	platform->parameters = settings->parameters;
	platform->place = settings->place;
	platform->url = without_slash(settings->url);
	platform->origin = TAKE(origin);
	fill_headers(platform);
	find_encoded(platform);
	return platform;
}

const char *platform_origin(const struct platform *platform)
{
	return platform->origin;
}

uint64_t platform_requests(const struct platform *platform)
{
	return platform->client ? http_client_sent(platform->client) : 0;
}

const char *platform_waiting(const struct platform *platform)
{
	return platform->client ? http_client_waiting(platform->client) : NULL;
}

/* ---- closing ---- */

void platform_close(struct platform *platform)
{
	if (!platform)
		return;
	json_decref(platform->answer);
	http_client_free(platform->client);
	calls_abandon(platform);
	for (size_t i = 0; i < platform->header_count; i++) {
		explicit_bzero(platform->values[i],
		               strlen(platform->values[i]));
		free(platform->values[i]);
	}
	free(platform->values);
	free(platform->headers);
	free(platform->url);
	free(platform->origin);
	free(platform);
}

void platform_closep(struct platform **platform)
{
	platform_close(*platform);
}
