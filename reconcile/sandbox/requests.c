/* SPDX-License-Identifier: MIT */
#include "sandbox/requests.h"
#include "base/text.h"

#include <stdlib.h>

enum { KEPT = 10000 };

/* The last one stands for every other. */
static const char *const methods[] = { "GET",   "POST",   "PUT",
	                               "PATCH", "DELETE", "OTHER" };

struct request {
	char *method, *path;
	const char *environment; /* borrowed from the sandbox */
	int status;
};

/* A ring: the next one takes the place at `count` % KEPT. */
struct requests {
	uint64_t count;
	uint64_t by_method[LENGTH(methods)];
	struct request *kept;
};

struct requests *requests_new(void)
{
	struct requests *requests = xcalloc(1, sizeof(*requests));

	requests->kept = xcalloc(KEPT, sizeof(*requests->kept));
	return requests;
}

void requests_free(struct requests *requests)
{
	if (!requests)
		return;
	requests_reset(requests);
	free(requests->kept);
	free(requests);
}

static size_t method_index(const char *method)
{
	size_t i = 0;

	while (i < LENGTH(methods) - 1 && !str_equal(methods[i], method))
		i++;
	return i;
}

static void release_request(struct request *request)
{
	free(request->method);
	free(request->path);
	*request = (struct request){ 0 };
}

void requests_add(struct requests *requests, const struct http_call *call,
                  const char *environment, int status)
{
	struct request *request = &requests->kept[requests->count % KEPT];

	release_request(request);
	*request = (struct request){
		.method = xstrdup(call->method),
		.path = xstrdup(call->raw_path),
		.environment = environment,
		.status = status,
	};
	requests->count++;
	requests->by_method[method_index(call->method)]++;
}

void requests_reset(struct requests *requests)
{
	for (size_t i = 0; i < KEPT; i++)
		release_request(&requests->kept[i]);
	for (size_t i = 0; i < LENGTH(methods); i++)
		requests->by_method[i] = 0;
	requests->count = 0;
}

json_t *requests_counts(const struct requests *requests)
{
	json_t *by_method = json_object();

	for (size_t i = 0; i < LENGTH(methods); i++)
		json_object_set_new(
			by_method, methods[i],
			json_integer((json_int_t)requests->by_method[i]));
	return json_pack("{s:I, s:o}", "count", (json_int_t)requests->count,
	                 "byMethod", by_method);
}

json_t *requests_json(const struct requests *requests)
{
	json_t *json = requests_counts(requests);
	json_t *list = json_array();
	uint64_t first = requests->count > KEPT ? requests->count - KEPT : 0;

	for (uint64_t i = first; i < requests->count; i++) {
		const struct request *request = &requests->kept[i % KEPT];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:i, s:s?}", "method",
		                        request->method, "path", request->path,
		                        "status", request->status,
		                        "environment", request->environment));
	}
	json_object_set_new(json, "list", list);
	return json;
}
