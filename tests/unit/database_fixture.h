/* SPDX-License-Identifier: MIT */
/* A database in a folder of its own, with one table. */
#ifndef TESTS_UNIT_DATABASE_FIXTURE_H
#define TESTS_UNIT_DATABASE_FIXTURE_H

#include "base/text.h"
#include "database/database.h"
#include "schema/codes.h"
#include "unit.h"

#include <string.h>

struct fixture {
	char *folder, *path;
	struct diag *diag;
};

static inline int set_up(void **state)
{
	struct fixture *made = xcalloc(1, sizeof(*made));

	made->folder = folder_make();
	made->path = path_join(made->folder, "a.db");
	made->diag = diag_new();
	*state = made;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *made = *state;

	(void)unlink(made->path);
	diag_free(made->diag);
	free(made->path);
	folder_removep(&made->folder);
	free(made);
	return 0;
}

static inline void assert_reported(const struct fixture *made,
                                   const char *words)
{
	CLEANUP(textp) char *text = diag_text(made->diag);

	assert_int_equal(diag_length(made->diag), 1);
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_DATABASE);
	assert_string_equal(diag_at(made->diag, 0)->place.file, made->path);
	if (!strstr(text, words))
		fail_msg("%s", text);
}

static inline struct database *create(const struct fixture *made)
{
	struct database *database =
		database_open(made->path, DATABASE_CREATE, made->diag);

	assert_non_null(database);
	assert_int_equal(database_run(database,
	                              "CREATE TABLE row (key TEXT PRIMARY KEY, "
	                              "bytes BLOB, number INTEGER) STRICT"),
	                 0);
	return database;
}

static inline int insert(struct database *database, const char *key,
                         int64_t number)
{
	struct statement *statement = database_prepare(
		database, "INSERT INTO row (key, number) VALUES (?1, ?2)");

	statement_text(statement, 1, key);
	statement_integer(statement, 2, number);
	return statement_run(statement);
}

static inline int64_t number_of(struct database *database, const char *sql)
{
	struct statement *statement = database_prepare(database, sql);

	assert_int_equal(statement_next(statement), 1);

	int64_t number = statement_number(statement, 0);

	assert_int_equal(statement_next(statement), 0);
	return number;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
