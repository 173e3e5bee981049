/* SPDX-License-Identifier: MIT */
/*
 * Shape: JSON Schema (draft-07, the keywords we use) over document trees.
 *
 * A schema is compiled to a table once and then walked; every mistake in a
 * tree is reported, with its place, in words made for people:
 *
 *     unknown key `scope`; did you mean `scopes`?
 *     `client.id` must be text: write `"0123"` with quotes
 *
 * Keywords: type, enum, const, properties, required, additionalProperties,
 * patternProperties, propertyNames, minProperties, maxProperties, items,
 * minItems, maxItems, uniqueItems, minLength, maxLength, pattern, minimum,
 * maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, allOf, anyOf,
 * oneOf, not, if/then/else, $ref (within the document), definitions, title,
 * description, examples, default. Unknown ones are errors of the schema, but
 * for ours: `x-unbuilt` (text: the key is of the format but has no effect yet,
 * so it is refused with that text), `x-reference` (the value may only be a
 * secret reference; a literal is refused without being shown), `x-expected`
 * (text: what a pattern wants, for "must be …"). A `title` is used in messages
 * where a value fits none of several alternatives.
 */
#ifndef RECONCILE_SHAPE_SHAPE_H
#define RECONCILE_SHAPE_SHAPE_H

#include "base/diag.h"

struct documents;
struct node;
struct shape;

/*
 * Compiles a schema (JSON text). `name` is for reports. NULL after reporting
 * CODE_BAD_SCHEMA.
 */
struct shape *shape_new(const char *name, const char *json, size_t length,
                        struct diag *diag) MUST_CHECK;
/* An embedded one, "config.schema.json"; asserted to exist and compile. */
struct shape *shape_embedded(const char *name) MUST_CHECK;
void shape_free(struct shape *shape);
DEFINE_CLEANUP(shape)

/* 0, or -1 after reporting all mistakes (the first 10 * LIMIT_REPORTS). */
int shape_check(const struct shape *shape, const struct documents *documents,
                const struct node *root, struct diag *diag) MUST_CHECK;

#endif
