/* SPDX-License-Identifier: MIT */
#include "visitor.h"
#include "base/text.h"

static const char live[] =
	"{\"environments\":{\"one\":["
	"{\"authConfigId\":\"" OWN "\",\"connectorId\":\"slack\","
	"\"name\":\"Own\",\"clientId\":\"c1\",\"clientSecret\":\"first\","
	"\"scopes\":[\"a\",\"b\"]},"
	"{\"id\":\"" MANAGED "\",\"connectorId\":\"github\","
	"\"name\":\"Managed\"}],\"two\":[]}}";

void answer_release(struct answer *answer)
{
	free(answer->text);
	free(answer->headers);
	json_decref(answer->json);
}

static const struct {
	unsigned flag;
	const char *line;
} header_lines[] = {
	{ KEY_ONE, "Authorization: Bearer one-key" },
	{ KEY_TWO, "authorization: bearer two-key" },
	{ KEY_WRONG, "Authorization: Bearer one-ke" },
	{ KEY_BASIC, "Authorization: Basic b25lLWtleQ==" },
	{ VERSION, "x-api-version: 2025-09" },
	{ VERSION_OLD, "x-api-version: 2024-03" },
	{ JSON, "Content-Type: application/json" },
	{ FORM, "Content-Type: application/x-www-form-urlencoded" },
	{ JSON_CHARSET, "Content-Type: Application/JSON; charset=utf-8" },
	{ API_KEY_ONE, "x-api-key: one-key" },
	{ API_KEY_TWO, "X-API-Key: two-key" },
	{ API_KEY_WRONG, "x-api-key: One-key" },
	{ KEY_TWO_EXACT, "Authorization: Bearer two-key" },
	{ KEY_UNKNOWN,
	  "Authorization: Bearer 00000000-0000-4000-8000-000000000000" },
	{ KEY_EMPTY, "Authorization: Bearer" },
	{ TEXT_PLAIN, "Content-Type: text/plain" },
	{ ADMIN_TOKEN, "x-sandbox-admin: " ADMIN },
	{ ADMIN_WRONG, "x-sandbox-admin: not-" ADMIN },
};

static struct curl_slist *make_headers(unsigned flags)
{
	/* curl adds a type of its own to a body without one. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	if (!(flags & (JSON | FORM | JSON_CHARSET | TEXT_PLAIN)))
		list = curl_slist_append(list, "Content-Type:");
	for (size_t i = 0; i < LENGTH(header_lines); i++) {
		if (flags & header_lines[i].flag)
			list = curl_slist_append(list, header_lines[i].line);
	}
	return list;
}

CURLcode perform(const struct fixture *made, const char *method,
                 const char *path, unsigned flags, const char *body,
                 struct answer *answer)
{
	CURL *curl = made->curl;
	size_t text_length, headers_length;
	FILE *text = xmemstream(&answer->text, &text_length);
	FILE *headers = xmemstream(&answer->headers, &headers_length);
	struct curl_slist *list = make_headers(flags);
	CLEANUP(textp)
	char *url = xasprintf("http://127.0.0.1:%u%s",
	                      http_server_port(made->server), path);

	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, headers);

	CURLcode code = curl_easy_perform(curl);

	(void)fclose(text);
	(void)fclose(headers);
	curl_slist_free_all(list);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	return code;
}

struct answer ask(const struct fixture *made, const char *method,
                  const char *path, unsigned flags, const char *body)
{
	struct answer answer = { 0 };
	CURLcode code = perform(made, method, path, flags, body, &answer);

	if (code != CURLE_OK)
		fail_msg("%s %s: %s", method, path, curl_easy_strerror(code));
	answer.json = json_loads(answer.text, 0, NULL);
	return answer;
}

const char *text_at(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

json_t *get(const struct fixture *made, const char *method, const char *path,
            unsigned flags, const char *body, long status)
{
	CLEANUP(answer_release)
	struct answer answer = ask(made, method, path, flags, body);

	if (answer.status != status)
		fail_msg("%s %s: %ld %s", method, path, answer.status,
		         answer.text);
	assert_non_null(answer.json);
	return json_incref(answer.json);
}

char *dump(const json_t *json)
{
	return json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
}

void assert_json(const json_t *json, const char *wanted)
{
	json_auto_t *parsed = json_loads(wanted, 0, NULL);
	CLEANUP(textp) char *a = dump(json);
	CLEANUP(textp) char *b = dump(parsed);

	assert_string_equal(a, b);
}

int64_t number_at(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

json_t *environments(const struct fixture *made)
{
	json_auto_t *store = ADMIN_ASK("GET", "store", NULL, 200);

	return json_incref(json_object_get(store, "environments"));
}

static char *stored_secret(const struct fixture *made)
{
	json_auto_t *all = environments(made);
	const json_t *first = json_array_get(json_object_get(all, "one"), 0);

	assert_string_equal(text_at(first, "authConfigId"), OWN);
	return xstrdup(text_at(first, "clientSecret"));
}

void assert_secret(const struct fixture *made, const char *wanted)
{
	CLEANUP(textp) char *secret = stored_secret(made);

	assert_string_equal(secret, wanted);
}

int start_with(struct fixture *made, struct sandbox_settings settings)
{
	struct sandbox_key items[] = {
		{ .name = xstrdup("one"), .key = xstrdup("one-key") },
		{ .name = xstrdup("two"), .key = xstrdup("two-key") },
	};
	const struct sandbox_keys keys = { items, LENGTH(items) };

	if (!settings.dialect)
		settings.dialect = "alloy";
	if (!settings.keys)
		settings.keys = &keys;
	settings.admin_token = ADMIN;
	settings.clock = &made->clock.clock;
	made->sandbox = sandbox_new(&settings, made->diag);
	for (size_t i = 0; i < LENGTH(items); i++) {
		free(items[i].name);
		free(items[i].key);
	}
	if (!made->sandbox)
		return -1;
	made->server =
		http_server_start(0, sandbox_serve, made->sandbox, made->diag);
	return made->server ? 0 : -1;
}

void stop(struct fixture *made)
{
	http_server_stop(made->server);
	sandbox_free(made->sandbox);
	made->server = NULL;
	made->sandbox = NULL;
}

void load(const struct fixture *made)
{
	load_store(made, live);
}

void load_store(const struct fixture *made, const char *store)
{
	json_decref(ADMIN_ASK("PUT", "store", store, 200));
}

static struct fixture *fixture_new(void)
{
	struct fixture *made = xcalloc(1, sizeof(*made));

	made->diag = diag_new();
	made->curl = curl_easy_init();
	made->folder = folder_make();
	clock_fixed_init(&made->clock, (int64_t)WALL_S * 1000 + WALL_MS_REST);
	return made;
}

int set_up_store(void **state, struct sandbox_settings settings,
                 const char *store)
{
	struct fixture *made = fixture_new();

	*state = made;
	if (start_with(made, settings) < 0)
		return -1;
	load_store(made, store);
	return 0;
}

int set_up_with(void **state, struct sandbox_settings settings)
{
	return set_up_store(state, settings, live);
}

int set_up(void **state)
{
	return set_up_with(state, (struct sandbox_settings){ 0 });
}

int set_up_nothing(void **state)
{
	*state = fixture_new();
	return 0;
}

int tear_down(void **state)
{
	struct fixture *made = *state;

	stop(made);
	curl_easy_cleanup(made->curl);
	diag_free(made->diag);
	folder_removep(&made->folder);
	free(made);
	return 0;
}

int visitor_begin(void **state)
{
	(void)state;
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1;
}

int visitor_end(void **state)
{
	(void)state;
	curl_global_cleanup();
	return 0;
}
