/* SPDX-License-Identifier: MIT */
/* Table O: what becomes of an object. The first row that matches decides, so
 * that the rows stand in the law's precedence: an orphan's twin is an error
 * before it is an adoption. */
#include "plan/parts.h"

#include <assert.h>

/* clang-format off */
#define NONE CHANGE_KINDS
#define ROW(id, d, a, l, m, claim, foreign, opaque, ledger, prune, protect,   \
	    idle, replaced, bare, verdict, kind, danger)                      \
	{ id,                                                                 \
	  { d, a, l, m, claim, foreign, opaque, ledger, prune, protect, idle, \
	    replaced, bare },                                                 \
	  OBJECT_##verdict, kind, DANGER_##danger }

static const struct object_row rows[] = {
	/*          D A L M  claimed, foreign, opaque, ledger,
	 *                   prune, protect, idle, replaced, bare */
	ROW("P8",   1,1,1,x, x,x,1,x, x,x,x,x,x, OPAQUE,  NONE, NONE),
	ROW("O8",   1,1,1,x, x,1,0,x, x,x,x,x,x, FOREIGN, NONE, NONE),
	ROW("O9",   1,1,1,x, x,0,0,x, x,x,x,1,x, COMPARE, CHANGE_REPLACE, DESTRUCTIVE),
	ROW("O3",   1,x,0,2, x,x,x,x, x,x,x,x,x, SEVERAL, NONE, NONE),
	ROW("O5",   1,0,0,x, 2,x,x,x, x,x,x,x,x, CLAIMED, NONE, NONE),
	ROW("O6",   1,0,0,0, 1,x,x,x, x,x,x,x,x, MAKE,    CHANGE_CREATE, NONE),
	ROW("O1",   1,0,0,0, x,x,x,x, x,x,x,x,x, MAKE,    CHANGE_CREATE, NONE),
	ROW("O2",   1,0,0,1, x,x,x,1, x,x,x,x,x, BIND,    CHANGE_ADOPT, NONE),
	ROW("O4",   1,0,0,1, x,x,x,0, x,x,x,x,x, BIND,    NONE, NONE),
	ROW("O20",  1,1,1,x, x,0,0,x, x,x,x,0,1, COMPARE, CHANGE_NOTE, NONE),
	ROW("O10",  1,1,1,x, x,0,0,x, x,x,x,0,0, COMPARE, NONE, NONE),
	ROW("O11",  1,1,0,0, x,x,x,x, x,x,x,x,x, MAKE,    CHANGE_RECREATE, DESTRUCTIVE),
	ROW("O12",  1,1,0,1, x,x,x,x, x,x,x,x,x, BIND,    CHANGE_ADOPT, REVIEW),
	ROW("O16",  0,1,0,x, x,x,x,x, x,x,x,x,x, FORGET,  CHANGE_NOTE, NONE),
	ROW("O15",  0,1,1,x, x,x,0,x, 1,1,x,x,x, REMOVE,  CHANGE_DELETE, DESTRUCTIVE),
	ROW("O14",  0,1,1,x, x,0,0,x, 1,0,x,x,x, REMOVE,  CHANGE_DELETE, DESTRUCTIVE),
	ROW("O13",  0,1,1,x, x,x,x,x, x,x,x,x,x, LIST,    NONE, NONE),
	ROW("O18",  x,2,1,x, x,x,0,x, 1,0,1,x,x, REMOVE,  CHANGE_DELETE, DESTRUCTIVE),
	ROW("O18a", x,2,1,x, x,x,x,x, x,x,x,x,x, LIST,    NONE, NONE),
	ROW("O17",  0,0,1,x, x,x,x,x, x,x,x,x,x, LIST,    NONE, NONE),
};

/* Row O7 and its neighbours come first; then the rest, with the row found. */
static const struct rename_row renames[] = {
	{ "O7b", RENAME_OWN | RENAME_OTHER, RENAME_TWICE },
	{ "O7",  RENAME_OTHER,              RENAME_TAKE },
	{ "O7a", RENAME_OWN,                RENAME_HINT },
	{ "O7c", 0,                         RENAME_NOTHING },
};
/* clang-format on */

const struct object_row *object_find(const signed char *facts)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (row_matches(rows[i].when, facts, OBJECT_COLUMNS))
			return &rows[i];
	}
	assert(false); /* table O has no hole */
	return NULL;
}

const struct rename_row *rename_find(unsigned rows_there)
{
	for (size_t i = 0; i < LENGTH(renames); i++) {
		if (renames[i].rows == rows_there)
			return &renames[i];
	}
	assert(false); /* the table has no hole */
	return NULL;
}
