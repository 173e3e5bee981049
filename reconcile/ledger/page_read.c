/* SPDX-License-Identifier: MIT */
/*
 * Reading a ledger's document: whoever may push can have written it. Its size
 * is bounded by who fetched it, its shape by schema/ledger.schema.json; what it
 * says goes into a database as if it had stood in a file, and is verified there
 * as a file's is.
 */
#include "ledger/store.h"

#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"
#include "shape/shape.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct page {
	struct ledger *ledger;
	struct documents *documents;
	struct arena *arena;
	const struct node *root;
	struct diag *talk; /* what is wrong, in the words of others */
};

/* ---- texts ---- */

static unsigned digit(char character)
{
	return (unsigned)(character <= '9' ? character - '0'
	                                   : character - 'a' + 10);
}

static void read_hex(const char *digits, size_t length, uint8_t *out)
{
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t)(digit(digits[2 * i]) << 4 |
		                   digit(digits[2 * i + 1]));
}

/* NULL where there is no node. */
static const char *bytes_of(const struct page *page, const struct node *node,
                            size_t *length)
{
	const struct node *hex = node_get(node, "hex");
	char *bytes;

	*length = 0;
	if (!node)
		return NULL;
	if (!hex) {
		*length = node->length;
		return node_text(node);
	}
	*length = hex->length / 2;
	bytes = arena_alloc(page->arena, *length + 1);
	read_hex(hex->text, *length, (uint8_t *)bytes);
	return bytes;
}

static const char *text_of(const struct page *page, const struct node *node)
{
	size_t length;

	return bytes_of(page, node, &length);
}

static const char *get_text(const struct page *page, const struct node *map,
                            const char *name)
{
	return text_of(page, node_get(map, name));
}

static int64_t get_number(const struct node *map, const char *name)
{
	return node_integer(node_get(map, name), 0);
}

/* Texts, each followed by NUL. */
static const char *join(const struct page *page, const struct node *list,
                        size_t *length)
{
	char *bytes = NULL;
	FILE *out = xmemstream(&bytes, length);
	const char *kept;

	for (size_t i = 0; list && i < list->count; i++) {
		fputs(text_of(page, node_item(list, i)), out);
		fputc('\0', out);
	}
	(void)fclose(out);
	kept = arena_copy(page->arena, bytes, *length);
	free(bytes);
	return kept;
}

/* ---- rows ---- */

static struct value set_of(const struct page *page, struct state *state,
                           const struct node *list)
{
	const char **items = xcalloc(list->count + 1, sizeof(*items));
	struct value value;

	for (size_t i = 0; i < list->count; i++)
		items[i] = text_of(page, node_item(list, i));
	value = state_value_set(state, items, list->count);
	free(items);
	return value;
}

/* -1: it is no JSON. */
static int json_of(const struct node *node, struct value *out)
{
	json_auto_t *value =
		json_loadb(node->text, node->length, JSON_DECODE_ANY, NULL);

	*out = (struct value){
		.bytes = node->text,
		.length = (uint32_t)node->length,
		.kind = VALUE_JSON,
	};
	return value ? 0 : -1;
}

static int value_of(const struct page *page, struct state *state,
                    const struct node *node, struct value *out)
{
	size_t length;

	if (node->type == NODE_SEQUENCE)
		*out = set_of(page, state, node);
	else if (node_get(node, "json"))
		return json_of(node_get(node, "json"), out);
	else if (node_get(node, "unreadable"))
		*out = value_unreadable();
	else if (node_scalar(node) == SCALAR_BOOLEAN)
		*out = state_value_boolean(node_boolean(node, false));
	else {
		out->bytes = bytes_of(page, node, &length);
		out->length = (uint32_t)length;
		out->kind = VALUE_TEXT;
	}
	return 0;
}

enum destination { TO_SENT, TO_SEEN };

static int read_fields(const struct page *page, struct state *state,
                       const struct node *map, enum destination to)
{
	for (size_t i = 0; map && i < map->count; i++) {
		const char *name = node_text(node_key(map, i));
		struct value value;

		if (value_of(page, state, node_value(map, i), &value) < 0)
			return -1;
		if (to == TO_SENT)
			state_field(state, name, value, PLACE_NONE);
		else
			state_seen(state, name, value);
	}
	return 0;
}

static void read_record(const struct page *page, struct state *state,
                        const char *name, const struct node *map)
{
	const struct node *fingerprint = node_get(map, "fingerprint");
	struct secret_record record = {
		.name = name,
		.known = node_get(map, "known"),
		.fingerprinted = fingerprint,
		.in_doubt = node_get(map, "in_doubt"),
		.key_id = get_text(page, map, "key_id"),
		.version = get_text(page, map, "version"),
		.source = get_text(page, map, "source"),
		.hint_seen = get_text(page, map, "hint_seen"),
		.set_at_ms = get_number(map, "set_at_ms"),
	};

	if (fingerprint)
		read_hex(fingerprint->text, FINGERPRINT_BYTES,
		         record.fingerprint);
	state_record(state, &record);
}

static const char *keep_text(const struct page *page, struct state *state,
                             const struct node *map, const char *name)
{
	const char *text = get_text(page, map, name);

	return text ? state_text(state, text) : NULL;
}

static void read_memo(const struct page *page, struct state *state,
                      const char *name, const struct node *map)
{
	const struct memo memo = {
		.name = name,
		.text = get_text(page, map, "text"),
		.at_ms = get_number(map, "at_ms"),
	};

	state_memo(state, &memo);
}

static void read_lists(const struct page *page, struct state *state,
                       const struct node *map)
{
	const struct node *secrets = node_get(map, "secrets");
	const struct node *retired = node_get(map, "retired");
	const struct node *memos = node_get(map, "memos");

	for (size_t i = 0; secrets && i < secrets->count; i++)
		read_record(page, state, node_text(node_key(secrets, i)),
		            node_value(secrets, i));
	for (size_t i = 0; retired && i < retired->count; i++)
		state_retired(state, text_of(page, node_item(retired, i)));
	for (size_t i = 0; memos && i < memos->count; i++)
		read_memo(page, state, node_text(node_key(memos, i)),
		          node_value(memos, i));
}

static int read_row(const struct page *page, struct state *state,
                    const char *key, const struct node *map)
{
	const struct node *sent = node_get(map, "sent");
	const struct node *seen = node_get(map, "seen");
	struct auth_config *open;
	int status;

	state_begin(state, key, PLACE_NONE);
	open = state_open(state);
	open->row_uuid = keep_text(page, state, map, "row_uuid");
	open->id = keep_text(page, state, map, "id");
	open->natural_key = keep_text(page, state, map, "natural_key");
	open->updated_at = keep_text(page, state, map, "updated_at");
	open->applied_at_ms = get_number(map, "applied_at_ms");
	open->connections = -1;
	if (node_get(map, "protect"))
		open->flags |= AUTH_CONFIG_PROTECTED;
	status = read_fields(page, state, sent, TO_SENT);
	status |= read_fields(page, state, seen ? seen : sent, TO_SEEN);
	read_lists(page, state, map);
	state_end(state);
	return status;
}

static int bad_row(const struct page *page, const char *key)
{
	return diag_error(page->talk, CODE_LEDGER_UNREADABLE, PLACE_NONE,
	                  "the row `%s` is damaged", key);
}

static int insert_rows(const struct page *page, const struct state *rows)
{
	for (size_t i = 0; i < state_length(rows); i++) {
		if (!rows_insert(page->ledger, state_at(rows, i)))
			return bad_row(page, state_at(rows, i)->key);
	}
	return 0;
}

static int read_rows(const struct page *page)
{
	const struct node *map = node_get(page->root, "rows");
	CLEANUP(state_freep) struct state *rows = state_new(STATE_BY_KEY);
	const char *twin = NULL;

	for (size_t i = 0; i < map->count; i++) {
		const char *key = node_text(node_key(map, i));

		if (read_row(page, rows, key, node_value(map, i)) < 0)
			return bad_row(page, key);
	}
	if (state_finish(rows, &twin) < 0)
		return bad_row(page, twin);
	return insert_rows(page, rows);
}

/* ---- tables whose columns are members ---- */

enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_TEXTS };

struct column {
	const char *name;
	enum column_kind kind;
};

static void bind(const struct page *page, struct statement *statement,
                 int parameter, const struct node *node, enum column_kind kind)
{
	size_t length;
	const char *bytes;

	if (kind == COLUMN_TEXTS) {
		bytes = join(page, node, &length);
		statement_blob(statement, parameter, bytes, length);
	} else if (kind == COLUMN_NUMBER && node) {
		statement_integer(statement, parameter, node_integer(node, 0));
	} else {
		statement_text(statement, parameter, text_of(page, node));
	}
}

static int insert_all(const struct page *page, const char *sql,
                      const struct node *list, const struct column *columns,
                      size_t count)
{
	for (size_t i = 0; i < list->count; i++) {
		struct statement *statement =
			database_prepare(page->ledger->database, sql);
		const struct node *map = node_item(list, i);

		for (size_t k = 0; k < count; k++)
			bind(page, statement, (int)k + 1,
			     node_get(map, columns[k].name), columns[k].kind);
		if (statement_run(statement) < 0)
			return -1;
	}
	return 0;
}

static const struct column intent_columns[] = {
	{ "number", COLUMN_NUMBER },  { "run", COLUMN_NUMBER },
	{ "kind", COLUMN_TEXT },      { "key", COLUMN_TEXT },
	{ "id", COLUMN_TEXT },        { "intended_ms", COLUMN_NUMBER },
	{ "outcome", COLUMN_TEXT },   { "status", COLUMN_NUMBER },
	{ "message", COLUMN_TEXT },   { "settled_ms", COLUMN_NUMBER },
	{ "snapshot", COLUMN_TEXTS }, { "secrets", COLUMN_TEXTS },
	{ "row_uuid", COLUMN_TEXT },  { "connector", COLUMN_TEXT },
	{ "name", COLUMN_TEXT },      { "natural_key", COLUMN_TEXT },
	{ "client_id", COLUMN_TEXT },
};

static const struct column run_columns[] = {
	{ "number", COLUMN_NUMBER },   { "command", COLUMN_TEXT },
	{ "revision", COLUMN_TEXT },   { "digest", COLUMN_TEXT },
	{ "who", COLUMN_TEXT },        { "began_ms", COLUMN_NUMBER },
	{ "ended_ms", COLUMN_NUMBER }, { "result", COLUMN_TEXT },
};

/* A step has no more than an intent has: what it lacks is NULL. */
static int read_intents(const struct page *page, const struct node *list)
{
	return insert_all(page,
	                  "INSERT INTO intent (number, run, kind, key, id,"
	                  " intended_ms, outcome, status, message, settled_ms,"
	                  " snapshot, secrets, row_uuid, connector, name,"
	                  " natural_key, client_id) VALUES (?1, ?2, ?3, ?4, ?5,"
	                  " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
	                  " ?17)",
	                  list, intent_columns, LENGTH(intent_columns));
}

static int read_tables(const struct page *page)
{
	const struct node *history = node_get(page->root, "history");

	if (insert_all(page,
	               "INSERT INTO run (number, command, revision, digest,"
	               " who, began_ms, ended_ms, result)"
	               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	               node_get(history, "runs"), run_columns,
	               LENGTH(run_columns)) < 0 ||
	    read_intents(page, node_get(history, "steps")) < 0)
		return -1;
	return read_intents(page, node_get(page->root, "intents"));
}

/* ---- the whole ---- */

/* What the database said of it is told here, and not again. */
static const char *why(const struct page *page)
{
	struct ledger *ledger = page->ledger;
	const size_t told = ledger->told;

	ledger->told = diag_length(ledger->talk);
	if (diag_length(page->talk))
		return diag_at(page->talk, 0)->text;
	if (ledger->told > told)
		return diag_at(ledger->talk, told)->text;
	return "it is no ledger";
}

static int unreadable(const struct page *page, struct diag *diag)
{
	const struct ledger *ledger = page->ledger;

	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "the ledger `%s` cannot be read: %s; put back a "
	                  "commit that trueup wrote",
	                  ledger->path, why(page));
}

/* Before its shape, which is that of one format. */
static int check_format(const struct page *page, struct diag *diag)
{
	const struct ledger *ledger = page->ledger;
	const int64_t format =
		node_integer(node_get(page->root, "format_version"), 0);

	if (format <= LEDGER_FORMAT)
		return 0;
	return diag_error(diag, CODE_LEDGER_FORMAT, ledger->settings.place,
	                  "the ledger `%s` has format %lld, this trueup knows "
	                  "%d; use the trueup that wrote it, or a newer one",
	                  ledger->path, (long long)format, LEDGER_FORMAT);
}

static int check_shape(const struct page *page)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("ledger.schema.json");

	return shape_check(shape, page->documents, page->root, page->talk);
}

static int fill(const struct page *page)
{
	const struct node *node = node_get(page->root, "header");
	const char *mac = get_text(page, node, "mac");
	struct header header = {
		.platform = get_text(page, node, "platform"),
		.origin = get_text(page, node, "origin"),
		.tenant = get_text(page, node, "tenant"),
		.environment = get_text(page, node, "environment"),
		.lineage = get_text(page, node, "lineage"),
		.key_id = get_text(page, node, "key_id"),
		.serial = (uint64_t)get_number(node, "serial"),
	};

	if (mac)
		read_hex(mac, HASH_BYTES, header.mac);
	if (header_make(page->ledger->database, &header) < 0 ||
	    database_begin(page->ledger->database) < 0)
		return -1;
	if (read_rows(page) < 0 || read_tables(page) < 0) {
		database_rollback(page->ledger->database);
		return -1;
	}
	return database_commit(page->ledger->database);
}

static int go_on(struct page *page, struct page_head *out, struct diag *diag)
{
	const struct node *header = node_get(page->root, "header");
	CLEANUP(textp) char *history = NULL;

	if (fill(page) < 0)
		return unreadable(page, diag);
	history = node_json(node_get(page->root, "history"));
	snprintf(out->parent, sizeof(out->parent), "%s",
	         node_text(node_get(header, "parent")));
	out->sealed = node_get(header, "mac");
	out->bound = page_bound(out->parent, history);
	return 0;
}

/* Before its shape, too: it is no ledger any more. */
static int check_moved(const struct page *page, struct diag *diag)
{
	const struct ledger *ledger = page->ledger;
	const char *to = node_text(node_get(page->root, "moved_to"));

	if (!to)
		return 0;
	return diag_error(diag, CODE_LEDGER_MOVED, ledger->settings.place,
	                  "the ledger `%s` was moved; write `ledger: { store: "
	                  "%s }`",
	                  ledger->path, to);
}

int page_fill(struct ledger *ledger, const struct piece *bytes,
              struct page_head *out, struct diag *diag)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	struct page page = {
		.ledger = ledger,
		.documents = documents,
		.arena = arena,
		.talk = talk,
	};

	page.root = document_parse_json(documents, "ledger.json", bytes->bytes,
	                                bytes->length, talk);
	if (page.root &&
	    (check_format(&page, diag) < 0 || check_moved(&page, diag) < 0))
		return -1;
	if (!page.root || check_shape(&page) < 0)
		return unreadable(&page, diag);
	return go_on(&page, out, diag);
}

int page_read(struct ledger *ledger, const struct piece *bytes,
              struct page_head *out, struct diag *diag)
{
	ledger->database =
		database_open(ledger->path, DATABASE_MEMORY, ledger->talk);
	if (!ledger->database)
		return ledger_tell(ledger, CODE_DATABASE, diag);
	if (page_fill(ledger, bytes, out, diag) == 0)
		return 0;
	database_close(ledger->database);
	ledger->database = NULL;
	return -1;
}
