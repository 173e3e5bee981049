/* SPDX-License-Identifier: MIT */
/* What a request said, of its connection or of a copy that outlived it. */
#include "http/server.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- kept ones ---- */

static enum MHD_Result keep_pair(void *context, enum MHD_ValueKind kind,
                                 const char *name, const char *value)
{
	struct http_kept *kept = context;

	kept->pairs = xgrow(kept->pairs, kept->pair_count, &kept->pair_capacity,
	                    sizeof(*kept->pairs));
	kept->pairs[kept->pair_count++] = (struct kept_pair){
		.name = xstrdup(name),
		.value = value ? xstrdup(value) : NULL,
		.kind = kind,
	};
	return MHD_YES;
}

struct http_kept *kept_new(const struct http_call *call, int64_t due_ms)
{
	struct http_kept *kept = xcalloc(1, sizeof(*kept));
	char *body = xmalloc(call->body_length + 1);

	memcpy(body, call->body, call->body_length);
	body[call->body_length] = '\0';
	kept->due_ms = due_ms;
	kept->call = (struct http_call){
		.method = xstrdup(call->method),
		.path = xstrdup(call->path),
		.raw_path = xstrdup(call->raw_path),
		.body = body,
		.body_length = call->body_length,
		.kept = kept,
	};
	(void)MHD_get_connection_values(call->handle, MHD_HEADER_KIND,
	                                keep_pair, kept);
	(void)MHD_get_connection_values(call->handle, MHD_GET_ARGUMENT_KIND,
	                                keep_pair, kept);
	return kept;
}

static void free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

void kept_free(struct http_kept *kept)
{
	for (size_t i = 0; i < kept->pair_count; i++) {
		free(kept->pairs[i].name);
		free(kept->pairs[i].value);
	}
	free(kept->pairs);
	free_text(kept->call.method);
	free_text(kept->call.path);
	free_text(kept->call.raw_path);
	free_text(kept->call.body);
	free(kept);
}

static const struct kept_pair *find(const struct http_kept *kept,
                                    enum MHD_ValueKind kind, const char *name)
{
	for (size_t i = 0; i < kept->pair_count; i++) {
		const struct kept_pair *pair = &kept->pairs[i];

		if (pair->kind == kind && strcasecmp(pair->name, name) == 0)
			return pair;
	}
	return NULL;
}

/* ---- of either ---- */

const char *http_call_header(const struct http_call *call, const char *name)
{
	const struct kept_pair *pair;

	if (!call->kept)
		return MHD_lookup_connection_value(call->handle,
		                                   MHD_HEADER_KIND, name);
	pair = find(call->kept, MHD_HEADER_KIND, name);
	return pair ? pair->value : NULL;
}

static const char *kept_query(const struct http_kept *kept, const char *name)
{
	const struct kept_pair *pair = find(kept, MHD_GET_ARGUMENT_KIND, name);

	if (!pair)
		return NULL;
	return pair->value ? pair->value : "";
}

const char *http_call_query(const struct http_call *call, const char *name)
{
	const char *value = NULL;

	if (call->kept)
		return kept_query(call->kept, name);
	if (MHD_lookup_connection_value_n(call->handle, MHD_GET_ARGUMENT_KIND,
	                                  name, strlen(name), &value,
	                                  NULL) == MHD_NO)
		return NULL;
	return value ? value : ""; /* ?name and ?name= are the same */
}

static void count_query(const char *name, const char *value, void *context)
{
	size_t *count = context;

	(void)name;
	(void)value;
	++*count;
}

size_t http_call_query_count(const struct http_call *call)
{
	size_t count = 0;

	http_call_each_query(call, count_query, &count);
	return count;
}

struct queries {
	http_query_fn *visit;
	void *context;
};

static enum MHD_Result visit_query(void *context, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
	const struct queries *queries = context;

	if (kind == MHD_GET_ARGUMENT_KIND)
		queries->visit(name, value ? value : "", queries->context);
	return MHD_YES;
}

void http_call_each_query(const struct http_call *call, http_query_fn *visit,
                          void *context)
{
	struct queries queries = { visit, context };

	if (!call->kept) {
		(void)MHD_get_connection_values(call->handle,
		                                MHD_GET_ARGUMENT_KIND,
		                                visit_query, &queries);
		return;
	}
	for (size_t i = 0; i < call->kept->pair_count; i++) {
		const struct kept_pair *pair = &call->kept->pairs[i];

		(void)visit_query(&queries, pair->kind, pair->name,
		                  pair->value);
	}
}
