/* SPDX-License-Identifier: MIT */
/*
 * A platform and an apply of it: sends are stored, the ledger records what the
 * plan's rows say. The platform keeps what it is sent, or it is of another
 * temper and rewrites or ignores the fields it is fickle about.
 */
#include "domain.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static size_t field_index(const char *name)
{
	size_t index = 0;

	while (!str_equal(field_names[index], name))
		index++;
	return index;
}

static size_t secret_index(const char *name)
{
	return str_equal(name, secret_names[0]) ? 0 : 1;
}

static struct cell cell_of(const struct value *value)
{
	static const char kinds[] = {
		[VALUE_ABSENT] = '-', [VALUE_UNREADABLE] = 'U',
		[VALUE_TEXT] = 't',   [VALUE_BOOLEAN] = 'b',
		[VALUE_SET] = 's',
	};
	struct cell cell = { .kind = kinds[value->kind] };
	const char *item = NULL;
	size_t length = 0;

	if (value->kind != VALUE_SET) {
		memcpy(cell.text, value->bytes, value->length);
		return cell;
	}
	while ((item = value_next(value, item)))
		cell.text[length++] = item[0];
	return cell;
}

/* What is kept of a value that is sent: what an object is, as it was; of the
 * others some are rewritten or ignored, always the same ones. */
static struct cell stored(const struct world *world, size_t index,
                          const struct cell *before, const struct cell *sent)
{
	const bool plain = index == CONNECTOR || index == TYPE ||
	                   index == OWNERSHIP || index == ENABLED;
	struct cell cell = *sent;

	if (before->kind == 'U')
		return *before;
	if (plain || world->temper == FAITHFUL ||
	    !(world->fickle & (1U << index)))
		return cell;
	if (world->temper == IGNORING)
		return *before;
	if (sent->kind != 's')
		return cell_make(sent->kind, "rewritten");
	if (!strchr(cell.text, 'z'))
		cell.text[strlen(cell.text)] = 'z';
	return cell;
}

static void store_fields(const struct world *world, struct thing *live,
                         const struct change *change)
{
	for (size_t i = 0; i < change->send_count; i++) {
		const size_t index = field_index(change->sends[i].name);
		const struct cell sent = cell_of(&change->sends[i].value);

		live->fields[index] =
			stored(world, index, &live->fields[index], &sent);
	}
}

/* What a whole replacement leaves out is lost. */
static void lose_unsent(const struct world *world, struct thing *live,
                        const struct change *change)
{
	bool sent[FIELDS] = { false };

	if (world->traits.semantics == UPDATE_MERGE)
		return;
	for (size_t i = 0; i < change->send_count; i++)
		sent[field_index(change->sends[i].name)] = true;
	for (size_t i = 0; i < FIELDS; i++) {
		if (!sent[i] && world->field_traits[i].mode == MODE_SETTABLE &&
		    live->fields[i].kind != '-')
			live->fields[i] = cell_make('t', "lost");
	}
}

static const struct thing *entry_of(const struct world *world,
                                    const struct change *change)
{
	return find_key(world->desired, world->desired_count, change->key);
}

static bool is_sent(const struct secret_change *secret)
{
	return !secret->held && (secret->action == SECRET_SET ||
	                         secret->action == SECRET_ROTATE ||
	                         secret->action == SECRET_RESEND);
}

static void store_secrets(const struct world *world, struct thing *live,
                          const struct change *change)
{
	const struct thing *entry = entry_of(world, change);

	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];
		const size_t index = secret_index(secret->name);
		const int source = entry->secrets[index].source;

		if (is_sent(secret))
			live->secrets[index].value =
				world->source_values[source];
		else if (secret->action == SECRET_CLEAR)
			live->secrets[index].value = 0;
	}
}

/* A platform that wants secrets in each replacement drops one left out. */
static void lose_secrets(const struct world *world, struct thing *live,
                         const struct change *change)
{
	if (world->traits.semantics == UPDATE_MERGE ||
	    world->traits.secret_omit == SECRET_OMIT_KEEP)
		return;
	for (size_t i = 0; i < change->secret_count; i++) {
		if (!is_sent(&change->secrets[i]))
			live->secrets[secret_index(change->secrets[i].name)]
				.value = 9;
	}
}

/* ---- the ledger ---- */

static bool field_is_sent(const struct change *change,
                          const struct field_change *field)
{
	for (size_t i = 0; i < change->send_count; i++) {
		if (str_equal(change->sends[i].name, field->name))
			return value_equal(&change->sends[i].value,
			                   &field->declared);
	}
	return false;
}

static void record_field(struct thing *row, const struct thing *live,
                         const struct change *change,
                         const struct field_change *field)
{
	const size_t index = field_index(field->name);
	const bool written = change->kind != CHANGE_NOTE &&
	                     change->send_count && field_is_sent(change, field);
	enum field_record record = field->row->record;

	if (field->held)
		return;
	if (written && record != RECORD_NOTHING)
		record = RECORD_SET;
	if (record == RECORD_SET) {
		row->fields[index] = cell_of(&field->declared);
		row->seen[index] = live->fields[index];
	} else if (record == RECORD_DROP) {
		row->fields[index] = row->seen[index] = cell_make('-', "");
	}
}

static void record_secret(const struct world *world, struct thing *row,
                          const struct thing *live,
                          const struct secret_change *secret)
{
	const size_t index = secret_index(secret->name);
	const struct thing *entry =
		find_key(world->desired, world->desired_count, row->key);
	const struct secret_cell *wanted = &entry->secrets[index];
	struct secret_cell *record = &row->secrets[index];

	if (!is_sent(secret) && !secret->records) {
		if (secret->action == SECRET_CLEAR)
			*record = (struct secret_cell){ .sent_source = -1,
				                        .hint_seen = -1 };
		return;
	}
	*record = (struct secret_cell){
		.recorded = true,
		.known = true,
		.print =
			world->keyed ? world->source_values[wanted->source] : 0,
		.print_key = world->keyed,
		.sent_version = wanted->version,
		.sent_source = wanted->source,
		.hint_seen = hint_of(live->secrets[index].value),
	};
}

static bool explains(const struct change *change)
{
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (!field->held && field->row->record == RECORD_SET &&
		    !value_equal(&field->live, &field->seen))
			return true;
	}
	return false;
}

static struct thing *row_for(struct world *world, const struct change *change)
{
	const char *key = change->applied ? change->applied->key : change->key;
	struct thing *row;

	for (size_t i = 0; i < world->applied_count; i++) {
		row = &world->applied[i];
		if (str_equal(row->key, key))
			return row;
	}
	row = &world->applied[world->applied_count++];
	*row = (struct thing){ .connections = -1 };
	memcpy(row->key, key, strlen(key) + 1);
	for (size_t i = 0; i < FIELDS; i++)
		row->fields[i] = row->seen[i] = cell_make('-', "");
	for (size_t i = 0; i < SECRETS; i++)
		row->secrets[i].sent_source = row->secrets[i].hint_seen = -1;
	return row;
}

/* A row of another object tells nothing of this one. */
static void forget_object(struct thing *row)
{
	for (size_t i = 0; i < FIELDS; i++)
		row->fields[i] = row->seen[i] = cell_make('-', "");
	for (size_t i = 0; i < SECRETS; i++)
		row->secrets[i] = (struct secret_cell){ .sent_source = -1,
			                                .hint_seen = -1 };
}

static void record(struct world *world, const struct change *change,
                   const struct thing *live)
{
	const struct thing *entry = entry_of(world, change);
	struct thing *row = row_for(world, change);

	if (!str_equal(row->id, live->id))
		forget_object(row);
	memcpy(row->key, change->key, strlen(change->key) + 1);
	memcpy(row->natural, entry->natural, NAME_SIZE);
	if (row->updated == 0 || change->kind != CHANGE_NOTE ||
	    explains(change))
		row->updated = live->updated;
	if (!str_equal(row->id, live->id))
		memcpy(row->id, live->id, NAME_SIZE);
	row->protect = entry->protect;
	for (size_t i = 0; i < change->field_count; i++)
		record_field(row, live, change, &change->fields[i]);
	for (size_t i = 0; i < change->secret_count; i++)
		record_secret(world, row, live, &change->secrets[i]);
}

static void remove_row(struct world *world, const char *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < world->applied_count; i++) {
		if (!str_equal(world->applied[i].key, key))
			world->applied[kept++] = world->applied[i];
	}
	world->applied_count = kept;
}

static void remove_retired(struct world *world, const char *key, const char *id)
{
	for (size_t i = 0; i < world->applied_count; i++) {
		struct thing *row = &world->applied[i];
		int kept = 0;

		if (!str_equal(row->key, key))
			continue;
		for (int j = 0; j < row->retired_count; j++) {
			if (!str_equal(row->retired[j], id))
				memmove(row->retired[kept++], row->retired[j],
				        NAME_SIZE);
		}
		row->retired_count = kept;
	}
}

static void remove_live(struct world *world, const char *id)
{
	size_t kept = 0;

	for (size_t i = 0; i < world->live_count; i++) {
		if (!str_equal(world->live[i].id, id))
			world->live[kept++] = world->live[i];
	}
	world->live_count = kept;
}

/* ---- changes ---- */

static bool keeps_ledger(const struct world *world)
{
	return world->mode == LEDGER_MODE_KEPT ||
	       world->mode == LEDGER_MODE_UNTRUSTED;
}

static struct thing *make_object(struct world *world,
                                 const struct change *change)
{
	struct thing *live = &world->live[world->live_count++];

	*live = (struct thing){ .connections = 0, .updated = world->clock++ };
	(void)snprintf(live->id, NAME_SIZE, "w%05u",
	               (unsigned)world->clock % 100000U);
	memcpy(live->natural, entry_of(world, change)->natural, NAME_SIZE);
	for (size_t i = 0; i < FIELDS; i++)
		live->fields[i] = cell_make('-', "");
	store_fields(world, live, change);
	store_secrets(world, live, change);
	for (size_t i = 0; i < SECRETS; i++) {
		if (!live->secrets[i].value)
			live->secrets[i].value = 8;
	}
	return live;
}

static void replace(struct world *world, const struct change *change)
{
	const struct thing *live = make_object(world, change);
	struct thing *row = row_for(world, change);
	const bool stays = change->replace_way == REPLACE_CREATE_FIRST;
	char old[NAME_SIZE];

	memcpy(old, change->id, strlen(change->id) + 1);
	if (stays && row->retired_count < RETIRED)
		memcpy(row->retired[row->retired_count++], old, NAME_SIZE);
	record(world, change, live);
	if (!stays)
		remove_live(world, old);
}

static void write_object(struct world *world, const struct change *change)
{
	struct thing *live = find_id(world, change->id);
	bool wrote = change->send_count > 0;

	for (size_t i = 0; i < change->secret_count; i++)
		wrote = wrote || is_sent(&change->secrets[i]);
	if (wrote) {
		lose_unsent(world, live, change);
		store_fields(world, live, change);
		lose_secrets(world, live, change);
		store_secrets(world, live, change);
		live->updated = world->clock++;
	}
	if (change->kind == CHANGE_RENAME)
		memcpy(live->natural, entry_of(world, change)->natural,
		       NAME_SIZE);
	if (keeps_ledger(world))
		record(world, change, live);
}

static void delete_object(struct world *world, const struct change *change)
{
	if (str_equal(change->row, "O18"))
		remove_retired(world, change->key, change->id);
	else
		remove_row(world, change->key);
	remove_live(world, change->id);
}

static void do_change(struct world *world, const struct change *change)
{
	switch (change->kind) {
	case CHANGE_DELETE:
		delete_object(world, change);
		return;
	case CHANGE_REPLACE:
		replace(world, change);
		return;
	case CHANGE_RECREATE:
	case CHANGE_CREATE: {
		const struct thing *live = make_object(world, change);

		if (keeps_ledger(world))
			record(world, change, live);
		return;
	}
	case CHANGE_RENAME:
	case CHANGE_UPDATE:
	case CHANGE_ROTATE:
	case CHANGE_ADOPT:
	case CHANGE_NOTE:
	case CHANGE_KINDS:
		break;
	}
	if (!change->desired)
		remove_row(world, change->key);
	else if (change->live)
		write_object(world, change);
}

static bool has_values(const struct world *world, const struct plan *plan)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];

		for (size_t j = 0; j < change->secret_count; j++) {
			const struct secret_change *secret =
				&change->secrets[j];
			const struct thing *entry = entry_of(world, change);
			const size_t index = secret_index(secret->name);

			if (secret->needs_value &&
			    !world->source_values[entry->secrets[index].source])
				return false;
		}
	}
	return true;
}

bool platform_apply(struct world *world, const struct plan *plan)
{
	size_t *order;

	if (!has_values(world, plan))
		return false;
	order = xcalloc(plan->change_count + 1, sizeof(*order));
	plan_order(plan, order);
	for (size_t i = 0; i < plan->change_count; i++)
		do_change(world, &plan->changes[order[i]]);
	free(order);
	for (size_t i = 0; i < plan->note_count; i++)
		do_change(world, &plan->notes[i]);
	return true;
}
