/* SPDX-License-Identifier: MIT */
#include "sandbox/call.h"
#include "base/hash.h"
#include "base/text.h"
#include "sandbox/answer.h"

#include <stdlib.h>
#include <string.h>

/* Compares one segment of both; `{…}` in the route's takes any but none. */
static bool segment_matches(const char *pattern, size_t pattern_length,
                            const char *path, size_t path_length)
{
	if (*pattern == '{')
		return path_length > 0;
	return pattern_length == path_length &&
	       memcmp(pattern, path, path_length) == 0;
}

static void capture(struct call *call, size_t index, const char *text,
                    size_t length)
{
	free(call->captures[index]);
	call->captures[index] = xstrndup(text, length);
}

/* Both begin with a slash, as do all of their segments. */
static bool rest_matches(struct call *call, const char *path,
                         const char *pattern)
{
	size_t captured = 0;

	while (*pattern == '/' && *path == '/') {
		size_t pattern_length = strcspn(++pattern, "/");
		size_t length = strcspn(++path, "/");

		if (!segment_matches(pattern, pattern_length, path, length))
			return false;
		if (*pattern == '{' && captured < CALL_CAPTURES)
			capture(call, captured++, path, length);
		pattern += pattern_length;
		path += length;
	}
	return !*pattern && !*path;
}

static bool path_matches(struct call *call, const struct routes *routes,
                         const char *pattern)
{
	const char *path = call->http->path;
	const char *const *prefix = routes->prefixes;

	if (!prefix)
		return rest_matches(call, path, pattern);
	for (; *prefix; prefix++) {
		if (str_starts(path, *prefix) &&
		    rest_matches(call, path + strlen(*prefix), pattern))
			return true;
	}
	return false;
}

void call_find_route(struct call *call, const struct routes *routes)
{
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *route = &routes->rows[i];

		if (str_equal(route->method, call->http->method) &&
		    path_matches(call, routes, route->path)) {
			call->route = route;
			return;
		}
	}
}

/* "GET, PUT, DELETE"; empty when no route has this path. */
static char *allowed_methods(struct call *call, const struct routes *routes)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);
	const char *comma = "";

	for (size_t i = 0; i < routes->count; i++) {
		if (!path_matches(call, routes, routes->rows[i].path))
			continue;
		fprintf(out, "%s%s", comma, routes->rows[i].method);
		comma = ", ";
	}
	(void)fclose(out);
	return text;
}

int call_check_route(struct call *call, const struct routes *routes)
{
	if (call->route)
		return 0;

	char **allowed = &call->sandbox->allowed;

	free(*allowed);
	*allowed = allowed_methods(call, routes);
	if (!**allowed)
		return answer_refuse(call, REFUSE_NO_PATH, call->http->path);
	answer_header(call->reply, "Allow", *allowed);
	return answer_refuse(call, REFUSE_BAD_METHOD, call->http->method);
}

/* With parameters (charset) or without. */
static bool is_json(const char *content_type)
{
	static const char json[] = "application/json";
	size_t length = sizeof(json) - 1;

	return content_type && strncasecmp(content_type, json, length) == 0 &&
	       (content_type[length] == '\0' || content_type[length] == ';' ||
	        content_type[length] == ' ');
}

static int refuse_json(const struct call *call, const json_error_t *error)
{
	/* jansson's own words quote the body, which may hold a secret. */
	CLEANUP(textp)
	char *where =
		xasprintf("line %d, column %d", error->line, error->column);

	return answer_refuse(call, REFUSE_NOT_JSON, where);
}

int call_read_body(struct call *call)
{
	const char *type = http_call_header(call->http, "Content-Type");
	json_error_t error;

	if (!(call->route->traits & ROUTE_BODY))
		return call->http->body_length
		               ? answer_refuse(call, REFUSE_EXTRA_BODY, NULL)
		               : 0;
	if (!(call->route->traits & ROUTE_UNTYPED) && !is_json(type))
		return answer_refuse(call, REFUSE_BAD_CONTENT_TYPE, type);
	call->body =
		json_loadb(call->http->body, call->http->body_length,
	                   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!call->body)
		return refuse_json(call, &error);
	if (!json_is_object(call->body))
		return answer_refuse(call, REFUSE_NOT_OBJECT, NULL);
	return 0;
}

void call_release(struct call *call)
{
	for (size_t i = 0; i < CALL_CAPTURES; i++)
		free(call->captures[i]);
	json_decref(call->body);
}

static char *join(const char *const *names, size_t count)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s", i ? ", " : "", names[i]);
	(void)fclose(out);
	return text;
}

int call_check_queries(const struct call *call, const char *const *names,
                       size_t count)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		known += http_call_query(call->http, names[i]) != NULL;
	if (known == http_call_query_count(call->http))
		return 0;

	CLEANUP(textp) char *list = join(names, count);

	return answer_refuse(call, REFUSE_BAD_QUERY, count ? list : "none");
}

bool call_has_quirk(const struct call *call, unsigned quirk)
{
	return call->sandbox->quirks >> quirk & 1;
}

static bool scope_grants(const char *granted, size_t length, const char *scope)
{
	if (length >= 2 && memcmp(granted + length - 2, ":*", 2) == 0)
		return strncmp(granted, scope, length - 1) == 0;
	return strlen(scope) == length && memcmp(granted, scope, length) == 0;
}

bool call_has_scope(const struct call *call, const char *scope)
{
	const char *granted = call->environment->scopes;

	if (!granted)
		return true;
	while (*granted) {
		size_t length = strcspn(granted, ",");

		if (scope_grants(granted, length, scope))
			return true;
		granted += length + (granted[length] == ',');
	}
	return false;
}

void call_now(const struct call *call, char out[CLOCK_TEXT_SIZE])
{
	const struct clock *clock = call->sandbox->clock;
	int64_t wall_ms = clock->wall_ms(clock);
	unsigned rest = (unsigned)((uint64_t)wall_ms % 1000);

	clock_format(wall_ms, out);
	if (call->sandbox->dialect->wording.milliseconds)
		(void)snprintf(strchr(out, 'Z'), sizeof(".000Z"), ".%03uZ",
		               rest);
}

void object_id_make(char out[OBJECT_ID_SIZE])
{
	unsigned char bytes[(OBJECT_ID_SIZE - 1) / 2];

	random_bytes(bytes, sizeof(bytes));
	text_hex(out, bytes, sizeof(bytes));
}
