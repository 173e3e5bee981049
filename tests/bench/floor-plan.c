/* SPDX-License-Identifier: MIT */
/*
 * floor-plan FILE URL KEY PAGE [keep]: the least that any plan has to do:
 * libyaml's events over the file, libcurl's transfer of every page (PAGE 0: one
 * page of everything), json_loadb of each. Nothing is compared, and nothing
 * kept; with `keep` every tree is, which shows how large the list is.
 */
#include "base/mem.h"

#include <curl/curl.h>
#include <jansson.h>
#include <yaml.h>

struct body {
	char *bytes;
	size_t length, capacity;
};

struct list {
	size_t objects;
	json_t *trees; /* NULL: not kept */
};

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
	struct body *body = context;
	const size_t length = size * count;

	while (body->length + length > body->capacity) {
		body->capacity = body->capacity ? body->capacity * 2 : 65536;
		body->bytes = xreallocarray(body->bytes, body->capacity, 1);
	}
	memcpy(body->bytes + body->length, bytes, length);
	body->length += length;
	return length;
}

static size_t count_events(const char *file)
{
	CLEANUP(filep) FILE *in = fopen(file, "rb");
	yaml_parser_t parser;
	yaml_event_t event;
	size_t events = 0;
	yaml_event_type_t type = YAML_NO_EVENT;

	if (!in || !yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_file(&parser, in);
	while (type != YAML_STREAM_END_EVENT &&
	       yaml_parser_parse(&parser, &event)) {
		type = event.type;
		events++;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return events;
}

/* The next page's URL, or NULL. */
static char *read_page(const struct body *body, const char *url,
                       const char *page, struct list *list)
{
	json_auto_t *root = json_loadb(body->bytes, body->length, 0, NULL);
	const char *cursor =
		json_string_value(json_object_get(root, "nextCursor"));

	list->objects += json_array_size(json_object_get(root, "authConfigs"));
	if (list->trees)
		(void)json_array_append(list->trees, root);
	if (!cursor)
		return NULL;
	return xasprintf("%s/auth-configs?limit=%s&cursor=%s", url, page,
	                 cursor);
}

static void fetch(CURL *curl, const char *url, const char *page,
                  struct list *list)
{
	struct body body = { NULL, 0, 0 };
	char *at = page[0] == '0'
	                   ? xasprintf("%s/auth-configs", url)
	                   : xasprintf("%s/auth-configs?limit=%s", url, page);

	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	while (at) {
		char *next = NULL;

		body.length = 0;
		curl_easy_setopt(curl, CURLOPT_URL, at);
		if (curl_easy_perform(curl) == CURLE_OK)
			next = read_page(&body, url, page, list);
		free(at);
		at = next;
	}
	free(body.bytes);
}

int main(int argc, char **argv)
{
	struct curl_slist *headers = NULL;
	CLEANUP(textp) char *key = NULL;
	struct list list = { 0, NULL };
	size_t events;
	CURL *curl;

	if (argc < 5)
		return 64;
	if (argc > 5)
		list.trees = json_array();
	events = count_events(argv[1]);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	curl = curl_easy_init();
	key = xasprintf("authorization: Bearer %s", argv[3]);
	headers = curl_slist_append(headers, key);
	headers = curl_slist_append(headers, "x-api-version: 2025-09");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	fetch(curl, argv[2], argv[4], &list);
	json_decref(list.trees);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	printf("%zu events, %zu objects\n", events, list.objects);
	return events && list.objects ? 0 : 1;
}
