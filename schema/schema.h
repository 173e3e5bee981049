/* SPDX-License-Identifier: MIT */
/*
 * Schema: the data that everything may read.
 *
 * The files of this folder (JSON Schemas, bindings, connector profiles),
 * embedded at build time, and the table of codes.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "schema/codes.h"

#include <stddef.h>

struct schema_file {
	const char *name;  /* "config.schema.json", "platforms/alloy.yaml" */
	const char *bytes; /* NUL-terminated; static */
	size_t length;
};

/* Sorted by name. */
extern const struct schema_file schema_files[];
extern const size_t schema_file_count;

/* NULL when there is no such file. */
const struct schema_file *schema_find(const char *name);

/*
 * The trees of those that are YAML or JSON, packed when the program was built:
 * for document_unpack(). Not linked where nobody asks for one.
 */
extern const struct schema_file schema_trees[];
extern const size_t schema_tree_count;
const struct schema_file *schema_find_tree(const char *name);

/* The table of codes, sorted by number. */
extern const struct code_row code_rows[];
extern const size_t code_row_count;

/* What is known of a code; NULL for a number that is none. */
const struct code_row *code_find(unsigned code);

#endif
