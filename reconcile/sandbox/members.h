/* SPDX-License-Identifier: MIT */
/* Members: what a body may hold, as a table. */
#ifndef RECONCILE_SANDBOX_MEMBERS_H
#define RECONCILE_SANDBOX_MEMBERS_H

#include "sandbox/answer.h"

enum member_type {
	MEMBER_TEXT, /* not empty, at most `longest` characters */
	MEMBER_BOOLEAN,
	MEMBER_COUNT, /* a whole number of at least 1 */
	MEMBER_TEXTS, /* an array of strings; what they hold is not checked */
	MEMBER_MAP,   /* an object, any */
	MEMBER_ANY    /* whatever; its own code checks it */
};

enum member_traits {
	MEMBER_REQUIRED = 1 << 0,
	MEMBER_READ_ONLY = 1 << 1, /* answered, but refused in a body */
	MEMBER_NULLABLE = 1 << 2,  /* or null */
	MEMBER_EMPTY = 1 << 3      /* a text that may be empty */
};

struct member {
	const char *name;
	enum member_type type;
	unsigned traits;
	size_t longest;
};

/* What one object may hold. */
struct members {
	const struct member *rows;
	size_t count;
	/* The name of that object, for refusals: "credentials" makes it
	 * `credentials.client_id`; NULL: it is the body. */
	const char *within;
};

/* Checks in the order of the object, then for what is missing. 0; or -1 with
 * the first refusal in the reply. */
int members_check(const struct call *call, json_t *object,
                  const struct members *members) MUST_CHECK;

#endif
