/* SPDX-License-Identifier: MIT */
/*
 * A call on its way through the sandbox, and the tables that say where to.
 *
 *     match a route -> faults -> key -> pace -> the dialect's own checks ->
 *     body -> the route's handler -> faults
 *
 * Who refuses a call fills in its reply (answer_refuse()) and returns -1. What
 * differs by platform is in its `struct dialect`.
 */
#ifndef RECONCILE_SANDBOX_CALL_H
#define RECONCILE_SANDBOX_CALL_H

#include "sandbox/dialect.h"
#include "sandbox/faults.h"
#include "sandbox/race.h"
#include "sandbox/requests.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"

#include <stdbool.h>

#include <jansson.h>

struct environment {
	char *name, *key;
	char *scopes;   /* of the key; NULL: all */
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
	struct rate rate;
	struct window window; /* where all keys share one */
	unsigned quirks;      /* bit I: the dialect's quirk I is on */
	char *allowed;        /* of the Allow header sent last */
	char *location;       /* of the Location header sent last */
	struct requests *requests;
	struct faults faults;
	struct race race;
};

enum { CALL_CAPTURES = 2 };

struct call {
	const struct http_call *http;
	struct http_reply *reply;
	struct sandbox *sandbox;
	refuse_fn *refuse; /* the dialect's; the admin side has its own */
	const struct route *route;     /* NULL: no such path or method */
	const struct fault_rule *rule; /* that it met; NULL */
	struct environment *environment;
	/* What stood for {…} in the path, percent-decoded. */
	char *captures[CALL_CAPTURES];
	json_t *body; /* NULL when the route takes none */
};

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

/* Is the dialect's quirk of this index on? */
bool call_has_quirk(const struct call *call, unsigned quirk);

/* Its index, or -1. */
int sandbox_quirk_find(const struct dialect *dialect, const char *name)
	MUST_CHECK;
/* "early-end, …", or "none". */
char *sandbox_quirk_names(const struct dialect *dialect) MUST_CHECK;

/* True when the key has a scope, itself or by one that ends with `:*`. */
bool call_has_scope(const struct call *call, const char *scope);

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
handle_fn admin_set_race;
handle_fn admin_set_list_mode;
handle_fn admin_show_faults;
handle_fn admin_set_faults;
handle_fn admin_clear_faults;
handle_fn admin_hurry_faults;

/*
 * Adds what an admin gave for an object, all that is missing made up. Steals
 * `given`. 0; -1 with the reply, and the store then as it is in the midst.
 */
int admin_add(struct call *call, int64_t environment, json_t *given) MUST_CHECK;

/* The one that ?environment= names, or the first; NULL after refusing. */
struct environment *admin_environment(struct call *call) MUST_CHECK;

#endif
