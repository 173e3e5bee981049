/* SPDX-License-Identifier: MIT */
/* The calls around auth configs: one request each, waited for. */
#include "platform/around.h"

#include "platform/inside.h"

#include "base/text.h"
#include "platform/items.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[AROUND_CALLS] = {
	[AROUND_CONNECTORS] = "list connectors",
	[AROUND_NEEDS] = "say what a connector needs",
	[AROUND_CREDENTIALS] = "list credentials",
	[AROUND_CONNECT] = "make a credential",
};

/* One call, until its answer is read. */
struct asking {
	struct platform *platform;
	const struct operation *operation;
	const struct around_reading *reading;
	struct around_items *items;
	struct around_credential *made;
	const char *connector; /* or NULL */
	struct diag *diag;
	int status; /* HTTP */
	int result;
};

static int misread(struct asking *asking, const char *words)
{
	const struct platform *platform = asking->platform;
	CLEANUP(textp) char *path = path_shown(asking->operation);

	asking->result = -1;
	return diag_error(asking->diag, CODE_BAD_ANSWER, platform->place,
	                  "`%s` answered %s %s, but %s; check `platform.url`, "
	                  "and tell the platform if it is right",
	                  platform->binding->name, asking->operation->method,
	                  path, words);
}

/* ---- lists ---- */

static char *text_at(const struct pointer *pointer, json_t *item)
{
	const char *text =
		pointer->text ? json_string_value(pointer_get(pointer, item))
			      : NULL;

	return text ? xstrdup(text) : NULL;
}

static int take_item(json_t *json, size_t index, void *context)
{
	struct asking *asking = context;
	const struct around_reading *reading = asking->reading;
	struct around_items *items = asking->items;
	struct around_item *item;

	(void)index;
	items->items = xgrow(items->items, items->count, &items->capacity,
	                     sizeof(*items->items));
	item = &items->items[items->count++];
	*item = (struct around_item){
		.id = text_at(&reading->id, json),
		.name = text_at(&reading->name, json),
		.type = text_at(&reading->type, json),
		.created_at = text_at(&reading->created_at, json),
	};
	if (reading->required.text)
		item->required =
			json_is_true(pointer_get(&reading->required, json));
	if (reading->id.text && !item->id)
		return misread(asking, "an item of its list has no id");
	if (reading->required.text &&
	    !json_is_boolean(pointer_get(&reading->required, json)))
		return misread(asking, "an item does not say whether an auth "
		                       "config is required");
	return 0;
}

static void take_items(struct asking *asking, const struct http_answer *answer)
{
	json_t *rest = NULL;
	const enum items_end end =
		items_each(answer->body, answer->body_length,
	                   &asking->reading->items, take_item, asking, &rest);

	json_decref(rest);
	if (end == ITEMS_NO_ARRAY)
		(void)misread(asking, "there is no list where the binding says "
		                      "that it stands");
	else if (end != ITEMS_DONE && end != ITEMS_STOPPED)
		(void)misread(asking, "it is no JSON");
}

/* ---- a credential ---- */

static void take_made(struct asking *asking, const struct http_answer *answer)
{
	const struct around_connecting *to =
		&asking->platform->binding->around->connecting;
	json_auto_t *json = json_parse(answer->body, answer->body_length);

	asking->made->url = text_at(&to->url, json);
	asking->made->id = text_at(&to->id, json);
	if (!asking->made->url && !asking->made->id)
		(void)misread(asking, "it names neither an address to open nor "
		                      "a credential");
}

/* ---- sending ---- */

static void report_missing(const struct asking *asking,
                           const struct http_answer *answer)
{
	const struct platform *platform = asking->platform;
	CLEANUP(remark_release) struct remark remark = { 0 };

	remark_read(platform, asking->operation, NULL, answer, &remark);
	diag_error(asking->diag, CODE_PLATFORM, platform->place,
	           "`%s` has nothing for the connector `%s` (404%s%s); correct "
	           "its name",
	           platform->binding->name, asking->connector,
	           *remark.words ? ", " : "", remark.words);
}

/* Who asks for one that may not be there knows what 404 means. */
static bool may_miss(const struct asking *asking)
{
	return asking->items && asking->reading->required.text;
}

static void refuse(struct asking *asking, const struct http_answer *answer)
{
	asking->result = -1;
	if (asking->status != 404 || !asking->connector)
		(void)report_answer(asking->platform, asking->operation, answer,
		                    asking->diag);
	else if (!may_miss(asking))
		report_missing(asking, answer);
}

static void finish(const struct http_answer *answer, void *context)
{
	struct asking *asking = context;

	asking->status = answer->outcome == HTTP_ANSWERED ? answer->status : 0;
	if (answer->outcome == HTTP_ANSWERED &&
	    operation_accepts(asking->operation, answer->status)) {
		if (asking->items)
			take_items(asking, answer);
		else
			take_made(asking, answer);
		return;
	}
	refuse(asking, answer);
}

static int check_call(const struct platform *platform, enum around_call call,
                      const char *connector, struct diag *diag)
{
	const struct binding *binding = platform->binding;
	const char *problem =
		connector ? id_problem(connector, strlen(connector)) : NULL;

	if (!binding_has_call(binding, call))
		return diag_error(diag, CODE_CALL_MISSING, platform->place,
		                  "the binding `%s` knows no way to %s; use a "
		                  "platform whose binding has it in `calls`",
		                  binding->name, names[call]);
	if (!problem)
		return 0;
	return diag_error(diag, CODE_REQUEST, platform->place,
	                  "the connector `%.80s` %s; correct it", connector,
	                  problem);
}

static int ask(struct asking *asking, enum around_call call,
               const char *connector, const struct buffer *body)
{
	struct platform *platform = asking->platform;
	const struct around *around = platform->binding->around;
	const struct target target = { .id = connector };

	asking->operation = &around->operations[call];
	asking->reading = &around->readings[call];
	asking->connector = connector;
	if (check_call(platform, call, connector, asking->diag) < 0 ||
	    platform_connect(platform, asking->diag) < 0)
		return -1;
	platform_send(platform, asking->operation, &target, body, finish,
	              asking);
	http_client_run(platform->client);
	return asking->result;
}

/* ---- the door ---- */

bool binding_has_call(const struct binding *binding, enum around_call call)
{
	return binding->around->operations[call].method;
}

int platform_around(struct platform *platform, enum around_call call,
                    const char *connector, struct around_items *out,
                    struct diag *diag)
{
	struct asking asking = {
		.platform = platform,
		.items = out,
		.diag = diag,
	};

	*out = (struct around_items){ .found = true };
	if (ask(&asking, call, connector, NULL) == 0)
		return 0;
	around_items_release(out);
	*out = (struct around_items){ .found = false };
	return asking.status == 404 && may_miss(&asking) ? 0 : -1;
}

void around_items_release(struct around_items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		free(items->items[i].id);
		free(items->items[i].name);
		free(items->items[i].type);
		free(items->items[i].created_at);
	}
	free(items->items);
}

static void put(const struct pointer *at, const char *text, json_t *body)
{
	if (at->text && text && *text)
		pointer_set(at, body, json_string(text));
}

static char *text_of_body(const struct platform *platform,
                          const struct around_request *request)
{
	const struct around_connecting *to =
		&platform->binding->around->connecting;
	json_auto_t *body = json_object();

	put(&to->user, request->user, body);
	put(&to->type, request->type, body);
	put(&to->auth_config, request->auth_config, body);
	put(&to->redirect_uri, request->redirect_uri, body);
	return json_dumps(body, JSON_COMPACT);
}

int platform_connect_user(struct platform *platform,
                          const struct around_request *request,
                          struct around_credential *out, struct diag *diag)
{
	struct asking asking = {
		.platform = platform,
		.made = out,
		.diag = diag,
	};
	CLEANUP(textp) char *text = NULL;
	struct buffer body;

	*out = (struct around_credential){ .url = NULL };
	if (!text_is_utf8(request->user, strlen(request->user)) ||
	    (request->redirect_uri &&
	     !text_is_utf8(request->redirect_uri,
	                   strlen(request->redirect_uri))))
		return diag_error(diag, CODE_REQUEST, platform->place,
		                  "--user and --redirect-uri must be clean "
		                  "UTF-8; correct them");
	text = text_of_body(platform, request);
	body = (struct buffer){ .bytes = text, .length = strlen(text) };
	return ask(&asking, AROUND_CONNECT, request->connector, &body);
}

void around_credential_release(struct around_credential *credential)
{
	free(credential->url);
	free(credential->id);
}
