/* SPDX-License-Identifier: MIT */
/* One change of a saved plan, read back. */
#include "report/saved.h"

#include "report/json.h"
#include "report/risks.h"

#include "base/text.h"
#include "state/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- small things ---- */

const char *saved_text(const struct node *object, const char *name)
{
	const struct node *node = node_get(object, name);

	return node && !node_is_null(node) ? node_text(node) : NULL;
}

size_t saved_count(const struct node *object, const char *name)
{
	return (size_t)node_integer(node_get(object, name), 0);
}

bool saved_flag(const struct node *object, const char *name)
{
	return node_boolean(node_get(object, name), false);
}

unsigned saved_word(const struct node *object, const char *name,
                    const char *const *names, size_t count)
{
	const char *text = saved_text(object, name);

	for (unsigned i = 0; i < count; i++) {
		if (str_equal(names[i], text))
			return i;
	}
	return 0;
}

enum danger saved_danger(const struct node *object)
{
	return saved_word(object, "danger", danger_words,
	                  DANGER_DESTRUCTIVE + 1);
}

struct place saved_place(const struct node *object)
{
	const struct node *place = node_get(object, "source");
	const char *file = saved_text(place, "file");

	if (!file)
		return PLACE_NONE;
	return (struct place){
		.file = file,
		.line = (unsigned)saved_count(place, "line"),
		.column = (unsigned)saved_count(place, "column"),
	};
}

static struct touch touch_of(const struct node *object)
{
	const struct node *place = node_get(object, "source");

	return (struct touch){
		.commit = saved_text(place, "commit"),
		.older_than = saved_count(place, "older_than_commits"),
	};
}

static void *items_at(const struct reading *reading, const struct node *object,
                      const char *name, size_t size, size_t *count)
{
	const struct node *list = node_get(object, name);

	*count = list && list->type == NODE_SEQUENCE ? list->count : 0;
	return arena_alloc(reading->arena, (*count + 1) * size);
}

char *saved_copy(const struct reading *reading, const char *text)
{
	const size_t length = text ? strlen(text) : 0;
	char *copy = arena_alloc(reading->arena, length + 1);

	if (text)
		memcpy(copy, text, length);
	return copy;
}

/* ---- values ---- */

/* Items, sorted as they were written, each with a NUL behind it. */
static struct value set_of(const struct reading *reading,
                           const struct node *list)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&bytes, &length);
	struct value value = { .kind = VALUE_SET };

	for (size_t i = 0; i < list->count; i++) {
		const char *text = node_text(node_item(list, i));

		fwrite(text ? text : "", 1, strlen(text ? text : "") + 1, out);
	}
	fclose(out);
	value.bytes = arena_copy(reading->arena, bytes, length);
	value.length = (uint32_t)length;
	free(bytes);
	return value;
}

static struct value json_of(const struct reading *reading,
                            const struct node *node)
{
	CLEANUP(textp) char *text = node_json(node);

	return (struct value){
		.bytes = arena_copy(reading->arena, text, strlen(text)),
		.length = (uint32_t)strlen(text),
		.kind = VALUE_JSON,
	};
}

/* What is in `extra` is JSON as it stands; the rest has one kind for each. */
static struct value value_at(const struct reading *reading,
                             const struct node *field, const char *name)
{
	const struct node *node = node_get(field, name);
	struct value value = { .kind = VALUE_TEXT };

	if (!node || node_is_null(node))
		return value_absent();
	if (str_starts(saved_text(field, "name"), "extra."))
		return json_of(reading, node);
	if (node->type == NODE_SEQUENCE)
		return set_of(reading, node);
	if (node->type == NODE_MAPPING)
		return json_of(reading, node);
	if (node_scalar(node) == SCALAR_BOOLEAN)
		value.kind = VALUE_BOOLEAN;
	value.bytes = node_text(node);
	value.length = (uint32_t)node->length;
	return value;
}

/* ---- parts of a change ---- */

static const struct field_row *row_of(const struct reading *reading,
                                      const struct node *field)
{
	struct field_row *row = arena_alloc(reading->arena, sizeof(*row));

	row->row = saved_text(field, "row");
	row->result = saved_text(field, "result");
	row->write = saved_flag(field, "writes");
	row->record = saved_word(field, "record", json_record_names,
	                         RECORD_NOTHING + 1);
	return row;
}

static void read_field(const struct reading *reading, const struct node *node,
                       struct field_change *field)
{
	*field = (struct field_change){
		.name = saved_text(node, "name"),
		.declared = value_at(reading, node, "after"),
		.live = saved_flag(node, "readable")
		                ? value_at(reading, node, "before")
		                : value_unreadable(),
		.sent = value_at(reading, node, "sent"),
		.seen = value_at(reading, node, "seen"),
		.row = row_of(reading, node),
		.writes = saved_flag(node, "writes"),
		.held = saved_flag(node, "held"),
		.danger = saved_danger(node),
		.place = saved_place(node),
		.touch = touch_of(node),
	};
}

static void read_secret(const struct node *node, struct secret_change *secret)
{
	*secret = (struct secret_change){
		.name = saved_text(node, "name"),
		.row = saved_text(node, "row"),
		.action = saved_word(node, "action", secret_action_names,
		                     SECRET_ACTIONS),
		.records = saved_flag(node, "records"),
		.held = saved_flag(node, "held"),
		.source = saved_text(node, "from"),
		.version = saved_text(node, "version"),
		.previous_version = saved_text(node, "previous_version"),
		.reason = saved_text(node, "reason"),
		.danger = saved_danger(node),
		.place = saved_place(node),
		.touch = touch_of(node),
	};
}

static void read_reasons(const struct reading *reading, const struct node *node,
                         struct change *change)
{
	const struct node *list = node_get(node, "reasons");

	change->reasons = items_at(reading, node, "reasons", sizeof(char *),
	                           &change->reason_count);
	for (size_t i = 0; i < change->reason_count; i++) {
		change->reasons[i] =
			saved_copy(reading, node_text(node_item(list, i)));
	}
}

static void read_parts(const struct reading *reading, const struct node *node,
                       struct change *change)
{
	const struct node *fields = node_get(node, "fields");
	const struct node *secrets = node_get(node, "secrets");

	change->fields =
		items_at(reading, node, "fields", sizeof(*change->fields),
	                 &change->field_count);
	for (size_t i = 0; i < change->field_count; i++)
		read_field(reading, node_item(fields, i), &change->fields[i]);
	change->secrets =
		items_at(reading, node, "secrets", sizeof(*change->secrets),
	                 &change->secret_count);
	for (size_t i = 0; i < change->secret_count; i++)
		read_secret(node_item(secrets, i), &change->secrets[i]);
	read_reasons(reading, node, change);
}

/* ---- the change ---- */

/* What is written of an object that goes: its connector and name. */
static void read_live(const struct reading *reading, const struct node *node,
                      const char *id)
{
	static const char *const names[] = { "connector", "name" };
	struct state *live = reading->live;

	state_begin(live, id, PLACE_NONE);
	for (size_t i = 0; i < LENGTH(names); i++) {
		const char *text = saved_text(node, names[i]);

		if (text)
			state_field(live, names[i],
			            state_value_text(live, text), PLACE_NONE);
	}
	state_end(live);
}

static bool deletes_first(const struct node *node)
{
	const struct node *actions = node_get(node, "actions");

	return actions && actions->type == NODE_SEQUENCE &&
	       actions->count == 2 &&
	       str_equal(node_text(node_item(actions, 0)), "delete");
}

void saved_change(const struct reading *reading, const struct node *node,
                  struct change *change)
{
	*change = (struct change){
		.kind = saved_word(node, "kind", change_kind_names,
		                   CHANGE_KINDS),
		.row = saved_text(node, "row"),
		.address = saved_text(node, "address"),
		.key = saved_text(node, "key"),
		.id = saved_text(node, "id"),
		.renamed_from = saved_text(node, "renamed_from"),
		.replace_way = deletes_first(node) ? REPLACE_DELETE_FIRST
		                                   : REPLACE_CREATE_FIRST,
		.danger = saved_danger(node),
		.blocked = saved_flag(node, "blocked"),
		.rekeyed = saved_flag(node, "rekeyed"),
		.connections = node_integer(node_get(node, "connections"), -1),
		.place = saved_place(node),
		.touch = touch_of(node),
	};
	read_parts(reading, node, change);
	if (change->kind == CHANGE_DELETE && change->id)
		read_live(reading, node, change->id);
}
