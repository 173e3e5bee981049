/* SPDX-License-Identifier: MIT */
/*
 * Platform: any integration platform's auth configs, spoken to by its binding.
 *
 * binding_load() -> binding_traits() (for state and plan)
 *       -> platform_open() -> platform_list() -> state (live)
 *                          -> platform_submit()* platform_turn()* (apply)
 *
 * A binding is a data file (schema/platforms/NAME.yaml): paths, verbs, pages,
 * field pointers, codecs. The engine knows HTTP, JSON Pointer (RFC 6901) and
 * the fixed lists of paging kinds and codecs; no platform's name is in C.
 * Bodies are built by setting pointers. Where there is no API, a binding holds
 * the steps that a person takes.
 */
#ifndef RECONCILE_PLATFORM_PLATFORM_H
#define RECONCILE_PLATFORM_PLATFORM_H

#include "base/clock.h"
#include "base/diag.h"
#include "state/state.h"

#include <stdbool.h>
#include <stdint.h>

struct http_settings;
struct secret;

/* ---- bindings ---- */

struct binding;

/*
 * An embedded binding by name. NULL after reporting CODE_UNKNOWN_BINDING (with
 * "did you mean") at `place`.
 */
struct binding *binding_load(const char *name, struct place place,
                             struct diag *diag) MUST_CHECK;
/* One from bytes: a user's file, or a test's. Reports every mistake with its
 * place (CODE_BAD_BINDING and the shape's codes). */
struct binding *binding_parse(const char *display, const char *bytes,
                              size_t length, struct diag *diag) MUST_CHECK;
/* One of a user's own: as binding_parse(), but it is used only where the
 * operator allows it (binding_check_allowed()). */
struct binding *binding_own(const char *display, const char *bytes,
                            size_t length, struct diag *diag) MUST_CHECK;
void binding_free(struct binding *binding);
DEFINE_CLEANUP(binding)

/*
 * Threats T1, T8: a binding decides where the API key goes, so one that is not
 * built in needs a "FILE@SHA256" among `allowed`, with its very bytes' hash. -1
 * after reporting CODE_BINDING_REFUSED, with the option to give.
 */
int binding_check_allowed(const struct binding *binding,
                          const char *const *allowed, size_t count,
                          struct place place, struct diag *diag) MUST_CHECK;

const char *binding_name(const struct binding *binding);
const char *binding_url(const struct binding *binding); /* default base */
const struct traits *binding_traits(const struct binding *binding);
/* SHA-256 of its bytes, hex; goes into the digest and saved plans. */
const char *binding_hash(const struct binding *binding);
/* How far it can be trusted. */
enum binding_status {
	BINDING_VERIFIED,   /* it was held against the real platform */
	BINDING_DOCUMENTED, /* written from its documentation alone */
	BINDING_UNVERIFIED, /* a guess: loopback only */
	BINDING_STATUSES
};
extern const char *const binding_status_names[BINDING_STATUSES];
enum binding_status binding_status(const struct binding *binding);
bool binding_is_verified(const struct binding *binding);

/* The names of those that are built in, sorted; texts and array the caller's,
 * for binding_names_free(). */
char **binding_names(size_t *count) MUST_CHECK;
void binding_names_free(char **names, size_t count);

/* ---- what a binding says, in words for people ---- */

struct binding_fact {
	const char *name, *words;
};

/* Lists of facts are sorted by name. Texts live in `arena` or the binding. */
struct binding_facts {
	const char *name, *url, *file, *hash;
	enum binding_status status;
	const char *abilities[8]; /* "list", "create" …; "by hand" */
	size_t ability_count;
	const char *paging, *identity, *updates, *connections;
	struct binding_fact *fields, *secrets, *parameters;
	size_t field_count, secret_count, parameter_count;
	const char **traps; /* what surprises who does not know it */
	size_t trap_count;
	struct arena *arena;
};

void binding_tell(const struct binding *binding, struct binding_facts *out);
void binding_facts_release(struct binding_facts *facts);
/* ---- by hand: no API for auth configs, a person works at the platform ---- */

bool binding_is_manual(const struct binding *binding);

/* The rest only of such a binding. */

/* NULL when an id of the platform's looks like that; else what one looks
 * like. */
const char *binding_id_problem(const struct binding *binding, const char *id);
/*
 * Live, as far as it was recorded: an object for each row and each retired id.
 * NULL, and *twin set for free(), when an id stands there twice.
 */
struct state *binding_recorded(const struct binding *binding,
                               const struct state *applied, char **twin)
	MUST_CHECK;

enum manual_deed {
	MANUAL_TO_CREATE,
	MANUAL_TO_UPDATE, /* fields, secrets, or both */
	MANUAL_TO_REPLACE,
	MANUAL_TO_DELETE,
	MANUAL_DEEDS
};

/* A field, or a secret: never its value. */
struct manual_part {
	const char *name;
	struct value before, after;
	const char *source; /* of a declared secret; else NULL */
	bool written;       /* by this change */
};

/* All borrowed. */
struct manual_change {
	enum manual_deed deed;
	const char *key, *environment, *id; /* id NULL: there is none yet */
	const struct manual_part *parts;
	size_t part_count;
};

struct manual_steps {
	char **items;
	size_t count;
};

/* What a person does, in the platform's words. */
void binding_steps(const struct binding *binding,
                   const struct manual_change *change,
                   struct manual_steps *out);
void manual_steps_release(struct manual_steps *steps);

/* ---- the platform ---- */

struct platform;

struct platform_settings {
	const char *url;        /* base URL in force */
	struct place url_place; /* for reports */
	struct place place;     /* of the environment, for network reports */
	struct place binding_place;
	const struct secret *api_key;   /* borrowed */
	const struct node *parameters;  /* the file's; or NULL */
	const char *const *allow_hosts; /* what the operator added */
	size_t allow_host_count;
	const char *const *allow_bindings; /* "FILE@SHA256" */
	size_t allow_binding_count;
	const struct http_settings *http;
};

/*
 * Checks the URL (threats T1: the binding's own origin, loopback, or an
 * allowed host; https off loopback; an unverified binding only on loopback)
 * before any packet, and that the binding may be used. NULL after reporting
 * CODE_BINDING_REFUSED, CODE_HOST_REFUSED, CODE_BAD_URL,
 * CODE_UNVERIFIED_BINDING, CODE_PARAMETER, CODE_KEY_FORM (a key that is not one
 * line of printable ASCII). The network module opens with the first request.
 */
struct platform *platform_open(const struct binding *binding,
                               const struct platform_settings *settings,
                               struct diag *diag) MUST_CHECK;
/* What is still asked for ends as PLATFORM_ABANDONED: what was lent for it may
 * be wiped then. */
void platform_close(struct platform *platform);
/* For CLEANUP(). */
void platform_closep(struct platform **platform);

/* scheme://host[:port] in force. */
const char *platform_origin(const struct platform *platform);
uint64_t platform_requests(const struct platform *platform);
/* Why the next request waits, or NULL. */
const char *platform_waiting(const struct platform *platform);

/*
 * Lists all auth configs (row P4): every page, the total held against the
 * count where the binding names one, repeated ids or cursors and bad ids
 * refused; listed again up to LIMIT_RELISTS times when incomplete. Sorted by
 * id. Objects with unknown enums are AUTH_CONFIG_OPAQUE.
 *
 * NULL after reporting CODE_NETWORK_MODULE, CODE_UNAUTHORISED (401, 403),
 * CODE_NETWORK (no answer),
 * CODE_PLATFORM (any other refusal, with the platform's words),
 * CODE_BAD_ANSWER (no JSON, wrong types), CODE_LIST_INCOMPLETE, CODE_BAD_ID.
 */
struct state *platform_list(struct platform *platform, struct diag *diag)
	MUST_CHECK;

/*
 * How many connections hang on an object, where only a call of its own tells
 * (traits: HAS_CONNECTIONS, and the object of the list says -1). *count is -1
 * where it cannot be known: the platform has no such call, or cuts its list. -1
 * after reporting as platform_list() does, and CODE_REQUEST for an id that is
 * none.
 */
int platform_connections(struct platform *platform, const char *id,
                         int64_t *count, struct diag *diag) MUST_CHECK;

/* ---- writing, and re-reading ---- */

enum platform_verb {
	PLATFORM_GET,
	PLATFORM_CREATE,
	PLATFORM_UPDATE,
	PLATFORM_DELETE
};

struct platform_field {
	const char *name;
	struct value value;
};

struct platform_secret {
	const char *name;
	const struct secret *secret;
};

/* Sent exactly so: nothing is added but the binding's constants. All borrowed
 * until `done`; the body is built at once and wiped after use. */
struct platform_request {
	enum platform_verb verb;
	const char *id;          /* not for create */
	const char *natural_key; /* create, where the client chooses it */
	const char *ownership;   /* "own" or "managed": chooses the variant */
	const struct platform_field *fields;
	size_t field_count;
	const struct platform_secret *secrets;
	size_t secret_count;
};

enum platform_end {
	PLATFORM_DONE,
	PLATFORM_REFUSED,      /* definitely not done: 4xx, or a plain no */
	PLATFORM_UNAUTHORISED, /* 401, 403 */
	PLATFORM_GONE,         /* 404 on get, update or delete */
	PLATFORM_UNSENT,       /* it cannot have seen the request */
	PLATFORM_UNKNOWN,      /* may or may not be done */
	PLATFORM_ABANDONED     /* never started: stopping */
};

/* Borrowed by the callback for its duration. */
struct platform_result {
	enum platform_end end;
	int status;     /* HTTP; 0: no answer */
	const char *id; /* create: of the new object; else NULL */
	/* The platform's words, or the network's; "" when there are none. Cut
	 * to a line, secrets that were sent are blanked. Of what is DONE: why
	 * `enabled`, which has a call of its own (FIELD_APART), is not; the
	 * object as read back shows whether it is. */
	const char *message;
	const char *request_id; /* "" */
	/* The object as the answer shows it (get, or a create or update whose
	 * answer is the object); else NULL. In `object_state`. */
	const struct auth_config *object;
	const struct state *object_state;
};

typedef void platform_done_fn(const struct platform_result *result,
                              void *context);

/* Builds and queues one. -1 after reporting CODE_REQUEST (a value the codec
 * cannot carry, an id that is not one); `done` is then never called. */
int platform_submit(struct platform *platform,
                    const struct platform_request *request,
                    platform_done_fn *done, void *context, struct diag *diag)
	MUST_CHECK;
/* As http_client_turn(). */
size_t platform_turn(struct platform *platform, int64_t wait_ms);

/* Runs one to its end; for tests and single reads. */
int platform_perform(struct platform *platform,
                     const struct platform_request *request,
                     platform_done_fn *done, void *context, struct diag *diag)
	MUST_CHECK;

/* ---- around auth configs: connectors and credentials ---- */

enum around_call {
	AROUND_CONNECTORS,  /* all of the platform's */
	AROUND_NEEDS,       /* the ways to authenticate with one */
	AROUND_CREDENTIALS, /* end users' connections with one */
	AROUND_CONNECT,     /* a new one of these */
	AROUND_CALLS
};

/* Members that the call does not show are NULL. */
struct around_item {
	char *id, *name, *type, *created_at;
	bool required; /* AROUND_NEEDS: an auth config is */
};

struct around_items {
	bool found; /* AROUND_NEEDS: false when there is no such connector */
	struct around_item *items;
	size_t count, capacity;
};

bool binding_has_call(const struct binding *binding, enum around_call call);

/*
 * One of the first three, waited for; `connector` NULL for the first. -1 after
 * reporting CODE_CALL_MISSING, CODE_REQUEST, or as platform_list().
 */
int platform_around(struct platform *platform, enum around_call call,
                    const char *connector, struct around_items *out,
                    struct diag *diag) MUST_CHECK;
void around_items_release(struct around_items *items);

struct around_request {
	const char *connector, *user, *auth_config;
	const char *type, *redirect_uri; /* or NULL, or "" */
};

/* The address that the user opens, or else the credential's id. */
struct around_credential {
	char *url, *id;
};

/* A write, sent once. -1 after reporting as platform_around(). */
int platform_connect_user(struct platform *platform,
                          const struct around_request *request,
                          struct around_credential *out, struct diag *diag)
	MUST_CHECK;
void around_credential_release(struct around_credential *credential);

#endif
