/* SPDX-License-Identifier: MIT */
/* Compile: what the files that turn a schema into rules share. */
#ifndef RECONCILE_SHAPE_COMPILE_H
#define RECONCILE_SHAPE_COMPILE_H

#include "shape/rule.h"

/* A schema that has its rule already. */
struct made {
	const struct node *node;
	struct rule *rule;
};

struct compiler {
	struct shape *shape;
	const char *name;
	const struct node *root;
	struct diag *diag;
	struct made *made;
	size_t made_count, made_capacity;
};

struct keyword;

typedef int keyword_fn(struct compiler *compiler, struct rule *rule,
                       const struct keyword *keyword, const struct node *value);

struct keyword {
	const char *name;
	keyword_fn *set; /* 0, or -1 after reporting */
	size_t offset;   /* of the member of struct rule */
};

/* NULL for what is none. */
const struct keyword *shape_keyword(const char *name);

/* The rule of a schema; NULL after reporting. */
struct rule *shape_compile(struct compiler *compiler, const struct node *node)
	MUST_CHECK;

/* Reports that `keyword` makes the schema useless. Always -1. */
int shape_refuse(const struct compiler *compiler, const char *keyword,
                 const char *why);

/* What a JSON pointer, as it stands in a URL's fragment, leads to; or NULL. */
const struct node *shape_pointer(const struct node *root, const char *pointer);

#endif
