/* SPDX-License-Identifier: MIT */
/*
 * Document: bytes to trees of small nodes with their place inside, and back.
 *
 * documents_new() -> document_load() (reads, extends, merges)  -> tree
 *                 -> document_parse() (one file's bytes)       -> tree
 *
 * Scalars stay text as written; node_scalar() says what YAML 1.2's core schema
 * makes of it (`no`, `on`, `1_000` are strings; `0123`, `1e3`, `true` are not
 * when plain). Who checks decides what is wanted. Anchors and aliases are
 * expanded by sharing, within LIMIT_YAML_NODES. All trees of a run live in one
 * `struct documents` and are not changed after they are built.
 */
#ifndef RECONCILE_DOCUMENT_DOCUMENT_H
#define RECONCILE_DOCUMENT_DOCUMENT_H

#include "base/diag.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

struct documents;
struct source;

enum node_type { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

enum node_style { NODE_PLAIN, NODE_QUOTED, NODE_BLOCK };

/* 32 bytes. Read by the functions below, or directly where it must be fast. */
struct node {
	uint8_t type;  /* enum node_type */
	uint8_t style; /* enum node_style, of scalars */
	uint16_t file; /* index, for node_place() */
	uint32_t line, column;
	uint32_t count;  /* items; pairs of a mapping */
	uint64_t length; /* bytes of a scalar; keys of a mapping that null
	                  * removed, behind its pairs: node_removed() */
	union {
		const char *text;        /* NUL-terminated */
		const struct node *kids; /* items; key, value, key, value */
	};
};

/* What the core schema resolves a scalar to. */
enum scalar_kind {
	SCALAR_NULL,
	SCALAR_BOOLEAN,
	SCALAR_INTEGER,
	SCALAR_FLOAT,
	SCALAR_STRING
};

struct documents *documents_new(void) MUST_CHECK;
void documents_free(struct documents *documents);
DEFINE_CLEANUP(documents)

/*
 * The memory of a large text that was read, for who needs about as much next:
 * to use it again is cheaper than to have other given by the system. The
 * caller's, of malloc(); NULL: there is none.
 */
void *documents_take_spare(struct documents *documents, size_t *size)
	MUST_CHECK;

/*
 * Parses one YAML file. `display` is copied: it is what places say. NULL after
 * reporting: CODE_YAML_SYNTAX, CODE_YAML_TAB, CODE_YAML_ENCODING,
 * CODE_YAML_DEPTH, CODE_YAML_EXPANSION,
 * CODE_YAML_KEY (a key that is no scalar, or `<<`), CODE_YAML_TAG,
 * CODE_YAML_ALIAS, CODE_TOO_LARGE (a scalar), CODE_EMPTY_FILE,
 * CODE_SEVERAL_DOCUMENTS. What does not stop libyaml (keys, tags, aliases,
 * long texts) is all reported in one go. A null stays a null.
 *
 * A key given twice is reported (CODE_DUPLICATE_KEY, both places), and the tree
 * is made all the same, so that what else is wrong comes out in the same run:
 * who needs to know counts the errors.
 */
const struct node *document_parse(struct documents *documents,
                                  const char *display, const char *bytes,
                                  size_t length, struct diag *diag) MUST_CHECK;

/*
 * Loads the source's first file with all it `extends` (a list of paths, or
 * one): fragments are merged under the file that names them, in their order,
 * later over earlier, but each file once: where the first of two is extended by
 * the second, or both extend a third, a file stands over all that it extends.
 * Maps merge, everything else replaces, `null` removes.
 * A cycle, a missing file, more than LIMIT_EXTENDS_DEPTH or LIMIT_FILES are
 * reported at the entry of `extends`; `environment`, `platform` or `ledger` in
 * a fragment where it stands, with the entry as a note. A file is read once,
 * also where several name it. The merged tree has no `extends`, and no null as
 * the value of a key (in a list it stays); which keys null removed is kept
 * aside, for who merges more under it. All mistakes of all files are reported
 * before it returns NULL.
 */
const struct node *document_load(struct documents *documents,
                                 struct source *source, struct diag *diag)
	MUST_CHECK;

/* `over` merged over `under`, as document_load() does. Shares both. */
const struct node *document_merge(struct documents *documents,
                                  const struct node *under,
                                  const struct node *over) MUST_CHECK;

/* `map` with the keys in `names` as `from`, another tree of these documents,
 * has them: where it has none they are gone. Shares both. */
const struct node *document_graft(struct documents *documents,
                                  const struct node *map,
                                  const struct node *from,
                                  const char *const *names) MUST_CHECK;

/* The tree below `node` of the documents `from` once more, which may go before
 * the copy does. `documents` are new ones. */
const struct node *document_copy(struct documents *documents,
                                 const struct documents *from,
                                 const struct node *node) MUST_CHECK;

/* A JSON text as a tree, with the line and column of nothing (0): for
 * machine-made files and tests. */
const struct node *document_parse_json(struct documents *documents,
                                       const char *display, const char *bytes,
                                       size_t length, struct diag *diag)
	MUST_CHECK;

/*
 * A tree as bytes, and back: what is embedded is parsed when the program is
 * built (schema_find_tree()). Places stay; their file is `display`. The bytes
 * are ours, so they are right, and they outlive the tree, which borrows from
 * them. document_pack(): 0, or -1 when `out` could not be written.
 */
int document_pack(const struct node *root, FILE *out) MUST_CHECK;
const struct node *document_unpack(struct documents *documents,
                                   const char *display, const char *bytes,
                                   size_t length) MUST_CHECK;

/* Display names of every file parsed, in order. */
size_t documents_file_count(const struct documents *documents);
const char *documents_file(const struct documents *documents, size_t index);

/* The place lives as long as the documents. */
struct place node_place(const struct documents *documents,
                        const struct node *node);

/* Where the value stood that the one at `place`, of another file, replaced when
 * the two were merged; false when it replaced none. */
bool documents_overridden(const struct documents *documents, struct place place,
                          struct place *under);

enum scalar_kind node_scalar(const struct node *node);
bool node_is_null(const struct node *node);
/* Text of a scalar, else NULL. */
const char *node_text(const struct node *node);

/* Value under `name`, NULL when `map` is NULL, no mapping or has none. */
const struct node *node_get(const struct node *map, const char *name);
/* Item or pair `index`; asserted to be in range. */
static inline const struct node *node_item(const struct node *sequence,
                                           size_t index)
{
	assert(sequence->type == NODE_SEQUENCE && index < sequence->count);
	return &sequence->kids[index];
}

static inline const struct node *node_key(const struct node *map, size_t index)
{
	assert(map->type == NODE_MAPPING && index < map->count);
	return &map->kids[2 * index];
}

static inline const struct node *node_value(const struct node *map,
                                            size_t index)
{
	assert(map->type == NODE_MAPPING && index < map->count);
	return &map->kids[2 * index + 1];
}

/* Key number `index` of the `length` that null removed from a mapping. */
const struct node *node_removed(const struct node *map, size_t index);
/* True for the plain scalar `true`; `fallback` when node is NULL. */
bool node_boolean(const struct node *node, bool fallback);
/* A plain integer in range (also `1e3`), else `fallback`. */
int64_t node_integer(const struct node *node, int64_t fallback);
/* A plain number; NaN for anything else. */
double node_number(const struct node *node);

/* The tree as JSON in canonical form: keys sorted, no spaces, numbers and
 * booleans as typed by node_scalar(). */
char *node_json(const struct node *node) MUST_CHECK;

/*
 * One source line for diag_set_lines() (`context` is the struct source): read
 * again from the source (once per file: it is kept there), cut 200 characters
 * behind the place, with what stands behind a key that names a secret (secret,
 * apiKey, password, token, privateKey … and misspellings, unless it is a
 * mapping of a reference) masked, also on the lines of a block below such a
 * key, in comments beside it, and where the file is no YAML any more; so are
 * all values of `extra`, whose keys say nothing. A severity is shown whatever
 * the rule's name.
 */
char *document_line(const struct place *place, void *context) MUST_CHECK;

/* ---- writing ---- */

/*
 * A YAML writer: block style, two spaces, strings quoted unless they surely
 * stand for themselves. Calls nest as the document does; what is inside a flow
 * map is flow too. Text is NUL-terminated UTF-8; what is written is read back
 * as the same tree. A comment stands on lines of its own: before the document,
 * a key or an item, but not before the first of a map that is an item.
 */
struct yaml_writer;

struct yaml_writer *yaml_writer_new(FILE *out) MUST_CHECK;
/* Ends the document; -1 when writing did not go through. */
int yaml_writer_end(struct yaml_writer *writer) MUST_CHECK;
void yaml_comment(struct yaml_writer *writer, const char *text);
void yaml_map(struct yaml_writer *writer);
void yaml_flow_map(struct yaml_writer *writer);
void yaml_map_end(struct yaml_writer *writer);
void yaml_list(struct yaml_writer *writer);
void yaml_list_end(struct yaml_writer *writer);
/* A key, or a string value or item. */
void yaml_text(struct yaml_writer *writer, const char *text);
/* A plain scalar as it is: true, 12, null. */
void yaml_plain(struct yaml_writer *writer, const char *text);

#endif
