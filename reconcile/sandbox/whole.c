/* SPDX-License-Identifier: MIT */
#include "sandbox/whole.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The object that holds what a pointer like "/credentials/client_secret"
 * points to, and the last name of it. NULL when there is no such object. */
static json_t *holder_of(json_t *object, const char *pointer,
                         const char **last_name)
{
	const char *name = pointer + 1, *slash;

	while ((slash = strchr(name, '/'))) {
		CLEANUP(textp)
		char *step = xstrndup(name, (size_t)(slash - name));

		object = json_object_get(object, step);
		name = slash + 1;
	}
	*last_name = name;
	return json_is_object(object) ? object : NULL;
}

json_t *whole_from_record(const struct dialect *dialect,
                          const struct record *record)
{
	const char *name;
	json_t *object = json_loads(record->text, 0, NULL);
	json_t *holder = holder_of(object, dialect->wording.secret, &name);

	if (record->secret && holder)
		json_object_set_new(holder, name, json_string(record->secret));
	return object;
}

struct parts whole_split(const struct dialect *dialect, const json_t *whole)
{
	const struct wording *wording = &dialect->wording;
	json_t *object = json_deep_copy(whole);
	const char *name;
	json_t *holder = holder_of(object, wording->secret, &name);
	json_t *secret = json_incref(json_object_get(holder, name));
	char *text;

	if (holder)
		(void)json_object_del(holder, name);
	text = json_dumps(object, JSON_COMPACT);
	return (struct parts){
		.record = {
			.id = json_string_value(
				json_object_get(object, wording->id)),
			.text = text,
			.secret = json_string_value(secret),
		},
		.object = object,
		.secret = secret,
		.text = text,
	};
}

void whole_release(struct parts *parts)
{
	json_decref(parts->object);
	json_decref(parts->secret);
	free(parts->text);
}

void whole_merge(json_t *object, json_t *patch)
{
	const char *name;
	json_t *value;

	json_object_foreach (patch, name, value) {
		json_t *old = json_object_get(object, name);

		if (json_is_null(value)) {
			json_object_del(object, name);
			continue;
		}
		if (!json_is_object(value)) {
			json_object_set(object, name, value);
			continue;
		}
		if (!json_is_object(old)) {
			old = json_object();
			json_object_set_new(object, name, old);
		}
		whole_merge(old, value);
	}
}
