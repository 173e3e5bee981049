/* SPDX-License-Identifier: MIT */
#include "platform/request.h"

#include "base/pattern.h"
#include "base/text.h"
#include "platform/plain_json.h"
#include "schema/codes.h"
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_BYTES = 1000 };

/* ---- the variant ---- */

static const char *const verb_names[] = {
	[PLATFORM_GET] = "get",
	[PLATFORM_CREATE] = "create",
	[PLATFORM_UPDATE] = "update",
	[PLATFORM_DELETE] = "delete",
};

/* An ownership that nobody knows takes the first. */
static const struct operation *variant(const struct operations *operations,
                                       const char *ownership)
{
	for (size_t i = 0; i < operations->count; i++) {
		const struct operation *operation = &operations->items[i];

		if (!operation->ownership || !ownership ||
		    str_equal(operation->ownership, ownership))
			return operation;
	}
	return NULL;
}

static const struct operation *find_operation(
	const struct binding *binding, const struct platform_request *request)
{
	switch (request->verb) {
	case PLATFORM_GET:
		return binding->get.method ? &binding->get : NULL;
	case PLATFORM_CREATE:
		return variant(&binding->creates, request->ownership);
	case PLATFORM_UPDATE:
		return variant(&binding->updates, request->ownership);
	case PLATFORM_DELETE:
		break;
	}
	return binding->remove.method ? &binding->remove : NULL;
}

const struct operation *request_operation(
	const struct binding *binding, const struct platform_request *request,
	struct place place, struct diag *diag)
{
	const struct operation *operation = find_operation(binding, request);

	if (!operation)
		diag_error(diag, CODE_REQUEST, place,
		           "`%s` has no `%s`%s%s; do it at the platform's own "
		           "pages",
		           binding->name, verb_names[request->verb],
		           request->ownership ? " for ownership " : "",
		           request->ownership ? request->ownership : "");
	return operation;
}

/* ---- values ---- */

static json_t *write_text(const struct mapping *mapping,
                          const struct value *value)
{
	(void)mapping;
	return json_stringn(value->bytes, value->length);
}

static json_t *write_boolean(const struct mapping *mapping,
                             const struct value *value)
{
	(void)mapping;
	return json_boolean(str_equal(value->bytes, "true"));
}

static json_t *write_set(const struct mapping *mapping,
                         const struct value *value)
{
	return mapping->codec->encode(value);
}

static json_t *write_json(const struct mapping *mapping,
                          const struct value *value)
{
	(void)mapping;
	return json_loadb(value->bytes, value->length, JSON_DECODE_ANY, NULL);
}

struct write_row {
	enum value_kind kind;
	json_t *(*write)(const struct mapping *mapping,
	                 const struct value *value);
	const char *problem;
};

static const struct write_row write_by_type[] = {
	[MEMBER_TEXT] = { VALUE_TEXT, write_text, "it is no clean UTF-8" },
	[MEMBER_BOOLEAN] = { VALUE_BOOLEAN, write_boolean, "" },
	[MEMBER_SET] = { VALUE_SET, write_set,
	                 "an item of it cannot stand in the platform's list" },
	[MEMBER_JSON] = { VALUE_JSON, write_json, "it is no JSON" },
};

static json_t *write_word(const struct mapping *mapping,
                          const struct value *value)
{
	for (size_t i = 0; i < mapping->pair_count; i++) {
		if (str_equal(mapping->pairs[i].ours, value->bytes))
			return json_incref(mapping->pairs[i].theirs);
	}
	return NULL;
}

/* NULL with *problem set. */
static json_t *write_value(const struct mapping *mapping,
                           const struct value *value, const char **problem)
{
	const struct write_row *row = &write_by_type[mapping->type];

	if (value->kind == VALUE_UNREADABLE) {
		*problem = "it cannot be read from the platform";
		return NULL;
	}
	if (value->kind != (uint8_t)row->kind) {
		*problem = "it is of another kind";
		return NULL;
	}
	if (mapping->pair_count) {
		*problem = "the platform has no word for it";
		return write_word(mapping, value);
	}
	if (!value_fits(mapping->form, value)) {
		*problem = "the platform takes no such text";
		return NULL;
	}
	*problem = row->problem;
	return row->write(mapping, value);
}

/* ---- the body ---- */

struct builder {
	const struct binding *binding;
	const struct operation *operation;
	const struct platform_request *request;
	struct place place;
	struct diag *diag;
	json_t *body;
};

static int refuse(const struct builder *builder, const char *name,
                  const char *problem)
{
	return diag_error(builder->diag, CODE_REQUEST, builder->place,
	                  "`%s` cannot be sent to `%s`: %s; declare another "
	                  "value",
	                  name, builder->binding->name, problem);
}

static int add_field(const struct builder *builder,
                     const struct platform_field *field)
{
	const struct mapping *mapping =
		mappings_find(&builder->operation->fields, field->name);
	const char *problem = NULL;
	json_t *json;

	if (!traits_field(&builder->binding->traits, field->name))
		return refuse(builder, field->name, "it is not mapped");
	if (!mapping || field->value.kind == VALUE_ABSENT)
		return 0;
	json = write_value(mapping, &field->value, &problem);
	if (!json)
		return refuse(builder, field->name, problem);
	pointer_set(&mapping->at, builder->body, json);
	return 0;
}

static int add_secret(const struct builder *builder,
                      const struct platform_secret *secret)
{
	const struct mapping *mapping =
		mappings_find(&builder->operation->fields, secret->name);
	json_t *json;

	if (!mapping)
		return refuse(builder, secret->name,
		              "this kind of auth config has none");
	json = json_stringn(secret_reveal(secret->secret),
	                    secret_length(secret->secret));
	if (!json)
		return refuse(builder, secret->name, "it is no clean UTF-8");
	pointer_set(&mapping->at, builder->body, json);
	return 0;
}

static int add_key(const struct builder *builder)
{
	const char *key = builder->request->natural_key;
	const struct mapping *mapping =
		mappings_find(&builder->operation->fields, "platformKey");

	if (!mapping)
		return 0;
	if (!key)
		return refuse(builder, "platformKey", "there is none");
	if (mapping->form &&
	    !pattern_matches(mapping->form->pattern, key, strlen(key)))
		return refuse(builder, "platformKey",
		              "the platform takes no such text");
	pointer_set(&mapping->at, builder->body, json_string(key));
	return 0;
}

static int add_all(const struct builder *builder)
{
	const struct operation *operation = builder->operation;
	const struct platform_request *request = builder->request;
	int result = add_key(builder);

	for (size_t i = 0; i < operation->constant_count; i++)
		pointer_set(&operation->constants[i].at, builder->body,
		            json_incref(operation->constants[i].value));
	for (size_t i = 0; i < request->field_count; i++)
		result |= add_field(builder, &request->fields[i]);
	for (size_t i = 0; i < request->secret_count; i++)
		result |= add_secret(builder, &request->secrets[i]);
	return result;
}

/* jansson wipes nothing. Its texts are its own and not const; memchr() gives
 * back the pointer that says so. */
static void wipe_text(const json_t *json)
{
	const size_t length = json_string_length(json);
	const char *text = json_string_value(json);

	if (length > 0)
		explicit_bzero(memchr(text, text[0], length), length);
}

static void wipe_secrets(const struct builder *builder)
{
	const struct platform_request *request = builder->request;

	for (size_t i = 0; i < request->secret_count; i++) {
		const struct mapping *mapping = mappings_find(
			&builder->operation->fields, request->secrets[i].name);

		if (mapping)
			wipe_text(pointer_get(&mapping->at, builder->body));
	}
}

/* json_dumps() would leave parts behind while its buffer grows. Most bodies fit
 * at once; the length of others is known then. */
static void dump(json_t *json, struct buffer *out)
{
	size_t size = BODY_BYTES;

	out->bytes = xmalloc(size + 1);
	out->length = plain_json_write(json, out->bytes, size);
	if (!out->length)
		out->length = json_dumpb(json, out->bytes, size, JSON_COMPACT);
	if (out->length > size) {
		explicit_bzero(out->bytes, size);
		free(out->bytes);
		size = out->length;
		out->bytes = xmalloc(size + 1);
		(void)json_dumpb(json, out->bytes, size, JSON_COMPACT);
	}
	out->bytes[out->length] = '\0';
}

int request_body(const struct binding *binding,
                 const struct operation *operation,
                 const struct platform_request *request, struct place place,
                 struct buffer *out, struct diag *diag)
{
	const struct builder builder = { binding, operation, request,
		                         place,   diag,      json_object() };
	const int result = add_all(&builder);

	if (result == 0)
		dump(builder.body, out);
	wipe_secrets(&builder);
	json_decref(builder.body);
	return result < 0 ? -1 : 0;
}
