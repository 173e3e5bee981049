/* SPDX-License-Identifier: MIT */
/*
 * Store: what the platform remembers, in SQLite.
 *
 * It keeps each object as the text that a read answers, so that a list is
 * nothing but texts put together; its secret, which no read answers, stands
 * beside it. It also remembers every secret that ever arrived: tests prove by
 * that that one did.
 *
 * A failure is reported by the database room; calls return -1 from then on.
 */
#ifndef RECONCILE_SANDBOX_STORE_H
#define RECONCILE_SANDBOX_STORE_H

#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Objects of a kind have a number of their own and an order, that of their
 * creation. */
enum record_kind { RECORD_CONFIG, RECORD_CREDENTIAL, RECORD_KINDS };

struct record {
	int64_t serial;
	const char *id;
	const char *parent; /* a credential's connector; NULL */
	const char *text;   /* JSON, as it is answered */
	const char *secret; /* NULL: none */
};

/* `path` NULL: in memory. Else it is made when it is missing. */
struct store *store_new(const char *path, struct diag *diag) MUST_CHECK;
void store_free(struct store *store);
DEFINE_CLEANUP(store)

/* The number of the environment of that name, new or known; -1. */
int64_t store_environment(struct store *store, const char *name) MUST_CHECK;

/* One kind of thing in one environment. */
struct shelf {
	int64_t environment;
	enum record_kind kind;
};

/* The serial is given by the store. 0, -1. */
int store_add(struct store *store, struct shelf shelf,
              const struct record *record) MUST_CHECK;
/* What has the serial of `record` becomes it. 0, -1. */
int store_replace(struct store *store, struct shelf shelf,
                  const struct record *record) MUST_CHECK;
/* 1: it was there, 0: not, -1. */
int store_remove(struct store *store, struct shelf shelf, const char *id)
	MUST_CHECK;
/* As above. What is found is borrowed until the next store_find(). */
int store_find(struct store *store, struct shelf shelf, const char *id,
               struct record *found) MUST_CHECK;

typedef void record_fn(const struct record *record, void *context);

/* In order, those after a serial (0: all) and behind the first `skip` of them,
 * at most `limit`. */
struct span {
	struct shelf shelf;
	const char *parent; /* NULL: any */
	int64_t after, skip;
	int64_t limit; /* -1: no limit */
	bool listed;   /* as lists show them, who may lag behind */
};

int store_each(struct store *store, const struct span *span, record_fn *visit,
               void *context) MUST_CHECK;

/* How many of them lists show; -1. */
int64_t store_count(struct store *store, struct shelf shelf) MUST_CHECK;

/* ---- lag: lists that do not know yet what was written ---- */

/* What is written until store_end_lag() is not seen by those who list it, until
 * a time (steady clock; 0: none) or for so many lists (0: none). */
void store_begin_lag(struct store *store, int64_t due_ms, int64_t lists);
void store_end_lag(struct store *store);

enum store_age { STORE_TIME, STORE_LISTS };

/* Before a list: ends the lags whose time is over. After one: counts it. */
void store_age_lag(struct store *store, enum store_age age, int64_t now_ms);

/* For what is secret in an object beside its `secret`. 0, -1; NULL is none. */
int store_see_secret(struct store *store, int64_t environment,
                     const char *secret) MUST_CHECK;

typedef void secret_fn(const char *secret, void *context);
int store_each_secret(struct store *store, int64_t environment,
                      secret_fn *visit, void *context) MUST_CHECK;

/* Removes all objects of all environments; not the secrets seen. */
int store_clear(struct store *store) MUST_CHECK;

int store_enter(struct store *store) MUST_CHECK;
int store_commit(struct store *store) MUST_CHECK;
void store_rollback(struct store *store);

#endif
