/* SPDX-License-Identifier: MIT */
#include "report/steps.h"

#include "report/json.h"

/* ---- by hand ---- */

static json_t *deed_json(const struct report_deed *deed)
{
	json_t *object = json_object();
	json_t *steps = json_array();

	for (size_t i = 0; i < deed->step_count; i++)
		(void)json_array_append_new(steps, json_text(deed->steps[i]));
	json_put(object, "address", json_text(deed->change->address));
	json_put(object, "key", json_text(deed->change->key));
	json_put(object, "kind",
	         json_text(change_kind_names[deed->change->kind]));
	json_put(object, "id", json_text(deed->change->id));
	json_put(object, "steps", steps);
	json_put(object, "record", json_text(deed->record));
	return object;
}

static json_t *deeds_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->deed_count; i++)
		(void)json_array_append_new(array,
		                            deed_json(&report->deeds[i]));
	return array;
}

/* ---- coverage and credentials ---- */

static json_t *cover_json(const struct report_cover *cover)
{
	json_t *object = json_object();

	json_put(object, "connector", json_text(cover->connector));
	json_put(object, "known", json_boolean(cover->known));
	json_put(object, "auth_config_required",
	         cover->known ? json_boolean(cover->required) : json_null());
	json_put(object, "types", json_text(cover->types));
	json_put(object, "keys", json_text(cover->keys));
	json_put(object, "declared", json_integer((json_int_t)cover->declared));
	json_put(object, "with_id", json_integer((json_int_t)cover->recorded));
	json_put(object, "gap", json_boolean(cover->gap));
	json_put(object, "verdict", json_text(cover->verdict));
	return object;
}

static json_t *covers_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->cover_count; i++)
		(void)json_array_append_new(array,
		                            cover_json(&report->covers[i]));
	return array;
}

static json_t *credential_json(const struct report_credential *credential)
{
	json_t *object = json_object();

	json_put(object, "connector", json_text(credential->connector));
	json_put(object, "id", json_text(credential->id));
	json_put(object, "name", json_text(credential->name));
	json_put(object, "type", json_text(credential->type));
	json_put(object, "created_at", json_text(credential->created_at));
	json_put(object, "url", json_text(credential->url));
	return object;
}

static json_t *credentials_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->credential_count; i++)
		(void)json_array_append_new(
			array, credential_json(&report->credentials[i]));
	return array;
}

void steps_json(const struct report *report, json_t *root)
{
	if (report->deeds)
		json_put(root, "by_hand", deeds_json(report));
	if (report->covers)
		json_put(root, "coverage", covers_json(report));
	if (report->credentials)
		json_put(root, "credentials", credentials_json(report));
	if (report->made)
		json_put(root, "credential", credential_json(report->made));
	if (report->lock)
		json_put(root, "lock", lock_json(report->lock));
}
