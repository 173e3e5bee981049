/* SPDX-License-Identifier: MIT */
/*
 * Quick JSON: trees from JSON without jansson's between, at a tenth of the
 * cost. Each command reads schemas before it does anything.
 *
 * It knows texts with the escapes of one letter, whole numbers that are not
 * negative, booleans, null, arrays and objects with few names. Anything else it
 * leaves to jansson, whose word counts: it never decides what is no JSON.
 */
#ifndef RECONCILE_DOCUMENT_QUICK_JSON_H
#define RECONCILE_DOCUMENT_QUICK_JSON_H

#include "document/tree.h"

/* The value that is the whole text. False: jansson is to be asked. */
bool quick_json_read(struct documents *documents, uint16_t file,
                     const char *bytes, size_t length, struct node *out)
	MUST_CHECK;

#endif
