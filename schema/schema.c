/* SPDX-License-Identifier: MIT */
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

const struct code_row code_rows[] = {
#define ROW(number, name, exit, title, advice) \
	{ number, #name, exit, title, advice },
	CODES(ROW)
#undef ROW
};

const size_t code_row_count = sizeof(code_rows) / sizeof(code_rows[0]);

static int compare_name(const void *key, const void *item)
{
	const struct schema_file *file = item;

	return strcmp(key, file->name);
}

static int compare_code(const void *key, const void *item)
{
	const unsigned *code = key;
	const struct code_row *row = item;

	return (*code > row->code) - (*code < row->code);
}

const struct schema_file *schema_find(const char *name)
{
	return bsearch(name, schema_files, schema_file_count,
	               sizeof(schema_files[0]), compare_name);
}

const struct code_row *code_find(unsigned code)
{
	return bsearch(&code, code_rows, code_row_count, sizeof(code_rows[0]),
	               compare_code);
}
