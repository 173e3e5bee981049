/* SPDX-License-Identifier: MIT */
/*
 * By hand: a platform without an API for auth configs. Its binding holds what
 * a person does there, step by step, with gaps for the values of a change.
 */
#ifndef RECONCILE_PLATFORM_MANUAL_H
#define RECONCILE_PLATFORM_MANUAL_H

#include "platform/binding.h"

enum gap_kind {
	GAP_NONE, /* plain text */
	GAP_KEY,
	GAP_ENVIRONMENT,
	GAP_ID,
	GAP_AFTER, /* the declared value; of a secret where it is kept */
	GAP_BEFORE,
	GAP_ADDED,
	GAP_REMOVED
};

struct gap {
	enum gap_kind kind;
	const char *text; /* GAP_NONE: itself; the last four: a name */
};

enum condition_kind {
	WHEN_OWNERSHIP,
	WHEN_DECLARES,
	WHEN_LACKS,
	WHEN_CHANGES,
	WHEN_ADDS,
	WHEN_REMOVES
};

struct condition {
	enum condition_kind kind;
	const char *name;
};

struct instruction {
	struct gap *gaps;
	size_t gap_count;
	struct condition *conditions;
	size_t condition_count;
};

struct instructions {
	struct instruction *items;
	size_t count;
};

enum manual_list {
	MANUAL_CREATE,
	MANUAL_UPDATE,
	MANUAL_REPLACE,
	MANUAL_DELETE,
	MANUAL_LISTS
};

struct manual {
	struct pattern *id;
	const char *id_words;
	struct names fields, given, secrets;
	struct instructions lists[MANUAL_LISTS];
};

/* Sets binding->manual and the traits when there is such a section; checks it
 * and what must not stand beside it. -1 after reporting. */
int manual_compile(struct binding *binding, const struct node *root,
                   struct diag *diag) MUST_CHECK;

#endif
