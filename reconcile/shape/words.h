/* SPDX-License-Identifier: MIT */
/* Words: what is said about a value and where it stands. */
#ifndef RECONCILE_SHAPE_WORDS_H
#define RECONCILE_SHAPE_WORDS_H

#include "shape/rule.h"

/* The way from the root to a value. NULL is the root. */
struct step {
	const struct step *up;
	const struct node *key; /* of a mapping; NULL in a list */
	size_t index;           /* in a list */
};

/* One walk over a tree. Without a diag it only finds out. */
struct check {
	const struct documents *documents;
	struct diag *diag;
	unsigned hidden; /* > 0: values may be secrets and are not shown */
};

/* "`authConfigs.slack-crm.scopes[1]`", or "the file". */
char *words_path(const struct step *step) MUST_CHECK;

/* ", not `x`", ", not a list", … or "" where it must not be shown. */
char *words_instead(const struct check *check, const struct node *node)
	MUST_CHECK;

/* "text or a list". */
char *words_kinds(unsigned kinds) MUST_CHECK;

/* What a rule wants, for "must be …": its constants, title or kinds. */
char *words_wanted(const struct rule *rule) MUST_CHECK;

/* The wishes of several, but for those that are not built. */
char *words_either(const struct rules *rules) MUST_CHECK;

/* "; did you mean `x`?", or which keys are known. */
char *words_nearest(const struct rule *rule, const char *name) MUST_CHECK;

/* Reports at the node, unless nothing is to be said. Always -1. */
int shape_report(struct check *check, unsigned code, const struct node *node,
                 const char *format, ...) PRINTF_LIKE(4, 5);

/* Where to say that something is missing: the key above, else the node. */
const struct node *words_anchor(const struct node *node,
                                const struct step *step);

#endif
