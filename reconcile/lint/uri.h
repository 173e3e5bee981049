/* SPDX-License-Identifier: MIT */
/* URI: its parts, as RFC 3986 appendix B splits any text, and what a near
 * miss is. Nothing here decides what is allowed. */
#ifndef RECONCILE_LINT_URI_H
#define RECONCILE_LINT_URI_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A part of a text; `start` NULL: not there. */
struct span {
	const char *start;
	size_t length;
};

struct uri {
	const char *text;
	struct span scheme, userinfo, host, port, path, query, fragment;
};

/* `text` is borrowed. A port that is given but empty has the length 0. */
void uri_parse(const char *text, struct uri *uri);

/* Case is ignored. */
bool span_is(struct span span, const char *lower);

bool uri_is_web(const struct uri *uri); /* http or https */
/* `localhost`, 127.0.0.1 or [::1], and nothing like them. */
bool uri_is_loopback(const struct uri *uri);
/* The host is an IPv4 or IPv6 address. */
bool uri_is_address(const struct uri *uri);

/* In what two URIs may differ and still look the same. */
enum uri_fold {
	FOLD_CASE = 1 << 0,
	FOLD_PORT = 1 << 1,    /* the scheme's own */
	FOLD_SLASH = 1 << 2,   /* at the end of the path */
	FOLD_PERCENT = 1 << 3, /* %7E and ~ */
	FOLD_SCHEME = 1 << 4,  /* http and https */
	FOLD_ALL = (1 << 5) - 1
};

/* For finding twins only. */
struct span uri_fold(const struct uri *uri, unsigned fold, struct arena *arena);
/* enum uri_fold: in what two twins differ; 0 when they are no twins, or the
 * same. */
unsigned uri_difference(const struct uri *a, const struct uri *b,
                        struct arena *arena);
/* "in a trailing slash and in case". */
const char *uri_difference_text(unsigned difference, struct arena *arena);

#endif
