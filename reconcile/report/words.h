/* SPDX-License-Identifier: MIT */
/* Words: what a change, its fields and its secrets are called, in each format
 * that people read. Where nothing else is said, they are ours: no value of
 * others is in them. */
#ifndef RECONCILE_REPORT_WORDS_H
#define RECONCILE_REPORT_WORDS_H

#include "plan/plan.h"

struct slate;

struct change_mark {
	char mark;
	const char *color; /* SGR */
	const char *words; /* before the id */
	const char *tail;  /* behind the id */
};

extern const struct change_mark change_marks[CHANGE_KINDS];

/* "adopt and update": what is done to it, by kind and row. */
struct verb {
	const char *before, *words;
};
struct verb change_verb(const struct change *change);

/* It becomes another value in this change. */
bool field_is_moved(const struct change *change,
                    const struct field_change *field);
/* It is told also where nobody asked for everything. */
bool field_is_shown(const struct change *change,
                    const struct field_change *field);
/* "drift: changed outside"; "" where the values say it all. */
const char *field_words(const struct field_change *field);

bool secret_is_shown(const struct secret_change *secret);
/* "rotate from env:SECRET, version 1 -> 2"; source and versions are escaped as
 * by slate_text(). */
void secret_said(const struct secret_change *secret, struct slate *slate);
/* Why; "" where there is no need to say. As it is: not escaped. */
const char *secret_reason(const struct secret_change *secret);

/* By enum ledger_mode: what every plan says of it, or NULL. */
extern const char *const ledger_mode_words[];
/* With REPORT_BY_HAND. */
extern const char words_by_hand[];

/* What a run came to that made no plan: "findings", "not done"; "" of 0. */
const char *words_of_exit(int exit);

/* Behind what is held back. */
extern const char words_held[];

/* A new object is made: its fields have no value before. */
bool change_makes(const struct change *change);

#endif
