/* SPDX-License-Identifier: MIT */
#include "platform/manual.h"

#include "base/pattern.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool binding_is_manual(const struct binding *binding)
{
	return binding->manual;
}

const char *binding_id_problem(const struct binding *binding, const char *id)
{
	const struct manual *manual = binding->manual;

	return pattern_matches(manual->id, id, strlen(id)) ? NULL
	                                                   : manual->id_words;
}

/* ---- what is live, as far as anybody said ---- */

static void add_given(const struct manual *manual, struct state *state)
{
	for (size_t i = 0; i < manual->given.count; i++)
		state_field(state, manual->given.items[i].name,
		            value_unreadable(), PLACE_NONE);
}

static void add_recorded(const struct manual *manual,
                         const struct auth_config *row, struct state *state)
{
	if (!row->id)
		return;
	state_begin(state, row->id, PLACE_NONE);
	for (size_t i = 0; i < row->seen_count; i++) {
		const struct field *field = &row->seen[i];

		if (names_hold(&manual->fields, field->name))
			state_field(state, field->name, field_value(field),
			            PLACE_NONE);
	}
	add_given(manual, state);
	state_open(state)->connections = -1;
	state_end(state);
}

/* A former object may have been of another connector. */
static void add_retired(const struct auth_config *row, const char *id,
                        struct state *state)
{
	state_begin(state, id, PLACE_NONE);
	state_field(state, "name", auth_config_value(row, "name"), PLACE_NONE);
	state_open(state)->connections = -1;
	state_end(state);
}

struct state *binding_recorded(const struct binding *binding,
                               const struct state *applied, char **twin)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_ID);
	const char *found = NULL;

	for (size_t i = 0; i < state_length(applied); i++) {
		const struct auth_config *row = state_at(applied, i);

		add_recorded(binding->manual, row, state);
		for (size_t j = 0; j < row->retired_count; j++)
			add_retired(row, row->retired[j], state);
	}
	if (state_finish(state, &found) == 0)
		return TAKE(state);
	*twin = xstrdup(found);
	return NULL;
}

/* ---- what a person does ---- */

static const struct manual_part *find_part(const struct manual_change *change,
                                           const char *name)
{
	static const struct manual_part nothing = { .name = "" };

	for (size_t i = 0; i < change->part_count; i++) {
		if (str_equal(change->parts[i].name, name))
			return &change->parts[i];
	}
	return &nothing;
}

static bool is_declared(const struct manual_part *part)
{
	return part->source || part->after.kind != VALUE_ABSENT;
}

/* Items of one set that the other has not; written to `out` where there is
 * one. Returns how many. */
static size_t list_items(const struct value *with, const struct value *without,
                         FILE *out)
{
	const char *item = NULL;
	size_t count = 0;

	if (with->kind != VALUE_SET)
		return 0;
	while ((item = value_next(with, item))) {
		if (without && without->kind == VALUE_SET &&
		    value_contains(without, item))
			continue;
		if (out)
			fprintf(out, "%s%s", count ? ", " : "", item);
		count++;
	}
	return count;
}

static bool holds(const struct condition *condition,
                  const struct manual_change *change)
{
	const struct manual_part *part = find_part(change, condition->name);

	switch (condition->kind) {
	case WHEN_OWNERSHIP:
		part = find_part(change, "ownership");
		return part->after.kind == VALUE_TEXT &&
		       str_equal(part->after.bytes, condition->name);
	case WHEN_DECLARES:
		return is_declared(part);
	case WHEN_LACKS:
		return !is_declared(part);
	case WHEN_CHANGES:
		return part->written;
	case WHEN_ADDS:
		return part->written &&
		       list_items(&part->after, &part->before, NULL);
	case WHEN_REMOVES:
		return part->written &&
		       list_items(&part->before, &part->after, NULL);
	}
	return false;
}

static bool applies(const struct instruction *instruction,
                    const struct manual_change *change)
{
	for (size_t i = 0; i < instruction->condition_count; i++) {
		if (!holds(&instruction->conditions[i], change))
			return false;
	}
	return true;
}

static void say_value(const struct value *value, FILE *out)
{
	if (value->kind == VALUE_ABSENT || value_is_empty(value))
		fputs("none", out);
	else if (value->kind == VALUE_SET)
		(void)list_items(value, NULL, out);
	else
		fwrite(value->bytes, 1, value->length, out);
}

static const struct source_row {
	const char *start, *words;
} source_rows[] = {
	{ "env:", "the variable " },
	{ "file:", "the file " },
};

static void say_source(const char *source, FILE *out)
{
	for (size_t i = 0; i < LENGTH(source_rows); i++) {
		const struct source_row *row = &source_rows[i];

		if (!str_starts(source, row->start))
			continue;
		fprintf(out, "%s%s", row->words, source + strlen(row->start));
		return;
	}
	fputs(source, out);
}

static void say_gap(const struct gap *gap, const struct manual_change *change,
                    FILE *out)
{
	const struct manual_part *part = find_part(change, gap->text);

	switch (gap->kind) {
	case GAP_NONE:
		fputs(gap->text, out);
		break;
	case GAP_KEY:
		fputs(change->key, out);
		break;
	case GAP_ENVIRONMENT:
		fputs(change->environment, out);
		break;
	case GAP_ID:
		fputs(change->id ? change->id : "ID", out);
		break;
	case GAP_AFTER:
		if (part->source)
			say_source(part->source, out);
		else
			say_value(&part->after, out);
		break;
	case GAP_BEFORE:
		say_value(&part->before, out);
		break;
	case GAP_ADDED:
		(void)list_items(&part->after, &part->before, out);
		break;
	case GAP_REMOVED:
		(void)list_items(&part->before, &part->after, out);
		break;
	}
}

static char *say(const struct instruction *instruction,
                 const struct manual_change *change)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < instruction->gap_count; i++)
		say_gap(&instruction->gaps[i], change, out);
	(void)fclose(out);
	return text;
}

static void add_steps(const struct instructions *list,
                      const struct manual_change *change,
                      struct manual_steps *out)
{
	out->items = xreallocarray(out->items, out->count + list->count + 1,
	                           sizeof(*out->items));
	for (size_t i = 0; i < list->count; i++) {
		if (applies(&list->items[i], change))
			out->items[out->count++] = say(&list->items[i], change);
	}
}

/* A replacement is a new one, and then a word on the old one. */
static const struct deed_row {
	enum manual_list first;
	bool replaces;
} deed_rows[MANUAL_DEEDS] = {
	[MANUAL_TO_CREATE] = { MANUAL_CREATE, false },
	[MANUAL_TO_UPDATE] = { MANUAL_UPDATE, false },
	[MANUAL_TO_REPLACE] = { MANUAL_CREATE, true },
	[MANUAL_TO_DELETE] = { MANUAL_DELETE, false },
};

void binding_steps(const struct binding *binding,
                   const struct manual_change *change, struct manual_steps *out)
{
	const struct instructions *lists = binding->manual->lists;
	const struct deed_row *row = &deed_rows[change->deed];

	*out = (struct manual_steps){ .items = NULL };
	add_steps(&lists[row->first], change, out);
	if (row->replaces)
		add_steps(&lists[MANUAL_REPLACE], change, out);
}

void manual_steps_release(struct manual_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		free(steps->items[i]);
	free(steps->items);
}
