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
	MEMBER_MAP    /* an object, any */
};

enum member_traits {
	MEMBER_REQUIRED = 1 << 0,
	MEMBER_READ_ONLY = 1 << 1 /* answered, but refused in a body */
};

struct member {
	const char *name;
	enum member_type type;
	unsigned traits;
	size_t longest;
};

/* Checks in the order of the body, then for what is missing. 0; or -1 with the
 * first refusal in the reply. */
int members_check(json_t *body, const struct member *members, size_t count,
                  struct http_reply *reply) MUST_CHECK;

#endif
