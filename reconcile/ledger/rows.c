/* SPDX-License-Identifier: MIT */
/* The table of rows; what a body holds is body.c's. */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { UUID_LENGTH = 32 };

#define ROW_COLUMNS "row_uuid, key, id, connector, natural_key, protect, body"

/* The columns, borrowed from the statement. */
enum row_column {
	ROW_UUID,
	ROW_KEY,
	ROW_ID,
	ROW_CONNECTOR,
	ROW_NATURAL_KEY,
	ROW_PROTECT,
	ROW_BODY,
	ROW_COLUMNS_COUNT
};

static const char *const protect_text[] = { "0", "1" };

static void read_pieces(struct statement *statement,
                        struct piece pieces[ROW_COLUMNS_COUNT])
{
	struct piece *body = &pieces[ROW_BODY];

	for (int i = ROW_UUID; i <= ROW_NATURAL_KEY; i++)
		pieces[i] = piece_text(statement_column(statement, i));
	pieces[ROW_PROTECT] = piece_text(
		protect_text[statement_number(statement, ROW_PROTECT) != 0]);
	body->bytes = statement_bytes(statement, ROW_BODY, &body->length);
}

static const char *text_or_null(struct state *state, const struct piece *piece)
{
	return piece->bytes ? state_text(state, piece->bytes) : NULL;
}

static bool add_row(struct state *state, const struct piece *pieces)
{
	const struct piece *body = &pieces[ROW_BODY];
	struct auth_config *open;
	bool whole;

	if (!pieces[ROW_KEY].bytes || pieces[ROW_UUID].length != UUID_LENGTH)
		return false;
	state_begin(state, pieces[ROW_KEY].bytes, PLACE_NONE);
	open = state_open(state);
	open->row_uuid = text_or_null(state, &pieces[ROW_UUID]);
	open->id = text_or_null(state, &pieces[ROW_ID]);
	open->natural_key = text_or_null(state, &pieces[ROW_NATURAL_KEY]);
	open->connections = -1;
	if (*(const char *)pieces[ROW_PROTECT].bytes == '1')
		open->flags |= AUTH_CONFIG_PROTECTED;
	whole = body_read(state, body->bytes, body->length);
	state_end(state);
	return whole;
}

static void damaged(const struct ledger *ledger, const char *key,
                    struct diag *diag)
{
	diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	           "the row `%s` of the ledger `%s` is damaged; put a "
	           "copy back that is whole",
	           key ? key : "", ledger->path);
}

static struct sum seal_row(const struct ledger *ledger,
                           const struct piece *pieces)
{
	return seal_part(ledger->seal, PART_ROW, pieces, ROW_COLUMNS_COUNT);
}

static void tally_row(const struct ledger *ledger, struct tally *tally,
                      const struct piece *pieces)
{
	struct sum part;

	tally->rows++;
	if (!ledger->sealing)
		return;
	part = seal_row(ledger, pieces);
	sum_add(&tally->sum, &part);
}

static int read_all(struct ledger *ledger, struct state *state,
                    struct tally *tally, struct diag *diag)
{
	struct statement *statement = database_prepare(
		ledger->database, "SELECT " ROW_COLUMNS " FROM ledger_row");
	struct piece pieces[ROW_COLUMNS_COUNT];
	bool whole = true;
	int more;

	for (more = statement_next(statement); more > 0;
	     more = statement_next(statement)) {
		read_pieces(statement, pieces);
		if (!add_row(state, pieces)) {
			damaged(ledger, pieces[ROW_KEY].bytes, diag);
			whole = false;
		}
		tally_row(ledger, tally, pieces);
	}
	return whole ? more : -1;
}

struct state *rows_read(struct ledger *ledger, struct tally *tally,
                        struct diag *diag)
{
	CLEANUP(state_freep)
	struct state *state = state_new_like(ledger->settings.desired);
	const char *twin = NULL;

	if (read_all(ledger, state, tally, diag) < 0)
		return NULL;
	if (state_finish(state, &twin) < 0) {
		damaged(ledger, twin, diag);
		return NULL;
	}
	return TAKE(state);
}

/* Takes what stands under `row_uuid` out of the tally. */
static void untally(struct ledger *ledger, const char *row_uuid)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT " ROW_COLUMNS " FROM ledger_row WHERE row_uuid = ?1");
	struct piece pieces[ROW_COLUMNS_COUNT];
	struct sum part;

	statement_text(statement, 1, row_uuid);
	while (statement_next(statement) > 0) {
		ledger->tally.rows--;
		if (!ledger->sealing)
			continue;
		read_pieces(statement, pieces);
		part = seal_row(ledger, pieces);
		sum_subtract(&ledger->tally.sum, &part);
	}
}

static void bind_row(struct statement *statement, const struct piece *pieces)
{
	for (int i = ROW_UUID; i <= ROW_NATURAL_KEY; i++)
		statement_text(statement, i + 1, pieces[i].bytes);
	statement_integer(statement, ROW_PROTECT + 1,
	                  *(const char *)pieces[ROW_PROTECT].bytes == '1');
	statement_blob(statement, ROW_BODY + 1, pieces[ROW_BODY].bytes,
	               pieces[ROW_BODY].length);
}

/* False: there is one with that uuid already, or it broke. */
static bool insert(struct ledger *ledger, const struct piece *pieces)
{
	struct statement *statement = database_prepare(
		ledger->database, "INSERT INTO ledger_row (" ROW_COLUMNS ")"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
				  " ON CONFLICT (row_uuid) DO NOTHING");

	bind_row(statement, pieces);
	if (statement_run(statement) < 0)
		ledger->broken = true;
	return !ledger->broken && database_changes(ledger->database) == 1;
}

static void replace(struct ledger *ledger, const struct piece *pieces)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"UPDATE ledger_row SET key = ?2, id = ?3, connector = ?4,"
		" natural_key = ?5, protect = ?6, body = ?7"
		" WHERE row_uuid = ?1");

	bind_row(statement, pieces);
	if (statement_run(statement) < 0)
		ledger->broken = true;
}

/* The row as columns; `body` is kept by the caller. */
static void fill_pieces(const struct auth_config *row, const struct piece *body,
                        struct piece pieces[ROW_COLUMNS_COUNT])
{
	pieces[ROW_UUID] = piece_text(row->row_uuid);
	pieces[ROW_KEY] = piece_text(row->key);
	pieces[ROW_ID] = piece_text(row->id);
	pieces[ROW_CONNECTOR] = piece_text(auth_config_text(row, "connector"));
	pieces[ROW_NATURAL_KEY] = piece_text(row->natural_key);
	pieces[ROW_PROTECT] = piece_text(
		protect_text[(row->flags & AUTH_CONFIG_PROTECTED) != 0]);
	pieces[ROW_BODY] = *body;
}

/* What was read by ledger_open() is no longer what there is. */
static void forget_rows(struct ledger *ledger)
{
	state_free(ledger->rows);
	ledger->rows = NULL;
}

/* The body that they point into, for free(). */
static char *make_pieces(const struct auth_config *row, struct piece *pieces)
{
	struct piece body;
	char *bytes = body_write(row, &body.length);

	body.bytes = bytes;
	fill_pieces(row, &body, pieces);
	return bytes;
}

/* Older programs must say that the ledger is newer than they, not that a row of
 * it is damaged. */
static void raise_format(struct ledger *ledger)
{
	const int format = database_version(ledger->database);

	if (format < 0 ||
	    (format < LEDGER_FORMAT &&
	     database_set_version(ledger->database, LEDGER_FORMAT) < 0))
		ledger->broken = true;
}

bool rows_insert(struct ledger *ledger, const struct auth_config *row)
{
	struct piece pieces[ROW_COLUMNS_COUNT];
	CLEANUP(textp) char *body = NULL;

	body = make_pieces(row, pieces);
	if (row->memo_count)
		raise_format(ledger);
	return insert(ledger, pieces);
}

void rows_tally(const struct ledger *ledger, const struct auth_config *row,
                struct tally *tally)
{
	struct piece pieces[ROW_COLUMNS_COUNT];
	CLEANUP(textp) char *body = NULL;

	body = make_pieces(row, pieces);
	tally_row(ledger, tally, pieces);
}

void ledger_put(struct ledger *ledger, const struct auth_config *row)
{
	struct piece pieces[ROW_COLUMNS_COUNT];
	CLEANUP(textp) char *body = NULL;

	assert(row->key && row->row_uuid);
	assert(strlen(row->row_uuid) == UUID_LENGTH);
	if (!store_begin(ledger))
		return;
	body = make_pieces(row, pieces);
	forget_rows(ledger);
	if (!insert(ledger, pieces)) {
		untally(ledger, row->row_uuid);
		replace(ledger, pieces);
	}
	tally_row(ledger, &ledger->tally, pieces);
	if (row->memo_count)
		raise_format(ledger);
}

void ledger_remove(struct ledger *ledger, const char *row_uuid)
{
	struct statement *statement;

	if (!store_begin(ledger))
		return;
	forget_rows(ledger);
	untally(ledger, row_uuid);
	statement = database_prepare(
		ledger->database, "DELETE FROM ledger_row WHERE row_uuid = ?1");
	statement_text(statement, 1, row_uuid);
	if (statement_run(statement) < 0)
		ledger->broken = true;
}

/* The next number of 128 bits; the highest byte comes first. */
static void count_up(uint8_t bytes[UUID_LENGTH / 2])
{
	size_t at = UUID_LENGTH / 2;

	while (at && ++bytes[--at] == 0)
		;
}

void ledger_new_uuids(char (*out)[33], size_t count)
{
	uint8_t bytes[UUID_LENGTH / 2];

	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < count; i++) {
		text_hex(out[i], bytes, sizeof(bytes));
		count_up(bytes);
	}
}

void ledger_new_uuid(char out[33])
{
	ledger_new_uuids((char(*)[33])out, 1);
}
