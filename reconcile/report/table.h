/* SPDX-License-Identifier: MIT */
/*
 * Table: lines whose cells stand under each other.
 *
 * table_begin() -> { { writes to table.slate or table.out, table_cell() …
 *               table_row() }* -> table_write() }* -> table_end()
 *
 * Columns are two spaces apart and as wide as their widest cell, but a cell
 * that is the last of its line or wider than TABLE_CELL_WIDTH widens none. An
 * empty column takes no room, and no line ends in blanks.
 */
#ifndef RECONCILE_REPORT_TABLE_H
#define RECONCILE_REPORT_TABLE_H

#include "report/slate.h"

#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS = 8, TABLE_CELL_WIDTH = 60 };

struct table {
	struct slate slate; /* of all cells, each with a NUL behind it */
	FILE *out; /* the same as a stream; no NUL of others may go there */
	const char *indent;
	size_t columns;             /* at most TABLE_COLUMNS */
	size_t column;              /* of the open cell */
	size_t begun;               /* where on the slate that begins */
	size_t lines;               /* that are closed */
	size_t line[TABLE_COLUMNS]; /* widths of the open line's cells */
	size_t widths[TABLE_COLUMNS];
};

/* Until table_end() the table stays where it is. */
void table_begin(struct table *table, const char *indent, size_t columns);
/* Closes the open cell. */
void table_cell(struct table *table);
/* Closes the open cell and its line: the cells it lacks are empty. */
void table_row(struct table *table);
/* Puts the lines on `slate`; the next table of this kind may follow. Many small
 * tables cost less this way than each by itself. */
void table_write(struct table *table, struct slate *slate);
/* Writes the lines; nothing is left to be freed. */
void table_end(struct table *table, FILE *out);

#endif
