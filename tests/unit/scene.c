/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include "base/text.h"

#include <string.h>

static const struct field_trait usual_fields[SCENE_FIELDS] = {
	{ .name = "client.id", .mode = MODE_SETTABLE },
	{ .name = "connector",
	  .mode = MODE_SETTABLE,
	  .flags = FIELD_IMMUTABLE },
	{ .name = "enabled", .mode = MODE_SETTABLE },
	{ .name = "extra.v", .mode = MODE_SETTABLE },
	{ .name = "name", .mode = MODE_SETTABLE },
	{ .name = "ownership", .mode = MODE_SETTABLE },
	{ .name = "redirectUri", .mode = MODE_SETTABLE },
	{ .name = "scopes", .mode = MODE_SETTABLE, .flags = FIELD_EMPTY_NONE },
	{ .name = "type", .mode = MODE_SETTABLE, .flags = FIELD_IMMUTABLE },
};

void scene_init(struct scene *scene)
{
	*scene = (struct scene){
		.desired = state_new(STATE_BY_KEY),
		.live = state_new(STATE_BY_ID),
		.applied = state_new(STATE_BY_KEY),
		.secrets = { { .name = "client.secret",
		               .readback = READBACK_NEVER } },
		.policy = { .max_deletes = 1000,
		            .max_delete_percent = 100,
		            .max_changes = 1000,
		            .max_missing = 1000 },
		.permissions = { .allow_deletes = -1,
		                 .allow_changes = -1,
		                 .allow_missing = -1,
		                 .break_connections = -1 },
		.mode = LEDGER_MODE_KEPT,
		.diag = diag_new(),
	};
	memcpy(scene->fields, usual_fields, sizeof(usual_fields));
	scene->traits = (struct traits){
		.fields = scene->fields,
		.field_count = SCENE_FIELDS,
		.secrets = scene->secrets,
		.secret_count = 1,
		.semantics = UPDATE_MERGE,
		.secret_omit = SECRET_OMIT_KEEP,
	};
	scene->traits.abilities =
		(enum platform_abilities)(CAN_LIST | CAN_CREATE | CAN_UPDATE |
	                                  CAN_DELETE | HAS_MUTABLE_OWNERSHIP);
}

void scene_release(struct scene *scene)
{
	state_free(scene->desired);
	state_free(scene->live);
	state_free(scene->applied);
	diag_free(scene->diag);
}

struct field_trait *scene_field(struct scene *scene, const char *name)
{
	for (size_t i = 0; i < SCENE_FIELDS; i++) {
		if (str_equal(scene->fields[i].name, name))
			return &scene->fields[i];
	}
	fail_msg("no field %s", name);
	return NULL;
}

/* ---- words ---- */

static struct value set_value(struct state *state, char *text)
{
	const char *items[8];
	size_t count = 0;
	char *rest = NULL;

	text[strcspn(text, "]")] = '\0';
	for (char *item = strtok_r(text, ",", &rest); item;
	     item = strtok_r(NULL, ",", &rest))
		items[count++] = item;
	return state_value_set(state, items, count);
}

static struct value word_value(struct state *state, char *text)
{
	if (str_equal(text, "U"))
		return value_unreadable();
	if (str_equal(text, "true") || str_equal(text, "false"))
		return state_value_boolean(str_equal(text, "true"));
	if (text[0] == '[')
		return set_value(state, text + 1);
	return state_value_text(state, text);
}

/* What the words with @ gather, to be put in at the end. */
struct attributes {
	struct secret_reference reference;
	struct secret_record record;
	struct secret_reading reading;
	bool recorded;
};

/* Words that have no text: they set a bit. */
static void set_bit(struct attributes *attributes, const char *word)
{
	bool *const bits[] = { &attributes->record.known,
		               &attributes->record.in_doubt,
		               &attributes->reading.unset,
		               &attributes->reading.missing };
	static const char *const words[LENGTH(bits)] = { "known", "doubt",
		                                         "unset", "missing" };

	for (size_t i = 0; i < LENGTH(bits); i++) {
		if (!str_equal(word, words[i]))
			continue;
		*bits[i] = true;
		attributes->recorded = attributes->recorded || i < 2;
	}
}

static void set_secret(struct attributes *attributes, const char *word,
                       const char *text)
{
	struct secret_record *record = &attributes->record;

	if (str_equal(word, "secret"))
		attributes->reference.source = text;
	else if (str_equal(word, "version"))
		attributes->reference.version = record->version = text;
	else if (str_equal(word, "source"))
		record->source = text;
	else if (str_equal(word, "hint"))
		record->hint_seen = attributes->reading.hint = text;
	else if (str_equal(word, "print"))
		record->key_id = *text ? text : "key";
	else
		set_bit(attributes, word);
	record->fingerprinted = record->key_id != NULL;
}

static void set_attribute(struct state *state, struct attributes *attributes,
                          char *word)
{
	struct auth_config *open = state_open(state);
	char *text = word + strcspn(word, "=");

	if (*text)
		*text++ = '\0';
	if (str_equal(word, "protect"))
		open->flags |= AUTH_CONFIG_PROTECTED;
	else if (str_equal(word, "opaque"))
		open->flags |= AUTH_CONFIG_OPAQUE;
	else if (str_equal(word, "from"))
		open->renamed_from = state_text(state, text);
	else if (str_equal(word, "natural"))
		open->natural_key = state_text(state, text);
	else if (str_equal(word, "updated"))
		open->updated_at = state_text(state, text);
	else if (str_equal(word, "connections"))
		open->connections = strtoll(text, NULL, 10);
	else if (str_equal(word, "retired"))
		state_retired(state, text);
	else
		set_secret(attributes, word, text);
}

static void set_field(struct state *state, char *word)
{
	char *text = word + strcspn(word, "=");
	char *seen = text + strcspn(text, ">");

	assert_true(*text);
	*text++ = '\0';
	if (*seen)
		*seen++ = '\0';
	else
		seen = text;
	if (state_open(state)->row_uuid && !str_equal(seen, "-")) {
		CLEANUP(textp) char *copy = xstrdup(seen);

		state_seen(state, word, word_value(state, copy));
	}
	if (!str_equal(text, "-"))
		state_field(state, word, word_value(state, text), PLACE_NONE);
}

static void add_words(struct state *state, const char *words,
                      struct attributes *attributes, char *copy)
{
	char *rest = NULL;

	memcpy(copy, words, strlen(words) + 1);
	for (char *word = strtok_r(copy, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		if (word[0] == '@')
			set_attribute(state, attributes, word + 1);
		else
			set_field(state, word);
	}
}

static struct attributes no_attributes(void)
{
	return (struct attributes){
		.reference.name = "client.secret",
		.record.name = "client.secret",
		.reading.name = "client.secret",
	};
}

void scene_desired(struct scene *scene, const char *key, const char *words)
{
	CLEANUP(textp) char *copy = xmalloc(strlen(words) + 1);
	struct attributes attributes = no_attributes();

	state_begin(scene->desired, key, PLACE_NONE);
	add_words(scene->desired, words, &attributes, copy);
	if (attributes.reference.source)
		state_reference(scene->desired, &attributes.reference);
	state_end(scene->desired);
}

void scene_row(struct scene *scene, const char *key, const char *id,
               const char *words)
{
	CLEANUP(textp) char *copy = xmalloc(strlen(words) + 1);
	struct attributes attributes = no_attributes();

	state_begin(scene->applied, key, PLACE_NONE);
	state_open(scene->applied)->id = state_text(scene->applied, id);
	state_open(scene->applied)->row_uuid = state_text(scene->applied, key);
	add_words(scene->applied, words, &attributes, copy);
	if (attributes.recorded)
		state_record(scene->applied, &attributes.record);
	state_end(scene->applied);
}

void scene_live(struct scene *scene, const char *id, const char *words)
{
	CLEANUP(textp) char *copy = xmalloc(strlen(words) + 1);
	struct attributes attributes = no_attributes();

	state_begin(scene->live, id, PLACE_NONE);
	state_open(scene->live)->connections = -1;
	add_words(scene->live, words, &attributes, copy);
	state_reading(scene->live, &attributes.reading);
	state_end(scene->live);
}

void scene_fact(struct scene *scene, const struct secret_fact *fact)
{
	struct secret_fact *copy = &scene->facts[scene->fact_count++];

	*copy = *fact;
	copy->name = "client.secret";
}

/* ---- the plan ---- */

struct plan *scene_plan(struct scene *scene)
{
	const char *twin = NULL;
	struct plan *plan;

	assert_int_equal(state_finish(scene->desired, &twin), 0);
	assert_int_equal(state_finish(scene->live, &twin), 0);
	assert_int_equal(state_finish(scene->applied, &twin), 0);
	scene->input = (struct plan_input){
		.environment = "prod",
		.origin = "https://platform.example",
		.platform = "pretend",
		.binding_hash = "b1",
		.revision = "r1",
		.desired = scene->desired,
		.live = scene->live,
		.applied = scene->applied,
		.traits = &scene->traits,
		.policy = &scene->policy,
		.permissions = &scene->permissions,
		.facts = scene->facts,
		.fact_count = scene->fact_count,
		.ledger_mode = scene->mode,
	};
	plan = plan_make(&scene->input, scene->diag);
	if (plan)
		plan_judge(plan, &scene->input);
	return plan;
}

unsigned scene_code(const struct scene *scene)
{
	return diag_length(scene->diag) ? diag_at(scene->diag, 0)->code : 0;
}

/* ---- looking into it ---- */

const struct field_change *change_field(const struct change *change,
                                        const char *name)
{
	for (size_t i = 0; i < change->field_count; i++) {
		if (str_equal(change->fields[i].name, name))
			return &change->fields[i];
	}
	return NULL;
}

const struct field_send *change_send(const struct change *change,
                                     const char *name)
{
	for (size_t i = 0; i < change->send_count; i++) {
		if (str_equal(change->sends[i].name, name))
			return &change->sends[i];
	}
	return NULL;
}

const struct secret_change *change_secret(const struct change *change)
{
	return change->secret_count ? &change->secrets[0] : NULL;
}

const struct plan_finding *plan_finding_of(const struct plan *plan,
                                           const char *row)
{
	for (size_t i = 0; i < plan->finding_count; i++) {
		if (str_equal(plan->findings[i].row, row))
			return &plan->findings[i];
	}
	return NULL;
}

const struct guard *plan_guard(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->guard_count; i++) {
		if (str_equal(plan->guards[i].name, name))
			return &plan->guards[i];
	}
	return NULL;
}

/* ---- the usual ---- */

static char *words_of(const char *name, const char *more)
{
	return xasprintf("connector=slack ownership=own type=t name=%s %s",
	                 name, more);
}

/* An entry with its row and object, all alike. */
void scene_known(struct scene *scene, const char *key, const char *id)
{
	CLEANUP(textp) char *all = words_of(key, "");

	scene_desired(scene, key, all);
	scene_row(scene, key, id, all);
	scene_live(scene, id, all);
}

void scene_orphan(struct scene *scene, const char *key, const char *id,
                  const char *more)
{
	CLEANUP(textp) char *row = words_of(key, more);
	CLEANUP(textp) char *live = words_of(key, "@connections=0");

	scene_row(scene, key, id, row);
	scene_live(scene, id, live);
}

void scene_new(struct scene *scene, const char *key)
{
	CLEANUP(textp) char *all = words_of(key, "");

	scene_desired(scene, key, all);
}

/* `count` of a kind, with keys and ids of their own. */
void scene_many(struct scene *scene, char letter, unsigned count,
                scene_add_fn *add)
{
	for (unsigned i = 0; i < count; i++) {
		CLEANUP(textp) char *key = xasprintf("%c%02u", letter, i);
		CLEANUP(textp) char *id = xasprintf("id-%c%02u", letter, i);

		add(scene, key, id);
	}
}

void scene_plain_orphan(struct scene *scene, const char *key, const char *id)
{
	scene_orphan(scene, key, id, "");
}

void scene_missing(struct scene *scene, const char *key, const char *id)
{
	CLEANUP(textp) char *all = words_of(key, "");

	scene_desired(scene, key, all);
	scene_row(scene, key, id, all);
}

void scene_new_one(struct scene *scene, const char *key, const char *id)
{
	(void)id;
	scene_new(scene, key);
}

bool change_has_reason(const struct change *change, const char *part)
{
	for (size_t i = 0; i < change->reason_count; i++) {
		if (strstr(change->reasons[i], part))
			return true;
	}
	return false;
}

const struct change *plan_only(const struct plan *plan)
{
	assert_non_null(plan);
	assert_int_equal(plan->change_count, 1);
	return &plan->changes[0];
}
