/* SPDX-License-Identifier: MIT */
/* Building: members wait in plain arrays while a config is open, and move to
 * the arena, sorted and in one piece each, when it ends. */
#include "state/inside.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts and values ---- */

static uint64_t sum_bytes(const char *bytes, size_t length)
{
	uint64_t sum = length, word;

	for (; length >= sizeof(word);
	     bytes += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
		sum ^= sum >> 29;
	}
	word = 0;
	memcpy(&word, bytes, length);
	return (sum ^ word) * 0x9e3779b97f4a7c15u;
}

/* The bytes in the arena: those met lately, or a copy. */
static const char *keep(struct state *state, const char *bytes, size_t length)
{
	struct lately *lately;
	uint64_t sum;

	if (!length)
		return "";
	if (!state->lately)
		return arena_copy(state->arena, bytes, length);
	sum = sum_bytes(bytes, length);
	lately = &state->lately[(sum >> 32) % LATELY_SLOTS];
	if (lately->sum == sum && lately->length == length &&
	    memcmp(lately->bytes, bytes, length) == 0)
		return lately->bytes;
	*lately = (struct lately){
		.bytes = arena_copy(state->arena, bytes, length),
		.sum = sum,
		.length = length,
	};
	return lately->bytes;
}

static struct value make(struct state *state, const char *bytes, size_t length,
                         enum value_kind kind)
{
	assert(length <= UINT32_MAX);
	state->made = keep(state, bytes, length);
	return (struct value){ state->made, (uint32_t)length, (uint8_t)kind };
}

const char *state_text(struct state *state, const char *text)
{
	return text ? keep(state, text, strlen(text)) : NULL;
}

struct value state_value_text(struct state *state, const char *text)
{
	return make(state, text, strlen(text), VALUE_TEXT);
}

struct value state_value_json(struct state *state, const char *json)
{
	return make(state, json, strlen(json), VALUE_JSON);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum { FEW_TEXTS = 16 };

/* Insertion sort: few are in order soon, and so is what was. */
static void sort_few(const char **texts, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const char *text = texts[i];
		size_t at = i;

		for (; at && strcmp(texts[at - 1], text) > 0; at--)
			texts[at] = texts[at - 1];
		texts[at] = text;
	}
}

static void sort_texts(const char **texts, size_t count)
{
	if (count <= FEW_TEXTS)
		sort_few(texts, count);
	else
		qsort(texts, count, sizeof(*texts), compare_texts);
}

/* The canonical bytes of sorted items; `out` has room for all. */
static size_t write_set(const char *const *sorted, size_t count, char *out)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(sorted[i]) + 1;

		if (i && strcmp(sorted[i - 1], sorted[i]) == 0)
			continue;
		memcpy(out + length, sorted[i], size);
		length += size;
	}
	return length;
}

struct value state_value_set(struct state *state, const char *const *items,
                             size_t count)
{
	const char *few[32];
	char small[1024], *bytes = small;
	const char **sorted = few;
	struct value value;
	size_t room = 0;

	small[0] = '\0';
	if (count > LENGTH(few))
		sorted = xreallocarray(NULL, count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++) {
		sorted[i] = items[i];
		room += strlen(items[i]) + 1;
	}
	if (room > sizeof(small))
		bytes = xmalloc(room);
	sort_texts(sorted, count);
	value = make(state, bytes, write_set(sorted, count, bytes), VALUE_SET);
	if (bytes != small)
		free(bytes);
	if (sorted != few)
		free(sorted);
	return value;
}

/* ---- configs ---- */

static uint16_t find_file(struct state *state, const char *file)
{
	for (size_t i = state->file_count - 1; i > 0; i--) {
		if (strcmp(state->files[i], file) == 0)
			return (uint16_t)i;
	}
	if (state->file_count > UINT16_MAX)
		return 0;
	state->files = xgrow(state->files, state->file_count,
	                     &state->file_capacity, sizeof(*state->files));
	state->files[state->file_count] =
		arena_copy(state->arena, file, strlen(file));
	return (uint16_t)state->file_count++;
}

/* Most places are in the file of the one before. */
static uint16_t file_index(struct state *state, const char *file)
{
	if (!file)
		return 0;
	if (file != state->last_file) {
		state->last_file_index = find_file(state, file);
		state->last_file = file;
	}
	return state->last_file_index;
}

static uint16_t clip_column(unsigned column)
{
	return column < UINT16_MAX ? (uint16_t)column : UINT16_MAX;
}

void state_begin(struct state *state, const char *key_or_id, struct place place)
{
	struct auth_config *config = arena_alloc(state->arena, sizeof(*config));
	const char *name;

	assert(!state->open && !state->finished);
	state_find_twin(state, key_or_id);
	name = state->twin
	               ? state->twin->key
	               : arena_copy(state->arena, key_or_id, strlen(key_or_id));
	if (state->order == STATE_BY_KEY)
		config->key = name;
	else
		config->id = name;
	config->connections = -1;
	config->place_file = file_index(state, place.file);
	config->place_line = place.line;
	config->place_column = clip_column(place.column);
	state->configs = xgrow(state->configs, state->count, &state->capacity,
	                       sizeof(struct auth_config *));
	state->configs[state->count++] = config;
	state->open = config;
}

struct auth_config *state_open(struct state *state)
{
	assert(state->open);
	return state->open;
}

/* ---- members of the open config ---- */

/* Room for one more member; not zeroed. */
static void *add(struct state *state, struct pending *pending, size_t size)
{
	char *items;

	assert(state->open && pending->count < UINT16_MAX);
	items = xgrow(pending->items, pending->count, &pending->capacity, size);
	pending->items = items;
	return items + size * pending->count++;
}

/* The name in the arena; `index` is how many the open config had before. */
static const char *keep_name(struct state *state, struct name_order *order,
                             size_t index, const char *name)
{
	if (index > order->count)
		index = order->count; /* those before are a twin's */
	if (index < order->count && strcmp(order->names[index], name) == 0)
		return order->names[index];
	if (index == order->count) {
		order->names = xgrow(order->names, order->count,
		                     &order->capacity, sizeof(char *));
		order->count++;
	}
	order->names[index] =
		state->lately ? arena_intern(state->arena, name, strlen(name))
			      : arena_copy(state->arena, name, strlen(name));
	return order->names[index];
}

/* A field with these bytes, of the twin or kept here. */
static void add_field(struct state *state, struct pending *pending,
                      struct name_order *names, const char *name,
                      struct value value)
{
	const size_t index = pending->count;
	const struct field *twin = state_twin_field(state, index, name, &value);
	struct field *field = add(state, pending, sizeof(*field));

	*field = (struct field){ .length = value.length, .kind = value.kind };
	if (twin) {
		field->name = twin->name;
		field->bytes = twin->bytes;
		return;
	}
	field->name = keep_name(state, names, index, name);
	field->bytes = value.bytes && value.bytes == state->made
	                       ? value.bytes
	                       : keep(state, value.bytes, value.length);
}

void state_field(struct state *state, const char *name, struct value value,
                 struct place place)
{
	struct pending *fields = &state->fields;
	struct field *field;

	if (value.kind == VALUE_ABSENT)
		return;
	add_field(state, fields, &state->field_names, name, value);
	field = (struct field *)fields->items + fields->count - 1;
	field->file = file_index(state, place.file);
	field->line = place.line;
	field->column = clip_column(place.column);
}

void state_seen(struct state *state, const char *name, struct value value)
{
	if (value.kind == VALUE_ABSENT)
		return;
	add_field(state, &state->seen, &state->seen_names, name, value);
}

void state_seen_as_sent(struct state *state)
{
	assert(state->open && !state->seen.count);
	state->seen_as_sent = true;
}

void state_reference(struct state *state,
                     const struct secret_reference *reference)
{
	struct secret_reference *kept =
		add(state, &state->references, sizeof(*kept));
	struct place place = reference->place;

	place.file = state->files[file_index(state, place.file)];
	*kept = (struct secret_reference){
		.name = state_text(state, reference->name),
		.source = state_text(state, reference->source),
		.version = state_text(state, reference->version),
		.expires = state_text(state, reference->expires),
		.place = place,
	};
}

void state_record(struct state *state, const struct secret_record *record)
{
	struct secret_record *kept = add(state, &state->records, sizeof(*kept));

	*kept = *record;
	kept->name = state_text(state, record->name);
	kept->key_id = state_text(state, record->key_id);
	kept->version = state_text(state, record->version);
	kept->source = state_text(state, record->source);
	kept->hint_seen = state_text(state, record->hint_seen);
}

static void own_clear(struct state *state, const struct secret_reading *reading)
{
	state->clears = xgrow(state->clears, state->clear_count,
	                      &state->clear_capacity, sizeof(*state->clears));
	state->clears[state->clear_count++] =
		(struct clear){ reading->clear, reading->release };
}

void state_reading(struct state *state, const struct secret_reading *reading)
{
	struct secret_reading *kept =
		add(state, &state->readings, sizeof(*kept));

	*kept = *reading;
	kept->name = state_text(state, reading->name);
	kept->hint = state_text(state, reading->hint);
	if (reading->clear && reading->release)
		own_clear(state, reading);
}

void state_retired(struct state *state, const char *id)
{
	const char **kept = add(state, &state->retired, sizeof(*kept));

	*kept = state_text(state, id);
}

void state_memo(struct state *state, const struct memo *memo)
{
	struct memo *kept = add(state, &state->memos, sizeof(*kept));

	*kept = (struct memo){
		.name = state_text(state, memo->name),
		.text = state_text(state, memo->text),
		.at_ms = memo->at_ms,
	};
}

/* ---- the end of a config ---- */

/* Each member but a retired id begins with its name. */
static int compare_members(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool members_sorted(const char *items, size_t count, size_t size)
{
	for (size_t i = 1; i < count; i++) {
		if (compare_members(items + (i - 1) * size, items + i * size) >=
		    0)
			return false;
	}
	return true;
}

/* Of members with equal names, one stays. */
static size_t drop_twins(char *items, size_t count, size_t size)
{
	size_t kept = 1;

	for (size_t i = 1; i < count; i++) {
		if (compare_members(items + (kept - 1) * size,
		                    items + i * size) == 0)
			continue;
		memmove(items + kept * size, items + i * size, size);
		kept++;
	}
	return kept;
}

/* Insertion sort: what is nearly in order is so in one pass. */
static void sort_fields(struct field *fields, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct field field = fields[i];
		size_t at = i;

		for (; at && strcmp(fields[at - 1].name, field.name) > 0; at--)
			fields[at] = fields[at - 1];
		fields[at] = field;
	}
}

enum { FEW_FIELDS = 24 };

static void sort_members(struct pending *pending, size_t size)
{
	if (members_sorted(pending->items, pending->count, size))
		return;
	if (size == sizeof(struct field) && pending->count <= FEW_FIELDS)
		sort_fields(pending->items, pending->count);
	else
		qsort(pending->items, pending->count, size, compare_members);
	pending->count = drop_twins(pending->items, pending->count, size);
}

static void *close_members(struct state *state, struct pending *pending,
                           size_t size, uint16_t *count)
{
	void *members;

	if (!pending->count)
		return NULL;
	sort_members(pending, size);
	members = arena_alloc(state->arena, pending->count * size);
	memcpy(members, pending->items, pending->count * size);
	*count = (uint16_t)pending->count;
	pending->count = 0;
	return members;
}

static const struct field *close_fields(struct state *state,
                                        struct pending *pending,
                                        uint16_t *count)
{
	const struct field *shared;

	if (pending->count && state->twin) {
		sort_members(pending, sizeof(*shared));
		shared = state_twin_fields(state, pending->items,
		                           pending->count);
		if (shared) {
			*count = (uint16_t)pending->count;
			pending->count = 0;
			return shared;
		}
	}
	return close_members(state, pending, sizeof(*shared), count);
}

/* They share a place. */
static void close_secrets(struct state *state, struct auth_config *config)
{
	assert(!state->references.count + !state->records.count +
	               !state->readings.count >=
	       2);
	if (state->references.count)
		config->references =
			close_members(state, &state->references,
		                      sizeof(struct secret_reference),
		                      &config->reference_count);
	if (state->records.count)
		config->records = close_members(state, &state->records,
		                                sizeof(struct secret_record),
		                                &config->record_count);
	if (state->readings.count)
		config->readings = close_members(state, &state->readings,
		                                 sizeof(struct secret_reading),
		                                 &config->reading_count);
}

void state_end(struct state *state)
{
	struct auth_config *config = state_open(state);

	config->fields =
		close_fields(state, &state->fields, &config->field_count);
	config->seen = close_fields(state, &state->seen, &config->seen_count);
	if (state->seen_as_sent) {
		config->seen = config->fields;
		config->seen_count = config->field_count;
	}
	state->seen_as_sent = false;
	close_secrets(state, config);
	config->retired =
		close_members(state, &state->retired, sizeof(const char *),
	                      &config->retired_count);
	config->memos = close_members(state, &state->memos, sizeof(struct memo),
	                              &config->memo_count);
	state->open = NULL;
}
