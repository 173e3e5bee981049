/* SPDX-License-Identifier: MIT */
/* Ledger rows: per field what was sent and what was then seen, per secret what
 * may be known of it (rows F "record" and S20). */
#include "apply/steps.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Merging two lists by name: before 0 the first goes on, after 0 the second,
 * at 0 both. NULL: that list is at its end. */
static int merge_order(const char *first, const char *second)
{
	if (!first)
		return 1;
	return second ? strcmp(first, second) : -1;
}

/* ---- fields ---- */

static void add_field(struct field *fields, uint16_t *count, const char *name,
                      struct value value)
{
	if (value.kind == VALUE_ABSENT)
		return;
	fields[(*count)++] = (struct field){
		.name = name,
		.bytes = value.bytes,
		.length = value.length,
		.kind = value.kind,
	};
}

/* A request carries a field also because its group or the whole is sent. */
static bool is_sent(const struct change *change,
                    const struct field_change *field)
{
	for (size_t i = 0; i < change->send_count; i++) {
		if (str_equal(change->sends[i].name, field->name))
			return value_equal(&change->sends[i].value,
			                   &field->declared);
	}
	return false;
}

static enum field_record record_rule(const struct row_input *input,
                                     const struct field_change *field)
{
	const enum field_record rule = field->row->record;

	if (field->held)
		return RECORD_KEEP;
	if (rule == RECORD_NOTHING)
		return rule;
	if ((input->flags & ROW_UNCLEARED) &&
	    compare_filled(session_traits(input->session), field,
	                   input->object))
		return RECORD_DROP;
	if ((input->flags & ROW_WRITTEN) &&
	    compare_undone(session_traits(input->session), field,
	                   input->object))
		return RECORD_KEEP;
	if ((input->flags & ROW_WRITTEN) &&
	    (field->writes || is_sent(input->change, field)))
		return RECORD_SET;
	return rule;
}

static void keep_field(const struct row_input *input, const char *name,
                       struct row *out)
{
	if (!input->base || (input->flags & ROW_ANEW))
		return;
	add_field(out->fields, &out->config.field_count, name,
	          auth_config_value(input->base, name));
	add_field(out->seen, &out->config.seen_count, name,
	          auth_config_seen(input->base, name));
}

/* What was not read back is not recorded: the next plan compares it anew. The
 * connector alone always is; rows O8 and O14 hold on to it. */
static void set_field(const struct row_input *input,
                      const struct field_change *field, struct row *out)
{
	struct value seen = field->declared;

	if (input->object)
		seen = auth_config_value(input->object, field->name);
	else if (!str_equal(field->name, "connector"))
		return;
	add_field(out->fields, &out->config.field_count, field->name,
	          field->declared);
	add_field(out->seen, &out->config.seen_count, field->name, seen);
}

static void record_field(const struct row_input *input,
                         const struct field_change *field, struct row *out)
{
	switch (record_rule(input, field)) {
	case RECORD_KEEP:
		keep_field(input, field->name, out);
		break;
	case RECORD_SET:
		set_field(input, field, out);
		break;
	case RECORD_DROP:
	case RECORD_NOTHING:
		break;
	}
}

/* Both lists are sorted by name. */
static void build_fields(const struct row_input *input, struct row *out)
{
	const struct change *change = input->change;
	const struct auth_config *base = input->base;
	const size_t base_count = base ? base->field_count : 0;
	const size_t most = change->field_count + base_count + 1;
	size_t i = 0, j = 0;

	out->fields = xcalloc(most, sizeof(*out->fields));
	out->seen = xcalloc(most, sizeof(*out->seen));
	while (i < change->field_count || j < base_count) {
		const char *mine =
			i < change->field_count ? change->fields[i].name : NULL;
		const char *old = j < base_count ? base->fields[j].name : NULL;
		const int order = merge_order(mine, old);

		if (order <= 0)
			record_field(input, &change->fields[i++], out);
		else
			keep_field(input, old, out);
		if (order >= 0)
			j++;
	}
	out->config.fields = out->fields;
	out->config.seen = out->seen;
}

/* ---- memos ---- */

static const char client_secret[] = "client.secret";

/* What was in force before, for people: by its version, else its source. */
static const char *name_of(const struct secret_record *record)
{
	return record->version ? record->version : record->source;
}

static bool same_print(const struct secret_record *a,
                       const struct secret_record *b)
{
	if (!a->fingerprinted || !b->fingerprinted ||
	    !str_equal(a->key_id, b->key_id))
		return true; /* nothing says otherwise */
	return hash_equal(a->fingerprint, b->fingerprint);
}

/* The secret that is now in force is another one than before. */
static bool is_rotated(const struct secret_record *before,
                       const struct secret_record *now)
{
	return before && now && before->known && before->set_at_ms &&
	       !now->in_doubt && now->set_at_ms != before->set_at_ms &&
	       (!same_print(before, now) ||
	        !str_equal(before->version, now->version) ||
	        !str_equal(before->source, now->source));
}

/* In place of one of its name, or where it belongs. */
static void add_memo(struct row *out, const struct memo *memo)
{
	size_t at = 0;

	while (at < out->config.memo_count &&
	       strcmp(out->memos[at].name, memo->name) < 0)
		at++;
	if (at == out->config.memo_count ||
	    !str_equal(out->memos[at].name, memo->name)) {
		memmove(&out->memos[at + 1], &out->memos[at],
		        (out->config.memo_count - at) * sizeof(*out->memos));
		out->config.memo_count++;
	}
	out->memos[at] = *memo;
}

/* A rotation is open until somebody says that what was in force before is
 * revoked; one that follows another does not make it younger. */
static void open_rotation(const struct auth_config *base,
                          const struct secret_record *before, int64_t now_ms,
                          struct row *out)
{
	const struct memo *open = auth_config_memo(base, ROTATION_OPEN);
	const char *name = name_of(before);

	out->rotated = true;
	if (open && open->text && name)
		out->before = xasprintf("%s, %s", open->text, name);
	add_memo(out, &(struct memo){
			      .name = ROTATION_OPEN,
			      .text = out->before ? out->before : name,
			      .at_ms = open ? open->at_ms : now_ms,
		      });
}

static void build_memos(const struct row_input *input, struct row *out)
{
	const struct auth_config *base = input->base;
	const size_t count = base ? base->memo_count : 0;
	const struct secret_record *before =
		base ? auth_config_record(base, client_secret) : NULL;
	const struct secret_record *now =
		auth_config_record(&out->config, client_secret);

	out->memos = xcalloc(count + 1, sizeof(*out->memos));
	if (count)
		memcpy(out->memos, base->memos, count * sizeof(*out->memos));
	out->config.memo_count = (uint16_t)count;
	out->config.memos = out->memos;
	if (is_rotated(before, now))
		open_rotation(base, before, now->set_at_ms, out);
}

/* ---- secrets ---- */

static const char *hint_of(const struct row_input *input, const char *name)
{
	const struct secret_reading *reading =
		input->object ? auth_config_reading(input->object, name) : NULL;

	return reading ? reading->hint : NULL;
}

/* Row S20, and what a note learns of a secret. */
static void set_record(const struct row_input *input,
                       const struct secret_change *secret,
                       const struct secret_print *print,
                       struct secret_record *out)
{
	out->known = true;
	out->in_doubt = false;
	out->version = secret->version;
	out->source = secret->source;
	out->hint_seen = hint_of(input, secret->name);
	out->fingerprinted = print->fingerprinted;
	out->key_id = NULL;
	if (!print->fingerprinted)
		return;
	memcpy(out->fingerprint, print->bytes, FINGERPRINT_BYTES);
	out->key_id = fingerprint_key_id(input->session->settings->key);
}

/* Row S21: sent, and nobody knows whether it arrived, unless it shows. */
static bool is_doubtful(const struct row_input *input,
                        const struct secret_change *secret)
{
	return (input->flags & ROW_DOUBTED) &&
	       (!input->object ||
	        secret_shown(input->session, secret, input->object) != 1);
}

static void record_sent(const struct row_input *input,
                        const struct secret_change *secret,
                        const struct secret_print *print,
                        struct secret_record *out)
{
	const struct clock *clock = input->session->settings->clock;

	if (is_doubtful(input, secret)) {
		out->in_doubt = true;
		return;
	}
	set_record(input, secret, print, out);
	out->set_at_ms = clock->wall_ms(clock);
}

/* False: nothing is remembered of it. */
static bool record_secret(const struct row_input *input, size_t index,
                          struct secret_record *out)
{
	const struct secret_change *secret = &input->change->secrets[index];
	const bool written = input->flags & ROW_WRITTEN;

	if (!auth_config_reference(input->change->desired, secret->name))
		return secret->held && out->known;
	if (written && secret_is_sent(secret))
		record_sent(input, secret, &input->prints[index], out);
	else if (secret->records && input->prints[index].known)
		set_record(input, secret, &input->prints[index], out);
	else if (secret->action == SECRET_UNKNOWN)
		*out = (struct secret_record){
			.name = secret->name,
			.hint_seen = hint_of(input, secret->name),
		};
	return true;
}

static void build_records(const struct row_input *input, struct row *out)
{
	const struct change *change = input->change;
	const struct auth_config *base =
		input->flags & ROW_ANEW ? NULL : input->base;
	const size_t base_count = base ? base->record_count : 0;
	size_t i = 0, j = 0;

	out->records = xcalloc(change->secret_count + base_count + 1,
	                       sizeof(*out->records));
	while (i < change->secret_count || j < base_count) {
		const char *mine = i < change->secret_count
		                           ? change->secrets[i].name
		                           : NULL;
		const char *old = j < base_count ? base->records[j].name : NULL;
		const int order = merge_order(mine, old);
		struct secret_record record = { .name = mine };

		if (order >= 0)
			record = base->records[j++];
		if (order > 0 || record_secret(input, i, &record))
			out->records[out->config.record_count++] = record;
		if (order <= 0)
			i++;
	}
	out->config.records = out->records;
}

/* ---- the rest ---- */

/* In its place: equal rows have equal bytes. */
static void retire(struct row *out, const char *id)
{
	size_t at = out->config.retired_count++;

	for (; at > 0 && strcmp(out->retired[at - 1], id) > 0; at--)
		out->retired[at] = out->retired[at - 1];
	out->retired[at] = id;
}

/* Row R1: the old object stays, and stays ours. */
static void build_retired(const struct row_input *input, struct row *out)
{
	const struct auth_config *base = input->base;
	const struct change *change = input->change;
	const bool replaced = change->kind == CHANGE_REPLACE &&
	                      change->replace_way == REPLACE_CREATE_FIRST;
	const size_t count = base ? base->retired_count : 0;

	out->retired = xcalloc(count + 2, sizeof(*out->retired));
	if (count)
		memcpy(out->retired, base->retired,
		       count * sizeof(*out->retired));
	out->config.retired_count = (uint16_t)count;
	if (replaced && change->id && !str_equal(change->id, input->id))
		retire(out, change->id);
	out->config.retired = out->retired;
}

/* A field that was recorded explains why the object's date moved. */
static bool date_is_explained(const struct row_input *input)
{
	const struct change *change = input->change;

	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (record_rule(input, field) == RECORD_SET &&
		    !value_equal(&field->live, &field->seen))
			return true;
	}
	return false;
}

/* Row S14: the date as seen, until something else is known to have moved it. */
static const char *updated_at(const struct row_input *input)
{
	const struct auth_config *base = input->base;

	if (base && !(input->flags & ROW_WRITTEN) &&
	    str_equal(base->id, input->id) && !date_is_explained(input))
		return base->updated_at;
	return input->object ? input->object->updated_at : NULL;
}

static const char *natural_key(const struct row_input *input)
{
	if (input->change->desired->natural_key)
		return input->change->desired->natural_key;
	if (input->object)
		return input->object->natural_key;
	return input->base ? input->base->natural_key : NULL;
}

void row_build(const struct row_input *input, struct row *out)
{
	const struct clock *clock = input->session->settings->clock;
	const struct auth_config *desired = input->change->desired;

	*out = (struct row){ .fields = NULL };
	out->config.key = desired->key;
	out->config.id = input->id;
	out->config.row_uuid = input->row_uuid;
	out->config.natural_key = natural_key(input);
	out->config.flags = desired->flags & AUTH_CONFIG_PROTECTED;
	out->config.connections = -1;
	if (input->flags & ROW_WRITTEN)
		out->config.applied_at_ms = clock->wall_ms(clock);
	else if (input->base)
		out->config.applied_at_ms = input->base->applied_at_ms;
	build_fields(input, out);
	build_records(input, out);
	build_retired(input, out);
	build_memos(input, out);
	out->config.updated_at = updated_at(input);
}

void row_release(struct row *row)
{
	free(row->fields);
	free(row->seen);
	free(row->records);
	free(row->retired);
	free(row->memos);
	free(row->before);
}

void row_write(struct state *state, const struct auth_config *row)
{
	struct auth_config *open;

	state_begin(state, row->key, PLACE_NONE);
	for (size_t i = 0; i < row->field_count; i++)
		state_field(state, row->fields[i].name,
		            field_value(&row->fields[i]), PLACE_NONE);
	for (size_t i = 0; i < row->seen_count; i++)
		state_seen(state, row->seen[i].name,
		           field_value(&row->seen[i]));
	for (size_t i = 0; i < row->record_count; i++)
		state_record(state, &row->records[i]);
	for (size_t i = 0; i < row->retired_count; i++)
		state_retired(state, row->retired[i]);
	for (size_t i = 0; i < row->memo_count; i++)
		state_memo(state, &row->memos[i]);
	open = state_open(state);
	open->id = state_text(state, row->id);
	open->natural_key = state_text(state, row->natural_key);
	open->row_uuid = state_text(state, row->row_uuid);
	open->updated_at = state_text(state, row->updated_at);
	open->flags = row->flags;
	open->connections = row->connections;
	open->applied_at_ms = row->applied_at_ms;
	state_end(state);
}

void finish_unique(struct state *state)
{
	const char *twin = NULL;
	const int sorted = state_finish(state, &twin);

	assert(sorted == 0);
	(void)sorted;
}
