/* SPDX-License-Identifier: MIT */
/*
 * A call on its way through the sandbox, and the tables that say where to.
 *
 *     match a route -> faults -> key -> pace -> the dialect's own checks ->
 *     body -> the route's handler -> faults
 *
 * Who refuses a call fills in its reply and returns -1.
 */
#ifndef RECONCILE_SANDBOX_CALL_H
#define RECONCILE_SANDBOX_CALL_H

#include "sandbox/faults.h"
#include "sandbox/pace.h"
#include "sandbox/requests.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"

#include <stdbool.h>

#include <jansson.h>

struct environment {
	char *name, *key;
	int64_t number; /* in the store */
	struct window window;
};

struct sandbox {
	const struct dialect *dialect;
	const struct clock *clock;
	struct store *store;
	struct environment *environments;
	size_t environment_count;
	char *admin_token;
	enum sandbox_omit secret_omit;
	unsigned rate_limit;
	struct pace_texts pace;
	char *allowed; /* of the Allow header sent last */
	struct requests *requests;
	struct faults faults;
};

enum { CALL_CAPTURES = 2 };

struct call {
	const struct http_call *http;
	struct http_reply *reply;
	struct sandbox *sandbox;
	const struct route *route; /* NULL: no such path or method */
	struct environment *environment;
	char *captures[CALL_CAPTURES]; /* what stood for {…} in the path */
	json_t *body;                  /* NULL when the route takes none */
};

enum route_traits {
	ROUTE_LIST = 1 << 0,   /* what the list modes spoil */
	ROUTE_BODY = 1 << 1,   /* takes a JSON object; without it: no body */
	ROUTE_UNTYPED = 1 << 2 /* its content type is not looked at */
};

typedef void handle_fn(struct call *call);

struct route {
	const char *method;
	const char *path; /* "/auth-configs/{id}" */
	handle_fn *handle;
	unsigned traits;
};

struct routes {
	const struct route *rows;
	size_t count;
};

/* What the generator draws for one object, in no dialect's words. */
struct sample {
	const char *id, *connector, *name, *client_id, *client_secret;
	json_t *scopes; /* borrowed */
};

/* One platform's way of speaking. */
struct dialect {
	const char *name;
	struct routes routes;
	/* The members of a list's answer, and of an object, that the admin
	 * side and the list modes need to know. */
	const char *items, *total, *cursor, *id, *secret, *updated;
	/* Checks what every call needs (headers). 0, or -1 when refused. */
	int (*admit)(struct call *call);
	/* A whole object, as it is answered, from what an admin gave; never
	 * refuses. */
	json_t *(*complete)(const struct call *call, json_t *given);
	json_t *(*draw)(const struct sample *sample);
};

extern const struct dialect dialect_alloy;

/* Sets the route and the captures, when there is one for path and method. */
void call_find_route(struct call *call, const struct routes *routes);

/* 0 when a route was found; -1 with the reply 404, or 405 and an Allow header
 * when the path has other methods. */
int call_check_route(struct call *call, const struct routes *routes) MUST_CHECK;

/* Checks and reads the body as the route wants it. 0, or -1 when refused. */
int call_read_body(struct call *call) MUST_CHECK;

void call_release(struct call *call);

/* Refuses queries that are not among the (at most 8) names; 0 or -1. */
int call_check_queries(const struct call *call, const char *const *names,
                       size_t count) MUST_CHECK;

/* The time now, for createdAt and the like. */
void call_now(const struct call *call, char out[CLOCK_TEXT_SIZE]);

/* 24 random hexadecimal digits. */
enum { OBJECT_ID_SIZE = 25 };
void object_id_make(char out[OBJECT_ID_SIZE]);

/* The admin side; it never uses call->environment. */
void admin_serve(struct call *call);
handle_fn admin_show_store;
handle_fn admin_load_store;
handle_fn admin_patch_object;
handle_fn admin_delete_object;
handle_fn admin_seed;

/*
 * Adds what an admin gave for an object, all that is missing made up. Steals
 * `given`. 0; -1 with the reply, and the store then as it is in the midst.
 */
int admin_add(struct call *call, int64_t environment, json_t *given) MUST_CHECK;

/* The one that ?environment= names, or the first; NULL after refusing. */
struct environment *admin_environment(struct call *call) MUST_CHECK;

#endif
