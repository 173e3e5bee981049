/* SPDX-License-Identifier: MIT */
#include "platform/request.h"

#include "base/pattern.h"
#include "base/text.h"
#include "platform/answer.h"
#include "platform/body.h"
#include "schema/codes.h"
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

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

static int write_text(struct body *body, const struct mapping *mapping,
                      const struct value *value)
{
	return body_text(body, &mapping->at, value->bytes, value->length);
}

static int write_boolean(struct body *body, const struct mapping *mapping,
                         const struct value *value)
{
	json_auto_t *json = json_boolean(str_equal(value->bytes, "true"));

	body_json(body, &mapping->at, json);
	return 0;
}

static int write_set(struct body *body, const struct mapping *mapping,
                     const struct value *value)
{
	return mapping->codec->encode(value, &mapping->at, body);
}

static int write_json(struct body *body, const struct mapping *mapping,
                      const struct value *value)
{
	json_auto_t *json =
		json_loadb(value->bytes, value->length, JSON_DECODE_ANY, NULL);

	if (json)
		body_json(body, &mapping->at, json);
	return json ? 0 : -1;
}

struct write_row {
	enum value_kind kind;
	int (*write)(struct body *body, const struct mapping *mapping,
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

static int write_word(struct body *body, const struct mapping *mapping,
                      const struct value *value)
{
	for (size_t i = 0; i < mapping->pair_count; i++) {
		if (!str_equal(mapping->pairs[i].ours, value->bytes))
			continue;
		body_json(body, &mapping->at, mapping->pairs[i].theirs);
		return 0;
	}
	return -1;
}

/* NULL, or why it cannot be written. */
static const char *write_value(struct body *body, const struct mapping *mapping,
                               const struct value *value)
{
	const struct write_row *row = &write_by_type[mapping->type];

	if (value->kind == VALUE_UNREADABLE)
		return "it cannot be read from the platform";
	if (value->kind != (uint8_t)row->kind)
		return "it is of another kind";
	if (mapping->pair_count)
		return write_word(body, mapping, value) < 0
		               ? "the platform has no word for it"
		               : NULL;
	if (!value_fits(mapping->form, value))
		return "the platform takes no such text";
	return row->write(body, mapping, value) < 0 ? row->problem : NULL;
}

/* ---- the body ---- */

struct builder {
	const struct binding *binding;
	const struct operation *operation;
	const struct platform_request *request;
	struct place place;
	struct diag *diag;
	struct body *body;
};

static int refuse(const struct builder *builder, const char *name,
                  const char *problem)
{
	return diag_error(builder->diag, CODE_REQUEST, builder->place,
	                  "`%s` cannot be sent to `%s`: %s; declare another "
	                  "value",
	                  name, builder->binding->name, problem);
}

/* A mask that was read must never become the value (row S17). */
static bool is_mask(const struct binding *binding, const char *name,
                    const struct value *value)
{
	const struct mapping *mapping =
		mappings_find(&binding->reading.fields, name);

	if (!mapping || !mapping->masked_count)
		return false;
	if (value->kind == VALUE_TEXT)
		return mapping_masks(mapping, value->bytes, value->length);
	for (const char *item =
	             value->kind == VALUE_SET ? value_next(value, NULL) : NULL;
	     item; item = value_next(value, item)) {
		if (mapping_masks(mapping, item, strlen(item)))
			return true;
	}
	return false;
}

static int add_field(const struct builder *builder,
                     const struct platform_field *field)
{
	const struct mapping *mapping =
		mappings_find(&builder->operation->fields, field->name);
	const char *problem;

	if (!traits_field(&builder->binding->traits, field->name))
		return refuse(builder, field->name, "it is not mapped");
	if (!mapping || field->value.kind == VALUE_ABSENT)
		return 0;
	if (is_mask(builder->binding, field->name, &field->value))
		return refuse(builder, field->name,
		              "it is what the platform shows in place of a "
		              "value");
	problem = write_value(builder->body, mapping, &field->value);
	return problem ? refuse(builder, field->name, problem) : 0;
}

static int add_secret(const struct builder *builder,
                      const struct platform_secret *secret)
{
	const struct mapping *mapping =
		mappings_find(&builder->operation->fields, secret->name);

	if (!mapping)
		return refuse(builder, secret->name,
		              "this kind of auth config has none");
	if (body_text(builder->body, &mapping->at,
	              secret_reveal(secret->secret),
	              secret_length(secret->secret)) < 0)
		return refuse(builder, secret->name, "it is no clean UTF-8");
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
	if (body_text(builder->body, &mapping->at, key, strlen(key)) < 0)
		return refuse(builder, "platformKey", "it is no clean UTF-8");
	return 0;
}

static int add_all(const struct builder *builder)
{
	const struct operation *operation = builder->operation;
	const struct platform_request *request = builder->request;
	int result = add_key(builder);

	for (size_t i = 0; i < operation->constant_count; i++)
		body_json(builder->body, &operation->constants[i].at,
		          operation->constants[i].value);
	for (size_t i = 0; i < request->field_count; i++)
		result |= add_field(builder, &request->fields[i]);
	for (size_t i = 0; i < request->secret_count; i++)
		result |= add_secret(builder, &request->secrets[i]);
	return result;
}

int request_body(const struct binding *binding,
                 const struct operation *operation,
                 const struct platform_request *request, struct place place,
                 struct buffer *out, struct diag *diag)
{
	CLEANUP(body_release) struct body body = { .parts = NULL };
	const struct builder builder = { binding, operation, request,
		                         place,   diag,      &body };

	if (add_all(&builder) < 0)
		return -1;
	body_end(&body, out);
	return 0;
}
