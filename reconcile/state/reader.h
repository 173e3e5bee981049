/* SPDX-License-Identifier: MIT */
/*
 * Reader: texts and secret references out of a merged tree.
 *
 * NULL stands for "nothing that can be used": it is not there, or of another
 * kind than the shape check wants (which has been reported then), or was
 * reported here, and `failed` is set.
 */
#ifndef RECONCILE_STATE_READER_H
#define RECONCILE_STATE_READER_H

#include "base/arena.h"
#include "document/document.h"
#include "state/state.h"

struct reader {
	const struct documents *documents;
	const struct desired_settings *settings;
	struct arena *arena; /* of texts that had to be made */
	struct diag *diag;
	bool failed;
};

struct place reader_place(const struct reader *reader, const struct node *node);

/* A scalar's text with its variables filled in. */
const char *reader_text(struct reader *reader, const struct node *node);

/* "env:NAME" or "file:PATH" of a mapping with exactly one of the two. */
const char *reader_reference(struct reader *reader, const struct node *node);

/* Canonical JSON of any node, variables filled in inside its texts. */
const char *reader_json(struct reader *reader, const struct node *node);

/* Reports each `${` below a node whose texts are taken as they are. */
void reader_refuse_variables(struct reader *reader, const struct node *node,
                             const char *what);

#endif
