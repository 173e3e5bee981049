/* SPDX-License-Identifier: MIT */
#include "platform/answer.h"

#include "base/limits.h"
#include "base/pattern.h"
#include "base/text.h"
#include "schema/codes.h"
#include "secrets/secrets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void reader_release(struct reader *reader)
{
	items_release(&reader->items);
	free(reader->words);
	reader->words = NULL;
}

static const char *type_name(const json_t *json)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array",
		[JSON_STRING] = "a text",    [JSON_INTEGER] = "a number",
		[JSON_REAL] = "a number",    [JSON_TRUE] = "a boolean",
		[JSON_FALSE] = "a boolean",  [JSON_NULL] = "null",
	};

	return json ? names[json_typeof(json)] : "not there";
}

static int fail(struct reader *reader, unsigned code, char *words)
{
	free(reader->words);
	reader->code = code;
	reader->words = words;
	return -1;
}

static int fail_type(struct reader *reader, const struct pointer *at,
                     const json_t *json, const char *wanted)
{
	return fail(reader, CODE_BAD_ANSWER,
	            xasprintf("`%s` is %s, not %s", at->text, type_name(json),
	                      wanted));
}

/* ---- ids ---- */

static bool has_controls(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const unsigned char byte = (unsigned char)text[i];

		if (byte < 0x20 || byte == 0x7f)
			return true;
	}
	return false;
}

const char *id_problem(const char *id, size_t length)
{
	if (length == 0)
		return "is empty";
	if (length > LIMIT_ID_BYTES)
		return "is longer than 512 bytes";
	if (str_equal(id, ".") || str_equal(id, "..") || strpbrk(id, "/\\"))
		return "would change the path";
	if (!text_is_utf8(id, length))
		return "is not UTF-8";
	if (has_controls(id, length))
		return "holds control characters";
	return NULL;
}

/* Texts as they are, whole numbers in digits; NULL for anything else. */
static char *scalar_text(const json_t *json)
{
	if (json_is_string(json))
		return xstrdup(json_string_value(json));
	if (json_is_integer(json))
		return xasprintf("%" JSON_INTEGER_FORMAT,
		                 json_integer_value(json));
	return NULL;
}

char *reader_id(struct reader *reader, json_t *object, const struct pointer *at)
{
	json_t *json = pointer_get(at, object);
	CLEANUP(textp) char *id = scalar_text(json);
	const char *problem;

	if (!id) {
		(void)fail_type(reader, at, json, "an id");
		return NULL;
	}
	problem = id_problem(id, strlen(id));
	if (problem) {
		(void)fail(reader, CODE_BAD_ID,
		           xasprintf("the id `%.*s` at `%s` %s", 80, id,
		                     at->text, problem));
		return NULL;
	}
	return TAKE(id);
}

/* ---- fields ---- */

static bool is_nothing(const json_t *json)
{
	return !json || json_is_null(json);
}

static void put(struct reader *reader, const struct mapping *mapping,
                struct value value)
{
	state_field(reader->state, mapping->name, value, PLACE_NONE);
}

/* A word the binding does not know: the object is left alone. */
static int put_opaque(struct reader *reader, const struct mapping *mapping)
{
	state_open(reader->state)->flags |= AUTH_CONFIG_OPAQUE;
	put(reader, mapping, value_unreadable());
	return 0;
}

bool mapping_masks(const struct mapping *mapping, const char *text,
                   size_t length)
{
	for (size_t i = 0; i < mapping->masked_count; i++) {
		if (pattern_matches(mapping->masked[i], text, length))
			return true;
	}
	return false;
}

static bool is_masked(const struct mapping *mapping, const json_t *json)
{
	return json_is_string(json) &&
	       mapping_masks(mapping, json_string_value(json),
	                     json_string_length(json));
}

/* A set that is masked as a whole, or in one of its items. */
static bool is_masked_set(const struct mapping *mapping, const json_t *json)
{
	for (size_t i = 0; i < json_array_size(json); i++) {
		if (is_masked(mapping, json_array_get(json, i)))
			return true;
	}
	return is_masked(mapping, json);
}

static bool is_ownership(const char *text)
{
	return str_equal(text, "own") || str_equal(text, "managed");
}

static int read_text(struct reader *reader, const struct mapping *mapping,
                     const json_t *json)
{
	const char *text = json_string_value(json);

	if (is_nothing(json))
		return 0;
	if (!text)
		return fail_type(reader, &mapping->at, json, "a text");
	if (is_masked(mapping, json)) {
		put(reader, mapping, value_unreadable());
		return 0;
	}
	if (str_equal(mapping->name, "ownership") && !is_ownership(text))
		return put_opaque(reader, mapping);
	put(reader, mapping, state_value_text(reader->state, text));
	return 0;
}

static int read_boolean(struct reader *reader, const struct mapping *mapping,
                        const json_t *json)
{
	if (is_nothing(json))
		return 0;
	if (!json_is_boolean(json))
		return fail_type(reader, &mapping->at, json, "a boolean");
	put(reader, mapping, state_value_boolean(json_is_true(json)));
	return 0;
}

static bool is_empty(const json_t *json)
{
	return is_nothing(json) ||
	       (json_is_string(json) && json_string_length(json) == 0) ||
	       (json_is_array(json) && json_array_size(json) == 0);
}

static int read_set(struct reader *reader, const struct mapping *mapping,
                    const json_t *json)
{
	struct items *items = &reader->items;

	items->count = 0;
	if (is_empty(json)) {
		if (mapping->empty_none)
			put(reader, mapping,
			    state_value_set(reader->state, NULL, 0));
		else if (json)
			put(reader, mapping, value_unreadable());
		return 0;
	}
	if (is_masked_set(mapping, json)) {
		put(reader, mapping, value_unreadable());
		return 0;
	}
	if (mapping->codec->decode(json, items) < 0)
		return fail_type(reader, &mapping->at, json, "a list of texts");
	put(reader, mapping,
	    state_value_set(reader->state, items->texts, items->count));
	return 0;
}

static int read_json(struct reader *reader, const struct mapping *mapping,
                     const json_t *json)
{
	CLEANUP(textp) char *text = NULL;

	if (!json)
		return 0;
	text = json_dumps(json,
	                  JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	put(reader, mapping, state_value_json(reader->state, text));
	return 0;
}

typedef int read_fn(struct reader *reader, const struct mapping *mapping,
                    const json_t *json);

static read_fn *const read_by_type[] = {
	[MEMBER_TEXT] = read_text,
	[MEMBER_BOOLEAN] = read_boolean,
	[MEMBER_SET] = read_set,
	[MEMBER_JSON] = read_json,
};

/* ---- words ---- */

/* As the map's keys are written. */
static char *word_text(const json_t *json)
{
	if (json_is_boolean(json))
		return xstrdup(json_is_true(json) ? "true" : "false");
	if (json_is_null(json))
		return xstrdup("null");
	return scalar_text(json);
}

static const char *our_word(const struct mapping *mapping, const json_t *json)
{
	CLEANUP(textp) char *text = word_text(json);

	for (size_t i = 0; text && i < mapping->pair_count; i++) {
		if (str_equal(mapping->pairs[i].theirs_text, text))
			return mapping->pairs[i].ours;
	}
	return NULL;
}

static int read_word(struct reader *reader, const struct mapping *mapping,
                     const json_t *json)
{
	const char *word = our_word(mapping, json);

	if (!word && is_nothing(json))
		return 0;
	if (!word)
		return put_opaque(reader, mapping);
	put(reader, mapping,
	    mapping->type == MEMBER_BOOLEAN
	            ? state_value_boolean(str_equal(word, "true"))
	            : state_value_text(reader->state, word));
	return 0;
}

/* Empty and not empty are two words; where nothing stands, none is known. */
static int read_presence(struct reader *reader, const struct mapping *mapping,
                         const json_t *json)
{
	if (is_nothing(json))
		return put_opaque(reader, mapping);
	if (!json_is_string(json))
		return fail_type(reader, &mapping->at, json, "a text");
	put(reader, mapping,
	    state_value_text(reader->state, json_string_length(json)
	                                            ? mapping->when_filled
	                                            : mapping->when_empty));
	return 0;
}

static int read_field(struct reader *reader, const struct mapping *mapping,
                      json_t *object)
{
	const json_t *json = pointer_get(&mapping->at, object);

	if (mapping->pair_count)
		return read_word(reader, mapping, json);
	if (mapping->when_filled)
		return read_presence(reader, mapping, json);
	return read_by_type[mapping->type](reader, mapping, json);
}

static int read_fields(struct reader *reader, json_t *object)
{
	const struct binding *binding = reader->binding;
	const struct mappings *fields = &binding->reading.fields;

	for (size_t i = 0; i < fields->count; i++) {
		if (read_field(reader, &fields->items[i], object) < 0)
			return -1;
	}
	for (size_t i = 0; i < binding->unread_count; i++)
		state_field(reader->state, binding->unread[i],
		            value_unreadable(), PLACE_NONE);
	return 0;
}

/* ---- secrets ---- */

static const char *hint_of(const struct secret_mapping *secret,
                           const json_t *json)
{
	const size_t length = json_string_length(json);
	const char *text = json_string_value(json);

	return length > secret->hint_length
	               ? text + length - secret->hint_length
	               : text;
}

static int read_secret(struct reader *reader,
                       const struct secret_mapping *secret, json_t *object)
{
	json_t *json = pointer_get(&secret->at, object);
	struct secret_reading reading = { .name = secret->name };

	if (json && secret->unset && json_equal(json, secret->unset)) {
		reading.unset = true;
	} else if (is_nothing(json)) {
		reading.missing = secret->readback != READBACK_MASKED;
	} else if (!json_is_string(json)) {
		return fail_type(reader, &secret->at, json, "a text");
	} else if (secret->readback == READBACK_HINT) {
		reading.hint = hint_of(secret, json);
	} else if (secret->readback == READBACK_CLEAR) {
		reading.clear = secret_new(json_string_value(json),
		                           json_string_length(json));
		reading.release = secret_free;
	}
	state_reading(reader->state, &reading);
	return 0;
}

static int read_secrets(struct reader *reader, json_t *object)
{
	const struct reading *reading = &reader->binding->reading;

	for (size_t i = 0; i < reading->secret_count; i++) {
		if (reading->secrets[i].readback != READBACK_NEVER &&
		    read_secret(reader, &reading->secrets[i], object) < 0)
			return -1;
	}
	return 0;
}

/* ---- beside the fields ---- */

static int read_key(struct reader *reader, json_t *object)
{
	const struct pointer *at = &reader->binding->reading.platform_key;
	CLEANUP(textp) char *key = NULL;

	if (!at->text)
		return 0;
	key = reader_id(reader, object, at);
	if (!key)
		return -1;
	state_open(reader->state)->natural_key = state_text(reader->state, key);
	return 0;
}

static int read_updated_at(struct reader *reader, json_t *object)
{
	const struct pointer *at = &reader->binding->reading.updated_at;
	json_t *json = at->text ? pointer_get(at, object) : NULL;
	CLEANUP(textp) char *text = scalar_text(json);

	if (is_nothing(json))
		return 0;
	if (!text)
		return fail_type(reader, at, json, "a time");
	state_open(reader->state)->updated_at = state_text(reader->state, text);
	return 0;
}

static int read_connections(struct reader *reader, json_t *object)
{
	const struct pointer *at = &reader->binding->reading.connections;
	json_t *json = at->text ? pointer_get(at, object) : NULL;

	state_open(reader->state)->connections = -1;
	if (is_nothing(json))
		return 0;
	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return fail_type(reader, at, json, "a count");
	state_open(reader->state)->connections = json_integer_value(json);
	return 0;
}

/* Without a connector nothing can be said of an object. */
static int check_connector(struct reader *reader, json_t *object)
{
	const struct mapping *mapping =
		mappings_find(&reader->binding->reading.fields, "connector");
	const json_t *json = pointer_get(&mapping->at, object);

	return is_nothing(json)
	               ? fail_type(reader, &mapping->at, json, "a connector")
	               : 0;
}

/* Row S4: what the key may not read is left out, as if there were nothing. */
static int check_present(struct reader *reader, json_t *object)
{
	const struct reading *reading = &reader->binding->reading;

	if (!reading->present.text || pointer_get(&reading->present, object))
		return 0;
	return fail(reader, CODE_UNAUTHORISED,
	            xasprintf("`%s` is left out: the API key lacks the "
	                      "permission %s",
	                      reading->present.text, reading->permission));
}

int reader_object(struct reader *reader, json_t *object)
{
	CLEANUP(textp) char *id = NULL;

	if (!json_is_object(object))
		return fail(reader, CODE_BAD_ANSWER,
		            xasprintf("it is %s, not an object",
		                      type_name(object)));
	id = reader_id(reader, object, &reader->binding->reading.id);
	if (!id || check_connector(reader, object) < 0 ||
	    check_present(reader, object) < 0)
		return -1;
	state_begin(reader->state, id, PLACE_NONE);
	if (read_fields(reader, object) < 0 ||
	    read_secrets(reader, object) < 0 || read_key(reader, object) < 0 ||
	    read_updated_at(reader, object) < 0 ||
	    read_connections(reader, object) < 0)
		return -1;
	state_end(reader->state);
	return 0;
}
