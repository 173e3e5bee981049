/* SPDX-License-Identifier: MIT */
/* Statements and transactions; what the file has to do with it is in
 * test_database.c. */
#include "database_fixture.h"

static void the_first_failure_is_reported_and_sticks(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);

	assert_int_equal(database_begin(database), 0);
	assert_int_equal(insert(database, "k", 1), 0);
	assert_int_equal(insert(database, "k", 2), -1);
	assert_reported(made, "UNIQUE constraint failed: row.key");

	assert_int_equal(insert(database, "l", 3), -1);
	assert_int_equal(database_run(database, "SELECT 1"), -1);
	assert_int_equal(database_version(database), -1);
	assert_int_equal(database_set_version(database, 2), -1);
	assert_int_equal(database_checkpoint(database), -1);
	assert_int_equal(database_begin(database), -1);
	assert_int_equal(database_commit(database), -1);
	assert_int_equal(diag_length(made->diag), 1);
}

static void a_failed_transaction_leaves_nothing(void **state)
{
	const struct fixture *made = *state;
	struct database *database = create(made);

	assert_int_equal(database_begin(database), 0);
	assert_int_equal(insert(database, "k", 1), 0);
	assert_int_equal(insert(database, "k", 1), -1);
	database_rollback(database);
	struct database *other = database_open(made->path, 0, made->diag);

	/* It would wait 5 s for the first one's lock, and fail. */
	assert_int_equal(insert(other, "k", 1), 0);
	assert_int_equal(number_of(other, "SELECT count(*) FROM row"), 1);
	database_close(other);
	database_close(database);
}

static void a_transaction_is_kept_or_dropped_whole(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);

	assert_int_equal(database_begin(database), 0);
	assert_int_equal(insert(database, "k", 1), 0);
	assert_int_equal(database_commit(database), 0);
	assert_int_equal(database_begin(database), 0);
	assert_int_equal(insert(database, "l", 1), 0);
	database_rollback(database);

	assert_int_equal(number_of(database, "SELECT count(*) FROM row"), 1);
	assert_int_equal(diag_length(made->diag), 0);
}

static void a_statement_is_compiled_once_and_comes_back_unbound(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);
	static const char sql[] = "SELECT ?1";
	CLEANUP(textp) char *copy = xstrdup(sql);
	struct statement *first = database_prepare(database, sql);

	statement_text(first, 1, "left");
	assert_int_equal(statement_next(first), 1);

	/* By its text, not by where the text stands. */
	struct statement *again = database_prepare(database, copy);

	assert_ptr_equal(first, again);
	assert_int_equal(statement_next(again), 1);
	assert_null(statement_column(again, 0));
	assert_int_equal(statement_next(again), 0);
	assert_ptr_not_equal(first, database_prepare(database, "SELECT ?2"));
}

static void a_bad_statement_fails_when_run(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);
	struct statement *bad = database_prepare(database, "SELEKT 1");

	assert_non_null(bad);
	statement_text(bad, 1, "x");
	assert_int_equal(statement_run(bad), -1);
	assert_int_equal(statement_next(bad), -1);
	assert_reported(made, "syntax error");
}

static void null_text_is_null(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(database_closep) struct database *database = create(made);
	struct statement *statement =
		database_prepare(database, "SELECT ?1 IS NULL");

	statement_text(statement, 1, NULL);
	assert_int_equal(statement_next(statement), 1);
	assert_int_equal(statement_number(statement, 0), 1);
	assert_int_equal(statement_next(statement), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_failure_is_reported_and_sticks),
		TEST(a_failed_transaction_leaves_nothing),
		TEST(a_transaction_is_kept_or_dropped_whole),
		TEST(a_statement_is_compiled_once_and_comes_back_unbound),
		TEST(a_bad_statement_fails_when_run),
		TEST(null_text_is_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
