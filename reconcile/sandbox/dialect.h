/* SPDX-License-Identifier: MIT */
/*
 * Dialect: one platform's way of speaking, as data where it can be.
 *
 * A dialect has its routes and their handlers. All that the other parts of the
 * sandbox (key, pace, refusals, the admin side, the list modes) must know to
 * speak as that platform does stands in its `struct dialect`.
 *
 * What is stored of an auth config is the text of a JSON object and, beside
 * it, its client secret. The text need not be what a read answers: Alloy's is,
 * others' handlers hide or mask some of it.
 */
#ifndef RECONCILE_SANDBOX_DIALECT_H
#define RECONCILE_SANDBOX_DIALECT_H

#include "sandbox/answer.h"
#include "sandbox/pace.h"

#include <stdbool.h>

#include <jansson.h>

struct record;

enum route_traits {
	ROUTE_LIST = 1 << 0,    /* what list modes and faults spoil */
	ROUTE_BODY = 1 << 1,    /* takes a JSON object; without it: no body */
	ROUTE_UNTYPED = 1 << 2, /* its content type is not looked at */
	ROUTE_OPEN = 1 << 3     /* a browser comes, without a key */
};

typedef void handle_fn(struct call *call);

struct route {
	const char *method;
	const char *path; /* "/auth-configs/{id}" */
	handle_fn *handle;
	unsigned traits;
	const char *operation; /* what rules of faults call it; or NULL */
};

struct routes {
	const struct route *rows;
	size_t count;
	/* What all paths begin with, one of these ("/api/v3"), ends at NULL;
	 * NULL: nothing. */
	const char *const *prefixes;
};

/* How the API key is sent. */
struct keying {
	const char *header;
	const char *scheme;   /* "Bearer ", in any case; "": none */
	enum refusal no_key;  /* no such header, or another scheme */
	enum refusal bad_key; /* a key of no environment */
};

/*
 * What the admin side and the list modes need to know of a list's answer and
 * of an object. NULL where the platform has no such thing: the list modes
 * that need it are then refused.
 */
struct wording {
	/* members of a list's answer */
	const char *items, *total, *cursor;
	/* the whole answer of a list without objects */
	const char *empty_list;
	/* members of an object */
	const char *id, *updated;
	/* times have milliseconds */
	bool milliseconds;
	/* where the secret is: "/clientSecret", "/credentials/client_secret" */
	const char *secret;
};

/* What the generator draws for one object, in no dialect's words. */
struct sample {
	const char *id, *connector, *name, *client_id, *client_secret;
	json_t *scopes; /* borrowed */
};

/* A deviation that is off unless it is asked for (--quirk, /_sandbox/quirks),
 * say a known defect of the platform. */
enum { QUIRKS = 8 };

struct dialect {
	const char *name;
	struct routes routes;
	struct keying keying;
	struct pacing pacing;
	struct wording wording;
	/* Their names, ends at NULL; see call_has_quirk(). */
	const char *quirks[QUIRKS + 1];
	/* The scopes that a key may have, in which `:*` stands at the end for
	 * any words; ends at NULL. NULL: its keys have none. */
	const char *const *key_scopes;
	/* Checks what every call needs (headers), after key, pace and path. 0,
	 * or -1 when refused. NULL: nothing. */
	int (*admit)(struct call *call);
	/* Fills in the reply, status too. NULL: {"message": …}. */
	refuse_fn *refuse;
	/* The cursor of the first page, to be freed; NULL: there are none. */
	char *(*first_cursor)(const struct call *call);
	/* A whole object, as it is stored with its secret, from what an admin
	 * gave, borrowed; never refuses. */
	json_t *(*complete)(const struct call *call, json_t *given);
	/* What an admin might give for the sample. */
	json_t *(*draw)(const struct sample *sample);
};

extern const struct dialect dialect_alloy;
extern const struct dialect dialect_composio;
extern const struct dialect dialect_nango;

#endif
