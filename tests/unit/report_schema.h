/* SPDX-License-Identifier: MIT */
/* Report schema: JSON reports held against schema/plan.schema.json. */
#ifndef TESTS_UNIT_REPORT_SCHEMA_H
#define TESTS_UNIT_REPORT_SCHEMA_H

#include "unit.h"

#include <jansson.h>
#include <stdbool.h>

json_t *schema_read(void);
/* Refuses what is not named, in each object that names anything. */
void schema_make_strict(json_t *schema);
/* True when the text is a document of the schema; reports go to `diag`. */
bool schema_matches(const json_t *schema, const char *text, struct diag *diag);
/* It must be one of the schema made strict. */
void schema_expect(const char *text);

#endif
