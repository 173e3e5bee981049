/* SPDX-License-Identifier: MIT */
/*
 * Answers: objects of a platform, into a state. Nothing in them is trusted:
 * every type is checked, and ids before all else.
 */
#ifndef RECONCILE_PLATFORM_ANSWER_H
#define RECONCILE_PLATFORM_ANSWER_H

#include "platform/binding.h"

/* Kept over all objects of a list. */
struct reader {
	const struct binding *binding;
	struct state *state;
	struct items items;
	/* What was wrong last: CODE_BAD_ANSWER, CODE_BAD_ID or
	 * CODE_UNAUTHORISED, and words that name the pointer. */
	unsigned code;
	char *words;
};

void reader_release(struct reader *reader);

/* Adds one object to the state. -1 with `code` and `words` set; the state is
 * then of no more use. */
int reader_object(struct reader *reader, json_t *object) MUST_CHECK;

/* The id that stands there, the caller's; NULL with `code` and `words` set. */
char *reader_id(struct reader *reader, json_t *object, const struct pointer *at)
	MUST_CHECK;

/* True for what the platform shows in place of a value. */
bool mapping_masks(const struct mapping *mapping, const char *text,
                   size_t length);

/* Why it is no id; NULL when it is one. */
const char *id_problem(const char *id, size_t length);

#endif
