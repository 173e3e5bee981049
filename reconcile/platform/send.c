/* SPDX-License-Identifier: MIT */
/* Requests as http sends them: URL, headers, body. */
#include "platform/inside.h"

#include "base/text.h"

#include <string.h>

int platform_connect(struct platform *platform, struct diag *diag)
{
	if (!platform->client)
		platform->client =
			http_client_new(platform->origin, platform->http, diag);
	return platform->client ? 0 : -1;
}

static void add_query(FILE *out, char *mark, const char *name,
                      const char *value)
{
	CLEANUP(textp) char *escaped_name = http_escape(name);
	CLEANUP(textp) char *escaped = http_escape(value);

	fprintf(out, "%c%s=%s", *mark, escaped_name, escaped);
	*mark = '&';
}

static char *build_url(struct platform *platform,
                       const struct operation *operation,
                       const struct target *target)
{
	const struct filling filling = {
		.id = target->id,
		.value = target->value,
		.parameter = parameter_value,
		.context = platform,
	};
	CLEANUP(textp)
	char *path = template_text(&operation->path, &filling, http_escape);
	char mark = '?';
	char *url = NULL;
	size_t length;
	FILE *out;

	if (!operation->query.count && !target->query_count)
		return xasprintf("%s%s", platform->url, path);
	out = xmemstream(&url, &length);
	fprintf(out, "%s%s", platform->url, path);
	for (size_t i = 0; i < operation->query.count; i++) {
		CLEANUP(textp)
		char *value = template_text(&operation->query.items[i].value,
		                            &filling, NULL);

		add_query(out, &mark, operation->query.items[i].name, value);
	}
	for (size_t i = 0; i < target->query_count; i++)
		add_query(out, &mark, target->queries[i].name,
		          target->queries[i].value);
	(void)fclose(out);
	return url;
}

/* The last of the headers is Content-Type, for bodies. */
void platform_send(struct platform *platform, const struct operation *operation,
                   const struct target *target, const struct buffer *body,
                   http_done_fn *done, void *context)
{
	CLEANUP(textp) char *url = build_url(platform, operation, target);
	const struct http_request request = {
		.method = operation->method,
		.url = url,
		.headers = platform->headers,
		.header_count = platform->header_count - !body,
		.body = body ? body->bytes : NULL,
		.body_length = body ? body->length : 0,
		.flags = str_equal(operation->method, "GET") ? HTTP_READ : 0,
	};

	http_client_submit(platform->client, &request, done, context);
}
