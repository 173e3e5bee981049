/* SPDX-License-Identifier: MIT */
#include "fake_platform.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "secrets/secrets.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct platform *fake_new(struct clock_fixed *clock)
{
	struct platform *fake = xcalloc(1, sizeof(*fake));
	const uint8_t key[HASH_BYTES] = { 42 };

	fake->clock = clock;
	fake->connections = -1;
	fake->key = fingerprint_key_new(key);
	fake->values = arena_new();
	fake->log = xmemstream(&fake->log_text, &fake->log_length);
	return fake;
}

/* Nobody waits any more, but what was lent must be given back. */
static void give_back(struct platform *fake)
{
	const struct platform_result result = {
		.end = PLATFORM_ABANDONED,
		.message = "",
		.request_id = "",
	};

	for (size_t i = 0; i < fake->queue_count; i++)
		fake->queue[i].done(&result, fake->queue[i].context);
	fake->queue_count = 0;
}

void fake_free(struct platform *fake)
{
	give_back(fake);
	fingerprint_key_free(fake->key);
	arena_free(fake->values);
	(void)fclose(fake->log);
	free(fake->log_text);
	free(fake);
}

void fake_script(struct platform *fake, enum platform_verb verb,
                 const char *about, enum fake_fate fate, unsigned times)
{
	assert(fake->rule_count < FAKE_RULES);
	fake->rules[fake->rule_count++] = (struct fake_rule){
		.verb = verb,
		.fate = fate,
		.about = about,
		.times = times,
	};
}

/* ---- objects ---- */

struct fake_object *fake_find(struct platform *fake, const char *id)
{
	for (size_t i = 0; i < fake->object_count; i++) {
		if (fake->objects[i].there &&
		    str_equal(fake->objects[i].id, id))
			return &fake->objects[i];
	}
	return NULL;
}

struct value fake_get(const struct fake_object *object, const char *field)
{
	for (size_t i = 0; i < object->field_count; i++) {
		if (str_equal(object->fields[i].name, field))
			return object->fields[i].value;
	}
	return value_absent();
}

static bool is_named(const struct fake_object *object, const char *name)
{
	const struct value value = fake_get(object, "name");

	return object->there && value.kind == VALUE_TEXT &&
	       str_equal(value.bytes, name);
}

struct fake_object *fake_named(struct platform *fake, const char *name)
{
	struct fake_object *found = NULL;

	for (size_t i = 0; i < fake->object_count; i++) {
		if (!is_named(&fake->objects[i], name))
			continue;
		assert(!found);
		found = &fake->objects[i];
	}
	return found;
}

size_t fake_length(const struct platform *fake)
{
	size_t count = 0;

	for (size_t i = 0; i < fake->object_count; i++)
		count += fake->objects[i].there;
	return count;
}

void fake_set(struct platform *fake, struct fake_object *object,
              const char *field, struct value value)
{
	size_t i = 0;

	if (value.bytes)
		value.bytes =
			arena_copy(fake->values, value.bytes, value.length);
	while (i < object->field_count &&
	       !str_equal(object->fields[i].name, field))
		i++;
	if (i == object->field_count) {
		assert(object->field_count < FAKE_FIELDS);
		object->field_count++;
		snprintf(object->fields[i].name, sizeof(object->fields[i].name),
		         "%s", field);
	}
	object->fields[i].value = value;
	object->version++;
}

static void set_text(struct platform *fake, struct fake_object *object,
                     const char *field, const char *text)
{
	fake_set(fake, object, field,
	         (struct value){ text, (uint32_t)strlen(text), VALUE_TEXT });
}

static struct fake_object *make(struct platform *fake, const char *id)
{
	struct fake_object *object = &fake->objects[fake->object_count++];

	assert(fake->object_count <= FAKE_OBJECTS);
	*object = (struct fake_object){ .there = true };
	if (id)
		snprintf(object->id, sizeof(object->id), "%s", id);
	else
		snprintf(object->id, sizeof(object->id), "id-%03zu",
		         fake->object_count);
	set_text(fake, object, "redirectUri", "https://fake.test/callback");
	return object;
}

struct fake_object *fake_add(struct platform *fake, const char *name)
{
	struct fake_object *object = make(fake, NULL);

	set_text(fake, object, "connector", "slack");
	set_text(fake, object, "type", "oauth2");
	set_text(fake, object, "ownership", "own");
	set_text(fake, object, "name", name);
	set_text(fake, object, "client.id", "somebody's");
	return object;
}

static bool print(const struct platform *fake, const struct secret *secret,
                  uint8_t out[HASH_BYTES])
{
	return secret_fingerprint(fake->key, "fake", "secret", secret, out);
}

bool fake_has_secret(const struct platform *fake,
                     const struct fake_object *object, const char *secret)
{
	struct secret *value = secret_new(secret, strlen(secret));
	uint8_t out[HASH_BYTES];
	const bool printed = print(fake, value, out);

	assert(printed);
	secret_free(value);
	return printed && hash_equal(out, object->secret);
}

/* ---- what requests do ---- */

static const char *about(const struct platform_request *request)
{
	if (request->id)
		return request->id;
	for (size_t i = 0; i < request->field_count; i++) {
		if (str_equal(request->fields[i].name, "name"))
			return request->fields[i].value.bytes;
	}
	return "";
}

/* What the client may not set through an update stays. */
static bool is_fixed(const char *field)
{
	return str_equal(field, "connector") || str_equal(field, "type") ||
	       str_equal(field, "redirectUri");
}

static void drop_settable(struct fake_object *object)
{
	size_t kept = 0;

	for (size_t i = 0; i < object->field_count; i++) {
		if (is_fixed(object->fields[i].name))
			object->fields[kept++] = object->fields[i];
	}
	object->field_count = kept;
}

static void add_scope(struct platform *fake, struct fake_object *object,
                      const char *scope)
{
	const struct value old = fake_get(object, "scopes");
	char bytes[256];
	size_t length = old.kind == VALUE_SET ? old.length : 0;

	assert(length + strlen(scope) + 1 < sizeof(bytes));
	if (length)
		memcpy(bytes, old.bytes, length);
	if (old.kind == VALUE_SET && value_contains(&old, scope))
		return;
	memcpy(bytes + length, scope, strlen(scope) + 1);
	fake_set(fake, object, "scopes",
	         (struct value){ bytes, (uint32_t)(length + strlen(scope) + 1),
	                         VALUE_SET });
}

static void store(struct platform *fake, struct fake_object *object,
                  const struct platform_request *request)
{
	fake->last_field_count = request->field_count;
	for (size_t i = 0; i < request->field_count; i++)
		fake_set(fake, object, request->fields[i].name,
		         request->fields[i].value);
	for (size_t i = 0; i < request->secret_count; i++) {
		const bool printed =
			print(fake, request->secrets[i].secret, object->secret);

		assert(printed);
		object->secret_count += printed;
	}
	if (fake->flags & FAKE_ADDS_SCOPE)
		add_scope(fake, object, "zz:always");
}

static struct fake_object *create(struct platform *fake,
                                  const struct platform_request *request)
{
	struct fake_object *object = make(
		fake, fake->flags & FAKE_NAMED ? request->natural_key : NULL);
	struct value scopes;

	store(fake, object, request);
	scopes = fake_get(object, "scopes");
	if ((fake->flags & FAKE_FILLS) && value_is_empty(&scopes))
		add_scope(fake, object, "default");
	return object;
}

/* The object the request is about, done with; NULL: there is none. */
static struct fake_object *execute(struct platform *fake,
                                   const struct platform_request *request)
{
	struct fake_object *object;

	if (request->verb == PLATFORM_CREATE)
		return create(fake, request);
	object = fake_find(fake, request->id);
	if (!object)
		return NULL;
	if (request->verb == PLATFORM_DELETE)
		object->there = fake->flags & FAKE_KEEPS;
	if (request->verb == PLATFORM_UPDATE) {
		if (!(fake->flags & FAKE_MERGES))
			drop_settable(object);
		store(fake, object, request);
	}
	return object;
}

/* ---- answers ---- */

static void show(struct state *state, const struct fake_object *object,
                 const struct platform *fake)
{
	char version[16];

	snprintf(version, sizeof(version), "t%u", object->version);
	state_begin(state, object->id, PLACE_NONE);
	for (size_t i = 0; i < object->field_count; i++)
		state_field(state, object->fields[i].name,
		            object->fields[i].value, PLACE_NONE);
	state_open(state)->id = state_text(state, object->id);
	state_open(state)->updated_at = state_text(state, version);
	state_open(state)->connections = fake->connections;
	if (fake->flags & FAKE_NAMED)
		state_open(state)->natural_key = state_text(state, object->id);
	state_end(state);
}

static void finish(struct state *state)
{
	const char *twin = NULL;
	const int sorted = state_finish(state, &twin);

	assert(sorted == 0);
	(void)sorted;
}

struct state *platform_list(struct platform *fake, struct diag *diag)
{
	struct state *state = state_new(STATE_BY_ID);

	(void)diag;
	fake->lists++;
	for (size_t i = 0; i < fake->object_count; i++) {
		const struct fake_object *object = &fake->objects[i];

		if (object->there && object->shown_ms <= fake->clock->steady_ms)
			show(state, object, fake);
	}
	finish(state);
	return state;
}

static enum fake_fate fate_of(struct platform *fake,
                              const struct platform_request *request)
{
	for (size_t i = 0; i < fake->rule_count; i++) {
		struct fake_rule *rule = &fake->rules[i];

		if (!rule->times || rule->verb != request->verb ||
		    (rule->about && !str_equal(rule->about, about(request))))
			continue;
		rule->times--;
		return rule->fate;
	}
	return FAKE_WELL;
}

static void moment(struct platform *fake)
{
	if (fake->moment)
		fake->moment(fake->moment_context);
}

static const struct {
	enum platform_end end;
	int status;
	const char *message;
	bool executed;
} fates[] = {
	[FAKE_WELL] = { PLATFORM_DONE, 200, "", true },
	[FAKE_REFUSED] = { PLATFORM_REFUSED, 422, "bad scope", false },
	[FAKE_UNAUTHORISED] = { PLATFORM_UNAUTHORISED, 401, "no", false },
	[FAKE_UNSENT] = { PLATFORM_UNSENT, 0, "no route", false },
	[FAKE_LOST_DONE] = { PLATFORM_UNKNOWN, 0, "reset", true },
	[FAKE_LOST_UNDONE] = { PLATFORM_UNKNOWN, 0, "reset", false },
	[FAKE_LATE] = { PLATFORM_DONE, 200, "", true },
	[FAKE_SILENT] = { PLATFORM_UNKNOWN, 0, "", false },
};

/* Of a create the id; of all but deletes the object, as the platform likes. */
static void fill(const struct platform *fake, enum platform_verb verb,
                 const struct state *state, struct platform_result *result)
{
	if (result->end != PLATFORM_DONE || verb == PLATFORM_DELETE)
		return;
	if (verb == PLATFORM_CREATE)
		result->id = state_at(state, 0)->id;
	if (verb != PLATFORM_GET && (fake->flags & FAKE_SHORT))
		return;
	result->object = state_at(state, 0);
	result->object_state = state;
}

static void answer(struct platform *fake, size_t index, enum fake_fate fate)
{
	const struct platform_request *request = fake->queue[index].request;
	struct fake_object *object = NULL;
	struct state *state = state_new(STATE_BY_ID);
	struct platform_result result = {
		.end = fates[fate].end,
		.status = fates[fate].status,
		.message = fates[fate].message,
		.request_id = "r-1",
	};

	moment(fake);
	if (fates[fate].executed)
		object = execute(fake, request);
	if (object && fate == FAKE_LOST_DONE)
		object->shown_ms = fake->clock->steady_ms + fake->slow_ms;
	if (fate == FAKE_WELL && !object)
		result.end = PLATFORM_GONE;
	if (object && object->there)
		show(state, object, fake);
	finish(state);
	fill(fake, request->verb, state, &result);
	moment(fake);
	fake->queue[index].done(&result, fake->queue[index].context);
	state_free(state);
}

/* ---- the door ---- */

static const char *const verbs[] = { "get", "create", "update", "delete" };

int platform_submit(struct platform *fake,
                    const struct platform_request *request,
                    platform_done_fn *done, void *context, struct diag *diag)
{
	(void)diag;
	assert(fake->queue_count < FAKE_QUEUE);
	fake->queue[fake->queue_count].request = request;
	fake->queue[fake->queue_count].done = done;
	fake->queue[fake->queue_count++].context = context;
	fake->counts[request->verb]++;
	if (request->verb != PLATFORM_GET)
		fprintf(fake->log, "%s %s\n", verbs[request->verb],
		        about(request));
	if (fake->queue_count > fake->most_in_flight)
		fake->most_in_flight = fake->queue_count;
	return 0;
}

size_t platform_turn(struct platform *fake, int64_t wait_ms)
{
	const size_t count = fake->queue_count;
	size_t kept = 0;
	enum fake_fate fate;

	for (size_t i = 0; i < count; i++) {
		fate = fate_of(fake, fake->queue[i].request);
		if (fate == FAKE_SILENT || fate == FAKE_LATE)
			fake->queue[kept++] = fake->queue[i];
		else
			answer(fake, i, fate);
	}
	/* What was submitted from callbacks stands behind `count`. */
	for (size_t i = count; i < fake->queue_count; i++)
		fake->queue[kept++] = fake->queue[i];
	fake->clock->steady_ms += count > kept ? 1 : wait_ms;
	fake->clock->wall_ms += count > kept ? 1 : wait_ms;
	fake->queue_count = kept;
	return kept;
}

const char *platform_waiting(const struct platform *fake)
{
	(void)fake;
	return NULL;
}

const char *fake_log(struct platform *fake)
{
	(void)fflush(fake->log);
	return fake->log_text ? fake->log_text : "";
}

unsigned fake_writes(const struct platform *fake)
{
	return fake->counts[PLATFORM_CREATE] + fake->counts[PLATFORM_UPDATE] +
	       fake->counts[PLATFORM_DELETE];
}
