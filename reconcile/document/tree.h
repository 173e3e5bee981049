/* SPDX-License-Identifier: MIT */
/* Tree: what the files of this room share about documents and their keys. */
#ifndef RECONCILE_DOCUMENT_TREE_H
#define RECONCILE_DOCUMENT_TREE_H

#include "base/arena.h"
#include "base/file.h"
#include "document/document.h"

struct file {
	const char *display;
	bool holds_null; /* as a value of a mapping, somewhere */
};

/* A value of one file that stands where another file had one. */
struct override {
	struct place over, under;
};

struct documents {
	struct arena *arena;
	struct file *files;
	size_t file_count, file_capacity;
	struct override *overrides;
	size_t override_count, override_capacity;
	size_t node_count; /* of all files, aliases expanded */
	struct buffer spare;
};

/* The index of a new file. */
uint16_t documents_add_file(struct documents *documents, const char *display);

/* ---- keys ---- */

bool node_equals_key(const struct node *a, const struct node *b);

/* The keys of a mapping that are scalars, sorted, equal ones by index. */
struct key {
	uint64_t head; /* the first bytes in which keys differ, for sorting */
	const struct node *node;
	size_t index;
};

struct keys {
	struct key *items;
	size_t count;
};

void keys_sort(struct keys *keys, const struct node *map);
void keys_release(struct keys *keys);
/* One that equals `key`; NULL when there is none. */
const struct key *keys_find(const struct keys *keys, const struct node *key);

/* Caches of keys lately seen: a key has two slots, this one and the next, so
 * that of two which meet there neither drives out the other. */
enum { KEY_SLOTS = 128 };

static inline size_t key_slot(const char *text, size_t length)
{
	const char *last = length ? text + length - 1 : text;
	uint32_t mixed = (uint32_t)length ^
	                 (uint32_t)(unsigned char)text[0] << 8 ^
	                 (uint32_t)(unsigned char)text[length / 2] << 16 ^
	                 (uint32_t)(unsigned char)*last << 24;

	return (mixed * 0x9e3779b1U) >> 25 & ~(size_t)1;
}

/* What is counted, `app-17`, comes once: it would only drive out others. */
static inline bool is_counted_key(const char *text, size_t length)
{
	return length && text[length - 1] >= '0' && text[length - 1] <= '9';
}

/* Reports every key that stood in `map` before. */
void keys_check_unique(const struct documents *documents,
                       const struct node *map, struct diag *diag);

/* ---- tags ---- */

/* True when a tag says of a value what it is anyway, or that it is text, which
 * it then becomes. */
bool node_meets_tag(struct node *node, const char *tag);

/* ---- names ---- */

/* True when what stands under the key `name` is probably a secret: "apiKey",
 * "client_secret", and what looks like a misspelling of such. */
bool is_secret_name(const char *name, size_t length);

#endif
