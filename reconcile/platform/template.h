/* SPDX-License-Identifier: MIT */
/* Templates: paths, queries and headers with {id}, {value}, {secret.apiKey},
 * {parameter.NAME} and {base64(…)} in them. Bodies have none. */
#ifndef RECONCILE_PLATFORM_TEMPLATE_H
#define RECONCILE_PLATFORM_TEMPLATE_H

#include "base/arena.h"
#include "base/diag.h"

enum piece_kind {
	PIECE_TEXT,
	PIECE_ID,
	PIECE_VALUE, /* the word of a call that sets one field */
	PIECE_KEY,
	PIECE_PARAMETER,
	PIECE_BASE64 /* of what `inside` gives */
};

struct template;

struct piece {
	enum piece_kind kind;
	const char *text; /* PIECE_TEXT; PIECE_PARAMETER: its name */
	const struct template *inside; /* PIECE_BASE64 */
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
	const char *value;
	const char *key;
	/* Of a parameter; never NULL for one that is declared. */
	const char *(*parameter)(const char *name, void *context);
	void *context;
};

/* -1 after reporting CODE_BAD_BINDING: braces that do not match, or hold none
 * of the names there are. */
int template_parse(struct arena *arena, const char *text, struct place place,
                   struct template *out, struct diag *diag) MUST_CHECK;

/* Those inside of others, too. */
size_t template_count(const struct template *template, enum piece_kind kind);

/* The caller's, in memory of just its size: it may hold the key. With `escape`
 * what fills the gaps goes through it. */
char *template_text(const struct template *template,
                    const struct filling *filling,
                    char *(*escape)(const char *)) MUST_CHECK;

#endif
