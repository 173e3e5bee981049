/* SPDX-License-Identifier: MIT */
/*
 * A binding, compiled: what binding.schema.json describes, as tables.
 *
 * document -> shape_check() -> binding_compile() -> binding_check()
 *          -> binding_derive() (traits)
 */
#ifndef RECONCILE_PLATFORM_BINDING_H
#define RECONCILE_PLATFORM_BINDING_H

#include "base/arena.h"
#include "base/hash.h"
#include "document/document.h"
#include "platform/codec.h"
#include "platform/platform.h"
#include "platform/pointer.h"
#include "platform/template.h"

struct pattern;

/* ---- the names of the environment file ---- */

enum member_type {
	MEMBER_TEXT,
	MEMBER_BOOLEAN,
	MEMBER_SET,
	MEMBER_JSON,
	MEMBER_SECRET,
	MEMBER_KEY, /* platformKey: not a field, but written like one */
};

/* False when the format has no such field or secret. */
bool member_find(const char *name, enum member_type *type);
/* The one meant, or NULL. */
const char *member_nearest(const char *name);

/* ---- fields in bodies ---- */

/* A word of ours and the platform's, which is JSON. */
struct pair {
	const char *ours;
	json_t *theirs;          /* in writes */
	const char *theirs_text; /* in reads: of a text, number or boolean */
};

struct mapping {
	const char *name;
	enum member_type type;
	struct pointer at;
	const struct codec *codec; /* MEMBER_SET; never NULL there */
	bool codec_given;
	struct pair *pairs;
	size_t pair_count;
	struct pattern **masked;
	size_t masked_count;
	bool empty_none;
	/* Reads of ownership: what an empty text means, and any other. */
	const char *when_empty, *when_filled;
	const struct value_form *form; /* of writes; or NULL */
	struct place place;
};

struct mappings {
	struct mapping *items;
	size_t count;
};

/* NULL when it is not mapped. */
const struct mapping *mappings_find(const struct mappings *mappings,
                                    const char *name);

struct constant {
	struct pointer at;
	json_t *value;
	struct place place;
};

struct named_template {
	const char *name;
	struct template value;
};

struct named_templates {
	struct named_template *items;
	size_t count;
};

/* What answers say that are no good ones. */
struct errors {
	struct pointer *messages, *codes;
	size_t message_count, code_count;
	struct pointer request_id;
	const char **gone; /* codes, as texts */
	size_t gone_count;
};

/* One call of the API. */
struct operation {
	const char *method; /* NULL: the binding has none such */
	struct template path;
	struct named_templates query;
	int *ok;
	size_t ok_count;
	const char *ownership; /* `when`; NULL: any */
	struct constant *constants;
	size_t constant_count;
	struct pointer id, object, success;
	struct mappings fields;
	struct errors errors; /* its own, or the binding's */
	struct place place;
};

struct operations {
	struct operation *items;
	size_t count;
};

/* ---- lists ---- */

struct paging; /* pages.c */

struct page {
	const struct paging *kind;
	const char *parameter;         /* or NULL */
	int64_t first;                 /* -1: not given */
	const struct paging *fallback; /* when the list is short; or NULL */
	struct pointer next, total;
	const char *limit_parameter; /* or NULL */
	int64_t limit;
	struct place place;
};

const struct paging *paging_find(const char *name);
/* What is missing or too much for its kind; NULL: nothing. */
const char *paging_problem(const struct page *page);

/* ---- reading ---- */

struct secret_mapping {
	const char *name;
	enum secret_readback readback;
	struct pointer at;
	unsigned hint_length; /* 0: not given */
	json_t *unset;        /* or NULL */
	struct place place;
};

struct reading {
	struct pointer id, platform_key, updated_at, connections;
	/* Without it the API key lacks `permission`; may be not given. */
	struct pointer present;
	const char *permission;
	struct mappings fields;
	struct secret_mapping *secrets;
	size_t secret_count;
	struct place place;
};

/* ---- calls beside those of the auth config itself ---- */

/* A call that sets `enabled`, and nothing else. */
struct enabling {
	struct operation operation; /* no method: there is none */
	const char *words[2];       /* of false and true */
	int initial;                /* of a new object: 0 or 1; -1: not known */
};

/* A call that lists users' connections. */
struct counting {
	struct operation operation; /* no method: there is none */
	struct pointer items, match;
	int64_t most; /* as many are no count; 0: no limit */
	struct page page;
};

/* ---- all of it ---- */

struct parameter {
	const char *name;
	struct pattern *pattern; /* or NULL */
	struct place place;
	const char *description; /* or NULL */
};

struct name_place {
	const char *name;
	struct place place;
};

struct names {
	struct name_place *items;
	size_t count;
};

struct manual; /* manual.h */
struct around; /* around.h */

struct binding {
	struct arena *arena;
	struct documents *documents;
	const char *name, *url;
	const char *file; /* a user's own; NULL: built in */
	enum binding_status status;
	bool then_get, cascade, unique_names;
	char hash[HASH_HEX_SIZE];
	struct place url_place;
	struct named_templates headers;
	struct parameter *parameters;
	size_t parameter_count;
	struct errors errors;
	struct operation list, get, remove;
	struct enabling enabling;
	struct counting counting;
	struct pointer items;
	struct page page;
	struct operations creates, updates;
	struct names *groups;
	size_t group_count;
	struct names immutable, filled;
	struct manual *manual; /* NULL: it goes by requests */
	struct around *around; /* the calls around auth configs; never NULL */
	struct reading reading;
	/* Settable fields that no answer shows: unreadable in every object. */
	const char **unread;
	size_t unread_count;
	enum update_semantics semantics;
	enum secret_omit secret_omit;
	bool secret_omit_given;
	struct traits traits;
	/* What the arena does not free. */
	struct pattern **patterns;
	size_t pattern_count, pattern_capacity;
	json_t *values; /* an array that holds every constant */
};

/* True when one of the variants maps it. */
bool operations_map(const struct operations *operations, const char *name);
/* True when the variant that is used decides it: `when`. */
bool operations_choose(const struct operations *operations, const char *name);
bool names_hold(const struct names *names, const char *name);

/* Fills the binding in from a tree that passed the schema. -1 after reporting
 * what only its words tell: patterns, templates, names. */
int binding_compile(struct binding *binding, const struct node *root,
                    struct diag *diag) MUST_CHECK;

/* Reports everything in which it contradicts itself. */
int binding_check(const struct binding *binding, struct diag *diag) MUST_CHECK;

void binding_derive(struct binding *binding);

#endif
