/* SPDX-License-Identifier: MIT */
/*
 * floor-plan [-k] [-s FOLDER] DIALECT FILE URL KEY PAGE: the least that any
 * plan has to do: libyaml's events over the file, libcurl's transfer of every
 * page (PAGE 0: one page of everything) and of every object where the list
 * lacks fields, json_loadb of each. Nothing is compared, and nothing kept; with
 * -k every tree is, which shows how large the list is. With -s every file in
 * FOLDER is opened and read, as are secrets.
 */
#include "base/text.h"

#include <curl/curl.h>
#include <dirent.h>
#include <jansson.h>
#include <unistd.h>
#include <yaml.h>

/* How a dialect lists. */
static const struct dialect {
	const char *name, *header, *path, *limit, *items, *next, *get, *id;
} dialects[] = {
	{ "alloy", "authorization: Bearer ", "/auth-configs",
	  "limit=", "authConfigs", "nextCursor", NULL, NULL },
	{ "composio", "x-api-key: ", "/auth_configs",
	  "show_disabled=true&limit=", "items", "next_cursor", NULL, NULL },
	{ "nango", "authorization: Bearer ", "/integrations", "", "data", NULL,
	  "?include=credentials", "unique_key" },
};

enum { PARALLEL = 8 };

struct body {
	char *bytes;
	size_t length, capacity;
};

struct floor {
	const struct dialect *dialect;
	const char *url, *page;
	struct curl_slist *headers;
	size_t objects;
	json_t *ids; /* of objects to get, the next one last */
	size_t in_flight;
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

static void read_secrets(const char *folder)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	char bytes[4096];

	while (directory && (entry = readdir(directory))) {
		CLEANUP(textp)
		char *path = xasprintf("%s/%s", folder, entry->d_name);
		CLEANUP(filep) FILE *in = fopen(path, "rb");

		if (in && fread(bytes, 1, sizeof(bytes), in) == 0)
			continue;
	}
	if (directory)
		closedir(directory);
}

static CURL *make_handle(const struct floor *floor, struct body *body)
{
	CURL *curl = curl_easy_init();

	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, floor->headers);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, body);
	return curl;
}

static char *page_url(const struct floor *floor, const char *cursor)
{
	const struct dialect *dialect = floor->dialect;

	if (floor->page[0] == '0')
		return xasprintf("%s%s", floor->url, dialect->path);
	return xasprintf("%s%s?%s%s%s%s", floor->url, dialect->path,
	                 dialect->limit, floor->page, cursor ? "&cursor=" : "",
	                 cursor ? cursor : "");
}

static void note_ids(struct floor *floor, const json_t *items)
{
	const json_t *item;
	size_t i;

	if (!floor->dialect->get)
		return;
	json_array_foreach (items, i, item)
		(void)json_array_append(
			floor->ids, json_object_get(item, floor->dialect->id));
}

/* The next page's URL, or NULL. */
static char *read_page(struct floor *floor, const struct body *body)
{
	json_auto_t *root = json_loadb(body->bytes, body->length, 0, NULL);
	const json_t *items = json_object_get(root, floor->dialect->items);
	const char *cursor = floor->dialect->next
	                             ? json_string_value(json_object_get(
					       root, floor->dialect->next))
	                             : NULL;

	floor->objects += json_array_size(items);
	note_ids(floor, items);
	if (floor->trees)
		(void)json_array_append(floor->trees, root);
	return cursor ? page_url(floor, cursor) : NULL;
}

static void list_objects(struct floor *floor)
{
	struct body body = { NULL, 0, 0 };
	char *at = page_url(floor, NULL);
	CURL *curl = make_handle(floor, &body);

	while (at) {
		char *next = NULL;

		body.length = 0;
		curl_easy_setopt(curl, CURLOPT_URL, at);
		if (curl_easy_perform(curl) == CURLE_OK)
			next = read_page(floor, &body);
		free(at);
		at = next;
	}
	curl_easy_cleanup(curl);
	free(body.bytes);
}

static void get_next(struct floor *floor, CURLM *multi, CURL *curl)
{
	const size_t left = json_array_size(floor->ids);
	CLEANUP(textp) char *at = NULL;

	if (left == 0)
		return;
	at = xasprintf("%s%s/%s%s", floor->url, floor->dialect->path,
	               json_string_value(json_array_get(floor->ids, left - 1)),
	               floor->dialect->get);
	(void)json_array_remove(floor->ids, left - 1);
	curl_easy_setopt(curl, CURLOPT_URL, at);
	floor->in_flight += curl_multi_add_handle(multi, curl) == CURLM_OK;
}

static void take_objects(struct floor *floor, CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left))) {
		CURL *curl = message->easy_handle;
		struct body *body = NULL;
		json_t *tree;

		curl_easy_getinfo(curl, CURLINFO_PRIVATE, &body);
		curl_multi_remove_handle(multi, curl);
		floor->in_flight--;
		tree = json_loadb(body->bytes, body->length, 0, NULL);
		if (floor->trees)
			(void)json_array_append(floor->trees, tree);
		json_decref(tree);
		body->length = 0;
		get_next(floor, multi, curl);
	}
}

static void get_objects(struct floor *floor)
{
	struct body bodies[PARALLEL] = { 0 };
	CURL *handles[PARALLEL];
	CURLM *multi = curl_multi_init();
	int running = 0;

	for (size_t i = 0; i < PARALLEL; i++) {
		handles[i] = make_handle(floor, &bodies[i]);
		get_next(floor, multi, handles[i]);
	}
	while (floor->in_flight) {
		curl_multi_perform(multi, &running);
		take_objects(floor, multi);
		if (floor->in_flight)
			curl_multi_poll(multi, NULL, 0, 100, NULL);
	}
	for (size_t i = 0; i < PARALLEL; i++) {
		curl_easy_cleanup(handles[i]);
		free(bodies[i].bytes);
	}
	curl_multi_cleanup(multi);
}

static const struct dialect *find_dialect(const char *name)
{
	for (size_t i = 0; i < LENGTH(dialects); i++) {
		if (str_equal(dialects[i].name, name))
			return &dialects[i];
	}
	return NULL;
}

static size_t run(struct floor *floor, const char *key)
{
	CLEANUP(textp)
	char *header = xasprintf("%s%s", floor->dialect->header, key);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	floor->ids = json_array();
	floor->headers = curl_slist_append(NULL, header);
	floor->headers =
		curl_slist_append(floor->headers, "x-api-version: 2025-09");
	list_objects(floor);
	if (floor->dialect->get)
		get_objects(floor);
	json_decref(floor->trees);
	json_decref(floor->ids);
	curl_slist_free_all(floor->headers);
	curl_global_cleanup();
	return floor->objects;
}

int main(int argc, char **argv)
{
	struct floor floor = { 0 };
	size_t events;
	int option;

	while ((option = getopt(argc, argv, "ks:")) != -1) {
		if (option == 'k')
			floor.trees = json_array();
		else if (option == 's')
			read_secrets(optarg);
		else
			return 64;
	}
	argv += optind;
	floor.dialect = argc - optind == 5 ? find_dialect(argv[0]) : NULL;
	if (!floor.dialect)
		return 64;
	floor.url = argv[2];
	floor.page = argv[4];
	events = count_events(argv[1]);
	printf("%zu events, %zu objects\n", events, run(&floor, argv[3]));
	return events && floor.objects ? 0 : 1;
}
