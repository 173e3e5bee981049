/* SPDX-License-Identifier: MIT */
/*
 * Writing a ledger's document. It is made for `git diff`: keys sorted, a field
 * a line, an item of a set a line, and what is not said is left out.
 */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* What a document remembers of runs; git remembers the rest. */
enum { HISTORY_RUNS = 20, HISTORY_STEPS = 500 };

enum { WRITE_FLAGS = JSON_INDENT(2) | JSON_SORT_KEYS };

/* ---- values ---- */

static json_t *hex(const char *bytes, size_t length)
{
	char *digits = xmalloc(2 * length + 1);
	json_t *value;

	text_hex(digits, bytes, length);
	value = json_pack("{s:s}", "hex", digits);
	free(digits);
	return value;
}

/* JSON holds no NUL in our readers, and nothing but UTF-8. */
static json_t *text_value(const char *bytes, size_t length)
{
	if (memchr(bytes, '\0', length) || !text_is_utf8(bytes, length))
		return hex(bytes, length);
	return json_stringn(bytes, length);
}

/* Takes `value` over; NULL is left out. */
static void set(json_t *object, const char *name, json_t *value)
{
	if (value && json_object_set_new(object, name, value) < 0)
		abort();
}

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		abort();
}

static void set_text(json_t *object, const char *name, const char *text)
{
	set(object, name, text ? text_value(text, strlen(text)) : NULL);
}

static void set_number(json_t *object, const char *name, int64_t number)
{
	set(object, name, number ? json_integer(number) : NULL);
}

/* Of texts, each followed by NUL. */
static json_t *texts_value(const char *bytes, size_t length)
{
	json_t *array = json_array();
	const char *end = bytes + length;

	for (const char *at = bytes; at < end; at += strlen(at) + 1)
		append(array, text_value(at, strlen(at)));
	return array;
}

static json_t *field_json(const struct field *field)
{
	switch ((enum value_kind)field->kind) {
	case VALUE_ABSENT:
		break;
	case VALUE_UNREADABLE:
		return json_pack("{s:b}", "unreadable", 1);
	case VALUE_TEXT:
		return text_value(field->bytes, field->length);
	case VALUE_BOOLEAN:
		return json_boolean(str_equal(field->bytes, "true"));
	case VALUE_SET:
		return texts_value(field->bytes, field->length);
	case VALUE_JSON:
		return json_pack("{s:s%}", "json", field->bytes,
		                 (size_t)field->length);
	}
	return NULL;
}

static json_t *fields_json(const struct field *fields, size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		set(object, fields[i].name, field_json(&fields[i]));
	return object;
}

/* ---- rows ---- */

static json_t *record_json(const struct secret_record *record)
{
	json_t *object = json_object();
	char fingerprint[2 * FINGERPRINT_BYTES + 1];

	set(object, "known", record->known ? json_true() : NULL);
	set(object, "in_doubt", record->in_doubt ? json_true() : NULL);
	if (record->fingerprinted) {
		text_hex(fingerprint, record->fingerprint, FINGERPRINT_BYTES);
		set_text(object, "fingerprint", fingerprint);
	}
	set_text(object, "key_id", record->key_id);
	set_text(object, "version", record->version);
	set_text(object, "source", record->source);
	set_text(object, "hint_seen", record->hint_seen);
	set_number(object, "set_at_ms", record->set_at_ms);
	return object;
}

static json_t *records_json(const struct auth_config *row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < row->record_count; i++)
		set(object, row->records[i].name,
		    record_json(&row->records[i]));
	return object;
}

static json_t *retired_json(const struct auth_config *row)
{
	json_t *array = json_array();

	for (size_t i = 0; i < row->retired_count; i++)
		append(array,
		       text_value(row->retired[i], strlen(row->retired[i])));
	return array;
}

static json_t *memos_json(const struct auth_config *row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < row->memo_count; i++) {
		json_t *memo = json_object();

		set_text(memo, "text", row->memos[i].text);
		set_number(memo, "at_ms", row->memos[i].at_ms);
		set(object, row->memos[i].name, memo);
	}
	return object;
}

static json_t *row_json(const struct auth_config *row)
{
	json_t *object = json_object();
	json_t *sent = fields_json(row->fields, row->field_count);
	json_t *seen = fields_json(row->seen, row->seen_count);

	set_text(object, "row_uuid", row->row_uuid);
	set_text(object, "id", row->id);
	set_text(object, "natural_key", row->natural_key);
	set(object, "protect",
	    row->flags & AUTH_CONFIG_PROTECTED ? json_true() : NULL);
	if (json_equal(sent, seen))
		json_decref(seen);
	else
		set(object, "seen", seen);
	set(object, "sent", sent);
	if (row->record_count)
		set(object, "secrets", records_json(row));
	if (row->retired_count)
		set(object, "retired", retired_json(row));
	if (row->memo_count)
		set(object, "memos", memos_json(row));
	set_text(object, "updated_at", row->updated_at);
	set_number(object, "applied_at_ms", row->applied_at_ms);
	return object;
}

static json_t *rows_json(const struct ledger *ledger, const struct state *rows,
                         struct tally *tally)
{
	json_t *object = json_object();

	for (size_t i = 0; i < state_length(rows); i++) {
		const struct auth_config *row = state_at(rows, i);

		rows_tally(ledger, row, tally);
		set(object, row->key, row_json(row));
	}
	return object;
}

static bool is_name(const char *name)
{
	return text_is_utf8(name, strlen(name));
}

/* Names are members, and come from files, which are UTF-8. */
static int check_names(const struct ledger *ledger, const struct state *rows,
                       struct diag *diag)
{
	for (size_t i = 0; i < state_length(rows); i++) {
		const struct auth_config *row = state_at(rows, i);
		bool good = is_name(row->key);

		for (size_t k = 0; k < row->field_count; k++)
			good = good && is_name(row->fields[k].name);
		for (size_t k = 0; k < row->seen_count; k++)
			good = good && is_name(row->seen[k].name);
		for (size_t k = 0; k < row->record_count; k++)
			good = good && is_name(row->records[k].name);
		if (!good)
			return diag_error(
				diag, CODE_LEDGER_UNREADABLE,
				ledger->settings.place,
				"the row `%s` of the ledger `%s` has a name "
				"that is no UTF-8; put a copy back that is "
				"whole",
				row->key, ledger->path);
	}
	return 0;
}

/* ---- tables whose columns are members ---- */

enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_TEXTS };

struct column {
	const char *name;
	enum column_kind kind;
};

static json_t *column_json(struct statement *statement, int at,
                           const struct column *column)
{
	const char *text = statement_column(statement, at);
	size_t length = 0;
	const void *bytes;

	if (column->kind == COLUMN_TEXTS) {
		bytes = statement_bytes(statement, at, &length);
		return length ? texts_value(bytes, length) : NULL;
	}
	if (!text)
		return NULL;
	if (column->kind == COLUMN_NUMBER)
		return json_integer(statement_number(statement, at));
	return text_value(text, strlen(text));
}

/* NULL when it broke. */
static json_t *table_json(struct statement *statement,
                          const struct column *columns, size_t count)
{
	json_t *array = json_array();
	int more;

	for (more = statement_next(statement); more > 0;
	     more = statement_next(statement)) {
		json_t *object = json_object();

		for (size_t i = 0; i < count; i++)
			set(object, columns[i].name,
			    column_json(statement, (int)i, &columns[i]));
		append(array, object);
	}
	if (more == 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *intents_json(struct database *database)
{
	static const struct column columns[] = {
		{ "number", COLUMN_NUMBER },      { "run", COLUMN_NUMBER },
		{ "kind", COLUMN_TEXT },          { "key", COLUMN_TEXT },
		{ "row_uuid", COLUMN_TEXT },      { "id", COLUMN_TEXT },
		{ "connector", COLUMN_TEXT },     { "name", COLUMN_TEXT },
		{ "natural_key", COLUMN_TEXT },   { "client_id", COLUMN_TEXT },
		{ "snapshot", COLUMN_TEXTS },     { "secrets", COLUMN_TEXTS },
		{ "intended_ms", COLUMN_NUMBER }, { "outcome", COLUMN_TEXT },
		{ "status", COLUMN_NUMBER },      { "message", COLUMN_TEXT },
		{ "settled_ms", COLUMN_NUMBER },
	};

	return table_json(
		database_prepare(database,
	                         "SELECT number, run, kind, key, row_uuid, id,"
	                         " connector, name, natural_key, client_id,"
	                         " snapshot, secrets, intended_ms, outcome,"
	                         " status, message, settled_ms FROM intent"
	                         " WHERE outcome IN ('open', 'unknown')"
	                         " ORDER BY number"),
		columns, LENGTH(columns));
}

static json_t *runs_json(struct database *database)
{
	static const struct column columns[] = {
		{ "number", COLUMN_NUMBER },   { "command", COLUMN_TEXT },
		{ "revision", COLUMN_TEXT },   { "digest", COLUMN_TEXT },
		{ "who", COLUMN_TEXT },        { "began_ms", COLUMN_NUMBER },
		{ "ended_ms", COLUMN_NUMBER }, { "result", COLUMN_TEXT },
	};
	struct statement *statement = database_prepare(
		database, "SELECT number, command, revision, digest, who,"
			  " began_ms, ended_ms, result FROM"
			  " (SELECT * FROM run ORDER BY number DESC LIMIT ?1)"
			  " ORDER BY number");

	statement_integer(statement, 1, HISTORY_RUNS);
	return table_json(statement, columns, LENGTH(columns));
}

static json_t *steps_json(struct database *database)
{
	static const struct column columns[] = {
		{ "number", COLUMN_NUMBER }, { "run", COLUMN_NUMBER },
		{ "kind", COLUMN_TEXT },     { "key", COLUMN_TEXT },
		{ "id", COLUMN_TEXT },       { "intended_ms", COLUMN_NUMBER },
		{ "outcome", COLUMN_TEXT },  { "status", COLUMN_NUMBER },
		{ "message", COLUMN_TEXT },  { "settled_ms", COLUMN_NUMBER },
	};
	struct statement *statement = database_prepare(
		database,
		"SELECT number, run, kind, key, id, intended_ms, outcome,"
		" status, message, settled_ms FROM"
		" (SELECT * FROM intent"
		"  WHERE outcome NOT IN ('open', 'unknown')"
		"  ORDER BY number DESC LIMIT ?1) ORDER BY number");

	statement_integer(statement, 1, HISTORY_STEPS);
	return table_json(statement, columns, LENGTH(columns));
}

/* ---- the whole ---- */

char *page_bound(const char *parent, const char *history)
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];
	char digits[HASH_HEX_SIZE];

	hash_add_text(hash, history);
	hash_end(hash, digest);
	text_hex(digits, digest, sizeof(digest));
	return xasprintf("%s %s", parent, digits);
}

static char *bind_history(const char *parent, const json_t *history)
{
	CLEANUP(textp)
	char *text = json_dumps(history, JSON_SORT_KEYS | JSON_COMPACT);

	if (!text)
		abort();
	return page_bound(parent, text);
}

static json_t *header_json(const struct ledger *ledger,
                           const struct header *header, const char *parent,
                           const struct tally *tally)
{
	json_t *object = json_object();
	char mac[HASH_HEX_SIZE];
	uint8_t bytes[HASH_BYTES];

	set_text(object, "platform", header->platform);
	set_text(object, "origin", header->origin);
	set_text(object, "tenant", header->tenant);
	set_text(object, "environment", header->environment);
	set_text(object, "lineage", header->lineage);
	set_text(object, "parent", parent);
	set(object, "serial", json_integer((json_int_t)header->serial));
	if (!ledger->sealing)
		return object;
	seal_header(ledger->seal, header, tally, bytes);
	text_hex(mac, bytes, sizeof(bytes));
	set_text(object, "key_id", header->key_id);
	set_text(object, "mac", mac);
	return object;
}

static char *dump(const json_t *page, size_t *length)
{
	char *bytes = NULL;
	FILE *out = xmemstream(&bytes, length);

	if (json_dumpf(page, out, WRITE_FLAGS) < 0)
		abort();
	fputc('\n', out);
	(void)fclose(out);
	return bytes;
}

/* NULL when the database broke. */
static json_t *history_json(struct database *database)
{
	json_t *history = json_object();

	set(history, "runs", runs_json(database));
	set(history, "steps", steps_json(database));
	if (json_object_size(history) == 2)
		return history;
	json_decref(history);
	return NULL;
}

char *page_write(struct ledger *ledger, const struct header *header,
                 const char *parent, size_t *length, struct diag *diag)
{
	struct tally unused = { 0 }, tally = { 0 };
	CLEANUP(state_freep)
	struct state *rows = rows_read(ledger, &unused, diag);
	json_auto_t *page = json_object();
	json_t *history = history_json(ledger->database);
	json_t *intents = intents_json(ledger->database);
	struct header signed_header = *header;
	CLEANUP(textp) char *bound = NULL;

	set(page, "history", history);
	set(page, "intents", intents);
	if (!rows || !history || !intents ||
	    check_names(ledger, rows, diag) < 0)
		return NULL;
	set(page, "rows", rows_json(ledger, rows, &tally));
	if (intents_tally(ledger, &tally) < 0)
		return NULL;
	bound = bind_history(parent, history);
	signed_header.bound = bound;
	set(page, "format_version", json_integer(LEDGER_FORMAT));
	set(page, "header",
	    header_json(ledger, &signed_header, parent, &tally));
	return dump(page, length);
}

char *page_moved(const struct ledger *ledger, const char *to, size_t *length)
{
	json_auto_t *page = json_pack("{s:i, s:s, s:s, s:I}", "format_version",
	                              LEDGER_FORMAT, "moved_to", to, "lineage",
	                              ledger->header.lineage, "serial",
	                              (json_int_t)ledger->header.serial);

	if (!page)
		abort();
	return dump(page, length);
}
