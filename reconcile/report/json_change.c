/* SPDX-License-Identifier: MIT */
/* One change as JSON. */
#include "report/json.h"
#include "report/risks.h"

#include "base/text.h"

const char *const json_record_names[] = {
	[RECORD_KEEP] = "keep",
	[RECORD_SET] = "set",
	[RECORD_DROP] = "drop",
	[RECORD_NOTHING] = "nothing",
};

/* ---- values, fields, secrets ---- */

/* What cannot be read as JSON is shown as the text it is. */
static json_t *decoded(const struct value *value)
{
	json_t *json =
		json_loadb(value->bytes, value->length, JSON_DECODE_ANY, NULL);

	return json ? json : json_text(value->bytes);
}

json_t *json_value(const struct value *value)
{
	json_t *items;
	const char *item = NULL;

	switch ((enum value_kind)value->kind) {
	case VALUE_ABSENT:
	case VALUE_UNREADABLE:
		return json_null();
	case VALUE_TEXT:
		return json_text(value->bytes);
	case VALUE_BOOLEAN:
		return json_boolean(str_equal(value->bytes, "true"));
	case VALUE_JSON:
		return decoded(value);
	case VALUE_SET:
		break;
	}
	items = json_array();
	while ((item = value_next(value, item)))
		(void)json_array_append_new(items, json_text(item));
	return items;
}

/* A place, and who touched it last where that is known. */
static json_t *touched(const struct place *place, const struct touch *touch)
{
	json_t *object = json_place(place);

	if (touch->commit)
		json_put(object, "commit", json_text(touch->commit));
	if (touch->older_than)
		json_put(object, "older_than_commits",
		         json_integer((json_int_t)touch->older_than));
	return object;
}

static json_t *field_json(const struct field_change *field)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(field->name));
	json_put(object, "before", json_value(&field->live));
	json_put(object, "after", json_value(&field->declared));
	json_put(object, "readable",
	         json_boolean(field->live.kind != VALUE_UNREADABLE));
	json_put(object, "sent", json_value(&field->sent));
	json_put(object, "seen", json_value(&field->seen));
	json_put(object, "row", json_text(field->row->row));
	json_put(object, "result", json_text(field->row->result));
	json_put(object, "writes", json_boolean(field->writes));
	json_put(object, "held", json_boolean(field->held));
	json_put(object, "record",
	         json_text(json_record_names[field->row->record]));
	json_put(object, "danger", json_text(danger_words[field->danger]));
	json_put(object, "source", touched(&field->place, &field->touch));
	return object;
}

static json_t *secret_json(const struct secret_change *secret)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(secret->name));
	json_put(object, "sensitive", json_true());
	json_put(object, "row", json_text(secret->row));
	json_put(object, "action",
	         json_text(secret_action_names[secret->action]));
	json_put(object, "from", json_text(secret->source));
	json_put(object, "version", json_text(secret->version));
	json_put(object, "previous_version",
	         json_text(secret->previous_version));
	json_put(object, "reason", json_text(secret->reason));
	json_put(object, "held", json_boolean(secret->held));
	json_put(object, "records", json_boolean(secret->records));
	json_put(object, "danger", json_text(danger_words[secret->danger]));
	json_put(object, "source", touched(&secret->place, &secret->touch));
	return object;
}

/* ---- what is done at the platform ---- */

/* In order. A replacement that keeps the old object deletes nothing, so a scan
 * for "delete" finds each deletion and nothing else. */
static const struct action_row {
	const char *first, *second;
} action_rows[CHANGE_KINDS] = {
	[CHANGE_DELETE] = { "delete", NULL },
	[CHANGE_REPLACE] = { "create", NULL },
	[CHANGE_RECREATE] = { "create", NULL },
	[CHANGE_CREATE] = { "create", NULL },
	[CHANGE_RENAME] = { "rename", NULL },
	[CHANGE_UPDATE] = { "update", NULL },
	[CHANGE_ROTATE] = { "update", NULL },
	[CHANGE_ADOPT] = { "adopt", NULL },
	[CHANGE_NOTE] = { "no-op", NULL },
};

static const struct action_row delete_first = { "delete", "create" };
static const struct action_row adopt_first = { "adopt", "update" };
static const struct action_row rename_first = { "rename", "update" };

/* Rows O2 and O12 take an object over; what they write besides is an update. */
static bool is_adopted(const struct change *change)
{
	return str_equal(change->row, "O2") || str_equal(change->row, "O12");
}

/* Whether a request goes out beside what the kind stands for. */
static bool is_updated(const struct change *change)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		if (change->secrets[i].action >= SECRET_SET &&
		    !change->secrets[i].held)
			return true;
	}
	return change->send_count > 0;
}

static const struct action_row *actions_of(const struct change *change)
{
	if (change->kind == CHANGE_REPLACE &&
	    change->replace_way == REPLACE_DELETE_FIRST)
		return &delete_first;
	if (change->kind == CHANGE_RENAME && is_updated(change))
		return &rename_first;
	if (is_adopted(change) &&
	    (change->kind == CHANGE_UPDATE || change->kind == CHANGE_ROTATE))
		return &adopt_first;
	return &action_rows[change->kind];
}

static json_t *actions_json(const struct change *change)
{
	const struct action_row *row = actions_of(change);
	json_t *array = json_array();

	(void)json_array_append_new(array, json_text(row->first));
	if (row->second)
		(void)json_array_append_new(array, json_text(row->second));
	return array;
}

/* ---- the change ---- */

/* Of the object that is there, or else of the one that is declared. */
static json_t *text_of(const struct change *change, const char *name)
{
	const struct auth_config *config =
		change->live ? change->live : change->desired;
	struct value value = value_absent();

	if (config)
		value = auth_config_value(config, name);
	return json_value(&value);
}

static void put_parts(json_t *object, const struct change *change)
{
	json_t *fields = json_array();
	json_t *secrets = json_array();
	json_t *reasons = json_array();

	for (size_t i = 0; i < change->field_count; i++)
		(void)json_array_append_new(fields,
		                            field_json(&change->fields[i]));
	for (size_t i = 0; i < change->secret_count; i++)
		(void)json_array_append_new(secrets,
		                            secret_json(&change->secrets[i]));
	for (size_t i = 0; i < change->reason_count; i++)
		(void)json_array_append_new(reasons,
		                            json_text(change->reasons[i]));
	json_put(object, "fields", fields);
	json_put(object, "secrets", secrets);
	json_put(object, "reasons", reasons);
}

json_t *json_change(const struct change *change)
{
	json_t *object = json_object();

	json_put(object, "address", json_text(change->address));
	json_put(object, "key", json_text(change->key));
	json_put(object, "kind", json_text(change_kind_names[change->kind]));
	json_put(object, "actions", actions_json(change));
	json_put(object, "row", json_text(change->row));
	json_put(object, "id", json_text(change->id));
	json_put(object, "connector", text_of(change, "connector"));
	json_put(object, "name", text_of(change, "name"));
	json_put(object, "renamed_from", json_text(change->renamed_from));
	json_put(object, "danger", json_text(danger_words[change->danger]));
	json_put(object, "blocked", json_boolean(change->blocked));
	if (change->rekeyed)
		json_put(object, "rekeyed", json_true());
	json_put(object, "connections",
	         change->connections < 0 ? json_null()
	                                 : json_integer(change->connections));
	put_parts(object, change);
	json_put(object, "source", touched(&change->place, &change->touch));
	return object;
}
