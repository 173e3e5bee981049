/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the answers of a platform: each embedded binding, and one of
 * each paging kind with all codecs.
 *
 * The first byte chooses the binding, the second what is asked; then come the
 * answers, with a record separator (0x1e) between them, each with a byte for
 * its status. What follows the last is no answer at all. The client of the
 * http room is one of our own here: its functions are linked in place of it.
 */
#include "base/diag.h"
#include "base/text.h"
#include "http/http.h"
#include "platform/platform.h"
#include "secrets/secrets.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum {
	KINDS = 5,
	MAX_WORLDS = 24,
	SEPARATOR = 0x1e,
	MAX_REQUESTS = 200,
	LINE_BYTES = 2000
};

#define API_KEY "fuzz-api-key-8Qw2"
#define SECRET "fuzz-secret-5Tz7Lk"

/* ---- the client ---- */

struct asked {
	http_done_fn *done;
	void *context;
};

/* It finds what it is to answer where the settings say. */
struct script {
	const char *at, *end;
	size_t requests;
};

struct http_client {
	struct script *script;
	struct asked *queue;
	size_t count, capacity;
};

struct http_client *http_client_new(const char *origin,
                                    const struct http_settings *settings,
                                    struct diag *diag)
{
	struct http_client *client = xcalloc(1, sizeof(*client));

	(void)origin;
	(void)diag;
	client->script = settings->stopping_context;
	return client;
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	free(client->queue);
	free(client);
}

void http_client_submit(struct http_client *client,
                        const struct http_request *request, http_done_fn *done,
                        void *context)
{
	/* Whatever an id or a cursor holds, it is one word. */
	assert(!strpbrk(request->url, "\r\n "));
	client->queue = xgrow(client->queue, client->count, &client->capacity,
	                      sizeof(*client->queue));
	client->queue[client->count++] = (struct asked){ done, context };
}

/* The next answer's bytes; NULL: there is none. A copy of their own size, so
 * that reading on is seen. */
static char *next_body(struct script *script, struct http_answer *answer)
{
	static const int statuses[] = {
		200, 201, 204, 400, 401, 404, 409, 500
	};
	const char *from, *end;

	if (script->at == script->end || script->requests++ == MAX_REQUESTS)
		return NULL;
	answer->status =
		statuses[(unsigned char)*script->at % LENGTH(statuses)];
	from = script->at + 1;
	end = memchr(from, SEPARATOR, (size_t)(script->end - from));
	script->at = end ? end + 1 : script->end;
	answer->body_length = (size_t)((end ? end : script->end) - from);

	char *body = xmalloc(answer->body_length + 1);

	memcpy(body, from, answer->body_length);
	body[answer->body_length] = '\0';
	return body;
}

size_t http_client_turn(struct http_client *client, int64_t wait_ms)
{
	struct http_answer answer = { .outcome = HTTP_ANSWERED,
		                      .content_type = "application/json",
		                      .request_id = "request-1",
		                      .problem = "",
		                      .tries = 1 };
	struct asked asked;

	(void)wait_ms;
	if (!client->count)
		return 0;
	asked = client->queue[--client->count];

	CLEANUP(textp) char *body = next_body(client->script, &answer);

	answer.body = body ? body : "";
	if (!body) {
		answer.outcome = HTTP_UNKNOWN;
		answer.problem = "the connection broke before an answer came";
	}
	asked.done(&answer, asked.context);
	return client->count;
}

void http_client_run(struct http_client *client)
{
	while (http_client_turn(client, 0) > 0)
		;
}

uint64_t http_client_sent(const struct http_client *client)
{
	return client->script->requests;
}

const char *http_client_waiting(const struct http_client *client)
{
	(void)client;
	return NULL;
}

/* ---- bindings ---- */

static const char *const pages[KINDS] = {
	"{ kind: none }",
	"{ kind: cursor, parameter: c, next: /meta/next, total: /t }",
	"{ kind: number, parameter: p, total: /t }",
	"{ kind: offset, parameter: o }",
	"{ kind: last_id, parameter: after }",
};

static struct binding *make_binding(const char *page, struct diag *diag)
{
	CLEANUP(textp)
	char *text = xasprintf(
		"platform: test\nurl: https://api.example.com\n"
		"headers: { X-Key: \"{secret.apiKey}\" }\n"
		"list: { path: /x, items: /i, page: %s }\n"
		"get: { path: \"/x/{id}\", object: /o }\n"
		"create:\n"
		"  - path: /x\n"
		"    id: /o/id\n"
		"    object: /o\n"
		"    fields: { connector: /c, name: /n, client.secret: /k }\n"
		"read:\n"
		"  id: /id\n"
		"  connections: /users\n"
		"  updatedAt: /at\n"
		"  fields:\n"
		"    connector: /c\n"
		"    name: { at: /n, masked: [\"^[*]+$\"] }\n"
		"    scopes: { at: /s, codec: csv }\n"
		"    scopeSets.user: { at: /u, codec: array_or_csv, empty: "
		"none }\n"
		"    scopeSets.bot: { at: /b, codec: ssv }\n"
		"    enabled: { at: /e, map: { \"ON\": true, \"OFF\": false } "
		"}\n"
		"    extra.x: /x\n"
		"  secrets:\n"
		"    client.secret: { at: /k, readback: clear }\n",
		page);

	return binding_parse("test.yaml", text, strlen(text), diag);
}

struct bindings {
	struct binding *items[MAX_WORLDS];
	size_t count;
};

static void fill_bindings(struct bindings *bindings)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	size_t count;
	char **names = binding_names(&count);

	for (size_t i = 0; i < KINDS; i++)
		bindings->items[bindings->count++] =
			make_binding(pages[i], diag);
	for (size_t i = 0; i < count && bindings->count < MAX_WORLDS; i++) {
		struct binding *binding =
			binding_load(names[i], PLACE_NONE, diag);

		if (binding_is_manual(binding))
			binding_free(binding);
		else
			bindings->items[bindings->count++] = binding;
	}
	binding_names_free(names, count);
	if (diag_length(diag))
		diag_write(diag, stderr, DIAG_PLAIN);
	assert(diag_length(diag) == 0);
}

/* To load them anew each time would be all that is done. */
static const struct bindings *all_bindings(void)
{
	static struct bindings bindings;

	if (!bindings.count)
		fill_bindings(&bindings);
	return &bindings;
}

/* ---- what is asked ---- */

static void check_ids(const struct state *live)
{
	for (size_t i = 0; i < state_length(live); i++) {
		const char *id = state_at(live, i)->id;

		assert(id && *id && !strchr(id, '/'));
		assert(!str_equal(id, ".") && !str_equal(id, ".."));
		assert(i == 0 || strcmp(state_at(live, i - 1)->id, id) < 0);
	}
}

static void ask_list(struct platform *platform, struct diag *diag)
{
	CLEANUP(state_freep) struct state *live = platform_list(platform, diag);

	assert(!live == (diag_count(diag, SEVERITY_ERROR) > 0));
	if (live)
		check_ids(live);
}

struct listener {
	const struct platform_request *request;
	unsigned calls;
};

/* No longer than a line of words and a code, and without what was sent. */
static void look(const struct platform_result *result, void *context)
{
	struct listener *listener = context;

	listener->calls++;
	assert(strlen(result->message) <= LINE_BYTES);
	assert(!listener->request->secret_count ||
	       !strstr(result->message, SECRET));
	assert(!strstr(result->message, API_KEY));
	if (result->id)
		assert(*result->id && !strchr(result->id, '/'));
}

static void ask_one(struct platform *platform, enum platform_verb verb,
                    struct diag *diag)
{
	CLEANUP(secret_freep)
	struct secret *secret = secret_new(SECRET, strlen(SECRET));
	const struct platform_field fields[] = {
		{ "connector", { "slack", 5, VALUE_TEXT } },
		{ "name", { "Slack", 5, VALUE_TEXT } },
	};
	const struct platform_secret secrets[] = { { "client.secret",
		                                     secret } };
	const struct platform_request request = {
		.verb = verb,
		.id = verb == PLATFORM_CREATE ? NULL : "id-1",
		.natural_key = "key-1",
		.ownership = "own",
		.fields = fields,
		.field_count = verb < PLATFORM_DELETE ? LENGTH(fields) : 0,
		.secrets = secrets,
		.secret_count = verb == PLATFORM_CREATE,
	};
	struct listener listener = { &request, 0 };
	int result =
		platform_perform(platform, &request, look, &listener, diag);

	assert(listener.calls == (result == 0));
}

static void ask_around(struct platform *platform, enum around_call call,
                       struct diag *diag)
{
	CLEANUP(around_items_release) struct around_items items = { 0 };

	(void)platform_around(platform, call,
	                      call == AROUND_CONNECTORS ? NULL : "slack",
	                      &items, diag);
}

static void ask_connect(struct platform *platform, struct diag *diag)
{
	CLEANUP(around_credential_release)
	struct around_credential credential = { 0 };
	const struct around_request request = {
		.connector = "slack",
		.user = "user-1",
		.auth_config = "id-1",
	};

	(void)platform_connect_user(platform, &request, &credential, diag);
}

static bool can(const struct binding *binding, enum platform_verb verb)
{
	static const unsigned abilities[] = {
		[PLATFORM_GET] = CAN_LIST,
		[PLATFORM_CREATE] = CAN_CREATE,
		[PLATFORM_UPDATE] = CAN_UPDATE,
		[PLATFORM_DELETE] = CAN_DELETE,
	};

	return binding_traits(binding)->abilities & abilities[verb];
}

static void ask(const struct binding *binding, struct platform *platform,
                unsigned what, struct diag *diag)
{
	int64_t count;

	switch (what % 10) {
	case 1:
	case 2:
	case 3:
	case 4:
		if (can(binding, (enum platform_verb)(what % 10 - 1)))
			ask_one(platform, (enum platform_verb)(what % 10 - 1),
			        diag);
		break;
	case 5:
		(void)platform_connections(platform, "id-1", &count, diag);
		break;
	case 6:
	case 7:
	case 8:
		ask_around(platform, (enum around_call)(what % 10 - 6), diag);
		break;
	case 9:
		ask_connect(platform, diag);
		break;
	default:
		ask_list(platform, diag);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct bindings *bindings = all_bindings();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(secret_freep)
	struct secret *key = secret_new(API_KEY, strlen(API_KEY));
	CLEANUP(platform_closep) struct platform *platform = NULL;
	struct script script = { 0 };
	const struct http_settings http = { .clock = clock_system(),
		                            .stopping_context = &script };
	const struct platform_settings settings = {
		.url = "http://127.0.0.1:9/base",
		.api_key = key,
		.http = &http,
	};

	if (length < 2)
		return 0;
	script.at = (const char *)bytes + 2;
	script.end = (const char *)bytes + length;

	const struct binding *binding =
		bindings->items[bytes[0] % bindings->count];

	platform = platform_open(binding, &settings, diag);
	if (platform)
		ask(binding, platform, bytes[1], diag);
	return 0;
}
