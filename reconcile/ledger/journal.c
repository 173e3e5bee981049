/* SPDX-License-Identifier: MIT */
/* The journal: runs, and the intents of their requests with what became of
 * them. Kinds and outcomes are stored as words. */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_words[] = {
	[INTENT_CREATE] = "create",
	[INTENT_UPDATE] = "update",
	[INTENT_DELETE] = "delete",
	[INTENT_REPLACE_CREATE] = "replace-create",
	[INTENT_REPLACE_DELETE] = "replace-delete",
};

static const char *const outcome_words[] = {
	[OUTCOME_OPEN] = "open",       [OUTCOME_DONE] = OUTCOME_DONE_WORD,
	[OUTCOME_REFUSED] = "refused", [OUTCOME_UNSENT] = "unsent",
	[OUTCOME_UNKNOWN] = "unknown", [OUTCOME_RESOLVED] = "resolved",
};

#define INTENT_COLUMNS                                           \
	"number, run, kind, key, row_uuid, id, connector, name," \
	" natural_key, client_id, snapshot, secrets"

enum intent_column {
	INTENT_NUMBER,
	INTENT_RUN,
	INTENT_KIND,
	INTENT_KEY,
	INTENT_ROW_UUID,
	INTENT_ID,
	INTENT_CONNECTOR,
	INTENT_NAME,
	INTENT_NATURAL_KEY,
	INTENT_CLIENT_ID,
	INTENT_SNAPSHOT,
	INTENT_SECRETS,
	INTENT_COLUMNS_COUNT,
	INTENT_OUTCOME = INTENT_COLUMNS_COUNT /* where it is selected too */
};

static int64_t now_ms(const struct ledger *ledger)
{
	return ledger->settings.clock->wall_ms(ledger->settings.clock);
}

enum { INT64_DIGITS = 21 };

/* As SQLite writes it. Numbers of rows are never negative. */
static struct piece piece_number(char out[INT64_DIGITS], int64_t number)
{
	char *at = out + INT64_DIGITS;

	assert(number >= 0);
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	return (struct piece){ at, (size_t)(out + INT64_DIGITS - at) };
}

/* ---- sums of what this process intended ---- */

/* NULL: it is of another process. */
static struct intent_sum *find_sum(const struct ledger *ledger, int64_t number)
{
	const struct intent_sums *sums = &ledger->intent_sums;

	if (number < sums->first ||
	    (uint64_t)(number - sums->first) >= sums->count)
		return NULL;
	return &sums->items[number - sums->first];
}

/* Numbers follow one another; one that does not is read back instead. */
static void keep_sum(struct ledger *ledger, int64_t number,
                     const struct sum *sum)
{
	struct intent_sums *sums = &ledger->intent_sums;

	if (!sums->count)
		sums->first = number;
	if (number != sums->first + (int64_t)sums->count)
		return;
	sums->items = xgrow(sums->items, sums->count, &sums->capacity,
	                    sizeof(*sums->items));
	sums->items[sums->count++] = (struct intent_sum){ *sum, true };
}

void intents_forget(struct ledger *ledger)
{
	free(ledger->intent_sums.items);
	ledger->intent_sums = (struct intent_sums){ .items = NULL };
	settled_forget(ledger);
}

static void execute(struct ledger *ledger, struct statement *statement)
{
	if (statement_run(statement) < 0)
		ledger->broken = true;
}

/* The number of what an INSERT … RETURNING made; -1 when it did not. */
static int64_t returned(struct ledger *ledger, struct statement *statement)
{
	int64_t number;

	if (statement_next(statement) != 1) {
		ledger->broken = true;
		return -1;
	}
	number = statement_number(statement, 0);
	if (statement_next(statement) < 0)
		ledger->broken = true;
	return number;
}

/* ---- runs ---- */

int64_t ledger_run_begin(struct ledger *ledger, const struct run_record *record)
{
	struct statement *statement;

	if (!store_begin(ledger))
		return -1;
	ledger->running = true;
	statement = database_prepare(
		ledger->database,
		"INSERT INTO run (command, revision, digest, who, began_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5) RETURNING number");
	statement_text(statement, 1, record->command);
	statement_text(statement, 2, record->revision);
	statement_text(statement, 3, record->digest);
	statement_text(statement, 4, record->who);
	statement_integer(statement, 5, now_ms(ledger));
	return returned(ledger, statement);
}

void ledger_run_end(struct ledger *ledger, int64_t run, const char *result)
{
	struct statement *statement;

	if (!store_begin(ledger))
		return;
	ledger->running = false;
	statement = database_prepare(ledger->database,
	                             "UPDATE run SET ended_ms = ?2, result = ?3"
	                             " WHERE number = ?1");
	statement_integer(statement, 1, run);
	statement_integer(statement, 2, now_ms(ledger));
	statement_text(statement, 3, result);
	execute(ledger, statement);
}

/* ---- what is signed of an intent ---- */

/* Columns as pieces, borrowed from the statement. */
static struct sum seal_intent(const struct ledger *ledger,
                              struct statement *statement)
{
	struct piece pieces[INTENT_COLUMNS_COUNT];

	for (int i = INTENT_NUMBER; i <= INTENT_CLIENT_ID; i++)
		pieces[i] = piece_text(statement_column(statement, i));
	for (int i = INTENT_SNAPSHOT; i <= INTENT_SECRETS; i++)
		pieces[i].bytes =
			statement_bytes(statement, i, &pieces[i].length);
	return seal_part(ledger->seal, PART_INTENT, pieces,
	                 INTENT_COLUMNS_COUNT);
}

int intents_tally(struct ledger *ledger, struct tally *tally)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT " INTENT_COLUMNS " FROM intent WHERE " INTENT_IS_OPEN);
	struct sum part;
	int more;

	for (more = statement_next(statement); more > 0;
	     more = statement_next(statement)) {
		tally->intents++;
		if (!ledger->sealing)
			continue;
		part = seal_intent(ledger, statement);
		sum_add(&tally->sum, &part);
	}
	return more;
}

/* The open intent of that number, as a tally of at most one. */
static struct tally tally_one(struct ledger *ledger, int64_t number)
{
	struct statement *statement = database_prepare(
		ledger->database, "SELECT " INTENT_COLUMNS " FROM intent"
				  " WHERE number = ?1 AND " INTENT_IS_OPEN);
	struct tally tally = { 0 };

	statement_integer(statement, 1, number);
	while (statement_next(statement) > 0) {
		tally.intents++;
		if (ledger->sealing)
			tally.sum = seal_intent(ledger, statement);
	}
	return tally;
}

/* ---- intents ---- */

/* Texts one after the other, each with its NUL. */
static char *join_texts(const char *const *texts, size_t count, size_t *length)
{
	char *bytes, *at;

	*length = 0;
	for (size_t i = 0; i < count; i++)
		*length += strlen(texts[i]) + 1;
	bytes = at = xmalloc(*length + 1);
	for (size_t i = 0; i < count; i++)
		at = stpcpy(at, texts[i]) + 1;
	return bytes;
}

/* As SQLite gives it back: no bytes are NULL. */
static struct piece piece_bytes(const char *bytes, size_t length)
{
	return (struct piece){ length ? bytes : NULL, length };
}

static void bind_piece(struct statement *statement, int parameter,
                       const struct piece *piece)
{
	statement_blob(statement, parameter, piece->bytes ? piece->bytes : "",
	               piece->length);
}

/* The pieces but for the number. */
static int64_t insert_intent(struct ledger *ledger, int64_t run,
                             const struct piece *pieces)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"INSERT INTO intent (run, kind, key, row_uuid, id, connector,"
		" name, natural_key, client_id, snapshot, secrets,"
		" intended_ms, outcome)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
		" 'open')");

	statement_integer(statement, INTENT_RUN, run);
	for (int i = INTENT_KIND; i <= INTENT_CLIENT_ID; i++)
		statement_text(statement, i, pieces[i].bytes);
	bind_piece(statement, INTENT_SNAPSHOT, &pieces[INTENT_SNAPSHOT]);
	bind_piece(statement, INTENT_SECRETS, &pieces[INTENT_SECRETS]);
	statement_integer(statement, INTENT_SECRETS + 1, now_ms(ledger));
	execute(ledger, statement);
	return ledger->broken ? -1 : database_inserted(ledger->database);
}

/* Signed as it will be read back, without reading it back. */
static void tally_intent(struct ledger *ledger, int64_t number,
                         const struct piece *pieces)
{
	struct sum sum = { 0 };

	if (ledger->sealing)
		sum = seal_part(ledger->seal, PART_INTENT, pieces,
		                INTENT_COLUMNS_COUNT);
	ledger->tally.intents++;
	sum_add(&ledger->tally.sum, &sum);
	keep_sum(ledger, number, &sum);
}

int64_t ledger_intend(struct ledger *ledger, const struct intent *intent)
{
	struct piece pieces[INTENT_COLUMNS_COUNT] = {
		[INTENT_KEY] = piece_text(intent->key),
		[INTENT_ROW_UUID] = piece_text(intent->row_uuid),
		[INTENT_ID] = piece_text(intent->id),
		[INTENT_CONNECTOR] = piece_text(intent->connector),
		[INTENT_NAME] = piece_text(intent->name),
		[INTENT_NATURAL_KEY] = piece_text(intent->natural_key),
		[INTENT_CLIENT_ID] = piece_text(intent->client_id),
	};
	CLEANUP(textp) char *snapshot = NULL;
	CLEANUP(textp) char *secrets = NULL;
	char numbers[2][INT64_DIGITS];
	size_t length;
	int64_t number;

	assert((size_t)intent->kind < LENGTH(kind_words));
	if (!store_begin(ledger))
		return -1;
	ledger->intended |= !intent->covered;
	pieces[INTENT_KIND] = piece_text(kind_words[intent->kind]);
	snapshot =
		join_texts(intent->snapshot, intent->snapshot_count, &length);
	pieces[INTENT_SNAPSHOT] = piece_bytes(snapshot, length);
	secrets = join_texts(intent->secrets, intent->secret_count, &length);
	pieces[INTENT_SECRETS] = piece_bytes(secrets, length);
	number = insert_intent(ledger, intent->run, pieces);
	if (number < 0)
		return -1;
	pieces[INTENT_NUMBER] = piece_number(numbers[0], number);
	pieces[INTENT_RUN] = piece_number(numbers[1], intent->run);
	tally_intent(ledger, number, pieces);
	return number;
}

static void untally(struct ledger *ledger, int64_t number)
{
	struct intent_sum *kept = find_sum(ledger, number);
	struct tally tally;

	if (kept) {
		tally = (struct tally){ .intents = kept->open };
		if (kept->open)
			tally.sum = kept->sum;
		kept->open = false;
	} else {
		settled_flush(ledger);
		tally = tally_one(ledger, number);
	}
	ledger->tally.intents -= tally.intents;
	sum_subtract(&ledger->tally.sum, &tally.sum);
}

/* What is settled stays so; unknown may still be resolved. */
void ledger_settle(struct ledger *ledger, int64_t intent,
                   enum intent_outcome outcome, int status, const char *message)
{
	assert((size_t)outcome < LENGTH(outcome_words));
	if (!store_begin(ledger))
		return;
	if (outcome != OUTCOME_OPEN && outcome != OUTCOME_UNKNOWN)
		untally(ledger, intent);
	if (outcome == OUTCOME_DONE && message && !*message) {
		settled_later(ledger, intent, status);
		return;
	}
	settled_flush(ledger);
	settled_write(ledger, &(struct settlement){
				      .first = intent,
				      .last = intent,
				      .outcome = outcome_words[outcome],
				      .status = status,
				      .message = message,
			      });
}

/* ---- reading back ---- */

/* The word's index; `count` when it is none of them. */
static size_t find_word(const char *word, const char *const *words,
                        size_t count)
{
	size_t i = 0;

	while (i < count && !str_equal(word, words[i]))
		i++;
	return i;
}

static const char *keep(struct arena *arena, const char *text)
{
	return text ? arena_intern(arena, text, strlen(text)) : NULL;
}

static size_t count_texts(const char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += bytes[i] == '\0';
	return count;
}

static const char *const *read_texts(struct ledger *ledger,
                                     struct statement *statement, int column,
                                     size_t *count)
{
	size_t length = 0;
	const void *bytes = statement_bytes(statement, column, &length);
	const char *at = arena_copy(ledger->arena, bytes, length);
	const char **texts;

	*count = count_texts(at, length);
	if (!*count)
		return NULL;
	texts = arena_alloc(ledger->arena, *count * sizeof(*texts));
	for (size_t i = 0; i < *count; i++, at += strlen(at) + 1)
		texts[i] = at;
	return texts;
}

static void read_intent(struct ledger *ledger, struct statement *statement,
                        struct intent *out)
{
	const char **const texts[] = {
		[INTENT_KEY] = &out->key,
		[INTENT_ROW_UUID] = &out->row_uuid,
		[INTENT_ID] = &out->id,
		[INTENT_CONNECTOR] = &out->connector,
		[INTENT_NAME] = &out->name,
		[INTENT_NATURAL_KEY] = &out->natural_key,
		[INTENT_CLIENT_ID] = &out->client_id,
	};
	const size_t kind = find_word(statement_column(statement, INTENT_KIND),
	                              kind_words, LENGTH(kind_words));
	const size_t outcome =
		find_word(statement_column(statement, INTENT_OUTCOME),
	                  outcome_words, LENGTH(outcome_words));

	for (int i = INTENT_KEY; i <= INTENT_CLIENT_ID; i++)
		*texts[i] = keep(ledger->arena, statement_column(statement, i));
	out->number = statement_number(statement, INTENT_NUMBER);
	out->run = statement_number(statement, INTENT_RUN);
	out->kind = (enum intent_kind)kind;
	out->outcome = (enum intent_outcome)outcome;
	out->snapshot = read_texts(ledger, statement, INTENT_SNAPSHOT,
	                           &out->snapshot_count);
	out->secrets = read_texts(ledger, statement, INTENT_SECRETS,
	                          &out->secret_count);
}

/* Zero while all is well, as a row's statement_next() is. */
static int check_kind(const struct ledger *ledger, const struct intent *intent,
                      struct diag *diag)
{
	if ((size_t)intent->kind < LENGTH(kind_words))
		return 0;
	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "intent %lld of the ledger `%s` is of a kind nobody "
	                  "knows; put a copy back that is whole",
	                  (long long)intent->number, ledger->path);
}

static int read_intents(struct ledger *ledger, struct intent **intents,
                        size_t *count, struct diag *diag)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"SELECT " INTENT_COLUMNS ", outcome FROM intent"
		" WHERE " INTENT_IS_OPEN " ORDER BY number");
	size_t capacity = 0;
	int more, wrong = 0;

	for (more = statement_next(statement); more > 0;
	     more = statement_next(statement)) {
		*intents =
			xgrow(*intents, *count, &capacity, sizeof(**intents));
		read_intent(ledger, statement, &(*intents)[*count]);
		wrong |= check_kind(ledger, &(*intents)[*count], diag);
		++*count;
	}
	return wrong ? wrong : more;
}

int ledger_open_intents(struct ledger *ledger, struct intent **out,
                        size_t *count, struct diag *diag)
{
	struct intent *intents = NULL;
	size_t found = 0;
	int status;

	if (view_begin(ledger, diag) < 0)
		return -1;
	status = read_intents(ledger, &intents, &found, diag);
	view_end(ledger);
	if (status < 0) {
		free(intents);
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	}
	*out = intents;
	*count = found;
	return 0;
}
