/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "sandbox/whole.h"

#include <string.h>

struct listing {
	const struct call *call;
	json_t *objects;
};

static void append_object(const struct record *record, void *context)
{
	const struct listing *listing = context;

	json_array_append_new(
		listing->objects,
		whole_from_record(listing->call->sandbox->dialect, record));
}

static void append_secret(const char *secret, void *context)
{
	json_array_append_new(context, json_string(secret));
}

static int show_environment(const struct call *call,
                            const struct environment *environment,
                            json_t *objects, json_t *secrets)
{
	struct store *store = call->sandbox->store;
	const struct span span = {
		.shelf = { environment->number, RECORD_CONFIG },
		.limit = -1,
	};
	struct listing listing = { call, json_array() };
	json_t *seen = json_array();

	json_object_set_new(objects, environment->name, listing.objects);
	json_object_set_new(secrets, environment->name, seen);
	if (store_each(store, &span, append_object, &listing) < 0)
		return -1;
	return store_each_secret(store, environment->number, append_secret,
	                         seen);
}

void admin_show_store(struct call *call)
{
	const struct sandbox *sandbox = call->sandbox;
	json_t *objects = json_object(), *secrets = json_object();
	int shown = 0;

	for (size_t i = 0; i < sandbox->environment_count; i++)
		shown |= show_environment(call, &sandbox->environments[i],
		                          objects, secrets);
	answer_json(call->reply, 200,
	            json_pack("{s:o, s:o, s:o}", "environments", objects,
	                      "secretsReceived", secrets, "requests",
	                      requests_counts(sandbox->requests)));
	if (shown < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
}

/* `id` is taken for the dialect's own name of it. */
static void rename_id(const struct dialect *dialect, json_t *given)
{
	json_t *id = json_object_get(given, "id");

	if (!id || str_equal(dialect->wording.id, "id"))
		return;
	json_object_set(given, dialect->wording.id, id);
	json_object_del(given, "id");
}

/* 0 when the environment has no object of this id yet. */
static int check_new_id(struct call *call, int64_t environment, const char *id)
{
	const struct shelf shelf = { environment, RECORD_CONFIG };
	struct record record;

	if (!id)
		return answer_refuse(call, REFUSE_NOT_TEXT,
		                     call->sandbox->dialect->wording.id);

	int found = store_find(call->sandbox->store, shelf, id, &record);

	if (found == 0)
		return 0;
	return answer_refuse(call, found < 0 ? REFUSE_BROKEN : REFUSE_SAME_ID,
	                     id);
}

static int add_object(struct call *call, int64_t environment,
                      const json_t *object)
{
	const struct shelf shelf = { environment, RECORD_CONFIG };
	CLEANUP(whole_release)
	struct parts parts = whole_split(call->sandbox->dialect, object);

	if (check_new_id(call, environment, parts.record.id) < 0)
		return -1;
	if (store_add(call->sandbox->store, shelf, &parts.record) < 0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	return 0;
}

int admin_add(struct call *call, int64_t environment, json_t *given)
{
	const struct dialect *dialect = call->sandbox->dialect;

	rename_id(dialect, given);

	json_auto_t *object = dialect->complete(call, given);

	json_decref(given);
	return add_object(call, environment, object);
}

static int add_all(struct call *call, const struct environment *environment,
                   const json_t *objects)
{
	if (objects && !json_is_array(objects))
		return answer_refuse(call, REFUSE_NOT_OBJECTS,
		                     environment->name);
	for (size_t i = 0; i < json_array_size(objects); i++) {
		json_t *given = json_array_get(objects, i);

		if (!json_is_object(given))
			return answer_refuse(call, REFUSE_NOT_OBJECTS,
			                     environment->name);
		if (admin_add(call, environment->number,
		              json_deep_copy(given)) < 0)
			return -1;
	}
	return 0;
}

/* How many of the names given are environments. */
static int load(struct call *call, const json_t *environments)
{
	const struct sandbox *sandbox = call->sandbox;
	size_t known = 0;

	for (size_t i = 0; i < sandbox->environment_count; i++) {
		const struct environment *each = &sandbox->environments[i];
		const json_t *objects =
			json_object_get(environments, each->name);

		known += objects != NULL;
		if (add_all(call, each, objects) < 0)
			return -1;
	}
	if (known != json_object_size(environments))
		return answer_refuse(call, REFUSE_NO_ENVIRONMENT, NULL);
	return 0;
}

void admin_load_store(struct call *call)
{
	struct store *store = call->sandbox->store;
	const json_t *environments =
		json_object_get(call->body, "environments");

	if (!json_is_object(environments)) {
		(void)answer_refuse(call, REFUSE_NOT_MAP, "environments");
		return;
	}
	if (store_enter(store) < 0 || store_clear(store) < 0) {
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
		return;
	}
	if (load(call, environments) < 0)
		store_rollback(store);
	else if (store_commit(store) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}

static void set_updated(const struct call *call, json_t *object)
{
	const char *updated = call->sandbox->dialect->wording.updated;
	char now[CLOCK_TEXT_SIZE];

	call_now(call, now);
	json_object_set_new(object, updated, json_string(now));
}

static int store_patched(struct call *call, struct shelf shelf, int64_t serial,
                         const json_t *object)
{
	CLEANUP(whole_release)
	struct parts parts = whole_split(call->sandbox->dialect, object);

	parts.record.serial = serial;
	if (store_replace(call->sandbox->store, shelf, &parts.record) < 0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	return 0;
}

static void patch_record(struct call *call, struct shelf shelf,
                         struct record *record)
{
	const char *id_name = call->sandbox->dialect->wording.id;
	json_auto_t *object = whole_from_record(call->sandbox->dialect, record);
	CLEANUP(textp) char *old_id = xstrdup(record->id);

	set_updated(call, object);
	whole_merge(object, call->body);

	const char *id = json_string_value(json_object_get(object, id_name));

	if (!str_equal(id, old_id) &&
	    check_new_id(call, shelf.environment, id) < 0)
		return;
	if (store_patched(call, shelf, record->serial, object) == 0)
		answer_json(call->reply, 200, json_incref(object));
}

/* Looks in the environment named, or in all of them, in order. 0 when it was
 * found; -1 with the reply. */
static int find_object(struct call *call, struct shelf *shelf,
                       struct record *record)
{
	static const char *const queries[] = { "environment" };
	const struct sandbox *sandbox = call->sandbox;
	const char *named = http_call_query(call->http, "environment");
	const char *id = call->captures[0];

	if (call_check_queries(call, queries, LENGTH(queries)) < 0 ||
	    !admin_environment(call))
		return -1;
	for (size_t i = 0; i < sandbox->environment_count; i++) {
		const struct environment *each = &sandbox->environments[i];

		*shelf = (struct shelf){ each->number, RECORD_CONFIG };
		if ((!named || str_equal(named, each->name)) &&
		    store_find(sandbox->store, *shelf, id, record) == 1)
			return 0;
	}
	return answer_refuse(call, REFUSE_NO_OBJECT, id);
}

void admin_patch_object(struct call *call)
{
	struct shelf shelf = { 0 };
	struct record record = { 0 };

	if (find_object(call, &shelf, &record) == 0)
		patch_record(call, shelf, &record);
}

void admin_delete_object(struct call *call)
{
	struct shelf shelf = { 0 };
	struct record record = { 0 };

	if (find_object(call, &shelf, &record) < 0)
		return;
	if (store_remove(call->sandbox->store, shelf, record.id) < 0)
		(void)answer_refuse(call, REFUSE_BROKEN, NULL);
	else
		answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}
