/* SPDX-License-Identifier: MIT */
/*
 * The requests. What holds the secret is made in one piece of the right size,
 * so that no part of it stays behind, and is wiped.
 */
#include "probe/ask.h"

#include "base/hash.h"
#include "base/text.h"
#include "lint/lint.h"
#include "secrets/secrets.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_BYTES = 16, BODY_LIMIT_BYTES = 1 << 20 };

static void wipep(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
}

static char *join(const char *const *pieces, size_t count)
{
	size_t size = 1;
	char *text, *end;

	for (size_t i = 0; i < count; i++)
		size += strlen(pieces[i]);
	text = end = xmalloc(size);
	for (size_t i = 0; i < count; i++)
		end = stpcpy(end, pieces[i]);
	*end = '\0';
	return text;
}

/* ---- sending ---- */

int ask_once(const struct http_request *request,
             const struct http_settings *settings, ask_done_fn *done,
             void *context, struct diag *diag)
{
	CLEANUP(textp) char *origin = http_origin(request->url);
	struct http_settings own = *settings;
	struct http_request once = *request;
	CLEANUP(http_client_freep) struct http_client *client = NULL;

	own.public_only = true;
	own.parallelism = 1;
	own.body_limit_bytes = BODY_LIMIT_BYTES;
	once.flags = HTTP_ONCE;
	client = http_client_new(origin, &own, diag);
	if (!client)
		return -1;
	http_client_submit(client, &once, done, context);
	http_client_run(client);
	return 0;
}

/* ---- the token endpoint ---- */

/* No provider can have given it to anybody. */
static char *made_up_code(void)
{
	uint8_t bytes[CODE_BYTES];
	char hex[2 * CODE_BYTES + 1];

	random_bytes(bytes, sizeof(bytes));
	text_hex(hex, bytes, sizeof(bytes));
	return xasprintf("trueup-probe-%s", hex);
}

/* RFC 6749 2.3.1: both are encoded as in a form before they are joined. */
static char *basic_of(const struct probe_subject *subject)
{
	CLEANUP(textp) char *id = http_escape(subject->client_id);
	CLEANUP(wipep)
	char *secret = http_escape(secret_reveal(subject->secret));
	const char *const pieces[] = { id, ":", secret };
	CLEANUP(wipep) char *pair = join(pieces, LENGTH(pieces));
	CLEANUP(wipep) char *encoded = text_base64(pair, strlen(pair));
	const char *const header[] = { "Basic ", encoded };

	return join(header, LENGTH(header));
}

static char *form_of(const struct probe_subject *subject, const char *code)
{
	const bool in_body =
		subject->profile->authentication != CLIENT_AUTHENTICATION_BASIC;
	const char *redirect = subject->redirect_uri;
	CLEANUP(textp) char *id = http_escape(subject->client_id);
	CLEANUP(textp) char *uri = http_escape(redirect ? redirect : "");
	CLEANUP(wipep)
	char *secret = http_escape(secret_reveal(subject->secret));
	const char *const pieces[] = {
		"grant_type=authorization_code&code=", code,
		redirect ? "&redirect_uri=" : "",      uri,
		in_body ? "&client_id=" : "",          in_body ? id : "",
		in_body ? "&client_secret=" : "",      in_body ? secret : "",
	};

	return join(pieces, LENGTH(pieces));
}

/* The client is in the header: a profile that says otherwise is refused. */
static char *json_of(const struct probe_subject *subject, const char *code)
{
	json_auto_t *body = json_pack("{s:s, s:s}", "grant_type",
	                              "authorization_code", "code", code);
	json_t *uri = subject->redirect_uri ? json_string(subject->redirect_uri)
	                                    : NULL;

	if (uri)
		(void)json_object_set_new(body, "redirect_uri", uri);
	return json_dumps(body, JSON_COMPACT);
}

int ask_token(const struct probe_subject *subject,
              const struct http_settings *settings, ask_done_fn *done,
              void *context, struct diag *diag)
{
	const struct profile *profile = subject->profile;
	const bool json = profile->probe.json_body;
	CLEANUP(textp) char *code = made_up_code();
	CLEANUP(wipep)
	char *body = json ? json_of(subject, code) : form_of(subject, code);
	CLEANUP(wipep) char *basic = basic_of(subject);
	const struct http_header headers[] = {
		{ "Accept", "application/json" },
		{ "Content-Type", json ? "application/json"
		                       : "application/x-www-form-urlencoded" },
		{ "Authorization", basic },
	};
	const size_t basic_count =
		profile->authentication == CLIENT_AUTHENTICATION_BASIC;
	const struct http_request request = {
		.method = "POST",
		.url = profile->token_url,
		.headers = headers,
		.header_count = LENGTH(headers) - 1 + basic_count,
		.body = body,
		.body_length = strlen(body),
	};

	return ask_once(&request, settings, done, context, diag);
}

/* ---- the authorization endpoint ---- */

static void add_parameter(FILE *out, const char *name, const char *value)
{
	CLEANUP(textp) char *escaped_name = http_escape(name);
	CLEANUP(textp) char *escaped = http_escape(value);

	fprintf(out, "&%s=%s", escaped_name, escaped);
}

static char *scopes_of(const struct probe_subject *subject)
{
	const char *separator = subject->profile->scope_separator;
	const char *item = value_next(&subject->scopes, NULL);
	char *text = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; item; i++) {
		fprintf(out, "%s%s", i ? (separator ? separator : " ") : "",
		        item);
		item = value_next(&subject->scopes, item);
	}
	(void)fclose(out);
	return text;
}

static char *authorize_url(const struct probe_subject *subject)
{
	const struct profile *profile = subject->profile;
	const char *base = profile->authorization_url;
	char *text = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&text, &length);

	fprintf(out, "%s%sresponse_type=code", base,
	        strchr(base, '?') ? "&" : "?");
	add_parameter(out, "client_id", subject->client_id);
	add_parameter(out, "redirect_uri", subject->redirect_uri);
	if (subject->scopes.kind == VALUE_SET && subject->scopes.length) {
		CLEANUP(textp) char *scopes = scopes_of(subject);

		add_parameter(out, "scope", scopes);
	}
	add_parameter(out, "state", "trueup-probe");
	for (size_t i = 0; i < profile->probe.parameter_count; i++)
		add_parameter(out, profile->probe.parameters[i].name,
		              profile->probe.parameters[i].value);
	(void)fclose(out);
	return text;
}

int ask_authorize(const struct probe_subject *subject,
                  const struct http_settings *settings, ask_done_fn *done,
                  void *context, struct diag *diag)
{
	static const struct http_header headers[] = {
		{ "Accept", "text/html,application/json" },
	};
	CLEANUP(textp) char *url = authorize_url(subject);
	const struct http_request request = {
		.method = "GET",
		.url = url,
		.headers = headers,
		.header_count = LENGTH(headers),
	};

	return ask_once(&request, settings, done, context, diag);
}

/* ---- reading URLs ---- */

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c | 0x20) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* As in a form; a percent sign that begins nothing stays. */
static char *decode(const char *from, size_t length)
{
	char *text = xmalloc(length + 1);
	char *out = text;

	for (size_t i = 0; i < length; i++) {
		const int high = from[i] == '%' && i + 2 < length
		                         ? hex_digit(from[i + 1])
		                         : -1;
		const int low = high >= 0 ? hex_digit(from[i + 2]) : -1;

		if (low >= 0) {
			*out++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*out++ = from[i];
			if (from[i] == '+')
				out[-1] = ' ';
		}
	}
	*out = '\0';
	return text;
}

char *ask_parameter(const char *url, const char *name)
{
	const size_t name_length = strlen(name);
	const char *at = url + strcspn(url, "?#");

	while (*at) {
		const size_t length = strcspn(++at, "&#");

		if (strncmp(at, name, name_length) == 0 &&
		    length > name_length && at[name_length] == '=')
			return decode(at + name_length + 1,
			              length - name_length - 1);
		at += length;
	}
	return NULL;
}

bool ask_is_code(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const size_t length = strlen(text);

	return length && length <= 64 && strspn(text, plain) == length;
}
