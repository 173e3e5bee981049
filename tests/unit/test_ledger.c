/* SPDX-License-Identifier: MIT */
#include "ledger_book.h"

/* ---- rows ---- */

static void expect_text(const char *got, const char *wanted)
{
	assert_int_equal(!got, !wanted);
	if (wanted)
		assert_string_equal(got, wanted);
}

static void expect_fields(const struct field *got, const struct field *wanted,
                          size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct value a = field_value(&got[i]);
		const struct value b = field_value(&wanted[i]);

		assert_string_equal(got[i].name, wanted[i].name);
		assert_true(value_equal(&a, &b));
	}
}

static void expect_record(const struct secret_record *got,
                          const struct secret_record *wanted)
{
	expect_text(got->name, wanted->name);
	assert_int_equal(got->known, wanted->known);
	assert_int_equal(got->fingerprinted, wanted->fingerprinted);
	assert_memory_equal(got->fingerprint, wanted->fingerprint,
	                    FINGERPRINT_BYTES);
	expect_text(got->key_id, wanted->key_id);
	expect_text(got->version, wanted->version);
	expect_text(got->source, wanted->source);
	expect_text(got->hint_seen, wanted->hint_seen);
	assert_int_equal(got->set_at_ms, wanted->set_at_ms);
	assert_int_equal(got->in_doubt, wanted->in_doubt);
}

static void expect_row(const struct auth_config *got,
                       const struct auth_config *wanted)
{
	expect_text(got->key, wanted->key);
	expect_text(got->id, wanted->id);
	expect_text(got->natural_key, wanted->natural_key);
	expect_text(got->row_uuid, wanted->row_uuid);
	expect_text(got->updated_at, wanted->updated_at);
	assert_int_equal(got->applied_at_ms, wanted->applied_at_ms);
	assert_int_equal(got->flags, wanted->flags);
	assert_int_equal(got->connections, -1);
	assert_int_equal(got->field_count, wanted->field_count);
	assert_int_equal(got->seen_count, wanted->seen_count);
	assert_int_equal(got->record_count, wanted->record_count);
	assert_int_equal(got->retired_count, wanted->retired_count);
	assert_int_equal(got->memo_count, wanted->memo_count);
	expect_fields(got->fields, wanted->fields, wanted->field_count);
	expect_fields(got->seen, wanted->seen, wanted->seen_count);
	for (size_t i = 0; i < wanted->record_count; i++)
		expect_record(&got->records[i], &wanted->records[i]);
	for (size_t i = 0; i < wanted->retired_count; i++)
		expect_text(got->retired[i], wanted->retired[i]);
	for (size_t i = 0; i < wanted->memo_count; i++) {
		expect_text(got->memos[i].name, wanted->memos[i].name);
		expect_text(got->memos[i].text, wanted->memos[i].text);
		assert_int_equal(got->memos[i].at_ms, wanted->memos[i].at_ms);
	}
}

/* Through the file and back; `row` is still open. */
static void expect_round_trip(struct book *book, struct state *row)
{
	CLEANUP(ledger_closep) struct ledger *writer = book_write(book);
	CLEANUP(ledger_closep) struct ledger *reader = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;
	const struct auth_config *got;
	const char *twin = NULL;

	state_end(row);
	assert_int_equal(state_finish(row, &twin), 0);
	ledger_put(writer, state_at(row, 0));
	book_commit(book, writer);
	reader = book_open(book, 0);
	applied = book_applied(book, reader);

	got = state_find(applied, state_at(row, 0)->key);
	assert_non_null(got);
	expect_row(got, state_at(row, 0));
}

static void a_plain_row_comes_back_whole(void **state)
{
	CLEANUP(state_freep) struct state *row = book_row(1);

	expect_round_trip(*state, row);
}

static void a_row_of_nothing_comes_back(void **state)
{
	CLEANUP(state_freep) struct state *row = state_new(STATE_BY_KEY);
	struct auth_config *open;

	state_begin(row, "", PLACE_NONE);
	open = state_open(row);
	open->row_uuid = state_text(row, "0123456789abcdef0123456789abcdef");
	open->connections = -1;

	expect_round_trip(*state, row);
}

static void every_kind_of_value_comes_back(void **state)
{
	CLEANUP(state_freep) struct state *row = book_row(1);
	CLEANUP(textp) char *large = xmalloc(200001);

	memset(large, 'x', 200000);
	large[200000] = '\0';
	state_field(row, "extra.a", value_absent(), PLACE_NONE);
	state_field(row, "extra.b", value_unreadable(), PLACE_NONE);
	state_field(row, "extra.c", state_value_boolean(true), PLACE_NONE);
	state_field(row, "extra.d", state_value_set(row, NULL, 0), PLACE_NONE);
	state_field(row, "extra.e", state_value_json(row, "{\"a\":[1,null]}"),
	            PLACE_NONE);
	state_field(row, "extra.f", state_value_text(row, ""), PLACE_NONE);
	state_field(row, "extra.g", state_value_text(row, large), PLACE_NONE);
	state_seen(row, "extra.b", value_unreadable());
	state_seen(row, "extra.c", state_value_boolean(false));

	expect_round_trip(*state, row);
}

static const char hostile[] = "'; DROP TABLE ledger_row; --\n\t\x1b[31m"
			      "\xff\xfe\xc3(\xe2\x80\xae\x7f\"\\`";

static void hostile_bytes_come_back(void **state)
{
	CLEANUP(state_freep) struct state *row = book_row(1);
	struct auth_config *open = state_open(row);

	open->natural_key = state_text(row, hostile);
	open->id = state_text(row, hostile);
	open->updated_at = state_text(row, hostile);
	state_field(row, "extra.x", state_value_text(row, hostile), PLACE_NONE);
	state_field(row, "extra.nuls",
	            (struct value){ "a\0b\0\0c", 6, VALUE_TEXT }, PLACE_NONE);
	state_seen(row, "extra.x", (struct value){ "\0\0", 2, VALUE_TEXT });
	state_retired(row, hostile);

	expect_round_trip(*state, row);
}

static void hostile_names_come_back(void **state)
{
	CLEANUP(state_freep) struct state *row = book_row(1);

	state_field(row, hostile, state_value_text(row, "named so"),
	            PLACE_NONE);

	expect_round_trip(*state, row);
}

static void secret_records_and_former_ids_come_back(void **state)
{
	CLEANUP(state_freep) struct state *row = book_row(1);
	struct auth_config *open = state_open(row);
	struct secret_record record = {
		.name = "client.secret",
		.known = true,
		.fingerprinted = true,
		.key_id = "0011223344556677",
		.version = "2026-11",
		.source = "env:SECRET",
		.hint_seen = "abcd",
		.set_at_ms = 1795000000123,
		.in_doubt = true,
	};

	memset(record.fingerprint, 0xfe, sizeof(record.fingerprint));
	state_record(row, &record);
	state_record(row, &(struct secret_record){ .name = "secrets.x" });
	state_record(row, &(struct secret_record){ .name = "secrets.y",
	                                           .known = true,
	                                           .set_at_ms = -1 });
	state_retired(row, "old-1");
	state_retired(row, "old-2");
	state_memo(row, &(struct memo){ "rotation.open", "2026-10", 7 });
	state_memo(row, &(struct memo){ "probe.redirect", NULL, 0 });
	state_memo(row, &(struct memo){ "probe.scopes", "refused", -1 });
	open->flags |= AUTH_CONFIG_PROTECTED;
	open->applied_at_ms = 1795000000456;
	open->updated_at = state_text(row, "2026-11-23T17:28:08Z");

	expect_round_trip(*state, row);
}

static void rows_come_sorted_by_key(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = book_write(book);
	CLEANUP(state_freep) struct state *applied = NULL;
	static const unsigned order[] = { 5, 1, 9, 3, 7, 2 };

	for (size_t i = 0; i < LENGTH(order); i++)
		book_put(ledger, book_row(order[i]));
	book_commit(book, ledger);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), LENGTH(order));
	for (size_t i = 1; i < state_length(applied); i++)
		assert_true(strcmp(state_at(applied, i - 1)->key,
		                   state_at(applied, i)->key) < 0);
	assert_string_equal(state_find(applied, "key-9")->id, "id-9");
}

static void seen_is_kept_apart_from_sent(void **state)
{
	CLEANUP(state_freep) struct state *row = state_new(STATE_BY_KEY);
	struct auth_config *open;

	state_begin(row, "key", PLACE_NONE);
	open = state_open(row);
	open->row_uuid = state_text(row, "0123456789abcdef0123456789abcdef");
	open->connections = -1;
	state_field(row, "extra.a", state_value_text(row, "1"), PLACE_NONE);
	state_field(row, "extra.b", state_value_text(row, "2"), PLACE_NONE);
	state_seen(row, "extra.a", state_value_text(row, "1"));
	state_seen(row, "extra.c", state_value_text(row, "2"));

	expect_round_trip(*state, row);
}

static void seen_may_be_less_than_sent(void **state)
{
	CLEANUP(state_freep) struct state *row = book_row(1);

	state_field(row, "type", state_value_text(row, "oauth2"), PLACE_NONE);

	expect_round_trip(*state, row);
}

/* The same row with another value in each member. */
static void change_all(struct state *row)
{
	struct auth_config *open = state_open(row);

	open->id = state_text(row, "another-id");
	open->natural_key = state_text(row, "another-name");
	open->flags |= AUTH_CONFIG_PROTECTED;
	state_field(row, "name", state_value_text(row, "New"), PLACE_NONE);
}

static void a_row_is_replaced_by_its_uuid(void **state)
{
	struct book *book = *state;
	CLEANUP(state_freep) struct state *row = book_row(2);
	CLEANUP(state_freep) struct state *applied = NULL;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;

	book_make(book, 3);
	change_all(row);
	expect_round_trip(book, row);
	ledger = book_open(book, 0);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), 3);
	assert_string_equal(state_find(applied, "key-2")->id, "another-id");
}

static void a_rename_keeps_the_row(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;
	struct state *row = state_new(STATE_BY_KEY);

	book_make(book, 3);
	ledger = book_write(book);
	state_begin(row, "new-name", PLACE_NONE);
	state_open(row)->row_uuid =
		state_text(row, "00000000000000000000000000000002");
	book_put(ledger, row);
	book_commit(book, ledger);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), 3);
	assert_null(state_find(applied, "key-2"));
	assert_non_null(state_find(applied, "new-name"));
}

static void a_removed_row_is_gone(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(state_freep) struct state *applied = NULL;

	book_make(book, 3);
	ledger = book_write(book);
	ledger_remove(ledger, "00000000000000000000000000000002");
	ledger_remove(ledger, "no-such-row");
	book_commit(book, ledger);
	ledger_close(ledger);
	ledger = book_open(book, 0);
	applied = book_applied(book, ledger);

	assert_int_equal(state_length(applied), 2);
	assert_null(state_find(applied, "key-2"));
}

static void applied_is_fresh_each_time(void **state)
{
	struct book *book = *state;
	CLEANUP(ledger_closep) struct ledger *ledger = NULL;
	CLEANUP(state_freep) struct state *first = NULL;
	CLEANUP(state_freep) struct state *second = NULL;
	CLEANUP(state_freep) struct state *third = NULL;

	book_make(book, 2);
	ledger = book_write(book);
	first = book_applied(book, ledger);
	second = book_applied(book, ledger);
	book_put(ledger, book_row(3));
	third = book_applied(book, ledger); /* the open transaction's */

	assert_ptr_not_equal(first, second);
	assert_int_equal(state_length(first), 2);
	assert_int_equal(state_length(second), 2);
	assert_int_equal(state_length(third), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOK_TEST(a_plain_row_comes_back_whole),
		BOOK_TEST(a_row_of_nothing_comes_back),
		BOOK_TEST(every_kind_of_value_comes_back),
		BOOK_TEST(hostile_bytes_come_back),
		BOOK_FILE_TEST(hostile_names_come_back),
		BOOK_TEST(secret_records_and_former_ids_come_back),
		BOOK_TEST(rows_come_sorted_by_key),
		BOOK_TEST(seen_is_kept_apart_from_sent),
		BOOK_TEST(seen_may_be_less_than_sent),
		BOOK_TEST(a_row_is_replaced_by_its_uuid),
		BOOK_TEST(a_rename_keeps_the_row),
		BOOK_TEST(a_removed_row_is_gone),
		BOOK_TEST(applied_is_fresh_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
