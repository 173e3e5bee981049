/* SPDX-License-Identifier: MIT */
/* Templates: paths, queries and headers with {id}, {secret.apiKey} and
 * {parameter.NAME} in them. Bodies have none. */
#ifndef RECONCILE_PLATFORM_TEMPLATE_H
#define RECONCILE_PLATFORM_TEMPLATE_H

#include "base/arena.h"
#include "base/diag.h"

enum piece_kind { PIECE_TEXT, PIECE_ID, PIECE_KEY, PIECE_PARAMETER };

struct piece {
	enum piece_kind kind;
	const char *text; /* PIECE_TEXT; PIECE_PARAMETER: its name */
};

struct template
{
	const struct piece *pieces;
	size_t count;
	struct place place;
};

/* What the gaps are filled with. */
struct filling {
	const char *id;
	const char *key;
	/* Of a parameter; never NULL for one that is declared. */
	const char *(*parameter)(const char *name, void *context);
	void *context;
};

/* -1 after reporting CODE_BAD_BINDING: braces that do not match, or hold none
 * of the three. */
int template_parse(struct arena *arena, const char *text, struct place place,
                   struct template *out, struct diag *diag) MUST_CHECK;

size_t template_count(const struct template *template, enum piece_kind kind);

/* The caller's, in memory of just its size: it may hold the key. With `escape`
 * what fills the gaps goes through it. */
char *template_text(const struct template *template,
                    const struct filling *filling,
                    char *(*escape)(const char *)) MUST_CHECK;

#endif
