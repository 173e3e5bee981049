/* SPDX-License-Identifier: MIT */
/*
 * floor-apply URL KEY COUNT PARALLEL: a bare curl_multi loop that posts COUNT
 * bodies like those of an apply. No journal, no reading of answers.
 */
#include "base/text.h"

#include <curl/curl.h>

struct loop {
	CURLM *multi;
	const char *url;
	struct curl_slist *headers;
	uint64_t next, count, done;
};

static size_t ignore(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static void post(struct loop *loop, CURL *curl)
{
	CLEANUP(textp)
	char *body = xasprintf("{\"connectorId\":\"slack\",\"name\":"
	                       "\"Application %06u\",\"authenticationType\":"
	                       "\"oauth2\",\"useOwnCredentials\":true,"
	                       "\"clientId\":\"client-%016x\",\"clientSecret\":"
	                       "\"bench-secret-value-0001\",\"scopes\":"
	                       "[\"chat:write\",\"users:read\"]}",
	                       (unsigned)loop->next, (unsigned)loop->next);

	loop->next++;
	curl_easy_setopt(curl, CURLOPT_URL, loop->url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, loop->headers);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body);
	curl_multi_add_handle(loop->multi, curl);
}

static void take_done(struct loop *loop)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(loop->multi, &left))) {
		CURL *curl = message->easy_handle;

		loop->done++;
		curl_multi_remove_handle(loop->multi, curl);
		if (loop->next < loop->count)
			post(loop, curl);
		else
			curl_easy_cleanup(curl);
	}
}

int main(int argc, char **argv)
{
	struct loop loop = { 0 };
	CLEANUP(textp) char *key = NULL;
	CLEANUP(textp) char *url = NULL;
	uint64_t parallel = 0;
	int running = 1;

	if (argc != 5 || parse_uint(argv[3], 1000000, &loop.count) < 0 ||
	    parse_uint(argv[4], 1000, &parallel) < 0)
		return 64;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	key = xasprintf("authorization: Bearer %s", argv[2]);
	url = xasprintf("%s/auth-configs", argv[1]);
	loop.url = url;
	loop.headers = curl_slist_append(NULL, key);
	loop.headers =
		curl_slist_append(loop.headers, "x-api-version: 2025-09");
	loop.headers = curl_slist_append(loop.headers,
	                                 "content-type: application/json");
	loop.multi = curl_multi_init();
	while (loop.next < parallel && loop.next < loop.count)
		post(&loop, curl_easy_init());
	while (loop.done < loop.count) {
		curl_multi_perform(loop.multi, &running);
		take_done(&loop);
		if (loop.done < loop.count)
			curl_multi_poll(loop.multi, NULL, 0, 100, NULL);
	}
	curl_slist_free_all(loop.headers);
	curl_multi_cleanup(loop.multi);
	curl_global_cleanup();
	return 0;
}
